"""Tables of rows that Python made: a few, such as the links of one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dealtrail import _core
from dealtrail.table import Table


def table_of(
    name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], meta: Mapping[str, str] | None = None
) -> Table:
    """Give a table of columns with their types (text, integer, boolean, time) and rows of cells."""
    return Table(_core.build_table(name, list(columns.items()), list(rows), list((meta or {}).items())))
