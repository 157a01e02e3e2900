"""Dynamic call-tracking: visitors of the site are shown numbers of a pool, and some of them call (M3.2)."""

from __future__ import annotations

from datetime import timedelta

from dealtrail.demo.facts import BEGIN, END, Call, Dice, Organiser, SourceKey, Visit

POOL = "+7495444"
"""How the numbers of the pool begin."""
_NUMBERS = 20
_SHOWN = (12, 13, 14)
"""Channels whose links lead to pages that show a number of the pool."""


def add_pool(world: Organiser, dice: Dice) -> None:
    """Add the key of the pool, visits that were shown its numbers, and the calls that came of them.

    A call follows its visit within hours and has the visit's source. The dirt: a call of two days later, which no visit
    explains any more; a call of which the service lost the visitor, so that the number alone tells; a visit with tags
    that nobody knows.
    """
    world.keys.append(SourceKey(101 + len(world.keys), "number_pool", f"{POOL}*"))
    scale = len(world.people) / 3000
    places = [a for a in world.announcements if a.channel in _SHOWN and a.status == "out" and a.utm]
    moments = []
    for _ in range(max(int(180 * scale), 12)):
        place = dice.pick(places)
        moments.append((dice.moment(place.published, place.published + timedelta(days=25)), place))
    shown = {f"{POOL}{number:04d}": BEGIN - timedelta(days=365) for number in range(_NUMBERS)}
    for turn, (at, place) in enumerate(sorted(moments, key=lambda one: (one[0], one[1].id))):
        number = min(shown, key=lambda one: (shown[one], one))
        if at > END - timedelta(days=4) or at - shown[number] < timedelta(days=4):
            continue  # two visitors never share a number within days
        shown[number] = at
        known = turn % 15 != 7
        tags = place.utm if known else {"source": "unknown", "campaign": "x"}
        visit = Visit(95_001 + turn, f"v{turn + 1:05d}", at, number, tags, (place.channel, place.id) if known else None)
        world.visits.append(visit)
        if len(world.visits) % 3 == 1:
            _call(world, dice, visit, len(world.visits))


def _call(world: Organiser, dice: Dice, visit: Visit, turn: int) -> None:
    late, lost = turn % 30 == 13, turn % 24 == 10
    at = visit.at + (timedelta(days=2) if late else timedelta(minutes=dice.between(1, 600)))
    person = dice.pick(world.people)
    digits = "".join(c for c in person.phones[0] if c.isdigit())[-10:] if person.phones else "9000000000"
    answered = dice.chance(0.8)
    seconds = dice.between(15, 600) if answered else 0
    visitor = "" if lost else visit.visitor
    source = None if late else visit.source
    number = 96_001 + len(world.pool_calls)
    call = Call(number, f"7{digits}", visit.shown, at, seconds, answered, dice.between(1, 6), None, visitor, source)
    world.pool_calls.append(call)
