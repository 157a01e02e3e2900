#!/usr/bin/env bash
# dlt 1.31.0 with DuckDB 2.0.1: loading a Russian export, and an amount whose type changes.
#
# Expected: four columns arrive as four columns, under whatever names, or the load is refused; the
# sum of a column is the sum of its values, or a value that does not fit is refused.
# Seen (1 December 2026):
# - the default naming has ASCII letters alone, so the names Номер, Дата, Сумма, Канал all become
#   "x". The table has one column, with the last value of each row; number, date and amount are
#   nowhere. The load is reported as LOADED without failed jobs, and nothing is logged;
# - where some letters are ASCII, what is left decides: "Сумма, RUB" and "Оплата, RUB" are both
#   "_rub", and the payment replaces the amount of the deal;
# - amounts 100, 200.5, "300.25", Decimal("400.10") are stored in four columns: amount and three
#   variants that queries written for the first load do not know. SUM(amount) is 100 of 1000.85.
# Why it matters: the load of a CRM export ends well and has kept a quarter of it.
# How to avoid it: rename the columns before the load; state the types (columns= of the resource)
# and a schema contract that freezes the data types.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'dlt==1.31.0' 'duckdb==2.0.1'

cat > "$work/recorded" <<'END'
four Russian columns: failed jobs False
['x'] [('Афиша',), ('Радио',)]
letters of two alphabets: failed jobs False
['id', '_rub'] [(1, 70), (2, 0)]
amounts of four types: failed jobs False
['id', 'amount', 'amount__v_double', 'amount__v_text', 'amount__v_decimal'] [(1, 100, None, None, None), (2, None, 200.5, None, None), (3, None, None, '300.25', None), (4, None, None, None, Decimal('400.100000000'))]
END

cat > "$work/load.py" <<'END'
from decimal import Decimal

import dlt
import duckdb

CASES = {
    "four Russian columns": [
        {"Номер": 1, "Дата": "2026-03-01", "Сумма": "100.50", "Канал": "Афиша"},
        {"Номер": 2, "Дата": "2026-03-02", "Сумма": "200.00", "Канал": "Радио"},
    ],
    "letters of two alphabets": [
        {"id": 1, "Сумма, RUB": 100, "Оплата, RUB": 70},
        {"id": 2, "Сумма, RUB": 200, "Оплата, RUB": 0},
    ],
    "amounts of four types": [
        {"id": 1, "amount": 100},
        {"id": 2, "amount": 200.5},
        {"id": 3, "amount": "300.25"},
        {"id": 4, "amount": Decimal("400.10")},
    ],
}
for number, (what, rows) in enumerate(CASES.items()):
    name = f"p{number}"
    pipeline = dlt.pipeline(
        name,
        pipelines_dir="pipelines",
        destination=dlt.destinations.duckdb(f"{name}.duckdb"),
        dataset_name="crm",
    )
    done = pipeline.run(rows, table_name="deals")
    print(f"{what}: failed jobs {done.has_failed_jobs}")
    with duckdb.connect(f"{name}.duckdb", read_only=True) as connection:
        table = connection.sql("SELECT * EXCLUDE (_dlt_load_id, _dlt_id) FROM crm.deals ORDER BY ALL")
        print(table.columns, table.fetchall())
END
(cd "$work" && HOME="$work" RUNTIME__DLTHUB_TELEMETRY=false venv/bin/python load.py ) > "$work/seen"

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
