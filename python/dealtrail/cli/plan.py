"""``dealtrail plan``: how much money each channel gets now, how much is proposed, and why."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dealtrail.cli.naming import EVENT_HELP, event_of
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.plan import plan

COLUMNS = ("key", "today", "proposed", "change", "response_today", "response", "why", "marginal_return", "limit")


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "plan",
        "print how a budget is best divided over channels, or what is missing to the goal of an event",
        "dealtrail plan trail.dtrail --budget 300000",
        run,
    )
    add_source(command)
    command.add_argument("--budget", type=float, metavar="MONEY", help="of a period; with --event on top of its cost")
    command.add_argument("--event", metavar="EVENT", help=f"the least money that reaches its goal: {EVENT_HELP}")
    command.add_argument("--goal", type=float, metavar="N", help="of --event (default: its own)")
    command.add_argument("--metric", default="attended", help="a count of cards, or amount_won (default: attended)")
    command.add_argument(
        "--period", default="month", choices=("day", "week", "month", "quarter", "year"), help="of the budget"
    )
    command.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    command.add_argument("--certificate", metavar="FILE", help="write the proof, for verify_certificate.py")
    add_output(command)


def run(options: argparse.Namespace) -> int:
    """Print the plan; channels without a curve are told on stderr."""
    if options.budget is None and not options.event:
        raise UsageError("plan needs --budget or --event")
    trail = trail_of(options)
    event = event_of(trail, options.event, as_of=options.as_of)
    made = asked(
        lambda: plan(
            trail,
            budget=options.budget,
            event=event,
            goal=options.goal,
            metric=options.metric,
            period=options.period,
            as_of=options.as_of,
        )
    )
    if options.certificate:
        Path(options.certificate).write_text(made.certificate(), encoding="utf-8")
    write_table(made.table, options, preferred=COLUMNS)
    if made.goal is not None and made.expected is not None:
        say(f"goal {made.goal:g}, expected without the plan {made.expected:.4g}")
    say(f"proved: no plan brings more than {made.bound:.6g} (this one {made.value:.6g})")
    for row in made.unplanned:
        say(f"not planned: {row['key']}: {row['reason']}")
    return FINE
