"""``dealtrail falling``: clients who buy less than they did."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import cohort as room
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import trail_of


def add(commands: Any) -> None:
    """Add the command."""
    falling = add_command(
        commands,
        "falling",
        "print which clients buy less than they did, why, and what is at stake",
        "dealtrail falling trail.dtrail --of payments --least-signals 2",
        run,
    )
    add_source(falling)
    group = falling.add_argument_group("which purchases")
    group.add_argument("--of", default="deals", choices=("deals", "payments"), help="what is a purchase")
    group.add_argument("--customer", default="company", choices=("company", "person"), help="who buys")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    group = falling.add_argument_group("which clients")
    group.add_argument("--end", metavar="DAY", help="the last day that is observed (default: of the latest purchase)")
    group.add_argument("--window-weeks", type=int, default=6, metavar="N", help="compared with the past (default: 6)")
    group.add_argument(
        "--watch-weeks", type=int, default=13, metavar="N", help="what was before is usual (default: 13)"
    )
    group.add_argument("--least-signals", type=int, default=1, metavar="N", help="of three (default: 1)")
    add_output(falling)


def run(options: argparse.Namespace) -> int:
    """Print the list."""
    trail = trail_of(options)
    bought = asked(
        lambda: room.purchases(trail, **{name: getattr(options, name) for name in ("of", "customer", "view", "as_of")})
    )
    names = ("end", "window_weeks", "watch_weeks", "least_signals")
    found = asked(lambda: room.falling(bought, **{name: getattr(options, name) for name in names}))
    write_table(found, options, trail=trail)
    for row in [*bought.problems, *found.problems]:
        if row["severity"] != "info":
            say(f"{row['code']}: {row['count']} ({row['first_values']}): {row['message']}; {row['hint']}")
    return FINE
