"""``dealtrail duplicates``: which cards are one human or company, and which people should look at."""

from __future__ import annotations

import argparse
from typing import Any

from dealtrail import identity
from dealtrail._rows import table_of
from dealtrail.cli.options import FINE, UsageError, add_command, add_output, add_source, asked
from dealtrail.cli.output import say, write_table
from dealtrail.cli.reading import trail_of
from dealtrail.table import Table
from dealtrail.trail import Trail

CLUSTER_COLUMNS = ("cluster", "member", "name", "key_kind", "key", "size")


def add(commands: Any) -> None:
    """Add the command."""
    duplicates = add_command(
        commands,
        "duplicates",
        "print cards that are one, by phone, address, INN or verdict; --review: those that people should look at",
        "dealtrail duplicates trail.dtrail --review",
        run,
    )
    add_source(duplicates)
    group = duplicates.add_argument_group("which cards")
    group.add_argument("--kind", default="people", choices=("people", "companies"), help="(default: people)")
    shown = group.add_mutually_exclusive_group()
    shown.add_argument("--review", action="store_true", help="cards that share a key and are not one, with the reason")
    shown.add_argument("--explain", nargs=2, metavar="ID", help="why these two are one, or why not")
    add_output(duplicates)


def run(options: argparse.Namespace) -> int:
    """Print clusters of two cards and more, what to review, or why two cards are one."""
    trail = trail_of(options)
    if options.explain:
        one, other = options.explain
        if one == other:
            raise UsageError("--explain needs two cards; this is one")
        why = asked(lambda: identity.explain_identity(trail, options.kind, one, other))
        say("they are one" if why.meta["same"] == "true" else "they are not one")
        write_table(why, options)
        return FINE
    if options.review:
        doubtful = identity.identity_review(trail, options.kind)
        if not len(doubtful):
            say(f"no {options.kind} share a key without being one")
        write_table(doubtful, options)
        return FINE
    write_table(clusters(trail, options.kind), options, CLUSTER_COLUMNS, trail)
    return FINE


def clusters(trail: Trail, kind: identity.IdentityKind) -> Table:
    """Give the cards of clusters of two and more, with their names, by cluster."""
    names = dict(zip(trail.table(kind)["id"], trail.table(kind)["name"], strict=True))
    columns = {**dict.fromkeys(("cluster", "member", "name", "key_kind", "key"), "text"), "size": "integer"}
    found = identity.identities(trail, kind)
    rows = [
        [row["cluster"], row["member"], names.get(row["member"]), row["key_kind"], row["key"], row["size"]]
        for row in found.to_dicts()
        if row["size"] > 1
    ]
    return table_of("duplicates", columns, rows, found.meta)
