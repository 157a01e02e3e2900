#!/usr/bin/env bash
# DuckDB 2.0.1 (Python): reading a CSV or NDJSON file of payments.
#
# Expected: a column that holds 1 in its first 25 000 rows and 19.99 in the next one becomes
# a double or a decimal, or the read stops with a conversion error (as it does for a text there).
# Seen (30 November 2026): the column is BIGINT and 19.99 is read as 20, without an error or a
# warning. One row decides: with 20 478 whole amounts before it the price is kept, with 20 479
# it is rounded. NDJSON does the same.
# Why it matters: exports are often sorted by date, and a product with a price in kopecks may
# begin late. The sum of the file is then wrong by less than anybody looks for.
# How to avoid it: name the types (columns= or types=), read money as text or decimal, or pass
# sample_size=-1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1'

cat > "$work/recorded" <<'END'
csv 20478 [('DOUBLE', 19.99)]
csv 20479 [('BIGINT', 20)]
csv 25000 [('BIGINT', 20)]
named type [(Decimal('19.99'),)]
sample_size=-1 [(19.99,)]
ndjson [('BIGINT', 20)]
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import json

import duckdb


def ask(text):
    return duckdb.sql(text).fetchall()


for whole in (20478, 20479, 25000):
    with open("paid.csv", "w") as file:
        file.write("deal,paid\n" + "".join(f"{i},1\n" for i in range(whole)) + f"{whole},19.99\n")
    print("csv", whole, ask("select typeof(max(paid)), max(paid) from read_csv('paid.csv')"))
print("named type", ask("select max(paid) from read_csv('paid.csv', types={'paid': 'DECIMAL(18,2)'})"))
print("sample_size=-1", ask("select max(paid) from read_csv('paid.csv', sample_size=-1)"))
with open("paid.ndjson", "w") as file:
    for i in range(25000):
        file.write(json.dumps({"deal": i, "paid": 1}) + "\n")
    file.write(json.dumps({"deal": 25000, "paid": 19.99}) + "\n")
print("ndjson", ask("select typeof(max(paid)), max(paid) from read_json('paid.ndjson')"))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
