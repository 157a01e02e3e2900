"""Touches in files of subjects give the bytes of touches in memory, also after a kill."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pytest

import dealtrail as dt

MODELS = ["first_touch", "linear", "time_decay", "markov", "shapley"]
COLUMNS = {"subject": "user", "converted": "bought", "value": "paid", "currency": "RUB"}


def touches(rows: int, seed: int) -> pa.Table:
    draw = random.Random(seed)
    users = [None if draw.random() < 0.02 else 2**53 + draw.randrange(60) for _ in range(rows)]
    begin = datetime(2026, 3, 1, tzinfo=timezone.utc)
    return pa.table(
        {
            "paid": pa.array([Decimal(draw.randrange(10**6)).scaleb(-2) for _ in range(rows)], pa.decimal128(18, 2)),
            "bought": [draw.random() < 0.15 for _ in range(rows)],
            "user": pa.array(users, pa.int64()),
            "channel": [draw.choice(["mail", "portal", "поиск"]) for _ in range(rows)],
            "at": pa.array(
                [begin + timedelta(seconds=draw.randrange(10**6)) for _ in range(rows)], pa.timestamp("us", "UTC")
            ),
        }
    )


def bytes_of(table: dt.Table) -> bytes:
    return repr(table.meta).encode() + table.to_csv().encode() + table.to_json().encode()


def in_memory(table: Any, **options: Any) -> bytes:
    return bytes_of(dt.attribution.compare(dt.Journeys.from_touches(table, **COLUMNS, **options), MODELS))


@pytest.mark.parametrize("partitions", [1, 2, 8, 64])
def test_any_order_and_any_number_of_files_give_the_bytes_of_memory(partitions: int, tmp_path: Path) -> None:
    table = touches(700, partitions)
    draw = random.Random(partitions)
    for _ in range(2):
        order = list(range(table.num_rows))
        draw.shuffle(order)
        batches = table.take(order).to_batches(max_chunksize=draw.randrange(1, 300))
        found = dt.out_of_core.attribution(
            iter(batches), MODELS, **COLUMNS, partitions=partitions, rows_at_once=draw.randrange(1, 500)
        )
        assert bytes_of(found) == in_memory(table)
    assert found.problems.select(["code", "count"]).to_dicts()[0] == {
        "code": "no_subject",
        "count": table["user"].null_count,
    }


def test_every_source_gives_the_same_bytes(tmp_path: Path) -> None:
    table = touches(500, 1)
    wanted = in_memory(table)
    pa.parquet.write_table(table.slice(0, 200), tmp_path / "a.parquet")
    pa.parquet.write_table(table.slice(200), tmp_path / "b.parquet")
    frame = pl.DataFrame(table)
    sources = {
        "folder": tmp_path,
        "text": str(tmp_path),
        "dataset": pyarrow.dataset.dataset(tmp_path),
        "reader": table.to_reader(max_chunksize=50),
        "table": table,
        "relation": duckdb.sql(f"from '{tmp_path}/*.parquet'"),
        "lazy": frame.lazy(),
        "scan": pl.scan_parquet(tmp_path / "*.parquet"),
        "frames": (frame.slice(first, 100) for first in range(0, 500, 100)),
        "categories": frame.with_columns(pl.col("channel").cast(pl.Categorical)),
    }
    for name, source in sources.items():
        assert (
            bytes_of(dt.out_of_core.attribution(source, MODELS, **COLUMNS, partitions=8, rows_at_once=120)) == wanted
        ), name


def test_text_subjects_and_no_rows() -> None:
    table = touches(300, 2)
    texts = table.set_column(2, "user", table["user"].cast(pa.string()))
    found = dt.out_of_core.attribution(texts.to_batches(max_chunksize=40), MODELS, **COLUMNS, partitions=8)
    assert bytes_of(found) == in_memory(texts)
    nothing = table.slice(0, 0)
    assert bytes_of(dt.out_of_core.attribution(nothing, MODELS, **COLUMNS)) == in_memory(nothing)
    text = pa.array([], pa.string())
    none = pa.table({"subject": text, "at": pa.array([], pa.timestamp("us")), "channel": text})
    wanted = dt.attribution.compare(dt.Journeys.from_touches(none), MODELS)
    assert bytes_of(dt.out_of_core.attribution([], MODELS)) == bytes_of(wanted)


def test_batches_that_do_not_fit_are_named() -> None:
    table = touches(60, 3)
    three = table.set_column(0, "paid", table["paid"].cast(pa.decimal128(19, 3)))
    ten = table.set_column(0, "paid", table["paid"].cast(pa.decimal128(30, 10)))
    for other, scale in ((three, "19, 3"), (ten, "30, 10")):
        with pytest.raises(
            dt.SchemaError, match=rf"batch 1 has 'paid' as decimal128\({scale}\), batches before"
        ) as told:
            dt.out_of_core.attribution([table, other], MODELS, **COLUMNS)
        assert told.value.where == dt.Where("touches", "paid")
    with pytest.raises(dt.SchemaError, match="batch 1 has no column 'channel'"):
        dt.out_of_core.attribution([table, table.drop_columns("channel")], MODELS, **COLUMNS)
    doubles = table.set_column(2, "user", table["user"].cast(pa.float64(), safe=False))
    with pytest.raises(dt.SchemaError, match="batch 1 has 'user' as double"):
        dt.out_of_core.attribution([table, doubles], MODELS, **COLUMNS)
    with pytest.raises(dt.SchemaError, match="no column 'who'"):
        dt.out_of_core.attribution(table.to_batches(), MODELS, **(COLUMNS | {"subject": "who"}))
    with pytest.raises(dt.InvalidArgumentError, match="power of two"):
        dt.out_of_core.attribution(table, MODELS, **COLUMNS, partitions=7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(dt.SchemaError, match="no_subject of user"):
            dt.out_of_core.attribution(touches(200, 5), MODELS, **COLUMNS, strict=True)


class StoppedError(Exception):
    """Raised by a test where a run is to end."""


def test_a_run_that_is_ended_anywhere_goes_on(tmp_path: Path) -> None:
    table = touches(400, 4)
    wanted = in_memory(table)
    batches = table.to_batches(max_chunksize=30)
    for ended in range(1, 12, 2):
        folder = tmp_path / str(ended)
        told: list[Any] = []

        def stop(done: Any, told: list[Any] = told, ended: int = ended) -> None:
            told.append(done)
            if len(told) == ended:
                raise StoppedError

        options: dict[str, Any] = {"folder": folder, "partitions": 4, "rows_at_once": 90, **COLUMNS}
        try:
            dt.out_of_core.attribution(iter(batches), MODELS, progress=stop, **options)
            assert len(told) < ended
        except StoppedError:
            rows = told[-1].rows
            again: list[Any] = []
            found = dt.out_of_core.attribution(iter(batches), MODELS, progress=again.append, **options)
            assert bytes_of(found) == wanted
            assert all(done.rows >= rows for done in again)
            assert bytes_of(dt.out_of_core.attribution(iter(()), MODELS, **options)) == wanted  # all is done
    with pytest.raises(dt.InvalidArgumentError, match="with other options: models"):
        dt.out_of_core.attribution(iter(batches), ["linear"], **options)
    half = tmp_path / "half"
    with pytest.raises(StoppedError):
        dt.out_of_core.attribution(
            iter(batches),
            MODELS,
            **(options | {"folder": half}),
            progress=lambda _: (_ for _ in ()).throw(StoppedError),
        )
    with pytest.raises(dt.StreamError, match="had read 90 rows, now there are 60"):
        dt.out_of_core.attribution(iter(batches[:2]), MODELS, **(options | {"folder": half}))
    (half / "progress.json").write_text(json.dumps({}))
    with pytest.raises(dt.CorruptDataError, match="not what a run writes"):
        dt.out_of_core.attribution(iter(batches), MODELS, **(options | {"folder": half}))


KILLED = """
import os, signal, sys
import dealtrail as dt

def told(done):
    if done.stage == sys.argv[3] and (done.rows >= 400 if done.stage == "spread" else done.counted >= 3):
        os.kill(os.getpid(), signal.SIGKILL)

dt.out_of_core.attribution(sys.argv[1], {models}, **{columns}, folder=sys.argv[2], partitions=8, rows_at_once=100,
                           progress=told)
"""


@pytest.mark.parametrize("stage", ["spread", "count"])
def test_a_process_that_is_killed_at_40_percent_goes_on(stage: str, tmp_path: Path) -> None:
    table = touches(1000, 6)
    source, folder = tmp_path / "in", tmp_path / "run"
    source.mkdir()
    for number in range(10):
        pa.parquet.write_table(table.slice(number * 100, 100), source / f"{number}.parquet")
    program = KILLED.format(models=MODELS, columns=COLUMNS)
    ended = subprocess.run([sys.executable, "-c", program, source, folder, stage], capture_output=True, timeout=60)
    assert ended.returncode == -9, ended.stderr
    notes = json.loads((folder / "progress.json").read_text())
    assert (notes["rows"], notes["counted"]) == ((400, 0) if stage == "spread" else (1000, 3))
    with (folder / "touches-0007.bin").open("ab") as file:  # half a write, as a kill leaves it
        file.write(b"half")
    seen: list[Any] = []

    def batches() -> Iterator[Any]:
        yield from pyarrow.dataset.dataset(source).to_batches()

    found = dt.out_of_core.attribution(
        batches(), MODELS, **COLUMNS, folder=folder, partitions=8, rows_at_once=100, progress=seen.append
    )
    assert bytes_of(found) == in_memory(table)
    assert seen[0].rows >= 500
