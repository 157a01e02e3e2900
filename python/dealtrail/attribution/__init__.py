"""Who gets the credit: attribution models over journeys, exact, with intervals, cost and value in one table.

Every model takes :class:`dealtrail.Journeys` and gives a table with a row per channel, then ``(unattributed)`` and
``(total)``; what its columns are is told by :func:`linear`. Which model says what, and when it is wrong:
``docs/attribution/``.
"""

from dealtrail.attribution.compare import MODELS, compare, dumbbell
from dealtrail.attribution.credited_cards import credited_cards
from dealtrail.attribution.credits import credits  # noqa: A004
from dealtrail.attribution.markov import MarkovState, choose_order, markov, transition_matrix
from dealtrail.attribution.paths import assisted, path_length, time_lag
from dealtrail.attribution.rules import (
    first_touch,
    full_path,
    last_touch,
    linear,
    milestones,
    participation,
    position_based,
    time_decay,
    u_shaped,
    w_shaped,
)
from dealtrail.attribution.shao_li import shao_li
from dealtrail.attribution.shapley import ShapleyState, shapley, shapley_by_position
from dealtrail.attribution.state import CreditState

__all__ = [
    "MODELS",
    "CreditState",
    "MarkovState",
    "ShapleyState",
    "assisted",
    "choose_order",
    "compare",
    "credited_cards",
    "credits",
    "dumbbell",
    "first_touch",
    "full_path",
    "last_touch",
    "linear",
    "markov",
    "milestones",
    "participation",
    "path_length",
    "position_based",
    "shao_li",
    "shapley",
    "shapley_by_position",
    "time_decay",
    "time_lag",
    "transition_matrix",
    "u_shaped",
    "w_shaped",
]
