"""What the import of the demo must give, counted from what was made up and from no export."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime

from dealtrail.demo.facts import END, Announcement, Arrival, Deal, InvoiceLine, Organiser, Registration, Source
from dealtrail.demo.guests import MARK
from dealtrail.demo.sales import CLAIMS, REFUNDED

PREFIX = "bitrix24:"
"""Prefix of every id that the demo's profile gives."""
UNATTRIBUTED = "(unattributed)"
"""Key of what no channel can claim."""
TOTAL = "(total)"
"""Key of everything."""


@dataclass
class CardTruth:
    """One row of ``Trail.cards()``: whole numbers, money in kopecks.

    The ``_marketing`` figures hold with the demo's claims rule, the plain ones without any rule.
    """

    announcements: int = 0
    cost: int = 0
    leads: int = 0
    leads_not_junk: int = 0
    leads_qualified: int = 0
    registrations: int = 0
    attended: int = 0
    walk_ins: int = 0
    new_faces: int = 0
    deals: int = 0
    won: int = 0
    new_customers: int = 0
    amount_won: int = 0
    amount_won_known: int = 0
    margin: int = 0
    won_marketing: int = 0
    new_customers_marketing: int = 0
    amount_won_marketing: int = 0
    amount_won_known_marketing: int = 0
    margin_marketing: int = 0


@dataclass
class GuestTruth:
    """Guests of one event: invited, marked as interested, and promises to them that are overdue at the end."""

    invited: int = 0
    interested: int = 0
    overdue: int = 0


@dataclass
class DemoTruth:
    """The known answers of one export.

    ``channels``, ``announcements`` and ``events`` hold a card per id (as the profile prefixes it), then
    ``(unattributed)`` and ``(total)``. ``events`` counts registrations, attended, walk_ins and new_faces only, and a
    session of a conference has no row. ``guests`` are by event, ``(total)`` last; ``pool_calls`` are calls to numbers
    of the call-tracking pool by the channel of the visit behind each, ``(unattributed)`` where none is. ``records`` are
    records by file, ``facts`` are distinct facts by kind after the import, both filled while the pages are written.
    """

    seed: int
    people: int
    as_of: str
    channels: dict[str, CardTruth] = field(default_factory=dict)
    announcements: dict[str, CardTruth] = field(default_factory=dict)
    events: dict[str, CardTruth] = field(default_factory=dict)
    guests: dict[str, GuestTruth] = field(default_factory=dict)
    pool_calls: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> str:
        """Give the truth as a JSON text with sorted keys."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class _Place:
    """Whom a fact is credited to."""

    channel: int | None = None
    announcement: int | None = None


class _Count:
    """Adds to the cards of a channel, an announcement and the total at once."""

    def __init__(self, world: Organiser, truth: DemoTruth) -> None:
        self.world = world
        self.truth = truth
        for row in world.channels:
            truth.channels[f"{PREFIX}{row.id}"] = CardTruth()
        for place in world.announcements:
            truth.announcements[f"{PREFIX}{place.id}"] = CardTruth()
        for event in world.events:
            if event.parent is None:
                truth.events[f"{PREFIX}{event.id}"] = CardTruth()
        for table in (truth.channels, truth.announcements, truth.events):
            table[UNATTRIBUTED] = CardTruth()
            table[TOTAL] = CardTruth()

    def add(self, place: _Place, metric: str, amount: int = 1) -> None:
        for table, key in ((self.truth.channels, place.channel), (self.truth.announcements, place.announcement)):
            for name in (UNATTRIBUTED if key is None else f"{PREFIX}{key}", TOTAL):
                setattr(table[name], metric, getattr(table[name], metric) + amount)

    def add_event(self, event: int, metric: str) -> None:
        for name in (f"{PREFIX}{event}", TOTAL):
            card = self.truth.events[name]
            setattr(card, metric, getattr(card, metric) + 1)


def _credit(source: Source) -> _Place | None:
    if source.channel is None and source.announcement is None:
        return None
    return _Place(source.channel, source.announcement)


def count_truth(world: Organiser, seed: int, people: int) -> DemoTruth:
    """Count the cards of everything that was made up."""
    truth = DemoTruth(seed, people, END.isoformat())
    count = _Count(world, truth)
    for place in world.announcements:
        if place.status == "out":
            count.add(_Place(place.channel, place.id), "announcements")
    _count_costs(world, count)
    for lead in world.leads:
        credit = _credit(lead.source) or _Place()
        count.add(credit, "leads")
        if lead.semantic != "F":
            count.add(credit, "leads_not_junk")
            if lead.qualified:
                count.add(credit, "leads_qualified")
    _count_visits(world, count)
    _count_deals(world, count)
    _count_guests(world, truth)
    for call in world.pool_calls:
        key = UNATTRIBUTED if call.source is None else f"{PREFIX}{call.source[0]}"
        truth.pool_calls[key] = truth.pool_calls.get(key, 0) + 1
    return truth


def split_exactly(total: int, weights: list[int]) -> list[int]:
    """Divide by largest remainder, ties to the lower index, sign kept; all weights zero: equally."""
    if not any(weights):
        weights = [1] * len(weights)
    size, whole = abs(total), sum(weights)
    parts = [size * weight // whole for weight in weights]
    rest = [size * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-rest[index], index))
    for index in order[: size - sum(parts)]:
        parts[index] += 1
    return [part if total >= 0 else -part for part in parts]


def _served(world: Organiser, place: Announcement) -> list[int]:
    several = [event for _, announcement, event, _ in world.shared if announcement == place.id]
    return several or [place.event]


def _count_line(world: Organiser, count: _Count, line: InvoiceLine, money: int) -> None:
    by_id = {a.id: a for a in world.announcements}
    if line.announcement is not None:
        named = by_id.get(line.announcement)
        count.add(_Place(named.channel, named.id) if named else _Place(), "cost", money)
        return
    places = [
        a
        for a in sorted(world.announcements, key=lambda a: a.id)
        if a.channel == line.channel
        and a.status != "cancelled"
        and (line.event is None or line.event in _served(world, a))
        and (line.since is None or line.since <= a.published)
        and (line.until is None or a.published < line.until)
    ]
    if not places:
        count.add(_Place(line.channel), "cost", money)
        return
    keys = [a.planned_cost if line.split == "planned_cost" else 1 for a in places]
    for place, part in zip(places, split_exactly(money, keys), strict=True):
        count.add(_Place(place.channel, place.id), "cost", part)


def _count_costs(world: Organiser, count: _Count) -> None:
    for invoice in world.invoices:
        if invoice.status != "approved":
            continue
        said = sum(line.amount or 0 for line in invoice.lines)
        open_lines = [line for line in invoice.lines if line.amount is None]
        for line in invoice.lines:
            if line.amount is not None:
                _count_line(world, count, line, line.amount)
        if open_lines:
            parts = split_exactly(invoice.amount - said, [line.weight or 1 for line in open_lines])
            for line, money in zip(open_lines, parts, strict=True):
                _count_line(world, count, line, money)
        else:
            count.add(_Place(), "cost", invoice.amount - said)
    for cost in world.costs:
        if not cost.planned:
            count.add(_Place(cost.channel), "cost", cost.amount)


def _humans(world: Organiser) -> dict[int, int]:
    """Give the human behind each card: two cards of one name with one phone, however it is spelled, are one."""
    first_card: dict[tuple[str, str, str], int] = {}
    human: dict[int, int] = {}
    for person in world.people:
        digits = ["".join(c for c in phone if c.isdigit())[-10:] for phone in person.phones]
        keys = [(person.first, person.last, number) for number in digits]
        known = [first_card[key] for key in keys if key in first_card]
        human[person.id] = known[0] if known else person.id
        first_card.update(dict.fromkeys(keys, human[person.id]))
    return human


def _count_visits(world: Organiser, count: _Count) -> None:
    human = _humans(world)
    event_of = {e.id: e for e in world.events}
    form_of = {r.id: r for r in world.registrations if r.id is not None}
    groups: dict[tuple[int, str], tuple[list[Registration], list[Arrival]]] = {}

    def group(event: int, person: int | None, alone: str) -> tuple[list[Registration], list[Arrival]]:
        key = (event_of[event].topmost, alone if person is None else str(human[person]))
        return groups.setdefault(key, ([], []))

    for number, form in form_of.items():
        group(form.event, form.person, f"form {number}")[0].append(form)
    for arrival in world.arrivals:
        if arrival.registration is not None:
            form = form_of[arrival.registration]
            group(form.event, form.person, f"form {form.id}")[1].append(arrival)
        elif arrival.event is not None:
            group(arrival.event, arrival.person, f"arrival {arrival.id}")[1].append(arrival)
    first_visit: dict[str, tuple[datetime, int, _Place]] = {}
    for (event, who), (forms, arrivals) in groups.items():
        standing = sorted((f for f in forms if f.status == "registered"), key=lambda f: (f.at, str(f.id)))
        arrivals.sort(key=lambda a: (a.at is None, a.at or END, str(a.id)))
        at = (arrivals[0].at or event_of[event].starts) if arrivals else None
        if standing:
            place = _credit(standing[0].source) or _Place()
            count.add(place, "registrations")
            count.add_event(event, "registrations")
            if at is not None:
                count.add(place, "attended")
                count.add_event(event, "attended")
        elif at is not None:
            named = arrivals[0].registration
            place = (_credit(form_of[named].source) if named is not None else None) or _Place()
            count.add(place, "walk_ins")
            count.add_event(event, "walk_ins")
        if at is not None and who.isdigit():
            visit = (at, event, place)
            if who not in first_visit or visit[:2] < first_visit[who][:2]:
                first_visit[who] = visit
    for _, where, place in first_visit.values():
        count.add(place, "new_faces")
        count.add_event(where, "new_faces")


def _count_guests(world: Organiser, truth: DemoTruth) -> None:
    human = _humans(world)
    topmost = {event.id: event.topmost for event in world.events}
    event_of = {mark.id: topmost[mark.event] for mark in world.signals}
    invited: dict[int, set[str]] = {}
    for letter in world.invitations:
        if letter.person is not None:
            who = f"person {human.get(letter.person, letter.person)}"
        else:
            who = f"company {letter.company}" if letter.company is not None else f"letter {letter.id}"
        invited.setdefault(topmost[letter.event], set()).add(who)
    interested: dict[int, set[int]] = {}
    for mark in world.signals:  # one is dated 2206; a fact counts whatever its date
        interested.setdefault(event_of[mark.id], set()).add(human[mark.person])
    late = [a for a in world.activities if a.owner_type == MARK and not a.completed and a.deadline < END]
    overdue = Counter(event_of[promise.owner] for promise in late if promise.owner in event_of)
    total = GuestTruth()
    for event in sorted(set(topmost.values())):
        one = GuestTruth(len(invited.get(event, ())), len(interested.get(event, ())), overdue[event])
        truth.guests[f"{PREFIX}{event}"] = one
        total.invited += one.invited
        total.interested += one.interested
        total.overdue += one.overdue
    truth.guests[TOTAL] = total


def _count_deals(world: Organiser, count: _Count) -> None:
    form_of = {r.id: r for r in world.registrations if r.id is not None}
    lead_of = {lead.id: lead for lead in world.leads}
    human = _humans(world)

    def credit(deal: Deal) -> _Place:
        own = _credit(deal.source)
        if own is None and deal.registration is not None:
            own = _credit(form_of[deal.registration].source)
        if own is None and deal.lead is not None:
            own = _credit(lead_of[deal.lead].source)
        return own or _Place()

    sales = [deal for deal in world.deals if deal.sale is None]
    for deal in sales:
        count.add(credit(deal), "deals")
    for suffix in ("", "_marketing"):
        known: set[str] = set()
        for deal in sorted(sales, key=lambda d: (d.close, str(d.id))):
            back = deal.category == CLAIMS and deal.semantic == "F" and deal.lost_reason == REFUNDED
            if deal.semantic != "S" and not (suffix and back):
                continue
            place = credit(deal)
            count.add(place, f"won{suffix}")
            count.add(place, f"amount_won{suffix}", deal.amount)
            if deal.cost is not None:
                count.add(place, f"amount_won_known{suffix}", deal.amount)
                count.add(place, f"margin{suffix}", deal.amount - deal.cost)
            customer = (
                f"c{deal.company}" if deal.company else f"p{human[deal.person]}" if deal.person else f"d{deal.id}"
            )
            if customer not in known:
                known.add(customer)
                count.add(place, f"new_customers{suffix}")
