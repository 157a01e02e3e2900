"""Tagged links, promo codes and QR pictures of an event's announcements, so that their source is certain (M1.13)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dealtrail._pictures import SORTS, Picture, slug, write_qr
from dealtrail._rows import table_of
from dealtrail.answers import unmeasurable
from dealtrail.errors import InvalidArgumentError, UnknownNameError
from dealtrail.table import Table
from dealtrail.trail import Trail

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Links", "links"]

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
LETTERS = "CDFHJKMNPRTVWXY34679"
"""Of promo codes: no two look alike, no vowel makes a word."""
CODE_LENGTH = 6
EXACT = "/%:@!$&'()*+,;=?~-._"  # what a query or fragment may have as it is
Row = dict[str, Any]


class Links:
    """What :func:`links` made for the announcements of one event.

    Attributes
    ----------
    table
        A row per announcement, by id: ``announcement``, ``channel``, ``url``, the five UTM fields, ``promo_code``,
        ``picture`` (file name without ending), ``unmeasurable`` (nothing led to it before), ``certain`` (a touch with
        this link, and one with this code, is credited to this announcement and no other).
    source_keys
        Rows of ``source_keys`` to put, so that they resolve: ``trail.put("source_keys", made.source_keys)``.
    """

    __slots__ = ("source_keys", "table")

    def __init__(self, table: Table, source_keys: Table) -> None:
        self.table = table
        self.source_keys = source_keys

    def __repr__(self) -> str:
        return f"Links(announcements={len(self.table)}, source_keys={len(self.source_keys)})"

    def write_pictures(self, folder: str | os.PathLike[str], sorts: Sequence[Picture] = SORTS) -> list[Path]:
        """Write a QR picture of each link into a folder, which is made when it is not there.

        Parameters
        ----------
        folder
            Where to; files of the same names are replaced.
        sorts
            ``svg``, ``png`` or both.

        Returns
        -------
        The files, in the order of the table.

        Raises
        ------
        ImportError
            ``segno`` is not there: ``pip install 'dealtrail[links]'``.
        """
        from pathlib import Path

        to = Path(folder)
        to.mkdir(parents=True, exist_ok=True)
        return [
            file
            for url, name in zip(self.table["url"], self.table["picture"], strict=True)
            for file in write_qr(url, to, name, sorts)
        ]


def links(trail: Trail, event: str, *, base_url: str) -> Links:
    """Make a tagged link and a promo code for each announcement of an event that is not cancelled.

    Parameters
    ----------
    trail
        Channels, announcements and the keys that lead to them.
    event
        Its id; announcements of several events (``announcement_events``) are among its own.
    base_url
        The page that people land on, ``http`` or ``https``. Its query and fragment are kept; UTM fields in it are
        replaced.

    Returns
    -------
    Links: a table, the ``source_keys`` to put, and a way to write QR pictures.

    Raises
    ------
    UnknownNameError
        No such event is there.
    InvalidArgumentError
        ``base_url`` is no link to a page.

    Notes
    -----
    The same announcement has the same link and code every time: they are made of ids, and what the announcement or its
    keys already say (``utm_*``, ``promo_code``) stands. Both are tried out on a Trail of these keys before they are
    given; see ``docs/links.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("channels", [{"id": "tg", "name": "Telegram", "venue_kind": "social"}])
    >>> report = trail.put("events", [{"id": "expo", "name": "Expo"}])
    >>> report = trail.put("announcements", [{"id": "post 1", "channel": "tg", "event": "expo", "status": "planned"}])
    >>> made = dt.links(trail, "expo", base_url="https://expo.example/?lang=ru#form")
    >>> made.table["url"][0].split("&utm_content=")[0]
    'https://expo.example/?lang=ru&utm_source=tg&utm_medium=social&utm_campaign=expo'
    >>> made.table["certain"]
    [True]
    >>> report = trail.put("source_keys", made.source_keys)
    """
    if ("events", event) not in trail:
        raise UnknownNameError(f"no event of that id: {event[:64]!r}", "unknown_name")
    page = _Page(base_url)
    book = _Book(trail)
    chosen = [row for row in book.announcements if event in book.events_of(row) and row["status"] != "cancelled"]
    tags = {row["id"]: book.tags(row, event) for row in chosen}
    codes = book.codes(chosen)
    for announcement in _strangers(book, tags, codes, "tag:"):
        given = tags[announcement]
        tags[announcement] = {**given, "utm_term": given.get("utm_term") or _unique(announcement)}
    keys = _keys(tags, codes)
    lost = {probe.partition(":")[2] for probe in _misled(book, keys, tags, codes)}
    unmeasured = set(unmeasurable(trail)["announcement"])
    rows = [
        (
            row["id"],
            row["channel"],
            page.tagged(tags[row["id"]]),
            *(tags[row["id"]].get(name) for name in UTM),
            codes[row["id"]],
            _unique(row["id"]),
            row["id"] in unmeasured,
            row["id"] not in lost,
        )
        for row in chosen
    ]
    columns = {"announcement": "text", "channel": "text", "url": "text", **dict.fromkeys(UTM, "text")}
    columns |= {"promo_code": "text", "picture": "text", "unmeasurable": "boolean", "certain": "boolean"}
    meta = {"event": event, "base_url": base_url}
    of_keys = dict.fromkeys(("id", "kind", "value", "announcement"), "text")
    return Links(
        table_of("links", columns, rows, meta), table_of("source_keys", of_keys, [tuple(key.values()) for key in keys])
    )


class _Page:
    """A link taken apart, percent-encoded where it must be."""

    def __init__(self, base_url: str) -> None:
        from urllib.parse import quote, unquote_plus, urlsplit

        def refused(why: str) -> InvalidArgumentError:
            return InvalidArgumentError(
                f"base_url is no link to a page ({why}): {base_url[:200]!r}", "invalid_argument"
            )

        if any(letter.isspace() or not letter.isprintable() for letter in base_url):
            raise refused("it has blanks or control characters")
        try:
            parts = urlsplit(base_url)
            host, port = parts.hostname or "", parts.port
            host = host if ":" in host else host.encode("idna").decode()
        except ValueError as error:
            raise refused("its host or port is none") from error
        if parts.scheme not in ("http", "https") or not host:
            raise refused("it does not begin with https:// and a host")
        host = f"[{host}]" if ":" in host else host
        login = quote(parts.netloc.rpartition("@")[0], safe="%:!$&'()*+,;=~-._")
        self.place = (login + "@" if login else "") + host + (f":{port}" if port is not None else "")
        self.scheme = parts.scheme
        self.path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        asked = (part for part in parts.query.split("&") if unquote_plus(part.partition("=")[0]) not in UTM)
        self.query = "&".join(quote(part, safe=EXACT) for part in asked if part)
        self.fragment = quote(parts.fragment, safe=EXACT)

    def tagged(self, tags: Mapping[str, str]) -> str:
        """Give the link with UTM fields after its own query."""
        from urllib.parse import quote, urlunsplit

        added = "&".join(f"{name}={quote(tags[name], safe='')}" for name in UTM if name in tags)
        query = f"{self.query}&{added}" if self.query else added
        return urlunsplit((self.scheme, self.place, self.path, query, self.fragment))


class _Book:
    """Announcements, channels and keys of a Trail."""

    def __init__(self, trail: Trail) -> None:
        self.currency = trail.currency
        self.channels = {row["id"]: row for row in trail.table("channels").to_dicts()}
        self.announcements = trail.table("announcements").to_dicts()
        self.keys = trail.table("source_keys").to_dicts()
        self.served: dict[str, list[str]] = {}
        for row in trail.table("announcement_events").to_dicts():
            if row["announcement"] and row["event"]:
                self.served.setdefault(row["announcement"], []).append(row["event"])

    def events_of(self, row: Row) -> list[str]:
        return self.served.get(row["id"]) or [row["event"]]

    def tags(self, row: Row, event: str) -> dict[str, str]:
        """Give what the announcement says of UTM, and the rest made of ids."""
        channel = self.channels.get(row["channel"], {})
        made = {
            "utm_source": slug(row["channel"] or "") or "channel",
            "utm_medium": slug(channel.get("venue_kind") or "") or "announcement",
            "utm_campaign": slug(event) or _unique(event),
            "utm_content": _unique(row["id"]),
        }
        return {**made, **{name: row[name] for name in UTM if row[name]}}

    def codes(self, chosen: Iterable[Row]) -> dict[str, str]:
        """Give each announcement the code that it has, or one that nobody has."""
        taken: dict[str, str | None] = {}  # as nobody would tell them apart: in capitals
        own: dict[str, list[str]] = {}
        for key in self.keys:
            if key["kind"] == "promo_code" and key["value"]:
                lasting = key["announcement"] and not key["from"] and not key["until"]
                taken.setdefault(key["value"].upper(), key["announcement"] if lasting else None)
                if lasting:
                    own.setdefault(key["announcement"], []).append(key["value"])
        for row in self.announcements:
            if row["promo_code"]:
                taken.setdefault(row["promo_code"].upper(), row["id"])
        codes = {}
        for row in chosen:
            codes[row["id"]] = row["promo_code"] or self._code(row["id"], own.get(row["id"], []), taken)
        return codes

    def _code(self, id_: str, own: Sequence[str], taken: dict[str, str | None]) -> str:
        """Give the first made code that is its own or free, unless a key gave it another one before."""
        attempt = 0
        while taken.get(_code(id_, attempt), id_) != id_:
            attempt += 1
        code = _code(id_, attempt)
        if own and code not in own:
            return min(own)
        taken[code] = id_
        return code


def _digest(text: str) -> bytes:
    import hashlib

    return hashlib.sha256(text.encode()).digest()


def _unique(id_: str) -> str:
    """Give a readable name that no other id has."""
    return "-".join(part for part in (slug(id_), _digest(id_).hex()[:8]) if part)


def _code(id_: str, attempt: int) -> str:
    number = int.from_bytes(_digest(f"promo\0{attempt}\0{id_}")[:16], "big")
    letters = ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters


def _keys(tags: Mapping[str, Mapping[str, str]], codes: Mapping[str, str]) -> list[Row]:
    """Give the keys that lead from links and codes to announcements.

    A key cannot hold a value with ``&``, nor with ``=``: it names the other fields then.
    """
    rows = []
    for announcement, given in tags.items():
        fields = [f"{name}={given[name]}" for name in UTM if name in given and not set("&=") & set(given[name])]
        for kind, value in (("utm", "&".join(fields)), ("promo_code", codes[announcement])):
            if value:
                mark = _digest(f"{kind}\0{value}\0{announcement}").hex()[:32]
                rows.append({"id": f"links:{mark}", "kind": kind, "value": value, "announcement": announcement})
    return rows


def _strangers(book: _Book, tags: Mapping[str, Mapping[str, str]], codes: Mapping[str, str], sort: str) -> list[str]:
    misled = _misled(book, _keys(tags, codes), tags, codes)
    return [probe.removeprefix(sort) for probe in misled if probe.startswith(sort)]


def _misled(
    book: _Book, keys: Iterable[Row], tags: Mapping[str, Mapping[str, str]], codes: Mapping[str, str]
) -> list[str]:
    """Try links and codes out: give the probes ``tag:ID`` and ``code:ID`` that are not credited to their announcement.

    Keys of other announcements are taken to be valid for ever: what could mislead some day is told now.
    """
    trail = Trail(currency=book.currency)
    trail.put("channels", [{"id": id_, "name": "-"} for id_ in book.channels])
    wanted = ("id", "channel", *UTM, "promo_code", "phone_number")
    for stub in (False, True):
        rows = [{name: row[name] for name in wanted} for row in book.announcements if (not row["channel"]) == stub]
        trail.put("announcements", rows, stub=stub)
    trail.put(
        "source_keys", [{**key, "from": None, "until": None, "version": None} for key in book.keys if key["value"]]
    )
    trail.put("source_keys", list(keys))
    probes = {f"tag:{id_}": dict(given) for id_, given in tags.items()}
    probes |= {f"code:{id_}": {"promo_code": code} for id_, code in codes.items()}
    at = "2000-01-01"
    trail.put("touches", [{"id": id_, "at": at, "kind": "click", **said} for id_, said in probes.items()])
    trail.put("leads", [{"id": id_, "touch": id_, "created_at": at} for id_ in probes])
    credited = trail.trace(key="(total)", metric="leads", by="announcement")
    found = dict(zip(credited["id"], credited["announcement"], strict=True))
    return [probe for probe in probes if found.get(probe) != probe.partition(":")[2]]
