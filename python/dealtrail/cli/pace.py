"""``dealtrail pace``: registrations before the day, beside past editions."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail.cli.naming import EVENT_HELP, event_of
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of
from dealtrail.pace import pace, pace_curve, pace_editions

COLUMNS = (
    *("event", "days_to_go", "registrations", "expected_guests", "goal_guests", "reason", "past_median"),
    *("missing_registrations", "expected_registrations"),
    *("expected_guests_low", "expected_guests_high", "registrations_needed", "missing_cost"),
    *("hall", "basis", "editions", "missing_announcements", "capacity", "name"),
)


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "pace",
        "print how events to come stand against past editions at the same time before their start",
        "dealtrail pace trail.dtrail --event next --as-of 2026-06-10",
        run,
    )
    add_source(command)
    command.add_argument("--event", metavar="EVENT", help=f"only this one: {EVENT_HELP}; default: all to come")
    command.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--editions", action="store_true", help="of --event: the past editions it is compared with")
    shown.add_argument("--curve", action="store_true", help="of --event: registrations by days to go, for a chart")
    add_output(command)


def run(options: argparse.Namespace) -> int:
    """Print the table."""
    if (options.editions or options.curve) and not options.event:
        raise UsageError("--editions and --curve are of one --event")
    trail = trail_of(options)
    event = event_of(trail, options.event, as_of=options.as_of)
    if options.editions or options.curve:
        part = pace_editions if options.editions else pace_curve
        write_table(asked(lambda: part(trail, event or "", as_of=options.as_of)), options, trail=trail)
    else:
        write_table(asked(lambda: pace(trail, event, as_of=options.as_of)), options, COLUMNS, trail)
    return FINE
