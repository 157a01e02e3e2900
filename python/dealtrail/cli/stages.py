"""``dealtrail stages``: how deals go through the stages of their pipelines."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import funnel as room
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of
from dealtrail.cli.waterfall import tell


def add(commands: Any) -> None:
    """Add the command."""
    stages = add_command(
        commands,
        "stages",
        "print how many deals entered each stage, how they left it, how long they stayed",
        "dealtrail stages trail.dtrail --by manager --exclude-left",
        run,
    )
    add_source(stages)
    group = stages.add_argument_group("which stages")
    group.add_argument("--pipeline", metavar="NAME", help="only this one")
    group.add_argument("--by", help="manager, or another column of deals")
    group.add_argument("--owner", default="then", choices=("then", "now"), help="whose a visit of a stage is")
    group.add_argument("--exclude-left", action="store_true", help="without visits of managers who have left")
    group.add_argument("--exclude-manager", action="append", default=[], metavar="ID", help="without this one's visits")
    group.add_argument("--stage", action="append", default=[], metavar="NAME", help="the stages in their order")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    add_output(stages)


def run(options: argparse.Namespace) -> int:
    """Print the stages."""
    trail = trail_of(options)
    found = asked(
        lambda: room.stages(
            trail,
            exclude_managers=options.exclude_manager,
            order=options.stage,
            **{name: getattr(options, name) for name in ("pipeline", "by", "owner", "exclude_left", "view")},
        )
    )
    write_table(found, options, trail=trail)
    tell(found.problems)
    return FINE
