"""What commands share before they run: options, exit codes, mistakes of who typed them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from dealtrail.errors import InvalidArgumentError, ParseError, UnknownNameError

Answer = TypeVar("Answer")
FINE, DATA_ERROR, USAGE, INTERRUPTED = 0, 1, 2, 130
WIDTH = 120
"""Of tables when stdout is no terminal."""


class UsageError(Exception):
    """The command cannot mean what was typed."""


def asked(question: Callable[[], Answer]) -> Answer:
    """Answer, and take a wrong name or time for a mistake of who typed it."""
    try:
        return question()
    except (UnknownNameError, InvalidArgumentError, ParseError) as error:
        raise UsageError(str(error)) from error


def add_command(
    commands: Any, name: str, purpose: str, example: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """Add a command with an example in its help."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", epilog=f"example: {example}"
    )
    command.set_defaults(run=run)
    return command


def add_source(command: argparse.ArgumentParser) -> None:
    """Add FILE, and the options by which an export takes its place."""
    command.add_argument("source", metavar="FILE", help="a snapshot, or with --profile an export; `-` is stdin")
    add_reading(command, needed=False)


def add_reading(command: argparse.ArgumentParser, *, needed: bool) -> None:
    """Add how an export is read, and what a new Trail counts in."""
    group = command.add_argument_group("reading an export")
    group.add_argument(
        "--profile", required=needed, metavar="P", help="a built-in name such as bitrix24, or a JSON file"
    )
    group.add_argument("--method", default="", metavar="METHOD", help="of the profile, that SOURCE is an answer of")
    group.add_argument("--prefix", default="", help="replaces the profile's source in ids and links")
    group.add_argument("--rules", metavar="JSON", help="outcome rules: how a view sees the outcome of deals")
    group.add_argument("--currency", help="of a new Trail: ISO 4217 code (default: RUB)")
    group.add_argument("--zone", help="of a new Trail: an IANA name or +03:00 (default: UTC)")
    group.add_argument("--vat", choices=("gross", "net"), help="of a new Trail (default: gross)")
    group.add_argument("--lookback-days", type=int, metavar="DAYS", help="of a new Trail (default: 90)")
    if needed:
        group.add_argument("--full", action="store_true", help="this is all that the source has: the rest goes")
        group.add_argument(
            "--max-shrinkage",
            type=float,
            default=0.2,
            metavar="SHARE",
            help="of --full: what may go (default: 0.2)",
        )
        group.add_argument(
            "--whole", action="store_true", help="of --full: answers without a total, such as CSV, are all there is"
        )


def add_cutting(command: argparse.ArgumentParser) -> None:
    """Add which cards are meant."""
    group = command.add_argument_group("which cards")
    group.add_argument("--by", default="channel", help="channel, announcement, event, partner, month or a column")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--clock", default="activity", choices=("activity", "placement", "approval"), help="of time")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    group.add_argument("--period", help="only 2026-03-14, 2026-W11, 2026-03, 2026-Q1, 2026, A..B or `last 30 days`")


def cut_of(options: argparse.Namespace) -> dict[str, Any]:
    """Give the options of cards and trace."""
    return {name: getattr(options, name) for name in ("by", "view", "clock", "as_of", "period")}


def add_output(command: argparse.ArgumentParser) -> None:
    """Add how tables are written."""
    group = command.add_argument_group("output")
    group.add_argument(
        "--format", default="table", choices=("table", "json", "csv", "parquet"), help="(default: table)"
    )
    add_width(group)


def add_width(command: Any) -> None:
    """Add how wide tables may be."""
    command.add_argument("--width", type=int, help=f"of tables, 0: any (default: the terminal's, else {WIDTH})")
