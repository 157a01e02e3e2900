"""The source tree as the tests of the house see it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: The rooms in their order: a room includes itself and what stands before it. Those of one tuple never include each
#: other: the views, and the calculators.
VIEWS = ("journeys", "guests", "placements", "histories", "purchases", "ledger")
CALCULATORS = ("attribution", "budget", "evidence", "funnel", "cohort", "finance", "reconcile")
MODEL = ("facts", "identity", "sources", "cards", "trail")
ROOMS = ("core", "table", "aggregate", *MODEL, *VIEWS, *CALCULATORS, "answers", "io", "store", "bindings")


def files(*suffixes: str, under: str = "") -> list[Path]:
    """Every file that git knows or would add, with one of the suffixes (all when none is given)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", under or "."],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def name_of(path: Path) -> str:
    """The path as people write it: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()
