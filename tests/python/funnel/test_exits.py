"""PF.4: the lists of people to call (M0.7) equal the oracle's on random histories."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import dealtrail as dt
from oracle.door import moment_of
from oracle.events import topmost
from oracle.funnel import LISTS, exits
from oracle.guest_histories import guest_history
from python.funnel.comparing import TABLES_BEGIN, TABLES_END, assert_same, oracle_guests
from python.laws.comparing import library_trail, oracle_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def times_of(state: Any) -> list[int]:
    """Moments at which something changes for the lists, as far as both know the zone."""
    fields = (("invitations", "sent_at"), ("signals", "at"), ("activities", "due_at"), ("events", "starts_at"))
    found = {row[field] for kind, field in fields for row in state.all(kind) if row[field] is not None}
    return sorted(time for time in found if TABLES_BEGIN < time < TABLES_END)


@pytest.mark.parametrize("seed", range(150))
def test_exits_of_random_histories_equal_the_oracle(seed: int) -> None:
    made = guest_history(1_000 + seed, versioned=seed % 2 == 0)
    rng = Random(seed)
    trail, oracle = library_trail(made, made.operations), oracle_trail(made, made.operations)
    state = oracle.state()
    known = times_of(state)
    for view in ("marketing", "finance"):
        as_of = rng.choice([None, None, *known, *(time + 1 for time in known)])
        rows, promises, _ = oracle_guests(oracle, view, as_of)
        options: dict[str, Any] = {
            "event": rng.choice(
                [None, None, *(event for event in state.rows["events"] if topmost(state, event) == event)]
            ),
            "manager": rng.choice([None, None, ["man0", "man1"]]),
            "lists": rng.choice([None, None, rng.sample(LISTS, 3)]),
            "segments": rng.choice([[], [], ["A"]]),
            "days": rng.choice([14, 0, 1, 60]),
        }
        moment = None if as_of is None else moment_of(as_of)
        expected = exits(state, rows, promises, oracle.now() if as_of is None else as_of, **options)
        table = dt.funnel.exits(trail, view=view, as_of=moment, **options)
        assert_same(table, expected, made.currency, (view, moment, options))


def test_random_histories_reach_every_list() -> None:
    found: set[str] = set()
    for seed in range(30):
        made = guest_history(1_000 + seed)
        found |= set(dt.funnel.exits(library_trail(made, made.operations))["list"])
    assert found == set(LISTS)


def test_who_is_responsible_for_the_card_calls_a_guest_whom_nobody_else_owns() -> None:
    """M4.4: the owner at the time comes first; a contact of Bitrix24 has its responsible."""
    trail = dt.Trail("RUB")
    contact = b'{"result": [{"ID": "7", "NAME": "Ann", "COMPANY_ID": "5", "ASSIGNED_BY_ID": "3"}, {"ID": "8"}]}'
    company = b'{"result": [{"ID": "5", "TITLE": "Alfa", "ASSIGNED_BY_ID": "4"}]}'
    trail.load([("crm-contact-list.json", contact), ("crm-company-list.json", company)], profile="bitrix24")
    trail.put("managers", [{"id": "bitrix24:3", "name": "Mia"}, {"id": "bitrix24:4", "name": "Max"}])
    trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00", "attendance": "taken"}])
    guests = {"r7": ("bitrix24:7", None), "r8": ("bitrix24:8", "bitrix24:5"), "r9": ("stranger", None)}
    trail.put(
        "registrations",
        [
            {"id": id_, "event": "fair", "person": person, "company": company, "at": "2026-03-01"}
            for id_, (person, company) in guests.items()
        ],
    )
    calls = dt.funnel.exits(trail, lists=["did_not_come"], as_of="2026-03-11")
    owners = dict(zip(calls["person"], calls["manager_name"], strict=True))
    assert owners == {"bitrix24:7": "Mia", "bitrix24:8": "Max", "stranger": None}
    trail.put("activities", [{"id": "a", "kind": "call", "person": "bitrix24:7", "manager": "zoe", "at": "2026-02-01"}])
    first = dt.funnel.guests(trail, as_of="2026-03-11").to_dicts()[0]
    assert (first["person"], first["manager"]) == ("bitrix24:7", "zoe")
