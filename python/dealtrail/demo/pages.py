"""Writes the made-up facts as a Bitrix24 portal answers: old methods in UPPER_CASE texts, new ones in camelCase."""

from __future__ import annotations

from pathlib import Path

from dealtrail.demo.export import Export, Record, Value, money_text, time_text
from dealtrail.demo.facts import Organiser, Source
from dealtrail.demo.old_methods import write_old_methods

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
    "invitation": (1064, 23),
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


def money_number(minor: int) -> int | float:
    """Give kopecks as the number that the new methods write: 45000 or 45000.5."""
    return minor // 100 if minor % 100 == 0 else minor / 100


def _stage(name: str, code: str) -> str:
    number, type_id = TYPES[name]
    return f"DT{number}_{type_id + 10}:{code}"


def _item(name: str, number: int | None, title: str, **fields: Value) -> Record:
    return {"id": number, "entityTypeId": TYPES[name][0], "title": title, **fields}


def _tags(source: Source) -> Record:
    """Give the standard UTM fields of a smart process, all five as the portal writes them."""
    return {f"utm{part.title()}": source.utm.get(part) for part in ("source", "medium", "campaign", "content", "term")}


def write_pages(world: Organiser, folder: Path) -> dict[str, int]:
    """Write the portal's answers into the folder and give the number of records by file."""
    export = Export(folder)
    _write_settings(export)
    _write_placements(world, export)
    _write_bills(world, export)
    _write_guests(world, export)
    write_old_methods(world, export)
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
                ufCrm13Starts=time_text(e.starts),
                ufCrm13Ends=time_text(e.ends),
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
                begindate=time_text(a.published),
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
                begindate=time_text(k.since),
                closedate=time_text(k.until),
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
                begindate=time_text(i.issued),
                movedTime=time_text(i.issued),
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
                "UF_CRM_17_FROM": time_text(line.since),
                "UF_CRM_17_UNTIL": time_text(line.until),
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
                begindate=time_text(c.at),
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
                begindate=time_text(p.at),
                parentId2=p.deal,
                ufCrm20Kind=p.kind,
            )
            for p in world.payments
        ],
        "items",
    )


def _write_guests(world: Organiser, export: Export) -> None:
    company_of = {p.id: p.company for p in world.people}
    export.save_lines(
        _items("invitation"),
        [
            _item(
                "invitation",
                i.id,
                "Приглашение",
                createdTime=time_text(i.sent),
                contactId=i.person or 0,
                companyId=i.company or 0,
                parentId1044=i.event,
                parentId1042=i.announcement or 0,
                ufCrm23Segment=i.segment or "",
            )
            for i in world.invitations
        ],
        "items",
    )
    export.save_list(
        _items("registration"),
        [
            _item(
                "registration",
                r.id,
                "Регистрация",
                stageId=_stage("registration", _FORM[r.status]),
                createdTime=time_text(r.at),
                updatedTime=time_text(r.at),
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
                ufCrm15At=time_text(a.at) or "",
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
                createdTime=time_text(s.at),
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
