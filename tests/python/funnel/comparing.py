"""The library's tables of the room funnel beside the oracle's."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import dealtrail as dt
from oracle import OracleTrail
from oracle.door import decimals_of, utc_us
from oracle.guests import guests
from python.laws.comparing import close

Rows = list[dict[str, Any]]


#: Wall clocks far from today are read by tables of zones that end; the two may differ there by the shift of a summer.
TABLES_BEGIN, TABLES_END = utc_us("1901-01-01", "UTC"), utc_us("2037-01-01", "UTC")
SUMMER_US = 7_200_000_000


def same_time(cell: int, wanted: int) -> bool:
    """Whether two moments are one, as far as both know the zone."""
    return cell == wanted or (not TABLES_BEGIN < wanted < TABLES_END and abs(cell - wanted) <= SUMMER_US)


def plain(value: Any, wanted: Any, currency: str) -> Any:
    """A cell of the library in the oracle's terms."""
    if isinstance(value, Decimal) and wanted is not None:
        return int(value.scaleb(decimals_of(currency)))
    return value


def differences(rows: Rows, expected: Rows, currency: str) -> list[tuple[int, str, Any, Any]]:
    """Cells that differ: row, column, library, oracle; the number of rows first."""
    if len(rows) != len(expected):
        return [(len(rows), "rows", len(rows), len(expected))]
    found = []
    for place, (row, wanted) in enumerate(zip(rows, expected, strict=True)):
        for column, value in wanted.items():
            cell = row[column]
            if isinstance(value, Fraction):
                same = close(cell, value)
            elif isinstance(cell, datetime) and value is not None:
                same = same_time(utc_us(cell, "UTC"), value)
            else:
                same = plain(cell, value, currency) == value
            if not same:
                found.append((place, column, cell, value))
    return found


def oracle_guests(
    trail: OracleTrail, view: str = "marketing", as_of: int | None = None
) -> tuple[Rows, list[dict[str, Any]], int]:
    """The oracle's guests, promises, and deals without an event."""
    return guests(trail.state(), view, as_of, trail.now() if as_of is None else as_of)


def assert_same(table: dt.Table, expected: Rows, currency: str, about: object) -> None:
    """Same rows in the same order, same cells."""
    assert differences(table.to_dicts(), expected, currency) == [], about
