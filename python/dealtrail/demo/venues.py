"""Writes what venues report of placements: views, clicks and the registrations that they claim (M1.11)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from dealtrail.demo.facts import Announcement, Dice, Organiser

_HEADER = ("Размещение", "Дата", "Показы", "Охват", "Клики", "Заявки")
_REPORTING = (12, 13, 14)
"""Channels whose venues send figures."""


def reported_placements(world: Organiser) -> list[Announcement]:
    """Give the placements of which a venue reports, in order of their ids."""
    placed = (a for a in world.announcements if a.channel in _REPORTING and a.status == "out")
    return sorted(placed, key=lambda announcement: announcement.id)


def write_venues(world: Organiser, folder: Path, dice: Dice) -> dict[str, int]:
    """Write a report of each such placement, and give the number of rows of the file.

    A venue claims every registration that names its placement, and some more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    brought = Counter(form.source.announcement for form in world.registrations)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADER)
    placements = reported_placements(world)
    for placement in placements:
        views = 40_000 + dice.below(90_000)
        clicks = views // (80 + dice.below(80))
        claimed = brought[placement.id] + dice.below(12)
        day = placement.published.strftime("%d.%m.%Y %H:%M:%S")
        writer.writerow((placement.id, day, views, views * 7 // 10, clicks, claimed))
    (folder / "venues.csv").write_bytes(out.getvalue().encode("utf-8-sig"))
    return {"venues.csv": len(placements)}
