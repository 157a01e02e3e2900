"""``dealtrail judge``, ``overheat`` and ``rating``: are channels and partners good enough, and do they get worse."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from dealtrail import evidence
from dealtrail.cli.options import FINE, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.table import Table
from dealtrail.trail import Trail

JUDGED = ("key", "state", "placements", "count", "cost_per", "cost_low", "cost_high", "benchmark", "verdict", "why")
RATED = ("key", "value", "shrunk", "low", "high", "rank_low", "rank_high", "cause", "figure", "cure")
OVERHEATED = ("key", "placements", "cost_first", "cost_later", "ratio", "trend", "elasticity", "signals", "why")


def add(commands: Any) -> None:
    """Add the commands."""
    judge = _add(
        commands,
        "judge",
        "print which channels to keep, to drop or to test again after a few placements",
        run_judge,
    )
    judge.add_argument("--benchmark", type=float, metavar="COST", help="of one result (default: the other channels)")
    overheat = _add(
        commands, "overheat", "print which channels get dearer with spend, fall, or are below their plan", run_overheat
    )
    overheat.add_argument("--plan", type=float, metavar="COST", help="that one result was expected to cost")
    rating = add_command(
        commands,
        "rating",
        "rate partners or channels, fair to small ones, and tell why some are ineffective",
        "dealtrail rating trail.dtrail --by channel",
        run_rating,
    )
    add_source(rating)
    rating.add_argument("--by", default="partner", choices=("partner", "channel"))
    rating.add_argument(
        "--metric",
        default="revenue_per_month",
        help="or won_per_month, lead_to_deal, roi_revenue (default: revenue_per_month)",
    )
    rating.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    rating.add_argument("--period", help="only what happened in 2026-03, 2026-Q1 or 2026")
    add_output(rating)


def _add(commands: Any, name: str, purpose: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    command = add_command(commands, name, purpose, f"dealtrail {name} trail.dtrail --metric cost_per_deal", run)
    add_source(command)
    command.add_argument(
        "--metric",
        default="cost_per_attendee",
        help="what counts: cost_per_registration, cost_per_deal, cac, show_rate, … (default: cost_per_attendee)",
    )
    command.add_argument("--by", default="channel", help="or creative, format, partner, another column")
    command.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    command.add_argument("--period", help="only announcements published in 2026-03, 2026-Q1 or 2026")
    add_output(command)
    return command


def run_judge(options: argparse.Namespace) -> int:
    """Print the verdicts."""
    return _run(options, JUDGED, lambda trail, how: evidence.judge(trail, benchmark=options.benchmark, **how))


def run_overheat(options: argparse.Namespace) -> int:
    """Print the signals."""
    return _run(options, OVERHEATED, lambda trail, how: evidence.overheat(trail, plan=options.plan, **how))


def run_rating(options: argparse.Namespace) -> int:
    """Print the rating, and what belongs to no key."""
    trail = trail_of(options)
    how = {name: getattr(options, name) for name in ("by", "metric", "as_of", "period")}
    table = asked(lambda: evidence.rating(trail, **how))
    write_table(table, options, preferred=RATED)
    for name in ("unattributed_won", "undated_won", "won_without_rate", "won_without_amount", "months_below_zero"):
        if table.meta[name] != "0":
            say(f"{name}: {table.meta[name]}: not in the rating")
    return FINE


def _run(
    options: argparse.Namespace, columns: tuple[str, ...], answer: Callable[[Trail, dict[str, Any]], Table]
) -> int:
    trail = trail_of(options)
    how = {name: getattr(options, name) for name in ("metric", "by", "as_of", "period")}
    write_table(asked(lambda: answer(trail, how)), options, preferred=columns)
    for row in evidence.problems(trail, **how):
        if row["severity"] != "info":
            say(f"{row['code']}: {row['count']} ({row['first_ids']}): {row['message']}; {row['hint']}")
    return FINE
