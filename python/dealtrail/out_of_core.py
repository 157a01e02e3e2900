"""Attribution over tables larger than memory, on one machine.

Touches are read once, batch by batch, and put by subject into files of a folder; then each file is counted alone and
its states are merged. A run that was ended, even killed, goes on from where it was. Needs pyarrow.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dealtrail import _core
from dealtrail._arrow_batches import batches_of, fitted, part_batch, parts_in, plain_schema, pyarrow_of
from dealtrail._files import write_whole
from dealtrail._shards import Part, Plan, ShardedCredit, finished, merged, plan_of
from dealtrail.attribution.results import Cost
from dealtrail.errors import CorruptDataError, InvalidArgumentError, StreamError, Where

__all__ = ["Progress", "attribution"]

_LENGTH = struct.Struct("<q")
_NOTES = "progress.json"


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    stage
        ``spread``: rows are put into files. ``count``: files are counted.
    rows
        Rows that are in files for good.
    counted, partitions
        Files that are counted, and all of them.
    """

    stage: Literal["spread", "count"]
    rows: int
    counted: int
    partitions: int


def attribution(
    touches: Any,
    models: str | Sequence[str] = ("first_touch", "linear", "last_touch"),
    *,
    subject: str = "subject",
    at: str = "at",
    channel: str = "channel",
    converted: str | None = None,
    value: str | None = None,
    currency: str | None = None,
    places: int | None = None,
    kind: str | None = None,
    lookback_days: int | Mapping[str, int] | None = None,
    conversions: Literal["all", "first"] = "all",
    cost: Cost = None,
    intervals: bool = True,
    folder: str | os.PathLike[str] | None = None,
    partitions: int = 64,
    rows_at_once: int = 1_000_000,
    progress: Callable[[Progress], object] | None = None,
    threads: int | None = None,
    strict: bool = False,
) -> ShardedCredit:
    """Credit channels over touches that do not fit into memory, a row each.

    Parameters
    ----------
    touches
        A folder or file of Parquet (its path), a dataset of pyarrow, a relation of DuckDB, a lazy frame of polars, any
        table or reader with ``__arrow_c_stream__``, or an iterable of Arrow batches or of such tables.
    models
        Names of models whose states merge: the rules, ``markov`` and ``shapley``, each with its default parameters.
    subject, at, channel, converted, value, currency, places, kind, lookback_days, conversions, strict
        As in :meth:`dealtrail.Journeys.from_touches`.
    cost, intervals
        As in :func:`dealtrail.attribution.linear`.
    folder
        Where files go; a run with the same folder, options and touches in the same order goes on from where the one
        before it was ended. ``None``: a folder of the system's that is removed at the end.
    partitions
        Files of subjects, a power of two from 1 to 1024. One of them has to fit into memory, some 150 bytes a touch.
    rows_at_once
        Rows in memory while they are put into files.
    progress
        Called after each ``rows_at_once`` rows and each file. An exception that it raises ends the run; what is done
        stays in ``folder``.
    threads
        ``None``: as many as this process has cores. The result is the same for any number.

    Returns
    -------
    The Table that ``compare(Journeys.from_touches(touches), models)`` gives, byte for byte, with ``problems``.

    Warns
    -----
    LossWarning
        Rows are left out. Once per call.

    Raises
    ------
    SchemaError
        A column is missing, or of a type that does not fit or that changes from batch to batch; names the batch. Or
        ``strict``, and something would be left out.
    StreamError
        There are fewer rows than the run that is gone on with had read.
    InvalidArgumentError
        The folder is of a run with other options, or ``partitions`` are no power of two.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> days = [
    ...     pl.DataFrame({"subject": [1, 2], "at": [f"2026-03-0{day}"] * 2, "channel": [channel] * 2})
    ...     for day, channel in ((1, "mail"), (2, "portal"))
    ... ]
    >>> found = dt.out_of_core.attribution(day.with_columns(won=pl.col("channel") == "portal") for day in days)
    >>> found.meta["left_out"] if "left_out" in found.meta else "all rows count"
    'all rows count'
    """
    pyarrow_of("out_of_core.attribution")
    plan = plan_of(
        models,
        lookback_days,
        conversions,
        subject=subject,
        at=at,
        channel=channel,
        converted=converted,
        value=value,
        currency=currency,
        places=places,
        kind=kind,
        intervals=intervals,
    )
    if partitions not in [1 << power for power in range(11)]:
        raise InvalidArgumentError(
            f"partitions are a power of two from 1 to 1024, not {partitions}", "invalid_argument", hint="for example 64"
        )
    if rows_at_once < 1:
        raise InvalidArgumentError(f"rows_at_once is 1 or more, not {rows_at_once}", "invalid_argument")
    with tempfile.TemporaryDirectory(prefix="dealtrail-") as scratch:
        run = _Run(Path(folder or scratch), plan, partitions, progress or _silent)
        run.spread(touches, rows_at_once)
        parts = run.count(threads)
        return finished(parts, plan.models, cost, strict, threads, plan.journeys(run.schema.empty_table()))


def _silent(_: Progress) -> None:
    """Tell nobody."""


class _Run:
    """A folder with a file of touches per partition, the merged states, and notes of what is done."""

    def __init__(self, folder: Path, plan: Plan, partitions: int, tell: Callable[[Progress], object]) -> None:
        self.folder = folder
        self.plan = plan
        self.partitions = partitions
        self.tell = tell
        self.schema: Any = None
        made = {
            "version": _core.__version__,
            "plan": plan.text(),
            "models": list(plan.models),
            "partitions": partitions,
        }
        self.notes: dict[str, Any] = {"made": made, "schema": "", "rows": 0, "sizes": [0] * partitions}
        self.notes |= {"spread": False, "counted": 0}
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / _NOTES).exists():
            self._go_on(made)

    def _go_on(self, made: dict[str, Any]) -> None:
        import pyarrow as pa

        try:
            self.notes = json.loads((self.folder / _NOTES).read_text(encoding="utf-8"))
            before = self.notes["made"]
            self.schema = pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(self.notes["schema"])))
        except (ValueError, KeyError, pa.ArrowInvalid) as error:
            raise CorruptDataError(
                f"{self.folder / _NOTES} is not what a run writes", "corrupt_data", Where(), "use another folder"
            ) from error
        if before != made:
            changed = ", ".join(name for name in made if made[name] != before.get(name))
            raise InvalidArgumentError(
                f"the folder {self.folder} is of a run with other options: {changed}",
                "invalid_argument",
                hint="use the same options, or another folder",
            )

    def _path(self, partition: int) -> Path:
        return self.folder / f"touches-{partition:04}.bin"

    def _states(self, counted: int) -> Path:
        return self.folder / f"states-{counted:04}.arrow"

    def _note(self, **done: Any) -> None:
        self.notes |= done
        write_whole(self.folder / _NOTES, json.dumps(self.notes).encode())
        stage: Literal["spread", "count"] = "count" if self.notes["spread"] else "spread"
        self.tell(Progress(stage, self.notes["rows"], self.notes["counted"], self.partitions))

    def spread(self, touches: Any, rows_at_once: int) -> None:
        """Put the rows that are not yet in files into them."""
        import pyarrow as pa

        if self.notes["spread"]:
            return
        files = []
        try:
            for partition in range(self.partitions):
                file = self._path(partition).open("ab")
                files.append(file)
                file.truncate(self.notes["sizes"][partition])
                file.seek(self.notes["sizes"][partition])
            skip = self.notes["rows"]
            kept: list[Any] = []
            rows = 0
            for batch in self._fitting(touches):
                passed = min(skip, batch.num_rows)
                skip -= passed
                kept.append(batch.slice(passed))
                rows += kept[-1].num_rows
                if rows >= rows_at_once:
                    self._write(pa.Table.from_batches(kept), files)
                    kept, rows = [], 0
            if skip:
                raise StreamError(
                    f"the run before had read {self.notes['rows']} rows, now there are {self.notes['rows'] - skip}",
                    "exhausted_stream",
                    Where("touches"),
                    "give the same touches in the same order, or another folder",
                )
            if rows:
                self._write(pa.Table.from_batches(kept), files)
        finally:
            for file in files:
                file.close()
        self._note(spread=True)

    def _fitting(self, touches: Any) -> Iterator[Any]:
        import pyarrow as pa

        number = -1
        for number, batch in enumerate(batches_of(touches, self.plan.columns)):
            if self.schema is None:
                declared = plain_schema(batch, self.plan.columns)
                self._declare(declared)
                self.plan.parts(declared.empty_table())  # refuses what does not fit before anything is written
            yield fitted(batch, self.schema, number)
        if self.schema is None:
            text, flag = pa.large_string(), pa.bool_()
            kinds = {self.plan.at: pa.timestamp("us"), self.plan.value: pa.int64(), self.plan.converted: flag}
            self._declare(pa.schema([(name, kinds.get(name, text)) for name in self.plan.columns]))

    def _declare(self, schema: Any) -> None:
        self.schema = schema
        self.notes["schema"] = schema.serialize().to_pybytes().hex()

    def _write(self, table: Any, files: Sequence[Any]) -> None:
        import pyarrow.compute as pc

        of = _partition_of(table.column(self.plan.subject), self.partitions)
        ordered = table.take(pc.sort_indices(of)).combine_chunks()
        counts = {one["values"]: one["counts"] for one in pc.value_counts(of).to_pylist()}
        first = 0
        for partition in sorted(counts):
            for batch in ordered.slice(first, counts[partition]).to_batches():
                message = batch.serialize()
                files[partition].write(_LENGTH.pack(message.size))
                files[partition].write(message)
            first += counts[partition]
        for file in files:
            file.flush()
        self._note(rows=self.notes["rows"] + table.num_rows, sizes=[file.tell() for file in files])

    def count(self, threads: int | None) -> list[Part]:
        """Count the files that are not counted yet; give the merged states."""
        import pyarrow as pa

        done = self.notes["counted"]
        parts = self.plan.parts(self.schema.empty_table())
        if done:
            with pa.ipc.open_file(self._states(done)) as reader:
                parts = list(parts_in(reader.get_batch(n) for n in range(reader.num_record_batches)))
        for partition in range(done, self.partitions):
            if self.notes["sizes"][partition] == 0:
                continue
            touches = pa.Table.from_batches(list(self._read(partition)), schema=self.schema)
            parts = merged([*parts, *self.plan.parts(touches, threads)])
            del touches
            self._keep(partition + 1, parts)
        return parts

    def _read(self, partition: int) -> Iterator[Any]:
        import pyarrow as pa

        size = self.notes["sizes"][partition]
        with pa.memory_map(str(self._path(partition))) as file:
            place = 0
            while place < size:
                file.seek(place)
                (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
                yield pa.ipc.read_record_batch(file.read_buffer(length), self.schema)
                place += _LENGTH.size + length

    def _keep(self, counted: int, parts: Sequence[Part]) -> None:
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        batch = part_batch(parts)
        with pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
        write_whole(self._states(counted), sink.getvalue().to_pybytes())
        self._note(counted=counted)
        self._path(counted - 1).unlink(missing_ok=True)
        for older in self.folder.glob("states-*.arrow"):
            if older != self._states(counted):
                older.unlink()


def _partition_of(subjects: Any, partitions: int) -> Any:
    """Give the partition of each subject: by its content alone; rows without one are in the first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(subjects.type):
        mixed = pc.multiply(subjects.cast(pa.int64(), safe=False), pa.scalar(-7046029254386353131, pa.int64()))
        of = pc.bit_wise_and(pc.shift_right(mixed, pa.scalar(40, pa.int64())), pa.scalar(partitions - 1, pa.int64()))
        return pc.fill_null(of, 0)
    coded = pc.dictionary_encode(subjects.combine_chunks())
    codes = [zlib.crc32(str(name).encode()) & (partitions - 1) for name in coded.dictionary.to_pylist()]
    return pc.fill_null(pc.take(pa.array(codes, pa.int64()), coded.indices), 0)
