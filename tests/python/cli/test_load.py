"""SP.13: ``dealtrail load``."""

from __future__ import annotations

import csv
import io
import json
import shutil
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


def test_a_load_names_what_is_not_there(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """PF: a gap in the pages, an empty one, files that nobody knows, methods without a file; nothing of it fails."""
    copy = tmp_path / "copy"
    shutil.copytree(export, copy)
    for page in (100, 150):
        shutil.copy(copy / "bitrix24" / "crm_company_list.0.json", copy / "bitrix24" / f"crm_company_list.{page}.json")
    (copy / "bitrix24" / "crm_item_list_1050.json").write_text('{"result": [], "total": 0}', encoding="utf-8")
    load = ["load", str(copy), "--profile", str(copy / "profile.json"), "--into", str(tmp_path / "t.dtrail")]
    assert main([*load, "--report", "problems", "--format", "csv"]) == 0
    shown = capsys.readouterr()
    found = {row["code"]: row for row in csv.DictReader(io.StringIO(shown.out))}
    assert found["page_gap"]["first_ids"] == "bitrix24/crm_company_list.50.json"
    assert found["empty_file"]["first_ids"] == "bitrix24/crm_item_list_1050.json"
    assert "calltracking/venues.csv" in found["unknown_file"]["first_ids"]
    assert "crm.quote.list" in found["method_without_file"]["message"]
    assert f"{found['unknown_file']['count']} files were not read" in shown.err
    assert "see the problems" in shown.err


def test_a_load_in_the_wrong_currency_says_so(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """PF: figures of a Trail in euros are no zeros, and the load says why."""
    into = str(tmp_path / "t.dtrail")
    source = [str(export / "bitrix24"), "--profile", str(export / "profile.json")]
    assert main(["load", *source, "--currency", "EUR", "--into", into]) == 0
    assert "invoices: amounts in RUB have no rate to EUR: they are kept, and left out" in capsys.readouterr().err
    assert main(["cards", into, "--columns", "key,cost,amount_won,roas", "--format", "json"]) == 0
    total = json.loads(capsys.readouterr().out)[-1]
    assert total == {"key": "(total)", "cost": None, "amount_won": None, "roas": None}
    assert main(["report", into, "--out", str(tmp_path / "report.html")]) == 0
