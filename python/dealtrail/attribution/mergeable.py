"""What the states of all models can do: merge, take back, go into bytes and come back."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

__all__ = ["MergeableState"]

Self = TypeVar("Self", bound="MergeableState")


class MergeableState:
    """The counts of a model as a value. Each model's state says what it counts and how its table is made."""

    __slots__ = ("_core", "_decimals")
    _made_by: ClassVar[Any]  # the class of the core
    _core: Any
    _decimals: int

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, type(self)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def merge(self: Self, other: Self) -> None:
        """Add what another shard counted.

        Raises
        ------
        InvalidArgumentError
            The two are of different models, parameters or groups.
        CurrencyError
            Their values are in different currencies.
        """
        self._core.merge(other._core)

    def subtract(self: Self, other: Self) -> None:
        """Take back what was merged.

        Raises
        ------
        InvalidArgumentError
            It cannot have been merged.
        """
        self._core.subtract(other._core)

    def to_bytes(self) -> bytes:
        """Give the state in bytes; equal states have equal bytes."""
        made: bytes = self._core.to_bytes()
        return made

    @classmethod
    def from_bytes(cls: type[Self], data: bytes) -> Self:
        """Give the state of such bytes.

        Raises
        ------
        CorruptDataError
            The bytes are not what ``to_bytes`` gives.
        """
        state = cls.__new__(cls)
        state._core = cls._made_by.from_bytes(bytes(data))
        state._decimals = state._core.value_decimals()
        return state
