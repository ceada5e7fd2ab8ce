"""The scheduler: order, fairness, limits, and exactly one last word for every request."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PromptTooLong
from engine.inference.scheduler import Part, Sampled, Scheduler
from engine.inference.sequence import Priority, Sequence
from engine.inference.slots import Cut, Slots
from tests.engine.inference.cache_model import ModelCache

END = 0
BUDGET, BESIDE = 64, 16


@dataclass
class Play:
    """A scheduler with a cache that checks every edit and every part; `token` is what the model would say next."""

    n_ctx: int = 400
    n_slots: int = 4
    can_cut: bool = True
    token: int = 5
    outcomes: list[Sampled] = field(default_factory=list)
    plans: list[list[Part]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cache = ModelCache(self.n_ctx)
        slots = Slots(self.n_slots, self.n_ctx, can_cut=self.can_cut)
        self.scheduler = Scheduler(slots, self.n_ctx, lambda token: token == END)
        self.n = 0

    def ask(self, prompt: list[int], max_tokens: int = 1000, priority: Priority = "interactive") -> Sequence:
        self.n += 1
        return self.scheduler.submit(f"request {self.n}", prompt, max_tokens, priority)

    def step(self, budget: int = BUDGET, beside: int = BESIDE, tokens: list[int] | None = None) -> list[Part]:
        self.cache.apply(self.scheduler.admit())
        parts = self.scheduler.plan(budget, beside)
        assert sum(len(part.tokens) for part in parts) <= budget
        for part in parts:
            assert self.cache.tokens(part.slot) == part.sequence.tokens[: part.start]
            self.cache.compute(part.slot, part.start, part.tokens)
        n_wanted = sum(part.wants_token for part in parts)
        supply = ((tokens or []) + [self.token] * n_wanted)[:n_wanted]
        self.outcomes += self.scheduler.account(parts, supply)
        self.plans.append(parts)
        return parts

    def until_decoding(self, sequence: Sequence) -> None:
        for _ in range(1000):
            if sequence.is_decoding:
                return
            self.step()
        raise AssertionError("never came to decode")

    def until_idle(self, most_steps: int = 5000) -> None:
        for _ in range(most_steps):
            if self.scheduler.is_idle:
                return
            assert self.step(), "something waits and nothing is computed"
        raise AssertionError("never came to an end")


def prompt(length: int, first: int = 10) -> list[int]:
    return list(range(first, first + length))


def test_a_running_answer_never_waits_for_a_long_prompt():
    play = Play()
    answer = play.ask(prompt(10), max_tokens=50)
    play.until_decoding(answer)
    play.ask(prompt(300, first=1000), max_tokens=1)
    for _ in range(20):
        parts = play.step()
        assert any(part.sequence is answer and part.tokens == [play.token] for part in parts)


def test_prefill_beside_an_answer_is_cut_shorter_than_alone():
    play = Play()
    answer = play.ask(prompt(10), max_tokens=30)
    play.until_decoding(answer)
    long = play.ask(prompt(200, first=1000), max_tokens=1)
    assert [len(part.tokens) for part in play.step() if part.sequence is long] == [BESIDE]
    play.scheduler.remove(answer)
    assert [len(part.tokens) for part in play.step() if part.sequence is long] == [BUDGET]


def test_the_oldest_prompt_is_read_first():
    play = Play()
    first, second = play.ask(prompt(100), 5), play.ask(prompt(100, first=1000), 5)
    assert [part.sequence for part in play.step()] == [first]
    assert [part.sequence for part in play.step()] == [first, second]


def test_batch_work_rests_while_an_answer_is_written():
    play = Play()
    batch = play.ask(prompt(50), 100, "batch")
    play.until_decoding(batch)
    answer = play.ask(prompt(50, first=1000), 10)
    while answer not in [each.sequence for each in play.outcomes if each.stop_reason]:
        assert all(part.sequence is answer for part in play.step())
    assert [part.sequence for part in play.step()] == [batch]


def test_batch_work_gives_its_slot_back_to_an_answer_and_is_continued():
    play = Play(n_slots=1)
    batch = play.ask(prompt(50), 20, "batch")
    play.until_decoding(batch)
    play.step()
    answer = play.ask(prompt(50, first=1000), 3)
    assert [part.sequence for part in play.step()] == [answer]
    play.until_idle()
    assert len(batch.generated) == 20
    assert [each.sequence for each in play.outcomes if each.stop_reason] == [answer, batch]


def test_an_answer_does_not_push_out_another_answer():
    play = Play(n_slots=1)
    first = play.ask(prompt(50), 20)
    play.until_decoding(first)
    play.ask(prompt(50, first=1000), 3)
    assert [part.sequence for part in play.step()] == [first]


def test_a_shared_beginning_is_computed_once():
    play = Play(n_ctx=2000, n_slots=8)
    asked = [play.ask([*prompt(300), 900 + number], 2) for number in range(5)]
    play.until_idle()
    assert sum(len(part.tokens) for parts in play.plans for part in parts) == 300 + 5 * 2
    assert [sequence.n_cached for sequence in asked] == [0, 300, 300, 300, 300]


def test_a_follow_up_computes_only_what_is_new():
    play = Play()
    first = play.ask(prompt(100), 5)
    play.until_idle()
    follow_up = play.ask([*first.tokens, 8, 9], 5)
    play.until_idle()
    assert follow_up.n_cached == len(first.tokens) - 1


def test_a_prompt_that_leaves_no_room_for_a_word_is_refused():
    play = Play(n_ctx=100)
    with pytest.raises(PromptTooLong) as refused:
        play.ask(prompt(100))
    assert (refused.value.n_prompt_tokens, refused.value.n_ctx) == (100, 100)
    assert play.scheduler.is_idle


def test_the_end_of_the_context_is_a_token_limit():
    play = Play(n_ctx=100)
    sequence = play.ask(prompt(90), max_tokens=500)
    play.until_idle()
    assert len(sequence.generated) == 10
    assert play.outcomes[-1].stop_reason == "token_limit"


def test_an_end_token_ends_and_is_marked():
    play = Play()
    play.ask(prompt(10), 50)
    play.step(tokens=[5])
    play.step(tokens=[END])
    assert [(each.is_end, each.stop_reason) for each in play.outcomes] == [(False, None), (True, "end_of_text")]
    assert play.scheduler.is_idle


def test_a_request_stopped_in_prefill_frees_its_room():
    play = Play(n_ctx=200, n_slots=2)
    long = play.ask(prompt(150), 40)
    play.step()
    play.scheduler.remove(long)
    other = play.ask(prompt(150, first=1000), 40)
    assert [part.sequence for part in play.step()] == [other]


def test_a_slot_that_lost_its_content_is_computed_anew():
    play = Play()
    first = play.ask(prompt(100), 5)
    play.until_idle()
    second = play.ask([*first.prompt, 7], 5)
    play.cache.apply(play.scheduler.admit())
    assert second.slot is not None
    play.cache.apply([Cut(second.slot, 0)])
    play.scheduler.start_anew(second.slot)
    play.until_idle()
    assert second.n_cached == 0
    assert len(second.generated) == 5


REQUESTS = st.tuples(
    st.integers(1, 70), st.integers(1, 30), st.sampled_from(["interactive", "batch"]), st.integers(0, 2), st.booleans()
)
DEEDS = st.lists(st.one_of(REQUESTS, st.sampled_from(["step", "step", "end", "stop"])), max_size=40)


@settings(max_examples=150, deadline=None)
@given(deeds=DEEDS, choice=st.randoms(use_true_random=False), can_cut=st.booleans(), n_slots=st.integers(1, 4))
def test_every_request_ends_in_exactly_one_last_word(deeds, choice, can_cut, n_slots):
    play = Play(n_ctx=100, n_slots=n_slots, can_cut=can_cut)
    asked: list[Sequence] = []
    stopped: list[Sequence] = []
    for deed in deeds:
        if isinstance(deed, tuple):
            length, max_tokens, priority, first, shares = deed
            text = prompt(length, first=first * 1000 + 10)
            asked.append(play.ask(text if shares else [*text, choice.randrange(1, 99)], max_tokens, priority))
        elif deed == "stop" and asked:
            sequence = choice.choice(asked)
            over = [each.sequence for each in play.outcomes if each.stop_reason] + stopped
            if sequence not in over:
                play.scheduler.remove(sequence)
                stopped.append(sequence)
        else:
            play.step(tokens=[END] if deed == "end" else None)
    play.until_idle()
    ended = [each.sequence for each in play.outcomes if each.stop_reason]
    assert sorted(each.order for each in ended + stopped) == [each.order for each in asked]
    assert all(1 <= len(each.generated) <= each.max_tokens for each in ended)
