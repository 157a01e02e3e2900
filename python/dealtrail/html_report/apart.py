"""Costs and guests of different months: where a cost per guest of a month says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

APART = 0.1
"""The part of a period's cost, or of its guests, that may belong to events of other months."""

Sums = Mapping[str, tuple[float, float]]
"""Cost and guests by event."""


def is_apart(inside: Sums, whole: Sums) -> bool:
    """Tell whether too much of a period's cost is for guests outside of it, or of its guests paid for outside.

    What belongs to no event is of nobody's guests in particular and says nothing. The page counts the same
    (``page.js``).
    """
    cost = guests = cost_apart = guests_apart = 0.0
    for event, (spent, came) in inside.items():
        cost, guests = cost + spent, guests + came
        if event == "(unattributed)":
            continue
        all_spent, all_came = whole[event]
        if all_came > 0:
            cost_apart += spent * (all_came - came) / all_came
        if all_spent > 0:
            guests_apart += came * (all_spent - spent) / all_spent
    return cost_apart > APART * cost or guests_apart > APART * guests


def months_apart(parts: Iterable[tuple[str, str, float, float]]) -> set[str]:
    """Give the months whose cost per guest says nothing, of parts (month, event, cost, guests)."""
    months: dict[str, dict[str, tuple[float, float]]] = {}
    whole: dict[str, tuple[float, float]] = {}
    for month, event, cost, guests in parts:
        for sums in (months.setdefault(month, {}), whole):
            before = sums.get(event, (0.0, 0.0))
            sums[event] = (before[0] + cost, before[1] + guests)
    return {month for month, inside in months.items() if is_apart(inside, whole)}
