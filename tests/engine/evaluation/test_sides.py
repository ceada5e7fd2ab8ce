"""Who stands on the left: balanced in short blocks, told again from the seed alone."""

import subprocess
import sys
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.sides import order_of

seeds = st.integers(-(2**63), 2**63 - 1)


@given(seeds, st.integers(0, 5_000))
def test_of_every_four_pairs_each_pane_is_twice_on_the_left(seed, block):
    lefts = Counter(order_of(seed, 4 * block + at, 2)[0] for at in range(4))
    assert lefts == {0: 2, 1: 2}


@given(seeds, st.integers(0, 5_000), st.integers(3, 4))
def test_of_every_three_or_four_each_pane_stands_once_at_each_place(seed, block, n_panes):
    orders = [order_of(seed, n_panes * block + at, n_panes) for at in range(n_panes)]
    for place in range(n_panes):
        assert sorted(order[place] for order in orders) == list(range(n_panes))


@given(seeds, st.integers(0, 10_000), st.integers(2, 4))
def test_every_pane_stands_somewhere(seed, number, n_panes):
    assert sorted(order_of(seed, number, n_panes)) == list(range(n_panes))
    assert order_of(seed, number, n_panes) == order_of(seed, number, n_panes)


def test_sets_and_places_differ():
    assert len({tuple(order_of(seed, at, 2) for at in range(40)) for seed in range(50)}) == 50
    first_of_block = Counter(order_of(1, 4 * block, 2) for block in range(1_000))
    assert abs(first_of_block[0, 1] - 500) < 80
    assert len({order_of(1, at, 3) for at in range(100)}) == 6


def test_another_process_tells_the_same_order():
    code = "from engine.evaluation.sides import order_of; print([order_of(5, n, 3) for n in range(9)])"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "9", "PYTHONPATH": "."}
    )
    assert said.stdout.strip() == str([order_of(5, n, 3) for n in range(9)])
