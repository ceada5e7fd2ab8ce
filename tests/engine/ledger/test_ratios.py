from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ledger.ratios import LEAST_PAIRS, MOST_PAIRS, UNKNOWN, Ratio, Ratios, ratio_for
from engine.ledger_records import PairCount, Spread, WorkloadId

MAILS, NOTES = WorkloadId("mails"), WorkloadId("notes")
QWEN, SONNET = "Qwen3.5 4B", "anthropic/claude-sonnet-5-5"


def pairs(n: int, remote: int = 130, *, model: str = "claude-sonnet-5-5", **more: object) -> list[PairCount]:
    return [replace(PairCount(MAILS, QWEN, "anthropic", model, 100 + i, (100 + i) * remote // 100), **more) for i in range(n)]


# ---------------------------------------------------------------- counted tables
@pytest.mark.parametrize(
    ("reference", "local", "spread"),
    [
        ("openai/gpt-6.1-sol", "Llama 3.2 3B", (820_000, 990_000, 1_138_500)),  # at least 15 per cent above the middle
        ("openai/gpt-6.1-sol", QWEN, (782_000, 920_000, 1_070_000)),  # and below it
        (SONNET, QWEN, (1_220_000, 1_480_000, 1_730_000)),
        (SONNET, "Gemma 4 E2B", (1_050_000, 1_480_000, 1_970_000)),
        ("anthropic/claude-sonnet-4-5", QWEN, (990_000, 1_250_000, 1_700_000)),
        ("openai/gpt-6.1-sol", "SmolLM2-135M-Instruct", (580_000, 930_000, 1_069_500)),  # English, and what has its letters
        ("openrouter/qwen/qwen3-235b-a22b", QWEN, (850_000, 1_000_000, 1_150_000)),  # the same vocabulary
    ],
)
def test_the_range_is_that_of_the_texts_and_at_least_fifteen_per_cent(
    reference: str, local: str, spread: tuple[int, int, int]
) -> None:
    assert ratio_for(reference, local, MAILS, []) == Ratio(Spread(*spread), "prior")


@pytest.mark.parametrize(
    ("reference", "local"), [("google/gemini-3-pro", QWEN), (SONNET, "Phi-4"), ("my/model", "mine"), ("", "")]
)
def test_what_was_never_counted_is_one_with_a_wide_margin(reference: str, local: str) -> None:
    assert ratio_for(reference, local, MAILS, []) == UNKNOWN == Ratio(Spread(800_000, 1_000_000, 1_600_000), "none")


# ---------------------------------------------------------------- one's own pairs
def test_twenty_pairs_are_enough_and_nineteen_are_not() -> None:
    assert ratio_for(SONNET, QWEN, MAILS, pairs(LEAST_PAIRS - 1)).source == "prior"
    assert ratio_for(SONNET, QWEN, MAILS, pairs(LEAST_PAIRS)).source == "calibrated"


def test_it_is_the_ratio_of_the_sums_not_the_mean_of_ratios() -> None:
    short = [PairCount(MAILS, QWEN, "anthropic", "claude-sonnet-5-5", 10, 30)] * 20
    long = [PairCount(MAILS, QWEN, "anthropic", "claude-sonnet-5-5", 10_000, 10_000)]
    found = ratio_for(SONNET, QWEN, MAILS, short + long).amount
    assert found.mid == round(1_000_000 * (20 * 30 + 10_000) / (20 * 10 + 10_000))
    assert found.low < found.mid < found.high <= 3_000_000


def test_pairs_of_other_work_other_models_and_other_vocabularies_do_not_count() -> None:
    for others in (
        pairs(50, workload=NOTES), pairs(50, local="Qwen3 8B"), pairs(50, model="claude-sonnet-4-5"),
        pairs(50, provider="openai", model="gpt-6-luna"), pairs(50, local_prompt=0), pairs(50, remote_prompt=0),
    ):  # fmt: skip
        assert ratio_for(SONNET, QWEN, MAILS, others).source == "prior"


def test_pairs_with_another_model_of_the_same_vocabulary_count() -> None:
    assert ratio_for("anthropic/claude-opus-5-5", QWEN, MAILS, pairs(20)).source == "calibrated"
    gemini = pairs(20, provider="google", model="gemini-3-pro-2026-05-01")
    assert ratio_for("google/gemini-3-pro", QWEN, MAILS, gemini).source == "calibrated"
    assert ratio_for("google/gemini-3-flash", QWEN, MAILS, gemini).source == "none"  # nobody says that they count alike
    assert ratio_for(
        "google/gemini-3-pro", "Phi-4", MAILS, pairs(20, local="Phi-4", provider="g", model="gemini-3-pro")
    ).source == ("calibrated")


def test_only_the_newest_count() -> None:
    assert ratio_for(SONNET, QWEN, MAILS, pairs(MOST_PAIRS, 200) + pairs(5000, 100)).amount.mid == pytest.approx(
        2_000_000, rel=0.01
    )


def test_the_range_holds_the_truth_about_as_often_as_it_says() -> None:
    chance, held = random.Random(3), 0
    for _ in range(40):
        drawn = [(size := chance.randint(80, 900), round(size * chance.gauss(1.4, 0.15))) for _ in range(40)]
        known = [PairCount(MAILS, QWEN, "anthropic", "claude-sonnet-5-5", *each) for each in drawn]
        spread = ratio_for(SONNET, QWEN, MAILS, known).amount
        held += spread.low <= 1_400_000 <= spread.high
    assert 34 <= held <= 40


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=20, max_size=30))
def test_the_ends_are_in_order_whole_and_the_same_every_time(counts: list[tuple[int, int]]) -> None:
    known = [PairCount(MAILS, QWEN, "anthropic", "claude-sonnet-5-5", *each) for each in counts]
    spread = ratio_for(SONNET, QWEN, MAILS, known).amount
    assert spread.low <= spread.mid <= spread.high
    assert [type(each) for each in (spread.low, spread.mid, spread.high)] == [int] * 3
    assert ratio_for(SONNET, QWEN, MAILS, known).amount == spread


def test_a_set_of_pairs_says_what_its_pairs_say_and_works_it_out_once() -> None:
    ratios = Ratios(pairs(25))
    first = ratios(SONNET, QWEN, MAILS)
    assert first == ratio_for(SONNET, QWEN, MAILS, pairs(25)) and ratios(SONNET, QWEN, MAILS) is first
    assert Ratios()(SONNET, QWEN, MAILS).source == "prior"
