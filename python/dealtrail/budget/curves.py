"""Response curves: how much response an amount of money brings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from dealtrail import _core

__all__ = [
    "Curve",
    "Exponential",
    "FixedFee",
    "Hill",
    "Linear",
    "Log",
    "Logistic",
    "MichaelisMenten",
    "Packages",
    "Piecewise",
    "Power",
    "Tanh",
    "Tiers",
]

Money: TypeAlias = "float | int | Decimal"


class Curve:
    """The base of all curves: how much response an amount of money (major units) brings."""

    __slots__ = ("_core", "_text")

    def __init__(self, core: _core.BudgetCurve, text: str) -> None:
        self._core = core
        self._text = text

    def value(self, money: Money) -> float:
        """Give the response to an amount of money. O(1); O(points) for curves with corners."""
        return self._core.value(float(money))

    def slope(self, money: Money) -> float:
        """Give the response of the next unit of money; may be infinite at 0, is 0 for packages."""
        return self._core.slope(float(money))

    def envelope(self, money: Money, least: Money, most: Money) -> float:
        """Give the least concave function above the curve between ``least`` and ``most``, at ``money``.

        Raises
        ------
        InvalidArgumentError
            ``money`` is not between the two.
        """
        return self._core.envelope(float(money), float(least), float(most))

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Curve) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._text})"


def _text(**parameters: object) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in parameters.items() if name != "base" or value)


def _smooth(kind: str, scale: float, unit: float, exponent: float, base: float) -> _core.BudgetCurve:
    return _core.BudgetCurve(kind, float(scale), float(unit), float(exponent)).with_base(float(base))


class Linear(Curve):
    """``scale * money``; ``base`` is the response without any money."""

    __slots__ = ()

    def __init__(self, *, scale: float, base: float = 0.0) -> None:
        super().__init__(_smooth("linear", scale, 1, 1, base), _text(scale=scale, base=base))


class Log(Curve):
    """``scale * ln(1 + money / half)``: each further response costs more, without an end.

    Examples
    --------
    >>> import dealtrail as dt
    >>> round(dt.budget.Log(scale=12, half=20_000).value(20_000), 4)
    8.3178
    """

    __slots__ = ()

    def __init__(self, *, scale: float, half: Money, base: float = 0.0) -> None:
        super().__init__(_smooth("log", scale, float(half), 1, base), _text(scale=scale, half=half, base=base))


class Power(Curve):
    """``scale * money ** exponent`` with an exponent above 0, at most 1."""

    __slots__ = ()

    def __init__(self, *, scale: float, exponent: float, base: float = 0.0) -> None:
        super().__init__(_smooth("power", scale, 1, exponent, base), _text(scale=scale, exponent=exponent, base=base))


class Exponential(Curve):
    """``scale * (1 - exp(-money / unit))``: saturates at ``scale``, 63 % of it are reached at ``unit``."""

    __slots__ = ()

    def __init__(self, *, scale: float, unit: Money, base: float = 0.0) -> None:
        super().__init__(_smooth("exponential", scale, float(unit), 1, base), _text(scale=scale, unit=unit, base=base))


class MichaelisMenten(Curve):
    """``scale * money / (money + half)``: saturates at ``scale``, half of it is reached at ``half``."""

    __slots__ = ()

    def __init__(self, *, scale: float, half: Money, base: float = 0.0) -> None:
        core = _smooth("michaelis_menten", scale, float(half), 1, base)
        super().__init__(core, _text(scale=scale, half=half, base=base))


class Logistic(Curve):
    """``scale * (1 - exp(-money / unit)) / (1 + exp(-money / unit))``: the upper half of a logistic curve, concave."""

    __slots__ = ()

    def __init__(self, *, scale: float, unit: Money, base: float = 0.0) -> None:
        super().__init__(_smooth("logistic", scale, float(unit), 1, base), _text(scale=scale, unit=unit, base=base))


class Tanh(Curve):
    """``scale * tanh(money / unit)``."""

    __slots__ = ()

    def __init__(self, *, scale: float, unit: Money, base: float = 0.0) -> None:
        super().__init__(_smooth("tanh", scale, float(unit), 1, base), _text(scale=scale, unit=unit, base=base))


class Hill(Curve):
    """``scale * money ** slope / (money ** slope + half ** slope)``.

    Concave for a slope up to 1 (below 1 infinitely steep at 0), S-shaped above: little money brings almost nothing.

    Examples
    --------
    >>> import dealtrail as dt
    >>> curve = dt.budget.Hill(scale=100, half=60_000, slope=1.8)
    >>> curve.value(60_000)
    50.0
    >>> curve
    Hill(scale=100, half=60000, slope=1.8)
    """

    __slots__ = ()

    def __init__(self, *, scale: float, half: Money, slope: float, base: float = 0.0) -> None:
        core = _smooth("hill", scale, float(half), slope, base)
        super().__init__(core, _text(scale=scale, half=half, slope=slope, base=base))


class Piecewise(Curve):
    """Straight lines between ``(money, response)`` points, from (0, 0) unless the first point is at 0.

    After the last point each unit of money brings ``tail_slope``. Money rises from point to point, responses do not
    fall.
    """

    __slots__ = ()

    def __init__(self, points: Iterable[tuple[Money, float]], *, tail_slope: float = 0.0, base: float = 0.0) -> None:
        pairs = [(float(money), float(response)) for money, response in points]
        core = _core.BudgetCurve.piecewise(pairs, float(tail_slope)).with_base(float(base))
        super().__init__(core, repr(pairs))


class Tiers(Curve):
    """A rate card: ``(price of a unit, units)`` a tier; ``None`` units in the last tier means any number.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.budget.Tiers([(50, 100), (80, None)]).value(5_800)
    110.0
    """

    __slots__ = ()

    def __init__(self, tiers: Iterable[tuple[Money, float | None]], *, base: float = 0.0) -> None:
        pairs = [(float(price), None if units is None else float(units)) for price, units in tiers]
        super().__init__(_core.BudgetCurve.tiers(pairs).with_base(float(base)), repr(pairs))


class FixedFee(Curve):
    """A curve after a fee: the first ``fee`` of money brings nothing."""

    __slots__ = ()

    def __init__(self, fee: Money, curve: Curve) -> None:
        super().__init__(curve._core.with_fee(float(fee)), f"{fee!r}, {curve!r}")


class Packages(Curve):
    """All or nothing: one of ``(cost, response)`` packages, such as a whole announcement, or none.

    A package that costs more than another one and brings no more is never bought.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.budget.Packages([(30_000, 12), (50_000, 17)]).value(49_999)
    12.0
    """

    __slots__ = ()

    def __init__(self, packages: Iterable[tuple[Money, float]], *, base: float = 0.0) -> None:
        pairs = [(float(cost), float(response)) for cost, response in packages]
        super().__init__(_core.BudgetCurve.packages(pairs).with_base(float(base)), repr(pairs))
