"""Where facts came from, what is wrong with numbers and placements, and which requests wait for an answer."""

from __future__ import annotations

from typing import Literal

from dealtrail import _core
from dealtrail._types import Moment, View
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["missed_calls", "phone_audit", "source_table", "unmeasurable", "venue_report"]


def source_table(trail: Trail, kind: Literal["touches", "registrations", "leads", "deals"] = "touches") -> Table:
    """Say of each fact where it came from and which rule said so.

    Parameters
    ----------
    trail
        The facts.
    kind
        Which facts: ``touches``, ``registrations``, ``leads`` or ``deals``.

    Returns
    -------
    Table with a row per fact, by ``id``: ``at``; ``rule`` (``announcement``, ``touch``, ``promo_code``, ``number``,
    ``number_pool``, ``form``, ``utm``, ``referrer``, ``registration``, ``lead``, ``sale``, ``none``, ``ambiguous``);
    ``key`` as it is stated, and ``key_id`` (null for a short form on an announcement); ``visit``, whose source a call
    to a pool's number has; ``channel``, ``announcement``, ``brand``, ``pipeline``; ``why`` there is no source:
    ``tie``, ``not_valid_then``, ``no_visit``, ``missing_link``, ``unknown_key``, ``no_key``. Null where there is none.

    Raises
    ------
    InvalidArgumentError
        Facts of another kind have no source of their own.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("channels", [{"id": "leaflet", "name": "Leaflet"}])
    >>> report = trail.put(
    ...     "source_keys", [{"id": "k", "kind": "number", "value": "8 495 111-22-33", "channel": "leaflet"}]
    ... )
    >>> report = trail.put(
    ...     "touches", [{"id": "call", "kind": "call", "dialled_number": "+74951112233", "at": "2026-03-02"}]
    ... )
    >>> dt.source_table(trail).select(["id", "rule", "key", "channel"]).to_dicts()
    [{'id': 'call', 'rule': 'number', 'key': '8 495 111-22-33', 'channel': 'leaflet'}]
    """
    return Table(_core.source_table(trail._core, kind))


def phone_audit(trail: Trail, *, as_of: Moment = None, window_days: int = 30) -> Table:
    """List what is wrong with telephone numbers: rings but unknown, paid but silent, moved, covered twice.

    Parameters
    ----------
    trail
        The facts.
    as_of
        What is dated later does not count. Default: everything counts, and now is the latest activity.
    window_days
        A number of a placement with cost that nobody called for so long is silent; 1 to 36500.

    Returns
    -------
    Table with a row per problem: ``problem`` (``unknown``, ``silent``, ``moved``, ``double``), ``number``, the ``key``
    with its ``announcement`` and ``channel``, the other one (``to_key``, ``to_announcement``, ``to_channel``),
    ``from``, ``until``, ``calls``, ``callers``, ``first_call``, ``last_call``, ``cost``. Of ``moved`` the calls are
    those after the move by callers who had called before it. Empty when all is well.

    Raises
    ------
    InvalidArgumentError
        A window out of range.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put(
    ...     "touches", [{"id": "call", "kind": "call", "dialled_number": "84951112233", "at": "2026-03-02"}]
    ... )
    >>> dt.phone_audit(trail).select(["problem", "number", "calls"]).to_dicts()
    [{'problem': 'unknown', 'number': '+74951112233', 'calls': 1}]
    """
    return Table(
        _core.phone_audit(trail._core, trail._options("channel", "marketing", "activity", as_of, None), window_days)
    )


def missed_calls(
    trail: Trail, *, state: Literal["all", "waiting"] = "all", as_of: Moment = None, view: View = "marketing"
) -> Table:
    """List calls that were missed, and forms and chats, with the minutes until somebody got back to them.

    Parameters
    ----------
    trail
        The facts.
    state
        ``all``, or ``waiting``: only those that nobody has answered yet.
    as_of
        What is dated later does not count. Default: everything counts, and now is the latest activity.
    view
        Of the won amounts.

    Returns
    -------
    Table with a row per request, by time: ``touch``, ``kind``, ``person``, ``phone``, ``client_id``, ``at``,
    ``answered_at`` and ``answered_by`` (null: not yet), ``minutes_waited`` (float, to the answer or to now),
    ``called_back``, ``channel``, ``announcement``, ``brand``, ``pipeline``, ``manager``; ``won_of_channel``,
    ``leads_of_channel`` and their ratio ``won_per_lead`` (major units; null without leads): what such requests bring on
    average.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> call = {"kind": "call", "phone": "8 916 123-45-67"}
    >>> report = trail.put(
    ...     "touches",
    ...     [
    ...         {**call, "id": "t1", "answered": False, "at": "2026-03-02T10:00"},
    ...         {**call, "id": "t2", "answered": True, "at": "2026-03-02T10:45", "phone": "+79161234567"},
    ...     ],
    ... )
    >>> dt.missed_calls(trail).select(["touch", "minutes_waited", "answered_by"]).to_dicts()
    [{'touch': 't1', 'minutes_waited': 45.0, 'answered_by': 't2'}]
    """
    return Table(_core.missed_calls(trail._core, trail._options("channel", view, "activity", as_of, None), state))


def venue_report(
    trail: Trail,
    *,
    by: Literal["announcement", "channel"] = "announcement",
    cost: Literal["ours", "reported"] = "ours",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Put venues' own reports (``placement_reports``) beside our counts.

    Parameters
    ----------
    trail
        The facts.
    by
        ``announcement`` or ``channel``.
    cost
        Of which cost ``cpm`` and ``cost_per_click`` are made: ``ours`` or the ``reported`` one.
    as_of
        What is dated later does not count. Default: everything counts.
    period
        Reports that begin in it, and our facts of it: ``2026-03``, ``2026-Q1``.

    Returns
    -------
    Table with a row per announcement or channel that is reported on, then ``(unattributed)`` and ``(total)``: ``key``,
    ``name``, ``reports``, ``impressions``, ``reach`` (the greatest of the reports), ``clicks``,
    ``registrations_claimed``, ``clicks_ours``, ``registrations``, ``attended``, ``difference`` (claimed less ours),
    ``difference_share``, ``cost``, ``cost_reported``, ``cpm``, ``ctr``, ``cost_per_click``. Null where no report says
    it, or there is nothing to divide by.

    Raises
    ------
    InvalidArgumentError
        Another ``by``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put("channels", [{"id": "portal", "name": "Portal"}])
    >>> report = trail.put(
    ...     "placement_reports",
    ...     [{"id": "r", "channel": "portal", "at": "2026-03-01", "impressions": 10_000, "clicks": 250, "cost": 5_000}],
    ... )
    >>> dt.venue_report(trail, by="channel", cost="reported").select(["key", "cpm", "ctr"]).to_dicts()[0]
    {'key': 'portal', 'cpm': 500.0, 'ctr': 0.025}
    """
    return Table(_core.venue_report(trail._core, trail._options(by, "marketing", "activity", as_of, period), cost))


def unmeasurable(trail: Trail) -> Table:
    """List announcements that nothing can be traced to: no tagged link, number or code, and no fact that names them.

    Parameters
    ----------
    trail
        The facts.

    Returns
    -------
    Table with a row per announcement that is out or planned, by id: ``announcement``, ``name``, ``channel``, ``event``,
    ``status``, ``published_at``, ``planned_cost``, ``hint``. Empty when all can be measured.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> report = trail.put(
    ...     "announcements",
    ...     [
    ...         {"id": "banner", "channel": "portal", "status": "planned"},
    ...         {"id": "post", "channel": "tg", "status": "planned", "promo_code": "MAY"},
    ...     ],
    ... )
    >>> dt.unmeasurable(trail)["announcement"]
    ['banner']
    """
    return Table(_core.unmeasurable(trail._core))
