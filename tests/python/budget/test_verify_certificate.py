"""BE.3: the script of docs/ refuses certificates that prove less than they state."""

from __future__ import annotations

import importlib.util
import math
from types import ModuleType
from typing import Any

import pytest

from house.tree import ROOT


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_certificate", ROOT / "docs/budget/verify_certificate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = script()


def channel(kind: str, **changes: Any) -> dict[str, Any]:
    """Give a channel of up to 100 units of money."""
    curve = {"name": "a", "kind": kind, "scale": 1.0, "unit": 10.0, "exponent": 1.0, "fee": 0.0, "base": 0.0}
    return curve | {"points": [], "least": 0, "most": 10_000, "least_if_used": 0, "group": -1} | changes


def certificate(
    channels: list[dict[str, Any]], spend: list[int], prices: list[float], **changes: Any
) -> dict[str, Any]:
    """Give a certificate of one leaf that calls its plan the best one."""
    made = {"format": "dealtrail.budget.certificate/1", "places": 2, "goal": "most_response", "target": 0.0}
    made |= {"budget": 10_000, "in_order": False, "groups": [], "gap": 0.0, "nodes": [{"prices": prices}]}
    made |= {"channels": channels, "spend": spend} | changes
    total = math.fsum(verifier.value(c, x / 100) for c, x in zip(channels, spend, strict=True))
    value = sum(spend) / 100 if made["goal"] == "least_budget" else total
    return made | {"value": value, "bound": value}


def test_the_best_plan_is_valid() -> None:
    assert verifier.verify(certificate([channel("log")], [10_000], [1 / 110])) == 1


def test_a_small_price_does_not_widen_the_tolerance_of_the_least_budget() -> None:
    dear = certificate([channel("log")], [10_000], [1e-300], goal="least_budget", target=1.0, budget=None)
    with pytest.raises(ValueError, match="better plan"):
        verifier.verify(dear)


@pytest.mark.parametrize("price", [1e9, 1e12, 1e20, -1e12])
def test_great_prices_of_a_full_group_do_not_widen_the_tolerance(price: float) -> None:
    group = {"name": "g", "least": 0 if price > 0 else 5_000, "most": 5_000, "parent": -1}
    channels = [channel("log", least=5_000, most=5_000, group=0), channel("log", name="b")]
    with pytest.raises(ValueError, match=r"better plan|prices are too large"):
        verifier.verify(certificate(channels, [5_000, 0], [0.0, price], groups=[group]))


@pytest.mark.parametrize(
    ("channels", "spend", "prices"),
    [
        ([channel("linear", least=-10_000), channel("linear", scale=2.0, most=20_000)], [-10_000, 20_000], [0.2]),
        ([channel("log", fee=math.nan)], [0], [0.0]),
        ([channel("log", scale=-1.0)], [0], [0.0]),
        ([channel("piecewise", scale=0.0, points=[[0, 0], [50, 0], [20, 30]])], [0], [0.0]),
        ([channel("log", group=-2)], [10_000], [1 / 110]),
    ],
)
def test_parameters_out_of_range_are_refused(
    channels: list[dict[str, Any]], spend: list[int], prices: list[float]
) -> None:
    with pytest.raises(ValueError, match="out of range"):
        verifier.verify(certificate(channels, spend, prices))
