"""AT.8: ``dealtrail attribute``."""

from __future__ import annotations

from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def written(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that goes well."""
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_it_is_the_tables_of_the_library(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, file = dt.Trail.restore(snapshot.read_bytes()), str(snapshot)
    json_of = ("--format", "json")
    journeys = trail.journeys("won")
    assert len(journeys) > 0
    default = dt.attribution.compare(journeys, cost=trail.cards())
    assert written(capsys, "attribute", file, *json_of) == default.to_json()
    companies = trail.journeys("paid", subject="company", lookback_days=30)
    one = dt.attribution.compare(companies, ["w_shaped"], cost=trail.cards())
    chosen = ["--to", "paid", "--subject", "company", "--window", "30", "--model", "w_shaped"]
    assert written(capsys, "attribute", file, *chosen, *json_of) == one.to_json()
    shown = {
        "assisted": dt.attribution.assisted(journeys),
        "paths": journeys.paths(),
        "lengths": dt.attribution.path_length(journeys),
        "lags": dt.attribution.time_lag(journeys),
    }
    for what, table in shown.items():
        assert written(capsys, "attribute", file, "--show", what, *json_of) == table.to_json()


def test_paths_are_changed_in_one_order(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """AT.9."""
    trail = dt.Trail.restore(snapshot.read_bytes())
    journeys = trail.journeys("won")
    one, other = journeys.channels[:2]
    changed = journeys.exclude(one).exclude(other, when="not_alone").transform("exposure").last_touches(2)
    assert changed != journeys
    asked = ["--last", "2", "--transform", "exposure", "--ignore", other, "--exclude", one, "--ignore", "nobody's"]
    assert main(["attribute", str(snapshot), *asked, "--show", "paths", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert said.out == changed.paths().to_json()
    assert said.err.endswith("\nno journey has the channel nobody's\n")
    assert "touches have tags that no key knows: unknown 10" in said.err
    assert main(["attribute", str(snapshot), "--last", "0"]) == 2
    assert "1 touch or more" in capsys.readouterr().err


def test_what_cannot_be_meant_is_said(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attribute", str(snapshot), "--window", "click=3", "--window", "click=7"]) == 2
    assert "two look-backs" in capsys.readouterr().err
    assert main(["attribute", str(snapshot), "--to", "milestone:zzz"]) == 0
    assert capsys.readouterr().err.startswith("no milestone is of the kind zzz\n")


def test_windows_of_kinds_of_touch(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """AT.9."""
    trail = dt.Trail.restore(snapshot.read_bytes())
    asked = ("--show", "paths", "--format", "json")
    got = written(capsys, "attribute", str(snapshot), "--window", "click=0", "--window", "20", *asked)
    assert got == trail.journeys("won", lookback_days={"click": 0, "other": 20}).paths().to_json()
    got = written(capsys, "attribute", str(snapshot), "--window", "registration=1", *asked)
    assert got == trail.journeys("won", lookback_days={"registration": 1}).paths().to_json()
    assert main(["attribute", str(snapshot), "--window", "letter=1"]) == 2
    assert "no such kind of touch" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["attribute", str(snapshot), "--window", "week"])


def test_touches_by_another_name(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, file = dt.Trail.restore(snapshot.read_bytes()), str(snapshot)
    json_of = ("--format", "json")
    by = trail.journeys("won", by="announcement")
    expected = dt.attribution.compare(by, ["linear"], cost=trail.cards(by="announcement"))
    typed = ("attribute", file, "--model", "linear", "--by")
    assert written(capsys, *typed, "announcement", *json_of) == expected.to_json()
    assert written(capsys, *typed, "dialled_number", *json_of) == (
        dt.attribution.linear(trail.journeys("won", by="dialled_number")).to_json()
    )
    assert "events: " in written(capsys, *typed, "event", "--width", "0")
    assert main([*typed, "weather"]) == 2


def test_a_session_costs_what_its_event_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail("RUB")
    trail.put("events", [{"id": "day", "name": "Day"}, {"id": "talk", "name": "Talk", "parent": "day"}])
    trail.put("costs", [{"id": "c", "kind": "venue", "event": "talk", "amount": 100, "at": "2026-03-01"}])
    file = tmp_path / "trail.dtrail"
    file.write_bytes(trail.snapshot())
    rows = written(capsys, "attribute", str(file), "--model", "linear", "--by", "event", "--format", "csv")
    assert [line.split(",")[0] for line in rows.splitlines()[1:]] == ["day", "(unattributed)", "(total)"]


def test_a_text_table_says_what_channels_are_called(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    channel = trail.journeys("won").channels[0]
    name = {row["id"]: row["name"] for row in trail.table("channels")}[channel]
    for shown in ([], ["--show", "assisted"]):
        text = written(capsys, "attribute", str(snapshot), *shown, "--width", "0")
        assert f"channels: {channel} {name}" in text


def test_a_model_that_is_none_is_a_matter_of_what_was_typed(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attribute", str(snapshot), "--model", "best"]) == 2
    assert "one of first_touch" in capsys.readouterr().err


@pytest.mark.parametrize("typed", [("--window", "9" * 20), ("--window", "click=" + "9" * 20), ("--last", "9" * 20)])
def test_numbers_without_end_are_a_matter_of_what_was_typed(
    snapshot: Path, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
) -> None:
    assert main(["attribute", str(snapshot), *typed]) == 2
    assert "out of range: 9999" in capsys.readouterr().err


def test_credits_are_those_of_the_library(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, file = dt.Trail.restore(snapshot.read_bytes()), str(snapshot)
    journeys = trail.journeys("won")
    json_of = ("--format", "json")
    linear = dt.attribution.credits(journeys)
    assert written(capsys, "attribute", file, "--credits", *json_of) == linear.to_json()
    channel = journeys.channels[0]
    one = dt.attribution.credits(journeys, "w_shaped", channel=channel)
    chosen = ("--credits", "--model", "w_shaped", "--channel", channel)
    assert written(capsys, "attribute", file, *chosen, *json_of) == one.to_json()
    assert "channels: " in written(capsys, "attribute", file, *chosen)


@pytest.mark.parametrize(
    "typed",
    [
        ("--credits", "--model", "linear", "--model", "first_touch"),
        ("--credits", "--model", "markov"),
        ("--credits", "--show", "paths"),
        ("--credits", "--channel", "nobody's"),
        ("--channel", "tg"),
    ],
)
def test_credits_that_cannot_be_meant(snapshot: Path, typed: tuple[str, ...]) -> None:
    assert main(["attribute", str(snapshot), *typed]) == 2
