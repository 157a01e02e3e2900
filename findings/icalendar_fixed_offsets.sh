#!/usr/bin/env bash
# icalendar 7.3.2: writing an event whose time has an offset, as CRM exports give it (…T19:00+03:00).
#
# Expected: the file holds the moment, in UTC or with a zone that is described in the file, and
# the library reads its own file back.
# Seen (30 November 2026):
# - a time of datetime.fromisoformat is written with TZID="UTC+03:00" and no description of that
#   zone; add_missing_timezones() adds none; read back by icalendar itself it has no zone at all;
# - the same text parsed by dateutil is written without any zone: 19:00 wherever the reader sits;
# - ics 0.7.3 happens to understand the first file and takes the second for 19:00 UTC.
# Why it matters: the start of an event moves by three hours between the portal and the invitation,
# and a registration after the start counts as one before it.
# How to avoid it: convert to UTC before writing (the file then ends in Z), or give a named zone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'icalendar==7.3.2' 'ics==0.7.3' 'arrow==1.4.0' 'tatsu==5.15.1' 'python-dateutil==2.9.0.post0' 'tzdata==2026.6'

cat > "$work/recorded" <<'END'
standard library
  file DTSTART;TZID="UTC+03:00":20260303T190000 no zone described
  icalendar reads 2026-03-03T19:00:00
  ics reads 2026-03-03T19:00:00+03:00
dateutil
  file DTSTART:20260303T190000 no zone described
  icalendar reads 2026-03-03T19:00:00
  ics reads 2026-03-03T19:00:00+00:00
UTC
  file DTSTART:20260303T160000Z no zone described
  icalendar reads 2026-03-03T16:00:00+00:00
  ics reads 2026-03-03T16:00:00+00:00
named zone
  file DTSTART;TZID=Europe/Moscow:20260303T190000 zone described
  icalendar reads 2026-03-03T19:00:00+03:00
  ics reads 2026-03-03T19:00:00+03:00
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt
import logging
import zoneinfo

import dateutil.parser
import icalendar
import ics

logging.disable(logging.CRITICAL)
TEXT = "2026-03-03T19:00:00+03:00"


def show(name, moment):
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//example//example//EN")
    calendar.add("version", "2.0")
    event = icalendar.Event()
    event.add("uid", "1@example.com")
    event.add("dtstamp", dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc))
    event.add("dtstart", moment)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text = calendar.to_ical().decode()
    line = [line for line in text.split("\r\n") if line.startswith("DTSTART") and "2026" in line][0]
    own = icalendar.Calendar.from_ical(text).walk("VEVENT")[0].start
    other = list(ics.Calendar(text).events)[0].begin.datetime
    print(name)
    print("  file", line, "zone described" if "VTIMEZONE" in text else "no zone described")
    print("  icalendar reads", own.isoformat())
    print("  ics reads", other.isoformat())


show("standard library", dt.datetime.fromisoformat(TEXT))
show("dateutil", dateutil.parser.parse(TEXT))
show("UTC", dt.datetime.fromisoformat(TEXT).astimezone(dt.timezone.utc))
show("named zone", dt.datetime(2026, 3, 3, 19, tzinfo=zoneinfo.ZoneInfo("Europe/Moscow")))
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
