"""Who is one with whom (identity.md): keys, guards, and the joining of cards, as slowly and plainly as can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .state import State

FREE_MAIL = ("mail.ru", "gmail.com", "yandex.ru", "bk.ru")  # those that the histories have
FORMS = (
    *("ооо", "оао", "зао", "пао", "нао", "ао", "ип", "нко", "ано", "гуп", "муп", "чп"),
    *("llc", "ltd", "inc", "gmbh", "co", "corp"),
)
ORDER = ("inn", "phone", "email", "telegram", "client_id")


UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
FOREIGN_BLANKS = "\u00a0\u2000-\u200a\u202f\u205f\u3000"


def seen(text: str) -> str:
    """The letters that people see; a blank beyond ASCII is a plain one inside the text and nothing at its ends."""
    text = re.sub(f"[{UNSEEN}]", "", text)
    return re.sub(f"[{FOREIGN_BLANKS}]", " ", re.sub(f"^[{FOREIGN_BLANKS}]+|[{FOREIGN_BLANKS}]+$", "", text))


EXTENSION = r"доб|вн|ext|[xх#,;]"
# Countries of one digit, of two; all others have three (ITU-T E.164).
COUNTRY = r"(1|7|20|27|3[0123469]|4[013456789]|5[12345678]|6[0123456]|8[1246]|9[0123458]|[2-9][0-9]{2})"
ZERO_STAYS = ("39", "225", "229", "241", "242", "378", "379")
MAILBOXES = (
    *("anonymous", "do-not-reply", "donotreply", "no", "no-email", "no-mail", "no-reply", "no.reply", "no_email"),
    *("no_reply", "noemail", "nomail", "none", "noreply", "null", "test", "undefined", "unknown"),
)
WORDS = (
    *("#n/a", "(direct)", "(none)", "(not provided)", "(not set)", "(other)", "-", "--", "---", ".", "0"),
    *("00000000-0000-0000-0000-000000000000", "[object object]", "anonymous", "false", "n/a", "na", "nan", "nil"),
    *("none", "not set", "null", "test", "true", "undefined", "unknown"),
    *("не задано", "не указан", "не указано", "неизвестно", "нет", "–", "—"),
)


def is_placeholder(text: str) -> bool:
    """Whether a contact stands for none."""
    small = text.strip(" \t\r\n\u00a0\u2007\u2009\u202f").lower()
    mailbox, at, domain = small.rpartition("@")
    return mailbox in MAILBOXES if at and mailbox and domain else small in WORDS


def phone_key(text: str) -> str | None:
    """+ and digits; Russian rules, other countries by + or 00."""
    text = seen(text)
    match = re.search(r"[0-9].*", text.lower(), re.DOTALL)
    if match is None:
        return None
    part = re.split(EXTENSION, match.group())[0]
    zeros = re.split(r"\( *0 *\)", part)
    if len(zeros) > 2:
        return None
    before = re.sub("[^0-9]", "", zeros[0])
    digits = re.sub("[^0-9]", "", part if len(zeros) == 1 else "".join(zeros))
    plus = "+" in text[: match.start()]
    # A zero behind the country is dialled inside it only, except where it belongs to the number.
    whole = re.fullmatch(r"(\+|00|810)" + COUNTRY + "([0-9]*)", "+" * plus + digits)
    if whole is not None and len(whole[2] + whole[3]) in range(8, 16):
        country, number = whole[2], whole[3]
        if len(zeros) == 2:
            fits = len(country) > 1 and before == (whole[1] + country).lstrip("+") and not number.startswith("0")
            return f"+{country}{'0' * (country in ZERO_STAYS)}{number}" if fits else None
        if number.startswith("0") and len(country) > 1 and country not in ZERO_STAYS:
            return None
    elif len(zeros) == 2:
        return None
    if plus:
        if re.fullmatch(r"8(9|800)[0-9]*", digits) and len(digits) == 11:
            return russian(digits[1:])
        return abroad(digits)
    for prefix in ("00", "810"):
        if digits.startswith(prefix):
            return abroad(digits[len(prefix) :])
    for pattern in (r"([0-9]{10})", r"[78]([0-9]{10})", r"78([0-9]{10})"):
        whole = re.fullmatch(pattern, digits)
        if whole:
            return russian(whole.group(1))
    return None


def russian(ten: str) -> str | None:
    """A number of +7 that the plan has."""
    plan = re.fullmatch(r"[349][0-9]{9}|8[0-7][0-9]{8}|7[012567][0-9]{8}|747[0-9]{7}", ten)
    return f"+7{ten}" if plan and not ten.endswith("0000000") and len(set(ten)) > 1 else None


def abroad(digits: str) -> str | None:
    """A number with its country in front."""
    if not 8 <= len(digits) <= 15 or digits.startswith("0"):
        return None
    if digits.startswith("7"):
        return russian(digits[2:] if len(digits) == 12 and digits[1] == "8" else digits[1:])
    return f"+{digits}"


def email_key(text: str) -> str | None:
    """Small letters, nothing around."""
    address = seen(text).strip().lower()
    if address.startswith("mailto:"):
        address = address.removeprefix("mailto:").partition("?")[0]
    address = address.strip().rstrip(".,;")
    fine = re.fullmatch(r'[^\s@,;:<>()\[\]"\\]+@[^\s@,;:<>()\[\]"\\.]+(\.[^\s@,;:<>()\[\]"\\.]+)+', address)
    if not fine or len(address.encode()) > 254:
        return None
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox}@{host_in_letters(domain)}"


def host_in_letters(host: str) -> str:
    """A host with its xn-- labels in their letters."""

    def shown(label: str) -> str:
        try:
            return label[4:].encode().decode("punycode").lower() if label.startswith("xn--") else label
        except UnicodeError:
            return label

    return ".".join(map(shown, host.split(".")))


def telegram_key(text: str) -> str | None:
    """A name without its address."""
    name = text.strip().lower().rpartition("t.me/")[2].removeprefix("@")
    return name if re.fullmatch("[a-z0-9_]{4,32}", name) else None


def inn_key(text: str) -> str | None:
    """Ten or twelve digits with right check digits."""
    digits = re.sub(r"[ \t\r\n]", "", seen(text))
    if not re.fullmatch("[0-9]{10}|[0-9]{12}", digits) or int(digits) == 0:
        return None
    weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
    for place in [9] if len(digits) == 10 else [10, 11]:
        used = weights[len(weights) - place :]
        total = sum(weight * int(digit) for weight, digit in zip(used, digits[:place], strict=True))
        if total % 11 % 10 != int(digits[place]):
            return None
    return digits


def contact_key(kind: str, value: str) -> str | None:
    """The value of a contact as it is compared."""
    made = {"phone": phone_key, "email": email_key, "telegram": telegram_key, "client_id": lambda text: text.strip()}
    key = made[kind](seen(value)) or None
    return None if key is None or (kind != "phone" and is_placeholder(key)) else key


def contact_keys(kind: str, value: str) -> list[tuple[str, str]]:
    """The contacts of a cell, each once, in the order written, with the extensions of phones."""
    parts = [value]
    if kind in ("phone", "email"):
        pieces = re.split(r"([,;/|\r\n])", value)
        if len(pieces) > 1:
            parts = []
            for mark, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
                if contact_key(kind, piece) is not None:
                    parts.append(piece)
                elif parts and kind == "phone" and contact_key(kind, parts[-1] + mark + piece) is not None:
                    parts[-1] += mark + piece
            parts = parts or [value]
        elif contact_key(kind, value) is None:
            words = re.split(" +", seen(value).strip())
            parts = words if all(contact_key(kind, word) is not None for word in words) else []
    found: dict[str, str] = {}
    for part in parts:
        key = contact_key(kind, part)
        if key is not None:
            found.setdefault(key, extension(part) if kind == "phone" else "")
    return list(found.items())


def extension(text: str) -> str:
    """The digits behind доб and the like, six at most."""
    match = re.search("[0-9].*?(?:" + EXTENSION + ")[^0-9]*([0-9][0-9 ()-]*)", seen(text).lower(), re.DOTALL)
    digits = re.sub("[^0-9]", "", match.group(1)) if match else ""
    return digits if len(digits) <= 6 else ""


# --- names ---


def words_of(name: str) -> list[str]:
    """Words of letters and digits, without legal forms."""
    spaced = re.sub(r"[^\w]|_", " ", name.lower().replace("ё", "е").replace("'", ""))
    return sorted(word for word in spaced.split() if word not in FORMS)


def slips(one: str, other: str) -> int:
    """How many letters must be added, taken, changed or swapped with a neighbour (each letter in one of them)."""
    table = [[max(i, j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def same_word(one: str, other: str) -> bool:
    """As it is, as an initial, or with one slip of the pen in a long word."""
    if one == other:
        return True
    if re.search("[0-9]", one + other):
        return False
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return min(len(one), len(other)) >= 5 and slips(one, other) <= 1


def names_agree(one: str, other: str) -> bool:
    """Whether each word of the shorter name stands in the longer one; another alphabet says nothing."""
    few, many = sorted((words_of(one), words_of(other)), key=lambda words: (len(words), words))
    if not few or bool(re.search("[\u0400-\u04ff]", "".join(few))) != bool(re.search("[\u0400-\u04ff]", "".join(many))):
        return True
    left = []
    for word in few:
        if word in many:
            many.remove(word)
        else:
            left.append(word)
    for word in left:
        like = next((candidate for candidate in many if same_word(word, candidate)), None)
        if like is None:
            return False
        many.remove(like)
    return True


# --- keys and their holders ---

Interval = tuple[int | None, int | None]
Holders = dict[str, list[Interval]]


def overlap(one: Interval, other: Interval) -> bool:
    """Whether [from, until) of both have a moment in common; a missing end is open."""
    first = max((start for start, _ in (one, other) if start is not None), default=None)
    last = min((end for _, end in (one, other) if end is not None), default=None)
    return first is None or last is None or first < last


def keys_of(state: State, kind: str) -> dict[tuple[int, bytes], Holders]:
    """Who holds which key and when; keys by their place in the order of kinds and their bytes."""
    held: dict[tuple[int, bytes], Holders] = {}
    for card in state.all(kind):
        inn = inn_key(card["inn"] or "")
        if inn is not None and (kind == "companies" or len(inn) == 12):
            held.setdefault((0, inn.encode()), {}).setdefault(card["id"], []).append((None, None))
    for row in state.all("contact_points"):
        owner = row["person"] if kind == "people" else None if row["person"] is not None else row["company"]
        if owner is None or row["kind"] is None or row["value"] is None:
            continue
        for value, _ in contact_keys(row["kind"], row["value"]):
            key = (ORDER.index(row["kind"]), value.encode())
            held.setdefault(key, {}).setdefault(owner, []).append((row["from"], row["until"]))
    return held


def extensions_of(state: State, kind: str) -> dict[tuple[str, str], set[str]]:
    """The extensions by which cards have a phone."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in state.all("contact_points"):
        owner = row["person"] if kind == "people" else None if row["person"] is not None else row["company"]
        if owner is None or row["kind"] != "phone" or row["value"] is None:
            continue
        for value, after in contact_keys("phone", row["value"]):
            if after:
                found.setdefault((owner, value), set()).add(after)
    return found


def never_identifies(kind: str, key: tuple[int, bytes]) -> bool:
    """Free mail of a company, a free line of a person."""
    value = key[1].decode()
    if kind == "companies":
        return ORDER[key[0]] == "email" and value.rpartition("@")[2] in FREE_MAIL
    return ORDER[key[0]] == "phone" and value.startswith(("+7800", "+7804"))


def is_crowded(state: State, kind: str, key: tuple[int, bytes], holders: Holders) -> bool:
    """Too many cards; an INN is of any number of companies."""
    return len(holders) > state.max_per_key and not (kind == "companies" and key[0] == 0)


# --- joining ---


class Partition:
    """The clusters of one kind of cards."""

    def __init__(self, state: State, kind: str) -> None:
        links = [link for link in state.all("identity_links") if link["kind"] == kind]
        self.apart = [{link["one"], link["other"]} for link in links if link["verdict"] == "different"]
        self.apart = [pair for pair in self.apart if len(pair) == 2]
        self.said_same = sorted(
            {
                (min(link["one"], link["other"]).encode(), max(link["one"], link["other"]).encode())
                for link in links
                if link["verdict"] == "same" and link["one"] != link["other"]
            }
        )
        self.names = {card["id"]: card["name"] for card in state.all(kind) if words_of(card["name"] or "")}
        self.inns = {}
        self.clusters: dict[str, set[str]] = {}
        self.groups: dict[str, frozenset[str]] | None = None
        keys = keys_of(state, kind)
        for key, holders in keys.items():  # one INN at most, whatever identifies
            if key[0] == 0:
                self.inns.update(dict.fromkeys(holders, key[1]))
        keys = keys if state.max_per_key > 0 else {}
        self.extensions = extensions_of(state, kind)
        for one, other in self.said_same:
            self.join(one.decode(), other.decode())
        for key, holders in sorted(keys.items()):
            if key[0] > 0 and self.groups is None:
                self.groups = {card: frozenset(cluster) for card, cluster in self.clusters.items()}
            if is_crowded(state, kind, key, holders) or never_identifies(kind, key):
                continue
            phone = key[1].decode() if ORDER[key[0]] == "phone" else ""
            torn = self.ambiguous(holders, phone) if key[0] > 0 else set()
            for one, other in self.pairs(holders):
                if (
                    not torn & {one, other}
                    and self.same_extension(one, other, phone)
                    and any(overlap(left, right) for left, right in product(holders[one], holders[other]))
                ):
                    self.join(one, other)

    @staticmethod
    def pairs(holders: Holders) -> Iterator[tuple[str, str]]:
        """Pairs by the bytes of ids."""
        return combinations(sorted((card for card in holders if any(map(not_empty, holders[card]))), key=str.encode), 2)

    def of(self, card: str) -> set[str]:
        """The cluster of a card."""
        return self.clusters.setdefault(card, {card})

    def group(self, card: str) -> frozenset[str]:
        """What was one with a card before any contact was looked at."""
        return (self.groups or {}).get(card, frozenset({card}))

    def agree(self, one: str, other: str) -> bool:
        """Whether the names of what was one before any contact agree."""
        names = [[self.names[card] for card in self.group(of) if card in self.names] for of in (one, other)]
        return not all(names) or self.group(one) == self.group(other) or any(names_agree(*p) for p in product(*names))

    def same_extension(self, one: str, other: str, phone: str) -> bool:
        """Two extensions of a number are two people, unless both have names that agree."""
        left, right = self.extensions.get((one, phone)), self.extensions.get((other, phone))
        named = all(any(card in self.names for card in self.group(of)) for of in (one, other))
        return not left or not right or bool(left & right) or (named and self.agree(one, other))

    def ambiguous(self, holders: Holders, phone: str) -> set[str]:
        """Holders who may be one with two others that are not one."""

        def may_be_one(one: str, other: str) -> bool:
            return self.agree(one, other) and self.same_extension(one, other, phone)

        return {
            card
            for card in holders
            for one, other in combinations(holders, 2)
            if card not in (one, other)
            and not may_be_one(one, other)
            and may_be_one(card, one)
            and may_be_one(card, other)
        }

    def join(self, one: str, other: str) -> None:
        """Put two clusters together, if nothing speaks against it."""
        left, right = self.of(one), self.of(other)
        if left is right:
            return
        if len({self.inns[card] for card in left | right if card in self.inns}) > 1:
            return
        if any(pair & left and pair & right for pair in self.apart):
            return
        if self.groups is not None:
            for first, second in product({self.group(card) for card in left}, {self.group(card) for card in right}):
                names = [[self.names[card] for card in group if card in self.names] for group in (first, second)]
                if all(names) and not any(names_agree(*pair) for pair in product(*names)):
                    return
        left |= right
        for card in right:
            self.clusters[card] = left

    def name(self, card: str) -> str:
        """The smallest id of a cluster."""
        return min(self.clusters.get(card, {card}), key=str.encode)


def not_empty(interval: Interval) -> bool:
    """Whether there is a moment in it."""
    return overlap(interval, (None, None))


def note_identity(state: State) -> None:
    """Findings of identity."""
    for kind in ("people", "companies"):
        partition = state.partition(kind)
        for one, other in partition.said_same:
            left, right = one.decode(), other.decode()
            if partition.name(left) != partition.name(right):
                state.note("identity_contradiction", "identity_links", f"{kind}: {left} / {right}")
        for card in state.all(kind):
            if (card["inn"] or "").strip() and inn_key(card["inn"]) is None:
                state.note("invalid_inn", kind, card["id"])
        for key, holders in keys_of(state, kind).items():
            if state.max_per_key > 0 and is_crowded(state, kind, key, holders) and not never_identifies(kind, key):
                state.note("crowded_key", kind, f"{ORDER[key[0]]} {key[1].decode()}")
    for row in state.all("contact_points"):
        if row["kind"] is None or row["value"] is None or contact_keys(row["kind"], row["value"]):
            continue
        if is_placeholder(row["value"]):
            state.note("placeholder_contact", "contact_points", row["id"])
        else:
            state.note("invalid_contact", "contact_points", row["id"])
