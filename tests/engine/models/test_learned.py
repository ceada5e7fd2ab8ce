"""What is concluded from loads, and above all what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.model_records import ModelLoad
from engine.models.learned import MOST_CORRECTION, NOTHING_LEARNED, learn
from engine.records import MemorySum

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOAD = ModelLoad(NOON, "ours", "qwen3", 4096, predicted=1000, measured=1000, free=5000, weights=700)
NEEDED = MemorySum(weights=700, cache=100, buffers=100, program=100)


def at(hour: int, **changes: object) -> ModelLoad:
    return replace(LOAD, time=NOON + timedelta(hours=hour), **changes)  # type: ignore[arg-type]


def learned_bytes(loads: list[ModelLoad], n_ctx: int = 4096, sha256: str | None = "ours") -> int:
    corrected = learn(loads, sha256=sha256, architecture="qwen3").corrected(NEEDED, n_ctx)
    assert corrected is not None
    return corrected.learned


def test_nothing_comes_of_nothing() -> None:
    assert learn([], sha256="ours", architecture="qwen3") == NOTHING_LEARNED
    assert NOTHING_LEARNED.corrected(NEEDED, 4096) == NEEDED
    assert NOTHING_LEARNED.corrected(None, 4096) is None


def test_the_same_file_in_a_similar_context_teaches_its_own_difference() -> None:
    loads = [at(0, measured=1080)]
    assert [learned_bytes(loads, n_ctx) for n_ctx in (4096, 6000, 3000, 16_384)] == [80, 80, 80, 0]


def test_a_load_that_took_less_teaches_nothing() -> None:
    assert learned_bytes([at(0, measured=600)]) == 0
    assert learned_bytes([at(0, measured=1080), at(1, measured=600)]) == 80


def test_other_models_of_the_architecture_teach_a_ratio_once_there_are_two() -> None:
    other = at(0, sha256="other", measured=1100)
    assert learned_bytes([other]) == 0
    assert learned_bytes([other, at(1, sha256="third", measured=1100)]) == 100
    assert learned_bytes([other, at(1, sha256="third", measured=1100, architecture="llama")]) == 0


def test_a_file_that_is_not_here_yet_learns_from_its_architecture() -> None:
    loads = [at(0, sha256="other", measured=1100), at(1, sha256="third", measured=1100)]
    assert learned_bytes(loads, sha256=None) == 100


def test_speeds_are_the_median_of_the_newest() -> None:
    old = [at(hour, tokens_per_s=1.0, prompt_tokens_per_s=10.0) for hour in range(9)]
    new = [at(20 + hour, tokens_per_s=5.0 + hour, prompt_tokens_per_s=None) for hour in range(5)]
    learned = learn([*new, *old], sha256="ours", architecture="qwen3")
    assert (learned.tokens_per_s, learned.prompt_tokens_per_s) == (7.0, 10.0)
    assert learn(old, sha256="other", architecture="qwen3").tokens_per_s is None


def test_other_models_show_how_fast_weights_are_read_here() -> None:
    learned = learn([at(0, sha256="other", architecture="llama", weights=100, tokens_per_s=9.0)], sha256="ours", architecture="x")
    assert (learned.bytes_per_s, learned.tokens_per_s) == (900.0, None)


def test_steps_are_as_long_as_a_second_and_never_nothing() -> None:
    steps = [learn([at(0, prompt_tokens_per_s=speed)], sha256="ours", architecture="x").tokens_in_a_step for speed in (3, 64, 65)]
    assert steps == [64, 64, 128]
    assert NOTHING_LEARNED.tokens_in_a_step is None


def test_a_failure_counts_until_a_later_success_contradicts_it() -> None:
    failed = at(1, measured=None, free=2000)
    for later, still_fails in (
        ([], True),
        ([at(2, free=2000)], False),
        ([at(2, free=3000)], True),  # with more free memory, which proves nothing
        ([at(2, free=2000, n_ctx=2048)], True),  # with a smaller context
        ([at(0, free=2000)], True),  # before
    ):
        assert learn([failed, *later], sha256="ours", architecture="qwen3").has_failed(4096, 2000) is still_fails, later
    assert not learn([failed], sha256="other", architecture="qwen3").has_failed(4096, 2000)


def test_a_failure_whose_free_memory_is_not_known_holds_for_any() -> None:
    learned = learn([at(1, measured=None, free=None)], sha256="ours", architecture="qwen3")
    assert learned.has_failed(4096, 1 << 40) and learned.has_failed(8192, 1) and not learned.has_failed(2048, 1)


LOADS = st.lists(
    st.builds(
        at,
        st.integers(0, 1000),
        sha256=st.sampled_from(["ours", "other", "third"]),
        n_ctx=st.sampled_from([2048, 4096, 8192]),
        predicted=st.none() | st.integers(1, 10_000),
        measured=st.none() | st.integers(1, 100_000),
        free=st.none() | st.integers(0, 10_000),
    ),
    max_size=12,
)


@given(loads=LOADS, n_ctx=st.integers(512, 16_384), sha256=st.none() | st.just("ours"))
def test_whatever_was_loaded_advice_never_becomes_less_careful(loads: list[ModelLoad], n_ctx: int, sha256: str | None) -> None:
    assert 0 <= learned_bytes(loads, n_ctx, sha256) <= round(NEEDED.total * (MOST_CORRECTION - 1))


@given(loads=LOADS, free=st.integers(0, 10_000), n_ctx=st.integers(512, 16_384))
def test_less_memory_or_more_context_never_undoes_a_failure(loads: list[ModelLoad], free: int, n_ctx: int) -> None:
    learned = learn(loads, sha256="ours", architecture="qwen3")
    if learned.has_failed(n_ctx, free):
        assert learned.has_failed(n_ctx + 1, free) and learned.has_failed(n_ctx, max(free - 1, 0))
