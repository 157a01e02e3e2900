"""Path transforms (docs/journeys/path_transforms.md), the slow way: a path is a list of (time, channel)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Touch = tuple[Any, str]
Path = list[Touch]


def exposure(path: Path) -> Path:
    """Repeats one after another are one touch, the first of them."""
    made: Path = []
    for touch in path:
        if not made or made[-1][1] != touch[1]:
            made.append(touch)
    return made


def first(path: Path) -> Path:
    """Each channel once."""
    made: Path = []
    for touch in path:
        if touch[1] not in [channel for _, channel in made]:
            made.append(touch)
    return made


def frequency(path: Path) -> Path:
    """Each channel once, how often in brackets."""
    names = [channel for _, channel in path]
    return [(at, f"{channel}({names.count(channel)})") for at, channel in first(path)]


TRANSFORMS: dict[str, Callable[[Path], Path]] = {
    "as_is": list,
    "unique": list,
    "exposure": exposure,
    "first": first,
    "frequency": frequency,
}


def exclude(path: Path, channels: Sequence[str], when: str) -> Path:
    """Without the touches of these channels."""
    others = [touch for touch in path if touch[1] not in channels]
    if when == "always":
        return others
    if not others:
        return path
    if when == "not_alone":
        return others
    made = list(path)
    while made[-1][1] in channels:
        made.pop()
    return made


def last_touches(path: Path, last: int) -> Path:
    """The last touches."""
    return path[-last:]


@dataclass(frozen=True)
class Made:
    """A journey as tables of journeys tell it; times and subject None for paths."""

    subject: Any
    path: tuple[Touch, ...]
    converted_at: Any
    conversions: int
    nulls: int
    value: Any
    rest: tuple[Any, ...] = ()  # what else the table says

    @property
    def begins(self) -> Any:
        """The time of the first touch, else of the conversion."""
        return self.path[0][0] if self.path else self.converted_at


def order(journey: Made) -> tuple[Any, ...]:
    """By subject, then time, then everything else."""
    text = isinstance(journey.subject, str)
    return (
        journey.subject is not None,
        (journey.subject.encode() if text else journey.subject) if journey.subject is not None else 0,
        (journey.begins is not None, journey.begins or 0),
        (journey.converted_at is not None, journey.converted_at or 0),
        tuple((at, channel.encode()) for at, channel in journey.path),
        journey.conversions,
        journey.value or 0,
        str(journey.rest[0] or "") if journey.rest else "",
    )


def changed(journeys: Sequence[Made], step: Callable[[Path], Path], of_paths: bool) -> list[Made]:
    """All journeys after one step, in their order; of paths, equal ones add up."""
    made = [replace(one, path=tuple(step(list(one.path)))) for one in journeys]
    if not of_paths:
        return sorted(made, key=order)
    sums: dict[tuple[Touch, ...], Made] = {}
    for one in made:
        same = sums.get(one.path)
        sums[one.path] = (
            one
            if same is None
            else replace(
                same,
                conversions=same.conversions + one.conversions,
                nulls=same.nulls + one.nulls,
                value=None if same.value is None and one.value is None else (same.value or 0) + (one.value or 0),
            )
        )
    return sorted(sums.values(), key=lambda one: [channel.encode() for _, channel in one.path])


def first_conversions(journeys: Sequence[Made]) -> list[Made]:
    """Each known subject's first conversion by time, and what began before it."""
    kept = []
    for one in journeys:
        own = [other for other in journeys if other.subject == one.subject and other.conversions]
        if one.subject is None or not own:
            kept.append(one)
            continue
        dated = [other for other in own if other.converted_at is not None]
        first = min(dated, key=lambda other: other.converted_at) if dated else own[0]
        before = not one.path or first.converted_at is None or one.path[0][0] < first.converted_at
        if one is first or (not one.conversions and before):
            kept.append(one)
    return kept
