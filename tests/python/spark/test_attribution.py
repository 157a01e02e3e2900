"""Attribution on Spark gives the bytes of one process; what is wrong is told on the driver."""

from __future__ import annotations

import os
import random
import signal
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

import dealtrail as dt

pytestmark = [
    pytest.mark.xdist_group("spark"),  # one session, so one worker
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:.*:FutureWarning", "ignore::ResourceWarning"),
]
sharded = dt.spark

MODELS = ["first_touch", "last_touch", "linear", "position_based", "time_decay", "participation", "markov", "shapley"]
COLUMNS = {"subject": "user", "converted": "bought", "value": "paid", "currency": "RUB"}


def touches(rows: int, seed: int, *, places: int = 2, nulls: bool = False) -> pa.Table:
    """Random touches of ids above 2 ** 53, of which one in five rows is of one subject."""
    draw = random.Random(seed)
    users, at, channel, bought, paid = [], [], [], [], []
    for _ in range(rows):
        user = 2**53 + (1 if draw.random() < 0.2 else draw.randrange(1, 40))
        users.append(None if nulls and draw.random() < 0.1 else user)
        at.append(datetime(2026, 3, 1, tzinfo=timezone.utc) + timedelta(seconds=draw.randrange(86_400 * 20)))
        channel.append(draw.choice(["mail", "portal", "поиск", "tg"]))
        bought.append(draw.random() < 0.15)
        paid.append(Decimal(draw.randrange(10**6)).scaleb(-places))
    return pa.table(
        {
            "paid": pa.array(paid, pa.decimal128(18, places)),
            "unused": pa.array([0.5] * rows),
            "bought": pa.array(bought),
            "user": pa.array(users, pa.int64()),
            "channel": pa.array(channel),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
        }
    )


def in_one(table: pa.Table, models: list[str], **options: Any) -> dt.Table:
    return dt.attribution.compare(dt.Journeys.from_touches(table, **(COLUMNS | options)), models)


def bytes_of(table: dt.Table) -> bytes:
    """The cells and the meta, as bytes."""
    return repr(table.meta).encode() + table.to_csv().encode() + table.to_json().encode()


def test_the_models_whose_states_merge_are_those_of_compare() -> None:
    assert sharded.attribution.__defaults__ == (("first_touch", "linear", "last_touch"),)
    assert set(dt.attribution.MODELS) - {"shao_li"} == set(dt._shards.MERGEABLE)


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_states_of_any_shards_in_any_order_give_the_bytes_of_one_process(shards: int) -> None:
    table = touches(600, 1)
    wanted = bytes_of(in_one(table, MODELS))
    draw = random.Random(shards)
    plan = dt._shards.plan_of(
        MODELS, None, "all", at="at", channel="channel", places=None, kind=None, intervals=True, **COLUMNS
    )
    for _ in range(5):
        order = list(range(table.num_rows))
        draw.shuffle(order)
        shuffled = table.take(order)
        parts: list[Any] = []
        for shard in range(shards):
            rows = [n for n, user in enumerate(shuffled["user"].to_pylist()) if user % shards == shard]
            parts += plan.parts(shuffled.take(pa.array(rows, pa.int64())))
        draw.shuffle(parts)
        some = dt._shards.merged(parts[: len(parts) // 2])  # a tree of two branches
        merged = dt._shards.merged([*dt._shards.merged(parts[len(parts) // 2 :]), *some])
        assert bytes_of(dt._shards.finished(merged, MODELS, None, False, 1)) == wanted


@pytest.mark.parametrize("partitions", [None, 1, 2, 7, 64])
def test_spark_gives_the_bytes_of_one_process(spark: Any, partitions: int | None) -> None:
    table = touches(1500, 2)
    models = MODELS if partitions == 7 else ["linear", "markov"]
    found = sharded.attribution(spark.createDataFrame(table), models, **COLUMNS, partitions=partitions)
    wanted = in_one(table, models)
    assert bytes_of(found) == bytes_of(wanted)
    assert found == wanted


def test_ids_beside_nulls_stay_whole_and_rows_without_a_subject_are_told(spark: Any) -> None:
    table = touches(300, 3, nulls=True)
    with pytest.warns(dt.LossWarning, match=r"rows are left out.*no_subject of user"):
        found = sharded.attribution(spark.createDataFrame(table), ["linear"], **COLUMNS)
    with pytest.warns(dt.LossWarning):
        wanted = in_one(table, ["linear"])
    assert bytes_of(found) == bytes_of(wanted)
    nulls = table["user"].null_count
    assert nulls > 10
    assert found.meta["left_out"] == str(nulls)
    assert found.problems.select(["code", "count"]).to_dicts()[0] == {"code": "no_subject", "count": nulls}
    with pytest.raises(dt.SchemaError, match="no_subject of user") as caught:
        sharded.attribution(spark.createDataFrame(table), ["linear"], **COLUMNS, strict=True)
    assert caught.value.where.column == "user"


def test_a_table_without_rows_and_partitions_without_rows(spark: Any) -> None:
    table = touches(3, 4)
    nothing = spark.createDataFrame(table).limit(0)
    assert bytes_of(sharded.attribution(nothing, MODELS, **COLUMNS)) == bytes_of(in_one(table.slice(0, 0), MODELS))
    few = sharded.attribution(spark.createDataFrame(table), MODELS, **COLUMNS, partitions=8)
    assert bytes_of(few) == bytes_of(in_one(table, MODELS))


def test_text_ids_costs_lookback_and_kinds(spark: Any) -> None:
    table = touches(400, 5)
    table = table.set_column(3, "user", pa.array([f"гость {n}" for n in table["user"].to_pylist()]))
    options = {"lookback_days": {"mail": 1, "other": 5}, "kind": "channel", "conversions": "first"}
    cost = {"mail": 100, "tg": "7.50"}
    with warnings.catch_warnings():
        warnings.simplefilter("error", dt.LossWarning)
        found = sharded.attribution(spark.createDataFrame(table), ["linear", "markov"], **COLUMNS, **options, cost=cost)
    journeys = dt.Journeys.from_touches(table, **COLUMNS, **options)
    assert bytes_of(found) == bytes_of(dt.attribution.compare(journeys, ["linear", "markov"], cost=cost))


def test_a_worker_that_is_killed_is_run_again_and_changes_nothing(spark: Any, tmp_path: Path) -> None:
    table = touches(800, 6)
    mark = str(tmp_path / "killed")

    def dies_once(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        for batch in batches:
            yield batch.slice(0, batch.num_rows // 2)
            context = TaskContext.get()
            if context is not None and context.partitionId() == 1 and context.attemptNumber() == 0:
                Path(mark).write_text("")
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch.slice(batch.num_rows // 2)

    frame = spark.createDataFrame(table)
    shaky = frame.mapInArrow(dies_once, frame.schema)
    found = sharded.attribution(shaky, ["linear", "markov"], **COLUMNS)
    assert Path(mark).exists()
    assert bytes_of(found) == bytes_of(in_one(table, ["linear", "markov"]))


def test_states_are_kept_as_parquet_and_merged_with_tomorrows(spark: Any, tmp_path: Path) -> None:
    table = touches(500, 7)
    ids = table["user"].to_pylist()
    for name, odd in (("today", 0), ("tomorrow", 1)):
        rows = pa.array([n for n, user in enumerate(ids) if user % 2 == odd], pa.int64())
        states = sharded.attribution_states(spark.createDataFrame(table.take(rows)), ["linear", "markov"], **COLUMNS)
        states.write.parquet(str(tmp_path / name))
    both = spark.read.parquet(str(tmp_path / "today"), str(tmp_path / "tomorrow"))
    assert bytes_of(sharded.attribution_of(both)) == bytes_of(in_one(table, ["linear", "markov"]))

    dollars = COLUMNS | {"currency": "USD"}
    other = sharded.attribution_states(spark.createDataFrame(table), ["linear", "markov"], **dollars)
    with pytest.raises(dt.InvalidArgumentError, match=r"currency '(RUB|USD)' and '(RUB|USD)'"):
        sharded.attribution_of(both.union(other))
    with pytest.raises(dt.SchemaError, match="no states"):
        sharded.attribution_of(both.limit(0))
    with pytest.raises(dt.SchemaError, match="no column 'state'"):
        sharded.attribution_of(both.drop("state"))
    from pyspark.sql import functions

    old = both.withColumn("state", functions.lit(bytearray(b"DTold"))).withColumn("version", functions.lit("0.0.1"))
    with pytest.raises(dt.CorruptDataError, match=r"by dealtrail 0\.0\.1 cannot be read by"):
        sharded.attribution_of(old)


def test_what_is_wrong_is_told_on_the_driver(spark: Any) -> None:
    frame = spark.createDataFrame(touches(50, 8))
    with pytest.raises(dt.SchemaError, match="no column 'visitor'") as caught:
        sharded.attribution(frame, **(COLUMNS | {"subject": "visitor"}))
    assert caught.value.where == dt.Where("touches", "visitor")
    with pytest.raises(dt.SchemaError, match="unused"):
        sharded.attribution(frame, **(COLUMNS | {"subject": "unused"}))
    with pytest.raises(dt.UnknownNameError, match="no model whose states merge: 'shao_li'"):
        sharded.attribution(frame, ["shao_li"], **COLUMNS)
    with pytest.raises(dt.InvalidArgumentError, match="no model is named"):
        sharded.attribution(frame, [], **COLUMNS)
    with pytest.raises(dt.InvalidArgumentError, match="milestone"):
        sharded.attribution(frame, ["u_shaped"], **COLUMNS)


def test_decimals_of_two_scales_are_refused_where_they_meet() -> None:
    plan = {"at": "at", "channel": "channel", "places": None, "kind": None, "intervals": True}
    plan |= COLUMNS | {"currency": None}
    made = dt._shards.plan_of(["linear"], None, "all", **plan)  # type: ignore[arg-type]
    parts = made.parts(touches(20, 9)) + made.parts(touches(20, 9, places=3))
    with pytest.raises(dt.Error):
        dt._shards.merged(parts)


def test_an_error_of_a_task_keeps_its_class_and_tells_where(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = spark.createDataFrame(touches(20, 10))
    monkeypatch.setattr(sharded, "_core", SimpleNamespace(__version__="9.9.9"))  # of the driver; tasks have their own
    with pytest.raises(dt.InvalidArgumentError, match=r"the driver 9\.9\.9 \(in partition \d+\)") as caught:
        sharded.attribution(frame, ["linear"], **COLUMNS, partitions=2)
    assert (caught.value.code, caught.value.where.table) == ("invalid_argument", "executors")


def test_a_sum_that_does_not_fit_is_refused(spark: Any) -> None:
    table = touches(20, 10)
    huge = pa.array([Decimal(10**16)] * 20, pa.decimal128(38, 2))
    table = table.set_column(0, "paid", huge).set_column(2, "bought", pa.array([True] * 20))
    with pytest.raises(dt.OutOfRangeError, match="does not fit in 64 bits"):
        sharded.attribution(spark.createDataFrame(table), ["linear"], **COLUMNS, partitions=2)


def test_executors_without_the_package(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "dealtrail.py").write_text("raise ModuleNotFoundError(\"No module named 'dealtrail'\")\n")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}:$PYTHONPATH exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    frame = spark.createDataFrame(touches(20, 11))
    before = spark.sparkContext.pythonExec
    spark.sparkContext.pythonExec = str(python)
    try:
        with pytest.raises(dt.InvalidArgumentError, match="the executors have no package 'dealtrail'"):
            sharded.attribution(frame, ["linear"], **COLUMNS)
    finally:
        spark.sparkContext.pythonExec = before
