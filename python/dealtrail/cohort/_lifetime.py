"""Lifetime value: summaries of purchases, models of when customers buy and leave, contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, cast

from dealtrail import _core
from dealtrail._types import ArrowTable, Moment
from dealtrail._zone import end_of, zone_of
from dealtrail.cohort._purchases import Purchases, of_trail, zone_known
from dealtrail.cohort._retention import Every
from dealtrail.journeys import threads_of
from dealtrail.reports import tell_of
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["Contracts", "Lifetime", "Summary", "contracts", "lifetime", "summary"]


class Summary(Table):
    """Purchases of each customer in four figures: what models of lifetime value read.

    Attributes
    ----------
    problems
        What was left out: code, severity, column, count, first_rows, first_values, message, hint.
    """

    __slots__ = ("_summary",)

    def __init__(self, core: _core.Summary) -> None:
        super().__init__(core.table())
        self._summary = core

    @property
    def problems(self) -> Table:
        """What was left out or read in part, a row per kind of problem."""
        return Table(self._summary.problems())


class Lifetime:
    """A fitted model, and what it expects of the customers of a base.

    Attributes
    ----------
    parameters
        A row per parameter: ``name``, ``value``, ``se`` (null where the data leave it open), ``ridge`` (the likelihood
        is flat in it: the error is above the value).
    log_likelihood, spend_log_likelihood
        Of purchases, and of spend (``None`` without it).
    table
        A row per customer: ``customer``, ``p_alive``, ``expected`` (purchases within the horizon); with spend ``clv``,
        ``clv_low``, ``clv_high``.
    problems
        What of the base was left out.
    """

    __slots__ = ("_lifetime",)

    def __init__(self, core: _core.Lifetime) -> None:
        self._lifetime = core

    @property
    def parameters(self) -> Table:
        """The parameters with their standard errors."""
        return Table(self._lifetime.parameters())

    @property
    def log_likelihood(self) -> float:
        """The greatest log-likelihood of the purchases."""
        return self._lifetime.log_likelihood()

    @property
    def spend_log_likelihood(self) -> float | None:
        """The greatest log-likelihood of the amounts."""
        return self._lifetime.spend_log_likelihood()

    @property
    def table(self) -> Table:
        """A row per customer."""
        return Table(self._lifetime.table())

    @property
    def problems(self) -> Table:
        """What of the base was left out, a row per kind of problem."""
        return Table(self._lifetime.problems())

    def __repr__(self) -> str:
        return repr(self.parameters)

    def expected_of_new(self, span: float) -> float:
        """Give the purchases that a newcomer makes in the first ``span`` units, the first purchase not counted."""
        return self._lifetime.expected_of_new(span)

    def expected_spend(self, frequency: int, monetary: float) -> float | None:
        """Give the mean of the next purchases of a customer with these repeats; ``None`` where it is infinite."""
        return self._lifetime.expected_spend(frequency, monetary)

    def predict(self, summary: ArrowTable, *, unit: str | None = None) -> Lifetime:
        """Use the model on another base.

        Parameters
        ----------
        summary
            As for :func:`lifetime`.
        unit
            The unit of time of a table that does not say it.

        Raises
        ------
        InvalidArgumentError
            The base is in other units of time than the fit.
        SchemaError
            The model has spend and the base has no column ``monetary``.
        """
        return Lifetime(self._lifetime.predict(_base(summary, unit)))


class Contracts(Table):
    """A row per period of a cohort of contracts: ``period``, ``observed``, ``survival``, ``retention``.

    Attributes
    ----------
    parameters
        ``alpha`` and ``beta``: name, value, se, ridge.
    log_likelihood
        Its greatest value.
    """

    __slots__ = ("_contracts",)

    def __init__(self, core: _core.Contracts) -> None:
        super().__init__(core.table())
        self._contracts = core

    @property
    def parameters(self) -> Table:
        """The parameters with their standard errors."""
        return Table(self._contracts.parameters())

    @property
    def log_likelihood(self) -> float:
        """The greatest log-likelihood."""
        return self._contracts.log_likelihood()


def summary(
    table: ArrowTable | Trail,
    *,
    customer: str = "customer",
    at: str = "at",
    amount: str | None = None,
    end: Moment | date = None,
    unit: Every = "week",
    zone: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    threads: int | None = None,
    strict: bool = False,
) -> Summary:
    """Summarise purchases by customer.

    Parameters
    ----------
    table
        A row per order or refund. Any table with ``__arrow_c_stream__``; or :class:`Purchases`, or a Trail (its won
        deals by company), whose ``amount`` is read.
    customer
        Column of who: whole numbers or text.
    at
        Column of when: times or dates; those without a zone are wall clocks of ``zone``.
    amount
        Column of amounts in major units; a refund is negative. ``None``: each row is a purchase.
    end
        Where observation ends: a date includes that day. ``None``: the day of the latest row.
    unit
        Unit of time of the result: ``day``, ``week``, ``month`` (30.4375 days), ``quarter``, ``year`` (365.25 days).
    zone
        IANA name of the zone of days. ``None``: that of the Trail, else UTC.
    currency, places
        Of the amounts, as for :func:`retention`.
    threads
        ``None``: as many as this process has cores.
    strict
        Raise when a row or a customer would be left out.

    Returns
    -------
    Summary, a Table with a row per customer: ``customer``, ``frequency`` (days with a purchase after the first),
    ``recency`` (from the first to the last purchase), ``T`` (from the first purchase to the end), ``monetary`` (mean of
    a repeat day; null without repeats). Orders of one day are one purchase, refunds are taken off the orders of their
    day, and a day that comes to 0 or less is no purchase (problem ``no_purchase_day``).

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit. Or ``strict``, and something would be left out.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> orders = pl.DataFrame(
    ...     {
    ...         "customer": ["ann", "ann", "ann", "bob"],
    ...         "at": ["2026-01-05", "2026-01-19", "2026-01-19", "2026-01-12"],
    ...         "paid": [100, 40, 20, 70],
    ...     }
    ... ).with_columns(pl.col("at").str.to_date())
    >>> dt.cohort.summary(orders, amount="paid", end="2026-02-02")
    customer  frequency  recency  T  monetary
    --------  ---------  -------  -  --------
    ann               1        2  4        60
    bob               0        0  3         –
    """
    rows = of_trail(table, strict)
    if isinstance(rows, Purchases):
        amount, currency = amount or "amount", currency or rows.meta["currency"]
    zone = zone_known(rows, zone)
    made = _core.summary(
        rows,
        customer,
        at,
        amount or "",
        end_of(end, zone),
        unit,
        zone_of(zone),
        currency or "",
        places,
        threads_of(threads),
    )
    tell_of(Table(made.problems()).to_dicts(), "summary: rows are lost", strict, 3)
    return Summary(made)


def lifetime(
    summary: ArrowTable | Trail,
    *,
    model: Literal["bg_nbd", "mbg_nbd"] = "bg_nbd",
    spend: Literal["gamma_gamma", "none"] = "gamma_gamma",
    horizon: float = 52,
    discount: float = 0,
    margin: float | None = None,
    intervals: bool = True,
    unit: str | None = None,
    threads: int | None = None,
    strict: bool = False,
) -> Lifetime:
    """Fit a model of when customers buy and leave, and tell what each will bring (M2.5, M4.6).

    Parameters
    ----------
    summary
        A :class:`Summary`, or any table with the columns ``customer``, ``frequency``, ``recency``, ``T`` and, for
        spend, ``monetary``; or :class:`Purchases`, or a Trail, which are summarised by ``unit`` (default: week).
    model
        ``bg_nbd``: a customer may leave after a repeat purchase, so one who bought once is there for certain.
        ``mbg_nbd``: may leave after the first purchase, too.
    spend
        ``gamma_gamma`` where the summary has amounts; ``none``: purchases alone.
    horizon
        Units of time ahead.
    discount
        Per unit of time: 0.01 takes 1 % off what comes a unit later.
    margin
        The part of spend that counts; ``None``: all of it.
    intervals
        Give ``clv_low`` and ``clv_high``: microseconds for each distinct history, the larger part of the time.
    unit
        The unit of time of a table that does not say it, or in which a Trail is summarised.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.
    strict
        Raise when a row would be left out.

    Returns
    -------
    Lifetime, with ``parameters``, ``table`` and ``predict``. ``clv_low`` and ``clv_high`` hold 90 % of what such a
    customer will bring, given the parameters; 0 and the 90 % point where nothing at all has a chance of 5 % or more.

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    Error
        ``not_converged``: the base says nothing of the model (nobody bought again, T is 0, one customer), or no maximum
        is found.
    InvalidArgumentError
        ``horizon``, ``discount`` or ``margin`` is out of range.
    SchemaError
        A column is not there, or of a type that does not fit.

    Notes
    -----
    Fader, Hardie and Lee (2005); Batislam, Denizel and Filiztekin (2007); Fader and Hardie (2013). Nothing is drawn at
    random. Customers with equal figures are fitted as one.
    """
    base = _base(summary, unit, strict)
    tell_of(Table(base.problems()).to_dicts(), "lifetime: rows are lost", strict, 3)
    return Lifetime(_core.lifetime(base, model, spend, horizon, discount, margin, intervals, threads_of(threads)))


def contracts(survivors: Sequence[float], *, horizon: int = 12) -> Contracts:
    """Fit how members of a cohort of contracts leave: the shifted beta-geometric model (M4.6).

    Parameters
    ----------
    survivors
        Members of one cohort that are there after period 0 (all), 1, 2, ...: three counts or more that never rise.
    horizon
        Periods of the result.

    Returns
    -------
    Contracts, a Table with a row per period from 0: ``observed`` (share of all; null beyond what was observed),
    ``survival`` (share by the model), ``retention`` (share of those who were there at the end of the period before).

    Raises
    ------
    InvalidArgumentError
        Counts rise or are negative, or ``horizon`` is out of range.
    Error
        ``not_converged``: fewer than three counts, or nobody left.

    Notes
    -----
    Fader and Hardie (2007).

    Examples
    --------
    >>> import dealtrail as dt
    >>> [round(share, 2) for share in dt.cohort.contracts([1000, 869, 743, 653], horizon=5)["survival"]]
    [1.0, 0.86, 0.75, 0.65, 0.57, 0.5]
    """
    return Contracts(_core.contracts(list(survivors), horizon))


def _base(table: ArrowTable | Trail, unit: str | None, strict: bool = False) -> _core.Summary:
    if isinstance(table, (Trail, Purchases)):
        table, unit = summary(table, unit=cast(Every, unit or "week"), strict=strict), None
    if isinstance(table, Summary) and unit is None:
        return table._summary
    known = table.meta.get("unit", "") if isinstance(table, Table) else ""
    return _core.read_summary(table, unit or known)
