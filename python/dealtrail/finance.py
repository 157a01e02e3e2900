"""The money: when an outlay came back and what it earned.

Definitions: ``docs/finance/``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from dealtrail import _core
from dealtrail.errors import InvalidArgumentError, Where
from dealtrail.table import Table

__all__ = ["Payback", "payback"]

Number = float | int | Decimal | str
_EPOCH = date(1970, 1, 1)


class Payback(Table):
    """A row per day of the flows: ``at``, ``flow``, ``running``, ``discounted``, ``running_discounted``."""

    __slots__ = ("_payback",)

    def __init__(self, core: _core.Payback) -> None:
        super().__init__(core.table())
        self._payback = core

    @property
    def summary(self) -> Table:
        """One row: at, months, reason, rate (null unless there is exactly one), rates, rates_reason."""
        return Table(self._payback.summary())

    @property
    def at(self) -> date | None:
        """The first day on which the running sum is no longer below zero; ``None``: see ``reason``."""
        day = self._payback.at()
        return None if day is None else _EPOCH + timedelta(days=day)

    @property
    def months(self) -> int | None:
        """Begun months from the first flow to ``at``; 0 for the same day."""
        return self._payback.months()

    @property
    def reason(self) -> str | None:
        """Why there is no payback, or that it did not last."""
        return self._payback.reason() or None

    @property
    def rates(self) -> list[float]:
        """Every rate of return a year, as fractions, rising: none, one or several."""
        return self._payback.rates()

    @property
    def rates_reason(self) -> str | None:
        """Why there is no rate of return, or not one."""
        return self._payback.rates_reason() or None


def payback(flows: Iterable[tuple[date | str, Number]], discount: float = 0, *, currency: str | None = None) -> Payback:
    """When an outlay came back, and its rates of return (M2.4).

    Parameters
    ----------
    flows
        ``(day, amount)`` in any order: an outlay is negative, income positive. A day is a ``date`` or ISO 8601 text;
        an amount is in major units. Flows of one day are added up first.
    discount
        A fraction a year from 0 to 1. A flow is worth ``flow / (1 + discount) ** (days / 365)`` on the first day, each
        rounded once to a minor unit, half to even.
    currency
        ISO 4217 code: how many digits amounts have. ``None``: two.

    Returns
    -------
    Payback: a row a day; ``.at``, ``.months``, ``.reason``, ``.rates``, ``.rates_reason``, ``.summary``. Without flows
    it has no rows and the reason "there are no flows".

    Raises
    ------
    InvalidArgumentError
        A discount outside 0 to 1, a day that is none or has a time, an amount finer than a minor unit.
    ParseError
        An amount that is no number.
    OutOfRangeError
        A sum beyond 64 bits of minor units.

    Notes
    -----
    O(n log n), and O(n) for each pair of changes of sign. Several rates of return may exist where the flows change sign
    more than once; all within -99.99 % and 100 000 000 % are found (Descartes' rule of signs for sums of powers).

    Examples
    --------
    >>> import dealtrail as dt
    >>> found = dt.finance.payback([("2026-01-31", -100), ("2026-03-01", 60), ("2026-04-30", 60)])
    >>> found.at, found.months
    (datetime.date(2026, 4, 30), 3)
    """
    rows = [(_day(day, i), str(amount)) for i, (day, amount) in enumerate(flows)]
    return Payback(_core.payback(rows, discount, currency or ""))


def _day(day: date | str, row: int) -> int:
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise _no_day(day, row) from None
    if isinstance(day, datetime) or not isinstance(day, date):
        raise _no_day(day, row)
    return (day - _EPOCH).days


def _no_day(found: object, row: int) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"a day is a date such as 2026-03-31, found {found!r}",
        "invalid_argument",
        Where("flows", "at", row),
        "give dates without a time",
    )
