"""Postings: this fact adds this whole number to this metric, at this time, under this channel, announcement, event
and partner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .events import Events, events_of_announcement, partner_of, topmost
from .sources import Source
from .split import split_or_equal
from .state import State, first_not_none


@dataclass(frozen=True)
class Posting:
    """One part of a figure. Times are microseconds UTC; money is minor units of the Trail's currency."""

    kind: str
    id: str
    metric: str
    at: int | None
    active_from: int | None
    channel: str | None
    announcement: str | None
    event: str | None
    partner: str | None
    scope: str  # "all", or "event" for a session posting: in the event's own row only, in no total
    value: int
    waits: bool = False  # needs a now: counts when now, not only a given as_of, has come to active_from


@dataclass(frozen=True)
class Credit:
    """Under what a posting goes, before money and counts are divided over events."""

    channel: str | None = None
    announcement: str | None = None
    partner: str | None = None
    events: Events | None = None


def credit_of(state: State, source: Source, own_partner: str | None = None, events: Events | None = None) -> Credit:
    """Take channel and announcement of the source, the own partner or the announcement's, the given events or the
    announcement's."""
    if events is None:
        events = events_of_announcement(state, source.announcement)
    return Credit(source.channel, source.announcement, partner_of(state, own_partner, source), events)


def time_of(state: State, clock: str, announcement: str | None, at: int | None) -> int | None:
    """With the placement clock: published_at of the posting's announcement, else the activity time."""
    if clock == "placement":
        row = state.find("announcements", announcement)
        return first_not_none(row and row["published_at"], at)
    return at


def marked(postings: list[Posting], metric: str) -> list[Posting]:
    """Say where an amount that cannot be converted would have come: a mark of 1 for each part that is not 0."""
    return [replace(posting, metric=metric, value=1) for posting in postings]


def divided(
    state: State,
    fact: tuple[str, str],
    metric: str,
    value: int,
    at: int | None,
    active_from: int | None,
    credit: Credit,
) -> list[Posting]:
    """Divide over the events by weight; each part goes to the topmost event, and once more to the session itself, for
    its own row.

    A posting of 0 is left out, except of ``margin``, where it says that the cost is known.
    """
    events: Events = credit.events or [(None, 1)]
    postings = []
    for (event, _), part in zip(events, split_or_equal(value, [weight for _, weight in events]), strict=True):
        if part == 0 and metric != "margin":
            continue
        top = topmost(state, event)
        places = [(state.present("events", top), "all")]
        if event != top:
            places.append((event, "event"))
        for place, scope in places:
            postings.append(
                Posting(
                    *fact,
                    metric,
                    at,
                    active_from,
                    credit.channel,
                    credit.announcement,
                    place,
                    credit.partner,
                    scope,
                    part,
                )
            )
    return postings
