"""The counts of a rule model as a value: made in shards, merged, taken back, kept in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from dealtrail import _core
from dealtrail.attribution.mergeable import MergeableState
from dealtrail.attribution.results import Cost, costs_of, threads_of, told
from dealtrail.attribution.rules import RULES
from dealtrail.errors import InvalidArgumentError
from dealtrail.table import Table

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys

__all__ = ["CreditState"]

Rule = Literal["first_touch", "last_touch", "linear", "u_shaped", "w_shaped", "full_path", "participation"]


class CreditState(MergeableState):
    """What channels are credited with by a rule, mergeable and exact.

    Shards that keep each subject whole (of paths: each path), in any order, give the same bytes; what was merged can be
    subtracted.

    Parameters
    ----------
    journeys
        What to count.
    model
        ``first_touch``, ``last_touch``, ``linear``, ``u_shaped``, ``w_shaped``, ``full_path`` or ``participation``.
    intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> def state(path: str) -> dt.attribution.CreditState:
    ...     paths = pl.DataFrame({"path": [path], "conversions": [1]})
    ...     return dt.attribution.CreditState(dt.Journeys.from_paths(paths), "linear")
    >>> both = state("a > b")
    >>> both.merge(state("b"))
    >>> both.table().select(["channel", "conversions"]).to_dicts()[:2]
    [{'channel': 'a', 'conversions': 0.5}, {'channel': 'b', 'conversions': 1.5}]
    >>> both.subtract(state("b"))
    >>> both == state("a > b")
    True
    """

    __slots__ = ()
    _made_by = _core.CreditState
    _core: _core.CreditState

    def __init__(
        self, journeys: Journeys, model: Rule = "linear", *, intervals: bool = True, threads: int | None = None
    ) -> None:
        if model not in get_args(Rule):
            raise InvalidArgumentError(
                f"no such rule: {model!r}", "invalid_argument", hint="one of " + ", ".join(sorted(get_args(Rule)))
            )
        self._core = _core.CreditState(journeys._core, RULES[model](), intervals, threads_of(threads))
        self._decimals = journeys._core.value_decimals()
        self._left_out = journeys.left_out

    def table(self, *, cost: Cost = None) -> Table:
        """Give the table of :func:`dealtrail.attribution.linear`; without rows when nothing was counted."""
        result = self._core.finish()
        made = _core.credit_table([] if result is None else [result], costs_of(cost, self._decimals))
        return told(made, self._left_out)
