"""``dealtrail funnel``: how many were invited, registered, came, were interested, bought."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import _show
from dealtrail import funnel as room
from dealtrail.cli.naming import EVENT_HELP, event_of
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of
from dealtrail.trail import Trail


def add(commands: Any) -> None:
    """Add the command."""
    funnel = add_command(
        commands,
        "funnel",
        "print the funnel of events: invited, registered, came, interested, deal, won",
        "dealtrail funnel trail.dtrail --by segment --period 2026-Q1",
        run,
    )
    add_source(funnel)
    group = funnel.add_argument_group("which funnel")
    group.add_argument("--by", default="event", help="event, channel, segment, brand, manager, month or a column")
    group.add_argument(
        "--period",
        help="only events that start in 2026-03-14, 2026-W11, 2026-03, 2026-Q1, 2026, A..B or `last 30 days`",
    )
    group.add_argument("--order", default="any", choices=("any", "strict"), help="strict: only who did all steps")
    group.add_argument("--first", default="invited", metavar="STEP", help="of a strict chain (default: invited)")
    group.add_argument("--exclude-left", action="store_true", help="without guests whose manager has left")
    group.add_argument("--exclude-manager", action="append", default=[], metavar="ID", help="without this one's guests")
    add_guests(group)
    add_output(funnel)


def add_guests(group: Any) -> None:
    """Add which guests are meant."""
    group.add_argument("--event", metavar="EVENT", help=f"only this one: {EVENT_HELP}")
    group.add_argument("--manager", action="append", metavar="ID", help="only of this manager; may come again")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")


def guests_of(trail: Trail, options: argparse.Namespace) -> dict[str, Any]:
    """Give which guests are meant."""
    event = event_of(trail, options.event, as_of=options.as_of)
    return {"event": event, **{name: getattr(options, name) for name in ("manager", "view", "as_of")}}


def run(options: argparse.Namespace) -> int:
    """Print the funnel."""
    trail = trail_of(options)
    table = asked(
        lambda: room.funnel(
            trail,
            by=options.by,
            period=options.period,
            order=options.order,
            first=options.first,
            exclude_left=options.exclude_left,
            exclude_managers=options.exclude_manager,
            **guests_of(trail, options),
        )
    )
    write_table(table, options, _show.FUNNEL_COLUMNS, trail)
    return FINE
