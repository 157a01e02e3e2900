"""BE.7, M2.6: a rating of partners equals the slow oracle's, in Python and on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import dealtrail as dt
from dealtrail.cli import main
from oracle import evidence as oracle


def partners(seed: int, keys: int = 8) -> tuple[dt.Trail, dict[str, list[int]]]:
    """Give a Trail of partners with deals won by month, whole months only, and the counts."""
    rng = Random(seed)
    trail = dt.Trail(currency="RUB")
    counts = {}
    for i in range(keys):
        name, rate, months = f"p{i}", 3 * rng.gammavariate(6, 1 / 6), rng.randrange(3, 13)
        trail.put("partners", [{"id": name, "name": name}])
        counts[name] = [sum(rng.random() < rate / 40 for _ in range(40)) for _ in range(months)]
        # The first fact is on the first day, so that months are counted from there.
        first = 13 - months
        activity = {"id": name, "kind": "call", "partner": name, "at": f"2025-{first:02}-01"}
        trail.put("activities", [activity])
        for month, count in enumerate(counts[name], first):
            at = f"2025-{month:02}-11"
            deal = {"partner": name, "outcome": "won", "created_at": at, "closed_at": at, "amount": 700}
            trail.put("deals", [deal | {"id": f"{name} {month} {n}"} for n in range(count)])
    trail.put("touches", [{"id": "now", "at": "2026-02-01", "kind": "visit"}])
    return trail, counts


def dispersion(counts: dict[str, list[int]]) -> float:
    """Pearson's chi-square over its degrees of freedom, at least 1."""
    chi_square, degrees = 0.0, 0
    for months in counts.values():
        mean = sum(months) / len(months)
        if len(months) > 1 and mean > 0:
            chi_square += sum((y - mean) ** 2 / mean for y in months)
            degrees += len(months) - 1
    return max(1.0, chi_square / degrees)


@pytest.mark.parametrize("seed", range(4))
def test_shrunk_figures_equal_the_oracle(seed: int) -> None:
    trail, counts = partners(seed)
    table = dt.evidence.rating(trail, metric="won_per_month", period="2025")
    wide = dispersion(counts)
    scale = sum(map(sum, counts.values())) / sum(map(len, counts.values()))
    data = {key: (sum(months) / wide, len(months) * scale / wide) for key, months in counts.items()}
    parts = oracle.prior(list(data.values()))
    assert sorted(table["key"]) == sorted(counts)
    for row in table:
        key = row["key"]
        assert row["months"] == len(counts[key])
        assert row["value"] == pytest.approx(sum(counts[key]) / len(counts[key]))
        rest = [months for name, months in counts.items() if name != key]
        others = sum(map(sum, rest)) / sum(map(len, rest))
        assert row["others"] == pytest.approx(others)
        wanted = oracle.posterior(parts, *data[key], others / scale)
        assert row["shrunk"] == pytest.approx(wanted["mean"] * scale, rel=0.01)
        assert row["p_below"] == pytest.approx(1 - wanted["p_better"], abs=0.02)
        assert row["low"] < row["shrunk"] < row["high"]
        assert 1 <= row["rank_low"] <= row["rank_high"] <= len(counts)
        assert row["ineffective"] == (row["p_below"] >= 0.8)
        assert (row["figure"] is not None) == row["ineffective"]
    assert table["shrunk"] == sorted(table["shrunk"], reverse=True)


def test_channels_are_rated_by_their_cost() -> None:
    trail = dt.Trail(currency="RUB")
    for name, cost in {"a": 100, "b": 110, "c": 90, "dear": 900}.items():
        trail.put("channels", [{"id": name, "name": name}])
        for month in range(1, 13):
            at = f"2025-{month:02}-05"
            trail.put("costs", [{"kind": "marketing", "channel": name, "amount": cost, "at": at, "id": f"{name}{at}"}])
            leads = [{"id": f"{name} {at} {n}", "channel": name, "created_at": at} for n in range(4)]
            trail.put("leads", leads)
            won = [row | {"lead": row["id"], "outcome": "won", "closed_at": at, "amount": 1_000} for row in leads[:2]]
            trail.put("deals", won)
    table = dt.evidence.rating(trail, by="channel", metric="roi_revenue")
    rows: dict[str, Any] = {row["key"]: row for row in table}
    assert rows["a"]["value"] == pytest.approx(19)
    assert rows["dear"]["ineffective"]
    assert rows["dear"]["cause"] == "terms"
    assert rows["dear"]["figure"] == "cost is 45 % of revenue, elsewhere 5 %"
    assert rows["dear"]["rank"] == 4
    with pytest.raises(dt.UnknownNameError, match="colour"):
        dt.evidence.rating(trail, metric="colour")
    with pytest.raises(dt.InvalidArgumentError, match="certainty"):
        dt.evidence.rating(trail, certainty=2)


def test_the_command_prints_what_the_library_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail, _ = partners(9)
    trail.put("deals", [{"id": "alone", "outcome": "won", "created_at": "2025-05-05", "closed_at": "2025-05-06"}])
    file = tmp_path / "trail.dtrail"
    file.write_bytes(trail.snapshot())
    assert main(["rating", str(file), "--metric", "won_per_month", "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == json.loads(dt.evidence.rating(trail, metric="won_per_month").to_json())
    assert "unattributed_won: 1: not in the rating" in shown.err
