"""Registrations, attended, walk-ins, new faces, show rate (M0.4, M1.4, M1.10), worked by hand."""

from fractions import Fraction
from typing import Any

from .trail import OracleTrail

START = "2026-03-10T10:00:00+00:00"
LATER = "2026-12-31T00:00:00+00:00"


def day(number: int) -> str:
    return f"2026-03-{number:02}T12:00:00+00:00"


def fair() -> OracleTrail:
    """Event e with session s; channels tg and mail, each with an announcement of its name; something later, so that
    all counts."""
    trail = OracleTrail()
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "mail", "name": "Mail"}])
    trail.put(
        "events",
        [
            {"id": "e", "name": "Fair", "starts_at": START, "attendance": "taken"},
            {"id": "s", "name": "Talk", "parent": "e", "starts_at": day(11)},
        ],
    )
    trail.put(
        "announcements", [{"id": "tg", "channel": "tg", "event": "e"}, {"id": "mail", "channel": "mail", "event": "e"}]
    )
    trail.put("moves", [{"id": "later", "field": "x", "to": "y", "at": LATER}])
    return trail


def register(
    trail: OracleTrail, fact_id: str, person: str | None, at: int, source: str | None = None, **fields: Any
) -> None:
    trail.put(
        "registrations",
        [{"id": fact_id, "event": "e", "person": person, "at": day(at), "announcement": source, **fields}],
    )


def figures(trail: OracleTrail, key: str, by: str = "channel", **options: Any) -> tuple[int, ...]:
    card = trail.card(key, by, **options)
    return tuple(card[name] for name in ("registrations", "attended", "walk_ins", "new_faces"))


def test_a_person_counts_once_and_the_earliest_registered_row_gives_the_source() -> None:
    trail = fair()
    register(trail, "r1", "ann", 3, "mail")
    register(trail, "r2", "ann", 2, "tg")
    register(trail, "r0", "ann", 1, "mail", status="cancelled")
    assert figures(trail, "tg") == (1, 0, 0, 0)
    assert figures(trail, "mail") == (0, 0, 0, 0)
    # A second scan changes nothing; the scan of the later registration is hers, too.
    trail.put(
        "attendances",
        [{"id": "x1", "registration": "r1", "at": day(10)}, {"id": "x2", "event": "e", "person": "ann", "at": day(11)}],
    )
    assert figures(trail, "tg") == (1, 1, 0, 1)
    assert figures(trail, "(total)") == (1, 1, 0, 1)


def test_merged_people_are_one_guest() -> None:
    trail = fair()
    register(trail, "r1", "ann", 3, "mail")
    register(trail, "r2", "anna", 2, "tg")
    assert figures(trail, "(total)") == (2, 0, 0, 0)
    trail.merge("people", "ann", "anna")
    assert figures(trail, "tg") == (1, 0, 0, 0)
    assert figures(trail, "(total)") == (1, 0, 0, 0)


def test_registrations_without_a_person_count_each() -> None:
    trail = fair()
    register(trail, "r1", None, 3, "tg")
    register(trail, "r2", None, 3, "tg")
    trail.put(
        "attendances",
        [{"id": "x", "registration": "r1", "person": "ann", "at": day(10)}, {"id": "y", "registration": "r1"}],
    )
    assert figures(trail, "tg") == (2, 1, 0, 0)  # nobody is known: no new face


def test_walk_ins_on_their_own_source() -> None:
    trail = fair()
    # A cancelled guest who came: a walk-in, on the source of the registration that the earliest arrival names.
    register(trail, "r1", "ann", 3, "mail", status="cancelled")
    trail.put("attendances", [{"id": "x", "registration": "r1", "at": day(10)}])
    assert figures(trail, "mail") == (0, 0, 1, 1)
    # Scanned once more by name before that: this arrival names no registration.
    trail.put("attendances", [{"id": "w", "event": "e", "person": "ann", "at": day(9)}])
    assert figures(trail, "mail") == (0, 0, 0, 0)
    assert figures(trail, "(unattributed)") == (0, 0, 1, 1)
    # Strangers: each arrival without a person by itself; one without an event is a finding.
    trail.put("attendances", [{"id": "u1", "event": "e"}, {"id": "u2", "event": "e"}, {"id": "u3"}])
    assert figures(trail, "(unattributed)", "event") == (0, 0, 1, 0)
    assert figures(trail, "e", "event") == (0, 0, 3, 1)
    assert trail.findings()[("arrival_without_event", "attendances")] == ["u3"]


def test_sessions_count_by_themselves_in_their_own_row() -> None:
    # ann registers for the fair and comes to the talk only: she attended the fair, and walked in to the talk.
    # bob registers for the talk and comes: attended there, and at the fair (topmost).
    trail = fair()
    register(trail, "r1", "ann", 1, "tg")
    register(trail, "r2", "bob", 1, "mail", event="s")
    trail.put(
        "attendances",
        [{"id": "x", "event": "s", "person": "ann", "at": day(11)}, {"id": "y", "registration": "r2", "at": day(11)}],
    )
    assert figures(trail, "e", "event") == (2, 2, 0, 2)
    assert figures(trail, "s", "event") == (1, 1, 1, 0)
    assert figures(trail, "(total)", "event") == (2, 2, 0, 2)
    assert figures(trail, "(unattributed)") == (0, 0, 0, 0)
    assert trail.card("s", "event")["show_rate"] == 1


def test_an_absent_event_counts_and_waits() -> None:
    trail = fair()
    register(trail, "r1", "ann", 1, "tg", event="ghost")
    register(trail, "r2", "ann", 2, "tg", event="ghost2")
    # Nobody looked who came to them: not known is not 0.
    assert figures(trail, "tg") == (2, None, None, None)
    assert figures(trail, "(unattributed)", "event") == (2, None, None, None)


def test_a_new_face_is_new_once() -> None:
    trail = fair()
    trail.put(
        "events",
        [{"id": "f", "name": "Next", "starts_at": day(20)}, {"id": "d", "name": "Also next", "starts_at": day(20)}],
    )
    register(trail, "r1", "ann", 1, "tg", event="f")
    register(trail, "r2", "ann", 1, "mail", event="d")
    # Arrivals without a time stand at the start of their event: both day 20, so the smaller event id, d, is first.
    trail.put("attendances", [{"id": "x", "registration": "r1"}, {"id": "y", "registration": "r2"}])
    assert figures(trail, "mail") == (1, 1, 0, 1)
    assert figures(trail, "tg") == (1, 1, 0, 0)
    trail.put("attendances", [{"id": "z", "event": "e", "person": "ann", "at": day(10)}])
    assert figures(trail, "(unattributed)") == (0, 0, 1, 1)
    assert figures(trail, "mail") == (1, 1, 0, 0)


def test_show_rate_is_a_cohort_of_events_that_are_over() -> None:
    trail = fair()
    trail.put(
        "events",
        [{"id": "f", "name": "Next", "starts_at": day(20), "ends_at": day(21)}, {"id": "g", "name": "No date"}],
    )
    for number, event in enumerate(("e", "e", "e", "f", "g")):
        register(trail, f"r{number}", f"p{number}", 1, "tg", event=event)
    trail.put(
        "attendances",
        [{"id": "x", "registration": "r0", "at": day(10)}, {"id": "y", "registration": "r3", "at": day(19)}],
    )
    # e is over at the end of its day, f at its end; attendance of e was taken, that of f is known by its early bird.
    assert trail.card("tg", as_of="2026-03-10T23:59:59.999998+00:00")["show_rate"] is None
    assert trail.card("tg", as_of="2026-03-10T23:59:59.999999+00:00")["show_rate"] == Fraction(1, 3)
    assert figures(trail, "tg", as_of=day(19)) == (5, 2, 0, 2)
    assert trail.card("tg", as_of=day(20))["show_rate"] == Fraction(1, 3)
    assert trail.card("tg", as_of=day(21))["show_rate"] == Fraction(2, 4)


def test_nobody_is_absent_where_nobody_looked() -> None:
    trail = fair()
    trail.put("events", [{"id": "list", "name": "List", "starts_at": day(12)}])
    register(trail, "r1", "ann", 1, "tg", event="list")
    register(trail, "r2", "bob", 1, "mail")
    trail.put("attendances", [{"id": "x", "registration": "r2", "at": day(10)}])
    trail.put(
        "costs",
        [
            {"id": "c1", "kind": "hall", "event": "list", "amount": 500, "at": day(1)},
            {"id": "c2", "kind": "hall", "event": "e", "amount": 100, "at": day(1)},
        ],
    )
    assert figures(trail, "list", "event") == (1, None, None, None)
    assert figures(trail, "s", "event") == (0, 0, 0, 0)  # it has no registration
    total = trail.card("(total)")
    assert (total["show_rate"], total["cost"], total["cost_per_attendee"]) == (1, 60_000, 100)
    # An arrival at a session of it, later: from then on it is known.
    trail.put("events", [{"id": "talk", "name": "Talk", "parent": "list"}])
    trail.put("attendances", [{"id": "y", "event": "talk", "person": "cat", "at": day(13)}])
    assert figures(trail, "list", "event", as_of=day(12)) == (1, None, None, None)
    assert figures(trail, "list", "event") == (1, 0, 1, 1)
    assert trail.card("(total)")["cost_per_attendee"] == 300


def test_tickets_stand_beside_guests() -> None:
    trail = fair()
    for ticket in ("A", "B", "A"):
        register(trail, f"r{len(trail.facts)}", "ann", 1, "tg", ticket=ticket)
    register(trail, "six", "bob", 1, "tg", quantity=6)
    trail.put(
        "attendances",
        [
            {"id": "x1", "registration": "six", "at": day(10), "quantity": 4},
            {"id": "x2", "registration": "six", "at": day(10), "quantity": 4},
            {"id": "w", "event": "e", "person": "cat", "at": day(10), "quantity": 3},
        ],
    )
    card = trail.card("e", "event")
    assert (card["registrations"], card["tickets"], card["tickets_attended"]) == (2, 8, 9)


def test_cost_per_attendee_is_over_all_who_came() -> None:
    trail = fair()
    register(trail, "r1", "ann", 1, "tg")
    register(trail, "r2", "bob", 1, "tg", status="waitlist")
    trail.put("attendances", [{"id": "x", "registration": "r1"}, {"id": "y", "registration": "r2"}])
    trail.put("costs", [{"id": "c", "kind": "marketing", "channel": "tg", "amount": "25", "at": day(1)}])
    card = trail.card("tg")
    assert (card["attended"], card["walk_ins"]) == (1, 1)
    assert card["cost_per_attendee"] == Fraction(25, 2)
    assert card["cost_per_registration"] == 25
