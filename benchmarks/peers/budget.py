"""Plans beside cvxpy, HiGHS and SciPy's SLSQP, in one run: values first, then the ratio of times.

    python benchmarks/peers/budget.py [concave problems] [package problems] [problems of S-curves]

500 concave problems (logarithm and exponential, 3 to 12 channels) against cvxpy with Clarabel, each scaled to units
near 1; 300 problems of 30 announcements with 3 packages against HiGHS without a relative gap; S-curves of 20 channels
against the best of 50 starts of SLSQP with exact slopes. One thread each. Without the peers it says so.
"""

from __future__ import annotations

import importlib.util
import os
import random
import statistics
import sys
import time
from typing import Any

import dealtrail as dt

BUDGET = 100_000.0


def timed(call: Any) -> tuple[float, Any]:
    """Give the processor seconds and the result."""
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def concave(count: int) -> None:
    """Compare with cvxpy: values and own gaps."""
    import cvxpy as cp
    import numpy as np

    gaps, below, ratios = [], [], []
    for seed in range(count):
        draw = random.Random(seed)
        n = draw.randrange(3, 13)
        scale = [draw.uniform(10, 100) for _ in range(n)]
        unit = [draw.uniform(0.02, 0.6) for _ in range(n)]
        log = [draw.random() < 0.5 for _ in range(n)]
        curves: dict[str, dt.budget.Curve] = {
            f"c{i}": dt.budget.Log(scale=scale[i], half=unit[i] * BUDGET)
            if log[i]
            else dt.budget.Exponential(scale=scale[i], unit=unit[i] * BUDGET)
            for i in range(n)
        }
        own, plan = timed(lambda curves=curves: dt.budget.allocate(curves, budget=BUDGET))
        x = cp.Variable(n, nonneg=True)
        parts = [scale[i] * (cp.log(1 + x[i] / unit[i]) if log[i] else 1 - cp.exp(-x[i] / unit[i])) for i in range(n)]
        problem = cp.Problem(cp.Maximize(cp.sum(cp.hstack(parts))), [cp.sum(x) <= 1])
        other, _ = timed(lambda problem=problem: problem.solve(solver=cp.CLARABEL))
        shares = np.clip(x.value, 0, None)
        shares /= max(1.0, shares.sum())
        value = sum(curves[f"c{i}"].value(float(shares[i]) * BUDGET) for i in range(n))
        gaps.append(plan.gap)
        below.append(value / plan.value - 1)
        ratios.append(other / max(own, 1e-9))
    print(f"concave: {count} problems, own gap at most {max(gaps):.1e}, cvxpy above by at most {max(below):.1e}")
    print(f"  median time of cvxpy / ours {statistics.median(ratios):.0f}")


def packages(count: int) -> None:
    """Compare with HiGHS: equal values."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    off, ratios, owns = [], [], []
    for seed in range(count):
        draw = random.Random(seed)
        choices = []
        for _ in range(30):
            cost = response = 0.0
            rows = []
            for _ in range(3):
                cost += draw.randrange(5_000, 60_000)
                response += draw.uniform(1, 21)
                rows.append((cost, response))
            choices.append(rows)
        curves: dict[str, dt.budget.Curve] = {f"a{i}": dt.budget.Packages(rows) for i, rows in enumerate(choices)}
        own, plan = timed(lambda curves=curves: dt.budget.allocate(curves, budget=600_000))
        worth = np.array([response for rows in choices for _, response in rows])
        cost_row = np.array([[cost for rows in choices for cost, _ in rows]]) / 600_000
        pick = np.kron(np.eye(30), np.ones((1, 3)))
        limits = LinearConstraint(np.vstack([cost_row, pick]), -np.inf, 1)
        other, result = timed(
            lambda worth=worth, limits=limits: milp(
                -worth, constraints=limits, integrality=np.ones(90), bounds=Bounds(0, 1), options={"mip_rel_gap": 0}
            )
        )
        off.append(abs(-result.fun / plan.value - 1))
        ratios.append(other / max(own, 1e-9))
        owns.append(own)
        assert plan.verify()
    owns.sort()
    print(f"packages: {count} problems of 30 x 3, values differ by at most {max(off):.1e}")
    print(f"  ours median {owns[len(owns) // 2] * 1e3:.2f} ms")
    print(f"  median time of HiGHS / ours {statistics.median(ratios):.1f}")


def s_curves(count: int) -> None:
    """Compare with the best of 50 starts of SLSQP."""
    import numpy as np
    from scipy.optimize import minimize

    above, low, ratios = [], 0, []
    for seed in range(count):
        draw = np.random.default_rng(seed)
        n = 20
        scale, half, slope = draw.uniform(10, 100, n), draw.uniform(0.01, 0.3, n), draw.uniform(0.5, 3, n)
        curves: dict[str, dt.budget.Curve] = {
            f"c{i}": dt.budget.Hill(scale=float(scale[i]), half=float(half[i]) * BUDGET, slope=float(slope[i]))
            for i in range(n)
        }
        own, plan = timed(lambda curves=curves: dt.budget.allocate(curves, budget=BUDGET))
        size = plan.value

        def response(x: Any, scale: Any = scale, half: Any = half, slope: Any = slope) -> Any:
            power = np.maximum(x, 1e-12) ** slope
            return scale * power / (power + half**slope)

        def slopes(x: Any, scale: Any = scale, half: Any = half, slope: Any = slope) -> Any:
            power = np.maximum(x, 1e-12) ** slope
            other = half**slope
            return scale * slope * power / np.maximum(x, 1e-12) * other / (power + other) ** 2

        def starts(draw: Any = draw, response: Any = response, slopes: Any = slopes, size: float = size) -> float:
            best = 0.0
            for start in range(50):
                x0 = np.full(20, 1 / 20) if start == 0 else draw.dirichlet(np.ones(20))
                found = minimize(
                    lambda x: -response(x).sum() / size,
                    x0,
                    jac=lambda x: -slopes(x) / size,
                    bounds=[(0, 1)] * 20,
                    constraints={"type": "ineq", "fun": lambda x: 1 - x.sum(), "jac": lambda x: -np.ones_like(x)},
                    method="SLSQP",
                )
                x = np.clip(found.x, 0, 1)
                best = max(best, float(response(x / max(1.0, x.sum())).sum()))
            return best

        other, value = timed(starts)
        above.append(value / plan.value - 1)
        low += value < plan.value * 0.99
        ratios.append(other / max(own, 1e-9))
    print(f"S-curves: {count} problems of 20, SLSQP above by at most {max(above):.1e}, more than 1 % low in {low}")
    print(f"  median time of 50 starts / ours {statistics.median(ratios):.0f}")


def main() -> None:
    """Run the three comparisons."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # read when NumPy is imported, which is later
        os.environ.setdefault(name, "1")
    missing = [name for name in ("cvxpy", "scipy") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"not compared: {', '.join(missing)} not installed (an environment of their own: build/peers)")
        return
    counts = [int(text) for text in sys.argv[1:4]]
    for compare, count in zip((concave, packages, s_curves), counts + [500, 300, 100][len(counts) :], strict=True):
        compare(count)


if __name__ == "__main__":
    main()
