"""Invoices on two levels, credit problems, other costs (M1.2, M1.3), worked by hand."""

from typing import Any

from .trail import OracleTrail

DAY = "2026-03-01T12:00:00+00:00"


def market(**options: Any) -> OracleTrail:
    """tg has announcements a1 (event e1) and a2 (e2); mail has b (no event), of partner p."""
    trail = OracleTrail(**options)
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "mail", "name": "Mail"}])
    trail.put("events", [{"id": "e1", "name": "One"}, {"id": "e2", "name": "Two"}])
    trail.put("partners", [{"id": "p", "name": "Portal"}, {"id": "q", "name": "Supplier"}])
    trail.put(
        "announcements",
        [
            {"id": "a1", "channel": "tg", "event": "e1", "published_at": DAY, "planned_cost": "300"},
            {
                "id": "a2",
                "channel": "tg",
                "event": "e2",
                "published_at": "2026-04-01",
                "planned_cost": "100",
                "budget_share": "0.5",
            },
            {"id": "b", "channel": "mail", "partner": "p"},
        ],
    )
    return trail


def invoice(trail: OracleTrail, amount: str, *lines: dict[str, Any], **fields: Any) -> OracleTrail:
    trail.put("invoices", [{"id": "i", "partner": "q", "amount": amount, "issued_at": "2026-02-01", **fields}])
    trail.put("invoice_lines", [{"id": f"i{place}", "invoice": "i", **line} for place, line in enumerate(lines)])
    return trail


def cost(trail: OracleTrail, by: str, **options: Any) -> dict[str, int]:
    return {row["key"]: row["cost"] for row in trail.cards(by, **options) if row["cost"]}


def test_two_levels_by_hand() -> None:
    # 1000.00: line 0 takes 100.00; the rest 900.00 goes 2 : 1 to lines 1 and 2 = 600.00 and 300.00.
    # Line 1 (channel tg, equal) = 300.00 to a1 and a2. Line 2 -> b.
    trail = invoice(
        market(),
        "1000",
        {"announcement": "a1", "amount": "100"},
        {"channel": "tg", "weight": "2"},
        {"announcement": "b"},
    )
    assert cost(trail, "announcement") == {"a1": 40_000, "a2": 30_000, "b": 30_000, "(total)": 100_000}
    assert cost(trail, "channel") == {"mail": 30_000, "tg": 70_000, "(total)": 100_000}
    assert cost(trail, "event") == {"e1": 40_000, "e2": 30_000, "(unattributed)": 30_000, "(total)": 100_000}
    # a1 and a2 have no partner, and what is placed on them is not the supplier's.
    assert cost(trail, "partner") == {"p": 30_000, "(unattributed)": 70_000, "(total)": 100_000}
    # At published_at; b has none, so issued_at.
    assert cost(trail, "month") == {"2026-02": 30_000, "2026-03": 40_000, "2026-04": 30_000, "(total)": 100_000}


def test_kopecks_of_a_split_tie() -> None:
    # 0.05 over three announcements of all channels: lines 0 and 1 share 5 kopecks as 3 and 2; line 0 (tg) 3 = 2 + 1.
    trail = invoice(market(), "0.05", {"channel": "tg"}, {"channel": "mail"})
    assert cost(trail, "announcement") == {"a1": 2, "a2": 1, "b": 2, "(total)": 5}


def test_split_by_planned_cost_and_budget_share() -> None:
    # 300 : 100 of 100.00; then only a2 has a budget share.
    assert cost(invoice(market(), "100", {"channel": "tg", "split": "planned_cost"}), "event") == {
        "e1": 7_500,
        "e2": 2_500,
        "(total)": 10_000,
    }
    assert cost(invoice(market(), "100", {"channel": "tg", "split": "budget_share"}), "event") == {
        "e2": 10_000,
        "(total)": 10_000,
    }
    trail = invoice(market(), "100", {"channel": "mail", "split": "planned_cost"})
    assert cost(trail, "announcement") == {"b": 10_000, "(total)": 10_000}
    assert trail.findings()[("split_keys_zero", "invoice_lines")] == ["i0"]


def test_event_and_service_period_narrow_the_announcements() -> None:
    assert cost(invoice(market(), "100", {"channel": "tg", "event": "e2"}), "announcement") == {
        "a2": 10_000,
        "(total)": 10_000,
    }
    period = {"service_from": DAY, "service_until": "2026-04-01T00:00:00+00:00"}  # a2 is published at its end: out
    assert cost(invoice(market(), "100", {"channel": "tg", **period}), "announcement") == {
        "a1": 10_000,
        "(total)": 10_000,
    }
    # b is undated: out as soon as either end is given, and the money stays with the channel; its partner is the
    # invoice's.
    trail = invoice(market(), "100", {"channel": "mail", "service_from": DAY})
    assert cost(trail, "channel") == {"mail": 10_000, "(total)": 10_000}
    assert cost(trail, "announcement") == {"(unattributed)": 10_000, "(total)": 10_000}
    assert cost(trail, "partner") == {"q": 10_000, "(total)": 10_000}
    assert trail.findings()[("unplaced_line", "invoice_lines")] == ["i0"]


def test_a_late_announcement_splits_again_and_a_cancelled_one_takes_its_part_back() -> None:
    trail = invoice(market(), "90", {"channel": "tg"})
    trail.put("announcements", [{"id": "a3", "channel": "tg"}])
    assert cost(trail, "announcement") == {"a1": 3_000, "a2": 3_000, "a3": 3_000, "(total)": 9_000}
    trail.put("announcements", [{"id": "a3", "channel": "tg", "status": "cancelled"}])
    assert cost(trail, "announcement") == {"a1": 4_500, "a2": 4_500, "(total)": 9_000}


def test_lines_below_and_above_the_invoice() -> None:
    trail = invoice(market(), "100", {"announcement": "a1", "amount": "70"})
    assert cost(trail, "channel") == {"tg": 7_000, "(unattributed)": 3_000, "(total)": 10_000}
    assert trail.findings() == {}
    # 70 + 50 exceed 100: the difference of -20 is unattributed, the line without an amount gets nothing.
    trail = invoice(
        market(),
        "100",
        {"announcement": "a1", "amount": "70"},
        {"announcement": "b", "amount": "50"},
        {"announcement": "a2"},
    )
    assert cost(trail, "announcement") == {"a1": 7_000, "b": 5_000, "(unattributed)": -2_000, "(total)": 10_000}
    assert trail.findings()[("invoice_over_lines", "invoices")] == ["i"]


def test_a_credit_note_takes_back_exactly() -> None:
    trail = invoice(market(), "0.05", {"channel": "tg"})
    trail.put("invoices", [{"id": "c", "amount": "-0.05", "issued_at": "2026-05-01"}])
    trail.put("invoice_lines", [{"id": "c0", "invoice": "c", "channel": "tg"}])
    assert cost(trail, "announcement") == {}
    # A credit note whose lines take back more than it says: -60 of -50; the line without an amount gets 0.
    trail = invoice(market(), "-50", {"announcement": "a1", "amount": "-60"}, {"announcement": "b"})
    assert cost(trail, "announcement") == {"a1": -6_000, "(unattributed)": 1_000, "(total)": -5_000}


def test_only_an_approved_invoice_counts_and_no_lines_is_a_finding() -> None:
    for status in ("draft", "cancelled"):
        assert cost(invoice(market(), "100", {"channel": "tg"}, status=status), "channel") == {}
    trail = invoice(market(), "100")
    assert cost(trail, "channel") == {"(unattributed)": 10_000, "(total)": 10_000}
    assert cost(trail, "partner") == {"q": 10_000, "(total)": 10_000}
    assert trail.findings() == {("unplaced_invoice", "invoices"): ["i"]}


def test_weights_that_are_zero_are_equal_and_negative_ones_zero() -> None:
    trail = invoice(market(), "100", {"announcement": "a1", "weight": "0"}, {"announcement": "b", "weight": "-3"})
    assert cost(trail, "announcement") == {"a1": 5_000, "b": 5_000, "(total)": 10_000}


def test_an_announcement_of_several_events_passes_its_cost_on_by_weight() -> None:
    # Weights 2 : 1 of 100.00 = 66.67 and 33.33; the rows replace the event of the announcement. e9 is not there.
    trail = invoice(market(), "100", {"announcement": "a1"})
    trail.put("announcement_events", [{"id": "x", "announcement": "a1", "event": "e2", "weight": "2"}])
    trail.put("announcement_events", [{"id": "y", "announcement": "a1", "event": "e9"}])
    assert cost(trail, "event") == {"e2": 6_667, "(unattributed)": 3_333, "(total)": 10_000}


def test_net_of_vat_is_carried_over_by_split() -> None:
    # Gross 120.00 in parts 70 and 50; net 100.00 = 58.33 1/3 and 41.66 2/3 -> 58.33 and 41.67.
    lines = ({"announcement": "a1", "amount": "70"}, {"announcement": "b"})
    trail = invoice(market(vat_basis="net"), "120", *lines, vat="20")
    assert cost(trail, "announcement") == {"a1": 5_833, "b": 4_167, "(total)": 10_000}
    # Parts 70 and 70 and a difference of -20: mixed signs, so each line x 100/120 = 58.333 -> 58.33, and -16.66 is
    # left.
    lines = ({"announcement": "a1", "amount": "70"}, {"announcement": "b", "amount": "70"})
    trail = invoice(market(vat_basis="net"), "120", *lines, vat="20")
    assert cost(trail, "announcement") == {"a1": 5_833, "b": 5_833, "(unattributed)": -1_666, "(total)": 10_000}


def test_foreign_money_waits_for_its_rate() -> None:
    trail = invoice(market(), "1000", {"channel": "tg"}, currency="JPY")
    assert cost(trail, "channel") == {}
    assert ("foreign_currency", "invoices") in trail.findings()
    # 1000 yen x 0.615 = 615.00 roubles, 307.50 to each. The later rate and the one of a later day do not count.
    trail.put("exchange_rates", [{"id": "r1", "currency": "JPY", "at": "2026-01-01", "rate": "0.5"}])
    trail.put("exchange_rates", [{"id": "r2", "currency": "JPY", "at": "2026-02-01", "rate": "0.615"}])
    trail.put("exchange_rates", [{"id": "r3", "currency": "JPY", "at": "2026-02-02", "rate": "9"}])
    assert cost(trail, "announcement") == {"a1": 30_750, "a2": 30_750, "(total)": 61_500}


def test_costs_reach_what_they_name() -> None:
    trail = market()
    trail.put(
        "costs",
        [
            {"id": "1", "kind": "venue", "event": "e1", "amount": "500", "at": DAY},
            {"id": "2", "kind": "marketing", "announcement": "a1", "amount": "40", "at": DAY},
            {
                "id": "3",
                "kind": "marketing",
                "announcement": "a1",
                "channel": "ghost",
                "event": "e2",
                "amount": "3",
                "at": DAY,
            },
            {"id": "4", "kind": "venue", "event": "e1", "amount": "9999", "at": DAY, "planned": True},
            {
                "id": "5",
                "kind": "time",
                "channel": "mail",
                "hours": "1.5",
                "rate": "0.03",
                "at": DAY,
            },  # 4.5 kopecks -> 4
        ],
    )
    assert cost(trail, "channel") == {"mail": 4, "tg": 4_000, "(unattributed)": 50_300, "(total)": 54_304}
    assert cost(trail, "event") == {"e1": 54_000, "e2": 300, "(unattributed)": 4, "(total)": 54_304}
    assert cost(trail, "announcement") == {"a1": 4_300, "(unattributed)": 50_004, "(total)": 54_304}


def test_a_cost_is_spread_by_day_in_the_zone() -> None:
    # 30 January 23:00 UTC is 31 January in Moscow; three days: 31 January, 1 and 2 February: 100.00 = 33.34 + 33.33 +
    # 33.33.
    trail = OracleTrail(zone="Europe/Moscow")
    span = {"at": "2026-01-30T23:00:00+00:00", "until": "2026-02-02T00:00:00"}
    trail.put("costs", [{"id": "1", "kind": "rent", "amount": "100", **span}])
    assert cost(trail, "month") == {"2026-01": 3_334, "2026-02": 6_666, "(total)": 10_000}
    trail.put("costs", [{"id": "1", "kind": "rent", "amount": "100", "at": DAY, "until": "9000-01-01"}])
    assert cost(trail, "month") == {"2026-03": 10_000, "(total)": 10_000}
    assert trail.findings() == {("absurd_span", "costs"): ["1"]}


def test_the_approval_clock_dates_an_invoice_by_its_approval() -> None:
    trail = invoice(market(), "100", {"announcement": "a1"}, approved_at="2026-05-05")
    assert cost(trail, "month") == {"2026-03": 10_000, "(total)": 10_000}
    assert cost(trail, "month", clock="approval") == {"2026-05": 10_000, "(total)": 10_000}


def test_a_session_shows_its_part_in_its_own_row_only() -> None:
    trail = market()
    trail.put("events", [{"id": "s", "name": "Session", "parent": "e1"}])
    trail.put("costs", [{"id": "1", "kind": "venue", "event": "s", "amount": "7", "at": DAY}])
    assert cost(trail, "event") == {"e1": 700, "s": 700, "(total)": 700}


def test_parents_in_a_circle_are_topmost_themselves() -> None:
    trail = market()
    trail.put("events", [{"id": "e1", "name": "n", "parent": "e2"}, {"id": "e2", "name": "n", "parent": "e1"}])
    trail.put("events", [{"id": "s", "name": "n", "parent": "e1"}])
    trail.put(
        "costs",
        [
            {"id": f"{fact_id}", "kind": "venue", "event": fact_id, "amount": "1", "at": DAY}
            for fact_id in ("e1", "e2", "s")
        ],
    )
    assert cost(trail, "event") == {"e1": 200, "e2": 100, "s": 100, "(total)": 300}
