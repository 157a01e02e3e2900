"""IN.6, IN.7 through Python: what comes in by files, with the values that are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dealtrail as dt

COSTS = {"kind": {"const": "marketing"}, "amount": "Сумма", "at": "Дата"}
RUSSIAN: dict[str, Any] = {
    "profile": "p",
    "source": "",
    "times": ["dd.mm.yyyy"],
    "numbers": {"decimal": ",", "group": ""},
    "methods": {"costs": {"files": ["*costs*"], "puts": [{"put": "costs", "id": "id", "set": COSTS}]}},
}
PEOPLE: dict[str, Any] = {
    "profile": "p",
    "source": "",
    "methods": {"people": {"files": ["*people*"], "puts": [{"put": "people", "id": "id", "set": {"name": "name"}}]}},
}


def load(folder: Path, profile: dict[str, Any], **files: str | bytes) -> tuple[dt.Trail, dict[str, dict[str, Any]]]:
    """A Trail of files, and the problems of its load by code."""
    for name, body in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    report = trail.load(str(folder), profile=profile)
    return trail, {row["code"]: row for row in report.problems}


def test_one_bad_byte_leaves_the_other_names_readable(tmp_path: Path) -> None:
    body = "id,name\n1,Анна\n2,Борис\n".encode() + b"3,\xd0\n" + "4,Вера\n".encode()
    trail, problems = load(tmp_path, PEOPLE, people_csv=body)
    assert trail.table("people")["name"] == ["Анна", "Борис", "\ufffd", "Вера"]
    assert (problems["bad_byte"]["column"], problems["bad_byte"]["count"]) == ("name", 1)
    assert "line 4" in problems["bad_byte"]["first_ids"]


@pytest.mark.parametrize("before", range(4))
def test_a_letter_across_a_megabyte_is_no_evidence(tmp_path: Path, before: int) -> None:
    head = b"id,name\n"
    body = head + b"1," + b"x" * (1_048_576 - len(head) - 2 - before) + "Ж\n2,Анна\n".encode()
    trail, _ = load(tmp_path, PEOPLE, people_csv=body)
    assert [name[-4:] for name in trail.table("people")["name"]] == ["xxxЖ", "Анна"]


def test_cp1251_is_found_wherever_its_letters_come(tmp_path: Path) -> None:
    body = ("id;name\n" + "1;x\n" * 3 + "2;Анна – №1\n").encode("cp1251")
    trail, _ = load(tmp_path, PEOPLE, people_csv=body)
    assert trail.table("people")["name"] == ["x", "Анна – №1"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_sep_of_excel_is_no_header(tmp_path: Path, mark: str) -> None:
    trail, _ = load(tmp_path, RUSSIAN, costs_csv=mark + "sep=;\r\nid;Дата;Сумма\r\n1;14.03.2026;1 204,50\r\n")
    assert str(trail.card("(total)")["cost"]) == "1204.50"


TITLES = (
    "Отчёт по кампаниям;;\r\nПериод: 01.03.2026 - 31.03.2026;;\r\nid;Дата;Сумма\r\n1;14.03.2026;1 204,50\r\n"
    "Итого;;1 204,50\r\n"
)


@pytest.mark.parametrize("csv", [{}, {"skip_rows": 2}, {"header_at": "Сумма"}])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_titles_above_and_a_total_below(tmp_path: Path, csv: dict[str, Any], encoding: str) -> None:
    trail, problems = load(tmp_path, {**RUSSIAN, "csv": csv}, costs_csv=TITLES.encode(encoding))
    assert str(trail.card("(total)")["cost"]) == "1204.50"
    assert problems["title_rows"]["count"] == 2
    assert "Отчёт по кампаниям" in problems["title_rows"]["first_values"]
    assert problems["total_row"]["count"] == 1


def test_merged_ids_in_one_text(tmp_path: Path) -> None:
    link = {
        "put": "identity_links",
        "for_each": "merged",
        "split": ";",
        "id": {"concat": ["^id", {"const": ":"}, "."]},
        "set": {"kind": {"const": "people"}, "one": "^id", "other": ".", "verdict": {"const": "same"}},
    }
    page = [{"id": "410", "merged": "411;412"}, {"id": "411", "merged": ""}, {"id": "412", "merged": ""}]
    for said in (True, False):
        puts = [{"put": "people", "id": "id"}, {k: v for k, v in link.items() if said or k != "split"}]
        profile = {"profile": "p", "source": "", "methods": {"people": {"files": ["*people*"], "puts": puts}}}
        trail, problems = load(tmp_path, profile, people_json=json.dumps(page))
        assert max(dt.identity.identities(trail)["size"]) == 3
        assert ("split_text" in problems) != said


def test_fifteen_and_eighteen_letters_of_salesforce(tmp_path: Path) -> None:
    puts = [{"put": "people", "id": "Id"}]
    deals = [{"put": "deals", "id": "Id", "set": {"person": "Contact", "created_at": "At"}}]
    profile = {
        "profile": "p",
        "source": "sf",
        "methods": {"people": {"files": ["*people*"], "puts": puts}, "deals": {"files": ["*deals*"], "puts": deals}},
    }
    trail, _ = load(
        tmp_path,
        profile,
        people_csv="Id,Name\n0030x000001AbCdAAK,x\n",
        deals_csv="Id,Contact,At\n0060x000001AbCd,0030x000001AbCd,2026-03-01\n",
    )
    assert "broken_link" not in trail.findings()["code"]


def test_invisible_letters_in_headers_ids_and_links(tmp_path: Path) -> None:
    body = "\u200bid;\u00a0name\u00a0\n1\u200b;Анна\n"
    trail, problems = load(tmp_path, PEOPLE, people_csv=body)
    assert trail.table("people")["id"] == ["1"]
    assert problems["invisible_letters"]["count"] == 1
    trail.put("deals", [{"id": "d", "person": "\ufeff1", "created_at": "2026-03-01"}])
    assert "broken_link" not in trail.findings()["code"]
