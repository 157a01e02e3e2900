"""Shao and Li's score: how conversion rates change when two channels meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealtrail import _core
from dealtrail.attribution.results import Cost, table_of, threads_of

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys
    from dealtrail.table import Table

__all__ = ["shao_li"]


def shao_li(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit channels by their conversion rate, alone and in pairs.

    The score of a channel is the conversion rate of journeys that had it, and half the mean of what the rate of each
    pair with another channel exceeds both rates by; pairs that never met add nothing.

    Parameters
    ----------
    journeys
        What to credit, up to 2048 channels. Journeys without touches are ``(unattributed)``.
    cost, intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Returns
    -------
    Table of :func:`dealtrail.attribution.linear`. Where a score is negative, or all are 0, nothing can be divided:
    conversions, share, value and value_share are null, and ``meta["findings"]`` says so.

    Raises
    ------
    LimitError
        There are more than 2048 channels.

    Notes
    -----
    Source: Shao, Li (2011), Data-driven multi-touch attribution models, KDD 11, 258-264.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame(
    ...     {"path": ["search > mail", "mail", "search"], "conversions": [30, 2, 1], "nulls": [70, 40, 50]}
    ... )
    >>> journeys = dt.Journeys.from_paths(paths, nulls="nulls")
    >>> dt.attribution.shao_li(journeys).select(["channel", "conversions", "score", "share"])
    channel         conversions  score   share
    --------------  -----------  -----  ------
    mail                 17.603   0.16  0.5334
    search               15.397   0.14  0.4666
    (unattributed)            0      –       –
    (total)                  33      –       1
    """
    result = _core.shao_li(journeys._core, intervals, threads_of(threads))
    return table_of([result], cost, journeys)
