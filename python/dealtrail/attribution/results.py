"""From what a model counted to the table that people read; costs as people give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from dealtrail import _core
from dealtrail.errors import InvalidArgumentError
from dealtrail.journeys import Journeys, threads_of
from dealtrail.table import Table

__all__ = ["Cost", "table_of", "threads_of"]

#: What channels cost, in major units: a mapping, or cards (columns ``key`` and ``cost``).
Cost: TypeAlias = "Mapping[str, int | float | str | Decimal | None] | Table | None"

NOBODYS = ("(unattributed)", "(total)")


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
    """Give costs in minor units, by channel; of sessions none, their event's card has them, too.

    Raises
    ------
    InvalidArgumentError
        A cost is no number, or has parts of a minor unit; a table has no columns ``key`` and ``cost``.
    """
    if cost is None:
        return []
    if isinstance(cost, Table):
        if not {"key", "cost"} <= set(cost.columns):
            raise InvalidArgumentError(
                "costs are a mapping from channel to amount, or cards", "invalid_argument", hint="trail.cards()"
            )
        given = {
            row["key"]: row["cost"]
            for row in cost.select([name for name in cost.columns if name in ("key", "cost", "part_of")])
            if row["key"] not in NOBODYS and row.get("part_of") is None
        }
    else:
        if not isinstance(cost, Mapping) or not all(isinstance(channel, str) for channel in cost):
            raise InvalidArgumentError(
                "costs are a mapping from channel to amount, or cards", "invalid_argument", hint='{"mail": 100}'
            )
        given = dict(cost)
    return [(channel, minor_of(channel, spent, decimals)) for channel, spent in given.items() if spent is not None]


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
    if not -(2**63) <= whole < 2**63:
        raise InvalidArgumentError(f"the cost of {channel!r} is too large: {spent}", "invalid_argument")
    return whole


def decimals_of(journeys: Journeys) -> int:
    """Tell how many digits after the point the money of journeys has."""
    return journeys._core.value_decimals()
