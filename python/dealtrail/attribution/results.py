"""From what a model counted to the table that people read; costs as people give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from dealtrail import _core
from dealtrail._types import Rows
from dealtrail.errors import InvalidArgumentError, SchemaError
from dealtrail.journeys import Journeys, threads_of
from dealtrail.table import Table

__all__ = ["Cost", "table_of", "threads_of"]

#: What channels cost, in major units: a mapping, cards (columns ``key`` and ``cost``), or a table of any library or
#: dicts with a row per cost (columns ``channel`` and ``cost``), whose rows add up by channel.
Cost: TypeAlias = "Mapping[str, int | float | str | Decimal | None] | Rows | None"

NO_COSTS = "costs are a mapping from channel to amount, or a table with the columns channel and cost"
COSTS = '{"mail": 100}, trail.cards(), or a frame'


def table_of(results: Sequence[_core.Credit], cost: Cost, journeys: Journeys) -> Table:
    """Give results of models as one table, with what channels cost and what the figures do not contain."""
    costs = costs_of(cost, decimals_of(journeys))
    made = _core.credit_table(list(results), costs)
    named = "" if isinstance(cost, Table) else unmatched(costs, journeys.channels)  # cards have every channel
    return told(made, journeys.left_out, named)


def told(made: _core.Table, left_out: int, costs: str = "") -> Table:
    """Give a result that tells how many rows of its source are in no journey, and which costs met none."""
    meta = made.meta()
    more = [("left_out", str(left_out))] if left_out and "left_out" not in meta else []
    more += [("costs_without_journeys", costs)] if costs else []
    return Table(made.with_meta(more) if more else made)


def unmatched(costs: Sequence[tuple[str, int]], channels: Sequence[str]) -> str:
    """Name the channels that cost something and are in no journey, each with the closest one that is."""
    import difflib

    known = set(channels)
    names = sorted(channel for channel, spent in costs if spent and channel not in known)
    said = []
    for name in names[:5]:
        close = difflib.get_close_matches(name.casefold(), [one.casefold() for one in channels], n=1)
        meant = next((one for one in channels if close and one.casefold() == close[0]), None)
        said.append(f"{name} (did you mean {meant}?)" if meant else name)
    return ", ".join(said) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def costs_of(cost: Cost, decimals: int) -> list[tuple[str, int]]:
    """Give costs in minor units, by channel.

    Raises
    ------
    InvalidArgumentError
        A cost is no number, or has parts of a minor unit; a table has no columns ``channel`` (or ``key``) and ``cost``.
    """
    if cost is None:
        return []
    given: Iterable[tuple[str, Any]]
    if isinstance(cost, Mapping):
        if not all(isinstance(channel, str) for channel in cost):
            raise InvalidArgumentError(NO_COSTS, "invalid_argument", hint=COSTS)
        given = cost.items()
    else:
        given = rows_of_costs(cost)
    sums: dict[str, int] = {}
    for channel, spent in given:
        if spent is not None:
            sums[channel] = sums.get(channel, 0) + minor_of(channel, spent, decimals)
    return [(channel, in_range(channel, minor)) for channel, minor in sums.items()]


def rows_of_costs(cost: Any) -> Iterator[tuple[str, Any]]:
    """Give the channels and amounts of cards, a frame or dicts; of sessions none, their event's card has them, too."""
    wanted = ("key", "channel", "cost", "part_of")
    try:
        table = cost if isinstance(cost, Table) else Table(_core.read_table(cost, "costs", wanted))
    except SchemaError as error:
        raise InvalidArgumentError(f"{NO_COSTS}: {error}", "invalid_argument", hint=COSTS) from error
    key = next((name for name in wanted[:2] if name in table.columns), None)
    if key is None or "cost" not in table.columns:
        raise InvalidArgumentError(NO_COSTS, "invalid_argument", hint=COSTS)
    parents = table["part_of"] if "part_of" in table.columns else [None] * len(table)
    for channel, spent, parent in zip(table[key], table["cost"], parents, strict=True):
        if channel is not None and channel != "(total)" and parent is None:
            yield str(channel), spent


def minor_of(channel: str, spent: int | float | str | Decimal, decimals: int) -> int:
    """Give an amount in minor units, exactly."""
    try:
        minor = Decimal(str(spent)).scaleb(decimals)
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidArgumentError(f"the cost of {channel!r} is no number: {spent!r}", "invalid_argument") from error
    if minor != whole:
        raise InvalidArgumentError(
            f"the cost of {channel!r} has parts of a minor unit: {spent}", "invalid_argument", hint="round it first"
        )
    return in_range(channel, whole)


def in_range(channel: str, minor: int) -> int:
    """Give an amount that 64 bits hold."""
    if not -(2**63) <= minor < 2**63:
        raise InvalidArgumentError(f"the cost of {channel!r} is too large: {minor} minor units", "invalid_argument")
    return minor


def decimals_of(journeys: Journeys) -> int:
    """Tell how many digits after the point the money of journeys has."""
    return journeys._core.value_decimals()
