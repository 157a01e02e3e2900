"""Ten million touches to five rule models and a Markov chain, in one run with DuckDB doing the five rule models.

    python benchmarks/peers/attribution.py [touches] [rounds]

Journeys of geometric length (mean 4), 20 channels, log-normal values; 3 % and 100 % converting; subjects that are
numbers and texts, touches in order of time and shuffled; the same Arrow table in memory for all. DuckDB answers twice:
with plain window functions, and with a form tuned by hand (only subjects that convert reach the windows). Results are
compared on a tenth of the touches first. Ratios count: rounds go in turn, medians are shown.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

import dealtrail as dt

RULES = ("first_touch", "last_touch", "linear", "position_based", "time_decay")
CREDITS = """
select channel,
  sum(case when place = 1 then value else 0 end) as first_touch,
  sum(case when place = touches then value else 0 end) as last_touch,
  sum(value / touches) as linear,
  sum(value * case when touches = 1 then 1.0 when touches = 2 then 0.5 when place in (1, touches) then 0.4
                   else 0.2 / (touches - 2) end) as position_based,
  sum(value * decayed / decayed_all) as time_decay
from ({windows}) group by channel order by channel
"""
PLAIN = """
select channel, row_number() over by_time as place, count(*) over whole as touches, sum(paid) over whole as value,
  bool_or(won) over whole as converts, max("time") over whole as ends, "user", "time"
from {touches} window by_time as (partition by "user" order by "time"), whole as (partition by "user")
"""
DECAYED = """
select channel, place, touches, value, pow(0.5, epoch(ends - "time") / 604800) as decayed,
  sum(pow(0.5, epoch(ends - "time") / 604800)) over (partition by "user") as decayed_all
from ({plain}) where converts
"""


def touches_of(rows: int, *, converting: float, texts: bool, in_order: bool) -> pa.Table:
    """Journeys one after another, each of a subject of its own; the last touch converts."""
    rng = np.random.default_rng(7)
    lengths = rng.geometric(0.25, rows // 4)
    rows = int(lengths.sum())
    who = np.repeat(rng.permutation(len(lengths)) * 7919 + 13, lengths)
    last = np.cumsum(lengths) - 1
    won = np.zeros(rows, bool)
    won[last] = rng.random(len(lengths)) < converting
    paid = np.where(won, np.exp(rng.normal(8, 1, rows)).round(2), 0).round(2)
    # Journeys run beside each other: a start, then steps of hours.
    start = np.repeat(rng.integers(0, 180 * 86_400, len(lengths)), lengths)
    step = np.arange(rows) - np.repeat(last - lengths + 1, lengths)
    times = 1_700_000_000_000_000 + (start + step * 40_000) * 1_000_000 + np.arange(rows) % 1_000_000
    order = np.argsort(times, kind="stable") if in_order else rng.permutation(rows)
    users = pl.Series(who[order])
    names = pa.array([f"channel-{number:02}" for number in range(20)])
    channel = pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, 20, rows), pa.int32()), names)
    return pa.table(
        {
            "user": pl.select(pl.lit("user_") + users.cast(pl.String)).to_series().to_arrow()
            if texts
            else pa.array(who[order]),
            "time": pa.array(times[order], pa.timestamp("us", "UTC")),
            "channel": channel.cast(pa.string()),
            "won": pa.array(won[order]),
            "paid": pa.array(paid[order]),
        }
    ).combine_chunks()


def ours(table: pa.Table, *, markov: bool) -> pl.DataFrame:
    """Journeys, five rule models, and the chain."""
    journeys = dt.Journeys.from_touches(
        table, subject="user", at="time", channel="channel", converted="won", value="paid", currency="RUB"
    )
    models = [*RULES, *(["markov"] if markov else [])]
    return pl.DataFrame(dt.attribution.compare(journeys, models, intervals=False))


def plain(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Window functions over everything."""
    windows = DECAYED.format(plain=PLAIN.format(touches="touches"))
    return connection.sql(CREDITS.format(windows=windows)).to_arrow_table()


def tuned(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Only the touches of subjects that convert reach the windows."""
    some = '(select * from touches semi join (select "user" from touches where won) using ("user"))'
    windows = DECAYED.format(plain=PLAIN.format(touches=some))
    return connection.sql(CREDITS.format(windows=windows)).to_arrow_table()


def check(table: pa.Table, connection: duckdb.DuckDBPyConnection) -> None:
    """All say the same of every channel, to a rounding of kopecks."""
    mine = ours(table, markov=False)
    for answer in (plain(connection), tuned(connection)):
        theirs = pl.DataFrame(answer)
        for rule in RULES:
            figures = mine.filter((pl.col("model") == rule) & ~pl.col("channel").str.starts_with("("))
            assert figures["channel"].to_list() == theirs["channel"].to_list()
            expected = theirs[rule].cast(pl.Float64).to_numpy()
            got = figures["value"].cast(pl.Float64).to_numpy()
            assert np.allclose(got, expected, rtol=1e-6), (rule, got, expected)


def seconds(work: Callable[[], object]) -> float:
    """By the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print a line per sort of table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    markov = "markov" in dt.attribution.MODELS
    for converting in (0.03, 1.0):
        for texts in (False, True):
            for in_order in (True, False):
                sort = {"converting": converting, "texts": texts, "in_order": in_order}
                for size, timed in ((max(rows // 10, 1000), False), (rows, True)):
                    table = touches_of(size, **sort)  # type: ignore[arg-type]
                    connection = duckdb.connect()
                    connection.register("touches", table)
                    if not timed:
                        check(table, connection)
                        continue
                    runs: dict[str, list[float]] = {"dealtrail": [], "plain": [], "tuned": []}
                    for _ in range(rounds):
                        runs["dealtrail"].append(seconds(lambda table=table: ours(table, markov=markov)))  # type: ignore[misc]
                        runs["plain"].append(seconds(lambda connection=connection: plain(connection)))  # type: ignore[misc]
                        runs["tuned"].append(seconds(lambda connection=connection: tuned(connection)))  # type: ignore[misc]
                    line = f"{converting:.0%} {'text' if texts else 'int64'} {'in order' if in_order else 'shuffled'}"
                    line += (
                        f" | dealtrail{' with markov' if markov else ''} {statistics.median(runs['dealtrail']):.2f} s"
                    )
                    for peer in ("plain", "tuned"):
                        ratio = statistics.median(b / a for a, b in zip(runs["dealtrail"], runs[peer], strict=True))
                        line += f" | duckdb {peer} {statistics.median(runs[peer]):.2f} s = {ratio:.1f} times"
                    print(line, flush=True)


if __name__ == "__main__":
    main()
