"""SP.13: ``dealtrail load``."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main
from python.cli.running import read

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


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


PROFILE = {
    "profile": "shop",
    "methods": {"deals": {"files": ["*"], "puts": [{"put": "deals", "id": "id", "set": {"created_at": "at"}}]}},
}


def shop(folder: Path, *rows: str, header: str = "id,at") -> list[str]:
    """Give a command that loads rows of a made-up shop."""
    (folder / "deals.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    (folder / "shop.json").write_text(json.dumps(PROFILE), encoding="utf-8")
    paths = {"--profile": "shop.json", "--into": "t.dtrail"}
    named = [part for option, name in paths.items() for part in (option, str(folder / name))]
    return ["load", str(folder / "deals.csv"), *named]


def test_a_load_that_loses_too_much_leaves_the_file_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """IN.1: 5 % of the rows of a kind, and a kind of which nothing is kept."""
    good = [f"{number},2026-03-01" for number in range(40)]
    into = tmp_path / "t.dtrail"
    assert main(shop(tmp_path, *good[1:39], ",2026-03-01", "x,soon", "y,soon")) == 1
    shown = capsys.readouterr()
    assert not into.exists()
    assert "3 of 41 deals are lost (7%)" in shown.err
    assert "is not written" in shown.err
    assert "missing_id" in shown.out
    assert main([*shop(tmp_path, *good[1:39], ",2026-03-01", "x,soon", "y,soon"), "--max-left-out", "0.1"]) == 0
    before = into.read_bytes()
    assert main(shop(tmp_path, *good[1:39], ",2026-03-01")) == 0, "2 % are fewer than 5 %"
    after = into.read_bytes()
    assert before == after
    assert main(shop(tmp_path, *good, header="number,at")) == 1
    shown = capsys.readouterr()
    assert "nothing of 40 deals is kept" in shown.err
    assert "stays as it was" in shown.err
    assert 'did you mean "' not in shown.err
    assert "column_not_there" in shown.out
    assert into.read_bytes() == after
    assert main(shop(tmp_path, *["7,2026-03-01", "7,2026-03-02"] * 3)) == 1, "rows under one id are lost, too"
    assert "repeated_id" in capsys.readouterr().out
    assert main([*shop(tmp_path, *good), "--max-left-out", "5"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deals.csv", "shop.json", "t.dtrail"]


def test_a_full_load_of_a_csv_needs_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """IN.4."""
    load = shop(tmp_path, "1,2026-03-01", "2,2026-03-01")
    assert main([*load, "--full"]) == 1
    assert "nothing proves that it is whole" in capsys.readouterr().err
    assert not (tmp_path / "t.dtrail").exists()
    assert main([*load, "--full", "--whole"]) == 0


def test_check_and_attribute_say_what_is_in_no_journey(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """IN.1: with the commonest tags."""
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    tags = ["vk"] * 3 + ["fb"]
    touch = {"kind": "click", "person": "p", "at": "2026-03-01"}
    trail.put("touches", [{"id": str(n), "utm_source": tag, **touch} for n, tag in enumerate(tags)])
    file = tmp_path / "t.dtrail"
    file.write_bytes(trail.snapshot())
    assert main(["check", str(file), "--format", "json"]) == 0
    found = {(row["kind"], row["code"]): row for row in json.loads(capsys.readouterr().out)}
    assert found["touches", "unknown_utm"]["count"] == 4
    assert found["journeys", "no_channel"]["count"] == 4
    assert main(["attribute", str(file)]) == 0
    said = capsys.readouterr().err
    assert "4 touches have tags that no key knows: vk 3, fb 1 (unknown_utm)" in said
    assert "4 left out of journeys (no_channel)" in said
