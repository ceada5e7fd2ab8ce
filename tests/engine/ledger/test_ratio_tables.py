from __future__ import annotations

from fractions import Fraction

import pytest

from engine.ledger.ratio_tables import COUNTED, TEXTS, figures, local_vocabulary, remote_vocabulary

OF_HERE = ("llama-3", "qwen", "gemma", "llama-2", "smollm2", "o200k")
ELSEWHERE = ("o200k", "cl100k", "claude-3", "claude-5")


def test_every_row_has_a_figure_for_every_text() -> None:
    assert {len(row) for row in COUNTED.values()} == {len(TEXTS)}


def test_each_vocabulary_that_is_named_can_be_compared_with_each() -> None:
    for remote in (*ELSEWHERE, *OF_HERE):
        for local in OF_HERE:
            found = figures(remote, local)
            assert found is not None and all(Fraction(3, 10) < each < Fraction(16, 5) for each in found), (remote, local)
            assert remote != local or set(found) == {1}
    assert figures("", "qwen") is figures("o200k", "") is None


def test_what_was_not_counted_side_by_side_follows_from_what_was() -> None:
    """Claude 5 was counted against Llama too, so the way over OpenAI's vocabulary can be held against that."""
    counted = COUNTED["claude-5", "llama-3"]
    by_a_third = [
        Fraction(claude, ours) * llama
        for claude, ours, llama in zip(
            COUNTED["claude-5", "qwen"], COUNTED["o200k", "qwen"], COUNTED["o200k", "llama-3"], strict=True
        )
    ]
    assert all(abs(one - other) < 5 for one, other in zip(counted, by_a_third, strict=True))
    older = figures("claude-3", "llama-3")
    assert older is not None and older[0] == Fraction(99, 90) * Fraction(99, 100)


@pytest.mark.parametrize(
    ("model", "vocabulary"),
    [
        ("Llama 3.2 3B", "llama-3"),
        ("Meta-Llama-3.1-8B-Instruct-Q4_K_M", "llama-3"),
        ("DeepSeek R1 Distill Qwen 14B", "qwen"),
        ("DeepSeek-R1-Distill-Llama-8B", "llama-3"),
        ("Qwen3.5 0.8B", "qwen"),
        ("qwen2.5-7b-instruct", "qwen"),
        ("Gemma 4 E2B", "gemma"),
        ("SmolLM2-135M-Instruct.Q4_1", "smollm2"),
        ("gpt-oss 20B", "o200k"),
        ("Llama-2-7B-Chat", "llama-2"),
        ("TinyLlama-1.1B-Chat-v1.0", "llama-2"),
        ("mistral-7b-instruct-v0.2", "llama-2"),
        ("SmolLM3 3B", ""),
        ("Llama-4-Scout", ""),
        ("Phi-4 mini", ""),
        ("Ministral 3 8B", ""),
        ("Granite 4.1 3B", ""),
        ("", ""),
    ],
)
def test_a_local_model_is_known_by_its_name(model: str, vocabulary: str) -> None:
    assert local_vocabulary(model) == vocabulary


@pytest.mark.parametrize(
    ("reference", "vocabulary"),
    [
        ("openai/gpt-6.1-sol", "o200k"),
        ("openai/gpt-4o-mini-2024-07-18", "o200k"),
        ("openai/gpt-4.1", "o200k"),
        ("openai/o3-mini", "o200k"),
        ("openrouter/openai/gpt-5.1", "o200k"),
        ("openai/gpt-4", "cl100k"),
        ("openai/gpt-4-turbo", "cl100k"),
        ("openai/gpt-3.5-turbo", "cl100k"),
        ("anthropic/claude-3-5-haiku-20241022", "claude-3"),
        ("anthropic/claude-sonnet-4-20250514", "claude-3"),
        ("anthropic/claude-sonnet-4-5", "claude-3"),
        ("anthropic/claude-opus-4-6", "claude-3"),
        ("anthropic/claude-opus-4-7", "claude-5"),
        ("openrouter/anthropic/claude-opus-4.7", "claude-5"),
        ("anthropic/claude-haiku-5-5", "claude-5"),
        ("aws/anthropic.claude-opus-5-5-v1:0", "claude-5"),
        ("anthropic/claude-2.1", ""),
        ("anthropic/claude-instant-1.2", ""),
        ("google/gemini-3-pro", ""),
        ("mistral/mistral-large-4", ""),
        ("groq/llama-3.3-70b-versatile", "llama-3"),
        ("openrouter/qwen/qwen3-235b-a22b", "qwen"),
        ("", ""),
    ],
)
def test_a_remote_model_is_known_by_its_name(reference: str, vocabulary: str) -> None:
    assert remote_vocabulary(reference) == vocabulary
