"""Writes what the portal gives by its old methods: UPPER_CASE names, and texts for numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealtrail.demo.export import PAGE, Export, Record, money_text, time_text
from dealtrail.demo.facts import Call, Deal, Lead, Move, Organiser, Person


def _old_tags(utm: Mapping[str, str]) -> Record:
    return {f"UTM_{part.upper()}": utm.get(part) for part in ("source", "medium", "campaign", "content", "term")}


def write_old_methods(world: Organiser, export: Export) -> None:
    """Save companies, contacts, leads, deals, moves, activities and calls."""
    companies: list[Record] = [
        {
            "ID": str(c.id),
            "TITLE": c.name,
            "COMPANY_TYPE": c.kind,
            "ASSIGNED_BY_ID": "1",
            "DATE_CREATE": time_text(c.created),
            "DATE_MODIFY": time_text(c.created),
            "PHONE": _multi(c.id * 10, "PHONE", [c.phone] if c.phone else []),
            "UF_CRM_POTENTIAL": c.potential or "",
        }
        for c in world.companies
    ]
    export.save_files("crm_company_list", companies)
    people = [_contact(p) for p in world.people]
    people.insert(PAGE, people[PAGE - 1])  # a page moved while it was pulled: the same card twice
    export.save_lines("crm_contact_list", people)
    export.save_list("crm_lead_list", [_lead(lead) for lead in world.leads])
    deals = [_deal(deal) for deal in world.deals]
    for index, old in enumerate(world.older_deals):  # the older row may come before or after the newer one
        deals.insert(0 if index % 2 == 0 else len(deals), _deal(old))
    export.save_list("crm_deal_list", deals)
    export.save_batches("crm_stagehistory_list_deal", [_move(m, "STAGE") for m in world.deal_moves])
    export.save_list("crm_stagehistory_list_lead", [_move(m, "STATUS") for m in world.lead_moves], "items")
    export.save_list(
        "crm_activity_list",
        [
            {
                "ID": str(a.id),
                "OWNER_ID": str(a.owner),
                "OWNER_TYPE_ID": str(a.owner_type),
                "TYPE_ID": str(a.type),
                "SUBJECT": a.subject,
                "CREATED": time_text(a.created),
                "LAST_UPDATED": time_text(a.start),
                "START_TIME": time_text(a.start),
                "END_TIME": time_text(a.start),
                "DEADLINE": time_text(a.deadline),
                "COMPLETED": "Y" if a.completed else "N",
                "RESPONSIBLE_ID": str(a.manager),
            }
            for a in world.activities
        ],
    )
    export.save_lines("voximplant_statistic_get", [_call(call) for call in world.portal_calls])


def _multi(first: int, kind: str, values: Sequence[str]) -> list[Record]:
    return [
        {"ID": str(first + index), "VALUE_TYPE": "WORK", "VALUE": value, "TYPE_ID": kind}
        for index, value in enumerate(values)
    ]


def _contact(person: Person) -> Record:
    return {
        "ID": str(person.id),
        "NAME": person.first,
        "LAST_NAME": person.last,
        "COMPANY_ID": str(person.company or 0),
        "ASSIGNED_BY_ID": str(person.manager),
        "DATE_CREATE": time_text(person.created),
        "DATE_MODIFY": time_text(person.created),
        "PHONE": _multi(person.id * 10, "PHONE", person.phones),
        "EMAIL": _multi(person.id * 10 + 5, "EMAIL", [person.email] if person.email else []),
        **_old_tags(person.utm),
    }


def _lead(lead: Lead) -> Record:
    return {
        "ID": str(lead.id),
        "TITLE": lead.title,
        "STATUS_ID": lead.status,
        "STATUS_SEMANTIC_ID": lead.semantic,
        "CONTACT_ID": str(lead.person) if lead.person else None,
        "COMPANY_ID": None,
        "ASSIGNED_BY_ID": str(lead.manager),
        "DATE_CREATE": time_text(lead.at),
        "DATE_MODIFY": time_text(lead.modified),
        "DATE_CLOSED": time_text(lead.modified) if lead.semantic != "P" else "",
        "WEBFORM_ID": lead.source.form,
        **_old_tags(lead.source.utm),
        "UF_CRM_LINE": lead.source.number or "",
        "UF_CRM_JUNK_REASON": lead.junk_reason,
        "UF_CRM_QUALIFIED": time_text(lead.qualified) or "",
    }


def _deal(deal: Deal) -> Record:
    return {
        "ID": str(deal.id),
        "TITLE": deal.title,
        "TYPE_ID": "SALE",
        "CATEGORY_ID": str(deal.category),
        "STAGE_ID": deal.stage,
        "STAGE_SEMANTIC_ID": deal.semantic,
        "CLOSED": "N" if deal.semantic == "P" else "Y",
        "OPPORTUNITY": money_text(deal.amount),
        "CURRENCY_ID": deal.currency,
        "PROBABILITY": None if deal.semantic != "P" else "40",
        "LEAD_ID": str(deal.lead) if deal.lead else None,
        "COMPANY_ID": str(deal.company or 0),
        "CONTACT_ID": str(deal.person) if deal.person else None,
        "ASSIGNED_BY_ID": str(deal.manager),
        "DATE_CREATE": time_text(deal.created),
        "DATE_MODIFY": time_text(deal.modified),
        "BEGINDATE": time_text(deal.created),
        "CLOSEDATE": time_text(deal.close),
        **_old_tags(deal.source.utm),
        "PARENT_ID_1046": str(deal.registration) if deal.registration else None,
        "PARENT_ID_1042": str(deal.source.link) if deal.source.link else None,
        "UF_CRM_COST": None if deal.cost is None else money_text(deal.cost),
        "UF_CRM_LOST_REASON": deal.lost_reason or "",
        "UF_CRM_SALE": str(deal.sale) if deal.sale else "",
        "UF_CRM_SALE_KIND": deal.sale_kind or "",
    }


def _move(move: Move, word: str) -> Record:
    row: Record = {
        "ID": str(move.id),
        "TYPE_ID": str(move.type),
        "OWNER_ID": str(move.owner),
        "CREATED_TIME": time_text(move.at),
    }
    if word == "STAGE":
        row["CATEGORY_ID"] = str(move.category)
    return {**row, f"{word}_SEMANTIC_ID": move.semantic, f"{word}_ID": move.stage}


def _call(call: Call) -> Record:
    return {
        "ID": str(call.id),
        "PORTAL_USER_ID": str(call.manager),
        "PORTAL_NUMBER": call.line,
        "PHONE_NUMBER": call.client,
        "CALL_TYPE": "2",
        "CALL_DURATION": str(call.seconds),
        "CALL_START_DATE": time_text(call.at),
        "CALL_FAILED_CODE": "200" if call.answered else "304",
        "COST": "0.0000",
        "COST_CURRENCY": "RUR",
        "CRM_ENTITY_TYPE": "CONTACT" if call.person else None,
        "CRM_ENTITY_ID": str(call.person) if call.person else None,
    }
