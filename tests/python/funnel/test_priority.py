"""PF.4: the order of follow-up by rules that are data (M0.5) equals the oracle's on random histories."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.door import decimals_of
from oracle.funnel import priority
from oracle.guest_histories import guest_history
from python.funnel.comparing import assert_same, oracle_guests
from python.laws.comparing import library_trail, oracle_trail

CONDITIONS: tuple[dict[str, Any], ...] = (
    {"field": "signals", "op": "ge", "value": 2},
    {"field": "segment", "op": "in", "value": ["A", ""]},
    {"not": {"field": "company", "op": "null"}},
    {"any": [{"field": "walk_in", "op": "eq", "value": True}, {"field": "contacts", "op": "eq", "value": 0}]},
    {"field": "amount_open", "op": "gt", "value": 100},
    {"all": []},
    {"field": "signal_kinds", "op": "prefix", "value": "applause"},
    {"field": "manager", "op": "ne", "value": "man1"},
)


@pytest.mark.parametrize("seed", range(100))
def test_priority_of_random_histories_equals_the_oracle(seed: int) -> None:
    made = guest_history(2_000 + seed, versioned=seed % 2 == 0)
    rng = Random(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    rows, _, _ = oracle_guests(oracle)
    own: dict[str, Any] = {
        "rules": [
            {
                "name": f"rule {place}",
                "points": rng.randint(-10, 30),
                "when": rng.choice(CONDITIONS),
                **({"reason": "because"} if rng.random() < 0.5 else {}),
                **({"from": "2026-03-01"} if rng.random() < 0.2 else {}),
                **({"until": "2026-06-01T12:00:00+03:00"} if rng.random() < 0.2 else {}),
            }
            for place in range(rng.randint(0, 6))
        ],
        "levels": [{"name": "high", "from": 30}, {"name": "low", "from": 5}],
    }
    for rules in (dt.funnel.default_rules(), own):
        manager = rng.choice([None, ["man0"]])
        expected = priority(rows, rules, decimals_of(made.currency), manager=manager)
        table = dt.funnel.priority(trail, rules=rules, manager=manager)
        assert_same(table, expected, made.currency, (rules, manager))
        assert dt.funnel.priority(trail, rules=json.dumps(rules), manager=manager).to_dicts() == table.to_dicts()


def test_a_crm_can_import_the_list() -> None:
    trail = dt.Trail(currency="RUB")
    trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00Z"}])
    trail.put("people", [{"id": "ann", "name": '=Ann "A"'}])
    trail.put(
        "signals", [{"id": "s", "event": "fair", "person": "ann", "kind": "offer_request", "at": "2026-03-10T11:00Z"}]
    )
    lines = dt.funnel.priority(trail).select(["level", "points", "name", "reasons"]).to_csv().splitlines()
    assert lines == [
        "level,points,name,reasons",
        'high,60,"\'=Ann ""A""",asked for an offer; nobody has been in touch since',
    ]


def test_wrong_rules_are_refused() -> None:
    trail = dt.Trail(currency="RUB")
    with pytest.raises(dt.UnknownNameError, match="did you mean") as refused:
        dt.funnel.priority(
            trail, rules={"rules": [{"name": "a", "points": 1, "when": {"field": "signal", "op": "null"}}]}
        )
    assert "signals" in str(refused.value)
    with pytest.raises(dt.ParseError):
        dt.funnel.priority(trail, rules="{")
    with pytest.raises(dt.InvalidArgumentError, match="points"):
        dt.funnel.priority(trail, rules={"rules": [{"name": "a", "when": {"all": []}}]})
