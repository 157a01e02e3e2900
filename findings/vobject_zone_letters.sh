#!/usr/bin/env bash
# vobject 0.9.9: writing two events of two cities into one calendar file.
#
# Expected: 09:00 in Chicago and 09:00 in Shanghai are two moments, 14 hours apart, before and
# after the file.
# Seen (30 November 2026): the zone is named by its letters, and both cities use CST. The file has
# one VTIMEZONE called CST with Chicago's rules, and the Shanghai event refers to it: read back,
# both begin at 15:00 UTC. No error. Moscow is written as MSK, a name that no other reader knows.
# India and Israel meet in the same way as IST.
# Why it matters: attendance is judged by the time of the event; an arrival 14 hours before the
# start looks like a fault of the door scanner.
# How to avoid it: write events in UTC, or compare every written file after reading it back.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'vobject==0.9.9' 'tzdata==2026.6' 'pytz==2026.6' 'python-dateutil==2.9.0.post0' 'six==1.17.0'

cat > "$work/recorded" <<'END'
zones in the file: ['TZID:CST']
America/Chicago written 15:00 UTC, read 15:00 UTC
Asia/Shanghai written 01:00 UTC, read 15:00 UTC
zones in the file: ['TZID:IST']
Asia/Kolkata written 03:30 UTC, read 03:30 UTC
Asia/Jerusalem written 07:00 UTC, read 03:30 UTC
zones in the file: ['TZID:MSK']
Europe/Moscow written 06:00 UTC, read 06:00 UTC
END

(cd "$work" && venv/bin/python -W ignore -) > "$work/seen" <<'END'
import datetime as dt
import zoneinfo

import vobject


def calendar(*zones):
    file = vobject.iCalendar()
    for zone in zones:
        event = file.add("vevent")
        event.add("uid").value = zone
        event.add("dtstart").value = dt.datetime(2026, 1, 15, 9, tzinfo=zoneinfo.ZoneInfo(zone))
    return file.serialize()


for zones in (("America/Chicago", "Asia/Shanghai"), ("Asia/Kolkata", "Asia/Jerusalem"), ("Europe/Moscow",)):
    text = calendar(*zones)
    print("zones in the file:", [line for line in text.split("\r\n") if line.startswith("TZID")])
    for event in vobject.readOne(text).vevent_list:
        zone = zoneinfo.ZoneInfo(event.uid.value)
        written = dt.datetime(2026, 1, 15, 9, tzinfo=zone).astimezone(dt.timezone.utc)
        seen = event.dtstart.value.astimezone(dt.timezone.utc)
        print(event.uid.value, f"written {written:%H:%M} UTC, read {seen:%H:%M} UTC")
END

if diff -u "$work/recorded" "$work/seen"; then
  echo 'as recorded'
else
  echo 'this is no longer what was recorded' >&2
  exit 1
fi
