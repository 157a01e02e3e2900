#!/usr/bin/env bash
# github.com/xuri/excelize/v2 v2.11.1 (Go): reading the cells of a CRM export.
#
# Expected: GetRows gives the values of the cells; amounts keep their kopecks, and a date comes in
# the order of its own format or as ISO.
# Seen (30 November 2026): it gives the text a US Excel would show. 1204.5 formatted without
# decimals is "1,205", .175 is "18%", an id of 18 digits is "1.2021E+17", and 120450 shown in
# thousands is "120.5 тыс.". A date with Excel's own short format (number 14, which follows the
# country in Excel) is "04-03-26" for 3 April 2026: month first, where a Russian reader of this
# text sees 4 March. SetCellValue of a Go date uses that format by itself.
# Why it matters: a total of what is shown differs from the total of the file, and ids collide.
# How to avoid it: Options{RawCellValue: true} and the number of days for dates; the id is whole
# there as well.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > recorded <<'END'
shown ["04-03-26" "04-03-26" "1,205" "18%" "120.5 тыс." "1.2021E+17"]
raw ["46115" "46115" "1204.5" "0.175" "120450" "120210000000000017"]
END

cat > main.go <<'END'
package main

import (
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"
)

func main() {
	thousands := "0.0,\" тыс.\""
	cells := []struct {
		at    string
		value any
		style *excelize.Style
	}{
		{"A1", time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC), nil},
		{"B1", 46115, &excelize.Style{NumFmt: 14}},
		{"C1", 1204.5, &excelize.Style{NumFmt: 3}},
		{"D1", 0.175, &excelize.Style{NumFmt: 9}},
		{"E1", 120450, &excelize.Style{CustomNumFmt: &thousands}},
		{"F1", int64(120210000000000017), nil},
	}
	book := excelize.NewFile()
	for _, cell := range cells {
		must(book.SetCellValue("Sheet1", cell.at, cell.value))
		if cell.style != nil {
			style, err := book.NewStyle(cell.style)
			must(err)
			must(book.SetCellStyle("Sheet1", cell.at, cell.at, style))
		}
	}
	must(book.SaveAs("export.xlsx"))
	read, err := excelize.OpenFile("export.xlsx")
	must(err)
	rows, err := read.GetRows("Sheet1")
	must(err)
	fmt.Printf("shown %q\n", rows[0])
	rows, err = read.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	must(err)
	fmt.Printf("raw %q\n", rows[0])
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
END
go mod init example > log 2>&1 || { cat log; exit 1; }
go get github.com/xuri/excelize/v2@v2.11.1 > log 2>&1 || { cat log; exit 1; }
go run . > seen

if diff -u recorded seen; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
