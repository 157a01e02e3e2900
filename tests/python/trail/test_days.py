"""IN.9: a date without a time is that day, however it comes in; kept as its end, shown as a date."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import dealtrail as dt
from dealtrail.cli import main

END = datetime(2026, 3, 20, 20, 59, 59, 999_999, tzinfo=timezone.utc)
BEGIN = datetime(2026, 3, 19, 21, tzinfo=timezone.utc)
PROFILE = {
    "profile": "p",
    "times": ["iso", "dd.mm.yyyy"],
    "methods": {
        "d": {"files": ["d.*"], "puts": [{"put": "deals", "id": "id", "set": {"created_at": "c", "closed_at": "e"}}]}
    },
}


def kept(trail: dt.Trail) -> tuple[datetime, datetime]:
    """When the one deal was made, and closed."""
    (row,) = trail.table("deals").to_dicts()
    return row["created_at"], row["closed_at"]


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": "d", "created_at": "2026-03-20", "closed_at": "2026-03-20"}],
        [{"id": "d", "created_at": date(2026, 3, 20), "closed_at": date(2026, 3, 20)}],
        pl.DataFrame({"id": ["d"], "created_at": [date(2026, 3, 20)], "closed_at": [date(2026, 3, 20)]}),
        pl.DataFrame({"id": ["d"], "created_at": ["2026-03-20"], "closed_at": ["2026-03-20"]}),
        pa.table(
            {"id": ["d"], "created_at": pa.array([20_532], pa.date32()), "closed_at": pa.array([20_532], pa.date32())}
        ),
        pa.table(
            {"id": ["d"], "created_at": ["2026-03-20"], "closed_at": pa.array([20_532 * 86_400_000], pa.date64())}
        ),
    ],
    ids=["text", "date", "polars dates", "polars text", "date32", "date64"],
)
def test_a_day_in_a_table_or_dict(rows: Any) -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("deals", rows)
    assert kept(trail) == (BEGIN, END)
    assert "2026-03-20 " in str(trail.table("deals").select(["closed_at", "id"]))
    assert "999999" not in str(trail.table("deals"))
    assert "999999" not in trail.table("deals")._repr_html_()


@pytest.mark.parametrize(
    "file",
    [
        ("d.csv", b"id,c,e\nd,2026-03-20,2026-03-20\n"),
        ("d.csv", b"id;c;e\nd;20.03.2026;20.03.2026\n"),
        ("d.json", b'[{"id": "d", "c": "2026-03-20", "e": "2026-03-20"}]'),
    ],
    ids=["csv", "csv with a pattern", "json"],
)
@pytest.mark.parametrize("zone", ["UTC", "trail", "+03:00"])
def test_a_day_in_a_file_is_a_day_of_the_trail(file: tuple[str, bytes], zone: str) -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.load(file, profile={**PROFILE, "zone": zone})
    assert kept(trail) == (BEGIN, END)


def test_what_came_out_goes_in_again() -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("deals", [{"id": "d", "created_at": "2026-03-20", "closed_at": "2026-03-20"}])
    again = dt.Trail("RUB", zone="Europe/Moscow")
    again.put("deals", trail.table("deals").to_dicts())
    assert again.snapshot() == trail.snapshot()
    assert str(dt.Trail.restore(trail.snapshot()).table("deals")) == str(trail.table("deals"))


def test_a_moment_in_an_end_stays_a_moment() -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("deals", [{"id": "d", "created_at": "2026-03-20T00:00", "closed_at": "2026-03-20T00:00"}])
    assert kept(trail) == (BEGIN, BEGIN)


@pytest.mark.parametrize("written", ["2026-03-20T03:00:00+03:00", "2026-03-20T00:00:00+03:00", "2026-03-20T00:00:00Z"])
def test_what_the_client_saw_on_the_day_of_the_sale_came_before_it(written: str, tmp_path: Path) -> None:
    """Bitrix24 writes the day of a sale as a midnight with an offset."""
    deal = {
        "ID": "1",
        "CONTACT_ID": "7",
        "OPPORTUNITY": "1000.00",
        "CURRENCY_ID": "RUB",
        "CLOSED": "Y",
        "DATE_CREATE": "2026-03-20T15:00:00+03:00",
        "CLOSEDATE": written,
        "STAGE_SEMANTIC_ID": "S",
        "UTM_SOURCE": "yandex",
    }
    (tmp_path / "crm.deal.list.json").write_text(json.dumps({"result": [deal], "total": 1}), encoding="utf-8")
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.load(tmp_path, profile="bitrix24")
    trail.put("channels", [{"id": "ya", "name": "Y"}])
    trail.put("source_keys", [{"id": "k", "kind": "utm", "value": "utm_source=yandex", "channel": "ya"}])
    assert [(row["path"], row["conversions"]) for row in trail.journeys("won").table()] == [("ya", 1)]
    assert "closed_before_created" not in trail.findings()["code"]


def test_a_deal_made_on_a_day_takes_in_the_touches_of_that_day() -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("channels", [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}])
    trail.put("announcements", [{"id": "a", "channel": "a"}, {"id": "b", "channel": "b"}])
    touch = {"person": "p", "kind": "click"}
    trail.put(
        "touches",
        [
            {**touch, "id": "1", "announcement": "a", "at": "2026-03-20T23:00"},
            {**touch, "id": "2", "announcement": "b", "at": "2026-03-21T00:00:01"},
        ],
    )
    deal = {"id": "d", "person": "p", "outcome": "won", "amount": 5}
    for made, path in (("2026-03-20", "a"), ("2026-03-20T12:00", "(unattributed)"), ("2026-03-21T09:00", "a > b")):
        trail.put("deals", [{**deal, "created_at": made}])
        for to in ("deal_created", "won"):
            rows = [row["path"] for row in trail.journeys(to).table() if row["conversions"]]
            assert rows == [path], (made, to)


def test_a_cost_until_a_day_has_that_day_in_it() -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("costs", [{"id": "c", "kind": "salary", "amount": 31, "at": "2026-03-01", "until": "2026-03-31"}])
    days = trail.trace(key="(total)", metric="cost")["part"]
    assert days == [Decimal("1.00")] * 31
    trail.put("leads", [{"id": "l", "created_at": "2026-03-10T12:00"}])
    assert trail.cards()["cost"][-1] == Decimal("10.00")
    assert trail.cards(as_of="2026-03-31")["cost"][-1] == Decimal("31.00")


def test_a_key_until_a_day_is_valid_on_that_day() -> None:
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("channels", [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}])
    key = {"kind": "utm", "value": "utm_source=x"}
    trail.put(
        "source_keys",
        [
            {**key, "id": "1", "channel": "a", "until": "2026-03-31"},
            {**key, "id": "2", "channel": "b", "from": "2026-04-01"},
        ],
    )
    visit = {"kind": "visit", "utm_source": "x"}
    times = ["2026-03-31T00:00", "2026-03-31T23:59:59", "2026-04-01T00:00"]
    trail.put("touches", [{**visit, "id": str(place), "at": at} for place, at in enumerate(times)])
    assert dt.source_table(trail)["channel"] == ["a", "a", "b"]
    assert "overlapping_keys" not in trail.findings()["code"]


def test_the_command_line_takes_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """IN.8."""
    trail = dt.Trail("RUB", zone="Europe/Moscow")
    trail.put("costs", [{"id": "1", "kind": "marketing", "amount": 100, "at": "2026-03-31T15:00"}])
    (tmp_path / "t.dtrail").write_bytes(trail.snapshot())
    for day, cost in (("2026-03-31", 100), ("2026-03-30", 0)):
        assert main(["cards", str(tmp_path / "t.dtrail"), "--as-of", day, "--format", "json"]) == 0
        assert Decimal(json.loads(capsys.readouterr().out)[-1]["cost"]) == cost
