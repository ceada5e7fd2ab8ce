"""Which pane stands at which place in a blind comparison.

Pure: the stored seed of a set and the number of the comparison decide, so that an order can be told again afterwards.
Sides are balanced in short blocks, for a plain coin would favour one side over a batch of votes: of every four comparisons
of two panes each is twice on the left; of every three (four) comparisons of three (four) panes each stands once at each
place.
"""

from __future__ import annotations

from random import Random

PAIR_BLOCK = 4


def order_of(seed: int, number: int, n_panes: int) -> tuple[int, ...]:
    """The panes from the left, for the comparison with this number (from 0) in its set."""
    size = PAIR_BLOCK if n_panes == 2 else n_panes
    block, at = divmod(number, size)
    chance = Random(f"{seed}/{n_panes}/{block}")  # a text seed is hashed by SHA-512: the same in every process
    panes = list(range(n_panes))
    chance.shuffle(panes)
    turns = [turn % n_panes for turn in range(size)]
    chance.shuffle(turns)
    turn = turns[at]
    return tuple(panes[turn:] + panes[:turn])
