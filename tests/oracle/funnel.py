"""The funnel, the lists of people to call and the order of follow-up (docs/funnel/), from the oracle's guests.

Counts are whole numbers, money minor units, ratios fractions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .cards import UNATTRIBUTED, UNDATED, in_period, month_of
from .door import utc_us
from .events import topmost
from .guests import KINDS_OF_GUEST, Guest, said
from .rules import holds
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
    row["tickets"] = sum(guest["tickets"] for guest, steps in did if steps["registered"])
    row["tickets_attended"] = sum(guest["tickets_attended"] for guest, steps in did if steps["came"])
    row["attended"] = sum(guest["attended"] for guest, steps in did if steps["came"])
    row["walk_ins"] = sum(guest["walk_in"] for guest, steps in did if steps["came"])
    row["deals"] = sum(guest["deals"] for guest, steps in did if steps["deal"])
    row["amount_open"] = sum(guest["amount_open"] for guest, steps in did if steps["deal"])
    row["won"] = sum(guest["won"] for guest, steps in did if steps["won"])
    row["amount_won"] = sum(guest["amount_won"] for guest, steps in did if steps["won"])
    begun = [(guest, steps) for guest, steps in did if guest["begun"]]
    looked = [(guest, steps) for guest, steps in did if guest["over"] and guest["attendance_taken"]]
    registered = [guest for guest, steps in did if steps["registered"]]
    if registered and row["came"] == 0 and not any(guest["attendance_taken"] for guest in registered):  # not known
        row.update(came=None, attended=None, walk_ins=None, tickets_attended=None)
    for before, name in pairwise(names):
        able = looked if name == "came" else did  # nobody is absent where nobody looked
        both = sum(steps[before] and steps[name] for _, steps in able)
        row[f"{name}_rate"] = ratio(both, sum(steps[before] for _, steps in able))
    for name in names:
        able = {"came": looked, "interested": begun}.get(name, did)
        row[f"{name}_of_all"] = ratio(sum(steps[name] for _, steps in able), len(able))
    return row


def with_goals(row: Row, events: list[Row]) -> Row:
    """Goals of events added up, where there are any, and the part that is done."""
    for name, (field, fact) in GOALS.items():
        goals = [event[field] for event in events if event[field] is not None]
        goal = sum(goals) if goals else None
        row[f"goal_{name}"] = goal
        row[f"{name}_done"] = None if None in (goal, row[fact]) else ratio(row[fact], goal)
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


LISTS = ("not_registered", "did_not_come", "no_follow_up", "no_contact", "no_offer", "overdue")
DAY_US = 86_400_000_000
SHOWN = (
    "name",
    "company_name",
    "phone",
    "email",
    "event",
    "event_name",
    "segment",
    "kind",
    "guest",
    "person",
    "company",
)


def at_stake(guests: list[Guest], guest: Guest) -> Row:
    """The amount of open deals, else the average won deal of the segment (all events)."""
    if guest["open_deals"] and guest["amount_open"]:
        return {"at_stake": guest["amount_open"], "at_stake_from": "open_deals", "won_sum": None, "won_count": None}
    alike = [one for one in guests if guest["segment"] is not None and one["segment"] == guest["segment"]]
    count, total = sum(one["won"] for one in alike), sum(one["amount_won"] for one in alike if one["won"])
    if not count:
        return dict.fromkeys(("at_stake", "at_stake_from", "won_sum", "won_count"))
    average = round(Fraction(total, count))  # half to even
    return {"at_stake": average, "at_stake_from": "segment_average", "won_sum": total, "won_count": count}


def exits(
    state: State,
    guests: list[Guest],
    promises: list[Row],
    now: int | None,
    event: str | None = None,
    manager: list[str] | None = None,
    lists: list[str] | None = None,
    segments: list[str] | None = None,
    days: int = 14,
) -> list[Row]:
    """Whom to call, by manager, list, money at stake, time, event, guest."""
    found: list[Row] = []

    def days_since(at: int | None) -> int | None:
        return None if at is None or now is None else (now - at) // DAY_US

    def add(guest: Guest, name: str, since: int | None, reason: str, promise: Row | None = None) -> None:
        owner = guest["manager"] if promise is None else promise["manager"]
        row = {column: guest[column] for column in SHOWN}
        row.update(
            manager=owner,
            manager_name=(state.find("managers", owner) or {}).get("name"),
            list=name,
            reason=reason,
            since=since,
            days=days_since(since),
            activity=None if promise is None else promise["activity"]["id"],
            **at_stake(guests, guest),
        )
        found.append(row)

    for guest in guests:
        marks = "" if guest["signal_kinds"] is None else f"; marks: {guest['signal_kinds']}"
        day = guest["came_at"] if guest["came_at"] is not None else guest["starts_at"]
        ahead = not guest["begun"] and guest["event_status"] != "cancelled"
        worth = not segments or guest["segment"] in segments
        asked = guest["invited"] and not guest["registered"] and not guest["came"] and guest["status"] != "declined"
        if ahead and worth and asked:
            reason = {
                None: "invited, not registered",
                "waitlist": "invited, on the waiting list",
                "pending": "invited, the registration is not admitted yet",
                "cancelled": "invited, cancelled the registration",
            }[guest["status"]]
            if guest["starts_at"] is not None and now is not None:
                reason += f"; days to the event: {(guest['starts_at'] - now) // DAY_US}"
            add(guest, "not_registered", guest["invited_at"], reason)
        if guest["over"] and guest["attendance_taken"] and guest["registered"] and not guest["came"]:
            add(guest, "did_not_come", guest["starts_at"], "registered, did not come")
        if guest["came"] and not guest["follow_ups"] and not guest["deals"]:
            add(guest, "no_follow_up", day, f"came, is on no follow-up list{marks}")
        waited = days_since(day)
        if guest["came"] and not guest["contacts"] and not guest["deals"] and waited is not None and waited >= days:
            add(guest, "no_contact", day, f"came, nobody has been in touch since{marks}")
        if guest["signals"] and not guest["offers"] and not guest["won"]:
            add(guest, "no_offer", guest["first_signal_at"], f"interested, no offer sent{marks}")
    for promise in promises:
        activity = promise["activity"]
        what = "" if activity["kind"] is None else f" {activity['kind']}"
        add(promise["guest"], "overdue", activity["due_at"], f"promised{what}, not done", promise)

    def order(row: Row) -> tuple[Any, ...]:
        last = 2**70
        return (
            *(row["manager"] is None, row["manager"] or ""),
            LISTS.index(row["list"]),
            last if row["at_stake"] is None else -row["at_stake"],
            last if row["since"] is None else row["since"],
            *(row["event"] is None, row["event"] or "", row["guest"], KINDS_OF_GUEST.index(row["kind"])),
            row["activity"] or "",
        )

    chosen = [
        row
        for row in found
        if (event is None or row["event"] == event)
        and (not manager or row["manager"] in manager)
        and (not lists or row["list"] in lists)
    ]
    return sorted(chosen, key=order)


def priority(
    guests: list[Guest],
    rules: Row,
    money_decimals: int,
    event: str | None = None,
    manager: list[str] | None = None,
) -> list[Row]:
    """Guests who came or were marked and have more than 0 points; conditions see money in major units."""
    found = []
    for guest in guests:
        if not (guest["came"] or guest["signals"]) or (event is not None and guest["event"] != event):
            continue
        if manager and guest["manager"] not in manager:
            continue
        seen = {**guest, **{name: Fraction(guest[name], 10**money_decimals) for name in ("amount_won", "amount_open")}}
        met = [rule for rule in rules["rules"] if in_force_on_the_day(rule, guest) and holds(rule["when"], seen)]
        points = sum(rule["points"] for rule in met)
        if points <= 0:
            continue
        levels = [level for level in rules["levels"] if level["from"] <= points]
        found.append(
            {
                **{column: guest[column] for column in (*SHOWN, "manager", "manager_name", "signal_kinds")},
                "points": points,
                "reasons": "; ".join(rule.get("reason") or rule["name"] for rule in met),
                "level": max(levels, key=lambda level: level["from"])["name"] if levels else None,
                **at_stake(guests, guest),
            }
        )
    return sorted(
        found,
        key=lambda row: (
            *(row["manager"] is None, row["manager"] or ""),
            -row["points"],
            2**70 if row["at_stake"] is None else -row["at_stake"],
            *(row["event"] is None, row["event"] or "", row["guest"], KINDS_OF_GUEST.index(row["kind"])),
        ),
    )


def in_force_on_the_day(rule: Row, guest: Guest) -> bool:
    """By the start of the event, else when the guest came; without either only a rule open at both ends."""
    day = guest["starts_at"] if guest["starts_at"] is not None else guest["came_at"]
    start, end = (None if rule.get(name) is None else utc_us(rule[name], "UTC") for name in ("from", "until"))
    if day is None:
        return start is None and end is None
    return (start is None or start <= day) and (end is None or day < end)
