"""The additive parts of cards, by several keys at once."""

from __future__ import annotations

from collections.abc import Sequence

from dealtrail import _core
from dealtrail._types import Clock, Moment, View
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["card_parts"]


def card_parts(
    trail: Trail,
    by: Sequence[str],
    *,
    view: View = "marketing",
    clock: Clock = "activity",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Give the additive columns of cards for each combination of several keys.

    Rows added up in any way are the sums of the cards of that cut, exactly; so a page or a spreadsheet can filter by
    several keys at once and divide afterwards. ``dealtrail.report`` is made of them.

    Parameters
    ----------
    trail
        The facts.
    by
        Keys, each as in ``Trail.cards``: ``channel``, ``announcement``, ``event``, ``partner``, ``month`` or a column.
    view, clock, as_of, period
        As for ``Trail.cards``.

    Returns
    -------
    Table with a row per combination that has something, in order of its keys: a text column per key
    (``(unattributed)`` and ``(undated)`` among them), then every sum: counts as integers, amounts as money. Beside the
    columns of cards there are those that serve ratios: ``amount_won_known``, ``margin_deals``,
    ``registrations_seen``, ``registrations_over``, ``attended_over``, ``cost_unseen``, and ``cost_left_out``,
    ``amount_won_left_out``, ``paid_left_out``, ``refunded_left_out`` (amounts without a rate: a cell of 0 that has
    such is no value), ``won_unvalued``. Ratios are not there: they do not add up.

    Raises
    ------
    InvalidArgumentError
        No key, or one that comes twice.
    UnknownNameError
        Nothing to group by.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("deals", [{"id": "d1", "brand": "Forum", "created_at": "2026-03-09"}])
    >>> dt.card_parts(trail, ["month", "brand"]).select(["month", "brand", "deals"]).to_dicts()
    [{'month': '2026-03', 'brand': 'Forum', 'deals': 1}]
    """
    return Table(
        _core.card_parts(trail._core, list(by), trail._options(by[0] if by else "", view, clock, as_of, period))
    )
