"""``dealtrail missed-calls``: calls, forms and chats that nobody has answered yet."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import answers
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of

COLUMNS = (
    *("at", "kind", "phone", "minutes_waited", "channel", "manager", "won_per_lead", "called_back", "answered_at"),
    *("person", "touch", "answered_by", "brand", "pipeline", "announcement", "client_id"),
)


def add(commands: Any) -> None:
    """Add the command."""
    missed = add_command(
        commands,
        "missed-calls",
        "print calls, forms and chats that wait for an answer, and for how long",
        "dealtrail missed-calls trail.dtrail --format csv",
        run,
    )
    add_source(missed)
    missed.add_argument_group("which requests").add_argument(
        "--as-of", metavar="TIME", help="what happened later does not count"
    )
    add_output(missed)


def run(options: argparse.Namespace) -> int:
    """Print a row per request that waits."""
    trail = trail_of(options)
    waiting = asked(lambda: answers.missed_calls(trail, state="waiting", as_of=options.as_of))
    write_table(waiting, options, COLUMNS, trail)
    return FINE
