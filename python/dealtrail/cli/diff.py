"""``dealtrail diff``: what changed in the cards between two states, fact by fact."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dealtrail import _show
from dealtrail.cli.options import FINE, UsageError, add_command, add_cutting, add_output, asked, cut_of
from dealtrail.cli.output import write_table
from dealtrail.cli.reading import snapshot_of


def add(commands: Any) -> None:
    """Add the command."""
    diff = add_command(
        commands,
        "diff",
        "print what changed in the cards between two snapshots, or two periods of one, fact by fact",
        "dealtrail diff monday.dtrail friday.dtrail --by event",
        run,
    )
    diff.add_argument("before", metavar="FILE", help="the earlier snapshot")
    diff.add_argument("after", metavar="FILE", help="the later snapshot; the same one to compare two periods of it")
    add_cutting(diff)
    group = diff.add_argument_group("of the earlier side, where they differ")
    group.add_argument("--before-period", metavar="PERIOD", help="such as 2026-Q1, with --period 2026-Q2")
    group.add_argument("--before-as-of", metavar="TIME", help="what happened later does not count there")
    add_output(diff)


def run(options: argparse.Namespace) -> int:
    """Print the changes."""
    if options.before == options.after == "-":
        raise UsageError("stdin holds one snapshot; the other one must be a file")
    before = snapshot_of(Path(options.before))
    after = before if options.after == options.before else snapshot_of(Path(options.after))
    table = asked(
        lambda: after.diff(
            before,
            before_period=options.before_period,
            before_as_of=options.before_as_of,
            **cut_of(options),
        )
    )
    write_table(table, options, _show.DIFF_COLUMNS, after)
    return FINE
