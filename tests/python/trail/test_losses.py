"""IN.1, IN.4, IN.5: what is lost is shown by the report, a warning, or an error."""

from __future__ import annotations

import copy
import pickle
import warnings

import pandas as pd
import polars as pl
import pytest

import dealtrail as dt

DAY = "2026-03-01"
CSV = {
    "profile": "shop",
    "methods": {
        "deals": {
            "files": ["*deals*"],
            "puts": [{"put": "deals", "id": "id", "set": {"created_at": "at", "amount": "sum"}}],
        }
    },
}


def test_a_put_that_leaves_rows_out_warns_once_and_strict_raises() -> None:
    trail = dt.Trail("RUB")
    rows = [{"id": "1", "created_at": DAY}, {"id": "2"}, {"id": "3", "created_at": "soon"}]
    with pytest.warns(dt.LossWarning, match="2 of 3 rows are lost.*missing_field of deals.created_at") as told:
        report = trail.put("deals", rows)
    assert len(told) == 1
    assert told[0].filename == __file__
    assert repr(report).startswith("PutReport(read=3, put=1, left_out=2)")
    fresh = dt.Trail("RUB")
    with pytest.raises(dt.SchemaError, match=r"strict keeps nothing.*first 3") as raised:
        fresh.put("deals", rows, strict=True)
    assert (raised.value.code, raised.value.where.table, raised.value.where.column) == (
        "bad_time",
        "deals",
        "created_at",
    )
    assert raised.value.hint
    assert len(fresh) == 0
    assert fresh.put("deals", rows[:1], strict=True).put == 1
    assert len(fresh) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dt.LossWarning)
        trail.put("deals", rows)


def test_strict_minds_columns_and_the_notice_of_an_id_is_no_loss() -> None:
    trail = dt.Trail("RUB")
    report = trail.put("deals", [{"id": "1", "created_at": DAY, "colour": "red"}])
    assert (report.problems["code"], report.problems["severity"]) == (["unknown_column"], ["warning"])
    with pytest.raises(dt.SchemaError, match="colour"):
        trail.put("deals", [{"id": "2", "created_at": DAY, "colour": "red"}], strict=True)
    assert trail.put("deals", [{"id": 2.0, "created_at": DAY}], strict=True).problems["severity"] == ["info"]


def test_an_unknown_column_is_named_whatever_becomes_of_its_row() -> None:
    """IN.5."""
    with pytest.warns(dt.LossWarning):
        report = dt.Trail("RUB").put("registrations", [{"id": "1", "event": "e", "date": DAY}])
    assert report.problems["code"] == ["missing_field", "unknown_column"]
    with pytest.warns(dt.LossWarning):
        report = dt.Trail("RUB").put("deals", [{"id": "(total)", "created_at": DAY, "colour": 1}])
    assert report.problems["code"] == ["bad_id", "unknown_column"]


def test_the_index_of_a_frame_is_no_column() -> None:
    """IN.5."""
    frame = pd.DataFrame({"id": ["1", "2"], "created_at": [DAY] * 2, "at": [DAY] * 2, "sum": [1, 2]}, index=[7, 9])
    report = dt.Trail("RUB").put("deals", frame[["id", "created_at"]])
    assert len(report.problems) == 0
    loaded = dt.Trail("RUB").load(frame, CSV, method="deals")
    assert loaded.columns_not_read["column"] == ["created_at"]


def test_rows_of_one_id_with_other_content_are_lost_and_counted() -> None:
    """IN.4."""
    trail = dt.Trail("RUB")
    rows = [{"id": "7", "created_at": DAY, "amount": amount} for amount in (100, 900, 900)]
    with pytest.warns(dt.LossWarning, match="1 repeated_id of deals.id"):
        report = trail.put("deals", rows)
    row = report.problems.to_dicts()[0]
    assert (row["code"], row["severity"], row["first_ids"], row["first_values"]) == (
        "repeated_id",
        "error",
        "7",
        "amount: 100.00 / 900.00",
    )
    assert report.counts.to_dicts() == [{"kind": "deals", "read": 3, "put": 3, "distinct": 1, "left_out": 0}]
    with pytest.warns(dt.LossWarning):
        report = trail.put("deals", pd.DataFrame(rows))
    assert report.problems["count"] == [1]
    versions = [row | {"version": version} for version, row in enumerate(rows)]
    assert len(trail.put("deals", versions).problems) == 0
    with pytest.warns(dt.LossWarning):
        trail.put("deals", [row | {"version": 9} for row in rows])
    stubs = [{"id": "c", "name": "Cup"}, {"id": "c", "name": "Cups"}]
    assert len(trail.put("companies", stubs, stub=True).problems) == 0


def test_a_misspelt_column_is_named_with_the_closest_one() -> None:
    """IN.5: in a file and in a table."""
    for source in (("deals.csv", b"id;att;sum\n1;2026-03-01;5\n"), pl.DataFrame({"id": [1], "att": [DAY], "sum": [5]})):
        with pytest.warns(dt.LossWarning, match="1 of 1 rows are lost"):
            report = dt.Trail("RUB").load(source, CSV, method="deals")
        found = next(row for row in report.problems if row["code"] == "column_not_there")
        assert (found["column"], found["first_values"]) == ("at", "att")
        assert found["hint"].startswith('did you mean "att"?')
    report = dt.Trail("RUB").load(("deals.csv", b"id;at;sum;sum\n1;2026-03-01;5;6\n"), CSV)
    assert [(row["code"], row["column"]) for row in report.problems] == [("repeated_column", "sum")]


def test_a_full_load_needs_a_total_or_the_word_of_the_caller() -> None:
    """IN.4."""
    trail = dt.Trail("RUB")
    trail.load(("deals.csv", b"id,at,sum\n1,2026-03-01,5\n2,2026-03-01,5\n3,2026-03-01,5\n"), CSV)
    less = ("deals.csv", b"id,at,sum\n1,2026-03-01,5\n2,2026-03-01,5\n")
    before = trail.snapshot()
    with pytest.raises(dt.InvalidArgumentError, match="nothing proves that it is whole") as raised:
        trail.load(less, CSV, full=True, max_shrinkage=0.5)
    assert "whole=True" in raised.value.hint
    assert trail.snapshot() == before
    trail.load(less, CSV, full=True, max_shrinkage=0.5, whole=True)
    assert trail.table("deals")["id"] == ["shop:1", "shop:2"]


def test_a_strict_load_keeps_nothing() -> None:
    trail = dt.Trail("RUB")
    source = ("deals.csv", b"id,at,sum\n1,2026-03-01,5\n,2026-03-01,5\n")
    with pytest.raises(dt.SchemaError, match="missing_id"):
        trail.load(source, CSV, strict=True)
    assert len(trail) == 0
    with pytest.warns(dt.LossWarning, match="load: 1 of 2 rows are lost"):
        report = trail.load(source, CSV)
    assert report.counts.to_dicts() == [{"kind": "deals", "read": 2, "put": 1, "distinct": 1, "left_out": 1}]


def test_journeys_and_results_show_what_is_left_out() -> None:
    touches = pl.DataFrame(
        {"subject": ["a", "a", None], "at": [1, 2, 3], "channel": ["x", "y", "x"], "bought": [False, True, False]}
    ).with_columns(pl.col("at").cast(pl.Datetime("us")))
    with pytest.warns(dt.LossWarning, match="1 of 3 rows are left out.*no_subject") as told:
        journeys = dt.Journeys.from_touches(touches, converted="bought")
    assert len(told) == 1
    assert told[0].filename == __file__
    assert repr(journeys).endswith("channels=2, left_out=1)")
    assert journeys.left_out == 1
    assert "left_out" not in repr(dt.Journeys.from_touches(touches[:2], converted="bought"))
    with pytest.raises(dt.SchemaError, match="strict"):
        dt.Journeys.from_touches(touches, converted="bought", strict=True)
    at = dt.attribution
    results = [
        *(model(journeys, intervals=False) for model in (at.first_touch, at.linear, at.markov, at.shapley, at.shao_li)),
        at.compare(journeys, ["linear", "markov"], intervals=False),
        at.credits(journeys),
        at.assisted(journeys),
        at.path_length(journeys),
        at.shapley_by_position(journeys),
        journeys.paths(),
        at.CreditState(journeys, intervals=False).table(),
    ]
    for result in results:
        assert result.meta["left_out"] == "1"
        assert repr(result).endswith("left_out=1")
        assert "left_out=1" in result._repr_html_()


def test_paths_that_are_left_out() -> None:
    paths = pl.DataFrame({"path": ["a > b", "b", "c"], "conversions": [2, -1, 0]})
    with pytest.warns(dt.LossWarning, match="bad_count"):
        journeys = dt.Journeys.from_paths(paths)
    assert (journeys.left_out, journeys.problems["severity"]) == (1, ["error", "info"])
    with pytest.raises(dt.SchemaError, match="bad_count"):
        dt.Journeys.from_paths(paths, strict=True)
    dt.Journeys.from_paths(paths[[0, 2]], strict=True)  # a row of no journeys loses none


def test_costs_of_channels_without_journeys_are_named() -> None:
    """IN.5."""
    journeys = dt.Journeys.from_paths(pl.DataFrame({"path": ["email > Search"], "conversions": [1]}))
    result = dt.attribution.linear(journeys, cost={"emial": 5, "search": 1, "Radio": 7, "email": 2})
    assert result.meta["costs_without_journeys"] == (
        "Radio, emial (did you mean email?), search (did you mean Search?)"
    )
    assert "costs_without_journeys=Radio" in repr(result)
    assert "costs_without_journeys" not in dt.attribution.linear(journeys, cost={"email": 5}).meta


def test_touches_whose_tags_no_key_knows_are_a_finding_with_the_commonest() -> None:
    trail = dt.Trail("RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    trail.put("source_keys", [{"kind": "utm", "value": "utm_source=tg", "channel": "tg"}])
    rows = [
        *({"utm_source": "vk", "utm_campaign": "spring"},) * 3,
        {"utm_source": "fb"},
        {"utm_source": "tg"},
        {"form": "expo"},
        {"promo_code": "TEN", "utm_source": "vk"},
        {"referrer": "forum.example"},
    ]
    trail.put(
        "touches", [{"id": str(n), "kind": "click", "person": "p", "at": DAY, **row} for n, row in enumerate(rows)]
    )
    found = {row["code"]: row for row in trail.findings() if row["code"].startswith("unknown_")}
    assert {code: row["count"] for code, row in found.items()} == {
        "unknown_code": 1,
        "unknown_form": 1,
        "unknown_referrer": 1,
        "unknown_utm": 4,
    }
    assert found["unknown_utm"]["message"] == "touches have tags that no key knows: vk 3, fb 1"
    assert found["unknown_utm"]["column"] == "utm_source"


def test_reports_tables_profiles_and_states_are_copied_by_value() -> None:
    """IN.21."""
    trail = dt.Trail("RUB")
    with pytest.warns(dt.LossWarning):
        put = trail.put("deals", [{"id": "1", "created_at": DAY, "amount": "1.50"}, {"id": "2"}])
    with pytest.warns(dt.LossWarning):
        load = trail.load(("deals.csv", b"id,at,sum\n,2026-03-01,5\n"), CSV)
    for made in (put, load, trail.cards(), trail.table("deals"), dt.attribution.linear(_journeys("a > b"))):
        for copied in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made)):
            assert repr(copied) == repr(made)
    assert copy.copy(trail.cards()) == trail.cards()
    assert copy.copy(trail.table("deals")).schema == trail.table("deals").schema
    for profile in (dt.load_profile(CSV), dt.load_profile("bitrix24")):
        copied = pickle.loads(pickle.dumps(profile))
        assert (copied.name, copied.methods) == (profile.name, profile.methods)
    for made_of in (dt.attribution.CreditState, dt.attribution.MarkovState, dt.attribution.ShapleyState):
        state = made_of(_journeys("a > b"))
        before = state.to_bytes()
        for copied in (pickle.loads(pickle.dumps(state)), copy.copy(state), copy.deepcopy(state)):
            assert copied == state
            copied.merge(made_of(_journeys("b")))
            assert state.to_bytes() == before
            assert copied != state
    journeys = _journeys("a > b")
    assert copy.copy(journeys) == journeys == copy.deepcopy(journeys)


def _journeys(path: str) -> dt.Journeys:
    return dt.Journeys.from_paths(pl.DataFrame({"path": [path], "conversions": [1]}))
