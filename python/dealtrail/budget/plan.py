"""A plan of money with its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dealtrail import _core
from dealtrail.budget.curves import Money
from dealtrail.table import Table

if TYPE_CHECKING:
    import altair

__all__ = ["Plan", "Verification"]


@dataclass(frozen=True)
class Verification:
    """The result of a check; true in a condition when the certificate is valid. Value, bound and gap are new sums."""

    valid: bool
    problem: str
    """Why the certificate is not valid; empty when it is."""
    leaves: int
    value: float
    bound: float
    gap: float

    def __bool__(self) -> bool:
        return self.valid


class Plan:
    """Money for each channel, with the proof of how good it is. Immutable."""

    __slots__ = ("_core", "table")

    def __init__(self, core: _core.BudgetPlan) -> None:
        self._core = core
        self.table = Table(core.table())
        """A row per channel, then ``(total)``: key, today, proposed, change (money); response_today, response;
        marginal_return (of the next unit of money; null for packages; in the total the shadow price); limit (the
        active one: least, most, fixed, least_if_used), limit_gain (what one unit of money more room brings)."""

    def _money(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self._core.places)

    @property
    def spent(self) -> Decimal:
        """The money of all channels, exactly."""
        return self._money(self._core.spent)

    @property
    def left(self) -> Decimal | None:
        """What is left of the budget; ``None`` without a budget. Money that brings nothing is left."""
        return None if self._core.left is None else self._money(self._core.left)

    @property
    def response(self) -> float:
        """The response of all channels."""
        return self._core.response

    @property
    def response_today(self) -> float | None:
        """The response of today's money; ``None`` unless it was given for every channel."""
        return self._core.response_today

    @property
    def value(self) -> float:
        """What the goal counts: the response, the money for ``response=``, the net response for ``marginal_roi=``."""
        return self._core.value

    @property
    def bound(self) -> float:
        """No plan is better than this: proved by the certificate."""
        return self._core.bound

    @property
    def gap(self) -> float:
        """``|bound - value|`` relative to the greater of the two."""
        return self._core.gap

    @property
    def exact(self) -> bool:
        """True when value and bound are equal to 1e-9."""
        return self._core.exact

    @property
    def shadow_price(self) -> float | None:
        """The response that one more unit of money brings; ``None`` when only packages could take it."""
        return self._core.shadow_price

    @property
    def limits(self) -> list[dict[str, Any]]:
        """Active limits of several channels, the budget and groups: name, limit, amount, gain of one unit more room."""
        return [
            {"name": name, "limit": limit, "amount": self._money(amount), "gain": gain}
            for name, limit, amount, gain in self._core.limits()
        ]

    def frontier(
        self, n: int = 100, *, most: Money | None = None, gap: float = 1e-6, time_limit_s: float = 10
    ) -> Table:
        """Give the most response for ``n`` budgets, evenly from the least possible one to ``most``.

        Parameters
        ----------
        n
            Number of rows, at least 1.
        most
            The greatest budget. Default: twice the money of the plan.
        gap
            Relative gap at which the search of a row ends.
        time_limit_s
            Seconds for all rows together; a row after that has the gap that its first node proves.

        Returns
        -------
        Table with budget (money), value, bound, shadow_price, and the money of each channel. On S-curves a channel may
        get less as the budget grows.

        Raises
        ------
        InvalidArgumentError
            ``n`` is 0, or ``most`` is below the least possible budget.
        """
        greatest = None if most is None else float(most)
        return Table(self._core.frontier(n, greatest, float(gap), float(time_limit_s)))

    def verify(self) -> Verification:
        """Check the certificate again without the solver: limits, value, cover of the leaves, bound of each leaf."""
        return Verification(*self._core.verify())

    def certificate(self) -> str:
        """Give the certificate as JSON text; ``docs/budget/verify_certificate.py`` checks it without the library."""
        return self._core.certificate()

    def plot(self) -> altair.Chart:
        """Draw the money of each channel, today and proposed, as bars; needs Altair, whose chart it gives."""
        try:
            import altair
        except ImportError as error:
            raise ImportError("plot needs Altair: pip install altair") from error
        rows = [
            {"channel": row["key"], "plan": name, "money": float(row[name])}
            for row in self.table
            for name in ("today", "proposed")
            if row["key"] != "(total)" and row[name] is not None
        ]
        return (
            altair.Chart(altair.Data(values=rows))
            .mark_bar()
            .encode(
                x=altair.X("money:Q", title=self.table.meta["currency"] or "money"),
                y=altair.Y("channel:N", sort=None, title=None),
                yOffset=altair.YOffset("plan:N", sort=["today", "proposed"]),
                color=altair.Color("plan:N", title=None),
            )
        )

    def __repr__(self) -> str:
        spent = f"spent={self.spent}, value={self.value:.6g}, bound={self.bound:.6g}, gap={self.gap:.2g}"
        return f"Plan({spent}, exact={self.exact})\n{self.table!r}"
