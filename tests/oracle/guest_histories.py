"""Seeded random histories rich in what happens around an event: invitations, visits, marks, activities, owners."""

from __future__ import annotations

from typing import ClassVar

from .histories import POOL_SIZES, History, Row, Writer, history

GUEST_SHARES = {
    "channels": 3,
    "events": 9,
    "announcements": 8,
    "announcement_events": 4,
    "people": 6,
    "companies": 5,
    "managers": 5,
    "partners": 2,
    "touches": 3,
    "invitations": 18,
    "registrations": 18,
    "attendances": 15,
    "signals": 18,
    "activities": 26,
    "leads": 4,
    "deals": 16,
    "moves": 3,
    "roles": 10,
    "contact_points": 9,
    "identity_links": 4,
    "exchange_rates": 2,
}
SEGMENTS = ("A", "B", "", None)


class GuestWriter(Writer):
    """Writes the same rows with fewer ids, so that guests collect many facts, and links that decide seldom enough."""

    pool_sizes: ClassVar[dict[str, int]] = {
        **POOL_SIZES,
        "events": 5,
        "people": 7,
        "companies": 4,
        "managers": 4,
        "invitations": 14,
        "registrations": 14,
        "attendances": 12,
        "signals": 14,
        "activities": 20,
        "roles": 10,
        "contact_points": 8,
    }

    def row_of_people(self) -> Row:
        return {
            "company": self.link("companies", 0.4),
            "segment_potential": self.text(SEGMENTS),
            "responsible": self.link("managers", 0.5),
        }

    def row_of_companies(self) -> Row:
        return {
            "segment_potential": self.text(SEGMENTS),
            "region": self.text(SEGMENTS),
            "responsible": self.link("managers", 0.5),
        }

    def row_of_invitations(self) -> Row:
        return {
            "person": self.link("people", 0.35),
            "company": self.link("companies", 0.4),
            "segment": self.text(SEGMENTS),
            "announcement": self.link("announcements", 0.5),
        }

    def row_of_signals(self) -> Row:
        kinds = ("closed_session", "product_interest", "offer_request", "materials_request", "applause")
        return {"kind": self.rng.choice(kinds), "manager": self.link("managers", 0.3)}

    def row_of_activities(self) -> Row:
        return {
            "kind": self.rng.choice(("task", "call", "offer", "offer", "letter")),
            "person": self.link("people", 0.5),
            "company": self.link("companies", 0.7),
            "deal": self.link("deals", 0.8),
            "lead": self.link("leads", 0.8),
            "event": self.link("events", 0.6),
            "signal": self.link("signals", 0.6),
            "manager": self.link("managers", 0.4),
            "due_at": self.field("time", 0.4),
            "done_at": self.field("time", 0.6),
        }

    def row_of_roles(self) -> Row:
        of = self.rng.choice(("of_deal", "of_company", "of_company"))
        return {
            "of_deal": self.link("deals") if of == "of_deal" else None,
            "of_company": self.link("companies") if of == "of_company" else None,
            "manager": self.link("managers", 0.1),
            "from": self.field("time", 0.4),
            "until": self.field("time", 0.6),
        }

    def row_of_managers(self) -> Row:
        return {"active_until": self.field("time", 0.6)}

    def row_of_contact_points(self) -> Row:
        return {
            "person": self.link("people", 0.4),
            "company": self.link("companies", 0.5),
            "kind": self.rng.choice(("phone", "phone", "email", "telegram")),
            "from": self.field("time", 0.5),
            "until": self.field("time", 0.7),
        }


def guest_history(seed: int, size: int = 170, versioned: bool = True) -> History:
    """A history of ``size`` facts around a few events."""
    return history(seed, size, versioned, GUEST_SHARES, GuestWriter)
