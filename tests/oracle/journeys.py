"""Journeys of a table of touches and of a table of paths (docs/journeys/journeys.md), the slow way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Row:
    """A touch as a table says it; ``value`` in minor units, None for none."""

    subject: Any
    at: int | None
    channel: str | None
    converted: Any = None  # True, False, None; anything else cannot be read
    value: Any = None


@dataclass(frozen=True)
class Journey:
    """One journey: touches are (time, channel)."""

    subject: Any
    touches: tuple[tuple[int, str], ...]
    converted: bool
    value: int = 0
    milestones: tuple[int | None, ...] = ()  # when each was reached

    @property
    def path(self) -> tuple[str, ...]:
        """Its channels."""
        return tuple(channel for _, channel in self.touches)


def trouble(row: Row) -> str | None:
    """Why a row is left out; the first reason counts."""
    if row.subject is None or row.subject == "":
        return "no_subject"
    if row.at is None:
        return "no_time"
    if row.channel is None or row.channel == "":
        return "no_channel"
    if row.converted not in (True, False, None):
        return "bad_converted"
    return None


def problems(rows: Iterable[Row]) -> dict[str, list[int]]:
    """Rows by what is said of them; an amount on a row that does not convert is not counted."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        code = trouble(row)
        if code is None and row.value and not row.converted:
            code = "value_without_conversion"
        if code is not None:
            found.setdefault(code, []).append(number)
    return found


def journeys_by_kind(rows: Iterable[tuple[Row, str | None]], days: dict[str, int]) -> list[Journey]:
    """Journeys by subject, then time; each touch is as old as its kind may be, that of no named kind as ``other``."""
    named = sorted(kind for kind in days if kind != "other")

    def place(kind: str | None) -> int:
        return named.index(kind) if kind in named else len(named)

    by_subject: dict[Any, list[tuple[Any, ...]]] = {}
    for row, kind in rows:
        if trouble(row) is None:
            key = (row.at, bool(row.converted), row.channel, place(kind), row.value or 0)
            by_subject.setdefault(row.subject, []).append((*key, days.get(kind or "", days.get("other"))))
    result = []
    for subject in sorted(by_subject):
        so_far: list[tuple[Any, ...]] = []
        for touch in sorted(by_subject[subject], key=lambda one: one[:5]):
            so_far.append(touch)
            if not touch[1]:
                continue
            old = [one for one in so_far if one[5] is not None and one[0] < touch[0] - one[5] * DAY_US]
            two = [
                Journey(subject, tuple(one[:3:2] for one in old), False),
                Journey(subject, tuple(one[:3:2] for one in so_far if one not in old), True, touch[4]),
            ]
            # A journey stands where it begins.
            result += two[1:] if not old else two if so_far[0] in old else two[::-1]
            so_far = []
        if so_far:
            result.append(Journey(subject, tuple(one[:3:2] for one in so_far), False))
    return result


def journeys(rows: Iterable[Row], lookback_days: int | None = None) -> list[Journey]:
    """Journeys by subject, then time."""
    by_subject: dict[Any, list[Row]] = {}
    for row in rows:
        if trouble(row) is None:
            by_subject.setdefault(row.subject, []).append(row)
    result = []
    for subject in sorted(by_subject):
        touches = sorted(
            by_subject[subject], key=lambda row: (row.at, bool(row.converted), row.channel, row.value or 0)
        )
        so_far: list[tuple[int, str]] = []
        for touch in touches:
            assert touch.at is not None
            assert touch.channel is not None
            so_far.append((touch.at, touch.channel))
            if touch.converted:
                since = None if lookback_days is None else touch.at - lookback_days * DAY_US
                before = [one for one in so_far if since is not None and one[0] < since]
                if before:
                    result.append(Journey(subject, tuple(before), False))
                result.append(Journey(subject, tuple(so_far[len(before) :]), True, touch.value or 0))
                so_far = []
        if so_far:
            result.append(Journey(subject, tuple(so_far), False))
    return result


def until_first_conversion(rows: Iterable[Row]) -> list[Row]:
    """Rows of each subject up to the first that converts."""
    done: set[Any] = set()
    kept = []
    whole = [row for row in rows if trouble(row) is None]
    for row in sorted(whole, key=lambda row: (row.at, bool(row.converted), row.channel, row.value or 0)):
        if row.subject not in done:
            kept.append(row)
        if row.converted:
            done.add(row.subject)
    return kept


def with_milestones(
    made: Iterable[Journey], rows: Iterable[tuple[Any, str, int]], kinds: Sequence[str]
) -> list[Journey]:
    """Each conversion's earliest milestones after the conversion before it; rows are (subject, kind, time)."""
    rows = list(rows)
    result = []
    before: dict[Any, int] = {}
    for journey in made:
        reached: list[int | None] = [None] * len(kinds)
        if journey.converted:
            at = journey.touches[-1][0]
            for place, kind in enumerate(kinds):
                own = [when for subject, of, when in rows if subject == journey.subject and of == kind and when <= at]
                since = before.get(journey.subject)
                reached[place] = min((when for when in own if since is None or when > since), default=None)
            before[journey.subject] = at
        result.append(replace(journey, milestones=tuple(reached)))
    return result


def channels(made: Iterable[Journey]) -> list[str]:
    """Channels that occur, sorted by their bytes."""
    return sorted({channel for journey in made for channel in journey.path}, key=lambda name: name.encode())


def paths(made: Iterable[Journey]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Conversions, nulls and value of each different path."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for journey in made:
        conversions, nulls, value = found.get(journey.path, (0, 0, 0))
        found[journey.path] = (
            conversions + journey.converted,
            nulls + (not journey.converted),
            value + journey.value * journey.converted,
        )
    return found


@dataclass(frozen=True)
class PathRow:
    """A path as a table says it."""

    path: str | None
    conversions: int | None
    nulls: int | None = 0
    value: int | None = None


def paths_of_rows(rows: Iterable[PathRow], separator: str = ">") -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Equal paths add up; blanks round channels are trimmed, empty channels are none."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for row in rows:
        key = tuple(name for name in (part.strip(" \t\r\n") for part in (row.path or "").split(separator)) if name)
        conversions, nulls = row.conversions or 0, row.nulls or 0
        if conversions < 0 or nulls < 0:
            continue
        before = found.get(key, (0, 0, 0))
        value = (row.value or 0) if conversions > 0 else 0
        found[key] = (before[0] + conversions, before[1] + nulls, before[2] + value)
    return found
