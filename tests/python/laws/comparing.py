"""The library's Trail beside the oracle's: making both, and telling where their cards differ."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import dealtrail as dt
from oracle import OracleTrail
from oracle.door import decimals_of
from oracle.histories import History, Operation

TABLES = ("channel", "announcement", "event", "partner", "month")
MONEY = ("cost", "amount_won", "paid", "refunded", "margin")
COUNTS = (
    "announcements",
    "leads",
    "leads_not_junk",
    "leads_qualified",
    "registrations",
    "cancelled",
    "tickets",
    "attended",
    "walk_ins",
    "tickets_attended",
    "new_faces",
    "deals",
    "won",
    "lost",
    "new_customers",
    "open",
)
RATIOS = (
    "margin_known",
    "cost_per_announcement",
    "cost_per_lead",
    "cost_per_lead_not_junk",
    "cost_per_lead_qualified",
    "cost_per_registration",
    "cost_per_attendee",
    "cost_per_new_face",
    "cost_per_deal",
    "cac",
    "show_rate",
    "roi_revenue",
    "roi_margin",
    "roas",
)
COLUMNS = {"key", "name", "state", *MONEY, *COUNTS, *RATIOS}
PRECISION = 1e-12  # of a ratio, which is a float


def library_trail(made: History, operations: Iterable[Operation] = ()) -> dt.Trail:
    """The library's Trail of a history's options, with these operations done."""
    trail = dt.Trail(
        currency=made.currency,
        zone=made.zone,
        vat=made.vat_basis,
        lookback_days=made.lookback_days,
        max_per_key=made.max_per_key,
    )
    trail.set_rules(made.rules)
    for operation in operations:
        operation.apply(trail)
    return trail


def oracle_trail(made: History, operations: Iterable[Operation] = ()) -> OracleTrail:
    """The oracle of the same."""
    trail = OracleTrail(made.currency, made.zone, made.vat_basis, made.lookback_days, made.max_per_key)
    trail.rules = made.rules
    for operation in operations:
        operation.apply(trail)
    return trail


def close(value: float | None, exact: Fraction | None) -> bool:
    """Whether a float is that fraction, up to the precision of a float."""
    if value is None or exact is None:
        return value is None and exact is None
    return abs(Fraction(value) - exact) <= PRECISION * max(abs(exact), Fraction(1, 10**6))


def cell_differs(column: str, value: Any, expected: Any, currency: str) -> bool:
    """Whether one cell of the library differs from the oracle's."""
    if column in RATIOS:
        return not close(value, expected)
    if column in MONEY and expected is not None:
        return bool(value != Decimal(expected).scaleb(-decimals_of(currency)))
    return bool(value != expected)


def row_difference(row: dict[str, Any], expected: dict[str, Any], currency: str) -> dict[str, tuple[Any, Any]]:
    """Cells that differ: column -> (library, oracle)."""
    return {
        column: (row.get(column), expected[column])
        for column in expected
        if cell_differs(column, row.get(column), expected[column], currency)
    }


def assert_same_cards(rows: list[dict[str, Any]], expected: list[dict[str, Any]], currency: str, about: object) -> None:
    """Same keys in the same order, same cells."""
    assert [row["key"] for row in rows] == [row["key"] for row in expected], about
    for row, wanted in zip(rows, expected, strict=True):
        of_events = {"part_of"} if "part_of" in wanted else set()
        assert set(row) == COLUMNS | of_events, about
        assert not row_difference(row, wanted, currency), (about, row["key"])
