"""What must not stand in the sources: machine paths, foreign hosts, loose ends, hidden inputs, pages too long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.markdown import blocks
from house.tree import ROOT, files, name_of

HERE = Path(__file__).resolve()
TEXT = [p for p in files() if "tests/data/" not in name_of(p) and p != HERE and p.suffix not in {".png", ".dtrail"}]

#: The hosts that a text here may link to: standards, specifications and licences.
HOSTS = {
    "127.0.0.1",
    "arrow.apache.org",
    "www.apache.org",
    "json-schema.org",
    "example.com",
    "example.org",
}

MACHINE_PATH = re.compile(r"(?<![\w./:-])/(?:work|root|home|Users)/")
LINK = re.compile(r"\b(?:https?|ftp)://([^/\s\"'`<>)\]:]+)")
LOOSE_END = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b")

#: The same input gives the same bytes: the library has no clock, environment, seed or printing of its own.
HIDDEN_INPUT = re.compile(
    r"#include <iostream>|system_clock::now|steady_clock::now|\bgetenv\b|random_device|\bs?rand\(|\bprintf\(|\bputs\("
)
SLEEP_OR_CHANCE = re.compile(r"\bsleep_for\b|\btime\.sleep\b|random_device|\bs?rand\(|\brandom\.(?:random|randint)\(")

#: Files longer than a page should be, and why.
LONG: dict[str, str] = {
    "include/dealtrail/facts/encode_fact.hpp": "one class: a case for each type of cell, and what each refuses",
    "python/dealtrail/_core.pyi": "the stub of one module: a line or two for each of its functions",
    "include/dealtrail/io/detail/evaluate.hpp": "one class: a case for each operator of profiles",
}
LIMIT = 500


def lines_matching(path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [
        f"{name_of(path)}:{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)
    ]


def all_matching(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [hit for path in paths for hit in lines_matching(path, pattern)]


def test_no_machine_path() -> None:
    assert all_matching(TEXT, MACHINE_PATH) == []


def test_links_lead_to_standards_only() -> None:
    strangers = [
        f"{name_of(path)}: {host}"
        for path in TEXT
        for host in LINK.findall(path.read_text(encoding="utf-8"))
        if host not in HOSTS and not host.endswith((".example", ".example.com", ".test"))
    ]
    assert strangers == []


def test_no_loose_end() -> None:
    assert all_matching(TEXT, LOOSE_END) == []


def test_the_library_has_no_hidden_input() -> None:
    assert all_matching(files(".hpp", ".ipp", ".def", under="include"), HIDDEN_INPUT) == []


def test_tests_neither_sleep_nor_leave_things_to_chance() -> None:
    assert all_matching([p for p in files(".cpp", ".hpp", ".py", under="tests") if p != HERE], SLEEP_OR_CHANCE) == []


def test_a_page_is_a_page() -> None:
    shipped = [p for tree in ("include", "src", "bindings", "python") for p in files(under=tree)]
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in shipped}
    assert {name: length for name, length in lengths.items() if length > LIMIT and name not in LONG} == {}
    assert [name for name in LONG if lengths.get(name, 0) <= LIMIT] == []


@pytest.mark.parametrize("path", files(".hpp", ".ipp", under="include"), ids=name_of)
def test_a_header_is_guarded_and_uses_no_namespace(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^#pragma once$", text, re.MULTILINE)
    assert not re.search(r"^using namespace ", text, re.MULTILINE)


def test_the_changelog_has_a_place_for_the_next_line() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_installs_first_shows_python_and_comes_to_dev_later() -> None:
    """What it is for in three lines, pip, Python that runs with its output; how it is built comes after that."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    purpose, *_ = readme.removeprefix("# dealtrail").split("```")
    assert len(purpose.strip().splitlines()) <= 3
    shown = blocks(readme)
    assert [block.language for block in shown[:2]] == ["sh", "python"]
    assert shown[0].code.startswith("pip install dealtrail")
    assert shown[1].output is not None
    with_dev = [n for n, block in enumerate(shown) if "./dev" in block.code]
    assert with_dev == [len(shown) - 1]
    assert [line.split("#")[0].strip() for line in shown[-1].code.splitlines()] == ["./dev demo", "./dev test"]
    assert len(readme.splitlines()) <= 150
