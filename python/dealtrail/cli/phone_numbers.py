"""``dealtrail phone-numbers``: what is wrong with telephone numbers."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import answers
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of

COLUMNS = (
    *("problem", "number", "calls", "callers", "cost", "first_call", "last_call", "channel", "announcement"),
    *("to_announcement", "key", "to_key", "to_channel", "from", "until"),
)


def add(commands: Any) -> None:
    """Add the command."""
    numbers = add_command(
        commands,
        "phone-numbers",
        "print what is wrong with telephone numbers: ring but unknown, paid but silent, moved, covered twice",
        "dealtrail phone-numbers trail.dtrail --window-days 14",
        run,
    )
    add_source(numbers)
    group = numbers.add_argument_group("which numbers")
    group.add_argument(
        "--window-days", type=int, default=30, metavar="DAYS", help="silent: no call for so many days (default: 30)"
    )
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    add_output(numbers)


def run(options: argparse.Namespace) -> int:
    """Print a row per problem of a number."""
    trail = trail_of(options)
    audit = asked(lambda: answers.phone_audit(trail, as_of=options.as_of, window_days=options.window_days))
    write_table(audit, options, COLUMNS, trail)
    return FINE
