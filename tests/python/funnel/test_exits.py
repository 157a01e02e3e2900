"""PF.4: the lists of people to call (M0.7) equal the oracle's on random histories."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.door import moment_of
from oracle.events import topmost
from oracle.funnel import LISTS, exits
from oracle.guest_histories import guest_history
from python.funnel.comparing import assert_same, oracle_guests
from python.laws.comparing import library_trail, oracle_trail


def times_of(state: Any) -> list[int]:
    """Moments at which something changes for the lists."""
    fields = (("invitations", "sent_at"), ("signals", "at"), ("activities", "due_at"), ("events", "starts_at"))
    return sorted({row[field] for kind, field in fields for row in state.all(kind) if row[field] is not None})


@pytest.mark.parametrize("seed", range(150))
def test_exits_of_random_histories_equal_the_oracle(seed: int) -> None:
    made = guest_history(1_000 + seed, versioned=seed % 2 == 0)
    rng = Random(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    state = oracle.state()
    known = times_of(state)
    for view in ("marketing", "finance"):
        as_of = rng.choice([None, None, *known, *(time + 1 for time in known)])
        rows, promises, _ = oracle_guests(oracle, view, as_of)
        options: dict[str, Any] = {
            "event": rng.choice(
                [None, None, *(event for event in state.rows["events"] if topmost(state, event) == event)]
            ),
            "manager": rng.choice([None, None, ["man0", "man1"]]),
            "lists": rng.choice([None, None, rng.sample(LISTS, 3)]),
            "segments": rng.choice([[], [], ["A"]]),
            "days": rng.choice([14, 0, 1, 60]),
        }
        moment = None if as_of is None else moment_of(as_of)
        expected = exits(state, rows, promises, oracle.as_of() if as_of is None else as_of, **options)
        table = dt.funnel.exits(trail, view=view, as_of=moment, **options)
        assert_same(table, expected, made.currency, (view, moment, options))


def test_random_histories_reach_every_list() -> None:
    found: set[str] = set()
    for seed in range(30):
        made = guest_history(1_000 + seed)
        found |= set(dt.funnel.exits(library_trail(made, made.operations))["list"])
    assert found == set(LISTS)
