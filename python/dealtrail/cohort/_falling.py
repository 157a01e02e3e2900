"""Falling clients: who buys less than before, why it seems so, and what is at stake."""

from __future__ import annotations

from datetime import date

from dealtrail import _core
from dealtrail._types import ArrowTable, Moment
from dealtrail._zone import end_of, zone_of
from dealtrail.cohort._purchases import Purchases, of_trail, zone_known
from dealtrail.journeys import threads_of
from dealtrail.reports import tell_of
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["Falling", "falling"]


class Falling(Table):
    """Clients to call, the most at stake first.

    Attributes
    ----------
    problems
        What was left out, and clients who are not judged: code, severity, column, count, first_rows, first_values,
        message, hint.
    """

    __slots__ = ("_falling",)

    def __init__(self, core: _core.Falling) -> None:
        super().__init__(core.table())
        self._falling = core

    @property
    def problems(self) -> Table:
        """What was left out, and clients who are not judged, a row per kind of problem."""
        return Table(self._falling.problems())


def falling(
    table: ArrowTable | Trail,
    *,
    client: str = "customer",
    at: str = "at",
    amount: str | None = None,
    event: str | None = None,
    event_at: str | None = None,
    end: Moment | date = None,
    window_weeks: int = 6,
    watch_weeks: int = 13,
    least_weeks: int = 12,
    least_purchases: int = 6,
    least_events: int = 3,
    least_signals: int = 1,
    drop: float = 0.3,
    level: float = 0.03,
    run_length: float = 50,
    alive: float = 0.3,
    zone: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    threads: int | None = None,
    strict: bool = False,
) -> Falling:
    """List clients who buy less than they did, with the reason and the money at stake (M4.7).

    Parameters
    ----------
    table
        A row per purchase or refund: any table with ``__arrow_c_stream__``, or :class:`Purchases`, or a Trail (its won
        deals by company).
    client
        Column of who: whole numbers or text.
    at
        Column of when: times or dates; those without a zone are wall clocks of ``zone``.
    amount
        Column of amounts in major units; a refund is negative. ``None``: each row is a purchase; of a Trail ``amount``.
    event, event_at
        Columns of what a purchase is for and of when that takes place. A client most of whose purchases are for events
        is compared with its own earlier events at the same days to go. ``None``: no events; of purchases that are
        payments of a Trail ``event`` and ``event_at``.
    end
        Where observation ends: a date includes that day. ``None``: the day of the latest row.
    window_weeks
        The time that is compared with the own past and with the same weeks of last year, 1 to 52.
    watch_weeks
        The time in which a fall is looked for; what was before it is usual, 1 to 104.
    least_weeks, least_purchases
        History before the watch without which a client is not judged: weeks, and days with a purchase.
    least_events
        The same for clients who sell in bursts: events.
    least_signals
        Signals of a client on the list, 1 to 3.
    drop
        The part of the usual that has to be missing, between 0 and 1.
    level
        Chance of a steady client to be below its past, between 0 and 0.5.
    run_length
        Weeks, or events, between false alarms of the cumulative sum, above 1.
    alive
        A chance to be a client still that is below this is silence, 0 to 1.
    zone
        IANA name of the zone of days. ``None``: that of the Trail, else UTC.
    currency, places
        Of the amounts, as for :func:`retention`.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.
    strict
        Raise when a row would be left out.

    Returns
    -------
    Falling, a Table with a row per client, the most at stake first: ``client``, ``signals`` (of ``past, silence,
    cusum``), ``last`` (of the window), ``usual`` (of as long a time, or of the same events at the same days to go),
    ``change`` (last / usual - 1; null where usual is 0), ``silent_days``, ``p_alive`` (by MBG/NBD; null where it cannot
    be told), ``at_stake`` (usual - last, at least 0), ``reason``. ``meta`` counts ``clients``, ``judged``, ``listed``.

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit. Or ``strict``, and something would be left out.
    InvalidArgumentError
        An option is out of range, or one of ``event`` and ``event_at`` is missing.

    Notes
    -----
    Page (1954) for the cumulative sum; Batislam, Denizel and Filiztekin (2007) for P(alive). O(purchases + clients *
    weeks). Definitions: ``docs/cohort/falling.md``.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> days = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(30)]
    >>> rows = [("steady", day, 100) for day in days] + [("gone", day, 100) for day in days[:22]]
    >>> found = dt.cohort.falling(pl.DataFrame(rows, schema=["customer", "at", "paid"], orient="row"), amount="paid")
    >>> found.select(["client", "signals", "last", "usual", "at_stake"])
    client  signals               last   usual  at_stake
    ------  --------------------  ----  ------  --------
    gone    past, silence, cusum  0.00  600.00    600.00
    """
    rows = of_trail(table, strict)
    if isinstance(rows, Purchases):
        amount, currency = amount or "amount", currency or rows.meta["currency"]
        if event is None and event_at is None and rows.meta["of"] == "payments":
            event, event_at = "event", "event_at"
    zone = zone_known(rows, zone)
    made = _core.falling(
        rows,
        client,
        at,
        amount or "",
        event or "",
        event_at or "",
        end_of(end, zone),
        zone_of(zone),
        currency or "",
        places,
        window_weeks,
        watch_weeks,
        least_weeks,
        least_purchases,
        least_events,
        least_signals,
        drop,
        level,
        run_length,
        alive,
        threads_of(threads),
    )
    tell_of(Table(made.problems()).to_dicts(), "falling: rows are lost", strict, 3)
    return Falling(made)
