"""What budgets set by ``dealtrail.plan`` earn in a made-up market: python money_test.py [SEEDS [FILE]].

A market has eight channels whose results follow saturating curves that the fit does not know (Michaelis-Menten, Hill
with slopes from 0.7 to 1.6), with noise beyond Poisson. Twelve months of history with money divided by chance, then
twelve months in which each rule divides the same monthly budget by what it has seen so far. What is counted is what
the market would bring on average (results times their worth, less the money), so that only the rules differ.

With a FILE each market is one line of JSON there; a second run goes on with the seeds that are not in it.
"""

from __future__ import annotations

import importlib.util
import json
import math
import random
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def trail_of(rows: Rows) -> dt.Trail:
    """Put the rows as facts: an event a month, a placement of each channel for it, its cost, its registrations."""
    trail = dt.Trail(currency="RUB")
    trail.put("channels", [{"id": f"c{i}", "name": f"c{i}", "state": "working"} for i in range(CHANNELS)])
    months = {row["month"]: f"{2024 + row['month'] // 12}-{row['month'] % 12 + 1:02}" for row in rows}
    trail.put("events", [{"id": at, "name": at, "starts_at": f"{at}-20"} for at in months.values()])
    announcements, costs, registrations = [], [], []
    for row in rows:
        at = months[row["month"]]
        one = f"{row['channel']} {at}"
        announcements.append({"id": one, "channel": row["channel"], "event": at, "published_at": f"{at}-02"})
        costs.append({"id": one, "kind": "marketing", "announcement": one, "amount": row["spend"], "at": f"{at}-02"})
        registrations += [
            {"id": f"{one} {n}", "event": at, "announcement": one, "at": f"{at}-03"} for n in range(row["count"])
        ]
    trail.put("announcements", announcements)
    trail.put("costs", costs)
    trail.put("registrations", registrations)
    return trail


def last_day(rows: Rows) -> str:
    """Give the moment of planning: the 28th of the last month that was seen."""
    month = max(row["month"] for row in rows)
    return f"{2024 + month // 12}-{month % 12 + 1:02}-28"


def divided(rows: Rows) -> tuple[dt.TrailPlan | None, dict[str, float]]:
    """Plan by the history; channels without a curve get an equal part, the others share the rest."""
    names = [f"c{i}" for i in range(CHANNELS)]
    trail, aside, plan = trail_of(rows), 0, None
    while aside < CHANNELS:
        budget = BUDGET * (1 - aside / CHANNELS)
        plan = dt.plan(trail, budget=budget, metric="registrations", as_of=last_day(rows))
        without = len(names) - (len(plan.table) - 1)
        if without == aside:
            break
        aside = without
    money = dict.fromkeys(names, BUDGET / CHANNELS)
    if plan is not None:
        money |= {row["key"]: float(row["proposed"]) for row in plan.table if row["key"] in money}
    return plan, money


def by_slsqp(plan: dt.TrailPlan) -> tuple[float, dict[str, float]]:
    """Solve the problem of the plan with SciPy's SLSQP from the equal split, scaled to units near 1."""
    import numpy as np
    from scipy.optimize import minimize

    problem = json.loads(plan.certificate())
    names = [channel["name"] for channel in problem["channels"]]
    minors = 10 ** problem["places"]
    budget = problem["budget"] / minors
    bounds = [(c["least"] / minors / budget, c["most"] / minors / budget) for c in problem["channels"]]
    scale = plan.value

    def response(shares: Any) -> float:
        pairs = zip(names, shares, strict=True)
        return sum(plan.curves[name].value(max(0.0, float(share)) * budget) for name, share in pairs)

    start = np.clip(np.full(len(names), 1 / len(names)), *np.array(bounds).T)
    result = minimize(
        lambda x: -response(x) / scale,
        start,
        bounds=bounds,
        constraints={"type": "ineq", "fun": lambda x: 1 - x.sum()},
        method="SLSQP",
    )
    shares = np.clip(result.x, *np.array(bounds).T)
    shares /= max(1.0, shares.sum())
    return response(shares), {name: float(share) * budget for name, share in zip(names, shares, strict=True)}


RULES: dict[str, Callable[[Rows], list[float]]] = {"equal": equal, "by ROI": by_roi}
SCIPY = importlib.util.find_spec("scipy") is not None


class Planned:
    """The rule of ``dealtrail.plan``, or SLSQP on its curves; remembers how the two values compare."""

    def __init__(self, solver: str) -> None:
        self.solver = solver
        self.worst = 0.0  # the most by which SLSQP's value is above the plan's, relative

    def __call__(self, rows: Rows) -> list[float]:
        """Divide as planned."""
        plan, money = divided(rows)
        if plan is not None and self.solver == "SLSQP":
            value, other = by_slsqp(plan)
            self.worst = max(self.worst, value / plan.value - 1)
            money |= other
        return [money[f"c{i}"] for i in range(CHANNELS)]


def run(seed: int) -> dict[str, float]:
    """Give what each rule earns in a month of one market."""
    market = Market(seed)
    history: Rows = []
    luck = random.Random(seed + 1_000_000)
    for month in range(HISTORY):
        weights = [luck.expovariate(1) + 0.15 for _ in range(CHANNELS)]
        history += market.month(month, [BUDGET * w / sum(weights) for w in weights], luck)
    earned = {"seed": seed, "best": market.best()}
    rules: dict[str, Callable[[Rows], list[float]]] = {**RULES, "plan": Planned("plan")}
    if SCIPY:
        rules["SLSQP"] = slsqp = Planned("SLSQP")
    for name, rule in rules.items():
        rows, own = list(history), random.Random(seed + 2_000_000)
        total, plan = 0.0, equal(rows)
        for month in range(MONTHS):
            if month % QUARTER == 0:
                plan = rule(rows)
            total += market.earned(plan)
            rows += market.month(HISTORY + month, plan, own)
        earned[name] = total / MONTHS
    if SCIPY:
        earned["SLSQP above"] = slsqp.worst
    return earned


def main(seeds: int, file: Path | None) -> None:
    """Print the mean month of each rule, and how far the plan is ahead."""
    lines = file.read_text(encoding="utf-8").splitlines() if file is not None and file.exists() else []
    known = {one["seed"]: one for one in map(json.loads, lines)}
    for seed in range(seeds):
        if seed in known:
            continue
        known[seed] = run(seed)
        if file is not None:
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(known[seed]) + "\n")
    results = [known[seed] for seed in range(seeds)]
    print(f"{seeds} markets, {MONTHS} months each, {BUDGET} a month")
    names = [name for name in results[0] if name not in ("seed", "SLSQP above")]
    for name in names:
        print(f"{name:8} earns {statistics.fmean(one[name] for one in results):10.0f} a month")
    for name in names:
        if name not in ("best", "plan"):
            off = [one["plan"] - one[name] for one in results]
            width = 1.96 * statistics.stdev(off) / math.sqrt(seeds)
            mean = statistics.fmean(off)
            print(f"plan - {name:8} {mean:8.0f} ({mean - width:.0f} to {mean + width:.0f})")
    if "SLSQP" in names:
        print(f"planned value of SLSQP above the plan's: at most {max(one['SLSQP above'] for one in results):.1e}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
