"""The last full month against the one before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dealtrail.html_report.events import pace_rows
from dealtrail.html_report.figures import Figures, Row, with_came
from dealtrail.html_report.words import kind_word
from dealtrail.html_report.writing import month_before, short

CHANGED = (
    *("cost", "announcements", "registrations", "came", "show_rate", "new_faces", "leads", "deals", "won"),
    *("new_customers", "amount_won"),
)
MOVED = ("cost", "came", "amount_won")
SHOWN, FACTS = 8, 5
"""Channels and facts that are told one by one; the others are one row."""


def changed(f: Figures) -> Row | None:
    """Give the last full month against the one before, by the cards and their diff."""
    months = [key for key in f.cards("month")["key"] if not key.startswith("(")]
    if f.now is None or not months:
        return None
    here = f.now.astimezone(f.writing.place)
    now = month_before(f"{here.year:04d}-{here.month:02d}")
    before = month_before(now)
    if now < months[0]:
        return None
    now_rows, before_rows = (
        {row["key"]: with_came(row) for row in f.cards("channel", period)} for period in (now, before)
    )
    total, was = now_rows["(total)"], before_rows["(total)"]
    moved = [
        key
        for key in sorted(
            now_rows, key=lambda key: -abs((now_rows[key]["came"] or 0) - (before_rows[key]["came"] or 0))
        )
        if key != "(total)" and any(now_rows[key][figure] != before_rows[key][figure] for figure in MOVED)
    ]

    def sides(keys: list[str]) -> tuple[list[Row], list[Row]]:
        return [before_rows[key] for key in keys], [now_rows[key] for key in keys]

    facts = {metric: facts_of(f, now, before, metric) for metric in ("cost", "amount_won")}
    return {
        "now": now,
        "before": before,
        "figures": [change_of(f, figure, was[figure], total[figure]) for figure in CHANGED],
        "movers": [
            (f.name(key, "channel", now_rows[key]["name"]), moved_by(f, *sides([key]))) for key in moved[:SHOWN]
        ],
        "moved_sums": [
            *(
                [(f.words["trace_rest"].format(count=f.writing.number(len(rest))), moved_by(f, *sides(rest)))]
                if (rest := moved[SHOWN:])
                else []
            ),
            (f.words["total"], moved_by(f, [was], [total])),
        ],
        "facts": [row for rows, _ in facts.values() for row in rows],
        "facts_rest": [rest for _, rest in facts.values() if rest],
        "brief": brief(f, now, was, total),
    }


def change_of(f: Figures, figure: str, was: Any, now: Any) -> Row:
    """Give a figure before and after; a share changes by points."""
    both = was is not None and now is not None
    change = now - was if both else None
    if f.sorts[figure] == "share":
        points = f.writing.number(None if change is None else change * 100, 1, sign=True)
        written = points if change is None else f"{points}\u00a0{f.words['points']}"
    else:
        written = f.cell(figure, change, sign=True)
    return {
        "title": f.titles[figure],
        "figure": figure,
        "was": f.cell(figure, was),
        "now": f.cell(figure, now),
        "change": written,
        "share": f.writing.percent(float(change) / float(was), sign=True)
        if change is not None and was and f.sorts[figure] != "share"
        else "",
        "value": float(change) if change is not None else None,
    }


def moved_by(f: Figures, was: list[Row], now: list[Row]) -> list[Row]:
    """Give the changes of some channels together; no value beside others adds nothing."""

    def together(rows: list[Row], figure: str) -> Any:
        known = [row[figure] for row in rows if row[figure] is not None]
        return sum(known[1:], known[0]) if known else None

    return [change_of(f, figure, together(was, figure), together(now, figure)) for figure in MOVED]


def facts_of(f: Figures, now: str, before: str, metric: str) -> tuple[list[Row], Row | None]:
    """Give the largest changes of money, fact by fact, with their channel; the others as one row."""
    diff = f.diff(now, before)
    rows = [row for row in diff if row["metric"] == metric]
    channel = {(row["kind"], row["id"]): row["key"] for row in rows if row["key"] != "(total)"}
    names = dict(zip(f.channels["key"], f.channels["name"], strict=True))
    changes = [row for row in rows if row["key"] == "(total)"]
    changes.sort(key=lambda row: (-abs(row["change"]), row["id"]))
    facts = []
    for row in changes[:FACTS]:
        key = channel.get((row["kind"], row["id"]), "(unattributed)")
        facts.append(
            {
                "title": f.titles[metric],
                "kind": kind_word(row["kind"], f.lang),
                "id": short(row["id"]),
                "channel": f.name(key, "channel", names.get(key)),
                "change": f.writing.money(row["change"], sign=True),
                "value": float(row["change"]),
            }
        )
    if len(changes) <= FACTS:
        return facts, None
    more = f.words["trace_rest"].format(count=f.writing.number(len(changes) - FACTS))
    change = sum((row["change"] for row in changes[FACTS:]), Decimal(0))
    return facts, {"title": f.titles[metric], "more": more, "change": f.writing.money(change, sign=True)}


def brief(f: Figures, month: str, was: Row, now: Row) -> list[str]:
    """Give what a reader should know first, in sentences."""
    writing = f.writing

    def change(figure: str) -> str:
        both = now[figure] is not None and was[figure] is not None
        return f.cell(figure, now[figure] - was[figure] if both else None, sign=True)

    lines = [
        f.words["brief_came"].format(
            month=writing.month(month), came=writing.number(now["came"]), came_change=change("came")
        ),
        f.words["brief_won"].format(
            cost=writing.with_currency(writing.money(now["cost"])),
            cost_change=change("cost"),
            won_change=change("won"),
            won=writing.number(now["won"]),
            amount=writing.with_currency(writing.money(now["amount_won"])),
        ),
    ]
    priced = [
        row
        for row in map(with_came, f.channels)
        if row["cost_per_attendee"] and (row["came"] or 0) >= 10 and row["key"][0] != "("
    ]
    if len(priced) > 1:
        priced.sort(key=lambda row: (row["cost_per_attendee"], row["key"]))
        (best, worst) = (priced[0], priced[-1])
        lines.append(
            f.words["brief_best"].format(
                channel=f.name(best["key"], "channel", best["name"]),
                price=writing.with_currency(writing.money(best["cost_per_attendee"])),
                worst=f.name(worst["key"], "channel", worst["name"]),
                worst_price=writing.with_currency(writing.money(worst["cost_per_attendee"])),
            )
        )
    soon = next((row for row in pace_rows(f) if row["values"][3] is not None), None)
    if soon is not None:
        lines.append(f.words["brief_soon"].format(**soon))
    return lines
