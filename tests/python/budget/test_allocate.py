"""BE.2, BE.3: plans of the Python package against the oracle, its certificates against the script of docs/."""

from __future__ import annotations

import copy
import importlib.util
import json
from decimal import Decimal
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dealtrail as dt
from house.tree import ROOT
from oracle import budget as oracle


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_certificate", ROOT / "docs/budget/verify_certificate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = script()

TRAP = {
    "a": dt.budget.Hill(scale=70, half=60, slope=1),
    "b": dt.budget.Hill(scale=140, half=75, slope=3),
    "c": dt.budget.Hill(scale=50, half=35, slope=3),
    "d": dt.budget.Hill(scale=40, half=45, slope=2),
}


def checked(plan: dt.budget.Plan) -> dict[str, Any]:
    """Give the certificate as JSON; both checks hold."""
    assert plan.verify(), plan.verify().problem
    certificate: dict[str, Any] = json.loads(plan.certificate())
    assert verifier.verify(certificate) == plan.verify().leaves
    return certificate


@st.composite
def channels(draw: st.DrawFn) -> tuple[dict[str, dt.budget.Curve], list[oracle.Response]]:
    curves: dict[str, dt.budget.Curve] = {}
    responses = []
    for i in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["hill", "log", "exponential", "packages"]))
        scale, unit = draw(st.floats(1, 100)), draw(st.floats(2, 60))
        if kind == "hill":
            slope = draw(st.floats(1, 4))
            curves[f"c{i}"] = dt.budget.Hill(scale=scale, half=unit, slope=slope)
            responses.append(oracle.hill(scale, unit, slope))
        elif kind == "log":
            curves[f"c{i}"] = dt.budget.Log(scale=scale, half=unit)
            responses.append(oracle.log(scale, unit))
        elif kind == "exponential":
            curves[f"c{i}"] = dt.budget.Exponential(scale=scale, unit=unit)
            responses.append(oracle.exponential(scale, unit))
        else:
            costs = draw(st.lists(st.integers(1, 30), min_size=1, max_size=3, unique=True))
            choices = [(float(cost), draw(st.floats(1, 60))) for cost in costs]
            curves[f"c{i}"] = dt.budget.Packages(choices)
            responses.append(oracle.packages(choices))
    return curves, responses


@settings(max_examples=60, deadline=None)
@given(channels(), st.integers(1, 60))
def test_a_plan_is_never_below_the_grid(
    problem: tuple[dict[str, dt.budget.Curve], list[oracle.Response]], budget: int
) -> None:
    curves, responses = problem
    plan = dt.budget.allocate(curves, budget)
    best = oracle.most_response(responses, budget)
    assert plan.value >= best * (1 - 1e-4)  # few minor units
    assert plan.bound >= best * (1 - 1e-12)
    assert plan.spent <= budget
    assert sum(plan.table["proposed"][:-1]) == plan.spent == budget - plan.left
    checked(plan)


def test_packages_equal_the_oracle() -> None:
    random = Random(3)
    for _ in range(30):
        choices = [[(float(cost), random.uniform(1, 20)) for cost in random.sample(range(1, 40), 3)] for _ in range(6)]
        curves = {f"c{i}": dt.budget.Packages(one) for i, one in enumerate(choices)}
        responses = [oracle.packages(one) for one in choices]
        plan = dt.budget.allocate(curves, 80, gap=0)
        assert plan.value == pytest.approx(oracle.most_response(responses, 80), rel=1e-12)
        target = plan.value * random.uniform(0.2, 0.9)
        assert dt.budget.allocate(curves, response=target, gap=0).spent == oracle.least_units(responses, target, 120)
        checked(plan)


def test_the_trap_and_its_certificate() -> None:
    plan = dt.budget.allocate(TRAP, 100)
    assert plan.value == pytest.approx(99.217776, abs=1e-6)
    assert len(checked(plan)["nodes"]) == 1
    assert plan.shadow_price == pytest.approx(0.98405, abs=1e-4)


def test_a_tampered_certificate_fails() -> None:
    curves = {f"p{i}": dt.budget.Packages([(100 + i, 5 + i % 3), (190, 9 + i % 4)]) for i in range(9)}
    certificate = checked(dt.budget.allocate(curves | TRAP, 640, gap=1e-9))
    assert len(certificate["nodes"]) > 1

    def refused(**changes: Any) -> None:
        with pytest.raises((ValueError, LookupError)):
            verifier.verify(copy.deepcopy(certificate) | changes)

    refused(value=certificate["value"] * (1 + 1e-8))
    refused(bound=certificate["value"] * (1 - 1e-6))
    money = list(certificate["spend"])
    most = max(range(len(money)), key=money.__getitem__)
    refused(spend=[x + 50_000 if i == most else x for i, x in enumerate(money)])
    refused(spend=[0 if i == most else x for i, x in enumerate(money)])
    nodes = certificate["nodes"]
    split = next(i for i, node in enumerate(nodes) if "channel" in node)
    for change in ({"left_most": -1}, {"right_least": 10**9}, {"left": nodes[split]["right"]}):
        refused(nodes=[node | change if i == split else node for i, node in enumerate(nodes)])
    for factor in (0.5, 2.0):
        moved = [{"prices": [p * factor for p in node["prices"]]} if "prices" in node else node for node in nodes]
        refused(nodes=moved)
    refused(nodes=[{"empty": True} if "prices" in node else node for node in nodes])


def test_goals_and_limits() -> None:
    curves = {
        "a": dt.budget.MichaelisMenten(scale=3e5, half=5e4),
        "b": dt.budget.MichaelisMenten(scale=1e5, half=2e4),
    }
    for plan in (
        dt.budget.allocate(curves, response=150_000),
        dt.budget.allocate(curves, cpa=Decimal("0.3")),
        dt.budget.allocate(curves, roi=1, value=1),
        dt.budget.allocate(curves, marginal_roi=0.5, value=1),
        dt.budget.allocate(curves, 90_000, fixed={"a": 10_000}, minimum_if_used={"b": 5_000}),
        dt.budget.allocate(curves, 90_000, bounds={"a": (None, 20_000)}, currency="JPY"),
        dt.budget.allocate(curves, 90_000, groups=[dt.budget.Group("both", ["a", "b"], most=50_000)]),
        dt.budget.allocate(curves, 90_000, relative_bounds={"a": (0.5, 2)}, today={"a": 10_000, "b": 80_000}),
    ):
        checked(plan)
    assert plan.table["limit"][0] == "most"
    assert plan.response > (plan.response_today or 0)


def test_the_frontier_is_a_table() -> None:
    table = dt.budget.allocate(TRAP, 100).frontier(5)
    assert table.columns == ["budget", "value", "bound", "shadow_price", "a", "b", "c", "d"]
    assert table["value"] == sorted(table["value"])


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({}, dt.InvalidArgumentError, "expected a goal"),
        ({"budget": 1, "response": 1}, dt.InvalidArgumentError, "one goal"),
        ({"budget": float("nan")}, dt.InvalidArgumentError, "budget"),
        ({"budget": -1}, dt.InvalidArgumentError, "budget"),
        ({"roi": 1}, dt.InvalidArgumentError, "value"),
        ({"response": 1e9}, dt.InvalidArgumentError, "cannot be reached"),
        ({"cpa": 0.1}, dt.InvalidArgumentError, "the least one is"),
        ({"budget": 1, "fixed": {"nobody": 1}}, dt.UnknownNameError, "nobody"),
        ({"budget": 1, "bounds": {"a": 3}}, dt.InvalidArgumentError, "pair"),
        ({"budget": 1, "bounds": {"a": (2, 1)}}, dt.InvalidArgumentError, "conflict"),
        ({"budget": 1, "bounds": {"a": (2, None)}}, dt.InvalidArgumentError, "1.00 below the minimums"),
        ({"budget": 1e30}, dt.OutOfRangeError, "64 bits"),
        ({"budget": 1, "time_limit_s": -1}, dt.InvalidArgumentError, "time limit"),
        ({"budget": 1, "relative_bounds": {"a": (1, 2)}}, dt.InvalidArgumentError, "today"),
    ],
)
def test_bad_input_says_what_is_wrong(arguments: dict[str, Any], error: type[dt.Error], text: str) -> None:
    with pytest.raises(error, match=text) as caught:
        dt.budget.allocate(TRAP, **arguments)
    assert caught.value.hint
