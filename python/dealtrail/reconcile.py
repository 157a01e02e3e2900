"""Two tables side by side: what is in one alone, what differs and why, to the kopeck.

Definitions: ``docs/reconcile/reconcile.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from dealtrail import _core
from dealtrail._types import ArrowTable
from dealtrail._zone import zone_of
from dealtrail.table import Table

__all__ = ["Reconciliation", "reconcile"]

Number = float | int | Decimal
Column = str | tuple[str, str]
VatRate = tuple[Number, date | None, date | None]

_TABLES = (
    "matched",
    "only_a",
    "only_b",
    "duplicates_a",
    "duplicates_b",
    "differences",
    "lines",
    "sums",
    "corrections",
    "reasons",
    "problems",
)
_EPOCH = date(1970, 1, 1)


class Reconciliation:
    """What a comparison of two tables found, each part a :class:`Table`; ``print`` shows the summary."""

    __slots__ = (*_TABLES, "summary")
    matched: Table
    """Keys of both tables: rows_a, rows_b, the sums a and b, difference, reason, differences (columns that differ)."""
    only_a: Table
    """Rows whose key is in the first table alone, or blank: row, at, by, status, amount, reason."""
    only_b: Table
    """As ``only_a``, of the second table."""
    duplicates_a: Table
    """Rows whose key repeats in the first table."""
    duplicates_b: Table
    """As ``duplicates_a``, of the second table."""
    differences: Table
    """key, column, a, b, difference (of amounts), reason."""
    lines: Table
    """key, by, period, a, b, difference, reason: what the differences of the sums are made of."""
    sums: Table
    """by, period, a, b, difference, explained (sum of the lines), unexplained (lines without a known reason)."""
    corrections: Table
    """What ``prefer`` decides: key, column, system to correct, from, to."""
    reasons: Table
    """reason, keys, lines, difference."""
    problems: Table
    """What could not be read or matched."""
    summary: str
    """A few lines for people."""

    def __init__(self, parts: Mapping[str, object]) -> None:
        for name in _TABLES:
            part = parts[name]
            setattr(self, name, Table(part) if isinstance(part, _core.Table) else part)
        self.summary = str(parts["summary"])

    def __repr__(self) -> str:
        return self.summary.rstrip("\n")

    def __reduce__(self) -> tuple[object, ...]:
        return Reconciliation, ({name: getattr(self, name) for name in (*_TABLES, "summary")},)


def reconcile(
    a: ArrowTable,
    b: ArrowTable,
    *,
    on: Column | Sequence[Column],
    amount: Column | None = None,
    at: Column | None = None,
    status: Column | None = None,
    by: Column | None = None,
    every: str = "month",
    tolerance: Number = 0,
    relative: Number = 0,
    names: tuple[str, str] = ("a", "b"),
    prefer: Mapping[str, str] | None = None,
    zone: str | None = None,
    currency: str | None = None,
    currency_column: Column | None = None,
    vat_rates: Iterable[VatRate] | None = None,
    commission: Iterable[Number] = (),
    same_status: Mapping[str, str] | None = None,
    test_words: Iterable[str] | None = None,
    refund_words: Iterable[str] | None = None,
) -> Reconciliation:
    """Compare two tables by key: what is in one alone, what differs and why, and what the sums' difference is made of.

    Parameters
    ----------
    a, b
        Any tables with ``__arrow_c_stream__``.
    on
        Column of the key, or a list of columns. A column with two names is a pair ``("contract", "contract_no")``;
        a list is always several columns.
    amount
        Column of amounts in major units. Rows of one key are added up before they are compared.
    at
        Column of times or dates: ISO 8601, dd.mm.yyyy, or typed. Days are compared, and give the periods of ``sums``.
    status, by
        Columns of the status and of who the sums are by, such as the manager.
    every
        Periods of the sums: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
    tolerance, relative
        Amounts are equal up to ``tolerance`` (major units) + ``relative`` times the size of ``b``.
    names
        How the tables are called in the summary, ``problems`` and ``corrections``.
    prefer
        Column to the name of the table that is right about it.
    zone
        IANA name or offset, of days and of times without a zone; ``None``: UTC.
    currency
        ISO 4217 code that is summed; amounts in others are listed. ``None``: the one of the amounts, two are refused.
    currency_column
        Column of codes beside the amounts.
    vat_rates
        ``(rate, from, until)`` with dates or ``None``; ``until`` is the first day without the rate. ``None``: those of
        Russia.
    commission
        Shares such as ``0.07``, beside those that three keys or more show.
    same_status
        A status to the one that it equals, such as ``{"Успешно реализовано": "paid"}``.
    test_words, refund_words
        Words in small letters by which a key or a status is a test, and a status a refund. ``None``: the usual ones.

    Returns
    -------
    Reconciliation. Keys are in the order of ``a``, then of ``b``.

    Raises
    ------
    SchemaError
        A column is not there.
    CurrencyError
        Amounts are in two currencies, and ``currency`` is not given.
    InvalidArgumentError
        A tolerance is negative or finer than the amounts, or the two names are equal.
    UnknownNameError
        ``prefer`` names a column that is not compared or a table that is not there; ``every`` or ``zone`` is unknown.

    Notes
    -----
    One hash index of keys, O(rows). Amounts are whole minor units; nothing is a float.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> crm = pl.DataFrame({"contract": ["k1", "k2", "k3"], "amount": ["1200.00", "500.00", "70.00"]})
    >>> admin = pl.DataFrame({"contract": ["k1", "k2", "k4"], "amount": ["1000.00", "500.00", "80.00"]})
    >>> found = dt.reconcile(crm, admin, on="contract", amount="amount", names=("crm", "admin"))
    >>> print(found)
    crm: 3 rows, 1770.00, keys alone: 1, repeated: 0
    admin: 3 rows, 1580.00, keys alone: 1, repeated: 0
    both: 2 keys, 1 differ
    difference: 190.00
      only_a: 1 key, 70.00
      only_b: 1 key, -80.00
      vat: 1 key, 200.00
    """
    columns = {"amount": amount, "at": at, "status": status, "by": by, "currency_column": currency_column}
    return Reconciliation(
        _core.reconcile(
            a,
            b,
            [_pair(one) for one in ([on] if isinstance(on, (str, tuple)) else on)],
            {role: _pair(column) for role, column in columns.items() if column is not None},
            every,
            _exact(tolerance),
            _exact(relative),
            names,
            list((prefer or {}).items()),
            *zone_of(zone or "UTC"),
            currency or "",
            None
            if vat_rates is None
            else [(_basis_points(r), _day(since), _day(till)) for r, since, till in vat_rates],
            [_basis_points(share) for share in commission],
            list((same_status or {}).items()),
            None if test_words is None else list(test_words),
            None if refund_words is None else list(refund_words),
        )
    )


def _pair(column: Column) -> tuple[str, str]:
    return (column, column) if isinstance(column, str) else column


def _exact(number: Number) -> str:
    return str(Decimal(str(number)))


def _basis_points(share: Number) -> int:
    return int((Decimal(str(share)) * 10_000).to_integral_value())


def _day(when: date | None) -> int | None:
    return None if when is None else (when - _EPOCH).days
