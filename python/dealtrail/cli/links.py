"""``dealtrail links``: tagged links, promo codes and QR pictures of an event's announcements."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dealtrail._files import write_whole
from dealtrail._show import plain
from dealtrail.cli.naming import EVENT_HELP, event_of
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.links import links

COLUMNS = ("announcement", "url", "promo_code", "certain", "unmeasurable", "channel")


def add(commands: Any) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "links",
        "make tagged links, promo codes and QR pictures for the announcements of an event",
        "dealtrail links expo-2026 trail.dtrail --base-url https://expo.example/ --out pictures --into trail.dtrail",
        run,
    )
    command.add_argument("event", metavar="EVENT", help=EVENT_HELP)
    add_source(command)
    command.add_argument("--base-url", required=True, metavar="URL", help="the page that people land on")
    command.add_argument("--out", metavar="DIR", help="write a QR picture of each link here")
    command.add_argument("--pictures", default="svg,png", metavar="SORTS", help="svg, png or both (default: svg,png)")
    command.add_argument(
        "--into", metavar="FILE", help="write the snapshot with their keys here: FILE itself, or another"
    )
    command.add_argument("--keys", metavar="CSV", help="write the rows of source_keys to put here")
    add_output(command)


def run(options: argparse.Namespace) -> int:
    """Make them, write what was asked for, print the table."""
    sorts = options.pictures.split(",")
    if not set(sorts) <= {"svg", "png"}:
        raise UsageError("--pictures is svg, png or svg,png")
    trail = trail_of(options)
    event = event_of(trail, options.event) or ""
    made = asked(lambda: links(trail, event, base_url=options.base_url))
    rows = made.table.to_dicts()
    unmeasured = [row["announcement"] for row in rows if row["unmeasurable"]]
    if unmeasured:
        names = ", ".join(unmeasured[:5]) + (f" and {len(unmeasured) - 5} more" if len(unmeasured) > 5 else "")
        say(f"{len(unmeasured)} announcements could not be measured before: {plain(names)}")
    uncertain = [row["announcement"] for row in rows if not row["certain"]]
    if uncertain:
        say(f"{len(uncertain)} links or codes are not certain, others have the same: {plain(', '.join(uncertain[:5]))}")
    if options.out:
        say(f"{options.out}: {len(made.write_pictures(options.out, sorts))} pictures")
    if options.keys:
        write_whole(Path(options.keys), made.source_keys.to_csv(escape_formulas=False).encode())
    if options.into:
        trail.put("source_keys", made.source_keys)
        write_whole(Path(options.into), trail.snapshot())
        say(f"{options.into}: {len(made.source_keys)} keys put")
    elif not options.keys:
        say("nothing is kept: --into FILE puts the keys that these links and codes need, --keys CSV writes them")
    write_table(made.table, options, COLUMNS)
    return FINE
