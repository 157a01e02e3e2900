"""AT.1, AT.4, AT.5: rule models against the slow model, exactly; costs, states, what is refused."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import polars as pl
import pytest

import dealtrail as dt
from oracle import attribution as oracle
from oracle import journeys as journey_oracle
from python.journeys.touch_sets import DAY_US, TouchSet

at = dt.attribution
DAY = DAY_US

RULES: dict[str, tuple[object, oracle.Weights | None]] = {
    "first_touch": (at.first_touch, oracle.one(0)),
    "last_touch": (at.last_touch, oracle.one(-1)),
    "last_touch, two excluded": (
        lambda journeys, **rest: at.last_touch(journeys, exclude=["mail", "z"], **rest),
        oracle.last_except(["mail", "z"]),
    ),
    "linear": (at.linear, oracle.linear),
    "position_based": (at.position_based, oracle.by_position(400_000_000, 400_000_000, renormalise=False)),
    "J": (
        lambda journeys, **rest: at.position_based(journeys, first=0.2, last=0.6, two_touches="renormalise", **rest),
        oracle.by_position(200_000_000, 600_000_000, renormalise=True),
    ),
    "all to the middle": (
        lambda journeys, **rest: at.position_based(journeys, first=0, last=0, **rest),
        oracle.by_position(0, 0, renormalise=False),
    ),
    "time_decay": (at.time_decay, oracle.time_decay(7 * DAY)),
    "time_decay, short": (
        lambda journeys, **rest: at.time_decay(journeys, half_life_days=1.5 / 86400, **rest),
        oracle.time_decay(1_500_000),
    ),
    "participation": (at.participation, None),
}


@pytest.mark.parametrize("hundred", range(10))
def test_every_rule_equals_the_slow_model_on_a_thousand_sets(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        model = journey_oracle.journeys(made.rows, made.lookback_days)
        for name, (rule, weights) in RULES.items():
            table = rule(journeys, intervals=seed % 2 == 0, threads=1 + seed % 3)  # type: ignore[operator]
            expected = oracle.credited(model, weights)
            rows = {row["channel"]: row for row in table}
            nobody, total = rows.pop("(unattributed)"), rows.pop("(total)")
            assert {key: row["conversions"] for key, row in rows.items()} == {
                key: units / oracle.UNITS for key, units in expected.units.items()
            }, (seed, name)
            if made.values:
                assert {key: row["value"] for key, row in rows.items()} == {
                    key: Decimal(value).scaleb(-2) for key, value in expected.value.items()
                }, (seed, name)
                assert total["value"] == Decimal(expected.total_value).scaleb(-2)
            assert {key: row["journeys"] for key, row in rows.items()} == expected.journeys
            assert {key: row["converting"] for key, row in rows.items()} == expected.converting
            assert (total["conversions"], total["journeys"]) == (expected.total, len(model))
            assert nobody["conversions"] == 0


def test_rows_of_paths_are_divided_whole() -> None:
    rng = Random(7)
    for _ in range(200):
        paths = ["".join(rng.choices("abcd", k=rng.randint(1, 5))) for _ in range(rng.randint(1, 8))]
        rows = {path: (rng.randint(0, 5000), rng.randint(0, 50), rng.randint(0, 10**7)) for path in paths}
        frame = pl.DataFrame(
            {
                "path": [" > ".join(path) for path in rows],
                "conversions": [row[0] for row in rows.values()],
                "nulls": [row[1] for row in rows.values()],
                "value": [Decimal(row[2] if row[0] else 0).scaleb(-2) for row in rows.values()],
            }
        )
        journeys = dt.Journeys.from_paths(frame, nulls="nulls", value="value", currency="RUB")
        table = at.linear(journeys)
        units: dict[str, int] = {}
        exact: dict[str, int] = {}
        for path, (conversions, nulls, minor) in rows.items():
            if conversions + nulls == 0:
                continue
            for name, part in zip(path, oracle.split(oracle.UNITS, [1] * len(path)), strict=True):
                units[name] = units.get(name, 0) + part * conversions
                exact[name] = exact.get(name, 0) + part * (minor if conversions else 0)
        value = oracle.whole(exact)
        for row in table:
            if row["channel"] in units:
                assert row["conversions"] == units[row["channel"]] / oracle.UNITS
                assert row["value"] == Decimal(value[row["channel"]]).scaleb(-2)
        assert table.to_dicts() == at.linear(journeys, intervals=True, threads=4).to_dicts()


@pytest.mark.parametrize(("currency", "each"), [("JPY", 1), ("USD", Decimal("0.01")), ("KWD", Decimal("0.001"))])
@pytest.mark.parametrize("sign", [1, -1])
def test_money_does_not_lean_to_the_first_touches(currency: str, each: Decimal | int, sign: int) -> None:
    # By hand: 1 000 minor units over three channels are 333 and a third each; the odd one goes to one of them.
    def table_of(path: str) -> pl.DataFrame:
        rows = [
            {
                "subject": who,
                "at": day,
                "channel": name,
                "converted": day == 3,
                "value": each * sign if day == 3 else None,
            }
            for who in range(1000)
            for day, name in enumerate(path, start=1)
        ]
        return pl.DataFrame(rows).with_columns(at=pl.datetime(2026, 3, pl.col("at")))

    names = {"converted": "converted", "value": "value", "currency": currency}
    for path, expected in (("ABC", [334, 333, 333]), ("CBA", [333, 333, 334])):
        journeys = dt.Journeys.from_touches(table_of(path), **names)
        assert [row / each * sign for row in at.linear(journeys)["value"]] == [*expected, 0, 1000]
        assert [row / each * sign for row in at.shapley(journeys)["value"]] == [334, 333, 333, 0, 1000]
        by_position = at.shapley_by_position(journeys)["value"]
        assert [row / each * sign for row in by_position] == [334, 333, 333, 0, 1000]
    mixed = pl.concat(
        table_of(path).with_columns(subject=pl.col("subject") + 1000 * number)
        for number, path in enumerate(("ABC", "BCA", "CAB"))
    )
    value = at.linear(dt.Journeys.from_touches(mixed, **names))["value"]
    assert [row / each * sign for row in value] == [1000, 1000, 1000, 0, 3000]


def test_rows_are_within_one_minor_unit_of_the_exact_value() -> None:
    for seed in range(300):
        made = TouchSet(seed)
        if not made.values:
            continue
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        model = journey_oracle.journeys(made.rows, made.lookback_days)
        for name, (rule, weights) in RULES.items():
            table = rule(journeys, intervals=False)  # type: ignore[operator]
            expected = oracle.credited(model, weights)
            rows = {row["channel"]: int(row["value"].scaleb(2)) for row in table}
            for channel, exact in expected.exact.items():
                assert abs(rows[channel] * oracle.UNITS - exact) < oracle.UNITS, (seed, name, channel)
            if weights is not None:
                assert sum(rows.values()) == 2 * rows["(total)"], (seed, name)


def journeys_of(paths: list[str], **columns: list[object]) -> dt.Journeys:
    names = {"nulls": "nulls"} if "nulls" in columns else {}
    names |= {"value": "value", "currency": "RUB"} if "value" in columns else {}
    return dt.Journeys.from_paths(pl.DataFrame({"path": paths, **columns}), **names)  # type: ignore[arg-type]


def test_costs_give_cpa_roas_and_roi() -> None:
    journeys = journeys_of(["search > mail", "mail"], conversions=[2, 2], value=[1000, 3000])
    table = at.linear(journeys, cost={"search": 250, "mail": "700.50", "idle": Decimal(10)})
    assert table.select(["channel", "value", "cost", "cpa", "roas", "roi_revenue"]).to_dicts() == [
        {
            "channel": "idle",
            "value": Decimal("0.00"),
            "cost": Decimal("10.00"),
            "cpa": None,
            "roas": 0,
            "roi_revenue": -1,
        },
        {
            "channel": "mail",
            "value": Decimal("3500.00"),
            "cost": Decimal("700.50"),
            "cpa": 700.5 / 3,
            "roas": 3500 / 700.5,
            "roi_revenue": (3500 - 700.5) / 700.5,
        },
        {
            "channel": "search",
            "value": Decimal("500.00"),
            "cost": Decimal("250.00"),
            "cpa": 250,
            "roas": 2,
            "roi_revenue": 1,
        },
        {"channel": "(unattributed)", "value": 0, "cost": None, "cpa": None, "roas": None, "roi_revenue": None},
        {
            "channel": "(total)",
            "value": Decimal("4000.00"),
            "cost": Decimal("960.50"),
            "cpa": 960.5 / 4,
            "roas": 4000 / 960.5,
            "roi_revenue": (4000 - 960.5) / 960.5,
        },
    ]


def test_cards_are_costs() -> None:
    trail = dt.Trail(currency="RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    trail.put("announcements", [{"id": "a", "channel": "tg", "published_at": "2026-03-01"}])
    trail.put("costs", [{"id": "c", "kind": "marketing", "announcement": "a", "amount": 500, "at": "2026-03-01"}])
    trail.put("touches", [{"id": "t", "announcement": "a", "person": "ann", "at": "2026-03-02", "kind": "click"}])
    trail.put("deals", [{"id": "d", "person": "ann", "outcome": "won", "amount": 2000, "created_at": "2026-03-03",
                         "closed_at": "2026-03-05"}])  # fmt: skip
    table = at.w_shaped(trail.journeys("won"), cost=trail.cards())
    assert table.to_dicts()[0] | {"channel": "tg", "cost": Decimal("500.00"), "roas": 4} == table.to_dicts()[0]


def test_cards_of_announcements_are_costs_of_touches_by_announcement() -> None:
    trail = dt.Trail(currency="RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    trail.put(
        "announcements", [{"id": name, "channel": "tg", "published_at": "2026-03-01"} for name in ("a", "b", "c")]
    )
    trail.put("costs", [{"id": "c", "kind": "marketing", "announcement": "a", "amount": 500, "at": "2026-03-01"}])
    for day, announcement in enumerate(("a", "b", "a"), start=2):
        touch = {"id": f"t{day}", "announcement": announcement, "person": "ann", "kind": "click"}
        trail.put("touches", [touch | {"at": f"2026-03-0{day}"}])
    trail.put("deals", [{"id": "d", "person": "ann", "outcome": "won", "amount": 3000, "created_at": "2026-03-05",
                         "closed_at": "2026-03-05"}])  # fmt: skip
    journeys, cost = trail.journeys("won", by="announcement"), trail.cards(by="announcement")
    for model in (name for name in at.MODELS if name not in ("first_touch", "shao_li")):
        table = getattr(at, model)(journeys, cost=cost)
        assert table["channel"] == ["a", "b", "c", "(unattributed)", "(total)"], model
        assert table["cost"][0] == Decimal(500)
        assert table["roas"][0] == pytest.approx(float(table["value"][0]) / 500)
        assert table["value"][2] == 0  # it cost nothing and touched nobody


@pytest.mark.parametrize("cost", [{"mail": "much"}, {"mail": 0.001}, {"mail": float("nan")}, {"mail": float("inf")}])
def test_a_cost_that_is_no_amount_is_refused(cost: dict[str, object]) -> None:
    with pytest.raises(dt.InvalidArgumentError, match="mail"):
        at.linear(journeys_of(["mail"], conversions=[1]), cost=cost)  # type: ignore[arg-type]


@pytest.mark.parametrize("cost", [[1], "mail", 5, {3: 4}, pl.DataFrame({"channel": ["mail"], "spend": [3]})])
def test_costs_that_are_no_mapping_from_names_are_refused(cost: object) -> None:
    with pytest.raises(dt.InvalidArgumentError, match="a mapping from channel to amount"):
        at.linear(journeys_of(["mail"], conversions=[1]), cost=cost)  # type: ignore[arg-type]


def test_costs_may_be_a_frame_or_dicts_whose_rows_add_up() -> None:
    """IN.23."""
    journeys = journeys_of(["mail > portal"], conversions=[2])
    expected = at.linear(journeys, cost={"mail": "12.50", "portal": 3})
    frame = pl.DataFrame(
        {"channel": ["mail", "portal", "mail", "(total)", "mail"], "cost": [10.0, 3.0, 2.5, 15.5, None], "n": [1] * 5}
    )
    keyed = frame.rename({"channel": "key"})
    for cost in (frame, frame.to_dicts(), frame.to_pandas(), keyed, frame.cast({"cost": pl.Decimal(20, 2)})):
        assert at.linear(journeys, cost=cost) == expected
    named = at.linear(journeys, cost=[{"channel": "Mail", "cost": 1}])
    assert named.meta["costs_without_journeys"] == "Mail (did you mean mail?)"


def test_a_cost_beyond_money_is_refused() -> None:
    with pytest.raises(dt.InvalidArgumentError, match="the cost of 'mail' is too large"):
        at.linear(journeys_of(["mail"], conversions=[1]), cost={"mail": 2**70})


def test_states_that_cannot_be_joined_say_why() -> None:
    journeys = journeys_of(["mail"], conversions=[1])
    with pytest.raises(dt.InvalidArgumentError, match="one with intervals, one without"):
        at.CreditState(journeys).merge(at.CreditState(journeys, intervals=False))
    with pytest.raises(dt.InvalidArgumentError, match="credit by linear was given credit by last_touch;"):
        at.CreditState(journeys).merge(at.CreditState(journeys, "last_touch"))
    priced = dt.Journeys.from_paths(
        pl.DataFrame({"path": ["a"], "conversions": [1], "v": [2]}), value="v", currency="EUR"
    )
    with pytest.raises(dt.CurrencyError, match="in EUR were given values in no currency"):
        priced.merge(journeys)
    for state in (at.CreditState, at.MarkovState, at.ShapleyState):
        with pytest.raises(dt.CurrencyError, match=r"in no currency was given .*EUR"):
            state(journeys).merge(state(priced))


def test_nothing_converts_and_nothing_at_all() -> None:
    quiet = at.linear(journeys_of(["a > b"], conversions=[0], nulls=[3]))
    assert [row["conversions"] for row in quiet] == [0, 0, 0, 0]
    assert {row["share"] for row in quiet} == {None}
    nothing = at.linear(journeys_of([], conversions=[]))
    assert [row["channel"] for row in nothing] == ["(unattributed)", "(total)"]


def test_a_journey_of_a_hundred_thousand_touches() -> None:
    many = 100_000
    frame = pl.DataFrame(
        {
            "who": [1] * many,
            "when": range(many),
            "where": ["a", "b"] * (many // 2),
            "won": [False] * (many - 1) + [True],
        }
    ).with_columns(pl.col("when").cast(pl.Datetime("us")))
    journeys = dt.Journeys.from_touches(frame, subject="who", at="when", channel="where", converted="won")
    for rule in (at.linear, at.position_based, at.time_decay):
        table = rule(journeys)
        assert sum(table["conversions"][:2]) == 1


def test_models_of_no_journeys_stand_in_one_table() -> None:
    """AT, bad input: nothing happened yet, with a currency and without one."""
    models = [model for model in at.MODELS if model not in ("time_decay", "u_shaped", "w_shaped", "full_path")]
    no_paths = pl.DataFrame({"path": [], "conversions": []}, {"path": pl.String, "conversions": pl.Int64})
    for journeys in (dt.Trail("RUB").journeys("won"), dt.Journeys.from_paths(no_paths)):
        table = at.compare(journeys, models)
        assert table["channel"] == ["(unattributed)", "(total)"] * len(models)
        assert set(table["conversions"]) == {0}
        removed = [at.markov(journeys, removal=removal) for removal in ("redirect_to_null", "fail", "detour")]
        assert {tuple(one.columns) for one in removed} == {tuple(at.linear(journeys).columns)}
        assert at.shapley(journeys, value_of=lambda _: 0.0).columns == at.linear(journeys).columns


def test_states_of_shards_are_the_whole() -> None:
    made = TouchSet(3, size=400)
    options = made.options()
    whole = at.CreditState(dt.Journeys.from_touches(made.table(1), **options), "linear")
    shards = []
    for shard in range(3):
        rows = [row for row in made.rows if hash(str(row.subject)) % 3 == shard]
        shards.append(at.CreditState(dt.Journeys.from_touches(made.table(1, rows), **options), "linear"))
    merged = shards[2]
    merged.merge(shards[0])
    merged.merge(at.CreditState.from_bytes(shards[1].to_bytes()))
    assert merged.to_bytes() == whole.to_bytes()
    assert merged.table().to_dicts() == whole.table().to_dicts()
    merged.subtract(shards[0])
    merged.subtract(shards[1])
    with pytest.raises(dt.InvalidArgumentError):
        merged.subtract(whole)
    with pytest.raises(dt.InvalidArgumentError):
        merged.merge(at.CreditState(dt.Journeys.from_touches(made.table(1), **options), "first_touch"))
    with pytest.raises(dt.CorruptDataError):
        at.CreditState.from_bytes(whole.to_bytes()[:-1])


def test_models_side_by_side() -> None:
    journeys = journeys_of(["webinar > search > mail", "search"], conversions=[4, 1], nulls=[0, 9])
    table = at.compare(journeys, ["first_touch", "linear", "last_touch"])
    assert len(table) == 3 * 5
    assert at.dumbbell(table).to_dict()["layer"]
    with pytest.raises(dt.UnknownNameError, match="no such model"):
        at.compare(journeys, ["best"])
    with pytest.raises(dt.InvalidArgumentError, match="times"):
        at.time_decay(journeys)
    with pytest.raises(dt.InvalidArgumentError, match="lead_created"):
        at.w_shaped(journeys)
