"""What budgets set by fit and allocate earn in a made-up market: python money_test.py [SEEDS].

A market has eight channels whose deals follow saturating curves that the fit does not know (Michaelis-Menten, Hill
with slopes from 0.7 to 1.6), with noise beyond Poisson. Twelve months of history with money divided by chance, then
twelve months in which each rule divides the same monthly budget by what it has seen so far. What is counted is what
the market would bring on average (deals times their worth, less the money), so that only the rules differ.
"""

from __future__ import annotations

import importlib.util
import math
import random
import statistics
import sys
from collections.abc import Callable
from typing import Any

import polars as pl

import dealtrail as dt

CHANNELS, HISTORY, MONTHS, QUARTER, BUDGET, WORTH = 8, 12, 12, 3, 400_000, 9_000
Rows = list[dict[str, Any]]


class Market:
    """The truth: deals of a channel in a month for an amount of money."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        draw = self.random
        self.curves = []
        for _ in range(CHANNELS):
            half = 50_000 * math.exp(draw.gauss(0, 0.6))
            self.curves.append((30 * math.exp(draw.gauss(0, 0.5)), half, draw.choice([1, 1, 0.7, 1.3, 1.6])))

    def mean(self, channel: int, money: float) -> float:
        """Give the deals that money brings on average."""
        scale, half, slope = self.curves[channel]
        return scale * money**slope / (money**slope + half**slope) if money > 0 else 0.0

    def month(self, number: int, plan: list[float], luck: random.Random) -> Rows:
        """Give the rows of one month: spend and deals of each channel."""
        rows = []
        for channel, money in enumerate(plan):
            mean = self.mean(channel, money) * math.exp(luck.gauss(-0.02, 0.2))
            deals, waited = 0, luck.expovariate(1)
            while waited < mean:
                deals, waited = deals + 1, waited + luck.expovariate(1)
            rows.append({"channel": f"c{channel}", "month": number, "spend": round(money, 2), "count": deals})
        return rows

    def best(self) -> float:
        """Give what the best plan for the true curves brings; nobody knows it."""
        curves = {str(i): dt.budget.Hill(scale=s, half=h, slope=p) for i, (s, h, p) in enumerate(self.curves)}
        plan = dt.budget.allocate(curves, budget=BUDGET)
        return WORTH * plan.response - float(plan.spent)

    def earned(self, plan: list[float]) -> float:
        """Give what a month's plan brings on average, less its money."""
        return sum(WORTH * self.mean(channel, money) - money for channel, money in enumerate(plan))


def equal(_: Rows) -> list[float]:
    """Divide equally."""
    return [BUDGET / CHANNELS] * CHANNELS


def by_roi(rows: Rows) -> list[float]:
    """Divide in proportion to deals per money so far."""
    rates = []
    for channel in range(CHANNELS):
        own = [row for row in rows if row["channel"] == f"c{channel}"]
        rates.append(sum(row["count"] for row in own) / max(1.0, sum(row["spend"] for row in own)))
    total = sum(rates)
    return [BUDGET * rate / total for rate in rates] if total > 0 else equal(rows)


def fitted(rows: Rows) -> tuple[dict[str, dt.budget.Curve], dict[str, float]]:
    """Fit curves, and give twice the greatest spend of each channel as its limit, as ``dealtrail.plan`` does."""
    paid = [row for row in rows if row["spend"] > 0]
    found = dt.budget.fit(pl.DataFrame(paid))
    most = {row["key"]: 2 * float(row["spend_high"]) for row in found.table if row["identified"]}
    return found.curves, most


def planned(rows: Rows) -> list[float]:
    """Divide by the fitted curves; a channel without a curve gets an equal part."""
    curves, most = fitted(rows)
    aside = [name for name in (f"c{i}" for i in range(CHANNELS)) if name not in curves]
    budget = BUDGET * (1 - len(aside) / CHANNELS)
    if not curves:
        return equal(rows)
    plan = dt.budget.allocate(curves, budget=budget, bounds={name: (None, top) for name, top in most.items()})
    money = {row["key"]: float(row["proposed"]) for row in plan.table}
    return [money.get(f"c{i}", BUDGET / CHANNELS) for i in range(CHANNELS)]


def by_slsqp(rows: Rows) -> list[float]:
    """Divide by the same curves with SciPy's SLSQP from the equal split, scaled to units near 1."""
    import numpy as np
    from scipy.optimize import minimize

    curves, most = fitted(rows)
    if not curves:
        return equal(rows)
    names = sorted(curves)
    budget = BUDGET * len(names) / CHANNELS
    scale = sum(curves[name].value(budget / len(names)) for name in names)
    result = minimize(
        lambda x: -sum(curves[name].value(max(0.0, s) * budget) for name, s in zip(names, x, strict=True)) / scale,
        np.full(len(names), 1 / len(names)),
        bounds=[(0, min(1.0, most[name] / budget)) for name in names],
        constraints={"type": "ineq", "fun": lambda x: 1 - x.sum()},
        method="SLSQP",
    )
    money = {name: max(0.0, float(s)) * budget for name, s in zip(names, result.x, strict=True)}
    return [money.get(f"c{i}", BUDGET / CHANNELS) for i in range(CHANNELS)]


RULES: dict[str, Callable[[Rows], list[float]]] = {"equal": equal, "by ROI": by_roi, "plan": planned}
if importlib.util.find_spec("scipy"):
    RULES["SLSQP"] = by_slsqp


def run(seed: int) -> dict[str, float]:
    """Give what each rule earns in a month of one market."""
    market = Market(seed)
    history: Rows = []
    luck = random.Random(seed + 1_000_000)
    for month in range(HISTORY):
        weights = [luck.expovariate(1) + 0.15 for _ in range(CHANNELS)]
        history += market.month(month, [BUDGET * w / sum(weights) for w in weights], luck)
    earned = {"best": market.best()}
    for name, rule in RULES.items():
        rows, own = list(history), random.Random(seed + 2_000_000)
        total, plan = 0.0, equal(rows)
        for month in range(MONTHS):
            if month % QUARTER == 0:
                plan = rule(rows)
            total += market.earned(plan)
            rows += market.month(HISTORY + month, plan, own)
        earned[name] = total / MONTHS
    return earned


def main(seeds: int) -> None:
    """Print the mean month of each rule, and how far the plan is ahead."""
    results = [run(seed) for seed in range(seeds)]
    print(f"{seeds} markets, {MONTHS} months each, {BUDGET} a month")
    for name in ("best", *RULES):
        print(f"{name:8} earns {statistics.fmean(one[name] for one in results):10.0f} a month")
    for name in RULES:
        if name != "plan":
            off = [one["plan"] - one[name] for one in results]
            width = 1.96 * statistics.stdev(off) / math.sqrt(seeds)
            mean = statistics.fmean(off)
            print(f"plan - {name:8} {mean:8.0f} ({mean - width:.0f} to {mean + width:.0f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
