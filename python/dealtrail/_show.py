"""Tables for people at a terminal: what matters first, nothing wider than the window."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from dealtrail.table import Table

CARD_COLUMNS = (
    *(
        "key",
        "name",
        "part_of",
        "cost",
        "registrations",
        "attended",
        "cost_per_attendee",
        "won",
        "amount_won",
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
)
"""Columns of cards, the ones that a decision needs first."""
TRACE_COLUMNS = ("role", "metric", "kind", "id", "at", "part", "announcement", "event", "source")
TIMELINE_COLUMNS = ("at", "kind", "what", "amount", "channel", "id")
FUNNEL_COLUMNS = (
    *("key", "name", "invited", "registered", "came", "interested", "deals", "won", "amount_won", "came_rate"),
    *("walk_ins", "registered_rate", "interested_rate", "deal_rate", "won_rate", "goal_came", "guests"),
)
EXIT_COLUMNS = (
    *("manager_name", "list", "name", "company_name", "phone", "reason", "at_stake", "days", "event_name", "email"),
    *("manager", "event", "guest", "since"),
)
PRIORITY_COLUMNS = (
    *("manager_name", "level", "points", "name", "company_name", "phone", "reasons", "at_stake", "event_name", "email"),
    *("manager", "event", "guest"),
)
DIFF_COLUMNS = ("key", "metric", "id", "change", "before", "after", "kind")
GAP = 2


def width_of(table: Table, column: str, rows: int) -> int:
    """Give the characters that a column takes."""
    return max(len(line) for line in table.select([column]).to_text(max_rows=rows).splitlines()[: rows + 2])


def fitting(table: Table, width: int, preferred: Sequence[str], rows: int) -> Table:
    """Give as many columns as fit, the preferred ones first, in the order of the table."""
    if width <= 0:
        return table
    chosen: list[str] = []
    left = width + GAP
    for column in [*(name for name in preferred if name in table.columns), *_others(table, preferred)]:
        needed = width_of(table, column, rows) + GAP
        if needed <= left:
            chosen.append(column)
            left -= needed
        elif len(chosen) < 2:
            chosen.append(column)  # a text is cut to fit, later
            left = 0
    return table.select([column for column in table.columns if column in chosen])


def _others(table: Table, preferred: Sequence[str]) -> Iterable[str]:
    return (column for column in table.columns if column not in preferred)


def text(table: Table, *, width: int, preferred: Sequence[str] = (), rows: int = 1_000_000) -> str:
    """Give a table no wider than `width`; a last line names the columns that are left out."""
    shown = fitting(table, width, preferred, rows)
    lines = shown.to_text(max_rows=rows, max_width=width)
    if len(table) and any(column.type == "time" for column in shown.schema):
        lines += "times are UTC\n"
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
