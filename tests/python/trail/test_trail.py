"""SP.7: the Trail as Python sees it."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import dealtrail as dt

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

MOSCOW = timezone(timedelta(hours=3))


def small(zone: str = "Europe/Moscow") -> dt.Trail:
    """One channel with an invoice over two announcements, two guests, one deal."""
    trail = dt.Trail("RUB", zone)
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "own", "name": "Mailing"}])
    trail.put("events", [{"id": "expo", "name": "Expo", "starts_at": "2026-03-20T10:00", "goal_attended": 2}])
    trail.put(
        "announcements",
        [
            {"id": "a1", "channel": "tg", "event": "expo", "published_at": "2026-03-01T12:00"},
            {"id": "a2", "channel": "tg", "event": "expo", "published_at": "2026-03-10T12:00"},
        ],
    )
    trail.put("invoices", [{"id": "i1", "amount": "100.01", "issued_at": "2026-03-11"}])
    trail.put("invoice_lines", [{"id": "l1", "invoice": "i1", "channel": "tg", "event": "expo"}])
    trail.put("people", [{"id": "anna", "name": "Anna"}, {"id": "boris", "name": "Boris"}])
    trail.put(
        "registrations",
        [
            {"id": "r1", "event": "expo", "person": "anna", "announcement": "a1", "at": "2026-03-02"},
            {"id": "r2", "event": "expo", "person": "boris", "announcement": "a2", "at": "2026-03-12"},
        ],
    )
    trail.put("attendances", [{"id": "s1", "registration": "r1", "at": "2026-03-20T10:05"}])
    deal = {"id": "d1", "person": "anna", "registration": "r1", "outcome": "won", "amount": 1000, "cost": 400}
    trail.put("deals", [{**deal, "created_at": "2026-03-25", "closed_at": "2026-04-02"}])
    return trail


def test_a_live_card_is_the_row_of_its_table() -> None:
    trail = small()
    for by in ("channel", "announcement", "event", "partner", "month"):
        for row in trail.cards(by=by).to_dicts():
            assert trail.card(row["key"], by=by) == row
    card = trail.card("tg")
    assert (card["cost"], card["registrations"], card["attended"]) == (Decimal("100.01"), 2, 1)
    assert (card["amount_won"], card["margin"], card["roi_margin"]) == (Decimal(1000), Decimal(600), 499.99 / 100.01)
    assert type(card["cost"]) is Decimal


def test_options_are_named_in_meta() -> None:
    cards = small().cards(by="event", view="finance", clock="placement", as_of="2026-03-21T00:00", period="2026-Q1")
    expected = {"by": "event", "view": "finance", "clock": "placement", "period": "2026-Q1", "zone": "Europe/Moscow"}
    assert {key: cards.meta[key] for key in expected} == expected
    assert cards.meta["as_of"] == cards.meta["now"] == "2026-03-20T21:00:00Z"
    plain = small().cards()
    assert (plain.meta["as_of"], plain.meta["now"]) == ("", "2026-04-02T20:59:59.999999Z")


def test_as_of_takes_moments_of_every_sort() -> None:
    trail = small()
    moments = [
        datetime(2026, 3, 20, 7, 4, tzinfo=timezone.utc),
        datetime(2026, 3, 20, 10, 4, tzinfo=MOSCOW),
        datetime(2026, 3, 20, 10, 4),
        "2026-03-20T10:04",
        "2026-03-20T10:04:00+03:00",
    ]
    tables = [trail.cards(as_of=moment) for moment in moments]
    assert all(table == tables[0] for table in tables)
    assert tables[0]["attended"][-1] is None  # nobody has noted who came by then
    assert trail.cards()["attended"][-1] == 1
    with pytest.raises(dt.ParseError):
        trail.cards(as_of="soon")
    with pytest.raises(dt.SchemaError):
        trail.cards(as_of=20260320)  # type: ignore[arg-type]


def test_as_of_a_day_has_that_day_in_it() -> None:
    """IN.8: text, date and the command line's word alike; the zone's day, and not the next one."""
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("costs", [{"id": "1", "kind": "marketing", "amount": 100, "at": "2026-03-31T15:00"}])
    trail.put("costs", [{"id": "2", "kind": "marketing", "amount": 7, "at": "2026-03-31T23:59:59.999999"}])
    trail.put("costs", [{"id": "3", "kind": "marketing", "amount": 1, "at": "2026-04-01T00:00"}])
    for day in ("2026-03-31", date(2026, 3, 31)):
        assert trail.cards(as_of=day)["cost"][-1] == Decimal("107.00")
        assert trail.cards(as_of=day).meta["as_of"] == "2026-03-31T20:59:59.999999Z"
    assert trail.cards(as_of="2026-03-31T00:00")["cost"][-1] == 0
    assert trail.cards(period="2026-03")["cost"][-1] == Decimal("107.00")
    assert trail.cards()["cost"][-1] == Decimal("108.00")


def test_facts_count_whatever_their_date() -> None:
    """IN.8, as real sets have it: spend, invoices and arrivals after the last dated activity."""

    def base() -> dt.Trail:
        trail = dt.Trail(currency="USD")
        trail.put("channels", [{"id": "m", "name": "Mail"}])
        trail.put("events", [{"id": "e", "name": "Expo", "starts_at": "2026-03-20"}])
        trail.put("announcements", [{"id": "a", "channel": "m", "event": "e", "published_at": "2026-03-01"}])
        trail.put("registrations", [{"id": "r", "event": "e", "announcement": "a", "at": "2026-03-05"}])
        return trail

    trail = base()
    trail.put("attendances", [{"id": "s", "registration": "r"}])
    assert (trail.card("m")["attended"], trail.card("m")["show_rate"]) == (1, None)  # it has not begun by now
    trail = base()
    trail.put("costs", [{"id": "c", "kind": "marketing", "channel": "m", "at": "2026-03-06", "amount": 100}])
    assert trail.card("m")["cost"] == trail.trace(key="m", metric="cost")["part"][0] == Decimal("100.00")
    assert trail.cards(as_of="2026-03-05")["cost"][-1] == 0
    trail = base()
    trail.put("invoices", [{"id": "i", "issued_at": "2026-03-31", "amount": 100}])
    trail.put("invoice_lines", [{"id": "l", "invoice": "i", "event": "e"}])
    assert trail.card("(total)")["cost"] == Decimal("100.00")
    trail.put("costs", [{"id": "x", "kind": "marketing", "at": "2027-03-06", "amount": 12}])
    found = [row for row in trail.findings() if row["code"] == "far_ahead"]
    assert [(row["kind"], row["first_ids"], row["count"]) for row in found] == [("costs", "x", 1)]
    assert "12.00 USD" in found[0]["message"]


def test_months_are_of_the_zone() -> None:
    for zone, month in (("UTC", "2026-03"), ("Asia/Tokyo", "2026-04")):
        trail = dt.Trail("RUB", zone)
        trail.put("deals", [{"id": "d", "created_at": datetime(2026, 3, 31, 20, tzinfo=timezone.utc)}])
        assert trail.cards(by="month")["key"][0] == month


@pytest.mark.parametrize(
    "name",
    ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "America/Boa_Vista", "Africa/Casablanca", "Asia/Gaza"],
)
def test_a_zone_by_name_is_the_zone_of_zoneinfo(name: str) -> None:
    place = ZoneInfo(name)
    trail = dt.Trail("RUB", name)
    begin = datetime(1901, 1, 1)
    clocks = [begin + timedelta(days=31 * number, minutes=97 * number) for number in range(2300)]
    trail.put("events", [{"id": f"{number:05}", "name": "e", "starts_at": at} for number, at in enumerate(clocks)])
    for clock, moment in zip(clocks, trail.table("events")["starts_at"], strict=True):
        assert moment == clock.replace(tzinfo=place).astimezone(timezone.utc), clock


def test_fixed_offsets_and_wrong_zones() -> None:
    trail = dt.Trail("RUB", "-03:30")
    trail.put("events", [{"id": "e", "name": "e", "starts_at": "2026-01-01T00:00"}])
    assert trail.table("events")["starts_at"] == [datetime(2026, 1, 1, 3, 30, tzinfo=timezone.utc)]
    assert dt.Trail("RUB", "UTC").zone == "UTC"
    for wrong in ("Moscow", "Europe/../Moscow", "", "+99:00"):
        with pytest.raises(dt.Error):
            dt.Trail("RUB", wrong)


def test_values_of_python_as_cells() -> None:
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.declare("deals", city=str, seats=int, share=float, vip=bool, seen=datetime, weight=Decimal, deposit="money")
    assert trail.declared("deals")["seen"] == "time"
    row = {
        "id": 17,
        "created_at": date(2026, 3, 1),
        "amount": 10**6,
        "vat": Decimal("1E+2"),
        "cost": 0.5,
        "city": "Тверь",
        "seats": 3.0,
        "share": 1,
        "vip": "Да",
        "seen": datetime(2026, 3, 1, tzinfo=MOSCOW),
        "weight": "1.25",
        "deposit": Decimal("7.50"),
    }
    assert trail.put("deals", [row]).left_out == 0
    (back,) = trail.table("deals").to_dicts()
    assert back["id"] == "17"
    assert back["created_at"] == back["seen"] == datetime(2026, 2, 28, 21, tzinfo=timezone.utc)
    assert (back["amount"], back["vat"], back["cost"]) == (Decimal(10**6), Decimal(100), Decimal("0.5"))
    assert (back["city"], back["seats"], back["share"], back["vip"]) == ("Тверь", 3, 1.0, True)
    assert (back["weight"], back["deposit"]) == (Decimal("1.25"), Decimal("7.5"))


def test_missing_values_of_other_libraries_are_no_value() -> None:
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")
    trail = dt.Trail("RUB")
    trail.declare("people", seats=int, seen=datetime, share=float, vip=bool)
    nothing = {"seats": pandas.NA, "seen": pandas.NaT, "share": numpy.float64("nan"), "vip": None}
    something = {
        "seats": numpy.int32(5),
        "seen": pandas.Timestamp("2026-03-01T00:00Z"),
        "share": numpy.float32(0.5),
        "vip": numpy.bool_(True),
    }
    report = trail.put("people", [{"id": "a", "name": "a", **nothing}, {"id": "b", "name": "b", **something}])
    assert report.left_out == 0, report
    seen = datetime(2026, 3, 1, tzinfo=timezone.utc)
    assert [[row[name] for name in something] for row in trail.table("people")] == [[None] * 4, [5, seen, 0.5, True]]


def test_rows_may_come_from_a_generator() -> None:
    trail = dt.Trail("RUB")
    assert trail.put("channels", ({"id": str(number), "name": "n"} for number in range(5))).put == 5
    assert (len(trail), trail.size("channels"), ("channels", "3") in trail, ("channels", "9") in trail) == (
        5,
        5,
        True,
        False,
    )


def test_facts_without_an_id_are_the_same_again() -> None:
    trail = dt.Trail("RUB")
    rows = [{"name": "one"}, {"name": "one"}, {"name": "two", "id": ""}]
    trail.put("channels", rows, source="crm")
    trail.put("channels", rows, source="crm")
    assert len(trail) == 3
    trail.put("channels", rows, source="another")
    assert len(trail) == 6


def test_stubs_remove_and_versions() -> None:
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "tg"}], stub=True)
    assert trail.table("channels")["stub"] == [True]
    trail.put("channels", [{"id": "tg", "name": "new", "version": 5}])
    trail.put("channels", [{"id": "tg", "name": "old", "version": 4}])
    assert trail.table("channels")["name"] == ["new"]
    trail.remove("channels", "tg", version=4)
    assert len(trail) == 1
    trail.remove("channels", "tg", version=5)
    assert len(trail) == 0


def test_two_cards_of_a_person_become_one() -> None:
    trail = small()
    trail.put("registrations", [{"id": "r3", "event": "expo", "person": "anna2", "at": "2026-03-03"}])
    assert trail.card("(total)")["registrations"] == 3
    trail.merge("people", "anna", "anna2")
    assert trail.card("(total)")["registrations"] == 2
    with pytest.raises(dt.InvalidArgumentError):
        trail.merge("deals", "a", "b")  # type: ignore[arg-type]


def test_preview_keeps_nothing() -> None:
    trail = small()
    before = trail.snapshot()
    change = trail.preview({"invoices": [{"id": "i1", "amount": "300.03", "issued_at": "2026-03-11"}]})
    by_key = {(row["key"], row["metric"]): row["change"] for row in change if row["metric"] == "cost"}
    assert by_key["(total)", "cost"] == Decimal("200.02")
    assert trail.snapshot() == before
    with pytest.raises(dt.SchemaError, match="cannot be kept"):
        trail.preview({"invoices": [{"id": "i2", "amount": "much", "issued_at": "2026-03-11"}]})


def test_diff_of_two_states_and_of_two_periods() -> None:
    before, after = small(), small()
    after.remove("deals", "d1")
    change = {(row["key"], row["metric"]): row["change"] for row in after.diff(before)}
    assert change["tg", "amount_won"] == -1000
    periods = after.diff(after, period="2026-03", before_period="2026-02")
    assert {row["metric"] for row in periods if row["key"] == "tg"} >= {"cost", "registrations", "attended"}
    assert len(after.diff(after)) == 0
    with pytest.raises(dt.CurrencyError):
        after.diff(dt.Trail("USD"))


def test_goals_and_timelines() -> None:
    trail = small()
    (goal,) = trail.goals().to_dicts()
    assert (goal["event"], goal["figure"], goal["goal"], goal["fact"]) == ("expo", "came", 2, 1)
    story = trail.timeline(person="anna")
    assert [row["at"] for row in story] == sorted(row["at"] for row in story)
    assert {"registrations", "attendances", "deals"} <= set(story["kind"])
    with pytest.raises(dt.UnknownNameError):
        trail.timeline(company="nobody")
    for wrong in ({}, {"person": "anna", "deal": "d1"}):
        with pytest.raises(dt.InvalidArgumentError):
            trail.timeline(**wrong)


def test_rules_are_data() -> None:
    trail = small()
    rule = {
        "name": "claims",
        "view": "finance",
        "outcome": "lost",
        "when": {"field": "amount", "op": "ge", "value": 1000},
        "from": datetime(2026, 1, 1, tzinfo=timezone.utc),
    }
    trail.set_rules([rule])
    assert (trail.card("tg")["won"], trail.cards(view="finance")["won"][-1]) == (1, 0)
    trail.set_rules({"rules": trail.rules})
    assert trail.rules[0]["outcome"] == "lost"
    for wrong, error in (
        ({**rule, "outcome": "perhaps"}, dt.UnknownNameError),
        ({**rule, "when": {"field": "colour", "op": "eq", "value": 1}}, dt.UnknownNameError),
        ({**rule, "when": {"field": "amount", "op": "about", "value": 1}}, dt.UnknownNameError),
    ):
        with pytest.raises(error):
            trail.set_rules([wrong])
    with pytest.raises(dt.ParseError):
        trail.set_rules("{")
    assert len(trail.rules) == 1
    trail.set_rules([])
    assert trail.rules == []


def test_copies_and_snapshots_are_trails_of_their_own() -> None:
    trail = small()
    for twin in (
        copy.copy(trail),
        copy.deepcopy(trail),
        pickle.loads(pickle.dumps(trail)),
        dt.Trail.restore(trail.snapshot()),
    ):
        assert twin.snapshot() == trail.snapshot()
        assert (twin.currency, twin.zone, twin.vat, twin.lookback_days) == ("RUB", "Europe/Moscow", "gross", 90)
        twin.put("channels", [{"id": "new", "name": "new"}])
        assert len(twin) == len(trail) + 1


def test_a_snapshot_that_is_cut_or_flipped_is_refused() -> None:
    whole = small().snapshot()
    for length in (0, 1, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(dt.CorruptDataError):
            dt.Trail.restore(whole[:length])
    for place in range(0, len(whole), 37):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        with pytest.raises(dt.CorruptDataError):
            dt.Trail.restore(bytes(flipped))


def test_an_error_tells_where_and_survives_pickling() -> None:
    with pytest.raises(dt.SchemaError) as raised:
        small().put("deals", [{"id": "d", "created_at": object()}])
    error = raised.value
    assert isinstance(error, ValueError)
    assert isinstance(error, dt.DealtrailError)
    assert error.where == dt.Where("deals", "created_at", 0)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.where, again.hint) == (type(error), str(error), error.where, error.hint)


def test_threads_may_share_a_trail() -> None:
    trail = small()
    troubles: list[BaseException] = []

    def work(task: Any) -> None:
        try:
            for number in range(60):
                task(number)
        except BaseException as trouble:
            troubles.append(trouble)

    def write(writer: str, number: int) -> None:
        rows = [{"id": f"{writer}:{number}", "person": "anna", "event": "expo", "at": "2026-03-05"}]
        trail.put("registrations", rows)

    tasks = [
        lambda number: write("one", number),
        lambda number: write("other", number),
        lambda _: trail.cards(),
        lambda _: trail.findings(),
        lambda _: trail.snapshot(),
    ]
    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert trail.size("registrations") == 2 + 120
    assert dt.Trail.restore(trail.snapshot()).cards() == trail.cards()
