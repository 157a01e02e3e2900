"""``dealtrail check``: what looks wrong."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dealtrail import _show
from dealtrail._remarks import remarks
from dealtrail.cli.options import DATA_ERROR, FINE, add_command, add_output, add_source
from dealtrail.cli.output import width_of, write_table
from dealtrail.cli.reading import trail_of


def add(commands: Any) -> None:
    """Add the command."""
    check = add_command(
        commands,
        "check",
        "print what looks wrong in the facts and in the journeys to deals won; exit 1 when a finding is an error",
        "dealtrail check trail.dtrail",
        run,
    )
    add_source(check)
    add_output(check)


def run(options: argparse.Namespace) -> int:
    """Print the findings and the problems of journeys."""
    findings = remarks(trail_of(options))
    if options.format == "table":
        sys.stdout.write(_show.troubles(findings, width=width_of(options)))
    else:
        write_table(findings, options)
    return DATA_ERROR if "error" in findings["severity"] else FINE
