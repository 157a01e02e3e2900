"""The guests of events (docs/funnel/funnel.md), worked out anew from the present facts."""

from __future__ import annotations

from typing import Any

from .deals import effective_outcome, sales, won_time
from .door import Row
from .events import events_of_announcement, topmost
from .money import converted, without_vat
from .sources import Source, source, source_of_announcement
from .split import split_or_equal
from .state import State, first_not_none
from .visits import (
    NEVER,
    Group,
    groups,
    known_since,
    over_at,
    source_of_visit,
    ticket_postings,
    time_then_id,
    visit_time,
)

Guest = dict[str, Any]
KINDS_OF_GUEST = ("person", "company", "registration", "attendance", "invitation", "deal")
KNOWN_SIGNALS = {
    "closed_session": "closed_sessions",
    "product_interest": "product_interests",
    "offer_request": "offer_requests",
    "materials_request": "materials_requests",
}


class Book:
    """Guests on the way, by (event, kind, id)."""

    def __init__(self, state: State, view: str, as_of: int | None, now: int | None) -> None:
        self.state = state
        self.view = view
        self.as_of = as_of
        self.now = now
        self.guests: dict[tuple[str | None, str, str], Guest] = {}
        self.deals_without_event = 0
        self.promises: list[dict[str, Any]] = []
        self.guest_of_deal: dict[str, Guest] = {}

    def counts(self, at: int | None) -> bool:
        """What has no time counts, and everything without an as_of."""
        return at is None or self.as_of is None or at <= self.as_of

    def guest(self, event: str | None, kind: str, key: str) -> Guest:
        """The guest of that place, made when it is new."""
        fresh: Guest = {
            "event": event,
            "kind": kind,
            "guest": key,
            "group": None,
            "invitations": [],
            "marks": [],
            "sales": [],
            "activities": [],
            "registered": False,
            "came": False,
            "came_at": None,
            "registered_at": None,
            "sessions": 0,
            "company": None,
        }
        return self.guests.setdefault((event, kind, key), fresh)

    # --- visits ---

    def take_visits(self) -> None:
        for group in groups(self.state):
            kind, key = key_of_group(group)
            counted = group.counted()
            registered = counted is not None and self.counts(counted["at"])
            came = bool(group.arrivals) and self.counts(visit_time(self.state, group))
            others = [] if counted is not None else [row for row in group.registrations if self.counts(row["at"])]
            if not (registered or came or others):
                continue
            guest = self.guest(group.event, kind, key)
            guest.update(group=group, registered=registered, came=came, others=sorted(others, key=time_then_id))
            guest["registered_at"] = counted["at"] if registered and counted is not None else None
            guest["came_at"] = visit_time(self.state, group) if came else None
        for event in self.state.all("events"):
            top = topmost(self.state, event["id"])
            if top == event["id"]:
                continue
            for group in groups(self.state, event["id"]):
                place = (top, *key_of_group(group))
                if group.arrivals and self.counts(visit_time(self.state, group)) and place in self.guests:
                    self.guests[place]["sessions"] += 1

    # --- invitations and marks ---

    def take_invitations_and_marks(self) -> None:
        companies: list[Row] = []
        for row in self.state.all("invitations"):
            if not self.counts(row["sent_at"]):
                continue
            event = topmost(self.state, row["event"])
            if row["person"] is not None:
                self.guest(event, "person", self.state.cluster("people", row["person"]))["invitations"].append(row)
            elif row["company"] is not None:
                companies.append(row)
            else:
                self.guest(event, "invitation", row["id"])["invitations"].append(row)
        for row in self.state.all("signals"):
            if row["person"] is not None and self.counts(row["at"]):
                place = (topmost(self.state, row["event"]), "person", self.state.cluster("people", row["person"]))
                self.guest(*place)["marks"].append(row)
        known = list(self.guests.values())
        for guest in known:
            guest["company"] = self.company_of(guest)
        for row in companies:
            event = topmost(self.state, row["event"])
            company = self.state.cluster("companies", row["company"])
            theirs = [guest for guest in known if guest["event"] == event and guest["company"] == company]
            for guest in theirs or [self.guest(event, "company", company)]:
                guest["invitations"].append(row)
                guest["company"] = company
        self.known = known

    def company_of(self, guest: Guest) -> str | None:
        """The counted (else the first) registration's, the earliest own invitation's, the person's card's."""
        said: list[str | None] = []
        group: Group | None = guest["group"]
        if group is not None:
            registration = group.counted() or (guest["others"][0] if guest["others"] else None)
            said.append(registration and registration["company"])
        if guest["invitations"]:
            said.append(min(guest["invitations"], key=sent)["company"])
        if guest["kind"] == "person":
            said += [card["company"] for card in cards_of(self.state, "people", guest["guest"])]
        company = first_not_none(*said)
        return None if company is None else self.state.cluster("companies", company)

    # --- deals ---

    def place_of_deal(self, deal: Row) -> tuple[str | None, str, str] | None:
        registration = self.state.find("registrations", deal["registration"])
        if registration is not None and registration["event"] is not None:
            event = topmost(self.state, registration["event"])
            if registration["person"] is None:
                return (event, "registration", registration["id"])
            return (event, "person", self.state.cluster("people", registration["person"]))
        shares = events_of_announcement(self.state, source(self.state, "deals", deal).announcement)
        parts = split_or_equal(1, [weight for _, weight in shares])
        named = shares[parts.index(1)][0]
        if named is None:
            return None
        event = topmost(self.state, named)
        if deal["person"] is not None:
            return (event, "person", self.state.cluster("people", deal["person"]))
        if deal["company"] is None:
            return (event, "deal", deal["id"])
        company = self.state.cluster("companies", deal["company"])
        theirs = [guest for guest in self.known if guest["event"] == event and guest["company"] == company]
        if not theirs:
            return (event, "company", company)
        first = min(theirs, key=came_first)
        return (event, first["kind"], first["guest"])

    def take_deals(self) -> None:
        for deal in sales(self.state):
            if not self.counts(deal["created_at"]):
                continue
            place = self.place_of_deal(deal)
            if place is None:
                self.deals_without_event += 1
                continue
            guest = self.guest(*place)
            guest["sales"].append(deal)
            self.guest_of_deal[deal["id"]] = guest
        for guest in self.guests.values():
            if guest["company"] is None:
                guest["company"] = guest["guest"] if guest["kind"] == "company" else self.company_of(guest)
            if guest["company"] is None and guest["sales"]:
                bought = min(guest["sales"], key=created)["company"]
                guest["company"] = None if bought is None else self.state.cluster("companies", bought)

    # --- activities ---

    def guests_of_activity(self, row: Row) -> tuple[list[Guest], bool, bool]:
        """Whom it concerns, whether a mark says so, and whether it is about that event."""
        signal = self.state.find("signals", row["signal"])
        if signal is not None:
            if signal["person"] is None:
                return [], True, True
            place = (topmost(self.state, signal["event"]), "person", self.state.cluster("people", signal["person"]))
            return [self.guests[place]] if place in self.guests else [], True, True
        if row["deal"] in self.guest_of_deal:
            return [self.guest_of_deal[row["deal"]]], False, False
        named = [row, self.state.find("deals", row["deal"]), self.state.find("leads", row["lead"])]
        who = next(
            (fact for fact in named if fact and (fact["person"] is not None or fact["company"] is not None)), None
        )
        if who is None:
            return [], False, False
        if who["person"] is not None:
            person = self.state.cluster("people", who["person"])
            found = [g for g in self.guests.values() if g["kind"] == "person" and g["guest"] == person]
        else:
            company = self.state.cluster("companies", who["company"])
            found = [g for g in self.guests.values() if g["company"] == company]
        if row["event"] is None:
            return found, False, False
        event = topmost(self.state, row["event"])
        return [g for g in found if g["event"] == event], False, True

    def take_activities(self) -> None:
        for guest in self.guests.values():
            event = self.state.find("events", guest["event"])
            guest["day"] = first_not_none(guest["came_at"], event and event["starts_at"])
            guest.update(follow_ups=[], contacts=[], offers=[])
        for row in self.state.all("activities"):
            if not self.counts(row["at"]):
                continue
            concerned, by_mark, about_event = self.guests_of_activity(row)
            done = row["done_at"] is not None and self.counts(row["done_at"])
            contact = None
            if row["done_at"] is not None:
                contact = row["done_at"] if done else None
            elif row["due_at"] is None and row["kind"] != "task":
                contact = row["at"]
            for guest in concerned:
                guest["activities"].append(row)
                if by_mark or since(guest, row["at"]):
                    guest["follow_ups"].append(row["at"])
                if contact is not None and since(guest, contact):
                    guest["contacts"].append(contact)
                    if row["kind"] == "offer":
                        guest["offers"].append(contact)
                late = row["due_at"] is not None and self.now is not None and row["due_at"] < self.now
                if about_event and late and not done:
                    self.promises.append({"guest": guest, "activity": row})


def key_of_group(group: Group) -> tuple[str, str]:
    """A person, or the registration or arrival that stands for nobody known."""
    if group.person is not None:
        return ("person", group.person)
    if group.registrations:
        return ("registration", group.registrations[0]["id"])
    return ("attendance", group.arrivals[0]["id"])


def sent(row: Row) -> tuple[bool, int, str]:
    return (row["sent_at"] is None, row["sent_at"] or 0, row["id"])


def created(row: Row) -> tuple[bool, int, str]:
    return (row["created_at"] is None, row["created_at"] or 0, row["id"])


def came_first(guest: Guest) -> tuple[Any, ...]:
    """Who came first, else registered first, else the smaller id."""
    return (
        not guest["came"],
        *(guest["came_at"] is None, guest["came_at"] or 0),
        not guest["registered"],
        *(guest["registered_at"] is None, guest["registered_at"] or 0),
        *(guest["guest"].encode(), KINDS_OF_GUEST.index(guest["kind"])),
    )


def since(guest: Guest, at: int | None) -> bool:
    """Whether a time is not before the guest's day; without a day everything is."""
    return guest["day"] is None or (at is not None and at >= guest["day"])


def cards_of(state: State, kind: str, root: str | None) -> list[Row]:
    """The present cards of a cluster, by id."""
    return [] if root is None else [row for row in state.all(kind) if state.cluster(kind, row["id"]) == root]


def said(state: State, kind: str, root: str | None, field: str) -> Any:
    """What the first card that says it says."""
    return first_not_none(*(card[field] for card in cards_of(state, kind, root)))


def in_force(row: Row, at: int | None) -> bool:
    if at is None:
        return row["from"] is None and row["until"] is None
    # An end is not in, but the last microsecond of a day, to which a day is kept, is.
    ended = row["until"] is not None and (at > row["until"] or (at == row["until"] and (at + 1) % 1_000_000 != 0))
    return (row["from"] is None or row["from"] <= at) and not ended


def newest_role(rows: list[Row], at: int | None) -> str | None:
    """Of the roles with a manager that hold at a time the one that came last, then the smaller id."""
    if at is None:
        return None
    holding = sorted((row for row in rows if row["manager"] is not None and in_force(row, at)), key=lambda r: r["id"])
    latest = max(holding, key=lambda row: -(2**70) if row["from"] is None else row["from"], default=None)
    return None if latest is None else latest["manager"]


def manager_of(state: State, guest: Guest) -> str | None:
    """The owner of the first deal when it was made, of the company on the day, who spoke last, who marked, whose card
    it is."""
    if guest["sales"]:
        deal = min(guest["sales"], key=created)
        lead = state.find("leads", deal["lead"])
        owner = first_not_none(
            newest_role([r for r in state.all("roles") if r["of_deal"] == deal["id"]], deal["created_at"]),
            deal["manager"],
            lead and lead["manager"],
        )
        if owner is not None:
            return str(owner)
    if guest["company"] is not None:
        theirs = [
            row
            for row in state.all("roles")
            if row["of_company"] is not None and state.cluster("companies", row["of_company"]) == guest["company"]
        ]
        day = first_not_none(guest["starts_at"], guest["came_at"], guest["registered_at"], guest["invited_at"])
        owner = newest_role(theirs, day)
        if owner is not None:
            return owner
    spoke = sorted(
        (row for row in guest["activities"] if row["manager"] is not None and row["at"] is not None),
        key=lambda row: (-row["at"], row["id"].encode()),
    )
    if spoke:
        return str(spoke[0]["manager"])
    marked = min(guest["marks"], key=time_then_id)["manager"] if guest["marks"] else None
    person = said(state, "people", guest["person"], "responsible")
    who: str | None = first_not_none(marked, person, said(state, "companies", guest["company"], "responsible"))
    return who


def contact_of(state: State, guest: Guest, kind: str, now: int | None) -> str | None:
    """The contact point that holds now, the latest first; the person's before the company's."""
    person = guest["guest"] if guest["kind"] == "person" else None
    for field, of, root in (("person", "people", person), ("company", "companies", guest["company"])):
        if root is None:
            continue
        points = [
            row
            for row in state.all("contact_points")
            if row[field] is not None
            and state.cluster(of, row[field]) == root
            and row["kind"] == kind
            and row["value"] is not None
            and in_force(row, now)
        ]
        if points:
            latest = max(points, key=lambda row: -(2**70) if row["from"] is None else row["from"])
            return str(latest["value"])
    return None


def source_of_guest(state: State, guest: Guest) -> Source:
    """Of the visit as the cards have it, else the first invitation's, the first registration's, the first deal's."""
    group: Group | None = guest["group"]
    if group is not None and (guest["registered"] or guest["came"]):
        return source_of_visit(state, group)
    if guest["invitations"]:
        return source_of_announcement(state, min(guest["invitations"], key=sent)["announcement"])
    if group is not None:
        return source(state, "registrations", guest["others"][0])
    if guest["marks"]:
        return Source()
    return source(state, "deals", min(guest["sales"], key=created))


def finished(book: Book, guest: Guest) -> Guest:
    """All columns of a guest: times in microseconds, money in minor units."""
    state, now = book.state, book.now
    event = state.find("events", guest["event"]) or dict.fromkeys(("name", "status", "starts_at", "ends_at", "brand"))
    company, person = guest["company"], guest["guest"] if guest["kind"] == "person" else None
    live = event["status"] != "cancelled"
    end, known = over_at(state, guest["event"]), known_since(state, guest["event"])
    held = event["status"] == "held"
    row: Guest = {
        "event": guest["event"],
        "event_name": event["name"],
        "event_status": event["status"],
        "starts_at": event["starts_at"],
        "ends_at": event["ends_at"],
        "begun": live and (held or (None not in (event["starts_at"], now) and event["starts_at"] <= now)),
        "over": live and (held or (end is not None and now is not None and end <= now)),
        "attendance_taken": known != NEVER and book.counts(known),
        "kind": guest["kind"],
        "guest": guest["guest"],
        "person": person,
        "company": company,
        "company_name": said(state, "companies", company, "name"),
    }
    row["name"] = first_not_none(said(state, "people", person, "name"), row["company_name"])
    row["phone"] = contact_of(state, guest, "phone", now)
    row["email"] = contact_of(state, guest, "email", now)
    for field in ("segment_potential", "segment_format", "region"):
        row[field] = first_not_none(said(state, "companies", company, field), said(state, "people", person, field))
    invitations = sorted(guest["invitations"], key=sent)
    row["segment"] = first_not_none(*(invitation["segment"] for invitation in invitations), row["segment_potential"])
    came_from = source_of_guest(state, guest)
    announcement = state.find("announcements", came_from.announcement) or {}
    row["channel"], row["announcement"] = came_from.channel, came_from.announcement
    row["partner"] = state.present("partners", announcement.get("partner"))
    row["brand"] = first_not_none(announcement.get("brand"), event["brand"])
    group: Group | None = guest["group"]
    registered, came = guest["registered"], guest["came"]
    counted = group.counted() if group is not None else None
    status = "registered" if registered else None
    if group is not None and not registered and guest["others"]:
        statuses = {other["status"] for other in guest["others"]}
        status = next(one for one in ("waitlist", "pending", "cancelled", "declined") if one in statuses)
    marks = sorted(guest["marks"], key=time_then_id)
    kinds = {mark["kind"] for mark in marks if mark["kind"] is not None}
    row.update(
        invited=bool(invitations),
        invited_at=invitations[0]["sent_at"] if invitations else None,
        registered=registered,
        registered_at=guest["registered_at"],
        status=status,
        came=came,
        attended=came and counted is not None,
        walk_in=came and counted is None,
        came_at=guest["came_at"],
        tickets=0,
        tickets_attended=0,
        sessions=guest["sessions"],
        signals=len(marks),
        signal_kinds=", ".join(sorted(kinds)) if kinds else None,
        first_signal_at=marks[0]["at"] if marks else None,
        marked_by=marks[0]["manager"] if marks else None,
    )
    for posting in [] if group is None else ticket_postings(state, "activity", group):
        if book.counts(posting.active_from) and row["registered" if posting.metric == "tickets" else "came"]:
            row[posting.metric] += posting.value
    for kind, column in KNOWN_SIGNALS.items():
        row[column] = sum(mark["kind"] == kind for mark in marks)
    for column, first in (("follow_ups", "follow_up"), ("contacts", "contact"), ("offers", "offer")):
        row[column] = len(guest[column])
        row[f"first_{first}_at"] = min((at for at in guest[column] if at is not None), default=None)
    row.update(deals=len(guest["sales"]), open_deals=0, won=0, lost=0, amount_open=0, amount_won=0)
    row["first_deal_at"] = min(guest["sales"], key=created)["created_at"] if guest["sales"] else None
    for deal in guest["sales"]:
        at = won_time(state, deal)
        outcome = effective_outcome(state, book.view, deal) if book.counts(at) else "open"
        row[{"open": "open_deals", "won": "won", "lost": "lost"}[outcome]] += 1
        if outcome != "lost" and deal["amount"] is not None:
            row[f"amount_{outcome}"] += converted(state, "deals", deal, without_vat(state, deal), at) or 0
    row["manager"] = manager_of(state, {**guest, **row})
    manager = state.find("managers", row["manager"]) or {}
    row["manager_name"] = manager.get("name")
    left = manager.get("active_until")
    row["manager_left"] = left is not None and now is not None and left <= now
    return row


def guests(
    state: State, view: str, as_of: int | None, now: int | None
) -> tuple[list[Guest], list[dict[str, Any]], int]:
    """Guests by event, id and kind; promises whose time has come; deals that belong to no event."""
    book = Book(state, view, as_of, now)
    book.take_visits()
    book.take_invitations_and_marks()
    book.take_deals()
    book.take_activities()
    rows: list[Guest] = []
    promises: list[dict[str, Any]] = []
    for guest in book.guests.values():
        row = finished(book, guest)
        rows.append(row)
        for promise in book.promises:
            if promise["guest"] is guest:
                manager = promise["activity"]["manager"] or row["manager"]
                promises.append({"guest": row, "activity": promise["activity"], "manager": manager})
    rows.sort(
        key=lambda row: (
            row["event"] is None,
            (row["event"] or "").encode(),
            row["guest"].encode(),
            KINDS_OF_GUEST.index(row["kind"]),
        )
    )
    return rows, promises, book.deals_without_event
