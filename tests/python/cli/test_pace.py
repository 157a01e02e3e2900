"""M1.12 (PF.5): ``dealtrail pace`` is ``dt.pace``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "pace"),
        (["--event", "{event}"], "pace"),
        (["--event", "{event}", "--editions"], "pace_editions"),
        (["--event", "{event}", "--curve"], "pace_curve"),
    ],
)
def test_pace_is_that_of_the_library(
    arguments: list[str], part: str, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    event = max(trail.table("events").to_dicts(), key=lambda row: str(row["starts_at"]))["id"]
    as_of = "2026-02-20"
    named = {"event": event} if arguments else {}
    asked = [word.format(event=event) for word in arguments]
    table = getattr(dt, part)(trail, **named, as_of=as_of)
    assert main(["pace", str(snapshot), *asked, "--as-of", as_of, "--format", "json"]) == 0
    assert capsys.readouterr().out == table.to_json()
    assert len(table) >= 1
    assert main(["pace", str(snapshot), *asked, "--as-of", as_of]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 120


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--event", "nobody"], "event of that id or name"),
        (["--curve"], "of one --event"),
        (["--as-of", "soon"], "as_of"),
    ],
)
def test_mistakes(arguments: list[str], message: str, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pace", str(snapshot), *arguments]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
