"""Ten million touches to five rule models and a Markov chain, in one run with DuckDB doing the five rule models.

    python benchmarks/peers/attribution.py [touches] [rounds] [duckdb|packages]

Journeys of geometric length (mean 4), 20 channels, log-normal values; 3 % and 100 % converting; subjects that are
numbers and texts, touches in order of time and shuffled; the same Arrow table in memory for all. DuckDB answers twice:
with plain window functions, and with a form tuned by hand (only subjects that convert reach the windows). Results are
compared on a tenth of the touches first. Ratios count: rounds go in turn, medians are shown.

Then the packages, each in a process of its own, in an environment of their own (``build/peers``, made when it is not
there): marketing-attribution-models with its seven models and do-attribution with its chain, on the same touches;
ChannelAttribution's chain on a million paths over 500 channels. A package that takes longer than fifteen minutes is
stopped, and the ratio is at least that.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.ipc

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


PACKAGES = Path(__file__).parent / "packages"
PATIENCE = 900  # seconds for a package


def environment() -> Path:
    """The Python of the peers."""
    folder = Path(__file__).parents[2] / "build" / "peers"
    python = folder / "bin" / "python"
    if not (folder / "made").is_file():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", PACKAGES / "requirements.txt"], check=True)
        (folder / "made").touch()
    return python


def of_package(name: str, table: pa.Table) -> tuple[float, dict[str, dict[str, float]] | None]:
    """Seconds and figures of a package; no figures when it was stopped."""
    with tempfile.NamedTemporaryFile(suffix=".arrow") as file:
        with pa.ipc.new_file(file.name, table.schema) as writer:
            writer.write_table(table)
        command = [environment(), PACKAGES / "run.py", name, file.name]
        try:
            said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout
        except subprocess.TimeoutExpired:
            return PATIENCE, None
    made = json.loads(said.splitlines()[-1])
    return made["seconds"], made["figures"]


def paths_of(table: pa.Table) -> pa.Table:
    """The same journeys as texts, for packages that read those."""
    journeys = dt.Journeys.from_touches(table, subject="user", at="time", channel="channel", converted="won")
    return pl.DataFrame(journeys.table()).select("path", "conversions", "nulls").to_arrow()


def many_paths(channels: int, rows: int) -> pa.Table:
    """Different paths over many channels."""
    rng = np.random.default_rng(11)
    lengths = rng.geometric(0.25, rows) + 2
    names = np.array([f"channel-{number:03}" for number in range(channels)])
    taken = pl.DataFrame(
        {"row": np.repeat(np.arange(rows), lengths), "channel": names[rng.integers(0, channels, int(lengths.sum()))]}
    )
    paths = taken.group_by("row", maintain_order=True).agg(pl.col("channel").str.join(">").alias("path"))["path"]
    won = rng.binomial(3, 0.1, rows)
    return pl.DataFrame({"path": paths, "conversions": won, "nulls": 3 - won}).to_arrow()


def says(name: str, ours_seconds: float, theirs: float, figures: object) -> None:
    """A line of the table."""
    least = "at least " if figures is None else ""
    print(f"{name} | dealtrail {ours_seconds:.2f} s | {least}{theirs:.1f} s = {least}{theirs / ours_seconds:.0f} times")


def against_packages(rows: int) -> None:
    """Print a line per package."""
    sort = {"converting": 0.03, "texts": True, "in_order": True}
    small = touches_of(rows // 10, **sort)  # type: ignore[arg-type]
    mine = ours(small, markov=True)

    def figures_of(model: str, column: str) -> dict[str, float]:
        some = mine.filter((pl.col("model") == model) & ~pl.col("channel").str.starts_with("("))
        return dict(zip(some["channel"].to_list(), some[column].cast(pl.Float64).to_list(), strict=True))

    def agree(theirs: dict[str, float], model: str, column: str, within: float) -> None:
        expected = figures_of(model, column)
        assert expected.keys() == theirs.keys(), model
        assert np.allclose([theirs[name] for name in expected], list(expected.values()), rtol=within), model

    _, figures = of_package("marketing_attribution_models", small)
    assert figures is not None
    for rule in RULES:
        agree(figures[rule], rule, "value", 1e-5)  # ours are whole kopecks
    _, figures = of_package("do_attribution", paths_of(small))
    assert figures is not None
    agree(figures["markov"], "markov", "score", 1e-9)
    whole = touches_of(rows, **sort)  # type: ignore[arg-type]
    took = statistics.median(seconds(lambda: ours(whole, markov=True)) for _ in range(3))
    says("marketing-attribution-models", took, *of_package("marketing_attribution_models", whole))
    says("do-attribution", took, *of_package("do_attribution", paths_of(whole)))
    many = many_paths(500, rows // 10)
    journeys = dt.Journeys.from_paths(many, nulls="nulls")
    chain = dt.attribution.markov(journeys, intervals=False)
    took = statistics.median(seconds(lambda: dt.attribution.markov(journeys, intervals=False)) for _ in range(3))
    theirs, figures = of_package("channelattribution", many)
    if figures is not None:  # it simulates: near, not equal
        exact = {row["channel"]: row["conversions"] for row in chain if not row["channel"].startswith("(")}
        apart = sum(abs(figures["markov"][name] - exact[name]) for name in exact) / sum(exact.values())
        assert apart < 0.2, apart
        print(f"ChannelAttribution is {apart:.1%} apart from the exact answer")
    says("ChannelAttribution, 500 channels", took, theirs, figures)


def against_duckdb(rows: int, rounds: int) -> None:
    """Print a line per sort of table."""
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


def main() -> None:
    """Both, or the one that is named."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    which = sys.argv[3] if len(sys.argv) > 3 else ""
    if which != "packages":
        against_duckdb(rows, rounds)
    if which != "duckdb":
        against_packages(rows)


if __name__ == "__main__":
    main()
