"""AT.7, law 3: cards by a model equal the slow model on random trails; rows add up to direct totals."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from dealtrail.demo import write_export
from oracle import attribution as oracle
from oracle.cards import in_period
from oracle.door import decimals_of
from oracle.histories import history
from oracle.journeys import Journey
from oracle.money import converted, without_vat
from oracle.trail_journeys import Maker, TrailJourney
from python.laws.comparing import library_trail, oracle_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

NOBODY, TOTAL = "(unattributed)", "(total)"
CREDITED = ("attended", "deals", "won", "amount_won", "margin")
RULES: dict[str, oracle.Weights] = {
    "first_touch": oracle.one(0),
    "last_touch": oracle.one(-1),
    "linear": oracle.linear,
    "position_based": oracle.by_position(400_000_000, 400_000_000, renormalise=False),
    "time_decay": oracle.time_decay(7 * 86_400_000_000),
}


class SlowCards:
    """What each key is credited with, conversion by conversion."""

    def __init__(self, maker: dict[str, Maker], weights: oracle.Weights, period: str | None) -> None:
        self.maker, self.weights, self.period = maker, weights, period
        self.state = maker["won"].state
        self.made = {to: one.make() for to, one in maker.items()}

    def parts(self, to: str, worth: Any = None) -> dict[str, tuple[int, int]]:
        """Units and value by key; what has no worth is not counted."""
        units: dict[str, int] = {}
        exact: dict[str, int] = {}
        for journey in self.made[to]:
            one = journey.conversion
            if one is None or (self.period is not None and not in_period(self.state, one.at, self.period)):
                continue
            value = one.value if worth is None else worth(journey)
            if value is None:
                continue
            for part in oracle.credits([Journey(None, journey.touches, True, value)], self.weights):
                units[part.channel] = units.get(part.channel, 0) + part.units
                exact[part.channel] = exact.get(part.channel, 0) + part.exact
        nobody = exact.pop(NOBODY, 0) // oracle.UNITS
        found = {NOBODY: (units.pop(NOBODY, 0), nobody)}
        for name, value in oracle.whole(exact).items():
            key = NOBODY if name.startswith("(no ") else name
            so_far = found.get(key, (0, 0))
            found[key] = (so_far[0] + units[name], so_far[1] + value)
        return found

    def margin(self, journey: TrailJourney) -> int | None:
        """The margin of a deal won, if its cost is known."""
        one = journey.conversion
        assert one is not None
        assert one.deal is not None
        deal = one.deal
        if deal["amount"] is None or deal["cost"] is None:
            return None
        counted = without_vat(self.state, deal)
        if converted(self.state, "deals", deal, counted, one.at) is None:
            return None
        return converted(self.state, "deals", deal, counted - deal["cost"], one.at)

    def known_keys(self) -> set[str]:
        """Keys of journeys of deals whose margin is known."""
        keys = set()
        for journey in self.made["won"]:
            one = journey.conversion
            if one is None or (self.period is not None and not in_period(self.state, one.at, self.period)):
                continue
            if self.margin(journey) is not None:
                keys |= {NOBODY if name.startswith("(no ") else name for _, name in journey.touches} or {NOBODY}
        return keys


@pytest.mark.parametrize("seed", range(60))
def test_random_trails_equal_the_model_and_add_up(seed: int) -> None:
    made = history(seed)
    rng = Random(seed)
    trail = library_trail(made, made.order(0))
    whole = oracle_trail(made, made.order(0))
    state = whole.state()
    minor = decimals_of(made.currency)
    for by in ("channel", "announcement", "event", "partner"):
        model = rng.choice([*RULES])
        subject, view = rng.choice(("person", "company")), rng.choice(("marketing", "finance"))
        period = rng.choice((None, None, "2026", "2026-Q1", "2026-03"))
        makers = {
            to: Maker(state, to, subject, made.lookback_days, (), view, None, by)
            for to in ("attended", "deal_created", "won")
        }
        slow = SlowCards(makers, RULES[model], period)
        cards = dt.attribution.credited_cards(trail, model, by=by, subject=subject, view=view, period=period)
        direct = trail.cards(by=by, view=view, period=period).to_dicts()
        rows = {row["key"]: row for row in cards}
        assert [row["key"] for row in direct] == [*rows]
        where = (by, model, subject, view, period)
        for column, parts in (
            ("attended", slow.parts("attended")),
            ("deals", slow.parts("deal_created")),
            ("won", slow.parts("won")),
        ):
            assert {key: row[column] for key, row in rows.items() if row[column] and key != TOTAL} == {
                key: units / oracle.UNITS for key, (units, _) in parts.items() if units
            }, (where, column)
            parts_of_total = [row[column] or 0 for key, row in rows.items() if key != TOTAL]  # null where nobody looked
            assert math.fsum(parts_of_total) == (rows[TOTAL][column] or 0)
        won, margin, known = slow.parts("won"), slow.parts("won", slow.margin), slow.known_keys()
        unvalued = slow.parts("won", lambda journey: 0 if journey.conversion.deal["amount"] is None else None)
        for key, row in rows.items():
            if key == TOTAL:
                continue
            if (units := won.get(key, (0, 0))[0]) and units == unvalued.get(key, (0, 0))[0]:
                assert row["amount_won"] is None, (where, key)  # none of them says its amount
            elif row["amount_won"] is not None:
                assert row["amount_won"] == Decimal(won.get(key, (0, 0))[1]).scaleb(-minor), (where, key)
            else:
                assert won.get(key, (0, 0))[1] == 0
            expected = Decimal(margin.get(key, (0, 0))[1]).scaleb(-minor) if key in known else None
            assert row["margin"] == expected, (where, key)
        for column in ("amount_won", "margin"):
            total = rows[TOTAL][column]
            assert sum((row[column] or 0) for key, row in rows.items() if key != TOTAL) == (total or 0), (where, column)
        for row in direct:  # what is not credited is direct, and so is the total
            got = rows[row["key"]]
            same = (
                [*got] if row["key"] == TOTAL else [name for name in got if name not in CREDITED and name not in RATIOS]
            )
            assert {name: got[name] for name in same} == {name: row[name] for name in same}, (where, row["key"])


RATIOS = ("margin_known", "cost_per_attendee", "cost_per_deal", "roi_revenue", "roi_margin", "roas")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dt.Trail:
    """The trail of the demo."""
    export: Path = tmp_path_factory.mktemp("export")
    write_export(export, seed=5, people=120)
    trail = dt.Trail("RUB", "Europe/Moscow")
    trail.load(export / "bitrix24", export / "profile.json")
    trail.load(export / "calltracking", export / "calltracking.json")
    trail.set_rules((export / "rules.json").read_text(encoding="utf-8"))
    return trail


def unseen_cost(trail: dt.Trail, by: str, key: str) -> Decimal:
    """The cost of a row that reaches events of which attendance was not taken."""
    parts = trail.trace(by=by, key=key, metric="cost_per_attendee").to_dicts()
    return -sum((row["part"] for row in parts if row["metric"] == "cost_unseen"), Decimal(0))


@pytest.mark.parametrize("model", dt.attribution.MODELS)
@pytest.mark.parametrize("by", ["channel", "announcement", "event", "brand"])
def test_every_model_on_the_demo(demo: dt.Trail, model: str, by: str) -> None:
    cards = demo.cards(by=by, credit=model)
    direct = demo.cards(by=by)
    rows, total = cards.to_dicts()[:-1], cards.to_dicts()[-1]
    assert total == direct.to_dicts()[-1]
    assert total["won"] > 0
    for column in CREDITED:
        said = [row[column] for row in rows if row[column] is not None]
        if model == "shao_li" and len(said) < len(rows):  # a score is below 0: it can say nothing, and says why
            assert "findings" in cards.meta
            continue
        if model == "participation":
            assert sum(said) >= (total[column] or 0)
        elif isinstance(total[column], Decimal):
            assert sum(said) == total[column]
        else:
            assert math.fsum(said) == pytest.approx(total[column], rel=1e-12)
    for row in rows:
        came = None if row["attended"] is None else row["attended"] + (row["walk_ins"] or 0)
        if row["cost_per_deal"] is not None:
            assert row["cost_per_deal"] == pytest.approx(float(row["cost"]) / row["deals"], rel=1e-12)
        if row["cost_per_attendee"] is not None:  # cost of events at which nobody looked is in no guest's
            assert came is not None
            cost = row["cost"] - unseen_cost(demo, by, row["key"])
            assert row["cost_per_attendee"] == pytest.approx(float(cost) / came, rel=1e-12)
        if row["cost"] and row["amount_won"] is not None:
            assert row["roas"] == pytest.approx(float(row["amount_won"] / row["cost"]), rel=1e-12)
    assert cards.meta["credit"] == model
    assert cards.columns == direct.columns


def test_parameters_and_mistakes(demo: dt.Trail) -> None:
    same = dt.attribution.credited_cards(demo, "position_based", first=1, last=0)
    first = demo.cards(credit="first_touch")
    assert same.select(["key", "won", "amount_won"]).to_dicts() == first.select(["key", "won", "amount_won"]).to_dicts()
    shares = {"shares": {"first": 0.5, "lead_created": 0.5}}
    assert dt.attribution.credited_cards(demo, "milestones", **shares).meta["credit.first"] == "0.5"
    with pytest.raises(dt.UnknownNameError, match="best"):
        demo.cards(credit="best")
    with pytest.raises(dt.InvalidArgumentError, match="month"):
        demo.cards(credit="linear", by="month")
    with pytest.raises(dt.InvalidArgumentError, match="placements"):
        demo.cards(credit="linear", clock="placement")
    with pytest.raises(dt.UnknownNameError, match="weather"):
        demo.cards(credit="linear", by="weather")


def test_journeys_by_margin_and_of_a_period(demo: dt.Trail) -> None:
    total = demo.cards().to_dicts()[-1]
    margins = demo.journeys("won", value="margin").table()["value"]
    assert sum(value for value in margins if value is not None) == total["margin"]
    for period in ("2026-03", "2026-Q2"):
        won = demo.journeys("won", period=period).table()
        of_period = demo.cards(period=period).to_dicts()[-1]
        assert sum(won["conversions"]) == of_period["won"]
        assert sum(value for value in won["value"] if value is not None) == of_period["amount_won"]
    with pytest.raises(dt.InvalidArgumentError, match="only deals won"):
        demo.journeys("paid", value="margin")
    with pytest.raises(dt.UnknownNameError, match="profit"):
        demo.journeys("won", value="profit")  # type: ignore[arg-type]
