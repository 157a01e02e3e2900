"""The Trail: what is kept of an id (trail.md), and the questions asked of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from . import cards as card_tables
from .costs import cost_postings
from .deals import deal_and_lead_postings, note_disagreements
from .door import RefusedError, Row, canonical_bytes, end_us, row_inside, utc_us
from .identity import note_identity, seen
from .kinds import KINDS
from .postings import Posting
from .state import State
from .visits import unseen, visit_postings

VERSION_LIMIT = -(2**63) - 1  # "no version" is less than every version


@dataclass(frozen=True)
class Fact:
    """One put, stub or removal, as it came."""

    kind: str
    id: str
    form: str  # "row", "removal", "stub"
    version: int | None
    row: Row | None


def greatest_row(kind: str, rows: list[Fact]) -> tuple[Fact, bool]:
    """Of rows of equal version the one with the greater canonical bytes; in conflict when their content differs."""
    by_bytes = {canonical_bytes(kind, fact.row or {}): fact for fact in rows}
    return by_bytes[max(by_bytes)], len(by_bytes) > 1


def entry_of(kind: str, facts: list[Fact]) -> tuple[Fact, bool]:
    """Decide what is kept of all facts of one id, in the order they came, and whether it is in conflict."""
    full = [fact for fact in facts if fact.form != "stub"]
    if not full:
        # Of two stubs the one with the smaller canonical bytes is kept.
        return min(facts, key=lambda fact: canonical_bytes(kind, fact.row or {})), False
    # A fact without a version replaces whatever is there and keeps the stored version; only a greater version
    # replaces it.
    last = max((place for place, fact in enumerate(full) if fact.version is None), default=-1)
    stored = max((fact.version for fact in full[: last + 1] if fact.version is not None), default=VERSION_LIMIT)
    later = [fact for fact in full[last + 1 :] if fact.version is not None and fact.version > stored]
    if not later:
        return full[last], False
    greatest = max(fact.version for fact in later if fact.version is not None)
    candidates = [fact for fact in later if fact.version == greatest]
    # Of a row and a removal of equal version the removal is kept.
    removals = [fact for fact in candidates if fact.form == "removal"]
    return (removals[0], False) if removals else greatest_row(kind, candidates)


class OracleTrail:
    """The model of ``dealtrail.Trail``: keeps every fact, and works everything out anew when asked."""

    def __init__(
        self,
        currency: str = "RUB",
        zone: str = "UTC",
        vat_basis: str = "gross",
        lookback_days: int = 90,
        max_per_key: int = 5,
    ) -> None:
        self.currency = currency
        self.zone = zone
        self.vat_basis = vat_basis
        self.lookback_days = lookback_days
        self.max_per_key = max_per_key
        self.rules: list[dict[str, Any]] = []
        self.facts: list[Fact] = []

    # --- facts in ---

    def put(self, kind: str, rows: list[dict[str, Any]], stub: bool = False) -> list[str]:
        """Take rows; return the reasons of those that are left out."""
        refused = []
        ordinals: dict[str, int] = {}
        for given in rows:
            try:
                row = row_inside(kind, given, self.currency, self.zone, stub)
            except RefusedError as reason:
                refused.append(str(reason))
                continue
            fact_id = seen(given.get("id") or "") or given.get("id")
            if not fact_id:
                content = hashlib.sha256(canonical_bytes(kind, row)).hexdigest()[:32]
                ordinals[content] = ordinals.get(content, -1) + 1
                fact_id = f"h:{content}:{ordinals[content]}"
            version = None if stub else given.get("version")
            self.facts.append(Fact(kind, fact_id, "stub" if stub else "row", version, row))
        return refused

    def remove(self, kind: str, fact_id: str, version: int | None = None) -> None:
        """Leave a removal."""
        self.facts.append(Fact(kind, seen(fact_id) or fact_id, "removal", version, None))

    def merge(self, kind: str, one: str, other: str) -> None:
        """Write a verdict ``same``; only people and companies can be merged."""
        if kind not in ("people", "companies"):
            raise ValueError(f"{kind} cannot be merged")
        fact_id = f"merge:{kind}:{min(one, other)}:{max(one, other)}"
        self.put("identity_links", [{"id": fact_id, "kind": kind, "one": one, "other": other, "verdict": "same"}])

    # --- state out ---

    def entries(self) -> dict[tuple[str, str], tuple[Fact, bool]]:
        """What is kept of each (kind, id)."""
        by_id: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.facts:
            by_id.setdefault((fact.kind, fact.id), []).append(fact)
        return {key: entry_of(key[0], facts) for key, facts in by_id.items()}

    def state(self) -> State:
        """All present rows."""
        rows: dict[str, dict[str, Row]] = {kind: {} for kind in KINDS}
        for (kind, fact_id), (fact, _) in self.entries().items():
            if fact.row is not None:
                rows[kind][fact_id] = {"id": fact_id, "version": fact.version, **fact.row}
        rules = [{**rule, **{end: self._rule_time(rule.get(end)) for end in ("from", "until")}} for rule in self.rules]
        return State(rows, self.currency, self.zone, self.vat_basis, self.lookback_days, rules, self.max_per_key)

    def _rule_time(self, value: Any) -> int | None:
        return None if value is None else utc_us(value, "UTC")  # docs/io/outcome_rules.md

    def rows(self, kind: str) -> list[Row]:
        """Present rows of a kind, ordered by id."""
        return self.state().all(kind)

    def now(self) -> int | None:
        """The latest time at which something happened, from 1990-01-01 to before 2100-01-01."""
        state = self.state()
        happened = [
            *(
                ("at", kind)
                for kind in ("touches", "registrations", "attendances", "signals", "moves", "payments", "milestones")
            ),
            ("done_at", "activities"),
            ("created_at", "leads"),
            ("created_at", "deals"),
            ("closed_at", "deals"),
        ]
        first, end = utc_us("1990-01-01T00:00:00+00:00", "UTC"), utc_us("2100-01-01T00:00:00+00:00", "UTC")
        times = [row[field] for field, kind in happened for row in state.all(kind) if row[field] is not None]
        return max((time for time in times if first <= time < end), default=None)

    def postings(self, view: str = "marketing", clock: str = "activity", as_of: Any = None) -> list[Posting]:
        """Every posting that counts: without an as_of whatever its date, else active from a time at or before it.

        What needs a now waits for as_of, else for the latest activity.
        """
        state = self.state()
        until = as_of if as_of is None or isinstance(as_of, int) else end_us(as_of, self.zone)
        now = self.now() if until is None else until
        costs = cost_postings(state, clock)
        every = deal_and_lead_postings(state, clock, view) + visit_postings(state, clock) + costs
        every += unseen(state, [posting for posting in costs if posting.metric == "cost"])

        def counts(posting: Posting) -> bool:
            limit = now if posting.waits else until
            return limit is None or posting.active_from is None or posting.active_from <= limit

        return [posting for posting in every if counts(posting)]

    def cards(
        self,
        by: str = "channel",
        view: str = "marketing",
        clock: str = "activity",
        as_of: Any = None,
        period: str | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of a card table: every present fact of the key's kind, then the unattributed (undated) row, then the
        total."""
        return card_tables.card_table(self.state(), self.postings(view, clock, as_of), by, period)

    def card(self, key: str, by: str = "channel", **options: Any) -> dict[str, Any]:
        """One row of a card table."""
        return next(row for row in self.cards(by, **options) if row["key"] == key)

    def findings(self) -> dict[tuple[str, str], list[str]]:
        """Ids by (code, kind) of the findings that cards.md and trail.md name, and of links to absent facts."""
        state = self.state()
        deal_and_lead_postings(state, "activity", "marketing")
        visit_postings(state, "activity")
        cost_postings(state, "activity")
        note_disagreements(state)
        for (kind, fact_id), (_, in_conflict) in self.entries().items():
            if in_conflict:
                state.note("equal_version_conflict", kind, fact_id)
        for kind, fields in KINDS.items():
            for row in state.all(kind):
                for name, field_type, _ in fields:
                    if (
                        field_type.startswith("->")
                        and row[name] is not None
                        and state.find(field_type[2:], row[name]) is None
                    ):
                        state.note(f"broken_link {name}", kind, row["id"])
        note_identity(state)
        result: dict[tuple[str, str], list[str]] = {}
        for code, kind, fact_id in sorted(state.problems):
            result.setdefault((code, kind), []).append(fact_id)
        return result
