#!/usr/bin/env bash
# sqlglot 30.30.0: a query of a trail written for DuckDB, rewritten for SQLite, run in both.
#
# Expected: the same figures, or an error or a marked "unsupported" for what cannot be rewritten.
# Seen (1 December 2026): figures change, and unsupported_level=RAISE raises for none but the weeks:
# - CAST(b AS DATE) - CAST(a AS DATE) becomes DATE(b) - DATE(a), a difference of texts in SQLite:
#   29 days become 0, and six days over New Year become 1;
# - DATE_DIFF('day', a, b) counts midnights in DuckDB and whole 24 hours in the rewritten form: an
#   hour over midnight is 1 and 0; DATE_DIFF('month', ...) counts months there and 30 days here:
#   from 31 January to 1 March is 2 and 0;
# - DATE_DIFF('week', ...), by default only logged, becomes the number of days;
# - a + INTERVAL 1 DAY of a time, as DATE_ADD, loses the time of day.
# Why it matters: days from registration to event are in every funnel; the query runs and looks
# right.
# How to avoid it: compare the results of both on a handful of rows with dates over a month and a
# year; JULIANDAY(date(b)) - JULIANDAY(date(a)) for days.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlglot==30.30.0' 'duckdb==2.0.1'

cat > "$work/recorded" <<'END'
CAST(b AS DATE) - CAST(a AS DATE)
  DuckDB [29, 1, 6]
  SQLite [0, 0, 1]
DATE_DIFF('day', a, b)
  DuckDB [29, 1, 6]
  SQLite [28, 0, 6]
DATE_DIFF('month', a, b)
  DuckDB [2, 0, 1]
  SQLite [0, 0, 0]
DATE_DIFF('week', a, b)
  DuckDB [4, 0, 0]
  refused: DATEDIFF unsupported for 'WEEK'.
  SQLite [28, 0, 6]
DATE_ADD(a, INTERVAL 1 DAY)
  DuckDB ['2026-02-01 10:00:00', '2026-02-02 23:30:00', '2025-12-30 09:00:00']
  SQLite ['2026-02-01', '2026-02-02', '2025-12-30']
END

"$work/venv/bin/python" - > "$work/seen" <<'END'
import datetime
import sqlite3

import duckdb
import sqlglot

ROWS = [
    (1, "2026-01-31 10:00:00", "2026-03-01 00:00:00"),
    (2, "2026-02-01 23:30:00", "2026-02-02 00:30:00"),
    (3, "2025-12-29 09:00:00", "2026-01-04 12:00:00"),
]
QUESTIONS = (
    "CAST(b AS DATE) - CAST(a AS DATE)",
    "DATE_DIFF('day', a, b)",
    "DATE_DIFF('month', a, b)",
    "DATE_DIFF('week', a, b)",
    "DATE_ADD(a, INTERVAL 1 DAY)",
)
duck = duckdb.connect()
duck.execute("CREATE TABLE t (id INT, a TIMESTAMP, b TIMESTAMP)")
lite = sqlite3.connect(":memory:")
lite.execute("CREATE TABLE t (id INT, a TEXT, b TEXT)")
for engine in (duck, lite):
    engine.executemany("INSERT INTO t VALUES (?, ?, ?)", ROWS)


def shown(rows):
    return [str(value) if isinstance(value, datetime.datetime) else value for (value,) in rows]


for question in QUESTIONS:
    query = f"SELECT {question} FROM t ORDER BY id"
    print(question)
    print("  DuckDB", shown(duck.execute(query).fetchall()))
    try:
        sqlglot.transpile(query, read="duckdb", write="sqlite", unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        print("  refused:", error)
    (rewritten,) = sqlglot.transpile(query, read="duckdb", write="sqlite")
    print("  SQLite", shown(lite.execute(rewritten).fetchall()))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
