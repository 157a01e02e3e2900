"""How commands write: data on stdout, messages on stderr."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from dealtrail import _show
from dealtrail.cli.options import WIDTH, UsageError
from dealtrail.reports import LoadReport
from dealtrail.table import Table, parquet_of
from dealtrail.trail import Trail


def say(message: str) -> None:
    """Tell people something that is no data."""
    print(_show.plain(message), file=sys.stderr)


def heading(text: str) -> None:
    """Print a line above a table."""
    sys.stdout.write(f"\n=== {text}\n")


def file_to_write(option: str, name: str, example: str, *, source: str = "") -> Path:
    """Give the file that an option names, before any work is done for it.

    Raises
    ------
    UsageError
        For a folder, a device, a folder that is not there, and the source itself.
    """
    file = Path(name)
    if file.is_dir():
        raise UsageError(f"{option} {file} is a folder; it names the file to write, such as {example}")
    if file.exists() and not file.is_file():
        raise UsageError(f"{option} {file} is a device; it names the file to write, such as {example}")
    if not file.parent.is_dir():
        raise UsageError(f"{option} {file}: there is no folder {file.parent}; make it first")
    if source and file.exists() and Path(source).exists() and file.samefile(source):
        raise UsageError(f"{option} {file} is what is read; name another file, such as {example}")
    return file


def width_of(options: argparse.Namespace) -> int:
    """Give how wide tables may be; 0: any. A pipe leads to the terminal, most often; a file does not."""
    if options.width is not None:
        return max(int(options.width), 0)
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        if stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode):
            return WIDTH
    except (OSError, ValueError):
        return WIDTH
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        try:
            if columns := os.get_terminal_size(stream.fileno()).columns:
                return columns
        except (OSError, ValueError):
            continue  # no terminal, or closed
    return WIDTH


def print_report(report: LoadReport, options: argparse.Namespace) -> None:
    """Print a load report for people."""
    width = width_of(options)
    sys.stdout.write(f"{report.read} facts read, {report.put} put, {report.left_out} left out\n\n")
    sys.stdout.write(_show.text(report.methods, width=width) + "\n")
    sys.stdout.write(_show.text(report.counts, width=width) + "\n")
    if len(report.removed):
        sys.stdout.write(_show.text(report.removed, width=width) + "\n")
    sys.stdout.write("problems:\n" + _show.troubles(report.problems, width=width))


def write_table(
    table: Table, options: argparse.Namespace, preferred: Sequence[str] = (), trail: Trail | None = None
) -> None:
    """Write a table in the format asked for; for people with the names and the clocks of a Trail."""
    if options.format == "table":
        sys.stdout.write(for_people(table, options, preferred, trail))
    elif options.format == "json":
        sys.stdout.write(table.to_json().translate(_show.CONTROLS_IN_JSON))
    elif options.format == "csv":
        sys.stdout.flush()
        text = table.to_csv()
        shown = text.translate(_show.CONTROLS) if sys.stdout.isatty() else text  # a program gets every byte
        sys.stdout.buffer.write(shown.encode())
    else:
        write_parquet(table)


def for_people(
    table: Table,
    options: argparse.Namespace,
    preferred: Sequence[str],
    trail: Trail | None,
    rows: int = 1_000_000,
) -> str:
    """Give a table as people read it: names where ids are, times of the file's zone, no wider than the terminal."""
    width = width_of(options)
    if trail is None:
        return _show.text(table, width=width, preferred=preferred, rows=rows)
    columns = dict(_show.NAMED)
    if getattr(options, "by", "") in columns:  # what is told by key is named by it
        columns["key"] = columns["channel"] = columns[options.by]
    shown = _show.named(
        table, trail, {name: of for name, of in columns.items() if name != "key" or "name" not in table.columns}
    )
    return _show.text(shown, width=width, preferred=preferred, rows=rows, zone=trail.zone)


def write_parquet(table: Table) -> None:
    """Write Parquet to stdout by pyarrow or polars, whichever is there."""
    if sys.stdout.isatty():
        raise UsageError("parquet is no text: send it to a file, as in > cards.parquet")
    out = parquet_of(table)
    sys.stdout.flush()
    sys.stdout.buffer.write(out)
