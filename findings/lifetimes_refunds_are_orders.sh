#!/usr/bin/env bash
# lifetimes 0.11.3: refunds and free tickets in a list of orders.
#
# Expected: a refund takes its amount off a purchase, or is refused; it is no new purchase.
# Seen (30 November 2026):
# - a refund on a day of its own is one more repeat purchase: frequency and recency grow, and the
#   mean amount is lowered by a negative order (0 here), which the Gamma-Gamma model then refuses;
# - a refund on the day of another order hides in that day's sum, so a client who bought, bought
#   again and got both back has a frequency of 2;
# - with equal parameters the client who got his money back is expected to order more often than
#   the one who kept his tickets.
# Why it matters: a lifetime value calls the client who returns his tickets the best one.
# How to avoid it: net refunds against the days that they take back before the summary, and leave
# out days of 0 or less.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'lifetimes==0.11.3' 'pandas==2.3.3' 'numpy==2.4.6' 'scipy==1.17.1'

cat > "$work/recorded" <<'END'
kept: frequency 1 recency 31 monetary 100.0
returned: frequency 2 recency 59 monetary 0.0
returned at once: frequency 2 recency 59 monetary 25.0
orders expected in 180 days: kept 0.38, returned 0.65, returned at once 0.65
Gamma-Gamma: There exist non-positive (<= 0) values in the monetary_value vector.
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

orders = [
    ("kept", "2026-01-05", 100.0),
    ("kept", "2026-02-05", 100.0),
    ("returned", "2026-01-05", 100.0),
    ("returned", "2026-02-05", 100.0),
    ("returned", "2026-03-05", -100.0),
    ("returned at once", "2026-01-05", 100.0),
    ("returned at once", "2026-02-05", 100.0),
    ("returned at once", "2026-03-05", 50.0),
    ("returned at once", "2026-03-05", -100.0),
]
table = pd.DataFrame(orders, columns=["client", "day", "amount"])
summary = summary_data_from_transaction_data(
    table, "client", "day", "amount", observation_period_end="2026-06-30"
)
for client, row in summary.iterrows():
    print(f"{client}: frequency {row.frequency:.0f} recency {row.recency:.0f} monetary {row.monetary_value}")

model = BetaGeoFitter()
model.params_ = pd.Series({"r": 0.243, "alpha": 31.0, "a": 0.793, "b": 2.426})
expected = model.conditional_expected_number_of_purchases_up_to_time(
    180, summary.frequency, summary.recency, summary["T"]
)
print("orders expected in 180 days:", ", ".join(f"{client} {orders:.2f}" for client, orders in expected.items()))
try:
    GammaGammaFitter().fit(summary.frequency, summary.monetary_value)
except ValueError as error:
    print("Gamma-Gamma:", str(error).split(".")[0] + ".")
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
