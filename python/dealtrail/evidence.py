"""Is a channel good enough, and how sure are we: verdicts after a few placements, overheating, repeatability.

Each function reads *placements*: the announcements of a Trail, with the spend and the results of their cards, or a
table with a row for each placement of a channel (or creative, or format: whatever ``by`` names). Any table with
``__arrow_c_stream__`` will do. What cannot be read is left out, counted in ``meta`` and listed by ``problems``.
Definitions: ``docs/evidence/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from dealtrail import _core
from dealtrail._types import ArrowTable, Moment, View
from dealtrail.errors import InvalidArgumentError, Where
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = ["judge", "overheat", "placements", "problems", "rating", "repeatability"]

Number = float | int | Decimal
Placements = ArrowTable | Trail
"""A table with a row per placement, or a Trail, whose announcements are the placements."""


def judge(
    table: Placements,
    *,
    metric: str = "cost_per_attendee",
    by: str = "channel",
    benchmark: Number | None = None,
    channel: str | None = None,
    placement: str | None = None,
    at: str | None = None,
    spend: str | None = "spend",
    count: str = "count",
    trials: str | None = None,
    exposure: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
    care: float = 0.05,
    horizon: int = 10,
    most_placements: int = 20,
) -> Table:
    """Judge channels after a few placements: keep, drop or test again, why, and how sure (M1.8).

    Parameters
    ----------
    table
        A row per placement; or a Trail: its announcements.
    metric
        How the result is called. Of a Trail it tells what counts: a ratio of cards of cost to a count, such as
        ``cost_per_attendee`` (guests who came), ``cost_per_registration``, ``cost_per_deal``, ``cac``; ``show_rate``
        (a share); or a count of cards. Of a table it is only named in ``meta``.
    by
        What a key is: ``channel``, ``creative``, ``format``; also the column of keys unless ``channel`` names another.
        Of a Trail: a column of announcements or channels.
    benchmark
        What a channel has to match: the cost of one result in major units; with ``trials`` the share of them (below 1);
        without ``spend`` the results per placement. ``None``: the pooled rate of the other working channels, or of all
        others where none is working.
    channel
        Column of keys: text or whole numbers; ``None``: the column named by ``by``.
    placement
        Column of ids. Equal rows of one (key, id) count once, different ones add up. ``None``: each row is a placement.
    at
        Column of times or dates; placements are looked at in this order.
    spend
        Column of amounts in major units; 0 is free, null is not known. ``None``: placements are judged per placement.
    count
        Column of results: whole numbers.
    trials
        Column of how many could have become a result (registered of invited, came of registered); results are then a
        share of them.
    exposure
        Column of reach; free placements are judged per unit of it where each has one.
    state
        Column of ``working``, ``test`` or ``archived``; ``None``: all working.
    open
        Column that marks placements whose results may still come; those are counted and not judged.
    currency
        ISO 4217 code of the spend; ``None``: numbers with two decimals.
    care
        Losses below this part of a placement are not worth another test.
    horizon
        Placements to come that a decision is for; ``value_of_one_more`` is over these.
    most_placements
        Tests are planned no further than this.
    view, as_of, period
        Of a Trail: whose outcomes of deals; what happened later does not count; only announcements published in the
        period. The names of columns, and ``currency``, are of a table.

    Returns
    -------
    Table with a row per key, by key. ``placements``, ``open`` and ``apart`` (over, but without what it takes to judge
    them: free ones of a paying channel, unknown spend, no trials) count; ``spend``, ``count`` and ``trials`` are sums
    of those judged. ``cost_per`` is as it was, ``cost_expected`` with what the pool says, ``cost_low`` and
    ``cost_high`` its 90 % interval; ``rate`` the same as results per major unit, placement, exposure or trial
    (``basis``). Costs are money, null where results are not bought. ``weight_own`` is the weight of the channel's own
    data, ``p_better`` the chance to beat ``benchmark``; ``loss_keep`` and ``loss_drop`` are expected losses of the
    next placement of median spend. ``verdict`` is provisional; ``settled`` a drop for good, by the e-value
    ``e_drop``; ``power`` the chance that a channel 30 % worse would be settled by now. ``gain`` only from ten
    channels on. All null where there is nothing to compare with; ``why`` tells.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.
    InvalidArgumentError
        ``benchmark`` is not a number above 0 (a share: below 1), ``care`` is outside 0 to 1, ``horizon`` or
        ``most_placements`` is below 1, ``currency`` is no code; columns are named for a Trail, or its
        options for a table.
    UnknownNameError
        A Trail has no such ``metric`` or column ``by``.

    Notes
    -----
    Gamma-Poisson and Beta-binomial rates; e-values by Ville (1939), many channels by the e-BH procedure of Wang and
    Ramdas (2022). Nothing is drawn at random: equal tables give equal results. About 1 ms a channel.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = pl.DataFrame(
    ...     {
    ...         "channel": ["portal"] * 4 + ["leaflet"] * 3,
    ...         "spend": [30_000] * 4 + [20_000] * 3,
    ...         "count": [62, 55, 58, 65, 2, 3, 1],
    ...         "state": ["working"] * 4 + ["test"] * 3,
    ...     }
    ... )
    >>> dt.evidence.judge(rows, state="state", currency="RUB").select(["key", "verdict", "settled"]).to_dicts()[0]
    {'key': 'leaflet', 'verdict': 'drop', 'settled': True}
    """
    columns = columns_of(channel or by, placement, at, spend, count, trials, exposure, state, open)
    read = placements_of(table, columns, currency, metric, by, view, as_of, period)
    given = None if benchmark is None else float(benchmark)
    return Table(_core.judge(read, metric, by, given, care, horizon, most_placements))


def overheat(
    table: Placements,
    *,
    metric: str = "cost_per_attendee",
    by: str = "channel",
    first: int = 3,
    plan: Number | None = None,
    channel: str | None = None,
    placement: str | None = None,
    at: str | None = None,
    spend: str | None = "spend",
    count: str = "count",
    trials: str | None = None,
    exposure: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Find channels whose results are below what was expected: dearer with spend, falling, below plan (M1.7).

    Parameters
    ----------
    table, metric, by, channel, placement, at, spend, count, trials, exposure, state, open, currency
        As for ``judge``.
    view, as_of, period
        As for ``judge``. ``at`` gives the order of placements; without it they stand by id.
    first
        The first placements, with which the later ones are compared.
    plan
        Expected cost of one result in major units (with ``trials`` a share, without ``spend`` results per placement).

    Returns
    -------
    Table with a row per key, by key. ``ratio`` is the rate of the later placements over that of the first, ``trend``
    the change of the rate from one placement to the next, ``elasticity`` the power of spend with which results grow
    (below 1 each next result costs more: ``marginal_cost``), each with its 90 % interval; ``e_first`` and ``e_plan``
    are evidence of being below the first placements and the plan. ``signals`` names those found (``below_plan``,
    ``below_first``, ``falling``, ``rising_marginal_cost``), null when none is. Null where there are too few
    placements to tell.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.
    InvalidArgumentError
        ``plan`` is not a number above 0, or ``first`` is below 1.

    Notes
    -----
    Poisson regressions with the over-dispersion of the pool. Cost: O(placements).

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> counts = [60, 58, 61, 44, 35, 29, 21, 15]
    >>> rows = pl.DataFrame({"channel": ["tg"] * 8, "spend": [30_000] * 8, "count": counts})
    >>> dt.evidence.overheat(rows, currency="RUB").select(["key", "cost_first", "cost_later", "signals"])
    key  cost_first  cost_later  signals
    ---  ----------  ----------  --------------------
    tg       502.79    1 041.67  below_first, falling
    """
    columns = columns_of(channel or by, placement, at, spend, count, trials, exposure, state, open)
    read = placements_of(table, columns, currency, metric, by, view, as_of, period)
    return Table(_core.overheat(read, metric, by, first, None if plan is None else float(plan)))


def repeatability(
    table: Placements,
    *,
    metric: str = "cost_per_attendee",
    by: str = "channel",
    channel: str | None = None,
    placement: str | None = None,
    at: str | None = None,
    spend: str | None = "spend",
    count: str = "count",
    trials: str | None = None,
    exposure: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Tell which channels repeat their results, so that money may move to them (M1.9).

    Parameters
    ----------
    table, metric, by, channel, placement, at, spend, count, trials, exposure, state, open, currency
        As for ``judge``.
    view, as_of, period
        As for ``judge``.

    Returns
    -------
    Table with a row per key, by key. ``reliability`` (0 to 1) is how much of the channel's distance from the others is
    its own and not chance; ``consistency`` the share of its placements on the same ``side`` (``better``, ``worse``) of
    the others' pooled rate; ``score`` their product. Each has a 90 % interval. Null without other channels.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.

    Notes
    -----
    Cost: O(placements), and about 2 ms for the pool.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = pl.DataFrame(
    ...     {"channel": ["a"] * 4 + ["b"] * 4, "spend": [100] * 8, "count": [31, 29, 33, 30, 9, 12, 11, 10]}
    ... )
    >>> dt.evidence.repeatability(rows).select(["key", "side", "consistency"]).to_dicts()
    [{'key': 'a', 'side': 'better', 'consistency': 1.0}, {'key': 'b', 'side': 'worse', 'consistency': 1.0}]
    """
    columns = columns_of(channel or by, placement, at, spend, count, trials, exposure, state, open)
    read = placements_of(table, columns, currency, metric, by, view, as_of, period)
    return Table(_core.repeatability(read, metric, by))


def rating(
    trail: Trail,
    *,
    by: Literal["partner", "channel"] = "partner",
    metric: str = "revenue_per_month",
    certainty: float = 0.8,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Rate partners or channels, fair to small ones, with the likeliest cause where one is ineffective (M2.6).

    Parameters
    ----------
    trail
        Leads, deals, activities, costs and payouts of partners or channels.
    by
        What is rated.
    metric
        ``revenue_per_month`` (amount won in major units), ``won_per_month``, ``lead_to_deal`` or ``roi_revenue``.
    certainty
        Chance of being below the others (0.5 to 1) from which a key is ``ineffective``.
    view, as_of, period
        Whose outcomes of deals; what happened later does not count; only what happened in the period.

    Returns
    -------
    Table with a row per key, best first, keys without a figure last. ``value`` is the figure as it was, ``shrunk`` with
    what the pool says (``low`` to ``high``: 90 %), ``others`` that of the others, ``weight_own`` the weight of the own
    data, ``p_below`` the chance to be below the others; ``rank`` with a 90 % interval, ``rank_low`` to ``rank_high``.
    An ineffective key has ``cause`` (``leads``, ``activity``, ``terms``, ``training``), ``figure`` and ``cure``.
    ``meta`` counts results of no key. Null where nothing is known or there is nothing to compare with.

    Raises
    ------
    UnknownNameError
        No such ``metric`` or ``by``.
    InvalidArgumentError
        ``certainty`` is outside 0.5 to 1.

    Notes
    -----
    Gamma-Poisson and Beta-binomial rates, ranks by posterior (Laird and Louis 1989). O(facts + keys ** 2).
    Definitions: ``docs/evidence/rating.md``.
    """
    options = trail._options(by, view, "activity", as_of, period)
    return Table(_core.rating(trail._core, options, metric, float(certainty)))


def placements(
    table: Placements,
    *,
    metric: str = "cost_per_attendee",
    by: str = "channel",
    channel: str | None = None,
    placement: str | None = None,
    at: str | None = None,
    spend: str | None = "spend",
    count: str = "count",
    trials: str | None = None,
    exposure: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Give the placements as they were read: a row each, by channel, time and id.

    Parameters
    ----------
    table, metric, by, channel, placement, at, spend, count, trials, exposure, state, open, currency
        As for ``judge``.
    view, as_of, period
        As for ``judge``.

    Returns
    -------
    Table of ``channel``, ``state`` (of the channel), ``placement``, ``at`` (UTC), ``spend`` (money; null: not known),
    ``count``, ``trials``, ``exposure``, ``open``.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = pl.DataFrame({"channel": ["tg", "tg"], "spend": [10.5, 10.5], "count": [1, 2]})
    >>> dt.evidence.placements(rows)["spend"]
    [Decimal('10.50'), Decimal('10.50')]
    """
    columns = columns_of(channel or by, placement, at, spend, count, trials, exposure, state, open)
    return Table(placements_of(table, columns, currency, metric, by, view, as_of, period).table())


def problems(
    table: Placements,
    *,
    metric: str = "cost_per_attendee",
    by: str = "channel",
    channel: str | None = None,
    placement: str | None = None,
    at: str | None = None,
    spend: str | None = "spend",
    count: str = "count",
    trials: str | None = None,
    exposure: str | None = None,
    state: str | None = None,
    open: str | None = None,  # noqa: A002
    currency: str | None = None,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> Table:
    """Give what was left out or changed when the placements were read.

    Parameters
    ----------
    table, metric, by, channel, placement, at, spend, count, trials, exposure, state, open, currency
        As for ``judge``.
    view, as_of, period
        As for ``judge``.

    Returns
    -------
    Table of ``code``, ``severity`` (``error``: left out, ``warning``, ``info``), ``column``, ``count``, ``first_ids``,
    ``first_values``, ``message``, ``hint``; empty when every row was read as it is.

    Raises
    ------
    SchemaError
        A column is not there, or of a type that does not fit.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> rows = pl.DataFrame({"channel": ["tg", "tg"], "spend": [10.0, -5.0], "count": [1, 2]})
    >>> dt.evidence.problems(rows).select(["code", "count", "first_ids"]).to_dicts()
    [{'code': 'negative_spend', 'count': 1, 'first_ids': 'row 1'}]
    """
    columns = columns_of(channel or by, placement, at, spend, count, trials, exposure, state, open)
    return Table(placements_of(table, columns, currency, metric, by, view, as_of, period).problems())


def placements_of(
    source: Placements,
    columns: Mapping[str, str],
    currency: str | None,
    metric: str,
    by: str,
    view: View = "marketing",
    as_of: Moment = None,
    period: str | None = None,
) -> _core.Placements:
    """Read the placements of a table or of a Trail; each has options of its own."""
    if isinstance(source, Trail):
        plain = columns_of(by, None, None, "spend", "count", None, None, None, None)
        if columns != plain or currency is not None:
            message = "the placements of a Trail have no columns to name, and its currency"
            hint = "use metric, by, view, as_of and period"
            raise InvalidArgumentError(f"{message}; {hint}", "invalid_argument", Where("placements"), hint)
        return _core.Placements.of_trail(source._core, source._options(by, view, "activity", as_of, period), metric)
    if (view, as_of, period) != ("marketing", None, None):
        message, hint = "view, as_of and period are of a Trail", "filter the rows of the table"
        raise InvalidArgumentError(f"{message}; {hint}", "invalid_argument", Where("placements"), hint)
    return _core.Placements.from_table(source, columns, currency or "")


def columns_of(
    channel: str,
    placement: str | None,
    at: str | None,
    spend: str | None,
    count: str,
    trials: str | None,
    exposure: str | None,
    state: str | None,
    is_open: str | None,
) -> dict[str, str]:
    """Give the columns of a table of placements by their role."""
    named = {
        "channel": channel,
        "placement": placement,
        "at": at,
        "spend": spend,
        "count": count,
        "trials": trials,
        "exposure": exposure,
        "state": state,
        "open": is_open,
    }
    return {role: name for role, name in named.items() if name is not None}
