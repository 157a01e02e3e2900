"""Source of a fact: direct credit (cards.md, "Source of a fact")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from .door import Row
from .identity import host_in_letters, is_placeholder, phone_key, seen
from .state import State

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


@dataclass(frozen=True)
class Source:
    """Where a fact came from. ``ended``: keys disagreed, nothing may be looked for any further."""

    channel: str | None = None
    announcement: str | None = None
    ended: bool = False

    @property
    def decided(self) -> bool:
        """Whether the search is over."""
        return self.channel is not None or self.announcement is not None or self.ended


@dataclass(frozen=True)
class Key:
    """A number, form, tag or code, and where it leads."""

    kind: str
    wanted: dict[str, str]  # touch field -> text
    start: int | None
    until: int | None
    source: Source
    brand: str | None = None
    pipeline: str | None = None
    said: str = ""  # as it is stated
    row_id: str | None = None  # of source_keys; none: the short form of an announcement

    @property
    def is_span(self) -> bool:
        """Whether a pool names a beginning or a range of numbers, not one."""
        return self.kind == "number_pool" and is_span(self.wanted["dialled_number"])


DAY_US = 24 * 3600 * 1_000_000


def number_form(text: str) -> str:
    """A number as identity compares it; anything else as it is written."""
    return phone_key(text) or text


def is_span(value: str) -> bool:
    """Whether the value of a pool is meant to name several numbers."""
    return value.endswith("*") or ".." in value


def in_span(value: str, form: str) -> bool:
    """Whether a beginning or a range covers a number; one that is not well formed covers none."""
    if value.endswith("*"):
        if re.fullmatch("[ ()-]*[+]?[0-9 ()-]*", value[:-1]) is None:
            return False
        start = re.sub("^00", "+", re.sub("[ ()-]", "", value[:-1]))
        start = re.sub("^[78]", "+7", start)
        return start.startswith("+") and start != "+" and form.startswith(start)
    low, high = (number_form(end) for end in value.split("..", 1))
    if not all(re.fullmatch(r"\+[0-9]{8,}", number) for number in (low, high, form)):
        return False
    return len(form) == len(low) == len(high) and int(low) <= int(form) <= int(high)


def referrer_form(text: str) -> str:
    """Host and path: no scheme, ``www.``, port, dot behind the host, query, fragment or closing slashes; the host in
    small letters, those of xn-- as they are shown."""
    page = seen(text).split("://", 1)
    rest = page[1] if len(page) == 2 else page[0].removeprefix("//")
    host, slash, path = re.split("[?#]", rest)[0].rstrip("/").partition("/")
    host = re.sub(r"^([^:]+):[0-9]+$", r"\1", small_letters(host))
    if len(host) > 1:
        host = host.removesuffix(".")
    return small_letters(host_in_letters(host.removeprefix("www."))) + slash + path or text


def small_letters(text: str) -> str:
    """Latin and Russian letters small, all others as they are."""
    return "".join(c.lower() if c.isascii() or c in "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ" else c for c in text)


def code_form(text: str) -> str:
    """A promo code as people mean it: without blanks, in small letters."""
    return small_letters(re.sub(r"[ \t\r\n]", "", seen(text))) or text


def tag_form(text: str) -> str:
    """A tag decoded, a plus and a blank being one; what cannot be decoded is as it is written."""
    try:
        form = unquote(text, errors="strict").replace("+", " ")
    except UnicodeDecodeError:
        return text
    return text if "\0" in form else form


def lies_under(page: str, key: str) -> bool:
    """Whether a page is that of the key or below it."""
    return page == key or page.startswith(key + "/")


def source_of_announcement(state: State, fact_id: str | None) -> Source:
    """The channel of an announcement is its ``channel``, if that channel is present; without one it still credits the
    announcement."""
    row = state.find("announcements", fact_id)
    if row is None:
        return Source()
    return Source(state.present("channels", row["channel"]), fact_id)


def own_source(state: State, row: Row) -> Source:
    """What a touch, registration, lead or deal names itself: its announcement, else its channel, if it is present."""
    own = source_of_announcement(state, row.get("announcement"))
    return own if own.decided else Source(channel=state.present("channels", row.get("channel")))


def utm_fields(value: str) -> dict[str, str] | None:
    """``utm_source=a&utm_campaign=b`` names fields; anything else in it makes it no key."""
    wanted: dict[str, str] = {}
    for part in value.split("&"):
        name, equals, text = part.partition("=")
        if name not in UTM or not equals or not text or name in wanted:
            return None
        wanted[name] = tag_form(text)
    return wanted


def key_of_row(state: State, row: Row) -> Key | None:
    """Read a ``source_keys`` row: it leads to its announcement if present, else to its channel if present, else
    nowhere."""
    source = source_of_announcement(state, row["announcement"])
    if not source.decided:
        source = Source(channel=state.present("channels", row["channel"]))
    kind: str | None = row["kind"]
    value: str | None = row["value"]
    if not value or not kind:
        return None
    if kind == "utm":
        wanted = utm_fields(value)
        if wanted is None:
            return None
    else:
        field = {"number": "dialled_number", "number_pool": "dialled_number", "chat": "form"}.get(kind, kind)
        wanted = {field: value}
    return Key(kind, wanted, row["from"], row["until"], source, row["brand"], row["pipeline"], value, row["id"])


def keys_of_announcement(state: State, row: Row) -> list[Key]:
    """Read the short forms on an announcement: promo_code, phone_number (kind number), its utm_* fields together
    (kind utm)."""
    source = source_of_announcement(state, row["id"])
    keys = []
    if row["promo_code"]:
        keys.append(Key("promo_code", {"promo_code": row["promo_code"]}, None, None, source, said=row["promo_code"]))
    if row["phone_number"]:
        number = row["phone_number"]
        keys.append(Key("number", {"dialled_number": number}, None, None, source, said=number))
    utm = {name: tag_form(row[name]) for name in UTM if row[name]}
    if utm:
        said = "&".join(f"{name}={row[name]}" for name in utm)
        keys.append(Key("utm", utm, None, None, source, said=said))
    return keys


def all_keys(state: State) -> list[Key]:
    """Every key of the Trail."""
    rows = [key_of_row(state, row) for row in state.all("source_keys")]
    short = [key for row in state.all("announcements") for key in keys_of_announcement(state, row)]
    return [key for key in rows if key is not None] + short


def valid(key: Key, at: int | None) -> bool:
    """A key is valid when from <= at < until (open where null); a touch without a time: only keys open at both ends."""
    if at is None:
        return key.start is None and key.until is None
    return (key.start is None or key.start <= at) and (key.until is None or at < key.until)


def matches(key: Key, touch: Row) -> bool:
    """Equal text in every field the key names, numbers and referrers in their forms; a chat key only for a touch of
    kind chat, a number key not for a visit."""
    if key.kind == "chat" and touch["kind"] != "chat":
        return False
    if key.kind in ("number", "number_pool"):
        wanted, dialled = key.wanted["dialled_number"], touch["dialled_number"]
        if dialled is None or touch["kind"] == "visit":
            return False
        return in_span(wanted, number_form(dialled)) if key.is_span else number_form(wanted) == number_form(dialled)
    if key.kind == "referrer":
        page = touch["referrer"]
        return page is not None and lies_under(referrer_form(page), referrer_form(key.wanted["referrer"]))
    if key.kind == "promo_code":
        code = touch["promo_code"]
        return code is not None and code_form(code) == code_form(key.wanted["promo_code"])
    if key.kind == "utm":
        return all(touch[field] is not None and tag_form(touch[field]) == text for field, text in key.wanted.items())
    return all(touch[field] == text for field, text in key.wanted.items())


def closeness(key: Key) -> int:
    """Of the matching keys of a step the closest stand: most tags, the longest page, a number before a span."""
    if key.kind == "referrer":
        return len(referrer_form(key.wanted["referrer"]).encode())
    return 0 if key.is_span else len(key.wanted)


STEPS: dict[str, tuple[str, ...]] = {
    "promo_code": ("promo_code",),
    "number": ("number", "number_pool"),
    "form": ("form", "chat"),
    "utm": ("utm",),
    "referrer": ("referrer",),
}


def shown_to(touch: Row, visit: Row) -> int:
    """How well a visit fits a call to a pool's number: 2 the same client, 1 the number alone, 0 not at all."""
    if visit["kind"] != "visit" or touch["at"] is None or visit["at"] is None:
        return 0
    if not 0 <= touch["at"] - visit["at"] <= DAY_US:
        return 0
    number, shown = number_form(touch["dialled_number"]), visit["dialled_number"]
    same_number = shown is not None and number_form(shown) == number
    client, other = (None if is_placeholder(row["client_id"] or "") else row["client_id"] for row in (touch, visit))
    if client and client == other:
        return 2 if shown is None or same_number else 0
    return 1 if same_number and not (client and other) else 0


def visit_of_call(state: State, touch: Row) -> Row | None:
    """The visit that was shown the number of a call: the best fit, then the latest, then the smallest id."""
    fits = [visit for visit in state.all("touches") if shown_to(touch, visit)]
    return min(fits, key=lambda visit: (-shown_to(touch, visit), -visit["at"], visit["id"]), default=None)


def led_by(state: State, key: Key, touch: Row) -> Source:
    """Where a key leads a touch: a pool's to where the visit came from, else to what the key itself names."""
    if key.kind == "number_pool":
        visit = visit_of_call(state, touch)
        seen = Source() if visit is None else source_of_touch(state, visit)
        if seen.decided:
            return seen
    return key.source


def source_of_touch(state: State, touch: Row) -> Source:
    """The touch's announcement if present, else its keys in this order: promo code, dialled number, form, UTM,
    referrer."""
    own = own_source(state, touch)
    if own.decided:
        return own
    usable = [key for key in all_keys(state) if valid(key, touch["at"]) and matches(key, touch)]
    for kinds in STEPS.values():
        led = [(closeness(key), led_by(state, key, touch)) for key in usable if key.kind in kinds]
        led = [(close, source) for close, source in led if source.decided]
        if not led:
            continue
        sources = {source for close, source in led if close == max(led, key=lambda one: one[0])[0]}
        if len(sources) == 1 and not next(iter(sources)).ended:
            return sources.pop()
        state.note("ambiguous_source_key", "touches", touch["id"])
        return Source(ended=True)
    return Source()


def routed(state: State, touch: Row | None, said_by: Callable[[Key], str | None]) -> str | None:
    """The brand or pipeline of a touch by its keys: number, form, promo code, tags, referrer."""
    if touch is None:
        return None
    usable = [key for key in all_keys(state) if valid(key, touch["at"]) and matches(key, touch)]
    for step in ("number", "form", "promo_code", "utm", "referrer"):
        keys = [key for key in usable if key.kind in STEPS[step] and said_by(key) is not None]
        closest = max((closeness(key) for key in keys), default=0)
        said = {said_by(key) for key in keys if closeness(key) == closest}
        if said:
            return said.pop() if len(said) == 1 else None
    return None


def candidates(state: State, kind: str, row: Row, seen: frozenset[tuple[str, str]]) -> list[Source]:
    """What each of the steps 1 to 5 gives, in their order."""
    seen = seen | {(kind, row["id"])}

    def through(field: str, target: str) -> Source:
        found = state.find(target, row.get(field))
        if found is None or (target, found["id"]) in seen:
            return Source()  # circles end at the first repeated fact and give nothing
        return source(state, target, found, seen)

    touch = state.find("touches", row.get("touch"))
    result = [
        own_source(state, row),
        Source() if touch is None else source_of_touch(state, touch),
    ]
    if kind in ("deals", "attendances"):
        result.append(through("registration", "registrations"))
    if kind == "deals":
        result.append(through("lead", "leads"))
        result.append(through("parent", "deals"))
    return result


def source(state: State, kind: str, row: Row, seen: frozenset[tuple[str, str]] = frozenset()) -> Source:
    """First step that gives a channel or an announcement wins, or ends the search; nothing is ``(unattributed)``."""
    found = [step for step in candidates(state, kind, row, seen) if step.decided]
    return found[0] if found else Source()
