"""AT.7, laws 3 and 8: what each touch got equals the slow model and adds up to what its channel has, exactly."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

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
    """Conversions and value by channel, rounding among them; sums of parts of 2^-48 are exact."""
    found: dict[str, tuple[list[float], Decimal]] = {}
    for row in parts:
        conversions, value = found.setdefault(row["channel"], ([], Decimal(0)))
        found[row["channel"]] = ([*conversions, row["conversions"]], value + (row.get("value") or 0))
    return {channel: (math.fsum(conversions), value) for channel, (conversions, value) in found.items()}


def expect_adding_up(
    journeys: dt.Journeys, name: str, parameters: dict[str, object], minor: Decimal, every: int = 1, first: int = 0
) -> dt.Table:
    """All rows add up to the total; those of a channel, rounding among them, to its row of the model.

    Of the channels every so many, from the first on.
    """
    parts = at.credits(journeys, name, **parameters)
    model = {row["channel"]: row for row in getattr(at, name)(journeys, intervals=False, **parameters)}
    total, sums = model.pop("(total)"), sums_of(parts)
    assert set(sums) <= set(model)
    if name != "participation":
        assert sum((value for _, value in sums.values()), Decimal(0)) == (total.get("value") or 0)
    for channel, row in [*model.items()][first % every :: every]:
        own = at.credits(journeys, name, channel=channel, **parameters)
        rows = [one for one in own if one["channel"] == channel]
        assert rows == [one for one in parts if one["channel"] == channel]
        assert math.fsum(one["conversions"] for one in own) == row["conversions"]
        assert sum(one.get("value", 0) for one in own) == (row.get("value") or 0), (name, channel)
        if len(own) > len(rows):
            (last,) = own.to_dicts()[len(rows) :]
            assert last["channel"] == "(rounding)"
            assert 0 < abs(last["value"]) < minor
            assert all(last[key] is None for key in ("journey", "subject", "place", "at", "converted_at"))
    return parts


@pytest.mark.parametrize("hundred", range(10))
def test_every_rule_equals_the_slow_model_on_a_thousand_sets(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        model = journey_oracle.journeys(made.rows, made.lookback_days)
        for name, parameters, weights in MODELS:
            parts = expect_adding_up(journeys, name, parameters, Decimal("0.01"), 5, seed)
            expected = oracle.credits(model, weights)
            columns = ["journey", "place", "channel", "conversions"]
            assert [tuple(row[column] for column in columns) for row in parts] == [
                (part.journey, part.place, part.channel, part.units / oracle.UNITS) for part in expected
            ], (seed, name)
            if not made.values:
                continue
            left: dict[int, Decimal] = {}
            for row, part in zip(parts, expected, strict=True):
                exact = Fraction(part.exact, oracle.UNITS * 100)
                assert abs(Fraction(row["value"]) - exact) < Fraction(1, 10**15), (seed, name)
                left[part.journey] = left.get(part.journey, Decimal(0)) + row["value"]
            if weights is not None:
                assert left == {
                    number: Decimal(one.value).scaleb(-2) for number, one in enumerate(model) if one.converted
                }, (seed, name)


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
        parts = expect_adding_up(journeys, model, parameters, Decimal("0.01"))
        assert len(parts) > 0
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
        {"journey": 1, "place": 1, "value": Decimal("0.333333333333336")},  # two thirds of 2^-48 more than a third
        {"journey": 1, "place": 3, "value": Decimal("0.333333333333332")},
        {"journey": None, "place": None, "value": Decimal("0.003333333333332")},
    ]
    assert parts["channel"] == ["a", "a", "(rounding)"]
    # Beyond 32 conversions a row is the nearest double to its units.
    whole = at.linear(journeys)["conversions"][0]
    assert math.fsum(parts["conversions"]) == pytest.approx(whole, rel=1e-15)
    assert [row * oracle.UNITS for row in parts["conversions"]] == [
        float(part * 40_000) for part in (oracle.UNITS // 3 + 1, oracle.UNITS // 3, 0)
    ]
    assert at.credits(journeys, channel="(unattributed)").to_dicts()[0]["conversions"] == 3
    assert len(at.credits(journeys, channel="c")) == 0
    assert parts.meta["model"] == "linear"
    expect_adding_up(journeys, "first_touch", {}, Decimal("0.01"))


def test_values_have_fifteen_places_in_any_currency() -> None:
    for currency, places in [("JPY", 0), ("RUB", 2), ("KWD", 3), (None, 2)]:
        paths = pl.DataFrame({"path": ["a > b > c"], "value": [1]})
        journeys = dt.Journeys.from_paths(paths, conversions=None, value="value", currency=currency)
        parts = at.credits(journeys)
        assert next(column.scale for column in parts.schema if column.name == "value") == 15
        assert parts["value"] == [Decimal("0.333333333333336")] + [Decimal("0.333333333333332")] * 2
        expect_adding_up(journeys, "linear", {}, Decimal(1).scaleb(-places))


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
