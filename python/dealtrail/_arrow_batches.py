"""Tables too large for memory as Arrow batches of one schema."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dealtrail._shards import Part
from dealtrail.errors import SchemaError, Where

__all__ = ["SCHEMA_OF_PARTS", "batches_of", "fitted", "part_batch", "parts_in", "plain_schema"]


def pyarrow_of(what: str) -> Any:
    """Give pyarrow, or say who needs it."""
    try:
        import pyarrow
    except ImportError as error:
        raise ImportError(f"{what} needs pyarrow: pip install 'dealtrail[arrow]'") from error
    return pyarrow


#: The columns of a table of states in the words of Spark, in the order of ``Part``.
SCHEMA_OF_PARTS = (
    "model string, state binary, rows bigint, left_out bigint, problems string, plan string, version string, "
    "failure string"
)


def part_batch(parts: Sequence[Part]) -> Any:
    """Give parts as one batch of ``SCHEMA_OF_PARTS``."""
    import pyarrow as pa

    types = {"string": pa.string(), "binary": pa.binary(), "bigint": pa.int64()}
    fields = [field.split() for field in SCHEMA_OF_PARTS.split(", ")]
    schema = pa.schema([(name, types[kind]) for name, kind in fields])
    return pa.RecordBatch.from_pylist([part._asdict() for part in parts], schema=schema)


def parts_in(batches: Iterable[Any]) -> Iterator[Part]:
    """Give the parts that batches hold.

    Raises
    ------
    SchemaError
        They have no such columns.
    """
    for batch in batches:
        for name in Part._fields:
            if name not in batch.schema.names:
                raise SchemaError(
                    f"states have no column {name!r}; columns are {', '.join(batch.schema.names)}",
                    "missing_column",
                    Where("states", name),
                    "give what attribution_states made",
                )
        for row in batch.select(list(Part._fields)).to_pylist():
            yield Part(**row)


def batches_of(source: Any, columns: Sequence[str]) -> Iterator[Any]:
    """Give the batches of a Parquet folder, a dataset, a relation, a lazy frame, a stream, or an iterable of these."""
    pa = pyarrow_of("a table larger than memory")
    if isinstance(source, (str, os.PathLike)):
        import pyarrow.dataset

        source = pyarrow.dataset.dataset(os.fspath(source), format="parquet")
    if hasattr(source, "to_batches") and hasattr(source, "scanner"):  # a dataset
        missing_of(source.schema.names, columns, "the dataset")
        yield from source.to_batches(columns=list(columns), batch_readahead=2, fragment_readahead=1)
    elif hasattr(source, "collect_batches"):  # a lazy frame of polars
        missing_of(source.collect_schema().names(), columns, "the lazy frame")
        for frame in source.select(list(columns)).collect_batches(maintain_order=True):
            yield from pa.table(frame).to_batches()
    elif hasattr(source, "to_arrow_reader"):  # a relation of DuckDB
        yield from source.to_arrow_reader(1 << 17)
    elif hasattr(source, "__arrow_c_stream__"):
        yield from pa.RecordBatchReader.from_stream(source)
    else:
        for one in source:
            if isinstance(one, pa.RecordBatch):
                yield one
            else:
                yield from pa.table(one).to_batches()


def missing_of(names: Sequence[str], columns: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a column."""
    for name in columns:
        if name not in names:
            raise SchemaError(
                f"{where} has no column {name!r}; columns are {', '.join(map(str, names))}",
                "missing_column",
                Where("touches", name),
                "name the column that has it",
            )


def plain(kind: Any) -> Any:
    """Give the type in which cells of a type are kept: text and whole numbers have one each."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return plain(kind.value_type)
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return pa.int64()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.large_string()
    return kind


def plain_schema(batch: Any, columns: Sequence[str]) -> Any:
    """Declare the schema that all batches have to fit."""
    import pyarrow as pa

    missing_of(batch.schema.names, columns, "batch 0")
    return pa.schema([(name, plain(batch.schema.field(name).type)) for name in columns])


def fitted(batch: Any, schema: Any, number: int) -> Any:
    """Give a batch with the columns of the schema, by name; nothing is rounded.

    Raises
    ------
    SchemaError
        A column is missing, or of another type than in the first batch.
    """
    import pyarrow as pa

    missing_of(batch.schema.names, schema.names, f"batch {number}")
    cells = []
    for field in schema:
        column = batch.column(field.name)
        if not pa.types.is_null(column.type) and plain(column.type) != field.type:
            raise SchemaError(
                f"batch {number} has {field.name!r} as {column.type}, batches before it as {field.type}",
                "type_mismatch",
                Where("touches", field.name),
                "cast the column to one type before the batches are made",
            )
        if pa.types.is_dictionary(column.type):
            column = pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(field.type))
        cells.append(column if column.type == field.type else column.cast(field.type))
    return pa.RecordBatch.from_arrays(cells, schema=schema)
