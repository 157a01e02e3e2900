"""Check-in at the door: signed codes, tickets, scans (M0.4)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dealtrail._pictures import Picture, slug, write_qr
from dealtrail._rows import table_of
from dealtrail.errors import InvalidArgumentError, UnknownNameError
from dealtrail.table import Table
from dealtrail.trail import Trail

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Answer", "Door", "Key", "code", "codes", "verify", "write_tickets"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 of Crockford: no I, L, O, U."""
VERSION = 1
EVENT_BYTES, REGISTRATION_BYTES, MAC_BYTES = 2, 5, 12
LENGTH = (1 + EVENT_BYTES + REGISTRATION_BYTES + MAC_BYTES) * 8 // 5
SHORTEST_KEY = 16
PHONE = re.compile(r"\+?[(]?\d(?:[ ()\-.]*\d){6,14}(?!\d)")
"""A number as it is typed between other words."""
LAYOUT = str.maketrans("ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOPASDFGHJKLZXCVBNM")
"""What the keys of Latin letters type when the keyboard is set to Russian."""
LOOK_ALIKE = str.maketrans("OIL", "011")
Key = bytes | str
Row = dict[str, Any]
Facts = dict[str, list[Row]]
Guest = tuple[str, str]
Verdict = Literal["came", "walk_in", "second_scan", "refused"]


def code(event: str, registration: str, key: Key) -> str:
    """Give the code of a registration: 32 letters and digits, which nobody makes without the key.

    Parameters
    ----------
    event, registration
        Their ids.
    key
        The organiser's secret, at least 16 bytes; blanks around it are no part of it. The same key makes and checks
        the codes; it is never in a snapshot.

    Returns
    -------
    A version, short hashes of both ids, by which the registration is found, and 96 bits of HMAC-SHA256 over the ids
    themselves, in Crockford's base 32.

    Raises
    ------
    InvalidArgumentError
        The key is too short.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.checkin.code("expo", "r-17", "a secret of the organiser")
    '071BX0PV087FJ50NT1N4BFFKPQK6F8FX'
    """
    return _written(_bytes(event, registration, _key(key)))


def codes(trail: Trail, event: str, key: Key) -> Table:
    """Give the codes of all registrations of an event that stand.

    Returns
    -------
    Table with one row per registration with status ``registered``, by id: ``registration``, ``person``, ``name``,
    ``ticket``, ``code``. Those of sessions are apart: ask for the session.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        No such event is there; the key is too short.
    """
    _need_event(trail, event)
    secret = _key(key)
    names = {row["id"]: row["name"] for row in trail.table("people").to_dicts()}
    rows = [
        (row["id"], row["person"], names.get(row["person"]), row["ticket"], _written(_bytes(event, row["id"], secret)))
        for row in trail.table("registrations").to_dicts()
        if row["event"] == event and row["status"] == "registered"
    ]
    columns = dict.fromkeys(("registration", "person", "name", "ticket", "code"), "text")
    return table_of("codes", columns, rows, {"event": event})


def write_tickets(
    trail: Trail, event: str, key: Key, folder: str | os.PathLike[str], sorts: Iterable[Picture] = ("svg",)
) -> list[Path]:
    """Write the code of each registration as a QR picture, named by its id, into a folder.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        As :func:`codes`.
    ImportError
        ``segno`` is not there: ``pip install 'dealtrail[links]'``.
    """
    from pathlib import Path

    made = codes(trail, event, key)
    to = Path(folder)
    to.mkdir(parents=True, exist_ok=True)
    wanted = list(sorts)
    files = []
    for registration, text in zip(made["registration"], made["code"], strict=True):
        mark = _hash(registration).hex()[:8]
        name = "-".join(part for part in (slug(registration), mark) if part)
        files += write_qr(text, to, name, wanted)
    return files


class Answer(NamedTuple):
    """What the door says to one line.

    Attributes
    ----------
    verdict
        ``came``, ``walk_in``, ``second_scan`` or ``refused``.
    reason
        Of ``refused``: ``not_a_code``, ``forged``, ``unknown``, ``foreign_event``, ``cancelled``, ``waitlist``,
        ``pending``, ``declined``, ``no_name``. Of ``came``: ``names_nobody`` (a ticket without a person, of the whole
        event at a session or the other way round: let in, counted nowhere), else empty.
    text
        The reason for people; else what the ticket says: name, ticket, segment.
    registration
        Id; ``None`` for a walk-in and what names none.
    at
        When they came first, if that is known.
    facts
        Rows by kind to put into the Trail; empty unless they came just now.
    """

    verdict: Verdict
    reason: str = ""
    text: str = ""
    registration: str | None = None
    at: datetime | None = None
    facts: Facts = {}  # noqa: RUF012 - nobody writes into an answer


def verify(trail: Trail, event: str, text: str, key: Key) -> Answer:
    """Tell whether a code is good for an event: ``came`` if it is and nobody came with it, as at the door.

    Parameters
    ----------
    trail, event, key
        As for :class:`Door`.
    text
        What was read: blanks, hyphens, small letters, and letters typed with a Russian keyboard do not matter.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        As :class:`Door`.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("events", [{"id": "expo", "name": "Expo"}])
    >>> report = trail.put("registrations", [{"id": "r-17", "event": "expo", "at": "2026-03-01"}])
    >>> secret = "a secret of the organiser"
    >>> dt.checkin.verify(trail, "expo", dt.checkin.code("expo", "r-17", secret), secret).registration
    'r-17'
    >>> dt.checkin.verify(trail, "expo", dt.checkin.code("expo", "r-17", "a secret of someone else"), secret).reason
    'forged'
    """
    return Door(trail, event, key).scan(text, datetime(1970, 1, 1, tzinfo=timezone.utc))


class Door:
    """A door of an event or session: answers what is scanned, and remembers who came.

    Parameters
    ----------
    trail
        Events, registrations, people, and attendances so far. It is read once and never changed: put the ``facts`` of
        the answers into it, or append them to a file.
    event
        Its id. A session takes its own codes and those of the events above it, an event also those of its sessions.
    key
        The organiser's secret.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        No such event is there; the key is too short.
    """

    def __init__(self, trail: Trail, event: str, key: Key) -> None:
        _need_event(trail, event)
        self._event = event
        self._secret = _key(key)
        self._people = {row["id"]: row for row in trail.table("people").to_dicts()}
        self._companies = {row["id"]: row for row in trail.table("companies").to_dicts()}
        parents = {row["id"]: row["parent"] for row in trail.table("events").to_dicts()}
        above = _upwards(event, parents)
        self._whole = above[-1]
        self._taken = {*above, *(id_ for id_ in parents if event in _upwards(id_, parents))}
        self._tagged: dict[bytes, list[Row]] = {}
        self._here: dict[str, str] = {}  # a person's registration for this very event or session
        fields = ["id", "event", "person", "company", "status", "ticket"]
        for row in trail.table("registrations").select(fields).to_dicts():
            if not row["event"]:
                continue
            self._tagged.setdefault(_tags(row["event"], row["id"]), []).append(row)
            if row["event"] == event and row["person"] and row["status"] == "registered":
                self._here.setdefault(row["person"], row["id"])
        self._came: dict[Guest, datetime | None] = {}  # when first, where that is known
        fields = ["registration", "event", "person", "at"]
        self.note({"attendances": trail.table("attendances").select(fields).to_dicts()})

    def note(self, facts: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Remember arrivals that another door answered, or this one did before; what is none is passed over."""
        for row in facts.get("people", ()):
            self._people.setdefault(
                str(row.get("id")), {"name": None, "company": None, "segment_potential": None, **row}
            )
        for row in facts.get("attendances", ()):
            guest = self._guest(_text(row, "registration"), _text(row, "event"), _text(row, "person"))
            if guest is not None:
                at, before = _moment(row.get("at")), self._came.get(guest)
                self._came[guest] = at if before is None else before if at is None else min(before, at)

    def scan(self, text: str, at: datetime) -> Answer:
        """Answer one line: a code, or ``+ Name, phone`` for a guest without a registration; the comma may be left out.

        Parameters
        ----------
        text
            The line, with or without its end.
        at
            Now, with its zone.

        Raises
        ------
        InvalidArgumentError
            ``at`` has no zone.
        """
        if at.tzinfo is None:
            raise InvalidArgumentError("the time of a scan needs its zone", "invalid_argument")
        line = text.strip("\ufeff \t\r\n\0")
        answer = self._walk_in(line[1:], at) if line.startswith("+") else self._code(line, at)
        self.note(answer.facts)
        return answer

    def _code(self, line: str, at: datetime) -> Answer:
        written = "".join(letter for letter in line if letter not in " -_\t").upper()
        written = written.translate(LAYOUT).translate(LOOK_ALIKE)
        read = _read(written)
        if read is None:
            why = "not a code" if len(written) == LENGTH else f"not a code: {len(written)} characters of {LENGTH}"
            return Answer("refused", "not_a_code", why)
        if read[0] != VERSION:
            return Answer("refused", "not_a_code", f"a code of version {read[0]}, which this door does not know")
        tags = read[1 : 1 + EVENT_BYTES + REGISTRATION_BYTES]
        candidates = self._tagged.get(tags, [])
        found = next((row for row in candidates if self._is_genuine(row, read)), None)
        if found is None:
            if candidates:
                return Answer("refused", "forged", "forged: the signature is wrong")
            if tags[:EVENT_BYTES] in {_hash("event", id_)[:EVENT_BYTES] for id_ in self._taken}:
                return Answer("refused", "unknown", "unknown: forged, or registered after this file was made")
            return Answer("refused", "forged", "forged, or of an event that this file does not know")
        if found["event"] not in self._taken:
            return Answer("refused", "foreign_event", f"of another event: {found['event']}", found["id"])
        if found["status"] != "registered":
            return Answer("refused", found["status"], f"the registration is {_state(found)}", found["id"])
        return self._arrival(found, at)

    def _is_genuine(self, row: Row, read: bytes) -> bool:
        import hmac

        return hmac.compare_digest(_bytes(row["event"], row["id"], self._secret), read)

    def _arrival(self, found: Row, at: datetime) -> Answer:
        who: Row = {"registration": found["id"], "event": None, "person": None}
        text = self._who(found)
        if found["event"] != self._event:
            # A ticket of the whole event at a session, or the other way round: the arrival is of this door's event.
            if found["person"] is None:
                return Answer("came", "names_nobody", f"{text} (not counted here: no name)", found["id"], at)
            if found["person"] in self._here:
                who["registration"] = self._here[found["person"]]
            else:
                who = {"registration": None, "event": self._event, "person": found["person"]}
        guest = self._guest(**who)
        if guest in self._came:
            return Answer("second_scan", "", text, found["id"], self._came[guest])
        return Answer("came", "", text, found["id"], at, {"attendances": [self._fact(found["id"], "qr", at) | who]})

    def _walk_in(self, line: str, at: datetime) -> Answer:
        name, phone = _name_and_phone(line)
        digits = "".join(letter for letter in phone if letter.isdigit())
        digits = "7" + digits[1:] if len(digits) == 11 and digits[0] == "8" else digits  # as dialled in Russia
        if not name:
            return Answer("refused", "no_name", "a guest without a registration needs a name: + Name, phone")
        text = f"{name} (no registration)"
        mark = _hash(digits).hex()[:16] if digits else f"{_stamp(at)}:{name}"
        person = f"walk-in:{self._whole}:{mark}"  # one guest at all doors of the event
        who: Row = {"registration": None, "event": self._event, "person": person}
        guest = self._guest(**who)
        if guest in self._came:
            return Answer("second_scan", "", text, None, self._came[guest])
        facts: Facts = {}
        if person not in self._people:
            facts["people"] = [{"id": person, "version": 1, "name": name}]
            if digits:
                number = {"id": f"{person}:phone", "version": 1, "person": person, "kind": "phone", "value": phone}
                facts["contact_points"] = [number]
        facts["attendances"] = [self._fact(person, "walk_in", at) | who]
        return Answer("walk_in", "", text, None, at, facts)

    def _fact(self, guest: str, how: str, at: datetime) -> Row:
        return {"id": f"scan:{self._event}:{guest}:{_stamp(at)}", "version": 1, "at": _stamp(at), "how": how}

    def _guest(self, registration: str | None, event: str | None, person: str | None) -> Guest | None:
        """Give the name under which a guest is remembered here: their ticket, else themselves at this event."""
        if registration is not None:
            return ("registration", registration)
        return ("person", person) if person is not None and event == self._event else None

    def _who(self, row: Row) -> str:
        person = self._people.get(row["person"], {})
        company = self._companies.get(row["company"] or person.get("company"), {})
        segment = person.get("segment_potential") or company.get("segment_potential")
        parts = (person.get("name") or company.get("name") or row["id"], company.get("name"), row["ticket"], segment)
        return " · ".join(dict.fromkeys(part for part in parts if part))


def _state(row: Row) -> str:
    said = {"waitlist": "on the waiting list", "pending": "not admitted yet"}
    return said.get(row["status"], str(row["status"]))


def _name_and_phone(line: str) -> tuple[str, str]:
    """Take ``Name, phone`` apart; a number of seven digits or more needs no comma, and is never a name."""
    name, comma, phone = (part.strip() for part in line.partition(","))
    if not comma or _is_number(name):
        found = PHONE.search(line)
        if found is not None:
            name, phone = (line[: found.start()] + line[found.end() :]).strip(" \t,"), found.group()
    return ("", phone) if _is_number(name) else (name, phone)


def _is_number(text: str) -> bool:
    return all(letter.isdigit() or letter in " \t()+-.," for letter in text)


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None


def _moment(value: object) -> datetime | None:
    """Give a time with its zone; nothing for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)


def _stamp(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def _need_event(trail: Trail, event: str) -> None:
    if ("events", event) not in trail:
        raise UnknownNameError(f"no event of that id: {event[:64]!r}", "unknown_name")


def _upwards(event: str, parents: Mapping[str, str | None]) -> list[str]:
    """Give an event and the present ones above it; parents may run in a circle."""
    path = [event]
    while (parent := parents.get(path[-1])) in parents and parent is not None and parent not in path:
        path.append(parent)
    return path


def _key(key: Key) -> bytes:
    secret = (key.encode() if isinstance(key, str) else key).strip()
    if len(secret) < SHORTEST_KEY:
        raise InvalidArgumentError(f"a key needs at least {SHORTEST_KEY} bytes", "invalid_argument")
    return secret


def _hash(*parts: str) -> bytes:
    import hashlib

    return hashlib.sha256("\0".join(parts).encode()).digest()


def _tags(event: str, registration: str) -> bytes:
    return _hash("event", event)[:EVENT_BYTES] + _hash("registration", event, registration)[:REGISTRATION_BYTES]


def _bytes(event: str, registration: str, secret: bytes) -> bytes:
    import hmac

    place = event.encode()
    message = b"dealtrail check-in\0" + bytes([VERSION]) + len(place).to_bytes(4, "big") + place + registration.encode()
    mac = hmac.new(secret, message, "sha256").digest()[:MAC_BYTES]
    return bytes([VERSION]) + _tags(event, registration) + mac


def _written(code: bytes) -> str:
    number = int.from_bytes(code, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(len(code) * 8 - 5, -1, -5))


def _read(written: str) -> bytes | None:
    if len(written) != LENGTH or not set(written) <= set(ALPHABET):
        return None
    number = 0
    for letter in written:
        number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(LENGTH * 5 // 8, "big")
