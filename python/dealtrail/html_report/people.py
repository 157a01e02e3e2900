"""Who came for the first time."""

from __future__ import annotations

from decimal import Decimal

from dealtrail.html_report.figures import Figures, Row


def new_faces(f: Figures) -> list[Row]:
    """Give new faces beside all who came, by event, latest first."""
    sums: dict[str, tuple[int, int]] = {}
    for event, attended, walk_ins, faces in f.of_parts("event", "attended", "walk_ins", "new_faces"):
        came, new = sums.get(event, (0, 0))
        sums[event] = (came + attended + walk_ins, new + faces)
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
