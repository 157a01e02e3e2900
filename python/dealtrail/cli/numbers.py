"""``dealtrail numbers``: what is wrong with telephone numbers, and who was not called back."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import sources
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of

AUDIT_COLUMNS = (
    *("problem", "number", "calls", "callers", "cost", "first_call", "last_call", "channel", "announcement"),
    *("to_announcement", "key", "to_key", "to_channel", "from", "until"),
)
MISSED_COLUMNS = (
    *("at", "kind", "phone", "minutes_waited", "called_back", "answered_at", "channel", "won_per_lead", "manager"),
    *("person", "touch", "answered_by", "brand", "pipeline", "announcement", "client_id"),
)


def add(commands: Any) -> None:
    """Add the command."""
    numbers = add_command(
        commands,
        "numbers",
        "print what is wrong with telephone numbers: ring but unknown, paid but silent, moved, covered twice",
        "dealtrail numbers trail.dtrail --window-days 14",
        run,
    )
    add_source(numbers)
    group = numbers.add_argument_group("which numbers")
    group.add_argument(
        "--window-days", type=int, default=30, metavar="DAYS", help="without a call for so long: silent (default: 30)"
    )
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    group.add_argument("--missed", action="store_true", help="instead: calls and forms that nobody has answered yet")
    add_output(numbers)


def run(options: argparse.Namespace) -> int:
    """Print the problems, or the requests that wait."""
    trail = trail_of(options)
    if options.missed:
        waiting = asked(lambda: sources.missed_calls(trail, state="waiting", as_of=options.as_of))
        write_table(waiting, options, preferred=MISSED_COLUMNS)
        return FINE
    audit = asked(lambda: sources.phone_audit(trail, as_of=options.as_of, window_days=options.window_days))
    write_table(audit, options, preferred=AUDIT_COLUMNS)
    return FINE
