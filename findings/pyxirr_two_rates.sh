#!/usr/bin/env bash
# pyxirr 0.10.8: the rate of return of -100, +230, -132 (a fee, an income, a refund), one year apart.
#
# Expected: these flows have two rates, 10 % and 20 %. One library chooses one of them, or says
# that there are two; a guess given to it leads to the near one.
# Seen (30 November 2026): irr() says 20 % and xirr() of the same flows on dates a year apart says
# 10 %. With guess=0.05 irr() still says 20 %. numpy-financial 1.0.0 says 10 %. No warning;
# is_conventional_cash_flow() and zero_crossing_points() would tell, if asked.
# At a discount of 15 % the flows are worth more than nothing, at 5 % and 25 % less, so the two
# answers order the same offer on opposite sides of a hurdle of 15 %.
# Why it matters: a partner programme with a start fee and a claw-back has such flows.
# How to avoid it: print no rate where the signs change more than once; compare present values.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'pyxirr==0.10.8' 'numpy-financial==1.0.0' 'numpy==2.4.6'

cat > "$work/recorded" <<'END'
irr 0.2
irr, guess 5 % 0.2
xirr 0.1
numpy-financial 0.1
npv at 0.05 -0.6803
npv at 0.15 0.189
npv at 0.25 -0.48
conventional False
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt

import numpy_financial
import pyxirr

flows = [-100, 230, -132]
days = [dt.date(year, 1, 1) for year in (2025, 2026, 2027)]
print("irr", round(pyxirr.irr(flows), 6))
print("irr, guess 5 %", round(pyxirr.irr(flows, guess=0.05), 6))
print("xirr", round(pyxirr.xirr(days, flows), 6))
print("numpy-financial", round(float(numpy_financial.irr(flows)), 6))
for rate in (0.05, 0.15, 0.25):
    print("npv at", rate, round(pyxirr.npv(rate, flows), 4))
print("conventional", pyxirr.is_conventional_cash_flow(flows))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
