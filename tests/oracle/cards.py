"""Card tables: sums of postings, and ratios of the sums (cards.md; columns of design §7)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .door import Row, decimals_of
from .events import topmost
from .postings import Posting
from .state import State

KINDS_BY_KEY = {"channel": "channels", "announcement": "announcements", "event": "events", "partner": "partners"}
METRICS = (
    "announcements",
    "cost",
    "leads",
    "leads_not_junk",
    "leads_qualified",
    "registrations",
    "cancelled",
    "tickets",
    "attended",
    "walk_ins",
    "tickets_attended",
    "new_faces",
    "deals",
    "won",
    "lost",
    "new_customers",
    "amount_won",
    "paid",
    "refunded",
    "margin",
    "open",
)
UNATTRIBUTED, UNDATED, TOTAL = "(unattributed)", "(undated)", "(total)"


def month_of(state: State, at: int | None) -> str | None:
    """The calendar month of a time in the Trail's zone."""
    if at is None:
        return None
    day = state.local_date(at)
    return f"{day.year:04}-{day.month:02}"


def in_period(state: State, at: int | None, period: str) -> bool:
    """Whether a time lies in a day, ISO week, month, quarter or year of the Trail's zone; undated ones lie in none."""
    if at is None:
        return False
    day = state.local_date(at)
    year, week, _ = day.isocalendar()
    return period in (
        f"{day.year:04}-{day.month:02}-{day.day:02}",
        f"{year:04}-W{week:02}",
        f"{day.year:04}-{day.month:02}",
        f"{day.year:04}-Q{(day.month + 2) // 3}",
        f"{day.year:04}",
    )


def key_of(state: State, posting: Posting, by: str) -> str | None:
    """Under which key a posting stands; None: unattributed, or undated."""
    return month_of(state, posting.at) if by == "month" else getattr(posting, by)


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """A zero denominator gives null."""
    return None if denominator == 0 else Fraction(numerator, denominator)


def is_unpaid(state: State, by: str, fact: Row) -> bool:
    """Own or barter: a free placement has no cost of 0 (M1.2); an announcement that does not say is as its channel."""
    how = fact.get("paid") if by in ("channel", "announcement") else None
    if by == "announcement" and how is None:
        channel = state.find("channels", fact["channel"])
        how = channel and channel.get("paid")
    return how in ("own", "barter")


def has_cost(state: State, channel: str) -> bool:
    """Whether a channel, or an announcement in it, has a cost row that is not planned, or a line of an approved
    invoice."""
    inside = {row["id"] for row in state.all("announcements") if row["channel"] == channel}
    for row in state.all("costs"):
        known = row["amount"] is not None or (row["hours"] is not None and row["rate"] is not None)
        mine = row["channel"] == channel or (row["channel"] is None and row["announcement"] in inside)
        if known and mine and not row["planned"]:
            return True
    for line in state.all("invoice_lines"):
        invoice = state.find("invoices", line["invoice"])
        mine = line["announcement"] in inside or (line["announcement"] is None and line["channel"] == channel)
        if mine and invoice is not None and invoice["amount"] is not None and invoice["status"] == "approved":
            return True
    return False


def cell_row(state: State, postings: list[Posting], *, unpaid: bool = False, unpriced: bool = False) -> dict[str, Any]:
    """All figures of one row of a card table."""

    def total(metric: str) -> int:
        return sum(posting.value for posting in postings if posting.metric == metric)

    row: dict[str, Any] = {metric: total(metric) for metric in METRICS}
    if not any(posting.metric == "margin" for posting in postings):
        row["margin"] = None
    cost, major = row["cost"], 10 ** decimals_of(state.currency)
    for metric in (
        "cost",
        "amount_won",
        "paid",
        "refunded",
    ):  # no value is not 0: there are amounts, and none could be summed
        if row[metric] == 0 and total(f"{metric}_left_out"):
            row[metric] = None
    if row["won"] and row["won"] == total("won_unvalued"):
        row["amount_won"] = None
    if unpriced and row["cost"] == 0:
        row["cost"] = None

    def cost_per(count: int, left_out: int = 0) -> Fraction | None:
        return None if row["cost"] is None or (unpaid and cost == 0) else ratio(cost - left_out, count * major)

    known = total("amount_won_known")
    row["margin_known"] = None if row["amount_won"] is None else ratio(known, row["amount_won"])
    row["cost_per_announcement"] = cost_per(row["announcements"])
    row["cost_per_lead"] = cost_per(row["leads"])
    row["cost_per_lead_not_junk"] = cost_per(row["leads_not_junk"])
    row["cost_per_lead_qualified"] = cost_per(row["leads_qualified"])
    row["cost_per_registration"] = cost_per(row["registrations"])
    row["cost_per_attendee"] = cost_per(row["attended"] + row["walk_ins"], total("cost_unseen"))
    row["cost_per_new_face"] = cost_per(row["new_faces"], total("cost_unseen"))
    row["cost_per_deal"] = cost_per(row["deals"])
    row["cac"] = cost_per(row["new_customers"])
    row["show_rate"] = ratio(total("attended_over"), total("registrations_over"))
    won = row["amount_won"]
    row["roi_revenue"] = None if won is None else ratio(won - cost, cost)
    row["roi_margin"] = None if row["margin"] is None else ratio(row["margin"] - cost, cost)
    row["roas"] = None if won is None else ratio(won, cost)
    nobody_came = not any(row[metric] for metric in ("attended", "walk_ins", "tickets_attended"))
    if row["registrations"] and not total("registrations_seen") and nobody_came:  # not known is not 0
        row.update(attended=None, walk_ins=None, tickets_attended=None, new_faces=None)
    return row


def card_table(state: State, postings: list[Posting], by: str, period: str | None = None) -> list[dict[str, Any]]:
    """Every present fact of the key's kind by id (months: those with a posting), then unattributed (undated), then
    the total."""
    if period is not None:
        postings = [posting for posting in postings if in_period(state, posting.at, period)]
    counted = [posting for posting in postings if posting.scope == "all"]
    usable = postings if by == "event" else counted
    rows: list[dict[str, Any]] = []

    def add(
        key: str,
        name: str | None,
        shown_state: str | None,
        parts: list[Posting],
        *,
        unpaid: bool = False,
        unpriced: bool = False,
    ) -> None:
        cells = cell_row(state, parts, unpaid=unpaid, unpriced=unpriced)
        rows.append({"key": key, "name": name, "state": shown_state, **cells})

    if by == "month":
        months = {month for posting in counted if (month := month_of(state, posting.at)) is not None}
        facts: list[Row] = [{"id": month} for month in sorted(months)]
    else:
        facts = state.all(KINDS_BY_KEY[by])
    for fact in facts:
        name = fact.get("creative") if by == "announcement" else fact.get("name")
        shown_state = fact.get("state") if by == "channel" else fact.get("status")
        parts = [posting for posting in usable if key_of(state, posting, by) == fact["id"]]
        unpaid = is_unpaid(state, by, fact)
        unpriced = by == "channel" and not unpaid and not has_cost(state, fact["id"])
        add(fact["id"], name, shown_state, parts, unpaid=unpaid, unpriced=unpriced)
    nowhere = [posting for posting in counted if key_of(state, posting, by) is None]
    add(UNDATED if by == "month" else UNATTRIBUTED, None, None, nowhere)
    add(TOTAL, None, None, counted)
    for row in rows if by == "event" else []:
        whole = topmost(state, row["key"])
        row["part_of"] = None if whole == row["key"] else whole
    return rows


def tables(state: State, postings: list[Posting], period: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """All five card tables of the same postings."""
    return {by: card_table(state, postings, by, period) for by in (*KINDS_BY_KEY, "month")}
