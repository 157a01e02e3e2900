"""M3.1, M3.2: ``dealtrail phone-numbers`` and ``missed-calls``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_it_is_the_audit_of_the_library(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, file = dt.Trail.restore(snapshot.read_bytes()), str(snapshot)
    audit = dt.phone_audit(trail)
    assert len(audit) > 0
    assert written(capsys, "phone-numbers", file, "--format", "csv") == audit.to_csv()
    early = dt.phone_audit(trail, as_of="2026-02-01", window_days=7)
    chosen = ["--as-of", "2026-02-01", "--window-days", "7"]
    assert written(capsys, "phone-numbers", file, *chosen, "--format", "json") == early.to_json()
    waiting = dt.missed_calls(trail, state="waiting")
    assert written(capsys, "missed-calls", file, "--format", "json") == waiting.to_json()


def test_it_fits_the_width_and_says_whose_clock(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for width in (40, 80, 120):
        lines = written(capsys, "phone-numbers", str(snapshot), "--width", str(width)).splitlines()
        assert max(map(len, lines)) <= width
        assert lines[0].startswith("problem")


def test_a_wrong_window_is_a_mistake_of_who_typed_it(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["phone-numbers", str(snapshot), "--window-days", "0"]) == 2
    assert "window" in capsys.readouterr().err
