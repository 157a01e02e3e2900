"""``dealtrail report``: one HTML file for people who do not program."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail.cli.options import FINE, add_command, add_source, asked
from dealtrail.cli.output import file_to_write, say
from dealtrail.cli.reading import trail_of
from dealtrail.html_report import report


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "report",
        "write one HTML file that needs no network: what changed, channels, events, people, data quality",
        "dealtrail report trail.dtrail --out report.html --lang en",
        run,
    )
    add_source(command)
    group = command.add_argument_group("the page")
    group.add_argument("--out", default="report.html", metavar="FILE", help="where to write (default: report.html)")
    group.add_argument(
        "--lang", default="ru", type=str.lower, choices=("ru", "en"), help="of texts and numbers (default: ru)"
    )
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")


def run(options: argparse.Namespace) -> int:
    """Write the page."""
    out = file_to_write("--out", options.out, "report.html", source=options.source)
    trail = trail_of(options)
    asked(lambda: report(trail, out, lang=options.lang, view=options.view, as_of=options.as_of))
    say(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    return FINE
