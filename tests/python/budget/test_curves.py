"""BE.1: curves of the Python package: values by formula, equality, errors."""

from __future__ import annotations

import math

import pytest

import dealtrail as dt


def test_values_by_formula() -> None:
    assert dt.budget.Linear(scale=2, base=1).value(3) == 7
    assert dt.budget.Log(scale=2, half=3).value(3) == pytest.approx(2 * math.log(2))
    assert dt.budget.Power(scale=2, exponent=0.5).value(9) == pytest.approx(6)
    assert dt.budget.Exponential(scale=2, unit=3).value(3) == pytest.approx(2 - 2 / math.e)
    assert dt.budget.Logistic(scale=2, unit=3).value(3) == pytest.approx(2 * (math.e - 1) / (math.e + 1))
    assert dt.budget.Tanh(scale=2, unit=3).value(3) == pytest.approx(2 * math.tanh(1))
    assert dt.budget.FixedFee(10, dt.budget.Hill(scale=2, half=3, slope=4)).value(13) == 1
    assert dt.budget.Piecewise([(10, 5)], tail_slope=0.1).value(20) == pytest.approx(6)
    assert dt.budget.Packages([(10, 5)]).value(9.99) == 0


def test_equal_parameters_are_equal_curves() -> None:
    assert dt.budget.Log(scale=1, half=2) == dt.budget.Log(scale=1, half=2)
    assert dt.budget.Log(scale=1, half=2) != dt.budget.Log(scale=1, half=3)
    assert repr(dt.budget.FixedFee(5, dt.budget.Linear(scale=1))) == "FixedFee(5, Linear(scale=1))"


def test_wrong_parameters_are_refused() -> None:
    for wrong in (-1, math.nan, math.inf):
        with pytest.raises(dt.InvalidArgumentError, match="scale"):
            dt.budget.Linear(scale=wrong)
    with pytest.raises(dt.InvalidArgumentError, match="exponent"):
        dt.budget.Power(scale=1, exponent=1.5)
    with pytest.raises(dt.InvalidArgumentError) as caught:
        dt.budget.Tiers([(5, 10), (6, -1)])
    assert caught.value.where.row == 1
