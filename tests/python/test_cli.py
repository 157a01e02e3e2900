"""SP.13: the command line, as a person and as a script use it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main
from dealtrail.demo import write_export

COMMANDS = ("demo", "load", "check", "cards", "trace")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(folder, seed=5, people=120)
    return folder


@pytest.fixture(scope="module")
def snapshot(export: Path) -> Path:
    file = export / "trail.dtrail"
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.load(export / "bitrix24", export / "profile.json")
    trail.load(export / "calltracking", export / "calltracking.json")
    trail.set_rules((export / "rules.json").read_text(encoding="utf-8"))
    file.write_bytes(trail.snapshot())
    return file


def read(export: Path) -> list[str]:
    return [str(export / "bitrix24"), "--profile", str(export / "profile.json"), "--zone", "Europe/Moscow"]


def test_demo_prints_the_report_the_cards_a_trace_and_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "60"]) == 0
    shown = capsys.readouterr()
    headings = [line for line in shown.out.splitlines() if line.startswith("=== ")]
    assert [line.split()[1] for line in headings] == ["load", "load", "cards", "trace", "findings"]
    assert max(len(line) for line in shown.out.splitlines()) <= 120
    assert "temporary folder" in shown.err


def test_demo_keeps_its_exports_where_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "60", "--keep", str(tmp_path / "kept"), "--width", "80"]) == 0
    assert (tmp_path / "kept" / "bitrix24").is_dir()
    assert max(len(line) for line in capsys.readouterr().out.splitlines() if not line.startswith("===")) <= 80


def test_demo_refuses_too_few_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--people", "3"]) == 2
    assert "at least 50" in capsys.readouterr().err


def test_load_then_load_more_then_read(export: Path, snapshot: Path, tmp_path: Path) -> None:
    into = str(tmp_path / "t.dtrail")
    assert main(["load", *read(export), "--into", into, "--rules", str(export / "rules.json")]) == 0
    calls = [str(export / "calltracking"), "--profile", str(export / "calltracking.json")]
    assert main(["load", *calls, "--into", into]) == 0
    assert Path(into).read_bytes() == snapshot.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["t.dtrail"], "nothing temporary is left"


def test_a_load_that_fails_leaves_the_snapshot_alone(tmp_path: Path, snapshot: Path) -> None:
    into = tmp_path / "t.dtrail"
    into.write_bytes(snapshot.read_bytes())
    broken = tmp_path / "crm-deal-list.json"
    broken.write_text('{"result": [{"ID": "7", ', encoding="utf-8")
    assert main(["load", str(broken), "--profile", "bitrix24", "--into", str(into)]) == 1
    assert into.read_bytes() == snapshot.read_bytes()


def test_load_prints_each_table_of_the_report(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = ["--into", str(tmp_path / "t.dtrail")]
    assert main(["load", *read(export), *into, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"counts", "methods", "files", "problems", "columns_not_read", "removed"}
    assert main(["load", *read(export), *into, "--report", "counts", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["kind"], int(row["read"])) for row in rows] == [(row["kind"], row["read"]) for row in report["counts"]]


@pytest.mark.parametrize("by", ["channel", "month", "city"])
def test_cards_are_the_cards_of_the_library(by: str, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    assert main(["cards", str(snapshot), "--by", by, "--format", "csv"]) == 0
    assert capsys.readouterr().out.replace("\r\n", "\n") == trail.cards(by=by).to_csv().replace("\r\n", "\n")
    assert main(["cards", str(snapshot), "--by", by, "--format", "json"]) == 0
    assert capsys.readouterr().out == trail.cards(by=by).to_json()


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


def test_trace_adds_its_parts_up(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail.restore(snapshot.read_bytes())
    cost = trail.card("(total)")["cost"]
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "cost"]) == 0
    assert f"part: {cost} from " in capsys.readouterr().out
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "costs"]) == 2
    assert "no such figure" in capsys.readouterr().err


def test_check_prints_findings(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    findings = dt.Trail.restore(snapshot.read_bytes()).findings()
    assert main(["check", str(snapshot)]) == int("error" in findings["severity"])
    out = capsys.readouterr().out
    for row in findings.to_dicts():
        assert f"{row['code']}  {row['kind']}" in out


def test_stdin(snapshot: Path, export: Path) -> None:
    whole = run("cards", str(snapshot), "--format", "csv").stdout
    assert run("cards", "-", "--format", "csv", stdin=snapshot.read_bytes()).stdout == whole
    calls = (export / "calltracking" / "calls_2026.csv").read_bytes()
    profile = ["--profile", str(export / "calltracking.json"), "--as", "calls"]
    ran = run("cards", "-", *profile, "--by", "month", "--format", "csv", stdin=calls)
    assert ran.stdout.startswith(b"key,")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["cards"], ["cards", "x", "--format", "xml"]])
def test_usage_mistakes_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["cards", "no-such-file"], 1, "no-such-file"),
        (["cards", "{profile}"], 1, "not a snapshot"),
        (["cards", "{snapshot}", "--by", "nothing at all"], 2, "nothing to group by"),
        (["cards", "{snapshot}", "--period", "2026-13"], 2, "not a period"),
        (["cards", "{snapshot}", "--as-of", "soon"], 2, "as_of"),
        (["cards", "{snapshot}", "--currency", "USD"], 2, "RUB, not USD"),
        (["load", "no-such-file", "--profile", "bitrix24", "--into", "x.dtrail"], 1, "no-such-file"),
        (["load", "{snapshot}", "--profile", "bitrix25", "--into", "x.dtrail"], 1, "bitrix24"),
        (["load", "x", "--profile", "bitrix24", "--into", "x.dtrail", "--zone", "Moscow"], 2, "no such zone"),
        (["load", "x", "--profile", "bitrix24", "--into", "x.dtrail", "--currency", "rouble"], 2, "currency"),
    ],
)
def test_mistakes_are_told_on_stderr(
    arguments: list[str],
    code: int,
    message: str,
    snapshot: Path,
    export: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"snapshot": snapshot, "profile": export / "profile.json"}
    assert main([argument.format(**places) for argument in arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"example: dealtrail {command}" in capsys.readouterr().out


def test_hostile_names_cannot_act_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "\x1b[31mred\x07", "name": "\x1b]0;title\x07"}])
    trail.put("announcements", [{"id": "a\x1b[2J", "channel": "\x1b[1mnone"}])
    file = tmp_path / "t.dtrail"
    file.write_bytes(trail.snapshot())
    for command in ("cards", "check"):
        assert main([command, str(file)]) == 0
        assert "\x1b" not in capsys.readouterr().out


def test_a_reader_that_goes_away_is_no_error(snapshot: Path) -> None:
    command = [sys.executable, "-m", "dealtrail", "trace", str(snapshot), "--key", "(total)", "--metric", "deals"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "dealtrail", *arguments]
    ran = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran
