"""``dealtrail attribute``: who gets the credit of deals, by one model or several."""

from __future__ import annotations

import argparse
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from dealtrail import _show, attribution
from dealtrail._remarks import UNKNOWN_TAGS
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, width_of, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.errors import UnknownNameError

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys
    from dealtrail.kinds import KindName
    from dealtrail.table import Table
    from dealtrail.trail import Trail

COLUMNS = (
    *("channel", "model", "conversions", "value", "share", "cost", "cpa", "share_low", "share_high", "roas", "too_few"),
    *("roi_revenue", "value_share", "value_low", "value_high", "journeys", "converting", "score"),
)
PARTS = ("channel", "path", "touches", "days", "journeys", "conversions", "assisted", "closed", "value")
CREDITS = ("fact", "subject", "place", "channel", "at", "conversions", "value", "converted_at", "journey")
NAMED: dict[str, tuple[KindName, str]] = {
    "channel": ("channels", "name"),
    "announcement": ("announcements", "creative"),
    "event": ("events", "name"),
    "partner": ("partners", "name"),
}
SHOWN = {
    "assisted": attribution.assisted,
    "paths": lambda journeys: journeys.paths(),
    "lengths": attribution.path_length,
    "lags": attribution.time_lag,
}


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "attribute",
        "print who gets the credit of deals, by one model or several, with cost and intervals",
        "dealtrail attribute trail.dtrail --model first_touch --model last_touch --to won",
        run,
    )
    add_source(command)
    group = command.add_argument_group("which journeys")
    group.add_argument(
        "--to",
        default="won",
        metavar="CONVERSION",
        help="attended, deal_created, won, paid, milestone:KIND (default: won)",
    )
    group.add_argument("--subject", default="person", choices=("person", "company", "deal"), help="whose journeys")
    group.add_argument(
        "--window",
        action="append",
        type=window,
        metavar="DAYS",
        help="look-back (default: the Trail's); impression=1: of a kind of touch, registration or attendance",
    )
    group.add_argument("--view", default="marketing", choices=("marketing", "finance"), help="of outcomes")
    group.add_argument("--as-of", metavar="TIME", help="what happened later does not count")
    group.add_argument(
        "--by",
        default="channel",
        help="what touches are named by: channel, announcement, event, partner or a column (default: channel)",
    )
    group = command.add_argument_group("what becomes of their paths, in this order")
    group.add_argument(
        "--exclude", action="append", default=[], metavar="CHANNEL", help="is on no path; may come again"
    )
    group.add_argument(
        "--ignore", action="append", default=[], metavar="CHANNEL", help="is on no path that has others; may come again"
    )
    group.add_argument(
        "--transform",
        choices=("as_is", "unique", "first", "exposure", "frequency"),
        help="of repeats: exposure, one touch of those in a row; first, one of all; frequency, with a count",
    )
    group.add_argument("--last", type=int, metavar="TOUCHES", help="no more than the last ones")
    shown = command.add_argument_group("what of them").add_mutually_exclusive_group()
    shown.add_argument(
        "--model",
        action="append",
        metavar="MODEL",
        help=f"may come again (default: first_touch, linear, last_touch): {', '.join(attribution.MODELS)}",
    )
    shown.add_argument(
        "--show", choices=tuple(SHOWN), help="instead of models: parts of channels, paths, lengths, days"
    )
    group = command.add_argument_group("by touch")
    group.add_argument(
        "--credits", action="store_true", help="a row per touch and conversion, by one rule model (default: linear)"
    )
    group.add_argument("--channel", metavar="CHANNEL", help="with --credits: only what this one got")
    add_output(command)


def window(text: str) -> tuple[str, int]:
    """Read ``30`` or ``click=7``."""
    kind, _, days = text.rpartition("=")
    return kind or "other", int(days)


def run(options: argparse.Namespace) -> int:
    """Print the table."""
    windows = options.window or ()
    if len({kind for kind, _ in windows}) < len(windows):
        raise UsageError("--window gives one kind of touch two look-backs")
    trail = trail_of(options)
    milestone = options.to.removeprefix("milestone:")
    if milestone != options.to and milestone not in {row["kind"] for row in trail.table("milestones")}:
        sys.stderr.write(f"no milestone is of the kind {_show.plain(milestone)}\n")
    journeys = asked(
        lambda: trail.journeys(
            options.to,
            subject=options.subject,
            lookback_days=dict(windows),
            view=options.view,
            as_of=options.as_of,
            by=options.by,
        )
    )
    say_problems(trail, journeys)
    journeys = asked(lambda: paths_of(journeys, options))
    if options.credits or options.channel is not None:
        write_table(asked(lambda: credits_of(journeys, options)), options, CREDITS, trail)
        write_names(trail, journeys, options)
        return FINE
    if options.show:
        shown = asked(lambda: SHOWN[options.show](journeys))
        if options.format == "table" and options.by in NAMED:
            shown = _show.named_parts(shown, "path", _show.names_of(trail, *NAMED[options.by]), " > ")
        write_table(shown, options, PARTS, trail)
        write_names(trail, journeys, options)
        return FINE
    models = options.model or ["first_touch", "linear", "last_touch"]
    cost = asked(lambda: costs_by(trail, options))
    write_table(asked(lambda: attribution.compare(journeys, models, cost=cost)), options, COLUMNS, trail)
    write_names(trail, journeys, options)
    return FINE


def say_problems(trail: Trail, journeys: Journeys) -> None:
    """Tell what is in no journey, and the commonest tags that no key knows."""
    for row in journeys.problems:
        say(f"{row['count']} left out of journeys ({row['code']}): {row['message']}; {row['hint']}")
    for row in trail.findings():
        if row["code"] in UNKNOWN_TAGS:
            say(f"{row['count']} {row['message']} ({row['code']}); {row['hint']}")


def paths_of(journeys: Journeys, options: argparse.Namespace) -> Journeys:
    """Give the journeys with the paths that were asked for."""
    for channel in (*options.exclude, *options.ignore):
        if channel not in journeys.channels:
            sys.stderr.write(f"no journey has the channel {_show.plain(channel)}\n")
    journeys = journeys.exclude(options.exclude).exclude(options.ignore, when="not_alone")
    if options.transform:
        journeys = journeys.transform(options.transform)
    return journeys if options.last is None else journeys.last_touches(options.last)


def credits_of(journeys: Journeys, options: argparse.Namespace) -> Table:
    """Give what each touch got, by the one model that was typed."""
    models = options.model or ["linear"]
    if not options.credits:
        raise UsageError("--channel needs --credits")
    if options.show or len(models) > 1:
        raise UsageError("--credits is of one model")
    return attribution.credits(journeys, models[0], channel=options.channel)


def costs_by(trail: Trail, options: argparse.Namespace) -> Table | None:
    """Give what each name of touches cost; none for what only touches say."""
    try:
        return trail.cards(by=options.by, view=options.view, as_of=options.as_of)
    except UnknownNameError:
        return None


def write_names(trail: Trail, journeys: Journeys, options: argparse.Namespace) -> None:
    """Say under a text table what the channels are called; data have ids alone."""
    if options.format != "table":
        return
    if options.by not in NAMED:
        return
    kind, column = NAMED[options.by]
    names = _show.names_of(trail, kind, column)
    called = [f"{key} {names[key]}" for key in journeys.channels if (names.get(key) or key) != key]
    if called:
        lines = textwrap.wrap(_show.plain(f"{kind}: {', '.join(called)}"), width_of(options) or 10**9)
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
