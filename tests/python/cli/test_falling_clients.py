"""CO.8: ``dealtrail falling``."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import dealtrail as dt
from dealtrail.cli import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    trail = dt.Trail("RUB", "Europe/Moscow")
    rows = []
    for week in range(40):
        day = (date(2026, 1, 5) + timedelta(days=7 * week)).isoformat()
        rows.append({"id": f"a{week}", "company": "alfa", "kind": "sale", "amount": 100, "at": day})
        if week < 30:
            rows.append({"id": f"b{week}", "company": "beta", "kind": "sale", "amount": 50, "at": day})
    rows.append({"id": "nobody", "kind": "sale", "amount": 5, "at": "2026-02-01"})
    trail.put("payments", rows)
    path = tmp_path / "trail.dtrail"
    path.write_bytes(trail.snapshot())
    return path


def test_it_is_the_table_of_the_library(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(dt.errors.LossWarning):
        bought = dt.cohort.purchases(dt.Trail.restore(file.read_bytes()), of="payments")
    found = dt.cohort.falling(bought, window_weeks=4)
    assert found["client"] == ["beta"]
    assert main(["falling", str(file), "--of", "payments", "--window-weeks", "4", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert said.out == found.to_json()
    assert "no_customer: 1" in said.err
    assert main(["falling", str(file), "--of", "deals", "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_mistakes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["falling", str(file), "--window-weeks", "0"]) == 2
    assert "window_weeks is 1 to 52, found 0" in capsys.readouterr().err
