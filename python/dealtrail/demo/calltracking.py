"""Writes calls as the export of a call-tracking service: semicolons, CP1251 or UTF-8 with a mark, local times."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from dealtrail.demo.facts import Call, Organiser

_HEADER = (
    "ID",
    "Дата",
    "Номер клиента",
    "Набранный номер",
    "Длительность, с",
    "Отвечен",
    "Менеджер",
    "Комментарий",
    "Комментарий",
    "Посетитель",
)
_VISITS = ("Визит", "Посетитель", "Дата", "Показанный номер", "utm_source", "utm_medium", "utm_campaign", "utm_content")


def write_calls(world: Organiser, folder: Path) -> dict[str, int]:
    """Write the tracked calls into two files and give the number of rows of each.

    The older file is CP1251, the newer one UTF-8 with a byte order mark; both have a header that repeats itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    calls = sorted([*world.tracked_calls, *world.pool_calls], key=lambda call: (call.at, call.id))
    rows = {
        "calls_2025.csv": ("cp1251", [c for c in calls if c.at.year < 2026]),
        "calls_2026.csv": ("utf-8-sig", [c for c in calls if c.at.year >= 2026]),
    }
    for name, (encoding, kept) in rows.items():
        (folder / name).write_bytes(_text(kept).encode(encoding))
    return {name: len(kept) for name, (_, kept) in rows.items()}


def write_visits(world: Organiser, folder: Path) -> dict[str, int]:
    """Write the visits that were shown a number of the pool, and give the number of rows of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_VISITS)
    for visit in world.visits:
        tags = (visit.utm.get(part, "") for part in ("source", "medium", "campaign", "content"))
        writer.writerow((visit.id, visit.visitor, visit.at.strftime("%d.%m.%Y %H:%M:%S"), visit.shown, *tags))
    (folder / "visits.csv").write_bytes(out.getvalue().encode("utf-8-sig"))
    return {"visits.csv": len(world.visits)}


def _text(calls: Sequence[Call]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADER)
    for call in calls:
        note = "перезвонить; срочно" if call.id % 7 == 0 else ""
        writer.writerow(
            (
                call.id,
                call.at.strftime("%d.%m.%Y %H:%M:%S"),
                call.client,
                call.line,
                call.seconds,
                "Да" if call.answered else "Нет",
                f"Менеджер № {call.manager}",
                note,
                "из кабинета",
                call.visitor,
            )
        )
    return out.getvalue()
