"""Invitations by segment before the day, promises to guests after it (M0.2, M0.6, M0.7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealtrail.demo.facts import BEGIN, END, Activity, Dice, Event, Invitation, Organiser

SEGMENTS = ("A", "B", "C")
"""Of companies, by potential."""
_INVITED = {"A": 0.9, "B": 0.5, "C": 0.15, None: 0.1}
_SIZE = {"conference": 130, "breakfast": 40}
_PROMISES = ("Обещал прийти на следующее", "Обещал оплатить счёт", "Обещали прислать расчёт", "Обещали перезвонить")
MARK = 1056
"""What an activity of a mark says of its owner: the number of the smart process."""


def add_segments(world: Organiser, dice: Dice) -> None:
    """Divide most companies into segments by potential."""
    for company in world.companies:
        if dice.chance(0.85):
            company.potential = SEGMENTS[0 if dice.chance(0.2) else 1 if dice.chance(0.4) else 2]


def add_invitations(world: Organiser, dice: Dice) -> None:
    """Invite to conferences and breakfasts: half of those who then register, others, and companies without a contact.

    The dirt: a person invited twice, two cards of one human, a contact that nobody exported, an invitation of nobody.
    """
    scale = len(world.people) / 3000
    potential = {company.id: company.potential for company in world.companies}
    employed = {person.company for person in world.people}
    alone = [company for company in world.companies if company.id not in employed]
    company_of = {person.id: person.company for person in world.people}
    for event in world.events:
        if event.parent is not None or event.kind not in _SIZE or event.starts > END:
            continue
        registered = dict.fromkeys(f.person for f in world.registrations if f.event == event.id)
        wanted = max(int(_SIZE[event.kind] * scale), 4)
        mailing = next(a.id for a in world.announcements if a.channel == 20 and a.event == event.id)
        known = [number for number in registered if number in company_of]
        chosen: list[int] = []
        while len(chosen) < wanted:
            number = dice.pick(known) if known and dice.chance(0.5) else dice.pick(world.people).id
            if dice.chance(_INVITED[potential.get(company_of[number] or 0)]):
                chosen.append(number)  # somebody may be chosen twice: a second letter
        for number in chosen:
            company = company_of[number]
            link = mailing if dice.chance(0.6) else None
            _invite(world, dice, event, number, company, link, potential.get(company or 0))
        for company_card in alone[: max(int(3 * scale), 1)]:
            _invite(world, dice, event, None, company_card.id, None, company_card.potential)
    first = next(event for event in world.events if event.kind == "conference")
    twin = world.people[-1]  # the second card of somebody: whom the two cards name is one guest
    name, tails = (twin.first, twin.last), _tails(twin.phones)
    cards = [one.id for one in world.people if (one.first, one.last) == name and _tails(one.phones) & tails]
    for number in (*cards, 99_998):
        _invite(world, dice, first, number, None, None, None)
    _invite(world, dice, first, None, None, None, "A")


def _tails(phones: list[str]) -> set[str]:
    return {"".join(letter for letter in phone if letter.isdigit())[-10:] for phone in phones}


def _invite(
    world: Organiser,
    dice: Dice,
    event: Event,
    person: int | None,
    company: int | None,
    announcement: int | None,
    segment: str | None,
) -> None:
    number = 50_001 + len(world.invitations)
    first = max(event.starts - timedelta(days=45), BEGIN - timedelta(days=40))
    sent = dice.moment(first, first + timedelta(days=14))
    world.invitations.append(Invitation(number, event.id, person, company, announcement, segment, sent))


def add_promises(world: Organiser, dice: Dice) -> None:
    """Promise something at every third mark: to come, to pay, to send, to call; some of it is done in time.

    The dirt: a promise for a mark that nobody exported.
    """
    for place, mark in enumerate(world.signals):
        if mark.at > END or not (dice.chance(0.35) or place == 0):
            continue
        made = mark.at + timedelta(minutes=dice.between(5, 300))
        due = made + timedelta(days=dice.between(1, 14))
        done = made + timedelta(days=dice.between(0, 20), minutes=dice.between(1, 500))
        kept = done < END and dice.chance(0.6) and place > 0
        _promise(world, mark.id, mark.manager, dice.pick(_PROMISES), (made, min(done, END), due), kept)
    first = world.signals[0]
    made = min(first.at, END - timedelta(days=30))
    days = (made, made, made + timedelta(days=2))
    _promise(world, 69_999, first.manager, _PROMISES[0], days, False)


def _promise(
    world: Organiser, mark: int, manager: int, subject: str, days: tuple[datetime, datetime, datetime], kept: bool
) -> None:
    made, done, due = days
    number = 80_001 + len(world.activities)
    kind = 2 if "звонить" in subject else 3
    world.activities.append(Activity(number, MARK, mark, kind, subject, made, done, due, kept, manager))
