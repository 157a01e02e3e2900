#!/usr/bin/env bash
# statsmodels 0.15.0: intervals of a rate when nothing has come yet.
#
# Expected: 0 registrations in 100 hours give an interval from 0 to about 0.03-0.04; every interval
# holds its estimate.
# Seen (1 December 2026):
# - confint_poisson(0, 100, method="midp-c") is one point, 0.02996 to 0.02996: it does not hold the
#   estimate 0, and has no width. method="sqrt" does the same at 0.0096. One registration gives
#   proper intervals, and the upper ends of the other methods lie between 0 and 0.038;
# - confint_poisson_2indep(0, 100, 5, 100, compare="ratio"), whose default is "score", is one point
#   too, 0.768: five against none, as if the ratio were known exactly.
# Neither raises or warns.
# Why it matters: a channel that has brought nobody is the first of which one asks how sure that is;
# a width of zero says "certain", and the wrong value.
# How to avoid it: "exact-c" or "score" for one rate; for two, method="mover" or a conditional
# binomial interval; check that low <= estimate < high.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'statsmodels==0.15.0' 'numpy==2.4.6' 'scipy==1.17.1' 'pandas==2.3.3'

cat > "$work/recorded" <<'END'
0 in 100, exact-c: 0.0000 to 0.0369
0 in 100, score: 0.0000 to 0.0384
0 in 100, midp-c: 0.0300 to 0.0300
0 in 100, jeff: 0.0000 to 0.0251
0 in 100, sqrt: 0.0096 to 0.0096
1 in 100, exact-c: 0.0003 to 0.0557
1 in 100, score: 0.0018 to 0.0566
1 in 100, midp-c: 0.0005 to 0.0493
1 in 100, jeff: 0.0011 to 0.0467
1 in 100, sqrt: 0.0000 to 0.0392
0 against 5, ratio by default: 0.7683 to 0.7683
1 against 5, ratio by default: 0.0310 to 1.2910
0 against 5, ratio, mover: 0.0000 to 0.9373
END

"$work/venv/bin/python" -W error - > "$work/seen" <<'END'
from statsmodels.stats.rates import confint_poisson, confint_poisson_2indep

for count in (0, 1):
    for method in ("exact-c", "score", "midp-c", "jeff", "sqrt"):
        low, high = confint_poisson(count, 100, method=method)
        print(f"{count} in 100, {method}: {low:.4f} to {high:.4f}")
for count, words, more in ((0, "by default", {}), (1, "by default", {}), (0, "mover", {"method": "mover"})):
    low, high = confint_poisson_2indep(count, 100, 5, 100, compare="ratio", **more)
    comma = "," if more else ""
    print(f"{count} against 5, ratio{comma} {words}: {low:.4f} to {high:.4f}")
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
