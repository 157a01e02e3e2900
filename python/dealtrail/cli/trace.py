"""``dealtrail trace``: the facts behind one figure of the cards."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dealtrail import _show
from dealtrail.cli.naming import event_of
from dealtrail.cli.options import FINE, add_command, add_cutting, add_output, add_source, asked, cut_of
from dealtrail.cli.output import for_people, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.table import Table
from dealtrail.trail import Trail


def add(commands: Any) -> None:
    """Add the command."""
    trace = add_command(
        commands,
        "trace",
        "print the facts behind one figure of the cards",
        "dealtrail trace trail.dtrail --key telegram --metric cost_per_attendee",
        run,
    )
    trace.add_argument("--key", required=True, help="row of the card: an id, 2026-03, (unattributed) or (total)")
    trace.add_argument("--metric", required=True, help="column of the card, such as cost_per_attendee")
    add_source(trace)
    add_cutting(trace)
    add_output(trace)


def run(options: argparse.Namespace) -> int:
    """Print the facts behind one figure."""
    trail = trail_of(options)
    key = options.key
    if options.by == "event" and not key.startswith("("):
        key = event_of(trail, key, as_of=options.as_of, sessions=True) or key
    table = asked(lambda: trail.trace(key=key, metric=options.metric, **cut_of(options)))
    if options.format == "table":
        print_trace(table, None, options, trail)
    else:
        write_table(table, options)
    return FINE


def print_trace(
    table: Table, figure: float | None, options: argparse.Namespace, trail: Trail, rows: int = 1_000_000
) -> None:
    """Print a trace and the sums of its parts."""
    sys.stdout.write(for_people(table, options, _show.TRACE_COLUMNS, trail, rows))
    parts = list(zip(table["role"], table["part"], strict=True))
    for role in dict.fromkeys(table["role"]):
        of_role = [part for its_role, part in parts if its_role == role]
        sys.stdout.write(f"{role}: {sum(of_role)} from {len(of_role)} parts\n")
    if figure is not None:
        sys.stdout.write(f"{table.meta['metric']}: {figure:.2f}\n")
