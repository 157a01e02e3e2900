"""Check the certificate of a budget plan with the standard library alone: python verify_certificate.py FILE.

The plan keeps every limit, its value is right, the leaves of the split tree cover every choice, and none holds a better
plan than the bound: response - p[0] money <= phi, the greatest f_i(x_i) - p_i x_i and what the limits of groups cost.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from pathlib import Path
from typing import Any

TOLERANCE = 1e-11
NO_LIMIT = 2**63 - 1
Box = tuple[list[int], list[int]]

#: Of v = (money - fee) / unit: the response and its slope, both per unit of scale.
SHAPES: dict[str, Any] = {
    "linear": (lambda v, _: v, lambda _v, _p: 1.0),
    "log": (lambda v, _: math.log1p(v), lambda v, _: 1 / (1 + v)),
    "power": (lambda v, p: v**p, lambda v, p: p * v ** (p - 1)),
    "exponential": (lambda v, _: -math.expm1(-v), lambda v, _: math.exp(-v)),
    "michaelis_menten": (lambda v, _: v / (1 + v), lambda v, _: 1 / (1 + v) ** 2),
    "logistic": (lambda v, _: math.tanh(v / 2), lambda v, _: 2 * math.exp(-v) / (1 + math.exp(-v)) ** 2),
    "tanh": (lambda v, _: math.tanh(v), lambda v, _: 4 * math.exp(-2 * v) / (1 + math.exp(-2 * v)) ** 2),
    "hill": (
        lambda v, p: (1.0 if v > 1 else v**p) / (1 + min(v, 1 / v) ** p),
        lambda v, p: p * ((m := min(v, 1 / v) ** p) / (1 + m) ** 2) / v,
    ),
}


def require(holds: bool, problem: str) -> None:
    """Refuse the certificate unless a condition holds."""
    if not holds:
        raise ValueError(problem)


def value(c: dict[str, Any], money: float) -> float:
    """Give the response of a curve."""
    if c["kind"] not in ("piecewise", "packages"):
        v = (money - c["fee"]) / c["unit"]
        return c["base"] + (c["scale"] * SHAPES[c["kind"]][0](v, c["exponent"]) if v > 0 else 0.0)
    points = c["points"]
    below = max(i for i, point in enumerate(points) if i == 0 or point[0] <= money)
    (x, y), last = points[below], below + 1 == len(points)
    if c["kind"] == "packages" or money <= x:
        return c["base"] + y
    share = (money - x) if last else (money - x) / (points[below + 1][0] - x)
    return c["base"] + y + (c["scale"] if last else points[below + 1][1] - y) * share


def slope(c: dict[str, Any], money: float) -> float:
    """Give the response of the next unit of money, on the smooth part of a curve."""
    v = max(1e-300, (money - c["fee"]) / c["unit"])
    return c["scale"] / c["unit"] * SHAPES[c["kind"]][1](v, c["exponent"])


def greatest(c: dict[str, Any], low: int, high: int, price: float, minors: float) -> float:
    """Give an upper bound of curve - price * money over the amounts of a channel in a leaf."""
    knots = [point[0] for point in c["points"]]
    costs = [round(x * minors) / minors for x in knots]
    least, most = max(low, c["least_if_used"]) / minors, high / minors
    tops = [value(c, 0.0)] if c["least_if_used"] > 0 and low == 0 else []
    if least > most:
        return max(tops, default=-math.inf)
    corners = {"packages": costs, "linear": [least, c["fee"], most], "piecewise": [least, *knots, most]}.get(c["kind"])
    tops += [value(c, x) - price * x for x in corners or (least, most) if least <= x <= most]
    power, is_s = c["exponent"], c["kind"] == "hill" and c["exponent"] > 1
    turn = max(least, c["fee"] + (c["unit"] * ((power - 1) / (power + 1)) ** (1 / power) if is_s else 0.0))
    if corners is not None or turn >= most:
        return max(tops, default=-math.inf)
    left, x = turn, most  # the slope falls from turn to most: find where it is the price
    for _ in range(200):
        middle = math.sqrt(left * x) if left > 0 and x > 4 * left else (left + x) / 2
        if slope(c, x) > price or not left < middle < x:
            break
        left, x = (middle, x) if slope(c, middle) > price else (left, middle)
    rise = slope(c, x) - price
    return max(*tops, value(c, x) - price * x + max(0.0, rise * (most - x), rise * (turn - x)))


def leaf_bound(problem: dict[str, Any], box: Box, prices: list[float]) -> tuple[float, float]:
    """Give the bound of a leaf, and the size of the responses for the tolerance: no price widens it."""
    minors, goal, target, root = 10.0 ** problem["places"], problem["goal"], problem["target"], prices[0]
    each = len(prices) == len(problem["groups"]) + 1 and all(map(math.isfinite, prices)) and root >= 0
    require(each, "a leaf does not have a price for each group, a number from 0 on for the whole")
    channels = zip(problem["channels"], *box, strict=True)
    terms = [greatest(c, low, high, prices[c["group"] + 1], minors) for c, low, high in channels]
    for g, group in enumerate(problem["groups"]):
        extra = prices[g + 1] - prices[group["parent"] + 1]
        terms.append(extra * (group["most"] if extra > 0 else group["least"]) / minors if extra else 0.0)
    phi, size = math.fsum(terms), math.fsum(abs(value(c, c["most"] / minors)) for c in problem["channels"])
    require(math.fsum(map(abs, terms)) <= 1e4 * (size + target), "prices are too large for a proof")
    if goal in ("most_response", "marginal_return"):
        over = root - target if goal == "marginal_return" else root
        require(over >= 0, "a price is below the target")
        return phi + (over * problem["budget"] / minors if over else 0.0), size
    if goal == "target_cpa":
        require(root * target < 1, "a price is above the target")
        return phi / (1 - root * target), size / (1 - root * target)
    if root == 0:
        return (math.inf if phi + TOLERANCE * (size + target) < target else 0.0), 0.0
    bound = math.ceil((target - phi) / root * minors - 1e-4) / minors  # plans are whole minor units
    return (bound, (size + target) / root) if bound > 0 else (0.0, 0.0)


def is_empty(problem: dict[str, Any], box: Box) -> bool:
    """Tell whether the limits of channels, groups and budget cross."""
    low, high, crossed = [0] * (len(problem["groups"]) + 1), [0] * (len(problem["groups"]) + 1), False
    for c, least, most in zip(problem["channels"], *box, strict=True):
        needed = max(least, c["least_if_used"]) if least > 0 else least
        crossed = crossed or needed > most or most > c["most"] or least < c["least"]
        low[c["group"] + 1] += needed
        high[c["group"] + 1] += most
    for g, group in reversed(list(enumerate(problem["groups"]))):
        least = max(low[g + 1], group["least"])
        most = min(high[g + 1], NO_LIMIT if group["most"] is None else group["most"])
        crossed = crossed or least > most
        low[group["parent"] + 1] += least
        high[group["parent"] + 1] += most
    return crossed or (problem["budget"] is not None and low[0] > problem["budget"])


def check_plan(problem: dict[str, Any]) -> None:
    """Refuse a plan that breaks a limit, misses the goal, or has another value."""
    spend, target, minors = problem["spend"], problem["target"], 10.0 ** problem["places"]
    require(all(type(amount) is int for amount in spend), "an amount is not whole minor units")
    require(not is_empty(problem, (spend, spend)), "the plan breaks a limit")
    pairs = list(zip(spend, problem["channels"], strict=True))
    sold = (c["kind"] != "packages" or x in [round(point[0] * minors) for point in c["points"]] for x, c in pairs)
    require(all(sold), "an amount is not the price of a package")
    responses = [value(c, x / minors) for x, c in pairs]
    money, total, slack = sum(spend) / minors, math.fsum(responses), TOLERANCE * math.fsum(map(abs, responses))
    require(problem["goal"] != "least_budget" or total >= target - slack, "the plan does not reach the response")
    require(problem["goal"] != "target_cpa" or money <= target * (total + slack), "the plan costs more on average")
    found = {"least_budget": money, "marginal_return": total - target * money}.get(problem["goal"], total)
    require(abs(found - problem["value"]) <= max(slack, TOLERANCE * abs(found)), "the value is not that of the plan")


def branches(problem: dict[str, Any], node: dict[str, Any], box: Box, alike: list[bool]) -> tuple[Box, Box]:
    """Give the limits of both branches of a split; channels that are alike get money in falling order."""
    i, left, right = node["channel"], node["left_most"], node["right_least"]
    c = problem["channels"][i]
    costs = [round(point[0] * 10 ** problem["places"]) for point in c["points"]]
    covered = right <= left or (c["kind"] == "packages" and not any(left < cost < right for cost in costs))
    require(i >= 0 and (covered or 0 <= left < right <= c["least_if_used"]), "a split leaves amounts out")
    low, high, first, last = list(box[0]), list(box[1]), i, i
    while alike[last]:
        last += 1
    while first > 0 and alike[first - 1]:
        first -= 1
    high[i : last + 1] = [min(most, left) for most in high[i : last + 1]]
    low[first : i + 1] = [max(least, right) for least in low[first : i + 1]]
    return (box[0], high), (low, box[1])


def verify(problem: dict[str, Any]) -> int:
    """Check a certificate, read from JSON, and give the number of leaves; ValueError tells what is wrong."""
    require(problem["format"] == "dealtrail.budget.certificate/1", "not a certificate of this format")
    require(all(-1 <= group["parent"] < g for g, group in enumerate(problem["groups"])), "groups in a wrong order")
    for c in problem["channels"]:
        numbers = [x for name, x in c.items() if name not in ("name", "kind", "base", "points", "group")]
        numbers += [problem["target"], c["group"] + 1, *itertools.chain(*c["points"])]
        fine = all(0 <= x < math.inf for x in numbers) and c["points"] == sorted(c["points"])
        require(fine, "a parameter of a channel is out of range")
    check_plan(problem)
    shapes = [{k: v for k, v in c.items() if k != "name"} for c in problem["channels"]]
    alike = [problem["in_order"] and one == other for one, other in itertools.pairwise(shapes)] + [False]
    sign, bound, found = (-1 if problem["goal"] == "least_budget" else 1), problem["bound"], problem["value"]
    leaves, seen = 0, set()
    stack: list[tuple[int, Box]] = [(0, ([c["least"] for c in shapes], [c["most"] for c in shapes]))]
    while stack:
        index, box = stack.pop()
        require(index >= 0 and index not in seen, "a node stands on two branches")
        seen.add(index)
        node = problem["nodes"][index]
        if "channel" in node:
            stack += zip((node["left"], node["right"]), branches(problem, node, box, alike), strict=True)
            continue
        leaves += 1
        if not (node.get("empty") and is_empty(problem, box)):
            best, size = leaf_bound(problem, box, node["prices"])
            slack = TOLERANCE * (size + abs(bound))
            require(sign * best <= sign * bound + slack, "a leaf may hold a better plan than the bound")
    require(sign * bound >= sign * found, "the bound is worse than the plan")
    gap = abs(bound - found) / max(abs(bound), abs(found)) if bound != found else 0.0
    require(abs(gap - problem["gap"]) <= TOLERANCE, "the gap is not that of value and bound")
    return leaves


if __name__ == "__main__":
    try:
        read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        print(f"valid: {verify(read)} leaves, value {read['value']}, bound {read['bound']}")
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        sys.exit(f"not valid: {error}")
