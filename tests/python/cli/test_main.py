"""SP.13: the command line, as a person and as a script use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.__main__ import main as start
from dealtrail.cli import GROUPS, main
from python.cli.running import read, run

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def test_stdin(snapshot: Path, export: Path) -> None:
    whole = run("cards", str(snapshot), "--format", "csv").stdout
    assert run("cards", "-", "--format", "csv", stdin=snapshot.read_bytes()).stdout == whole
    calls = (export / "calltracking" / "calls_2026.csv").read_bytes()
    profile = ["--profile", str(export / "calltracking.json"), "--method", "calls"]
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
        (["cards", "no-such-file"], 1, "no such file: no-such-file"),
        (["load", "{empty}", "--profile", "bitrix24", "--into", "x.dtrail"], 2, "is empty"),
        (["cards", "{snapshot}", "--as-of", "10.03.2026"], 2, "2026-03-10T18:00 (in the zone of the Trail)"),
        (["cards", "{profile}"], 1, "not a snapshot"),
        (["cards", "{folder}"], 2, "an export needs --profile; a snapshot is a file that `load` wrote"),
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
    empty = tmp_path.with_name(f"{tmp_path.name}-empty")
    (empty / "folder").mkdir(parents=True)
    places = {"snapshot": snapshot, "profile": export / "profile.json", "folder": export, "empty": empty}
    assert main([argument.format(**places) for argument in arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [group.__name__.rsplit(".", 1)[1].replace("_", "-") for group in GROUPS])
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


def test_hostile_names_cannot_act_on_a_terminal_that_shows_csv_or_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "red\x1b[31m", "name": "\u009b31mred\tline\nend"}])
    file = tmp_path / "t.dtrail"
    file.write_bytes(trail.snapshot())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    for shape in ("csv", "json"):
        assert main(["cards", str(file), "--format", shape]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\u009b" not in out
    assert json.loads(out)[0] == {**json.loads(out)[0], "key": "red\x1b[31m", "name": "\u009b31mred\tline\nend"}
    assert main(["cards", f"no\x1b[31msuch{file}"]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: object = None) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("dealtrail.cli.main", interrupted)
    assert start() == 130
    monkeypatch.undo()
    monkeypatch.setattr("dealtrail.cli.parser", interrupted)
    assert main(["cards", "x"]) == 130
    assert capsys.readouterr() == ("", "")


def test_small_freedoms_of_typing(snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cards", str(snapshot), "--columns", " key, cost ,", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("key,cost\r\n")
    assert main(["report", str(snapshot), "--lang", "EN", "--out", str(tmp_path / "r.html")]) == 0


def test_tables_say_whose_clock(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(snapshot), "--key", "(total)", "--metric", "won"]) == 0
    assert capsys.readouterr().out.count("times are of Europe/Moscow\n") == 1
    assert main(["cards", str(snapshot)]) == 0
    assert "UTC" not in capsys.readouterr().out


def test_rules_that_replace_others_are_told(
    snapshot: Path, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", str(snapshot), "--rules", str(export / "rules.json")]) == 0
    assert "replace" not in capsys.readouterr().err, "they are the same"
    (tmp_path / "none.json").write_text('{"rules": []}', encoding="utf-8")
    assert main(["cards", str(snapshot), "--rules", str(tmp_path / "none.json")]) == 0
    assert "0 outcome rules replace the" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error(snapshot: Path) -> None:
    command = [sys.executable, "-m", "dealtrail", "trace", str(snapshot), "--key", "(total)", "--metric", "deals"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.parametrize("command", ["load", "report"])
def test_what_cannot_be_written_is_refused_before_any_work(
    command: str, export: Path, snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.dtrail"
    copy.write_bytes(snapshot.read_bytes())

    def refusal(name: Path) -> str:
        written = ["load", *read(export), "--into"] if command == "load" else ["report", str(copy), "--out"]
        assert main([*written, str(name)]) == 2
        return capsys.readouterr().err

    assert "there is no folder" in refusal(tmp_path / "nowhere" / "file")
    assert "is a folder" in refusal(tmp_path)
    assert "is a device" in refusal(Path("/dev/full"))
    if command == "report":
        assert "is what is read" in refusal(copy)
        assert copy.read_bytes() == snapshot.read_bytes()


def test_a_terminal_that_knows_no_cyrillic_shows_the_rest(snapshot: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "dealtrail", "cards", str(snapshot)]
    ran = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr.decode()
    assert b"bitrix24:11" in ran.stdout
