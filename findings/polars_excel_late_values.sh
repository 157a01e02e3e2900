#!/usr/bin/env bash
# polars 2.1.0 with fastexcel 0.21.0: an Excel column whose kind of value changes after 1 000 rows.
#
# Expected: the column becomes text, as it does when the change is in the first rows, or an error.
# Seen (30 November 2026), all without an error or a warning:
# - order numbers 1, 1, … and then A-17: the column is Int64 and A-17 is null;
# - with a single column the row itself vanishes, because a row of nulls is dropped;
# - dates and then the number 5: the number becomes 5 January 1900; dates and then the text
#   13.04.2026: null, so a payment loses its day.
# In the other direction, writing: write_excel stores the id 120210000000000017 as
# 120210000000000000, because the file holds 16 digits.
# Why it matters: exports of a CRM are long, and the odd order number comes late.
# How to avoid it: name the types (schema_overrides), compare the number of rows and of nulls with
# the file, and write long ids as text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'polars==2.1.0' 'fastexcel==0.21.0' 'pyarrow==26.0.1' 'XlsxWriter==3.3.1'

cat > "$work/recorded" <<'END'
text after 3: 4 of 4 rows, String, last A-17
text after 1500: 1501 of 1501 rows, Int64, last None
one column: 1500 of 1501 rows, Int64, last 1
number after dates: 1501 of 1501 rows, Date, last 1900-01-05
text after dates: 1501 of 1501 rows, Date, last None
id written and read: 120210000000000000
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt

import polars as pl
import xlsxwriter


def read(values, columns):
    book = xlsxwriter.Workbook("orders.xlsx")
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, ["order", "paid"][:columns])
    for row, value in enumerate(values, 1):
        if isinstance(value, dt.date):
            sheet.write_datetime(row, 0, value, day)
        else:
            sheet.write(row, 0, value)
        if columns == 2:
            sheet.write(row, 1, 5)
    book.close()
    frame = pl.read_excel("orders.xlsx")
    return f"{frame.height} of {len(values)} rows, {frame['order'].dtype}, last {frame['order'][-1]}"


day = dt.date(2026, 4, 3)
print("text after 3:", read([1] * 3 + ["A-17"], 2))
print("text after 1500:", read([1] * 1500 + ["A-17"], 2))
print("one column:", read([1] * 1500 + ["A-17"], 1))
print("number after dates:", read([day] * 1500 + [5], 2))
print("text after dates:", read([day] * 1500 + ["13.04.2026"], 2))
pl.DataFrame({"campaign": [120210000000000017]}).write_excel("ids.xlsx")
print("id written and read:", pl.read_excel("ids.xlsx").item())
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
