"""CO.8: ``dealtrail waterfall``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main


def test_it_is_the_table_of_the_library(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert (
        main(
            [
                "waterfall",
                str(snapshot),
                "--start",
                "2026-02-28",
                "--end",
                "2026-03-31",
                "--by",
                "pipeline",
                "--format",
                "json",
            ]
        )
        == 0
    )
    said = capsys.readouterr()
    found = dt.funnel.waterfall(trail, "2026-02-28", "2026-03-31", by="pipeline")
    assert said.out == found.to_json()
    assert len(found) > 3
    grave = [row for row in found.problems.to_dicts() if row["severity"] != "info"]
    assert len(said.err.splitlines()) == len(grave)


def test_mistakes(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["waterfall", str(snapshot), *["--start", "2026-03-31", "--end", "2026-02-28"]]) != 0
    assert "ends before it starts" in capsys.readouterr().err


def test_a_bar_opens_its_deals_and_a_snapshot_is_compared(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert main(["waterfall", str(snapshot), "--before", str(snapshot), "--deals", "end", "--format", "json"]) == 0
    found = dt.funnel.waterfall(trail, before=trail)
    assert capsys.readouterr().out == found.deals("end").to_json()
    amounts = {row["bar"]: row["amount"] for row in found.to_dicts()}
    assert amounts["start"] == amounts["end"]
