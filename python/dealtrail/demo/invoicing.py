"""Bills of the made-up organiser: every way in which an invoice is split, and costs without an invoice."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealtrail.demo.facts import ZONE, Announcement, Cost, Dice, Event, Invoice, InvoiceLine, Organiser


def _bill(
    world: Organiser, amount: int, issued: datetime, status: str = "approved", partner: int | None = None
) -> Invoice:
    invoice = Invoice(401 + len(world.invoices), amount, issued.replace(hour=0, minute=0), status, partner)
    world.invoices.append(invoice)
    return invoice


def _line(
    world: Organiser,
    invoice: Invoice,
    *,
    announcement: int | None = None,
    channel: int | None = None,
    event: int | None = None,
    amount: int | None = None,
    weight: int | None = None,
    split: str = "equal",
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    number = 1001 + sum(len(i.lines) for i in world.invoices)
    invoice.lines.append(
        InvoiceLine(number, invoice.id, announcement, channel, event, amount, weight, split, since, until)
    )


def _of(world: Organiser, channel: int, event: int) -> list[Announcement]:
    return [a for a in world.announcements if a.channel == channel and a.event == event and a.status == "out"]


def add_invoices(world: Organiser) -> None:
    """Bill the placements by announcement, pair, weight and period; then the credit note, the draft, the dirt."""
    partners = [c.id for c in world.companies if c.kind == "PARTNER"]
    topmost = [e for e in world.events if e.parent is None]
    for index, event in enumerate(topmost):
        issued = event.starts - timedelta(days=5)
        _bill_telegram(world, event, issued)
        _bill_direct(world, event, issued)
        _bill_agency(world, event, issued)
        partner = partners[index % len(partners)] if partners else None
        placed = _of(world, 21, event.id)
        if placed:
            invoice = _bill(world, sum(a.planned_cost for a in placed), issued, partner=partner)
            _line(world, invoice, channel=21, event=event.id, split="planned_cost")
        for place in [*_of(world, 17, event.id), *_of(world, 18, event.id), *_of(world, 22, event.id)]:
            status = "draft" if place.channel == 22 and event.id == 216 else "approved"
            _line(world, _bill(world, place.planned_cost, place.published, status), announcement=place.id)
    _bill_portal(world, topmost)
    _bill_shields(world)
    _bill_dirt(world, topmost)


def _bill_telegram(world: Organiser, event: Event, issued: datetime) -> None:
    placed = _of(world, 11, event.id)
    if placed:  # the person says only which channel and event: the split does the rest
        invoice = _bill(world, sum(a.planned_cost for a in placed) + 1, issued)
        _line(world, invoice, channel=11, event=event.id)


def _bill_direct(world: Organiser, event: Event, issued: datetime) -> None:
    for place in _of(world, 13, event.id):
        invoice = _bill(world, place.planned_cost, issued)
        _line(world, invoice, announcement=place.id, amount=place.planned_cost)


def _bill_agency(world: Organiser, event: Event, issued: datetime) -> None:
    social, audio = _of(world, 14, event.id), _of(world, 15, event.id)
    if social and audio:  # one bill for two channels, by weight, not divisible without a rest
        invoice = _bill(world, 61_000_01 if event.kind == "conference" else 32_500_03, issued)
        _line(world, invoice, channel=14, event=event.id, weight=4)
        _line(world, invoice, announcement=audio[0].id, weight=3)
    elif social or audio:
        place = (social or audio)[0]
        _line(world, _bill(world, place.planned_cost, issued), announcement=place.id)


def _bill_portal(world: Organiser, topmost: list[Event]) -> None:
    for start in range(0, len(topmost), 4):  # a bill for four events at once, by planned cost
        group = topmost[start : start + 4]
        invoice = _bill(world, 0, group[-1].starts - timedelta(days=4))
        for event in group:
            amount = sum(a.planned_cost for a in _of(world, 12, event.id)) * 97 // 100
            _line(world, invoice, channel=12, event=event.id, amount=amount, split="planned_cost")
            invoice.amount += amount


def _bill_shields(world: Organiser) -> None:
    for since, until, amount in (
        (datetime(2024, 11, 1, tzinfo=ZONE), datetime(2025, 5, 1, tzinfo=ZONE), 310_000_00),
        (datetime(2025, 5, 1, tzinfo=ZONE), datetime(2026, 1, 1, tzinfo=ZONE), 285_000_07),
        (datetime(2026, 1, 1, tzinfo=ZONE), datetime(2026, 7, 1, tzinfo=ZONE), 420_000_00),
    ):  # the whole channel for half a year: whatever was shown in that time shares it
        _line(world, _bill(world, amount, since), channel=16, since=since, until=until)


def _bill_dirt(world: Organiser, topmost: list[Event]) -> None:
    conference, later = topmost[5], topmost[13]
    issued = conference.starts + timedelta(days=10)
    _line(world, _bill(world, -18_333_34, issued), channel=11, event=conference.id)  # a credit note
    _line(world, _bill(world, 90_000_00, issued, "cancelled"), channel=14, event=conference.id)
    partly = _bill(world, 50_000_00, later.starts)  # 7 000 of it belong to nothing that is said
    _line(world, partly, channel=11, event=later.id, amount=43_000_00)
    _line(world, _bill(world, 12_345_67, later.starts), announcement=888)  # no such announcement
    _bill(world, 5_000_50, later.starts)  # no lines at all


def add_costs(world: Organiser, dice: Dice) -> None:
    """Add what the events cost beside announcements; one row is a plan and is never counted."""

    def cost(kind: str, amount: int, at: datetime, channel: int | None = None, event: int | None = None) -> Cost:
        world.costs.append(Cost(701 + len(world.costs), kind, amount, at, channel, event))
        return world.costs[-1]

    for event in world.events:
        if event.parent is not None or event.status in ("cancelled", "planned"):
            continue
        day = event.starts - timedelta(days=3)
        if event.kind == "webinar":
            cost("equipment", 4_000_00 + dice.below(1000), day, event=event.id)
        else:
            share = 1 if event.kind == "conference" else 5
            cost("venue", (380_000_00 + dice.below(9_000_000)) // share, day, event=event.id)
            cost("equipment", (120_000_00 + dice.below(3_000_000)) // share, day, event=event.id)
            cost("time", 64_000_00 // share, day, event=event.id)
    cost("marketing", 27_500_00, datetime(2025, 2, 3, tzinfo=ZONE), channel=20)
    cost("marketing", 33_300_33, datetime(2026, 2, 3, tzinfo=ZONE), channel=15)
    cost("venue", 500_000_00, datetime(2026, 5, 1, tzinfo=ZONE), event=214).planned = True
