"""Payback through Python: days, amounts, reasons and refusals, against exact sums."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dealtrail as dt

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
KOPECKS = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))


@given(st.lists(st.tuples(DAYS, KOPECKS), max_size=20))
def test_equals_exact_running_sums(flows: list[tuple[date, Decimal]]) -> None:
    found = dt.finance.payback(flows)
    running, below, at = Fraction(0), False, None
    sums = []
    for day in sorted({day for day, _ in flows}):
        running += sum(Fraction(amount) for when, amount in flows if when == day)
        sums.append((day.isoformat(), running))
        below = below or running < 0
        if below and running >= 0 and at is None:
            at = day
    assert found.at == at
    assert [(row["at"], Fraction(row["running"])) for row in found.to_dicts()] == sums
    assert (found.at is None) == (found.months is None)
    assert found.at is not None or found.reason


def test_several_rates_are_said() -> None:
    start = date(2026, 1, 1)
    flows = [(start + timedelta(days=365 * i), amount) for i, amount in enumerate([-100, 230, -132])]
    found = dt.finance.payback(flows)
    assert found.rates == pytest.approx([0.1, 0.2])
    assert found.rates_reason == "2 rates of return exist: the flows change sign 2 times"
    assert found.summary.to_dicts()[0]["rate"] is None


def test_never_reached_is_null_with_a_reason() -> None:
    found = dt.finance.payback([("2026-01-01", "-100.50"), ("2026-02-01", 100.49)])
    assert (found.at, found.months, found.reason) == (None, None, "not within the flows")
    assert found.summary.to_dicts()[0]["at"] is None


def test_leap_day_and_the_31st() -> None:
    assert dt.finance.payback([(date(2024, 2, 29), -1), (date(2025, 2, 28), 1)]).months == 12
    assert dt.finance.payback([(date(2026, 1, 31), -1), (date(2026, 2, 28), 1)]).months == 1
    assert dt.finance.payback([(date(2026, 1, 31), -1), (date(2026, 3, 1), 1)]).months == 2


@pytest.mark.parametrize(
    ("flows", "discount", "error"),
    [
        ([("2026-02-29", 1)], 0, dt.InvalidArgumentError),
        ([(datetime(2026, 1, 1, 12), 1)], 0, dt.InvalidArgumentError),
        ([("2026-01-01", "1.005")], 0, dt.InvalidArgumentError),
        ([("2026-01-01", "a lot")], 0, dt.ParseError),
        ([("2026-01-01", float("nan"))], 0, dt.ParseError),
        ([("2026-01-01", 1)], 10, dt.InvalidArgumentError),
        ([("2026-01-01", 1)], -0.1, dt.InvalidArgumentError),
        ([("2026-01-01", 9 * 10**16), ("2026-01-02", 9 * 10**16)], 0, dt.OutOfRangeError),
    ],
)
def test_refused(flows: list[tuple[date | str, float | str]], discount: float, error: type[dt.Error]) -> None:
    with pytest.raises(error):
        dt.finance.payback(flows, discount)
