"""SP.4: large blocks that wait for the next job."""

from __future__ import annotations

import polars as pl
import pytest

import dealtrail as dt

ROWS = 3_000_000


def journeys() -> dt.Journeys:
    """Of enough touches for large blocks."""
    rows = pl.int_range(ROWS, eager=True)
    frame = pl.DataFrame({"subject": rows % 700_001, "at": rows.cast(pl.Datetime("us", "UTC"))})
    return dt.Journeys.from_touches(frame.with_columns(channel=pl.lit("mail")), at="at", channel="channel")


def test_blocks_wait_up_to_the_limit_and_give_the_same_journeys() -> None:
    before = dt.set_buffer_cache_limit(0)
    try:
        fresh = journeys().to_bytes()
        assert dt.buffer_cache_size() == 0
        dt.set_buffer_cache_limit(512 << 20)
        for _ in range(2):
            assert journeys().to_bytes() == fresh
            assert 0 < dt.buffer_cache_size() <= 512 << 20
        assert dt.set_buffer_cache_limit(0) == 512 << 20
        assert dt.buffer_cache_size() == 0
    finally:
        dt.set_buffer_cache_limit(before)


def test_a_negative_limit_is_an_error() -> None:
    with pytest.raises(dt.InvalidArgumentError, match="0 or more bytes, not -1"):
        dt.set_buffer_cache_limit(-1)
