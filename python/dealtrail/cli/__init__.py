"""The command ``dealtrail``: data on stdout, messages on stderr; exit 0 fine, 1 data error, 2 usage.

Each module of ``GROUPS`` is a group of commands: its ``add`` registers them. A new command is a new module and its
place in ``GROUPS``.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import warnings
from collections.abc import Sequence

from dealtrail import __version__
from dealtrail._show import plain
from dealtrail.cli import (
    attribute,
    cards,
    check,
    demo,
    diff,
    duplicates,
    exits,
    falling,
    funnel,
    judge,
    links,
    load,
    missed_calls,
    pace,
    phone_numbers,
    plan,
    priority,
    reconcile,
    report,
    scan,
    stages,
    timeline,
    trace,
    waterfall,
)
from dealtrail.cli.options import DATA_ERROR, FINE, INTERRUPTED, USAGE, UsageError
from dealtrail.errors import Error, LossWarning

GROUPS = (
    demo,
    load,
    check,
    cards,
    trace,
    funnel,
    exits,
    priority,
    stages,
    waterfall,
    falling,
    attribute,
    timeline,
    diff,
    pace,
    plan,
    judge,
    reconcile,
    phone_numbers,
    missed_calls,
    duplicates,
    links,
    scan,
    report,
)
"""Modules of commands, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):  # a terminal without Cyrillic shows ?, and the command goes on
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        options = parser().parse_args(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LossWarning)  # commands print what is lost
            code: int = options.run(options)
        sys.stdout.flush()
    except UsageError as mistake:
        print(f"dealtrail {options.command}: {plain(str(mistake))}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except FileNotFoundError as trouble:
        print(f"dealtrail {options.command}: no such file: {plain(str(trouble.filename))}", file=sys.stderr)
        return DATA_ERROR
    except (Error, OSError, ImportError) as trouble:
        print(f"dealtrail {options.command}: {plain(str(trouble))}", file=sys.stderr)
        return DATA_ERROR
    return code


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    whole = argparse.ArgumentParser(
        prog="dealtrail",
        description="From money spent on a channel to the deal: exact, live, traceable channel cards.",
        epilog="Between commands the facts are in a snapshot FILE: `load` writes it, the others read it.",
    )
    whole.add_argument("--version", action="version", version=f"dealtrail {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in GROUPS:
        group.add(commands)
    return whole
