#!/usr/bin/env bash
# agate 1.14.2 (the engine of csvkit): a table of a Russian export whose types are found by itself.
#
# Expected: an amount like 19,99 is no number of the default locale and stays text, as 1 204,50
# does; names stay text.
# Seen (30 November 2026):
# - 19,99 and 5,50 become the numbers 1999 and 550; 1.204,50 becomes 1.20450;
# - a column of 1 and 0 (tickets) becomes True and False, and is no longer added up;
# - clients named May and Sat become dates of the year 1, and a client named None becomes null;
# - 03.04.2026 alone is 4 March; beside 13.04.2026 the whole column is text.
# Why it matters: amounts a hundred times too large, with a type that says number.
# How to avoid it: give the types by hand, and Number(locale='ru') for amounts; csvkit's -I
# switches the guessing off.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'agate==1.14.2' 'Babel==2.19.0' 'isodate==0.7.2' 'parsedatetime==2.6' 'pytimeparse==1.1.10' \
  'leather==0.4.1' 'python-slugify==9.2.0'

cat > "$work/recorded" <<'END'
amount 19,99 -> Number ['1999', '550']
amount 1 204,50 -> Text ['1 204,50', '5,50']
amount 1.204,50 -> Number ['1.20450', '550']
tickets -> Boolean ['True', 'False', 'True']
tickets with a 2 -> Number ['1', '0', '2']
client -> Date ['0001-05-01', '0001-01-06']
client None -> Text ['Acme', 'null']
day -> Date ['2026-03-04']
days -> Text ['03.04.2026', '13.04.2026']
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import agate


def read(name, *values):
    table = agate.Table([[value] for value in values], [name])
    kind = type(table.columns[0].data_type).__name__
    print(name, "->", kind, ["null" if row[0] is None else str(row[0]) for row in table.rows])


read("amount 19,99", "19,99", "5,50")
read("amount 1 204,50", "1 204,50", "5,50")
read("amount 1.204,50", "1.204,50", "5,50")
read("tickets", "1", "0", "1")
read("tickets with a 2", "1", "0", "2")
read("client", "May", "Sat")
read("client None", "Acme", "None")
read("day", "03.04.2026")
read("days", "03.04.2026", "13.04.2026")
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
