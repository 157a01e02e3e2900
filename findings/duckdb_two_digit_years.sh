#!/usr/bin/env bash
# DuckDB 2.0.1 (Python): automatic dates of a CSV file with two-digit years.
#
# Expected: 03.04.26 beside 13.04.26 is 3 and 13 April 2026 (day first, as it reads 03.04.2026),
# or the column stays text because the form is ambiguous.
# Seen (30 November 2026): a DATE column with 26 April 2003 and 26 April 2013. The year is taken
# from the first field and the day from the last one, so every date of the file is valid and wrong
# by decades. With slashes it is the same. No row gives the mistake away: the day is 26 in all of
# them, and 28.04.26 is 26 April 2028.
# Why it matters: short dates are what Excel and several Russian exports write. A cohort by month
# of the first payment is then spread over thirty years of Aprils.
# How to avoid it: pass dateformat='%d.%m.%y', or read dates as text and parse them yourself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'duckdb==2.0.1'

cat > "$work/recorded" <<'END'
four digits ('DATE', ['2026-04-03', '2026-04-13'])
two digits ('DATE', ['2003-04-26', '2013-04-26', '2028-04-26'])
slashes ('DATE', ['2003-04-26', '2013-04-26'])
dateformat ('DATE', ['2026-04-03', '2026-04-13'])
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import duckdb


def dates(text, more=""):
    with open("deals.csv", "w") as file:
        file.write(text)
    relation = duckdb.sql(f"select paid_on from read_csv('deals.csv'{more})")
    return str(relation.types[0]), [str(row[0]) for row in relation.fetchall()]


print("four digits", dates("paid_on;deal\n03.04.2026;1\n13.04.2026;2\n"))
print("two digits", dates("paid_on;deal\n03.04.26;1\n13.04.26;2\n28.04.26;3\n"))
print("slashes", dates("paid_on,deal\n03/04/26,1\n13/04/26,2\n"))
print("dateformat", dates("paid_on;deal\n03.04.26;1\n13.04.26;2\n", ", dateformat='%d.%m.%y'"))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
