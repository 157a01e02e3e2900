"""PF.8: numbers and dates in the reader's form."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from dealtrail.html_report.writing import Writing, month_before, short

RU = Writing("ru", "RUB", 2, "Europe/Moscow")
EN = Writing("en", "USD", 2, "+05:30")


def test_numbers() -> None:
    assert RU.money(Decimal("-1234567.80")) == "\u22121\u00a0234\u00a0567,80"
    assert EN.money(Decimal("1234567.8"), sign=True) == "+1,234,567.80"
    assert RU.money(None) == EN.percent(None) == "–"
    assert RU.number(0, sign=True) == "0"
    assert EN.number(-0.4) == "0"
    assert EN.money(50.125) == "50.13"  # a tie goes away from zero, as scripts do it
    assert RU.percent(0.4855, 1) == "48,5\u00a0%"  # 0.4855 × 100 as a double lies below the tie
    assert EN.percent(-1.5, sign=True) == "\u2212150%"
    assert RU.with_currency("5,00") == "5,00\u00a0₽"
    assert EN.with_currency("5.00") == "$5.00"
    assert EN.with_currency("–") == "–"


@pytest.mark.parametrize(("digits", "amount", "text"), [(0, Decimal(1234), "1\u00a0234"), (3, Decimal("0.5"), "0,500")])
def test_minor_units_of_the_currency(digits: int, amount: Decimal, text: str) -> None:
    assert Writing("ru", "KWD", digits, "UTC").money(amount) == text


def test_times_are_of_the_zone() -> None:
    late = datetime(2026, 3, 31, 22, 30, tzinfo=timezone.utc)
    assert RU.moment(late) == "01.04.2026, 01:30"
    assert EN.moment(late) == "1 Apr 2026, 04:00"
    day = datetime(2026, 3, 31, 20, 59, 59, 999_999, tzinfo=timezone.utc)
    assert RU.moment(day) == "31.03.2026"  # the end of a day is that day
    assert RU.date(None) == "–"
    assert Writing("en", "USD", 2, "no such place").date(late) == "31 Mar 2026"


def test_long_names_are_cut() -> None:
    assert short("Fair") == "Fair"
    assert short("x" * 120) == "x" * 120
    assert short("x" * 121) == "x" * 119 + "…"


def test_months() -> None:
    assert RU.month("2026-03") == "март 2026"
    assert EN.month("2026-03", short=True) == "Mar 26"
    assert RU.month("(undated)") == "без даты"
    assert month_before("2026-01") == "2025-12"
    assert month_before("2026-10") == "2026-09"
