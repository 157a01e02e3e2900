"""The funnel, the lists of people to call and the order of follow-up (docs/funnel/), from the oracle's guests.

Counts are whole numbers, money minor units, ratios fractions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .cards import UNATTRIBUTED, UNDATED, in_period, month_of
from .events import topmost
from .guests import Guest, said
from .state import State

Row = dict[str, Any]
STEPS: dict[str, Callable[[Guest], bool]] = {
    "invited": lambda guest: guest["invited"],
    "registered": lambda guest: guest["registered"],
    "came": lambda guest: guest["came"],
    "interested": lambda guest: guest["signals"] > 0,
    "deal": lambda guest: guest["deals"] > 0,
    "won": lambda guest: guest["won"] > 0,
}
COLUMN = {"deal": "deal_guests", "won": "won_guests"}
GOALS = {
    "registrations": ("goal_registrations", "registered"),
    "came": ("goal_attended", "came"),
    "deals": ("goal_deals", "deals"),
    "revenue": ("goal_revenue", "amount_won"),
}
NAMED = {"channel": "channels", "announcement": "announcements", "partner": "partners", "manager": "managers"}


def ratio(numerator: int, denominator: int) -> Fraction | None:
    return None if denominator == 0 else Fraction(numerator, denominator)


def key_of(state: State, guest: Guest, by: str) -> str | None:
    """Under which key a guest stands; None: unattributed (by month: undated)."""
    if by == "event":
        return state.present("events", guest["event"])
    if by == "month":
        return month_of(state, guest["starts_at"])
    value: str | None = guest[by]
    return value


def steps_of(guest: Guest, order: str, first: str) -> dict[str, bool]:
    """Which steps count this guest."""
    did = {name: step(guest) for name, step in STEPS.items()}
    if order == "any":
        return did
    names = list(STEPS)
    chain = names[names.index(first) :]
    return {name: name in chain and all(did[one] for one in chain[: chain.index(name) + 1]) for name in names}


def sums(guests: list[Guest], order: str, first: str) -> Row:
    """Everything of a row but its key and goals."""
    did = [(guest, steps_of(guest, order, first)) for guest in guests]
    if order == "strict":
        did = [(guest, steps) for guest, steps in did if steps[first]]
    row: Row = {"guests": len(did)}
    names = list(STEPS)
    for name in names:
        row[COLUMN.get(name, name)] = sum(steps[name] for _, steps in did)
    row["attended"] = sum(guest["attended"] for guest, steps in did if steps["came"])
    row["walk_ins"] = sum(guest["walk_in"] for guest, steps in did if steps["came"])
    row["deals"] = sum(guest["deals"] for guest, steps in did if steps["deal"])
    row["amount_open"] = sum(guest["amount_open"] for guest, steps in did if steps["deal"])
    row["won"] = sum(guest["won"] for guest, steps in did if steps["won"])
    row["amount_won"] = sum(guest["amount_won"] for guest, steps in did if steps["won"])
    for before, name in pairwise(names):
        both = sum(steps[before] and steps[name] for _, steps in did)
        row[f"{name}_rate"] = ratio(both, row[COLUMN.get(before, before)])
    for name in names:
        row[f"{name}_of_all"] = ratio(row[COLUMN.get(name, name)], len(did))
    return row


def with_goals(row: Row, events: list[Row]) -> Row:
    """Goals of events added up, where there are any, and the part that is done."""
    for name, (field, fact) in GOALS.items():
        goals = [event[field] for event in events if event[field] is not None]
        goal = sum(goals) if goals else None
        row[f"goal_{name}"] = goal
        row[f"{name}_done"] = None if goal is None else ratio(row[fact], goal)
    return row


def about_key(state: State, by: str, key: str) -> Row:
    """Name and state that stand beside a key."""
    if by == "event":
        event = state.find("events", key) or {}
        return {"name": event["name"], "state": event["status"], "starts_at": event["starts_at"]}
    kind = NAMED.get(by)
    fact = (state.find(kind, key) if kind else None) or {}
    name = fact.get("creative") if by == "announcement" else fact.get("name")
    if by in ("company", "person"):
        name = said(state, {"company": "companies", "person": "people"}[by], key, "name")
    shown = {"channel": "state", "announcement": "status"}.get(by, "")
    return {"name": name, "state": fact.get(shown), "starts_at": None}


def funnel(
    state: State,
    guests: list[Guest],
    by: str = "event",
    event: str | None = None,
    period: str | None = None,
    manager: list[str] | None = None,
    exclude_managers: list[str] | None = None,
    exclude_left: bool = False,
    order: str = "any",
    first: str = "invited",
) -> list[Row]:
    """A row per key, then the guests without one, then the total."""

    def takes(event_id: str | None, starts_at: int | None) -> bool:
        return (event is None or event_id == event) and (period is None or in_period(state, starts_at, period))

    chosen = [guest for guest in guests if takes(guest["event"], guest["starts_at"])]
    if manager:
        chosen = [guest for guest in chosen if guest["manager"] in manager]
    chosen = [guest for guest in chosen if guest["manager"] is None or guest["manager"] not in (exclude_managers or [])]
    if exclude_left:
        chosen = [guest for guest in chosen if not guest["manager_left"]]
    keys = {key for guest in chosen if (key := key_of(state, guest, by)) is not None}
    shown = [
        row
        for row in state.all("events")
        if by == "event" and topmost(state, row["id"]) == row["id"] and takes(row["id"], row["starts_at"])
    ]
    keys |= {row["id"] for row in shown}
    result = []
    for key in sorted(keys):
        row = sums([guest for guest in chosen if key_of(state, guest, by) == key], order, first)
        goals = [aims for aims in shown if aims["id"] == key]
        result.append({"key": key, **about_key(state, by, key), **with_goals(row, goals)})
    nobody = {"name": None, "state": None, "starts_at": None}
    rest = sums([guest for guest in chosen if key_of(state, guest, by) is None], order, first)
    result.append({"key": UNDATED if by == "month" else UNATTRIBUTED, **nobody, **with_goals(rest, [])})
    result.append({"key": "(total)", **nobody, **with_goals(sums(chosen, order, first), shown)})
    return result
