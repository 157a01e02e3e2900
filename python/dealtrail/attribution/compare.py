"""Models side by side: where they disagree is where to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dealtrail import _core, _plot
from dealtrail.attribution.markov import credit_of
from dealtrail.attribution.results import Cost, table_of, threads_of
from dealtrail.attribution.rules import RULES, credit_by, one_of
from dealtrail.attribution.shapley import DEFAULT_SAMPLES
from dealtrail.errors import UnknownNameError
from dealtrail.journeys import Journeys

if TYPE_CHECKING:
    import altair

    from dealtrail.table import Table

__all__ = ["MODELS", "compare", "dumbbell"]

#: The models that are no rules.
_OTHERS: dict[str, Callable[[Journeys, bool, int | None], _core.Credit]] = {
    "markov": lambda journeys, intervals, threads: credit_of(journeys, 1, "redirect_to_null", intervals, threads),
    "shao_li": lambda journeys, intervals, threads: _core.shao_li(journeys._core, intervals, threads_of(threads)),
    "shapley": lambda journeys, intervals, threads: _core.shapley(
        journeys._core, "equal_split", 24, DEFAULT_SAMPLES, 0, intervals, threads_of(threads)
    ),
}

#: The names that ``compare`` and the command ``attribute`` know; each model with its default parameters.
MODELS: tuple[str, ...] = (*RULES, *_OTHERS)


def compare(
    journeys: Journeys,
    models: Sequence[str] = ("first_touch", "linear", "last_touch"),
    *,
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Give the tables of several models one after another, each with its default parameters.

    Parameters
    ----------
    journeys
        What to credit.
    models
        Names of ``dealtrail.attribution.MODELS``.
    cost, intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Returns
    -------
    Table of :func:`dealtrail.attribution.linear`; the column ``model`` tells them apart.

    Raises
    ------
    UnknownNameError
        There is no such model.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["webinar > search", "search"], "conversions": [4, 1]})
    >>> both = dt.attribution.compare(dt.Journeys.from_paths(paths), ["first_touch", "last_touch"])
    >>> both.select(["channel", "model", "conversions"])
    channel         model        conversions
    --------------  -----------  -----------
    search          first_touch            1
    webinar         first_touch            4
    (unattributed)  first_touch            0
    (total)         first_touch            5
    search          last_touch             5
    webinar         last_touch             0
    (unattributed)  last_touch             0
    (total)         last_touch             5
    """
    if isinstance(models, str):
        models = [models]
    for name in models:
        if name not in MODELS:
            known = one_of(name, MODELS)
            raise UnknownNameError(f"no such model: {name!r}; {known}", "unknown_name", hint=known)
    rules = [name for name in models if name in RULES]
    by_rule = dict(zip(rules, credit_by([RULES[name]() for name in rules], journeys, intervals, threads), strict=True))
    results = [by_rule[name] if name in RULES else _OTHERS[name](journeys, intervals, threads) for name in models]
    return table_of(results, cost, journeys)


def dumbbell(comparison: Table, column: str = "share") -> altair.LayerChart:
    """Draw what models say of each channel: a dot per model, a line from the least to the most.

    Long lines are where models disagree; channels stand in the order of what the models say on average.

    Parameters
    ----------
    comparison
        What :func:`compare` gave.
    column
        ``share``, ``value_share``, ``conversions``, ``value``, ``cpa`` or ``roas``.

    Notes
    -----
    ``comparison.plot("share")`` draws the same. No more than 50 channels are shown; a note tells of the others.

    Raises
    ------
    ImportError
        Altair is not there: ``pip install dealtrail[report]``.
    """
    return _plot.dumbbell(comparison, _plot.column_of(comparison, column), 50)
