"""Source of a fact: direct credit (cards.md, "Source of a fact")."""

from __future__ import annotations

from dataclasses import dataclass

from .door import Row
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


def source_of_announcement(state: State, fact_id: str | None) -> Source:
    """The channel of an announcement is its ``channel``, if that channel is present; without one it still credits the
    announcement."""
    row = state.find("announcements", fact_id)
    if row is None:
        return Source()
    return Source(state.present("channels", row["channel"]), fact_id)


def utm_fields(value: str) -> dict[str, str] | None:
    """``utm_source=a&utm_campaign=b`` names fields; anything else in it makes it no key."""
    wanted: dict[str, str] = {}
    for part in value.split("&"):
        name, equals, text = part.partition("=")
        if name not in UTM or not equals or not text or name in wanted:
            return None
        wanted[name] = text
    return wanted


def key_of_row(state: State, row: Row) -> Key | None:
    """Read a ``source_keys`` row: it leads to its announcement if present, else to its channel if present, else it is
    no key."""
    source = source_of_announcement(state, row["announcement"])
    if not source.decided:
        source = Source(channel=state.present("channels", row["channel"]))
    kind: str | None = row["kind"]
    value: str | None = row["value"]
    if not source.decided or not value or not kind:
        return None
    if kind == "utm":
        wanted = utm_fields(value)
        if wanted is None:
            return None
    else:
        field = {"number": "dialled_number", "number_pool": "dialled_number", "chat": "form"}.get(kind, kind)
        wanted = {field: value}
    return Key(kind, wanted, row["from"], row["until"], source)


def keys_of_announcement(state: State, row: Row) -> list[Key]:
    """Read the short forms on an announcement: promo_code, phone_number (kind number), its utm_* fields together
    (kind utm)."""
    source = source_of_announcement(state, row["id"])
    keys = []
    if row["promo_code"]:
        keys.append(Key("promo_code", {"promo_code": row["promo_code"]}, None, None, source))
    if row["phone_number"]:
        keys.append(Key("number", {"dialled_number": row["phone_number"]}, None, None, source))
    utm = {name: row[name] for name in UTM if row[name]}
    if utm:
        keys.append(Key("utm", utm, None, None, source))
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
    """Equal text in every field the key names; a chat key only for a touch of kind chat."""
    if key.kind == "chat" and touch["kind"] != "chat":
        return False
    return all(touch[field] == text for field, text in key.wanted.items())


def source_of_touch(state: State, touch: Row) -> Source:
    """The touch's announcement if present, else its keys in this order: promo code, dialled number, form, UTM,
    referrer."""
    own = source_of_announcement(state, touch["announcement"])
    if own.decided:
        return own
    steps = [("promo_code",), ("number", "number_pool"), ("form", "chat"), ("utm",), ("referrer",)]
    usable = [key for key in all_keys(state) if valid(key, touch["at"]) and matches(key, touch)]
    for kinds in steps:
        keys = [key for key in usable if key.kind in kinds]
        if not keys:
            continue
        most = max(len(key.wanted) for key in keys)
        sources = {key.source for key in keys if len(key.wanted) == most}
        if len(sources) == 1:
            return sources.pop()
        state.note("ambiguous_source_key", "touches", touch["id"])
        return Source(ended=True)
    return Source()


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
        source_of_announcement(state, row.get("announcement")),
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
