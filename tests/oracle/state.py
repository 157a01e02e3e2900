"""The present facts, and what every rule asks of them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from .door import Row, moment_of
from .identity import Partition

T = TypeVar("T")


class State:
    """Present rows by kind and id, with the Trail's options. Made anew for each question."""

    def __init__(
        self,
        rows: dict[str, dict[str, Row]],
        currency: str,
        zone: str,
        vat_basis: str,
        lookback_days: int,
        rules: list[Row],
        max_per_key: int = 5,
    ) -> None:
        self.rows = rows
        self.currency = currency
        self.zone = zone
        self.vat_basis = vat_basis
        self.lookback_days = lookback_days
        self.rules = rules
        self.max_per_key = max_per_key
        self._partitions: dict[str, Partition] = {}
        self.problems: set[tuple[str, str, str]] = set()  # (finding, kind, id)

    def all(self, kind: str) -> list[Row]:
        """Present rows of a kind, ordered by id."""
        return [row for _, row in sorted(self.rows.get(kind, {}).items())]

    def find(self, kind: str, fact_id: str | None) -> Row | None:
        """The present row of that id; None for no id, an absent or a removed fact."""
        return None if fact_id is None else self.rows.get(kind, {}).get(fact_id)

    def present(self, kind: str, fact_id: str | None) -> str | None:
        """The id itself when that fact is present."""
        return fact_id if self.find(kind, fact_id) is not None else None

    def note(self, finding: str, kind: str, fact_id: str) -> None:
        """Remember a finding."""
        self.problems.add((finding, kind, fact_id))

    def local_date(self, us: int) -> date:
        """The calendar day of a moment in the Trail's zone."""
        return moment_of(us).astimezone(ZoneInfo(self.zone)).date()

    def partition(self, kind: str) -> Partition:
        """Which cards of people or companies are one."""
        if kind not in self._partitions:
            self._partitions[kind] = Partition(self, kind)
        return self._partitions[kind]

    def cluster(self, kind: str, fact_id: str) -> str:
        """The smallest id of the cards that are one with this one."""
        return self.partition(kind).name(fact_id)


def first_not_none(*values: T | None) -> T | None:
    """The first value that is there."""
    return next((value for value in values if value is not None), None)
