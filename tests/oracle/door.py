"""What a row becomes at the door of the Trail (trail.md, "What is refused at the door", "Time, money, numbers at the
door").

Inside: time is microseconds UTC, money minor units, a decimal its value times 10**9; each a plain int.
"""

from __future__ import annotations

import re
import struct
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .identity import seen
from .kinds import ENDS, KINDS, choices

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NANO = 10**9


class RefusedError(ValueError):
    """A row that is left out, with its reason."""


def decimals_of(currency: str) -> int:
    """Digits after the point of a currency (ISO 4217)."""
    return {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}.get(currency, 2)


def rounded(value: Any, scale: int) -> int:
    """Turn money into whole units of 10**-scale, half to even; a float by its shortest text."""
    return int(Decimal(str(value)).scaleb(scale).to_integral_value(ROUND_HALF_EVEN))


def exact(value: Any, scale: int) -> int:
    """Turn a decimal number into whole units of 10**-scale; what does not fit exactly is refused."""
    if isinstance(value, float):
        return round(value * 10**scale)
    scaled = Decimal(value).scaleb(scale)
    if scaled != scaled.to_integral_value():
        raise RefusedError("inexact")
    return int(scaled)


def utc_us(value: Any, zone: str) -> int:
    """Turn a moment into microseconds UTC; without a zone it is a wall clock of the Trail's zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return (moment.astimezone(timezone.utc) - EPOCH) // timedelta(microseconds=1)


def is_day(value: Any) -> bool:
    """Whether a value is a date without a time."""
    if isinstance(value, str):
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
    return isinstance(value, date) and not isinstance(value, datetime)


def end_us(value: Any, zone: str) -> int:
    """Turn a moment into microseconds UTC; a date without a time is its last one."""
    if not is_day(value):
        return utc_us(value, zone)
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return utc_us(datetime.combine(day + timedelta(days=1), time()), zone) - 1


def end_of_known_day(us: int | None, zone: str) -> int | None:
    """A day without a time begins as its midnight; where something needs its end, that is its last moment."""
    local = None if us is None else moment_of(us).astimezone(ZoneInfo(zone))
    return us if local is None or local.time() != time() else end_us(local.date(), zone)


def moment_of(us: int) -> datetime:
    """The moment of microseconds UTC."""
    return EPOCH + timedelta(microseconds=us)


def value_inside(value: Any, field_type: str, money_decimals: int, zone: str) -> Any:
    """One value as the Trail keeps it."""
    if value == "":
        return None  # an empty text is no value in every column
    if field_type == "text":
        return value
    if field_type.startswith("->"):
        return seen(value) or value
    if field_type.startswith("choice:"):
        if value not in choices(field_type):
            raise RefusedError(f"not one of {field_type}")
        return value
    if field_type == "time":
        return utc_us(value, zone)
    if field_type == "money":
        return rounded(value, money_decimals)
    if field_type == "decimal":
        return exact(value, 9)
    return value


COMPARED = (
    *("value", "inn", "kpp", "phone", "client_id", "promo_code", "phone_number", "form", "dialled_number", "referrer"),
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
)
"""Texts that are compared: they are kept without letters that nobody sees."""


def row_inside(kind: str, given: Row, currency: str, zone: str, stub: bool) -> Row:
    """One row as the Trail keeps it, every declared field present (null where not given)."""
    row: Row = {}
    money_decimals = decimals_of(given.get("currency") or currency)
    for name, field_type, need in KINDS[kind]:
        value = given.get(name)
        if value is not None:
            ends = (kind, name) in ENDS and is_day(value)
            value = end_us(value, zone) if ends else value_inside(value, field_type, money_decimals, zone)
            value = seen(value) if name in COMPARED and isinstance(value, str) else value
        if value is None and need == "=":
            value = choices(field_type)[0]
        if value is None and need == "!" and not stub:
            raise RefusedError(f"{name} is missing")
        row[name] = value
    return row


def canonical_bytes(kind: str, row: Row) -> bytes:
    """Fields in the order of the declaration.

    A null is one zero byte; a value is a one byte followed by its text length (eight bytes, little-endian) and text,
    or by eight
    bytes little-endian.
    """
    result = b""
    for name, field_type, _ in KINDS[kind]:
        value = row[name]
        if value is None:
            result += b"\0"
        elif field_type == "text" or field_type.startswith("->"):
            text = value.encode()
            result += b"\1" + len(text).to_bytes(8, "little") + text
        elif field_type == "real":
            result += b"\1" + struct.pack("<d", value)
        else:
            number = choices(field_type).index(value) if field_type.startswith("choice:") else int(value)
            result += b"\1" + number.to_bytes(8, "little", signed=True)
    return result
