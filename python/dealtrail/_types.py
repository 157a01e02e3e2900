"""What functions take, by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["OWN_TYPES", "ArrowTable", "Clock", "Moment", "Rows", "Source", "View", "json_value", "named_source"]


class ArrowTable(Protocol):
    """Any table of any library that has the Arrow PyCapsule interface: pandas, polars, pyarrow, duckdb, ours."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give the table as an Arrow stream."""


Rows: TypeAlias = ArrowTable | Iterable[Mapping[str, Any]]
View: TypeAlias = Literal["marketing", "finance"]
Clock: TypeAlias = Literal["activity", "placement", "approval"]
Moment: TypeAlias = date | str | None
Source: TypeAlias = "str | os.PathLike[str] | tuple[str, bytes] | ArrowTable"

OWN_TYPES: dict[object, str] = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "float": "real",
    "bool": "boolean",
    "datetime": "time",
    "timestamp": "time",
    str: "text",
    int: "integer",
    float: "real",
    bool: "boolean",
    datetime: "time",
    Decimal: "decimal",
}


def named_source(source: Source, name: str) -> str | tuple[str, object]:
    """Give a path as text, a table with the name of what it answers."""
    if isinstance(source, tuple):
        return source
    return os.fspath(source) if isinstance(source, (str, os.PathLike)) else (name or "table", source)


def json_value(value: object) -> object:
    """Give what stands for a time or an amount in JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a rule holds a {type(value).__name__}; JSON has no such value")
