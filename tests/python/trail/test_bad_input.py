"""The bad input that SP names: an Error or a listed row, never a crash, a wrong figure or a row lost without a word."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dealtrail as dt
from dealtrail import _core

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

STEADY = settings(derandomize=True, deadline=None, max_examples=150, database=None)
KINDS = _core.describe_kinds()
HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "a" * 100_000,
    "'; drop table deals; --",
    "=1+1",
    "<script>",
    "\u202e",
    "💌",
    "(total)",
]


def deal(**cells: Any) -> dict[str, Any]:
    return {"id": "d", "created_at": "2026-03-01", **cells}


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"created_at": None}, "missing_field", "created_at"),
        ({"created_at": "soon"}, "bad_time", "created_at"),
        ({"created_at": True}, "bad_type", "created_at"),
        ({"created_at": 5}, "bad_type", "created_at"),
        ({"outcome": "perhaps"}, "bad_choice", "outcome"),
        ({"outcome": 1}, "bad_type", "outcome"),
        ({"currency": "roubles"}, "bad_currency", "currency"),
        ({"person": 1.5}, "bad_type", "person"),
        ({"stage": "\ud800"}, "bad_text", "stage"),
        ({"id": "\ud800"}, "bad_text", "id"),
    ],
)
def test_a_row_that_cannot_be_kept_is_listed(cells: dict[str, Any], code: str, column: str) -> None:
    trail = dt.Trail("RUB")
    report = trail.put("deals", [deal(**cells), deal(id="good")])
    assert (report.read, report.put, report.left_out, len(trail)) == (2, 1, 1, 1)
    (problem,) = report.problems.to_dicts()
    assert (problem["code"], problem["kind"], problem["column"]) == (code, "deals", column)
    assert problem["count"] == 1
    assert problem["left_out"] is True
    assert problem["first_ids"]
    assert problem["message"]
    assert problem["hint"]
    assert code in repr(report)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"amount": "much"}, "bad_number", "amount"),
        ({"amount": "0,001"}, "bad_number", "amount"),
        ({"amount": "1,204.50"}, "bad_number", "amount"),
        ({"amount": "5 USD", "currency": "EUR"}, "currency_mismatch", "amount"),
        ({"amount": "$5"}, "currency_mismatch", "amount"),
        ({"amount": datetime(2026, 1, 1)}, "bad_type", "amount"),
        ({"amount": True}, "bad_type", "amount"),
        ({"amount": 1e14}, "overflow", "amount"),
        ({"probability": "likely"}, "bad_number", "probability"),
        ({"probability": "0,250"}, "bad_number", "probability"),
        ({"probability": float("inf")}, "bad_number", "probability"),
    ],
)
def test_an_optional_number_never_costs_its_row(cells: dict[str, Any], code: str, column: str) -> None:
    """IN.2, IN.17: the cell is null, the row is kept, the value is listed."""
    trail = dt.Trail("RUB")
    report = trail.put("deals", [deal(**cells), deal(id="good")])
    assert (report.read, report.put, report.left_out, len(trail)) == (2, 2, 0, 2)
    (problem,) = report.problems.to_dicts()
    assert (problem["code"], problem["column"], problem["count"]) == (code, column, 1)
    assert problem["left_out"] is False
    assert problem["first_values"]
    assert problem["hint"]
    assert trail.table("deals")[column] == [None, None]


@pytest.mark.parametrize(("amount", "value"), [("0.001", "0.00"), (0.015, "0.02"), (Decimal("0.025"), "0.02")])
def test_an_amount_finer_than_its_currency_is_rounded(amount: Any, value: str) -> None:
    """IN.2: half to even, counted, and the difference added up."""
    trail = dt.Trail("RUB")
    report = trail.put("deals", [deal(amount=amount)])
    (problem,) = report.problems.to_dicts()
    assert (problem["code"], problem["left_out"]) == ("rounded_money", False)
    assert problem["message"].endswith(f"rounding added {Decimal(value) - Decimal(str(amount))} in all")
    assert trail.table("deals")["amount"] == [Decimal(value)]


@pytest.mark.parametrize(
    ("text", "currency"), [("100 RUB", None), ("5 USD", "USD"), ("USD 5", "USD"), ("5 €", "EUR"), ("5 KZT", "KZT")]
)
def test_a_currency_inside_an_amount_is_that_currency(text: str, currency: str | None) -> None:
    """IN.2: never the Trail's own."""
    trail = dt.Trail("RUB")
    assert len(trail.put("deals", [deal(amount=text, outcome="won")]).problems) == 0
    assert trail.table("deals")["currency"] == [currency]
    assert trail.card("(total)")["amount_won"] == (Decimal(100) if currency is None else None)


@pytest.mark.parametrize(
    ("kind", "field", "rest"),
    [
        ("deals", "amount", {"created_at": "2026-01-01"}),
        ("deals", "probability", {"created_at": "2026-01-01"}),
        ("costs", "hours", {"kind": "time", "at": "2026-01-01"}),
        ("costs", "rate", {"kind": "time", "at": "2026-01-01"}),
        ("exchange_rates", "rate", {"currency": "USD", "at": "2026-01-01"}),
        ("invoice_lines", "weight", {"invoice": "i"}),
        ("announcements", "budget_share", {"channel": "c"}),
        ("roles", "share", {"role": "owner"}),
    ],
)
@pytest.mark.parametrize("text", ["0,250", "1,204", "1,204.50", "1,00,000", "92,151"])
def test_a_comma_is_never_a_thousands_sign(kind: Any, field: str, rest: dict[str, Any], text: str) -> None:
    """IN.17: without a declared format it is refused and listed, in dicts and in tables."""
    for rows in ([{"id": "x", field: text, **rest}], pa.Table.from_pylist([{"id": "x", field: text, **rest}])):
        trail = dt.Trail("RUB")
        report = trail.put(kind, rows)
        assert all(row[field] is None for row in trail.table(kind).to_dicts())
        assert [(p["code"], p["first_values"]) for p in report.problems.to_dicts() if p["column"] == field] == [
            ("bad_number", text)
        ]


@pytest.mark.parametrize(
    "amount",
    [10**18, 10**30, 10**5000, "9" * 40, 1e300, Decimal("1E+40"), Decimal("Infinity")],
    ids=lambda amount: f"{type(amount).__name__}",
)
def test_an_amount_beyond_the_range_is_listed(amount: Any) -> None:
    trail = dt.Trail("RUB")
    report = trail.put("deals", [deal(amount=amount, outcome="won")])
    assert (report.put, report.left_out, report.problems["left_out"]) == (1, 0, [False])
    assert trail.table("deals")["amount"] == [None]


def test_sums_beyond_64_bits_are_exact_or_an_error() -> None:
    trail = dt.Trail("RUB")
    largest = Decimal(2**60).scaleb(-2)
    rows = [deal(id=str(number), amount=largest, outcome="won") for number in range(20)]
    trail.put("deals", rows)
    with pytest.raises(dt.OutOfRangeError) as error:
        trail.cards()
    assert error.value.code == "overflow"
    for number in range(14):
        trail.remove("deals", str(number))
    assert trail.card("(total)")["amount_won"] == largest * 6


@pytest.mark.parametrize(
    "rows",
    [
        "deals",
        b"deals",
        7,
        None,
        {"id": ["a"]},
        [1],
        [["id", "a"]],
        [None],
        [{"id": "d", 5: "x"}],
        [{"id": object()}],
        [{"id": "d", "version": 2**70}],
        [{"id": "d", "created_at": {}}],
        [{"id": "d", "created_at": [1]}],
        [{"id": "d", "stage": b"bytes"}],
        [{"id": "d", "stage": 1j}],
    ],
    ids=lambda rows: re.sub(r" at 0x[0-9a-f]+", "", repr(rows)),  # workers agree on names
)
def test_what_is_no_table_is_an_error_and_nothing_is_kept(rows: Any) -> None:
    trail = dt.Trail("RUB")
    with pytest.raises(dt.Error) as error:
        trail.put("deals", rows)
    assert error.value.code in ("type_mismatch", "overflow")
    assert error.value.where.table == "deals"
    assert len(trail) == 0


def test_one_wrong_value_keeps_the_rows_before_it_out_too() -> None:
    trail = dt.Trail("RUB")
    with pytest.raises(dt.SchemaError) as error:
        trail.put("deals", [deal(), deal(id="e", stage=[])])
    assert error.value.where == dt.Where("deals", "stage", 1)
    assert len(trail) == 0


def test_names_that_there_are_not_are_told_with_the_closest() -> None:
    trail = dt.Trail("RUB")
    for call in (
        lambda: trail.put("deal", []),  # type: ignore[arg-type]
        lambda: trail.table("deel"),  # type: ignore[arg-type]
    ):
        with pytest.raises(dt.UnknownNameError, match="deals"):
            call()
    for question in (
        lambda: trail.cards(by="nothing"),
        lambda: trail.cards(view="sales"),  # type: ignore[arg-type]
        lambda: trail.cards(clock="wall"),  # type: ignore[arg-type]
        lambda: trail.card("nobody"),
        lambda: trail.card("x", by="city"),
        lambda: trail.trace(key="(total)", metric="costs"),
        lambda: trail.declare("deals", city="texts"),
        lambda: dt.load_profile("bitrix25"),
    ):
        with pytest.raises(dt.UnknownNameError) as error:
            question()
        assert error.value.code == "unknown_name"
        assert isinstance(error.value, LookupError)


@pytest.mark.parametrize(
    "arguments",
    [{"currency": "rub"}, {"currency": ""}, {"currency": "RUB", "lookback_days": -1}, {"currency": "R\x00B"}],
)
def test_a_trail_that_cannot_be(arguments: dict[str, Any]) -> None:
    with pytest.raises(dt.InvalidArgumentError):
        dt.Trail(**arguments)


def test_unknown_columns_are_kept_out_and_listed() -> None:
    trail = dt.Trail("RUB")
    report = trail.put("deals", [deal(colour="red"), deal(id="e", colour="blue", size=1)])
    assert report.left_out == 0
    assert sorted(zip(report.problems["column"], report.problems["left_out"], strict=True)) == [
        ("colour", False),
        ("size", False),
    ]
    assert "colour" not in trail.table("deals").columns


def test_foreign_currency_is_kept_found_and_not_summed() -> None:
    trail = dt.Trail("RUB")
    trail.put("deals", [deal(amount=100, currency="USD", outcome="won"), deal(id="e", amount="7.5", outcome="won")])
    assert trail.card("(total)")["amount_won"] == Decimal("7.50")
    (finding,) = [row for row in trail.findings() if row["code"] == "foreign_currency"]
    assert (finding["kind"], finding["count"], finding["first_ids"]) == ("deals", 1, "d")
    assert finding["message"].startswith("amounts in USD have no rate to RUB")


def test_where_all_amounts_are_left_out_there_is_no_value() -> None:
    """PF: a Trail of the wrong currency shows no zeros."""
    trail = dt.Trail("EUR")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "own", "name": "Own mail"}])
    trail.put(
        "announcements",
        [
            {"id": "a1", "channel": "tg", "published_at": "2026-03-01", "status": "out"},
            {"id": "a2", "channel": "tg", "published_at": "2026-03-08", "status": "out"},
        ],
    )
    trail.put("invoices", [{"id": "i", "amount": 100, "currency": "RUB", "issued_at": "2026-03-01"}])
    trail.put("invoice_lines", [{"id": "l", "invoice": "i", "channel": "tg"}])
    trail.put("deals", [deal(created_at="2026-03-20", amount=100, currency="RUB", outcome="won", announcement="a1")])
    for card in (trail.card("tg"), {**trail.cards(as_of=trail.now).to_dicts()[1]}, trail.card("(total)")):
        assert (card["cost"], card["amount_won"], card["won"]) == (None, None, 1)
        nulls = ("cost_per_announcement", "cost_per_deal", "cac", "roas", "roi_revenue")
        assert {card[name] for name in nulls} == {None}
    assert (trail.card("own")["cost"], trail.card("own")["amount_won"]) == (None, 0)  # no cost at any date: not known
    marks = trail.trace(key="tg", metric="cost_left_out").to_dicts()
    assert [(row["id"], row["part"], row["announcement"]) for row in marks] == [("i", 1, "a1"), ("i", 1, "a2")]
    # What can be summed is: then the rest is in the finding alone.
    trail.put(
        "costs",
        [{"id": "c", "kind": "marketing", "amount": "5", "currency": "EUR", "at": "2026-03-02", "channel": "tg"}],
    )
    assert trail.card("tg")["cost"] == 5
    trail.put("exchange_rates", [{"id": "r", "currency": "RUB", "at": "2026-01-01", "rate": "0.01"}])
    assert (trail.card("tg")["cost"], trail.card("tg")["amount_won"]) == (6, 1)
    assert len(trail.trace(key="tg", metric="amount_won_left_out")) == 0


@pytest.mark.parametrize("at", ["0001-01-01", "1023-05-17", "9999-12-31T23:59:59", datetime.max, datetime.min])
def test_absurd_dates_are_found_and_move_no_now(at: Any) -> None:
    trail = dt.Trail("RUB", "Asia/Tokyo")
    trail.put("deals", [deal(created_at=at), deal(id="e")])
    assert trail.now == datetime(2026, 2, 28, 15, tzinfo=timezone.utc)
    assert "absurd_time" in trail.findings()["code"]
    assert len(trail.table("deals").to_dicts()) == 2
    assert trail.cards(by="month")["key"][-1] == "(total)"
    repr(trail.cards(by="month"))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_hostile_texts_everywhere(text: str) -> None:
    trail = dt.Trail("RUB")
    for kind in KINDS:
        row = {
            field["name"]: text if field["type"] in ("text", "link") else "2026-03-01"
            for field in kind["fields"]
            if field["type"] in ("text", "link") or (field["type"] == "time" and field["need"] == "needed")
        }
        report = trail.put(kind["name"], [{**row, "id": text}])
        assert report.put + report.left_out == 1
    for table in (trail.findings(), trail.cards(), trail.cards(by="announcement"), trail.cards(by="event")):
        assert "\x00" not in repr(table)
        table.to_dicts()
    assert dt.Trail.restore(trail.snapshot()).snapshot() == trail.snapshot()


def test_circles_of_links_end() -> None:
    trail = dt.Trail("RUB")
    ring = 50
    trail.put("events", [{"id": f"e{n}", "name": "e", "parent": f"e{(n + 1) % ring}"} for n in range(ring)])
    trail.put("deals", [deal(id=f"d{n}", parent=f"d{(n + 1) % ring}", amount=1) for n in range(ring)])
    trail.put("events", [{"id": "self", "name": "self", "parent": "self", "series": "self"}])
    trail.put("registrations", [{"id": "r", "event": "e0", "person": "p", "at": "2026-03-01"}])
    assert trail.card("(total)")["registrations"] == 1
    assert trail.card("(total)")["deals"] == 0
    circles = [row for row in trail.findings() if row["code"] == "circle"]
    assert {row["kind"] for row in circles} == {"events", "deals"}
    trail.timeline(deal="d0")


def test_deep_chains_do_not_exhaust_the_stack() -> None:
    trail = dt.Trail("RUB")
    depth = 1_000
    trail.put("events", [{"id": f"e{n}", "name": "e", "parent": f"e{n + 1}"} for n in range(depth)])
    trail.put("registrations", [{"id": "r", "event": "e0", "person": "p", "at": "2026-03-01"}])
    assert trail.card(f"e{depth - 1}", by="event")["registrations"] == 1
    claims = 100_000
    trail.put("deals", [deal(id=f"d{n}", parent=f"d{n + 1}") for n in range(claims)])
    trail.put("touches", [{"id": "t", "kind": "form", "at": "2026-03-01"}])
    trail.put("deals", [deal(id=f"d{claims}", touch="t")])
    assert trail.card("(total)")["deals"] == 1
    nested: Any = {"field": "stage", "op": "eq", "value": "x"}
    for _ in range(400):
        nested = {"not": nested}
    with pytest.raises(dt.Error):
        trail.set_rules([{"name": "deep", "outcome": "won", "when": nested}])
    with pytest.raises(dt.Error):
        trail.set_rules("[" * 10_000)


class Rude(tzinfo):
    """A zone whose code fails."""

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        raise RuntimeError("no offset today")

    def dst(self, _: datetime | None) -> timedelta | None:
        return None

    def tzname(self, _: datetime | None) -> str | None:
        return None


def test_an_exception_of_the_callers_own_code_reaches_the_caller() -> None:
    trail = dt.Trail("RUB")
    with pytest.raises(RuntimeError, match="no offset today"):
        trail.put("deals", [deal(created_at=datetime(2026, 3, 1, tzinfo=Rude()))])

    def rows() -> Any:
        yield deal()
        raise KeyError("half way")

    with pytest.raises(KeyError):
        trail.put("deals", rows())
    assert len(trail) == 0


def test_a_dict_that_changes_while_it_is_read_does_no_harm() -> None:
    row: dict[str, Any] = {"id": "d"}

    class Changing(tzinfo):
        def utcoffset(self, _: datetime | None) -> timedelta | None:
            row.clear()
            row.update({f"k{number}": [number] for number in range(1000)})
            return timedelta(0)

        def dst(self, _: datetime | None) -> timedelta | None:
            return None

    row["created_at"] = datetime(2026, 3, 1, tzinfo=Changing())
    row["stage"] = "x" * 100
    trail = dt.Trail("RUB")
    with contextlib.suppress(dt.SchemaError):  # what is seen of the change is not told
        trail.put("deals", [row])
    assert len(trail) <= 1


ANY_CELL = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.decimals(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.sampled_from(HOSTILE),
)


@STEADY
@given(st.data())
def test_any_row_of_any_kind_is_kept_or_listed(data: st.DataObject) -> None:
    trail = dt.Trail("RUB", "Europe/Moscow")
    offered = left_out = 0
    for _ in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(KINDS))
        names = [field["name"] for field in kind["fields"]]
        row = data.draw(st.dictionaries(st.sampled_from(names), ANY_CELL, max_size=len(names)))
        row["id"] = data.draw(st.sampled_from(["a", "b", "", None, 7]))
        report = trail.put(kind["name"], [row], stub=data.draw(st.booleans()))
        assert report.read == report.put + report.left_out == 1
        assert sum(report.problems["left_out"]) == report.left_out
        offered += report.read
        left_out += report.left_out
    assert len(trail) <= offered - left_out
    for by in ("channel", "event", "month"):
        trail.cards(by=by).to_dicts()
    trail.findings().to_dicts()
    again = dt.Trail.restore(trail.snapshot())
    assert again.snapshot() == trail.snapshot()
    assert again.cards() == trail.cards()
