"""The arithmetic of memory, against what llama.cpp says it allocates for the real model."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.facts import ModelFacts, facts_from
from engine.models.gguf import read_header
from engine.models.memory_fit import WITH_PLAIN_CACHE, WITHOUT_CACHE, WORKER_BYTES, Need, fit, need
from tests.engine.models.gguf_files import gguf

MIB = 1024 * 1024
GIB = 1024 * MIB


@pytest.fixture(scope="module")
def starter(starter_model: Path) -> ModelFacts:
    with starter_model.open("rb") as file:
        return facts_from(read_header(file, starter_model.stat().st_size))


def tiny() -> ModelFacts:
    content = gguf()
    return facts_from(read_header(io.BytesIO(content), len(content)))


def test_the_starter_needs_what_llama_cpp_allocates(starter: ModelFacts) -> None:
    """Its log for a context of 4096: model 92.10 MiB, KV 90.00 MiB, output 3.00 MiB, compute 17.51 MiB."""
    needed = need(starter, 4096)
    assert needed is not None
    assert needed.weights == pytest.approx(92.10 * MIB, rel=0.001)
    assert needed.cache == 90 * MIB
    assert (3.0 + 17.5) * MIB <= needed.buffers <= (3.0 + 17.5) * MIB * 1.15
    assert needed.total == needed.weights + needed.cache + needed.buffers + WORKER_BYTES


def test_a_longer_context_costs_cache_up_to_what_the_model_was_made_for(starter: ModelFacts) -> None:
    short, long, longer = (need(starter, n_ctx) for n_ctx in (4096, 8192, 1_000_000))
    assert short and long and longer
    assert long.cache == 2 * short.cache == longer.cache


def test_layers_without_attention_keep_no_cache() -> None:
    every, half = tiny(), msgspec.structs.replace(tiny(), heads_kv=[2, 0])
    of_every, of_half = need(every, 1024), need(half, 1024)
    assert of_every and of_half
    assert of_every.cache == 2 * of_half.cache == 1024 * 4 * 16 * 2


def test_an_encoder_keeps_no_cache_at_all(embedding_model: Path) -> None:
    with embedding_model.open("rb") as file:
        facts = facts_from(read_header(file, embedding_model.stat().st_size))
    needed = need(facts, 4096)
    assert needed is not None and needed.cache == 0


@pytest.mark.parametrize(
    "change",
    [
        {"architecture": "qwen35"},
        {"architecture": "mamba"},
        {"architecture": "deepseek2"},
        {"architecture": "something-new"},
        {"n_weight_bytes": None},
        {"heads_kv": None},
        {"n_embedding": None},
        {"n_feed_forward": None},
        {"n_vocabulary": None},
    ],
)
def test_what_cannot_be_known_is_not_guessed(change: dict[str, object]) -> None:
    facts = msgspec.structs.replace(tiny(), **change)
    answer = fit(facts, 4096, free=64 * GIB, total=64 * GIB)
    assert (answer.verdict, answer.needed_bytes, answer.free_bytes) == ("unknown", None, 64 * GIB)


@pytest.mark.parametrize(
    ("free_of_need", "total_of_need", "verdict"),
    [(2.0, 4.0, "fits_well"), (1.05, 4.0, "tight"), (0.8, 4.0, "slow"), (0.8, 0.9, "does_not_fit"), (0.2, 4.0, "does_not_fit")],
)
def test_verdicts(starter: ModelFacts, free_of_need: float, total_of_need: float, verdict: str) -> None:
    needed = need(starter, 4096)
    assert needed is not None
    answer = fit(starter, 4096, free=int(needed.total * free_of_need), total=int(needed.total * total_of_need))
    assert (answer.verdict, answer.needed_bytes) == (verdict, needed.total)


ORDER = ["does_not_fit", "slow", "tight", "fits_well"]


@given(n_ctx=st.integers(512, 1 << 20), free=st.integers(0, 1 << 40), more=st.integers(0, 1 << 40))
def test_more_free_memory_never_makes_a_fit_worse(n_ctx: int, free: int, more: int) -> None:
    before, after = (fit(tiny(), n_ctx, free=amount, total=1 << 41).verdict for amount in (free, free + more))
    assert ORDER.index(after) >= ORDER.index(before)


def test_need_adds_up() -> None:
    assert Need(weights=5, cache=3, buffers=2).total == 10 + WORKER_BYTES
    assert not WITH_PLAIN_CACHE & WITHOUT_CACHE
