"""PF.1: who is one with whom, through Python; and how right it is on a made-up portal whose truth is known."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from random import Random
from typing import Any

import phonenumbers
import pytest

import dealtrail as dt
from dealtrail import identity
from oracle.identity import contact_key

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

Row = dict[str, Any]

# --- the faces ---


def two_cards(**options: Any) -> dt.Trail:
    trail = dt.Trail(currency="RUB", **options)
    trail.put("people", [{"id": "a", "name": "Анна Петрова"}, {"id": "b", "name": "Петрова А."}])
    phones = [("a", "+7 916 123-45-67"), ("b", "8 (916) 1234567")]
    trail.put(
        "contact_points",
        [{"id": who, "person": who, "kind": "phone", "value": value} for who, value in phones],
    )
    return trail


def test_the_same_person_under_another_spelling_of_the_phone() -> None:
    trail = two_cards()
    assert identity.identities(trail).to_dicts() == [
        {"member": "a", "cluster": "a", "size": 2, "key_kind": "phone", "key": "+79161234567"},
        {"member": "b", "cluster": "a", "size": 2, "key_kind": "phone", "key": "+79161234567"},
    ]
    assert identity.explain_identity(trail, "people", "a", "b").meta["same"] == "true"
    assert len(identity.identity_review(trail)) == 0


def test_max_per_key_is_an_option_of_the_trail_and_of_its_snapshot() -> None:
    trail = two_cards(max_per_key=1)
    assert identity.identities(trail).meta["max_per_key"] == "1"
    assert identity.identities(dt.Trail.restore(trail.snapshot())).meta["max_per_key"] == "1"
    assert identity.identity_review(trail)["reason"] == ["crowded_key"]
    with pytest.raises(dt.InvalidArgumentError):
        dt.Trail(currency="RUB", max_per_key=101)


def test_what_people_decide_is_put_back() -> None:
    trail = two_cards()
    verdict = {"id": "v", "kind": "people", "one": "a", "other": "b", "verdict": "different"}
    trail.put("identity_links", [verdict])
    assert identity.explain_identity(trail, "people", "a", "b")["reason"] == ["different"]
    trail.put("identity_links", [{**verdict, "verdict": "same"}])
    assert identity.explain_identity(trail, "people", "a", "b")["key_kind"] == ["verdict"]


def test_refusals() -> None:
    trail = two_cards()
    with pytest.raises(dt.UnknownNameError):
        identity.explain_identity(trail, "people", "a", "nobody")
    with pytest.raises(dt.InvalidArgumentError):
        identity.identities(trail, "deals")  # type: ignore[arg-type]


def test_normalisers() -> None:
    assert identity.normalise_phone(None) is None
    assert identity.normalise_email(None) is None
    assert identity.normalise_inn(None) is None
    assert identity.normalise_email("A.nna+x@gmail.com", fold_gmail=True) == "anna@gmail.com"
    assert identity.normalise_inn("1234567895") is None
    assert identity.inn_valid("123456789047")


def test_foreign_numbers_by_phonenumbers() -> None:
    assert identity.normalise_phone("030 1234567", region="DE") == "+49301234567"
    assert identity.normalise_phone("8 916 123-45-67", region="RU") == "+79161234567"
    assert identity.normalise_phone("+7 916 123-45-67", region="DE") == "+79161234567"
    assert identity.normalise_phone("12", region="DE") is None
    assert identity.normalise_phone("nobody", region="DE") is None
    with pytest.raises(dt.InvalidArgumentError):
        identity.normalise_phone("030 1234567", region="XX")


def test_in_7_a_national_zero_is_never_part_of_a_number_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [
        ("+49 (0) 209 22334455", "+4920922334455"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 (0)20 7946 0958", "+442079460958"),
        ("+39 (0) 6 12345678", "+390612345678"),
    ]
    for written, number in pairs:
        assert identity.normalise_phone(written) == number
        parsed = phonenumbers.parse(written.replace("0044", "+44"), None)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number
    assert identity.normalise_phone("+49 0209 22334455") == "+4920922334455"
    assert identity.normalise_phone("0049 0209 22334455") == "+4920922334455"
    assert identity.normalise_phone("+7 0916 123-45-67") is None
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert identity.normalise_phone("+49 0209 22334455") is None
    assert identity.normalise_phone("+49 (0) 209 22334455") == "+4920922334455"


def test_in_7_numbers_of_the_world_are_those_of_phonenumbers() -> None:
    """Examples of every country, with the zero in brackets where it is dialled at home."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if example is None or example.country_code in (1, 7):
            continue
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        if len(number) < 9:
            continue
        assert identity.normalise_phone(number) == number, region
        if not example.italian_leading_zero:
            with_zero = f"+{example.country_code} (0) {example.national_number}"
            assert identity.normalise_phone(with_zero) in (number, f"+{example.country_code}0{example.national_number}")


@pytest.mark.parametrize(
    "value", ["(not set)", "undefined", "null", "None", "NaN", "0", "-", "[object Object]", "\u200bnull", " Нет "]
)
def test_in_7_a_placeholder_makes_no_two_clients_one(value: str) -> None:
    trail = dt.Trail("RUB")
    trail.put("people", [{"id": f"p{n}"} for n in range(3)])
    rows = [{"id": f"c{n}", "person": f"p{n}", "kind": "client_id", "value": value} for n in range(3)]
    trail.put("contact_points", rows)
    won = {"outcome": "won", "amount": 10, "created_at": "2026-03-01", "closed_at": "2026-03-02"}
    trail.put("deals", [{"id": f"d{n}", "person": f"p{n}", **won} for n in range(3)])
    assert trail.card("(total)")["new_customers"] == 3
    found = [row for row in trail.findings().to_dicts() if row["code"] == "placeholder_contact"]
    assert [row["count"] for row in found] == [3]


def test_in_7_the_placeholders_are_published() -> None:
    values = identity.placeholders()
    assert {"kind": "mailbox", "value": "noreply"} in values
    assert values == sorted(values, key=lambda row: (row["kind"], row["value"].encode()))


@pytest.mark.parametrize(
    "value",
    [
        *("\u200banna@x.example", "anna@x.example\u200e", "\ufeffanna@x.example", "anna\u00ad@x.example"),
        *("anna@x.example\u2060", "\u202aanna@x.example\u202c", "anna@x.example\u3000"),
        *("mailto:anna@x.example?subject=1", "boris@y.example; anna@x.example"),
    ],
)
def test_in_6_what_nobody_sees_makes_no_second_client(value: str) -> None:
    trail = dt.Trail("RUB")
    rows = [("a", "anna@x.example"), ("b", value)]
    trail.put("contact_points", [{"id": who, "person": who, "kind": "email", "value": text} for who, text in rows])
    assert identity.identities(trail)["size"] == [2, 2]


def test_in_7_one_mailbox_of_a_domain_in_letters_and_as_punycode() -> None:
    assert identity.normalise_email("anna@xn--e1afmkfd.xn--p1ai") == identity.normalise_email("anna@пример.рф")


def test_in_7_two_extensions_are_two_people() -> None:
    trail = dt.Trail("RUB")
    phones = [("a", "+7 812 999-93-31#4048"), ("b", "+7 812 999-93-31 доб. 4049")]
    trail.put("people", [{"id": "a"}, {"id": "b"}])
    trail.put("contact_points", [{"id": who, "person": who, "kind": "phone", "value": text} for who, text in phones])
    assert identity.identities(trail)["size"] == [1, 1]
    assert identity.identity_review(trail)["reason"] == ["other_extension"]
    trail.put("people", [{"id": "a", "name": "Анна Петрова"}, {"id": "b", "name": "А. Петрова"}])
    assert identity.identities(trail)["size"] == [2, 2]


def test_a_region_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert identity.normalise_phone("8 916 123-45-67", region="RU") == "+79161234567"
    with pytest.raises(ImportError, match=r"dealtrail\[phones\]"):
        identity.normalise_phone("030 1234567", region="DE")


# --- a made-up portal with a known truth ---

FIRST = (
    *(
        "Анна:Аня",
        "Мария:Маша",
        "Ольга:Оля",
        "Елена:Лена",
        "Наталья:Наташа",
        "Ирина:Ира",
        "Светлана:Света",
        "Татьяна:Таня",
    ),
    *("Иван:Ваня", "Пётр:Петя", "Сергей:Серёжа", "Андрей:Андрей", "Дмитрий:Дима", "Алексей:Лёша", "Михаил:Миша"),
    *("Николай:Коля", "Юрий:Юра", "Павел:Паша", "Виктор:Витя", "Григорий:Гриша"),
)
SYLLABLES = (
    "Бор",
    "Вол",
    "Гор",
    "Дуб",
    "Жук",
    "Зим",
    "Кар",
    "Лис",
    "Мак",
    "Нов",
    "Оль",
    "Пет",
    "Руд",
    "Сав",
    "Тар",
    "Фил",
)
ENDINGS = ("ов", "ин", "енко", "ский", "ук", "ец", "ников", "атов")


class Portal:
    """Cards of people with their contacts, and the human behind each card."""

    def __init__(self, seed: int, cards: int) -> None:
        self.rng = Random(seed)
        self.people: list[Row] = []
        self.contacts: list[Row] = []
        self.human: dict[str, int] = {}
        self.humans = 0
        while len(self.people) < cards:
            roll = self.rng.random()
            if roll < 0.02:
                self.family()
            elif roll < 0.035:
                self.office(self.rng.randint(2, 5))
            elif roll < 0.0355:
                self.office(self.rng.randint(6, 200))
            else:
                self.add_human(self.surname(), [self.mobile()])

    def surname(self) -> str:
        return self.rng.choice(SYLLABLES) + self.rng.choice(SYLLABLES).lower() + self.rng.choice(ENDINGS)

    def mobile(self) -> str:
        return f"9{self.rng.randrange(10**9):09}"

    def family(self) -> None:
        """Two or three of one surname and one phone."""
        surname, phone = self.surname(), self.mobile()
        for first in self.rng.sample(FIRST, self.rng.randint(2, 3)):
            self.add_human(surname, [phone], first=first)

    def office(self, size: int) -> None:
        """Colleagues who give the office's number, some their own, too."""
        phone = f"495{self.rng.randrange(10**7):07}"
        for _ in range(size):
            own = [self.mobile()] if self.rng.random() < 0.5 else []
            self.add_human(self.surname(), [phone, *own])

    def add_human(self, surname: str, phones: list[str], first: str | None = None) -> None:
        """One to four cards of one human."""
        self.humans += 1
        first, nickname = (first or self.rng.choice(FIRST)).split(":")
        email = f"{self.rng.choice('abcdefgh')}{self.humans}@{self.rng.choice(('mail.ru', 'gmail.com', 'firma.ru'))}"
        for _ in range(self.rng.choice((1, 1, 2, 2, 3, 4))):
            card = f"{self.rng.randrange(16**8):08x}-{len(self.people)}"
            self.human[card] = self.humans
            self.people.append({"id": card, "version": 1, "name": self.spelled_name(first, nickname, surname)})
            if self.rng.random() < 0.9:
                self.add_contact(card, "phone", self.spelled_phone(self.rng.choice(phones)))
            if self.rng.random() < 0.6:
                self.add_contact(
                    card, "email", self.rng.choice((email, email.upper(), f" {email}", email.capitalize()))
                )

    def add_contact(self, card: str, kind: str, value: str) -> None:
        number = len(self.contacts)
        self.contacts.append({"id": str(number), "version": 1, "person": card, "kind": kind, "value": value})

    def spelled_name(self, first: str, nickname: str, surname: str) -> str | None:
        roll = self.rng.random()
        if roll < 0.01:
            return f"{nickname} {surname}"
        if roll < 0.02:  # a slip of the pen
            place = self.rng.randrange(1, len(surname) - 1)
            return f"{first} {surname[:place]}{surname[place + 1 :]}"
        if roll < 0.04:
            return None
        forms = (
            f"{first} {surname}",
            f"{surname} {first}",
            f"{surname} {first[0]}.",
            first,
            f"{first.upper()} {surname}",
        )
        return self.rng.choice(forms)

    def spelled_phone(self, ten: str) -> str:
        if self.rng.random() < 0.01:  # a wrong digit
            place = self.rng.randrange(3, 10)
            ten = ten[:place] + str(self.rng.randrange(10)) + ten[place + 1 :]
        if self.rng.random() < 0.005:  # a digit lost
            ten = ten[:-1]
        a, b, c, d = ten[:3], ten[3:6], ten[6:8], ten[8:]
        forms = (f"+7{ten}", f"8 ({a}) {b}-{c}-{d}", f"8{ten}", ten, f"+7 {a} {b} {c}{d} доб. 1", f"8-{a}-{b}-{c}-{d}")
        return self.rng.choice(forms)

    def joined_by_valid_keys(self, most: int) -> set[tuple[str, str]]:
        """True pairs that share a valid key of not too many cards, by way of other cards of the same human, too."""
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.contacts:
            key = contact_key(row["kind"], row["value"])
            if key is not None:
                holders[row["kind"], key].add(row["person"])
        near: dict[str, set[str]] = defaultdict(set)
        for cards in holders.values():
            for one, other in combinations(sorted(cards), 2) if len(cards) <= most else ():
                if self.human[one] == self.human[other]:
                    near[one].add(other)
                    near[other].add(one)
        return pairs_of(reached(card, near) for card in self.human)


def reached(start: str, near: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = near.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def pairs_of(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def grouped(cards: Iterable[str], name: Callable[[str], Any]) -> list[list[str]]:
    groups: dict[Any, list[str]] = defaultdict(list)
    for card in cards:
        groups[name(card)].append(card)
    return list(groups.values())


def clusters_of(trail: dt.Trail) -> dict[str, str]:
    table = identity.identities(trail)
    return dict(zip(table["member"], table["cluster"], strict=True))


def test_precision_and_recall_on_a_portal_with_a_known_truth(record_property: Callable[[str, object], None]) -> None:
    portal = Portal(seed=1, cards=50_000)
    trail = dt.Trail(currency="RUB")
    trail.put("people", portal.people)
    trail.put("contact_points", portal.contacts)
    clusters = clusters_of(trail)
    found = pairs_of(grouped(clusters, clusters.__getitem__))
    true = pairs_of(grouped(portal.human, portal.human.__getitem__))
    reachable = portal.joined_by_valid_keys(most=5)
    figures = {
        "precision": len(found & true) / len(found),
        "recall": len(found & reachable) / len(reachable),
        "recall over all true pairs": len(found & true) / len(true),
    }
    for name, value in figures.items():
        record_property(name, value)
    assert figures["precision"] >= 0.999, figures
    assert figures["recall"] >= 0.97, figures
    reasons = Counter(identity.identity_review(trail)["reason"])
    assert set(reasons) == {"names_differ", "ambiguous_name", "crowded_key"}, reasons


def test_the_same_clusters_in_twenty_orders() -> None:
    portal = Portal(seed=2, cards=5_000)
    facts = [("people", row) for row in portal.people] + [("contact_points", row) for row in portal.contacts]
    first: tuple[dict[str, str], list[Row]] | None = None
    for order in range(20):
        rng = Random(order)
        rng.shuffle(facts)
        trail = dt.Trail(currency="RUB")
        place = 0
        while place < len(facts):
            size = rng.choice((1, 7, 400, 3_000))
            for kind in ("people", "contact_points"):
                trail.put(kind, [row for of, row in facts[place : place + size] if of == kind])
            place += size
        for gone in rng.sample(portal.people, 200):  # deleted, and come back
            trail.remove("people", gone["id"], 2)
            trail.put("people", [{**gone, "version": 3}])
        for row in portal.people:
            trail.put("people", [{**row, "version": 3}])
        told = (clusters_of(trail), identity.identity_review(trail).to_dicts())
        first = first or told
        assert told == first, order
