"""Journeys: who was touched by which channels, in order of time, and what came of it."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping, Sequence
from typing import Literal

from dealtrail import _core
from dealtrail._core import Journeys as _Core
from dealtrail._types import Rows
from dealtrail.errors import InvalidArgumentError, UnknownNameError
from dealtrail.reports import tell_of
from dealtrail.table import Table

__all__ = ["Journeys"]

PathTransform = Literal["as_is", "unique", "first", "exposure", "frequency"]


class Journeys:
    """Touches of subjects in order of time, cut into journeys: the view that attribution models read.

    A journey is one subject's touches up to a conversion; after it a new one begins, and what is left is a journey
    that did not convert, and is used. Made from path rows, a journey stands for many. Immutable; threads may share
    it. Equal content gives equal bytes, whatever the order and batches of the rows and the number of threads. See
    ``docs/journeys/journeys.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> touches = pl.DataFrame(
    ...     {
    ...         "user": ["ann", "bob", "ann", "ann", "bob"],
    ...         "day": ["2026-03-01", "2026-03-01", "2026-03-04", "2026-03-09", "2026-03-10"],
    ...         "channel": ["portal", "mail", "mail", "portal", "portal"],
    ...         "bought": [False, False, True, False, False],
    ...     }
    ... ).with_columns(pl.col("day").str.to_date())
    >>> journeys = dt.Journeys.from_touches(touches, subject="user", at="day", channel="channel", converted="bought")
    >>> journeys
    Journeys(journeys=3, conversions=1, touches=5, channels=2)
    >>> journeys.paths().select(["path", "journeys", "conversions", "nulls"])
    path           journeys  conversions  nulls
    -------------  --------  -----------  -----
    portal > mail         1            1      0
    mail > portal         1            0      1
    portal                1            0      1
    """

    __slots__ = ("__weakref__", "_core")
    _core: _Core

    def __init__(self) -> None:
        raise InvalidArgumentError(
            "journeys are made by from_touches, from_paths, from_bytes or Trail.journeys", "invalid_argument"
        )

    @classmethod
    def _of(cls, core: _Core) -> Journeys:
        journeys = cls.__new__(cls)
        journeys._core = core
        return journeys

    @classmethod
    def from_touches(
        cls,
        touches: Rows,
        *,
        subject: str = "subject",
        at: str = "at",
        channel: str = "channel",
        converted: str | None = None,
        value: str | None = None,
        currency: str | None = None,
        places: int | None = None,
        kind: str | None = None,
        lookback_days: int | Mapping[str, int] | None = None,
        conversions: Literal["all", "first"] = "all",
        threads: int | None = None,
        strict: bool = False,
    ) -> Journeys:
        """Make journeys of a table of touches, a row each.

        Parameters
        ----------
        touches
            Any table with ``__arrow_c_stream__``, or dicts; rows in any order. Rows without a subject, a time or a
            channel (null or empty), and rows whose ``at`` or ``converted`` cannot be read, are left out and listed in
            ``problems``. A row whose ``value`` cannot be read is kept without it, and listed.
        subject
            Column of who was touched: whole numbers or text.
        at
            Column of times: timestamps of any unit, dates, or ISO 8601 as text. What has no zone is taken as UTC;
            nanoseconds are rounded down to microseconds. Equal times are ordered by (converted, channel, value).
        channel
            Column of channels: text or categories.
        converted
            Column that marks conversions: boolean, 0/1 or yes/no; null is no. A row that converts is a touch and ends
            its journey. ``None``: nobody converted.
        value
            Column of amounts in major units on the rows that convert; null is 0. One that is finer than a minor unit
            is rounded half to even; ``problems`` counts them and adds up the difference.
        currency
            ISO 4217 code of the values; ``None``: plain numbers.
        places
            Digits after the point of values without a currency, 0 to 9. ``None``: as many as the column has, from two
            to nine; journeys that are merged need the same.
        kind
            Column of kinds of touch, for a look-back per kind: text or categories; null is no kind.
        lookback_days
            Touches longer before a conversion than this are not of its journey; they make up one that did not convert.
            ``None``: however long ago. With ``kind``, days per kind: ``{"view": 1, "click": 7, "other": 30}``; without
            ``"other"``, kinds that are not named count however long ago.
        conversions
            ``"all"``: after a conversion the subject's next journey begins. ``"first"``: only its first conversion
            counts, and what comes after it is left out and counted in ``problems`` (:meth:`first_conversions`).
        threads
            ``None``: as many as this process has cores. The result is the same for any number.
        strict
            Raise when a row or a value would be left out.

        Returns
        -------
        Journeys, empty for an empty table.

        Warns
        -----
        LossWarning
            Rows are left out. Once per call.

        Raises
        ------
        SchemaError
            A column is missing or of a type that does not fit; names the column and what to cast it to. Or ``strict``,
            and something would be left out.
        StreamError
            The stream was read before.
        InvalidArgumentError
            ``lookback_days`` are below 0 or above 36500, or per kind when no column of kinds is named; ``value`` is
            named and ``converted`` is not.
        UnknownNameError
            ``conversions`` are neither all nor first.
        """
        if conversions not in ("all", "first"):
            raise UnknownNameError(f"conversions are all or first, not {conversions}", "unknown_name")
        if isinstance(lookback_days, Mapping) and not kind:
            raise InvalidArgumentError(
                "a look-back per kind of touch needs the column of kinds",
                "invalid_argument",
                hint='for example kind="kind"',
            )
        made = cls._of(
            _core.Journeys.from_touches(
                touches,
                subject,
                at,
                channel,
                converted or "",
                value or "",
                currency or "",
                places,
                kind or "",
                *lookbacks_of(lookback_days),
                threads_of(threads),
            )
        )
        tell_of_rows(made, strict)
        return made.first_conversions() if conversions == "first" else made

    @classmethod
    def from_paths(
        cls,
        paths: Rows,
        *,
        path: str = "path",
        conversions: str | None = "conversions",
        value: str | None = None,
        nulls: str | None = None,
        sep: str = ">",
        currency: str | None = None,
        places: int | None = None,
        strict: bool = False,
    ) -> Journeys:
        """Make journeys of a table of paths, a row each; equal paths add up, none is ever expanded.

        Parameters
        ----------
        paths
            Any table with ``__arrow_c_stream__``, or dicts.
        path
            Column of texts such as ``search > social > mail``: channels in order of time. Blanks around them are
            trimmed, empty ones passed over; an empty or null path is a journey without touches. A column of lists is
            joined first: ``pl.col("path").cast(pl.List(pl.String)).list.join(">")``.
        conversions
            Column of how many journeys went that way and converted: whole numbers, or boolean. ``None``: each row is
            one conversion.
        value
            Column of amounts in major units of all conversions of the row together.
        nulls
            Column of how many went that way and did not convert. ``None``: none, or for boolean ``conversions`` its
            no's. Models that do not know them overrate every channel on the way.
        sep
            What stands between channels.
        currency
            ISO 4217 code of the values; ``None``: plain numbers.
        places
            Digits after the point of values without a currency, 0 to 9. ``None``: as many as the column has, from two
            to nine; journeys that are merged need the same.
        strict
            Raise when a row or a value would be left out.

        Returns
        -------
        Journeys without subjects and times. Rows that count no journey, or whose counts cannot be read, are left out
        and listed in ``problems``. A row whose amount cannot be read is kept without it, and listed.

        Warns
        -----
        LossWarning
            Rows are left out. Once per call.

        Raises
        ------
        SchemaError
            A column is missing or of a type that does not fit. Or ``strict``, and something would be left out.
        """
        made = cls._of(
            _core.Journeys.from_paths(
                paths, path, conversions or "", value or "", nulls or "", sep, currency or "", places
            )
        )
        tell_of_rows(made, strict)
        return made

    def __len__(self) -> int:
        """Count the rows of ``table``; a row of paths stands for as many journeys as it has."""
        return self._core.size()

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Journeys) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        meta = self.meta
        shown = ("journeys", "conversions", "touches", "channels", *(("left_out",) if self.left_out else ()))
        return "Journeys({})".format(", ".join(f"{name}={meta[name]}" for name in shown))

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return Journeys.from_bytes, (self.to_bytes(),)

    @property
    def channels(self) -> list[str]:
        """Names of the channels that occur, sorted."""
        return self._core.channels()

    @property
    def meta(self) -> dict[str, str]:
        """What the journeys were made with, and how many of everything there are."""
        return self._core.meta()

    @property
    def left_out(self) -> int:
        """Rows of the source that are in no journey although nobody asked to leave them out."""
        return self._core.left_out()

    @property
    def problems(self) -> Table:
        """What was left out on the way in: code, severity, column, count, first_rows, message, hint."""
        return Table(self._core.problems())

    def paths(self, *, separator: str = " > ") -> Table:
        """Give each different path once: path, touches, journeys, conversions, nulls, value.

        Most conversions first, then most journeys, then by path. A journey without touches is ``(unattributed)``.
        """
        return Table(self._core.paths(separator))

    def table(self, *, separator: str = " > ") -> Table:
        """Give a row per journey, by subject, then time.

        Columns: journey (its number), subject, path, touches, first_at, last_at, converted_at, conversions, nulls,
        value.
        """
        return Table(self._core.table(separator))

    def touches(self) -> Table:
        """Give a row per touch: journey (its number in ``table``), subject, place (from 1), channel, at."""
        return Table(self._core.touches())

    def by_path(self) -> Journeys:
        """Give the different paths with what they add up to, without subjects and times: what goes far in little."""
        return Journeys._of(self._core.by_path())

    def transform(self, how: PathTransform) -> Journeys:
        """Give journeys whose repeated touches are told another way.

        Parameters
        ----------
        how
            What ``D > A > B > B > C > D > C > C`` becomes. ``"as_is"``, ``"unique"``: the same. ``"exposure"``:
            ``D > A > B > C > D > C``, repeats one after another are one touch. ``"first"``: ``D > A > B > C``, each
            channel is there once, where it came first. ``"frequency"``: ``D(2) > A(1) > B(2) > C(3)``, as ``"first"``,
            and how often is part of the channel's name; costs by channel do not find such names.

        Returns
        -------
        Journeys with the same journeys, conversions and values. The touch that stays is the first of those that become
        one, with its time; when a journey converted and its milestones stay. Equal paths add up.

        Raises
        ------
        UnknownNameError
            There is no such transform.

        Examples
        --------
        >>> import dealtrail as dt
        >>> import polars as pl
        >>> paths = pl.DataFrame({"path": ["D > A > B > B > C > D > C > C"], "conversions": [1]})
        >>> journeys = dt.Journeys.from_paths(paths)
        >>> journeys.transform("exposure").paths()["path"]
        ['D > A > B > C > D > C']
        """
        return Journeys._of(_core.transform(self._core, how))

    def exclude(
        self, channels: str | Sequence[str], *, when: Literal["always", "not_alone", "last"] = "always"
    ) -> Journeys:
        """Give journeys without the touches of these channels.

        Parameters
        ----------
        channels
            Names of one channel or several. A name that no journey has is no mistake: another shard may have it.
        when
            ``"always"``: all their touches go; a journey that has no others is ``(unattributed)``, with its conversions
            and value. ``"not_alone"``: they go from journeys that have others; so direct visits are ignored unless
            there is nothing else. ``"last"``: only those at the end, after the last touch of another channel.

        Returns
        -------
        Journeys with the same journeys, conversions and values.

        Raises
        ------
        UnknownNameError
            There is no such ``when``.
        """
        return Journeys._of(
            _core.exclude(self._core, [channels] if isinstance(channels, str) else list(channels), when)
        )

    def last_touches(self, last: int) -> Journeys:
        """Give journeys of no more than their ``last`` touches, 1 or more.

        Raises
        ------
        InvalidArgumentError
            ``last`` is below 1.
        """
        return Journeys._of(_core.last_touches(self._core, whole_of("last", last)))

    def first_conversions(self) -> Journeys:
        """Give journeys in which each subject converts once: what ``conversions="first"`` makes.

        The first conversion by time stays, with what led to it; a subject's later conversions, and journeys that begin
        after the first, are left out and counted in ``problems``. Journeys of nobody known are not one subject's, and
        they stay.

        Raises
        ------
        InvalidArgumentError
            The journeys are of paths, which have no subjects.
        """
        return Journeys._of(_core.first_conversions(self._core))

    def with_milestones(
        self,
        milestones: Rows,
        *,
        subject: str = "subject",
        kind: str = "kind",
        at: str = "at",
        kinds: str | Sequence[str] = ("lead_created", "deal_created"),
    ) -> Journeys:
        """Give journeys that know when their subject reached milestones: what models by milestones stand on.

        Parameters
        ----------
        milestones
            Any table with ``__arrow_c_stream__``, or dicts, a row per milestone that somebody reached; rows in any
            order. Rows without a subject, a kind or a time, of other kinds, and of subjects without touches, are left
            out and counted in ``problems``.
        subject
            Column of whose it is: of the same type as in the table of touches.
        kind
            Column of kinds: text.
        at
            Column of times: timestamps of any unit, dates, or ISO 8601 as text.
        kinds
            The kinds that become milestones, one or several: those two for ``u_shaped``, ``w_shaped`` and
            ``full_path``, or those that ``milestones`` gives shares to. Shards that are merged name the same ones.

        Returns
        -------
        Journeys; one that converts has, of each kind, its subject's earliest milestone after the conversion before it
        and not after its own. ``table`` shows them as ``lead_created_at`` and so on.

        Raises
        ------
        InvalidArgumentError
            The journeys are of paths or of a Trail, or have milestones; ``kinds`` are empty, twice or no names.
        SchemaError
            A column is missing or of a type that does not fit.
        """
        named = [kinds] if isinstance(kinds, str) else list(kinds)
        return Journeys._of(_core.with_milestones(self._core, milestones, subject, kind, at, named))

    def merge(self, other: Journeys) -> Journeys:
        """Give these journeys and those of another shard together.

        Shards keep each subject whole; then any sharding and any order of merging give the same bytes. Equal paths
        add up.

        Raises
        ------
        InvalidArgumentError
            The two were made with different options.
        CurrencyError
            Their values are in different currencies.
        """
        return Journeys._of(self._core.merged(other._core))

    def to_bytes(self) -> bytes:
        """Give the journeys in bytes; equal journeys have equal bytes."""
        return self._core.to_bytes()

    @staticmethod
    def from_bytes(data: bytes) -> Journeys:
        """Give the journeys of such bytes.

        Raises
        ------
        CorruptDataError
            The bytes are not what ``to_bytes`` gives.
        """
        return Journeys._of(_core.Journeys.from_bytes(bytes(data)))


def tell_of_rows(journeys: Journeys, strict: bool) -> None:
    """Warn the caller's caller of rows that are in no journey; when strict, raise for whatever is left out."""
    if journeys.left_out or strict:
        rows = f"{journeys.left_out} of {journeys.meta['rows']} rows" if journeys.left_out else "values"
        tell_of(journeys.problems.to_dicts(), f"{rows} are left out", strict, 4)


def lookbacks_of(lookback_days: int | Mapping[str, int] | None) -> tuple[int | None, list[tuple[str, int]]]:
    """Give the look-back of ``other`` kinds of touch, and those of the kinds that have their own."""
    if not isinstance(lookback_days, Mapping):
        return None if lookback_days is None else whole_of("lookback_days", lookback_days), []
    days = {kind: whole_of("lookback_days", back) for kind, back in lookback_days.items()}
    return days.pop("other", None), list(days.items())


def whole_of(name: str, number: int, least: int = -(2**63)) -> int:
    """Give a whole number that an argument of this name can be."""
    try:
        whole = operator.index(number)
    except TypeError:
        raise InvalidArgumentError(f"{name} is a whole number, not {number!r}", "invalid_argument") from None
    if not least <= whole < 2**63:
        raise InvalidArgumentError(f"{name} out of range: {whole}", "invalid_argument")
    return whole


def threads_of(threads: int | None) -> int:
    """Give how many threads to use: all cores of this process when nobody says."""
    if threads is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if threads < 1:
        raise InvalidArgumentError(f"threads out of range: {threads}", "invalid_argument", hint="1 or more")
    return threads
