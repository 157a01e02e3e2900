"""Random sets of touches, as rows of the oracle and as Arrow tables of every type that producers send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

from oracle.journeys import DAY_US, Row

CHANNELS = ("mail", "portal", "социальные сети", "a", "a>b", "telegram channel of a partner, a long one", "z")
BASE = 1_767_225_600_000_000  # 2026-01-01
TEXT_TYPES = (pa.string(), pa.large_string(), pa.string_view())
UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}


class TouchSet:
    """Rows from one seed: few subjects and times, so that ties, repeats and several conversions happen."""

    def __init__(self, seed: int, size: int | None = None) -> None:
        self.rng = rng = Random(seed)
        count = rng.randint(0, 60) if size is None else size
        self.of_numbers = rng.random() < 0.5
        self.unit = rng.choice(tuple(UNITS))
        subjects = rng.choice((1, 3, 12)) if size is None else max(1, count // 7)
        times = rng.choice((2, 10, 1000))
        step = rng.choice((UNITS[self.unit], DAY_US))
        self.lookback_days = rng.choice((None, None, 0, 1, 5))
        self.values = rng.random() < 0.5
        self.nulls = rng.random() < 0.4
        converting = rng.choice((0.05, 0.3, 0.9))
        self.rows = [self._row(subjects, times, step, converting) for _ in range(count)]
        if rng.random() < 0.3:
            self.rows.sort(key=lambda row: row.at or 0)
        if self.rows and rng.random() < 0.3:
            self.rows += rng.choices(self.rows, k=5)

    def _row(self, subjects: int, times: int, step: int, converting: float) -> Row:
        rng = self.rng
        number = rng.randrange(subjects)
        subject: Any = number - 1 if self.of_numbers else f"user {number}" + "x" * (300 * (number == 2))
        at: int | None = BASE + rng.randrange(times) * step
        channel: str | None = rng.choice(CHANNELS)
        converted: Any = rng.random() < converting
        value = rng.choice((None, 0, 1, 129_900, -500)) if self.values and (converted or rng.random() < 0.1) else None
        if self.nulls:
            subject = None if rng.random() < 0.05 else "" if not self.of_numbers and rng.random() < 0.05 else subject
            at = None if rng.random() < 0.05 else at
            channel = rng.choice((None, "")) if rng.random() < 0.05 else channel
            converted = None if rng.random() < 0.05 else converted
        return Row(subject, at, channel, converted, value)

    def table(self, variant: int, rows: list[Row] | None = None) -> pa.Table:
        """The rows, or these, as a table of types and chunks that the variant chooses."""
        rng = Random(variant)
        rows = self.rows if rows is None else rows
        columns = {
            "who": _subjects(rng, [row.subject for row in rows], self.of_numbers),
            "when": self._times(rng, [row.at for row in rows]),
            "where": _texts(rng, [row.channel for row in rows]),
            "bought": _outcomes(rng, [row.converted for row in rows]),
        }
        if self.values:
            columns["paid"] = _amounts(rng, [row.value for row in rows])
        table = pa.table(columns)
        if rng.random() < 0.5 and len(rows) > 1:
            cuts = sorted(rng.randrange(len(rows) + 1) for _ in range(rng.randint(1, 6)))
            pieces = [
                table.slice(begin, end - begin) for begin, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
            ]
            table = pa.concat_tables(pieces)
        return table

    def _times(self, rng: Random, times: list[int | None]) -> pa.Array:
        whole = [None if at is None else at // UNITS[self.unit] * (1000 if self.unit == "ns" else 1) for at in times]
        return pa.array(whole, pa.timestamp(self.unit, tz=rng.choice((None, "UTC", "Europe/Moscow"))))

    def options(self) -> dict[str, Any]:
        """What from_touches is called with."""
        names = {"subject": "who", "at": "when", "channel": "where", "converted": "bought"}
        if self.values:
            names |= {"value": "paid", "currency": "RUB"}
        return {**names, "lookback_days": self.lookback_days}


def _subjects(rng: Random, subjects: list[Any], of_numbers: bool) -> pa.Array:
    if not of_numbers:
        return _texts(rng, subjects)
    small = all(one is None or -100 < one < 100 for one in subjects)
    positive = all(one is None or one >= 0 for one in subjects)
    types = [pa.int64(), pa.int32()] + [pa.int8(), pa.int16()] * small + [pa.uint64(), pa.uint32()] * positive
    made = pa.array(subjects, rng.choice(types))
    return made.dictionary_encode() if rng.random() < 0.2 else made


def _texts(rng: Random, texts: list[str | None]) -> pa.Array:
    made = pa.array(texts, rng.choice(TEXT_TYPES))
    if rng.random() < 0.6:
        return made
    known = [*sorted({text for text in texts if text is not None}), "never seen"]
    rng.shuffle(known)
    codes = [None if text is None else known.index(text) for text in texts]
    narrow = pa.int8() if len(known) < 100 else pa.int32()
    indices = pa.array(codes, rng.choice((narrow, pa.int64())))
    return pa.DictionaryArray.from_arrays(indices, pa.array(known, rng.choice(TEXT_TYPES[:2])))


def _outcomes(rng: Random, outcomes: list[Any]) -> pa.Array:
    kind = rng.choice(("boolean", "boolean", "number", "real", "text"))
    if kind == "number":
        return pa.array([None if one is None else int(one) for one in outcomes], pa.int8())
    if kind == "real":
        return pa.array([float("nan") if one is None else float(one) for one in outcomes], pa.float64())
    if kind == "text":
        return pa.array([None if one is None else ("yes" if one else "no") for one in outcomes], pa.string())
    return pa.array(outcomes, pa.bool_())


def _amounts(rng: Random, amounts: list[int | None]) -> pa.Array:
    kind = rng.choice(("decimal", "real", "text"))
    major = [None if one is None else Decimal(one).scaleb(-2) for one in amounts]
    if kind == "real":
        return pa.array([None if one is None else float(one) for one in major], pa.float64())
    if kind == "text":
        return pa.array([None if one is None else str(one) for one in major], pa.string())
    return pa.array(major, pa.decimal128(20, 2))


def moment(us: int | None) -> datetime | None:
    """A time as tables give it."""
    return (
        None
        if us is None
        else datetime.fromtimestamp(us // 1_000_000, timezone.utc).replace(microsecond=us % 1_000_000)
    )


def path_text(channels: Iterable[str]) -> str:
    """The text of a path: a separator inside a name has a backslash before it."""
    return " > ".join(channel.replace(">", "\\>") for channel in channels)
