"""Funnels over anybody's table of events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from dealtrail import _core
from dealtrail._types import ArrowTable, json_value
from dealtrail._zone import zone_of
from dealtrail.errors import InvalidArgumentError
from dealtrail.journeys import threads_of
from dealtrail.reports import tell_of
from dealtrail.table import Table

_US_OF_DAY = 86_400_000_000


@dataclass(frozen=True)
class Step:
    """One step of a funnel over events.

    Attributes
    ----------
    any
        Names of events; one of them is enough.
    where
        A condition over the columns of the table, as in outcome rules:
        ``{"field": "amount", "op": "ge", "value": 100}``.
    optional
        The step may be skipped. Of ordered funnels, never the first.
    name
        What the result calls it; ``None``: the events.
    """

    any: Sequence[str]
    where: Mapping[str, Any] | None = None
    optional: bool = False
    name: str | None = None


StepLike: TypeAlias = str | Sequence[str] | Step


class EventFunnel(Table):
    """A row per step, with the lists behind it.

    Attributes
    ----------
    problems
        What was left out, and steps that never occur.
    """

    __slots__ = ("_funnel",)

    def __init__(self, core: _core.EventFunnel) -> None:
        super().__init__(core.table())
        self._funnel = core

    @property
    def problems(self) -> Table:
        """What was left out, and steps that never occur, a row per kind of problem."""
        return Table(self._funnel.problems())

    def subjects(self, step: int) -> Table:
        """Give who reached a step (from 1): the column of ``by``, ``subject``, ``entered_at``, ``at``."""
        return Table(self._funnel.subjects(step))

    def dropped(self, step: int) -> Table:
        """Give who reached the step before and not this one; ``at`` is when they reached the step before."""
        return Table(self._funnel.dropped(step))

    def next(self, step: int) -> Table:
        """Give what those who dropped before this step did next: ``event`` (null: nothing), ``count``, most first."""
        return Table(self._funnel.next(step))


def event_funnel(
    table: ArrowTable,
    steps: Sequence[StepLike],
    *,
    subject: str = "subject",
    at: str = "at",
    event: str = "event",
    window_days: float | None = None,
    order: Literal["ordered", "strict", "any"] = "ordered",
    entry: Literal["best", "first", "latest"] = "best",
    grace_seconds: float = 0,
    exclude: Sequence[tuple[str | Sequence[str], int, int]] = (),
    by: str | None = None,
    by_step: int | Literal["first", "last"] = "first",
    zone: str = "UTC",
    threads: int | None = None,
    strict: bool = False,
) -> EventFunnel:
    """Count how many subjects took each step, over any table of events (M2.5, M4.2).

    Parameters
    ----------
    table
        A row per event. Any table with ``__arrow_c_stream__``; rows in any order.
    steps
        Each the name of an event, a list of names (one is enough), or a :class:`Step`.
    subject, at, event
        Columns: who (whole numbers or text), when (times or dates; those without a zone are wall clocks of ``zone``),
        what (text or whole numbers).
    window_days
        Longest time from the first step to any other, inclusive; ``None``: any.
    order
        ``ordered``: other events may stand between steps. ``strict``: steps follow one another directly. ``any``: in
        any order; row k counts who did k of the steps.
    entry
        Which event of the first step may begin an attempt. ``best``: any; the attempt that gets furthest counts, the
        latest of equals. ``first``, ``latest``: only that one.
    grace_seconds
        A step may be this much earlier than the one before it.
    exclude
        ``(event or events, from, to)``, steps from 1: a subject whose attempt has such an event between the two steps
        is left out, and counted in ``meta``.
    by
        Column that cuts the funnel.
    by_step
        The step whose event gives the value of ``by``: ``first``, ``last`` (that was reached), or its number.
    zone
        IANA name.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.
    strict
        Raise when a row would be left out, or a step never occurs.

    Returns
    -------
    EventFunnel, a Table with a row per step: the column of ``by``, ``step`` (from 1), ``name``, ``count``,
    ``rate_first``, ``rate_previous``, ``dropped``, ``median_days``, ``mean_days``, ``p90_days`` (from the step before).
    One event never counts for two steps; events of one time are taken in the order of steps.

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit. Or ``strict``, and something would be left out.
    InvalidArgumentError
        Steps, window, grace, exclusions or ``by_step`` do not fit together.
    UnknownNameError
        ``order``, ``entry`` or ``zone`` is no such name.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = [("ann", 1, "visit"), ("ann", 3, "register"), ("ann", 4, "pay")]
    >>> rows += [("bob", 2, "visit"), ("bob", 9, "register")]
    >>> events = pl.DataFrame(rows, schema=["subject", "day", "event"], orient="row").with_columns(
    ...     at=pl.datetime(2026, 3, pl.col("day"))
    ... )
    >>> found = dt.funnel.event_funnel(events, ["visit", "register", "pay"], window_days=5)
    >>> found.select(["name", "count", "rate_first"])
    name      count  rate_first
    --------  -----  ----------
    visit         2           1
    register      1         0.5
    pay           1         0.5
    """
    if isinstance(by_step, str) and by_step not in ("first", "last"):
        raise InvalidArgumentError(f"by_step is first, last or a number, not {by_step!r}", "invalid_argument")
    step_number = {"first": 1, "last": 0}[by_step] if isinstance(by_step, str) else by_step
    if step_number < 0:
        raise InvalidArgumentError(f"by_step is first, last or a number from 1, not {by_step}", "invalid_argument")
    made = _core.event_funnel(
        table,
        [_step(step) for step in steps],
        [(_names(names), first, last) for names, first, last in exclude],
        subject,
        at,
        event,
        by or "",
        step_number,
        order,
        entry,
        None if window_days is None else round(window_days * _US_OF_DAY),
        round(grace_seconds * 1_000_000),
        zone_of(zone),
        threads_of(threads),
    )
    tell_of(Table(made.problems()).to_dicts(), "event_funnel: rows are lost", strict, 3)
    return EventFunnel(made)


def _names(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _step(step: StepLike) -> tuple[str, list[str], str, bool]:
    if not isinstance(step, Step):
        step = Step(_names(step))
    names = _names(step.any)
    where = "" if step.where is None else json.dumps(step.where, default=json_value)
    return step.name or " | ".join(names), names, where, step.optional
