#!/usr/bin/env bash
# datacompy 1.1.0: one comparison with its pandas and its polars backend.
#
# Expected: both backends give the same verdict, and with no tolerance whole numbers are equal
# only if they are equal.
# Seen (30 November 2026):
# - The text 03.04.2026 against a date: the pandas backend reads 4 March, the polars backend
#   3 April. Each calls the other's right answer a difference.
# - Campaign ids 120210000000000017 and 120210000000000018 (int64, no tolerance) are equal in both
#   backends: whole numbers are compared as doubles.
# - Decimals that differ by one kopeck at 90 trillion: equal with pandas, different with polars.
# Why it matters: a reconciliation of two CRMs says "all rows match" for rows of two campaigns.
# How to avoid it: compare dates as ISO text and long ids as text; do not change the backend
# between two runs whose results are compared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'datacompy==1.1.0' 'pandas==3.0.6' 'polars==1.33.1' 'numpy==2.4.6' 'pyarrow==26.0.1'

cat > "$work/recorded" <<'END'
03.04.2026 and 3 April: pandas different, polars equal
03.04.2026 and 4 March: pandas equal, polars different
2026-04-03 and 3 April: pandas equal, polars equal
ids: pandas equal, polars equal
ids as text: pandas different, polars different
amounts: pandas equal, polars different
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt
from decimal import Decimal

import pandas as pd
import polars as pl
from datacompy import PandasCompare, PolarsCompare


def verdicts(left, right):
    result = []
    for frame, compare in ((pd.DataFrame, PandasCompare), (pl.DataFrame, PolarsCompare)):
        one, other = frame({"deal": [1], "value": [left]}), frame({"deal": [1], "value": [right]})
        if frame is pd.DataFrame and isinstance(right, dt.date):
            other["value"] = pd.to_datetime(other["value"])
        same = compare(one, other, join_columns=["deal"], abs_tol=0, rel_tol=0).matches()
        result.append("equal" if same else "different")
    return "pandas " + result[0] + ", polars " + result[1]


print("03.04.2026 and 3 April:", verdicts("03.04.2026", dt.date(2026, 4, 3)))
print("03.04.2026 and 4 March:", verdicts("03.04.2026", dt.date(2026, 3, 4)))
print("2026-04-03 and 3 April:", verdicts("2026-04-03", dt.date(2026, 4, 3)))
print("ids:", verdicts(120210000000000017, 120210000000000018))
print("ids as text:", verdicts("120210000000000017", "120210000000000018"))
print("amounts:", verdicts(Decimal("90071992547409.93"), Decimal("90071992547409.94")))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
