"""What is kept of an id (trail.md; law 1), worked by hand."""

from itertools import permutations

import pytest

from .trail import OracleTrail


def names(trail: OracleTrail) -> dict[str, str | None]:
    return {row["id"]: row["name"] for row in trail.rows("channels")}


def channel(name: str | None, version: int | None = None) -> list[dict[str, object]]:
    return [{"id": "tg", "name": name, "version": version}]


def test_the_greatest_version_wins_in_any_order() -> None:
    for order in permutations([("old", 1), ("new", 3), ("middle", 2)]):
        trail = OracleTrail()
        for name, version in order:
            trail.put("channels", channel(name, version))
        assert names(trail) == {"tg": "new"}


def test_equal_versions_keep_the_greater_bytes_and_are_a_finding() -> None:
    # "b" and "a" have equal length, so the bytes of the text decide; a longer text has a greater length byte first.
    for order in permutations(["b", "a"]):
        trail = OracleTrail()
        for name in order:
            trail.put("channels", channel(name, 5))
        assert names(trail) == {"tg": "b"}
        assert trail.findings() == {("equal_version_conflict", "channels"): ["tg"]}
    trail.put("channels", channel("aa", 5))
    assert names(trail) == {"tg": "aa"}
    trail.put("channels", channel("z", 6))
    assert trail.findings() == {}


def test_a_default_that_is_not_said_is_equal_content() -> None:
    trail = OracleTrail()
    trail.put("channels", channel("a", 5))
    trail.put("channels", [{"id": "tg", "name": "a", "version": 5, "state": "working", "paid": "paid"}])
    assert trail.findings() == {}


def test_a_removal_beats_a_row_of_equal_version_and_yields_to_a_greater_one() -> None:
    for order in permutations(["row", "removal", "other row"]):
        trail = OracleTrail()
        for what in order:
            if what == "removal":
                trail.remove("channels", "tg", 2)
            else:
                trail.put("channels", channel(what, 2))
        assert names(trail) == {}
        assert trail.findings() == {}
    trail.put("channels", channel("back", 3))
    assert names(trail) == {"tg": "back"}


def test_a_row_without_a_version_replaces_and_keeps_the_stored_version() -> None:
    trail = OracleTrail()
    trail.put("channels", channel("five", 5))
    trail.put("channels", channel("none"))
    assert names(trail) == {"tg": "none"}
    trail.put("channels", channel("five again", 5))
    trail.remove("channels", "tg", 5)
    trail.put("channels", channel("three", 3))
    assert names(trail) == {"tg": "none"}  # the stored version is 5, and only a greater one replaces
    trail.put("channels", channel("six", 6))
    assert names(trail) == {"tg": "six"}
    trail.remove("channels", "tg")
    assert names(trail) == {}
    trail.put("channels", channel("six", 6))
    assert names(trail) == {}


def test_a_stub_only_makes_sure_that_the_id_exists() -> None:
    trail = OracleTrail()
    trail.put("channels", channel("b"), stub=True)
    trail.put("channels", channel("a", 9), stub=True)
    assert names(trail) == {"tg": "a"}  # the smaller bytes; a stub has no version
    trail.put("channels", channel("full", -7))
    trail.put("channels", channel("0"), stub=True)
    assert names(trail) == {"tg": "full"}
    trail.remove("events", "e")
    trail.put("events", [{"id": "e"}], stub=True)
    assert trail.rows("events") == []  # a removal is a full fact


def test_rows_that_lack_what_they_need_are_left_out() -> None:
    trail = OracleTrail()
    assert trail.put("channels", [{"id": "a", "name": None}, {"id": "b", "name": "B"}]) == ["name is missing"]
    assert trail.put("invoices", [{"id": "i", "amount": "1.005", "issued_at": "2026-01-01"}]) == []
    assert names(trail) == {"b": "B"}


def test_rows_without_an_id_stay_apart_and_come_twice_only_once() -> None:
    trail = OracleTrail()
    rows = [
        {"kind": "call", "at": "2026-01-01"},
        {"kind": "call", "at": "2026-01-01"},
        {"id": "", "kind": "chat", "at": "2026-01-01"},
    ]
    trail.put("touches", rows)
    trail.put("touches", rows)
    assert len(trail.rows("touches")) == 3


def test_merged_people() -> None:
    # p3 = p2 and p2 = p1: one cluster, p1. p4 is said to be p3 and said not to be: not joined. p9 has no card, and is
    # known.
    trail = OracleTrail()
    trail.merge("people", "p3", "p2")
    trail.merge("people", "p2", "p1")
    trail.merge("people", "p4", "p3")
    trail.put("identity_links", [{"id": "no", "kind": "people", "one": "p3", "other": "p4", "verdict": "different"}])
    state = trail.state()
    assert [state.cluster("people", f"p{number}") for number in (1, 2, 3, 4, 9)] == ["p1", "p1", "p1", "p4", "p9"]
    assert [code for code, _ in trail.findings()] == ["identity_contradiction"]
    with pytest.raises(ValueError, match="cannot be merged"):
        trail.merge("deals", "a", "b")


def test_a_time_without_a_zone_is_a_wall_clock_of_the_trail() -> None:
    trail = OracleTrail(zone="Europe/Moscow")
    trail.put("touches", [{"id": "t", "kind": "call", "at": "1970-01-01T03:00:01"}])
    assert trail.rows("touches")[0]["at"] == 1_000_000
