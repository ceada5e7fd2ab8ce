"""The arithmetic of memory, against what llama.cpp says it allocates for the real models and for shapes of others."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference import context
from engine.model_records import Gpu, ModelLoad
from engine.models import memory_fit
from engine.models.cache_shape import WITH_PLAIN_CACHE, WITHOUT_CACHE, layers
from engine.models.facts import ModelFacts, Recurrence, facts_from
from engine.models.gguf import read_header
from engine.models.learned import Learned, learn
from engine.models.memory_fit import SLOWER_THAN_READING, fit, need
from engine.records import MemorySum
from tests.engine.models.gguf_files import gguf

MIB = 1024 * 1024
GIB = 1024 * MIB
FAST = 1e12  # bytes a second; nothing is slow


def read(file: Path) -> ModelFacts:
    with file.open("rb") as stream:
        return facts_from(read_header(stream, file.stat().st_size))


@pytest.fixture(scope="module")
def starter(starter_model: Path) -> ModelFacts:
    return read(starter_model)


def tiny(**changes: object) -> ModelFacts:
    content = gguf()
    return msgspec.structs.replace(facts_from(read_header(io.BytesIO(content), len(content))), **changes)


def qwen3_8b() -> ModelFacts:
    """As the header of the file with 4 bits says it."""
    return tiny(
        architecture="qwen3", n_weight_bytes=5_022_000_000, n_vocabulary=151_936, context_length=40_960, n_layers=36,
        n_embedding=4096, n_feed_forward=12_288, n_heads=32, heads_kv=[8] * 36, key_length=128, value_length=128,
        tokenizer="gpt2", table_bytes=350_000_000,
    )  # fmt: skip


# ---------------------------------------------------------------- the parts
def test_the_starter_needs_what_llama_cpp_allocates(starter: ModelFacts) -> None:
    """Its log for a context of 4096: model 92.10, KV 90.00, output 3.00, compute 86.38 MiB; and half of 72 for scores."""
    needed = need(starter, 4096)
    assert needed is not None
    assert needed.weights == pytest.approx(92.10 * MIB, rel=0.001)
    assert needed.cache == 90 * MIB
    assert needed.buffers == pytest.approx((3.00 + 86.38 + 36) * MIB, rel=0.001)
    assert needed.total == needed.weights + needed.cache + needed.buffers + needed.program


def test_a_longer_context_costs_cache_up_to_what_the_model_was_made_for(starter: ModelFacts) -> None:
    short, long, longer = (need(starter, n_ctx) for n_ctx in (4096, 8192, 1_000_000))
    assert short and long and longer
    assert long.cache == 2 * short.cache == longer.cache


def test_a_cache_is_allocated_in_steps_of_256_tokens() -> None:
    sums = [need(tiny(), n_ctx) for n_ctx in (1024, 1025, 1280)]
    assert sums[0] and sums[1] and sums[2]
    assert sums[0].cache < sums[1].cache == sums[2].cache


def test_grouped_heads_keep_as_much_less_as_there_are_fewer() -> None:
    every, grouped = need(tiny(heads_kv=[8, 8]), 1024), need(tiny(heads_kv=[2, 2]), 1024)
    assert every and grouped
    assert every.cache == 4 * grouped.cache == 1024 * 2 * 8 * (8 + 8) * 2


def test_keys_and_values_may_be_stored_smaller() -> None:
    plain, smaller = need(tiny(), 1024), need(tiny(), 1024, key_type="Q8_0", value_type="Q4_0")
    assert plain and smaller
    assert smaller.cache == plain.cache / 2 * (34 / 64 + 18 / 64)


def test_stored_scores_want_the_values_of_all_layers_as_wide_as_the_widest() -> None:
    needed = need(tiny(heads_kv=[2, 0]), 1024)
    assert needed and needed.cache == 1024 * (2 * 8 + 2 * (2 * 8)) * 2


def test_long_contexts_do_without_stored_scores() -> None:
    """32 heads store 512 MiB of scores at 8,192 tokens; beyond that llama.cpp computes without storing them."""
    stored, not_stored = need(qwen3_8b(), 8192), need(qwen3_8b(), 8448)
    assert stored and not_stored
    assert stored.buffers > 768 * MIB > 300 * MIB > not_stored.buffers


def test_the_rule_for_scores_is_the_workers_own() -> None:
    assert memory_fit.MOST_SCORES_BYTES == context.MOST_SCORES_BYTES


def test_experts_widen_the_buffers_and_shared_layers_keep_nothing() -> None:
    dense, experts = need(tiny(), 256), need(tiny(n_experts=8, n_experts_used=4, n_expert_feed_forward=1024), 256)
    assert dense and experts and experts.buffers > dense.buffers
    sharing = need(tiny(architecture="gemma4", n_sharing_layers=1), 1024)
    alone = need(tiny(architecture="gemma4"), 1024)
    assert sharing and alone and alone.cache == 2 * sharing.cache


def test_layers_with_windows_may_have_keys_of_another_length() -> None:
    facts = tiny(architecture="gemma4", window=512, windowed=[True, False], windowed_key_length=4, windowed_value_length=4)
    assert [(layer.keys, layer.windowed) for layer in layers(facts) or []] == [(8, True), (16, False)]
    assert layers(tiny(architecture="gemma4", window=512, windowed=[True])) is None  # one entry for two layers


def test_windows_follow_the_period_of_the_architecture() -> None:
    facts = tiny(architecture="gemma3", n_layers=8, heads_kv=[1] * 8, window=512)
    assert [layer.windowed for layer in layers(facts) or []] == [True] * 5 + [False] + [True] * 2
    assert not any(layer.windowed for layer in layers(tiny(architecture="phi3", window=512)) or [])


def test_a_recurrent_layer_keeps_a_state_that_does_not_grow() -> None:
    kept = Recurrence(attends_every=2, inner=32, state_length=8, n_groups=2, kernel=4)
    facts = tiny(architecture="qwen35", recurrence=kept)
    short, long = need(facts, 1024), need(facts, 2048)
    state = 4 * (3 * (32 + 2 * 2 * 8) + 8 * 32)  # bytes: what was convolved last, and the state itself
    assert short and long
    assert short.cache == 1024 * (16 + 16) * 2 + 4 * state
    assert long.cache - short.cache == 1024 * (16 + 16) * 2
    assert need(tiny(architecture="qwen35"), 1024) is None  # the file does not say what a state is


def test_an_encoder_keeps_no_cache_at_all(embedding_model: Path) -> None:
    needed = need(read(embedding_model), 4096)
    assert needed is not None and needed.cache == 0


def test_the_part_that_sees_pictures_is_added() -> None:
    blind, seeing = need(tiny(), 1024), need(tiny(), 1024, vision_bytes=5 * MIB)
    assert blind and seeing and seeing.total - blind.total == seeing.vision == 5 * MIB


@pytest.mark.parametrize(
    "change",
    [
        {"architecture": "mamba"},
        {"architecture": "deepseek2"},
        {"architecture": "something-new"},
        {"n_weight_bytes": None},
        {"heads_kv": None},
        {"n_heads": None},
        {"n_embedding": None},
        {"n_feed_forward": None},
        {"n_vocabulary": None},
    ],
)
def test_what_cannot_be_known_is_not_guessed(change: dict[str, object]) -> None:
    answer = fit(tiny(**change), 4096, free=64 * GIB, total=64 * GIB, bytes_per_s=FAST)
    assert (answer.verdict, answer.needed_bytes, answer.free_bytes) == ("unknown", None, 64 * GIB)
    assert (answer.sum, answer.tokens_per_s_low, answer.offered_n_ctx) == (None, None, None)


# ---------------------------------------------------------------- the verdict
@pytest.mark.parametrize(
    ("free_of_need", "total_of_need", "verdict"),
    [(2.0, 4.0, "fits_well"), (1.05, 4.0, "tight"), (0.9, 4.0, "slow"), (0.9, 0.95, "does_not_fit"), (0.2, 4.0, "does_not_fit")],
)
def test_verdicts(starter: ModelFacts, free_of_need: float, total_of_need: float, verdict: str) -> None:
    needed = need(starter, 4096)
    assert needed is not None
    answer = fit(starter, 4096, free=int(needed.total * free_of_need), total=int(needed.total * total_of_need))
    assert (answer.verdict, answer.needed_bytes, answer.sum, answer.n_ctx) == (verdict, needed.total, needed, 4096)


def test_a_smaller_context_is_offered_where_it_would_fit_well() -> None:
    small, large = need(qwen3_8b(), 4096), need(qwen3_8b(), 32_768)
    assert small and large
    answer = fit(qwen3_8b(), 32_768, free=int(small.total / 0.8), total=64 * GIB)
    assert answer.verdict != "fits_well" and answer.offered_n_ctx == 4096
    assert fit(qwen3_8b(), 32_768, free=int(large.total / 0.8), total=64 * GIB).offered_n_ctx is None
    assert fit(qwen3_8b(), 32_768, free=GIB, total=2 * GIB).offered_n_ctx is None


ORDER = ["does_not_fit", "slow", "tight", "fits_well"]


@given(n_ctx=st.integers(512, 1 << 20), free=st.integers(0, 1 << 40), more=st.integers(0, 1 << 40))
def test_more_free_memory_never_makes_a_fit_worse(n_ctx: int, free: int, more: int) -> None:
    before, after = (fit(qwen3_8b(), n_ctx, free=amount, total=1 << 41).verdict for amount in (free, free + more))
    assert ORDER.index(after) >= ORDER.index(before)


@given(n_ctx=st.integers(256, 1 << 16), free=st.integers(0, 1 << 34))
def test_an_offered_context_is_smaller_and_fits_well(n_ctx: int, free: int) -> None:
    offered = fit(qwen3_8b(), n_ctx, free=free, total=1 << 35).offered_n_ctx
    assert offered is None or offered < n_ctx
    assert offered is None or fit(qwen3_8b(), offered, free=free, total=1 << 35).verdict == "fits_well"


@pytest.mark.parametrize("used", [True, False])
def test_a_graphics_device_counts_where_this_build_computes_on_it(used: bool) -> None:
    gpu = Gpu("Card", "1.0", 16 * GIB, 15 * GIB, shares_memory=False, used=used, why_not="" if used else "no_backend")
    answer = fit(qwen3_8b(), 4096, free=GIB, total=8 * GIB, gpus=[gpu])
    assert (answer.verdict, answer.device) == (("fits_well", "Card") if used else ("does_not_fit", ""))
    assert answer.free_bytes == (15 * GIB if used else GIB)


# ---------------------------------------------------------------- speed
def test_a_speed_is_a_range_until_it_was_measured() -> None:
    estimated = fit(qwen3_8b(), 4096, free=64 * GIB, total=64 * GIB, bytes_per_s=90e9)
    assert estimated.tokens_per_s_low is not None and estimated.tokens_per_s_high is not None
    assert 8 < estimated.tokens_per_s_low < estimated.tokens_per_s_high < 17 and not estimated.is_measured
    measured = fit(
        qwen3_8b(),
        4096,
        free=64 * GIB,
        total=64 * GIB,
        bytes_per_s=90e9,
        learned=Learned(tokens_per_s=12.5, prompt_tokens_per_s=80),
    )
    assert (measured.tokens_per_s_low, measured.tokens_per_s_high, measured.is_measured) == (12.5, 12.5, True)
    assert (measured.prompt_tokens_per_s, estimated.prompt_tokens_per_s) == (80, None)


def test_what_writes_slower_than_people_read_is_slow_although_it_fits() -> None:
    slow = fit(qwen3_8b(), 4096, free=64 * GIB, total=64 * GIB, bytes_per_s=30e9)
    assert slow.verdict == "slow" and slow.tokens_per_s_low is not None and slow.tokens_per_s_low < SLOWER_THAN_READING


def test_nothing_is_said_of_the_speed_of_a_model_that_is_read_from_the_disk_again_and_again() -> None:
    needed = need(qwen3_8b(), 4096)
    assert needed is not None
    paged = fit(qwen3_8b(), 4096, free=needed.total - GIB, total=64 * GIB, bytes_per_s=90e9)
    assert (paged.verdict, paged.tokens_per_s_low, paged.tokens_per_s_high) == ("slow", None, None)


# ---------------------------------------------------------------- what was learned
def test_a_load_that_took_more_makes_the_next_advice_more_careful(starter: ModelFacts) -> None:
    needed = need(starter, 4096)
    assert needed is not None
    free = int(needed.total / memory_fit.ROOM_TO_BREATHE) + 1
    load = ModelLoad(datetime.now(UTC), "ab", "llama", 4096, needed.total, needed.total + 20 * MIB, None, needed.weights)
    assert fit(starter, 4096, free=free, total=4 * free).verdict == "fits_well"
    after = fit(starter, 4096, free=free, total=4 * free, learned=learn([load], sha256="ab", architecture="llama"))
    assert (after.verdict, after.needed_bytes) == ("tight", needed.total + 20 * MIB)
    assert after.sum == replace(needed, learned=20 * MIB)


def test_a_load_that_failed_is_never_advised_again_in_as_little_memory(starter: ModelFacts) -> None:
    failed = ModelLoad(datetime.now(UTC), "ab", "llama", 4096, GIB // 4, None, 2 * GIB, 1)
    learned = learn([failed], sha256="ab", architecture="llama")
    for free, n_ctx, verdict in ((2 * GIB, 4096, "does_not_fit"), (GIB, 8192, "does_not_fit"), (3 * GIB, 4096, "fits_well")):
        assert fit(starter, n_ctx, free=free, total=8 * GIB, learned=learned).verdict == verdict
    answer = fit(starter, 8192, free=2 * GIB, total=8 * GIB, learned=learned)
    assert answer.offered_n_ctx == 2048  # 4096 is what failed


def test_a_computer_that_reads_slowly_fills_less_of_its_buffers() -> None:
    whole = fit(qwen3_8b(), 4096, free=64 * GIB, total=64 * GIB)
    slow = fit(qwen3_8b(), 4096, free=64 * GIB, total=64 * GIB, learned=Learned(prompt_tokens_per_s=20.0))
    assert whole.sum and slow.sum and slow.sum.buffers < whole.sum.buffers / 4
    assert replace(slow.sum, buffers=0) == replace(whole.sum, buffers=0)


def test_the_tables_of_architectures_do_not_contradict_each_other() -> None:
    assert not WITH_PLAIN_CACHE & WITHOUT_CACHE
    assert MemorySum(weights=5, cache=3, buffers=2, program=1, vision=4, learned=6).total == 21
