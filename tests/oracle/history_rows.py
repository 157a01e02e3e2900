"""Seeded random rows of every kind, from small pools of ids and words, so that they meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

from .door import decimals_of
from .kinds import KINDS, choices

Row = dict[str, Any]

HOSTILE_IDS = (
    "two words",
    'O\'Reilly "press"',
    "канал-№1",
    "x" * 300,
    "a,b;c\td",
    "💌",
    " ",
    "0",
    "null",
    "../etc",
    "Ω≈ç",
)
UTM_WORDS = ("afisha", "spring", "cpc", "весна 2026", "весна+2026", "%D0%B2%D0%B5%D1%81%D0%BD%D0%B0%202026", "50%")
WORDS = ("one", "two", "три", "", 'four; "five"')
SPELLINGS = {
    "phone": (
        *("+79161112233", "8 (916) 111-22-33", "9161112233 доб. 5", "+7 495 765-43-21", "84957654321", "+4930123456"),
        *("00 49 30 123456", "8-800-555-35-35", "88005553535", "891611122", "нет", ""),
        *("+49 (0) 30 123456", "+49 030 123456", "8 916 111-22-33 доб. 6", "9161112233; 8 495 765 43 21"),
    ),
    "email": (
        *("anna@example.com", " Anna@Example.com", "i@example.org", "firma@mail.ru", "FIRMA@MAIL.RU", "anna@", ""),
        *("\u200banna@example.com", "mailto:anna@example.com?subject=1", "i@xn--e1afmkfd.xn--p1ai", "i@пример.рф"),
        *("noreply@example.com", "i@example.org, firma@mail.ru"),
    ),
    "telegram": ("@anna_p", "t.me/Anna_P", "boris", "b"),
    "client_id": ("1.1", " 1.1 ", "2.2", "(not set)", "None", "\u200b1.1"),
}
PEOPLE = ("Анна Петрова", "Петрова А.", "анна", "Анна Перторва", "Иван Петров", "Anna", "", "Ольга-Анна Сидорова")
FIRMS = ("ООО «Ромашка»", "ромашка, ООО", "Ромашка Плюс", "Лютик-1", "Лютик-12", "ИП")
INNS = ("1234567894", "7707083893", "1234 5678 94", "123456789047", "1234567890", "0000000000", "")
NUMBERS = ("+74950000001", "+74950000002")
DIALLED = (*NUMBERS, "8 (495) 000-00-01", "74950000002", "495 000 00 02", "+7 495 000-00-03 доб. 12", "112")
POOLS = (
    *NUMBERS,
    "+7495000*",
    "8495*",
    "+74950000002..8 495 000 00 03",
    "+74950000003..+74950000001",
    "number*",
    "112",
)
PHONES = ("+79161234567", "8 916 123-45-67", "9161234568", "private", "")
CLIENTS = ("ga.1", "ga.2", "ga.1\u00a0", "(not set)", "")
PAGES = (
    "portal.example",
    "https://www.Portal.example/afisha/?utm=1",
    "portal.example/afisha/page#top",
    "http://portal.example/afishaplus",
    "//portal.example:443/afisha",
    "//PORTAL.example./",
    "one",
    "",
)
BRANDS = ("okna", "dveri")
PIPELINES = ("retail", "b2b")
CODES = ("SPRING", "VIP 10%", "spring ", "SPRING\u00a0")
FORMS = ("landing", "partner-form")
BASE = datetime(2026, 1, 1, tzinfo=timezone.utc)
ABSURD = (
    datetime(1023, 5, 17, 12, tzinfo=timezone.utc),
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    datetime(2150, 7, 15, 12, tzinfo=timezone.utc),
    datetime(9000, 5, 17, 12, tzinfo=timezone.utc),
)
POOL_SIZES = {
    "channels": 5,
    "events": 6,
    "announcements": 9,
    "announcement_events": 5,
    "source_keys": 8,
    "invoices": 5,
    "invoice_lines": 9,
    "costs": 6,
    "people": 6,
    "companies": 3,
    "partners": 3,
    "touches": 9,
    "registrations": 12,
    "attendances": 10,
    "leads": 8,
    "deals": 10,
    "moves": 5,
    "identity_links": 4,
    "contact_points": 9,
    "exchange_rates": 3,
}


def written(value: Any) -> Any:
    """Some moments as days without a time, as a date or as text."""
    if not isinstance(value, datetime) or value.microsecond != 1:
        return value
    return value.date() if value.day % 2 else value.date().isoformat()


class Writer:
    """Writes random rows of every kind."""

    pool_sizes: ClassVar[dict[str, int]] = POOL_SIZES

    def __init__(self, rng: Random, currency: str, wall_clock: bool) -> None:
        self.rng = rng
        self.currency = currency
        self.wall_clock = wall_clock
        self.pools = {kind: self._pool(kind, self.pool_sizes.get(kind, 3)) for kind in KINDS}
        self.moments = [self._moment() for _ in range(12)]  # equal times happen

    def _pool(self, kind: str, size: int) -> list[str]:
        return [
            self.rng.choice(HOSTILE_IDS) if self.rng.random() < 0.15 else f"{kind[:3]}{place}" for place in range(size)
        ]

    def _moment(self) -> datetime:
        minutes = self.rng.choice((0, 1, 60 * 24, 60 * 24 * 31, self.rng.randrange(60 * 24 * 240)))
        return BASE + timedelta(minutes=minutes, microseconds=self.rng.choice((0, 0, 1, 999_999)))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def time(self) -> datetime:
        """A moment: often one of a few, seldom an absurd one."""
        if self.chance(0.03):
            moment = self.rng.choice(ABSURD)
        elif self.chance(0.5):
            moment = self.rng.choice(self.moments)
        else:
            moment = self._moment()
        return moment.replace(tzinfo=None) if self.wall_clock else moment

    def link(self, kind: str, null: float = 0.0) -> str | None:
        """An id of that kind; seldom one that never comes, or an empty one."""
        if self.chance(null):
            return self.rng.choice((None, None, None, ""))
        return f"ghost-{kind}" if self.chance(0.04) else self.rng.choice(self.pools[kind])

    def money(self, currency: str | None = None, low: int = -200_000, high: int = 2_000_000) -> Decimal:
        """An amount with as many decimals as its currency has."""
        minor = self.rng.choice(
            (0, 1, 10_000, -10_000, 9_999, 10**12 + 1, *(self.rng.randint(low, high) for _ in range(12)))
        )
        return Decimal(minor).scaleb(-decimals_of(currency or self.currency))

    def decimal(self) -> Decimal:
        """A small weight or share; seldom zero or negative."""
        return Decimal(self.rng.choice(("0", "1", "1", "2", "0.5", "0.333333333", "7.25", "-1")))

    def foreign(self) -> str | None:
        return self.rng.choice((None, None, None, self.currency, "USD", "JPY", "KWD"))

    def text(self, words: tuple[str, ...]) -> str | None:
        return self.rng.choice(words)

    def field(self, field_type: str, null: float) -> Any:
        """Any value of a type."""
        if self.chance(null):
            return None
        if field_type.startswith("->"):
            return self.link(field_type[2:])
        if field_type.startswith("choice:"):
            values = choices(field_type)
            return values[0] if self.chance(0.6) else self.rng.choice(values)
        made: dict[str, Callable[[], Any]] = {
            "text": lambda: self.rng.choice(WORDS),
            "integer": lambda: self.rng.randint(-3, 500),
            "real": lambda: self.rng.random(),
            "boolean": lambda: self.chance(0.3),
            "time": self.time,
            "money": self.money,
            "decimal": self.decimal,
        }
        return made[field_type]()

    def row(self, kind: str, stub: bool = False) -> Row:
        """Any row of a kind: every field at random, then what the kind needs to be interesting."""
        row: Row = {}
        for name, field_type, need in KINDS[kind]:
            null = 0.0 if need == "!" and not stub else 0.9 if stub else 0.4
            row[name] = self.field(field_type, null)
        special = getattr(self, f"row_of_{kind}", None)
        if special is not None and not stub:
            row.update(special())
        elif "currency" in row:
            row["currency"] = None
        return {name: written(value) for name, value in row.items()}

    def row_of_events(self) -> Row:
        return {
            "parent": self.link("events", 0.6),
            "starts_at": self.field("time", 0.25),
            "ends_at": self.field("time", 0.5),
            "attendance": self.rng.choice((None, None, None, "taken", "not_taken")),
        }

    def row_of_announcements(self) -> Row:
        return {
            "event": self.link("events", 0.2),
            "partner": self.link("partners", 0.5),
            "published_at": self.field("time", 0.15),
            "budget_share": None if self.chance(0.5) else self.decimal(),
            "status": self.rng.choice(("out", "out", "out", None, "planned", "cancelled")),
            "creative": self.text(("A", "B", "")),
            **{
                name: self.text(UTM_WORDS) if self.chance(0.25) else None
                for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
            },
            "promo_code": self.text(CODES) if self.chance(0.15) else None,
            "phone_number": self.text(NUMBERS) if self.chance(0.15) else None,
        }

    def row_of_source_keys(self) -> Row:
        kind = self.rng.choice(("number", "number_pool", "utm", "utm", "utm", "form", "chat", "promo_code", "referrer"))
        words = {
            "number": DIALLED,
            "number_pool": POOLS,
            "form": FORMS,
            "chat": FORMS,
            "promo_code": CODES,
            "referrer": PAGES,
        }.get(kind, WORDS)
        value = self.text(words)
        if kind == "utm":
            names = self.rng.sample(("utm_source", "utm_medium", "utm_campaign"), self.rng.randint(1, 2))
            value = "&".join(f"{name}={self.rng.choice(UTM_WORDS)}" for name in names)
            if self.chance(0.1):
                value = self.rng.choice(("", "utm_source", "utm_source=", f"{value}&x=1", "utm_source=a&utm_source=b"))
        return {
            "kind": kind,
            "value": value,
            "announcement": self.link("announcements", 0.5),
            "channel": self.link("channels", 0.3),
            "from": self.field("time", 0.7),
            "until": self.field("time", 0.7),
            "brand": self.text(BRANDS) if self.chance(0.3) else None,
            "pipeline": self.text(PIPELINES) if self.chance(0.3) else None,
        }

    def row_of_touches(self) -> Row:
        return {
            "announcement": self.link("announcements", 0.75),
            **{
                name: self.text(UTM_WORDS) if self.chance(0.5) else None
                for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
            },
            "phone": self.text(PHONES) if self.chance(0.4) else None,
            "client_id": self.text(CLIENTS) if self.chance(0.4) else None,
            "dialled_number": self.text(DIALLED) if self.chance(0.35) else None,
            "form": self.text(FORMS) if self.chance(0.2) else None,
            "promo_code": self.text(CODES) if self.chance(0.2) else None,
            "referrer": self.text(PAGES) if self.chance(0.3) else None,
            "kind": self.rng.choice(("click", "call", "call", "form", "chat", "visit", "visit")),
            "brand": self.text(BRANDS) if self.chance(0.1) else None,
        }

    def row_of_activities(self) -> Row:
        return {
            "kind": self.rng.choice(("task", "call", "meeting")),
            "due_at": self.field("time", 0.7),
            "done_at": self.field("time", 0.6),
        }

    def row_of_registrations(self) -> Row:
        return {
            "person": self.link("people", 0.25),
            "touch": self.link("touches", 0.4),
            "announcement": self.link("announcements", 0.5),
            "status": self.rng.choice(
                ("registered",) * 6 + (None, None, "cancelled", "waitlist", "pending", "declined")
            ),
        }

    def row_of_attendances(self) -> Row:
        return {
            "registration": self.link("registrations", 0.4),
            "event": self.link("events", 0.3),
            "person": self.link("people", 0.3),
            "at": self.field("time", 0.2),
            "quantity": self.rng.choice((None, None, None, 0, 1, 2, 4)),
        }

    def row_of_invoices(self) -> Row:
        currency = self.foreign()
        amount = self.money(currency)
        return {
            "amount": amount,
            "currency": currency,
            "vat": self.rng.choice((None, self.money(currency, 0, 5_000), Decimal(int(amount) // 6))),
            "status": self.rng.choice(("approved", "approved", "approved", None, "draft", "cancelled")),
            "approved_at": self.field("time", 0.3),
        }

    def row_of_invoice_lines(self) -> Row:
        form = self.rng.choice(("announcement", "channel", "channel", "both", "neither"))
        currency = self.foreign() if self.chance(0.3) else None
        return {
            "announcement": self.link("announcements") if form in ("announcement", "both") else None,
            "channel": self.link("channels") if form in ("channel", "both") else None,
            "event": self.link("events", 0.6),
            "amount": self.money(currency, -1_000, 300_000) if self.chance(0.4) else None,
            "currency": currency,
            "weight": self.decimal() if self.chance(0.4) else None,
            "split": self.rng.choice(("equal", "planned_cost", "budget_share", None)),
            "service_from": self.field("time", 0.7),
            "service_until": self.field("time", 0.7),
        }

    def row_of_costs(self) -> Row:
        currency = self.foreign()
        at = self.time()
        until = None
        if self.chance(0.3):
            until = (
                at + timedelta(hours=self.rng.randint(-30, 24 * 40)) if at.year in range(1900, 2100) else self.time()
            )
        return {
            "currency": currency,
            "amount": self.money(currency) if self.chance(0.6) else None,
            "rate": self.money(currency, 0, 9_999),
            "vat": self.money(currency, 0, 100) if self.chance(0.3) else None,
            "planned": self.rng.choice((None, False, False, True)),
            "channel": self.link("channels", 0.6),
            "announcement": self.link("announcements", 0.6),
            "event": self.link("events", 0.6),
            "partner": self.link("partners", 0.7),
            "at": at,
            "until": until,
        }

    def row_of_leads(self) -> Row:
        return {
            "partner": self.link("partners", 0.7),
            "touch": self.link("touches", 0.3),
            "announcement": self.link("announcements", 0.6),
            "outcome": self.rng.choice((None, "open", "converted", "junk")),
        }

    def row_of_deals(self) -> Row:
        currency = self.foreign()
        return {
            "person": self.link("people", 0.4),
            "company": self.link("companies", 0.6),
            "lead": self.link("leads", 0.5),
            "registration": self.link("registrations", 0.5),
            "touch": self.link("touches", 0.6),
            "announcement": self.link("announcements", 0.7),
            "partner": self.link("partners", 0.7),
            "parent": self.link("deals", 0.8),
            "pipeline": self.rng.choice(("sales", "claims", None)),
            "stage": self.rng.choice(("C1:NEW", "C1:DONE", "C2:LOSE", None)),
            "lost_reason": self.rng.choice(("defect", "refund", "price", None)),
            "outcome": self.rng.choice(("won", "won", "lost", "open", None)),
            "closed_at": self.field("time", 0.4),
            "amount": self.money(currency) if self.chance(0.8) else None,
            "cost": self.money(currency, 0, 900_000) if self.chance(0.6) else None,
            "vat": self.money(currency, 0, 9_000) if self.chance(0.4) else None,
            "currency": currency,
        }

    def row_of_moves(self) -> Row:
        return {"deal": self.link("deals", 0.3), "at": self.time()}

    def row_of_payments(self) -> Row:
        currency = self.foreign()
        return {
            "deal": self.link("deals", 0.3),
            "company": self.link("companies", 0.6),
            "event": self.link("events", 0.8),
            "partner": self.link("partners", 0.8),
            "kind": self.rng.choice(("sale", "ticket", "refund")),
            "amount": self.money(currency, -900_000, 900_000),
            "vat": self.money(currency, 0, 9_000) if self.chance(0.3) else None,
            "currency": currency,
        }

    def row_of_identity_links(self) -> Row:
        kind = self.rng.choice(("people", "people", "companies"))
        return {
            "kind": kind,
            "one": self.link(kind) or "ghost",
            "other": self.link(kind) or "ghost",
            "verdict": self.rng.choice(("same", "same", "same", "different")),
        }

    def row_of_people(self) -> Row:
        return {"name": self.text((*PEOPLE, None)), "inn": self.text(INNS) if self.chance(0.2) else None}

    def row_of_companies(self) -> Row:
        return {"name": self.text((*FIRMS, None)), "inn": self.text(INNS) if self.chance(0.6) else None}

    def row_of_contact_points(self) -> Row:
        kind = self.rng.choice(("phone", "phone", "phone", "email", "email", "telegram", "client_id"))
        return {
            "person": self.link("people", 0.4),
            "company": self.link("companies", 0.5),
            "kind": kind,
            "value": self.text((*SPELLINGS[kind], *PHONES) if kind == "phone" else SPELLINGS[kind]),
            "from": self.field("time", 0.8),
            "until": self.field("time", 0.8),
        }

    def row_of_exchange_rates(self) -> Row:
        return {
            "currency": self.rng.choice(("USD", "USD", "JPY", "KWD")),
            "rate": Decimal(self.rng.choice(("92.5", "0.61", "301.123456789", "1", "0"))),
        }

    def rules(self) -> list[Row]:
        """A few outcome rules for both views."""
        conditions: list[Row] = [
            {
                "all": [
                    {"field": "pipeline", "op": "eq", "value": "claims"},
                    {"field": "lost_reason", "op": "in", "value": ["defect", "refund"]},
                ]
            },
            {
                "any": [
                    {"field": "stage", "op": "prefix", "value": "C2:"},
                    {"field": "lost_reason", "op": "eq", "value": "price"},
                ]
            },
            {"not": {"field": "company", "op": "null"}},
            {"field": "stage", "op": "ne", "value": "C1:NEW"},
            {"field": "closed_at", "op": "null", "value": False},
        ]
        return [
            {
                "name": f"rule {place}",
                "view": self.rng.choice(("marketing", "marketing", "finance", None)),
                "outcome": self.rng.choice(("won", "won", "lost", "open")),
                "when": self.rng.choice(conditions),
                **self.interval(),
            }
            for place in range(self.rng.choice((0, 1, 2)))
        ]

    def interval(self) -> Row:
        """From and until of a rule; an empty interval would be refused."""
        start, end = self.field("time", 0.7), self.field("time", 0.7)
        if start is not None and end is not None and not start < end:
            end = None
        return {"from": start, "until": end}
