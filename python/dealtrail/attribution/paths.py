"""What converting paths look like: who begins and helps, how many touches, how many days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealtrail import _core
from dealtrail.attribution.results import told

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys
    from dealtrail.table import Table

__all__ = ["assisted", "path_length", "time_lag"]


def assisted(journeys: Journeys) -> Table:
    """Give the parts that channels played in converting journeys: what last touch hides (M1.6).

    Parameters
    ----------
    journeys
        Any; conversions without touches are not counted.

    Returns
    -------
    Table with a row per channel by name: channel, only (the one touch of its journey), first, middle, last (of journeys
    of two touches or more; a channel may play several parts in one), assisted (it was there, and another channel was
    last), assisted_value, closed (it was last or only), closed_value, assisted_per_closed (null when it closed none).

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["webinar > mail > search", "search"], "conversions": [4, 1]})
    >>> parts = dt.attribution.assisted(dt.Journeys.from_paths(paths))
    >>> parts.select(["channel", "only", "first", "middle", "last", "assisted", "closed"])
    channel  only  first  middle  last  assisted  closed
    -------  ----  -----  ------  ----  --------  ------
    mail        0      0       4     0         4       0
    search      1      0       0     4         0       5
    webinar     0      4       0     0         4       0
    """
    return told(_core.assisted(journeys._core), journeys.left_out)


def path_length(journeys: Journeys) -> Table:
    """Give journeys by number of touches: touches, journeys, conversions, conversion_rate, value.

    A row per length that occurs, from the least; journeys without touches are the row 0.
    """
    return told(_core.path_length(journeys._core), journeys.left_out)


def time_lag(journeys: Journeys) -> Table:
    """Give conversions by whole days from the first touch: days, conversions, value, cumulative_share.

    Conversions without touches are not there.

    Raises
    ------
    InvalidArgumentError
        The journeys are of paths, which have no times.
    """
    return told(_core.time_lag(journeys._core), journeys.left_out)
