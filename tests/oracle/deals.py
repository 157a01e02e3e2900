"""Announcements, leads and deals as postings (cards.md, "Metrics")."""

from __future__ import annotations

from .door import Row
from .events import Events, events_of_announcement, topmost
from .money import converted, without_vat
from .postings import Posting, credit_of, divided, marked, time_of
from .rules import holds
from .sources import Source, candidates, source, source_of_announcement
from .state import State, first_not_none

DAY_US = 86_400_000_000


def young_until(state: State, row: Row) -> int:
    """The later of published_at + look-back and the latest end (ends_at, else starts_at) of its present events."""
    times: list[int] = [row["published_at"] + state.lookback_days * DAY_US]
    for fact_id, _ in events_of_announcement(state, row["id"]):
        event = state.find("events", fact_id)
        end: int | None = None if event is None else first_not_none(event["ends_at"], event["starts_at"])
        if end is not None:
            times.append(end)
    return max(times)


def announcement_postings(state: State, row: Row) -> list[Posting]:
    """+1 per announcement with status ``out``, at published_at; and ``open``.

    By event: one in every event it serves and in the topmost of each, never twice: the posting is on the topmost of
    the first
    present event (by id; none present: unattributed), the other present ones are event-only, in no total.
    """
    if row["status"] != "out":
        return []
    credit = credit_of(state, source_of_announcement(state, row["id"]))
    present = [event for event, _ in credit.events or [] if state.find("events", event) is not None]
    main = topmost(state, present[0]) if present else None
    others = {place for event in present for place in (event, topmost(state, event))} - {main}
    at = row["published_at"]
    counts = [("announcements", at, 1)]
    if at is not None:
        counts += [("open", at, 1), ("open", young_until(state, row), -1)]
    return [
        Posting(
            "announcements",
            row["id"],
            metric,
            at,
            active_from,
            credit.channel,
            row["id"],
            event,
            credit.partner,
            "all" if event == main else "event",
            value,
            value < 0,
        )
        for metric, active_from, value in counts
        for event in [main, *sorted(other for other in others if other is not None)]
    ]


def lead_postings(state: State, clock: str, row: Row) -> list[Posting]:
    """leads: +1 at created_at; not junk: when its outcome is not ``junk``; qualified: when qualified_at is set,
    active from it."""
    credit = credit_of(state, source(state, "leads", row), own_partner=row["partner"])
    created = row["created_at"]
    counts = [("leads", created)]
    if row["outcome"] != "junk":
        counts.append(("leads_not_junk", created))
        if row["qualified_at"] is not None:
            counts.append(("leads_qualified", row["qualified_at"]))
    at = time_of(state, clock, credit.announcement, created)
    return [
        posting
        for metric, active_from in counts
        for posting in divided(state, ("leads", row["id"]), metric, 1, at, active_from, credit)
    ]


def won_time(state: State, deal: Row) -> int | None:
    """closed_at, else its latest move (of any field), else created_at."""
    moves = [move["at"] for move in state.all("moves") if move["deal"] == deal["id"] and move["at"] is not None]
    return first_not_none(deal["closed_at"], max(moves, default=None), deal["created_at"])


def effective_outcome(state: State, view: str, deal: Row) -> str:
    """First rule of the view in force at the deal's won time whose condition holds, else its ``outcome``, else open."""
    at = won_time(state, deal)
    for rule in state.rules:
        start, until = rule["from"], rule["until"]
        if at is None:
            in_force = start is None and until is None
        else:
            in_force = (start is None or start <= at) and (until is None or at < until)
        if rule["view"] in (None, view) and in_force and holds(rule["when"], deal):
            return str(rule["outcome"])
    return str(deal["outcome"] or "open")


def sales(state: State) -> list[Row]:
    """Deals whose ``parent`` is null and that are no credit notes; a deal with a parent is a claim, in no column of
    deals or won."""
    return [deal for deal in state.all("deals") if deal["parent"] is None and not is_credit_note(deal)]


def is_credit_note(deal: Row) -> bool:
    """A deal below zero is a refund."""
    return deal["amount"] is not None and deal["amount"] < 0


def customer(state: State, deal: Row) -> tuple[str, str]:
    """Its company (cluster), else its person (cluster); a deal without either counts as a customer of its own."""
    if deal["company"] is not None:
        return ("companies", state.cluster("companies", deal["company"]))
    if deal["person"] is not None:
        return ("people", state.cluster("people", deal["person"]))
    return ("deals", deal["id"])


def first_won_deals(state: State, view: str) -> set[str]:
    """Ids of the first won deal (won time, undated last, then id) of each customer."""
    first: dict[tuple[str, str], tuple[bool, int, str]] = {}
    for deal in sales(state):
        if effective_outcome(state, view, deal) == "won":
            at = won_time(state, deal)
            order = (at is None, at or 0, deal["id"])
            who = customer(state, deal)
            first[who] = min(first.get(who, order), order)
    return {fact_id for _, _, fact_id in first.values()}


def events_of_deal(state: State, deal: Row) -> Events | None:
    """A deal whose ``registration`` is present and names an event: that event. Else None: those of the source
    announcement."""
    registration = state.find("registrations", deal["registration"])
    if registration is not None and registration["event"] is not None:
        return [(registration["event"], 1)]
    return None


def deal_postings(state: State, clock: str, view: str, deal: Row, first_won: set[str]) -> list[Posting]:
    """deals, won, new_customers, amount_won, amount_won_known and margin of one deal without a parent."""
    credit = credit_of(state, source(state, "deals", deal), deal["partner"], events_of_deal(state, deal))
    result: list[Posting] = []

    def post(metric: str, value: int | None, at: int | None) -> None:
        if value is not None:
            shown = time_of(state, clock, credit.announcement, at)
            result.extend(divided(state, ("deals", deal["id"]), metric, value, shown, at, credit))

    post("deals", 1, deal["created_at"])
    outcome, at = effective_outcome(state, view, deal), won_time(state, deal)
    if outcome != "won":
        if outcome == "lost":
            post("lost", 1, at)
        return result
    post("won", 1, at)
    if deal["id"] in first_won:
        post("new_customers", 1, at)
    if deal["amount"] is None:
        state.note("won_without_amount", "deals", deal["id"])
        post("won_unvalued", 1, at)
    else:
        counted = without_vat(state, deal)
        amount = converted(state, "deals", deal, counted, at)
        post("amount_won", amount, at)
        if amount is None:
            shown = time_of(state, clock, credit.announcement, at)
            parts = divided(state, ("deals", deal["id"]), "amount_won", counted, shown, at, credit)
            result += marked(parts, "amount_won_left_out")
        elif deal["cost"] is not None:
            post("amount_won_known", amount, at)
            post("margin", converted(state, "deals", deal, counted - deal["cost"], at), at)
    return result


def is_refund(row: Row) -> bool:
    """A payment of kind refund, or one below zero."""
    return row["kind"] == "refund" or (row["amount"] is not None and row["amount"] < 0)


def customer_of_payment(state: State, row: Row) -> tuple[str, str]:
    """That of its deal, else its company, else nobody else's."""
    deal = state.find("deals", row["deal"])
    if deal is not None:
        return customer(state, deal)
    if row["company"] is not None:
        return ("companies", state.cluster("companies", row["company"]))
    return ("payments", row["id"])


def sale_of_refund(
    state: State, view: str, deal: Row | None, amount: int, currency: str | None, at: int | None, who: tuple[str, str]
) -> Row | None:
    """The deal that a refund names; of a credit note its parent; else the customer's only earlier sale of at least as
    much."""
    if deal is not None and not is_credit_note(deal):
        return deal
    named = None if deal is None else state.find("deals", deal["parent"])
    if named is not None or at is None:
        return named
    found = [
        sale
        for sale in sales(state)
        if customer(state, sale) == who
        and effective_outcome(state, view, sale) == "won"
        and sale["amount"] is not None
        and sale["amount"] >= abs(amount)
        and (sale["currency"] or state.currency) == (currency or state.currency)
        and (sold := won_time(state, sale)) is not None
        and sold <= at
    ]
    return found[0] if len(found) == 1 else None


def money_posting(state: State, clock: str, view: str, kind: str, row: Row) -> list[Posting]:
    """What a payment brought or took back; of a credit note the note itself."""
    if row["amount"] is None:
        return []
    note = kind == "deals"
    at = won_time(state, row) if note else row["at"]
    deal = row if note else state.find("deals", row["deal"])
    back = note or is_refund(row)
    value, sale = without_vat(state, row), deal
    if back:
        value = -value if row["amount"] < 0 else value
        who = customer(state, row) if note else customer_of_payment(state, row)
        sale = sale_of_refund(state, view, deal, row["amount"], row["currency"], at, who)
        if sale is None:
            state.note("refund_without_sale", kind, row["id"])
    origin = Source() if sale is None else source(state, "deals", sale)
    partner = first_not_none(row["partner"], sale and sale["partner"])
    events: Events | None = [(None, 1)] if sale is None else events_of_deal(state, sale)
    if not note and row["event"] is not None:
        events = [(row["event"], 1)]
    credit = credit_of(state, origin, partner, events)
    money, metric = converted(state, kind, row, value, at), "refunded" if back else "paid"
    shown = time_of(state, clock, credit.announcement, at)
    parts = divided(state, (kind, row["id"]), metric, value if money is None else money, shown, at, credit)
    return marked(parts, f"{metric}_left_out") if money is None else parts


def money_postings(state: State, clock: str, view: str) -> list[Posting]:
    """paid and refunded: payments at their own date, and credit notes that no payment names."""
    result: list[Posting] = []
    paid = {row["deal"] for row in state.all("payments")}
    for row in state.all("payments"):
        result += money_posting(state, clock, view, "payments", row)
    for deal in state.all("deals"):
        if is_credit_note(deal) and deal["id"] not in paid and effective_outcome(state, view, deal) == "won":
            result += money_posting(state, clock, view, "deals", deal)
    return result


def deal_and_lead_postings(state: State, clock: str, view: str) -> list[Posting]:
    """Announcements, leads and deals."""
    result: list[Posting] = []
    for row in state.all("announcements"):
        result += announcement_postings(state, row)
    for row in state.all("leads"):
        result += lead_postings(state, clock, row)
    first_won = first_won_deals(state, view)
    for row in sales(state):
        result += deal_postings(state, clock, view, row, first_won)
    return result + money_postings(state, clock, view)


def note_disagreements(state: State) -> None:
    """When several of steps 1-4 would give different answers, the first wins and the fact is in
    ``disagreeing_sources``."""
    for kind in ("registrations", "leads", "deals", "attendances"):
        for row in state.all(kind):
            steps = candidates(state, kind, row, frozenset())[:4]
            answers = {(step.channel, step.announcement) for step in steps if step.decided and not step.ended}
            if len(answers) > 1:
                state.note("disagreeing_sources", kind, row["id"])
