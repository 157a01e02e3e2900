"""What each touch got of each conversion: the trace of a rule model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealtrail import _core
from dealtrail.attribution.rules import rule_of
from dealtrail.table import Table

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys

__all__ = ["credits"]


def credits(  # noqa: A001
    journeys: Journeys, model: str = "linear", *, channel: str | None = None, **parameters: Any
) -> Table:
    """Give what each touch got of each conversion, by a rule model.

    All rows add up to the total, those of a channel to its row of the model: this is the trace of a figure of
    attribution. The model's row is in whole minor units; what that adds to the parts, less than one, is the last row of
    ``channel=``, ``(rounding)``, unless it is nothing. Of participation each channel has all of a conversion at its
    first touch, so rows exceed the total as the model does.

    Parameters
    ----------
    journeys
        Of touches, of paths, or of a Trail.
    model
        ``first_touch``, ``last_touch``, ``linear``, ``position_based``, ``time_decay``, ``u_shaped``, ``w_shaped``,
        ``full_path``, ``milestones`` or ``participation``. Markov and Shapley credit channels as a whole and have no
        parts by touch.
    channel
        Only the rows of this channel, or of ``(unattributed)``.
    parameters
        As the function of the model's name takes them: ``exclude``; ``first``, ``last``, ``two_touches``;
        ``half_life_days``; ``shares``.

    Returns
    -------
    Table with a row per touch of each converting journey, those that got nothing among them, by subject, then time:
    journey (its number in ``journeys.table()``), subject, place (of the touch, from 1), channel, at, conversions
    (float64, exact up to 32 conversions a row), value (a decimal of 15 places, when the journeys have values),
    converted_at, and of a Trail ``fact``, what converted. A conversion without touches is one row of the channel
    ``(unattributed)``. Of path rows, what all journeys that went that way got together. Empty when nothing converted.

    Raises
    ------
    UnknownNameError
        There is no such rule, or no journey has the channel.
    InvalidArgumentError
        The rule has no such parameter, or needs times or milestones that the journeys do not know.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["search > mail > search", "mail"], "conversions": [2, 1], "value": [100, 30]})
    >>> journeys = dt.Journeys.from_paths(paths, value="value", currency="RUB")
    >>> parts = dt.attribution.credits(journeys, "position_based", first=0.5, last=0.3)
    >>> parts.select(["journey", "place", "channel", "conversions", "value"])
    journey  place  channel  conversions  value
    -------  -----  -------  -----------  -----
          0      1  mail               1     30
          1      1  search             1     50
          1      2  mail             0.4     20
          1      3  search           0.6     30
    """
    return Table(_core.credits(journeys._core, rule_of(model, parameters), channel))
