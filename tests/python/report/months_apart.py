"""Where a cost per guest of a period says nothing, slowly: cost and guests of each event, inside and outside."""

from __future__ import annotations

from collections.abc import Callable

import dealtrail as dt


def is_apart(trail: dt.Trail, inside: Callable[[str], bool], **keys: str) -> bool:
    """More than a tenth of the cost, or of the guests, of some months is of events whose others are elsewhere."""
    names = ["month", "event", *keys]
    parts = [
        row for row in dt.card_parts(trail, names).to_dicts() if all(row[name] == key for name, key in keys.items())
    ]
    cost = guests = cost_apart = guests_apart = 0.0
    for event in {row["event"] for row in parts}:
        of = [row for row in parts if row["event"] == event]
        here = [row for row in of if inside(row["month"])]
        spent, all_spent = (sum(float(row["cost"]) for row in rows) for rows in (here, of))
        came, all_came = (sum(row["attended"] + row["walk_ins"] for row in rows) for rows in (here, of))
        cost, guests = cost + spent, guests + came
        if event != "(unattributed)":
            cost_apart += spent * (all_came - came) / all_came if all_came else 0
            guests_apart += came * (all_spent - spent) / all_spent if all_spent else 0
    return cost_apart > cost / 10 or guests_apart > guests / 10


def months_apart(trail: dt.Trail) -> set[str]:
    """Give the months whose cost per guest says nothing."""
    return {month for month in trail.cards(by="month")["key"] if month[0] != "(" and is_apart(trail, month.__eq__)}
