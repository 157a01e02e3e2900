"""The best allocation of money over curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dealtrail import _core
from dealtrail.budget.curves import Curve, Money
from dealtrail.budget.plan import Plan
from dealtrail.errors import InvalidArgumentError, UnknownNameError, Where

__all__ = ["Group", "allocate"]

Limits: TypeAlias = "tuple[Money | None, Money | None]"


@dataclass(frozen=True)
class Group:
    """Channels with limits of their money together. The members of two groups are nested or have none in common."""

    name: str
    members: Sequence[str]
    least: Money | None = None
    most: Money | None = None


def _number(value: Money | None) -> float | None:
    return None if value is None else float(value)


def _pair(name: str, limits: Limits, what: str) -> tuple[float | None, float | None]:
    try:
        least, most = limits
    except (TypeError, ValueError):
        message = f"expected a pair (least, most) for '{name}', found {limits!r}"
        raise InvalidArgumentError(
            message, "invalid_argument", Where("allocate", what), "use None for no limit"
        ) from None
    return _number(least), _number(most)


def allocate(
    curves: Mapping[str, Curve],
    budget: Money | None = None,
    *,
    response: float | None = None,
    cpa: Money | None = None,
    roi: float | None = None,
    marginal_roi: float | None = None,
    value: Money | None = None,
    bounds: Mapping[str, Limits] | None = None,
    relative_bounds: Mapping[str, Limits] | None = None,
    minimum_if_used: Mapping[str, Money] | None = None,
    fixed: Mapping[str, Money] | None = None,
    groups: Sequence[Group] = (),
    today: Mapping[str, Money] | None = None,
    currency: str | None = None,
    gap: float = 1e-6,
    time_limit_s: float = 10,
) -> Plan:
    """Give the best allocation of money over curves, with a certificate.

    One goal: the most response for ``budget``; the least money for ``response``; the most response within a target
    ``cpa`` or ``roi``; or money as long as its next unit reaches ``marginal_roi`` (``budget`` may be a cap).

    Parameters
    ----------
    curves
        A curve per channel; money is in major units of ``currency``.
    budget
        Money for all channels together. Money that brings nothing is left.
    response
        The response to reach with the least money.
    cpa
        Money of one response on average, at most.
    roi
        ``(value * response - money) / money``, at least; needs ``value``.
    marginal_roi
        The same of the next unit of money; needs ``value``.
    value
        Money that one unit of response is worth.
    bounds
        ``{channel: (least, most)}``; ``None`` for no limit.
    relative_bounds
        The same as factors of ``today``: ``{"tg": (0.5, 2)}``.
    minimum_if_used
        ``{channel: money}``: nothing, or at least this.
    fixed
        ``{channel: money}``: exactly this.
    groups
        Limits of several channels together; nested or disjoint.
    today
        Today's money of channels, for comparison and ``relative_bounds``. With today's money of every channel the plan
        is never worse than it, if it keeps the limits.
    currency
        Three letters of ISO 4217: gives the number of minor units, 2 digits by default.
    gap
        Relative gap at which the search ends. Concave problems have no gap but that of rounding to minor units.
    time_limit_s
        Seconds after which the best plan so far is given, with the gap that is proved.

    Returns
    -------
    Plan. Amounts are whole minor units and add up exactly. Equal slopes: curves are served in a fixed order (kind,
    parameters, name).

    Raises
    ------
    InvalidArgumentError
        No goal or several, a parameter out of range, limits that conflict (which, and by how much), a goal that cannot
        be reached (and what can).
    UnknownNameError
        A limit of a channel that is not among the curves.
    OutOfRangeError
        Amounts beyond 64 bits of minor units.

    Notes
    -----
    The price of money is searched at which the answers of all curves meet the goal: O(channels) a step, some ten steps.
    S-curves, packages and minimums if used take a branch and bound over concave envelopes. Sources: Everett (1963),
    Operations Research 11, 399-417; Udell and Boyd (2013), Maximizing a sum of sigmoids.

    Examples
    --------
    >>> import dealtrail as dt
    >>> curves = {
    ...     "telegram": dt.budget.Hill(scale=100, half=60_000, slope=1.8),
    ...     "portal": dt.budget.Log(scale=12, half=20_000),
    ...     "expo": dt.budget.Packages([(150_000, 40)]),
    ... }
    >>> plan = dt.budget.allocate(curves, budget=300_000, currency="RUB")
    >>> plan.table.select(["key", "proposed", "response"])
    key         proposed  response
    --------  ----------  --------
    telegram  122 161.49   78.2416
    portal     27 838.51   10.4652
    expo      150 000.00        40
    (total)   300 000.00  128.7067
    >>> bool(plan.verify())
    True
    """
    names = set(curves)
    given = {
        "bounds": bounds or {},
        "relative_bounds": relative_bounds or {},
        "minimum_if_used": minimum_if_used or {},
        "fixed": fixed or {},
        "today": today or {},
    }
    for what, mapping in given.items():
        for name in mapping:
            if name not in names:
                hint = "one of " + ", ".join(sorted(names)[:20])
                message = f"{what} names an unknown channel '{name}' [allocate.{what}]; {hint}"
                raise UnknownNameError(message, "unknown_name", Where("allocate", what), hint)
    channels = []
    for name, curve in curves.items():
        if not isinstance(curve, Curve):
            raise TypeError(f"the curve of '{name}' is a {type(curve).__name__}; use a curve of dealtrail.budget")
        least, most = _pair(name, (bounds or {}).get(name, (None, None)), "bounds")
        least_of, most_of = _pair(name, (relative_bounds or {}).get(name, (None, None)), "relative_bounds")
        channels.append(
            _core.BudgetChannel(
                name=name,
                curve=curve._core,
                today=_number((today or {}).get(name)),
                least=least,
                most=most,
                least_of_today=least_of,
                most_of_today=most_of,
                least_if_used=_number((minimum_if_used or {}).get(name)),
                fixed=_number((fixed or {}).get(name)),
                currency=currency,
            )
        )
    return Plan(
        _core.allocate(
            channels,
            _number(budget),
            _number(response),
            _number(cpa),
            _number(roi),
            _number(marginal_roi),
            _number(value),
            [(group.name, list(group.members), _number(group.least), _number(group.most)) for group in groups],
            currency,
            float(gap),
            float(time_limit_s),
        )
    )
