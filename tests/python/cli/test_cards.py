"""SP.13: ``dealtrail cards``."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main
from python.cli.running import read, run

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.mark.parametrize("by", ["channel", "month", "city"])
def test_cards_are_the_cards_of_the_library(by: str, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert main(["cards", str(snapshot), "--by", by, "--format", "csv"]) == 0
    assert capsys.readouterr().out.replace("\r\n", "\n") == trail.cards(by=by).to_csv().replace("\r\n", "\n")
    assert main(["cards", str(snapshot), "--by", by, "--format", "json"]) == 0
    assert capsys.readouterr().out == trail.cards(by=by).to_json()


def test_cards_by_a_model(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """AT.7."""
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert main(["cards", str(snapshot), "--credit", "linear", "--period", "2026-Q1", "--format", "json"]) == 0
    assert capsys.readouterr().out == trail.cards(credit="linear", period="2026-Q1").to_json()
    assert main(["cards", str(snapshot), "--credit", "best"]) == 2
    assert "no such model" in capsys.readouterr().err


def test_cards_by_event_name_the_sessions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail("RUB")
    events = [{"id": "expo", "name": "Expo"}, {"id": "talk", "name": "Talk", "parent": "expo"}]
    trail.put("events", events)
    file = tmp_path / "t.dtrail"
    file.write_bytes(trail.snapshot())
    assert main(["cards", str(file), "--by", "event"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["key", "name", "part_of"]
    assert [line.split()[:3] for line in lines[2:4]] == [["expo", "Expo", "–"], ["talk", "Talk", "expo"]]
    assert lines[-1].startswith("rows with part_of are sessions")
    assert main(["cards", str(file), "--by", "event", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert "sessions" not in out
    assert [row["part_of"] for row in csv.DictReader(io.StringIO(out))] == ["", "expo", "", ""]
    assert main(["cards", str(file), "--by", "channel", "--format", "csv"]) == 0
    assert "part_of" not in capsys.readouterr().out  # of events alone


def test_cards_of_an_export_without_a_snapshot(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = ["--columns", "cost,key"]
    assert main(["cards", *read(export), *columns, "--format", "csv"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("cost,key")
    assert "left out" in shown.err
    assert main(["cards", *read(export), "--columns", "costs"]) == 2
    assert "no column 'costs'; columns: key, name" in capsys.readouterr().err


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200, 0])
def test_a_table_fits_the_width_and_names_what_it_does_not_show(
    width: int, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", str(snapshot), "--width", str(width)]) == 0
    out = capsys.readouterr().out
    assert width == 0 or max(len(line) for line in out.splitlines()) <= max(width, 24)
    assert ("not shown: " in out) == (0 < width < 350)


def test_parquet(snapshot: Path, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    ran = run("cards", str(snapshot), "--format", "parquet")
    file = tmp_path / "cards.parquet"
    file.write_bytes(ran.stdout)
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert polars.read_parquet(file)["key"].to_list() == trail.cards()["key"]
