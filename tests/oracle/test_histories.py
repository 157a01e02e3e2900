"""The oracle obeys the laws itself, and the histories are what they promise."""

import pytest

from .cards import METRICS, tables
from .histories import History, Operation, history
from .trail import OracleTrail


def trail_of(made: History, operations: list[Operation]) -> OracleTrail:
    trail = OracleTrail(made.currency, made.zone, made.vat_basis, made.lookback_days, made.max_per_key)
    trail.rules = made.rules
    for operation in operations:
        operation.apply(trail)
    return trail


@pytest.mark.parametrize("seed", range(25))
def test_any_order_gives_the_same_state_and_cards(seed: int) -> None:
    made = history(seed)
    first = trail_of(made, made.order(0))
    for number in (1, 2, 3, 4):
        other = trail_of(made, made.order(number))
        assert other.state().rows == first.state().rows
        assert other.findings() == first.findings()
        assert other.cards("channel") == first.cards("channel")


@pytest.mark.parametrize("seed", range(25))
def test_neighbours_put_together_give_the_same(seed: int) -> None:
    made = history(seed, versioned=False)
    assert trail_of(made, made.in_batches(1)).state().rows == trail_of(made, made.order(0)).state().rows


@pytest.mark.parametrize("seed", range(25))
def test_rows_and_unattributed_add_up_to_the_total_of_every_table(seed: int) -> None:
    made = history(seed)
    trail = trail_of(made, made.order(0))
    totals = []
    for by, rows in tables(trail.state(), trail.postings()).items():
        for metric in METRICS:
            parts = [row[metric] or 0 for row in rows[:-1]]
            if by != "event":  # a session shows what its topmost event has, too
                assert sum(parts) == (rows[-1][metric] or 0), (by, metric)
        totals.append({name: cell for name, cell in rows[-1].items() if name != "part_of"})  # of events alone
    assert all(total == totals[0] for total in totals)


def test_the_same_seed_gives_the_same_history() -> None:
    assert history(3).operations == history(3).operations
    assert history(3).order(2) == history(3).order(2)
    assert history(3).operations != history(4).operations
