"""The counts of a rule model as a value: made in shards, merged, taken back, kept in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from dealtrail import _core
from dealtrail.attribution.results import Cost, costs_of, threads_of
from dealtrail.errors import InvalidArgumentError
from dealtrail.table import Table

if TYPE_CHECKING:
    from dealtrail.journeys import Journeys

__all__ = ["CreditState"]

Rule = Literal["first_touch", "last_touch", "linear", "u_shaped", "w_shaped", "full_path", "participation"]


class CreditState:
    """What channels are credited with by a rule, mergeable and exact.

    Shards that keep each subject whole (of paths: each path), in any order, give the same bytes; what was merged can be
    subtracted.

    Parameters
    ----------
    journeys
        What to count.
    model
        ``first_touch``, ``last_touch``, ``linear``, ``u_shaped``, ``w_shaped``, ``full_path`` or ``participation``.
    intervals, threads
        As in :func:`dealtrail.attribution.linear`.

    Examples
    --------
    >>> import dealtrail as dt
    >>> import polars as pl
    >>> def state(path: str) -> dt.attribution.CreditState:
    ...     paths = pl.DataFrame({"path": [path], "conversions": [1]})
    ...     return dt.attribution.CreditState(dt.Journeys.from_paths(paths), "linear")
    >>> both = state("a > b")
    >>> both.merge(state("b"))
    >>> both.table().select(["channel", "conversions"]).to_dicts()[:2]
    [{'channel': 'a', 'conversions': 0.5}, {'channel': 'b', 'conversions': 1.5}]
    >>> both.subtract(state("b"))
    >>> both == state("a > b")
    True
    """

    __slots__ = ("_core", "_decimals")
    _core: _core.CreditState

    def __init__(
        self, journeys: Journeys, model: Rule = "linear", *, intervals: bool = True, threads: int | None = None
    ) -> None:
        rules = {
            "first_touch": _core.CreditRule.first_touch,
            "last_touch": lambda: _core.CreditRule.last_touch([]),
            "linear": _core.CreditRule.linear,
            "u_shaped": _core.CreditRule.u_shaped,
            "w_shaped": _core.CreditRule.w_shaped,
            "full_path": _core.CreditRule.full_path,
            "participation": _core.CreditRule.participation,
        }
        if model not in rules:
            raise InvalidArgumentError(
                f"no such rule: {model!r}", "invalid_argument", hint="one of " + ", ".join(sorted(rules))
            )
        self._core = _core.CreditState(journeys._core, rules[model](), intervals, threads_of(threads))
        self._decimals = journeys._core.value_decimals()

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, CreditState) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def merge(self, other: CreditState) -> None:
        """Add what another shard counted.

        Raises
        ------
        InvalidArgumentError
            The two are of different models or parameters.
        CurrencyError
            Their values are in different currencies.
        """
        self._core.merge(other._core)

    def subtract(self, other: CreditState) -> None:
        """Take back what was merged.

        Raises
        ------
        InvalidArgumentError
            It cannot have been merged.
        """
        self._core.subtract(other._core)

    def table(self, *, cost: Cost = None) -> Table:
        """Give the table of :func:`dealtrail.attribution.linear`; without rows when nothing was counted."""
        result = self._core.finish()
        return Table(_core.credit_table([] if result is None else [result], costs_of(cost, self._decimals)))

    def to_bytes(self) -> bytes:
        """Give the state in bytes; equal states have equal bytes."""
        return self._core.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> CreditState:
        """Give the state of such bytes.

        Raises
        ------
        CorruptDataError
            The bytes are not what ``to_bytes`` gives.
        """
        state = cls.__new__(cls)
        state._core = _core.CreditState.from_bytes(bytes(data))
        state._decimals = state._core.value_decimals()
        return state
