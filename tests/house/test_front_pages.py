"""The front pages are true: the paths they name exist, their rooms are those of the tree, nothing built is denied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from house.tree import ROOMS, ROOT, files, name_of

INCLUDE = ROOT / "include/dealtrail"
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + [
    ROOT / "docs" / name for name in ("architecture.md", "install.md", "limits.md")
]
#: Pages of users: all but the page of requirements and the decisions.
USER_PAGES = [p for p in files(".md", under="docs") if p.name != "mission.md" and p.parent.name != "decisions"] + PAGES[
    :2
]

FENCE = re.compile(r"^```.*?^```[ \t]*$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:[\w<>*?.-]+/)+(?:[\w<>*?.-]+\.(?:hpp|ipp|def|cpp|py|pyi|md|json|cmake|txt|html|js|toml|in))?")
#: Where a path may begin: at the root, as it is included, in a room's documentation, in the package.
BEGINNINGS = ("", "include/", "include/dealtrail/", "include/dealtrail/*/", "docs/", "python/dealtrail/")
#: Headers of others that a host brings.
FOREIGN = {"nlohmann/json.hpp"}

REQUIREMENT = re.compile(r"\b(?:M[0-9]\.[0-9]+|(?:SP|PF|AT|UT|HO)\.[0-9]+)\b")
DENIAL = re.compile(r"not (?:yet )?built|not built yet", re.IGNORECASE)


def prose(text: str) -> str:
    return FENCE.sub("", text)


def paths_in(text: str) -> list[str]:
    """The quoted paths of a page, without its examples: they have a slash and end in one or in a known suffix."""
    return [quoted for quoted in QUOTED.findall(prose(text)) if PATH.fullmatch(quoted) and quoted not in FOREIGN]


def as_glob(path: str) -> str:
    """`<room>/<noun>.hpp` stands for any room and noun."""
    return re.sub(r"<[^>]*>", "*", path)


def exists(path: str) -> bool:
    pattern = as_glob(path).rstrip("/")
    return any(next(ROOT.glob(f"{beginning}{pattern}"), None) for beginning in BEGINNINGS)


def rooms_of_the_tree() -> list[str]:
    """The rooms that have a header, in their order."""
    return [room for room in ROOMS if (INCLUDE / room).is_dir()]


def rooms_of_the_build() -> list[str]:
    listed = re.search(r"dealtrail_rooms\n([^)]*)\)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    assert listed is not None
    return listed[1].split()


def line_of_rooms(page: Path) -> list[str]:
    """The rooms of the line `core ← table ← …`, groups opened."""
    line = re.search(r"`(core ← [^`]*)`", prose(page.read_text(encoding="utf-8")))
    assert line is not None, f"{name_of(page)} has no line of rooms"
    return re.findall(r"[a-z_]+", line[1])


def denied_nouns(text: str, nouns: set[str]) -> list[str]:
    """The nouns that a paragraph calls not built; every word counts, singular or plural."""
    return [
        f"{noun}: {paragraph.strip()[:60]}"
        for paragraph in re.split(r"\n\s*\n", prose(text))
        if DENIAL.search(paragraph)
        for noun in sorted(nouns)
        if re.search(rf"\b{noun.replace('_', '[ _]').removesuffix('s')}s?\b", paragraph, re.IGNORECASE)
    ]


def public_nouns() -> set[str]:
    headers = [p.relative_to(INCLUDE) for p in files(".hpp", under="include/dealtrail")]
    return {p.stem for p in headers if len(p.parts) == 2 and p.parent.name not in ("core", "table", "aggregate")} | set(
        rooms_of_the_tree()
    )


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_of_a_front_page_exists(page: Path) -> None:
    missing = [path for path in paths_in(page.read_text(encoding="utf-8")) if not exists(path)]
    assert missing == []


@pytest.mark.parametrize("page", [ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md"], ids=name_of)
def test_the_line_of_rooms_is_the_tree(page: Path) -> None:
    assert line_of_rooms(page) == [*rooms_of_the_tree(), "bindings", "python"]


def test_the_table_of_rooms_is_the_tree() -> None:
    page = prose((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    table = page[page.index("| room |") :].split("\n\n")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == [*rooms_of_the_tree(), "bindings", "python"]


def test_the_build_has_the_rooms_of_the_tree() -> None:
    assert sorted(rooms_of_the_build()) == sorted(rooms_of_the_tree())


def test_the_page_of_cards_opens_with_every_column_in_order() -> None:
    declared = re.findall(
        r"^DEALTRAIL_(?:COUNT|CAME|MONEY|RATIO)\((\w+)",
        (INCLUDE / "cards/cards.def").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    page = (ROOT / "docs/cards/cards.md").read_text(encoding="utf-8")
    table = page[page.index("| column | meaning | example |") :].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == ["key", "name", "state", *declared]
    assert page.index("| column |") < page.index("\n## ")


@pytest.mark.parametrize("page", [*PAGES[:2], ROOT / "docs/README.md"], ids=name_of)
def test_the_glossary_is_linked(page: Path) -> None:
    assert "glossary.md)" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", USER_PAGES, ids=name_of)
def test_no_page_denies_what_a_header_has(page: Path) -> None:
    assert denied_nouns(page.read_text(encoding="utf-8"), public_nouns()) == []


@pytest.mark.parametrize("page", USER_PAGES, ids=name_of)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose(page.read_text(encoding="utf-8")))
    local = [link for link in links if "://" not in link and "…" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", USER_PAGES, ids=name_of)
def test_a_page_for_users_names_no_requirement(page: Path) -> None:
    assert REQUIREMENT.findall(page.read_text(encoding="utf-8")) == []


def test_the_readers_themselves() -> None:
    page = "See `docs/limits.md`, `include/dealtrail/<room>/<noun>.hpp`, `a/b`.\n\n```sh\nls `no/where.md`\n```\n"
    assert paths_in(page) == ["docs/limits.md", "include/dealtrail/<room>/<noun>.hpp"]
    assert exists("docs/*.md")
    assert exists("facts/kinds/*.def")
    assert not exists("docs/no_such_page.md")
    assert denied_nouns("Attribution and shapley are not built.", {"attribution", "shapley", "pace"}) != []
    assert denied_nouns("Bonuses are not built yet.\n\nAttribution is.", {"attribution"}) == []
