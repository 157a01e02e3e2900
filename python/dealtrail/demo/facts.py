"""The facts of the demo's made-up organiser, as plain records that know nothing of any CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random
from typing import TypeVar

ZONE = timezone(timedelta(hours=3), "Europe/Moscow")
"""Moscow keeps +03:00 all year, so a fixed offset is exact for the demo's two years."""

BEGIN = datetime(2024, 11, 1, tzinfo=ZONE)
END = datetime(2026, 10, 31, 20, 0, tzinfo=ZONE)
"""Nothing happens after END: it is the demo's ``as_of``, marked by one last call."""

_Item = TypeVar("_Item")


class Dice:
    """Seeded choices made of ``Random.random`` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int, section: str) -> None:
        self._random = Random(f"{seed}/{section}")

    def below(self, limit: int) -> int:
        """Give a whole number in [0, limit)."""
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """Give a whole number in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """Give true with the probability."""
        return self._random.random() < probability

    def pick(self, items: Sequence[_Item]) -> _Item:
        """Give one of the items, each equally likely."""
        return items[self.below(len(items))]

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Give a moment in [first, last), to the second."""
        seconds = int((last - first).total_seconds())
        return first + timedelta(seconds=self.below(max(seconds, 1)))

    def about(self, expected: float) -> int:
        """Give a whole number around the expected one, within a third of it."""
        return int(expected * (2 + self._random.random() * 2) / 3 + self._random.random())


@dataclass
class Channel:
    """A permanent place where events are announced."""

    id: int
    name: str
    slug: str
    venue: str
    audience: str
    state: str = "working"
    paid: str = "paid"


@dataclass
class Event:
    """A conference, a webinar, a breakfast, or a session of a conference."""

    id: int
    name: str
    kind: str
    starts: datetime
    ends: datetime
    mode: str
    city: str | None
    capacity: int | None
    status: str = "held"
    parent: int | None = None
    series: int | None = None
    budget: int = 0
    goal_registrations: int | None = None
    goal_attended: int | None = None

    @property
    def topmost(self) -> int:
        """The event by which channels count."""
        return self.id if self.parent is None else self.parent


@dataclass
class Announcement:
    """One placement in a channel for an event."""

    id: int
    name: str
    channel: int
    event: int
    published: datetime
    planned_cost: int
    form: str
    partner: int | None = None
    status: str = "out"
    utm: dict[str, str] = field(default_factory=dict)
    promo: str | None = None
    phone: str | None = None


@dataclass
class Source:
    """What is written beside a fact, and where it leads: the known answer of direct credit."""

    announcement: int | None = None
    channel: int | None = None
    link: int | None = None
    utm: dict[str, str] = field(default_factory=dict)
    promo: str | None = None
    number: str | None = None
    form: str | None = None

    @property
    def has_touch(self) -> bool:
        """Whether a touch is put beside the fact."""
        return bool(self.utm or self.promo or self.number or self.form)


@dataclass
class SourceKey:
    """A number, tag or form with the time in which it belongs to a placement or channel."""

    id: int
    kind: str
    value: str
    announcement: int | None = None
    channel: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass
class InvoiceLine:
    """A part of an invoice: amount or weight, for an announcement or a (channel, event) pair."""

    id: int
    invoice: int
    announcement: int | None = None
    channel: int | None = None
    event: int | None = None
    amount: int | None = None
    weight: int | None = None
    split: str = "equal"
    since: datetime | None = None
    until: datetime | None = None


@dataclass
class Invoice:
    """What a venue or an agency charged, in kopecks; a credit note is negative."""

    id: int
    amount: int
    issued: datetime
    status: str
    partner: int | None
    lines: list[InvoiceLine] = field(default_factory=list)


@dataclass
class Cost:
    """A cost that is no invoice: the hall, the equipment, a creative."""

    id: int
    kind: str
    amount: int
    at: datetime
    channel: int | None = None
    event: int | None = None
    planned: bool = False


@dataclass
class Company:
    """A firm; partners are firms, too."""

    id: int
    name: str
    kind: str
    created: datetime
    phone: str | None
    potential: str | None = None


@dataclass
class Person:
    """A card of a contact."""

    id: int
    first: str
    last: str
    company: int | None
    created: datetime
    manager: int
    phones: list[str]
    email: str | None
    utm: dict[str, str] = field(default_factory=dict)


@dataclass
class Invitation:
    """A letter that invites a person, a company, or nobody whom it names."""

    id: int
    event: int
    person: int | None
    company: int | None
    announcement: int | None
    segment: str | None
    sent: datetime


@dataclass
class Registration:
    """A form sent for an event; ``id`` is None for the row that lost it."""

    id: int | None
    event: int
    person: int | None
    at: datetime
    source: Source
    status: str = "registered"
    ticket: str = "free"
    price: int = 0


@dataclass
class Arrival:
    """A scan at the door or at a session."""

    id: int
    registration: int | None
    event: int | None
    person: int | None
    at: datetime | None
    how: str


@dataclass
class Signal:
    """A mark of interest made by the staff."""

    id: int
    event: int
    person: int
    kind: str
    manager: int
    at: datetime
    note: str


@dataclass
class Move:
    """A step of a deal or a lead from stage to stage."""

    id: int
    owner: int
    type: int
    category: int
    stage: str
    semantic: str
    at: datetime


@dataclass
class Lead:
    """A request: a call, a form, a tagged visit."""

    id: int
    title: str
    person: int | None
    at: datetime
    source: Source
    manager: int
    status: str
    semantic: str
    modified: datetime
    junk_reason: str | None = None
    qualified: datetime | None = None


@dataclass
class Deal:
    """A sale or a claim; ``amount`` and ``cost`` in kopecks."""

    id: int
    title: str
    category: int
    stage: str
    semantic: str
    amount: int
    currency: str
    created: datetime
    modified: datetime
    close: datetime
    manager: int
    person: int | None
    company: int | None
    source: Source
    registration: int | None = None
    lead: int | None = None
    sale: int | None = None
    cost: int | None = None
    lost_reason: str | None = None
    sale_kind: str | None = None


@dataclass
class Payment:
    """Money of a deal; a refund is negative."""

    id: int
    deal: int
    kind: str
    amount: int
    at: datetime


@dataclass
class Activity:
    """A call, meeting or letter planned and perhaps done."""

    id: int
    owner_type: int
    owner: int
    type: int
    subject: str
    created: datetime
    start: datetime
    deadline: datetime
    completed: bool
    manager: int


@dataclass
class Call:
    """A telephone call to one of the organiser's lines."""

    id: int
    client: str
    line: str
    at: datetime
    seconds: int
    answered: bool
    manager: int
    person: int | None
    visitor: str = ""
    source: tuple[int, int] | None = None
    """Of a call to a pool: channel and announcement of the visit behind it."""


@dataclass
class Visit:
    """A visit of the site that was shown a number of the pool, and where its tags lead."""

    id: int
    visitor: str
    at: datetime
    shown: str
    utm: dict[str, str]
    source: tuple[int, int] | None


@dataclass
class Organiser:
    """Everything that happened, in order of making; ``older`` and ``repeated`` rows are the export's dirt."""

    channels: list[Channel] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    shared: list[tuple[int, int, int, int]] = field(default_factory=list)
    keys: list[SourceKey] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    lead_moves: list[Move] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    older_deals: list[Deal] = field(default_factory=list)
    deal_moves: list[Move] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    portal_calls: list[Call] = field(default_factory=list)
    tracked_calls: list[Call] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    pool_calls: list[Call] = field(default_factory=list)
