"""Where money should go: response curves, the best allocation, and a certificate that anybody can check.

A curve tells how much response an amount of money brings. :func:`allocate` divides a budget over curves, or finds the
least budget for a goal, and proves how good the plan is. Methods: ``docs/budget/``.
"""

from dealtrail.budget.allocate import Group, allocate
from dealtrail.budget.curves import (
    Curve,
    Exponential,
    FixedFee,
    Hill,
    Linear,
    Log,
    Logistic,
    MichaelisMenten,
    Packages,
    Piecewise,
    Power,
    Tanh,
    Tiers,
)
from dealtrail.budget.fit import Fit, fit
from dealtrail.budget.plan import Plan, Verification

__all__ = [
    "Curve",
    "Exponential",
    "Fit",
    "FixedFee",
    "Group",
    "Hill",
    "Linear",
    "Log",
    "Logistic",
    "MichaelisMenten",
    "Packages",
    "Piecewise",
    "Plan",
    "Power",
    "Tanh",
    "Tiers",
    "Verification",
    "allocate",
    "fit",
]
