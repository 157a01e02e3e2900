"""Done when of IN: dirty files are accounted for row by row, and come to right cards in two loads."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from random import Random
from typing import Any

import pytest

import dealtrail as dt

ROWS = 10_000
CELLS: dict[str, tuple[Any, ...]] = {
    "id": ("", "  ", "null", "0", "\u200b", "e\u0301", "x" * 300, "410.0", "='1'", "a\tb"),
    "amount": ("", "5 USD", "$5", "1,204", "0,250", "1e400", "-0", "NaN", "ten", "12.345", "9" * 30, "1 200.50"),
    "created_at": ("", "31.02.2026", "2026-02-30", "2026-03-01", "yesterday", "2026-03-01T25:00", "99999-01-01", "0"),
    "outcome": ("", "won", "lost", "open", "WON", "gewonnen", "1"),
    "person": ("", "p1", "(not set)", "\ufeffp1", "p1 "),
}
PROFILE: dict[str, Any] = {
    "profile": "p",
    "source": "",
    "methods": {
        "deals": {
            "files": ["*.csv"],
            "puts": [
                {
                    "put": "deals",
                    "id": "id",
                    "set": {name: name for name in ("amount", "created_at", "outcome", "person")},
                }
            ],
        }
    },
}


def hostile_rows(seed: int) -> list[dict[str, str]]:
    """Each row has a good id of its own or a hostile one, and cells of which any may be hostile."""
    rng = Random(seed)
    rows = []
    for number in range(ROWS):
        row = {name: rng.choice(cells) if rng.random() < 0.5 else "" for name, cells in CELLS.items()}
        if rng.random() < 0.7:
            row["id"] = f"d{number}"
        rows.append(row)
    return rows


def check_accounts(trail: dt.Trail, report: Any, rows: list[dict[str, str]]) -> None:
    assert report.read == len(rows)
    assert report.read == report.put + report.left_out
    assert sum(row["count"] for row in report.problems if row["left_out"]) == report.left_out > 0
    kept = set(trail.table("deals")["id"])
    counts = next(row for row in report.counts if row["kind"] == "deals")
    assert counts["distinct"] == len(kept)
    good = {
        row["id"]
        for row in rows
        if row["id"].startswith("d") and row["created_at"] == "2026-03-01" and row["outcome"] in ("", "won", "lost")
    }
    assert len(good) > 100
    assert good <= kept  # neither its amount nor its person costs a deal its row
    for row in report.problems:
        assert row["count"] > 0, row
        assert row["message"], row


@pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_hostile_rows_are_accounted_for(seed: int) -> None:
    rows = hostile_rows(seed)
    of_dicts = dt.Trail(currency="RUB")
    check_accounts(of_dicts, of_dicts.put("deals", rows), rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(CELLS))
    writer.writeheader()
    writer.writerows(rows)
    of_file = dt.Trail(currency="RUB")
    check_accounts(of_file, of_file.load(("deals.csv", text.getvalue().encode()), PROFILE), rows)


def office(amount: str) -> dict[str, Any]:
    return {
        "profile": "office",
        "zone": "+03:00",
        "times": ["dd.mm.yyyy hh:mm"],
        "numbers": {"decimal": ","},
        "methods": {
            "sales": {
                "files": ["sales*.csv"],
                "puts": [
                    {"put": "channels", "id": "Канал", "set": {"name": "Канал"}},
                    {"put": "people", "id": "Телефон", "stub": True},
                    {
                        "put": "deals",
                        "id": "Номер",
                        "set": {
                            "person": "Телефон",
                            "channel": "Канал",
                            "amount": amount,
                            "outcome": {"const": "won"},
                            "created_at": "Дата",
                            "closed_at": "Дата",
                        },
                    },
                ],
            }
        },
    }


@pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")
def test_a_cp1251_file_comes_to_right_cards_in_two_loads() -> None:
    """Semicolons, decimal commas, Russian headers, one of them misspelt in the profile."""
    amounts = [Decimal(100 * n + 50) / 100 for n in range(1, 101)]
    lines = [
        f"{n};{1 + n % 28:02}.03.2026 10:{n % 60:02};{'почта' if n % 3 else 'поиск'};7916000{n:04};"
        + str(amounts[n - 1]).replace(".", ",")
        for n in range(1, 101)
    ]
    data = "\r\n".join(["Номер;Дата;Канал;Телефон;Сумма", *lines]).encode("cp1251")
    trail = dt.Trail(currency="RUB")
    first = trail.load(("sales.csv", data), office("Сума"))
    (told,) = [row for row in first.problems if row["code"] == "column_not_there"]
    assert told["column"] == "Сума"
    assert 'did you mean "Сумма"' in told["hint"]
    second = trail.load(("sales.csv", data), office("Сумма"))
    assert (second.put, second.left_out, len(second.problems)) == (300, 0, 0)
    cards = {row["name"]: row for row in trail.cards()}
    for channel, rest in (("поиск", (0,)), ("почта", (1, 2))):
        expected = [amount for n, amount in enumerate(amounts, 1) if n % 3 in rest]
        assert cards[channel]["won"] == len(expected)
        assert cards[channel]["amount_won"] == sum(expected)
    total = next(row for row in trail.cards() if row["key"] == "(total)")
    assert (total["won"], total["amount_won"]) == (100, sum(amounts))
