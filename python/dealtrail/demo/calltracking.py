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
)


def write_calls(world: Organiser, folder: Path) -> dict[str, int]:
    """Write the tracked calls into two files and give the number of rows of each.

    The older file is CP1251, the newer one UTF-8 with a byte order mark; both have a header that repeats itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    calls = sorted(world.tracked_calls, key=lambda call: (call.at, call.id))
    rows = {
        "calls_2025.csv": ("cp1251", [c for c in calls if c.at.year < 2026]),
        "calls_2026.csv": ("utf-8-sig", [c for c in calls if c.at.year >= 2026]),
    }
    for name, (encoding, kept) in rows.items():
        (folder / name).write_bytes(_text(kept).encode(encoding))
    return {name: len(kept) for name, (_, kept) in rows.items()}


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
            )
        )
    return out.getvalue()
