"""Real hotel stays by a user's own profile: channel -> arrivals -> revenue, as Polars counts them (SP.9, SP.10)."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import dealtrail as dt

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

ROOT = Path(__file__).parents[3]
STAYS = ROOT.parent / "shared" / "data" / "hotel_rates" / "hotel_rates.csv.gz"


@pytest.mark.skipif(not STAYS.is_file(), reason="the recorded stays are not beside the project")
def test_channels_arrivals_and_revenue_equal_polars(tmp_path: Path) -> None:
    csv = tmp_path / "hotel_rates.csv"
    csv.write_bytes(gzip.decompress(STAYS.read_bytes()))

    trail = dt.Trail(currency="EUR")
    report = trail.load(str(csv), str(ROOT / "tests/data/profiles/hotel_rates.json"))
    assert report.left_out == 0
    counted = {
        row["key"].removeprefix("hotel:"): (row["attended"], row["won"], row["amount_won"])
        for row in trail.cards().to_dicts()
        if row["key"] not in ("(unattributed)", "(total)")
    }

    # Prices as text, so that no double stands between the file and the figure: cents times nights.
    stays = pl.read_csv(csv, infer_schema=False).with_columns(
        nights=pl.col("stays_in_weekend_nights").cast(pl.Float64).cast(pl.Int64)
        + pl.col("stays_in_week_nights").cast(pl.Float64).cast(pl.Int64),
        cents=(pl.col("avg_price_per_room").cast(pl.Decimal(18, 2)) * 100).cast(pl.Int64),
    )
    by_channel = stays.group_by("distribution_channel").agg(
        arrivals=pl.len(), revenue=(pl.col("cents") * pl.col("nights")).sum()
    )
    expected = {
        channel.replace("_", "-"): (arrivals, arrivals, Decimal(revenue).scaleb(-2))
        for channel, arrivals, revenue in by_channel.iter_rows()
    }
    assert counted == expected
    assert sum(arrivals for arrivals, _, _ in counted.values()) == stays.height == 15_402
