"""PF.4: the funnel and the lists of the demo equal the oracle's, which reads the facts that were imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dealtrail as dt
from dealtrail.demo import write_export
from oracle import OracleTrail
from oracle.door import decimals_of
from oracle.funnel import exits, funnel, priority
from oracle.kinds import KINDS
from python.funnel.comparing import assert_same, oracle_guests

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

PEOPLE = 90


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dt.Trail, OracleTrail]:
    folder = tmp_path_factory.mktemp("demo")
    write_export(folder, seed=7, people=PEOPLE)
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    trail.load(folder / "bitrix24", folder / "profile.json")
    trail.load(folder / "calltracking", folder / "calltracking.json")
    rules = Path(folder, "rules.json").read_text(encoding="utf-8")
    trail.set_rules(rules)
    oracle = OracleTrail("RUB", "Europe/Moscow")
    oracle.rules = [{"view": None, **rule} for rule in json.loads(rules)["rules"]]
    for kind in KINDS:
        rows = trail.table(kind).to_dicts()  # type: ignore[arg-type]
        for row in rows:
            stub = row.pop("stub")
            refused = oracle.put(kind, [row], stub=stub)
            assert refused == [], (kind, row)
    return trail, oracle


def test_the_demo_equals_the_oracle(both: tuple[dt.Trail, OracleTrail]) -> None:
    trail, oracle = both
    rows, promises, _ = oracle_guests(oracle)
    assert len(rows) > PEOPLE
    state = oracle.state()
    assert_same(dt.funnel.guests(trail), rows, "RUB", "guests")
    for by in ("event", "channel", "segment", "brand", "manager", "month"):
        options: dict[str, Any] = {"exclude_left": by == "manager"}
        assert_same(dt.funnel.funnel(trail, by=by, **options), funnel(state, rows, by, **options), "RUB", by)
    assert_same(dt.funnel.exits(trail), exits(state, rows, promises, oracle.now()), "RUB", "exits")
    assert "overdue" in dt.funnel.exits(trail)["list"]
    rules = dt.funnel.default_rules()
    assert_same(dt.funnel.priority(trail), priority(rows, rules, decimals_of("RUB")), "RUB", "priority")
    total = funnel(state, rows)[-1]
    assert total["invited"] > 0
    assert total["came"] > 0
    assert total["interested"] > 0
    assert total["won"] > 0
