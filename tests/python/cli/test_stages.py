"""CO.8: ``dealtrail stages``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main


def test_it_is_the_table_of_the_library(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert (
        main(["stages", str(snapshot), "--by", "manager", "--owner", "now", "--exclude-left", "--format", "json"]) == 0
    )
    said = capsys.readouterr()
    found = dt.funnel.stages(trail, by="manager", owner="now", exclude_left=True)
    assert said.out == found.to_json()
    assert len(found) > 3
    grave = [row for row in found.problems.to_dicts() if row["severity"] != "info"]
    assert len(said.err.splitlines()) == len(grave)


def test_mistakes(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stages", str(snapshot), *["--pipeline", "nowhere"]]) != 0
    assert "no deal has the pipeline" in capsys.readouterr().err
