"""The sampler chain holds down verbatim loops, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from engine.inference.llama import api
from engine.inference.model import Model
from engine.inference.sampling import LOOP_LENGTH, Sampler, Sampling


@pytest.fixture(scope="module")
def model(starter_model: Path) -> Iterator[Model]:
    with Model(starter_model) as model:
        yield model


def choose(model: Model, sampling: Sampling, said: Sequence[int], logits: dict[int, float]) -> int:
    """The token that the chain takes after it has said `said`."""
    sampler = Sampler(model.vocabulary, sampling)
    for token in said:
        api.llama_sampler_accept(sampler.chain, token)
    candidates = (api.llama_token_data * len(logits))(*((token, logit, 0.0) for token, logit in logits.items()))
    array = api.llama_token_data_array(candidates, len(logits), -1, False)
    api.llama_sampler_apply(sampler.chain, api.ctypes.byref(array))
    chosen = int(array.data[array.selected].id)
    sampler.close()
    return chosen


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


def test_a_repeat_penalty_holds_down_single_tokens_when_asked_for(model: Model):
    assert choose(model, Sampling(), [50, 51], {50: 1.1, 6: 1.0}) == 50
    assert choose(model, Sampling(repeat_penalty=1.5), [50, 51], {50: 1.1, 6: 1.0}) == 6


def test_top_k_leaves_only_the_likeliest(model: Model):
    chosen = {choose(model, Sampling(temperature=5.0, top_k=2, seed=seed), [], {5: 1.0, 6: 1.1, 7: 0.9}) for seed in range(30)}
    assert chosen == {5, 6}
