"""Where the chain breaks: the funnel of events, the lists of people to call, the order of follow-up.

``event_funnel`` reads anybody's table of events; ``waterfall``, ``stages`` and ``histories`` read what changed of the
deals of a Trail. The other functions read the *guests* of a Trail: a row for each
(topmost event, guest), with what was done for the guest, what the guest did and what came of it. What each column
counts is told in ``docs/funnel/funnel.md``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dealtrail import _core
from dealtrail._event_funnel import EventFunnel, Step, event_funnel
from dealtrail._histories import Stages, Waterfall, histories, stages, waterfall
from dealtrail._types import Moment, View
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = [
    "EventFunnel",
    "Stages",
    "Step",
    "Waterfall",
    "default_rules",
    "event_funnel",
    "exits",
    "funnel",
    "guests",
    "histories",
    "priority",
    "stages",
    "waterfall",
]

GuestStep = Literal["invited", "registered", "came", "interested", "deal", "won"]
ExitList = Literal["not_registered", "did_not_come", "no_follow_up", "no_contact", "no_offer", "overdue"]


def guests(trail: Trail, *, by: str = "event", view: View = "marketing", as_of: Moment = None) -> Table:
    """Give the guests of all events: a row per (topmost event, guest), by event and id.

    Parameters
    ----------
    trail
        The facts.
    by
        What the column ``key`` is: ``event``, ``channel``, ``announcement``, ``partner``, ``month`` (of the event),
        ``segment``, ``brand``, ``manager``, ``company``, ``person``, or any column that ``Trail.cards`` groups by.
    view
        Whose outcomes of deals: ``marketing`` or ``finance``.
    as_of
        What is dated later does not count. Default: everything counts, and now is the latest activity.

    Returns
    -------
    Table of the columns of ``docs/funnel/funnel.md``: text, times in UTC, counts, flags, money; then ``key``, null for
    ``(unattributed)``. ``meta`` has ``deals_without_event``: sales that belong to no event, and so to no guest.

    Raises
    ------
    UnknownNameError
        ``by`` is no column.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("attendances", [{"id": "a1", "event": "fair", "person": "ann", "at": "2026-03-10T10:05"}])
    PutReport(read=1, put=1, left_out=0)
    >>> dt.funnel.guests(trail).select(["event", "guest", "came", "walk_in"]).to_dicts()
    [{'event': 'fair', 'guest': 'ann', 'came': True, 'walk_in': True}]
    """
    return Table(_core.guests(trail._core, trail._options(by, view, "activity", as_of, None)))


def funnel(
    trail: Trail,
    *,
    by: str = "event",
    event: str | None = None,
    period: str | None = None,
    manager: str | Sequence[str] | None = None,
    exclude_managers: str | Sequence[str] = (),
    exclude_left: bool = False,
    order: Literal["any", "strict"] = "any",
    first: GuestStep = "invited",
    view: View = "marketing",
    as_of: Moment = None,
) -> Table:
    """Give the funnel invited → registered → came → interested → deal → won, with rates, money and goals (M0.6, M4.4).

    Parameters
    ----------
    trail
        The facts.
    by
        A row for each ``event``, ``channel``, ``announcement``, ``partner``, ``month`` (of the event), ``segment`` (as
        it was at the invitation), ``brand``, ``manager`` (owner at the time), ``company``, ``person``, or any column
        that ``Trail.cards`` groups by.
    event
        Only this topmost event.
    period
        Only events that start in it: ``2026-03-14``, ``2026-W11``, ``2026-03``, ``2026-Q1``, ``2026``.
    manager
        Only guests of this manager, or of these.
    exclude_managers
        Leave out guests of this manager, or of these.
    exclude_left
        Leave out guests whose manager has left by now.
    order
        ``any``: a step counts every guest who did it; ``strict``: only guests who did all steps from ``first`` on.
    first
        Where a strict chain begins.
    view, as_of
        As for ``guests``.

    Returns
    -------
    Table with a row per key, then ``(unattributed)`` (by month ``(undated)``), then ``(total)``. By event each topmost
    event has a row. ``guests``, ``invited``, ``registered``, ``came``, ``interested``, ``deal_guests`` and
    ``won_guests`` count guests; ``attended``, ``walk_ins``, ``deals``, ``won`` and ``amount_won`` are those of the
    cards. ``came_rate`` is the part of the registered who came, and so on, null where there is nobody before;
    ``came_of_all`` is over all guests of the row. ``goal_…`` and ``…_done`` stand beside events that have goals.

    Raises
    ------
    UnknownNameError
        ``by`` is no column, ``event`` is not there or is a session, or an order, step or view is none.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> people = ("ann", "bob")
    >>> trail.put("registrations", [{"id": p, "event": "fair", "person": p, "at": "2026-03-01"} for p in people])
    PutReport(read=2, put=2, left_out=0)
    >>> trail.put("attendances", [{"id": "a1", "registration": "ann", "at": "2026-03-10T10:05"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("touches", [{"id": "t", "kind": "visit", "at": "2026-03-11"}])  # the day of the fair is over
    PutReport(read=1, put=1, left_out=0)
    >>> row = dt.funnel.funnel(trail).to_dicts()[0]
    >>> row["registered"], row["came"], row["came_rate"], row["interested_rate"]
    (2, 1, 0.5, 0.0)
    """
    return Table(
        _core.funnel(
            trail._core,
            trail._options(by, view, "activity", as_of, period),
            order,
            first,
            event,
            _names(manager),
            _names(exclude_managers),
            exclude_left,
        )
    )


def exits(
    trail: Trail,
    *,
    event: str | None = None,
    manager: str | Sequence[str] | None = None,
    lists: ExitList | Sequence[ExitList] | None = None,
    segments: str | Sequence[str] = (),
    days: int = 14,
    view: View = "marketing",
    as_of: Moment = None,
) -> Table:
    """Give the people to call where the chain broke, a list per manager, with reason and money at stake (M0.7).

    Parameters
    ----------
    trail
        The facts.
    event
        Only this topmost event.
    manager
        Only what this manager has to do, or these.
    lists
        Only these lists: ``not_registered`` (invited, before the day), ``did_not_come``, ``no_follow_up`` (came and is
        on no list), ``no_contact`` (came, nobody in touch for ``days``), ``no_offer`` (interested, no offer sent),
        ``overdue`` (promised and not done).
    segments
        Who is worth an invitation: only these segments in ``not_registered``.
    days
        Without contact for this many days: ``no_contact``.
    view, as_of
        As for ``guests``.

    Returns
    -------
    Table of ``manager``, ``manager_name``, ``list``, ``reason``, ``name``, ``company_name``, ``phone``, ``email``,
    ``event``, ``event_name``, ``since`` (UTC), ``days`` (whole, since then), ``at_stake`` (money), ``at_stake_from``
    (``open_deals`` or ``segment_average``), ``won_sum`` and ``won_count`` of that average, ``segment``, ``kind``,
    ``guest``, ``person``, ``company``, ``activity``. By manager (null last), list, money at stake. Null: not known.

    Raises
    ------
    UnknownNameError
        ``event`` is not there or is a session, or a list is none.
    InvalidArgumentError
        ``days`` is negative.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> trail.put("attendances", [{"id": "a1", "event": "fair", "person": "ann", "at": "2026-03-10T10:05"}])
    PutReport(read=1, put=1, left_out=0)
    >>> dt.funnel.exits(trail).select(["guest", "list", "reason"]).to_dicts()
    [{'guest': 'ann', 'list': 'no_follow_up', 'reason': 'came, is on no follow-up list'}]
    """
    options = trail._options("event", view, "activity", as_of, None)
    return Table(_core.exits(trail._core, options, _names(lists), event, _names(manager), _names(segments), days))


def priority(
    trail: Trail,
    *,
    rules: str | Mapping[str, Any] | None = None,
    event: str | None = None,
    manager: str | Sequence[str] | None = None,
    view: View = "marketing",
    as_of: Moment = None,
) -> Table:
    """Give the order of follow-up by rules that are data, with reasons, a list per manager (M0.5).

    Parameters
    ----------
    trail
        The facts.
    rules
        The rules: JSON text, or the same as dicts (``docs/funnel/priority.md``); default: ``default_rules()``.
    event
        Only this topmost event.
    manager
        Only guests of this manager, or of these.
    view, as_of
        As for ``guests``.

    Returns
    -------
    Table of guests who came or were marked and have more than 0 points: ``manager``, ``manager_name``, ``level``,
    ``points``, ``name``, ``company_name``, ``phone``, ``email``, ``reasons``, ``event``, ``event_name``, ``at_stake``,
    ``at_stake_from``, ``won_sum``, ``won_count``, ``segment``, ``signal_kinds``, ``kind``, ``guest``, ``person``,
    ``company``. By manager (null last), points, money at stake; ``to_csv()`` gives the file that a CRM imports.

    Raises
    ------
    UnknownNameError
        ``event`` is not there or is a session; a rule has a wrong key or op, or a column that guests do not have.
    ParseError
        The rules are no JSON.
    InvalidArgumentError
        Two rules of one name, a key that is missing, ``from`` not before ``until``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> trail.put("events", [{"id": "fair", "name": "Fair", "starts_at": "2026-03-10T10:00"}])
    PutReport(read=1, put=1, left_out=0)
    >>> mark = {"id": "s1", "event": "fair", "person": "ann", "kind": "offer_request", "at": "2026-03-10T10:05"}
    >>> trail.put("signals", [mark])
    PutReport(read=1, put=1, left_out=0)
    >>> dt.funnel.priority(trail).select(["guest", "level", "points", "reasons"]).to_dicts()
    [{'guest': 'ann', 'level': 'high', 'points': 60, 'reasons': 'asked for an offer; nobody has been in touch since'}]
    """
    text = _core.default_priority_rules() if rules is None else rules if isinstance(rules, str) else json.dumps(rules)
    options = trail._options("event", view, "activity", as_of, None)
    return Table(_core.priority(trail._core, options, text, event, _names(manager)))


def default_rules() -> dict[str, Any]:
    """Give the rules of priority that hold when nobody says others; change them and hand them to ``priority``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> [rule["name"] for rule in dt.funnel.default_rules()["rules"]][:2]
    ['offer_request', 'open_deal']
    """
    rules: dict[str, Any] = json.loads(_core.default_priority_rules())
    return rules


def _names(given: str | Sequence[str] | None) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else list(given)
