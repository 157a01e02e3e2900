"""How often intervals of 90 % hold the truth: simulated sources whose shares and values are known (AT.6).

    python benchmarks/coverage.py [data sets] [subjects] [models ...]

Channels have different frequencies and effects, journeys geometric lengths, values are log-normal. The truth is the
model's own figure on three million subjects of the same source. Channels that are ``too_few`` are left out. A game of
Shapley is named ``shapley:subset_rate``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import polars as pl

import dealtrail as dt

FREQUENCIES = np.array([0.25, 0.2, 0.15, 0.12, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01])
EFFECTS = np.array([1, 0.5, 1.5, 0.8, 2, 1, 0.3, 1.2, 3, 1])
MANY = 3_000_000
Model = Callable[..., dt.Table]


def source(seed: int, subjects: int) -> dt.Journeys:
    """Journeys of subjects that nobody has seen before."""
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(0.25, subjects)
    touches = int(lengths.sum())
    who = np.repeat(np.arange(subjects), lengths)
    channel = rng.choice(len(FREQUENCIES), touches, p=FREQUENCIES)
    effect = np.bincount(who, weights=EFFECTS[channel], minlength=subjects) / lengths
    won = np.zeros(touches, bool)
    value = np.zeros(touches)
    last = np.cumsum(lengths) - 1
    won[last] = rng.random(subjects) < 0.05 * effect
    value[last] = np.where(won[last], np.exp(rng.normal(8, 1, subjects)).round(2), 0)
    frame = pl.DataFrame(
        {
            "subject": who * 7919 + int(rng.integers(1 << 40)),
            "at": pl.Series(np.arange(touches) * 3_600_000_000).cast(pl.Datetime("us")),
            "channel": pl.Series(channel).cast(pl.String),
            "won": won,
            "value": value.round(2),
        }
    )
    journeys = dt.Journeys.from_touches(frame, converted="won", value="value", currency="RUB")
    # Who converts became a lead at one of the touches, and a deal at that or a later one.
    converts = won[last]
    lead = (rng.random(subjects) * lengths).astype(np.int64)
    deal = lead + (rng.random(subjects) * (lengths - lead)).astype(np.int64)
    reached = [
        frame[(last - lengths + 1 + place)[converts]].select("subject", "at", kind=pl.lit(kind))
        for kind, place in (("lead_created", lead), ("deal_created", deal))
    ]
    return journeys.with_milestones(pl.concat(reached))


def models(names: list[str]) -> dict[str, Model]:
    """The models asked for, or all."""
    chosen = names or list(dt.attribution.MODELS)

    def model(name: str) -> Model:
        if name.startswith("shapley:"):
            return lambda journeys, **options: dt.attribution.shapley(
                journeys, game=name.removeprefix("shapley:"), **options
            )
        return lambda journeys, **options: dt.attribution.compare(journeys, [name], **options)

    return {name: model(name) for name in chosen}


def main() -> None:
    """Print coverage by model: pooled, and of the worst channel."""
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    subjects = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    chosen = models(sys.argv[3:])
    whole = source(999_999, MANY)
    truth = {
        name: {
            row["channel"]: (row["share"], float(row["value"]) / MANY)
            for row in model(whole, intervals=False)
            if row["share"] is not None and row["value"] is not None
        }
        for name, model in chosen.items()
    }
    del whole
    held: dict[str, dict[str, list[int]]] = {name: {} for name in chosen}
    for seed in range(sets):
        journeys = source(seed, subjects)
        for name, model in chosen.items():
            for row in model(journeys):
                if row["too_few"] is not False or row["share"] is None or row["channel"] not in truth[name]:
                    continue  # a game may have scores that are no shares
                share, value = truth[name][row["channel"]]
                counts = held[name].setdefault(row["channel"], [0, 0, 0])
                counts[0] += 1
                counts[1] += row["share_low"] <= share <= row["share_high"]
                counts[2] += row["value_low"] <= value * subjects <= row["value_high"]
    print(f"{sets} data sets of {subjects} subjects; goals: share 0.87-0.93, value 0.84-0.95, no channel under 0.80")
    print(f"{'model':<16}{'intervals':>10}{'share':>8}{'worst':>8}{'value':>8}{'worst':>8}")
    for name, by_channel in held.items():
        if not by_channel:
            print(f"{name:<16}  no shares to be had: scores below 0")
            continue
        often = [counts for counts in by_channel.values() if counts[0] * 10 >= sets]
        all_of = [sum(counts[k] for counts in by_channel.values()) for k in range(3)]
        worst = [min(counts[k] / counts[0] for counts in often) for k in (1, 2)]
        print(
            f"{name:<16}{all_of[0]:>10}{all_of[1] / all_of[0]:>8.3f}{worst[0]:>8.3f}"
            f"{all_of[2] / all_of[0]:>8.3f}{worst[1]:>8.3f}"
        )


if __name__ == "__main__":
    main()
