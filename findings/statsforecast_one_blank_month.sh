#!/usr/bin/env bash
# statsforecast 2.1.1: a monthly series in which one month of 48 has no value.
#
# Expected: AutoARIMA handles the gap (a state-space likelihood skips it) or refuses, as AutoETS
# and HoltWinters do; a season that 47 months show is still there.
# Seen (30 November 2026):
# - AutoARIMA with season_length=12 takes (0,1,0) without a season: twelve equal months, the last
#   value again. It makes no difference in which month the gap is. No error and no warning; the
#   same series without the gap is forecast with its season and trend;
# - HistoricAverage and the optimised exponential smoothing answer NaN for every month;
# - SeasonalNaive answers NaN for a series shorter than one season, also silently.
# Why it matters: a plan from last year's season becomes one flat line when a month was not loaded.
# How to avoid it: fill or refuse gaps before the call; compare the chosen order with (0,1,0).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'statsforecast==2.1.1' 'pandas==2.3.3' 'numpy==2.4.6' 'scipy==1.17.1'

cat > "$work/recorded" <<'END'
truth             376 358 406 424 450 406 364 360 460 490 484 516
whole             379 360 407 428 452 404 363 363 457 486 485 516
blank month 18    468 468 468 468 468 468 468 468 468 468 468 468
blank month 41    468 468 468 468 468 468 468 468 468 468 468 468
blank month 48    437 437 437 437 437 437 437 437 437 437 437 437
AutoETS, blank month 18: This function does not handle missing values
HistoricAverage, blank month 18: nan nan nan
SimpleExponentialSmoothingOptimized, blank month 18: nan nan nan
SeasonalNaive, 8 months: nan nan nan
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import (
    AutoARIMA,
    AutoETS,
    HistoricAverage,
    SeasonalNaive,
    SimpleExponentialSmoothingOptimized,
)

season = [92, 81, 103, 110, 121, 97, 74, 70, 118, 131, 126, 140]
noise = [3, -2, 1, 4, -3, 2, -1, 0, 2, -4, 1, 3]
sales = [4.0 * i + 2 * season[i % 12] + noise[5 * i % 12] for i in range(48)]


def forecast(model, values, months):
    months_ended = pd.date_range("2022-01-31", periods=len(values), freq="ME")
    table = pd.DataFrame({"unique_id": "tickets", "ds": months_ended, "y": values})
    answer = StatsForecast(models=[model], freq="ME").forecast(df=table, h=months)
    return " ".join("nan" if value != value else f"{value:.0f}" for value in answer.iloc[:, 2])


def blank(month):
    return [float("nan") if i + 1 == month else value for i, value in enumerate(sales)]


print("truth            ", " ".join(str(4 * i + 2 * season[i % 12]) for i in range(48, 60)))
print("whole            ", forecast(AutoARIMA(season_length=12), sales, 12))
for month in (18, 41, 48):
    print(f"blank month {month}   ", forecast(AutoARIMA(season_length=12), blank(month), 12))
try:
    print(forecast(AutoETS(season_length=12), blank(18), 3))
except Exception as error:
    print("AutoETS, blank month 18:", error)
for model in (HistoricAverage(), SimpleExponentialSmoothingOptimized()):
    print(f"{type(model).__name__}, blank month 18:", forecast(model, blank(18), 3))
print("SeasonalNaive, 8 months:", forecast(SeasonalNaive(12), sales[:8], 3))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
