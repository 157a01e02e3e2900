"""A result as a table: shown, read, and handed to any library that takes Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dealtrail import _core

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
    >>> cards.select(["key", "name", "cost", "cost_per_attendee"])
    key             name      cost  cost_per_attendee
    --------------  --------  ----  -----------------
    tg              Telegram  0.00                  –
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

    def __getitem__(self, column: str) -> list[Any]:
        """Cells of one column: ``str``, ``int``, ``float``, ``bool``, ``Decimal``, ``datetime`` in UTC, or ``None``."""
        return self._core.column(column)

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

    def to_csv(self, *, separator: str = ",", escape_formulas: bool = True, byte_order_mark: bool = False) -> str:
        """Give the table as CSV (RFC 4180).

        Parameters
        ----------
        separator
            One character: a comma, a semicolon or a tab.
        escape_formulas
            Put an apostrophe before text that a spreadsheet would run.
        byte_order_mark
            Begin with the mark by which Excel knows UTF-8.
        """
        return self._core.to_csv(separator, escape_formulas, byte_order_mark)

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
        """Give a ``pandas.DataFrame``; needs pandas and pyarrow. Money is ``Decimal``, times are aware, in UTC."""
        try:
            import pandas
            import pyarrow
        except ImportError as error:
            raise ImportError("to_pandas needs pandas and pyarrow: pip install 'dealtrail[pandas]'") from error
        frame: pandas.DataFrame = pyarrow.table(self).to_pandas()
        assert isinstance(frame, pandas.DataFrame)
        return frame

    def plot(self, column: str | None = None) -> altair.Chart:
        """Draw one figure of every row as bars; needs Altair, whose chart it gives.

        Parameters
        ----------
        column
            A column of numbers. Default: the first that is money or a ratio.
        """
        try:
            import altair
        except ImportError as error:
            raise ImportError("plot needs Altair: pip install altair") from error
        schema = {one.name: one for one in self.schema}
        numbers = [name for name, one in schema.items() if one.type in ("decimal", "real", "integer")]
        preferred = [name for name in numbers if schema[name].unit] or numbers
        if column is None and not preferred:
            raise ValueError("plot needs a column of numbers; this table has none")
        shown = preferred[0] if column is None else column
        cells = self[shown]
        label = next((name for name, one in schema.items() if one.type == "text"), None)
        labels = self[label] if label else [str(row) for row in range(len(self))]
        rows = [
            {"label": label or "", "value": None if cell is None else float(cell)}
            for label, cell in zip(labels, cells, strict=True)
        ]
        unit = schema[shown].unit
        return (
            altair.Chart(altair.Data(values=rows))
            .mark_bar()
            .encode(
                x=altair.X("value:Q", title=f"{shown}, {unit}" if unit else shown),
                y=altair.Y("label:N", sort=None, title=label),
            )
        )
