"""Writes the made-up facts as a Bitrix24 portal answers: old methods in UPPER_CASE texts, new ones in camelCase."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from dealtrail.demo.facts import Call, Deal, Lead, Move, Organiser, Person, Source

Value: TypeAlias = "str | int | float | Sequence[Value] | Mapping[str, Value] | None"
Record: TypeAlias = "dict[str, Value]"

PAGE = 50
"""Records of a page, as the portal gives them."""
TYPES = {
    "channel": (1040, 11),
    "announcement": (1042, 12),
    "event": (1044, 13),
    "registration": (1046, 14),
    "attendance": (1048, 15),
    "invoice": (1050, 16),
    "invoice line": (1052, 17),
    "cost": (1054, 18),
    "signal": (1056, 19),
    "payment": (1058, 20),
    "source key": (1060, 21),
    "announcement event": (1062, 22),
}
"""Smart processes of the demo portal: name -> (entityTypeId, id of the type)."""
PIPELINES = ((0, "Розница"), (2, "Корпоративные"), (4, "Академия"), (6, "Рекламации"))
"""Categories of deals."""
_STATES = {"working": 101, "test": 102, "archived": 103}
_PAID = {"paid": 111, "own": 112, "barter": 113}
_MODES = {"offline": 121, "online": 122, "hybrid": 123}
_HOW = {"qr": 131, "link": 132, "manual": 133, "online": 134, "walk_in": 135}
_OUT = {"out": "SUCCESS", "planned": "NEW", "cancelled": "FAIL"}
_HELD = {"held": "SUCCESS", "planned": "NEW", "moved": "PREPARATION", "cancelled": "FAIL"}
_FORM = {"registered": "NEW", "cancelled": "FAIL", "waitlist": "CLIENT"}
_BILL = {"approved": "SUCCESS", "draft": "NEW", "cancelled": "FAIL"}
_TIME = {"start": 1793460000.0, "finish": 1793460000.25, "duration": 0.25}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def money_number(minor: int) -> int | float:
    """Give kopecks as the number that the new methods write: 45000 or 45000.5."""
    return minor // 100 if minor % 100 == 0 else minor / 100


def money_text(minor: int) -> str:
    """Give kopecks as the text that the old methods write: ``"19999.99"``."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def _stage(name: str, code: str) -> str:
    number, type_id = TYPES[name]
    return f"DT{number}_{type_id + 10}:{code}"


def _item(name: str, number: int | None, title: str, **fields: Value) -> Record:
    return {"id": number, "entityTypeId": TYPES[name][0], "title": title, **fields}


def _tags(source: Source) -> Record:
    """Give the standard UTM fields of a smart process, all five as the portal writes them."""
    return {f"utm{part.title()}": source.utm.get(part) for part in ("source", "medium", "campaign", "content", "term")}


def _old_tags(utm: Mapping[str, str]) -> Record:
    return {f"UTM_{part.upper()}": utm.get(part) for part in ("source", "medium", "campaign", "content", "term")}


class Export:
    """A folder of saved answers; counts the records of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def _page(self, rows: Sequence[Record], start: int, total: int, inside: str | None) -> Record:
        page: Record = {"result": {inside: rows} if inside else rows}
        if start + len(rows) < total:
            page["next"] = start + PAGE
        page["total"] = total
        page["time"] = _TIME
        return page

    def _pages(self, rows: Sequence[Record], inside: str | None) -> list[Record]:
        starts = range(0, max(len(rows), 1), PAGE)
        return [self._page(rows[start : start + PAGE], start, len(rows), inside) for start in starts]

    def _save(self, name: str, text: str, records: int) -> None:
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
        self.records[name] = records

    def save_list(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save one file that holds a list of pages."""
        pages = ",\n".join(_json(page) for page in self._pages(rows, inside))
        self._save(f"{name}.json", f"[{pages}]\n", len(rows))

    def save_lines(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save one file with a page on each line."""
        pages = "".join(_json(page) + "\n" for page in self._pages(rows, inside))
        self._save(f"{name}.jsonl", pages, len(rows))

    def save_files(self, name: str, rows: Sequence[Record], inside: str | None = None) -> None:
        """Save a file for each page."""
        for index, page in enumerate(self._pages(rows, inside)):
            kept = rows[index * PAGE : (index + 1) * PAGE]
            self._save(f"{name}.{index * PAGE}.json", _json(page) + "\n", len(kept))

    def save_batches(self, name: str, rows: Sequence[Record]) -> None:
        """Save the first page and batches of the others, as clients pull them; one command of a batch has failed."""
        pages: list[Record] = [self._page(rows[:PAGE], 0, len(rows), "items")]
        starts = list(range(PAGE, len(rows), PAGE))
        for begin in range(0, len(starts), PAGE):
            commands = starts[begin : begin + PAGE]
            answers: Record = {f"cmd{at:010d}": {"items": rows[at : at + PAGE]} for at in commands}
            following: Record = {f"cmd{at:010d}": at + PAGE for at in commands if at + PAGE < len(rows)}
            failed: Record = {"other": {"error": "ACCESS_DENIED", "error_description": "Access denied."}}
            batch: Record = {
                "result": answers,
                "result_error": failed if begin == 0 else [],
                "result_total": {key: len(rows) for key in answers},
                "result_next": following or [],
                "result_time": dict.fromkeys(answers, _TIME),
            }
            pages.append({"result": batch, "time": _TIME})
        self._save(f"{name}.json", "[" + ",\n".join(_json(page) for page in pages) + "]\n", len(rows))


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_pages(world: Organiser, folder: Path) -> dict[str, int]:
    """Write the portal's answers into the folder and give the number of records by file."""
    export = Export(folder)
    _write_settings(export)
    _write_placements(world, export)
    _write_bills(world, export)
    _write_guests(world, export)
    _write_old_methods(world, export)
    return export.records


def _items(name: str) -> str:
    return f"crm_item_list_{TYPES[name][0]}"


def _write_settings(export: Export) -> None:
    """Save what names things and holds no facts, and the employees."""
    types: list[Record] = [
        {"id": type_id, "title": name, "entityTypeId": number, "isStagesEnabled": "Y"}
        for name, (number, type_id) in TYPES.items()
    ]
    export.save_files("crm_type_list", types, "types")
    categories: list[Record] = [
        {"id": number, "name": name, "sort": 100 + number, "entityTypeId": 2, "isDefault": "N" if number else "Y"}
        for number, name in PIPELINES
    ]
    export.save_files("crm_category_list", categories, "categories")
    stages: list[Record] = [
        {
            "ID": str(100 + index),
            "ENTITY_ID": "DEAL_STAGE",
            "STATUS_ID": code,
            "NAME": name,
            "SORT": str(10 * index),
            "SEMANTICS": semantics,
            "EXTRA": {"SEMANTICS": extra},
        }
        for index, (code, name, semantics, extra) in enumerate(
            (
                ("NEW", "Новая", None, "process"),
                ("PREPARATION", "Расчёт", None, "process"),
                ("PREPAYMENT_INVOICE", "Счёт", None, "process"),
                ("EXECUTING", "В работе", None, "process"),
                ("WON", "Продано", "S", "success"),
                ("LOSE", "Потеряно", "F", "failure"),
            )
        )
    ]
    export.save_files("crm_status_list", stages)
    users: list[Record] = [
        {
            "ID": str(number),
            "ACTIVE": number != 6,
            "NAME": "Менеджер",
            "LAST_NAME": f"№ {number}",
            "UF_DEPARTMENT": [number % 2 + 1],
        }
        for number in range(1, 7)
    ]
    export.save_files("user_get", users)


def _write_placements(world: Organiser, export: Export) -> None:
    export.save_files(
        _items("channel"),
        [
            _item(
                "channel",
                c.id,
                c.name,
                ufCrm11Venue=c.venue,
                ufCrm11Audience=c.audience,
                ufCrm11State=_STATES[c.state],
                ufCrm11Paid=_PAID[c.paid],
            )
            for c in world.channels
        ],
        "items",
    )
    export.save_files(
        _items("event"),
        [
            _item(
                "event",
                e.id,
                e.name,
                stageId=_stage("event", _HELD[e.status]),
                opportunity=money_number(e.budget),
                currencyId="RUB",
                parentId1044=e.parent or 0,
                ufCrm13Series=e.series,
                ufCrm13Starts=_at(e.starts),
                ufCrm13Ends=_at(e.ends),
                ufCrm13Mode=_MODES[e.mode],
                ufCrm13City=e.city or "",
                ufCrm13Capacity=e.capacity,
                ufCrm13GoalRegistrations=e.goal_registrations,
                ufCrm13GoalAttended=e.goal_attended,
            )
            for e in world.events
        ],
        "items",
    )
    export.save_list(
        _items("announcement"),
        [
            _item(
                "announcement",
                a.id,
                a.name,
                stageId=_stage("announcement", _OUT[a.status]),
                begindate=_at(a.published),
                opportunity=money_number(a.planned_cost),
                currencyId="RUB",
                parentId1040=a.channel,
                parentId1044=a.event,
                **_tags(Source(utm=a.utm)),
                ufCrm12Format=a.form,
                ufCrm12Promo=a.promo or "",
                ufCrm12Phone=a.phone or False,
            )
            for a in world.announcements
        ],
        "items",
    )
    export.save_files(
        _items("announcement event"),
        [
            _item(
                "announcement event",
                number,
                f"{place} / {event}",
                parentId1042=place,
                parentId1044=event,
                ufCrm22Weight=weight,
            )
            for number, place, event, weight in world.shared
        ],
        "items",
    )
    export.save_files(
        _items("source key"),
        [
            _item(
                "source key",
                k.id,
                k.value,
                ufCrm21Kind=k.kind,
                ufCrm21Value=k.value,
                parentId1042=k.announcement or 0,
                parentId1040=k.channel or 0,
                begindate=_at(k.since),
                closedate=_at(k.until),
            )
            for k in world.keys
        ],
        "items",
    )


def _write_bills(world: Organiser, export: Export) -> None:
    export.save_list(
        _items("invoice"),
        [
            _item(
                "invoice",
                i.id,
                f"Счёт {i.id}",
                stageId=_stage("invoice", _BILL[i.status]),
                begindate=_at(i.issued),
                movedTime=_at(i.issued),
                opportunity=money_number(i.amount),
                currencyId="RUB",
                taxValue=money_number(i.amount // 6),
                companyId=i.partner or 0,
            )
            for i in world.invoices
        ],
        "items",
    )
    export.save_list(
        _items("invoice line"),
        [  # saved with useOriginalUfNames=Y: the same fields in the other spelling
            {
                "id": line.id,
                "entityTypeId": 1052,
                "title": f"Строка {line.id}",
                "parentId1050": line.invoice,
                "parentId1042": line.announcement or 0,
                "parentId1040": line.channel or 0,
                "parentId1044": line.event or 0,
                "UF_CRM_17_AMOUNT": None if line.amount is None else money_text(line.amount),
                "UF_CRM_17_WEIGHT": line.weight,
                "UF_CRM_17_SPLIT": line.split,
                "UF_CRM_17_FROM": _at(line.since),
                "UF_CRM_17_UNTIL": _at(line.until),
            }
            for invoice in world.invoices
            for line in invoice.lines
        ],
        "items",
    )
    export.save_files(
        _items("cost"),
        [
            _item(
                "cost",
                c.id,
                f"Расход {c.id}",
                opportunity=money_number(c.amount),
                currencyId="RUB",
                begindate=_at(c.at),
                parentId1040=c.channel or 0,
                parentId1044=c.event or 0,
                ufCrm18Kind=c.kind,
                ufCrm18Planned="Y" if c.planned else "N",
            )
            for c in world.costs
        ],
        "items",
    )
    export.save_lines(
        _items("payment"),
        [
            _item(
                "payment",
                p.id,
                f"Оплата {p.id}",
                opportunity=money_number(p.amount),
                currencyId="RUB",
                begindate=_at(p.at),
                parentId2=p.deal,
                ufCrm20Kind=p.kind,
            )
            for p in world.payments
        ],
        "items",
    )


def _write_guests(world: Organiser, export: Export) -> None:
    company_of = {p.id: p.company for p in world.people}
    export.save_list(
        _items("registration"),
        [
            _item(
                "registration",
                r.id,
                "Регистрация",
                stageId=_stage("registration", _FORM[r.status]),
                createdTime=_at(r.at),
                updatedTime=_at(r.at),
                contactId=r.person or 0,
                companyId=company_of.get(r.person or 0) or 0,
                parentId1044=r.event,
                parentId1042=r.source.link or 0,
                opportunity=money_number(r.price),
                currencyId="RUB",
                **_tags(r.source),
                ufCrm14Promo=r.source.promo or "",
                ufCrm14Line=r.source.number or "",
                ufCrm14Ticket=r.ticket,
            )
            for r in world.registrations
        ],
        "items",
    )
    export.save_lines(
        _items("attendance"),
        [
            _item(
                "attendance",
                a.id,
                "Проход",
                parentId1046=a.registration or 0,
                parentId1044=a.event or 0,
                contactId=a.person or 0,
                ufCrm15At=_at(a.at) or "",
                ufCrm15How=_HOW[a.how],
            )
            for a in world.arrivals
        ],
        "items",
    )
    export.save_list(
        _items("signal"),
        [
            _item(
                "signal",
                s.id,
                "Отметка",
                createdTime=_at(s.at),
                contactId=s.person,
                assignedById=s.manager,
                parentId1044=s.event,
                ufCrm19Kind=s.kind,
                ufCrm19Note=s.note,
            )
            for s in world.signals
        ],
        "items",
    )


def _write_old_methods(world: Organiser, export: Export) -> None:
    companies: list[Record] = [
        {
            "ID": str(c.id),
            "TITLE": c.name,
            "COMPANY_TYPE": c.kind,
            "ASSIGNED_BY_ID": "1",
            "DATE_CREATE": _at(c.created),
            "DATE_MODIFY": _at(c.created),
            "PHONE": _multi(c.id * 10, "PHONE", [c.phone] if c.phone else []),
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
                "CREATED": _at(a.created),
                "LAST_UPDATED": _at(a.start),
                "START_TIME": _at(a.start),
                "END_TIME": _at(a.start),
                "DEADLINE": _at(a.deadline),
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
        "DATE_CREATE": _at(person.created),
        "DATE_MODIFY": _at(person.created),
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
        "DATE_CREATE": _at(lead.at),
        "DATE_MODIFY": _at(lead.modified),
        "DATE_CLOSED": _at(lead.modified) if lead.semantic != "P" else "",
        "WEBFORM_ID": lead.source.form,
        **_old_tags(lead.source.utm),
        "UF_CRM_LINE": lead.source.number or "",
        "UF_CRM_JUNK_REASON": lead.junk_reason,
        "UF_CRM_QUALIFIED": _at(lead.qualified) or "",
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
        "DATE_CREATE": _at(deal.created),
        "DATE_MODIFY": _at(deal.modified),
        "BEGINDATE": _at(deal.created),
        "CLOSEDATE": _at(deal.close),
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
        "CREATED_TIME": _at(move.at),
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
        "CALL_START_DATE": _at(call.at),
        "CALL_FAILED_CODE": "200" if call.answered else "304",
        "COST": "0.0000",
        "COST_CURRENCY": "RUR",
        "CRM_ENTITY_TYPE": "CONTACT" if call.person else None,
        "CRM_ENTITY_ID": str(call.person) if call.person else None,
    }
