"""A table as an Excel workbook, through XlsxWriter."""

from __future__ import annotations

import io
import math
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dealtrail.errors import LimitError

if TYPE_CHECKING:
    from dealtrail.table import Table

ROWS, COLUMNS, LETTERS, DIGITS = 1_048_576, 16_384, 32_767, 15
"""What a sheet holds: rows, columns, letters of a cell, digits of a number."""
FIRST_DAY = datetime(1900, 3, 1, tzinfo=timezone.utc)
"""Days before it have other numbers in Excel."""
MADE = datetime(1980, 1, 1, tzinfo=timezone.utc)
"""When every workbook says that it was made, so that equal tables give equal bytes."""


def workbook(table: Table) -> bytes:
    """Give the bytes of a workbook of one sheet; equal tables give equal bytes.

    Raises
    ------
    ImportError
        XlsxWriter is not installed.
    LimitError
        The table has more rows or columns than a sheet holds.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise ImportError("to_excel needs XlsxWriter: pip install 'dealtrail[excel]'") from error
    if len(table) >= ROWS or len(table.columns) > COLUMNS:
        raise LimitError(
            f"a sheet holds {ROWS - 1} rows and {COLUMNS} columns, not {len(table)} and {len(table.columns)}",
            "limit_exceeded",
            hint="to_csv and to_parquet hold more",
        )
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "remove_timezone": True}) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet("Table")
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(table.schema):
            sheet.write_string(0, at, shown(column.name), bold)
            for row, value in enumerate(table[column.name], 1):
                if value is None:
                    continue
                if isinstance(value, bool):
                    sheet.write_boolean(row, at, value)
                elif isinstance(value, datetime) and value >= FIRST_DAY:
                    sheet.write_datetime(row, at, value.astimezone(timezone.utc), time)
                elif is_number(value):
                    sheet.write_number(row, at, value, money if column.scale == 2 else None)
                else:
                    sheet.write_string(row, at, shown(str(value)))
    return made.getvalue()


def is_number(value: Any) -> bool:
    """Whether a sheet holds the number without rounding it."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, (int, Decimal)) and len(str(value).strip("-0").replace(".", "")) <= DIGITS


def shown(text: str) -> str:
    """Give a text that XML can hold; a sheet runs no formula in it."""
    return "".join(
        letter if (letter >= " " and letter not in "\ufffe\uffff") or letter in "\t\n" else "\ufffd"
        for letter in text[:LETTERS].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
