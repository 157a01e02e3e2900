"""Response curves from the placements that were made."""

from __future__ import annotations

from typing import Literal

from dealtrail import _core
from dealtrail._types import Moment, View
from dealtrail.budget.curves import Curve, MichaelisMenten, Power
from dealtrail.evidence import Placements, columns_of, placements_of
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["Fit", "fit"]

Every = Literal["day", "week", "month", "quarter", "year"]


def curves_of(core: _core.BudgetFit) -> dict[str, Curve]:
    """Give the curves of channels that are identified."""
    return {
        key: Power(scale=scale, exponent=exponent) if kind == "power" else MichaelisMenten(scale=scale, half=half)
        for key, kind, scale, half, exponent in core.curves()
    }


class Fit:
    """Response curves with partial pooling. Immutable."""

    __slots__ = ("_core", "curves", "problems", "table")

    def __init__(self, core: _core.BudgetFit, problems: Table) -> None:
        self._core = core
        self.table = Table(core.table())
        """A row per channel: key, state, kind, scale, half or exponent, elasticity (at the median spend) with its 90 %
        interval, placements, open, apart, spend, response, spend_low, spend_median and spend_high of an observation,
        response_median (expected at the median spend) with its interval, weight_own and weight_own_shape, identified,
        reason."""
        self.problems = problems
        """What was left out or changed when the placements were read."""
        self.curves: dict[str, Curve] = curves_of(core)
        """The curves of channels that are identified, for :func:`allocate`."""

    def draws(self, n: int, seed: int = 0) -> Table:
        """Give joint draws of the curves of identified channels: draw, key, scale, half, exponent.

        Raises
        ------
        InvalidArgumentError
            More than 1 000 000 draws.
        """
        return Table(self._core.draws(n, seed))

    def __repr__(self) -> str:
        return f"Fit({len(self.curves)} of {len(self.table)} curves)\n{self.table!r}"


def fit(
    table: Placements,
    *,
    at: str | None = None,
    spend: str = "spend",
    response: str = "count",
    channel: str | None = None,
    every: Every | None = None,
    placement: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Fit:
    """Fit a response curve to the placements of each channel; what a channel cannot tell it borrows from the others.

    Parameters
    ----------
    table
        A row per placement; or a Trail: its announcements.
    at
        Column of times; needed for ``every``. A Trail has its own.
    spend
        Column of amounts in major units.
    response
        Column of results, whole numbers. Of a Trail: a count of cards (``attended``, ``registrations``, ``deals``), a
        ratio of cost to a count, ``came`` or ``amount_won`` (in major units then).
    channel
        Column of keys, ``"channel"`` by default; of a Trail a column of announcements or channels.
    every
        The money of a curve is that of a ``day``, ``week``, ``month``, ``quarter`` or ``year``: placements of a channel
        in one period (of the zone of a Trail; of a table UTC) are added up. ``None``: that of one placement.
    placement, state, open, currency, view, as_of, period
        As for ``dealtrail.evidence.judge``.

    Returns
    -------
    Fit with ``curves`` (of identified channels), ``table`` and ``draws``. A channel without a curve has a
    ``reason``: no spend, no results, or an elasticity or a level that the history leaves open.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.
    UnknownNameError
        A Trail has no such ``response`` or column, or ``every`` is no period.

    Notes
    -----
    Results are quasi-Poisson around Michaelis-Menten curves, or power curves where those are likelier for all channels
    together; levels and shapes of channels are normal around those of the pool, averaged over a grid of spreads by
    Laplace's method. Nothing is drawn at random. Method and measured coverage: ``docs/budget/fit.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = pl.DataFrame(
    ...     {
    ...         "channel": ["portal"] * 5 + ["letters"] * 5,
    ...         "spend": [9_000, 18_000, 36_000, 70_000, 140_000, 4_000, 8_000, 17_000, 33_000, 60_000],
    ...         "count": [30, 49, 75, 120, 190, 41, 66, 120, 181, 305],
    ...     }
    ... )
    >>> found = dt.budget.fit(rows, currency="RUB")
    >>> sorted(found.curves)
    ['letters', 'portal']
    >>> dt.budget.allocate(found.curves, budget=100_000, currency="RUB").spent
    Decimal('100000.00')
    """
    by = channel or "channel"
    if isinstance(table, Trail):
        metric = "came" if response == "count" else response
        columns = columns_of(by, None, None, "spend", "count", None, None, None, None)
    else:
        metric = response
        columns = columns_of(by, placement, at, spend, response, None, None, state, open)
    read = placements_of(table, columns, currency, metric, by, view, as_of, period)
    unit = 10.0**read.places if isinstance(table, Trail) and metric == "amount_won" else 1.0
    return Fit(_core.fit(read, every, unit), Table(read.problems()))
