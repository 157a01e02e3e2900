"""PF.4: guests and their funnel (M0.2, M0.5, M0.6, M1.5, M4.4) equal the oracle's on random histories."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from house.tree import ROOT
from oracle.door import moment_of
from oracle.events import topmost
from oracle.funnel import funnel
from oracle.guest_histories import guest_history
from python.funnel.comparing import assert_same, oracle_guests
from python.laws.comparing import library_trail, oracle_trail

BY = ("event", "channel", "announcement", "partner", "month", "segment", "brand", "manager", "company", "person")


@pytest.mark.parametrize("seed", range(150))
def test_guests_and_funnels_of_random_histories_equal_the_oracle(seed: int) -> None:
    made = guest_history(seed, versioned=seed % 2 == 0)
    rng = Random(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    state = oracle.state()
    times = [
        row[field]
        for kind, field in (
            ("invitations", "sent_at"),
            ("signals", "at"),
            ("activities", "done_at"),
            ("attendances", "at"),
            ("deals", "closed_at"),
            ("events", "starts_at"),
        )
        for row in state.all(kind)
    ]
    known = sorted(time for time in times if time is not None)
    for view in ("marketing", "finance"):
        as_of = rng.choice([None, None, *known, *(time - 1 for time in known)])
        moment = None if as_of is None else moment_of(as_of)
        rows, _, without_event = oracle_guests(oracle, view, as_of)
        table = dt.funnel.guests(trail, view=view, as_of=moment)
        assert_same(table, rows, made.currency, (view, moment))
        assert int(table.meta["deals_without_event"]) == without_event
        for by in BY:
            options: dict[str, Any] = {
                "event": rng.choice([None, None, *(e for e in state.rows["events"] if topmost(state, e) == e)]),
                "period": rng.choice([None, None, "2026-03", "2026-Q1", "2026"]),
                "manager": rng.choice([None, None, ["man0", "man1"], ["nobody"]]),
                "exclude_managers": rng.choice([[], [], ["man2"]]),
                "exclude_left": rng.random() < 0.3,
                "order": rng.choice(["any", "strict"]),
                "first": rng.choice(["invited", "registered", "came"]),
            }
            expected = funnel(state, rows, by, **options)
            shown = dt.funnel.funnel(trail, by=by, view=view, as_of=moment, **options)
            assert_same(shown, expected, made.currency, (view, moment, by, options))


@pytest.mark.parametrize("seed", range(60))
def test_the_funnel_by_event_is_the_card_by_event(seed: int) -> None:
    """Registrations, arrivals, walk-ins and sales are the card's; money too, where an announcement serves one event."""
    made = guest_history(500 + seed, versioned=seed % 2 == 0)
    trail = library_trail(made, made.operations)
    shared = {row["announcement"] for row in trail.table("announcement_events").to_dicts()}
    for view in ("marketing", "finance"):
        cards = {row["key"]: row for row in trail.cards(by="event", view=view).to_dicts()}
        rows = {row["key"]: row for row in dt.funnel.funnel(trail, view=view).to_dicts()}
        sessions = set(cards) - set(rows)
        assert all(row["parent"] for row in trail.table("events").to_dicts() if row["id"] in sessions)
        for key in set(rows) - {"(unattributed)", "(total)"}:
            row, card = rows[key], cards[key]
            assert (row["registered"], row["attended"], row["walk_ins"]) == (
                card["registrations"],
                card["attended"],
                card["walk_ins"],
            ), key
            assert row["deals"] == card["deals"], key
            assert row["won"] == card["won"], key
            assert shared or row["amount_won"] == (card["amount_won"] or 0), key
        total, card = rows["(total)"], cards["(total)"]
        assert (total["registered"], total["came"]) == (card["registrations"], card["attended"] + card["walk_ins"])
        apart = int(dt.funnel.funnel(trail, view=view).meta["deals_without_event"])
        assert total["deals"] + apart == card["deals"]


@pytest.mark.parametrize("seed", range(60))
def test_rows_add_up_to_the_total(seed: int) -> None:
    made = guest_history(700 + seed)
    trail = library_trail(made, made.operations)
    counts = ("guests", "invited", "registered", "came", "interested", "deal_guests", "won_guests", "deals", "won")
    totals = []
    for by in BY:
        *rows, total = dt.funnel.funnel(trail, by=by).to_dicts()
        for column in (*counts, "attended", "walk_ins", "tickets", "tickets_attended", "amount_won", "amount_open"):
            # Who came is null where nobody looked.
            assert sum(row[column] or 0 for row in rows) == (total[column] or 0), (by, column)
        totals.append([total[column] for column in counts])
    assert all(total == totals[0] for total in totals)
    channels = {row["key"]: row for row in trail.cards().to_dicts()}
    for row in dt.funnel.funnel(trail, by="channel").to_dicts()[:-2]:
        card = channels[row["key"]]
        assert (row["registered"], row["attended"]) == (card["registrations"], card["attended"])
        assert row["walk_ins"] == card["walk_ins"]


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_the_facts_does_not_show(seed: int) -> None:
    made = guest_history(900 + seed)
    first = library_trail(made, made.order(0))
    for number in (1, 2):
        other = library_trail(made, made.order(number))
        for table in (dt.funnel.guests, dt.funnel.funnel, dt.funnel.exits, dt.funnel.priority):
            assert table(other).to_dicts() == table(first).to_dicts(), (number, table.__name__)


def test_the_page_tells_every_column_of_guests() -> None:
    page = (ROOT / "docs/funnel/funnel.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (?:text|time|count|flag|money) \|", page, re.MULTILINE)
    assert [*told, "key"] == dt.funnel.guests(dt.Trail(currency="RUB")).columns
