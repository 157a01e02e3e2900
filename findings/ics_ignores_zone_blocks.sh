#!/usr/bin/env bash
# ics 0.7.3: an event whose zone is described in the file under a name of its own.
#
# Expected: a VTIMEZONE block with +0300 is what gives 19:00 its meaning; 19:00 is 16:00 UTC.
# Seen (30 November 2026): the block is ignored and the name looked up in the machine's list; if
# it is not there, the time is taken for UTC. 19:00 in Moscow becomes 19:00 UTC, three hours late,
# with a line in the log and no error. Outlook's "Russian Standard Time" is such a name.
# icalendar 7.3.2 reads both right.
# Also: make_all_day() after begin and end of 3 to 5 March writes an end on the 6th, three days.
# Why it matters: invitations of Outlook and of many ticket offices carry their own zone names.
# How to avoid it: read with a library that follows VTIMEZONE, or check that every TZID of the
# file is an IANA name.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'ics==0.7.3' 'arrow==1.4.0' 'tatsu==5.15.1' 'python-dateutil==2.9.0.post0' 'tzdata==2026.6' 'icalendar==7.3.2'

cat > "$work/recorded" <<'END'
Europe/Moscow: ics 2026-03-03T19:00:00+03:00, icalendar 2026-03-03T19:00:00+03:00
Hall time: ics 2026-03-03T19:00:00+00:00, icalendar 2026-03-03T19:00:00+03:00
Russian Standard Time: ics 2026-03-03T19:00:00+00:00, icalendar 2026-03-03T19:00:00+03:00
all day: 2026-03-03 until before 2026-03-06 days 3
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import logging

import icalendar
import ics

logging.disable(logging.CRITICAL)
FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//example//EN
BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@example.com
DTSTAMP:20260101T000000Z
DTSTART;TZID={zone}:20260303T190000
SUMMARY:Demo day
END:VEVENT
END:VCALENDAR
"""
for zone in ("Europe/Moscow", "Hall time", "Russian Standard Time"):
    text = FILE.format(zone=zone).replace("\n", "\r\n")
    seen = list(ics.Calendar(text).events)[0].begin.datetime
    right = icalendar.Calendar.from_ical(text).walk("VEVENT")[0].start
    print(f"{zone}: ics {seen.isoformat()}, icalendar {right.isoformat()}")
event = ics.Event(begin="2026-03-03", end="2026-03-05")
event.make_all_day()
print("all day:", event.begin.date(), "until before", event.end.date(), "days", event.duration.days)
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
