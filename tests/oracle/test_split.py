"""Hand-worked divisions (SP.4, law 3)."""

import pytest

from .split import split


def test_largest_remainder_and_ties_to_the_lower_index() -> None:
    # 100 / 3 = 33 1/3 each; one unit is left, all remainders are equal: it goes to the first.
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    # 10 x (1, 2, 3) / 6 = 1 4/6, 3 2/6, 5 0/6: one unit is left, to the first.
    assert split(10, [1, 2, 3]) == [2, 3, 5]
    # 7 x (3, 1) / 4 = 5 1/4, 1 3/4: the unit goes to the second.
    assert split(7, [3, 1]) == [5, 2]


def test_the_sign_of_the_total_is_kept() -> None:
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(0, [1, 5]) == [0, 0]


def test_a_weight_of_zero_gets_nothing() -> None:
    assert split(5, [0, 1, 0]) == [0, 5, 0]


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_nothing_to_divide_by_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(1, weights)
