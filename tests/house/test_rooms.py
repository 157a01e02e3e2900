"""Rooms: who may include whom, and the mirror of headers, tests, benchmarks and pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.tree import CALCULATORS, MODEL, ROOMS, ROOT, VIEWS, files, name_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
CODE = (".hpp", ".ipp", ".def", ".cpp")

#: Rooms whose noun is a header and a test; a calculator's noun is in every tree.
PLAIN_ROOMS = ("core", "table", "aggregate", *MODEL, *VIEWS, "answers", "io", "store")

#: The first line of a header that other rooms may open but users need not: no test of its own, outside the umbrella.
ENGINE = "// engine\n"

#: Headers without a test of their own, and why.
NO_TEST = {
    "core/config.hpp": "two macros; both ways of building are run by tests/smoke",
}

#: Tests without a header of their own, and why.
NO_HEADER: dict[str, str] = {}


def room_of(path: Path) -> str | None:
    """The room a file belongs to: headers, tests and benchmarks have one; laws, smoke, consumers do not."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "bindings":
        return "bindings"
    room = (
        parts[2] if parts[:2] == ("include", "dealtrail") else parts[1] if parts[0] in ("tests", "benchmarks") else None
    )
    return room if room in ROOMS else None


def is_engine(path: Path) -> bool:
    return path.suffix == ".hpp" and path.read_text(encoding="utf-8").startswith(ENGINE)


def complaint_about(room: str, included: str, *, may_open_detail: bool) -> str | None:
    """Why a file of `room` must not include `dealtrail/<included>`, or None; tests and bindings may open detail."""
    target, *rest = included.split("/")
    if not rest:
        return "the umbrella header is for users" if included == "dealtrail.hpp" and room != "bindings" else None
    if target not in ROOMS:
        return f"{target} is not a room"
    if ROOMS.index(target) > ROOMS.index(room):
        return f"{room} must not look right, to {target}"
    for group, what in ((CALCULATORS, "calculators"), (VIEWS, "views")):
        if room in group and target in group and room != target:
            return f"{what} never include each other"
    if room in CALCULATORS and target in MODEL and target != "facts" and not may_open_detail:
        return f"calculators see views, never {target}"
    machinery = len(rest) > 1 and rest[0] != "kinds"
    if machinery and target not in (room, "core", "table") and not may_open_detail:
        return f"the machinery of {target} is its own"
    return None


@pytest.mark.parametrize("path", [p for p in files(*CODE) if room_of(p)], ids=name_of)
def test_a_room_includes_only_rooms_to_its_left(path: Path) -> None:
    room = room_of(path)
    assert room is not None
    public = name_of(path).startswith("include/")
    complaints = []
    for _, included in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if included.startswith("dealtrail/"):
            why = complaint_about(room, included.removeprefix("dealtrail/"), may_open_detail=not public)
            if why and (public or "umbrella" not in why):
                complaints.append(f"{included}: {why}")
        elif public and not standard(included) and not third_party_allowed(path, included):
            complaints.append(f"{included}: neither dealtrail/… nor a header of the standard library")
    assert not complaints


def standard(included: str) -> bool:
    return re.fullmatch(r"[a-z_0-9]+", included) is not None


def third_party_allowed(path: Path, included: str) -> bool:
    """Tell whether a heavy library may be included here: only in the bodies of its room."""
    if included.startswith("Eigen/"):
        return re.fullmatch(r"include/dealtrail/attribution/detail/\w+\.ipp", name_of(path)) is not None
    if included == "sys/mman.h":  # large pages are asked for where the system has them, in the compiled body
        return name_of(path) == "include/dealtrail/core/detail/memory.ipp"
    return included == "nlohmann/json.hpp" and name_of(path).startswith("include/dealtrail/io/detail/")


@pytest.mark.parametrize(
    ("room", "included", "refused"),
    [
        ("core", "core/money.hpp", False),
        ("core", "table/table.hpp", True),
        ("facts", "core/money.hpp", False),
        ("cards", "io/profile.hpp", True),
        ("cards", "trail/trail.hpp", True),
        ("trail", "cards/postings.hpp", False),
        ("trail", "cards/detail/posting.hpp", True),
        ("attribution", "journeys/journeys.hpp", False),
        ("attribution", "journeys/partition/touch_rows.hpp", True),
        ("attribution", "trail/trail.hpp", True),
        ("journeys", "trail/trail.hpp", False),
        ("journeys", "guests/guests.hpp", True),
        ("budget", "attribution/markov.hpp", True),
        ("io", "table/detail/chunk.hpp", False),
        ("io", "core/detail/int128.hpp", False),
        ("core", "dealtrail.hpp", True),
        ("bindings", "io/profile.hpp", False),
    ],
)
def test_the_rule_itself(room: str, included: str, *, refused: bool) -> None:
    assert (complaint_about(room, included, may_open_detail=False) is not None) == refused


def nouns(tree: str, room: str, suffix: str) -> set[str]:
    """The nouns of a room in one tree, machinery left out."""
    folder = ROOT / tree / room
    found = (
        p.relative_to(folder).as_posix()
        for p in files(under=f"{tree}/{room}")
        if p.name.endswith(suffix) and not is_engine(p)
    )
    return {f"{room}/{noun.removesuffix(suffix)}" for noun in found if "/" not in noun}


@pytest.mark.parametrize("room", PLAIN_ROOMS)
def test_every_header_has_its_test_and_every_test_its_header(room: str) -> None:
    headers = nouns("include/dealtrail", room, ".hpp")
    tests = nouns("tests", room, "_test.cpp")
    without_test = {noun for noun in headers - tests if f"{noun}.hpp" not in NO_TEST}
    without_header = {noun for noun in tests - headers if f"{noun}_test.cpp" not in NO_HEADER}
    assert (without_test, without_header) == (set(), set())


@pytest.mark.parametrize("room", CALCULATORS)
def test_a_calculator_has_the_same_noun_in_every_tree(room: str) -> None:
    headers = nouns("include/dealtrail", room, ".hpp")
    assert headers == nouns("tests", room, "_test.cpp")
    assert headers == nouns("benchmarks", room, "_bench.cpp")
    assert headers == nouns("docs", room, ".md")


def test_no_exemption_has_outlived_its_file() -> None:
    assert [name for name in NO_TEST if not (ROOT / "include/dealtrail" / name).exists()] == []
    assert [name for name in NO_HEADER if not (ROOT / "tests" / name).exists()] == []


BODIES = ("bodies.hpp", "bodies_markov.hpp", "bodies_io.hpp")
INCLUDE_ROOT = ROOT / "include/dealtrail"


def included_by(path: Path) -> list[str]:
    return [name for _, name in INCLUDE.findall(path.read_text(encoding="utf-8"))]


def test_the_umbrella_is_every_public_header_that_needs_the_standard_library_alone() -> None:
    public = {
        f"dealtrail/{p.relative_to(INCLUDE_ROOT).as_posix()}"
        for p in files(".hpp", under="include/dealtrail")
        if len(p.relative_to(INCLUDE_ROOT).parts) == 2 and not is_engine(p)
    }
    opt_in = {name for name in public if name.startswith("dealtrail/io/")} | {"dealtrail/attribution/markov.hpp"}
    umbrella = set(included_by(INCLUDE_ROOT / "dealtrail.hpp")) - {"dealtrail/version.hpp"}
    assert umbrella == public - opt_in


def test_the_files_of_bodies_hold_every_body_once_as_the_archive_does() -> None:
    """What a program gets by one file of bodies is what dealtrail::compiled was made of."""
    bodies = [name for file in BODIES for name in included_by(INCLUDE_ROOT / file)]
    assert sorted(bodies) == sorted(name_of(p).removeprefix("include/") for p in files(".ipp", under="include"))
    archive = [name for p in files(".cpp", under="src") for name in included_by(p)]
    through = [n for name in archive for n in (included_by(ROOT / "include" / name) if "bodies" in name else [name])]
    assert sorted(through) == sorted(bodies)


@pytest.mark.parametrize("path", files(".ipp", under="include"), ids=name_of)
def test_a_file_of_bodies_is_of_a_header_at_the_root_of_its_room(path: Path) -> None:
    room = path.parent.parent
    assert path.parent.name == "detail"
    assert [h for h in room.glob("*.hpp") if path.stem == h.stem or path.stem.startswith(f"{h.stem}_")]


def test_one_macro_and_no_template_of_no_meaning() -> None:
    """What has no parameter that matters is an ordinary class or function (docs/decisions/0001-plain-cpp.md)."""
    lazy = re.compile(r"class = void|DEALTRAIL_LAZY|\bclass Basic[A-Z]")
    trees = [p for tree in ("include", "src", "bindings") for p in files(*CODE, under=tree)]
    assert [name_of(p) for p in trees if lazy.search(p.read_text(encoding="utf-8"))] == []
