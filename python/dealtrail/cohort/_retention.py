"""Retention: who of a cohort was active some periods after birth, and with how much money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from dealtrail import _core
from dealtrail._types import ArrowTable, Moment
from dealtrail._zone import end_of, zone_of
from dealtrail.cohort._purchases import Purchases, of_trail, zone_known
from dealtrail.journeys import threads_of
from dealtrail.reports import tell_of
from dealtrail.table import Table
from dealtrail.trail import Trail

if TYPE_CHECKING:
    import altair

__all__ = ["Retention", "retention"]

Every = Literal["day", "week", "month", "quarter", "year"]


class Retention(Table):
    """A row per cohort and period, with the averages and the wide form.

    Attributes
    ----------
    problems
        What was left out: code, severity, column, count, first_rows, first_values, message, hint.
    """

    __slots__ = ("_retention",)

    def __init__(self, core: _core.Retention) -> None:
        super().__init__(core.table())
        self._retention = core

    @property
    def problems(self) -> Table:
        """What was left out or read in part, a row per kind of problem."""
        return Table(self._retention.problems())

    def average(self) -> Table:
        """Give each period over the cohorts that were observed to its end.

        Returns
        -------
        Table of the column of ``by`` if there is one, ``period``, ``cohorts``, ``size`` and ``active`` (sums over those
        cohorts), ``rate`` (active / size, so large cohorts weigh more); with amounts ``value_per_member`` and
        ``cumulative_per_member``. Null where no cohort was observed to the end of the period.
        """
        return Table(self._retention.average())

    def pivot(self, column: str = "rate") -> Table:
        """Give a row per cohort and a column per period.

        Parameters
        ----------
        column
            A figure of a cell: ``rate``, ``active``, ``events``, ``complete``; with amounts ``value``,
            ``value_per_member``, ``cumulative``, ``margin``, ``cumulative_margin``.

        Raises
        ------
        UnknownNameError
            There is no such figure.
        """
        return Table(self._retention.pivot(column))

    def plot(self, column: str | None = None, *, max_rows: int = 50) -> altair.Chart:
        """Draw cohorts by periods as a heat map; needs Altair, whose chart it gives.

        Parameters
        ----------
        column
            The figure that is coloured. Default: ``rate``. Incomplete cells are paler.
        max_rows
            Cohorts shown, the latest ones.
        """
        try:
            import altair
        except ImportError as error:
            raise ImportError("plot needs Altair: pip install altair") from error
        shown = column or "rate"
        rows = [
            {
                "cohort": row["cohort"],
                "period": row["period"],
                "size": row["size"],
                "value": None if row[shown] is None else float(row[shown]),
                "complete": row["complete"],
            }
            for row in self.to_dicts()
        ]
        latest = set(sorted({str(row["cohort"]) for row in rows})[-max_rows:])
        rows = [row for row in rows if str(row["cohort"]) in latest]
        return (
            altair.Chart(altair.Data(values=rows))
            .mark_rect()
            .encode(
                x=altair.X("period:O", title=f"{self.meta['every']} after birth"),
                y=altair.Y("cohort:O", title="cohort"),
                color=altair.Color("value:Q", title=shown),
                opacity=altair.condition("datum.complete", altair.value(1), altair.value(0.5)),
                tooltip=["cohort:O", "period:O", "size:Q", "value:Q", "complete:N"],
            )
        )


def retention(
    table: ArrowTable | Trail,
    *,
    subject: str = "subject",
    at: str = "at",
    value: str | None = None,
    margin: str | None = None,
    birth: str | None = None,
    by: str | None = None,
    every: Every = "week",
    kind: Literal["on", "on_or_after", "bracket"] = "on",
    clock: Literal["calendar", "rolling"] = "calendar",
    brackets: Sequence[int] = (1, 3, 7, 14),
    end: Moment | date = None,
    zone: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    threads: int | None = None,
    strict: bool = False,
) -> Retention:
    """Count who of each cohort was active in each period after birth (M4.6).

    Parameters
    ----------
    table
        A row for each thing that a subject did (an order, a visit). Any table with ``__arrow_c_stream__``; or
        :class:`Purchases`, or a Trail (its won deals by company): subjects are customers then, ``value`` their amount.
    subject
        Column of who: whole numbers or text.
    at
        Column of when: times or dates; those without a zone are wall clocks of ``zone``.
    value
        Column of amounts in major units; a refund is negative and stands at its own time.
    margin
        Column of margins, likewise.
    birth
        Column of times; a subject is born at the earliest of its rows. ``None``: at its first row. Rows before the
        birth do not count.
    by
        Column that cuts cohorts, such as the channel of acquisition; a subject has the value of its earliest row.
    every
        ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    kind
        ``on``: active in exactly that period. ``on_or_after``: in that period or a later one. ``bracket``: in one of
        several periods together.
    clock
        ``calendar``: periods are the calendar's. ``rolling``: each subject's periods begin at its birth: spans of 24
        hours, or months that begin on the day of birth (on the last day of a shorter month).
    brackets
        Lengths in periods of the brackets after period 0.
    end
        Where observation ends: a date includes that day, a time is the first moment that is not observed. ``None``:
        just after the latest row, so that the last period counts as incomplete.
    zone
        IANA name of the zone of the calendar. ``None``: that of the Trail, else UTC.
    currency
        ISO 4217 code of amounts; ``None``: plain numbers.
    places
        Digits after the point of amounts without a currency; ``None``: as many as the columns have.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.
    strict
        Raise when a row would be left out or an amount not read.

    Returns
    -------
    Retention, a Table with a row per cohort and period that has begun: the column of ``by``, ``cohort``, ``size``
    (subjects born in it), ``period``, ``active``, ``events`` (rows), ``rate`` (active / size); with ``value`` also
    ``value``, ``value_per_member`` (of the initial size) and ``cumulative``; with ``margin`` also ``margin`` and
    ``cumulative_margin``; ``complete`` tells whether every member was observed to the end of the period.

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit. Or ``strict``, and something would be left out.
    UnknownNameError
        ``every``, ``kind``, ``clock`` or ``zone`` is no such name.
    InvalidArgumentError
        ``brackets`` are empty or not above 0.
    LimitError
        There would be more than 20 million cells.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> orders = pl.DataFrame(
    ...     {"who": ["ann", "bob", "ann", "cat"], "day": ["2026-03-02", "2026-03-03", "2026-03-10", "2026-03-11"]}
    ... ).with_columns(pl.col("day").str.to_date())
    >>> dt.cohort.retention(orders, subject="who", at="day", end="2026-03-15").pivot("rate")
    cohort    size  0    1
    --------  ----  -  ---
    2026-W10     2  1  0.5
    2026-W11     1  1    –
    """
    rows = of_trail(table, strict)
    if isinstance(rows, Purchases):
        subject = "customer" if subject == "subject" else subject
        value, currency = value or "amount", currency or rows.meta["currency"]
    zone = zone_known(rows, zone)
    made = _core.retention(
        rows,
        subject,
        at,
        value or "",
        margin or "",
        birth or "",
        by or "",
        every,
        kind,
        clock,
        list(brackets),
        end_of(end, zone),
        zone_of(zone),
        currency or "",
        places,
        threads_of(threads),
    )
    tell_of(Table(made.problems()).to_dicts(), "retention: rows are lost", strict, 3)
    return Retention(made)
