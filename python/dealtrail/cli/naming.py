"""Which event is meant: by its id, by its name, or as the last and the next one."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Any

from dealtrail._show import plain
from dealtrail.cli.options import UsageError, asked
from dealtrail.cli.output import say
from dealtrail.trail import Trail

EVENT_HELP = "id, name, `last` (that has begun) or `next` (to come)"


def event_of(trail: Trail, said: str | None, *, as_of: str | None = None, sessions: bool = False) -> str | None:
    """Give the id of the event that somebody means.

    Parameters
    ----------
    trail
        The facts.
    said
        An id, the end of one after the colon, a name or an unmistakable part of one, ``last`` or ``next``. ``None``
        stays ``None``.
    as_of
        What the last and the next one are told by; default: the latest activity.
    sessions
        Whether a session may be meant, too.

    Raises
    ------
    UsageError
        None or several events are meant; tells which are like it.
    """
    if said is None:
        return None
    rows = trail.table("events").to_dicts()
    if any(row["id"] == said for row in rows):
        return said
    ids = {row["id"] for row in rows}
    if not sessions:
        rows = [row for row in rows if row["parent"] not in ids]
    if said in ("last", "next"):
        return _by_time(trail, said, rows, as_of)
    wanted = said.casefold().strip()
    for alike in (
        lambda row: row["id"].rpartition(":")[2] == said,
        lambda row: (row["name"] or "").casefold() == wanted,
        lambda row: wanted and wanted in (row["name"] or "").casefold(),
    ):
        found = [row for row in rows if alike(row)]
        if len(found) == 1:
            say(f"event: {plain(_shown(found[0]))}")
            return str(found[0]["id"])
        if found:
            raise UsageError(f"several events are called {said!r}; name one by its id: {_listed(found)}")
    sort = "event" if sessions else "topmost event"
    raise UsageError(f"no {sort} of that id or name: {plain(said)!r}{_did_you_mean(wanted, rows)}")


def _by_time(trail: Trail, said: str, rows: list[dict[str, Any]], as_of: str | None) -> str:
    text = asked(lambda: trail.goals(as_of=as_of)).meta.get("now", "")
    now = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    dated = [row for row in rows if row["starts_at"] is not None and row["status"] != "cancelled"]
    if said == "last":
        begun = [row for row in dated if now is not None and row["starts_at"] <= now]
        found = max(begun, key=lambda row: (row["starts_at"], row["id"]), default=None)
    else:
        to_come = [row for row in dated if now is None or row["starts_at"] > now]
        found = min(to_come, key=lambda row: (row["starts_at"], row["id"]), default=None)
    if found is None:
        state = "has begun" if said == "last" else "is to come"
        raise UsageError(f"no event {state} as of {text or 'nothing that happened'}; name one by its id")
    say(f"event: {plain(_shown(found))}")
    return str(found["id"])


def _did_you_mean(wanted: str, rows: list[dict[str, Any]]) -> str:
    names = {text.casefold(): row for row in rows for text in (row["id"], row["name"]) if text}
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    found = list({names[text]["id"]: names[text] for text in close}.values())
    if found:
        return f"; did you mean {_listed(found)}"
    latest = sorted(rows, key=lambda row: (row["starts_at"] is not None, row["starts_at"], row["id"]), reverse=True)
    return f"; there are: {_listed(latest)}" if latest else "; there are no events"


def _listed(rows: list[dict[str, Any]]) -> str:
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return "; ".join(map(_shown, rows[:5])) + more


def _shown(row: dict[str, Any]) -> str:
    day = f", {row['starts_at']:%Y-%m-%d}" if row["starts_at"] else ""
    return f"{row['id']} ({row['name']}{day})"
