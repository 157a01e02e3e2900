#!/usr/bin/env bash
# github.com/Rhymond/go-money v1.0.15 (Go): making money of a float and sharing it out.
#
# Expected: NewFromFloat(19.99) is 1999 kopecks. Its documentation says that digits beyond the
# currency's are cut off, and 19.99 has none.
# Seen (30 November 2026): 19.99 gives 1998, 1.15 gives 114, 136.98 gives 13697, -19.99 gives
# -1998: the product with 100 is cut, not rounded, and 19.99 * 100 is a little below 1999. Of the
# prices from 0.01 to 999.99, 4 586 lose a kopeck.
# Also: Allocate(0, 50, 50) gives the left-over kopeck of 101 to the share of 0.
# Why it matters: amounts of a JSON export arrive as floats; the totals are short by kopecks, and
# a partner without a share is paid.
# How to avoid it: parse the text of the amount into minor units yourself (money.New takes them),
# and leave shares of 0 out of the call.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > recorded <<'END'
19.99 1998
1.15 114
136.98 13697
-19.99 -1998
0.5 50
prices to 999.99 that change: 4586
[1 1]: 51 50
[0 50 50]: 1 50 50
END

cat > main.go <<'END'
package main

import (
	"fmt"
	"strconv"

	"github.com/Rhymond/go-money"
)

func main() {
	for _, price := range []float64{19.99, 1.15, 136.98, -19.99, 0.5} {
		fmt.Println(price, money.NewFromFloat(price, "RUB").Amount())
	}
	short := 0
	for kopecks := int64(1); kopecks <= 99999; kopecks++ {
		price, _ := strconv.ParseFloat(fmt.Sprintf("%d.%02d", kopecks/100, kopecks%100), 64)
		if money.NewFromFloat(price, "RUB").Amount() != kopecks {
			short++
		}
	}
	fmt.Println("prices to 999.99 that change:", short)
	for _, shares := range [][]int{{1, 1}, {0, 50, 50}} {
		parts, _ := money.New(101, "RUB").Allocate(shares...)
		fmt.Print(shares, ":")
		for _, part := range parts {
			fmt.Print(" ", part.Amount())
		}
		fmt.Println()
	}
}
END
go mod init example > log 2>&1 || { cat log; exit 1; }
go get github.com/Rhymond/go-money@v1.0.15 > log 2>&1 || { cat log; exit 1; }
go run . > seen

if diff -u recorded seen; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
