"""Judging channels, written from ``docs/evidence/judge.md``: slow, obvious, every integral a sum over a fine grid.

Rates are counted in multiples of one rate (the benchmark if it is given, else the pooled one). Dispersion is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import exp, lgamma, log, log1p, sqrt

SHAPE, MEAN = 11, 0.7
Channel = Sequence[tuple[int, int]]  # (spend in minor units, results) of each placement


def simpson(f: Callable[[float], float], low: float, high: float, pieces: int = 4000) -> float:
    step = (high - low) / pieces
    inner = sum(f(low + step * i) * (4 if i % 2 else 2) for i in range(1, pieces))
    return (f(low) + inner + f(high)) * step / 3


def dispersion(channels: Sequence[Channel]) -> Fraction:
    """Pearson's chi-square over its degrees of freedom, at least 1."""
    chi_square, degrees = Fraction(0), 0
    for channel in channels:
        results, spend = sum(y for _, y in channel), sum(e for e, _ in channel)
        if len(channel) < 2 or results == 0:
            continue
        for size, y in channel:
            expected = Fraction(results * size, spend)
            chi_square += (y - expected) ** 2 / expected
        degrees += len(channel) - 1
    return max(Fraction(1), chi_square / degrees) if degrees else Fraction(1)


def below_gamma(a: float, x: float) -> float:
    """Chance that a Gamma(a, 1) variable is at most x: the power series."""
    if x <= 0:
        return 0.0
    term = total = 1 / a
    n = a
    while term > 1e-17 * total:
        n += 1
        term *= x / n
        total += term
    return min(1.0, total * exp(a * log(x) - x - lgamma(a)))


def log_negative_binomial(y: float, x: float, strength: float) -> float:
    """Count y where x is expected and the rate itself is Gamma of this shape."""
    rising = lgamma(strength + y) - lgamma(strength) - y * log(strength)
    return rising + y * log(x) - (strength + y) * log1p(x / strength) - lgamma(y + 1)


def prior(data: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """What is open about the pool: (weight, shape, rate) over spreads 0.02 to 3 and means, both on fine grids."""
    centre = log(sum(y for y, _ in data) + 0.5) - log(sum(x for _, x in data) + 0.5)
    made = []
    for i in range(36):
        spread = 0.02 * 150 ** (i / 35)
        strength = 1 / spread**2
        width = sqrt(1 / (sum(y for y, _ in data) + 1) + spread**2 / len(data))
        for j in range(25):
            u = centre + 4.5 * width * (j - 12) / 12
            log_weight = sum(log_negative_binomial(y, exp(u) * x, strength) for y, x in data)
            log_weight += -u * u / 2 + log(spread) - log1p(4 * spread**2) + log(width)
            made.append((log_weight, strength, strength / exp(u)))
    top = max(weight for weight, _, _ in made)
    total = sum(exp(weight - top) for weight, _, _ in made)
    return [(exp(w - top) / total, a, b) for w, a, b in made if w > top - 12]


def posterior(parts: Sequence[tuple[float, float, float]], y: float, x: float, c: float) -> dict[str, float]:
    """Mean, chance above c, losses of keeping and dropping as parts of c."""
    mean = better = keep = 0.0
    for weight, a, b in parts:
        a, b = a + y, b + x
        low, low_next = below_gamma(a, b * c), below_gamma(a + 1, b * c)
        mean += weight * a / b
        better += weight * (1 - low)
        keep += weight * (c * low - a / b * low_next)
    return {"mean": mean, "p_better": better, "loss_keep": keep / c, "loss_drop": (keep + mean - c) / c}


def ratio_weight(r: float) -> float:
    """The mixture over the rate ratio: Gamma of shape 11 and mean 0.7, cut at 1, not normalised."""
    return r ** (SHAPE - 1) * exp(-SHAPE / MEAN * r)


def e_of_rate(y: float, x: float) -> float:
    """Evidence against a rate of at least 1 where it is known exactly: an average of likelihood ratios."""
    top = simpson(lambda r: ratio_weight(r) * r**y * exp((1 - r) * x), 0.0, 1.0)
    return top / simpson(ratio_weight, 0.0, 1.0)


def e_of_two_rates(y: float, x: float, other_y: float, other_x: float) -> float:
    """The same where the benchmark is another count: the likelihood given both counts' sum."""
    both = y + other_y

    def ratio(r: float) -> float:
        return r**y * ((x + other_x) / (r * x + other_x)) ** both

    return simpson(lambda r: ratio_weight(r) * ratio(r), 0.0, 1.0) / simpson(ratio_weight, 0.0, 1.0)


def rejected(e_values: Sequence[float], level: float) -> set[int]:
    """e-BH: the greatest k of which the k greatest e-values are all at least n / (level k)."""
    n = len(e_values)
    order = sorted(range(n), key=lambda i: -e_values[i])
    best = max((k for k in range(1, n + 1) if e_values[order[k - 1]] >= n / (level * k)), default=0)
    return set(order[:best])


def power(expected: Sequence[float], ratio: float, passes: Callable[[int, float], bool]) -> float:
    """The chance to pass at one of the looks: every path of counts, its probability summed."""
    alive, before, done = {0: 1.0}, 0.0, 0.0
    for x in expected:
        mean, before = ratio * (x - before), x
        after: dict[int, float] = {}
        for y, chance in alive.items():
            term = exp(-mean)
            for step in range(int(mean + 12 * sqrt(mean) + 25)):
                after[y + step] = after.get(y + step, 0.0) + chance * term
                term *= mean / (step + 1)
        done += sum(chance for y, chance in after.items() if passes(y, x))
        alive = {y: chance for y, chance in after.items() if not passes(y, x) and chance > 1e-15}
    return done
