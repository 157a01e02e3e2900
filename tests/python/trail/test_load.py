"""SP.9, SP.10: loads from Python; what each source becomes is tested where profiles are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dealtrail as dt

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

PROFILE: dict[str, Any] = {
    "profile": "rooms",
    "methods": {
        "bookings": {
            "files": ["*bookings*"],
            "puts": [
                {
                    "put": "deals",
                    "id": "number",
                    "set": {"created_at": "day", "amount": "price", "outcome": {"const": "won"}},
                    "own": {"city": "town"},
                }
            ],
        }
    },
    "declare": {"deals": {"city": "text"}},
}
ROWS = [
    {"number": "1", "day": "2026-03-01", "price": "100.50", "town": "Tver"},
    {"number": "2", "day": "2026-03-02", "price": "7", "town": "Pskov"},
]


def text(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows).encode()


def test_a_table_a_file_and_bytes_give_the_same(tmp_path: Path) -> None:
    file = tmp_path / "bookings.json"
    file.write_bytes(text(ROWS))
    trails = [dt.Trail("RUB") for _ in range(5)]
    reports = [
        trails[0].load(file, PROFILE),
        trails[1].load(str(tmp_path), dt.load_profile(PROFILE)),
        trails[2].load(("bookings.json", text(ROWS)), PROFILE),
        trails[3].load(pa.Table.from_pylist(ROWS), PROFILE, as_="bookings"),
        trails[4].load([("bookings-1.json", text(ROWS[:1])), ("bookings-2.json", text(ROWS[1:]))], PROFILE),
    ]
    for trail, report in zip(trails, reports, strict=True):
        assert (report.read, report.put, report.left_out, report.incomplete) == (2, 2, 0, False)
        assert trail.snapshot() == trails[0].snapshot()
    assert trails[0].cards(by="city")["key"] == ["Pskov", "Tver", "(unattributed)", "(total)"]
    assert trails[0].table("deals")["id"] == ["rooms:1", "rooms:2"]


def test_the_report_tells_what_was_left_out() -> None:
    trail = dt.Trail("RUB")
    rows = [*ROWS, {"number": None, "day": "2026-03-03"}, {"number": "4", "price": "1", "colour": "red"}]
    report = trail.load(("bookings.json", text(rows)), PROFILE)
    assert (report.read, report.put, report.left_out) == (4, 2, 2)
    assert (
        sum(count for count, out in zip(report.problems["count"], report.problems["left_out"], strict=True) if out) == 2
    )
    assert report.columns_not_read["column"] == ["colour"]
    assert report.files["state"] == ["read"]
    assert report.methods["records"] == [4]
    assert report.counts["kind"] == ["deals"]
    assert repr(report).startswith("LoadReport(read=4, put=2, left_out=2)")


def test_a_full_load_removes_what_vanished_but_not_too_much() -> None:
    trail = dt.Trail("RUB")
    many = [{**ROWS[0], "number": str(number)} for number in range(1, 11)]
    trail.load(("bookings.json", text(many)), PROFILE)
    report = trail.load(("bookings.json", text(many[1:])), PROFILE, whole=True, full=True)
    assert report.removed.to_dicts() == [{"kind": "deals", "before": 10, "removed": 1, "first_ids": "rooms:1"}]
    before = trail.snapshot()
    with pytest.raises(dt.LimitError):
        trail.load(("bookings.json", text(many[5:])), PROFILE, whole=True, full=True)
    assert trail.snapshot() == before
    trail.load(("bookings.json", text(many[5:])), PROFILE, whole=True, full=True, max_shrinkage=0.5)
    assert len(trail) == 5


def test_a_load_that_fails_leaves_the_trail_as_it_was() -> None:
    trail = dt.Trail("RUB")
    trail.load(("bookings.json", text(ROWS)), PROFILE)
    before = trail.snapshot()
    for source, error in (
        (("bookings.json", b'[{"number": "3", "day": "2026-03-01"}, {"num'), dt.Error),
        (("bookings.json", b"[" * 10_000), dt.Error),
        (("weather.json", text(ROWS)), dt.InvalidArgumentError),
        ("no-such-folder", dt.ReadError),
    ):
        with pytest.raises(error):
            trail.load(source, PROFILE)
        assert trail.snapshot() == before
    with pytest.raises(dt.UnknownNameError, match="bookings"):
        trail.load(("bookings.json", text(ROWS)), PROFILE, as_="booking")


def test_a_prefix_keeps_two_portals_apart() -> None:
    trail = dt.Trail("RUB")
    for prefix in ("north", "south"):
        trail.load(("bookings.json", text(ROWS)), PROFILE, prefix=prefix)
    assert trail.table("deals")["id"] == ["north:1", "north:2", "south:1", "south:2"]


def test_profiles() -> None:
    assert "bitrix24" in dt.Profile.built_in()
    profile = dt.load_profile("bitrix24")
    assert profile.source == "bitrix24"
    assert "crm.deal.list" in profile.methods
    assert profile.method_of("weather.csv") is None
    assert dt.Profile.schema()["$schema"]
    assert repr(profile).startswith("Profile(name='bitrix24'")
    for wrong in ({"methods": {"a": {"putts": []}}}, {"profile": 7}, {}):
        with pytest.raises(dt.Error):
            dt.load_profile(wrong)
