"""PF.4: the partner conference worked by hand (M0.2, M0.5, M0.6, M0.7, M1.5, M4.4), for the library and the oracle."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import dealtrail as dt
from oracle import OracleTrail
from oracle.conference import conference
from oracle.funnel import funnel
from python.funnel.comparing import oracle_guests
from python.laws.comparing import close

STEPS = ("guests", "invited", "registered", "came", "attended", "walk_ins", "interested", "deal_guests", "won_guests")
RATES = ("registered_rate", "came_rate", "interested_rate", "deal_rate", "won_rate")


@pytest.fixture
def trail() -> dt.Trail:
    trail = dt.Trail(currency="RUB")
    for kind, rows in conference().items():
        trail.put(kind, rows)  # type: ignore[arg-type]
    return trail


@pytest.fixture
def oracle() -> OracleTrail:
    trail = OracleTrail()
    for kind, rows in conference().items():
        assert trail.put(kind, rows) == []
    return trail


def rows_of(trail: dt.Trail, **options: Any) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in dt.funnel.funnel(trail, **options).to_dicts()}


def test_the_funnel_of_the_day(trail: dt.Trail, oracle: OracleTrail) -> None:
    """5 invited (ann and bob with their firm), 3 registered, 3 came (fay walked in), 2 marked, ann bought."""
    row = rows_of(trail)["conf"]
    counts = (6, 5, 3, 3, 2, 1, 2, 1, 1)
    rates = (Fraction(3, 5), Fraction(2, 3), Fraction(2, 3), Fraction(1, 2), Fraction(1))
    assert tuple(row[name] for name in STEPS) == counts
    assert all(close(row[name], rate) for name, rate in zip(RATES, rates, strict=True))
    assert (row["deals"], row["won"], row["amount_won"], row["amount_open"]) == (2, 1, Decimal(1000), Decimal(500))
    # The goals beside: 4 guests, 4 deals, 2 000.
    assert (row["goal_registrations"], row["goal_came"], row["came_done"]) == (None, 4, 0.75)
    assert (row["deals_done"], row["goal_revenue"], row["revenue_done"]) == (0.5, Decimal(2000), 0.5)
    assert dt.funnel.funnel(trail).meta["deals_without_event"] == "1"
    guests, _, without_event = oracle_guests(oracle)
    worked = next(row for row in funnel(oracle.state(), guests) if row["key"] == "conf")
    assert tuple(worked[name] for name in STEPS) == counts
    assert tuple(worked[name] for name in RATES) == rates
    assert without_event == 1


def test_the_segment_is_the_one_of_the_invitation(trail: dt.Trail) -> None:
    """Delta was B when it was invited, and is A today; fay was not invited and has no card that says."""
    rows = rows_of(trail, by="segment")
    assert [(key, row["guests"], row["invited"], row["came"]) for key, row in rows.items()] == [
        ("A", 3, 3, 2),
        ("B", 2, 2, 0),
        ("(unattributed)", 1, 0, 1),
        ("(total)", 6, 5, 3),
    ]
    today = rows_of(trail, by="segment_potential")
    assert {key: row["guests"] for key, row in today.items()} == {"A": 4, "B": 1, "(unattributed)": 1, "(total)": 6}


def test_a_strict_chain_leaves_the_walk_in_out(trail: dt.Trail) -> None:
    row = rows_of(trail, order="strict")["conf"]
    assert tuple(row[name] for name in STEPS) == (5, 5, 3, 2, 2, 0, 1, 1, 1)
    from_the_door = rows_of(trail, order="strict", first="came")["conf"]
    assert tuple(from_the_door[name] for name in STEPS) == (3, 0, 0, 3, 2, 1, 2, 1, 1)


def test_channels_are_those_of_the_visit(trail: dt.Trail) -> None:
    """Bob's registration names no source, and nobody guesses one; delta and dan were invited by no announcement."""
    rows = rows_of(trail, by="channel")
    assert {key: row["guests"] for key, row in rows.items()} == {"mail": 2, "(unattributed)": 4, "(total)": 6}
    card = trail.card("mail")
    assert (rows["mail"]["registered"], rows["mail"]["attended"]) == (card["registrations"], card["attended"])


def test_managers_are_the_owners_at_the_time_and_those_who_left_can_be_left_out(trail: dt.Trail) -> None:
    """Max had alfa until the 5th and left on the 11th; beta is still on his name."""
    rows = rows_of(trail, by="manager")
    assert {key: (row["name"], row["guests"]) for key, row in rows.items()} == {
        "max": ("Max", 1),
        "mia": ("Mia", 2),
        "(unattributed)": (None, 3),
        "(total)": (None, 6),
    }
    assert set(rows_of(trail, by="manager", exclude_left=True)) == {"mia", "(unattributed)", "(total)"}
    assert rows_of(trail, manager="mia")["(total)"]["came"] == 2
    assert rows_of(trail, exclude_managers=["mia"])["(total)"]["came"] == 1


def test_a_day_ago_nothing_of_the_day_had_happened(trail: dt.Trail) -> None:
    row = rows_of(trail, as_of="2026-03-02T13:00Z")["conf"]
    assert tuple(row[name] for name in STEPS) == (5, 5, 2, None, None, None, 0, 0, 0)  # no fay yet, cat not registered
    assert row["interested_rate"] is None
    guest = dt.funnel.guests(trail, as_of="2026-03-02T13:00Z").to_dicts()[0]
    assert (guest["guest"], guest["begun"], guest["over"]) == ("ann", False, False)


def test_own_columns_and_periods(trail: dt.Trail) -> None:
    trail.declare("events", hall="string")
    trail.put("events", [{"id": "conf2", "name": "Second", "starts_at": "2026-04-10T10:00Z", "hall": "blue"}])
    trail.put("registrations", [{"id": "x", "event": "conf2", "person": "ann", "at": "2026-03-30T00:00Z"}])
    assert {key: row["guests"] for key, row in rows_of(trail, by="hall").items()} == {
        "blue": 1,
        "(unattributed)": 6,
        "(total)": 7,
    }
    assert list(rows_of(trail, period="2026-Q2")) == ["conf2", "(unattributed)", "(total)"]
    assert [row["registered"] for row in rows_of(trail, by="month").values()] == [3, 1, 0, 4]


def test_an_event_without_a_date_and_a_cancelled_one(trail: dt.Trail) -> None:
    trail.put(
        "events",
        [
            {"id": "someday", "name": "Some day"},
            {"id": "off", "name": "Off", "status": "cancelled", "starts_at": "2026-03-05T10:00Z"},
        ],
    )
    for event in ("someday", "off"):
        trail.put("registrations", [{"id": event, "event": event, "person": "ann", "at": "2026-03-01T00:00Z"}])
    rows = rows_of(trail)
    assert (rows["someday"]["registered"], rows["someday"]["starts_at"]) == (1, None)
    assert (rows["off"]["registered"], rows["off"]["state"]) == (1, "cancelled")
    assert list(rows_of(trail, period="2026-03")) == ["conf", "off", "(unattributed)", "(total)"]
    flags = {row["event"]: (row["begun"], row["over"]) for row in dt.funnel.guests(trail).to_dicts()}
    assert flags == {"conf": (True, True), "off": (False, False), "someday": (False, False)}


def test_a_person_who_is_deleted_and_comes_back(trail: dt.Trail) -> None:
    before = rows_of(trail)
    trail.remove("people", "ann")
    gone = dt.funnel.guests(trail).to_dicts()[0]
    # Known by the id also without a card; what the card said is gone, and with it alfa and its invitation.
    assert (gone["guest"], gone["name"], gone["came"], gone["company"]) == ("ann", None, True, None)
    trail.put("people", conference()["people"])
    assert rows_of(trail) == before


def test_two_cards_of_one_person_are_one_guest(trail: dt.Trail) -> None:
    trail.put("registrations", [{"id": "again", "event": "conf", "person": "ann2", "at": "2026-03-09T00:00Z"}])
    assert rows_of(trail)["conf"]["registered"] == 4
    trail.merge("people", "ann", "ann2")
    assert rows_of(trail)["conf"]["registered"] == 3


def test_refusals(trail: dt.Trail) -> None:
    with pytest.raises(dt.UnknownNameError, match="no topmost event"):
        dt.funnel.funnel(trail, event="closed")
    with pytest.raises(dt.UnknownNameError, match="nothing to group by"):
        dt.funnel.funnel(trail, by="colour")
    with pytest.raises(dt.UnknownNameError, match="unknown step"):
        dt.funnel.funnel(trail, first="bought")  # type: ignore[arg-type]
    with pytest.raises(dt.UnknownNameError, match="no such order"):
        dt.funnel.funnel(trail, order="loose")  # type: ignore[arg-type]


def test_an_empty_trail_has_no_rates() -> None:
    rows = dt.funnel.funnel(dt.Trail(currency="RUB")).to_dicts()
    assert [row["key"] for row in rows] == ["(unattributed)", "(total)"]
    assert all(row[name] is None for row in rows for name in (*RATES, "came_of_all", "goal_came", "came_done"))


def calls(trail: dt.Trail, *columns: str, **options: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in dt.funnel.exits(trail, **options).to_dicts()]


def test_whom_to_call_after_the_day(trail: dt.Trail) -> None:
    """At noon of the 31st: cat did not come (max had beta), fay is on no list, ann's offer is overdue."""
    assert calls(trail, "manager", "list", "guest", "days") == [
        ("max", "did_not_come", "cat", 21),
        ("mia", "overdue", "ann", 18),
        (None, "no_follow_up", "fay", 21),
        (None, "no_contact", "fay", 21),
        (None, "no_offer", "fay", 20),
    ]
    ann = dt.funnel.exits(trail, lists="overdue").to_dicts()[0]
    assert (ann["name"], ann["company_name"], ann["phone"], ann["email"]) == (
        "Ann",
        "Alfa",
        "+7 495 000-00-01",
        "ann@alfa.example",
    )
    assert (ann["reason"], ann["activity"]) == ("promised offer, not done", "t1")
    # Her firm's deal is open; cat's segment has won 1 000 with one deal; nothing is known of fay's.
    assert calls(
        trail, "guest", "at_stake", "at_stake_from", "won_sum", "won_count", lists=["did_not_come", "overdue"]
    ) == [
        ("cat", Decimal(1000), "segment_average", Decimal(1000), 1),
        ("ann", Decimal(500), "open_deals", None, None),
    ]
    assert calls(trail, "at_stake", "at_stake_from", lists="no_offer") == [(None, None)]
    # Beta's phone stands for cat, who has none.
    assert calls(trail, "phone", manager="max") == [("+7 495 000-00-02",)]
    assert calls(trail, "guest", event="conf", days=30, lists="no_contact") == []


def test_whom_to_call_before_the_day(trail: dt.Trail) -> None:
    """On the 6th: delta has not answered, dan has cancelled; four days to go."""
    found = calls(trail, "guest", "list", "reason", "days", as_of="2026-03-06T09:00Z")
    assert found == [
        ("dan", "not_registered", "invited, cancelled the registration; days to the event: 4", 18),
        ("delta", "not_registered", "invited, not registered; days to the event: 4", 18),
    ]
    assert calls(trail, "guest", as_of="2026-03-06T09:00Z", segments="A") == []


def test_nobody_is_called_about_a_cancelled_event(trail: dt.Trail) -> None:
    trail.put("events", [{**conference()["events"][0], "status": "cancelled"}])
    assert set(dt.funnel.exits(trail)["list"]) == {"overdue", "no_follow_up", "no_contact", "no_offer"}
    assert calls(trail, "guest", as_of="2026-03-06T09:00Z") == []


def test_the_order_of_follow_up(trail: dt.Trail) -> None:
    """Ann asked for an offer (50), was in the closed session (20), has an open deal (30), nobody called her (10)."""
    columns = ["manager", "guest", "level", "points", "reasons"]
    rows = [tuple(row.values()) for row in dt.funnel.priority(trail).select(columns).to_dicts()]
    assert rows == [
        (
            "mia",
            "ann",
            "high",
            110,
            "asked for an offer; has an open deal; was in a closed session; nobody has been in touch since",
        ),
        (None, "fay", "medium", 30, "was interested in a product; nobody has been in touch since"),
    ]
    assert len(dt.funnel.priority(trail, manager="mia")) == 1
