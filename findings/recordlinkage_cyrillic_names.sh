#!/usr/bin/env bash
# recordlinkage 0.16: cleaning Russian names before two client lists are compared.
#
# Expected: cleaning lowers letters and drops punctuation; unlike names stay unlike.
# Seen (1 December 2026): clean() keeps the letters a to z alone by default, so every Russian name
# becomes the empty text, and Müller becomes mller. All Russian clients are in one block; the exact
# comparison of the cleaned names is 1 for every pair of them, Jaro-Winkler is 0.0 for all. phonetic()
# with "metaphone" also gives the empty text; with "soundex" the first letter and 000, so Иванов and
# Ильин sound alike. No error, no warning.
# Why it matters: all Russian clients of two CRMs are one client, with certainty 1.
# How to avoid it: clean(names, replace_by_none=r"[^\w\s-]"); no phonetic code made for English;
# a look at the number of blank names after cleaning.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'recordlinkage==0.16' 'pandas==2.3.3' 'numpy==2.4.6' 'scipy==1.17.1' 'jellyfish==1.3.0'

cat > "$work/recorded" <<'END'
clean: ['', '', '', 'mller', 'ivanov']
soundex: ['И000', 'И000', 'К000', 'M460', 'I151']
metaphone: ['', '', '', 'MLR', 'IFNF']
pairs in the block of a cleaned name: [(0, 1), (0, 2), (1, 2)]
exact: [1, 1, 1]
jarowinkler: [0.0, 0.0, 0.0]
END

"$work/venv/bin/python" -W ignore - > "$work/seen" <<'END'
import pandas as pd
import recordlinkage
from recordlinkage.preprocessing import clean, phonetic

clients = pd.DataFrame({"name": ["Иванов Пётр", "Ильина Анна", "Ким Олег", "Müller", "Ivanov"]})
clients["cleaned"] = clean(clients["name"])
print("clean:", clients["cleaned"].tolist())
for method in ("soundex", "metaphone"):
    print(f"{method}:", phonetic(clients["name"], method).tolist())
blocks = recordlinkage.Index()
blocks.block("cleaned")
pairs = blocks.index(clients)
print("pairs in the block of a cleaned name:", sorted(tuple(sorted(pair)) for pair in pairs))
compare = recordlinkage.Compare()
compare.exact("cleaned", "cleaned", label="exact")
compare.string("cleaned", "cleaned", method="jarowinkler", label="jarowinkler")
seen = compare.compute(pairs, clients)
print("exact:", seen["exact"].tolist())
print("jarowinkler:", seen["jarowinkler"].tolist())
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
