"""What functions take, by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["OWN_TYPES", "ArrowTable", "Clock", "Moment", "Rows", "Source", "View"]


class ArrowTable(Protocol):
    """Any table of any library that has the Arrow PyCapsule interface: pandas, polars, pyarrow, duckdb, ours."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give the table as an Arrow stream."""


Rows: TypeAlias = ArrowTable | Iterable[Mapping[str, Any]]
View: TypeAlias = Literal["marketing", "finance"]
Clock: TypeAlias = Literal["activity", "placement", "approval"]
Moment: TypeAlias = datetime | str | None
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
