"""Cost: approved invoices, divided on two levels, and rows of ``costs`` (cards.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from .door import EPOCH, NANO, Row, decimals_of
from .events import Events, events_of_announcement, topmost, weight_of
from .money import converted, without_vat
from .postings import Credit, Posting, credit_of, divided, marked, time_of
from .sources import source_of_announcement
from .split import round_half_even, split, split_or_equal
from .state import State, first_not_none

LONGEST_SPAN_DAYS = 3660


def lines_of(state: State, invoice: Row) -> list[Row]:
    """Present lines of an invoice, ordered by id."""
    return [line for line in state.all("invoice_lines") if line["invoice"] == invoice["id"]]


def own_amount(state: State, invoice: Row, line: Row) -> int | None:
    """A line's amount is in its invoice's currency (brought to its minor units, half to even); IN.18: one that states
    another currency is in no sum."""
    if line["amount"] is None:
        return None
    if line["currency"] is not None:
        if line["currency"] == (invoice["currency"] or state.currency):
            return int(line["amount"])
        state.note("line_in_other_currency", "invoice_lines", line["id"])
        return 0
    shift = decimals_of(invoice["currency"] or state.currency) - decimals_of(state.currency)
    return round_half_even(Fraction(line["amount"]) * Fraction(10) ** shift)


def gross_parts(state: State, invoice: Row) -> tuple[list[int], int]:
    """Step 1: what each line gets of the gross amount, and the difference that no line gets."""
    amount, lines = invoice["amount"], lines_of(state, invoice)
    if not lines:
        state.note("unplaced_invoice", "invoices", invoice["id"])
        return [], amount
    own = [own_amount(state, invoice, line) for line in lines]
    rest = amount - sum(part for part in own if part is not None)
    exceeded = rest > 0 if amount < 0 else rest < 0
    if exceeded:
        state.note("invoice_over_lines", "invoices", invoice["id"])
    if None not in own or exceeded:
        return [part or 0 for part in own], rest
    open_lines = [line for line, part in zip(lines, own, strict=True) if part is None]
    shares = iter(split_or_equal(rest, [weight_of(line["weight"]) for line in open_lines]))
    return [next(shares) if part is None else part for part in own], 0


def counted_parts(state: State, invoice: Row) -> tuple[list[int], int] | None:
    """Step 4: the parts carried over to the counted total (net of vat, converted); None when it cannot be converted."""
    parts, difference = gross_parts(state, invoice)
    amount = invoice["amount"]
    total = converted(state, "invoices", invoice, without_vat(state, invoice), invoice["issued_at"])
    if total is None:
        return None
    currency = invoice["currency"] or state.currency
    if total == amount and currency == state.currency:
        return parts, difference
    every = [*parts, difference]
    if not any(every):
        return parts, total
    if min(every) >= 0 or max(every) <= 0:
        carried = split(total, [abs(part) for part in every])
        return carried[:-1], carried[-1]
    carried = [part if amount == 0 else round_half_even(Fraction(part * total, amount)) for part in parts]
    return carried, total - sum(carried)


def shared_over(state: State, line: Row) -> list[Row]:
    """Find the announcements that share a (channel, event) line.

    Those of that channel, by its id (and of that event, if given: among the announcement's events, or the topmost of
    one of them),
    not cancelled, with published_at in [service_from, service_until) (if either end is given, undated announcements
    are out).
    """
    result = []
    for row in state.all("announcements"):
        events = [event for event, _ in events_of_announcement(state, row["id"]) if event is not None]
        served = {*events, *(topmost(state, event) for event in events)}
        if row["channel"] != line["channel"] or row["status"] == "cancelled":
            continue
        if line["event"] is not None and line["event"] not in served:
            continue
        start, until, at = line["service_from"], line["service_until"], row["published_at"]
        if (start is not None or until is not None) and at is None:
            continue
        if (start is not None and at < start) or (until is not None and at >= until):
            continue
        result.append(row)
    return result


def split_keys(state: State, line: Row, announcements: list[Row]) -> list[int]:
    """Weights of ``equal``, ``planned_cost``, ``budget_share``; null and negative keys are 0; all keys zero: equal,
    with a finding."""
    if line["split"] == "equal":
        return [1] * len(announcements)
    keys = [max(row[line["split"]] or 0, 0) for row in announcements]
    if not any(keys):
        state.note("split_keys_zero", "invoice_lines", line["id"])
    return keys


def placed(state: State, invoice: Row, line: Row, money: int) -> list[tuple[int, Credit]]:
    """Step 2: where a line's money goes."""
    invoice_partner = state.present("partners", invoice["partner"])
    if line["announcement"] is not None:
        source = source_of_announcement(state, line["announcement"])
        if not source.decided:
            return [(money, Credit(partner=invoice_partner))]
        return [(money, credit_of(state, source))]
    if line["channel"] is not None:
        announcements = shared_over(state, line)
        if announcements:
            shares = split_or_equal(money, split_keys(state, line, announcements))
            return [
                (share, credit_of(state, source_of_announcement(state, row["id"])))
                for row, share in zip(announcements, shares, strict=True)
            ]
    state.note("unplaced_line", "invoice_lines", line["id"])
    event: Events = [(state.present("events", line["event"]), 1)]
    return [(money, Credit(channel=state.present("channels", line["channel"]), partner=invoice_partner, events=event))]


def invoice_postings(state: State, clock: str, invoice: Row) -> list[Posting]:
    """Cost of an invoice counts when its status is ``approved`` and it has an amount."""
    if invoice["status"] != "approved" or invoice["amount"] is None:
        return []
    counted = counted_parts(state, invoice)
    parts, difference = gross_parts(state, invoice) if counted is None else counted
    shares: list[tuple[tuple[str, str], int, Credit]] = []
    for line, part in zip(lines_of(state, invoice), parts, strict=True):
        shares += [
            (("invoice_lines", line["id"]), money, credit) for money, credit in placed(state, invoice, line, part)
        ]
    unplaced = Credit(partner=state.present("partners", invoice["partner"]))
    shares.append((("invoices", invoice["id"]), difference, unplaced))

    result = []
    for fact, money, credit in shares:
        announcement = state.find("announcements", credit.announcement)
        own_time = first_not_none(announcement and announcement["published_at"], invoice["issued_at"])
        at = first_not_none(invoice["approved_at"], own_time) if clock == "approval" else own_time
        result += divided(state, fact, "cost", money, time_of(state, clock, credit.announcement, at), own_time, credit)
    return marked(result, "cost_left_out") if counted is None else result


def own_money_of_cost(state: State, row: Row) -> int | None:
    """Amount (basis ``net``: less its vat), else hours x rate (rounded half to even), in its own currency."""
    if row["amount"] is not None:
        own = without_vat(state, row)
    elif row["hours"] is not None and row["rate"] is not None:
        own = round_half_even(Fraction(row["hours"] * row["rate"], NANO))
    else:
        return None
    return own


def credit_of_cost(state: State, row: Row) -> Credit:
    """Its announcement, if present, gives announcement, channel, events and partner; its own links, where given, take
    their place."""
    source = source_of_announcement(state, row["announcement"])
    credit = credit_of(state, source, own_partner=row["partner"])
    channel = credit.channel if row["channel"] is None else state.present("channels", row["channel"])
    events: Events | None = credit.events if row["event"] is None else [(row["event"], 1)]
    return Credit(channel, credit.announcement, credit.partner, events)


def days_of_cost(state: State, row: Row) -> list[int | None]:
    """Times of its postings: one a day of [at, until] in the Trail's zone, at the first moment of that local day, the
    first at ``at``."""
    at, until = row["at"], row["until"]
    if at is None or until is None or until < at:
        return [at]
    first = state.local_date(at)
    days = (state.local_date(until) - first).days + 1
    if days > LONGEST_SPAN_DAYS:
        state.note("absurd_span", "costs", row["id"])
        return [at]
    times: list[int | None] = [at]
    for day in range(1, days):
        date = first + timedelta(days=day)
        midnight = datetime(date.year, date.month, date.day, tzinfo=ZoneInfo(state.zone))
        times.append((midnight.astimezone(timezone.utc) - EPOCH) // timedelta(microseconds=1))
    return times


def cost_row_postings(state: State, clock: str, row: Row) -> list[Posting]:
    """Cost of a ``costs`` row with planned not true."""
    own = None if row["planned"] else own_money_of_cost(state, row)
    if own is None:
        return []
    counted = converted(state, "costs", row, own, row["at"])
    money = own if counted is None else counted
    credit, times, result = credit_of_cost(state, row), days_of_cost(state, row), []
    for at, part in zip(times, split(money, [1] * len(times)), strict=True):
        shown = time_of(state, clock, credit.announcement, at)
        result += divided(state, ("costs", row["id"]), "cost", part, shown, at, credit)
    if len(times) > 1:  # days to come are not spent yet
        result = [replace(posting, waits=True) for posting in result]
    return marked(result, "cost_left_out") if counted is None else result


def cost_postings(state: State, clock: str) -> list[Posting]:
    """All cost."""
    result = []
    for invoice in state.all("invoices"):
        result += invoice_postings(state, clock, invoice)
    for row in state.all("costs"):
        result += cost_row_postings(state, clock, row)
    return result
