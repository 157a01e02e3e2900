"""What the library costs before it does anything: compile time of the umbrella, time and weight of the package."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seconds(work: Callable[[], object], times: int) -> float:
    """Median of a few runs, the first left out."""
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def compile_seconds(folder: Path, include: str) -> float:
    """Time to compile a file of one include, as a user's debug build would."""
    source = folder / "one.cpp"
    source.write_text(f"#include <{include}>\n", encoding="utf-8")
    compiler = os.environ.get("CXX", "g++")
    return seconds(
        lambda: run(compiler, "-std=c++20", f"-I{ROOT / 'include'}", "-c", source, "-o", folder / "one.o"), 3
    )


def installed_bytes() -> int:
    import dealtrail

    folder = Path(dealtrail.__file__).parent
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")


def main() -> None:
    """Print each figure beside its goal."""
    with tempfile.TemporaryDirectory() as name:
        umbrella = compile_seconds(Path(name), "dealtrail/dealtrail.hpp")
    bare = seconds(lambda: run(sys.executable, "-c", "pass"), 9)
    imported = seconds(lambda: run(sys.executable, "-c", "import dealtrail"), 9)
    rows = [
        ("compile <dealtrail/dealtrail.hpp>", f"{umbrella:.2f} s", "2 s"),
        ("import dealtrail, above bare Python", f"{(imported - bare) * 1000:.0f} ms", "50 ms"),
        ("installed package", f"{installed_bytes() / 1e6:.2f} MB", "5 MB as a wheel"),
    ]
    for what, measured, goal in rows:
        print(f"{what:<38}{measured:>10}   goal: under {goal}")


if __name__ == "__main__":
    main()
