#!/usr/bin/env bash
# holidays 0.109 and workalendar 17.0.0: the calendar of Russia.
#
# Expected: a country's calendar reads that country's dates (07.01.2026 is Christmas, 7 January),
# or refuses the text.
# Seen (30 November 2026): holidays reads the month first. "07.01.2026" is no holiday, because it
# is taken for 1 July, "01.07.2026" is Christmas and "01.02.2026" is a New Year holiday; a day
# above 12 ("23.02.2026") is read day first, so a column of dates is read in two ways. The class
# is Russia's in all cases. get_working_days_count() of 1 to 5 February counts 77 days.
# workalendar's Russia has no moved days: 249 working days in 2025 and 2026, where holidays and the
# government's decree have 247; Saturday 27 April 2024, a working day by decree, is free there.
# Why it matters: pace needed and run-rate divide by working days to the end of the month.
# How to avoid it: pass date objects; take the moved days from a file or from holidays.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'holidays==0.109' 'python-dateutil==2.9.0.post0' 'workalendar==17.0.0'

cat > "$work/recorded" <<'END'
07.01.2026 is None
01.07.2026 is Christmas Day
01.02.2026 is New Year Holidays
23.02.2026 is Defender of the Fatherland Day
7 January 2026 as a date is Christmas Day
days from 01.02.2026 to 05.02.2026: 77
2025 holidays 247 workalendar 249
2026 holidays 247 workalendar 249
2024-04-27 holidays True workalendar False
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt

import holidays
from workalendar.europe import Russia

calendar = holidays.RU(language="en_US")
for text in ("07.01.2026", "01.07.2026", "01.02.2026", "23.02.2026"):
    print(text, "is", calendar.get(text))
print("7 January 2026 as a date is", calendar.get(dt.date(2026, 1, 7)))
print("days from 01.02.2026 to 05.02.2026:", calendar.get_working_days_count("01.02.2026", "05.02.2026"))
other = Russia()
for year in (2025, 2026):
    days = [dt.date(year, 1, 1) + dt.timedelta(i) for i in range(365)]
    mine = sum(calendar.is_working_day(day) for day in days)
    print(year, "holidays", mine, "workalendar", sum(other.is_working_day(day) for day in days))
moved = dt.date(2024, 4, 27)
print(moved, "holidays", calendar.is_working_day(moved), "workalendar", other.is_working_day(moved))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
