"""Leads, deals, claims, customers, announcements, months, as_of, clocks, periods; worked by hand."""

from fractions import Fraction
from typing import Any

from .door import utc_us
from .trail import OracleTrail


def day(number: int, month: int = 3) -> str:
    return f"2026-{month:02}-{number:02}T12:00:00+00:00"


def shop(**options: Any) -> OracleTrail:
    trail = OracleTrail(**options)
    trail.put("channels", [{"id": "tg", "name": "Telegram", "state": "test"}])
    trail.put("announcements", [{"id": "a", "channel": "tg", "published_at": day(1), "creative": "blue"}])
    return trail


def deal(trail: OracleTrail, fact_id: str, **fields: Any) -> None:
    trail.put("deals", [{"id": fact_id, "announcement": "a", "created_at": day(2), **fields}])


def figures(trail: OracleTrail, *names: str, key: str = "tg", by: str = "channel", **options: Any) -> tuple[Any, ...]:
    card = trail.card(key, by, **options)
    return tuple(card[name] for name in names)


MONEY = ("deals", "won", "amount_won", "margin", "margin_known")


def test_won_amount_and_margin() -> None:
    trail = shop()
    deal(trail, "1", outcome="won", amount="100", cost="60", closed_at=day(5))
    deal(trail, "2", outcome="won", amount="50", closed_at=day(6))
    deal(trail, "3", outcome="open", amount="999", cost="1")
    assert figures(trail, *MONEY) == (3, 2, 15_000, 4_000, Fraction(2, 3))
    trail.put("costs", [{"id": "c", "kind": "marketing", "channel": "tg", "amount": "30", "at": day(1)}])
    # roi = (150 - 30) / 30 = 4; by margin (40 - 30) / 30 = 1/3; roas = 150 / 30.
    assert figures(trail, "roi_revenue", "roi_margin", "roas", "cost_per_deal") == (4, Fraction(1, 3), 5, 10)
    assert figures(trail, *MONEY, key="(unattributed)") == (0, 0, 0, None, None)


def test_margin_of_nothing_is_known_to_be_zero() -> None:
    trail = shop()
    deal(trail, "1", outcome="won", amount="60", cost="60")
    assert figures(trail, *MONEY) == (1, 1, 6_000, 0, 1)


def test_net_of_vat_and_foreign_deals() -> None:
    trail = shop(vat_basis="net")
    deal(trail, "1", outcome="won", amount="120", vat="20", cost="60", closed_at=day(5))
    assert figures(trail, *MONEY) == (1, 1, 10_000, 4_000, 1)
    # 12.00 - 2.00 dollars x 90.5 = 905.00; margin (10.00 - 6.00) x 90.5 = 362.00. Without the rate only the count.
    deal(trail, "2", outcome="won", amount="12", vat="2", cost="6", closed_at=day(5), currency="USD")
    assert figures(trail, *MONEY) == (2, 2, 10_000, 4_000, 1)
    trail.put("exchange_rates", [{"id": "r", "currency": "USD", "at": day(5), "rate": "90.5"}])
    assert figures(trail, *MONEY) == (2, 2, 100_500, 40_200, 1)


def test_claims_rule() -> None:
    # A deal lost in Claims by defect and refund: won in marketing, lost in finance. A claim is never a second win.
    trail = shop()
    when = {
        "all": [
            {"field": "pipeline", "op": "eq", "value": "claims"},
            {"field": "lost_reason", "op": "in", "value": ["defect", "refund"]},
        ]
    }
    trail.rules = [{"name": "claims", "view": "marketing", "outcome": "won", "when": when, "from": None, "until": None}]
    deal(trail, "sale", outcome="lost", pipeline="claims", lost_reason="defect", amount="100")
    deal(trail, "other", outcome="lost", pipeline="claims", lost_reason="price", amount="100")
    deal(trail, "claim", outcome="won", amount="70", parent="sale")
    deal(trail, "orphan", outcome="won", amount="70", parent="ghost")
    assert figures(trail, "deals", "won", "amount_won", "new_customers") == (2, 1, 10_000, 1)
    assert figures(trail, "deals", "won", "amount_won", "new_customers", view="finance") == (2, 0, 0, 0)


def test_a_rule_is_in_force_by_the_date_of_the_deal() -> None:
    trail = shop()
    trail.rules = [
        {"name": "r", "view": "marketing", "outcome": "won", "when": {"all": []}, "from": day(5), "until": day(7)}
    ]
    for fact_id, closed in (("4", 4), ("5", 5), ("7", 7)):
        deal(trail, fact_id, outcome="lost", closed_at=day(closed))
    assert figures(trail, "won") == (1,)


def test_the_won_time_is_closed_at_else_the_latest_move_else_created_at() -> None:
    trail = shop()
    for fact_id in ("closed", "moved", "made"):
        deal(trail, fact_id, outcome="won", closed_at=day(1, 6) if fact_id == "closed" else None)
    trail.put("moves", [{"id": "1", "deal": "moved", "field": "stage", "to": "x", "at": day(1, 5)}])
    trail.put("moves", [{"id": "2", "deal": "moved", "field": "tier", "to": "x", "at": day(1, 4)}])
    trail.put("moves", [{"id": "3", "deal": "closed", "field": "stage", "to": "x", "at": day(1, 7)}])
    won = {row["key"]: row["won"] for row in trail.cards("month")}
    assert won == {"2026-03": 1, "2026-05": 1, "2026-06": 1, "(undated)": 0, "(total)": 3}


def test_new_customers_are_companies_then_people_then_deals() -> None:
    trail = shop()
    trail.merge("companies", "acme", "acme2")
    for fact_id, fields in {
        "1": {"company": "acme", "person": "ann"},
        "2": {"company": "acme2", "person": "bob"},
        "3": {"person": "ann"},
        "4": {"person": "ann"},
        "5": {},
        "6": {},
        "7": {"person": "cid", "outcome": "lost"},
    }.items():
        deal(trail, fact_id, **{"outcome": "won", "closed_at": day(9), **fields})
    # acme (1), ann (3), 5 and 6 by themselves.
    assert figures(trail, "won", "new_customers") == (6, 4)
    first = sorted(posting.id for posting in trail.postings() if posting.metric == "new_customers")
    assert first == ["1", "3", "5", "6"]


def test_leads_by_quality() -> None:
    trail = shop()
    trail.put(
        "leads",
        [
            {"id": "1", "announcement": "a", "created_at": day(2), "qualified_at": day(4), "outcome": "converted"},
            {"id": "2", "announcement": "a", "created_at": day(2), "qualified_at": day(3), "outcome": "junk"},
            {"id": "3", "announcement": "a", "created_at": day(5)},
        ],
    )
    assert figures(trail, "leads", "leads_not_junk", "leads_qualified") == (3, 2, 1)
    assert figures(trail, "leads", "leads_not_junk", "leads_qualified", as_of=day(3)) == (2, 1, 0)
    assert figures(trail, "leads", "leads_not_junk", "leads_qualified", as_of=day(4)) == (2, 1, 1)


def test_a_count_goes_whole_to_the_heaviest_event_and_money_by_weight() -> None:
    trail = shop()
    trail.put("events", [{"id": fact_id, "name": fact_id} for fact_id in ("e1", "e2", "e3")])
    for fact_id, weight in (("e1", "1"), ("e2", "1"), ("e3", "0.5")):
        trail.put("announcement_events", [{"id": fact_id, "announcement": "a", "event": fact_id, "weight": weight}])
    deal(trail, "1", outcome="won", amount="0.07")
    # 7 kopecks x 1 : 1 : 0.5 = 2.8, 2.8, 1.4 -> 3, 3, 1. The count: to e1, the smaller id of the two heaviest.
    assert [figures(trail, "deals", "amount_won", by="event", key=key) for key in ("e1", "e2", "e3")] == [
        (1, 3),
        (0, 3),
        (0, 1),
    ]
    # The deal's registration is for e3: all of it goes there.
    trail.put("registrations", [{"id": "r", "event": "e3", "at": day(1)}])
    deal(trail, "1", outcome="won", amount="0.07", registration="r")
    assert [figures(trail, "deals", "amount_won", by="event", key=key) for key in ("e1", "e2", "e3")] == [
        (0, 0),
        (0, 0),
        (1, 7),
    ]


def test_announcements_are_counted_in_every_event_they_serve_but_once_in_the_total() -> None:
    # a serves session s of e2, and e3. Counted on e2 (topmost of s, the first by id), and for the eye on s and e3.
    trail = shop()
    trail.put(
        "events",
        [{"id": "e2", "name": "n"}, {"id": "e3", "name": "n"}, {"id": "d-session", "name": "n", "parent": "e2"}],
    )
    for event in ("d-session", "e3", "ghost"):
        trail.put("announcement_events", [{"id": event, "announcement": "a", "event": event}])
    counts = {row["key"]: row["announcements"] for row in trail.cards("event")}
    assert counts == {"d-session": 1, "e2": 1, "e3": 1, "(unattributed)": 0, "(total)": 1}
    for status in ("planned", "cancelled"):
        trail.put("announcements", [{"id": "a", "channel": "tg", "status": status}])
        assert figures(trail, "announcements", "open") == (0, 0)


def test_open_until_the_look_back_is_over_and_the_event_has_ended() -> None:
    # Published 1 March, look-back 30 days: young until 31 March 12:00, or until the event's end on 5 April.
    trail = shop(lookback_days=30)
    assert figures(trail, "open", as_of="2026-02-28T00:00:00+00:00") == (0,)
    assert figures(trail, "open", as_of=day(1)) == (1,)
    assert figures(trail, "open", as_of="2026-03-31T11:59:59.999999+00:00") == (1,)
    assert figures(trail, "open", as_of=day(31)) == (0,)
    trail.put("events", [{"id": "e", "name": "n", "starts_at": day(1, 4), "ends_at": day(5, 4)}])
    trail.put("announcements", [{"id": "a", "channel": "tg", "event": "e", "published_at": day(1)}])
    assert figures(trail, "open", as_of=day(4, 4)) == (1,)
    assert figures(trail, "open", as_of=day(5, 4)) == (0,)


def test_now_is_the_latest_time_at_which_something_happened() -> None:
    trail = shop()
    assert trail.now() is None
    trail.put("activities", [{"id": "1", "kind": "task", "at": day(20), "due_at": day(25), "done_at": day(4)}])
    trail.put(
        "touches",
        [{"id": "1", "kind": "call", "at": "2100-01-01T00:00:00+00:00"}, {"id": "2", "kind": "call", "at": day(3)}],
    )
    trail.put("costs", [{"id": "1", "kind": "rent", "channel": "tg", "amount": "1", "at": day(4)}])
    trail.put("costs", [{"id": "2", "kind": "rent", "channel": "tg", "amount": "2", "at": day(5)}])
    trail.put("costs", [{"id": "3", "kind": "rent", "channel": "tg", "amount": "5", "at": day(2), "until": day(6)}])
    # IN.8: the second arises after the last activity and counts; of the third three days of five have come.
    assert (trail.now(), figures(trail, "cost")) == (utc_us(day(4), "UTC"), (600,))
    trail.remove("activities", "1")
    assert (trail.now(), figures(trail, "cost")) == (utc_us(day(3), "UTC"), (500,))
    assert figures(trail, "cost", as_of=day(4)) == (400,)
    deal(trail, "1", closed_at=day(5))
    assert figures(trail, "cost") == (700,)


def test_the_placement_clock_dates_everything_by_its_announcement() -> None:
    trail = shop()
    deal(trail, "1", created_at=day(2, 6))
    trail.put("deals", [{"id": "2", "created_at": day(2, 6)}])
    by_month = {row["key"]: row["deals"] for row in trail.cards("month", clock="placement")}
    assert by_month == {"2026-03": 1, "2026-06": 1, "(undated)": 0, "(total)": 2}
    # Its active-from time does not change: not counted before June.
    assert figures(trail, "deals", clock="placement", as_of=day(1, 6)) == (0,)


def test_periods_and_months_are_those_of_the_zone() -> None:
    trail = shop(zone="Europe/Moscow")
    deal(trail, "1", created_at="2026-03-31T21:00:00+00:00")  # 1 April in Moscow
    trail.put("deals", [{"id": "stub"}], stub=True)
    for period, count in (
        ("2026-04", 1),
        ("2026-03", 0),
        ("2026-Q2", 1),
        ("2026", 1),
        ("2026-04-01", 1),
        ("2026-W14", 1),
        ("2026-W13", 0),
    ):
        assert figures(trail, "deals", period=period) == (count,)
    assert {row["key"]: row["deals"] for row in trail.cards("month")} == {
        "2026-03": 0,
        "2026-04": 1,
        "(undated)": 1,
        "(total)": 2,
    }
    assert [row["key"] for row in trail.cards("month", period="2026-Q2")] == ["2026-04", "(undated)", "(total)"]


def test_partners_own_link_decides() -> None:
    trail = shop()
    trail.put("partners", [{"id": "p", "name": "P"}, {"id": "q", "name": "Q"}])
    trail.put("announcements", [{"id": "a", "channel": "tg", "partner": "p", "published_at": day(1)}])
    deal(trail, "1")
    deal(trail, "2", partner="q")
    deal(trail, "3", partner="ghost")
    assert {row["key"]: row["deals"] for row in trail.cards("partner")} == {
        "p": 1,
        "q": 1,
        "(unattributed)": 1,
        "(total)": 3,
    }


def test_rows_are_those_of_present_facts_with_name_and_state() -> None:
    trail = shop()
    assert [(row["key"], row["name"], row["state"]) for row in trail.cards()] == [
        ("tg", "Telegram", "test"),
        ("(unattributed)", None, None),
        ("(total)", None, None),
    ]
    assert figures(trail, "name", "state", key="a", by="announcement") == ("blue", "out")


def test_refunds_stand_at_their_own_date_on_the_sale_they_take_back() -> None:
    trail = OracleTrail()
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "mail", "name": "Mail"}])
    trail.put("announcements", [{"id": "a", "channel": "tg"}, {"id": "b", "channel": "mail"}])
    sale = {"person": "ann", "outcome": "won", "created_at": "2026-03-01", "closed_at": "2026-03-01"}
    trail.put(
        "deals",
        [
            {**sale, "id": "big", "announcement": "a", "amount": 100},
            {**sale, "id": "small", "announcement": "b", "amount": 10},
            {**sale, "id": "note", "announcement": "b", "amount": -60, "closed_at": "2026-04-01"},
        ],
    )
    trail.put("payments", [{"id": "p", "deal": "big", "kind": "sale", "amount": 100, "at": "2026-03-02"}])
    card, total = trail.card("tg"), trail.card("(total)")
    assert (card["paid"], card["refunded"], total["won"], total["amount_won"]) == (10_000, 6_000, 2, 11_000)
    assert trail.card("2026-04", "month")["refunded"] == 6_000
    # The same money as a payment counts once; a second sale of that size makes it nobody's.
    trail.put("payments", [{"id": "q", "deal": "note", "kind": "refund", "amount": -60, "at": "2026-04-02"}])
    assert trail.card("(total)")["refunded"] == 6_000
    trail.put("deals", [{**sale, "id": "other", "announcement": "b", "amount": 80}])
    assert trail.card("(unattributed)")["refunded"] == 6_000
    assert trail.findings()[("refund_without_sale", "payments")] == ["q"]
