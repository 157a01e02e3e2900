"""Events: the funnel of their guests, whom to call, what is to come, goals."""

from __future__ import annotations

from dealtrail.funnel import ExitList, exits
from dealtrail.html_report.figures import Figures, Row
from dealtrail.html_report.writing import NO_VALUE, short
from dealtrail.pace import pace

PACE = ("days_to_go", "registrations", "past_median", "expected_guests", "goal_guests", "missing_registrations")
FUNNEL = (
    ("invited", "invited_of_all"),
    ("registered", "registered_of_all"),
    ("came", "came_of_all"),
    ("interested", "interested_of_all"),
    ("deal_guests", "deal_of_all"),
    ("won_guests", "won_of_all"),
)
"""Steps of the funnel with their shares of all guests."""
EXITS: tuple[ExitList, ...] = ("did_not_come", "no_follow_up", "no_contact", "no_offer", "overdue")


def funnel_rows(f: Figures) -> list[Row]:
    """Give the guests of events step by step, latest event first, all of them last."""
    number, rows = f.writing.number, []
    for row in f.funnel_table:
        if not row["guests"]:
            continue
        steps = [
            {
                "text": number(row[step]),
                "value": row[step],
                "share": f.writing.percent(row[share]),
            }
            for step, share in FUNNEL
        ]
        rows.append(
            {
                "key": row["key"],
                "name": f.name(row["key"], "event", row["name"]),
                "date": f.writing.date(row["starts_at"]),
                "at": row["starts_at"].timestamp() if row["starts_at"] else "",
                "steps": steps,
                "open": f.writing.money(row["amount_open"]),
                "value": float(row["amount_open"]),
            }
        )
    rows.sort(key=lambda row: (row["key"] != "(total)", row["at"] != "", row["at"], row["key"]), reverse=True)
    return rows


def exit_counts(f: Figures) -> Row | None:
    """Give how many guests of the last event that is over are to be called, by list and manager."""
    over = [
        (row["starts_at"], row["key"])
        for row in f.funnel_table
        if row["came"] and row["starts_at"] and f.now and row["starts_at"] <= f.now
    ]
    if not over:
        return None
    at, event = max(over)
    counts: dict[str | None, dict[str, int]] = {}
    called = exits(f.trail, event=event, lists=EXITS, **f.cut)
    for manager, name in zip(called["manager"], called["list"], strict=True):
        counts.setdefault(manager, dict.fromkeys(EXITS, 0))[name] += 1
    lists = [name for name in EXITS if any(of[name] for of in counts.values())]
    managers = sorted(counts, key=lambda key: (key is None, f.managers.get(key or "") or key or ""))
    return {
        "event": f.name(event, "event"),
        "id": short(event),
        "date": f.writing.date(at),
        "lists": lists,
        "rows": [
            {
                "name": f.words["no_manager"] if key is None else f.name(key, "manager"),
                "counts": [(counts[key][name], f.writing.number(counts[key][name])) for name in lists],
            }
            for key in managers
        ],
        "total": [f.writing.number(sum(of[name] for of in counts.values())) for name in lists],
    }


def pace_rows(f: Figures) -> list[Row]:
    """Give the events to come: where registrations stand against past editions, and what that leads to."""
    number, rows = f.writing.number, []
    for row in pace(f.trail, as_of=f.cut["as_of"]):
        low, high = row["expected_guests_low"], row["expected_guests_high"]
        guests = number(row["expected_guests"])
        if row["expected_guests"] is not None:
            guests += f" ({number(low)}–{number(high)})"
        rows.append(
            {
                "event": f.name(row["event"], "event"),
                "date": f.writing.date(row["starts_at"]),
                "days": number(row["days_to_go"]),
                "registrations": number(row["registrations"]),
                "past": number(row["past_median"]),
                "guests": guests,
                "goal": number(row["goal_guests"]),
                "missing": number(row["missing_registrations"]),
                "values": [row[name] for name in PACE],
            }
        )
    return rows


def with_parent(f: Figures, event: str) -> str:
    """Name an event; a session after the event that it is a part of."""
    parent: str | None = (f.events.get(event) or {}).get("parent")
    name = f.name(event, "event")
    return name if parent is None or parent not in f.events else f"{f.name(parent, 'event')} → {name}"


def goal_rows(f: Figures) -> list[Row]:
    """Give the goals of events, latest event first; what an event to come cannot have yet is left out."""
    rows = [
        row
        for row in f.trail.goals(**f.cut)
        if row["figure"] == "registrations" or not (row["starts_at"] and f.now and row["starts_at"] > f.now)
    ]
    rows.sort(key=lambda row: (row["starts_at"] is not None, row["starts_at"], row["event"]), reverse=True)
    return [
        {
            "event": with_parent(f, row["event"]),
            "date": f.writing.date(row["starts_at"]),
            "at": row["starts_at"].timestamp() if row["starts_at"] else "",
            "title": f.titles[row["figure"]],
            "goal": f.cell(row["figure"], row["goal"]),
            "fact": f.cell(row["figure"], row["fact"]),
            "missing": f.cell(row["figure"], row["missing"]) if row["missing"] else NO_VALUE,
            "done": f.writing.percent(row["done"]),
            "share": row["done"],
            "values": ["" if row[column] is None else float(row[column]) for column in ("goal", "fact", "missing")],
        }
        for row in rows
    ]
