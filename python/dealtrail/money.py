"""Money: exact whole numbers of minor units."""

from __future__ import annotations

from collections.abc import Sequence

from dealtrail import _core

__all__ = ["split"]


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number in proportion to weights; the parts always add up to it.

    Largest remainder, ties to the lower index, the sign kept. Exact for all 64-bit totals and weights.

    Parameters
    ----------
    total
        Such as an amount in minor units.
    weights
        Whole numbers from 0; not all zero.

    Returns
    -------
    A part per weight.

    Raises
    ------
    InvalidArgumentError
        There are no weights, or all are zero.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.split(100_00, [1, 1, 1])
    [3334, 3333, 3333]
    """
    return _core.split(total, weights)
