"""What the states of all models can do: merge, take back, go into bytes and come back."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

__all__ = ["MergeableState"]

Self = TypeVar("Self", bound="MergeableState")


class MergeableState:
    """The counts of a model as a value. Each model's state says what it counts and how its table is made."""

    __slots__ = ("_core", "_decimals", "_left_out")
    _made_by: ClassVar[Any]  # the class of the core
    _core: Any
    _decimals: int
    _left_out: int  # rows in no journey, of what was counted here; not part of the state

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
        self._left_out += other._left_out

    def subtract(self: Self, other: Self) -> None:
        """Take back what was merged.

        Raises
        ------
        InvalidArgumentError
            It cannot have been merged.
        """
        self._core.subtract(other._core)
        self._left_out = max(0, self._left_out - other._left_out)

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
        state._left_out = 0
        return state

    def __copy__(self: Self) -> Self:
        copied = self.from_bytes(self.to_bytes())
        copied._left_out = self._left_out
        return copied

    def __deepcopy__(self: Self, memo: object) -> Self:
        return self.__copy__()

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (type(self), self.to_bytes(), self._left_out)


def _restored(made: type[Self], data: bytes, left_out: int) -> Self:
    """Give the state that was pickled so."""
    state = made.from_bytes(data)
    state._left_out = left_out
    return state
