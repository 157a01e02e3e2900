"""Seeded random histories: facts over all kinds from small pools of ids, so that they collide, arrive late, vanish
and return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .history_rows import POOL_SIZES, Row, Writer
from .kinds import KINDS

__all__ = ["POOL_SIZES", "History", "Operation", "Row", "Writer", "history"]

SHARES = {  # how often a kind is put
    "channels": 7,
    "events": 9,
    "announcements": 16,
    "announcement_events": 6,
    "source_keys": 10,
    "invoices": 8,
    "invoice_lines": 14,
    "costs": 8,
    "people": 5,
    "companies": 5,
    "partners": 4,
    "touches": 14,
    "registrations": 18,
    "attendances": 14,
    "leads": 11,
    "deals": 17,
    "moves": 5,
    "identity_links": 4,
    "contact_points": 14,
    "exchange_rates": 3,
    "payments": 9,
    "signals": 2,
    "activities": 4,
    "placement_reports": 4,
}


@dataclass(frozen=True)
class Operation:
    """One call: put or stub (kind, rows), remove (kind, id, version) or merge (kind, one, other)."""

    verb: str
    kind: str
    rows: tuple[Row, ...] = ()
    id: str = ""
    version: int | None = None
    other: str = ""

    def apply(self, trail: Any) -> None:
        """Do it to a Trail, ours or the library's: they have the same verbs."""
        if self.verb in ("put", "stub"):
            trail.put(self.kind, [dict(row) for row in self.rows], stub=self.verb == "stub")
        elif self.verb == "remove":
            trail.remove(self.kind, self.id, self.version)
        else:
            trail.merge(self.kind, self.id, self.other)


@dataclass
class History:
    """A Trail's options and the operations on it, one fact each."""

    seed: int
    currency: str
    zone: str
    vat_basis: str
    lookback_days: int
    rules: list[Row]
    max_per_key: int = 5
    operations: list[Operation] = field(default_factory=list)

    def order(self, number: int) -> list[Operation]:
        """Number 0 is the order of the history; others shuffle it, put some facts twice, and batch what is of one
        kind."""
        if number == 0:
            return list(self.operations)
        rng = Random(self.seed * 1_000 + number)
        facts = [*self.operations, *rng.sample(self.operations, len(self.operations) // 5)]
        rng.shuffle(facts)
        return list(batched(facts, rng))

    def in_batches(self, number: int) -> list[Operation]:
        """The order of the history, with neighbours of one kind put in one call."""
        rng = Random(self.seed * 1_000 + number)
        return list(batched(self.operations, rng, keep_order=True))


def batched(facts: list[Operation], rng: Random, keep_order: bool = False) -> Iterator[Operation]:
    """Join puts of one kind into one call, within stretches of random length (keep_order: only neighbours)."""
    place = 0
    while place < len(facts):
        length = 1 if keep_order else rng.choice((1, 5, 20, 100))
        stretch = facts[place : place + length]
        if keep_order:
            first = facts[place]
            while (
                first.verb in ("put", "stub")
                and place + len(stretch) < len(facts)
                and (facts[place + len(stretch)].verb, facts[place + len(stretch)].kind) == (first.verb, first.kind)
            ):
                stretch.append(facts[place + len(stretch)])
        place += len(stretch)
        together: dict[tuple[str, str], list[Row]] = {}
        for fact in stretch:
            if fact.verb in ("put", "stub"):
                together.setdefault((fact.verb, fact.kind), []).extend(fact.rows)
            else:
                yield fact
        for (verb, kind), rows in together.items():
            yield Operation(verb, kind, tuple(rows))


def needed_fields(kind: str) -> list[str]:
    """Fields without which a row is left out."""
    return [name for name, _, need in KINDS[kind] if need == "!"]


def history(
    seed: int,
    size: int = 150,
    versioned: bool = True,
    shares: dict[str, int] = SHARES,
    writer_of: type[Writer] = Writer,
) -> History:
    """A history of ``size`` facts. Versioned: law 1 holds. Else some facts have no version, and merges are calls."""
    rng = Random(seed)
    currency = rng.choice(("RUB", "RUB", "RUB", "EUR", "JPY", "KWD"))
    zone = rng.choice(("UTC", "Europe/Moscow", "Europe/Moscow", "America/New_York", "Asia/Kolkata", "Europe/Berlin"))
    writer = writer_of(rng, currency, wall_clock=rng.random() < 0.15)
    result = History(
        seed,
        currency,
        zone,
        rng.choice(("gross", "gross", "net")),
        rng.choice((90, 90, 30, 0)),
        writer.rules() if seed % 2 else [],
        rng.choice((5, 5, 2, 2, 3, 1, 0)),
    )
    others = [kind for kind in KINDS if kind not in shares]
    kinds = rng.choices([*shares, *others], [*shares.values(), *(0.6 for _ in others)], k=size)
    kinds[:16] = ["channels"] * 4 + ["events"] * 5 + ["announcements"] * 7  # so that most links lead somewhere
    for kind in kinds:
        fact_id = rng.choice(writer.pools[kind])
        version: int | None = rng.choice((1, 1, 2, 2, 3, 4, -5, 2**62))
        if not versioned and rng.random() < 0.3:
            version = None
        roll = rng.random()
        if roll < 0.05:
            result.operations.append(Operation("remove", kind, id=fact_id, version=version))
        elif roll < 0.10:
            result.operations.append(Operation("stub", kind, ({"id": fact_id, **writer.row(kind, stub=True)},)))
        elif roll < 0.13 and not versioned and kind in ("people", "companies"):
            other = rng.choice([member for member in writer.pools[kind] if member != fact_id])
            result.operations.append(Operation("merge", kind, id=fact_id, other=other))
        else:
            row = writer.row(kind)
            if rng.random() < 0.01:  # left out at the door
                for name in rng.sample(needed_fields(kind), 1) if needed_fields(kind) else []:
                    row[name] = None
            result.operations.append(Operation("put", kind, ({"id": fact_id, "version": version, **row},)))
    return result
