#!/usr/bin/env bash
# polars 2.1.0, pyarrow 26.0.1, DuckDB 2.0.1: which two weeks 4 March 2026 (a Wednesday) belongs to,
# and how many weeks lie between a Sunday and the Monday after it.
#
# Expected: one answer each. All three begin a single week on Monday, so their two-week buckets
# should begin on the same Monday; `date_diff('week')` is documented to count boundaries.
# Seen (30 November 2026): polars begins the bucket on 2 March; DuckDB and pyarrow a week earlier,
# on 23 February. 14 days are not two weeks: polars and pyarrow then begin on Thursday 26 February.
# From Sunday 1 March to Monday 2 March pyarrow counts one week, DuckDB none: it takes whole
# spans of seven days, although for months it counts the boundary between 31 January and 1 February.
# Why it matters: retention by two weeks moves customers by half a bucket when the engine changes,
# and a cohort's week 0 and week 1 are mixed.
# How to avoid it: truncate both dates to their Monday and divide whole days from a named Monday.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1' 'polars==2.1.0' 'pyarrow==26.0.1'

cat > "$work/recorded" <<'END'
1 week: polars 2026-03-02 arrow 2026-03-02 duckdb 2026-03-02
2 weeks: polars 2026-03-02 arrow 2026-02-23 duckdb 2026-02-23
14 days: polars 2026-02-26 arrow 2026-02-26 duckdb 2026-02-23
weeks from Sunday to Monday: arrow 1 duckdb 0
months from 31 January to 1 February: duckdb 1
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

day = dt.date(2026, 3, 4)
series = pl.Series([day])
stamps = pa.array([dt.datetime(2026, 3, 4)])


def ask(text):
    return str(duckdb.sql("select " + text).fetchall()[0][0])


def floor(count, unit):
    return str(pc.floor_temporal(stamps, multiple=count, unit=unit)[0].as_py().date())


print("1 week: polars", series.dt.truncate("1w").item(), "arrow", floor(1, "week"), "duckdb",
      ask("time_bucket(interval '1 week', date '2026-03-04')"))
print("2 weeks: polars", series.dt.truncate("2w").item(), "arrow", floor(2, "week"), "duckdb",
      ask("time_bucket(interval '2 weeks', date '2026-03-04')"))
print("14 days: polars", series.dt.truncate("14d").item(), "arrow", floor(14, "day"), "duckdb",
      ask("time_bucket(interval '14 days', date '2026-03-04')"))
sunday, monday = pa.array([dt.date(2026, 3, 1)]), pa.array([dt.date(2026, 3, 2)])
print("weeks from Sunday to Monday: arrow", pc.weeks_between(sunday, monday)[0], "duckdb",
      ask("date_diff('week', date '2026-03-01', date '2026-03-02')"))
print("months from 31 January to 1 February: duckdb",
      ask("date_diff('month', date '2026-01-31', date '2026-02-01')"))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
