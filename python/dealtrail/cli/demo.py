"""``dealtrail demo``: what there is to see, on made-up exports."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from dealtrail import _show
from dealtrail.cli.options import FINE, UsageError, add_command, add_width
from dealtrail.cli.output import heading, print_report, say, width_of
from dealtrail.cli.trace import print_trace
from dealtrail.table import Table
from dealtrail.trail import Trail


def add(commands: Any) -> None:
    """Add the command."""
    demo = add_command(
        commands,
        "demo",
        "load a made-up organiser's exports; print the load report, channel cards, one trace, the findings",
        "dealtrail demo --keep demo-export",
        run,
    )
    demo.add_argument(
        "--keep", metavar="DIR", help="write the exports here and leave them (default: a temporary folder)"
    )
    demo.add_argument("--people", type=int, default=3000, help="contacts of the portal, at least 50 (default: 3000)")
    demo.add_argument("--seed", type=int, default=1, help="the same seed gives the same exports (default: 1)")
    add_width(demo)


def run(options: argparse.Namespace) -> int:
    """Load the demo's exports and show what there is to see."""
    from dealtrail.demo import write_export

    if options.people < 50:
        raise UsageError("--people must be at least 50")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary)
        say(f"writing the exports of a made-up organiser into {options.keep or 'a temporary folder'}")
        write_export(folder, seed=options.seed, people=options.people)
        trail = Trail(currency="RUB", zone="Europe/Moscow")
        for export, profile in (("bitrix24", "profile.json"), ("calltracking", "calltracking.json")):
            report = trail.load(folder / export, folder / profile)
            heading(f"load {export}/ by {profile}")
            print_report(report, options)
        trail.set_rules((folder / "rules.json").read_text(encoding="utf-8"))
    cards = trail.cards()
    heading("cards by channel")
    sys.stdout.write(_show.text(cards, width=width_of(options), preferred=_show.CARD_COLUMNS))
    best = best_channel(cards)
    if best is not None:
        heading(f"trace of cost_per_attendee of {best['name']} ({best['key']})")
        print_trace(
            trail.trace(key=best["key"], metric="cost_per_attendee"), best["cost_per_attendee"], options, trail, rows=10
        )
    heading("findings")
    sys.stdout.write(_show.troubles(trail.findings(), width=width_of(options)))
    return FINE


def best_channel(cards: Table) -> dict[str, Any] | None:
    """Give the card of the channel whose guests cost least, of those that cost something and brought a dozen."""
    known = [row for row in cards.to_dicts()[:-2] if row["cost"] and (row["attended"] or 0) >= 12]
    return min(known, key=lambda row: (row["cost_per_attendee"], row["key"]), default=None)
