"""SP.8: the laws of the design, on random histories, with the oracle of ``tests/oracle`` beside the library."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.cards import tables
from oracle.door import moment_of
from oracle.histories import History, Operation, history
from python.laws.comparing import (
    COUNTS,
    MONEY,
    RATIOS,
    TABLES,
    assert_same_cards,
    close,
    library_trail,
    oracle_trail,
    row_difference,
)

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

HISTORIES = range(200)
ORDERS = 5
VIEWS_AND_CLOCKS = [
    (view, clock) for view in ("marketing", "finance") for clock in ("activity", "placement", "approval")
]


def prefixes(made: History, step: int) -> list[int]:
    """After how many operations to look."""
    return [*range(step, len(made.operations), step), len(made.operations)]


@pytest.mark.parametrize("seed", HISTORIES)
def test_law_1_any_order_gives_the_same_bytes_and_cards(seed: int) -> None:
    made = history(seed)
    oracle = oracle_trail(made, made.order(0))
    expected = tables(oracle.state(), oracle.postings())
    first = library_trail(made, made.order(0))
    snapshot = first.snapshot()
    for number in range(ORDERS):
        trail = library_trail(made, made.order(number))
        assert trail.snapshot() == snapshot, f"order {number}"
        for by in TABLES:
            assert_same_cards(trail.cards(by=by).to_dicts(), expected[by], made.currency, (number, by))
        assert trail.findings().to_dicts() == first.findings().to_dicts(), f"order {number}"


@pytest.mark.parametrize("seed", range(40))
def test_law_1_the_same_facts_twice_change_nothing(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.order(0))
    snapshot = trail.snapshot()
    for operation in made.order(1):
        operation.apply(trail)
    assert trail.snapshot() == snapshot


@pytest.mark.parametrize("seed", range(40))
def test_law_1_a_restored_snapshot_is_the_same_trail(seed: int) -> None:
    made = history(seed, versioned=False)
    half = len(made.operations) // 2
    trail = library_trail(made, made.operations[:half])
    restored = dt.Trail.restore(trail.snapshot())
    assert restored.snapshot() == trail.snapshot()
    for by in TABLES:
        assert restored.cards(by=by).to_dicts() == trail.cards(by=by).to_dicts()
    # It goes on as if it had never been away: unversioned facts, stubs and conflicts included.
    for operation in made.operations[half:]:
        operation.apply(trail)
        operation.apply(restored)
    assert restored.snapshot() == trail.snapshot()


@pytest.mark.parametrize("seed", range(60))
def test_law_2_live_cards_equal_cards_from_scratch_and_the_oracle(seed: int) -> None:
    made = history(1_000 + seed, versioned=seed % 2 == 0)
    rng = Random(seed)
    live, oracle = library_trail(made), oracle_trail(made)
    done = 0
    for upto in prefixes(made, 10):
        for operation in made.operations[done:upto]:
            operation.apply(live)
            operation.apply(oracle)
        done = upto
        expected = tables(oracle.state(), oracle.postings())
        for by in TABLES:
            rows = live.cards(by=by).to_dicts()
            assert_same_cards(rows, expected[by], made.currency, (upto, by))
            for row in rng.sample(rows, min(3, len(rows))):
                assert live.card(row["key"], by=by) == row, (upto, by)
        scratch = library_trail(made, made.operations[:upto])
        by = rng.choice(TABLES)
        assert scratch.cards(by=by).to_dicts() == live.cards(by=by).to_dicts(), upto


@pytest.mark.parametrize("seed", range(60))
def test_law_2_views_clocks_times_and_periods_equal_the_oracle(seed: int) -> None:
    made = history(2_000 + seed, versioned=False)
    rng = Random(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    state = oracle.state()
    times = sorted({posting.active_from for posting in oracle.postings() if posting.active_from is not None})
    for view, clock in VIEWS_AND_CLOCKS:
        # The very moment at which a posting becomes active, and the microsecond before it.
        as_of = rng.choice([None, *times, *(time - 1 for time in times)])
        period = rng.choice([None, None, "2026-03", "2026-Q1", "2026", "2026-W14", "2026-01-01"])
        moment = None if as_of is None else moment_of(as_of)
        expected = tables(state, oracle.postings(view, clock, as_of), period)
        for by in rng.sample(TABLES, 2):
            rows = trail.cards(by=by, view=view, clock=clock, as_of=moment, period=period).to_dicts()
            assert_same_cards(rows, expected[by], made.currency, (by, view, clock, moment, period))


@pytest.mark.parametrize("seed", range(40))
def test_law_3_rows_and_unattributed_add_up_to_the_total(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.operations)
    totals = []
    for by in TABLES:
        *rows, total = trail.cards(by=by).to_dicts()
        totals.append({column: value for column, value in total.items() if column != "part_of"})  # of events alone
        if by == "event":
            continue  # a session shows in its own row what its topmost event has, too
        for column in (*COUNTS, *MONEY):
            assert sum(row[column] or 0 for row in rows) == (total[column] or 0), (by, column)
    assert all(total == totals[0] for total in totals)


@pytest.mark.parametrize("seed", range(40))
def test_law_3_every_kopeck_of_the_invoices_is_in_the_total(seed: int) -> None:
    made = history(seed)
    if made.vat_basis == "net":
        made.vat_basis = "gross"
    trail = library_trail(made, made.operations)
    parts: dict[str, Decimal] = defaultdict(Decimal)
    end_of_time = datetime(9999, 1, 1, tzinfo=timezone.utc)  # so that all placements have been published
    for row in trail.trace(by="channel", key="(total)", metric="cost", as_of=end_of_time).to_dicts():
        if row["kind"] == "invoices":
            parts[row["id"]] += row["part"]
    invoices = [row for row in trail.table("invoices").to_dicts() if row["currency"] in (None, made.currency)]
    for invoice in invoices:
        owed = (invoice["amount"] or 0) if invoice["status"] == "approved" else 0
        assert parts[invoice["id"]] == owed, invoice["id"]


def test_law_5_an_empty_trail_has_no_ratios() -> None:
    trail = dt.Trail(currency="RUB")
    for by in TABLES:
        rows = trail.cards(by=by).to_dicts()
        assert [row["key"] for row in rows] == ["(undated)" if by == "month" else "(unattributed)", "(total)"]
        for row in rows:
            assert all(row[ratio] is None for ratio in RATIOS)
            assert row["margin"] is None
            assert all(row[column] == 0 for column in (*COUNTS, "cost", "amount_won"))


def placed_free(trail: dt.Trail) -> dict[str, set[str]]:
    """Own and barter channels and announcements: without cost they have no cost per anything (M1.2).

    An announcement that does not say is as its channel.
    """
    channels = {row["id"]: row["paid"] for row in trail.table("channels").to_dicts()}
    announcements = {
        row["id"]: row["paid"] or channels.get(row["channel"]) for row in trail.table("announcements").to_dicts()
    }
    return {
        by: {key for key, paid in of.items() if paid in ("own", "barter")}
        for by, of in (("channel", channels), ("announcement", announcements))
    }


@pytest.mark.parametrize("seed", range(40))
def test_law_5_a_ratio_is_null_exactly_when_its_denominator_is_zero(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.operations)
    denominators = {
        "margin_known": "amount_won",
        "cost_per_announcement": "announcements",
        "cost_per_lead": "leads",
        "cost_per_lead_not_junk": "leads_not_junk",
        "cost_per_lead_qualified": "leads_qualified",
        "cost_per_registration": "registrations",
        "cost_per_new_face": "new_faces",
        "cost_per_deal": "deals",
        "cac": "new_customers",
        "roi_revenue": "cost",
        "roas": "cost",
    }
    free_keys = placed_free(trail)
    for by in TABLES:
        for row in trail.cards(by=by).to_dicts():
            free = row["cost"] == 0 and row["key"] in free_keys.get(by, ())
            for column, denominator in denominators.items():
                of_cost = column.startswith("cost_per") or column == "cac"
                needed = "cost" if of_cost else "amount_won"  # null when all its amounts were left out
                none = (of_cost and free) or row[needed] is None or not row[denominator]
                assert (row[column] is None) == none, (by, row["key"], column)
            no_cost = free or row["cost"] is None
            came = (row["attended"] or 0) + (row["walk_ins"] or 0)
            assert (row["cost_per_attendee"] is None) == (no_cost or came == 0)
            assert (row["roi_margin"] is None) == (not row["cost"] or row["margin"] is None)
            assert row["show_rate"] is None or 0 <= row["show_rate"] <= 1


def traced(trail: dt.Trail, by: str, key: str, metric: str, **options: Any) -> dict[str, Fraction]:
    """Sums of the parts behind a cell by their role."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for row in trail.trace(by=by, key=key, metric=metric, **options).to_dicts():
        assert row["kind"]
        assert row["id"]
        sums[row["role"]] += Fraction(row["part"])
    return sums


@pytest.mark.parametrize("seed", HISTORIES)
def test_law_8_the_parts_behind_every_cell_add_up_to_it(seed: int) -> None:
    made = history(seed, versioned=False)
    trail = library_trail(made, made.operations)
    view, clock = VIEWS_AND_CLOCKS[seed % len(VIEWS_AND_CLOCKS)]
    free_keys = placed_free(trail)
    for by in TABLES:
        for row in trail.cards(by=by, view=view, clock=clock).to_dicts():
            free = row["cost"] == 0 and row["key"] in free_keys.get(by, ())
            for metric in (*COUNTS, *MONEY, *RATIOS):
                sums = traced(trail, by, row["key"], metric, view=view, clock=clock)
                about = (by, row["key"], metric)
                if metric not in RATIOS:
                    assert sums["part"] == Fraction(row[metric] or 0), about
                elif row[metric] is None:
                    needs_cost = metric.startswith("cost_per") or metric == "cac"
                    left_out = row["cost"] is None or row["amount_won"] is None
                    unknown = left_out or row["margin"] is None or (free and needs_cost)
                    assert sums["denominator"] == 0 or unknown, about
                else:
                    assert close(row[metric], sums["numerator"] / sums["denominator"]), about


@pytest.mark.parametrize("seed", range(30))
def test_law_8_changes_of_facts_add_up_to_the_change_of_each_cell(seed: int) -> None:
    made = history(seed, versioned=False)
    half = len(made.operations) // 2
    before = library_trail(made, made.operations[:half])
    after = library_trail(made, made.operations)
    for by in TABLES:
        old = {row["key"]: row for row in before.cards(by=by).to_dicts()}
        new = {row["key"]: row for row in after.cards(by=by).to_dicts()}
        changes: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for change in after.diff(before, by=by).to_dicts():
            assert Fraction(change["after"]) - Fraction(change["before"]) == Fraction(change["change"])
            changes[change["key"], change["metric"]] += Fraction(change["change"])
        for key in {*old, *new}:
            for metric in (*COUNTS, *MONEY):
                was = old.get(key, {}).get(metric) or 0
                now = new.get(key, {}).get(metric) or 0
                assert changes[key, metric] == Fraction(now) - Fraction(was), (by, key, metric)


@pytest.mark.parametrize("seed", range(30))
def test_law_9_what_looks_wrong_is_in_the_findings(seed: int) -> None:
    made = history(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for finding in trail.findings().to_dicts():
        assert finding["count"] > 0
        assert finding["message"]
        assert finding["hint"]
        counts[finding["code"], finding["kind"]] += finding["count"]
    expected = oracle.findings()
    for code, kind in {
        ("identity_contradiction", "identity_links"),
        ("crowded_key", "people"),
        ("crowded_key", "companies"),
        ("invalid_inn", "people"),
        ("invalid_inn", "companies"),
        ("invalid_contact", "contact_points"),
        ("placeholder_contact", "contact_points"),
        ("arrival_without_event", "attendances"),
        ("unplaced_invoice", "invoices"),
        ("invoice_over_lines", "invoices"),
        *(key for key in [*expected, *counts] if key[0] == "equal_version_conflict"),
    }:
        assert counts[code, kind] == len(expected.get((code, kind), [])), (code, kind)


@pytest.mark.parametrize("seed", range(30))
def test_law_9_every_row_is_kept_or_listed(seed: int) -> None:
    made = history(seed)
    trail, oracle = dt.Trail(currency=made.currency, zone=made.zone), oracle_trail(made)
    for operation in made.in_batches(1):
        if operation.verb not in ("put", "stub"):
            continue
        rows = [dict(row) for row in operation.rows]
        report = trail.put(operation.kind, rows, stub=operation.verb == "stub")
        refused = oracle.put(operation.kind, rows, stub=operation.verb == "stub")
        assert (report.read, report.put, report.left_out) == (len(rows), len(rows) - len(refused), len(refused))


@pytest.mark.parametrize("seed", range(30))
def test_facts_come_back_as_they_went_in(seed: int) -> None:
    made = history(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    for kind in ("channels", "events", "announcements", "deals", "invoice_lines", "touches"):
        rows, expected = trail.table(kind).to_dicts(), oracle.rows(kind)
        assert [row["id"] for row in rows] == [row["id"] for row in expected]
        for row, wanted in zip(rows, expected, strict=True):
            for field, value in wanted.items():
                if isinstance(value, str) or value is None:
                    assert row[field] == value, (kind, row["id"], field)


def test_the_comparison_sees_a_difference() -> None:
    made = history(1)
    trail = library_trail(made, made.operations)
    oracle = oracle_trail(made, [*made.operations, Operation("put", "costs", (a_cost(),))])
    row, expected = trail.card("(total)"), oracle.card("(total)")
    assert "cost" in row_difference(row, expected, made.currency)


def a_cost() -> dict[str, Any]:
    """A cost that counts at once."""
    return {"id": "one more", "kind": "venue", "amount": "1", "at": "1995-01-01T00:00:00+00:00", "version": 1}
