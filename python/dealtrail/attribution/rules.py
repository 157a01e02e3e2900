"""Rule models: which touches of a converting journey get how much of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from dealtrail import _core
from dealtrail.attribution.results import Cost, table_of, threads_of
from dealtrail.errors import InvalidArgumentError, UnknownNameError
from dealtrail.journeys import Journeys
from dealtrail.table import Table

__all__ = [
    "first_touch",
    "full_path",
    "last_touch",
    "linear",
    "milestones",
    "participation",
    "position_based",
    "time_decay",
    "u_shaped",
    "w_shaped",
]

TwoTouches = Literal["halve_middle", "renormalise"]


def _last_touch(exclude: Sequence[str] = ()) -> _core.CreditRule:
    return _core.CreditRule.last_touch([exclude] if isinstance(exclude, str) else list(exclude))


def _position_based(
    first: float = 0.4, last: float = 0.4, two_touches: TwoTouches = "halve_middle"
) -> _core.CreditRule:
    if two_touches not in ("halve_middle", "renormalise"):
        raise InvalidArgumentError(
            f"no such rule for two touches: {two_touches!r}", "invalid_argument", hint="halve_middle or renormalise"
        )
    return _core.CreditRule.position_based(first, last, two_touches == "renormalise")


def _time_decay(half_life_days: float = 7) -> _core.CreditRule:
    return _core.CreditRule.time_decay(half_life_days)


def _milestones(shares: Mapping[str, float]) -> _core.CreditRule:
    return _core.CreditRule.milestones(list(shares.items()))


#: Each rule that has default parameters, by the name of its model.
RULES: dict[str, Callable[..., _core.CreditRule]] = {
    "first_touch": _core.CreditRule.first_touch,
    "last_touch": _last_touch,
    "linear": _core.CreditRule.linear,
    "position_based": _position_based,
    "time_decay": _time_decay,
    "u_shaped": _core.CreditRule.u_shaped,
    "w_shaped": _core.CreditRule.w_shaped,
    "full_path": _core.CreditRule.full_path,
    "participation": _core.CreditRule.participation,
}

#: What rules are told beside the journeys, by the name of their model; the others nothing.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "last_touch": ("exclude",),
    "position_based": ("first", "last", "two_touches"),
    "time_decay": ("half_life_days",),
    "milestones": ("shares",),
}


def one_of(wrong: str, names: Sequence[str]) -> str:
    """Tell what could be meant: the closest name, and all of them."""
    import difflib

    close = difflib.get_close_matches(str(wrong), names, n=1)
    meant = f'did you mean "{close[0]}"? ' if close else ""
    return f"{meant}one of {', '.join(names)}"


def rule_of(model: str, parameters: Mapping[str, Any], others: Sequence[str] = ()) -> _core.CreditRule:
    """Give the rule of a model by its name, with what the function of that name takes.

    ``others``: models that are no rules and could have been named, too.

    Raises
    ------
    UnknownNameError
        There is no such rule.
    InvalidArgumentError
        The rule has no such parameter, or not of that value.
    """
    if model != "milestones" and model not in RULES:
        known = one_of(model, (*RULES, "milestones", *others))
        raise UnknownNameError(
            f"no such {'model' if others else 'rule'}: {model!r}; {known}", "unknown_name", hint=known
        )
    takes = PARAMETERS.get(model, ())
    for name in parameters:
        if name not in takes:
            raise InvalidArgumentError(
                f"{model} has no parameter {name!r}", "invalid_argument", hint=", ".join(takes) or "it has none"
            )
    if model == "milestones":
        return _milestones(parameters.get("shares", {}))
    return RULES[model](**parameters)


def credit_by(
    rules: Sequence[_core.CreditRule], journeys: Journeys, intervals: bool, threads: int | None
) -> list[_core.Credit]:
    """Give the credit of journeys by each rule, in one pass over them."""
    return _core.credit(journeys._core, rules, intervals, threads_of(threads))


def _table(rule: _core.CreditRule, journeys: Journeys, cost: Cost, intervals: bool, threads: int | None) -> Table:
    return table_of(credit_by([rule], journeys, intervals, threads), cost, journeys)


def first_touch(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit the first touch with all: who brings people in. The CRM's *sourced* figure; see :func:`linear`."""
    return _table(_core.CreditRule.first_touch(), journeys, cost, intervals, threads)


def last_touch(
    journeys: Journeys,
    *,
    exclude: Sequence[str] = (),
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit the last touch with all; channels of ``exclude`` are passed over unless there is nothing else.

    ``exclude=["direct"]`` is *last non-direct*. See :func:`linear` for the rest.
    """
    return _table(_last_touch(exclude), journeys, cost, intervals, threads)


def linear(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit each touch with the same.

    Parameters
    ----------
    journeys
        Of touches, of paths, or of a Trail.
    cost
        What channels cost, in major units: a mapping from channel to amount, ``trail.cards()``, or a table or dicts
        with the columns ``channel`` and ``cost``, whose rows add up. A channel that has a cost and no journey is
        shown, with credit 0.
    intervals
        Keep counts in 128 groups of subjects and tell intervals of 90 %. The other figures do not depend on it.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.

    Returns
    -------
    Table with a row per channel, then ``(unattributed)`` (conversions without touches) and ``(total)``: channel,
    model, conversions (sum of parts), value (money, exact: rows and ``(unattributed)`` add up to the total), score
    (none for rules), share, value_share, share_low, share_high, value_low, value_high, cost, cpa, roas, roi_revenue,
    journeys (that it was in), converting, too_few (too few conversions for its interval to be believed). Null where
    there is nothing to say or to divide by. ``meta`` has the model, its parameters and the conventions.

    Raises
    ------
    InvalidArgumentError
        A cost is no amount of the journeys' currency.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame(
    ...     {"path": ["search > mail", "mail", "search"], "conversions": [3, 1, 0], "nulls": [7, 4, 5]}
    ... )
    >>> journeys = dt.Journeys.from_paths(paths, nulls="nulls")
    >>> dt.attribution.linear(journeys).select(["channel", "conversions", "share", "journeys"])
    channel         conversions  share  journeys
    --------------  -----------  -----  --------
    mail                    2.5  0.625        15
    search                  1.5  0.375        15
    (unattributed)            0      –         –
    (total)                   4      1        20
    """
    return _table(_core.CreditRule.linear(), journeys, cost, intervals, threads)


def position_based(
    journeys: Journeys,
    *,
    first: float = 0.4,
    last: float = 0.4,
    two_touches: TwoTouches = "halve_middle",
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit the first and the last touch with shares, those between with the rest in equal parts.

    ``two_touches`` tells what becomes of the middle's share when there is none: half to each end, or the ends scaled up
    to 1. J: ``first=0.2, last=0.6, two_touches="renormalise"``; inverse J: the other way round. See :func:`linear` for
    the rest.

    Raises
    ------
    InvalidArgumentError
        A share is below 0, or the two are above 1.
    """
    return _table(_position_based(first, last, two_touches), journeys, cost, intervals, threads)


def time_decay(
    journeys: Journeys,
    *,
    half_life_days: float = 7,
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit a touch half as much for each half-life that it is older. Needs times. See :func:`linear` for the rest.

    Raises
    ------
    InvalidArgumentError
        The journeys are of paths, which have no times; the half-life is not between 0 and 36 500 days.
    """
    return _table(_time_decay(half_life_days), journeys, cost, intervals, threads)


def milestones(
    journeys: Journeys,
    shares: Mapping[str, float],
    *,
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit the touches at milestones with shares, the others with the rest in equal parts.

    Parameters
    ----------
    journeys
        Of a Trail, or with those of a second table (:meth:`dealtrail.Journeys.with_milestones`), for ``lead_created``
        and ``deal_created``; any know ``first`` and ``last``.
    shares
        From milestone to share: ``{"first": 0.3, "lead_created": 0.7}``. The touch of a milestone is the closest
        one at or before it; one at several adds their shares; a milestone that no touch came before has none, and the
        others are scaled up.
    cost, intervals, threads
        As in :func:`linear`.

    Raises
    ------
    InvalidArgumentError
        The journeys do not know a milestone; shares are below 0, or above 1 together.
    """
    return _table(_milestones(shares), journeys, cost, intervals, threads)


def u_shaped(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit by milestones: 40 % first touch, 40 % the lead's, 20 % the others.

    Needs journeys of a Trail, or :meth:`dealtrail.Journeys.with_milestones`.
    """
    return _table(_core.CreditRule.u_shaped(), journeys, cost, intervals, threads)


def w_shaped(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit by milestones: 30 % each to first touch, lead and deal, 10 % the others. As :func:`u_shaped`."""
    return _table(_core.CreditRule.w_shaped(), journeys, cost, intervals, threads)


def full_path(journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None) -> Table:
    """Credit by milestones: 22.5 % each to first, lead, deal and close, 10 % the others. As :func:`u_shaped`."""
    return _table(_core.CreditRule.full_path(), journeys, cost, intervals, threads)


def participation(
    journeys: Journeys, *, cost: Cost = None, intervals: bool = True, threads: int | None = None
) -> Table:
    """Credit every channel that took part with all: rows exceed the total, which counts each conversion once.

    The CRM's *influenced* figure. See :func:`linear` for the rest.
    """
    return _table(_core.CreditRule.participation(), journeys, cost, intervals, threads)
