"""IN.20: a file is whole or old, one process writes it at a time, and killed runs leave nothing for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dealtrail._files import locked, write_whole


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a [1].csv"
    write_whole(file, b"old")

    def fails(number: int) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="no space"):
            write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask


def test_the_next_write_removes_what_a_killed_run_left_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "t.dtrail"
    code = f"""
import os, signal
from pathlib import Path
from dealtrail import _files
_files.os.fsync = lambda number: os.kill(os.getpid(), signal.SIGKILL)
_files.write_whole(Path({str(file)!r}), b"x" * 100)
"""
    ran = subprocess.run([sys.executable, "-c", code], check=False)
    assert ran.returncode == -signal.SIGKILL
    left = list(tmp_path.iterdir())
    assert len(left) == 1
    assert left[0].name.startswith(".t.dtrail.")
    others = [tmp_path / ".u.dtrail.0.tmp", tmp_path / ".t.dtrail.note"]
    for other in others:
        other.write_text("not ours", encoding="utf-8")
    write_whole(file, b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([file, *others])


def test_a_file_that_is_being_written_is_not_taken_for_a_stale_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "t.dtrail"
    inner = os.fsync
    once = [True]

    def write_between(number: int) -> None:
        if once.pop() if once else False:
            imports = "from pathlib import Path; from dealtrail._files import write_whole; "
            code = f"{imports}write_whole(Path({str(file)!r}), b'2')"
            subprocess.run([sys.executable, "-c", code], check=True)
        inner(number)

    monkeypatch.setattr(os, "fsync", write_between)
    write_whole(file, b"1")
    assert file.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [file]


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    file = tmp_path / "t.dtrail"
    order: list[str] = []
    waiting = threading.Event()
    done = threading.Event()

    def second() -> None:
        with locked(file, waiting.set):
            order.append("second")
        done.set()

    with locked(file, lambda: order.append("nobody should wait here")):
        other = threading.Thread(target=second)
        other.start()
        assert waiting.wait(60)
        order.append("first")
    assert done.wait(60)
    other.join()
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_two_loads_into_one_file_lose_nothing(tmp_path: Path) -> None:
    profile = """{"profile": "p", "methods": {"d": {"files": ["*"], "puts": [
        {"put": "deals", "id": "id", "set": {"created_at": "at"}}]}}}"""
    (tmp_path / "p.json").write_text(profile, encoding="utf-8")
    loads = []
    for number in range(3):
        rows = "".join(f"{number}-{row},2026-03-01\n" for row in range(50))
        (tmp_path / f"{number}.csv").write_text(f"id,at\n{rows}", encoding="utf-8")
        command = [sys.executable, "-m", "dealtrail", "load", str(tmp_path / f"{number}.csv")]
        command += ["--profile", str(tmp_path / "p.json"), "--into", str(tmp_path / "t.dtrail")]
        loads.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
    for load in loads:
        _, said = load.communicate()
        assert load.returncode == 0, said.decode()
    import dealtrail as dt

    assert dt.Trail.restore((tmp_path / "t.dtrail").read_bytes()).size("deals") == 150
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.csv", "1.csv", "2.csv", "p.json", "t.dtrail"]
