"""``dealtrail load``: an export into a snapshot file."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from dealtrail._files import locked, write_whole
from dealtrail.cli.options import DATA_ERROR, FINE, UsageError, add_command, add_output, add_reading
from dealtrail.cli.output import file_to_write, print_report, say, write_table
from dealtrail.cli.reading import load_export, new_trail, opened
from dealtrail.reports import LoadReport

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
    load.add_argument(
        "--max-left-out",
        type=float,
        default=0.05,
        metavar="SHARE",
        help="of the rows of a kind; when more is lost, or a kind has nothing kept, FILE stays as it was and the exit "
        "code is 1 (default: 0.05)",
    )
    add_reading(load, needed=True)
    add_output(load)


def run(options: argparse.Namespace) -> int:
    """Read an export into a snapshot file."""
    into = file_to_write("--into", options.into, "trail.dtrail", source=options.source)
    if not 0 <= options.max_left_out <= 1:
        raise UsageError(f"--max-left-out is a share from 0 to 1, not {options.max_left_out}")
    with locked(into, lambda: say(f"{into}: another load writes it; waiting")):
        trail = opened(into, options) if into.exists() else new_trail(options)
        report = load_export(trail, options)
        lost = too_much_lost(report, options.max_left_out)
        if not lost:
            write_whole(into, trail.snapshot())
    if lost:
        kept = "stays as it was" if into.exists() else "is not written"
        say(f"{into} {kept}: {'; '.join(lost)}; mend the profile or the source, or raise --max-left-out")
    else:
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
    return DATA_ERROR if lost else FINE


def too_much_lost(report: LoadReport, most: float) -> list[str]:
    """Tell of which kinds nothing is kept, or more than a share of the rows is lost: left out or under one id."""
    repeated: dict[str, int] = {}
    for row in report.problems:
        if row["code"] == "repeated_id":
            repeated[row["kind"]] = repeated.get(row["kind"], 0) + row["count"]
    told = []
    for row in report.counts:
        lost = row["left_out"] + repeated.get(row["kind"], 0)
        if row["put"] == 0:
            told.append(f"nothing of {row['read']} {row['kind']} is kept")
        elif lost > most * row["read"]:
            told.append(f"{lost} of {row['read']} {row['kind']} are lost ({lost / row['read']:.0%})")
    return told
