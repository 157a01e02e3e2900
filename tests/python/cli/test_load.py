"""SP.13: ``dealtrail load``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from dealtrail.cli import main
from python.cli.running import read


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


def test_a_folder_is_no_snapshot_to_write(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", *read(export), "--into", str(tmp_path)]) == 2
    assert "names the file to write" in capsys.readouterr().err
