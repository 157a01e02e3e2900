"""Tables for people at a terminal: what matters first, nothing wider than the window."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from datetime import time as clocks
from typing import TYPE_CHECKING, Any

from dealtrail import _core
from dealtrail._zone import clock_of
from dealtrail.table import Column, Table

if TYPE_CHECKING:
    from dealtrail.kinds import KindName
    from dealtrail.trail import Trail

CARD_COLUMNS = (
    *(
        "key",
        "name",
        "part_of",
        "cost",
        "attended",
        "cost_per_attendee",
        "won",
        "amount_won",
        "registrations",
        "roi_revenue",
    ),
    *(
        "show_rate",
        "walk_ins",
        "deals",
        "cost_per_registration",
        "cac",
        "new_customers",
        "margin",
        "roi_margin",
        "leads",
    ),
    *("leads_qualified", "cost_per_lead", "announcements", "new_faces", "cost_per_new_face", "cost_per_deal", "state"),
    *("tickets", "tickets_attended", "paid", "refunded", "lost", "cancelled"),
)
"""Columns of cards, the ones that a decision needs first."""
TRACE_COLUMNS = ("part", "kind", "id", "role", "at", "announcement", "event", "source", "metric")
TIMELINE_COLUMNS = ("at", "kind", "what", "amount", "channel", "id")
FUNNEL_COLUMNS = (
    *("key", "name", "invited", "registered", "came", "interested", "deals", "won", "amount_won", "came_rate"),
    *("walk_ins", "registered_rate", "interested_rate", "deal_rate", "won_rate", "goal_came", "guests"),
    *("tickets", "tickets_attended"),
)
EXIT_COLUMNS = (
    *("manager_name", "list", "name", "company_name", "phone", "reason", "at_stake", "days", "event_name", "email"),
    *("manager", "event", "guest", "since"),
)
PRIORITY_COLUMNS = (
    *("manager_name", "level", "points", "name", "company_name", "phone", "reasons", "at_stake", "event_name", "email"),
    *("manager", "event", "guest"),
)
DIFF_COLUMNS = ("key", "metric", "change", "id", "before", "after", "kind")
GAP, READABLE = 2, 16
"""Between columns; letters of a text that is cut, at least, before another column gives way."""
NAMED: dict[str, tuple[KindName, str]] = {
    "channel": ("channels", "name"),
    "to_channel": ("channels", "name"),
    "announcement": ("announcements", "creative"),
    "to_announcement": ("announcements", "creative"),
    "event": ("events", "name"),
    "partner": ("partners", "name"),
    "manager": ("managers", "name"),
    "answered_by": ("managers", "name"),
    "person": ("people", "name"),
    "guest": ("people", "name"),
    "company": ("companies", "name"),
}
"""Columns of ids, the kind that they are of, and what it is called by."""


def width_of(table: Table, column: str, rows: int) -> int:
    """Give the characters that a column takes."""
    return max(len(line) for line in table.select([column]).to_text(max_rows=rows).splitlines()[: rows + 2])


def fitting(table: Table, width: int, preferred: Sequence[str], rows: int) -> Table:
    """Give as many columns as fit, the preferred ones first, in the order of the table."""
    if width <= 0:
        return table
    chosen: list[str] = []
    left = width + GAP
    texts = {column.name for column in table.schema if column.type == "text"}
    for column in [*(name for name in preferred if name in table.columns), *_others(table, preferred)]:
        needed = width_of(table, column, rows) + GAP
        if column in texts:
            needed = min(needed, max(READABLE, len(column)) + GAP)
        if needed <= left:
            chosen.append(column)
            left -= needed
        elif len(chosen) < 2:
            chosen.append(column)  # a text is cut to fit, later
            left = 0
    return table.select([column for column in table.columns if column in chosen])


def _others(table: Table, preferred: Sequence[str]) -> Iterable[str]:
    return (column for column in table.columns if column not in preferred)


def named(table: Table, trail: Trail, columns: Mapping[str, tuple[KindName, str]] = NAMED) -> Table:
    """Give a table with names where ids are; an id stays where its fact has no name, and beside a name of several."""
    made = {}
    for column in table.schema:
        if column.type != "text" or column.name not in columns or f"{column.name}_name" in table.columns:
            continue
        cells = table[column.name]
        names = names_of(trail, *columns[column.name])
        times: dict[str, int] = {}
        for id_ in set(cells) & set(names):
            times[names[id_]] = times.get(names[id_], 0) + 1
        made[column.name] = [
            cell
            if (name := names.get(cell)) is None or name == cell
            else name
            if times[name] == 1
            else f"{name} ({cell})"
            for cell in cells
        ]
    return with_texts(table, made)


def names_of(trail: Trail, kind: KindName, column: str) -> dict[str, str]:
    """Give the names of the facts of a kind that have one, by id."""
    facts = trail.table(kind).select(["id", column])
    return {id_: name for id_, name in zip(facts["id"], facts[column], strict=True) if name}


def named_parts(table: Table, column: str, names: Mapping[str, str], separator: str) -> Table:
    """Give a table with names where ids are parts of a text, such as the steps of a path."""
    if column not in table.columns:
        return table
    parts = (None if cell is None else cell.split(separator) for cell in table[column])
    made = [None if of is None else separator.join(names.get(part, part) for part in of) for of in parts]
    return with_texts(table, {column: made})


def local(table: Table, zone: str) -> Table:
    """Give a table with times as they are on the clocks of a zone, to the minute; as days where all are midnights."""
    clock = clock_of(zone)
    made = {}
    for column in table.schema:
        if column.type != "time":
            continue
        times = [cell.astimezone(clock) if isinstance(cell, datetime) else cell for cell in table[column.name]]
        known = [time for time in times if isinstance(time, datetime)]
        days = all(time.time() in (clocks.min, clocks.max) for time in known)
        made[column.name] = [
            f"{time:%Y-%m-%d}"
            if isinstance(time, datetime) and (days or time.time() == clocks.max)
            else f"{time:%Y-%m-%d %H:%M}"
            if isinstance(time, datetime)
            else time
            for time in times
        ]
    return with_texts(table, made)


def with_texts(table: Table, columns: Mapping[str, list[Any]]) -> Table:
    """Give a table some columns of which are these texts."""
    if not columns:
        return table
    shapes = [Column(of.name, "text", "", 0) if of.name in columns else of for of in table.schema]
    cells = [columns[of.name] if of.name in columns else table[of.name] for of in table.schema]
    return Table(_core.Table.rebuilt("shown", shapes, cells, list(table.meta.items())))


def text(table: Table, *, width: int, preferred: Sequence[str] = (), rows: int = 1_000_000, zone: str = "UTC") -> str:
    """Give a table no wider than `width`, times on the clocks of `zone`; a last line names the columns left out."""
    times = {column.name for column in table.schema if column.type == "time"}
    shown = fitting(local(table, zone), width, preferred, rows)
    lines = shown.to_text(max_rows=rows, max_width=width)
    if len(table) and times & set(shown.columns):
        lines += f"times are of {zone}\n" if clock_of(zone) is not timezone.utc else "times are UTC\n"
    left_out = [column for column in table.columns if column not in shown.columns]
    if left_out:
        lines += textwrap.fill(f"not shown: {', '.join(left_out)}", width, subsequent_indent="  ") + "\n"
    return lines


def troubles(table: Table, *, width: int) -> str:
    """Give findings or problems as paragraphs: how many of what, where, the first ones, what to do."""
    if len(table) == 0:
        return "nothing\n"
    width = width or 10_000
    counts = [f"{count:,}".replace(",", " ") for count in table["count"]]
    margin = max(map(len, counts))
    paragraphs = []
    for count, row in zip(counts, table.to_dicts(), strict=True):
        place = ".".join(part for part in (row["kind"], row["column"]) if part) or row.get("method", "")
        grade = (
            row["severity"] if "severity" in row else "left out" if row["left_out"] else "kept" if row["kind"] else ""
        )
        body = [f"{row['message']}; {row['hint']}" if row["hint"] else row["message"]]
        if row["first_ids"]:
            body.append(f"first: {row['first_ids']}")
        if row.get("first_values"):
            body.append(f"values: {row['first_values']}")
        lines = ["  ".join(filter(None, (f"{count:>{margin}}", row["code"], place, grade and f"({grade})")))]
        indent = " " * (margin + 2)
        for part in body:
            lines += textwrap.wrap(plain(part), width, initial_indent=indent, subsequent_indent=indent)
        paragraphs.append("\n".join(lines) + "\n")
    return "".join(paragraphs)


CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")
"""What acts on a terminal, but tabs and line ends: a name in a CSV file may hold it."""
CONTROLS_IN_JSON = {code: f"\\u{code:04x}" for code in range(127, 160)}
"""The same in JSON, where a writer leaves it as it is; the value stays."""


def plain(text: str) -> str:
    """Give a text without characters that act on a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
