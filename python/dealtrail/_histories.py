"""What the histories of deals tell: the waterfall of open amounts, and the stages of the pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from dealtrail import _core
from dealtrail._types import Moment, View
from dealtrail.errors import InvalidArgumentError
from dealtrail.reports import tell_of
from dealtrail.table import Table
from dealtrail.trail import Trail

WaterfallBar = Literal[
    "start",
    "new",
    "moved_in",
    "pulled_in",
    "reopened",
    "raised",
    "cut",
    "pushed",
    "moved_out",
    "won",
    "lost",
    "removed",
    "end",
]


class Waterfall(Table):
    """A row per bar, with the deals behind it.

    Attributes
    ----------
    problems
        Bars without a history, and what of the deals and moves does not fit.
    """

    __slots__ = ("_waterfall",)

    def __init__(self, core: _core.Waterfall) -> None:
        super().__init__(core.table())
        self._waterfall = core

    @property
    def problems(self) -> Table:
        """Bars without a history, and what of the deals and moves does not fit, a row per kind of problem."""
        return Table(self._waterfall.problems())

    def deals(self, bar: WaterfallBar | None = None) -> Table:
        """Give the deals of a bar, or of all bars.

        Returns
        -------
        Table of ``key`` (when grouped), ``bar``, ``deal``, ``amount`` (signed), ``at`` (UTC; null between two Trails),
        and, as at the end: ``manager``, ``pipeline``, ``stage``, ``expected_close``, ``pushed_times``,
        ``returned_times``, ``past_due``, ``still_days``. Null: not known.

        Raises
        ------
        UnknownNameError
            There is no such bar.
        """
        return Table(self._waterfall.deals(bar or ""))


class Stages(Table):
    """A row per stage.

    Attributes
    ----------
    problems
        A missing history, and what of the deals and moves does not fit.
    """

    __slots__ = ("_stages",)

    def __init__(self, core: _core.Stages) -> None:
        super().__init__(core.table())
        self._stages = core

    @property
    def problems(self) -> Table:
        """A missing history, and what of the deals and moves does not fit, a row per kind of problem."""
        return Table(self._stages.problems())


_Result = TypeVar("_Result", Stages, Waterfall)


def histories(trail: Trail, *, view: View = "marketing") -> Table:
    """Give the histories of the deals: a row per field as the deal was made, then a row per change.

    Parameters
    ----------
    trail
        The facts.
    view
        Whose outcomes of deals: ``marketing`` or ``finance``.

    Returns
    -------
    Table of ``deal``, ``at`` (UTC), ``field`` (manager, pipeline, stage, expected_close, amount, outcome), ``value``
    (text, null where there is none), by deal and time. Rules: ``docs/histories/histories.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> trail.put("deals", [{"id": "a", "created_at": "2026-03-01", "amount": 120}])
    PutReport(read=1, put=1, left_out=0)
    >>> move = {"id": "1", "deal": "a", "field": "amount", "from": "100", "to": "120", "at": "2026-03-05"}
    >>> trail.put("moves", [move])
    PutReport(read=1, put=1, left_out=0)
    >>> [row["value"] for row in dt.funnel.histories(trail).to_dicts() if row["field"] == "amount"]
    ['100.00', '120.00']
    """
    return Table(_core.histories(trail._core, trail._options("", view, "activity", None, None)))


def waterfall(
    trail: Trail,
    start: Moment = None,
    end: Moment = None,
    *,
    before: Trail | None = None,
    closing: str | None = None,
    by: str | None = None,
    pipeline: str | None = None,
    manager: str | None = None,
    view: View = "marketing",
) -> Waterfall:
    """Give why the open amount of the deals changed, between two dates or two Trails (M5.1).

    Parameters
    ----------
    trail
        The facts; with ``before`` those of today.
    start, end
        Between which moments; a date is the end of that day. Histories come from ``moves``.
    before
        Instead of dates: the Trail of then, such as last week's snapshot. Deals are compared as they are in both.
    closing
        Only deals that are expected to close in this period, at the time: ``2026-03``, ``2026-Q1``. Default: all open
        deals.
    by
        Rows for each ``manager``, ``pipeline`` or ``stage`` (at the time), or another column of deals.
    pipeline, manager
        Only deals of this pipeline, of this manager, at the time.
    view
        Whose outcomes of deals: ``marketing`` or ``finance``.

    Returns
    -------
    Waterfall, a Table of the column of ``by``, ``bar``, ``amount``, ``deals``: ``start``, ``new``, ``moved_in``,
    ``pulled_in``, ``reopened``, ``raised``, ``cut``, ``pushed``, ``moved_out``, ``won``, ``lost``, ``removed``,
    ``end``; last the rows of ``(total)``. Amounts of bars that take away are negative, so that all bars before ``end``
    add up to it. A bar without a history is null, and ``problems`` says so.

    Warns
    -----
    LossWarning
        A move has a value that its field cannot have, or a deal has no date. Once per call.

    Raises
    ------
    InvalidArgumentError
        A date is missing, dates and ``before`` are both given, or the end is before the start.
    UnknownNameError
        ``by`` is no column of deals, or no deal has that pipeline or manager.
    CurrencyMismatchError
        The two Trails have sums in two currencies.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> deal = {"id": "a", "created_at": "2026-02-01", "amount": 120, "expected_close": "2026-03-31"}
    >>> trail.put("deals", [deal])
    PutReport(read=1, put=1, left_out=0)
    >>> move = {"id": "1", "deal": "a", "field": "amount", "from": "100", "to": "120", "at": "2026-03-05"}
    >>> trail.put("moves", [move])
    PutReport(read=1, put=1, left_out=0)
    >>> bars = dt.funnel.waterfall(trail, "2026-03-01", "2026-03-10", closing="2026-03").to_dicts()
    >>> [(row["bar"], str(row["amount"])) for row in bars if row["amount"]]
    [('start', '100.00'), ('raised', '20.00'), ('end', '120.00')]
    """
    if before is None:
        first = trail._options("", view, "activity", start, None)
        last = trail._options(by or "", view, "activity", end, None)
        return _told(Waterfall(_core.waterfall(trail._core, first, last, closing or "", pipeline, manager)))
    if start is not None or end is not None:
        raise InvalidArgumentError("a waterfall is between two dates or two Trails, not both", "invalid_argument")
    options = trail._options(by or "", view, "activity", None, None)
    made = _core.waterfall_between(before._core, trail._core, options, closing or "", pipeline, manager)
    return _told(Waterfall(made))


def stages(
    trail: Trail,
    *,
    pipeline: str | None = None,
    by: str | None = None,
    owner: Literal["then", "now"] = "then",
    exclude_managers: str | Sequence[str] = (),
    exclude_left: bool = False,
    order: Sequence[str] = (),
    view: View = "marketing",
) -> Stages:
    """Give how deals go through the stages of their pipelines, from their moves (M4.4).

    Parameters
    ----------
    trail
        The facts.
    pipeline
        Only this one.
    by
        Rows for each ``manager``, or another column of deals.
    owner
        Whose a visit of a stage is: the manager when the deal entered it (``then``), or the deal's manager ``now``.
    exclude_managers
        Visits of this manager, or of these, are left out and counted in ``meta``.
    exclude_left
        So are those of managers who have left by now.
    order
        The stages, first to last. Default: as the deals first entered them; last those where deals are won, then lost.
    view
        Whose outcomes of deals: ``marketing`` or ``finance``.

    Returns
    -------
    Stages, a Table of the column of ``by``, ``pipeline``, ``stage``, ``entered`` (visits), ``left_forward``,
    ``left_back``, ``left_lost``, ``left_elsewhere`` (to another pipeline), ``skipped`` (moves forward over it),
    ``open_now``, ``closed_here``, ``median_days`` and ``p90_days`` (of visits that ended), ``conversion_won``
    (won / (won + lost) of the deals that were in the stage). Without moves of stages only ``open_now`` and
    ``closed_here`` are known, all else is null and ``problems`` says so.

    Warns
    -----
    LossWarning
        As for ``waterfall``.

    Raises
    ------
    UnknownNameError
        ``by`` is no column of deals, no deal has that pipeline or manager, or a stage of ``order`` is none.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> deal = {"id": "a", "created_at": "2026-03-01", "pipeline": "sales", "stage": "offer"}
    >>> trail.put("deals", [deal])
    PutReport(read=1, put=1, left_out=0)
    >>> move = {"id": "1", "deal": "a", "field": "stage", "from": "new", "to": "offer", "at": "2026-03-05"}
    >>> trail.put("moves", [move])
    PutReport(read=1, put=1, left_out=0)
    >>> dt.funnel.stages(trail).select(["stage", "entered", "left_forward", "open_now", "median_days"])
    stage  entered  left_forward  open_now  median_days
    -----  -------  ------------  --------  -----------
    new          1             1         0            4
    offer        1             0         1            –
    """
    excluded = [exclude_managers] if isinstance(exclude_managers, str) else list(exclude_managers)
    options = trail._options(by or "", view, "activity", None, None)
    return _told(Stages(_core.stages(trail._core, options, pipeline, owner, excluded, exclude_left, list(order))))


def _told(made: _Result) -> _Result:
    tell_of(made.problems.to_dicts(), "histories: values are lost", False, 4)
    return made
