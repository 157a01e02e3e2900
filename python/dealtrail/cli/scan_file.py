"""Arrivals beside a snapshot: FILE.scans.jsonl, a line of facts for each, on the disk before the guest is answered."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dealtrail.cli.output import say
from dealtrail.kinds import KindName
from dealtrail.trail import Trail

Facts = dict[str, list[dict[str, Any]]]
KINDS: tuple[KindName, ...] = ("people", "contact_points", "attendances")


def path_of(snapshot: Path) -> Path:
    """Give the file of a snapshot's scans."""
    return Path(f"{snapshot}.scans.jsonl")


def put_scans(trail: Trail, snapshot: Path) -> None:
    """Put the arrivals beside a snapshot into its Trail; lines that are none are passed over and told."""
    file = path_of(snapshot)
    if not file.is_file():
        return
    facts, wrong = _facts_of(file.read_bytes())
    for kind in KINDS:
        wrong += trail.put(kind, facts[kind]).left_out
    if wrong:
        say(f"{file}: {wrong} lines are no arrivals and are passed over")


def _facts_of(text: bytes) -> tuple[Facts, int]:
    facts: Facts = {kind: [] for kind in KINDS}
    wrong = 0
    for line in text.split(b"\n"):
        if not line.strip(b"\r \0"):
            continue
        try:
            read = json.loads(line)
            rows = {kind: list(read[kind]) for kind in KINDS if kind in read}
            if not rows or not all(isinstance(row, dict) and row.get("id") for of in rows.values() for row in of):
                raise ValueError("no facts")
        except (ValueError, TypeError):
            wrong += 1  # half a line of a scanner that was stopped: its guest was not answered
            continue
        for kind, of_kind in rows.items():
            facts[kind] += of_kind
    return facts, wrong


class ScanFile:
    """The scans of a snapshot, open for adding; several doors may have it open."""

    def __init__(self, snapshot: Path) -> None:
        self.path = path_of(snapshot)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        self._seen = 0
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    @contextmanager
    def locked(self) -> Iterator[Facts]:
        """Hold the file for one answer; give what other doors have added since."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield self._news()
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def add(self, facts: Facts) -> None:
        """Write an arrival; it is on the disk when this returns."""
        line = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            line = b"\n" + line  # after half a line
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)
        self._seen = os.fstat(self._file).st_size

    def _news(self) -> Facts:
        size = os.fstat(self._file).st_size
        text = os.pread(self._file, size - self._seen, self._seen) if size > self._seen else b""
        whole = text[: text.rfind(b"\n") + 1]
        self._seen += len(whole)
        return _facts_of(whole)[0]
