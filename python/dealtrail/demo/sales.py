"""Requests, calls and deals of the made-up organiser."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealtrail.demo.facts import (
    END,
    Activity,
    Announcement,
    Call,
    Deal,
    Dice,
    Lead,
    Move,
    Organiser,
    Payment,
    Registration,
    Source,
)

CLAIMS = 6
"""The pipeline of claims."""
REFUNDED = "Брак, возврат"
"""Why a sale came back: in the marketing view it stays won."""

# Requests that a placement brings, and the part of them that is junk.
_REQUESTS = {11: 6, 12: 7, 13: 12, 14: 9, 15: 1, 16: 8, 17: 5, 18: 2, 19: 1, 20: 3, 21: 5, 22: 3}
_JUNK = {
    11: 0.15,
    12: 0.2,
    13: 0.55,
    14: 0.5,
    15: 0.05,
    16: 0.35,
    17: 0.2,
    18: 0.3,
    19: 0.05,
    20: 0.05,
    21: 0.1,
    22: 0.45,
}
_STEPS = ("NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING")


def _stage(category: int, code: str) -> str:
    return code if category == 0 else f"C{category}:{code}"


def _on_shields(world: Organiser, lane: int, at: datetime) -> Announcement | None:
    """Give the shield that showed this number at that time."""
    for key in world.keys:
        shown = key.since is not None and key.since <= at and (key.until is None or at < key.until)
        if shown and key.value == f"+7495300000{lane}":
            return next(a for a in world.announcements if a.id == key.announcement)
    return None


def _request(world: Organiser, dice: Dice, place: Announcement, at: datetime) -> Source:
    """Give what is known of where a request came from."""
    if place.channel == 16:
        lane = dice.below(2)
        shield = _on_shields(world, lane, at)
        number = f"+7495300000{lane}"
        return Source(shield.id, 16, number=number) if shield else Source(number=number)
    if place.phone and (not place.utm or dice.chance(0.6)):
        tail = {"source": "direct"} if dice.chance(0.15) else {}  # two sources: the number dialled wins
        return Source(place.id, place.channel, number=place.phone, utm=tail)
    if dice.chance(0.06):
        return Source(None, 20, form="3")
    if dice.chance(0.03):
        first = world.announcements[1]
        return Source(first.id, first.channel, form="4")
    if dice.chance(0.06):
        return Source(utm={"source": "unknown", "medium": "x"}) if dice.chance(0.5) else Source()
    return Source(place.id, place.channel, utm=place.utm)


def add_leads_and_calls(world: Organiser, dice: Dice) -> None:
    """Add the requests of every placement, their moves, and the calls of portal and call-tracking."""
    scale = len(world.people) / 3000
    for place in world.announcements:
        if place.status != "out" or not (place.utm or place.phone or place.channel == 16):
            continue
        for _ in range(max(dice.about(_REQUESTS[place.channel] * scale), 1)):
            at = dice.moment(place.published, min(place.published + timedelta(days=60), END))
            source = _request(world, dice, place, at)
            _add_lead(world, dice, at, source, dice.chance(_JUNK[place.channel]))
    for index in range(max(int(600 * scale), 8)):
        tracked = index % 3 != 0
        _add_call(world, dice, world.tracked_calls if tracked else world.portal_calls)
    last = world.tracked_calls[-1]
    world.tracked_calls.append(Call(last.id + 1, "79009999999", "+74953000000", END, 61, True, 1, None))


def _add_lead(world: Organiser, dice: Dice, at: datetime, source: Source, junk: bool) -> None:
    number = 7001 + len(world.leads)
    person = dice.pick(world.people).id if dice.chance(0.7) else None
    manager = dice.between(1, 6)
    lead = Lead(number, f"Заявка {number}", person, at, source, manager, "NEW", "P", at)
    closed = min(at + timedelta(days=dice.between(1, 20), seconds=dice.below(9000)), END)
    _move(world.lead_moves, number, 1, 0, "NEW", "P", at)
    if junk:
        lead.status, lead.semantic, lead.modified = "JUNK", "F", closed
        lead.junk_reason = dice.pick(("спам", "не наш профиль", "ошиблись номером"))
        _move(world.lead_moves, number, 3, 0, "JUNK", "F", closed)
    elif dice.chance(0.8):
        lead.status, lead.modified = "IN_PROCESS", at + (closed - at) / 2
        lead.modified = lead.modified.replace(microsecond=0)
        if dice.chance(0.6):
            lead.qualified = lead.modified
        _move(world.lead_moves, number, 2, 0, "IN_PROCESS", "P", lead.modified)
        if lead.qualified and dice.chance(0.6):
            lead.status, lead.semantic, lead.modified = "CONVERTED", "S", closed
            _move(world.lead_moves, number, 3, 0, "CONVERTED", "S", closed)
    world.leads.append(lead)
    _activity(world, dice, 1, number, at, manager)


def _add_call(world: Organiser, dice: Dice, calls: list[Call]) -> None:
    person = dice.pick(world.people)
    digits = "".join(c for c in person.phones[0] if c.isdigit())[-10:] if person.phones else None
    client = f"7{digits}" if digits else f"7900{dice.between(1_000_000, 9_999_999)}"
    shown = [a for a in world.announcements if a.phone]
    # The third number of the shields rings, but nobody knows it.
    line = dice.pick(shown).phone if dice.chance(0.5) else f"+7495300000{dice.below(3)}"
    answered = dice.chance(0.8)
    at = dice.moment(world.announcements[0].published, END)
    seconds = dice.between(15, 600) if answered else 0
    known = person.id if digits and dice.chance(0.5) else None
    calls.append(Call(90_001 + len(calls), client, line or "", at, seconds, answered, dice.between(1, 6), known))


def _move(moves: list[Move], owner: int, kind: int, category: int, stage: str, semantic: str, at: datetime) -> None:
    moves.append(Move(30_001 + len(moves), owner, kind, category, stage, semantic, at))


def _activity(world: Organiser, dice: Dice, owner_type: int, owner: int, at: datetime, manager: int) -> None:
    if not dice.chance(0.6):
        return
    number = 80_001 + len(world.activities)
    start = min(at + timedelta(hours=dice.between(1, 90)), END)
    deadline = at + timedelta(days=dice.between(1, 14))
    subject = dice.pick(("Перезвонить", "Встреча", "Выслать расчёт", "Письмо с программой"))
    done = start < END and dice.chance(0.75)
    world.activities.append(
        Activity(number, owner_type, owner, dice.between(1, 4), subject, at, start, deadline, done, manager)
    )


def add_deals(world: Organiser, dice: Dice) -> None:
    """Add deals of guests, of requests and of nobody known; then claims, refunds, changed amounts and broken rows."""
    event_of = {e.id: e for e in world.events}
    came = {a.registration for a in world.arrivals if a.registration is not None}
    pull = {11: 0.10, 12: 0.12, 13: 0.05, 14: 0.02, 15: 0.2, 17: 0.06, 18: 0.14, 19: 0.2, 20: 0.14, 21: 0.2, 22: 0.01}
    for form in list(world.registrations):
        if form.person is None or form.id is None or form.status != "registered":
            continue
        chance = pull.get(form.source.channel or 0, 0.06) * (1.0 if form.id in came else 0.15)
        created = event_of[form.event].starts + timedelta(days=dice.between(0, 40), seconds=dice.below(30_000))
        if created < END and dice.chance(chance):
            own = Source(None, 20, utm={"source": "mailing"}) if dice.chance(0.08) else Source()
            _add_deal(world, dice, created, own, form.person, registration=form)
    for lead in world.leads:
        if lead.status == "CONVERTED":
            _add_deal(world, dice, lead.modified, Source(), lead.person, lead=lead)
    for _ in range(max(len(world.people) // 50, 4)):
        place = dice.pick([a for a in world.announcements if a.status == "out" and a.utm])
        created = dice.moment(place.published, END)
        own = dice.pick(
            (
                Source(place.id, place.channel, link=place.id),
                Source(place.id, place.channel, utm=place.utm),
                Source(),
            )
        )
        _add_deal(world, dice, created, own, dice.pick(world.people).id)
    _add_claims(world, dice)
    for deal in world.deals[3::90]:  # the amount was changed later: the export holds both rows
        old = Deal(**{**vars(deal), "amount": deal.amount + 11_111_11, "modified": deal.created - timedelta(hours=1)})
        world.older_deals.append(old)
    orphan = world.deals[1]
    orphan.lead, orphan.registration = None, None  # a deal without an event and without a source
    orphan.source = Source()
    foreign = _add_deal(world, dice, END - timedelta(days=3), Source(), None)
    foreign.currency, foreign.stage, foreign.semantic = "EUR", _stage(foreign.category, "NEW"), "P"
    broken = _add_deal(world, dice, END - timedelta(days=2), Source(), 99_999)  # a contact that nobody exported
    broken.stage, broken.semantic = _stage(broken.category, "NEW"), "P"


def _add_deal(
    world: Organiser,
    dice: Dice,
    created: datetime,
    source: Source,
    person: int | None,
    *,
    registration: Registration | None = None,
    lead: Lead | None = None,
) -> Deal:
    number = 3001 + len(world.deals)
    category = dice.pick((0, 0, 2, 2, 4))
    amount = dice.between(60_000_00, 700_000_00) * (3 if category == 2 else 1)
    manager = dice.between(1, 6)
    cards = {p.id: p for p in world.people[person - 5001 : person - 5000]} if person else {}
    company = cards[person].company if person in cards else None
    close = created + timedelta(days=dice.between(8, 110), seconds=dice.below(40_000))
    deal = Deal(
        id=number,
        title=f"Сделка {number}",
        category=category,
        stage=_stage(category, "NEW"),
        semantic="P",
        amount=amount,
        currency="RUB",
        created=created,
        modified=created,
        close=close,
        manager=manager,
        person=person,
        company=company,
        source=source,
        registration=registration.id if registration else None,
        lead=lead.id if lead else None,
        cost=amount * dice.between(50, 85) // 100 if dice.chance(0.7) else None,
        sale_kind=dice.pick(("cold", "warm", "organic", None)),
    )
    steps = dice.between(1, 4)
    last = created
    for turn in range(steps):
        at = created + (min(close, END) - created) * turn / 5
        last = at.replace(microsecond=0)
        _move(world.deal_moves, number, 1 if turn == 0 else 2, category, _stage(category, _STEPS[turn]), "P", last)
        deal.stage = _stage(category, _STEPS[turn])
    deal.modified = last
    if close < END and dice.chance(0.8):
        won = dice.chance(0.45)
        deal.stage, deal.semantic = _stage(category, "WON" if won else "LOSE"), "S" if won else "F"
        deal.modified = close
        deal.lost_reason = None if won else dice.pick(("дорого", "выбрали других", "отложили"))
        _move(world.deal_moves, number, 3, category, deal.stage, deal.semantic, close)
        if won:
            _pay(world, dice, deal)
    world.deals.append(deal)
    _activity(world, dice, 2, number, created, manager)
    return deal


def _pay(world: Organiser, dice: Dice, deal: Deal) -> None:
    first = deal.amount * 3 // 10 if dice.chance(0.4) else 0
    if first:
        early = deal.created + (deal.close - deal.created) / 2
        paid = Payment(20_001 + len(world.payments), deal.id, "prepayment", first, early.replace(microsecond=0))
        world.payments.append(paid)
    world.payments.append(Payment(20_001 + len(world.payments), deal.id, "sale", deal.amount - first, deal.close))


def _add_claims(world: Organiser, dice: Dice) -> None:
    sold = [d for d in world.deals if d.semantic == "S" and d.close < END - timedelta(days=40)]
    for deal in sold[4::45]:  # a claim opened as a deal of its own: never a second win
        at = deal.close + timedelta(days=dice.between(5, 30))
        claim = _add_deal(world, dice, at, Source(), deal.person)
        claim.category, claim.sale, claim.company = CLAIMS, deal.id, deal.company
        claim.stage, claim.semantic = _stage(CLAIMS, "NEW"), "P"
        claim.close, claim.modified, claim.lost_reason = at + timedelta(days=20), at, None
        world.deal_moves[:] = [m for m in world.deal_moves if m.owner != claim.id]
        world.payments[:] = [p for p in world.payments if p.deal != claim.id]
        _move(world.deal_moves, claim.id, 1, CLAIMS, claim.stage, "P", at)
    for index, deal in enumerate(sold[7::45]):  # the sale itself moved to claims and came back
        at = deal.close + timedelta(days=dice.between(5, 30))
        deal.category, deal.stage, deal.semantic = CLAIMS, _stage(CLAIMS, "LOSE"), "F"
        deal.lost_reason = "передумал" if index % 4 == 3 else REFUNDED
        deal.modified = at
        _move(world.deal_moves, deal.id, 5, CLAIMS, deal.stage, "F", at)
        refund = Payment(20_001 + len(world.payments), deal.id, "refund", -deal.amount, at)
        world.payments.append(refund)
