"""Numbers of sources, where citations stand in the blocks, and which of the model's own marks are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from desktop.viewmodels.answer_markdown import blocks_of
from desktop.viewmodels.citations import number_sources
from desktop.viewmodels.cited_blocks import model_marks, place_citations
from engine.records import Sentence
from tests.desktop.answer_samples import LEASE, NOTICE, checked_answers, evidence, sentence

TEXT = "Six months' notice is needed. Time is of the essence. The rent was paid. Six months again."


def cite(text: str, *sentences: Sentence):
    return place_citations(blocks_of(text), sentences, number_sources(sentences), model_marks(text, sentences))


def test_spans_are_numbered_in_the_order_of_first_use_and_shared():
    first, second = evidence(10), evidence(50, document=NOTICE, page=2)
    sentences = (
        sentence(TEXT, "Six months' notice is needed.", first),
        sentence(TEXT, "Time is of the essence.", second, first),
        sentence(TEXT, "The rent was paid."),
        sentence(TEXT, "Six months again.", first),
    )
    numbered = number_sources(sentences)
    assert [(each.number, each.verdict) for each in numbered.sources] == [(1, "exact"), (2, "exact"), (3, "not_found")]
    assert [mark.number for mark in numbered.marks] == [1, 2, 1, 3, 1]
    assert numbered.source(2).evidence.document == NOTICE
    assert numbered.source(3).evidence is None and numbered.source(3).sentence.text == "The rent was paid."
    assert numbered.source(4) is None and numbered.source(0) is None


def test_what_claims_nothing_gets_no_number():
    greeting = Sentence(0, 5, "Hello", checkable=False)
    assert number_sources([greeting]).sources == ()


def test_the_same_span_with_another_verdict_is_another_source():
    sentences = (sentence("A. B.", "A.", evidence(1, verdict="near")), sentence("A. B.", "B.", evidence(1, verdict="altered")))
    assert [each.verdict for each in number_sources(sentences).sources] == ["near", "altered"]


def test_citations_stand_behind_the_closing_markup():
    text = "The tenant gives **six months.** Then *it ends.*"
    block = cite(
        text, sentence(text, "The tenant gives **six months.", evidence()), sentence(text, "Then *it ends.*", evidence(9))
    )[0]
    assert block.block.text == "The tenant gives six months. Then it ends."
    assert [block.block.text[: each.at] for each in block.citations] == ["The tenant gives six months.", block.block.text]


@pytest.mark.parametrize(
    ("text", "words", "in_block", "before"),
    [
        ("- one\n- two. three.", "two.", 1, "two."),
        ("| a | b |\n|---|---|\n| It is so. | c |", "It is so.", 0, "abIt is so."),
        ("```\nIt is so. Yes\n```", "It is so.", 0, "It is so."),
        ("> It is\n> so. Yes.", "It is\n> so.", 0, "It is so."),
        ("A &amp; B. C.", "A &amp; B.", 0, "A & B."),
        ("See [it](http://x/y). Next.", "See [it](http://x/y).", 0, "See it (http://x/y)."),
    ],
)
def test_citations_in_lists_tables_code_and_quotes(text, words, in_block, before):
    block = cite(text, sentence(text, words, evidence()))[in_block]
    assert [block.block.text[: each.at] for each in block.citations] == [before]


def test_a_sentence_over_two_blocks_is_cited_at_its_end():
    text = "- one and\n\n  two. After."
    first, second = cite(text, sentence(text, "one and\n\n  two.", evidence()))
    assert first.citations == () and [each.at for each in second.citations] == [4]
    assert [(each.start, each.end) for each in first.stretches + second.stretches] == [(0, 7), (0, 4)]


def test_unsupported_stretches_are_told_apart():
    text = "It is so. It is not. Hello."
    sentences = (
        sentence(text, "It is so.", evidence()),
        sentence(text, "It is not."),
        Sentence(21, 27, "Hello.", checkable=False),
    )
    stretches = cite(text, *sentences)[0].stretches
    assert [(text[each.start : each.end], each.supported) for each in stretches] == [("It is so.", True), ("It is not.", False)]


@pytest.mark.parametrize(
    ("text", "words", "engine_text", "shown"),
    [
        ("It is so. [1] Next.", "It is so.", None, "It is so. Next."),
        ("It is so.[S1][2] Next.", "It is so.", None, "It is so. Next."),
        ("It is so [1]. Next.", "It is so [1].", "It is so.", "It is so. Next."),
        ("It is so [1, 2]. Next.", "It is so [1, 2].", "It is so [1, 2].", "It is so [1, 2]. Next."),
        ("See item [1] now. [x]", "See item [1] now.", None, "See item [1] now. [x]"),
    ],
)
def test_the_models_own_marks_are_hidden_where_the_engine_left_them_out(text, words, engine_text, shown):
    placed = cite(text, sentence(text, words, evidence(document=LEASE), text=engine_text))
    assert placed[0].block.text == shown


@given(checked_answers())
@settings(max_examples=100, deadline=None)
def test_every_sentence_has_its_citations_at_its_end_and_no_text_is_lost(checked):
    text, sentences = checked
    numbered = number_sources(sentences)
    plain, placed = blocks_of(text), place_citations(blocks_of(text), sentences, numbered)
    assert [each.block for each in placed] == list(plain)
    found = [
        (each.block.places[cited.at - 1] if cited.at else -1, cited.source.number) for each in placed for cited in each.citations
    ]
    wanted = []
    for mark in numbered.marks:
        rendered = [place for each in plain for place in each.places if place < mark.end]
        wanted.append((rendered[-1] if rendered else -1, mark.number))
    assert sorted(found) == sorted(wanted)


def test_blocks_that_stay_are_the_same_objects():
    text = "One. Two.\n\nThree."
    one = sentence(text, "One.", evidence())
    before = cite(text, one)
    sentences = (one, sentence(text, "Three."))
    after = place_citations(blocks_of(text), sentences, number_sources(sentences), before=before)
    assert after[0] is before[0] and after[1] is not before[1]
