"""AT.7, laws 3 and 8: what each touch got equals the slow model and adds up to what its channel has, exactly."""

from __future__ import annotations

import math
from decimal import Decimal

import polars as pl
import pytest

import dealtrail as dt
from dealtrail.demo import write_export
from oracle import attribution as oracle
from oracle import journeys as journey_oracle
from python.journeys.touch_sets import DAY_US, TouchSet

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

at = dt.attribution

MODELS: list[tuple[str, dict[str, object], oracle.Weights | None]] = [
    ("first_touch", {}, oracle.one(0)),
    ("last_touch", {}, oracle.one(-1)),
    ("last_touch", {"exclude": ["mail", "z"]}, oracle.last_except(["mail", "z"])),
    ("linear", {}, oracle.linear),
    ("position_based", {}, oracle.by_position(400_000_000, 400_000_000, renormalise=False)),
    (
        "position_based",
        {"first": 0.2, "last": 0.6, "two_touches": "renormalise"},
        oracle.by_position(200_000_000, 600_000_000, renormalise=True),
    ),
    ("time_decay", {}, oracle.time_decay(7 * DAY_US)),
    ("time_decay", {"half_life_days": 1.5 / 86400}, oracle.time_decay(1_500_000)),
    ("participation", {}, None),
]


def sums_of(parts: dt.Table) -> dict[str, tuple[float, Decimal]]:
    """Conversions and value by channel; sums of parts of 2^-48 are exact."""
    found: dict[str, tuple[list[float], Decimal]] = {}
    for row in parts:
        conversions, value = found.setdefault(row["channel"], ([], Decimal(0)))
        found[row["channel"]] = ([*conversions, row["conversions"]], value + (row.get("value") or 0))
    return {channel: (math.fsum(conversions), value) for channel, (conversions, value) in found.items()}


def expect_adding_up(parts: dt.Table, model: dt.Table) -> None:
    """The rows of each channel add up to its row of the model."""
    sums = sums_of(parts)
    for row in model:
        if row["channel"] == "(total)":
            continue
        assert sums.pop(row["channel"], (0, 0)) == (row["conversions"], row.get("value") or 0), row["channel"]
    assert sums == {}


@pytest.mark.parametrize("hundred", range(10))
def test_every_rule_equals_the_slow_model_on_a_thousand_sets(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        model = journey_oracle.journeys(made.rows, made.lookback_days)
        for name, parameters, weights in MODELS:
            parts = at.credits(journeys, name, **parameters)
            columns = ["journey", "place", "channel", "conversions", *(["value"] if made.values else [])]
            expected = [
                (
                    *(part.journey, part.place, part.channel, part.units / oracle.UNITS),
                    *([Decimal(part.value).scaleb(-2)] if made.values else []),
                )
                for part in oracle.credits(model, weights)
            ]
            assert [tuple(row[column] for column in columns) for row in parts] == expected, (seed, name)
            expect_adding_up(parts, getattr(at, name)(journeys, intervals=False, **parameters))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dt.Trail:
    """The trail of the demo."""
    export = tmp_path_factory.mktemp("export")
    write_export(export, seed=5, people=120)
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.load(export / "bitrix24", export / "profile.json")
    trail.load(export / "calltracking", export / "calltracking.json")
    trail.set_rules((export / "rules.json").read_text(encoding="utf-8"))
    return trail


@pytest.mark.parametrize("to", ["won", "deal_created", "attended", "paid"])
def test_of_a_trail_with_the_deal_and_by_milestones(demo: dt.Trail, to: str) -> None:
    journeys = demo.journeys(to)
    numbered = {row["journey"]: row for row in journeys.table()}
    by_milestones = {"shares": {"first": 0.25, "lead_created": 0.5}}
    rules = [name for name in at.MODELS if name not in ("markov", "shao_li", "shapley")]
    for model, parameters in [*((name, {}) for name in rules), ("milestones", by_milestones)]:
        parts = at.credits(journeys, model, **parameters)
        assert len(parts) > 0
        expect_adding_up(parts, getattr(at, model)(journeys, intervals=False, **parameters))
        for row in parts:
            whole = numbered[row["journey"]]
            assert (row["fact"], row["subject"]) == (whole["fact"], whole["subject"])
            assert row["converted_at"] == whole["converted_at"]
            if row["place"] is not None:
                assert whole["path"].split(" > ")[row["place"] - 1] == row["channel"]


def test_one_channel_is_the_trace_of_its_row() -> None:
    paths = pl.DataFrame(
        {
            "path": ["a > b > a", "b", "", "c"],
            "conversions": [40_000, 2, 3, 0],
            "nulls": [0, 1, 0, 9],
            "value": [1, 2, 3, 0],
        }
    )
    journeys = dt.Journeys.from_paths(paths, nulls="nulls", value="value", currency="RUB")
    parts = at.credits(journeys, channel="a")
    assert parts.select(["journey", "place", "value"]).to_dicts() == [
        {"journey": 1, "place": 1, "value": Decimal("0.34")},
        {"journey": 1, "place": 3, "value": Decimal("0.33")},
    ]
    # Beyond 32 conversions a row is the nearest double to its units.
    whole = at.linear(journeys)["conversions"][0]
    assert math.fsum(parts["conversions"]) == pytest.approx(whole, rel=1e-15)
    assert [row * oracle.UNITS for row in parts["conversions"]] == [
        float(part * 40_000) for part in (oracle.UNITS // 3 + 1, oracle.UNITS // 3)
    ]
    assert at.credits(journeys, channel="(unattributed)").to_dicts()[0]["conversions"] == 3
    assert len(at.credits(journeys, channel="c")) == 0
    assert parts.meta["model"] == "linear"
    expect_adding_up(at.credits(journeys, "first_touch"), at.first_touch(journeys))


def test_what_is_refused() -> None:
    journeys = dt.Journeys.from_paths(pl.DataFrame({"path": ["a > b"], "conversions": [1]}))
    with pytest.raises(dt.UnknownNameError, match="no such rule: 'markov'"):
        at.credits(journeys, "markov")
    with pytest.raises(dt.UnknownNameError, match="z"):
        at.credits(journeys, channel="z")
    with pytest.raises(dt.InvalidArgumentError, match="linear has no parameter 'first'"):
        at.credits(journeys, "linear", first=0.5)
    with pytest.raises(dt.InvalidArgumentError, match="times"):
        at.credits(journeys, "time_decay")
    with pytest.raises(dt.InvalidArgumentError, match="milestones needs"):
        at.credits(journeys, "milestones")
    with pytest.raises(dt.InvalidArgumentError, match="lead_created"):
        at.credits(journeys, "w_shaped")
