"""The command ``dealtrail``: data on stdout, messages on stderr; exit 0 fine, 1 data error, 2 usage."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from dealtrail import __version__, _show
from dealtrail.errors import Error, InvalidArgumentError, ParseError, UnknownNameError
from dealtrail.profile import load_profile
from dealtrail.reports import LoadReport
from dealtrail.table import Table
from dealtrail.trail import Trail

Answer = TypeVar("Answer")
FINE, DATA_ERROR, USAGE, INTERRUPTED = 0, 1, 2, 130
WIDTH = 120  # of tables when stdout is no terminal
REPORT_TABLES = ("counts", "methods", "files", "problems", "columns_not_read", "removed")


class UsageError(Exception):
    """The command cannot mean what was typed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except UsageError as mistake:
        print(f"dealtrail {options.command}: {mistake}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (Error, OSError, ImportError) as trouble:
        print(f"dealtrail {options.command}: {trouble}", file=sys.stderr)
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

    demo = _command(
        commands,
        "demo",
        "load a made-up organiser's exports; print the load report, channel cards, one trace, the findings",
        "dealtrail demo --keep demo-export",
        run_demo,
    )
    demo.add_argument(
        "--keep", metavar="DIR", help="write the exports here and leave them (default: a temporary folder)"
    )
    demo.add_argument("--people", type=int, default=3000, help="contacts of the portal, at least 50 (default: 3000)")
    demo.add_argument("--seed", type=int, default=1, help="the same seed gives the same exports (default: 1)")
    _width(demo)

    load = _command(
        commands,
        "load",
        "read an export by a profile into a snapshot file, and print what was read and left out",
        "dealtrail load export/ --profile bitrix24 --currency RUB --zone Europe/Moscow --into trail.dtrail",
        run_load,
    )
    load.add_argument("source", metavar="SOURCE", help="a file or folder; `-` is stdin")
    load.add_argument("--into", required=True, metavar="FILE", help="the snapshot; facts are added when it is there")
    load.add_argument("--report", choices=REPORT_TABLES, help="print only this table of the report")
    _reading(load, needed=True)
    _output(load)

    check = _command(
        commands,
        "check",
        "print what looks wrong; exit 1 when a finding is an error",
        "dealtrail check trail.dtrail",
        run_check,
    )
    cards = _command(
        commands,
        "cards",
        "print cards: what each channel (or another key) cost and brought",
        "dealtrail cards trail.dtrail --by month --format csv > months.csv",
        run_cards,
    )
    trace = _command(
        commands,
        "trace",
        "print the facts behind one figure of the cards",
        "dealtrail trace trail.dtrail --key telegram --metric cost_per_attendee",
        run_trace,
    )
    trace.add_argument("--key", required=True, help="row of the card: an id, 2026-03, (unattributed) or (total)")
    trace.add_argument("--metric", required=True, help="column of the card, such as cost_per_attendee")
    for command in (check, cards, trace):
        command.add_argument("source", metavar="FILE", help="a snapshot, or with --profile an export; `-` is stdin")
        _reading(command, needed=False)
        if command is not check:
            _cutting(command)
        _output(command)
    cards.add_argument("--columns", metavar="A,B", help="only these columns, in this order")
    return whole


def _command(
    commands: Any, name: str, purpose: str, example: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", epilog=f"example: {example}"
    )
    command.set_defaults(run=run)
    return command


def _reading(command: argparse.ArgumentParser, *, needed: bool) -> None:
    group = command.add_argument_group("reading an export")
    group.add_argument(
        "--profile", required=needed, metavar="P", help="a built-in name such as bitrix24, or a JSON file"
    )
    group.add_argument("--as", dest="as_", default="", metavar="METHOD", help="what SOURCE answers")
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


def _cutting(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("which cards")
    group.add_argument("--by", default="channel", help="channel, announcement, event, partner, month or a column")
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--clock", default="activity", choices=("activity", "placement", "approval"), help="of time")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    group.add_argument("--period", help="only 2026-03-14, 2026-W11, 2026-03, 2026-Q1 or 2026")


def _output(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("output")
    group.add_argument(
        "--format", default="table", choices=("table", "json", "csv", "parquet"), help="(default: table)"
    )
    _width(group)


def _width(command: Any) -> None:
    command.add_argument("--width", type=int, help=f"of tables, 0: any (default: the terminal's, else {WIDTH})")


# --- the commands --------------------------------------------------------------------------------------------------


def run_demo(options: argparse.Namespace) -> int:
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
            trail.trace(key=best["key"], metric="cost_per_attendee"), best["cost_per_attendee"], options, rows=10
        )
    heading("findings")
    sys.stdout.write(_show.troubles(trail.findings(), width=width_of(options)))
    return FINE


def best_channel(cards: Table) -> dict[str, Any] | None:
    """Give the card of the channel whose guests cost least, of those that cost something and brought a dozen."""
    known = [row for row in cards.to_dicts()[:-2] if row["cost"] and row["attended"] >= 12]
    return min(known, key=lambda row: (row["cost_per_attendee"], row["key"]), default=None)


def run_load(options: argparse.Namespace) -> int:
    """Read an export into a snapshot file."""
    into = Path(options.into)
    trail = opened(into, options) if into.exists() else new_trail(options)
    report = load_export(trail, options)
    write_snapshot(into, trail.snapshot())
    say(f"{into}: {len(trail)} facts")
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


def run_check(options: argparse.Namespace) -> int:
    """Print the findings."""
    findings = trail_of(options).findings()
    if options.format == "table":
        sys.stdout.write(_show.troubles(findings, width=width_of(options)))
    else:
        write_table(findings, options)
    return DATA_ERROR if "error" in findings["severity"] else FINE


def run_cards(options: argparse.Namespace) -> int:
    """Print the cards."""
    trail = trail_of(options)
    table = asked(lambda: trail.cards(**cut_of(options)))
    if options.columns:
        names = options.columns.split(",")
        unknown = [name for name in names if name not in table.columns]
        if unknown:
            raise UsageError(f"no column {unknown[0]!r}; columns: {', '.join(table.columns)}")
        table = table.select(names)
    write_table(table, options, preferred=table.columns if options.columns else _show.CARD_COLUMNS)
    return FINE


def run_trace(options: argparse.Namespace) -> int:
    """Print the facts behind one figure."""
    trail = trail_of(options)
    table = asked(lambda: trail.trace(key=options.key, metric=options.metric, **cut_of(options)))
    if options.format == "table":
        print_trace(table, None, options)
    else:
        write_table(table, options)
    return FINE


# --- reading -------------------------------------------------------------------------------------------------------


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
    trail = Trail.restore(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    for name in ("currency", "zone", "vat", "lookback_days"):
        said, there = getattr(options, name), getattr(trail, name)
        if said is not None and said != there:
            raise UsageError(f"{file} counts with {name} {there}, not {said}: that is fixed when the file is made")
    if options.rules:
        trail.set_rules(Path(options.rules).read_text(encoding="utf-8"))
    return trail


def load_export(trail: Trail, options: argparse.Namespace) -> LoadReport:
    """Load the source of the options."""
    profile = load_profile(options.profile)
    if options.source == "-":
        source: Any = (options.as_ or "stdin", sys.stdin.buffer.read())
    else:
        source = options.source
    if sys.stderr.isatty():
        say(f"reading {options.source}")
    report = trail.load(
        source,
        profile,
        as_=options.as_,
        prefix=options.prefix,
        full=getattr(options, "full", False),
        max_shrinkage=getattr(options, "max_shrinkage", 0.2),
    )
    if report.incomplete:
        say("the export is not whole: see the problems of the load report")
    if options.rules:
        trail.set_rules(Path(options.rules).read_text(encoding="utf-8"))
    return report


def write_snapshot(file: Path, snapshot: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as made:
        temporary = Path(made.name)
        try:
            made.write(snapshot)
            made.flush()
            os.fsync(made.fileno())
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


# --- writing -------------------------------------------------------------------------------------------------------


def say(message: str) -> None:
    """Tell people something that is no data."""
    print(message, file=sys.stderr)


def heading(text: str) -> None:
    """Print a line above a table."""
    sys.stdout.write(f"\n=== {text}\n")


def width_of(options: argparse.Namespace) -> int:
    """Give how wide tables may be; 0: any."""
    if options.width is not None:
        return max(int(options.width), 0)
    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH


def cut_of(options: argparse.Namespace) -> dict[str, Any]:
    """Give the options of cards and trace."""
    return {name: getattr(options, name) for name in ("by", "view", "clock", "as_of", "period")}


def asked(question: Callable[[], Answer]) -> Answer:
    """Answer, and take a wrong name or time for a mistake of who typed it."""
    try:
        return question()
    except (UnknownNameError, InvalidArgumentError, ParseError) as error:
        raise UsageError(str(error)) from error


def print_report(report: LoadReport, options: argparse.Namespace) -> None:
    """Print a load report for people."""
    width = width_of(options)
    sys.stdout.write(f"{report.read} facts read, {report.put} put, {report.left_out} left out\n\n")
    sys.stdout.write(_show.text(report.methods, width=width) + "\n")
    sys.stdout.write(_show.text(report.counts, width=width) + "\n")
    if len(report.removed):
        sys.stdout.write(_show.text(report.removed, width=width) + "\n")
    sys.stdout.write("problems:\n" + _show.troubles(report.problems, width=width))


def print_trace(table: Table, figure: float | None, options: argparse.Namespace, rows: int = 1_000_000) -> None:
    """Print a trace and the sums of its parts."""
    sys.stdout.write(_show.text(table, width=width_of(options), preferred=_show.TRACE_COLUMNS, rows=rows))
    parts = list(zip(table["role"], table["part"], strict=True))
    for role in dict.fromkeys(table["role"]):
        of_role = [part for its_role, part in parts if its_role == role]
        sys.stdout.write(f"{role}: {sum(of_role)} from {len(of_role)} parts\n")
    if figure is not None:
        sys.stdout.write(f"{table.meta['metric']}: {figure:.2f}\n")


def write_table(table: Table, options: argparse.Namespace, preferred: Sequence[str] = ()) -> None:
    """Write a table in the format asked for."""
    if options.format == "table":
        sys.stdout.write(_show.text(table, width=width_of(options), preferred=preferred))
    elif options.format == "json":
        sys.stdout.write(table.to_json())
    elif options.format == "csv":
        sys.stdout.flush()
        sys.stdout.buffer.write(table.to_csv().encode())
    else:
        write_parquet(table)


def write_parquet(table: Table) -> None:
    """Write Parquet to stdout by pyarrow or polars, whichever is there."""
    import io

    if sys.stdout.isatty():
        raise UsageError("parquet is no text: send it to a file, as in > cards.parquet")
    out = io.BytesIO()
    try:
        import pyarrow.parquet

        pyarrow.parquet.write_table(table.to_arrow(), out)
    except ImportError:
        try:
            frame = table.to_polars()
        except ImportError as error:
            raise ImportError("parquet needs pyarrow or polars: pip install 'dealtrail[arrow]'") from error
        frame.write_parquet(out)
    sys.stdout.flush()
    sys.stdout.buffer.write(out.getvalue())
