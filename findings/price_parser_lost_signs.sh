#!/usr/bin/env bash
# price-parser 0.5.1: amounts of a refund and of a ticket order.
#
# Expected: a refund stays negative, or is refused; an amount is the number beside the currency.
# Seen (30 November 2026):
# - "-500 ₽" and "−500,00 руб." are 500: the sign is dropped without a word, as are the brackets
#   of "(15.00)";
# - "2 билета по 500 ₽" is 2 ₽ and "2026 год, 500 ₽" is 2026 ₽: the first number is joined with
#   the currency of the second one;
# - "19.990" is 19990, where "19.99" is 19.99: three decimals are read as thousands;
# - "5 тыс. руб" is 5.
# Why it matters: refunds that are added to turnover, orders that are worth their number of seats.
# How to avoid it: use it for single price tags only; look for a sign and for a second number in
# the text first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'price-parser==0.5.1' 'attrs==26.1.0'

cat > "$work/recorded" <<'END'
1 204,50 ₽ -> 1204.50 ₽
-500 ₽ -> 500 ₽
−500,00 руб. -> 500.00 руб.
(15.00) -> 15.00 None
2 билета по 500 ₽ -> 2 ₽
2026 год, 500 ₽ -> 2026 ₽
19.99 -> 19.99 None
19.990 -> 19990 None
5 тыс. руб -> 5 руб
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
from price_parser import Price

for text in (
    "1 204,50 ₽",
    "-500 ₽",
    "−500,00 руб.",
    "(15.00)",
    "2 билета по 500 ₽",
    "2026 год, 500 ₽",
    "19.99",
    "19.990",
    "5 тыс. руб",
):
    price = Price.fromstring(text)
    print(text, "->", price.amount, price.currency)
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
