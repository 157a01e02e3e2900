"""``dealtrail reconcile``: two CSV files side by side."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from dealtrail import _core, _show
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, asked
from dealtrail.cli.output import say, write_table
from dealtrail.reconcile import Reconciliation, reconcile
from dealtrail.table import Table

PARTS = (
    "summary",
    "differences",
    "matched",
    "only_a",
    "only_b",
    "duplicates_a",
    "duplicates_b",
    "lines",
    "sums",
    "corrections",
    "reasons",
    "problems",
)


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "reconcile",
        "compare two CSV files by key: what is in one alone, what differs and why",
        "dealtrail reconcile crm.csv admin.csv --on contract --amount amount --at paid_at --by manager --show lines",
        run,
    )
    command.add_argument("a", metavar="A", help="a CSV file")
    command.add_argument("b", metavar="B", help="a CSV file")
    group = command.add_argument_group("columns; one with two names is A_NAME=B_NAME")
    group.add_argument("--on", action="append", required=True, metavar="COLUMN", help="the key; may come again")
    group.add_argument("--amount", metavar="COLUMN", help="amounts in major units")
    group.add_argument("--at", metavar="COLUMN", help="times or dates")
    group.add_argument("--status", metavar="COLUMN", help="statuses")
    group.add_argument("--by", metavar="COLUMN", help="who the sums are by, such as the manager")
    group.add_argument("--currency-column", metavar="COLUMN", help="codes beside the amounts")
    group = command.add_argument_group("how they are compared")
    group.add_argument("--every", default="month", choices=("day", "week", "month", "quarter", "year"))
    group.add_argument("--tolerance", default="0", metavar="AMOUNT", help="amounts are equal up to this")
    group.add_argument("--relative", default="0", metavar="SHARE", help="and this share of the second one")
    group.add_argument("--names", metavar="A,B", help="of the two tables (default: of the files)")
    group.add_argument("--prefer", action="append", default=[], metavar="COLUMN=NAME", help="which table is right")
    group.add_argument(
        "--same-status", action="append", default=[], metavar="ONE=OTHER", help="statuses that are equal"
    )
    group.add_argument("--commission", action="append", default=[], metavar="SHARE", help="such as 0.07")
    group.add_argument("--currency", help="ISO 4217 code that is summed")
    group.add_argument("--zone", help="IANA name or +03:00 (default: UTC)")
    group.add_argument("--show", default="summary", choices=PARTS, help="what is printed (default: summary)")
    add_output(command)


def run(options: argparse.Namespace) -> int:
    """Compare, and print one part."""
    tables = []
    for file in (options.a, options.b):
        if not Path(file).is_file():
            raise UsageError(f"{file} is no file; name a CSV file")
        table = Table(_core.csv_table(file))
        if line := table.meta.get("total_on_line"):
            say(f"{file}: line {line} is a row of totals and is left out")
        tables.append(table)
    found = asked(lambda: compared(tables[0], tables[1], options))
    if options.show != "summary":
        write_table(getattr(found, options.show), options)
    elif options.format == "table":
        sys.stdout.write(found.summary.translate(_show.CONTROLS))
    else:
        write_table(found.reasons, options)
    for row in found.problems:
        if row["severity"] != "info" and options.show != "problems":
            say(f"{row['table']}: {row['count']} {row['message']} ({row['code']}, {row['column']}); {row['hint']}")
    return FINE


def compared(a: Table, b: Table, options: argparse.Namespace) -> Reconciliation:
    """Compare the two tables by the options."""
    names = options.names.split(",") if options.names else [Path(options.a).stem, Path(options.b).stem]
    if len(names) != 2:
        raise UsageError("--names is two names with a comma between, such as crm,admin")
    if names[0] == names[1]:
        names = [f"{names[0]} (A)", f"{names[1]} (B)"]
    return reconcile(
        a,
        b,
        on=[named(one) for one in options.on],
        amount=named_or_none(options.amount),
        at=named_or_none(options.at),
        status=named_or_none(options.status),
        by=named_or_none(options.by),
        currency_column=named_or_none(options.currency_column),
        every=options.every,
        tolerance=number(options.tolerance),
        relative=number(options.relative),
        names=(names[0], names[1]),
        prefer=dict(halves(one, "--prefer") for one in options.prefer),
        zone=options.zone,
        currency=options.currency,
        commission=[number(one) for one in options.commission],
        same_status=dict(halves(one, "--same-status") for one in options.same_status),
    )


def named(column: str) -> str | tuple[str, str]:
    """Read ``contract`` or ``contract=contract_no``."""
    first, equals, second = column.partition("=")
    return (first, second) if equals else column


def named_or_none(column: str | None) -> str | tuple[str, str] | None:
    """Read a column that may be left out."""
    return None if column is None else named(column)


def halves(text: str, option: str) -> tuple[str, str]:
    """Read ``one=other``."""
    first, equals, second = text.partition("=")
    if not equals:
        raise UsageError(f"{option} is two names with = between, found {text!r}")
    return first, second


def number(text: str) -> Any:
    """Read an exact number."""
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"not a number: {text!r}") from error
