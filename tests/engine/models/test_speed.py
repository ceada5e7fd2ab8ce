"""Estimates of speed against public measurements, and their bounds."""

from __future__ import annotations

import msgspec
import pytest

from engine.models.speed import bytes_per_token, speed
from tests.engine.models.test_memory_fit import qwen3_8b, tiny

# Llama 2 7B with 4 bits reads 3.76 GB a token; computers whose memory's speed and whose writing were both published.
LLAMA_2 = {"n_weight_bytes": 3_760_000_000, "n_layers": 32}


@pytest.mark.parametrize(("gigabytes_per_s", "measured"), [(102.4, 18.3), (68.0, 14.15), (100.0, 21.34), (120.0, 24.11)])
def test_what_others_measured_lies_within_or_near_the_range(gigabytes_per_s: float, measured: float) -> None:
    low, high = speed(tiny(**LLAMA_2), gigabytes_per_s * 1e9)
    assert low < measured < high * 1.05


def test_few_cores_and_what_other_models_achieved_move_the_range() -> None:
    """Two slow cores wrote 92 tokens/s with the starter, whose weights and layers these are, where memory gives 30 GB/s."""
    starter = {"n_weight_bytes": 96_600_000, "n_layers": 30, "is_tied": True}
    assert speed(tiny(**starter), 30e9)[0] > 92  # bandwidth alone promises too much
    low, high = speed(tiny(**starter), 30e9, n_cores=2)
    assert low < 92 < high
    before, after = speed(qwen3_8b(), 30e9), speed(qwen3_8b(), 30e9, achieved=92 * 96.6e6)
    assert after[0] < before[0] and after[0] < after[1] < before[1]
    assert speed(qwen3_8b(), 30e9, achieved=1e12) == before  # experts seem to read more than memory gives


def test_of_experts_those_that_are_used_are_read() -> None:
    """A model of 11.25 GB with 4 of 32 experts reads 1.07 GB beside them and an eighth of theirs."""
    facts = tiny(n_weight_bytes=11_250_000_000, expert_bytes=10_180_000_000, n_experts=32, n_experts_used=4, is_tied=True)
    assert bytes_per_token(facts) == pytest.approx(2.34e9, rel=0.01)


def test_a_table_of_rows_is_read_only_where_it_finds_the_next_token_too() -> None:
    own, shared = (tiny(n_weight_bytes=1000, table_bytes=400, is_tied=is_tied) for is_tied in (False, True))
    assert (bytes_per_token(own), bytes_per_token(shared)) == (600, 1000)
    assert bytes_per_token(tiny(n_weight_bytes=1000, layer_table_bytes=700, is_tied=True)) == 300


def test_a_filled_cache_and_lattices_make_it_slower() -> None:
    plain = speed(qwen3_8b(), 50e9)
    assert speed(qwen3_8b(), 50e9, cache_bytes_per_token=147_456) < plain
    assert speed(msgspec.structs.replace(qwen3_8b(), quantisation="IQ2_XS"), 50e9)[1] < plain[0] * 1.01
