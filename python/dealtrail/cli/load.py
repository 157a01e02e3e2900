"""``dealtrail load``: an export into a snapshot file."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from dealtrail.cli.options import FINE, add_command, add_output, add_reading
from dealtrail.cli.output import file_to_write, print_report, say, write_table
from dealtrail.cli.reading import load_export, new_trail, opened, write_snapshot

REPORT_TABLES = ("counts", "methods", "files", "problems", "columns_not_read", "removed")


def add(commands: Any) -> None:
    """Add the command."""
    load = add_command(
        commands,
        "load",
        "read an export by a profile into a snapshot file, and print what was read and left out",
        "dealtrail load export/ --profile bitrix24 --currency RUB --zone Europe/Moscow --into trail.dtrail",
        run,
    )
    load.add_argument("source", metavar="SOURCE", help="a file or folder; `-` is stdin")
    load.add_argument("--into", required=True, metavar="FILE", help="the snapshot; facts are added when it is there")
    load.add_argument("--report", choices=REPORT_TABLES, help="print only this table of the report")
    add_reading(load, needed=True)
    add_output(load)


def run(options: argparse.Namespace) -> int:
    """Read an export into a snapshot file."""
    into = file_to_write("--into", options.into, "trail.dtrail", source=options.source)
    trail = opened(into, options) if into.exists() else new_trail(options)
    report = load_export(trail, options)
    write_snapshot(into, trail.snapshot())
    say(f"{into}: {len(trail)} facts")
    findings = [row for row in trail.findings() if row["code"] == "foreign_currency"]
    for row in findings:
        say(f"{row['count']} {row['kind']}: {row['message']}; {row['hint']}")
    if options.report:
        write_table(getattr(report, options.report), options)
    elif options.format == "table":
        print_report(report, options)
    elif options.format == "json":
        tables = [f"{json.dumps(name)}: {getattr(report, name).to_json().strip()}" for name in REPORT_TABLES]
        sys.stdout.write("{" + ",\n".join(tables) + "}\n")
    else:
        write_table(report.problems, options)
    return FINE
