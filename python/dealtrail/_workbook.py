"""A table as an Excel workbook, by the standard library alone."""

from __future__ import annotations

import io
import math
import zipfile
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from dealtrail.errors import LimitError

if TYPE_CHECKING:
    from dealtrail.table import Column, Table

ROWS, COLUMNS, LETTERS, DIGITS = 1_048_576, 16_384, 32_767, 15
"""What a sheet holds: rows, columns, letters of a cell, digits of a number."""
EPOCH = datetime(1899, 12, 30, tzinfo=timezone.utc)
FIRST_DAY = datetime(1900, 3, 1, tzinfo=timezone.utc)
"""Days before it have other numbers in Excel."""
NAMESPACE = "http://schemas.openxmlformats.org/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NAMESPACE}package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NAMESPACE}package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{NAMESPACE}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}spreadsheetml/2006/main" '
    f'xmlns:r="{NAMESPACE}officeDocument/2006/relationships"><sheets>'
    '<sheet name="Table" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NAMESPACE}package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{NAMESPACE}officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{NAMESPACE}officeDocument/2006/relationships/styles" Target="styles.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}spreadsheetml/2006/main">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
PLAIN, BOLD, MONEY, TIME = range(4)
"""Styles of cells."""


def workbook(table: Table) -> bytes:
    """Give the bytes of a workbook of one sheet; equal tables give equal bytes.

    Raises
    ------
    LimitError
        The table has more rows or columns than a sheet holds.
    """
    if len(table) >= ROWS or len(table.columns) > COLUMNS:
        raise LimitError(
            f"a sheet holds {ROWS - 1} rows and {COLUMNS} columns, not {len(table)} and {len(table.columns)}",
            "limit_exceeded",
            hint="to_csv and to_parquet hold more",
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in (*PARTS.items(), ("xl/worksheets/sheet1.xml", sheet(table))):
            part = zipfile.ZipInfo(name)  # of 1980: the same bytes whenever it is made
            part.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(part, HEAD + text)
    return made.getvalue()


def sheet(table: Table) -> str:
    """Give the cells: the names of the columns, which stay in sight, then the rows."""
    schema = table.schema
    rows = [f"<row>{''.join(text_cell(column.name, BOLD) for column in schema)}</row>"]
    cells = [table[column.name] for column in schema]
    for row in zip(*cells, strict=True):
        rows.append(f"<row>{''.join(cell(value, of) for value, of in zip(row, schema, strict=True))}</row>")
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{NAMESPACE}spreadsheetml/2006/main">'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def cell(value: Any, column: Column) -> str:
    """Give one cell; a number that a sheet would round is text, no value an empty cell."""
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime) and value >= FIRST_DAY:
        since = value - EPOCH
        days = Decimal(since.days) + Decimal(since.seconds * 1_000_000 + since.microseconds) / 86_400_000_000
        return f'<c s="{TIME}"><v>{days:.11f}</v></c>'
    if isinstance(value, float) and math.isfinite(value):
        return f"<c><v>{value!r}</v></c>"
    if isinstance(value, (int, Decimal)) and len(str(value).strip("-0").replace(".", "")) <= DIGITS:
        return f'<c s="{MONEY if column.scale == 2 else PLAIN}"><v>{value}</v></c>'
    return text_cell(str(value), PLAIN)


def text_cell(text: str, style: int) -> str:
    """Give a text as it is: a sheet runs no formula in it. Letters that XML cannot hold are replaced."""
    shown = "".join(
        letter if (letter >= " " and letter not in "\ufffe\uffff") or letter in "\t\n" else "\ufffd"
        for letter in text[:LETTERS]
    )
    shown = shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(shown)}</t></is></c>'
