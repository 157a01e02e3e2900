"""Conditions and outcome rules, which are data (design §4)."""

from __future__ import annotations

from typing import Any

Condition = dict[str, Any]


def holds(condition: Condition, row: dict[str, Any]) -> bool:
    """Whether a condition of the closed language holds for a row. A comparison with a null field is false, ``ne`` too."""
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
    return {
        "eq": lambda: value == wanted,
        "ne": lambda: value != wanted,
        "in": lambda: value in wanted,
        "lt": lambda: value < wanted,
        "le": lambda: value <= wanted,
        "gt": lambda: value > wanted,
        "ge": lambda: value >= wanted,
        "prefix": lambda: value.startswith(wanted),
    }[op]()
