"""Small numbers: no total of fewer than five can be told, nor worked out from what is told."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.domain.totals import LEAST, Part, Totals, totals

CHOICES = ("sun", "cloud", "rain", "storm", "snow")


def answers(counts: tuple[int, ...]) -> list[str]:
    return [choice for choice, many in zip(CHOICES, counts, strict=False) for _ in range(many)]


def told(counts: tuple[int, ...]) -> Totals | None:
    return totals(answers(counts), CHOICES[: len(counts)])


def shared_out(count: int, choices: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people can choose."""
    if choices == 1:
        yield (count,)
        return
    for first in range(count + 1):
        yield from ((first, *rest) for rest in shared_out(count - first, choices - 1))


@pytest.mark.parametrize("counts", [(0, 0), (4, 0), (2, 2), (1, 1, 1, 1)])
def test_of_fewer_than_five_nothing_is_told(counts):
    assert told(counts) is None


def test_of_five_the_number_is_told_and_what_came_most_often():
    assert told((3, 1, 1)) == Totals(5, (Part(CHOICES[:3], 5),), "sun")
    assert told((0, 5)) == Totals(5, (Part(CHOICES[:2], 5),), "cloud")


def test_choices_stand_together_until_five_people_stand_behind_them():
    assert told((7, 3, 1, 2)) == Totals(13, (Part(("sun",), 7), Part(CHOICES[1:4], 6)), "")
    assert told((2, 9, 4, 0)) == Totals(15, (Part(CHOICES[:4], 15),), "cloud")
    assert told((5, 0, 5)) == Totals(10, (Part(("sun",), 5), Part(CHOICES[1:3], 5)), "")


@given(st.lists(st.sampled_from(CHOICES), max_size=60))
def test_every_total_and_every_difference_of_two_is_of_five_or_more(given_):
    found = totals(given_, CHOICES)
    if found is None:
        assert len(given_) < LEAST
        return
    assert found.count == len(given_) == sum(part.count for part in found.parts)
    assert tuple(choice for part in found.parts for choice in part.choices) == CHOICES
    sums = {
        frozenset(some): sum(part.count for part in some)
        for size in range(1, len(found.parts) + 1)
        for some in combinations(found.parts, size)
    }
    assert all(one >= LEAST for one in sums.values())
    assert all(
        sums[larger] - sums[smaller] >= LEAST
        for smaller, larger in combinations(sums, 2)
        if smaller < larger
    )


@pytest.mark.parametrize(("choices", "most"), [(2, 20), (3, 17), (4, 15), (5, 13)])
def test_whoever_knows_how_it_is_counted_cannot_work_out_a_small_total(choices, most):
    """Of everything that can have been answered, what is told always leaves several ways."""
    for count in range(LEAST, most):
        ways = defaultdict(list)
        for counts in shared_out(count, choices):
            ways[told(counts)].append(counts)
        for possible in ways.values():
            for size in range(1, choices):
                for some in combinations(range(choices), size):
                    sums = {sum(counts[n] for n in some) for counts in possible}
                    assert len(sums) > 1 or min(sums) >= LEAST, possible


@pytest.mark.parametrize("choices", [2, 3, 4])
def test_who_knows_their_own_answer_does_not_learn_those_of_all_others(choices):
    for count in range(LEAST, 12):
        ways = defaultdict(list)
        for counts in shared_out(count, choices):
            ways[told(counts)].append(counts)
        for possible in ways.values():
            for own in range(choices):
                others = [
                    tuple(n - (i == own) for i, n in enumerate(counts))
                    for counts in possible
                    if counts[own]
                ]
                same = {max(rest) == count - 1 and rest.index(max(rest)) for rest in others}
                assert not others or len(same) > 1 or same == {False}
