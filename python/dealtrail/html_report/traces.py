"""What the cost per guest of a channel is made of."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from dealtrail.html_report.figures import Figures, Row, with_came
from dealtrail.html_report.words import kind_word
from dealtrail.html_report.writing import short

TRACED, TRACED_FACTS = 60, 15


def traces(f: Figures) -> list[Row]:
    """Give what the cost per guest of each channel is made of: costs fact by fact, guests by event."""
    came: dict[str, dict[str, int]] = {}
    for channel, event, attended, walk_ins in f.of_parts("channel", "event", "attended", "walk_ins"):
        of = came.setdefault(channel, {})
        of[event] = of.get(event, 0) + attended + walk_ins
    cards = costly(f)
    cards.sort(key=lambda row: (row["key"] == "(unattributed)", -row["cost"], row["key"]))
    creatives = {row["id"]: row["creative"] for row in f.rows_of("announcements", "id", "creative")}
    return [trace_of(f, row, came.get(row["key"], {}), creatives) for row in cards[:TRACED]]


def costly(f: Figures) -> list[Row]:
    """Give the channels that cost something."""
    return [row for row in map(with_came, f.channels) if row["key"] != "(total)" and row["cost"]]


def untraced(f: Figures) -> str:
    """Tell how many channels with a cost have no trace in the page; nothing when all have."""
    rest = len(costly(f)) - TRACED
    return f.writing.number(rest) if rest > 0 else ""


def unseen_of(f: Figures, channel: str) -> Decimal:
    """Give what of a channel's cost reaches events at which nobody noted who came: it is in no cost of a guest."""
    parts = f.trail.trace(key=channel, metric="cost_per_attendee", **f.cut)
    return -sum((row["part"] for row in parts if row["metric"] == "cost_unseen"), Decimal(0))


def trace_of(f: Figures, card: Row, came: dict[str, int], creatives: dict[str, str | None]) -> Row:
    """Give the parts of one channel, the largest costs one by one."""
    trace = f.trail.trace(key=card["key"], metric="cost", **f.cut)
    amounts: dict[tuple[str, str], Decimal] = {}
    about: dict[tuple[str, str], tuple[datetime | None, set[str]]] = {}
    for row in trace:
        fact = (row["kind"], row["id"])
        amounts[fact] = amounts.get(fact, Decimal(0)) + row["part"]
        about.setdefault(fact, (row["at"], set()))[1].add(row["announcement"] or "")
    largest = sorted(amounts, key=lambda fact: (-abs(amounts[fact]), fact))
    shown, rest = largest[:TRACED_FACTS], largest[TRACED_FACTS:]
    facts = []
    for fact in shown:
        at, announcements = about[fact]
        one = next(iter(announcements)) if len(announcements) == 1 else ""
        facts.append(
            {
                "kind": kind_word(fact[0], f.lang),
                "id": short(fact[1]),
                "about": short(creatives.get(one) or one),
                "date": f.writing.date(at),
                "amount": f.writing.money(amounts[fact]),
            }
        )
    if rest:
        more = f.words["trace_rest"].format(count=f.writing.number(len(rest)))
        amount = f.writing.money(sum((amounts[fact] for fact in rest), Decimal(0)))
        facts.append({"kind": more, "id": "", "about": "", "date": "", "amount": amount})
    unseen = unseen_of(f, card["key"])
    guests = sorted((count, f.name(key, "event")) for key, count in came.items() if count)
    return {
        "key": card["key"],
        "name": f.name(card["key"], "channel", card["name"]),
        "cost": f.writing.money(card["cost"]),
        "unseen": f.writing.money(unseen) if unseen else "",
        "came": f.writing.number(card["came"]),
        "price": f.writing.money(card["cost_per_attendee"]),
        "facts": facts,
        "guests": [{"name": name, "count": f.writing.number(count)} for count, name in reversed(guests)],
    }
