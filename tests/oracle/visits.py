"""Registrations, attended, walk-ins, new faces (cards.md, "Visits")."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .door import Row, end_of_known_day, end_us
from .events import topmost
from .postings import Credit, Posting, credit_of, divided, time_of
from .sources import Source, source
from .state import State, first_not_none


def time_then_id(row: Row) -> tuple[bool, int, str]:
    """Earliest first, times that are not there last, then the smallest id."""
    return (row["at"] is None, row["at"] or 0, row["id"])


@dataclass
class Group:
    """Registrations and arrivals of one person at one event, or a registration or arrival without a person by
    itself."""

    event: str | None
    person: str | None
    registrations: list[Row] = field(default_factory=list)
    arrivals: list[Row] = field(default_factory=list)

    def counted(self) -> Row | None:
        """The earliest registration with status ``registered`` (then the smallest id)."""
        return min((row for row in self.registrations if row["status"] == "registered"), key=time_then_id, default=None)

    def arrival_time(self) -> int | None:
        """The earliest time of the arrivals."""
        return min((row["at"] for row in self.arrivals if row["at"] is not None), default=None)


def registration_of(state: State, arrival: Row) -> Row | None:
    """The present registration that an arrival names."""
    return state.find("registrations", arrival["registration"])


def event_of_arrival(state: State, arrival: Row) -> str | None:
    """An arrival whose registration is present belongs to that registration's group, else to that of its own event
    and person."""
    registration = registration_of(state, arrival)
    event: str | None = (arrival if registration is None else registration)["event"]
    return event


def groups(state: State, session: str | None = None) -> list[Group]:
    """Groups by (topmost event, person cluster); or, for a session, by (session, person) over the rows of that very
    session.

    A registration or arrival without a person is a group of its own, and arrivals that name a person-less
    registration belong to
    that registration's group. An absent event groups by its id.
    """
    found: dict[tuple[str | None, str, str], Group] = {}

    def group_of(row: Row, kind: str) -> Group:
        event = row["event"] if session is not None else topmost(state, row["event"])
        person = None if row["person"] is None else state.cluster("people", row["person"])
        key = (event, "person", person) if person is not None else (event, kind, row["id"])
        return found.setdefault(key, Group(event, person))

    for row in state.all("registrations"):
        if session is None or row["event"] == session:
            group_of(row, "registrations").registrations.append(row)
    for row in state.all("attendances"):
        if session is None or event_of_arrival(state, row) == session:
            registration = registration_of(state, row)
            group = group_of(row, "attendances") if registration is None else group_of(registration, "registrations")
            group.arrivals.append(row)
    return list(found.values())


def source_of_visit(state: State, group: Group) -> Source:
    """Take the counted registration's source; a walk-in's is that of the registration its earliest arrival names, if
    any."""
    registration = group.counted()
    if registration is None and group.arrivals:
        registration = registration_of(state, min(group.arrivals, key=time_then_id))
    return Source() if registration is None else source(state, "registrations", registration)


def visit_time(state: State, group: Group) -> int | None:
    """When they came: the earliest arrival, else the event's starts_at (the end of that day, where only the day is
    known), else the counted registration's time."""
    event, registration = state.find("events", group.event), group.counted()
    starts = None if event is None else end_of_known_day(event["starts_at"], state.zone)
    return first_not_none(group.arrival_time(), starts, registration and registration["at"])


def latest(*times: int | None) -> int | None:
    """The latest of the times that are there."""
    return max((time for time in times if time is not None), default=None)


NEVER = 2**63 - 1


def events_above(state: State, fact_id: str | None) -> list[str]:
    """An event and the present events above it; parents may run in a circle."""
    found: list[str] = []
    while fact_id is not None and fact_id not in found:
        found.append(fact_id)
        row = state.find("events", fact_id)
        fact_id = None if row is None else state.present("events", row["parent"])
    return found


def known_since(state: State, event: str | None) -> int | None:
    """Since when attendance of an event is known: None for always, NEVER when it was not taken.

    It is as the event says; else since the earliest arrival at it or below it, where one without a time stands at the
    event's own start.
    """
    if event is None:
        return None
    row = state.find("events", event)
    if row is not None and row["attendance"] is not None:
        return None if row["attendance"] == "taken" else NEVER
    starts = None if row is None else end_of_known_day(row["starts_at"], state.zone)
    times = [
        first_not_none(arrival["at"], starts)
        for arrival in state.all("attendances")
        if event in events_above(state, event_of_arrival(state, arrival))
    ]
    if not times:
        return NEVER
    return None if None in times else min(time for time in times if time is not None)


def over_at(state: State, event: str | None) -> int | None:
    """When an event is over: its end, else the last microsecond of the day on which it begins."""
    row = state.find("events", event)
    if row is None or row["ends_at"] is not None or row["starts_at"] is None:
        return row and row["ends_at"]
    return end_us(state.local_date(row["starts_at"]), state.zone)


def ticket_rows(group: Group) -> dict[str, int]:
    """Tickets of the registered rows that count: of one person again only with another ticket or a quantity."""
    rows = sorted((row for row in group.registrations if row["status"] == "registered"), key=time_then_id)
    found: dict[str, int] = {}
    for place, row in enumerate(rows):
        another = row["ticket"] is not None and row["ticket"] not in [other["ticket"] for other in rows[:place]]
        if place == 0 or row["quantity"] is not None or another:
            found[row["id"]] = 1 if row["quantity"] is None else max(row["quantity"], 0)
    return found


def ticket_postings(state: State, clock: str, group: Group) -> list[Posting]:
    """tickets, and tickets_attended: of a registration never more than it has, of a guest without one what is said."""
    credit = credit_of(state, source_of_visit(state, group), events=[(None, 1)])
    place = (credit.channel, credit.announcement, state.present("events", group.event), credit.partner)
    result: list[Posting] = []

    def post(fact: tuple[str, str], metric: str, at: int | None, value: int) -> None:
        if value:
            shown = time_of(state, clock, credit.announcement, at)
            result.append(Posting(*fact, metric, shown, at, *place, "all", value))

    left, counted = ticket_rows(group), group.counted()
    for row in group.registrations:
        post(("registrations", row["id"]), "tickets", row["at"], left.get(row["id"], 0))
    event = state.find("events", group.event)
    starts = None if event is None else end_of_known_day(event["starts_at"], state.zone)
    for number, arrival in enumerate(sorted(group.arrivals, key=time_then_id)):
        said = arrival["quantity"]
        come = 1 if said is None else max(said, 0)
        if counted is None:
            come = 0 if said is None and number > 0 else come
        else:
            row_id = arrival["registration"] if arrival["registration"] in left else counted["id"]
            come = min(come, left[row_id])
            left[row_id] -= come
        at = first_not_none(arrival["at"], starts, counted and counted["at"])
        post(("attendances", arrival["id"]), "tickets_attended", at, come)
    return result


def postings_of_group(state: State, clock: str, group: Group) -> list[Posting]:
    """registrations, attended, walk_ins and what the show rate needs of one group, on the group's own event."""
    credit = credit_of(state, source_of_visit(state, group), events=[(None, 1)])
    event = state.present("events", group.event)
    registration = group.counted()
    came = bool(group.arrivals)
    result: list[Posting] = []

    def post(fact: tuple[str, str], metric: str, at: int | None, active_from: int | None, waits: bool = False) -> None:
        where = (credit.channel, credit.announcement, event, credit.partner)
        result.append(Posting(*fact, metric, at, active_from, *where, "all", 1, waits))

    def shown(at: int | None) -> int | None:
        return time_of(state, clock, credit.announcement, at)

    off = [row for row in group.registrations if row["status"] == "cancelled"]
    if registration is None and off:
        gone = min(off, key=time_then_id)
        named = credit_of(state, source(state, "registrations", gone), events=[(None, 1)])
        at = time_of(state, clock, named.announcement, gone["at"])
        place = (named.channel, named.announcement, event, named.partner)
        result.append(Posting("registrations", gone["id"], "cancelled", at, gone["at"], *place, "all", 1))
    result += ticket_postings(state, clock, group)
    when_came = visit_time(state, group)
    first_arrival = ("attendances", min(group.arrivals, key=time_then_id)["id"]) if came else ("", "")
    if registration is None:
        if came:
            post(first_arrival, "walk_ins", shown(when_came), when_came)
        return result

    fact, registered_at = ("registrations", registration["id"]), registration["at"]
    post(fact, "registrations", shown(registered_at), registered_at)
    if came:
        post(first_arrival, "attended", shown(when_came), when_came)
    known, over = known_since(state, group.event), over_at(state, group.event)
    if known == NEVER:
        return result
    post(fact, "registrations_seen", shown(registered_at), latest(registered_at, known))
    if over is not None:
        post(fact, "registrations_over", registered_at, latest(registered_at, known, over), True)
        if came:
            post(first_arrival, "attended_over", registered_at, latest(registered_at, known, over, when_came), True)
    return result


def unseen(state: State, costs: list[Posting]) -> list[Posting]:
    """What of these costs reaches events of which attendance was not taken, for as long as it was not."""
    result: list[Posting] = []
    for cost in costs:
        known = known_since(state, cost.event)
        if known is None or (cost.active_from is not None and known <= cost.active_from):
            continue
        result.append(replace(cost, metric="cost_unseen"))
        if known != NEVER:
            result.append(replace(cost, metric="cost_unseen", value=-cost.value, active_from=known))
    return result


def new_faces(state: State, clock: str) -> list[Posting]:
    """+1 per known person at the first event they come to, on that visit's source, at that time.

    First: by time, then topmost event id, absent ones and none after all; undated last.
    """
    first: dict[str, Group] = {}

    def order(group: Group) -> tuple[bool, int, bool, bool, str]:
        time = visit_time(state, group)
        absent = state.find("events", group.event) is None
        return (time is None, time or 0, absent, group.event is None, group.event or "")

    for group in groups(state):
        if group.person is None or not group.arrivals:
            continue
        if group.person not in first or order(group) < order(first[group.person]):
            first[group.person] = group
    result = []
    for group in first.values():
        credit = credit_of(state, source_of_visit(state, group))
        credit = Credit(
            credit.channel, credit.announcement, credit.partner, [(state.present("events", group.event), 1)]
        )
        at = visit_time(state, group)
        fact = ("attendances", min(group.arrivals, key=time_then_id)["id"])
        result += divided(state, fact, "new_faces", 1, time_of(state, clock, credit.announcement, at), at, credit)
    return result


def visit_postings(state: State, clock: str) -> list[Posting]:
    """Everything about visits: by topmost event, by session for the session's own row, and new faces."""
    result = [posting for group in groups(state) for posting in postings_of_group(state, clock, group)]
    for event in state.all("events"):
        if topmost(state, event["id"]) != event["id"]:
            for group in groups(state, event["id"]):
                result += [
                    Posting(**{**vars(posting), "scope": "event"}) for posting in postings_of_group(state, clock, group)
                ]
    for arrival in state.all("attendances"):
        if state.find("events", event_of_arrival(state, arrival)) is None:
            state.note("arrival_without_event", "attendances", arrival["id"])
    return result + new_faces(state, clock)
