"""Cards whose deals and guests are credited by a model instead of by links alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from dealtrail import _core
from dealtrail.attribution.rules import rule_of
from dealtrail.errors import InvalidArgumentError
from dealtrail.journeys import lookbacks_of
from dealtrail.table import Table

if TYPE_CHECKING:
    from dealtrail._types import Clock, Moment, View
    from dealtrail.trail import Trail

__all__ = ["credited_cards"]


def credited_cards(
    trail: Trail,
    model: str = "linear",
    *,
    by: str = "channel",
    view: View = "marketing",
    clock: Clock = "activity",
    as_of: Moment = None,
    period: str | None = None,
    subject: Literal["person", "company"] = "person",
    lookback_days: int | Mapping[str, int] | None = None,
    kinds: Sequence[str] = (),
    **parameters: Any,
) -> Table:
    """Give cards in which a model of attribution says whose guests and deals are.

    ``attended``, ``deals``, ``won``, ``amount_won``, ``margin`` and the ratios made of them are credited, each over the
    journeys to its own conversion; counts are float64. The other columns are direct, ``show_rate`` and
    ``new_customers`` among them, and so is ``(total)``: rows and ``(unattributed)`` add up to it exactly.

    Parameters
    ----------
    trail
        Whose cards.
    model
        A rule model by the name of its function, ``markov``, ``shao_li`` or ``shapley`` (with defaults).
        ``participation`` credits in full: rows exceed the total.
    by
        As for ``Trail.cards``, but not ``month``; what ``by`` of ``Trail.journeys`` takes.
    view, clock, as_of, period
        As for ``Trail.cards``; a clock of placements cannot be had: the touches of a deal have several.
    subject, lookback_days, kinds
        As for ``Trail.journeys``.
    parameters
        Of a rule model, as its function takes them.

    Returns
    -------
    Table with the columns of ``Trail.cards``. Null: what the model can say nothing of; a margin when the key was in no
    journey of a deal won whose cost is known. ``meta`` has the model, its parameters and what is credited.

    Raises
    ------
    UnknownNameError
        There is no such model, or nothing to group by.
    InvalidArgumentError
        The model has no such parameter; a month, a clock of placements.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("channels", [{"id": "mail", "name": "Mail"}, {"id": "tg", "name": "Telegram"}])
    >>> for day, channel in enumerate(["mail", "tg"], start=1):
    ...     _ = trail.put("announcements", [{"id": f"a-{channel}", "channel": channel}])
    ...     touch = {"id": f"t{day}", "person": "ann", "announcement": f"a-{channel}", "kind": "click"}
    ...     _ = trail.put("touches", [touch | {"at": f"2026-03-0{day}"}])
    >>> deal = {"id": "d", "person": "ann", "touch": "t2", "amount": 100, "outcome": "won"}
    >>> report = trail.put("deals", [deal | {"created_at": "2026-03-05", "closed_at": "2026-03-09"}])
    >>> dt.attribution.credited_cards(trail, "linear").select(["key", "deals", "won", "amount_won"])
    key             deals  won  amount_won
    --------------  -----  ---  ----------
    mail              0.5  0.5       50.00
    tg                0.5  0.5       50.00
    (unattributed)      0    0        0.00
    (total)             1    1      100.00
    """
    others = ("markov", "shao_li", "shapley")
    if model in others and parameters:
        raise InvalidArgumentError(f"cards are credited by {model} with its default parameters", "invalid_argument")
    rule = None if model in others else rule_of(model, parameters, others)
    days, days_of = lookbacks_of(lookback_days)
    options = trail._core.options(by, view, clock, as_of, period or "")
    return Table(_core.credited_cards(trail._core, options, rule, model, subject, days, days_of, list(kinds)))
