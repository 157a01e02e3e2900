"""PF.7: ``dealtrail diff``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.fixture
def later(snapshot: Path, tmp_path: Path) -> Path:
    trail = dt.Trail.restore(snapshot.read_bytes())
    trail.put("costs", [{"id": "more", "kind": "venue", "amount": "12.34", "at": "2026-03-01"}])
    file = tmp_path / "later.dtrail"
    file.write_bytes(trail.snapshot())
    return file


def test_two_snapshots(snapshot: Path, later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = (dt.Trail.restore(file.read_bytes()) for file in (snapshot, later))
    assert main(["diff", str(snapshot), str(later), "--by", "month", "--format", "csv"]) == 0
    out = capsys.readouterr().out.replace("\r\n", "\n")
    assert out == after.diff(before, by="month").to_csv().replace("\r\n", "\n")
    assert "more,0.00,12.34,12.34" in out
    assert main(["diff", str(later), str(snapshot), "--format", "csv"]) == 0
    assert "more,12.34,0.00,-12.34" in capsys.readouterr().out


def test_two_periods_of_one_snapshot(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    periods = ["--period", "2026-Q2", "--before-period", "2026-Q1"]
    assert main(["diff", str(snapshot), str(snapshot), *periods, "--format", "json"]) == 0
    assert capsys.readouterr().out == trail.diff(trail, period="2026-Q2", before_period="2026-Q1").to_json()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_it_fits_the_width(width: int, snapshot: Path, later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(snapshot), str(later), "--width", str(width)]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= width


def test_mistakes(snapshot: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "-", "-"]) == 2
    assert "stdin holds one snapshot" in capsys.readouterr().err
    assert main(["diff", str(snapshot), str(export)]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert main(["diff", str(snapshot), "no-such-file"]) == 1
