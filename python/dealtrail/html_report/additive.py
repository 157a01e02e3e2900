"""The whole numbers that the page adds up."""

from __future__ import annotations

from decimal import Decimal

from dealtrail.html_report.figures import KEYS, Figures, Row


def additive(f: Figures) -> Row:
    """Give the parts as the page takes them: keys by number, sums in minor units, zeros left out."""
    sums = [column["name"] for column in f.columns if column["sort"] != "ratio"]
    scale = {column.name: column.scale for column in f.parts.schema}
    names = dict(zip(f.channels["key"], f.channels["name"], strict=True))
    keys: dict[str, list[str]] = {by: sorted(set(f.parts[by])) for by in KEYS}
    keys["channel"] = f.channels["key"][:-1]
    for by in ("brand", "manager"):  # by name, what is unattributed last
        keys[by].sort(key=lambda key: (key == "(unattributed)", f.name(key, by).casefold(), key))
    keys["event"].sort(key=lambda key: (starts(f, key), key), reverse=True)
    number = {by: {key: i for i, key in enumerate(keys[by])} for by in KEYS}
    rows: list[list[int | str]] = [[] for _ in range(len(f.parts))]
    for by in KEYS:  # column by column: a part has few figures and many columns
        for row, key in zip(rows, f.parts[by], strict=True):
            row.append(number[by][key])
    for i, name in enumerate(sums):
        for row, value in zip(rows, f.parts[name], strict=True):
            if value:
                row += (i, whole(value, scale[name]))
    return {
        "sums": sums,
        "columns": [column for column in f.columns if column["sort"] == "ratio"],
        "sorts": f.sorts,
        "keys": {by: [key_of(f, key, by, names.get(key)) for key in of] for by, of in keys.items()},
        "parts": rows,
    }


def starts(f: Figures, event: str) -> float:
    """Give when an event starts; the one that does not say comes first."""
    at = (f.events.get(event) or {}).get("starts_at")
    return at.timestamp() if at else float("-inf")


def key_of(f: Figures, key: str, by: str, name: str | None) -> Row:
    """Give a key as the page shows it and sorts by it."""
    of: Row = {"key": key, "name": f.name(key, by, name if by == "channel" else None)}
    if by == "channel":
        of["unpaid"] = "unpriced" if key in f.unpriced else key in f.unpaid
    if by == "month":
        of["short"] = f.writing.month(key, short=True)
    if by == "event":
        at = (f.events.get(key) or {}).get("starts_at")
        of |= {"date": f.writing.date(at), "at": at.timestamp() if at else None}
    return of


def whole(value: Decimal | int, scale: int) -> int | str:
    """Give an amount in minor units; as text when a script would round it."""
    minor = int(value.scaleb(scale)) if isinstance(value, Decimal) else value
    return minor if abs(minor) < 2**53 else str(minor)
