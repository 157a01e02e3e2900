"""Where the next money goes: curves, verdicts and the best allocation from the history of a Trail, in one call."""

from __future__ import annotations

from typing import Literal

from dealtrail import _core
from dealtrail._types import Moment, View
from dealtrail.budget.curves import Curve, Money
from dealtrail.budget.fit import curves_of
from dealtrail.budget.plan import Plan
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["TrailPlan", "plan"]


class TrailPlan(Plan):
    """A plan made from a Trail; its ``table`` has the column ``why``."""

    __slots__ = ("curves", "expected", "fit", "goal", "judged", "unplanned")

    def __init__(
        self,
        core: _core.BudgetPlan,
        fit: _core.BudgetFit,
        judged: _core.Table,
        unplanned: _core.Table,
        goal: float | None,
        expected: float | None,
    ) -> None:
        super().__init__(core)
        self.fit = Table(fit.table())
        """The fitted curves, as ``dealtrail.budget.fit`` gives them."""
        self.curves: dict[str, Curve] = curves_of(fit)
        """The curves of channels that are identified."""
        self.judged = Table(judged)
        """The verdicts, as ``dealtrail.evidence.judge`` gives them."""
        self.unplanned = Table(unplanned)
        """Channels that have no curve, with the reason; their money is aside."""
        self.goal = goal
        """What the event is to reach; ``None`` without an event."""
        self.expected = expected
        """What is expected of the event without the plan."""


def plan(
    trail: Trail,
    *,
    budget: Money | None = None,
    event: str | None = None,
    goal: float | None = None,
    metric: str = "attended",
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    view: View = "marketing",
    as_of: Moment = None,
    gap: float = 1e-6,
    time_limit_s: float = 10,
) -> TrailPlan:
    """Plan money by the history of a Trail: how much each channel gets now, how much is proposed, and why.

    Parameters
    ----------
    trail
        Channels, announcements, their invoices and results.
    budget
        Money for one ``period``: the most response for it. With ``event``: money that may come on top of its cost.
    event
        An event to come: the least money that brings what is missing to its goal (M1.12).
    goal
        Of the event; default: its own goal of the metric.
    metric
        The response: ``attended`` (guests who came, walk-ins among them, as goals count), ``registrations``, another
        count of cards, or ``amount_won``.
    period
        What a budget without an event is for, and what the history is added up by.
    view, as_of
        Whose outcomes of deals; what happened later does not count.
    gap, time_limit_s
        As for ``dealtrail.budget.allocate``.

    Returns
    -------
    TrailPlan: a ``Plan`` whose table has ``today`` (the event's cost so far, or that of an average period),
    ``proposed`` and ``why``. Archived channels get nothing more, settled drops no more than today,
    channels on trial at most one more placement, others up to twice their dearest period (event). ``unplanned``
    lists channels without a curve.

    Raises
    ------
    InvalidArgumentError
        Neither budget nor event; a goal that is not known or cannot be reached; an event that has begun, is cancelled
        or full; a history without any curve.
    UnknownNameError
        No such event or metric.

    Notes
    -----
    Curves by ``dealtrail.budget.fit``, verdicts by ``dealtrail.evidence.judge``, money by
    ``dealtrail.budget.allocate``; definitions in ``docs/answers/plan.md``. O(facts).
    """
    return TrailPlan(
        *_core.plan(
            trail._core,
            trail._options("channel", view, "activity", as_of, None),
            None if budget is None else float(budget),
            event or "",
            None if goal is None else float(goal),
            metric,
            period,
            float(gap),
            float(time_limit_s),
        )
    )
