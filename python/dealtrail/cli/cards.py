"""``dealtrail cards``: what each key cost and brought."""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import Any

from dealtrail import _show
from dealtrail.cli.options import FINE, UsageError, add_command, add_cutting, add_output, add_source, asked, cut_of
from dealtrail.cli.output import width_of, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.table import Table


def add(commands: Any) -> None:
    """Add the command."""
    cards = add_command(
        commands,
        "cards",
        "print cards: what each channel (or another key) cost and brought",
        "dealtrail cards trail.dtrail --by month --format csv > months.csv",
        run,
    )
    add_source(cards)
    add_cutting(cards)
    add_output(cards)
    cards.add_argument(
        "--credit",
        metavar="MODEL",
        help="who gets guests and deals: linear, w_shaped, markov, ... (default: their source)",
    )
    cards.add_argument("--columns", metavar="A,B", help="only these columns, in this order")


def run(options: argparse.Namespace) -> int:
    """Print the cards."""
    trail = trail_of(options)
    table = asked(lambda: trail.cards(**cut_of(options), credit=options.credit))
    if options.columns:
        names = [name for name in map(str.strip, options.columns.split(",")) if name]
        unknown = [name for name in names if name not in table.columns]
        if unknown:
            raise UsageError(f"no column {unknown[0]!r}; columns: {', '.join(table.columns)}")
        table = table.select(names)
    write_table(table, options, table.columns if options.columns else _show.CARD_COLUMNS, trail)
    if options.by == "event" and options.format == "table":
        sys.stdout.write(sessions(table, width_of(options)))
    return FINE


def sessions(cards: Table, width: int) -> str:
    """Say what sessions show: it is in the row of their event, too, and once in the total."""
    if "part_of" not in cards.columns or not any(cards["part_of"]):
        return ""
    line = "rows with part_of are sessions: what they show is in the row of that event, too, and once in the total"
    return textwrap.fill(line, width or 10_000, subsequent_indent="  ") + "\n"
