"""Kinds of fact: their names, and a typed dict for a row of each.

Generated from the declaration of kinds by bindings/generate.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from typing_extensions import Required

# A field a line would be a page too long.
# ruff: noqa: UP013
# fmt: off
KindName: TypeAlias = Literal[
    "channels",
    "events",
    "announcements",
    "announcement_events",
    "source_keys",
    "placement_reports",
    "invoices",
    "invoice_lines",
    "costs",
    "payments",
    "exchange_rates",
    "period_closes",
    "payout_lines",
    "plans",
    "people",
    "companies",
    "contact_points",
    "partners",
    "programmes",
    "managers",
    "roles",
    "identity_links",
    "invitations",
    "touches",
    "registrations",
    "attendances",
    "signals",
    "activities",
    "leads",
    "deals",
    "moves",
    "milestones",
]
"""Name of a kind of fact."""

Channel = TypedDict("Channel", {
    "id": "str | None", "version": "int | None", "name": "Required[str]", "venue_kind": "str | None",
    "audience": "str | None", "state": "Literal['working', 'test', 'archived'] | None",
    "paid": "Literal['paid', 'own', 'barter'] | None",
}, total=False)
"""A permanent place where people are told about events."""

Event = TypedDict("Event", {
    "id": "str | None", "version": "int | None", "name": "Required[str]", "parent": "str | None",
    "series": "str | None", "mode": "Literal['offline', 'online', 'hybrid'] | None", "city": "str | None",
    "starts_at": "datetime | date | str | None", "ends_at": "datetime | date | str | None", "capacity": "int | None",
    "attendance": "Literal['taken', 'not_taken'] | None",
    "status": "Literal['planned', 'held', 'moved', 'cancelled'] | None", "product": "str | None", "brand": "str | None",
    "budget": "Decimal | int | float | str | None", "goal_registrations": "int | None", "goal_attended": "int | None",
    "goal_new": "int | None", "goal_deals": "int | None", "goal_revenue": "Decimal | int | float | str | None",
}, total=False)
"""An event, a session of one, or an edition of a series."""

Announcement = TypedDict("Announcement", {
    "id": "str | None", "version": "int | None", "channel": "Required[str]", "event": "str | None",
    "partner": "str | None", "published_at": "datetime | date | str | None", "format": "str | None",
    "creative": "str | None", "brand": "str | None", "paid": "Literal['paid', 'own', 'barter'] | None",
    "planned_cost": "Decimal | int | float | str | None", "budget_share": "Decimal | int | float | str | None",
    "status": "Literal['out', 'planned', 'cancelled'] | None", "utm_source": "str | None", "utm_medium": "str | None",
    "utm_campaign": "str | None", "utm_content": "str | None", "utm_term": "str | None", "promo_code": "str | None",
    "phone_number": "str | None",
}, total=False)
"""One placement in a channel for an event; the short keys are source keys of its own."""

AnnouncementEvent = TypedDict("AnnouncementEvent", {
    "id": "str | None", "version": "int | None", "announcement": "Required[str]", "event": "Required[str]",
    "weight": "Decimal | int | float | str | None",
}, total=False)
"""One of several events that an announcement serves."""

SourceKey = TypedDict("SourceKey", {
    "id": "str | None", "version": "int | None",
    "kind": "Required[Literal['number', 'number_pool', 'utm', 'form', 'chat', 'promo_code', 'referrer']]",
    "value": "Required[str]", "announcement": "str | None", "channel": "str | None", "pipeline": "str | None",
    "brand": "str | None", "from": "datetime | date | str | None", "until": "datetime | date | str | None",
}, total=False)
"""A number, form, tag or code that tells where a touch came from."""

PlacementReport = TypedDict("PlacementReport", {
    "id": "str | None", "version": "int | None", "announcement": "str | None", "channel": "str | None",
    "at": "Required[datetime | date | str]", "until": "datetime | date | str | None", "impressions": "int | None",
    "reach": "int | None", "clicks": "int | None", "registrations_claimed": "int | None",
    "cost": "Decimal | int | float | str | None",
}, total=False)
"""The venue's own figures, or an advertising system's by day."""

Invoice = TypedDict("Invoice", {
    "id": "str | None", "version": "int | None", "partner": "str | None",
    "amount": "Required[Decimal | int | float | str]", "currency": "str | None",
    "vat": "Decimal | int | float | str | None", "issued_at": "Required[datetime | date | str]",
    "approved_at": "datetime | date | str | None", "status": "Literal['approved', 'draft', 'cancelled'] | None",
}, total=False)
"""A supplier's invoice; a credit note is negative."""

InvoiceLine = TypedDict("InvoiceLine", {
    "id": "str | None", "version": "int | None", "invoice": "Required[str]", "announcement": "str | None",
    "channel": "str | None", "event": "str | None", "amount": "Decimal | int | float | str | None",
    "weight": "Decimal | int | float | str | None", "split": "Literal['equal', 'planned_cost', 'budget_share'] | None",
    "service_from": "datetime | date | str | None", "service_until": "datetime | date | str | None",
    "brand": "str | None", "currency": "str | None",
}, total=False)
"""What a part of an invoice pays for."""

Cost = TypedDict("Cost", {
    "id": "str | None", "version": "int | None", "kind": "Required[str]", "channel": "str | None",
    "announcement": "str | None", "event": "str | None", "partner": "str | None", "programme": "str | None",
    "manager": "str | None", "product": "str | None", "brand": "str | None",
    "amount": "Decimal | int | float | str | None", "hours": "Decimal | int | float | str | None",
    "rate": "Decimal | int | float | str | None", "currency": "str | None", "vat": "Decimal | int | float | str | None",
    "planned": "bool | str | None", "at": "Required[datetime | date | str]", "until": "datetime | date | str | None",
}, total=False)
"""A cost without an invoice, or a planned one."""

Payment = TypedDict("Payment", {
    "id": "str | None", "version": "int | None", "deal": "str | None", "company": "str | None",
    "at": "Required[datetime | date | str]", "kind": "Required[str]", "amount": "Required[Decimal | int | float | str]",
    "currency": "str | None", "own_revenue": "Decimal | int | float | str | None",
    "margin": "Decimal | int | float | str | None", "quantity": "int | None",
    "vat": "Decimal | int | float | str | None", "event": "str | None", "partner": "str | None",
    "sales_channel": "str | None", "promo_code": "str | None", "product": "str | None",
}, total=False)
"""Money that came in, or went back."""

ExchangeRate = TypedDict("ExchangeRate", {
    "id": "str | None", "version": "int | None", "currency": "Required[str]", "at": "Required[datetime | date | str]",
    "rate": "Required[Decimal | int | float | str]",
}, total=False)
"""What one unit of a currency was worth on a day."""

PeriodClose = TypedDict("PeriodClose", {
    "id": "str | None", "version": "int | None", "period_start": "Required[datetime | date | str]",
    "period": "Required[Literal['day', 'week', 'month', 'quarter', 'year']]",
    "kind": "Required[Literal['bonuses', 'commissions']]", "closed_at": "Required[datetime | date | str]",
}, total=False)
"""A closed period of bonuses or commissions."""

PayoutLine = TypedDict("PayoutLine", {
    "id": "str | None", "version": "int | None", "period_close": "Required[str]", "rule": "Required[str]",
    "manager": "str | None", "partner": "str | None", "fact_kind": "Required[str]", "fact": "Required[str]",
    "base": "Required[Decimal | int | float | str]", "amount": "Required[Decimal | int | float | str]",
    "step": "str | None", "note": "str | None",
}, total=False)
"""One line of a closed period."""

Plan = TypedDict("Plan", {
    "id": "str | None", "version": "int | None", "metric": "Required[str]",
    "period_start": "Required[datetime | date | str]",
    "period": "Required[Literal['day', 'week', 'month', 'quarter', 'year']]",
    "amount": "Required[Decimal | int | float | str]", "scenario": "Required[str]", "channel": "str | None",
    "event": "str | None", "manager": "str | None", "partner": "str | None", "company": "str | None",
    "pipeline": "str | None", "brand": "str | None", "programme": "str | None", "product": "str | None",
    "cost_kind": "str | None",
}, total=False)
"""A planned figure."""

Person = TypedDict("Person", {
    "id": "str | None", "version": "int | None", "name": "str | None", "company": "str | None", "group": "str | None",
    "inn": "str | None", "kpp": "str | None", "segment_potential": "str | None", "segment_format": "str | None",
    "region": "str | None", "responsible": "str | None",
}, total=False)
"""A person."""

Company = TypedDict("Company", {
    "id": "str | None", "version": "int | None", "name": "str | None", "kind": "str | None", "group": "str | None",
    "inn": "str | None", "kpp": "str | None", "segment_potential": "str | None", "segment_format": "str | None",
    "region": "str | None", "responsible": "str | None",
}, total=False)
"""A company."""

ContactPoint = TypedDict("ContactPoint", {
    "id": "str | None", "version": "int | None", "person": "str | None", "company": "str | None",
    "kind": "Required[Literal['phone', 'email', 'telegram', 'client_id']]", "value": "Required[str]",
    "from": "datetime | date | str | None", "until": "datetime | date | str | None",
}, total=False)
"""A phone, address or client id of a person or company."""

Partner = TypedDict("Partner", {
    "id": "str | None", "version": "int | None", "name": "Required[str]", "company": "str | None", "tier": "str | None",
}, total=False)
"""A partner or venue."""

Programme = TypedDict("Programme", {
    "id": "str | None", "version": "int | None", "name": "Required[str]",
    "kind": "Literal['acquisition', 'implementation', 'development', 'training'] | None",
    "from": "datetime | date | str | None", "until": "datetime | date | str | None",
}, total=False)
"""A partner programme."""

Manager = TypedDict("Manager", {
    "id": "str | None", "version": "int | None", "name": "Required[str]", "team": "str | None",
    "active_until": "datetime | date | str | None",
}, total=False)
"""An employee who owns deals."""

Role = TypedDict("Role", {
    "id": "str | None", "version": "int | None", "of_deal": "str | None", "of_company": "str | None",
    "of_lead": "str | None", "of_partner": "str | None", "of_event": "str | None", "person": "str | None",
    "manager": "str | None", "partner": "str | None", "company": "str | None", "role": "Required[str]",
    "share": "Decimal | int | float | str | None", "from": "datetime | date | str | None",
    "until": "datetime | date | str | None",
}, total=False)
"""Who stands in which role, of what, and when."""

IdentityLink = TypedDict("IdentityLink", {
    "id": "str | None", "version": "int | None", "kind": "Required[Literal['people', 'companies']]",
    "one": "Required[str]", "other": "Required[str]", "verdict": "Required[Literal['same', 'different']]",
    "at": "datetime | date | str | None", "manager": "str | None",
}, total=False)
"""A verdict that two cards are one, or are not."""

Invitation = TypedDict("Invitation", {
    "id": "str | None", "version": "int | None", "event": "Required[str]", "person": "str | None",
    "company": "str | None", "announcement": "str | None", "segment": "str | None",
    "sent_at": "Required[datetime | date | str]",
}, total=False)
"""An invitation of one person or company to an event."""

Touch = TypedDict("Touch", {
    "id": "str | None", "version": "int | None", "person": "str | None", "phone": "str | None",
    "client_id": "str | None", "announcement": "str | None", "channel": "str | None", "utm_source": "str | None",
    "utm_medium": "str | None", "utm_campaign": "str | None", "utm_content": "str | None", "utm_term": "str | None",
    "dialled_number": "str | None", "form": "str | None", "promo_code": "str | None", "referrer": "str | None",
    "at": "Required[datetime | date | str]",
    "kind": "Required[Literal['impression', 'click', 'call', 'form', 'chat', 'visit']]",
    "answered": "bool | str | None", "seconds": "int | None", "manager": "str | None", "brand": "str | None",
}, total=False)
"""One contact of somebody with our marketing."""

Registration = TypedDict("Registration", {
    "id": "str | None", "version": "int | None", "event": "Required[str]", "person": "str | None",
    "company": "str | None", "touch": "str | None", "announcement": "str | None", "channel": "str | None",
    "at": "Required[datetime | date | str]",
    "status": "Literal['registered', 'cancelled', 'waitlist', 'pending', 'declined'] | None", "ticket": "str | None",
    "price": "Decimal | int | float | str | None", "quantity": "int | None",
}, total=False)
"""A registration for an event."""

Attendance = TypedDict("Attendance", {
    "id": "str | None", "version": "int | None", "registration": "str | None", "event": "str | None",
    "person": "str | None", "at": "datetime | date | str | None",
    "how": "Literal['qr', 'link', 'manual', 'online', 'walk_in'] | None", "minutes": "int | None",
    "quantity": "int | None",
}, total=False)
"""An arrival at an event."""

Signal = TypedDict("Signal", {
    "id": "str | None", "version": "int | None", "event": "Required[str]", "person": "Required[str]",
    "kind": "Required[str]", "product": "str | None", "manager": "str | None", "note": "str | None",
    "at": "Required[datetime | date | str]",
}, total=False)
"""A mark of interest made at an event."""

Activity = TypedDict("Activity", {
    "id": "str | None", "version": "int | None", "kind": "Required[str]", "person": "str | None",
    "company": "str | None", "deal": "str | None", "lead": "str | None", "partner": "str | None", "event": "str | None",
    "signal": "str | None", "manager": "str | None", "at": "Required[datetime | date | str]",
    "due_at": "datetime | date | str | None", "done_at": "datetime | date | str | None", "note": "str | None",
}, total=False)
"""A task, call, meeting, letter or offer."""

Lead = TypedDict("Lead", {
    "id": "str | None", "version": "int | None", "person": "str | None", "company": "str | None", "touch": "str | None",
    "announcement": "str | None", "channel": "str | None", "partner": "str | None", "manager": "str | None",
    "pipeline": "str | None", "brand": "str | None", "stage": "str | None",
    "outcome": "Literal['open', 'converted', 'junk'] | None", "junk_reason": "str | None",
    "qualified_at": "datetime | date | str | None", "created_at": "Required[datetime | date | str]",
}, total=False)
"""A request that is not yet a deal."""

Deal = TypedDict("Deal", {
    "id": "str | None", "version": "int | None", "person": "str | None", "company": "str | None", "lead": "str | None",
    "registration": "str | None", "touch": "str | None", "announcement": "str | None", "channel": "str | None",
    "partner": "str | None", "programme": "str | None", "manager": "str | None", "parent": "str | None",
    "pipeline": "str | None", "brand": "str | None", "stage": "str | None",
    "outcome": "Literal['open', 'won', 'lost'] | None", "lost_reason": "str | None",
    "created_at": "Required[datetime | date | str]", "closed_at": "datetime | date | str | None",
    "expected_close": "datetime | date | str | None", "probability": "float | None",
    "amount": "Decimal | int | float | str | None", "currency": "str | None",
    "vat": "Decimal | int | float | str | None", "cost": "Decimal | int | float | str | None", "product": "str | None",
    "sale_kind": "Literal['cold', 'warm', 'organic'] | None",
}, total=False)
"""A sale in progress, won or lost; with a parent: a claim against that sale."""

Move = TypedDict("Move", {
    "id": "str | None", "version": "int | None", "deal": "str | None", "lead": "str | None", "channel": "str | None",
    "registration": "str | None", "company": "str | None", "partner": "str | None", "field": "Required[str]",
    "pipeline": "str | None", "from": "str | None", "to": "Required[str]", "at": "Required[datetime | date | str]",
    "manager": "str | None",
}, total=False)
"""A change of one field of a fact, with its time."""

Milestone = TypedDict("Milestone", {
    "id": "str | None", "version": "int | None", "deal": "str | None", "company": "str | None", "kind": "Required[str]",
    "at": "Required[datetime | date | str]", "feature": "str | None", "manager": "str | None",
}, total=False)
"""A step of success: contract signed, widget installed, first sale."""
