"""Ten million touches to journeys, side by side in one run with the best forms of Polars and DuckDB.

    python benchmarks/journeys.py [rows] [rounds]

Polars sorts by time and groups into lists; DuckDB makes ordered lists. Neither cuts at conversions, so both do less.
Results are compared on a tenth of the rows first. Ratios count: rounds go in turn, medians are shown.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

import dealtrail as dt

Made = Callable[[], object]


def touches(rows: int, *, texts: bool, in_order: bool, seed: int = 1) -> pa.Table:
    """Five touches a subject, twenty channels, one touch in twenty converts; times differ."""
    rng = np.random.default_rng(seed)
    subject = rng.integers(0, rows // 5, rows) * 7919 + 13
    times = np.arange(rows, dtype=np.int64) * 1_000_003 + 1_700_000_000_000_000
    if not in_order:
        rng.shuffle(times)
    channel = pa.DictionaryArray.from_arrays(
        pa.array(rng.integers(0, 20, rows), pa.int32()), pa.array([f"channel-{number:02}" for number in range(20)])
    )
    users = pl.Series(subject)
    return pa.table(
        {
            "user": pl.select(pl.lit("user_") + users.cast(pl.String)).to_series().to_arrow()
            if texts
            else pa.array(subject),
            "time": pa.array(times, pa.timestamp("us", "UTC")),
            "channel": channel.cast(pa.string()),
            "won": pa.array(rng.random(rows) < 0.05),
        }
    ).combine_chunks()


def by_dealtrail(table: pa.Table) -> dt.Journeys:
    """Ours, on all cores."""
    return dt.Journeys.from_touches(table, subject="user", at="time", channel="channel", converted="won")


def by_polars(frame: pl.DataFrame) -> pl.DataFrame:
    """A sort by time, then lists by subject."""
    return frame.sort("time").group_by("user").agg("time", "channel", "won")


def by_duckdb(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Ordered lists by subject."""
    return connection.sql(
        'select "user", list("time" order by "time"), list(channel order by "time"), list(won order by "time") '
        'from touches group by "user"'
    ).to_arrow_table()


def check(table: pa.Table) -> None:
    """Journeys of a subject put together again are the lists of Polars."""
    ours = (
        pl.DataFrame(by_dealtrail(table).touches())
        .group_by("subject", maintain_order=True)
        .agg(pl.col("channel"), pl.col("at"))
        .sort("subject")
    )
    theirs = by_polars(pl.DataFrame(table)).sort("user")
    assert ours["subject"].to_list() == theirs["user"].to_list()
    assert ours["channel"].to_list() == theirs["channel"].to_list()
    assert ours["at"].to_list() == theirs["time"].to_list()


def measured(work: Made) -> tuple[float, float]:
    """Seconds by the clock and of all cores."""
    wall, cores = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cores


def extra_memory(table: pa.Table) -> int:
    """Bytes that making journeys takes beyond what is there before, at its peak: in a child, whose peak is its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kept = by_dealtrail(table)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(writing, str((after - before) * 1024 * bool(kept)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as said:
        return int(said.read())


def main() -> None:
    """Print a line per sort of table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for texts in (False, True):
        for in_order in (True, False):
            check(touches(max(rows // 10, 10), texts=texts, in_order=in_order))
            table = touches(rows, texts=texts, in_order=in_order)
            frame = pl.DataFrame(table)
            connection = duckdb.connect()
            connection.register("touches", table)
            memory = extra_memory(table)
            works: dict[str, Made] = {
                "dealtrail": lambda table=table: by_dealtrail(table),  # type: ignore[misc]
                "polars": lambda frame=frame: by_polars(frame),  # type: ignore[misc]
                "duckdb": lambda connection=connection: by_duckdb(connection),  # type: ignore[misc]
            }
            runs: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
            for _ in range(rounds):
                for name, work in works.items():
                    runs[name].append(measured(work))
            line = [f"{'text' if texts else 'int64':>5} {'in order' if in_order else 'shuffled'}"]
            for name, of_name in runs.items():
                wall, cores = (statistics.median(run[i] for run in of_name) for i in (0, 1))
                line.append(f"{name} {wall:.2f} s (cores {cores:.2f} s)")
            for peer in ("polars", "duckdb"):
                pairs = zip(runs["dealtrail"], runs[peer], strict=True)
                ratios = [(ours[0] / theirs[0], ours[1] / theirs[1]) for ours, theirs in pairs]
                wall, cores = (statistics.median(ratio[i] for ratio in ratios) for i in (0, 1))
                line.append(f"/{peer} {wall:.3f} (cores {cores:.3f})")
            line.append(f"memory beyond the table {memory / table.nbytes:.2f} of it")
            print(" | ".join(line), flush=True)


if __name__ == "__main__":
    main()
