"""M4.1 (SO.4): ``dealtrail reconcile`` is ``dt.reconcile`` over two CSV files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import dealtrail as dt
from dealtrail.cli import main


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    crm, admin = tmp_path / "crm.csv", tmp_path / "admin.csv"
    crm.write_bytes(
        "Договор;Сумма;Дата\n17;1 220,00;14.03.2026\n18;50,00;15.03.2026\nИтого;1 270,00;\n".encode("cp1251")
    )
    admin.write_text("Договор,amount,Дата\n17,1000,2026-03-14\n19,70,2026-03-16\n", encoding="utf-8")
    return str(crm), str(admin)


OPTIONS = ["--on", "Договор", "--amount", "Сумма=amount", "--at", "Дата"]


def test_it_is_that_of_the_library(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", *pair, *OPTIONS, "--show", "lines", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert "line 4 is a row of totals and is left out" in err
    crm = pl.DataFrame({"Договор": ["17", "18"], "Сумма": ["1220", "50"], "Дата": ["2026-03-14", "2026-03-15"]})
    admin = pl.DataFrame({"Договор": ["17", "19"], "amount": ["1000", "70"], "Дата": ["2026-03-14", "2026-03-16"]})
    found = dt.reconcile(crm, admin, on="Договор", amount=("Сумма", "amount"), at="Дата")
    assert out == found.lines.to_json()
    assert found.lines["reason"] == ["vat", "only_a", "only_b"]


def test_the_summary_names_the_files(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", *pair, *OPTIONS]) == 0
    out = capsys.readouterr().out
    assert out.startswith("crm: 2 rows, 1270.00")
    assert "  vat: 1 key, 220.00" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--names", "crm"], "two names with a comma"),
        (["--prefer", "Сумма"], "two names with = between"),
        (["--tolerance", "few"], "not a number"),
        (["--zone", "Moscow"], "no such zone"),
    ],
)
def test_mistakes_of_who_typed(
    pair: tuple[str, str], arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reconcile", *pair, *OPTIONS, *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_and_a_column_that_is_not(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reconcile", pair[0], "no.csv", "--on", "Договор"]) == 2
    assert "no.csv is no file" in capsys.readouterr().err
    assert main(["reconcile", *pair, "--on", "contract"]) == 1
    assert "contract" in capsys.readouterr().err
