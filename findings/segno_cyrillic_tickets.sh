#!/usr/bin/env bash
# segno 1.6.6 (Python) and jsQR 1.4.0 (JavaScript): QR codes of tickets with Russian text.
#
# Expected: segno's documentation names ISO 8859-1 and, if that does not fit, UTF-8; the browser
# reads what was written.
# Seen (30 November 2026): before UTF-8 segno tries Shift_JIS, which has the Russian alphabet.
# "ООО Ромашка" and "БИЛЕТ 12" are written as Shift_JIS bytes without a mark: jsQR finds the code
# and returns an empty text. "БИЛЕТ" alone becomes kanji mode, and "Київ 5" is UTF-8, because one
# of its letters is missing there: both are read. So it works for some guests and not for others.
# Short tickets: segno.make writes 12345 as a Micro QR code, which jsQR does not find at all.
# Why it matters: at the door the first kind looks like a scan of an empty ticket, and nobody
# counts as come.
# How to avoid it: segno.make_qr(text, encoding='utf-8', mode='byte'); better, print only an
# ASCII number on a ticket.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'segno==1.6.6'
(cd "$work" && npm install --silent --no-audit --no-fund jsqr@1.4.0 > /dev/null)

cat > "$work/recorded" <<'END'
12345, make: M1 numeric, not found
12345, make_qr: 1-H numeric, right
12345, utf-8: 1-H byte, right
TICKET-12345, make: M3-L alphanumeric, not found
TICKET-12345, make_qr: 1-Q alphanumeric, right
TICKET-12345, utf-8: 1-M byte, right
БИЛЕТ, make: M3-L kanji, not found
БИЛЕТ, make_qr: 1-Q kanji, right
БИЛЕТ, utf-8: 1-Q byte, right
БИЛЕТ 12, make: M4-M byte, not found
БИЛЕТ 12, make_qr: 1-M byte, ""
БИЛЕТ 12, utf-8: 1-M byte, right
ООО Ромашка, make: 2-M byte, ""
ООО Ромашка, make_qr: 2-M byte, ""
ООО Ромашка, utf-8: 2-M byte, right
Київ 5, make: M4-M byte, not found
Київ 5, make_qr: 1-Q byte, right
Київ 5, utf-8: 1-Q byte, right
END

(cd "$work" && venv/bin/python -) > "$work/codes.json" <<'END'
import json

import segno

codes = []
for text in ("12345", "TICKET-12345", "БИЛЕТ", "БИЛЕТ 12", "ООО Ромашка", "Київ 5"):
    for name, code in (
        ("make", segno.make(text)),
        ("make_qr", segno.make_qr(text)),
        ("utf-8", segno.make_qr(text, encoding="utf-8", mode="byte")),
    ):
        rows = [list(row) for row in code.matrix_iter(scale=8, border=4)]
        codes.append({"text": text, "name": name, "kind": f"{code.designator} {code.mode}", "rows": rows})
print(json.dumps(codes))
END

cat > "$work/read.js" <<'END'
const read = require('jsqr');
const codes = JSON.parse(require('fs').readFileSync('codes.json'));
for (const { text, name, kind, rows } of codes) {
  const pixels = new Uint8ClampedArray(rows.length * rows[0].length * 4);
  rows.flat().forEach((dark, at) => pixels.fill(dark ? 0 : 255, 4 * at, 4 * at + 3));
  pixels.forEach((_, at) => { if (at % 4 === 3) pixels[at] = 255; });
  const seen = read(pixels, rows[0].length, rows.length);
  const answer = seen === null ? 'not found' : seen.data === text ? 'right' : JSON.stringify(seen.data);
  console.log(`${text}, ${name}: ${kind}, ${answer}`);
}
END
(cd "$work" && node read.js) > "$work/seen"

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
