"""IN.23: pictures of tables: by model, without totals, of no more than fifty rows, matrices as heat maps."""

from __future__ import annotations

from typing import Any

import pytest

import dealtrail as dt

PATHS = [
    {"path": "search > mail", "conversions": 3, "nulls": 2},
    {"path": "mail > portal > search", "conversions": 2, "nulls": 1},
    {"path": "portal", "conversions": 1, "nulls": 4},
]


@pytest.fixture
def journeys() -> dt.Journeys:
    return dt.Journeys.from_paths(PATHS, nulls="nulls")


def values(chart: dict[str, Any]) -> list[dict[str, Any]]:
    (data,) = [chart["data"]] if "data" in chart else [layer["data"] for layer in chart["layer"][:1]]
    rows: list[dict[str, Any]] = data["values"]
    return rows


def test_bars_have_no_total_and_the_labels_of_the_first_column(journeys: dt.Journeys) -> None:
    table = dt.attribution.linear(journeys)
    chart = table.plot("conversions").to_dict()
    assert chart["mark"]["type"] == "bar"
    assert [row["label"] for row in values(chart)] == ["mail", "portal", "search", "(unattributed)"]
    assert [row["value"] for row in values(chart)] == [float(cell) for cell in table["conversions"][:-1]]
    assert "title" not in chart


def test_labels_are_those_of_the_first_column_when_it_is_of_numbers(journeys: dt.Journeys) -> None:
    lengths = dt.attribution.path_length(journeys)
    assert [row["label"] for row in values(lengths.plot("conversions").to_dict())] == ["1", "2", "3"]
    assert lengths["touches"] == [1, 2, 3]


def test_models_side_by_side_are_the_dumbbell(journeys: dt.Journeys) -> None:
    table = dt.attribution.compare(journeys, ["first_touch", "linear", "markov"])
    chart = table.plot("share").to_dict()
    assert chart == dt.attribution.dumbbell(table).to_dict()
    rows = values(chart)
    assert {row["channel"] for row in rows} == {"mail", "portal", "search"}
    assert len(rows) == 9
    said = {(row["channel"], row["model"]): row["share"] for row in table}
    assert {(row["channel"], row["model"]): row["share"] for row in rows} == {
        key: share for key, share in said.items() if not key[0].startswith("(")
    }


def test_a_matrix_is_a_heat_map(journeys: dt.Journeys) -> None:
    matrix = dt.attribution.transition_matrix(journeys)
    chart = matrix.plot().to_dict()
    assert chart["mark"]["type"] == "rect"
    assert len(values(chart)) == len(matrix)
    assert {row["row"] for row in values(chart)} == set(matrix["from"])
    assert chart["encoding"]["color"]["title"] == "probability"


def test_fifty_rows_and_a_note() -> None:
    table = dt.Journeys.from_paths([{"path": f"c{i:03}", "conversions": i + 1} for i in range(120)]).paths()
    chart = table.plot("conversions").to_dict()
    assert len(values(chart)) == 50
    assert chart["title"]["text"] == "the first 50 of 120 rows"
    assert [row["label"] for row in values(chart)] == table["path"][:50]
    assert len(values(table.plot("conversions", max_rows=7).to_dict())) == 7
    both = dt.attribution.compare(
        dt.Journeys.from_paths([{"path": f"c{i:03}", "conversions": i + 1} for i in range(120)]),
        ["first_touch", "last_touch"],
    )
    assert len({row["channel"] for row in values(both.plot().to_dict())}) == 50
    (title,) = {layer["title"]["text"] for layer in both.plot().to_dict()["layer"] if "title" in layer} or {
        both.plot().to_dict()["title"]["text"]
    }
    assert title == "the first 50 of 120 channels"


def test_labels_that_repeat_are_told_apart() -> None:
    trail = dt.Trail("RUB")
    trail.put("deals", [{"id": str(i), "created_at": "2026-01-01", "amount": 10} for i in range(3)])
    trace = trail.trace(key="(total)", metric="deals")
    labels = [row["label"] for row in values(trace.plot("part").to_dict())]
    assert len(set(labels)) == len(labels) == 3


def test_what_has_no_numbers_is_refused_with_what_has(journeys: dt.Journeys) -> None:
    table = dt.attribution.linear(journeys)
    with pytest.raises(
        dt.InvalidArgumentError, match="plot needs a column of numbers, not 'model'; numbers are in conv"
    ):
        table.plot("model")
    with pytest.raises(dt.SchemaError, match='did you mean "conversions"'):
        table.plot("conversion")
    with pytest.raises(dt.InvalidArgumentError, match="this table has none"):
        table.select(["channel", "model"]).plot()
