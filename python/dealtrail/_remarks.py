"""What looks wrong in a Trail and in its journeys, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealtrail._rows import table_of

if TYPE_CHECKING:
    from dealtrail._types import Moment, View
    from dealtrail.table import Table
    from dealtrail.trail import Trail

COLUMNS = {
    "code": "text",
    "severity": "text",
    "kind": "text",
    "column": "text",
    "count": "integer",
    "first_ids": "text",
    "message": "text",
    "hint": "text",
}
UNKNOWN_TAGS = ("unknown_code", "unknown_form", "unknown_number", "unknown_referrer", "unknown_utm")
"""Findings of touches that no channel has because no key knows their tags."""


def remarks(trail: Trail, *, view: View = "marketing", as_of: Moment = None) -> Table:
    """Give the findings of a Trail, then the problems of its journeys to deals won (kind ``journeys``)."""
    rows = [[row[name] for name in COLUMNS] for row in trail.findings()]
    for row in trail.journeys("won", view=view, as_of=as_of).problems:
        grade = "info" if row["severity"] == "info" else "warning"
        rows.append(
            [
                row["code"],
                grade,
                "journeys",
                row["column"],
                row["count"],
                row["first_rows"],
                row["message"],
                row["hint"],
            ]
        )
    return table_of("remarks", COLUMNS, rows)
