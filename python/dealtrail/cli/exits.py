"""``dealtrail exits``: whom to call, a list per manager."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import _show
from dealtrail import funnel as room
from dealtrail.cli.funnel import add_guests, guests_of
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of


def add(commands: Any) -> None:
    """Add the command."""
    exits = add_command(
        commands,
        "exits",
        "print the people to call where the chain broke, a list per manager",
        "dealtrail exits trail.dtrail --event last --format csv > calls.csv",
        run,
    )
    add_source(exits)
    group = exits.add_argument_group("which lists")
    group.add_argument(
        "--list",
        dest="lists",
        action="append",
        metavar="LIST",
        help="not_registered, did_not_come, no_follow_up, no_contact, no_offer, overdue; may come again",
    )
    group.add_argument("--segment", action="append", default=[], help="worth an invitation: of not_registered")
    group.add_argument("--days", type=int, default=14, help="without contact for so long: no_contact (default: 14)")
    add_guests(group)
    add_output(exits)


def run(options: argparse.Namespace) -> int:
    """Print the lists."""
    trail = trail_of(options)
    table = asked(
        lambda: room.exits(
            trail, lists=options.lists, segments=options.segment, days=options.days, **guests_of(trail, options)
        )
    )
    write_table(table, options, _show.EXIT_COLUMNS, trail)
    return FINE
