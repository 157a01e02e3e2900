"""The library and the plain reader with the oracle make the same facts of the same pages (SP.11)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import dealtrail as dt
from oracle import OracleTrail
from oracle.door import utc_us
from oracle.kinds import KINDS
from python.bitrix24.plain_reader import built_in, extended, method_of, read_file

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

ROOT = Path(__file__).parents[3]
RECORDED = ROOT.parent / "shared" / "data"
DATA = ROOT / "tests" / "data" / "bitrix24"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers ../shared/data are absent")
DOCUMENTED = sorted((RECORDED / "bitrix24_docs").glob("*.json"))
EVENTS = {
    "profile": "webinars",
    "extends": "bitrix24",
    "methods": {
        "crm.item.list": {
            "puts": [{"put": "events", "id": "id", "set": {"name": "title", "starts_at": "ufCrm11_1712074666"}}]
        }
    },
}


def by_oracle(profile: dict[str, Any], path: Path) -> tuple[OracleTrail, int]:
    """What the plain reader and the oracle keep of a file, and how many rows they leave out."""
    trail = OracleTrail(zone="Europe/Moscow")
    answer = read_file(profile, path)
    left_out = answer.left_out
    for kind, rows in answer.rows.items():
        left_out += len(trail.put(kind, rows))
    for kind, rows in answer.stubs.items():
        trail.put(kind, rows, stub=True)
    return trail, left_out


def same_facts(library: dt.Trail, oracle: OracleTrail) -> None:
    state = oracle.state()
    for kind, declared in KINDS.items():
        rows = {row["id"]: row for row in library.table(kind)}
        expected = {row["id"]: row for row in state.all(kind)}
        assert rows.keys() == expected.keys(), kind
        for id_, row in expected.items():
            for name, type_, _ in declared:
                assert plain(rows[id_][name], type_, row.get("currency")) == row[name], (kind, id_, name)


def plain(value: Any, type_: str, currency: str | None) -> Any:
    """A cell of the library as the oracle keeps it."""
    if isinstance(value, datetime):
        return utc_us(value, "UTC")
    if isinstance(value, Decimal) and type_ in ("money", "decimal"):
        assert currency in (None, "RUB", "EUR", "USD"), "two decimals"
        return int(value.scaleb(2 if type_ == "money" else 9))
    return value


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_hand_written_pages(path: Path) -> None:
    library = dt.Trail(currency="RUB", zone="Europe/Moscow")
    library.load(path, "bitrix24")
    oracle, left_out = by_oracle(built_in(), path)
    assert left_out == 0
    same_facts(library, oracle)


@needs_recorded
def test_each_documented_answer_is_read_or_refused_with_a_reason() -> None:
    """Each alone, in a Trail of its own: the state of its file, the facts kept, and the rows left out."""
    profile = built_in()
    states: dict[str, int] = {}
    for path in DOCUMENTED:
        library = dt.Trail(currency="RUB", zone="Europe/Moscow")
        method = profile["methods"][method_of(profile, path.name)]
        try:
            report = library.load(path, "bitrix24")
        except dt.InvalidArgumentError:
            states["refused"] = states.get("refused", 0) + 1
            assert len(library) == 0
            continue
        (file,) = report.files
        states[file["state"]] = states.get(file["state"], 0) + 1
        if file["state"] == "unused":
            assert file["reason"] == method["notes"]
            continue
        oracle, left_out = by_oracle(profile, path)
        assert report.left_out == left_out, path.name
        same_facts(library, oracle)
    assert sum(states.values()) == len(DOCUMENTED) == 268, states


@needs_recorded
def test_moves_of_deals_that_nobody_exported_are_one_finding() -> None:
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    report = trail.load(RECORDED / "bitrix24_portal" / "stagehistory.json", "bitrix24")
    assert (report.put, report.left_out, report.incomplete) == (490, 0, False)
    moves = trail.table("moves").to_dicts()
    assert len(moves) == 490
    assert len({row["deal"] for row in moves}) == 452
    assert {(row["pipeline"], row["to"]) for row in moves} == {("0", "UC_KW9988")}
    findings = [row for row in trail.findings() if row["code"] == "broken_link"]
    assert [(row["kind"], row["column"]) for row in findings] == [("moves", "deal")]
    assert "452" in findings[0]["message"]


@needs_recorded
def test_a_profile_of_ten_lines_makes_events_of_webinars_and_conferences() -> None:
    path = RECORDED / "bitrix24_portal" / "crm_item_list.json"
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    trail.load(path, EVENTS)
    oracle, _ = by_oracle(extended(EVENTS), path)
    same_facts(trail, oracle)
    assert [row["id"] for row in trail.table("events")] == ["bitrix24:1", "bitrix24:2", "bitrix24:3"]


@needs_recorded
def test_a_batch_of_failures_is_told_and_what_it_read_is_kept() -> None:
    portal = RECORDED / "bitrix24_portal"
    trail = dt.Trail(currency="RUB")
    report = trail.load(portal / "crm_get_batch_mix_success_and_errors.json", "bitrix24", method="crm.lead.list")
    assert report.incomplete
    (error, *_) = [row for row in report.problems if row["code"] == "source_error"]
    assert error["count"] == 2
    with pytest.raises(dt.InvalidArgumentError, match="ID is not defined or invalid"):
        trail.load(portal / "crm_get_batch_of_two_error.json", "bitrix24", method="crm.lead.list")
    with pytest.raises(dt.UnknownNameError, match=r"crm\.deal\.list"):
        trail.load(portal / "call_batch.json", "bitrix24", method="crm.deals")
