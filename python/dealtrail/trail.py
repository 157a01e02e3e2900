"""The Trail: facts in, live cards out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from dealtrail import _core
from dealtrail._intake import Intake
from dealtrail._types import OWN_TYPES, Clock, Moment, Rows, View, json_value
from dealtrail._zone import zone_of
from dealtrail.errors import InvalidArgumentError
from dealtrail.journeys import Journeys, lookbacks_of
from dealtrail.kinds import KindName
from dealtrail.table import Table

__all__ = ["Trail"]


class Trail(Intake):
    """The trail of facts channel → announcement → event → registration → attendance → deal, with live cards.

    Parameters
    ----------
    currency
        ISO 4217 code of the currency that figures are in.
    zone
        Calendar grouping, and wall clocks that come without a zone: an IANA name, ``UTC`` or a fixed offset ``+03:00``.
    vat
        ``gross``: amounts as they are; ``net``: less their tax parts.
    lookback_days
        How long an announcement stays young.
    max_per_key
        A phone, address or client id of more cards than this identifies nobody (0 to 100; 0: no key does).

    Notes
    -----
    Threads may share a Trail: any number read at a time, or one writes. What each figure counts is told in
    ``docs/cards/cards.md``, what is kept of facts in ``docs/trail/trail.md``, the kinds in ``docs/facts/kinds.md``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    >>> trail.put("channels", [{"id": "tg", "name": "Telegram"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("announcements", [{"id": "a1", "channel": "tg", "published_at": "2026-03-01T10:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("invoices", [{"id": "i1", "amount": "1500.00", "issued_at": "2026-03-02"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("invoice_lines", [{"id": "l1", "invoice": "i1", "channel": "tg"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("deals", [{"id": "d1", "announcement": "a1", "created_at": "2026-03-09T12:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> card = trail.card("tg")
    >>> card["cost"], card["deals"], card["cost_per_deal"]
    (Decimal('1500.00'), 1, 1500.0)
    """

    __slots__ = ("__weakref__", "_core")

    def __init__(
        self,
        currency: str,
        zone: str = "UTC",
        *,
        vat: Literal["gross", "net"] = "gross",
        lookback_days: int = 90,
        max_per_key: int = 5,
    ) -> None:
        name, changes, initial_offset_s = zone_of(zone)
        self._core = _core.Trail(currency, name, changes, initial_offset_s, vat, lookback_days, max_per_key)

    @classmethod
    def _of(cls, core: _core.Trail) -> Trail:
        trail = cls.__new__(cls)
        trail._core = core
        return trail

    @property
    def currency(self) -> str:
        """ISO 4217 code of the currency that figures are in."""
        return self._core.currency

    @property
    def zone(self) -> str:
        """Name of the zone of calendar grouping."""
        return self._core.zone

    @property
    def vat(self) -> str:
        """``gross`` or ``net``."""
        return self._core.vat

    @property
    def lookback_days(self) -> int:
        """How long an announcement stays young."""
        return self._core.lookback_days

    @property
    def now(self) -> datetime | None:
        """The latest time at which something happened, in UTC; ``None`` if nothing did."""
        return self._core.now

    def __len__(self) -> int:
        """Count the facts, stubs among them."""
        return self._core.size()

    def __contains__(self, fact: tuple[KindName, str]) -> bool:
        """Tell whether the fact ``(kind, id)`` is there."""
        kind, id_ = fact
        return self._core.contains(kind, id_)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"Trail(currency={self.currency!r}, zone={self.zone!r}, facts={len(self)})"

    def __copy__(self) -> Trail:
        return self._of(self._core.copy())

    def __deepcopy__(self, memo: object) -> Trail:
        return self.__copy__()

    def __reduce__(self) -> tuple[object, ...]:
        return Trail.restore, (self.snapshot(),)

    def size(self, kind: KindName) -> int:
        """Count the facts of one kind, stubs among them."""
        return self._core.size_of(kind)

    def remove(self, kind: KindName, id: str, version: int | None = None) -> None:  # noqa: A002
        """Take a fact away; with a version it beats rows of that version and earlier ones."""
        self._core.remove(kind, id, version)

    def merge(self, kind: Literal["people", "companies"], one: str, other: str, version: int | None = None) -> None:
        """State that two cards of people or companies are one."""
        self._core.merge(kind, one, other, version)

    def declare(self, kind: KindName, **columns: str | type) -> None:
        """Keep own columns beside the built-in ones of a kind; before the first row that carries them.

        Parameters
        ----------
        kind
            Such as ``deals``.
        columns
            Name and type: ``text``, ``integer``, ``real``, ``boolean``, ``time``, ``money``, ``decimal``, or ``str``,
            ``int``, ``float``, ``bool``, ``datetime``, ``Decimal``.

        Examples
        --------
        >>> import dealtrail as dt
        >>> trail = dt.Trail(currency="RUB")
        >>> trail.declare("deals", city="string")
        >>> trail.declared("deals")
        {'city': 'text'}
        """
        for name, type_ in columns.items():
            self._core.declare(kind, name, OWN_TYPES.get(type_) or str(type_))

    def declared(self, kind: KindName) -> dict[str, str]:
        """Give the own columns of a kind with their types."""
        return self._core.declared(kind)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Outcome rules, first match first."""
        rules: list[dict[str, Any]] = json.loads(self._core.rules())["rules"]
        return rules

    def set_rules(self, rules: str | Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        """Set the rules by which a view sees the outcome of a deal; they replace the earlier ones.

        Parameters
        ----------
        rules
            Dicts, first match first, or the JSON of ``{"rules": [...]}``. See ``docs/io/outcome_rules.md``.

        Examples
        --------
        >>> import dealtrail as dt
        >>> trail = dt.Trail(currency="RUB")
        >>> claim = {"field": "lost_reason", "op": "in", "value": ["defect", "refund"]}
        >>> trail.set_rules([{"name": "claims", "view": "marketing", "outcome": "won", "when": claim}])
        >>> trail.rules[0]["name"]
        'claims'
        """
        if not isinstance(rules, str):
            whole = rules if isinstance(rules, Mapping) else {"rules": list(rules)}
            rules = json.dumps(whole, ensure_ascii=False, default=json_value)
        self._core.set_rules(rules)

    def card(self, key: str, *, by: str = "channel") -> dict[str, Any]:
        """Give the live card of one channel, announcement, event, partner or month, without a scan.

        Parameters
        ----------
        key
            An id, ``2026-03`` for a month, ``(unattributed)`` or ``(total)``.
        by
            ``channel``, ``announcement``, ``event``, ``partner`` or ``month``.

        Raises
        ------
        UnknownNameError
            No card has this key.
        """
        return self._core.card(key, by)

    def cards(
        self,
        *,
        by: str = "channel",
        view: View = "marketing",
        clock: Clock = "activity",
        as_of: Moment = None,
        period: str | None = None,
        credit: str | None = None,
    ) -> Table:
        """Give a row per key, then ``(unattributed)``, then ``(total)``.

        Parameters
        ----------
        by
            ``channel``, ``announcement``, ``event``, ``partner`` and ``month`` are live; a field or own column of the
            facts, else of their announcement, channel, event, company or person is a scan. ``event`` has the column
            ``part_of``: of a session the event whose row counts it, too.
        view
            Whose eyes outcomes are seen with.
        clock
            Which time a figure is grouped by: each fact's own, its announcement's publication, or for cost the
            approval.
        as_of
            What is dated later does not count; a day is in. Default: every fact that is not planned counts, and what
            needs a now (begun, over, open) takes the latest activity.
        period
            Only what lies in ``2026-03-14``, ``2026-W11``, ``2026-03``, ``2026-Q1``, ``2026``, from one of them to
            another (``2026-02-20..2026-03-20``, both included), or in the ``last 30 days`` up to that of ``as_of``.
        credit
            A model that says whose guests and deals are: :func:`dealtrail.attribution.credited_cards`.
        """
        if credit is not None:
            from dealtrail.attribution import credited_cards

            return credited_cards(self, credit, by=by, view=view, clock=clock, as_of=as_of, period=period)
        return Table(self._core.cards(self._options(by, view, clock, as_of, period)))

    def trace(
        self,
        *,
        key: str,
        metric: str,
        by: str = "channel",
        view: View = "marketing",
        clock: Clock = "activity",
        as_of: Moment = None,
        period: str | None = None,
    ) -> Table:
        """Give the facts behind one cell of the cards; their parts add up to it.

        A ratio gives numerator and denominator.

        Parameters
        ----------
        key, metric
            The row and the column of the cell.
        by, view, clock, as_of, period
            As for ``cards``.
        """
        return Table(self._core.trace(key, metric, self._options(by, view, clock, as_of, period)))

    def diff(
        self,
        before: Trail,
        *,
        by: str = "channel",
        view: View = "marketing",
        clock: Clock = "activity",
        as_of: Moment = None,
        period: str | None = None,
        before_as_of: Moment = None,
        before_period: str | None = None,
    ) -> Table:
        """Tell how each cell of the cards came to change since another Trail, fact by fact.

        Parameters
        ----------
        before
            An earlier state; ``trail.diff(trail, period="2026-Q2", before_period="2026-Q1")`` compares two periods.
        by, view, clock, as_of, period
            As for ``cards``.
        before_as_of, before_period
            Of the earlier side, where they differ.
        """
        now = self._options(by, view, clock, as_of, period)
        then = None
        if before_as_of is not None or before_period is not None:
            then_as_of = as_of if before_as_of is None else before_as_of
            then = self._options(by, view, clock, then_as_of, period if before_period is None else before_period)
        return Table(self._core.diff(before._core, now, then))

    def preview(
        self,
        facts: Mapping[KindName, Rows],
        *,
        by: str = "channel",
        view: View = "marketing",
        clock: Clock = "activity",
        as_of: Moment = None,
        period: str | None = None,
    ) -> Table:
        """Tell what facts would change in the cards; nothing is kept. O(facts of the Trail).

        Parameters
        ----------
        facts
            Rows by kind, as ``put`` takes them.
        by, view, clock, as_of, period
            As for ``cards``.

        Raises
        ------
        SchemaError
            A row could not be kept: a preview has no report to list it in.

        Examples
        --------
        >>> import dealtrail as dt
        >>> trail = dt.Trail(currency="RUB")
        >>> change = trail.preview({"invoices": [{"id": "i1", "amount": 100, "issued_at": "2026-03-02"}]})
        >>> change.select(["key", "metric", "change"]).to_dicts()[-1]
        {'key': '(unattributed)', 'metric': 'cost', 'change': Decimal('100.00')}
        >>> len(trail)
        0
        """
        rows: dict[str, object] = {str(kind): of_kind for kind, of_kind in facts.items()}
        return Table(self._core.preview(rows, by, view, clock, as_of, period or ""))

    def goals(self, *, as_of: Moment = None, view: View = "marketing", clock: Clock = "activity") -> Table:
        """Give goals of events beside the facts, a row per goal."""
        return Table(self._core.goals(self._options("event", view, clock, as_of, None)))

    def timeline(self, *, person: str | None = None, company: str | None = None, deal: str | None = None) -> Table:
        """Tell the story of one person, company or deal in order of time, with money."""
        named = {"people": person, "companies": company, "deals": deal}
        chosen = [(kind, id_) for kind, id_ in named.items() if id_ is not None]
        if len(chosen) != 1:
            raise InvalidArgumentError("timeline needs one of person, company and deal", "invalid_argument")
        return Table(self._core.timeline(*chosen[0]))

    def journeys(
        self,
        to: str = "won",
        *,
        subject: Literal["person", "company", "deal"] = "person",
        lookback_days: int | Mapping[str, int] | None = None,
        kinds: str | Sequence[str] = (),
        view: View = "marketing",
        as_of: Moment = None,
        by: str = "channel",
        value: Literal["amount", "margin"] = "amount",
        period: str | None = None,
    ) -> Journeys:
        """Give touches in order of time up to ``attended``, ``deal_created``, ``won``, ``paid``, ``milestone:<kind>``.

        ``lookback_days``: ``None`` is the Trail's; by kind of touch ``{"impression": 1, "click": 7, "other": 30}``;
        ``kinds``: of touches, ``registration``, ``attendance``, ``lead``, ``deal``, none for all; ``by``: what touches
        are named by: ``announcement``, ``event``, ``partner``, any column; ``value`` of deals won; ``period`` of
        conversions. See ``docs/journeys/journeys.md``.
        """
        touched = [kinds] if isinstance(kinds, str) else list(kinds)
        back = lookbacks_of(lookback_days)
        return Journeys._of(
            _core.Journeys.from_trail(self._core, to, subject, *back, touched, view, as_of, by, value, period or "")
        )

    def findings(self) -> Table:
        """Tell what looks wrong, grouped: code, severity, kind, column, count, first_ids, message, hint."""
        return Table(self._core.findings())

    def table(self, kind: KindName) -> Table:
        """Give the facts of a kind back, by id: id, version, stub, the fields, the own columns."""
        return Table(self._core.table(kind))

    def snapshot(self) -> bytes:
        """Give all of the Trail in bytes; equal Trails have equal bytes."""
        return self._core.snapshot()

    @staticmethod
    def restore(snapshot: bytes) -> Trail:
        """Give the Trail of a snapshot.

        Raises
        ------
        CorruptDataError
            The bytes are no whole snapshot; names the place.
        """
        return Trail._of(_core.Trail.restore(bytes(snapshot)))

    def _options(self, by: str, view: str, clock: str, as_of: Moment, period: str | None) -> _core.CardsOptions:
        return self._core.options(by, view, clock, as_of, period or "")
