"""A partner conference small enough to be worked by hand (M0.1 to M0.7); whoever takes rows by kind can have it."""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[dict[str, Any]]]


def at(day: int, hour: int = 12, minute: int = 0) -> str:
    """A moment of March 2026, UTC."""
    return f"2026-03-{day:02}T{hour:02}:{minute:02}:00+00:00"


def conference() -> Rows:
    """Four companies, six guests, two deals of theirs and one that belongs to no event.

    =======  ==========  =============  ==========  ========  ====================  =================
    guest    invited     registered     came        marks     follow-up             deals
    =======  ==========  =============  ==========  ========  ====================  =================
    ann      with alfa   1 March        10:05       2         an offer, overdue     won 1 000, open 500
    bob      with alfa   2 March        10:10       none      called on the 12th    none
    cat      with beta   3 March        no          none      none                  none
    dan      himself     cancelled      no          none      none                  none
    delta    the firm    no             no          none      none                  none
    fay      no          no             walked in   1         none                  none
    =======  ==========  =============  ==========  ========  ====================  =================
    """
    return {
        "managers": [
            {"id": "mia", "name": "Mia"},
            {"id": "max", "name": "Max", "active_until": at(11)},
        ],
        "channels": [{"id": "mail", "name": "Mail"}],
        "events": [
            {
                "id": "conf",
                "name": "Conference",
                "starts_at": at(10, 10),
                "ends_at": at(10, 18),
                "goal_attended": 4,
                "goal_deals": 4,
                "goal_revenue": "2000",
            },
            {"id": "closed", "name": "Closed session", "parent": "conf", "starts_at": at(10, 12)},
        ],
        "announcements": [{"id": "letter", "channel": "mail", "event": "conf", "published_at": "2026-02-15T09:00Z"}],
        "companies": [
            {"id": "alfa", "name": "Alfa", "segment_potential": "A"},
            {"id": "beta", "name": "Beta", "segment_potential": "A"},
            {"id": "gamma", "name": "Gamma", "segment_potential": "B"},
            {"id": "delta", "name": "Delta", "segment_potential": "A"},
        ],
        "people": [
            {"id": "ann", "name": "Ann", "company": "alfa"},
            {"id": "bob", "name": "Bob", "company": "alfa"},
            {"id": "cat", "name": "Cat", "company": "beta"},
            {"id": "dan", "name": "Dan", "company": "gamma"},
            {"id": "fay", "name": "Fay"},
        ],
        "contact_points": [
            {"id": "c1", "person": "ann", "kind": "phone", "value": "+7 495 000-00-01"},
            {"id": "c2", "person": "ann", "kind": "email", "value": "ann@alfa.example"},
            {"id": "c3", "company": "beta", "kind": "phone", "value": "+7 495 000-00-02"},
        ],
        "roles": [
            {
                "id": "o1",
                "of_company": "alfa",
                "manager": "max",
                "role": "sales",
                "from": "2025-01-01T00:00Z",
                "until": at(5),
            },
            {"id": "o2", "of_company": "alfa", "manager": "mia", "role": "sales", "from": at(5)},
            {"id": "o3", "of_company": "beta", "manager": "max", "role": "sales"},
        ],
        "invitations": [
            {
                "id": "i1",
                "event": "conf",
                "company": "alfa",
                "segment": "A",
                "announcement": "letter",
                "sent_at": "2026-02-15T09:00Z",
            },
            {
                "id": "i2",
                "event": "conf",
                "company": "beta",
                "segment": "A",
                "announcement": "letter",
                "sent_at": "2026-02-15T09:00Z",
            },
            {"id": "i3", "event": "conf", "person": "dan", "segment": "B", "sent_at": "2026-02-16T09:00Z"},
            {"id": "i4", "event": "conf", "company": "delta", "segment": "B", "sent_at": "2026-02-16T09:00Z"},
        ],
        "registrations": [
            {"id": "r-ann", "event": "conf", "person": "ann", "announcement": "letter", "at": at(1)},
            {"id": "r-bob", "event": "conf", "person": "bob", "at": at(2)},
            {"id": "r-cat", "event": "conf", "person": "cat", "announcement": "letter", "at": at(3)},
            {"id": "r-dan", "event": "conf", "person": "dan", "at": at(4), "status": "cancelled"},
        ],
        "attendances": [
            {"id": "a1", "registration": "r-ann", "at": at(10, 10, 5)},
            {"id": "a2", "registration": "r-bob", "at": at(10, 10, 10)},
            {"id": "a3", "event": "conf", "person": "fay", "at": at(10, 10, 20), "how": "walk_in"},
            {"id": "a4", "event": "closed", "person": "ann", "at": at(10, 12, 5)},
        ],
        "signals": [
            {
                "id": "s1",
                "event": "closed",
                "person": "ann",
                "kind": "closed_session",
                "manager": "mia",
                "at": at(10, 13),
            },
            {"id": "s2", "event": "conf", "person": "ann", "kind": "offer_request", "manager": "mia", "at": at(10, 14)},
            {"id": "s3", "event": "conf", "person": "fay", "kind": "product_interest", "at": at(10, 15)},
        ],
        "activities": [
            {"id": "t1", "kind": "offer", "signal": "s2", "manager": "mia", "at": at(10, 19), "due_at": at(13)},
            {"id": "t2", "kind": "call", "person": "bob", "manager": "mia", "at": at(12), "done_at": at(12)},
        ],
        "deals": [
            {
                "id": "d1",
                "person": "ann",
                "registration": "r-ann",
                "manager": "mia",
                "created_at": at(15),
                "closed_at": at(25),
                "outcome": "won",
                "amount": "1000",
            },
            {"id": "d2", "company": "alfa", "announcement": "letter", "created_at": at(20), "amount": "500"},
            {"id": "d3", "person": "fay", "created_at": at(21), "amount": "900"},
        ],
        "moves": [{"id": "m1", "field": "stage", "to": "later", "at": at(31)}],
    }
