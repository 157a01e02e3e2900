"""Before the day (M1.12): registrations against past editions, expected guests, what is missing to the goal."""

from __future__ import annotations

from dealtrail import _core
from dealtrail._types import Moment
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["pace", "pace_curve", "pace_editions"]


def pace(trail: Trail, event: str | None = None, *, as_of: Moment = None) -> Table:
    """Tell how an event stands against its past editions at the same time before their start.

    Parameters
    ----------
    trail
        Events with ``starts_at``, their registrations and arrivals; goals, capacity, announcements, invoices if known.
    event
        Its id; a session is compared with sessions. Default: every whole event to come that is not cancelled.
    as_of
        What is dated later does not count. Default: everything counts, and now is the latest activity.

    Returns
    -------
    Table with one row per event, by start. ``docs/answers/pace.md`` defines the columns: where it stands
    (``registrations``, ``past_median``, ``against_past``, ``share``), what that leads to (``expected_registrations``,
    ``expected_guests``, ``expected_tickets``, each with ``_low`` and ``_high``), what is missing to the goal
    (``missing_now``, ``missing_registrations``, ``missing_announcements``, ``missing_cost``), ``hall`` and, where
    something cannot be said, ``reason``. Counts are exact, rates and expectations float64; null where there is nothing
    to tell it from.

    Raises
    ------
    UnknownNameError
        No such event is there.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> for year, guests in ((2025, 4), (2026, 3)):
    ...     report = trail.put("events", [{"id": f"expo{year}", "name": "Expo", "starts_at": f"{year}-06-20"}])
    ...     rows = [{"event": f"expo{year}", "at": f"{year}-06-{day:02}"} for day in (1, 5, 9, 19)[:guests]]
    ...     report = trail.put("registrations", [{"id": f"{year}-{n}", **row} for n, row in enumerate(rows)])
    >>> row = dt.pace(trail, "expo2026", as_of="2026-06-10").to_dicts()[0]
    >>> row["days_to_go"], row["registrations"], row["past_median"], row["share"], row["expected_registrations"]
    (10, 3, 3.0, 0.75, 4.0)
    """
    return Table(_core.pace(trail._core, event or "", as_of))


def pace_editions(trail: Trail, event: str, *, as_of: Moment = None) -> Table:
    """Give the past editions that :func:`pace` compares an event with.

    Parameters
    ----------
    trail, event, as_of
        As for :func:`pace`.

    Returns
    -------
    Table with one row per past edition, by start: ``registrations_then`` (known at the same time before the start),
    ``registrations``, their ``share``, ``show_rate``, each with its 95 % interval, ``walk_ins``, ``announcements``,
    ``promotion_cost``. Its meta has ``basis`` and ``reason``.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        No such event is there, or none is named.
    """
    return Table(_core.pace_editions(trail._core, event, as_of))


def pace_curve(trail: Trail, event: str, *, as_of: Moment = None, longest_days: int = 366) -> Table:
    """Give the registrations of an event by days to go, beside those of its past editions, for a chart.

    Parameters
    ----------
    trail, event, as_of
        As for :func:`pace`.
    longest_days
        How long before the start the curve may begin; it begins with the first registration of any edition.

    Returns
    -------
    Table with one row per whole day to go, down to 0, the start: ``days_to_go``, ``at``, ``registrations`` (null after
    ``as_of``), ``past_median``, ``past_low``, ``past_high`` and the same of the ``share`` of final registrations.
    Empty for an event without a start or cancelled.

    Raises
    ------
    UnknownNameError, InvalidArgumentError
        No such event is there, none is named, or ``longest_days`` is not 0 to 36500.
    """
    return Table(_core.pace_curve(trail._core, event, as_of, longest_days))
