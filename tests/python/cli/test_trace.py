"""SP.13: ``dealtrail trace``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def test_trace_adds_its_parts_up(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    cost = trail.card("(total)")["cost"]
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "cost"]) == 0
    assert f"part: {cost} from " in capsys.readouterr().out
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "costs"]) == 2
    assert "no such figure" in capsys.readouterr().err
