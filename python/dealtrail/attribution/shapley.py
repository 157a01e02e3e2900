"""Shapley values: what channels add to the sets of channels that they join. The game is named in the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from dealtrail import _core
from dealtrail.attribution.mergeable import MergeableState
from dealtrail.attribution.results import Cost, costs_of, table_of, threads_of, told
from dealtrail.errors import InvalidArgumentError
from dealtrail.journeys import whole_of
from dealtrail.table import Table

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys

__all__ = ["ShapleyState", "shapley", "shapley_by_position"]

Game = Literal["equal_split", "exact_set_rate", "subset_rate"]
#: What sets of channels are worth: a function of a frozenset of names, or a mapping from sets (or one name).
ValueOf: TypeAlias = "Callable[[frozenset[str]], float] | Mapping[Iterable[str], float] | None"

DEFAULT_SAMPLES = 500


def _sampling(exact_up_to: int, samples: int | None, seed: int) -> tuple[int, int, int]:
    samples = DEFAULT_SAMPLES if samples is None else samples
    return whole_of("exact_up_to", exact_up_to, 0), whole_of("samples", samples, 0), whole_of("seed", seed, 0)


def shapley(
    journeys: Journeys,
    *,
    game: Game = "equal_split",
    value_of: ValueOf = None,
    exact_up_to: int = 24,
    samples: int | None = None,
    seed: int = 0,
    cost: Cost = None,
    intervals: bool = True,
    threads: int | None = None,
) -> Table:
    """Credit channels by their Shapley values in a game.

    "Shapley" means different numbers for the same journeys, by what a set S of channels is worth:

    ``equal_split``
        Conversions of journeys that had no channel but those of S: each conversion is divided among the channels of its
        journey in equal parts, whatever did not convert.
    ``exact_set_rate``
        Conversions / journeys of the journeys that had exactly S. Often negative.
    ``subset_rate``
        Conversions / journeys of all journeys that had no channel but those of S.

    Parameters
    ----------
    journeys
        What to credit. Journeys without touches are in no game: ``(unattributed)``.
    game
        One of the three.
    value_of
        A game of your own: a function that is given a frozenset of channel names, or a mapping from each set (a
        frozenset, any other collection of names, or one name) to what it is worth; the empty set may be left out.
        Asked for 2^channels sets. Conversions and value are both divided by its values; there are no intervals.
    exact_up_to
        Channels, at most 24: beyond, ``subset_rate`` and ``value_of`` are sampled.
    samples
        Pairs of a random order of the channels and its reverse, when sampled; ``None`` is 500.
    seed
        Of those orders: the same seed, the same result.
    cost, intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Returns
    -------
    Table of :func:`dealtrail.attribution.linear`; ``score`` is the Shapley value. Where one is negative, or all are 0,
    nothing can be divided: conversions, share, value and value_share are null, and ``meta["findings"]`` says so.
    ``meta`` names the game, and of a sampled one samples, seed and the greatest standard error of a score.

    Raises
    ------
    UnknownNameError
        There is no such game.
    InvalidArgumentError
        A set has no worth, or one that is not a finite number; ``exact_up_to`` is above 24; fewer than 2 samples.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame(
    ...     {"path": ["search > mail", "mail", "search"], "conversions": [30, 2, 1], "nulls": [70, 40, 50]}
    ... )
    >>> journeys = dt.Journeys.from_paths(paths, nulls="nulls")
    >>> dt.attribution.shapley(journeys, game="subset_rate").select(["channel", "conversions", "score", "share"])
    channel         conversions   score   share
    --------------  -----------  ------  ------
    mail                19.2031  0.0995  0.5819
    search              13.7969  0.0715  0.4181
    (unattributed)            0       –       –
    (total)                  33       –       1
    """
    exact_up_to, samples, seed = _sampling(exact_up_to, samples, seed)
    if value_of is None:
        result = _core.shapley(journeys._core, game, exact_up_to, samples, seed, intervals, threads_of(threads))
    else:
        result = _core.shapley_by(journeys._core, _asked(value_of, game, journeys.channels), exact_up_to, samples, seed)
    return table_of([result], cost, journeys)


def shapley_by_position(journeys: Journeys) -> Table:
    """Divide the equal split by where in the journey each channel stood (*ordered* Shapley).

    A channel that was there several times has equal parts at each of its places.

    Returns
    -------
    Table with a row per channel and position (from 1) that has a part, then ``(unattributed)`` and ``(total)``:
    channel, position, conversions, share (of what channels are credited with), value (money, when there are values).
    Conversions of a channel add up to those of ``shapley(journeys)``; its value to within odd minor units, all of it
    exactly.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> paths = pl.DataFrame({"path": ["search > mail", "mail > search > mail"], "conversions": [4, 2]})
    >>> dt.attribution.shapley_by_position(dt.Journeys.from_paths(paths))
    channel         position  conversions   share
    --------------  --------  -----------  ------
    mail                   1          0.5  0.0833
    mail                   2            2  0.3333
    mail                   3          0.5  0.0833
    search                 1            2  0.3333
    search                 2            1  0.1667
    (unattributed)         –            0       –
    (total)                –            6       –
    """
    return told(_core.shapley_by_position(journeys._core), journeys.left_out)


class ShapleyState(MergeableState):
    """What journeys say of sets of channels, mergeable and exact: every game is read from it.

    Shards that keep each subject whole (of paths: each path), in any order, give the same bytes; what was merged can be
    subtracted.

    Parameters
    ----------
    journeys
        What to count.
    intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> def state(path: str) -> dt.attribution.ShapleyState:
    ...     paths = pl.DataFrame({"path": [path], "conversions": [1]})
    ...     return dt.attribution.ShapleyState(dt.Journeys.from_paths(paths))
    >>> both = state("a > b")
    >>> both.merge(state("b"))
    >>> both.table().select(["channel", "conversions"]).to_dicts()[:2]
    [{'channel': 'a', 'conversions': 0.5}, {'channel': 'b', 'conversions': 1.5}]
    >>> both.subtract(state("b"))
    >>> both == state("a > b")
    True
    """

    __slots__ = ()
    _made_by = _core.ShapleyState
    _core: _core.ShapleyState

    def __init__(self, journeys: Journeys, *, intervals: bool = True, threads: int | None = None) -> None:
        self._core = _core.ShapleyState(journeys._core, intervals, threads_of(threads))
        self._decimals = self._core.value_decimals()
        self._left_out = journeys.left_out

    def table(
        self,
        *,
        game: Game = "equal_split",
        value_of: ValueOf = None,
        exact_up_to: int = 24,
        samples: int | None = None,
        seed: int = 0,
        cost: Cost = None,
        threads: int | None = None,
    ) -> Table:
        """Give the table of :func:`shapley`; without rows when nothing was counted."""
        exact_up_to, samples, seed = _sampling(exact_up_to, samples, seed)
        if value_of is None:
            result = self._core.finish(game, exact_up_to, samples, seed, threads_of(threads))
        else:
            result = self._core.finish_by(_asked(value_of, game, self._core.channels()), exact_up_to, samples, seed)
        costs = costs_of(cost, self._decimals)
        return told(_core.credit_table([] if result is None else [result], costs), self._left_out)


def _asked(value_of: ValueOf, game: str, channels: list[str]) -> Callable[[list[int]], float]:
    """Give a worth of sets of names as one of places among the channels."""
    if game != "equal_split":
        raise InvalidArgumentError("value_of is a game of its own", "invalid_argument", hint="leave game out")
    if callable(value_of):
        function = value_of
        return lambda places: float(function(frozenset(channels[place] for place in places)))
    if not isinstance(value_of, Mapping):
        raise InvalidArgumentError(
            "value_of is a function of a frozenset of names, or a mapping from sets to numbers", "invalid_argument"
        )
    worth = {frozenset([key] if isinstance(key, str) else key): float(value) for key, value in value_of.items()}
    worth.setdefault(frozenset(), 0.0)

    def of_set(places: list[int]) -> float:
        names = frozenset(channels[place] for place in places)
        if names not in worth:
            raise InvalidArgumentError(
                f"value_of has no worth of the set {sorted(names)}",
                "invalid_argument",
                hint="give each set of the channels a number; 0 if it is worth nothing",
            )
        return worth[names]

    return of_set
