"""Saves rows as the answers of a portal's list methods: pages of fifty, in lists, lines, files or batches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = "str | int | float | Sequence[Value] | Mapping[str, Value] | None"
Record: TypeAlias = "dict[str, Value]"

PAGE = 50
"""Records of a page, as the portal gives them."""
_TIME = {"start": 1793460000.0, "finish": 1793460000.25, "duration": 0.25}


def time_text(moment: datetime | None) -> str | None:
    """Give a moment as the portal writes it, with its offset."""
    return moment.isoformat() if moment else None


def money_text(minor: int) -> str:
    """Give kopecks as the text that the old methods write: ``"19999.99"``."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


class Export:
    """A folder of saved answers; counts the records of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def _page(self, rows: Sequence[Record], start: int, total: int, inside: str | None) -> Record:
        page: Record = {"result": {inside: rows} if inside else rows}
        if start + len(rows) < total:
            page["next"] = start + PAGE
        page["total"] = total
        page["time"] = _TIME
        return page

    def _pages(self, rows: Sequence[Record], inside: str | None) -> list[Record]:
        starts = range(0, max(len(rows), 1), PAGE)
        return [self._page(rows[start : start + PAGE], start, len(rows), inside) for start in starts]

    def _save(self, name: str, text: str, records: int) -> None:
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
        self.records[name] = records

    def save_list(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save one file that holds a list of pages."""
        pages = ",\n".join(_json(page) for page in self._pages(rows, inside))
        self._save(f"{name}.json", f"[{pages}]\n", len(rows))

    def save_lines(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save one file with a page on each line."""
        pages = "".join(_json(page) + "\n" for page in self._pages(rows, inside))
        self._save(f"{name}.jsonl", pages, len(rows))

    def save_files(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save a file for each page."""
        for index, page in enumerate(self._pages(rows, inside)):
            kept = rows[index * PAGE : (index + 1) * PAGE]
            self._save(f"{name}.{index * PAGE}.json", _json(page) + "\n", len(kept))

    def save_batches(self, name: str, rows: Sequence[Record]) -> None:
        """Save the first page and batches of the others, as clients pull them; one command of a batch has failed."""
        pages: list[Record] = [self._page(rows[:PAGE], 0, len(rows), "items")]
        starts = list(range(PAGE, len(rows), PAGE))
        for begin in range(0, len(starts), PAGE):
            commands = starts[begin : begin + PAGE]
            answers: Record = {f"cmd{at:010d}": {"items": rows[at : at + PAGE]} for at in commands}
            following: Record = {f"cmd{at:010d}": at + PAGE for at in commands if at + PAGE < len(rows)}
            failed: Record = {"other": {"error": "ACCESS_DENIED", "error_description": "Access denied."}}
            batch: Record = {
                "result": answers,
                "result_error": failed if begin == 0 else [],
                "result_total": {key: len(rows) for key in answers},
                "result_next": following or [],
                "result_time": dict.fromkeys(answers, _TIME),
            }
            pages.append({"result": batch, "time": _TIME})
        self._save(f"{name}.json", "[" + ",\n".join(_json(page) for page in pages) + "]\n", len(rows))


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
