"""The purchases of a Trail: the view that the functions of cohorts read."""

from __future__ import annotations

from typing import Literal

from dealtrail import _core
from dealtrail._types import ArrowTable, Moment, View
from dealtrail.reports import tell_of
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["Purchases", "purchases"]


class Purchases(Table):
    """Purchases of a Trail, a row for each.

    Attributes
    ----------
    problems
        What was left out: code, severity, column, count, first_rows, first_values, message, hint.
    """

    __slots__ = ("_purchases",)

    def __init__(self, core: _core.Purchases) -> None:
        super().__init__(core.table())
        self._purchases = core

    @property
    def problems(self) -> Table:
        """What was left out or counts in part, a row per kind of problem."""
        return Table(self._purchases.problems())


def purchases(
    trail: Trail,
    *,
    of: Literal["deals", "payments"] = "deals",
    customer: Literal["company", "person"] = "company",
    view: View = "marketing",
    as_of: Moment = None,
    strict: bool = False,
) -> Purchases:
    """Give who bought what, when and for how much, refunds taken off (M4.6, M4.7).

    Parameters
    ----------
    trail
        The facts.
    of
        ``deals``: a purchase is a won deal, at the time it was won. ``payments``: a payment, at the time it was made.
    customer
        ``company``: of the deal or payment, else the one its person works for. ``person``: of the deal.
    view
        Whose outcomes of deals: ``marketing`` or ``finance``.
    as_of
        What happened later does not count.
    strict
        Raise when a purchase would be left out or a refund would lower none.

    Returns
    -------
    Purchases, a Table of ``customer``, ``at`` (UTC), ``amount``, ``margin`` (null: not known), ``channel``, ``event``,
    ``event_at``, ``order`` (id of the deal or payment), by customer and time. A Trail without any gives no row.

    Warns
    -----
    LossWarning
        Purchases are left out: without a customer, a time or a rate. Once per call.

    Raises
    ------
    SchemaError
        ``strict``, and something would be left out.
    UnknownNameError
        ``of``, ``customer`` or ``view`` is no such name.

    Notes
    -----
    O(deals + payments). Rules: ``docs/purchases/purchases.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> deal = {"id": "d1", "company": "acme", "outcome": "won", "created_at": "2026-03-01", "amount": 100}
    >>> trail.put("deals", [deal])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("payments", [{"id": "p1", "deal": "d1", "kind": "refund", "at": "2026-03-09", "amount": -30}])
    PutReport(read=1, put=1, left_out=0)
    >>> [(row["customer"], str(row["amount"])) for row in dt.cohort.purchases(trail).to_dicts()]
    [('acme', '70.00')]
    """
    return _made(trail, of, customer, view, as_of, strict)


def of_trail(table: ArrowTable | Trail, strict: bool) -> ArrowTable:
    """Give the won deals of a Trail as purchases; a table as it is."""
    return _made(table, "deals", "company", "marketing", None, strict) if isinstance(table, Trail) else table


def zone_known(table: ArrowTable, zone: str | None) -> str:
    """Give the zone that was asked for, else that of the Trail, else UTC."""
    return zone or (table.meta["zone"] if isinstance(table, Purchases) else "UTC")


def _made(trail: Trail, of: str, customer: str, view: View, as_of: Moment, strict: bool) -> Purchases:
    options = trail._options("", view, "activity", as_of, None)
    made = Purchases(_core.purchases(trail._core, options, of, customer))
    tell_of(made.problems.to_dicts(), "purchases: rows are lost", strict, 5)
    return made
