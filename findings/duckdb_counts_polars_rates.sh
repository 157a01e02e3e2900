#!/usr/bin/env bash
# DuckDB 2.0.1 and polars 2.1.0: conversion rates of counts that were summed in SQL.
#
# Expected: DuckDB sums integers, polars divides the sums, and 3 deals of 9 registrations are 0.333.
# Seen (30 November 2026): DuckDB's sum of integers is HUGEINT, which travels as decimal(38, 0);
# polars divides decimals at the scale of the left one, so every rate below one half is 0 and one
# of 0.6 is 1. No error and no warning. Beside count(*), which is BIGINT, deals per visit come
# out whole as well. The same division in polars' own SQL gives 0.333333, and in DuckDB 0.3333.
# Money of scale 2 behaves alike: 10.00 / 3.00 is 3.33 and times 3 it is 9.99.
# Why it matters: show rates, lead-to-deal rates and cost per lead are all of this form.
# How to avoid it: cast sums to BIGINT in SQL, or to Float64 in polars before a division.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1' 'polars==2.1.0' 'pyarrow==26.0.1'

cat > "$work/recorded" <<'END'
sql types ['VARCHAR', 'HUGEINT', 'HUGEINT', 'BIGINT']
polars type Decimal(precision=38, scale=0)
rate [Decimal('0'), Decimal('1')]
per visit [Decimal('2'), Decimal('3')]
rate in polars SQL [Decimal('0.333333'), Decimal('0.600000')]
rate in DuckDB [(0.3333,)]
rate of floats [0.3333, 0.6]
money [Decimal('3.33')] [Decimal('9.99')]
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
from decimal import Decimal

import duckdb
import polars as pl

sums = duckdb.sql("""
    select channel, sum(deals) as deals, sum(registrations) as registrations, count(*) as visits
    from (values ('a', 1, 3), ('a', 2, 6), ('b', 3, 5)) as t(channel, deals, registrations)
    group by channel order by channel
""")
print("sql types", [str(kind) for kind in sums.types])
frame = sums.pl()
print("polars type", frame.schema["deals"])
rate = pl.col("deals") / pl.col("registrations")
print("rate", frame.select(rate).to_series().to_list())
print("per visit", frame.select(pl.col("deals") / pl.col("visits")).to_series().to_list())
print("rate in polars SQL", frame.sql("select deals / registrations as r from self")["r"].to_list())
print("rate in DuckDB", duckdb.sql("select round(sum(1) / sum(3), 4)").fetchall())
number = pl.col("deals").cast(pl.Float64) / pl.col("registrations").cast(pl.Float64)
print("rate of floats", frame.select(number.round(4)).to_series().to_list())
money = pl.Series([Decimal("10.00")]) / pl.Series([Decimal("3.00")])
print("money", money.to_list(), (money * pl.Series([Decimal(3)])).to_list())
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
