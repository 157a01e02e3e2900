"""Zones by name: the C++ library knows tables of changes, ``zoneinfo`` knows the names."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from dealtrail.errors import ParseError, UnknownNameError

FIRST_YEAR, LAST_YEAR = 1900, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Looked at so often that no pair of changes is missed: the closest pair of all zones is seven days apart.
_STEP_S = 2 * 86_400
_FIXED = re.compile(r"([+-])(\d{2}):?(\d{2})")

Zone = tuple[str, list[tuple[int, int]], int]
"""Name, changes (microseconds UTC, seconds ahead of UTC from then on), seconds ahead of UTC before the first change."""


@lru_cache(maxsize=32)
def zone_of(name: str) -> Zone:
    """Give the changes of a zone between 1900 and 2200.

    Parameters
    ----------
    name
        An IANA name such as ``Europe/Moscow``, ``UTC``, or a fixed offset such as ``+03:00``.
    """
    if name in ("UTC", "Z"):
        return "UTC", [], 0
    if fixed := _FIXED.fullmatch(name):
        seconds = int(fixed[2]) * 3600 + int(fixed[3]) * 60
        return name, [], -seconds if fixed[1] == "-" else seconds
    return _by_name(name)


def clock_of(name: str) -> tzinfo:
    """Give the wall clock of a zone, for showing times to people; UTC for a name that only the C++ side knows."""
    if fixed := _FIXED.fullmatch(name):
        ahead = timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
        return timezone(-ahead if fixed[1] == "-" else ahead)
    from zoneinfo import ZoneInfo

    try:
        return timezone.utc if name in ("UTC", "Z") else ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return timezone.utc


def _by_name(name: str) -> Zone:
    from zoneinfo import ZoneInfo

    try:
        place: tzinfo = ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        hint = "an IANA name such as Europe/Moscow, UTC or +03:00; without a system database: pip install tzdata"
        raise UnknownNameError(f"no such zone: {name[:64]!r}; {hint}", "unknown_name", hint=hint) from error
    first = int((datetime(FIRST_YEAR, 1, 1, tzinfo=timezone.utc) - _EPOCH).total_seconds())
    last = int((datetime(LAST_YEAR, 1, 1, tzinfo=timezone.utc) - _EPOCH).total_seconds())
    initial = before = _offset(place, first)
    changes = []
    at = first
    while at < last:
        step = min(at + _STEP_S, last)
        after = _offset(place, step)
        if after != before:
            low, high = at, step  # the offset at `low` is `before`, at `high` it is another
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(place, middle) == before:
                    low = middle
                else:
                    high = middle
            before = _offset(place, high)
            changes.append((high * 1_000_000, before))
            at = high
        else:
            at = step
    return name, changes, initial


def _offset(place: tzinfo, utc_s: int) -> int:
    moment = (_EPOCH + timedelta(seconds=utc_s)).astimezone(place).utcoffset()
    return 0 if moment is None else moment.days * 86_400 + moment.seconds


def end_of(end: datetime | date | str | None, zone: str) -> int | None:
    """Give the first moment after an end, in microseconds UTC: a date is that whole day, a time is itself.

    Raises
    ------
    ParseError
        A text is neither a date nor a time of ISO 8601.
    """
    if end is None:
        return None
    given: date
    if isinstance(end, str):
        try:
            given = date.fromisoformat(end) if len(end) == 10 else datetime.fromisoformat(end)
        except ValueError as error:
            hint = "2026-03-10 or 2026-03-10T18:00"
            raise ParseError(f"end is no date or time: {end[:64]!r}; {hint}", "parse_error", hint=hint) from error
    else:
        given = end
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day) + timedelta(days=1)
    if given.tzinfo is None:
        given = given.replace(tzinfo=clock_of(zone))
    since = given - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
