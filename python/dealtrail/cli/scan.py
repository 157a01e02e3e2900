"""``dealtrail tickets`` and ``dealtrail scan``: codes before the day, and the door on the day."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from dealtrail import checkin
from dealtrail._show import plain
from dealtrail._zone import clock_of
from dealtrail.cli.naming import EVENT_HELP, event_of
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import snapshot_of, trail_of
from dealtrail.cli.scan_file import ScanFile


def add(commands: Any) -> None:
    """Add the commands."""
    tickets = add_command(
        commands,
        "tickets",
        "print the signed codes of an event's registrations, and write them as QR pictures",
        "dealtrail tickets expo-2026 trail.dtrail --key organiser.key --out tickets",
        run_tickets,
    )
    tickets.add_argument("event", metavar="EVENT", help=f"of an event or session: {EVENT_HELP}")
    add_source(tickets)
    _add_key(tickets)
    tickets.add_argument("--out", metavar="DIR", help="write a QR picture of each code here")
    tickets.add_argument("--pictures", default="svg", metavar="SORTS", help="svg, png or svg,png (default: svg)")
    add_output(tickets)

    scan = add_command(
        commands,
        "scan",
        "answer codes that a scanner types, a line each, and keep each arrival at once beside FILE",
        "dealtrail scan expo-2026 trail.dtrail --key organiser.key",
        run_scan,
    )
    scan.add_argument("event", metavar="EVENT", help=f"whose door this is, an event or session: {EVENT_HELP}")
    scan.add_argument("file", metavar="FILE", help="the snapshot; arrivals are added to FILE.scans.jsonl")
    _add_key(scan)


def _add_key(command: argparse.ArgumentParser) -> None:
    command.add_argument("--key", required=True, metavar="KEYFILE", help="the organiser's secret, 16 bytes or more")


def run_tickets(options: argparse.Namespace) -> int:
    """Print codes, write pictures."""
    sorts = options.pictures.split(",")
    if not set(sorts) <= {"svg", "png"}:
        raise UsageError("--pictures is svg, png or svg,png")
    key = _key_of(options)
    trail = trail_of(options)
    event = event_of(trail, options.event, sessions=True) or ""
    table = asked(lambda: checkin.codes(trail, event, key))
    if options.out:
        say(f"{options.out}: {len(checkin.write_tickets(trail, event, key, options.out, sorts))} pictures")
    write_table(table, options)
    return FINE


def run_scan(options: argparse.Namespace) -> int:
    """Answer line after line until the input ends."""
    file = Path(options.file)
    if str(file) == "-":
        raise UsageError("FILE is a snapshot on the disk: stdin is the scanner")
    key = _key_of(options)
    trail = snapshot_of(file)
    event = event_of(trail, options.event, sessions=True) or ""
    door = asked(lambda: checkin.Door(trail, event, key))
    wall = clock_of(trail.zone)
    counts: Counter[str] = Counter()
    scans = ScanFile(file)
    try:
        for line in lines(sys.stdin.fileno()):
            with scans.locked() as news:
                door.note(news)
                answer = door.scan(line, now())
                if answer.facts:
                    scans.add(answer.facts)
            counts[answer.verdict] += 1
            sys.stdout.write(said(answer, wall) + "\n")
            sys.stdout.flush()
    finally:
        scans.close()
        shown = ("came", "walk_in", "second_scan", "refused")
        say(", ".join(f"{counts[verdict]} {verdict.replace('_', ' ')}" for verdict in shown))
    return FINE


def now() -> datetime:
    """Give the time; the only clock of the package."""
    return datetime.now(timezone.utc)


def said(answer: checkin.Answer, wall: Any) -> str:
    """Give the line that the door shows."""
    if answer.verdict == "refused":
        return plain(f"REFUSED  {answer.reason}: {answer.text}")
    if answer.verdict == "second_scan":
        when = f" {answer.at.astimezone(wall):%H:%M}" if answer.at else ""
        return plain(f"second scan{when}  {answer.text}")
    return plain(f"{'walk-in' if answer.verdict == 'walk_in' else 'came'}  {answer.text}")


def lines(file: int) -> Iterator[str]:
    """Give lines as they are typed; a scanner may end them by CR, LF or both, and the last one by nothing."""
    rest = b""
    while chunk := os.read(file, 4096):
        *whole, rest = re.split(rb"[\r\n]", rest + chunk)
        yield from (line.decode("utf-8", "replace") for line in whole if line.strip())
    if rest.strip():
        yield rest.decode("utf-8", "replace")


def _key_of(options: argparse.Namespace) -> bytes:
    return Path(options.key).read_bytes()
