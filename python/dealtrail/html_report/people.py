"""Who came for the first time, and by which ways people came to a deal that was won."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from dealtrail.html_report.figures import Figures, Row

PATHS = 15
_BETWEEN = "\x1f"  # no name has it


def new_faces(f: Figures) -> list[Row]:
    """Give new faces beside all who came, by event, latest first."""
    sums: dict[str, tuple[int, int]] = {}
    for row in f.parts:
        came, new = sums.get(row["event"], (0, 0))
        sums[row["event"]] = (came + row["attended"] + row["walk_ins"], new + row["new_faces"])
    rows: list[Row] = []
    for key, (came, new) in sums.items():
        if not came:
            continue
        at = (f.events.get(key) or {}).get("starts_at")
        rows.append(
            {
                "name": f.name(key, "event"),
                "date": f.writing.date(at),
                "at": at.timestamp() if at else 0,
                "came": f.writing.number(came),
                "new": f.writing.number(new),
                "share": f.writing.percent(Decimal(new) / came),
                "values": [came, new, new / came],
            }
        )
    rows.sort(key=lambda row: (-row["at"], row["name"]))
    return rows


def top_paths(f: Figures) -> list[Row]:
    """Give the ways by which most won deals came: channels in order of time, repeats as one with a count."""
    names = dict(zip(f.channels["key"], f.channels["name"], strict=True))
    rows: list[Row] = []
    for row in f.trail.journeys("won", **f.cut).paths(separator=_BETWEEN):
        if len(rows) == PATHS or not row["conversions"]:
            break  # most conversions come first
        steps = []
        for key, same in groupby(row["path"].split(_BETWEEN)):
            times = len(list(same))
            name = f.name(key, "channel", names.get(key)) if row["touches"] else f.words["no_touches"]
            steps.append(f"{name} ×{times}" if times > 1 else name)
        share = row["conversions"] / row["journeys"] if row["touches"] else None
        rows.append(
            {
                "path": " → ".join(steps),
                "journeys": f.writing.number(row["journeys"]),
                "won": f.writing.number(row["conversions"]),
                "share": f.writing.percent(share, 1),
                "value": f.writing.money(row["value"]),
                "values": [row["journeys"], row["conversions"], share, float(row["value"] or 0)],
            }
        )
    return rows
