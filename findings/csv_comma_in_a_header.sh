#!/usr/bin/env bash
# DuckDB 2.0.1, pandas 3.0.6, Python 3's csv.Sniffer and Papa Parse 5.7.1 (JavaScript): finding the
# separator of a Russian CSV export.
#
# Expected: the file is separated by semicolons. "Бюджет, ₽" is a usual header of such exports,
# and with decimal commas each line then holds one semicolon and one comma.
# Seen (30 November 2026): all four choose the comma. The columns are "Сделка;Бюджет" and " ₽",
# the rows "Окна;1204" and "50": every budget is cut at its comma and the kopecks stand in a
# column of their own, without an error. With one more column DuckDB and Papa Parse
# read the file right; pandas and csv.Sniffer still choose the comma.
# Why it matters: the smallest export (a name and an amount) is the one that fails, and a sum of
# the second column is a plausible number: the sum of the kopecks.
# How to avoid it: name the separator, or count it in the header outside quotes and prefer the
# semicolon when both are possible.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1' 'pandas==3.0.6' 'numpy==2.4.6'
(cd "$work" && npm install --silent --no-audit --no-fund papaparse@5.7.1 > /dev/null)
printf 'Сделка;Бюджет, ₽\nОкна;1204,50\nДвери;900,25\n' > "$work/two.csv"
printf 'Сделка;Бюджет, ₽;Этап\nОкна;1204,50;новая\nДвери;900,25;оплата\n' > "$work/three.csv"

cat > "$work/recorded" <<'END'
two.csv duckdb ['Сделка;Бюджет', '₽'] ('Окна;1204', 50)
two.csv pandas ['Сделка;Бюджет', ' ₽'] ['Окна;1204', '50']
two.csv csv.Sniffer ,
three.csv duckdb ['Сделка', 'Бюджет, ₽', 'Этап'] ('Окна', '1204,50', 'новая')
three.csv pandas ['Сделка;Бюджет', ' ₽;Этап'] ['Окна;1204', '50;новая']
three.csv csv.Sniffer ,
two.csv papaparse , {"Сделка;Бюджет":"Окна;1204"," ₽":"50"}
three.csv papaparse ; {"Сделка":"Окна","Бюджет, ₽":"1204,50","Этап":"новая"}
END

(cd "$work" && venv/bin/python -) > "$work/seen" <<'END'
import csv

import duckdb
import pandas as pd

for name in ("two.csv", "three.csv"):
    relation = duckdb.sql(f"from '{name}'")
    print(name, "duckdb", relation.columns, relation.fetchall()[0])
    frame = pd.read_csv(name, sep=None, engine="python")
    print(name, "pandas", list(frame.columns), [str(cell) for cell in frame.iloc[0]])
    print(name, "csv.Sniffer", csv.Sniffer().sniff(open(name).read()).delimiter)
END
(cd "$work" && node -e '
const papa = require("papaparse");
for (const name of ["two.csv", "three.csv"]) {
  const answer = papa.parse(require("fs").readFileSync(name, "utf8"), { header: true });
  console.log(name, "papaparse", answer.meta.delimiter, JSON.stringify(answer.data[0]));
}') >> "$work/seen"

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
