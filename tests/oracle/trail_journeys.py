"""Journeys of a Trail (docs/journeys/journeys.md, "From a Trail"), the slow way."""

from __future__ import annotations

from dataclasses import dataclass, field

from .deals import (
    customer,
    customer_of_payment,
    effective_outcome,
    is_credit_note,
    is_refund,
    sale_of_refund,
    won_time,
)
from .door import Row, end_of_known_day
from .events import events_of_announcement, partner_of, topmost
from .identity import ORDER, Holders, contact_keys, keys_of, never_identifies
from .journeys import DAY_US
from .money import converted, without_vat
from .sources import UTM, Source, own_source, source, source_of_touch, tag_form
from .state import State, first_not_none
from .visits import Group, groups, source_of_visit, time_then_id, visit_time

#: ("people", cluster); (kind, id) of a registration, lead or deal that names nobody; ("key", phone or client id)
Owner = tuple[str, str]
Touch = tuple[int, int, str, str]  # time, place in the chain, channel, kind


@dataclass(frozen=True)
class Conversion:
    """A fact that converts."""

    at: int | None
    value: int
    fact: str
    deal: Row | None
    owner: Owner | None
    company: str | None


@dataclass(frozen=True)
class TrailJourney:
    """One journey; subject None: nobody known."""

    subject: str | None
    touches: tuple[tuple[int, str], ...]
    conversion: Conversion | None


@dataclass
class Maker:
    """Makes the journeys of one state."""

    state: State
    to: str
    subject: str
    lookback_days: int | dict[str, int]  # by kind of touch, "other" among them
    kinds: tuple[str, ...]
    view: str
    as_of: int | None
    by: str = "channel"  # or announcement, event, partner
    touches: dict[Owner, list[Touch]] = field(default_factory=dict)
    conversions: list[Conversion] = field(default_factory=list)
    held: dict[tuple[int, bytes], Holders] | None = None

    def happened(self, at: int | None) -> bool:
        """Not later than as_of."""
        return at is None or self.as_of is None or at <= self.as_of

    def wanted(self, kind: str) -> bool:
        """Whether touches of this kind are asked for."""
        return not self.kinds or kind in self.kinds

    # --- whose ---

    def of_person(self, person: str | None) -> Owner | None:
        """The cluster."""
        return None if person is None else ("people", self.state.cluster("people", person))

    def of_registration(self, row: Row | None) -> Owner | None:
        """Its person, else a guest without a name."""
        return None if row is None else self.of_person(row["person"]) or ("registrations", row["id"])

    def naming(self, kind: str, touch: Row, at: str, with_person: bool) -> Row | None:
        """The earliest fact that names a touch; equal times: the smaller id."""
        rows = [
            row
            for row in self.state.all(kind)
            if row["touch"] == touch["id"] and (row["person"] is not None or not with_person)
        ]
        return min(rows, key=lambda row: (row[at] is None, row[at] or 0, row["id"]), default=None)

    def keys_of(self, touch: Row) -> list[tuple[str, set[str]]]:
        """The phone and the client id of a touch, and the clusters that have them then."""
        if self.held is None:
            self.held = keys_of(self.state, "people")
        at, found = touch["at"], []
        for kind in ("phone", "client_id"):
            for value, _ in contact_keys(kind, touch[kind]) if touch[kind] is not None else ():
                key = (ORDER.index(kind), value.encode())
                if never_identifies("people", key):
                    continue
                clusters = {
                    self.state.cluster("people", card)
                    for card, intervals in self.held.get(key, {}).items()
                    for start, end in intervals
                    if (start is None and end is None)
                    or (at is not None and (start is None or at >= start) and (end is None or at < end))
                }
                found.append((f"{kind}:{value}", clusters))
        return found

    def known_of_touch(self, touch: Row | None) -> Owner | None:
        """Its person's; of the registration, lead or deal that names it and a person; of who has its phone or client
        id; of the guest whose registration it is."""
        if touch is None:
            return None
        if touch["person"] is not None:
            return self.of_person(touch["person"])
        registration = self.naming("registrations", touch, "at", False)
        if registration is not None and registration["person"] is not None:
            return self.of_registration(registration)
        if registration is None:
            named = self.naming("leads", touch, "created_at", True) or self.naming("deals", touch, "created_at", True)
            if named is not None:
                return self.of_person(named["person"])
        for _, clusters in self.keys_of(touch):
            if len(clusters) == 1:
                return ("people", *clusters)
        return self.of_registration(registration)

    def of_unknown_key(self, touch: Row | None) -> Owner | None:
        """Somebody whose phone or client id nobody has."""
        keys = [] if touch is None else self.keys_of(touch)
        return None if not keys or any(clusters for _, clusters in keys) else ("key", keys[0][0])

    def of_touch(self, touch: Row | None) -> Owner | None:
        """What is known of it; else of the deal or lead that names it; else of its phone or client id."""
        if touch is None:
            return None
        known = self.known_of_touch(touch)
        deal, lead = (self.naming(kind, touch, "created_at", False) for kind in ("deals", "leads"))
        if known is not None or (deal is None and lead is None):
            return known or self.of_unknown_key(touch)
        return self.of_deal(deal) if deal is not None else self.of_lead(lead)

    def of_lead(self, lead: Row | None) -> Owner | None:
        """Its person's; its touch's; of its deals; of its touch's phone or client id; somebody without a name."""
        if lead is None:
            return None
        touch = self.state.find("touches", lead["touch"])
        deals = [row for row in self.state.all("deals") if row["lead"] == lead["id"]]
        deals.sort(key=lambda row: (row["created_at"] is None, row["created_at"] or 0, row["id"]))
        with_person = [row for row in deals if row["person"] is not None]
        return (
            self.of_person(lead["person"])
            or self.known_of_touch(touch)
            or (self.of_person(with_person[0]["person"]) if with_person else None)
            or (("deals", deals[0]["id"]) if deals else None)
            or self.of_unknown_key(touch)
            or ("leads", lead["id"])
        )

    def of_deal(self, deal: Row | None) -> Owner | None:
        """Its person's; else of its lead, its registration, its touch; else somebody without a name."""
        if deal is None:
            return None
        lead = self.state.find("leads", deal["lead"])
        return (
            self.of_person(deal["person"])
            or self.of_person(lead and lead["person"])
            or self.of_registration(self.state.find("registrations", deal["registration"]))
            or self.known_of_touch(self.state.find("touches", deal["touch"]))
            or self.of_lead(lead)
            or ("deals", deal["id"])
        )

    # --- touches ---

    def add(self, owner: Owner | None, at: int | None, place: int, channel: str | None, kind: str) -> None:
        """Take a touch that is of somebody, has a time that has come, and a channel."""
        if owner is not None and at is not None and self.happened(at) and channel is not None:
            self.touches.setdefault(owner, []).append((at, place, channel, kind))

    def event_of(self, came_from: Source, own: str | None) -> str | None:
        """The event of a touch: that of the registration that is it, else its announcement's, the heaviest."""
        if own is None:
            events = events_of_announcement(self.state, came_from.announcement)
            own = max(events, key=lambda share: share[1])[0]
        return topmost(self.state, own)

    def named(self, came_from: Source, event: str | None) -> str | None:
        """What a touch is named by; a touch on a channel that has no such key is one of ``(no …)``."""
        if self.by == "channel":
            return came_from.channel
        keys = {
            "announcement": came_from.announcement,
            "event": self.state.present("events", event),
            "partner": partner_of(self.state, None, came_from),
        }
        return keys[self.by] or (f"(no {self.by})" if came_from.channel is not None else None)

    def is_touch(self, registration: Row) -> bool:
        """Whether a registration is a touch that it names."""
        touch = self.state.find("touches", registration["touch"])
        return (
            touch is not None
            and self.wanted(touch["kind"] or "")
            and self.of_touch(touch) == self.of_registration(registration)
        )

    def owner_of_group(self, group: Group) -> Owner | None:
        """Whose a visit is."""
        if group.person is not None:
            return ("people", group.person)
        return self.of_registration(group.registrations[0]) if group.registrations else None

    def has_tags_of(self, touch: Row, other: Row) -> bool:
        """Whether what a touch carries is another's: the same tags, one at least, and nothing that the other lacks."""

        def tag(of: Row, name: str) -> str | None:
            return None if of[name] is None else tag_form(of[name])

        marks = ("announcement", "channel", "form", "promo_code", "referrer", "dialled_number")
        return (
            any(touch[name] is not None for name in UTM)
            and all(tag(touch, name) == tag(other, name) for name in UTM)
            and all(touch[mark] in (None, other[mark]) for mark in marks)
        )

    def is_copy(self, touch: Row) -> bool:
        """Whether a touch is tags of the lead of its deal, or those of a lead or deal on the card of its contact."""
        if self.naming("registrations", touch, "at", False) is not None:
            return False
        state, owner = self.state, self.of_touch(touch)
        for deal in (row for row in state.all("deals") if row["touch"] == touch["id"]):
            lead = state.find("leads", deal["lead"])
            if owner is None or lead is None or self.of_lead(lead) != owner:
                continue
            first = state.find("touches", lead["touch"])
            if first is None:
                own, came_from = own_source(state, lead), source_of_touch(state, touch)
                if own.decided and (own.channel, own.announcement) == (came_from.channel, came_from.announcement):
                    return True
            elif first["id"] != touch["id"] and self.of_touch(first) == owner and self.has_tags_of(touch, first):
                return True
        requests = [(kind, row) for kind in ("leads", "deals") for row in state.all(kind)]
        if (
            touch["person"] is None
            or touch["kind"] not in ("visit", "form")
            or any(touch[field] is not None for field in ("phone", "client_id", "dialled_number"))
            or any(row["touch"] == touch["id"] for _, row in requests)
        ):
            return False
        return any(
            self.of_touch(other) == owner
            and self.has_tags_of(touch, other)
            and None not in (row["created_at"], touch["at"])
            and abs(row["created_at"] - touch["at"]) <= DAY_US
            for _, row in requests
            if (other := state.find("touches", row["touch"])) is not None
        )

    def find_requests(self) -> None:
        """A lead or deal that names its source and no touch has one at its creation; of both with one source, the
        lead."""
        state = self.state
        for kind, name in (("leads", "lead"), ("deals", "deal")):
            for row in state.all(kind):
                own = own_source(state, row)
                if not own.decided or state.find("touches", row["touch"]) is not None or row.get("parent") is not None:
                    continue
                owner = self.of_lead(row) if kind == "leads" else self.of_deal(row)
                lead = state.find("leads", row["lead"]) if kind == "deals" else None
                if lead is not None and self.of_lead(lead) == owner:
                    of_lead = source(state, "leads", lead)
                    if (of_lead.channel, of_lead.announcement) == (own.channel, own.announcement):
                        continue
                if self.wanted(name):
                    self.add(owner, row["created_at"], 0, self.named(own, self.event_of(own, None)), name)

    def find_touches(self) -> None:
        """Touches, leads, deals, registrations, arrivals; attended ones convert when that is asked for."""
        state = self.state
        self.find_requests()
        for touch in state.all("touches"):
            if not self.wanted(touch["kind"] or "") or self.is_copy(touch):
                continue
            owner, came_from, event = self.of_touch(touch), source_of_touch(state, touch), None
            registration = self.naming("registrations", touch, "at", False)
            if registration is not None and self.of_registration(registration) == owner:
                event = registration["event"]
                if came_from.channel is None:
                    came_from = source(state, "registrations", registration)
            self.add(owner, touch["at"], 0, self.named(came_from, self.event_of(came_from, event)), touch["kind"] or "")
        for group in groups(state):
            owner, counted = self.owner_of_group(group), group.counted()
            channel = self.named(source_of_visit(state, group), group.event)
            if counted is not None and self.wanted("registration") and not self.is_touch(counted):
                self.add(owner, counted["at"], 1, channel, "registration")
            if not group.arrivals:
                continue
            at = visit_time(state, group)
            if self.to == "attended" and counted is not None:
                if self.happened(at):
                    arrival = min(group.arrivals, key=time_then_id)
                    self.conversions.append(Conversion(at, 0, arrival["id"], None, owner, None))
            elif self.wanted("attendance"):
                self.add(owner, at, 2, channel, "attendance")

    # --- conversions ---

    def convert(
        self, at: int | None, value: int, fact: str, deal: Row | None, company: str | None, dated: int | None = None
    ) -> None:
        """Take a conversion whose time has come."""
        if self.happened(at if dated is None else dated):
            named = company or (deal and deal["company"]) or None
            root = None if named is None else self.state.cluster("companies", named)
            self.conversions.append(Conversion(at, value, fact, deal, self.of_deal(deal), root))

    def find_conversions(self) -> None:
        """Deals, payments or milestones."""
        state = self.state
        if self.to in ("won", "deal_created"):
            for deal in state.all("deals"):
                if deal["parent"] is not None or is_credit_note(deal):
                    continue
                if self.to == "won" and effective_outcome(state, self.view, deal) != "won":
                    continue
                at = won_time(state, deal) if self.to == "won" else deal["created_at"]
                if not self.happened(at):
                    continue
                value = None
                if deal["amount"] is not None:
                    value = converted(state, "deals", deal, without_vat(state, deal), at)
                # Of a deal that was made on a day without a time the touches of that day came before.
                day = end_of_known_day(at, state.zone) if at == deal["created_at"] else at
                self.convert(day, value or 0, deal["id"], deal, None, at)
        elif self.to == "paid":
            self.find_payments()
        elif self.to.startswith("milestone:"):
            for row in state.all("milestones"):
                if row["kind"] is not None and row["kind"] == self.to.removeprefix("milestone:"):
                    self.convert(row["at"], 0, row["id"], state.find("deals", row["deal"]), row["company"])

    def sale_of(self, deal: Row | None) -> Row | None:
        """The sale that a deal is, or is a claim on."""
        seen = set()
        while deal is not None and deal["id"] not in seen:
            if deal["parent"] is None:
                return deal
            seen.add(deal["id"])
            deal = self.state.find("deals", deal["parent"])
        return None

    def find_payments(self) -> None:
        """A sale is paid at its first payment, and worth all payments for it and its claims, less what went back."""
        state = self.state
        sales: dict[str, tuple[Row, list[tuple[Row, int, bool]]]] = {}

        def take(sale: Row | None, row: Row, amount: int, pays: bool) -> None:
            if sale is not None:
                sales.setdefault(sale["id"], (sale, []))[1].append((row, amount, pays))

        for row in state.all("payments"):
            if not self.happened(row["at"]) or row["amount"] is None:
                continue
            deal = state.find("deals", row["deal"])
            amount = converted(state, "payments", row, without_vat(state, row), row["at"]) or 0
            if is_refund(row):
                who = customer_of_payment(state, row)
                of = sale_of_refund(state, self.view, deal, row["amount"], row["currency"], row["at"], who)
                take(self.sale_of(of), row, -amount if row["amount"] > 0 else amount, False)
            elif deal is not None:
                take(self.sale_of(deal), row, amount, row["amount"] > 0)
            elif row["amount"] > 0:
                self.convert(row["at"], amount, row["id"], None, row["company"])
        paid = {row["deal"] for row in state.all("payments")}
        for note in filter(is_credit_note, state.all("deals")):
            at = won_time(state, note)
            if note["id"] in paid or effective_outcome(state, self.view, note) != "won" or not self.happened(at):
                continue
            who = customer(state, note)
            of = sale_of_refund(state, self.view, note, note["amount"], note["currency"], at, who)
            take(self.sale_of(of), note, converted(state, "deals", note, without_vat(state, note), at) or 0, False)
        for sale, payments in sales.values():
            paying = [row for row, _, pays in payments if pays]
            if paying:
                first = min(paying, key=time_then_id)
                self.convert(first["at"], sum(amount for _, amount, _ in payments), first["id"], sale, None)

    # --- subjects ---

    def in_window(self, touch: Touch, until: int) -> bool:
        """Whether a touch is no further back than its kind may be."""
        days = self.lookback_days
        back = days if isinstance(days, int) else days.get(touch[3], days["other"])
        return touch[0] >= until - back * DAY_US

    def cut(
        self, subject: str | None, touches: list[Touch], conversions: list[Conversion], rest: bool = True
    ) -> list[TrailJourney]:
        """One subject's journeys."""
        left = sorted(touches)
        made = []
        for one in sorted(conversions, key=lambda one: (one.at is None, one.at or 0, one.value, one.fact)):
            until = [touch for touch in left if one.at is not None and touch[0] <= one.at]
            left = left[len(until) :]
            inside = [touch for touch in until if self.in_window(touch, one.at or 0)]
            before = [touch for touch in until if not self.in_window(touch, one.at or 0)]
            if before and rest:
                made.append(TrailJourney(subject, seen(before), None))
            made.append(TrailJourney(subject, seen(inside), one))
        if left and (rest or not conversions):
            made.append(TrailJourney(subject, seen(left), None))
        return made

    def of_people(self) -> list[TrailJourney]:
        """By cluster; guests without a name each by themselves."""
        made = []
        owners = {*self.touches, *(one.owner for one in self.conversions if one.owner is not None)}
        for owner in owners:
            own = [one for one in self.conversions if one.owner == owner]
            made += self.cut(owner[1] if owner[0] in ("people", "key") else None, self.touches.get(owner, []), own)
        for one in self.conversions:
            if one.owner is None:
                made += self.cut(None, [], [one])
        return made

    def companies(self) -> dict[str, set[Owner]]:
        """All people of each company: of its card, and of registrations, leads and deals that name both."""
        state = self.state
        pairs = [
            *((row["company"], self.of_person(row["id"])) for row in state.all("people")),
            *((row["company"], self.of_registration(row)) for row in state.all("registrations")),
            *((row["company"], self.of_lead(row)) for row in state.all("leads")),
            *((row["company"], self.of_deal(row)) for row in state.all("deals")),
        ]
        found: dict[str, set[Owner]] = {}
        for company, owner in pairs:
            if company is not None and owner is not None:
                found.setdefault(state.cluster("companies", company), set()).add(owner)
        return found

    def of_companies(self) -> list[TrailJourney]:
        """By cluster of companies; a conversion that names none is of the smallest one of its person."""
        people = self.companies()
        made: list[TrailJourney] = []
        by_company: dict[str, list[Conversion]] = {company: [] for company in people}
        for one in self.conversions:
            known = min((company for company, owners in people.items() if one.owner in owners), default=None)
            company = one.company or known
            if company is None:
                made += self.cut(None, [], [one])
            else:
                by_company.setdefault(company, []).append(one)
        for company, conversions in by_company.items():
            touches = [touch for owner in people.get(company, ()) for touch in self.touches.get(owner, [])]
            made += self.cut(company, touches, conversions)
        return made

    def of_deals(self) -> list[TrailJourney]:
        """By sale; people in its roles."""
        state = self.state
        made: list[TrailJourney] = []
        for one in self.conversions:
            if one.deal is None or one.deal["parent"] is not None:
                made += self.cut(None, [], [one], rest=False)
        for deal in state.all("deals"):
            if deal["parent"] is not None or not self.happened(deal["created_at"]):
                continue
            owners = {self.of_deal(deal)} | {
                self.of_person(role["person"]) for role in state.all("roles") if role["of_deal"] == deal["id"]
            }
            touches = [touch for owner in owners if owner is not None for touch in self.touches.get(owner, [])]
            conversions = [one for one in self.conversions if one.deal is not None and one.deal["id"] == deal["id"]]
            if not conversions:
                if is_credit_note(deal):
                    continue
                if deal["closed_at"] is not None:
                    touches = [touch for touch in touches if touch[0] <= deal["closed_at"]]
                last = max((touch[0] for touch in touches), default=0)
                touches = [touch for touch in touches if self.in_window(touch, last)]
            made += self.cut(deal["id"], touches, conversions, rest=False)
        return made

    def make(self) -> list[TrailJourney]:
        """All journeys, by subject (nobody first), then time."""
        self.find_touches()
        self.find_conversions()
        made = {"person": self.of_people, "company": self.of_companies, "deal": self.of_deals}[self.subject]()
        return sorted(made, key=order)


def seen(touches: list[Touch]) -> tuple[tuple[int, str], ...]:
    """Give the time and channel of touches."""
    return tuple((at, channel) for at, _, channel, _ in touches)


def order(journey: TrailJourney) -> tuple[object, ...]:
    """By subject, then the first touch (without touches: the conversion), then everything else."""
    at = None if journey.conversion is None else journey.conversion.at
    none = -(2**63)
    begins = journey.touches[0][0] if journey.touches else first_not_none(at, none)
    one = journey.conversion
    return (
        journey.subject or "",
        begins,
        first_not_none(at, none),
        journey.touches,
        one is not None,
        one.value if one else 0,
        one.fact if one else "",
    )
