"""``dealtrail waterfall``: why the open amount of the deals changed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dealtrail import funnel as room
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import snapshot_of, trail_of


def add(commands: Any) -> None:
    """Add the command."""
    waterfall = add_command(
        commands,
        "waterfall",
        "print why the open amount of the deals changed between two dates, or since another snapshot",
        "dealtrail waterfall trail.dtrail --start 2026-02-28 --end 2026-03-31 --closing 2026-Q2",
        run,
    )
    add_source(waterfall)
    group = waterfall.add_argument_group("which waterfall")
    group.add_argument("--start", metavar="TIME", help="2026-02-28: the end of that day")
    group.add_argument("--end", metavar="TIME", help="as --start")
    group.add_argument("--before", metavar="FILE", help="instead of dates: an earlier snapshot")
    group.add_argument("--closing", metavar="PERIOD", help="only deals that are expected to close in it: 2026-Q2")
    group.add_argument("--by", help="manager, pipeline, stage or another column of deals")
    group.add_argument("--pipeline", metavar="NAME", help="only deals of this pipeline")
    group.add_argument("--manager", metavar="ID", help="only deals of this manager")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--deals", metavar="BAR", help="the deals of a bar in place of the bars")
    add_output(waterfall)


def run(options: argparse.Namespace) -> int:
    """Print the bars, or the deals of one."""
    trail = trail_of(options)
    before = None if options.before is None else snapshot_of(Path(options.before))
    names = ("closing", "by", "pipeline", "manager", "view")
    found = asked(
        lambda: room.waterfall(
            trail, options.start, options.end, before=before, **{name: getattr(options, name) for name in names}
        )
    )
    write_table(asked(lambda: found.deals(options.deals)) if options.deals else found, options, trail=trail)
    tell(found.problems)
    return FINE


def tell(problems: Any) -> None:
    """Say what a result could not know."""
    for row in problems:
        if row["severity"] != "info":
            ids = f" ({row['first_ids']})" if row["first_ids"] else ""
            say(f"{row['code']}: {row['count']}{ids}: {row['message']}; {row['hint']}")
