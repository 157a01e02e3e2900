"""SP.13: ``dealtrail check``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def test_check_prints_findings(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    findings = dt.Trail.restore(snapshot.read_bytes()).findings()
    assert main(["check", str(snapshot)]) == int("error" in findings["severity"])
    out = capsys.readouterr().out
    for row in findings.to_dicts():
        assert f"{row['code']}  {row['kind']}" in out
