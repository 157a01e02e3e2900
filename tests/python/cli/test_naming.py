"""PF: an event is named by its id, its name, or as the last and the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main
from dealtrail.cli.naming import event_of
from dealtrail.cli.options import UsageError

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.fixture
def trail() -> dt.Trail:
    trail = dt.Trail("RUB")
    trail.put(
        "events",
        [
            {"id": "b24:1", "name": "Expo 2025", "starts_at": "2025-03-20"},
            {"id": "b24:2", "name": "Expo 2026", "starts_at": "2026-03-20", "attendance": "taken"},
            {"id": "b24:3", "name": "Expo 2027", "starts_at": "2027-03-20"},
            {"id": "b24:4", "name": "Seminar", "starts_at": "2026-05-01"},
            {"id": "b24:5", "name": "Ball", "starts_at": "2026-03-25", "status": "cancelled"},
            {"id": "b24:6", "name": "Keynote", "parent": "b24:2", "starts_at": "2026-03-20T10:00"},
            {"id": "b24:7", "name": "Day without a day"},
            {"id": "b24:8", "name": "Seminar"},
        ],
    )
    trail.put("registrations", [{"id": "r", "event": "b24:2", "person": "ann", "at": "2026-03-28"}])
    return trail


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("b24:4", "b24:4"),
        ("4", "b24:4"),
        ("expo 2026", "b24:2"),
        ("2027", "b24:3"),
        ("without", "b24:7"),
        ("last", "b24:2"),
        ("next", "b24:4"),
        (None, None),
    ],
)
def test_names(said: str | None, meant: str | None, trail: dt.Trail) -> None:
    assert event_of(trail, said) == meant


def test_the_last_and_the_next_are_told_by_as_of(trail: dt.Trail) -> None:
    assert event_of(trail, "last", as_of="2026-01-01") == "b24:1"
    assert event_of(trail, "next", as_of="2026-01-01") == "b24:2"
    assert event_of(trail, "next", as_of="2026-06-01") == "b24:3"


def test_a_session_is_meant_only_where_it_may_be(trail: dt.Trail) -> None:
    assert event_of(trail, "keynote", sessions=True) == "b24:6"
    with pytest.raises(UsageError, match="no topmost event of that id or name: 'keynote'"):
        event_of(trail, "keynote")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("seminar", r"several events are called 'seminar'.*b24:4 \(Seminar, 2026-05-01\); b24:8 \(Seminar\)"),
        ("expo", r"several events.*b24:1 .*b24:2 .*b24:3"),
        ("semnar", r"did you mean b24:"),
        ("xyz", r"there are: b24:3 \(Expo 2027"),
        ("", r"no topmost event of that id or name: ''"),
    ],
)
def test_what_is_not_clear_is_asked_back(said: str, message: str, trail: dt.Trail) -> None:
    with pytest.raises(UsageError, match=message):
        event_of(trail, said)


def test_nothing_last_and_nothing_at_all() -> None:
    with pytest.raises(UsageError, match="no event has begun"):
        event_of(dt.Trail("RUB"), "last")
    with pytest.raises(UsageError, match="there are no events"):
        event_of(dt.Trail("RUB"), "expo")


def test_commands_take_names(trail: dt.Trail, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.dtrail"
    file.write_bytes(trail.snapshot())
    lists = [str(file), "--event"]
    assert main(["exits", *lists, "last", "--format", "csv"]) == 0
    shown = capsys.readouterr()
    assert "event: b24:2 (Expo 2026, 2026-03-20)" in shown.err
    assert "did_not_come" in shown.out
    by_id = dt.funnel.exits(trail, event="b24:2").to_csv()
    assert shown.out == by_id
    assert main(["pace", *lists, "next"]) == 0
    assert main(["funnel", *lists, "Expo 2026"]) == 0
    assert main(["priority", *lists, "nothing"]) == 2
    assert main(["trace", str(file), "--by", "event", "--key", "keynote", "--metric", "registrations"]) == 0
