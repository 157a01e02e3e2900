"""``dealtrail timeline``: the story of one person, company or deal."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import _show
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import trail_of


def add(commands: Any) -> None:
    """Add the command."""
    timeline = add_command(
        commands,
        "timeline",
        "print the story of one person, company or deal in order of time, with money",
        "dealtrail timeline trail.dtrail --deal bitrix24:3004",
        run,
    )
    whose = timeline.add_mutually_exclusive_group(required=True)
    for kind in ("person", "company", "deal"):
        whose.add_argument(f"--{kind}", metavar="ID", help=f"of this {kind}")
    add_source(timeline)
    add_output(timeline)


def run(options: argparse.Namespace) -> int:
    """Print the story."""
    trail = trail_of(options)
    table = asked(lambda: trail.timeline(person=options.person, company=options.company, deal=options.deal))
    if options.format == "table":
        table = _show.named_parts(table, "what", _show.names_of(trail, "events", "name"), ", ")
    write_table(table, options, _show.TIMELINE_COLUMNS, trail)
    return FINE
