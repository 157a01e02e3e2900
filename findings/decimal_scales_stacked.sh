#!/usr/bin/env bash
# polars 2.1.0 and DuckDB 2.0.1: stacking tables whose amounts have unlike decimal scales.
#
# Expected: 1.5 (one decimal place) above 1.25 (two places) gives a column of two places, as
# `union all` does, or an error, as polars gives for an integer above a float.
# Seen (30 November 2026): the second table is rounded to the scale of the first, silently, and
# the two libraries round it differently: polars concat, vstack, extend and lazy concat to 1.2
# (half to even), DuckDB's list of Parquet files to 1.3 (half up). polars does it as well when it
# builds a frame from rows: the scale of the first 100 rows holds, later kopecks are lost.
# Only how='vertical_relaxed', union_by_name=true and `union all` keep 1.25.
# Why it matters: monthly exports differ in scale as soon as a month has only whole amounts.
# How to avoid it: give every table one scale before it is stacked, or take whole minor units.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1' 'polars==2.1.0'

cat > "$work/recorded" <<'END'
concat Decimal(precision=10, scale=1) 1.2
diagonal Decimal(precision=10, scale=1) 1.2
vstack Decimal(precision=10, scale=1) 1.2
extend Decimal(precision=10, scale=1) 1.2
lazy concat Decimal(precision=10, scale=1) 1.2
vertical_relaxed Decimal(precision=11, scale=2) 1.25
rows Decimal(precision=38, scale=1) 1.2
99 rows before Decimal(precision=38, scale=2) 1.25
duckdb list 1.3
duckdb union_by_name 1.25
duckdb union all 1.25
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
from decimal import Decimal

import duckdb
import polars as pl

first = pl.DataFrame({"paid": [Decimal("1.5")]}, schema={"paid": pl.Decimal(10, 1)})
second = pl.DataFrame({"paid": [Decimal("1.25")]}, schema={"paid": pl.Decimal(10, 2)})


def show(name, frame):
    print(name, frame.schema["paid"], frame["paid"].to_list()[-1])


show("concat", pl.concat([first, second]))
show("diagonal", pl.concat([first, second], how="diagonal"))
show("vstack", first.vstack(second))
show("extend", first.clone().extend(second))
show("lazy concat", pl.concat([first.lazy(), second.lazy()]).collect())
show("vertical_relaxed", pl.concat([first, second], how="vertical_relaxed"))
rows = [{"paid": Decimal("1.5")}] * 100 + [{"paid": Decimal("1.25")}]
show("rows", pl.DataFrame(rows))
show("99 rows before", pl.DataFrame(rows[1:]))
first.write_parquet("a.parquet")
second.write_parquet("b.parquet")


def ask(text):
    return str(duckdb.sql(text + " order by paid limit 1").fetchall()[0][0])


files = "['a.parquet', 'b.parquet']"
print("duckdb list", ask(f"select paid from read_parquet({files})"))
print("duckdb union_by_name", ask(f"select paid from read_parquet({files}, union_by_name=true)"))
print("duckdb union all", ask("select paid from 'a.parquet' union all select paid from 'b.parquet'"))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
