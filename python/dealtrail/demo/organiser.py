"""Makes up two years of an organiser of business events, the same for the same seed."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealtrail.demo.facts import (
    BEGIN,
    END,
    ZONE,
    Announcement,
    Arrival,
    Channel,
    Company,
    Dice,
    Event,
    Organiser,
    Person,
    Registration,
    Signal,
    Source,
    SourceKey,
)
from dealtrail.demo.guests import add_invitations, add_promises, add_segments
from dealtrail.demo.invoicing import add_costs, add_invoices
from dealtrail.demo.pool import add_pool
from dealtrail.demo.sales import add_deals, add_leads_and_calls

_CHANNELS = (
    Channel(11, "Телеграм-канал отрасли", "telegram", "мессенджер", "специалисты"),
    Channel(12, "Портал «Афиша бизнеса»", "afisha", "сайт", "руководители"),
    Channel(13, "Контекстная реклама", "direct", "поиск", "холодная"),
    Channel(14, "Таргет в соцсети", "vk", "соцсеть", "холодная"),
    Channel(15, "Деловой подкаст", "podcast", "аудио", "руководители"),
    Channel(16, "Городские щиты", "billboard", "наружная", "широкая"),
    Channel(17, "Отраслевой журнал", "magazine", "печать", "руководители", state="archived"),
    Channel(18, "Чат предпринимателей", "chat", "мессенджер", "владельцы", state="test"),
    Channel(19, "Бизнес-клуб", "club", "сообщество", "владельцы", paid="barter"),
    Channel(20, "Своя рассылка", "mailing", "почта", "свои", paid="own"),
    Channel(21, "Партнёры-интеграторы", "partners", "партнёры", "тёплая"),
    Channel(22, "Блогер о закупках", "blogger", "видео", "специалисты", state="test"),
)

_EVENTS = (
    ("conference", "Конференция «Осень 2024»", (2024, 11, 28), None),
    ("webinar", "Вебинар «Итоги года»", (2024, 12, 12), None),
    ("webinar", "Вебинар «План продаж»", (2025, 1, 30), None),
    ("breakfast", "Деловой завтрак 2025", (2025, 2, 20), None),
    ("webinar", "Вебинар «Маркировка»", (2025, 3, 20), None),
    ("conference", "Конференция «Весна 2025»", (2025, 5, 22), None),
    ("webinar", "Вебинар «Логистика»", (2025, 6, 26), None),
    ("webinar", "Вебинар «Сезон»", (2025, 8, 28), None),
    ("webinar", "Вебинар «Кадры»", (2025, 9, 25), None),
    ("webinar", "Вебинар «Бюджет»", (2025, 10, 16), None),
    ("conference", "Конференция «Осень 2025»", (2025, 11, 27), 201),
    ("breakfast", "Деловой завтрак 2026", (2026, 2, 19), 204),
    ("webinar", "Вебинар «Маркировка 2.0»", (2026, 3, 19), 205),
    ("conference", "Конференция «Весна 2026»", (2026, 5, 21), 206),
    ("webinar", "Вебинар «Новые правила»", (2026, 9, 17), None),
    ("webinar", "Вебинар «Итоги года 2026»", (2026, 11, 5), 202),
)
_SIZE = {"conference": 1.0, "webinar": 0.6, "breakfast": 0.25}

# What a placement brings to a conference, the part that comes, kopecks paid: the truth behind the figures.
_PULL = {11: 55, 12: 42, 13: 30, 14: 9, 15: 4, 16: 12, 17: 6, 18: 15, 19: 8, 20: 30, 21: 20, 22: 26}
_SHOW = {
    11: 0.62,
    12: 0.55,
    13: 0.38,
    14: 0.25,
    15: 0.7,
    16: 0.5,
    17: 0.5,
    18: 0.6,
    19: 0.75,
    20: 0.6,
    21: 0.7,
    22: 0.3,
}
_PRICE = {
    11: 45_000_00,
    12: 60_000_00,
    13: 40_000_00,
    14: 35_000_00,
    15: 30_000_00,
    16: 80_000_00,
    17: 50_000_00,
    18: 15_000_00,
    19: 0,
    20: 0,
    21: 25_000_00,
    22: 55_000_00,
}
_FIRST = (
    "Анна",
    "Борис",
    "Вера",
    "Глеб",
    "Дарья",
    "Егор",
    "Жанна",
    "Илья",
    "Кира",
    "Лев",
    "Майя",
    "Нина",
    "Олег",
    "Яна",
)
_LAST = ("Берёзкин", "Ветров", "Грушин", "Дубравин", "Ежевикин", "Зорькин", "Ивушкин", "Клёнов", "Лютиков", "Маков")
_FIRMS = ("Ромашка", "Вектор", "Север", "Парус", "Кедр", "Гранит", "Маяк", "Рассвет", "Орбита", "Лотос", "Сфера")


def make_organiser(seed: int, people: int) -> Organiser:
    """Make up the organiser's two years.

    Parameters
    ----------
    seed
        The same seed and number of people give the same facts on every machine.
    people
        How many contacts the portal holds; all counts grow with it. At least 50.
    """
    world = Organiser(channels=list(_CHANNELS))
    _add_events(world)
    _add_announcements(world, Dice(seed, "announcements"))
    _add_people(world, Dice(seed, "people"), people)
    _add_registrations(world, Dice(seed, "registrations"))
    _add_arrivals(world, Dice(seed, "arrivals"))
    _add_signals(world, Dice(seed, "signals"))
    add_invoices(world)
    add_costs(world, Dice(seed, "costs"))
    add_leads_and_calls(world, Dice(seed, "leads"))
    add_deals(world, Dice(seed, "deals"))
    add_segments(world, Dice(seed, "segments"))
    add_invitations(world, Dice(seed, "invitations"))
    add_promises(world, Dice(seed, "promises"))
    add_pool(world, Dice(seed, "pool"))
    return world


def _add_events(world: Organiser) -> None:
    session_id = 217
    sessions: list[Event] = []
    for index, (kind, name, day, series) in enumerate(_EVENTS):
        starts = datetime(*day, 10 if kind != "webinar" else 15, tzinfo=ZONE)
        hours = {"conference": 8, "webinar": 1, "breakfast": 2}[kind]
        status = "held" if starts < END else "planned"
        if index == 8:
            status = "cancelled"
        if index == 7:
            status = "moved"
        goal = {"conference": 260, "webinar": 150, "breakfast": 60}[kind]
        event = Event(
            id=201 + index,
            name=name,
            kind=kind,
            starts=starts,
            ends=starts + timedelta(hours=hours),
            mode="online" if kind == "webinar" else "hybrid" if kind == "conference" else "offline",
            city=None if kind == "webinar" else "Москва",
            capacity={"conference": 300, "webinar": None, "breakfast": 60}[kind],
            status=status,
            series=series,
            budget={"conference": 1_200_000_00, "webinar": 90_000_00, "breakfast": 180_000_00}[kind],
            goal_registrations=goal,
            goal_attended=goal // 2,
        )
        world.events.append(event)
        if kind == "conference":
            for hour, title in ((12, "Секция «Продажи»"), (15, "Секция «Снабжение»")):
                begins = starts.replace(hour=hour)
                sessions.append(
                    Event(
                        id=session_id,
                        name=f"{title}, {starts.year}",
                        kind="session",
                        starts=begins,
                        ends=begins + timedelta(hours=2),
                        mode="offline",
                        city="Москва",
                        capacity=120,
                        parent=event.id,
                    )
                )
                session_id += 1
    world.events.extend(sessions)


def _placements(channel: Channel, index: int, kind: str) -> int:
    """How often a channel is used for the event at this index."""
    offline = kind != "webinar"
    plan = {
        "telegram": 2 if kind == "conference" else 1,
        "afisha": 2 if kind == "conference" else 1,
        "direct": 1,
        "vk": 1 if index % 4 != 3 else 0,
        "podcast": 1 if index % 4 != 1 else 0,
        "billboard": 2 if offline else 0,
        "magazine": 1 if index < 7 else 0,
        "chat": 1 if index in (11, 12, 13) else 0,
        "club": 1 if index % 3 != 2 else 0,
        "mailing": 2,
        "partners": 1 if index not in (2, 6) else 0,
        "blogger": 1 if index in (13, 14, 15) else 0,
    }
    return plan[channel.slug]


def _add_announcements(world: Organiser, dice: Dice) -> None:
    for index, event in enumerate(e for e in world.events if e.parent is None):
        for channel in world.channels:
            for turn in range(_placements(channel, index, event.kind)):
                number = 301 + len(world.announcements)
                first = max(BEGIN, event.starts - timedelta(days=30))
                published = dice.moment(first, min(event.starts - timedelta(days=6), END - timedelta(days=2)))
                price = int(_PRICE[channel.id] * (0.5 if event.kind == "webinar" else 1.0))
                if channel.slug == "direct":
                    price = price * (10 + 4 * index) // 10  # overheated: dearer each time
                world.announcements.append(
                    Announcement(
                        id=number,
                        name=f"{channel.name}: {event.name}, выход {turn + 1}",
                        channel=channel.id,
                        event=event.id,
                        published=published.replace(second=0),
                        planned_cost=price + (dice.below(50) * 137 if price else 0),
                        form=dice.pick(("пост", "баннер", "анонс", "выступление")),
                        utm={}
                        if channel.slug in ("billboard", "magazine")
                        else {
                            "source": channel.slug,
                            "medium": "event",
                            "campaign": f"e{event.id}",
                            "content": f"a{number}",
                        },
                        promo=f"CLUB{number}" if channel.slug in ("club", "partners") else None,
                        phone=f"+7495200{number:04d}" if channel.slug in ("magazine", "vk") else None,
                    )
                )
    # Shields share two numbers that move from placement to placement: the number alone says nothing, the day does.
    shields = [a for a in world.announcements if a.channel == 16]
    for lane in (0, 1):
        mine = sorted(shields[lane::2], key=lambda a: a.published)
        for place, following in zip(mine, [*mine[1:], None], strict=True):
            until = following.published if following else None
            _key(world, "number", f"+7495300000{lane}", place.id, None, place.published, until)
    for channel in world.channels:
        if channel.slug not in ("billboard", "magazine"):
            _key(world, "utm", f"utm_source={channel.slug}", None, channel.id)
    _key(world, "form", "3", None, 20)
    _key(world, "form", "4", world.announcements[1].id, None)
    planned = Announcement(998, "Блогер: ещё не вышло", 22, 216, END + timedelta(days=2), 20_000_00, "пост")
    planned.status = "planned"
    dropped = Announcement(999, "Таргет: отменено", 14, 214, datetime(2026, 5, 1, tzinfo=ZONE), 10_000_00, "пост")
    dropped.status = "cancelled"
    missing = world.announcements[30]
    world.announcements[30] = Announcement(
        missing.id, missing.name, missing.channel, 9999, missing.published, missing.planned_cost, missing.form
    )
    world.announcements += [planned, dropped]
    one, two = (a.id for a in world.announcements if a.channel == 11 and a.event == 201)
    world.shared = [(1, one, 201, 3), (2, one, 202, 1), (3, two, 201, 1), (4, two, 203, 1)]


def _key(
    world: Organiser,
    kind: str,
    value: str,
    announcement: int | None,
    channel: int | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    world.keys.append(SourceKey(101 + len(world.keys), kind, value, announcement, channel, since, until))


def _spelled(dice: Dice, digits: str) -> str:
    """Write the ten digits of a phone as one of the people who type it would."""
    a, b, c, d = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return dice.pick((f"+7{digits}", f"8 ({a}) {b}-{c}-{d}", f"+7 {a} {b} {c} {d}", f"7{digits}", f"8{digits}"))


def _add_people(world: Organiser, dice: Dice, people: int) -> None:
    for number in range(max(people * 3 // 10, 10)):
        kind = "PARTNER" if number % 40 == 7 else "SUPPLIER" if number % 40 == 9 else "CUSTOMER"
        phone = _spelled(dice, f"495{dice.between(1_000_000, 9_999_999)}") if dice.chance(0.5) else None
        name = f"ООО «{dice.pick(_FIRMS)}-{number + 1}»"
        world.companies.append(Company(1001 + number, name, kind, dice.moment(BEGIN, END - timedelta(days=60)), phone))
    for number in range(people):
        digits = f"9{dice.between(100_000_000, 999_999_999)}"
        phones = [_spelled(dice, digits)] if dice.chance(0.9) else []
        if phones and dice.chance(0.06):
            phones.append(_spelled(dice, digits))  # the same number twice, in two spellings
        person = Person(
            id=5001 + number,
            first=dice.pick(_FIRST),
            last=dice.pick(_LAST),
            company=dice.pick(world.companies).id if dice.chance(0.8) else None,
            created=dice.moment(BEGIN, END - timedelta(days=30)),
            manager=dice.between(1, 6),
            phones=phones,
            email=f"guest{number + 1}@example.com" if dice.chance(0.85) else None,
        )
        if dice.chance(0.12):  # first heard of in the podcast: weak as a last touch, strong as a first one
            person.utm = {"source": "podcast", "medium": "audio"}
        world.people.append(person)
    for _ in range(people // 60):  # the same human on a second card
        twin = dice.pick([p for p in world.people[:people] if p.phones])
        tail = "".join(c for c in twin.phones[0] if c.isdigit())[-10:]
        number = 5001 + len(world.people)
        world.people.append(
            Person(number, twin.first, twin.last, None, twin.created, twin.manager, [_spelled(dice, tail)], None)
        )


def _source_of(dice: Dice, place: Announcement, channel: Channel) -> Source:
    """Give what a guest who came by this placement leaves in the form."""
    if channel.slug == "magazine":
        return Source(place.id, channel.id, number=place.phone)
    if channel.slug == "billboard":
        return Source(place.id, channel.id, link=place.id)  # asked at the door, noted by hand
    if place.promo and dice.chance(0.5):
        return Source(place.id, channel.id, promo=place.promo)
    if not place.utm or dice.chance(0.08):
        return Source(None, channel.id, utm={"source": channel.slug})  # the link lost its tail
    if dice.chance(0.05):
        return Source(place.id, channel.id, link=place.id, utm={"source": "afisha"})  # two sources: the link wins
    return Source(place.id, channel.id, utm=place.utm)


def _add_registrations(world: Organiser, dice: Dice) -> None:
    by_channel = {c.id: c for c in world.channels}
    by_event = {e.id: e for e in world.events}
    scale = len(world.people) / 3000
    taken: set[tuple[int, int]] = set()
    for place in world.announcements:
        event = by_event.get(place.event)
        if event is None or place.status != "out":
            continue
        channel = by_channel[place.channel]
        expected = _PULL[channel.id] * _SIZE[event.kind] * scale
        if channel.slug == "direct":  # each rouble brings less
            expected *= 1 + (event.id - 201) / 30
        for _ in range(max(dice.about(expected), 1)):
            person = dice.pick(world.people).id
            if (event.id, person) in taken and not dice.chance(0.15):
                continue  # most people send the form once
            taken.add((event.id, person))
            _register(world, dice, event, person, place.published, _source_of(dice, place, channel))
    for event in by_event.values():
        if event.parent is None:
            for _ in range(max(dice.about(14 * scale), 1)):  # heard of it somewhere
                source = Source(utm={"source": "unknown", "campaign": "x"}) if dice.chance(0.4) else Source()
                guest = dice.pick(world.people).id if dice.chance(0.9) else None
                _register(world, dice, event, guest, event.starts - timedelta(days=20), source)
    lost = next(r for r in world.registrations if r.person is not None and r.status == "registered")
    again = Registration(None, lost.event, lost.person, lost.at + timedelta(seconds=40), lost.source, "registered")
    world.registrations.append(again)  # the row without an id is a second form of a counted guest
    world.registrations.append(Registration(99_001, 201, 5001, BEGIN + timedelta(days=3), Source()))


def _register(world: Organiser, dice: Dice, event: Event, person: int | None, since: datetime, source: Source) -> None:
    last = min(event.starts, END) - timedelta(minutes=30)
    at = dice.moment(min(max(since, BEGIN), last - timedelta(hours=1)), last)
    status = "registered"
    if dice.chance(0.05):
        status = "cancelled"
    elif event.capacity and dice.chance(0.02):
        status = "waitlist"
    price = 7_500_00 if event.kind == "conference" and dice.chance(0.3) else 0
    ticket = "standard" if price else "free"
    number = 10_001 + len(world.registrations)
    world.registrations.append(Registration(number, event.id, person, at, source, status, ticket, price))


def _add_arrivals(world: Organiser, dice: Dice) -> None:
    by_event = {e.id: e for e in world.events}
    sessions = {e.parent: e for e in world.events if e.parent is not None}

    def scan(registration: int | None, event: int | None, person: int | None, at: datetime | None, how: str) -> None:
        world.arrivals.append(Arrival(40_001 + len(world.arrivals), registration, event, person, at, how))

    for form in list(world.registrations):
        event = by_event[form.event]
        if event.status == "cancelled" or event.starts > END or form.id is None:
            continue
        chance = _SHOW.get(form.source.channel or 0, 0.5) if form.status == "registered" else 0.08
        if not dice.chance(chance):
            continue
        at = dice.moment(event.starts - timedelta(minutes=40), event.starts + timedelta(minutes=50))
        if event.kind == "webinar":
            scan(form.id, None, None, at, "online")
            continue
        if event.id in sessions and form.person is not None and dice.chance(0.04):
            session = sessions[event.id]  # missed at the door, seen at the session
            scan(None, session.id, form.person, session.starts, "qr")
            continue
        scan(form.id, None, None, at if dice.chance(0.95) else None, "qr" if dice.chance(0.9) else "manual")
        if dice.chance(0.06):
            scan(form.id, None, None, at + timedelta(minutes=dice.between(1, 200)), "qr")  # a second scan
        if event.id in sessions and form.person is not None and dice.chance(0.4):
            session = sessions[event.id]
            scan(None, session.id, form.person, dice.moment(session.starts, session.ends), "qr")
    for event in by_event.values():
        if event.kind in ("conference", "breakfast") and event.status == "held":
            for _ in range(max(len(world.people) // 200, 1)):
                guest = dice.pick(world.people).id if dice.chance(0.8) else None
                scan(None, event.id, guest, dice.moment(event.starts, event.ends), "walk_in")


def _add_signals(world: Organiser, dice: Dice) -> None:
    by_event = {e.id: e for e in world.events}
    kinds = ("closed_session", "product_interest", "offer_request", "materials_request")
    form_of = {r.id: r for r in world.registrations}
    for arrival in list(world.arrivals):
        form = form_of.get(arrival.registration) if arrival.registration else None
        if form is None or form.person is None or not dice.chance(0.25):
            continue
        event = by_event[form.event]
        world.signals.append(
            Signal(
                id=60_001 + len(world.signals),
                event=event.id,
                person=form.person,
                kind=dice.pick(kinds),
                manager=dice.between(1, 6),
                at=dice.moment(event.starts, event.ends),
                note=dice.pick(("просил перезвонить", "ждёт расчёт", "", "нужен договор; срочно")),
            )
        )
    absurd = datetime(2206, 1, 1, 12, 0, tzinfo=ZONE)
    world.signals.append(Signal(60_001 + len(world.signals), 201, 5001, "offer_request", 1, absurd, "год с опечаткой"))
