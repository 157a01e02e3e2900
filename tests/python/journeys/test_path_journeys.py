"""PF.3: journeys from tables of paths, and from recorded data of other projects."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import dealtrail as dt
from oracle import journeys as oracle
from python.journeys.touch_sets import TEXT_TYPES, moment

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
SHOP = SHARED / "retentioneering" / "ecom.csv.gz"
ZHAO = SHARED / "zhao_shapley" / "sample.json"


def found(journeys: dt.Journeys, sep: str = ">") -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Conversions, nulls and value of each path, as the oracle tells them."""
    return {
        () if row["path"] == "(unattributed)" else tuple(row["path"].split(sep)): (
            row["conversions"],
            row["nulls"],
            int((row["value"] or Decimal(0)).scaleb(2)),
        )
        for row in journeys.paths(separator=sep)
    }


@pytest.mark.parametrize("seed", range(100))
def test_random_tables_of_paths_equal_the_model_and_merge(seed: int) -> None:
    rng = Random(seed)
    sep = rng.choice((">", " > ", "->", "|"))
    rows = []
    for _ in range(rng.randint(0, 40)):
        names = [rng.choice(("a", "b", "c d", "почта", "")) for _ in range(rng.randint(0, 4))]
        path = rng.choice((None, *[sep.join(f" {name}\t" if rng.random() < 0.2 else name for name in names)] * 20))
        won, lost = rng.choice((None, 0, 1, 5, -1)), rng.choice((None, 0, 0, 7, -2))
        rows.append(oracle.PathRow(path, won, lost, rng.choice((None, 0, 150))))
    table = pa.table(
        {
            "path": pa.array([row.path for row in rows], rng.choice(TEXT_TYPES)),
            "won": pa.array([row.conversions for row in rows], rng.choice((pa.int64(), pa.int8(), pa.float64()))),
            "lost": pa.array([row.nulls for row in rows], pa.int32()),
            "paid": pa.array(
                [None if row.value is None else Decimal(row.value).scaleb(-2) for row in rows], pa.decimal128(9, 2)
            ),
        }
    )
    names: dict[str, Any] = {"conversions": "won", "nulls": "lost", "value": "paid", "currency": "RUB", "sep": sep}
    journeys = dt.Journeys.from_paths(table, **names)
    expected = {path: sums for path, sums in oracle.paths_of_rows(rows, sep).items() if sums[0] + sums[1] > 0}
    assert found(journeys, "\0") == expected
    assert dt.Journeys.from_bytes(journeys.to_bytes()) == journeys
    # Any split of the rows merges to the same.
    order = rng.sample(range(len(rows)), len(rows))
    shuffled = pa.concat_tables([table.slice(0, 0), *(table.slice(row, 1) for row in order)])
    cut = rng.randint(0, len(rows))
    parts = [dt.Journeys.from_paths(part, **names) for part in (shuffled.slice(cut), shuffled.slice(0, cut))]
    assert parts[0].merge(parts[1]).to_bytes() == journeys.to_bytes()


def test_a_worked_table() -> None:
    # A set of six rows with values and nulls: 11 conversions, 36 nulls, 1020.00 in all.
    table = pl.DataFrame(
        {
            "path": ["A>B>C", "B>A", "A", "C>C>B", "B>C>A>B", "C"],
            "conversions": [3, 2, 1, 4, 1, 0],
            "value": [300, 100, 20, 100, 500, 0],
            "nulls": [7, 8, 9, 6, 1, 5],
        }
    )
    journeys = dt.Journeys.from_paths(table, value="value", nulls="nulls")
    assert repr(journeys) == "Journeys(journeys=47, conversions=11, touches=14, channels=3)"
    assert sum(journeys.paths()["value"]) == Decimal(1020)
    assert journeys.paths()["path"][:2] == ["C > C > B", "A > B > C"]
    assert (
        dt.Journeys.from_paths(table.sample(fraction=1, shuffle=True, seed=3), value="value", nulls="nulls") == journeys
    )
    # The same rows twice: twice of everything; each row may also be split.
    assert found(dt.Journeys.from_paths(pl.concat([table, table]), value="value", nulls="nulls")) == {
        path: tuple(2 * one for one in sums) for path, sums in found(journeys, " > ").items()
    }


def test_yes_and_no_and_rows_that_count_nothing() -> None:
    table = pa.table({"path": ["a>b", "a>b", "a", None], "conversions": [True, False, False, True]})
    assert found(dt.Journeys.from_paths(table)) == {("a", "b"): (1, 1, 0), ("a",): (0, 1, 0), (): (1, 0, 0)}
    assert dt.Journeys.from_paths(table).meta["conversions_without_touches"] == "1"
    assert found(dt.Journeys.from_paths(table, conversions=None))[("a", "b")] == (2, 0, 0)
    # Without a column of nulls, rows of 0 conversions would vanish without a word.
    counted = table.set_column(1, "conversions", pa.array([3, 0, 0, 1]))
    problems = dt.Journeys.from_paths(counted).problems.to_dicts()
    assert [(note["code"], note["count"], note["first_rows"]) for note in problems] == [
        ("no_journeys", 2, "row 1, row 2")
    ]


def test_what_does_not_fit_is_refused() -> None:
    table = pa.table({"path": ["a"], "conversions": [1], "lists": [["a", "b"]], "words": ["x"]})
    with pytest.raises(dt.SchemaError, match="a column is missing"):
        dt.Journeys.from_paths(table, path="paths")
    with pytest.raises(dt.SchemaError, match="list"):
        dt.Journeys.from_paths(table, path="lists")
    with pytest.raises(dt.SchemaError, match="found text"):
        dt.Journeys.from_paths(table, conversions="words")
    with pytest.raises(dt.InvalidArgumentError, match="separator"):
        dt.Journeys.from_paths(table, sep="")
    huge = pa.table({"path": ["a", "a"], "conversions": [2**62, 2**62]})
    with pytest.raises(dt.OutOfRangeError):
        dt.Journeys.from_paths(huge)
    inexact = pa.table({"path": ["a", "b"], "conversions": [1, 1], "value": [1.234, 5.0]})
    journeys = dt.Journeys.from_paths(inexact, value="value", currency="RUB")
    assert [(note["code"], note["first_rows"]) for note in journeys.problems] == [("rounded_money", "row 0")]
    assert found(journeys) == {("a",): (1, 0, 123), ("b",): (1, 0, 500)}


def test_fractional_values_keep_every_conversion() -> None:
    """IN.2: without a currency, values have as many places as the column, two to nine."""
    values = [3.195, 1.0, 0.0625, None]
    table = pa.table({"path": ["a > b", "a", "b", "c"], "conversions": [5, 1, 2, 1], "value": values})
    for column in (values, [None if v is None else str(v) for v in values]):
        journeys = dt.Journeys.from_paths(table.set_column(2, "value", pa.array(column)), value="value")
        assert len(journeys.problems) == 0
        assert sum(row["conversions"] for row in journeys.paths()) == 9
        assert sum(row["value"] for row in journeys.paths()) == Decimal("4.2575")
        again = dt.Journeys.from_bytes(journeys.to_bytes())
        assert again == journeys
        linear = dt.attribution.linear(journeys, intervals=False).to_dicts()
        assert sum(row["value"] for row in linear if row["channel"] != "(total)") == Decimal("4.2575")
    thirds = dt.Journeys.from_paths(table.set_column(2, "value", pa.array([1 / 3, 1.0, 2 / 3, None])), value="value")
    assert [(problem["code"], problem["count"]) for problem in thirds.problems] == [("rounded_money", 2)]
    assert sum(row["value"] for row in thirds.paths()) == Decimal("2.000000000")


def test_places_are_fixed_for_journeys_that_merge() -> None:
    """IN.2: shards whose columns differ in places merge when ``places`` fixes them."""
    shards = [pa.table({"path": ["a"], "conversions": [1], "value": [value]}) for value in (1.5, 0.125)]
    one, other = (dt.Journeys.from_paths(shard, value="value") for shard in shards)
    with pytest.raises(dt.Error, match="places"):
        one.merge(other)
    one, other = (dt.Journeys.from_paths(shard, value="value", places=3) for shard in shards)
    assert one.merge(other).paths()["value"] == [Decimal("1.625")]
    with pytest.raises(dt.InvalidArgumentError, match="places"):
        dt.Journeys.from_paths(shards[0], value="value", places=10)
    with pytest.raises(dt.InvalidArgumentError, match="places"):
        dt.Journeys.from_paths(shards[0], value="value", places=3, currency="USD")


@pytest.mark.skipif(not SHOP.is_file(), reason="the recorded data ../shared/data are absent")
def test_a_recorded_shop_equals_the_model() -> None:
    shop = pl.read_csv(gzip.decompress(SHOP.read_bytes()), try_parse_dates=True)
    for channel in ("acquisition_channel", "event"):
        table = shop.with_columns(bought=pl.col("event").str.contains("purchase|payment_done|order"))
        journeys = dt.Journeys.from_touches(
            table, subject="user_id", at="timestamp", channel=channel, converted="bought"
        )
        times = table["timestamp"].dt.epoch("us").to_list()
        rows = [
            oracle.Row(user, at, name, bought)
            for user, at, name, bought in zip(table["user_id"], times, table[channel], table["bought"], strict=True)
        ]
        model = oracle.journeys(rows)
        assert len(rows) == 31_106
        assert journeys.meta["subjects"] == "600"
        got = journeys.table().select(["subject", "path", "first_at", "conversions"]).to_dicts()
        assert got == [
            {
                "subject": one.subject,
                "path": " > ".join(one.path),
                "first_at": moment(one.touches[0][0]),
                "conversions": int(one.converted),
            }
            for one in model
        ]


@pytest.mark.skipif(not ZHAO.is_file(), reason="the recorded data ../shared/data are absent")
def test_recorded_lists_of_channels_load_as_paths() -> None:
    lists = json.loads(ZHAO.read_text(encoding="utf-8"))
    table = pl.DataFrame({"path": lists}).select(pl.col("path").cast(pl.List(pl.String)).list.join(">"))
    journeys = dt.Journeys.from_paths(table, conversions=None)
    assert (journeys.meta["journeys"], journeys.meta["conversions"], journeys.meta["channels"]) == (
        "2392",
        "2392",
        "20",
    )
    expected = Counter(tuple(str(channel) for channel in one) for one in lists)
    assert {path: sums[0] for path, sums in found(journeys).items()} == expected
