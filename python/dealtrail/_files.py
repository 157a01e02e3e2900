"""Files that are written whole or stay as they were, and files that one process writes at a time."""

from __future__ import annotations

import fcntl
import glob
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(file: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one.

    The data go to ``.NAME.*.tmp`` beside it, which then takes its name. Such files of killed runs are removed: while
    one is written it is locked, and the lock ends with the process.
    """
    if file.exists() and not file.is_file():  # a device or a pipe has no other name to be written under
        file.write_bytes(data)
        return
    _remove_stale(file)
    temporary, number = _temporary(file)
    try:
        with os.fdopen(number, "wb") as made:
            made.write(data)
            made.flush()
            os.fsync(made.fileno())
            temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def locked(file: Path, waits: Callable[[], None]) -> Iterator[None]:
    """Hold a file for one process; ``waits`` is called when another one holds it, before the wait.

    The lock is on ``.NAME.lock`` beside it, which is removed in the end.
    """
    lock = file.with_name(f".{file.name}.lock")
    while True:
        number = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waits()
                fcntl.flock(number, fcntl.LOCK_EX)
            if not _is_at(lock, number):  # who held it removed the file
                continue
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
            return
        finally:
            os.close(number)


def _temporary(file: Path) -> tuple[Path, int]:
    """Give a new locked file beside one."""
    while True:
        temporary = file.with_name(f".{file.name}.{secrets.token_hex(6)}.tmp")
        number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        fcntl.flock(number, fcntl.LOCK_EX)
        if _is_at(temporary, number):
            return temporary, number
        os.close(number)  # another process took it for one of a killed run


def _remove_stale(file: Path) -> None:
    for stale in file.parent.glob(f".{glob.escape(file.name)}.*.tmp"):
        try:
            number = os.open(stale, os.O_WRONLY)
        except OSError:
            continue
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stale.unlink(missing_ok=True)
        except OSError:
            continue  # it is being written, or is not ours to remove
        finally:
            os.close(number)


def _is_at(path: Path, number: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False
