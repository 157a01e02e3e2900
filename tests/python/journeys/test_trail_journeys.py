"""PF.3, M1.6: journeys of a Trail equal a slow model on random histories, for every conversion and subject."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.door import decimals_of, end_of_known_day
from oracle.histories import history
from oracle.trail_journeys import Maker, TrailJourney
from python.journeys.touch_sets import moment
from python.laws.comparing import library_trail, oracle_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

TO = ("attended", "deal_created", "won", "paid", "milestone:one")
SUBJECTS = ("person", "company", "deal")
PRICED = ("deal_created", "won", "paid")


def shown(journey: TrailJourney, to: str, currency: str, zone: str) -> dict[str, Any]:
    """What ``table`` says of a journey of the model."""
    one = journey.conversion
    deal = None if one is None else one.deal
    return {
        "subject": journey.subject,
        "path": " > ".join(channel for _, channel in journey.touches) or "(unattributed)",
        "first_at": moment(journey.touches[0][0]) if journey.touches else None,
        "last_at": moment(journey.touches[-1][0]) if journey.touches else None,
        "converted_at": None if one is None else moment(one.at),
        "conversions": int(one is not None),
        "value": Decimal(one.value).scaleb(-decimals_of(currency)) if one is not None and to in PRICED else None,
        "fact": None if one is None else one.fact,
        "deal_created_at": None if deal is None else moment(end_of_known_day(deal["created_at"], zone)),
    }


def without_local_mean_time(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose times before zones were standard, and after the table of their changes, are all alike.

    What a wall clock said then is read in two ways.
    """
    return [
        {
            name: "far off" if isinstance(cell, datetime) and not 1900 <= cell.year <= 2100 else cell
            for name, cell in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize("seed", range(60))
def test_random_histories_equal_the_model(seed: int) -> None:
    made = history(seed)
    rng = Random(seed)
    trail = library_trail(made, made.order(0))
    oracle = oracle_trail(made, made.order(0))
    state = oracle.state()
    for to in TO:
        for subject in SUBJECTS:
            if (to, subject) == ("attended", "deal"):
                continue
            lookback = rng.choice((None, 3, 36_500, {"impression": 1, "form": 0, "registration": 9}))
            kinds = rng.choice(((), (), ("click", "registration"), ("attendance", "visit", "form")))
            view = rng.choice(("marketing", "finance"))
            days = made.lookback_days if lookback is None else lookback
            if isinstance(days, dict):
                other = rng.choice(({}, {"other": 4}))
                days, lookback = {"other": made.lookback_days, **days, **other}, {**days, **other}
            maker = Maker(state, to, subject, days, kinds, view, None)
            expected = [shown(journey, to, made.currency, made.zone) for journey in maker.make()]
            journeys = trail.journeys(to, subject=subject, lookback_days=lookback, kinds=kinds, view=view)
            columns = ["subject", "path", "first_at", "last_at", "converted_at", "conversions", "value", "fact"]
            got = journeys.table().select([*columns, "deal_created_at"]).to_dicts()
            assert without_local_mean_time(got) == without_local_mean_time(expected), (
                to,
                subject,
                lookback,
                kinds,
                view,
            )
            assert dt.Journeys.from_bytes(journeys.to_bytes()) == journeys


@pytest.mark.parametrize("seed", range(40))
def test_touches_by_announcement_event_and_partner_equal_the_model(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.order(0))
    oracle = oracle_trail(made, made.order(0))
    state = oracle.state()
    for by in ("announcement", "event", "partner"):
        for to, subject in (("won", "person"), ("attended", "company"), ("deal_created", "deal")):
            maker = Maker(state, to, subject, made.lookback_days, (), "marketing", None, by)
            expected = [shown(journey, to, made.currency, made.zone) for journey in maker.make()]
            got = trail.journeys(to, subject=subject, by=by).table()
            for column in ("subject", "path", "conversions", "value", "fact"):
                assert got[column] == [row[column] for row in expected], (by, to, subject, column)


def test_what_touches_can_be_named_by() -> None:
    """A touch on a channel that has no such key is one of "(no ...)"; one that has a key needs no channel (AT.7)."""
    trail = story()
    trail.declare("channels", city="string")
    trail.put("channels", [{"id": "mail", "name": "mail", "city": "Omsk"}, {"id": "tg", "name": "tg"}])
    trail.put("partners", [{"id": "north", "name": "North"}])
    trail.put("announcements", [{"id": "a-mail", "channel": "mail", "event": "day", "partner": "north"}])
    trail.put("source_keys", [{"id": "k", "kind": "promo_code", "value": "X", "channel": "tg"}])
    trail.put(
        "touches", [{"id": "t0", "person": "ann", "promo_code": "X", "at": "2026-03-03", "kind": "chat", "brand": "B"}]
    )
    trail.put("registrations", [{"id": "r0", "event": "day", "person": "cid", "at": "2026-03-04"}])
    trail.put("people", [{"id": "cid", "name": "Cid"}])

    def first_path(by: str) -> str:
        return str(trail.journeys("won", by=by).table()["path"][0])

    assert first_path("channel") == "portal > tg > mail > mail"
    assert first_path("announcement") == "a-portal > (no announcement) > a-mail > a-mail"
    assert first_path("event") == "day > (no event) > day > day"
    assert first_path("partner") == "(no partner) > (no partner) > north > north"
    assert first_path("brand") == "(no brand) > B > (no brand) > (no brand)"
    assert first_path("city") == "(no city) > (no city) > Omsk > Omsk"
    assert first_path("promo_code") == "(no promo_code) > X > (no promo_code) > (no promo_code)"
    by_event = {row["subject"]: row["path"] for row in trail.journeys("won", by="event").table()}
    assert by_event["cid"] == "day"  # its source is not known, its event is
    assert "cid" not in trail.journeys("won").table()["subject"]
    assert trail.journeys("won", by="event").meta["by"] == "event"
    with pytest.raises(dt.UnknownNameError, match="weather"):
        trail.journeys("won", by="weather")
    with pytest.raises(dt.InvalidArgumentError, match="month"):
        trail.journeys("won", by="month")


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_facts_changes_no_byte(seed: int) -> None:
    made = history(seed)
    first = library_trail(made, made.order(0))
    for number in (1, 2):
        other = library_trail(made, made.order(number))
        for to, subject in (("won", "person"), ("attended", "company"), ("paid", "deal")):
            assert other.journeys(to, subject=subject).to_bytes() == first.journeys(to, subject=subject).to_bytes()


@pytest.mark.parametrize("seed", range(40))
def test_conversions_and_values_are_those_of_the_cards(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.order(0))
    total = trail.cards().to_dicts()[-1]
    for subject in ("person", "company"):
        for to, count in (("attended", "attended"), ("won", "won"), ("deal_created", "deals")):
            table = trail.journeys(to, subject=subject).table()
            assert sum(table["conversions"]) == total[count], (to, subject)
            if to == "won":
                assert sum(value for value in table["value"] if value is not None) == (total["amount_won"] or 0)


def story() -> dt.Trail:
    """A click on a portal, a registration by mail for the day, a guest who came, a deal won, another one later."""
    trail = dt.Trail(currency="RUB")
    trail.put("channels", [{"id": name, "name": name} for name in ("mail", "portal", "telegram")])
    trail.put("events", [{"id": "day", "name": "Day", "starts_at": "2026-03-10T10:00"}])
    trail.put(
        "announcements",
        [
            {"id": f"a-{name}", "channel": name, "event": "day", "published_at": "2026-03-01"}
            for name in ("mail", "portal", "telegram")
        ],
    )
    trail.put(
        "people", [{"id": "ann", "name": "Ann", "company": "acme"}, {"id": "bob", "name": "Bob", "company": "acme"}]
    )
    trail.put(
        "touches",
        [
            {"id": "t1", "person": "ann", "announcement": "a-portal", "at": "2026-03-02", "kind": "click"},
            {"id": "t2", "announcement": "a-mail", "at": "2026-03-04", "kind": "form"},
            {"id": "t3", "person": "bob", "announcement": "a-telegram", "at": "2026-03-05", "kind": "click"},
        ],
    )
    trail.put(
        "registrations",
        [{"id": "r1", "event": "day", "person": "ann", "touch": "t2", "at": "2026-03-04T00:01"}],
    )
    trail.put("attendances", [{"id": "s1", "registration": "r1", "at": "2026-03-10T10:05", "how": "qr"}])
    trail.put("leads", [{"id": "l1", "person": "ann", "created_at": "2026-03-12"}])
    deal = {"person": "ann", "company": "acme", "outcome": "won"}
    trail.put(
        "deals",
        [
            {
                **deal,
                "id": "d1",
                "lead": "l1",
                "created_at": "2026-03-15",
                "closed_at": "2026-03-20",
                "amount": 100_000,
            },
            {**deal, "id": "d2", "created_at": "2026-03-25", "closed_at": "2026-03-28", "amount": 5_000},
        ],
    )
    trail.put("roles", [{"id": "o1", "of_deal": "d1", "person": "bob", "role": "decision"}])
    return trail


def test_a_story_by_hand() -> None:
    trail = story()
    # The registration names the anonymous form, so the form is Ann's touch; the arrival is a touch of its own, on the
    # registration's source. The second deal has nothing left: unattributed, but counted.
    won = trail.journeys("won")
    assert won.table().select(["subject", "path", "conversions", "value"]).to_dicts() == [
        {"subject": "ann", "path": "portal > mail > mail", "conversions": 1, "value": Decimal("100000.00")},
        {"subject": "ann", "path": "(unattributed)", "conversions": 1, "value": Decimal("5000.00")},
        {"subject": "bob", "path": "telegram", "conversions": 0, "value": None},
    ]
    assert won.meta["conversions_without_touches"] == "1"
    # IN.9: made on a day without a time, so the touches of that day came before it.
    assert won.table()["lead_created_at"][0].isoformat() == "2026-03-12T23:59:59.999999+00:00"
    # By company Bob's touch is one of the same journey; by deal it is, too, because he decides.
    assert trail.journeys("won", subject="company").table()["path"][0] == "portal > mail > telegram > mail"
    by_deal = trail.journeys("won", subject="deal").table()
    assert dict(zip(by_deal["subject"], by_deal["path"], strict=True)) == {
        "d1": "portal > mail > telegram > mail",
        "d2": "portal > mail > mail",
    }
    # Up to the day itself the arrival is the conversion and no touch.
    assert trail.journeys("attended").paths().to_dicts()[0]["path"] == "portal > mail"
    assert trail.journeys("won", kinds=["click"]).table()["path"] == ["portal", "(unattributed)", "telegram"]
    assert trail.journeys("won", as_of="2026-03-06").table()["conversions"] == [0, 0]
    assert trail.journeys("won", lookback_days=12).table()["path"][:2] == ["portal > mail", "mail"]


def test_what_is_none_is_refused() -> None:
    trail = story()
    with pytest.raises(dt.UnknownNameError, match="no such conversion"):
        trail.journeys("bought")
    with pytest.raises(dt.UnknownNameError, match="no such conversion"):
        trail.journeys("milestone:")
    with pytest.raises(dt.UnknownNameError, match="no such subject"):
        trail.journeys(subject="event")  # type: ignore[arg-type]
    with pytest.raises(dt.UnknownNameError, match="no such kind of touch"):
        trail.journeys(kinds=["letter"])
    with pytest.raises(dt.InvalidArgumentError, match="attends nothing"):
        trail.journeys("attended", subject="deal")
    with pytest.raises(dt.InvalidArgumentError, match="lookback_days"):
        trail.journeys(lookback_days=-1)


def test_touches_of_nobody_or_of_no_known_source_are_listed() -> None:
    trail = story()
    trail.put("touches", [{"id": "t8", "announcement": "a-mail", "at": "2026-03-05", "kind": "call"}])
    trail.put("touches", [{"id": "t9", "person": "ann", "at": "2026-03-05", "kind": "call"}])
    problems = {row["code"]: row["first_rows"] for row in trail.journeys("won").problems}
    assert problems == {"no_subject": "t8", "no_channel": "t9"}


def test_one_kind_of_touch_may_be_a_text() -> None:
    trail = dt.Trail("RUB")
    assert trail.journeys("won", kinds="visit") == trail.journeys("won", kinds=["visit"])
    with pytest.raises(dt.UnknownNameError, match='no such kind of touch: "walk"'):
        trail.journeys("won", kinds="walk")
