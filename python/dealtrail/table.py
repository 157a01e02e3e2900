"""A result as a table: shown, read, and handed to any library that takes Arrow."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from dealtrail import _core
from dealtrail._files import write_whole

if TYPE_CHECKING:
    import altair
    import pandas
    import polars
    import pyarrow

__all__ = ["Column", "Table"]


def _rebuilt(
    name: str,
    shapes: list[tuple[str, str, str, int]],
    cells: list[list[Any]],
    meta: list[tuple[str, str]],
) -> Table:
    """Give the table that was pickled so."""
    return Table(_core.Table.rebuilt(name, shapes, cells, meta))


class Column(NamedTuple):
    """A column of a :class:`Table`: its name, what its cells are, and their unit."""

    name: str
    type: str
    """``text``, ``integer``, ``real``, ``boolean``, ``time`` (UTC) or ``decimal`` (money and other exact numbers)."""
    unit: str
    """A currency such as ``RUB``, or ``ratio``; empty when the type says all."""
    scale: int
    """Digits after the point of a decimal."""


class Table:
    """Named columns of equal length, and ``meta``: the options the result was computed with.

    Immutable. Any library that takes the Arrow PyCapsule interface reads it without copying, any number of times:
    ``polars.DataFrame(cards)``, ``pyarrow.table(cards)``, ``pandas.DataFrame.from_arrow(cards)``,
    ``duckdb.sql("from cards")``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    >>> cards = trail.cards()
    >>> len(cards), cards["key"]
    (3, ['tg', '(unattributed)', '(total)'])
    >>> cards.shape, cards[1:]["key"]
    ((3, 38), ['(unattributed)', '(total)'])
    >>> cards.select(["key", "name", "cost", "cost_per_attendee"])
    key             name      cost  cost_per_attendee
    --------------  --------  ----  -----------------
    tg              Telegram     –                  –
    (unattributed)  –         0.00                  –
    (total)         –         0.00                  –
    """

    __slots__ = ("__weakref__", "_core")

    def __init__(self, core: _core.Table) -> None:
        self._core = core

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.schema]

    @property
    def schema(self) -> list[Column]:
        """Columns with their types and units, in order."""
        return [Column(*column) for column in self._core.columns()]

    @property
    def meta(self) -> dict[str, str]:
        """Options that the result was computed with, conventions it follows."""
        return self._core.meta()

    def __len__(self) -> int:
        return len(self._core)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self), len(self._core.columns())

    @overload
    def __getitem__(self, of: str) -> list[Any]: ...
    @overload
    def __getitem__(self, of: slice) -> Table: ...
    def __getitem__(self, of: str | slice) -> list[Any] | Table:
        """Give the cells of one column, or the rows of a slice as a table.

        Cells are ``str``, ``int``, ``float``, ``bool``, ``Decimal``, ``datetime`` in UTC, or ``None``.
        """
        return self.take(range(len(self))[of]) if isinstance(of, slice) else self._core.column(of)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_dicts())

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Table) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "\n".join([self.to_text().rstrip("\n"), *self._remarks()])

    def _repr_html_(self) -> str:
        import html

        return self._core.to_html(50) + "".join(f"<p>{html.escape(remark)}</p>" for remark in self._remarks())

    def _remarks(self) -> list[str]:
        """Say what the figures do not contain."""
        meta = self.meta
        return [f"{name}={meta[name]}" for name in ("left_out", "costs_without_journeys") if meta.get(name, "0") != "0"]

    def __reduce__(self) -> tuple[object, ...]:
        shapes = self._core.columns()
        cells = [self._core.column(shape[0]) for shape in shapes]
        return _rebuilt, (self._core.name(), shapes, cells, list(self.meta.items()))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the table as a new Arrow stream, by the PyCapsule interface."""
        return self._core.__arrow_c_stream__(requested_schema)

    def select(self, columns: Sequence[str]) -> Table:
        """Give the table with these columns only, in this order."""
        return Table(self._core.select(list(columns)))

    def take(self, rows: Sequence[int]) -> Table:
        """Give the rows at these places, in this order; places count from 0."""
        return Table(self._core.take(list(rows)))

    def head(self, rows: int = 5) -> Table:
        """Give the first rows."""
        return self[: max(rows, 0)]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give a dict per row; money is ``Decimal``, times are aware ``datetime`` in UTC, no value is ``None``."""
        return self._core.to_dicts()

    def to_text(self, *, max_rows: int = 20, max_width: int = 0) -> str:
        """Give lines of aligned text.

        Parameters
        ----------
        max_rows
            Rows shown; a last line tells how many more there are.
        max_width
            Characters of a line: long texts are cut, last columns left out, and a last line tells how many. 0: any.
        """
        return self._core.to_text(max_rows, max_width)

    def to_html(self, *, max_rows: int = 50) -> str:
        """Give an HTML fragment with all text escaped."""
        return self._core.to_html(max_rows)

    @overload
    def to_csv(
        self, path: None = None, *, separator: str = ..., escape_formulas: bool = ..., byte_order_mark: bool = ...
    ) -> str: ...
    @overload
    def to_csv(
        self,
        path: str | os.PathLike[str],
        *,
        separator: str = ...,
        escape_formulas: bool = ...,
        byte_order_mark: bool = ...,
    ) -> None: ...
    def to_csv(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        separator: str = ",",
        escape_formulas: bool = True,
        byte_order_mark: bool = False,
    ) -> str | None:
        """Give the table as CSV (RFC 4180), or write it.

        Parameters
        ----------
        path
            The file to write, whole or not at all; ``None``: the text is given.
        separator
            One character: a comma, a semicolon or a tab.
        escape_formulas
            Put an apostrophe before text that a spreadsheet would run.
        byte_order_mark
            Begin with the mark by which Excel knows UTF-8.
        """
        text = self._core.to_csv(separator, escape_formulas, byte_order_mark)
        if path is None:
            return text
        write_whole(Path(path), text.encode())
        return None

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write the table as Parquet, whole or not at all; needs pyarrow or polars."""
        write_whole(Path(path), parquet_of(self))

    def to_excel(self, path: str | os.PathLike[str]) -> None:
        """Write the table as an Excel workbook (``.xlsx``) of one sheet, whole or not at all.

        Money and times are numbers and dates of the sheet, times in UTC; a number of more than 15 digits, which a
        sheet would round, is text. Text is never run as a formula. Needs XlsxWriter.

        Raises
        ------
        LimitError
            The table has more rows or columns than a sheet holds.
        """
        from dealtrail._workbook import workbook

        write_whole(Path(path), workbook(self))

    def to_json(self, *, lines: bool = False) -> str:
        """Give the rows as a JSON array of objects, or one object a line; numbers keep all their digits."""
        return self._core.to_json(lines)

    def to_arrow(self) -> pyarrow.Table:
        """Give a ``pyarrow.Table``; needs pyarrow."""
        try:
            import pyarrow
        except ImportError as error:
            raise ImportError("to_arrow needs pyarrow: pip install 'dealtrail[arrow]'") from error
        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """Give a ``polars.DataFrame``; needs polars."""
        try:
            import polars
        except ImportError as error:
            raise ImportError("to_polars needs polars: pip install 'dealtrail[polars]'") from error
        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Give a ``pandas.DataFrame``; needs pandas and pyarrow.

        Columns keep their Arrow types (``pandas.ArrowDtype``): money is ``Decimal``, times are aware, in UTC, a whole
        number beside no value stays whole.
        """
        try:
            import pandas
            import pyarrow
        except ImportError as error:
            raise ImportError("to_pandas needs pandas and pyarrow: pip install 'dealtrail[pandas]'") from error
        frame: pandas.DataFrame = pyarrow.table(self).to_pandas(types_mapper=pandas.ArrowDtype)
        assert isinstance(frame, pandas.DataFrame)
        return frame

    def plot(self, column: str | None = None, *, max_rows: int = 50) -> altair.Chart | altair.LayerChart:
        """Draw one figure of every row but the total; needs Altair, whose chart it gives.

        Bars; several models side by side (:func:`dealtrail.attribution.compare`) are a dot per model and channel with
        a line from the least to the most; a matrix, such as the steps of a Markov chain, is a heat map.

        Parameters
        ----------
        column
            A column of numbers. Default: the first that is money or a ratio.
        max_rows
            Rows shown; a note above the chart tells when there are more.

        Raises
        ------
        InvalidArgumentError
            The column has no numbers, or no column has.
        """
        from dealtrail._plot import plot

        return plot(self, column, max_rows)


def parquet_of(table: Table) -> bytes:
    """Give the bytes of Parquet, by pyarrow or polars, whichever is there."""
    import io

    out = io.BytesIO()
    try:
        import pyarrow.parquet

        pyarrow.parquet.write_table(table.to_arrow(), out)
    except ImportError:
        try:
            frame = table.to_polars()
        except ImportError as error:
            raise ImportError("parquet needs pyarrow or polars: pip install 'dealtrail[arrow]'") from error
        frame.write_parquet(out)
    return out.getvalue()
