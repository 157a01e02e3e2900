"""Removal effects in a Markov chain (docs/attribution/markov.md), the slow way: fractions, one chain per channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

State = tuple[str, ...]


@dataclass(frozen=True)
class Path:
    """Channels in order, and what became of those who went that way."""

    channels: tuple[str, ...]
    conversions: int
    nulls: int = 0
    value: int = 0


def states(channels: Sequence[str], order: int) -> list[State]:
    """The last ``order`` touches at each touch; one shorter state of a shorter path; repeats once."""
    size = min(order, len(channels))
    windows = [tuple(channels[at : at + size]) for at in range(len(channels) - size + 1)]
    return [window for at, window in enumerate(windows) if at == 0 or window != windows[at - 1]]


def chances(paths: Sequence[Path], order: int, removed: str | None = None) -> tuple[Fraction, Fraction]:
    """The chance of a conversion and the mean value from the start; who comes to ``removed`` is lost."""
    steps: dict[State, dict[State, int]] = defaultdict(lambda: defaultdict(int))
    left: dict[State, int] = defaultdict(int)
    won: dict[State, int] = defaultdict(int)
    value: dict[State, int] = defaultdict(int)
    for path in paths:
        at: State = ()
        for state in states(path.channels, order):
            steps[at][state] += path.conversions + path.nulls
            left[at] += path.conversions + path.nulls
            at = state
        left[at] += path.conversions + path.nulls
        won[at] += path.conversions
        value[at] += path.value if path.conversions else 0
    places = {state: place for place, state in enumerate(left)}
    rows: list[list[Fraction]] = []
    for state in places:
        row = [Fraction(0)] * (len(places) + 2)
        row[places[state]] = Fraction(1)
        if removed not in state:
            for to, count in steps[state].items():
                row[places[to]] -= Fraction(count, left[state])
            row[-2] = Fraction(won[state], left[state])
            row[-1] = Fraction(value[state], left[state])
        rows.append(row)
    for column in range(len(rows)):
        pivot = next(at for at in range(column, len(rows)) if rows[at][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        factor = rows[column][column]
        rows[column] = [cell / factor for cell in rows[column]]
        for at, row in enumerate(rows):
            if at != column and row[column]:
                factor = row[column]
                rows[at] = [mine - factor * theirs for mine, theirs in zip(row, rows[column], strict=True)]
    start = rows[places[()]]
    return start[-2], start[-1]


def removal_effects(paths: Sequence[Path], order: int) -> dict[str, tuple[Fraction, Fraction]]:
    """Of conversions and of value, by channel; there must be some of both."""
    paths = [path for path in paths if path.channels]
    whole, whole_value = chances(paths, order)
    effects = {}
    for channel in sorted({channel for path in paths for channel in path.channels}):
        rest, rest_value = chances(paths, order, channel)
        effects[channel] = (1 - rest / whole, 1 - rest_value / whole_value)
    return effects
