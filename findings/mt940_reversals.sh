#!/usr/bin/env bash
# mt-940 5.1.1: a bank statement (SWIFT MT940) in which a payment is taken back.
#
# Expected: in field 61 the mark RC is a reversal of a credit, which lowers the balance, and RD a
# reversal of a debit, which raises it. Opening balance plus amounts is the closing balance.
# Seen (1 December 2026): the amount of D is negative and those of C, RC and RD are positive. A
# payment of 500.00 and its reversal add up to 1000.00; the statement below moves from 1000.00 to
# 1200.00, and its amounts add up to 1200.00 where the balances say 200.00. No error; nothing
# compares them.
# Why it matters: a refund that a bank made by reversal is counted as a second payment.
# How to avoid it: read `status` beside the amount: RC is minus; compare the sum with the balances.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'mt-940==5.1.1'

cat > "$work/recorded" <<'END'
C 500.00 RUB
RC 500.00 RUB
D -100.00 RUB
RD 100.00 RUB
C 200.00 RUB
opening 1000.00, amounts 1200.00, closing 1200.00
END

"$work/venv/bin/python" - > "$work/seen" <<'END'
import mt940

statement = mt940.parse(
    """:20:STATEMENT
:25:40702810/RUB
:28C:1/1
:60F:C260101RUB1000,00
:61:2601020102C500,00NTRFPAYMENT//1
:61:2601030103RC500,00NTRFTAKENBACK//2
:61:2601030103D100,00NTRFFEE//3
:61:2601040104RD100,00NTRFFEEBACK//4
:61:2601040104C200,00NTRFPAYMENT//5
:62F:C260104RUB1200,00
"""
)
for row in statement:
    print(row.data["status"], row.data["amount"])
total = sum(row.data["amount"].amount for row in statement)
opening = statement.data["final_opening_balance"].amount.amount
closing = statement.data["final_closing_balance"].amount.amount
print(f"opening {opening}, amounts {total}, closing {closing}")
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
