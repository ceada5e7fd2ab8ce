"""Slots: which tokens are reused, who makes room, and that the cache never overflows."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.inference.slots import Copy, Cut, Slots, common_prefix
from tests.engine.inference.cache_model import ModelCache


def run(slots: Slots, tokens: list[int], n_more: int = 1) -> int:
    """A request from start to end: placed, computed, released. Returns how many of its tokens were found."""
    placement = slots.place(tokens, len(tokens) + n_more)
    assert placement is not None
    slots.extend(placement.slot, tokens[placement.n_cached :])
    slots.release(placement.slot)
    return placement.n_cached


def test_a_follow_up_finds_everything_but_what_is_new():
    slots = Slots(4, 1000)
    run(slots, list(range(100)))
    assert run(slots, list(range(130))) == 100


def test_the_last_token_is_always_left_to_compute():
    slots = Slots(2, 1000)
    run(slots, list(range(50)))
    assert run(slots, list(range(50))) == 49


def test_the_same_beginning_is_copied_from_a_running_sequence():
    slots = Slots(2, 1000)
    first = slots.place(list(range(50)), 60)
    assert first is not None
    slots.extend(first.slot, list(range(50)))
    second = slots.place([*range(40), 999], 60)
    assert second is not None
    assert second.slot != first.slot
    assert second.n_cached == 40
    assert second.edits == (Copy(first.slot, second.slot, 40),)
    assert slots.n_used == 50


def test_a_conversation_is_not_given_up_for_another_with_the_same_opening():
    slots = Slots(2, 1000)
    run(slots, [*range(20), *range(100, 200)])
    run(slots, [*range(20), *range(300, 400)])
    assert run(slots, [*range(20), *range(100, 210)]) == 120


def test_the_oldest_conversation_makes_room_first():
    slots = Slots(3, 100)
    run(slots, list(range(100, 140)))
    run(slots, list(range(200, 240)))
    placement = slots.place(list(range(300, 340)), 50)
    assert placement is not None
    assert placement.edits == (Cut(0, 0),)
    assert list(slots.held(1)) == list(range(200, 240))


def test_a_running_sequence_keeps_its_promised_room():
    slots = Slots(3, 100)
    assert slots.place(list(range(10)), 60) is not None
    assert slots.place(list(range(100, 110)), 41) is None
    assert slots.place(list(range(100, 110)), 40) is not None


def test_nothing_is_evicted_for_a_sequence_that_does_not_fit_anyway():
    slots = Slots(3, 100)
    run(slots, list(range(30)))
    assert slots.place(list(range(100, 160)), 60) is not None
    assert slots.place(list(range(200, 260)), 60) is None
    assert list(slots.held(0)) == list(range(30))


def test_a_conversation_that_needs_the_whole_cache_takes_its_own_tail_back():
    slots = Slots(2, 100)
    run(slots, list(range(90)))
    placement = slots.place([*range(40), *range(500, 550)], 100)
    assert placement is not None
    assert placement.n_cached == 40
    assert placement.edits == (Cut(0, 40),)


def test_an_uncuttable_state_is_continued_whole_or_not_at_all():
    slots = Slots(2, 1000, can_cut=False)
    run(slots, list(range(50)))
    assert run(slots, list(range(60))) == 50
    assert run(slots, [*range(55), 999]) == 0


def test_common_prefix_agrees_with_the_plain_definition():
    one = list(range(200))
    for length in (0, 1, 63, 64, 65, 128, 199):
        other = [*one[:length], -1, *one[length + 1 :]]
        assert common_prefix(one, other) == length
    assert common_prefix(one, one) == 200
    assert common_prefix(one, one[:70]) == 70


TOKENS = st.lists(st.integers(0, 2), min_size=1, max_size=30)


class LedgerAgreesWithCache(RuleBasedStateMachine):
    """Whatever is placed, extended and released, the ledger says what the cache holds, and the cache suffices."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = Slots(4, 60)
        self.cache = ModelCache(60)
        self.running: dict[int, tuple[list[int], int]] = {}

    @rule(tokens=TOKENS, n_more=st.integers(0, 20))
    def place(self, tokens: list[int], n_more: int) -> None:
        placement = self.slots.place(tokens, len(tokens) + n_more)
        if placement is None:
            assert self.running, "an idle cache has room for anything that fits into it"
            return
        self.cache.apply(placement.edits)
        assert self.cache.tokens(placement.slot) == tokens[: placement.n_cached]
        assert placement.slot not in self.running
        assert placement.n_cached < len(tokens)
        self.running[placement.slot] = (tokens, len(tokens) + n_more)

    @rule(choice=st.integers(0, 3), n=st.integers(1, 9))
    def compute(self, choice: int, n: int) -> None:
        if choice not in self.running:
            return
        tokens, n_at_most = self.running[choice]
        start = len(self.slots.held(choice))
        new = (tokens[start:] or [7] * 50)[: min(n, n_at_most - start)]
        self.cache.compute(choice, start, new)
        self.slots.extend(choice, new)

    @rule(choice=st.integers(0, 3))
    def release(self, choice: int) -> None:
        if self.running.pop(choice, None) is not None:
            self.slots.release(choice)

    @rule(choice=st.integers(0, 3))
    def lose(self, choice: int) -> None:
        if choice not in self.running:
            self.cache.apply([Cut(choice, 0)])
            self.slots.forget(choice)

    @invariant()
    def says_what_the_cache_holds(self) -> None:
        for slot in range(4):
            assert list(self.slots.held(slot)) == self.cache.tokens(slot)
        assert self.slots.n_used == len(self.cache.cells)
        assert self.slots.n_used + self.slots.n_promised <= 60


TestLedgerAgreesWithCache = LedgerAgreesWithCache.TestCase
