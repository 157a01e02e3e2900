"""What the library costs before it does anything: compile time of the umbrella, time and weight of the package."""

from __future__ import annotations

import os
import resource
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


# What a C++ program is likely to include anyway: what the umbrella is measured against, on any machine.
STANDARD = """
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
"""

# What a user's file looks like: the umbrella alone, and a program that keeps a fact and asks for a card.
PROGRAMS = {
    "one include": "#include <dealtrail/dealtrail.hpp>\n",
    "put and card": """#include <dealtrail/dealtrail.hpp>
int main() {
  dealtrail::Trail trail{dealtrail::RUB};
  trail.put(dealtrail::Channel{.id = "mailing", .name = "Mailing"});
  return trail.card("mailing").key.empty() ? 1 : 0;
}
""",
}
# The three ways to get the bodies. In the first two a file of the host sees declarations alone, so they cost the same;
# in the second the file of bodies is compiled once besides.
DECLARATIONS: tuple[str, ...] = ()
MODES = {"compiled or bodies.hpp": DECLARATIONS, "header-only": ("-DDEALTRAIL_HEADER_ONLY",)}
BODIES = "#include <dealtrail/bodies.hpp>\n"
GOALS = {
    "compile one include, compiled or bodies.hpp": "1.0 s",
    "compile put and card, compiled or bodies.hpp": "1.4 s",
}


def compile_seconds(folder: Path, program: str, flags: tuple[str, ...], times: int = 3) -> float:
    """Processor time to compile a file without optimization, as a user's debug build would; the best of `times`."""
    source = folder / "one.cpp"
    source.write_text(program, encoding="utf-8")
    compiler = os.environ.get("CXX", "g++")
    taken = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        run(compiler, "-std=c++20", "-O0", *flags, f"-I{ROOT / 'include'}", "-c", source, "-o", folder / "one.o")
        taken.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    return min(taken)


def installed_bytes() -> int:
    import dealtrail

    folder = Path(dealtrail.__file__).parent
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")


def main() -> None:
    """Print each figure beside its goal."""
    with tempfile.TemporaryDirectory() as name:
        compiled = {
            f"compile {what}, {mode}": compile_seconds(Path(name), program, flags)
            for what, program in PROGRAMS.items()
            for mode, flags in MODES.items()
        }
        compiled["compile the file of bodies, once"] = compile_seconds(Path(name), BODIES, DECLARATIONS, times=1)
        standard = compile_seconds(Path(name), STANDARD, ())
    bare = seconds(lambda: run(sys.executable, "-c", "pass"), 9)
    imported = seconds(lambda: run(sys.executable, "-c", "import dealtrail"), 9)
    rows = [
        ("compile the standard headers alone", f"{standard:.2f} s", ""),
        *((what, f"{took:.2f} s ({took / standard:.1f} x)", GOALS.get(what, "")) for what, took in compiled.items()),
        ("import dealtrail, above bare Python", f"{(imported - bare) * 1000:.0f} ms", "50 ms"),
        ("installed package", f"{installed_bytes() / 1e6:.2f} MB", "5 MB as a wheel"),
    ]
    for what, measured, goal in rows:
        print(f"{what:<46}{measured:>18}" + (f"   goal: under {goal}" if goal else ""))


if __name__ == "__main__":
    main()
