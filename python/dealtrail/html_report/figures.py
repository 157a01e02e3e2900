"""What the report shows, asked from the library: nothing is counted here but what adds up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dealtrail import _core
from dealtrail._remarks import remarks
from dealtrail._types import Moment, View
from dealtrail.card_parts import card_parts
from dealtrail.funnel import funnel
from dealtrail.html_report.apart import months_apart
from dealtrail.html_report.words import Lang, figure_words, words
from dealtrail.html_report.writing import NO_VALUE, Writing, short
from dealtrail.table import Table
from dealtrail.trail import Trail

KEYS = ("month", "channel", "brand", "manager", "event")
"""What the page filters and cuts by."""
COLUMNS = (
    *("cost", "announcements", "registrations", "came", "show_rate", "cost_per_attendee", "deals", "won"),
    *("amount_won", "roi_revenue", "cac", "open"),
)
"""Of the table of channels."""
EVENT_COLUMNS = ("registrations", "came", "show_rate", "new_faces", "cost", "cost_per_attendee", "deals", "amount_won")

Row = dict[str, Any]


class Figures:
    """The figures of one report, each asked once.

    Parameters
    ----------
    trail
        The facts.
    lang
        ``ru`` or ``en``.
    view, as_of
        As for ``Trail.cards``.
    """

    def __init__(self, trail: Trail, lang: Lang, view: View, as_of: Moment) -> None:
        self.trail = trail
        self._diff: tuple[tuple[str, str], list[Row]] | None = None
        self.lang: Lang = lang
        self.cut: dict[str, Any] = {"view": view, "as_of": as_of}
        self.channels = self.cards("channel")
        self.meta = self.channels.meta
        self.channel_names = dict(zip(self.channels["key"], self.channels["name"], strict=True))
        digits = next(column.scale for column in self.channels.schema if column.name == "cost")
        self.writing = Writing(lang, trail.currency, digits, trail.zone)
        self.columns = _core.describe_card()
        self.sorts = {column["name"]: _sort(column) for column in self.columns} | {"came": "count"}
        self.titles = figure_words(lang)
        self.words = words(lang)
        said = self.meta["now"]
        self.now = datetime.fromisoformat(said.replace("Z", "+00:00")) if said else None
        self.events = {row["id"]: row for row in self.rows_of("events", "id", "name", "starts_at", "parent", "status")}
        self.managers = {row["id"]: row["name"] for row in self.rows_of("managers", "id", "name")}
        self.unpaid = {row["id"] for row in self.rows_of("channels", "id", "paid") if row["paid"] in ("own", "barter")}
        self.unpriced = {row["key"] for row in self.channels if row["cost"] is None and not row["key"].startswith("(")}
        self.funnel_table = funnel(trail, by="event", **self.cut)
        self.remarks = remarks(trail, **self.cut).to_dicts()
        self.parts = card_parts(trail, KEYS, **self.cut)

    def cards(self, by: str, period: str | None = None) -> Table:
        """Give the cards by a key."""
        return self.trail.cards(by=by, period=period, **self.cut)

    def apart(self) -> set[str]:
        """Give the months whose cost per guest says nothing."""
        parts = self.of_parts("month", "event", "cost", "attended", "walk_ins")
        return months_apart(
            (month, event, float(cost), attended + walk_ins) for month, event, cost, attended, walk_ins in parts
        )

    def of_parts(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Give some columns of the parts, row by row."""
        return zip(*(self.parts[column] for column in columns), strict=True)

    def diff(self, now: str, before: str) -> list[Row]:
        """Give what changed between two months in money, once."""
        if self._diff is None or self._diff[0] != (now, before):
            diff = self.trail.diff(self.trail, period=now, before_period=before, **self.cut)
            taken = [i for i, metric in enumerate(diff["metric"]) if metric in ("cost", "amount_won")]
            self._diff = ((now, before), diff.take(taken).to_dicts())
        return self._diff[1]

    def rows_of(self, kind: Any, *columns: str) -> list[Row]:
        """Give some columns of the facts of a kind."""
        return self.trail.table(kind).select(columns).to_dicts()

    def name(self, key: str, by: str, name: str | None = None) -> str:
        """Give what a key is called on the page."""
        if key in ("(unattributed)", "(total)", "(undated)"):
            return self.words[key[1:-1]]
        if by == "month":
            return self.writing.month(key)
        if by == "manager":
            return short(self.managers.get(key) or key)
        if by == "event":
            event = self.events.get(key) or {}
            called = short(event.get("name") or key)
            return f"{called} ({self.words['cancelled']})" if event.get("status") == "cancelled" else called
        return short(name or key) or NO_VALUE

    def is_top(self, card: Row) -> bool:
        """Tell whether a card is of an event that is no session, and has anything to show."""
        event = self.events.get(card["key"])
        figures = ("cost", "announcements", "registrations", "attended", "walk_ins", "new_faces", "deals", "amount_won")
        return event is not None and card["part_of"] is None and any(card[figure] for figure in figures)

    def cell(self, figure: str, value: Any, *, sign: bool = False) -> str:
        """Write a figure of a card."""
        sort = self.sorts[figure]
        if sort == "share":
            return self.writing.percent(value, 1 if figure == "show_rate" else 0, sign=sign)
        if sort in ("money", "per"):
            return self.writing.money(value, sign=sign)
        return self.writing.number(value, sign=sign)


def with_came(row: Row) -> Row:
    """Give a row of cards with those who came, registered or not; null where nobody looked."""
    known = row["attended"] is not None and row["walk_ins"] is not None
    return {**row, "came": row["attended"] + row["walk_ins"] if known else None}


def _sort(column: Row) -> str:
    """Tell how a column of cards is written: a count, money, money per something, or a share."""
    if column["sort"] != "ratio":
        return str(column["sort"])
    return "per" if column["per"] else "share"
