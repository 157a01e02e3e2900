"""Conditions and outcome rules, which are data (design §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Condition = dict[str, Any]


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: value in wanted,
    "lt": lambda value, wanted: value < wanted,
    "le": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "ge": lambda value, wanted: value >= wanted,
    "prefix": lambda value, wanted: value.startswith(wanted),
}


def holds(condition: Condition, row: dict[str, Any]) -> bool:
    """Whether a condition of the closed language holds for a row. A comparison with a null field is false, ``ne``
    too."""
    if "all" in condition:
        return all(holds(part, row) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, row) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], row)
    value, op, wanted = row[condition["field"]], condition["op"], condition.get("value")
    if op == "null":
        return (value is None) == (wanted is not False)
    if op == "ne" and wanted is None:
        return value is not None
    if op == "eq" and wanted is None:
        return value is None
    if value is None:
        return False
    return COMPARISONS[op](value, wanted)
