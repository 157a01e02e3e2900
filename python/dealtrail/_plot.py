"""Pictures of tables, by Altair: bars, the heat map of a matrix, the dumbbell of several models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealtrail.errors import InvalidArgumentError

if TYPE_CHECKING:
    import altair

    from dealtrail.table import Table

NOBODYS = ("(unattributed)", "(total)")
LONGEST = 60
"""Letters of a label."""
MISSING = "plot needs Altair: pip install 'dealtrail[report]'"


def plot(table: Table, column: str | None, max_rows: int) -> altair.Chart | altair.LayerChart:
    """Draw the picture that fits a table."""
    try:
        import altair
    except ImportError as error:
        raise ImportError(MISSING) from error
    shown = column_of(table, column)
    if "model" in table.columns and len(set(table["model"])) > 1:
        return dumbbell(table, shown, max_rows)
    if is_matrix(table):
        return heat_map(altair, table, shown, max_rows)
    return bars(altair, table, shown, max_rows)


def column_of(table: Table, column: str | None) -> str:
    """Give the column to draw: the one named, else the first that is money or a ratio, else the first of numbers."""
    schema = {one.name: one for one in table.schema[1:]}
    numbers = [name for name, one in schema.items() if one.type in ("decimal", "real", "integer")]
    if column is not None:
        if column not in table.columns:
            table[column]  # tells what there is
        if column not in numbers:
            has = f"numbers are in {', '.join(numbers)}" if numbers else "this table has none"
            raise InvalidArgumentError(f"plot needs a column of numbers, not {column!r}; {has}", "invalid_argument")
        return column
    if not numbers:
        raise InvalidArgumentError("plot needs a column of numbers; this table has none", "invalid_argument")
    return next((name for name in numbers if schema[name].unit or schema[name].type == "real"), numbers[0])


def is_matrix(table: Table) -> bool:
    """Tell whether the first two columns name the row and the column of each cell."""
    if len(table.columns) < 3 or len(table) < 2 or table.schema[0].type != "text":
        return False
    if table.schema[1].type not in ("text", "integer") or table.columns[1] in ("name", "state", "part_of"):
        return False
    rows = table[table.columns[0]]
    pairs = list(zip(rows, table[table.columns[1]], strict=True))
    return len(set(rows)) < len(rows) and len(set(pairs)) == len(pairs)


def label(cell: Any) -> str:
    """Give a label that people can read."""
    text = "–" if cell is None else str(cell)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def number(cell: Any) -> float | None:
    """Give a number as a chart takes it."""
    return None if cell is None else float(cell)


def titled(altair: Any, text: str) -> Any:
    """Give the note above a chart; nothing when there is none."""
    return altair.TitleParams(text, anchor="start", fontSize=11, fontWeight="normal") if text else altair.Undefined


def axis(table: Table, column: str) -> str:
    """Give what an axis says: the column and its unit."""
    unit = next(one.unit for one in table.schema if one.name == column)
    return f"{column}, {unit}" if unit else column


def labels_of(table: Table) -> list[str]:
    """Give a label for each row: the first column, and where that repeats the other texts of the row; each one once."""
    texts = [one.name for one in table.schema[1:] if one.type == "text"]
    made = [label(cell) for cell in table[table.columns[0]]]
    for name in texts:
        if len(set(made)) == len(made):
            break
        made = [
            f"{one} · {label(cell)}" if cell is not None else one for one, cell in zip(made, table[name], strict=True)
        ]
    seen: dict[str, int] = {}
    for i, one in enumerate(made):
        seen[one] = seen.get(one, 0) + 1
        if seen[one] > 1:
            made[i] = f"{one} ({seen[one]})"
    return made


def bars(altair: Any, table: Table, column: str, max_rows: int) -> altair.Chart:
    """Draw a bar for each row but the total."""
    first = table[table.columns[0]]
    rows = table.take([i for i, cell in enumerate(first) if cell != "(total)"])
    cut = rows.head(max_rows)
    values = [{"label": label, "value": number(cell)} for label, cell in zip(labels_of(cut), cut[column], strict=True)]
    note = f"the first {len(cut)} of {len(rows)} rows" if len(cut) < len(rows) else ""
    chart: altair.Chart = (
        altair.Chart(altair.Data(values=values), title=titled(altair, note))
        .mark_bar()
        .encode(
            x=altair.X("value:Q", title=axis(table, column)),
            y=altair.Y("label:N", sort=None, title=table.columns[0], axis=altair.Axis(labelLimit=300)),
            tooltip=[altair.Tooltip("label:N", title=table.columns[0]), altair.Tooltip("value:Q", title=column)],
        )
    )
    return chart


def heat_map(altair: Any, table: Table, column: str, max_rows: int) -> altair.Chart:
    """Draw a matrix: a square for each cell, the rows and columns that come first."""
    row, across = table.columns[:2]
    downs, acrosses = ([label(cell) for cell in table[name]] for name in (row, across))
    shown = set(list(dict.fromkeys(downs))[:max_rows])
    beside = set(list(dict.fromkeys(acrosses))[:max_rows])
    values = [
        {"row": down, "column": side, "value": number(cell)}
        for down, side, cell in zip(downs, acrosses, table[column], strict=True)
        if down in shown and side in beside
    ]
    all_of = max(len(set(downs)), len(set(acrosses)))
    note = f"the first {max_rows} of {all_of} rows and columns" if all_of > max_rows else ""
    chart: altair.Chart = (
        altair.Chart(altair.Data(values=values), title=titled(altair, note))
        .mark_rect()
        .encode(
            x=altair.X("column:N", sort=None, title=across, axis=altair.Axis(labelAngle=-45, labelLimit=200)),
            y=altair.Y("row:N", sort=None, title=row, axis=altair.Axis(labelLimit=200)),
            color=altair.Color("value:Q", title=axis(table, column), scale=altair.Scale(scheme="blues")),
            tooltip=[
                altair.Tooltip("row:N", title=row),
                altair.Tooltip("column:N", title=across),
                altair.Tooltip("value:Q", title=column),
            ],
        )
    )
    return chart


def dumbbell(table: Table, column: str, max_rows: int) -> altair.LayerChart:
    """Draw a dot per model and a line from the least to the most, for each channel, most on the average first."""
    try:
        import altair
    except ImportError as error:
        raise ImportError(MISSING) from error
    keys = table[table.columns[0]]
    rows = [
        (label(key), model, number(cell))
        for key, model, cell in zip(keys, table["model"], table[column], strict=True)
        if key not in NOBODYS
    ]
    sums: dict[str, float] = {}
    for name, _, value in rows:
        sums[name] = sums.get(name, 0) + (value or 0)
    order = sorted(sums, key=lambda name: -sums[name])  # what is equal stays as it was
    shown = order[:max_rows]
    values = [{"channel": name, "model": model, column: value} for name, model, value in rows if name in set(shown)]
    note = f"the first {len(shown)} of {len(order)} channels" if len(shown) < len(order) else ""
    base = altair.Chart(altair.Data(values=values), title=titled(altair, note)).encode(
        y=altair.Y("channel:N", title=None, sort=shown, axis=altair.Axis(labelLimit=300))
    )
    title = axis(table, column)
    lines = base.mark_rule(color="#999999").encode(
        x=altair.X(f"min({column}):Q", title=title), x2=altair.X2(f"max({column}):Q")
    )
    dots = base.mark_circle(size=90, opacity=1).encode(
        x=altair.X(f"{column}:Q", title=title),
        color=altair.Color("model:N", sort=None),
        tooltip=["channel:N", "model:N", f"{column}:Q"],
    )
    chart: altair.LayerChart = (lines + dots).properties(width=480)
    return chart
