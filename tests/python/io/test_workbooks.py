"""IN.5: Excel workbooks are recognised by their bytes and read as tables."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import dealtrail as dt
from dealtrail._excel import with_tables

PROFILE: dict[str, Any] = {
    "profile": "shop",
    "methods": {
        "deals": {
            "files": ["*deals*"],
            "puts": [
                {
                    "put": "deals",
                    "id": "Номер",
                    "set": {"created_at": "Создана", "amount": "Сумма", "person": "Клиент"},
                }
            ],
        }
    },
}
PAGE = """<html><head><meta charset="utf-8"></head><body><table>
<tr><th>Номер</th><th>Создана</th><th>Сумма</th><th>Клиент</th></tr>
<tr><td>1</td><td>2026-03-01</td><td>10.50</td><td>Анна &amp; сын</td></tr>
<tr><td>2</td><td>2026-03-02</td><td></td><td></td>
</table></body></html>"""
RIGHT = {
    "id": ["shop:1", "shop:2"],
    "amount": [Decimal("10.50"), None],
}


def check(trail: dt.Trail, report: dt.LoadReport) -> None:
    assert (report.read, report.put, [row["code"] for row in report.problems]) == (2, 2, [])
    assert {name: trail.table("deals")[name] for name in RIGHT} == RIGHT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_the_page_that_is_called_xls(tmp_path: Path, encoding: str) -> None:
    page = PAGE.replace('charset="utf-8"', f'charset="{encoding.removesuffix("-sig")}"').encode(encoding)
    (tmp_path / "deals.xls").write_bytes(page)
    for source in (tmp_path / "deals.xls", tmp_path, ("deals.xls", page), [("deals", page)]):
        trail = dt.Trail("RUB", "Europe/Moscow")
        check(trail, trail.load(source, PROFILE))
        assert trail.table("deals")["person"] == ["shop:Анна & сын", None]


def test_a_folder_keeps_its_other_files(tmp_path: Path) -> None:
    (tmp_path / "deals-1.xls").write_text(PAGE, encoding="utf-8")
    (tmp_path / "deals-2.csv").write_text("Номер;Создана;Сумма;Клиент\n3;2026-03-03;7;x\n", encoding="utf-8")
    (tmp_path / ".deals-3.csv").write_text("nothing", encoding="utf-8")
    trail = dt.Trail("RUB")
    assert trail.load(tmp_path, PROFILE).put == 3


def test_a_page_where_json_should_be_is_no_workbook() -> None:
    with pytest.raises(dt.Error, match="JSON"):
        dt.Trail("RUB").load(("deals.json", PAGE.encode()), PROFILE)


def test_without_the_reader_the_load_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    for book in (b"PK\x03\x04 a workbook", b"\xd0\xcf\x11\xe0 an old one"):
        with pytest.raises(dt.InvalidArgumentError, match="python-calamine"):
            dt.Trail("RUB").load(("deals.csv", book), PROFILE)


def test_a_workbook_of_numbers_dates_and_gaps() -> None:
    pytest.importorskip("python_calamine")
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Номер", "Создана", "Сумма", "Клиент"])
    sheet.append([1, datetime(2026, 3, 1), 10.5, 410])
    sheet.append([2, datetime(2026, 3, 2), None, None])
    made = io.BytesIO()
    book.save(made)
    trail = dt.Trail("RUB")
    check(trail, trail.load(("deals.xlsx", made.getvalue()), PROFILE))
    assert trail.table("deals")["person"] == ["shop:410", None]
    book.create_sheet("deals of May").append(["Номер"])
    book["deals of May"].append([3])
    made = io.BytesIO()
    book.save(made)
    names = [source[0] for source in with_tables([("deals.xlsx", made.getvalue())])]
    assert names == ["deals.xlsx/Sheet", "deals.xlsx/deals of May"]
