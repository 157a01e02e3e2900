"""How commands come to a Trail: from a snapshot file, or from an export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from dealtrail.cli.options import UsageError, asked
from dealtrail.cli.output import say
from dealtrail.cli.scan_file import put_scans
from dealtrail.profile import load_profile
from dealtrail.reports import LoadReport
from dealtrail.trail import Trail


def trail_of(options: argparse.Namespace) -> Trail:
    """Give the Trail of a snapshot, or of an export with --profile."""
    if options.profile is None:
        return opened(Path(options.source), options)
    trail = new_trail(options)
    report = load_export(trail, options)
    if report.left_out:
        say(f"{report.left_out} facts are left out; `dealtrail load` tells why")
    return trail


def new_trail(options: argparse.Namespace) -> Trail:
    """Give an empty Trail of the options."""
    return asked(
        lambda: Trail(
            currency=options.currency or "RUB",
            zone=options.zone or "UTC",
            vat=options.vat or "gross",
            lookback_days=90 if options.lookback_days is None else options.lookback_days,
        )
    )


def opened(file: Path, options: argparse.Namespace) -> Trail:
    """Give the Trail of a snapshot file; what the options say of it must be so."""
    trail = snapshot_of(file)
    for name in ("currency", "zone", "vat", "lookback_days"):
        said, there = getattr(options, name), getattr(trail, name)
        if said is not None and said != there:
            raise UsageError(f"{file} counts with {name} {there}, not {said}: that is fixed when the file is made")
    set_rules(trail, options)
    return trail


def set_rules(trail: Trail, options: argparse.Namespace) -> None:
    """Set the outcome rules of the options, and say so when they replace others."""
    if not options.rules:
        return
    before = trail.rules
    trail.set_rules(Path(options.rules).read_text(encoding="utf-8"))
    if before and before != trail.rules:
        say(f"{options.rules}: {len(trail.rules)} outcome rules replace the {len(before)} of the file")


def snapshot_of(file: Path) -> Trail:
    """Give the Trail of a snapshot file with the scans beside it; `-` is stdin."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder: an export needs --profile; a snapshot is a file that `load` wrote")
    if str(file) == "-":
        return Trail.restore(sys.stdin.buffer.read())
    trail = Trail.restore(file.read_bytes())
    put_scans(trail, file)
    return trail


def load_export(trail: Trail, options: argparse.Namespace) -> LoadReport:
    """Load the source of the options."""
    profile = load_profile(options.profile)
    if options.source == "-":
        source: Any = (options.method or "stdin", sys.stdin.buffer.read())
    else:
        source = options.source
        if Path(source).is_dir() and not any(one.is_file() for one in Path(source).rglob("*")):
            raise UsageError(f"{source} is empty: it is to hold what the source answered, a file a page or a CSV file")
    if sys.stderr.isatty():
        say(f"reading {options.source}")
    report = trail.load(
        source,
        profile,
        method=options.method,
        prefix=options.prefix,
        full=getattr(options, "full", False),
        max_shrinkage=getattr(options, "max_shrinkage", 0.2),
        whole=getattr(options, "whole", False),
    )
    if report.incomplete:
        say("the export is not whole: see the problems of the load report")
    not_read = report.files["method"].count("")
    if not_read:
        say(f"{not_read} files were not read, no method of the profile knows their names: see unknown_file")
    set_rules(trail, options)
    return report
