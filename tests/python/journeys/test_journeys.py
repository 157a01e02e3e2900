"""PF.3: journeys equal a slow model on random sets of touches, whatever the types, chunks, order and threads."""

from __future__ import annotations

import pickle
import zlib
from datetime import datetime, timezone
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import dealtrail as dt
from oracle import journeys as oracle
from python.journeys.touch_sets import BASE, TouchSet, moment, path_text

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


def expected_rows(made: list[oracle.Journey], values: bool) -> list[dict[str, Any]]:
    """What ``table`` gives, of the oracle's journeys."""
    return [
        {
            "journey": number,
            "subject": journey.subject,
            "path": path_text(journey.path),
            "touches": len(journey.touches),
            "first_at": moment(journey.touches[0][0]),
            "last_at": moment(journey.touches[-1][0]),
            "converted_at": moment(journey.touches[-1][0]) if journey.converted else None,
            "conversions": int(journey.converted),
            "nulls": int(not journey.converted),
            "value": Decimal(journey.value).scaleb(-2) if values and journey.converted else None,
        }
        for number, journey in enumerate(made)
    ]


def expected_paths(made: list[oracle.Journey], values: bool) -> list[dict[str, Any]]:
    """What ``paths`` gives."""
    order = sorted(
        oracle.paths(made).items(),
        key=lambda item: (-item[1][0], -item[1][1], [name.encode() for name in item[0]]),
    )
    return [
        {
            "path": path_text(path),
            "touches": len(path),
            "journeys": conversions + nulls,
            "conversions": conversions,
            "nulls": nulls,
            "value": Decimal(value).scaleb(-2) if values else None,
        }
        for path, (conversions, nulls, value) in order
    ]


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_equal_the_model(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options(), threads=1 + seed % 3)
        model = oracle.journeys(made.rows, made.lookback_days)
        assert journeys.table().to_dicts() == expected_rows(model, made.values), seed
        assert journeys.paths().to_dicts() == expected_paths(model, made.values), seed
        assert journeys.channels == oracle.channels(model)
        assert {row["code"]: row["count"] for row in journeys.problems} == {
            code: len(rows) for code, rows in oracle.problems(made.rows).items()
        }, seed
        assert journeys.touches().to_dicts() == [
            {"journey": number, "subject": one.subject, "place": place, "channel": channel, "at": moment(at)}
            for number, one in enumerate(model)
            for place, (at, channel) in enumerate(one.touches, 1)
        ]


def first_rows(journeys: dt.Journeys) -> dict[str, str]:
    return {row["code"]: row["first_rows"] for row in journeys.problems}


@pytest.mark.parametrize("seed", range(12))
def test_many_rows_equal_the_model_on_any_number_of_threads(seed: int) -> None:
    made = TouchSet(seed, size=30_000)
    model = oracle.journeys(made.rows, made.lookback_days)
    one = dt.Journeys.from_touches(made.table(seed), **made.options(), threads=1)
    assert one.table().to_dicts() == expected_rows(model, made.values)
    for threads in (2, 3, 7):
        several = dt.Journeys.from_touches(made.table(seed + threads), **made.options(), threads=threads)
        assert several.to_bytes() == one.to_bytes()
        assert first_rows(several) == first_rows(one)


@pytest.mark.parametrize("seed", range(100))
def test_types_chunks_and_order_of_rows_change_no_byte(seed: int) -> None:
    made = TouchSet(seed)
    whole = dt.Journeys.from_touches(made.table(0), **made.options())
    for variant in range(1, 6):
        rows = Random(variant).sample(made.rows, len(made.rows))
        other = dt.Journeys.from_touches(made.table(variant, rows), **made.options(), threads=variant)
        assert other.to_bytes() == whole.to_bytes()
        assert other == whole


@pytest.mark.parametrize("seed", range(100))
def test_shards_that_keep_subjects_whole_merge_to_the_same_bytes(seed: int) -> None:
    made = TouchSet(seed)
    whole = dt.Journeys.from_touches(made.table(seed), **made.options())
    for number in (1, 2, 5):
        rng = Random(seed * 10 + number)
        shards: list[list[oracle.Row]] = [[] for _ in range(number)]
        for row in made.rows:
            shards[zlib.crc32(repr(row.subject).encode()) % number].append(row)
        states = [dt.Journeys.from_touches(made.table(seed + 1, shard), **made.options()) for shard in shards]
        while len(states) > 1:
            rng.shuffle(states)
            states.append(states.pop().merge(pickle.loads(pickle.dumps(states.pop()))))
        assert states[0].to_bytes() == whole.to_bytes()


def test_journeys_come_back_from_bytes_and_broken_bytes_are_refused() -> None:
    made = TouchSet(17)
    journeys = dt.Journeys.from_touches(made.table(1), **made.options())
    data = journeys.to_bytes()
    assert dt.Journeys.from_bytes(data) == journeys
    for broken in (b"", data[:-1], data + b"\0", b"x" + data[1:], data[:40] + bytes([data[40] ^ 1]) + data[41:]):
        with pytest.raises(dt.CorruptDataError):
            dt.Journeys.from_bytes(broken)


def touches(**columns: Any) -> pa.Table:
    """Three touches of one subject, with these columns in place of the usual ones."""
    usual = {
        "subject": ["ann", "ann", "bob"],
        "at": pa.array([BASE, BASE + 1, BASE], pa.timestamp("us", "UTC")),
        "channel": ["mail", "portal", "mail"],
        "won": [False, True, False],
        "paid": [None, Decimal("10.50"), None],
    }
    return pa.table({**usual, **columns})


def test_what_does_not_fit_is_refused_with_the_column_and_a_cure() -> None:
    with pytest.raises(dt.SchemaError, match=r"a column is missing \[touches.who\]; .*columns here: subject, at"):
        dt.Journeys.from_touches(touches(), subject="who")
    with pytest.raises(dt.SchemaError, match="found real, expected integer or text"):
        dt.Journeys.from_touches(touches(subject=[1.5, 2.5, 3.5]))
    with pytest.raises(dt.SchemaError, match="found integer, expected time or local time or date or text"):
        dt.Journeys.from_touches(touches(at=[1, 2, 3]))
    with pytest.raises(dt.SchemaError, match="found integer, expected text"):
        dt.Journeys.from_touches(touches(channel=[1, 2, 3]))
    with pytest.raises(dt.SchemaError, match="explode it"):
        dt.Journeys.from_touches(touches(channel=[["a"], ["b"], ["c"]]))
    with pytest.raises(dt.InvalidArgumentError, match="no column of conversions"):
        dt.Journeys.from_touches(touches(), value="paid")
    with pytest.raises(dt.InvalidArgumentError, match="lookback_days"):
        dt.Journeys.from_touches(touches(), lookback_days=-1)
    with pytest.raises(dt.InvalidArgumentError, match="threads"):
        dt.Journeys.from_touches(touches(), threads=0)
    with pytest.raises(dt.InvalidArgumentError, match="made by from_touches"):
        dt.Journeys()


def test_a_time_beyond_microseconds_names_its_row() -> None:
    at = pa.array([0, 2**60, 0], pa.timestamp("s"))
    with pytest.raises(dt.OutOfRangeError, match="row 1"):
        dt.Journeys.from_touches(touches(at=at))


def test_an_exhausted_stream_is_refused() -> None:
    stream = touches().__arrow_c_stream__()
    dt.Journeys.from_touches(stream)
    with pytest.raises(dt.StreamError):
        dt.Journeys.from_touches(stream)
    reader = touches().to_reader()
    dt.Journeys.from_touches(reader)
    with pytest.raises(dt.StreamError):
        dt.Journeys.from_touches(reader)


@pytest.mark.parametrize(
    ("paid", "code", "value"),
    [
        (pa.array([None, "10.505", None]), "rounded_money", "10.50"),
        (pa.array([None, 10.505, None]), "rounded_money", "10.50"),
        (pa.array([None, "ten", None]), "bad_number", "0.00"),
        (pa.array([None, "0,250", None]), "bad_number", "0.00"),
        (pa.array([None, "10 USD", None]), "currency_mismatch", "0.00"),
        (pa.array([None, "$10", None]), "currency_mismatch", "0.00"),
        (pa.array([None, 1e30, None]), "overflow", "0.00"),
    ],
)
def test_an_amount_never_costs_its_row(paid: pa.Array, code: str, value: str) -> None:
    """IN.2, IN.17: the conversion is kept, its amount rounded or left out, and listed."""
    journeys = dt.Journeys.from_touches(touches(paid=paid), converted="won", value="paid", currency="RUB")
    assert first_rows(journeys) == {code: "row 1"}
    assert sum(row["conversions"] for row in journeys.paths()) == 1
    assert sum(row["value"] for row in journeys.paths()) == Decimal(value)


@pytest.mark.parametrize(
    "won", [pa.array([0, 1, 2]), pa.array(["no", "yes", "maybe"]), pa.array([0.0, 1.0, 0.5]), pa.array([0, 1, -1])]
)
@pytest.mark.parametrize("priced", [{}, {"value": "paid", "currency": "RUB"}])
def test_a_row_that_says_neither_yes_nor_no_is_left_out_and_listed(won: pa.Array, priced: dict[str, str]) -> None:
    journeys = dt.Journeys.from_touches(touches(won=won), converted="won", **priced)
    assert first_rows(journeys) == {"bad_converted": "row 2"}
    assert journeys.paths()["path"] == ["mail > portal"]


def test_what_is_no_table_is_named() -> None:
    ways = dt.Journeys.from_touches(touches())
    for wrong, name in ((None, "NoneType"), ({"path": ["a"]}, "dict"), (7, "int"), ("a", "str")):
        for make in (dt.Journeys.from_touches, dt.Journeys.from_paths, ways.with_milestones):
            with pytest.raises(dt.SchemaError, match=f"not a table: {name} .*__arrow_c_stream__"):
                make(wrong)  # type: ignore[arg-type]


def test_dicts_and_iso_texts_are_a_table() -> None:
    """IN.23."""
    rows = [
        {"subject": "ann", "at": "2026-03-01", "channel": "mail"},
        {
            "subject": "ann",
            "at": "2026-03-04T12:00:00+03:00",
            "channel": "portal",
            "bought": True,
            "paid": Decimal("9.5"),
        },
        {"subject": "bob", "at": "2026-03-04 09:00:00.25", "channel": "mail", "bought": None, "paid": 0},
    ]
    made = dt.Journeys.from_touches(rows, converted="bought", value="paid", currency="RUB")
    times = [
        datetime(2026, 3, 1, tzinfo=timezone.utc),
        datetime(2026, 3, 4, 9, tzinfo=timezone.utc),
        datetime(2026, 3, 4, 9, 0, 0, 250_000, tzinfo=timezone.utc),
    ]
    assert sorted(made.touches()["at"]) == times
    typed = [{**row, "at": at} for row, at in zip(rows, times, strict=True)]
    frame = pl.DataFrame(
        {name: [row.get(name) for row in typed] for name in ("subject", "at", "channel", "bought")}
        | {"paid": [None, Decimal("9.5"), Decimal(0)]}
    )
    for other in (typed, iter(typed), frame):
        assert dt.Journeys.from_touches(other, converted="bought", value="paid", currency="RUB") == made
    paths = [{"path": "a > b", "conversions": 2}, {"path": "b", "conversions": 1, "nulls": 4}]
    assert dt.Journeys.from_paths(paths, nulls="nulls").paths()["nulls"] == [0, 4]
    reached = [
        {"subject": "ann", "kind": "lead_created", "at": "2026-03-02"},
        {"subject": "ann", "at": "x", "kind": "deal_created"},
    ]
    known = made.with_milestones(reached)
    assert known.table()["lead_created_at"][0] == datetime(2026, 3, 2, tzinfo=timezone.utc)
    assert {row["code"]: row["count"] for row in known.problems}["bad_time"] == 1


def test_a_text_that_is_no_time_is_left_out_and_listed() -> None:
    """IN.23."""
    rows = [{"subject": 1, "at": at, "channel": "a"} for at in ("01.02.2026", "", None, "2026-02-30", "2026-02-03")]
    with pytest.warns(dt.LossWarning):
        journeys = dt.Journeys.from_touches(rows)
    assert {row["code"]: (row["count"], row["first_rows"]) for row in journeys.problems} == {
        "no_time": (2, "row 1, row 2"),
        "bad_time": (2, "row 0, row 3"),
    }
    assert journeys.touches()["at"] == [datetime(2026, 2, 3, tzinfo=timezone.utc)]


def test_dicts_that_make_no_column_are_refused_with_the_place() -> None:
    """IN.23."""
    rows = [{"subject": 1, "at": "2026-01-01", "channel": "a"}, {"subject": "x", "at": "2026-01-01", "channel": "a"}]
    with pytest.raises(dt.SchemaError, match="a column has integer and text") as error:
        dt.Journeys.from_touches(rows)
    assert error.value.where == dt.Where("touches", "subject", 1)
    with pytest.raises(dt.SchemaError, match="a row is no dict but a int") as error:
        dt.Journeys.from_touches([rows[0], 7])  # type: ignore[list-item]
    assert error.value.where.row == 1


def test_a_look_back_is_of_whole_days() -> None:
    kinds = touches(how=["view", "click", None])
    for days in (1.5, "7"):
        with pytest.raises(dt.InvalidArgumentError, match="lookback_days is a whole number, not "):
            dt.Journeys.from_touches(touches(), lookback_days=days)  # type: ignore[arg-type]
        with pytest.raises(dt.InvalidArgumentError, match="lookback_days is a whole number, not "):
            dt.Journeys.from_touches(kinds, kind="how", lookback_days={"view": days})  # type: ignore[dict-item]
    with pytest.raises(dt.InvalidArgumentError, match="lookback_days out of range: 1"):
        dt.Journeys.from_touches(touches(), lookback_days=10**20)


def test_a_lag_of_half_a_million_years() -> None:
    at = pa.array([-(2**63) + 1, 2**63 - 1, 0], pa.timestamp("us"))
    lags = dt.attribution.time_lag(dt.Journeys.from_touches(touches(at=at), converted="won"))
    assert lags["days"] == [(2**64 - 2) // 86_400_000_000]


def test_amounts_have_the_decimals_of_their_currency() -> None:
    paid = pa.array([None, Decimal("10.505"), None], pa.decimal128(9, 3))
    journeys = dt.Journeys.from_touches(touches(paid=paid), converted="won", value="paid", currency="KWD")
    assert journeys.paths()["value"] == [Decimal("10.505"), Decimal("0.000")]
    assert journeys.paths().schema[-1].unit == "KWD"


def test_the_touch_after_a_conversion_begins_a_new_journey() -> None:
    journeys = dt.Journeys.from_touches(touches(won=[True, False, False]), converted="won")
    assert journeys.table()["path"] == ["mail", "portal", "mail"]
    assert journeys.table()["conversions"] == [1, 0, 0]


def test_a_million_touches_of_one_subject() -> None:
    count = 1_000_000
    rng = Random(5)
    times = [BASE + rng.randrange(10**9) for _ in range(count)]
    table = pa.table(
        {
            "subject": pa.array([7] * count, pa.int64()),
            "at": pa.array(times, pa.timestamp("us")),
            "channel": pa.DictionaryArray.from_arrays(
                pa.array([i % 3 for i in range(count)]), pa.array(["c", "b", "a"])
            ),
        }
    )
    journeys = dt.Journeys.from_touches(table)
    assert repr(journeys) == f"Journeys(journeys=1, conversions=0, touches={count}, channels=3)"
    row = journeys.table()
    assert row["first_at"] == [moment(min(times))]
    assert row["last_at"] == [moment(max(times))]


def test_nothing_gives_nothing() -> None:
    journeys = dt.Journeys.from_touches(touches().slice(0, 0), converted="won", value="paid", currency="RUB")
    assert (len(journeys), journeys.channels, len(journeys.paths()), len(journeys.touches())) == (0, [], 0, 0)
    assert bool(journeys)
    assert dt.Journeys.from_bytes(journeys.to_bytes()) == journeys


def test_what_was_made_in_another_way_does_not_merge() -> None:
    one = dt.Journeys.from_touches(touches())
    with pytest.raises(dt.InvalidArgumentError, match="another way"):
        one.merge(dt.Journeys.from_touches(touches(), lookback_days=3))
    with pytest.raises(dt.InvalidArgumentError, match="another way"):
        one.merge(dt.Journeys.from_touches(touches(subject=[1, 1, 2])))
    priced = [
        dt.Journeys.from_touches(touches(), converted="won", value="paid", currency=code) for code in ("RUB", "EUR")
    ]
    with pytest.raises(dt.CurrencyError):
        priced[0].merge(priced[1])
