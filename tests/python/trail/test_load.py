"""SP.9, SP.10: loads from Python; what each source becomes is tested where profiles are."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dealtrail as dt

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

PROFILE: dict[str, Any] = {
    "profile": "rooms",
    "methods": {
        "bookings": {
            "files": ["*bookings*"],
            "puts": [
                {
                    "put": "deals",
                    "id": "number",
                    "set": {"created_at": "day", "amount": "price", "outcome": {"const": "won"}},
                    "own": {"city": "town"},
                }
            ],
        }
    },
    "declare": {"deals": {"city": "text"}},
}
ROWS = [
    {"number": "1", "day": "2026-03-01", "price": "100.50", "town": "Tver"},
    {"number": "2", "day": "2026-03-02", "price": "7", "town": "Pskov"},
]


def text(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


def test_a_table_a_file_and_bytes_give_the_same(tmp_path: Path) -> None:
    file = tmp_path / "bookings.json"
    file.write_bytes(text(ROWS))
    trails = [dt.Trail("RUB") for _ in range(5)]
    reports = [
        trails[0].load(file, PROFILE),
        trails[1].load(str(tmp_path), dt.load_profile(PROFILE)),
        trails[2].load(("bookings.json", text(ROWS)), PROFILE),
        trails[3].load(pa.Table.from_pylist(ROWS), PROFILE, method="bookings"),
        trails[4].load([("bookings-1.json", text(ROWS[:1])), ("bookings-2.json", text(ROWS[1:]))], PROFILE),
    ]
    for trail, report in zip(trails, reports, strict=True):
        assert (report.read, report.put, report.left_out, report.incomplete) == (2, 2, 0, False)
        assert trail.snapshot() == trails[0].snapshot()
    assert trails[0].cards(by="city")["key"] == ["Pskov", "Tver", "(unattributed)", "(total)"]
    assert trails[0].table("deals")["id"] == ["rooms:1", "rooms:2"]


def test_the_report_tells_what_was_left_out() -> None:
    trail = dt.Trail("RUB")
    rows = [*ROWS, {"number": None, "day": "2026-03-03"}, {"number": "4", "price": "1", "colour": "red"}]
    report = trail.load(("bookings.json", text(rows)), PROFILE)
    assert (report.read, report.put, report.left_out) == (4, 2, 2)
    assert (
        sum(count for count, out in zip(report.problems["count"], report.problems["left_out"], strict=True) if out) == 2
    )
    assert report.columns_not_read["column"] == ["colour"]
    assert report.files["state"] == ["read"]
    assert report.methods["records"] == [4]
    assert report.counts["kind"] == ["deals"]
    assert repr(report).startswith("LoadReport(read=4, put=2, left_out=2)")


def test_a_full_load_removes_what_vanished_but_not_too_much() -> None:
    trail = dt.Trail("RUB")
    many = [{**ROWS[0], "number": str(number)} for number in range(1, 11)]
    trail.load(("bookings.json", text(many)), PROFILE)
    report = trail.load(("bookings.json", text(many[1:])), PROFILE, whole=True, full=True)
    assert report.removed.to_dicts() == [{"kind": "deals", "before": 10, "removed": 1, "first_ids": "rooms:1"}]
    before = trail.snapshot()
    with pytest.raises(dt.LimitError):
        trail.load(("bookings.json", text(many[5:])), PROFILE, whole=True, full=True)
    assert trail.snapshot() == before
    trail.load(("bookings.json", text(many[5:])), PROFILE, whole=True, full=True, max_shrinkage=0.5)
    assert len(trail) == 5


def test_a_load_that_fails_leaves_the_trail_as_it_was() -> None:
    trail = dt.Trail("RUB")
    trail.load(("bookings.json", text(ROWS)), PROFILE)
    before = trail.snapshot()
    for source, error in (
        (("bookings.json", b'[{"number": "3", "day": "2026-03-01"}, {"num'), dt.Error),
        (("bookings.json", b"[" * 10_000), dt.Error),
        (("weather.json", text(ROWS)), dt.InvalidArgumentError),
        ("no-such-folder", dt.ReadError),
    ):
        with pytest.raises(error):
            trail.load(source, PROFILE)
        assert trail.snapshot() == before
    with pytest.raises(dt.UnknownNameError, match="bookings"):
        trail.load(("bookings.json", text(ROWS)), PROFILE, method="booking")


def test_a_prefix_keeps_two_portals_apart() -> None:
    trail = dt.Trail("RUB")
    for prefix in ("north", "south"):
        trail.load(("bookings.json", text(ROWS)), PROFILE, prefix=prefix)
    assert trail.table("deals")["id"] == ["north:1", "north:2", "south:1", "south:2"]


def test_profiles() -> None:
    assert "bitrix24" in dt.Profile.built_in()
    profile = dt.load_profile("bitrix24")
    assert profile.source == "bitrix24"
    assert "crm.deal.list" in profile.methods
    assert profile.method_of("weather.csv") is None
    assert dt.Profile.schema()["$schema"]
    assert repr(profile).startswith("Profile(name='bitrix24'")
    for wrong in ({"methods": {"a": {"putts": []}}}, {"profile": 7}, {}):
        with pytest.raises(dt.Error):
            dt.load_profile(wrong)


AMOUNTS: dict[str, Any] = {
    "profile": "p",
    "source": "",
    "methods": {
        "c": {
            "files": ["*"],
            "puts": [
                {
                    "put": "costs",
                    "id": "id",
                    "set": {"kind": {"const": "marketing"}, "amount": "amount", "hours": "hours", "at": "at"},
                }
            ],
        }
    },
}


def costs(amounts: list[Any], profile: dict[str, Any] = AMOUNTS, column: str = "amount") -> tuple[dt.Trail, Any]:
    trail = dt.Trail("RUB")
    rows = [{"id": str(n), column: amount, "at": "2026-03-01"} for n, amount in enumerate(amounts, 1)]
    return trail, trail.load(("costs.json", text(rows)), profile)


def test_float_noise_in_json_is_no_error() -> None:
    """IN.2: numbers of JSON, tables and dicts are read alike; text is never noise."""
    noisy = b'[{"id": "1", "amount": 29.949999999999999, "at": "2026-03-01"}, '
    noisy += b'{"id": "2", "amount": 27964.000000000004, "at": "2026-03-01"}]'
    trail = dt.Trail("RUB")
    assert "rounded_money" not in trail.load(("costs.json", noisy), AMOUNTS).problems["code"]
    assert trail.card("(total)")["cost"] == Decimal("27993.95")
    trail, report = costs(["29.949999999999999"])
    assert "rounded_money" in report.problems["code"]
    assert trail.card("(total)")["cost"] == Decimal("29.95")


def test_millionths_keep_every_row() -> None:
    """IN.2: rounded half to even with a problem that adds up the difference; ``round`` asks for it."""
    micros = [69_960_488, 71_370_123, 69_790_355]
    for amount, problems in (
        ({"mul": ["amount", {"const": 0.000001}]}, 1),
        ({"money": "amount", "unit": "micro"}, 1),
        ({"money": "amount", "unit": "micro", "round": 2}, 0),
    ):
        profile = json.loads(json.dumps(AMOUNTS))
        profile["methods"]["c"]["puts"][0]["set"]["amount"] = amount
        trail, report = costs(micros, profile)
        found = [row for row in report.problems.to_dicts() if row["code"] == "rounded_money"]
        assert [row["count"] for row in found] == [3] * problems
        assert all(row["message"].endswith("rounding added -0.000966 in all") for row in found)
        assert trail.card("(total)")["cost"] == Decimal("211.12")


def test_a_currency_inside_an_amount_is_never_the_trails() -> None:
    """IN.2: kept in its currency, or refused."""
    trail, report = costs(["100 RUB", "5 USD", "$5", "5 €", "USD 5", "5 KZT"])
    assert trail.card("(total)")["cost"] == Decimal("100.00")
    assert trail.table("costs")["currency"] == [None, "USD", None, "EUR", "USD", "KZT"]
    assert [row["first_values"] for row in report.problems.to_dicts() if row["code"] == "currency_mismatch"] == ["5 $"]
    assert "foreign_currency" in trail.findings()["code"]


@pytest.mark.parametrize("written", ["0,250", "1,204", "1,204.50", "1,00,000"])
@pytest.mark.parametrize("column", ["amount", "hours"])
def test_a_comma_is_refused_until_it_is_declared(written: str, column: str) -> None:
    """IN.17: CSV beside JSON."""
    for source in (
        ("costs.json", text([{"id": "1", "at": "2026-03-01", column: written}])),
        ("costs.csv", f"id;at;{column}\n1;2026-03-01;{written}\n".encode()),
    ):
        trail = dt.Trail("RUB")
        report = trail.load(source, AMOUNTS)
        assert trail.table("costs")[column] == [None]
        assert [row["first_values"] for row in report.problems.to_dicts() if row["code"] == "unreadable_value"] == [
            written
        ]
    for numbers, right in (
        ({"decimal": ","}, {"0,250": "0.25", "1,204": "1.204"}),
        ({"group": ","}, {"1,204": "1204"}),
    ):
        if written in right and (column == "hours" or written != "1,204" or numbers == {"group": ","}):
            trail = dt.Trail("RUB")
            trail.load(("c.csv", f"id;at;{column}\n1;2026-03-01;{written}\n".encode()), {**AMOUNTS, "numbers": numbers})
            assert trail.table("costs")[column] == [Decimal(right[written])]


def test_lines_of_a_foreign_invoice_are_in_its_currency() -> None:
    """IN.18: a profile's currency is not the line's; a line that names another is a finding and in no sum."""
    trail = dt.Trail("RUB")
    trail.put("exchange_rates", [{"currency": "JPY", "at": "2026-01-01", "rate": "0.5"}])
    trail.put("channels", [{"id": "c", "name": "C"}])
    trail.put("announcements", [{"id": "a", "channel": "c", "published_at": "2026-03-01"}])
    trail.put("invoices", [{"id": "i", "amount": 10000, "currency": "JPY", "issued_at": "2026-03-01"}])
    for amount, cost in ((10000, 5000), ("10000 JPY", 5000), ("100 USD", 0), ("100 RUB", 0)):
        trail.put("invoice_lines", [{"id": "l", "invoice": "i", "announcement": "a", "amount": amount}])
        assert trail.card("c")["cost"] == cost
        assert trail.card("(total)")["cost"] == 5000
        assert ("line_in_other_currency" in trail.findings()["code"]) == (cost == 0)
    profile = {
        "profile": "p",
        "source": "",
        "currency": "RUB",
        "methods": {
            "l": {
                "files": ["*"],
                "puts": [
                    {"put": "invoice_lines", "id": "id", "set": {"invoice": "i", "announcement": "a", "amount": "s"}}
                ],
            }
        },
    }
    trail.load(("l.json", text([{"id": "l", "i": "i", "a": "a", "s": 10000}])), profile)
    assert trail.card("c")["cost"] == 5000
