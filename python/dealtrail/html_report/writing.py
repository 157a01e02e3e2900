"""How numbers, times and months are written for a reader."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal

from dealtrail._zone import clock_of
from dealtrail.html_report.words import CURRENCIES, MONTHS, SHORT_MONTHS, Lang, words

NO_VALUE = "–"
LONGEST = 120
"""Letters of a name that are shown."""
MINUS = "\u2212"
NBSP = "\u00a0"


def short(text: str) -> str:
    """Give a name as it is shown: a long one is cut."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class Writing:
    """Numbers and times in the form of one language.

    Parameters
    ----------
    lang
        ``ru``: no-break spaces between thousands, a decimal comma; ``en``: commas and a point.
    currency
        ISO 4217 code.
    digits
        Decimals of that currency.
    zone
        Of times.
    """

    def __init__(self, lang: Lang, currency: str, digits: int, zone: str) -> None:
        self.lang: Lang = lang
        self.symbol = CURRENCIES.get(currency, currency)
        self.digits = digits
        self.place = clock_of(zone)
        self.thousands, self.point = (NBSP, ",") if lang == "ru" else (",", ".")
        self.words = words(lang)

    def number(self, value: Decimal | float | int | None, digits: int = 0, *, sign: bool = False) -> str:
        """Write a number with so many decimals, half away from zero."""
        if value is None:
            return NO_VALUE
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        text = f"{abs(rounded):,f}".replace(",", "\0").replace(".", self.point).replace("\0", self.thousands)
        before = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
        return before + text

    def money(self, value: Decimal | float | None, *, sign: bool = False) -> str:
        """Write an amount with all its minor units."""
        return self.number(value, self.digits, sign=sign)

    def with_currency(self, amount: str) -> str:
        """Put the sign of the currency where the language wants it."""
        if amount == NO_VALUE:
            return amount
        if self.lang == "ru" or len(self.symbol) > 1:
            return f"{amount}{NBSP}{self.symbol}"
        return f"{self.symbol}{amount}"

    def percent(self, value: Decimal | float | None, digits: int = 0, *, sign: bool = False) -> str:
        """Write a fraction as a percentage."""
        if value is None:
            return NO_VALUE
        text = self.number(Decimal(value * 100), digits, sign=sign)
        return f"{text}{NBSP}%" if self.lang == "ru" else f"{text}%"

    def date(self, at: datetime | None) -> str:
        """Write the day of a moment in the zone."""
        if at is None:
            return NO_VALUE
        here = at.astimezone(self.place)
        return (
            f"{here:%d.%m.%Y}" if self.lang == "ru" else f"{here.day} {SHORT_MONTHS['en'][here.month - 1]} {here.year}"
        )

    def moment(self, at: datetime | None) -> str:
        """Write a moment in the zone; the last one of a day, as which a day is kept, as that day."""
        if at is None:
            return NO_VALUE
        here = at.astimezone(self.place)
        return self.date(at) if here.time() == time.max else f"{self.date(at)}, {here:%H:%M}"

    def month(self, key: str, *, short: bool = False) -> str:
        """Write a month such as ``2026-03``; other keys by their word."""
        if not re.fullmatch(r"\d{4}-\d{2}", key):
            return self.words["undated"] if key == "(undated)" else key
        names = SHORT_MONTHS if short else MONTHS
        name = names[self.lang][int(key[5:]) - 1]
        return f"{name} {key[2:4] if short else key[:4]}"


def month_before(key: str) -> str:
    """Give the month before one such as ``2026-03``."""
    year, month = int(key[:4]), int(key[5:])
    return f"{year - 1:04d}-12" if month == 1 else f"{year:04d}-{month - 1:02d}"
