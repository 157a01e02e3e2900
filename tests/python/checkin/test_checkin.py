"""M0.4 (PF.5): codes at the door. What is genuine is let in once, everything else is refused with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dealtrail as dt
from dealtrail import checkin
from dealtrail.checkin import ALPHABET, LENGTH, Door, code, codes, verify, write_tickets
from python.links.pictures import text_of

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

STEADY = settings(derandomize=True, deadline=None, max_examples=60, database=None)
KEY = "the organiser's secret, 2026"
NOW = datetime(2026, 6, 20, 7, 42, tzinfo=timezone.utc)
IDS = ["r1", "bitrix24:3004", "Регистрация № 17", "x" * 300, "💌", "a\0b", " "]


def fair() -> dt.Trail:
    """Expo with two talks, last year's expo; Anna, Boris, one who cancelled, one who waits, one without a name."""
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    trail.put("companies", [{"id": "romashka", "name": "Romashka"}])
    trail.put(
        "people",
        [
            {"id": "anna", "name": "Anna", "company": "romashka", "segment_potential": "A"},
            {"id": "boris", "name": "Boris"},
        ],
    )
    trail.put(
        "events",
        [
            {"id": "expo", "name": "Expo", "starts_at": "2026-06-20T10:00"},
            {"id": "talk", "name": "Talk", "parent": "expo"},
            {"id": "dinner", "name": "Dinner", "parent": "expo"},
            {"id": "expo25", "name": "Expo 2025", "starts_at": "2025-06-20T10:00"},
        ],
    )
    rows: list[dict[str, Any]] = [
        {"id": "anna", "person": "anna", "ticket": "VIP"},
        {"id": "boris", "person": "boris"},
        {"id": "nobody"},
        {"id": "gone", "status": "cancelled"},
        {"id": "waits", "status": "waitlist"},
        {"id": "talk-boris", "event": "talk", "person": "boris"},
        {"id": "dinner-boris", "event": "dinner", "person": "boris"},
        {"id": "old", "event": "expo25", "person": "anna"},
    ]
    trail.put("registrations", [{"event": "expo", "at": "2026-05-01", **row} for row in rows])
    return trail


def counted(trail: dt.Trail, *answers: checkin.Answer) -> dict[str, tuple[int, int]]:
    """Put what the door noted: event -> attended, walk-ins of its card."""
    for answer in answers:
        for kind, rows in answer.facts.items():
            assert trail.put(kind, rows).left_out == 0  # type: ignore[arg-type]
    cards = trail.cards(by="event").to_dicts()
    return {row["key"]: (row["attended"], row["walk_ins"]) for row in cards if row["attended"] or row["walk_ins"]}


def test_a_guest_comes_once() -> None:
    trail = fair()
    door = Door(trail, "expo", KEY)
    ticket = code("expo", "anna", KEY)
    first = door.scan(ticket, NOW)
    assert (first.verdict, first.text, first.registration) == ("came", "Anna · Romashka · VIP · A", "anna")
    again = door.scan(ticket, NOW + timedelta(minutes=9))
    assert (again.verdict, again.at, again.facts) == ("second_scan", NOW, {})
    assert counted(trail, first, again) == {"expo": (1, 0), "(total)": (1, 0)}
    # A door that has read the Trail since knows it, too; one that has not gives a later arrival: the earliest counts.
    assert Door(trail, "expo", KEY).scan(ticket, NOW).verdict == "second_scan"
    late = Door(fair(), "expo", KEY).scan(ticket, NOW + timedelta(hours=2))
    assert counted(trail, late) == {"expo": (1, 0), "(total)": (1, 0)}
    story = trail.timeline(person="anna").to_dicts()
    assert next(row["at"] for row in story if row["kind"] == "attendances") == NOW


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (code("expo", "anna", "another secret, 16+"), "forged"),
        (code("expo25", "old", KEY), "foreign_event"),
        (code("fair", "r1", KEY), "forged"),
        (code("expo", "came after the file was made", KEY), "unknown"),
        (code("expo", "gone", KEY), "cancelled"),
        (code("expo", "waits", KEY), "waitlist"),
        (code("expo", "anna", KEY)[:20], "not_a_code"),
        (code("expo", "anna", KEY)[20:], "not_a_code"),
        (code("expo", "anna", KEY) * 2, "not_a_code"),
        ("8" + code("expo", "anna", KEY)[1:], "not_a_code"),
        ("anna", "not_a_code"),
        ("", "not_a_code"),
        ("\ufffd" * LENGTH, "not_a_code"),
        ("+", "no_name"),
        ("+ , 8 900", "no_name"),
    ],
)
def test_everything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    answer = verify(fair(), "expo", text, KEY)
    assert (answer.verdict, answer.reason, answer.facts) == ("refused", reason, {})
    assert answer.text


@STEADY
@given(st.sampled_from(IDS), st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_code_with_any_character_changed_is_refused(id_: str, place: int, letter: str) -> None:
    trail = fair()
    trail.put("registrations", [{"id": one, "event": "expo", "at": "2026-05-01"} for one in IDS])
    good = code("expo", id_, KEY)
    changed = good[:place] + letter + good[place + 1 :]
    answer = verify(trail, "expo", changed, KEY)
    assert (answer.verdict, answer.registration) == (("came", id_) if changed == good else ("refused", None))


@STEADY
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40), st.binary(min_size=16, max_size=40))
def test_codes_are_of_their_event_registration_and_key_alone(event: str, registration: str, key: bytes) -> None:
    key = b"<" + key + b">"
    made = code(event, registration, key)
    assert len(made) == LENGTH == 32
    assert set(made) <= set(ALPHABET)
    others = [(event + "x", registration, key), (event, registration + "x", key), (event, registration, key + b"x")]
    # The border between the two ids is part of what is signed.
    others.append((event[:-1] or "x", event[-1] + registration, key))
    assert made not in [code(*other) for other in others]


RUSSIAN = str.maketrans("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ")


@pytest.mark.parametrize(
    "typed",
    [
        lambda text: text.lower(),
        lambda text: text.translate(RUSSIAN),
        lambda text: text.translate(RUSSIAN).lower(),
        lambda text: f"\ufeff  {text}\r\n",
        lambda text: "-".join(text[at : at + 4] for at in range(0, LENGTH, 4)),
        lambda text: " ".join(text),
        lambda text: text.replace("0", "O").replace("1", "l"),
        lambda text: text.replace("0", "щ").replace("1", "Ш"),
    ],
)
def test_how_a_scanner_or_hand_types_it_does_not_matter(typed: Any) -> None:
    for id_ in ("anna", "boris", "nobody"):
        assert verify(fair(), "expo", typed(code("expo", id_, KEY)), KEY).registration == id_


def test_equal_short_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkin, "_tags", lambda event, registration: bytes(7))
    monkeypatch.setattr(checkin, "_hash", lambda *parts: bytes(32))
    door = Door(fair(), "expo", KEY)
    assert [door.scan(code("expo", id_, KEY), NOW).registration for id_ in ("boris", "anna", "nobody")] == [
        "boris",
        "anna",
        "nobody",
    ]
    assert door.scan(code("expo", "else", KEY), NOW).reason == "forged"


def test_sessions_have_their_own_scan() -> None:
    trail = fair()
    door, talk = Door(trail, "expo", KEY), Door(trail, "talk", KEY)
    anna, boris = code("expo", "anna", KEY), code("expo", "boris", KEY)
    answers = [door.scan(anna, NOW), door.scan(boris, NOW)]
    # Anna has no registration for the talk: she comes to it as herself. Boris has one, and two tickets are one guest.
    answers += [talk.scan(anna, NOW), talk.scan(boris, NOW)]
    assert [answer.verdict for answer in answers] == ["came"] * 4
    assert talk.scan(code("talk", "talk-boris", KEY), NOW).verdict == "second_scan"
    assert talk.scan(anna, NOW).verdict == "second_scan"
    assert talk.scan(code("dinner", "dinner-boris", KEY), NOW).reason == "foreign_event"
    assert door.scan(code("dinner", "dinner-boris", KEY), NOW).verdict == "second_scan"
    assert Door(fair(), "expo", KEY).scan(code("dinner", "dinner-boris", KEY), NOW).verdict == "came"
    nobody = talk.scan(code("expo", "nobody", KEY), NOW)
    assert (nobody.verdict, nobody.reason, nobody.facts) == ("came", "names_nobody", {})
    assert counted(trail, *answers) == {"expo": (2, 0), "talk": (1, 1), "(total)": (2, 0)}


def test_guests_without_a_registration_are_counted_apart() -> None:
    trail = fair()
    door = Door(trail, "expo", KEY)
    answers = [
        door.scan("+ Gleb, 8 (900) 123-45-67", NOW),
        door.scan("+Vera", NOW),
        door.scan("+ Vera", NOW + timedelta(seconds=5)),
    ]
    assert [answer.verdict for answer in answers] == ["walk_in"] * 3
    assert answers[0].text == "Gleb (no registration)"
    again = door.scan("+ Gleb Petrov, +7 900 1234567", NOW)
    assert (again.verdict, again.at) == ("second_scan", NOW)
    # At a session they are the same guest, under the name that was given first.
    talk = Door(trail, "talk", KEY)
    talk.note(answers[0].facts)
    session = talk.scan("+ Gleb Petrov, 8 900 1234567", NOW)
    assert (session.verdict, list(session.facts)) == ("walk_in", ["attendances"])
    assert counted(fair(), *answers, session) == {"expo": (0, 3), "talk": (0, 1), "(total)": (0, 3)}
    assert counted(trail, *answers) == {"expo": (0, 3), "(total)": (0, 3)}
    assert [row["value"] for row in trail.table("contact_points").to_dicts()] == ["8 (900) 123-45-67"]
    assert trail.cards(by="event").to_dicts()[-1]["new_faces"] == 3


@pytest.mark.parametrize(
    ("line", "name", "phone"),
    [
        ("+ Anna 8 916 765-43-21", "Anna", "8 916 765-43-21"),
        ("+ Anna Ivanova +7(916)7654321", "Anna Ivanova", "+7(916)7654321"),
        ("+8 (916) 765-43-21 Anna", "Anna", "8 (916) 765-43-21"),
        ("+ +7 916 765 43 21, Anna", "Anna", "+7 916 765 43 21"),
        ("+ Anna, 765-43-21", "Anna", "765-43-21"),
        ("+ Anna, 12-34", "Anna", "12-34"),  # after a comma anything is a number
        ("+ Anna 2", "Anna 2", None),  # the second of that name
        ("+ 💌", "💌", None),
    ],
)
def test_a_number_typed_at_the_door_is_a_phone_and_no_name(line: str, name: str, phone: str | None) -> None:
    answer = Door(fair(), "expo", KEY).scan(line, NOW)
    assert (answer.verdict, answer.facts["people"][0]["name"]) == ("walk_in", name)
    assert [row["value"] for row in answer.facts.get("contact_points", [])] == ([] if phone is None else [phone])


@pytest.mark.parametrize(
    "line", ["+7 916 123-45-67", "+79161234567", "+ 8 916 123 45 67,", "+ 123", "+ , 8 916 1234567"]
)
def test_a_phone_alone_is_nobody(line: str) -> None:
    answer = Door(fair(), "expo", KEY).scan(line, NOW)
    assert (answer.verdict, answer.reason, answer.facts) == ("refused", "no_name", {})


@pytest.mark.parametrize(("status", "why"), [("pending", "not admitted yet"), ("declined", "declined")])
def test_a_registration_that_does_not_stand_is_refused(status: str, why: str) -> None:
    trail = fair()
    trail.put("registrations", [{"id": "later", "event": "expo", "at": "2026-05-01", "status": status}])
    answer = Door(trail, "expo", KEY).scan(code("expo", "later", KEY), NOW)
    assert (answer.verdict, answer.reason, answer.text) == ("refused", status, f"the registration is {why}")


def test_an_arrival_without_a_time_is_a_second_scan_too() -> None:
    trail = fair()
    trail.put("attendances", [{"id": "s", "registration": "anna"}])
    answer = Door(trail, "expo", KEY).scan(code("expo", "anna", KEY), NOW)
    assert (answer.verdict, answer.at) == ("second_scan", None)


def test_a_session_ticket_at_the_main_door_is_no_arrival_at_the_session() -> None:
    trail = fair()
    trail.remove("registrations", "boris")
    ticket = code("dinner", "dinner-boris", KEY)
    at_the_door = Door(trail, "expo", KEY).scan(ticket, NOW)
    assert counted(trail, at_the_door) == {"expo": (1, 0), "(total)": (1, 0)}
    at_dinner = Door(trail, "dinner", KEY).scan(ticket, NOW + timedelta(hours=9))
    assert at_dinner.verdict == "came"
    assert counted(trail, at_dinner) == {"expo": (1, 0), "dinner": (1, 0), "(total)": (1, 0)}


@pytest.mark.parametrize("row", [{}, {"registration": ["anna"]}, {"registration": "anna", "at": "soon"}, {"person": 5}])
def test_rubbish_beside_the_file_stops_no_door(row: dict[str, Any]) -> None:
    door = Door(fair(), "expo", KEY)
    door.note({"attendances": [row], "people": [{}]})
    answer = door.scan(code("expo", "anna", KEY), NOW)
    assert (answer.verdict, answer.at) in [("came", NOW), ("second_scan", None)]


def test_codes_and_tickets(tmp_path: Path) -> None:
    trail = fair()
    table = codes(trail, "expo", KEY)
    assert table["registration"] == ["anna", "boris", "nobody"]
    assert table["name"] == ["Anna", "Boris", None]
    files = write_tickets(trail, "expo", KEY, tmp_path / "tickets", ["png"])
    assert [text_of(file) for file in files] == table["code"]
    assert KEY.encode() not in trail.snapshot()


def test_wrong_names_keys_and_times() -> None:
    with pytest.raises(dt.UnknownNameError, match="no event of that id"):
        Door(fair(), "fair", KEY)
    with pytest.raises(dt.InvalidArgumentError, match="at least 16 bytes"):
        code("expo", "anna", "short \n" + " " * 20)
    with pytest.raises(dt.InvalidArgumentError, match="needs its zone"):
        Door(fair(), "expo", KEY).scan("x", datetime(2026, 6, 20))


def test_parents_in_a_circle_end_somewhere() -> None:
    trail = fair()
    trail.put("events", [{"id": "x", "name": "X", "parent": "y"}, {"id": "y", "name": "Y", "parent": "x"}])
    trail.put("registrations", [{"id": "rx", "event": "x", "person": "anna", "at": "2026-05-01"}])
    assert Door(trail, "x", KEY).scan(code("x", "rx", KEY), NOW).verdict == "came"
