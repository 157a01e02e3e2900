"""IN.10, IN.11: whose touches are, copied tags, requests that name their source; against a slow model and by hand."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

import dealtrail as dt
from oracle.histories import History, Operation
from oracle.trail_journeys import Maker
from python.journeys.test_trail_journeys import shown
from python.laws.comparing import library_trail, oracle_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

START = datetime(2026, 3, 1, tzinfo=timezone.utc)
PHONES = ("+7 916 123-45-67", "8 916 123 45 67", "+79161234568", "8 800 555-35-35", "12")
CLIENTS = ("77.88", "77.99", "(not set)", " 77.88 ")


class Requests:
    """Few people, tags, phones and days, so that copies, shared keys and equal sources happen often."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        put = self.put = [Operation("put", "channels", tuple({"id": one, "name": one} for one in ("a", "b", "c")))]
        self.add("announcements", 3, lambda: {"channel": self.one("a", "b", "c", "gone")})
        keys = [
            {"id": f"k{tag}", "kind": "utm", "value": f"utm_source={tag}", "channel": channel}
            for tag, channel in (("x", "a"), ("y", "b"))
        ]
        put.append(Operation("put", "source_keys", tuple(keys)))
        self.add("people", 4, lambda: {"name": self.one("Ann", "Bob", "Cid"), "company": self.link("companies", 2)})
        self.add("companies", 2, lambda: {"name": "Acme"})
        self.add("contact_points", self.rng.randint(0, 9), self.contact)
        self.add("registrations", self.rng.randint(0, 2), self.registration)
        self.add("touches", self.rng.randint(3, 12), self.touch)
        self.add("leads", self.rng.randint(0, 5), self.request)
        self.add("deals", self.rng.randint(1, 6), self.deal)

    def add(self, kind: str, count: int, row: Any) -> None:
        """Facts of a kind."""
        rows = tuple({"id": f"{kind[0]}{number}", **row()} for number in range(count))
        self.put.append(Operation("put", kind, rows))

    def one(self, *some: Any) -> Any:
        """One of these."""
        return self.rng.choice(some)

    def link(self, kind: str, count: int, none: float = 0.4) -> str | None:
        """A fact of a kind, one of them perhaps not there."""
        return None if self.rng.random() < none else f"{kind[0]}{self.rng.randrange(count + 1)}"

    def time(self) -> datetime:
        """A time within days, often an equal one."""
        return START + timedelta(hours=self.rng.choice((0, 0, 1, 23, 24, 25, 48, 49, 400)))

    def contact(self) -> dict[str, Any]:
        kind = self.one("phone", "client_id")
        bounds = {name: self.time() if self.rng.random() < 0.3 else None for name in ("from", "until")}
        value = self.one(*(PHONES if kind == "phone" else CLIENTS))
        return {"person": self.link("people", 4, 0.1), "kind": kind, "value": value, **bounds}

    def touch(self) -> dict[str, Any]:
        tag = self.one("x", "x", "y", None)
        return {
            "person": self.link("people", 4, 0.5),
            "phone": self.one(*PHONES, *[None] * 6),
            "client_id": self.one(*CLIENTS, *[None] * 6),
            "announcement": self.link("announcements", 3, 0.8),
            "channel": self.one("a", "c", "gone", *[None] * 6),
            "utm_source": tag,
            "utm_medium": None if tag is None else self.one("cpc", None),
            "form": self.one("f", None, None, None),
            "at": self.time(),
            "kind": self.one("visit", "visit", "form", "click", "call"),
        }

    def registration(self) -> dict[str, Any]:
        return {
            "event": "e",
            "person": self.link("people", 4),
            "touch": self.link("touches", 8),
            "channel": self.one("a", "b", None),
            "at": self.time(),
        }

    def request(self) -> dict[str, Any]:
        return {
            "person": self.link("people", 4),
            "company": self.link("companies", 2, 0.6),
            "touch": self.link("touches", 8),
            "announcement": self.link("announcements", 3, 0.7),
            "channel": self.one("a", "b", None, None),
            "created_at": self.time(),
        }

    def deal(self) -> dict[str, Any]:
        return {
            **self.request(),
            "lead": self.link("leads", 4),
            "registration": self.link("registrations", 1, 0.8),
            "parent": self.link("deals", 3, 0.9),
            "outcome": self.one("won", "open"),
            "amount": 100,
            "closed_at": self.time(),
        }


@pytest.mark.parametrize("hundred", range(6))
def test_random_requests_equal_the_model(hundred: int) -> None:
    codes: set[str] = set()
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = History(seed, "RUB", "UTC", "gross", 90, [])
        made.operations = Requests(seed).put
        trail = library_trail(made, made.order(0))
        oracle = oracle_trail(made, made.order(0))
        state, rng = oracle.state(), Random(seed)
        for to, subject in (("won", "person"), ("deal_created", "company"), ("won", "deal"), ("attended", "person")):
            kinds = rng.choice(((), (), ("visit", "deal"), ("lead",), ("form", "click")))
            maker = Maker(state, to, subject, 90, kinds, "marketing", None)
            expected = [shown(journey, to, "RUB", "UTC") for journey in maker.make()]
            journeys = trail.journeys(to, subject=subject, kinds=kinds)
            got = journeys.table()
            codes |= set(journeys.problems["code"])
            for column in ("subject", "path", "first_at", "last_at", "conversions", "value", "fact"):
                assert got[column] == [row[column] for row in expected], (seed, to, subject, kinds, column)
        shuffled = library_trail(made, made.order(1))
        assert shuffled.journeys("won").to_bytes() == trail.journeys("won").to_bytes(), seed
    assert {"copied_touch", "shared_key", "unknown_key", "no_subject", "no_channel"} <= codes


# --- equal times ---


@pytest.mark.parametrize("name", ["ads", "checkout", "email"])
@pytest.mark.parametrize("at", [date(2026, 3, 1), datetime(2026, 3, 1, 12)])
def test_a_touch_at_the_moment_of_a_conversion_is_part_of_its_journey(name: str, at: date) -> None:
    rows = pl.DataFrame({"u": [1, 1, 1], "t": [at] * 3, "c": [name, "checkout", "b"], "bought": [False, True, False]})
    names = {"subject": "u", "at": "t", "channel": "c", "converted": "bought"}
    expected = " > ".join([*sorted([name, "b"]), "checkout"])
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        table = dt.Journeys.from_touches(rows[order], **names).table()
        assert [(row["path"], row["conversions"]) for row in table] == [(expected, 1)]
        kinded = dt.Journeys.from_touches(
            rows[order].with_columns(k=pl.lit("x")), kind="k", lookback_days={"x": 1}, **names
        )
        assert kinded.table()["path"] == [expected]


def put_story(trail: dt.Trail) -> None:
    trail.put("channels", [{"id": name, "name": name} for name in ("A", "B", "mail", "ya")])
    trail.put(
        "announcements", [{"id": "a", "channel": "A"}, {"id": "b", "channel": "B"}, {"id": "m", "channel": "mail"}]
    )
    trail.put("source_keys", [{"id": "k", "kind": "utm", "value": "utm_source=yandex", "channel": "ya"}])


def paths(trail: dt.Trail, **options: Any) -> list[tuple[str | None, str, int]]:
    table = trail.journeys("won", **options).table()
    return [(row["subject"], row["path"], row["conversions"]) for row in table]


def problems(trail: dt.Trail) -> dict[str, int]:
    return {row["code"]: row["count"] for row in trail.journeys("won").problems}


# --- copied tags ---

TAGS = {"UTM_SOURCE": "yandex", "UTM_MEDIUM": "cpc"}


def bitrix(tmp_path: Path, **methods: list[dict[str, Any]]) -> dt.Trail:
    trail = dt.Trail("RUB", "Europe/Moscow")
    for name, rows in methods.items():
        file = tmp_path / f"crm.{name}.list.json"
        file.write_text(json.dumps({"result": rows, "total": len(rows)}), encoding="utf-8")
    trail.load(tmp_path, profile="bitrix24")
    put_story(trail)
    click = {"id": "x", "person": "bitrix24:7", "announcement": "m", "at": "2026-02-20", "kind": "click"}
    trail.put("touches", [click])
    return trail


def deal_of(number: str, created: str, closed: str, **more: Any) -> dict[str, Any]:
    won = {"OPPORTUNITY": "1000.00", "CURRENCY_ID": "RUB", "CLOSED": "Y", "STAGE_SEMANTIC_ID": "S", "CONTACT_ID": "7"}
    return {"ID": number, **won, **TAGS, "DATE_CREATE": created, "CLOSEDATE": closed, **more}


LEAD = {"ID": "5", "CONTACT_ID": "7", "STATUS_SEMANTIC_ID": "S", "DATE_CREATE": "2026-03-01T10:00:00+03:00", **TAGS}
CONTACT = {"ID": "7", "NAME": "Anna", "DATE_CREATE": "2026-03-02T15:00:00+03:00", **TAGS}
DEAL = deal_of("1", "2026-03-02T15:00:00+03:00", "2026-03-30T12:00:00+03:00")


def test_tags_of_a_lead_its_deal_and_its_contact_are_one_touch(tmp_path: Path) -> None:
    trail = bitrix(tmp_path, lead=[LEAD], deal=[{**DEAL, "LEAD_ID": "5"}], contact=[CONTACT])
    assert paths(trail) == [("bitrix24:7", "mail > ya", 1)]
    linear = {row["channel"]: row["value"] for row in dt.attribution.linear(trail.journeys("won"))}
    assert (linear["mail"], linear["ya"]) == (Decimal("500.00"), Decimal("500.00"))
    assert problems(trail) == {"copied_touch": 2}
    assert trail.journeys("won").left_out == 0
    assert len(trail.table("touches")) == 4  # the facts stay


def test_without_a_lead_the_contact_has_the_deals_tags(tmp_path: Path) -> None:
    trail = bitrix(tmp_path, deal=[DEAL], contact=[CONTACT])
    assert paths(trail) == [("bitrix24:7", "mail > ya", 1)]


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ({"DATE_CREATE": "2026-03-01T15:00:00+03:00"}, "mail > ya"),  # a day before, to the second
        ({"DATE_CREATE": "2026-03-01T14:59:59+03:00"}, "mail > ya > ya"),  # longer ago: a click of its own
        ({"UTM_MEDIUM": "banner"}, "mail > ya > ya"),  # other tags
    ],
)
def test_a_contact_of_another_time_or_of_other_tags_has_a_click_of_its_own(
    tmp_path: Path, contact: dict[str, str], expected: str
) -> None:
    assert paths(bitrix(tmp_path, deal=[DEAL], contact=[{**CONTACT, **contact}])) == [("bitrix24:7", expected, 1)]


def test_a_later_deal_of_a_known_contact_is_a_new_click(tmp_path: Path) -> None:
    later = deal_of("2", "2026-04-10T15:00:00+03:00", "2026-04-20T12:00:00+03:00")
    trail = bitrix(tmp_path, deal=[DEAL, later], contact=[CONTACT])
    assert paths(trail) == [("bitrix24:7", "mail > ya", 1), ("bitrix24:7", "ya", 1)]


# --- phones and client ids ---


def known(trail: dt.Trail) -> None:
    put_story(trail)
    trail.put("people", [{"id": "p", "name": "Anna"}, {"id": "q", "name": "Boris"}])
    trail.put(
        "contact_points",
        [
            {"id": "c1", "person": "p", "kind": "phone", "value": "+7 916 123-45-67"},
            {"id": "c2", "person": "p", "kind": "client_id", "value": "77.88"},
        ],
    )
    deal = {"person": "p", "outcome": "won", "amount": 10, "created_at": "2026-03-03", "closed_at": "2026-03-04"}
    trail.put("deals", [{"id": "d", **deal}])


def test_a_touch_by_phone_or_client_id_is_of_who_has_it() -> None:
    trail = dt.Trail("RUB")
    known(trail)
    visit = {"id": "t1", "client_id": "77.88", "announcement": "b", "at": "2026-02-20", "kind": "visit"}
    call = {"id": "t2", "phone": "8 916 123 45 67", "announcement": "a", "at": "2026-03-01", "kind": "call"}
    trail.put("touches", [visit, call])
    assert paths(trail) == [("p", "B > A", 1)]
    assert problems(trail) == {}
    trail.put("touches", [{**call, "person": "q"}])  # the person wins
    assert paths(trail) == [("p", "B", 1), ("q", "A", 0)]


def test_a_number_is_of_who_had_it_then_and_of_nobody_while_two_have_it() -> None:
    trail = dt.Trail("RUB")
    known(trail)
    second = {"id": "c3", "person": "q", "kind": "phone", "value": "89161234567", "from": "2026-03-02"}
    first = {"id": "c1", "person": "p", "kind": "phone", "value": "+7 916 123-45-67", "until": "2026-03-01"}
    trail.put("contact_points", [first, second])
    call = {"phone": "+79161234567", "announcement": "a", "kind": "call"}
    trail.put("touches", [{"id": "t1", "at": "2026-03-01", **call}, {"id": "t2", "at": "2026-03-02", **call}])
    assert paths(trail) == [("p", "A", 1), ("q", "A", 0)]
    trail.put("contact_points", [{**second, "from": None}])
    assert paths(trail) == [("p", "(unattributed)", 1), ("q", "A", 0)]
    assert problems(trail) == {"shared_key": 1}
    assert trail.journeys("won").left_out == 1
    trail.put("identity_links", [{"id": "i", "kind": "people", "one": "p", "other": "q", "verdict": "same"}])
    assert paths(trail) == [("p", "A > A", 1)]  # one person after all


def test_what_nobody_has_is_a_subject_that_does_not_convert() -> None:
    trail = dt.Trail("RUB")
    known(trail)
    visit = {"client_id": "1.2", "announcement": "a", "kind": "visit"}
    trail.put("touches", [{"id": f"t{day}", "at": f"2026-03-0{day}", **visit} for day in (1, 2)])
    trail.put(
        "touches", [{"id": "t3", "phone": "+79160000001", "announcement": "b", "at": "2026-03-01", "kind": "call"}]
    )
    trail.put(
        "touches", [{"id": "t4", "client_id": "(not set)", "announcement": "b", "at": "2026-03-01", "kind": "visit"}]
    )
    assert sorted(paths(trail)) == [
        ("client_id:1.2", "A > A", 0),
        ("p", "(unattributed)", 1),
        ("phone:+79160000001", "B", 0),
    ]
    assert problems(trail) == {"unknown_key": 3, "no_subject": 1}
    assert trail.journeys("won").left_out == 1  # a placeholder is nobody


# --- requests that name their source ---

WON = {"outcome": "won", "amount": 5, "created_at": "2026-03-25", "closed_at": "2026-03-26"}


@pytest.mark.parametrize("person", ["p", None])
@pytest.mark.parametrize("source", [{"announcement": "a"}, {"channel": "A"}])
@pytest.mark.parametrize("to", ["won", "deal_created"])
def test_a_deal_with_a_source_of_its_own_has_one_touch(person: str | None, source: dict[str, str], to: str) -> None:
    trail = dt.Trail("RUB")
    put_story(trail)
    trail.put("deals", [{"id": "d", "person": person, **source, **WON}])
    table = trail.journeys(to).table()
    assert [(row["subject"], row["path"], row["conversions"]) for row in table] == [(person, "A", 1)]
    assert table["first_at"][0].isoformat() == "2026-03-25T00:00:00+00:00"
    assert trail.card("A")["won"] == 1
    assert paths(trail, kinds=["click"]) == [(person, "(unattributed)", 1)]


def test_a_lead_and_its_deal_of_one_source_have_one_touch() -> None:
    trail = dt.Trail("RUB")
    put_story(trail)
    lead = {"id": "l", "announcement": "a", "created_at": "2026-03-20"}
    deal = {"id": "d", "person": "p", "lead": "l", **WON}
    trail.put("leads", [lead])
    trail.put("deals", [{**deal, "announcement": "a"}])
    assert paths(trail) == [("p", "A", 1)]
    assert trail.journeys("won").table()["first_at"][0].isoformat() == "2026-03-20T00:00:00+00:00"
    trail.put("deals", [{**deal, "announcement": "b"}])
    assert paths(trail) == [("p", "A > B", 1)]
    trail.put("leads", [{**lead, "touch": "t"}])  # it names a touch: that is its touch
    trail.put("touches", [{"id": "t", "channel": "B", "at": "2026-03-19", "kind": "form"}])
    assert paths(trail) == [("p", "B > B", 1)]
    trail.put("deals", [{"id": "d", "person": "p", "lead": "l", **WON}])
    assert paths(trail) == [("p", "B", 1)]


# --- a channel that is named directly ---


def test_announcement_then_channel_then_keys() -> None:
    trail = dt.Trail("RUB")
    put_story(trail)
    touch = {"id": "t", "person": "p", "at": "2026-03-02", "kind": "visit", "utm_source": "yandex"}
    registration = {"id": "r", "event": "e", "person": "p", "at": "2026-03-02"}
    lead = {"id": "l", "person": "p", "created_at": "2026-03-02"}
    deal = {"id": "d", "person": "p", **WON}
    trail.put("events", [{"id": "e", "name": "E", "starts_at": "2026-03-10"}])

    def rules(kind: str, fact: dict[str, Any]) -> list[tuple[str | None, str]]:
        found = []
        for more in ({"announcement": "b", "channel": "A"}, {"channel": "A"}, {"channel": "gone"}):
            trail.put(kind, [{**fact, **more}])
            row = next(one for one in dt.source_table(trail, kind) if one["id"] == fact["id"])
            found.append((row["channel"], row["rule"]))
        return found

    own = [("B", "announcement"), ("A", "channel")]
    assert rules("touches", touch) == [*own, ("ya", "utm")]
    for kind, fact in (("registrations", registration), ("leads", lead), ("deals", deal)):
        assert rules(kind, {**fact, "touch": "t"}) == [*own, ("ya", "utm")], kind
    trail.put("touches", [{**touch, "channel": "A"}])
    trail.put("deals", [{**deal, "touch": "t"}])
    assert [(row["channel"], row["rule"]) for row in dt.source_table(trail, "deals")] == [("A", "touch")]
    codes = {row["code"] for row in trail.findings()}
    assert "broken_link" in codes  # the channel that is gone


def test_live_cards_follow_a_channel_that_comes_and_goes() -> None:
    trail = dt.Trail("RUB")
    trail.put("leads", [{"id": "l", "channel": "A", "created_at": "2026-03-02"}])
    trail.put("deals", [{"id": "d", "lead": "l", **WON}, {"id": "d2", "channel": "A", **WON}])
    trail.put("registrations", [{"id": "r", "event": "e", "channel": "A", "at": "2026-03-02"}])
    trail.put("touches", [{"id": "t", "channel": "A", "at": "2026-03-02", "kind": "form"}])
    trail.put("leads", [{"id": "l2", "touch": "t", "created_at": "2026-03-02"}])
    assert trail.card("(unattributed)")["won"] == 2
    for _ in range(2):
        trail.put("channels", [{"id": "A", "name": "A"}])
        card = trail.card("A")
        assert (card["leads"], card["won"], card["registrations"]) == (2, 2, 1)
        assert dt.Trail.restore(trail.snapshot()).card("A") == card
        trail.remove("channels", "A")
        assert trail.card("(unattributed)")["won"] == 2
