"""The built-in profile, by the plain reader: each documented answer is read, or refused with a reason (SP.11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dealtrail.demo import PROFILES, profile_text
from oracle.kinds import KINDS
from python.bitrix24.plain_reader import Answer, built_in, extended, method_of, read_file

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

ROOT = Path(__file__).parents[3]
RECORDED = ROOT.parent / "shared" / "data"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers ../shared/data are absent")

# Documented answers by method: files, facts put, stubs put, rows left out for want of a needed field, failures told.
# An answer of a method that is not in this table is not used, and its method says why.
READ = {
    "crm.activity.list": (5, {"activities": 1}, {}, 2, 2),
    "crm.company.contact.items.get": (2, {}, {"people": 3}, 0, 1),
    "crm.company.list": (4, {"companies": 2, "contact_points": 1}, {}, 0, 2),
    "crm.contact.company.items.get": (2, {}, {"companies": 3}, 0, 1),
    "crm.contact.list": (4, {"people": 6, "contact_points": 9, "touches": 1}, {}, 0, 2),
    "crm.deal.contact.items.get": (2, {}, {"people": 3}, 0, 1),
    "crm.deal.list": (4, {"deals": 7, "touches": 1}, {}, 0, 2),
    "crm.item.list": (4, {"leads": 1}, {}, 0, 2),
    "crm.item.payment.list": (4, {"payments": 2}, {}, 0, 2),
    "crm.lead.contact.items.get": (2, {}, {"people": 2}, 0, 1),
    "crm.lead.list": (3, {"leads": 1}, {}, 0, 2),
    "crm.quote.contact.items.get": (2, {}, {"people": 2}, 0, 1),
    "crm.quote.list": (4, {"activities": 1}, {}, 2, 2),
    "crm.requisite.list": (4, {}, {"companies": 3}, 0, 2),
    "crm.stagehistory.list": (2, {"moves": 1}, {}, 0, 1),
}


def test_the_profile_names_only_kinds_and_fields_that_exist() -> None:
    profile = built_in()
    for name, method in profile["methods"].items():
        assert method["puts"] or method["notes"].startswith("not "), f"{name} is not used and does not say why"
        for put in method["puts"]:
            declared = {field for field, _, _ in KINDS[put["put"]]}
            assert set(put.get("set", {})) <= declared, name
            needed = {field for field, _, need in KINDS[put["put"]] if need == "!"}
            assert put.get("stub") or needed <= set(put["set"]), name
        named = [put.get("name", put["put"]) for put in method["puts"]]
        assert len(named) == len(set(named)), name


BUILT_IN = sorted(path.name for path in (ROOT / "profiles").glob("*.json"))


@pytest.mark.parametrize("name", [*BUILT_IN, *(name for name in PROFILES if name != "rules.json")])
def test_profiles_keep_to_the_published_schema(name: str) -> None:
    schema = json.loads((ROOT / "docs" / "io" / "profile.schema.json").read_text(encoding="utf-8"))
    text = (ROOT / "profiles" / name).read_text(encoding="utf-8") if name in BUILT_IN else profile_text(name)
    profile = json.loads(text)
    jsonschema.Draft202012Validator(schema).validate(profile)


@needs_recorded
def test_each_documented_answer_is_read_or_refused_with_a_reason() -> None:
    profile = built_in()
    answers: dict[str, list[Answer]] = {}
    files = sorted((RECORDED / "bitrix24_docs").glob("*.json"))
    for path in files:
        answer = read_file(profile, path)
        answers.setdefault(answer.method, []).append(answer)
    assert len(files) == 268 == sum(map(len, answers.values()))
    for method, found in answers.items():
        rule = profile["methods"][method]
        if not rule["puts"]:
            assert method not in READ
            assert rule["notes"].startswith("not ")
            continue
        summary = (
            len(found),
            _counted(found, "rows"),
            _counted(found, "stubs"),
            sum(answer.left_out for answer in found),
            sum(len(answer.errors) for answer in found),
        )
        assert summary == READ[method], method
    assert READ.keys() <= answers.keys()


def _counted(answers: list[Answer], place: str) -> dict[str, int]:
    result: dict[str, int] = {}
    for answer in answers:
        for kind, rows in getattr(answer, place).items():
            result[kind] = result.get(kind, 0) + len(rows)
    return result


@needs_recorded
def test_the_recorded_portal() -> None:
    profile = built_in()
    portal = RECORDED / "bitrix24_portal"
    moves = read_file(profile, portal / "stagehistory.json")
    assert len(moves.rows["moves"]) == moves.records == 490
    assert len({row["deal"] for row in moves.rows["moves"]}) == 452
    assert {row["to"] for row in moves.rows["moves"]} == {"UC_KW9988"}
    contacts = read_file(profile, portal / "crm_company_contact_items_get.json")
    assert [row["of_company"] for row in contacts.rows["roles"]] == ["bitrix24:205364"] * 2
    mixed = read_file(profile, portal / "crm_get_batch_mix_success_and_errors.json", "crm.lead.list")
    assert (mixed.records, mixed.errors) == (1, ["ID is not defined or invalid.", "Not found"])
    assert read_file(profile, portal / "crm_get_batch_of_two_error.json", "crm.lead.list").records == 0
    assert read_file(profile, portal / "batch_list_empty.json", "crm.deal.list").records == 0


@needs_recorded
def test_ten_lines_make_events_of_a_smart_process() -> None:
    own: dict[str, Any] = {
        "profile": "webinars",
        "extends": "bitrix24",
        "methods": {
            "crm.item.list": {
                "puts": [{"put": "events", "id": "id", "set": {"name": "title", "starts_at": "ufCrm11_1712074666"}}]
            }
        },
    }
    answer = read_file(extended(own), RECORDED / "bitrix24_portal" / "crm_item_list.json")
    assert [row["id"] for row in answer.rows["events"]] == ["bitrix24:1", "bitrix24:2", "bitrix24:3"]
    assert answer.rows["events"][0]["starts_at"] == "2024-04-19T03:00:00+03:00"


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("crm.deal.list.json", "crm.deal.list"),
        ("crm-deal-get.17.json", "crm.deal.list"),
        ("2026-03-01_crm_deal_list.jsonl", "crm.deal.list"),
        ("deals__contacts__crm-deal-contact-items-get.0.json", "crm.deal.contact.items.get"),
        ("crm_stagehistory_list_lead.json", "crm.stagehistory.list of leads"),
        ("stagehistory.json", "crm.stagehistory.list"),
        ("crm_item_list_1040.json", "crm.item.list"),
        ("crm_item_list_deal.json", "crm.deal.list"),
        ("voximplant.statistic.get.json", "voximplant.statistic.get"),
        ("crm-deal-fields.json", "fields"),
        ("call_batch.json", None),
    ],
)
def test_files_find_their_method(name: str, method: str | None) -> None:
    assert method_of(built_in(), name) == method
