"""Hand-written pages in the portal's shapes, and the facts they must become, by the plain reader (SP.11; crm.md 1.3).

``test_import.py`` asks the library for the same facts.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from oracle.door import utc_us
from python.bitrix24.plain_reader import built_in, read_file

DATA = Path(__file__).parents[2] / "data" / "bitrix24"
FILES = sorted(path.name for path in DATA.iterdir())


def test_both_spellings_give_the_same_deals() -> None:
    old, new = (read_file(built_in(), DATA / name) for name in ("crm_deal_list.json", "crm_item_list_deal.json"))
    assert old.method == new.method == "crm.deal.list"
    assert old.rows == new.rows
    won, still_open, lost = old.rows["deals"]
    assert won["amount"] == Decimal("128500.07")
    assert (won["outcome"], still_open["outcome"], lost["outcome"]) == ("won", "open", "lost")
    assert won["closed_at"] == "2026-04-11"
    assert "expected_close" not in won
    assert still_open["expected_close"] == "2026-06-01"
    assert "closed_at" not in still_open
    assert (won["lead"], won["company"], won["person"]) == ("bitrix24:77", "bitrix24:9", "bitrix24:84")
    assert not {"lead", "company", "person", "touch"} & still_open.keys(), "0, null and '0' are no links"
    assert "vat" not in won, "0.00 does not say that there is no tax"
    assert still_open["vat"] == Decimal("3333.33")
    assert still_open["probability"] == pytest.approx(0.4)
    assert won["version"] == utc_us("2026-04-11T18:00:00+03:00", "UTC")


def test_tags_of_deals_leads_and_contacts_become_touches_beside_them() -> None:
    deals = read_file(built_in(), DATA / "crm_deal_list.json")
    assert [row["id"] for row in deals.rows["touches"]] == ["bitrix24:deal:410", "bitrix24:deal:412"]
    assert deals.rows["deals"][0]["touch"] == "bitrix24:deal:410"
    assert deals.rows["touches"][1]["utm_term"] == "окна"
    leads = read_file(built_in(), DATA / "crm.lead.list.json")
    tagged, form = leads.rows["touches"]
    assert (tagged["kind"], tagged["utm_campaign"], tagged["person"]) == ("visit", "spring", "bitrix24:84")
    assert "form" not in tagged, "form 0 is no form"
    assert (form["kind"], form["form"], form["phone"]) == ("form", "12", "+79005550011")
    assert [row["outcome"] for row in leads.rows["leads"]] == ["converted", "junk", "open"]
    assert "touch" not in leads.rows["leads"][2]
    contacts = read_file(built_in(), DATA / "crm_contact_list.jsonl")
    (touch,) = contacts.rows["touches"]
    assert (touch["person"], touch["utm_source"]) == ("bitrix24:84", "podcast")


def test_contacts_with_their_phones_and_companies_that_are_partners() -> None:
    contacts = read_file(built_in(), DATA / "crm_contact_list.jsonl")
    assert [row["name"] for row in contacts.rows["people"]] == ["Вера Лютикова", "Глеб И. Маков"]
    assert [(row["id"], row["kind"], row["value"]) for row in contacts.rows["contact_points"]] == [
        ("bitrix24:contact:84:215", "phone", "+79005550011"),
        ("bitrix24:contact:84:216", "phone", "8 (900) 555-00-12"),
        ("bitrix24:contact:84:217", "email", "vera@example.com"),
        ("bitrix24:contact:84:218", "telegram", "@vera_example"),
    ]
    companies = read_file(built_in(), DATA / "crm-company-list.json")
    assert [row["kind"] for row in companies.rows["companies"]] == ["CUSTOMER", "PARTNER"]
    (partner,) = companies.rows["partners"]
    assert (partner["id"], partner["name"], partner["company"]) == ("bitrix24:10", "ООО «Кедр»", "bitrix24:10")
    roles = read_file(built_in(), DATA / "crm_deal_contact_items_get.json")
    assert [(row["of_deal"], row["person"]) for row in roles.rows["roles"]] == [
        ("bitrix24:410", "bitrix24:84"),
        ("bitrix24:410", "bitrix24:86"),
    ]


def test_moves_activities_and_managers() -> None:
    moves = read_file(built_in(), DATA / "crm_stagehistory_list.json").rows["moves"]
    assert [(row["deal"], row["pipeline"], row["to"]) for row in moves] == [
        ("bitrix24:410", "5", "C5:NEW"),
        ("bitrix24:410", "5", "C5:WON"),
    ]
    (move,) = read_file(built_in(), DATA / "crm_stagehistory_list_lead.json").rows["moves"]
    assert (move["id"], move["lead"], move["to"]) == ("bitrix24:lead:1", "bitrix24:77", "NEW")
    call, task = read_file(built_in(), DATA / "crm_activity_list.json").rows["activities"]
    assert (call["kind"], call["deal"], call["done_at"]) == ("call", "bitrix24:410", "2026-03-02T10:09:00+03:00")
    assert (task["kind"], task["person"]) == ("task", "bitrix24:84")
    assert "done_at" not in task
    managers = read_file(built_in(), DATA / "user_get.json").rows["managers"]
    assert [(row["name"], row.get("team")) for row in managers] == [("Нина Дубравина", "3"), ("gone@example.com", None)]


def test_calls_of_clients_are_touches_and_our_own_calls_are_not() -> None:
    calls = read_file(built_in(), DATA / "voximplant_statistic_get.json")
    assert calls.records == 4
    found = [(row["id"], row["dialled_number"], row["answered"], row["seconds"]) for row in calls.rows["touches"]]
    assert found == [
        ("bitrix24:call:501", "+74955550001", True, 73),
        ("bitrix24:call:502", "+74955550002", False, 0),
        ("bitrix24:call:504", "+74955550002", True, 41),
    ]
    assert calls.rows["touches"][0]["person"] == "bitrix24:84"
    assert "person" not in calls.rows["touches"][1], "the entity of that call is a lead"


def test_a_batch_tells_which_command_failed() -> None:
    answer = read_file(built_in(), DATA / "crm_deal_list_batch.json")
    assert (answer.records, answer.errors) == (1, ["Access denied."])
    assert [row["id"] for row in answer.rows["deals"]] == ["bitrix24:413"]


@pytest.mark.parametrize("name", FILES)
def test_every_page_is_read_whole(name: str) -> None:
    assert read_file(built_in(), DATA / name).left_out == 0
