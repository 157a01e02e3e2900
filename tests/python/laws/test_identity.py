"""IN.16: live clusters are those of the restored snapshot and of the oracle, also when names come after verdicts."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.trail import OracleTrail

Row = dict[str, Any]
Fact = tuple[str, Row]

NAMES = {
    "people": ("Анна Петрова", "А. Петрова", "Иван Петров", None),
    "companies": ("ООО «Ромашка»", "Ромашка", "Лютик", None),
}
PHONES = ("+7 916 123-45-67", "8 (495) 111-22-33 доб. 4", "84951112233#5", "84951112233, 9161234567")
OTHERS = ("anna@example.com", "noreply@example.com")
HISTORIES = 2_000
ORDERS = 4


def facts_of(kind: str, rng: Random) -> list[Fact]:
    """Names, contacts and verdicts of a few cards, each with a version of its own."""
    owner = "person" if kind == "people" else "company"
    cards = [f"c{n}" for n in range(rng.randint(3, 5))]
    facts: list[Fact] = []
    for version in range(1, rng.randint(6, 11)):
        roll = rng.random()
        if roll < 0.35:
            facts.append((kind, {"id": rng.choice(cards), "name": rng.choice(NAMES[kind])}))
        elif roll < 0.7:
            of = rng.choice(("phone", "phone", "email"))
            value = rng.choice(PHONES if of == "phone" else OTHERS)
            row = {"id": f"p{rng.randrange(5)}", owner: rng.choice(cards), "kind": of, "value": value}
            facts.append(("contact_points", row))
        else:
            one, other = rng.sample(cards, 2)
            verdict = rng.choice(("same", "same", "same", "different"))
            row = {"id": f"v{rng.randrange(3)}", "kind": kind, "one": one, "other": other, "verdict": verdict}
            facts.append(("identity_links", row))
        facts[-1][1]["version"] = version
    return facts


def clusters(trail: dt.Trail, kind: str) -> dict[str, str]:
    """The cluster of each card."""
    table = dt.identity.identities(trail, kind)  # type: ignore[arg-type]
    return dict(zip(table["member"], table["cluster"], strict=True))


@pytest.mark.parametrize("kind", ["people", "companies"])
def test_live_clusters_are_the_restored_ones_and_the_oracles(kind: str) -> None:
    for seed in range(HISTORIES // 2):
        rng = Random(f"{kind} {seed}")
        facts = facts_of(kind, rng)
        oracle = OracleTrail("RUB")
        for of, row in facts:
            oracle.put(of, [row])
        partition = oracle.state().partition(kind)
        for order in range(ORDERS):
            trail = dt.Trail("RUB")
            for of, row in facts:
                trail.put(of, [row])
            live = clusters(trail, kind)
            assert live == clusters(dt.Trail.restore(trail.snapshot()), kind), (seed, order)
            assert live == {card: partition.name(card) for card in live}, (seed, order)
            rng.shuffle(facts)


@pytest.mark.parametrize(("kind", "owner"), [("people", "person"), ("companies", "company")])
def test_a_name_that_comes_last_parts_what_a_verdict_and_a_phone_joined(kind: str, owner: str) -> None:
    phone = {"kind": "phone", "value": "+79161234567"}
    names = ("Ivan Petrov", "Anna Sidorova") if kind == "people" else ("Ромашка", "Лютик")
    facts: list[Fact] = [
        ("contact_points", {"id": "1", owner: "c", **phone, "version": 1}),
        ("contact_points", {"id": "2", owner: "a", **phone, "version": 1}),
        ("identity_links", {"id": "v", "kind": kind, "one": "b", "other": "c", "verdict": "same", "version": 1}),
        (kind, {"id": "a", "name": names[0], "version": 1}),
        (kind, {"id": "b", "name": names[1], "version": 1}),
        (kind, {"id": "c", "version": 1}),
    ]
    for order in permutations(facts):
        trail = dt.Trail("RUB")
        for of, row in order:
            trail.put(of, [row])
        assert clusters(trail, kind) == {"a": "a", "b": "b", "c": "b"}, [row["id"] for _, row in order]
