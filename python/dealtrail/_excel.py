"""Workbooks among the sources of a load: recognised by their bytes, read as tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from dealtrail._rows import table_of

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PAGES = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")
JSON = (".json", ".jsonl", ".ndjson")


def with_tables(sources: Sequence[Any]) -> list[Any]:
    """Give the sources with the workbooks among them as tables; the others as they are.

    Without ``python-calamine`` a workbook stays a file, and the load says why it is refused.
    """
    made: list[Any] = []
    for source in sources:
        if isinstance(source, str):
            made += _of_path(Path(source), source)
        elif isinstance(source[1], bytes):
            made += _tables(source[0], source[1]) or [source]
        else:
            made.append(source)
    return made


def _of_path(path: Path, given: str) -> list[Any]:
    made: list[Any] = []
    if path.is_file():
        made += _tables(given, path.read_bytes()) or [] if _is_office(path) else []
        return made or [given]
    if not path.is_dir():
        return [given]
    files = sorted((one for one in _files(path)), key=lambda one: _natural(str(one.relative_to(path))))
    if not any(map(_is_office, files)):
        return [given]
    for file in files:
        tables: list[Any] = _tables(str(file), file.read_bytes()) or [] if _is_office(file) else []
        made += tables or [str(file)]
    return made


def _files(folder: Path) -> Iterable[Path]:
    for one in folder.iterdir():
        if one.name.startswith("."):
            continue
        if one.is_dir():
            yield from _files(one)
        elif one.is_file():
            yield one


def _natural(name: str) -> list[Any]:
    return [(1, int(part), part) if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", name)]


def _is_office(file: Path) -> bool:
    with file.open("rb") as opened:
        return _office(file.name, opened.read(256)) != ""


def _office(name: str, first: bytes) -> str:
    if first.startswith(WORKBOOKS):
        return "workbook"
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "page" if start.startswith(PAGES) and not name.lower().endswith(JSON) else ""


def _tables(name: str, data: bytes) -> list[tuple[str, Any]] | None:
    """Give a table per sheet that has rows; of several, each is named as a file of its sheet's name in the workbook."""
    kind = _office(name, data[:256])
    if kind == "page":
        rows = _Rows.of(data)
        return [(name, _table(name, rows))] if len(rows) > 1 else None
    if kind != "workbook":
        return None
    try:
        import python_calamine
    except ImportError:
        return None
    book = python_calamine.load_workbook(io.BytesIO(data))
    sheets = [(sheet, book.get_sheet_by_name(sheet).to_python()) for sheet in book.sheet_names]
    filled = [(sheet, rows) for sheet, rows in sheets if rows]
    return [(name if len(filled) == 1 else f"{name}/{sheet}", _table(name, rows)) for sheet, rows in filled]


def _table(name: str, rows: Sequence[Sequence[Any]]) -> Any:
    """Give a table of rows under a header; a column of numbers alone is one of numbers, any other is text."""
    names: list[str] = []
    for place, title in enumerate(rows[0], 1):
        plain = _text(title) or f"column#{place}"
        same = sum(one == plain or one.startswith(f"{plain}#") for one in names)
        names.append(f"{plain}#{same + 1}" if same else plain)
    columns = [[_cell(row[place]) if place < len(row) else None for row in rows[1:]] for place in range(len(names))]
    types = {}
    for place, title in enumerate(names):
        filled = [cell for cell in columns[place] if cell is not None]
        numbers = bool(filled) and all(type(cell) in (int, float) for cell in filled)
        if numbers and all(float(cell).is_integer() and abs(cell) < 2**53 for cell in filled):
            types[title] = "integer"
            columns[place] = [None if cell is None else int(cell) for cell in columns[place]]
        elif numbers:
            types[title] = "real"
            columns[place] = [None if cell is None else float(cell) for cell in columns[place]]
        else:
            types[title] = "text"
            columns[place] = [None if cell is None else _text(cell) for cell in columns[place]]
    return table_of(Path(name).name, types, list(zip(*columns, strict=True)))


def _cell(value: Any) -> Any:
    return None if value is None or value == "" else value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value).strip()


class _Rows(HTMLParser):
    """The cells of the rows of a page, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    @classmethod
    def of(cls, data: bytes) -> list[list[str]]:
        """Give the rows; UTF-8 unless the page names or has another encoding."""
        named = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:2048])
        try:
            text = data.decode(named[1].decode() if named else "utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            text = data.decode("cp1251", "replace")
        reader = cls()
        reader.feed(text)
        reader.close()
        return [row for row in reader.rows if any(row)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take text of a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("".join(self._cell).strip())
        self._cell = None
