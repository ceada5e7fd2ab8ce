"""The sampler chain holds down verbatim loops, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.llama import api
from engine.inference.model import Model
from engine.inference.sampling import LOOP_LENGTH, Sampler, Sampling, _chain, _links


@pytest.fixture(scope="module")
def model(starter_model: Path) -> Iterator[Model]:
    with Model(starter_model) as model:
        yield model


def choose(model: Model, sampling: Sampling, said: Sequence[int], logits: dict[int, float]) -> int:
    """The token that the chain takes after it has said `said`."""
    sampler = Sampler(model.vocabulary, sampling)
    for token in said:
        sampler.accept(token)
    chosen = _choose(sampler.chain, logits)
    sampler.close()
    return chosen


def _choose(chain: Any, logits: dict[int, float]) -> int:
    candidates = (api.llama_token_data * len(logits))(*((token, logit, 0.0) for token, logit in logits.items()))
    array = api.llama_token_data_array(candidates, len(logits), -1, False)
    api.llama_sampler_apply(chain, api.ctypes.byref(array))
    return int(array.data[array.selected].id)


PHRASE = list(range(100, 130))


def test_greedy_takes_the_likeliest(model: Model):
    assert choose(model, Sampling(), [], {5: 1.0, 6: 3.0, 7: 2.0}) == 6


def test_a_long_verbatim_repetition_is_not_continued(model: Model):
    said = [*PHRASE, 1, *PHRASE[: LOOP_LENGTH + 5]]
    continuation = PHRASE[LOOP_LENGTH + 5]
    assert choose(model, Sampling(), said, {continuation: 9.0, 6: 1.0}) == 6
    assert choose(model, Sampling(breaks_loops=False), said, {continuation: 9.0, 6: 1.0}) == continuation


def test_a_word_that_is_said_again_and_again_is_held_down(model: Model):
    assert choose(model, Sampling(), [50] * (LOOP_LENGTH + 8), {50: 9.0, 6: 1.0}) == 6


def test_names_and_figures_may_be_repeated(model: Model):
    said = [*PHRASE, 1, *PHRASE[: LOOP_LENGTH - 1]]
    continuation = PHRASE[LOOP_LENGTH - 1]
    assert choose(model, Sampling(), said, {continuation: 1.001, 6: 1.0}) == continuation


@given(said=st.lists(st.integers(1, 2), max_size=60), logits=st.lists(st.floats(0, 9), min_size=3, max_size=3))
def test_waiting_for_a_loop_chooses_as_looking_for_it_always(model: Model, said: list[int], logits: list[float]):
    sampler, always = Sampler(model.vocabulary, Sampling()), _chain(_links(model.vocabulary, Sampling(), breaks_loops=True))
    for token in said:
        sampler.accept(token)
        api.llama_sampler_accept(always, token)
    choice = dict(enumerate(logits))
    assert _choose(sampler.chain, choice) == _choose(always, choice)
    api.llama_sampler_free(always)
    sampler.close()


def test_a_repeat_penalty_holds_down_single_tokens_when_asked_for(model: Model):
    assert choose(model, Sampling(), [50, 51], {50: 1.1, 6: 1.0}) == 50
    assert choose(model, Sampling(repeat_penalty=1.5), [50, 51], {50: 1.1, 6: 1.0}) == 6


def test_top_k_leaves_only_the_likeliest(model: Model):
    chosen = {choose(model, Sampling(temperature=5.0, top_k=2, seed=seed), [], {5: 1.0, 6: 1.1, 7: 0.9}) for seed in range(30)}
    assert chosen == {5, 6}
