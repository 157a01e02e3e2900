"""Credit by removal effects in a Markov chain, exactly: what would be lost without a channel."""

from __future__ import annotations

from typing import Literal

from dealtrail import _core
from dealtrail.attribution.mergeable import MergeableState
from dealtrail.attribution.results import Cost, costs_of, decimals_of, table_of, threads_of, told
from dealtrail.journeys import Journeys, whole_of
from dealtrail.table import Table

__all__ = ["MarkovState", "choose_order", "markov", "transition_matrix"]

Removal = Literal["redirect_to_null", "fail", "fail_refit", "detour"]


def credit_of(journeys: Journeys, order: int, removal: str, intervals: bool, threads: int | None) -> _core.Credit:
    """Give the credit of journeys by removal effects."""
    return _core.markov(journeys._core, whole_of("order", order), removal, intervals, threads_of(threads))


def markov(
    journeys: Journeys,
    *,
    order: int = 1,
    removal: Removal = "redirect_to_null",
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit each channel by the part of the conversions that is lost without it.

    Journeys that did not convert count, too. Nothing is simulated: the answer is what a simulation comes to without
    noise. See ``docs/attribution/markov.md`` for the formula.

    Parameters
    ----------
    journeys
        Of touches, of paths, or of a Trail.
    order
        Touches that the chain remembers, 1 to 4; :func:`choose_order` compares them.
    removal
        ``redirect_to_null``: whoever comes to the channel leaves for good. ``fail``: journeys with the channel do not
        convert. ``fail_refit``: likewise, and journeys of which nothing is left are dropped. ``detour``: the channel is
        cut out of the journeys, which convert as they did; a channel can have a negative effect then.
    cost, intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Returns
    -------
    Table of :func:`dealtrail.attribution.linear`; ``score`` is the removal effect of conversions, 0 to 1. If an effect
    is negative or all are 0, the conversions (or the value) are null, and ``meta`` has a finding; so it has when the
    journeys cannot carry the order.

    Raises
    ------
    InvalidArgumentError
        The order is not 1 to 4, or there is no such removal.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["a > b > c", "a", "b > c"], "conversions": [1, 0, 0], "nulls": [0, 1, 1]})
    >>> credit = dt.attribution.markov(dt.Journeys.from_paths(paths, nulls="nulls"))
    >>> credit.select(["channel", "conversions", "score", "share"])
    channel         conversions  score  share
    --------------  -----------  -----  -----
    a                       0.2    0.5    0.2
    b                       0.4      1    0.4
    c                       0.4      1    0.4
    (unattributed)            0      –      –
    (total)                   1      –      1
    """
    return table_of([credit_of(journeys, order, removal, intervals, threads)], cost, journeys)


def transition_matrix(journeys: Journeys, *, order: int = 1, threads: int | None = None) -> Table:
    """Give the steps of the chain: from, to, probability, weight (journeys that made them).

    The start is ``(start)``, the ends are ``(conversion)`` and ``(null)``; touches of one state stand with ``>``
    between them. A state that follows itself is counted once: there are no self loops.

    Raises
    ------
    InvalidArgumentError
        The order is not 1 to 4.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["a > a > b", "a"], "conversions": [1, 0], "nulls": [1, 2]})
    >>> dt.attribution.transition_matrix(dt.Journeys.from_paths(paths, nulls="nulls"))
    from     to            probability  weight
    -------  ------------  -----------  ------
    (start)  a                       1       4
    a        b                     0.5       2
    a        (null)                0.5       2
    b        (conversion)          0.5       1
    b        (null)                0.5       1
    """
    state = _core.MarkovState(journeys._core, whole_of("order", order), False, threads_of(threads))
    return Table(state.transition_matrix())


def choose_order(journeys: Journeys, *, most: int = 4, threads: int | None = None) -> Table:
    """Compare orders of the chain by how well they foretell whether a journey converts.

    Returns
    -------
    Table with a row per order from 1 to ``most``: order, states, log_likelihood (of a journey's outcome, foretold by
    its last state from the journeys of the other groups; the mean), worse_by (than the best order), standard_error (of
    that), chosen: the lowest order that is no more than one standard error worse than the best.

    Raises
    ------
    InvalidArgumentError
        ``most`` is not 1 to 4.
    """
    return told(_core.choose_order(journeys._core, whole_of("most", most), threads_of(threads)), journeys.left_out)


class MarkovState(MergeableState):
    """The counts of a Markov chain as a value: made in shards, merged, taken back, kept in bytes.

    Shards that keep each subject whole (of paths: each path), in any order, give the same bytes.

    Parameters
    ----------
    journeys
        What to count.
    order
        Touches that the chain remembers, 1 to 4.
    intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> def state(path: str) -> dt.attribution.MarkovState:
    ...     paths = pl.DataFrame({"path": [path], "conversions": [1]})
    ...     return dt.attribution.MarkovState(dt.Journeys.from_paths(paths))
    >>> both = state("a > b")
    >>> both.merge(state("b"))
    >>> [row["score"] for row in both.table()][:2]
    [0.5, 1.0]
    >>> both.subtract(state("b"))
    >>> both == state("a > b")
    True
    """

    __slots__ = ()
    _made_by = _core.MarkovState
    _core: _core.MarkovState

    def __init__(
        self, journeys: Journeys, order: int = 1, *, intervals: bool = True, threads: int | None = None
    ) -> None:
        self._core = _core.MarkovState(journeys._core, whole_of("order", order), intervals, threads_of(threads))
        self._decimals = decimals_of(journeys)
        self._left_out = journeys.left_out

    def table(self, *, cost: Cost = None, threads: int | None = None) -> Table:
        """Give the table of :func:`markov`; without rows when nothing was counted.

        ``threads``: how many share the groups of the intervals; all cores by default. The table is the same for any.
        """
        result = self._core.finish(threads_of(threads))
        made = _core.credit_table([] if result is None else [result], costs_of(cost, self._decimals))
        return told(made, self._left_out)

    def transition_matrix(self) -> Table:
        """Give the table of :func:`transition_matrix`."""
        return Table(self._core.transition_matrix())
