"""Events and partners of a posting (cards.md, "Events, partners, months of a posting")."""

from __future__ import annotations

from .door import NANO
from .sources import Source
from .state import State

Events = list[tuple[str | None, int]]  # (event id, weight), ordered by id; one of None: no event


def weight_of(weight: int | None) -> int:
    """Null is 1, negative is 0."""
    return NANO if weight is None else max(weight, 0)


def events_of_announcement(state: State, fact_id: str | None) -> Events:
    """Its ``announcement_events`` rows, of one event added up, if there are any, else its ``event``."""
    announcement = state.find("announcements", fact_id)
    if announcement is None:
        return [(None, 1)]
    weights: dict[str | None, int] = {}
    for row in state.all("announcement_events"):
        if row["announcement"] == fact_id:
            weights[row["event"]] = weights.get(row["event"], 0) + weight_of(row["weight"])
    if not weights:
        return [(announcement["event"], 1)]
    return sorted(weights.items(), key=lambda share: (share[0] is None, share[0] or ""))  # a stub may lack the event


def in_circle(state: State, fact_id: str) -> bool:
    """Whether going from parent to parent leads back to this event."""
    seen: set[str] = set()
    row = state.find("events", fact_id)
    while row is not None and row["id"] not in seen:
        seen.add(row["id"])
        row = state.find("events", row["parent"])
    return row is not None and row["id"] == fact_id


def topmost(state: State, fact_id: str | None) -> str | None:
    """The topmost present ancestor; events in a circle of parents, and absent events, count as topmost themselves."""
    row = state.find("events", fact_id)
    while row is not None and not in_circle(state, row["id"]):
        parent = state.find("events", row["parent"])
        if parent is None:
            break
        row = parent
    return fact_id if row is None else row["id"]


def partner_of(state: State, own: str | None, source: Source) -> str | None:
    """The fact's own partner, else the source announcement's. A link that is given decides: absent is
    ``(unattributed)``."""
    if own is not None:
        return state.present("partners", own)
    announcement = state.find("announcements", source.announcement)
    return None if announcement is None else state.present("partners", announcement["partner"])
