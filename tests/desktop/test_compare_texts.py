"""The pure parts of the Compare screen: differences, marks, figures and tally sentences."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.viewmodels import tally as tallied
from desktop.viewmodels.answer_differences import MOST_WORDS, differences
from desktop.viewmodels.answer_markdown import blocks_of
from desktop.viewmodels.compare_marks import NUMBERS, Mark, marked, placeholders
from desktop.wordings import compare
from engine.compare_records import PaneTimings
from engine.provider_records import FREE, Cost, TokenCounts
from tests.desktop import compare_samples as samples

WORDS = st.lists(st.sampled_from(["rent", "12", "September", "the", "Repair", "29.08.2025", "*bold*", "\n"]), max_size=30).map(
    " ".join
)


def said(first: str, other: str) -> list[str]:
    return [other[start:end] for start, end in differences(first, other).stretches]


# ---------------------------------------------------------------- differences
def test_only_words_that_the_first_answer_lacks_are_marked() -> None:
    assert said("The repair was late.", "The repair was very late, by weeks.") == ["very", "by weeks"]


def test_case_markup_and_punctuation_are_no_differences() -> None:
    assert said("Repair finished on 29 August", "**repair** finished, on _29 august_!") == []


def test_a_changed_figure_is_a_difference() -> None:
    assert said("paid 1,204.50 on 3 June", "paid 1,240.50 on 3 June") == ["1,240.50"]


@given(WORDS, WORDS)
def test_stretches_are_whole_words_in_order(first: str, other: str) -> None:
    found = differences(first, other)
    assert list(found.stretches) == sorted(found.stretches)
    assert all(end <= start for (_, end), (start, _) in zip(found.stretches, found.stretches[1:], strict=False))
    assert all(other[start].isalnum() and other[end - 1].isalnum() for start, end in found.stretches)
    words = sum(len(re.findall(r"[^\W_]+(?:[.,:/’'\-][^\W_]+)*", other[start:end])) for start, end in found.stretches)
    assert words == found.n_words


@given(WORDS)
def test_an_answer_does_not_differ_from_itself(text: str) -> None:
    assert differences(text, text).n_words == 0


def test_what_is_too_long_is_not_compared_in_part() -> None:
    long = "word " * (MOST_WORDS + 1)
    assert not differences("a", long).is_compared and differences("a", long).stretches == ()


# ---------------------------------------------------------------- marks
def test_masked_words_are_not_in_the_text_at_all() -> None:
    text = "As **Claude**, an AI made by Anthropic, I would say yes."
    shown = marked(blocks_of(text), [Mark(0, text.index(", I"), "masked")], "[hidden]")
    assert shown[0].block.text == "[hidden], I would say yes."
    assert [stretch.numbers for stretch in shown[0].stretches] == [(NUMBERS["masked"],)]


def test_marks_that_overlap_are_cut_and_both_kept() -> None:
    text = "Anna Harlow complained"
    shown = marked(blocks_of(text), [Mark(0, 11, "restored"), Mark(5, 22, "differs")], "")
    parts = [(text[stretch.start : stretch.end], stretch.numbers) for stretch in shown[0].stretches]
    assert parts == [("Anna ", (1,)), ("Harlow", (1, 3)), (" complained", (3,))]


def test_a_placeholder_is_bold_and_a_source_number_is_none() -> None:
    text = "See [1]: [Person 2] and [Birth date 1]."
    assert [text[mark.start : mark.end] for mark in placeholders(text)] == ["[Person 2]", "[Birth date 1]"]
    shown = marked(blocks_of(text), placeholders(text), "")
    assert [run.text for run in shown[0].block.runs if run.bold] == ["[Person 2]", "[Birth date 1]"]


@given(st.text(alphabet="ab *_`[]\n1.", max_size=60), st.data())
def test_marks_never_lose_or_move_text(text: str, data: st.DataObject) -> None:
    ends = st.integers(0, max(0, len(text)))
    kinds = st.sampled_from(["restored", "differs", "placeholder"])
    marks = [
        Mark(min(pair), max(pair), kind)  # type: ignore[arg-type]
        for pair, kind in data.draw(st.lists(st.tuples(st.tuples(ends, ends), kinds), max_size=5))
    ]
    blocks = blocks_of(text)
    shown = marked(blocks, marks, "")
    assert [each.block.text for each in shown] == [block.text for block in blocks]
    for each in shown:
        edges = [edge for stretch in each.stretches for edge in (stretch.start, stretch.end)]
        assert edges == sorted(edges) and all(0 <= edge <= len(each.block.text) for edge in edges)


# ---------------------------------------------------------------- figures
@pytest.mark.parametrize(
    ("nano", "shown"),
    [(1_400_000, "$0.0014"), (0, "$0.0000"), (30_000, "under $0.0001"), (999_000_000, "$0.9990"), (12_400_000_000, "$12.40")],
)
def test_money_is_in_dollars_and_small_amounts_are_no_zero(nano: int, shown: str) -> None:
    assert compare.money(nano) == shown


def test_an_unknown_cost_is_never_a_zero() -> None:
    assert compare.cost(Cost(None, "unknown")) == "Not known"
    assert "0" not in compare.cost(Cost(None, "unknown", 0))
    assert "at most $0.0050" in compare.cost_note(Cost(None, "unknown", 5_000_000))
    assert compare.cost(None) == "–"
    assert compare.cost(FREE) == "$0.0000"
    assert compare.cost(Cost(1_400_000, "estimated")) == "about $0.0014"


def test_tokens_say_what_was_cached_and_what_was_reasoning() -> None:
    assert compare.tokens_note(TokenCounts(904, 96, cached=800, reasoning=20)) == (
        "Read 904 tokens, 800 of them kept from before. 20 of the written ones are reasoning."
    )
    assert compare.tokens_note(TokenCounts(12, 3)) == "Read 12 tokens."


def test_another_model_than_was_asked_is_said() -> None:
    assert compare.answered_by("gpt-5.2", "gpt-5.2") == compare.answered_by("gpt-5.2", "") == ""
    assert compare.answered_by("gpt-5.2", "gpt-5.2-2026-08-01") == "Answered by gpt-5.2-2026-08-01."
    assert compare.answered_by("gpt-5.2", "gpt-4o-mini") == "You asked gpt-5.2, and gpt-4o-mini answered."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Finished in 5.8 s"),
        ({"stop_reason": "cancelled"}, "Stopped by you. What was written is kept"),
        ({"stop_reason": "token_limit"}, "Cut at its longest length in 5.8 s"),
        ({"stop_reason": None, "problem": "rate_limited"}, "Not finished"),
        ({"text": " "}, "Nothing was written"),
    ],
)
def test_every_end_is_said(more: dict[str, object], words: str) -> None:
    found = replace(samples.answer(0, samples.QWEN, "Yes."), **more)  # type: ignore[arg-type]
    assert compare.end(found).text == words
    assert compare.end(replace(found, timings=PaneTimings(None, 5.8, None))).text == words


# ---------------------------------------------------------------- the tally
def names(key: str) -> str:
    return {"local:q": "Qwen3 8B"}.get(key, key.partition("/")[2])


def test_ranges_that_overlap_could_still_be_equal() -> None:
    found = samples.tally()
    assert tallied.sentence(found, names) == (
        "The ranges overlap, so these three could still be equal. About 150 more votes would settle it."
    )
    assert tallied.badge(found, names).text == "No clear winner yet"


def test_a_lead_is_called_one_only_when_the_ranges_say_so() -> None:
    assert tallied.badge(samples.tally_of_two(0.6, 0.4, leader="local:q"), names).text == "Qwen3 8B is ahead"
    overlapping = samples.tally_of_two(0.3, 0.7, leader="local:q", n_more=None)
    assert tallied.badge(overlapping, names).text == "No clear winner yet"
    assert tallied.sentence(overlapping, names) == "The ranges overlap, so these two could still be equal."
    assert tallied.leader_of(samples.tally_of_two(0.3, 0.7, leader="local:q", evidence=28.4)) is not None


def test_what_is_settled_needs_no_more_votes() -> None:
    settled = samples.tally_of_two(0.3, 0.7, verdict="reached", n_more=0)
    assert "more" not in tallied.sentence(settled, names)


def test_what_limits_the_votes_is_said_and_nothing_of_it_twice() -> None:
    bent = samples.tally(
        is_left_biased=True, left_share=(0.71, 0.6, 0.8), notes=("few_votes", "not_blind", "left_bias", "longer_wins")
    )
    said = " ".join(tallied.notes(bent))
    assert "Fewer than 30" in said and "names in sight" in said
    assert said.count("more than chance") + said.count("more often than chance") == 1


def test_without_votes_nothing_is_claimed() -> None:
    empty = replace(samples.tally(), n_votes=0, shares=(), leader=None)
    assert tallied.sentence(empty, names) == "Shares and their ranges appear here after your first vote."
    assert tallied.rows_of(empty, names) == []


def test_what_bends_the_votes_is_said() -> None:
    bent = samples.tally(
        n_equal=3, n_none=1, n_recognised=2, is_left_biased=True, left_share=(0.71, 0.6, 0.8), longer_share=0.64, next_look=100
    )
    assert tallied.notes(bent) == [
        "All equal: 3. None usable: 1.",
        "Left out, because a model was recognised: 2.",
        "The left answer wins 71% of the time, more than chance would explain.",
        "The longer answer won 64% of the time.",
        "Next full check at 100 votes.",
    ]


def test_local_and_remote_have_their_own_colours() -> None:
    rows = tallied.rows_of(samples.tally(), names)
    assert [(row.name, row.color) for row in rows] == [
        ("Qwen3 8B", "chart1"),
        ("gpt-5.2", "chart3"),
        ("claude-sonnet-4-5", "chart4"),
    ]
    assert rows[0].range == "27 to 54%"


def test_the_table_says_what_the_chart_paints() -> None:
    table = tallied.TallyTable()
    table.show_rows(tallied.rows_of(samples.tally(), names))
    cells = [[table.data(table.index(row, column)) for column in range(4)] for row in range(3)]
    assert cells[0] == ["Qwen3 8B", "40%", "27 to 54%", "19 of 48"]
    assert "Qwen3 8B 40%, range 27 to 54%" in tallied.spoken(samples.tally(), names)
