"""Foreign money and the VAT basis."""

from __future__ import annotations

from fractions import Fraction

from .door import NANO, Row, decimals_of
from .split import round_half_even
from .state import State


def rate_of(state: State, currency: str, at: int | None) -> Fraction | None:
    """Take the latest positive rate of that currency whose ``at`` is not after the fact's own time (equal times: the
    greater id)."""
    if at is None:
        return None
    rates = [
        row
        for row in state.all("exchange_rates")
        if row["currency"] == currency and row["at"] is not None and row["at"] <= at and (row["rate"] or 0) > 0
    ]
    return Fraction(max(rates, key=lambda row: (row["at"], row["id"]))["rate"], NANO) if rates else None


def converted(state: State, kind: str, row: Row, minor: int, at: int | None) -> int | None:
    """Money in the Trail's currency: amount x rate, rounded half to even to the minor unit; None when there is no
    rate."""
    currency = row["currency"] or state.currency
    if currency == state.currency:
        return minor
    rate = rate_of(state, currency, at)
    if rate is None:
        state.note("foreign_currency", kind, row["id"])
        return None
    return round_half_even(
        Fraction(minor) * rate * Fraction(10) ** (decimals_of(state.currency) - decimals_of(currency))
    )


def without_vat(state: State, row: Row) -> int:
    """VAT basis ``net``: amount - vat (null: 0); ``gross``: the amount."""
    amount: int = row["amount"]
    return amount - (row["vat"] or 0) if state.vat_basis == "net" else amount
