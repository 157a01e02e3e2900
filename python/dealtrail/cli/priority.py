"""``dealtrail priority``: in which order to follow up, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dealtrail import _show
from dealtrail import funnel as room
from dealtrail.cli.funnel import add_guests, guests_of
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of


def add(commands: Any) -> None:
    """Add the command."""
    priority = add_command(
        commands,
        "priority",
        "print in which order to follow up the guests of events, a list per manager, with reasons",
        "dealtrail priority trail.dtrail --event last --format csv > follow-up.csv",
        run,
    )
    add_source(priority)
    group = priority.add_argument_group("which order")
    group.add_argument("--priority-rules", metavar="JSON", help="rules that give points (default: those built in)")
    add_guests(group)
    add_output(priority)


def run(options: argparse.Namespace) -> int:
    """Print the order."""
    rules = None if options.priority_rules is None else Path(options.priority_rules).read_text(encoding="utf-8")
    trail = trail_of(options)
    table = asked(lambda: room.priority(trail, rules=rules, **guests_of(trail, options)))
    write_table(table, options, _show.PRIORITY_COLUMNS, trail)
    return FINE
