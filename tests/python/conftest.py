"""What tests of several rooms read."""

from __future__ import annotations

import pytest

import dealtrail as dt


@pytest.fixture(scope="session")
def months() -> dt.Trail:
    """Give a year of monthly events; each channel has an announcement for each, guests grow as cost ** 0.6."""
    trail = dt.Trail(currency="RUB")
    scale = {"portal": 0.20, "letters": 0.12, "radio": 0.05, "old": 0.15, "new": 0.20}
    states = {"old": "archived", "new": "test"}
    trail.put("channels", [{"id": name, "name": name, "state": states.get(name, "working")} for name in scale])
    trail.put("channels", [{"id": "expo", "name": "Expo"}])
    for month in range(1, 13):
        at, event = f"2025-{month:02}", f"meetup {month:02}"
        trail.put("events", [{"id": event, "name": event, "starts_at": f"{at}-20"}])
        for number, name in enumerate(scale):
            one = f"{name} {month:02}"
            cost = 2_000 + (month * (7 + 4 * number) + 5 * number) % 29 * 1_000
            row = {"id": one, "channel": name, "event": event, "published_at": f"{at}-02"}
            trail.put("announcements", [row | {"creative": f"picture {month % 3}"}])
            trail.put("invoices", [{"id": one, "amount": cost, "issued_at": f"{at}-02"}])
            trail.put("invoice_lines", [{"id": one, "invoice": one, "announcement": one}])
            guests = range(round(scale[name] * cost**0.6))
            people = [{"id": f"{one} {n}", "event": event, "announcement": one, "at": f"{at}-03"} for n in guests]
            trail.put("registrations", people)
            came = [p for n, p in enumerate(people) if n % 7]
            trail.put("attendances", [{"id": p["id"], "registration": p["id"], "at": f"{at}-20T10:00"} for p in came])
    unpaid = {"id": "expo", "channel": "expo", "event": "meetup 05", "published_at": "2025-05-02", "creative": "none"}
    trail.put("announcements", [unpaid])
    trail.put("events", [{"id": "next", "name": "Next", "starts_at": "2026-01-20", "goal_attended": 80}])
    return trail
