"""The prompt of a comparison: the same for all, whole passages, no document's name, and room in the smallest model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare_records import PromptMessage
from engine.errors import PromptTooLong
from engine.records import DocumentId, FoundPassage, Passage
from engine.work.comparison_prompt import (
    ABOUT_PLACEHOLDERS,
    LocalRoom,
    attached,
    clean,
    compose,
    in_reading_order,
    n_that_fit,
    prompt_sha256,
    source,
    with_word_on_placeholders,
)
from engine.work.prompt import SMALLEST_ANSWER

LEASE, LETTER = DocumentId("lease"), DocumentId("letter")


def found(text: str, page: int = 3, heading: str = "", document: DocumentId = LEASE, start: int = 0) -> FoundPassage:
    return FoundPassage(Passage(1, document, page, start, start + len(text), heading, text), 1.0)


def test_a_question_without_documents_is_asked_as_it_was_written():
    system, user = compose("Summarise this in five lines.\n\nDear Ms Harlow", [])
    assert (system.role, user.role) == ("system", "user")
    assert user.text == "Summarise this in five lines.\n\nDear Ms Harlow"


def test_a_source_is_known_by_its_number_and_page_alone():
    messages = compose("What notice?", [found("Six months' notice.", heading="6 Break"), found("Rent.", 9)])
    assert messages[-1].text == (
        "Passages:\n\n[1] page 3, 6 Break\nSix months' notice.\n\n[2] page 9\nRent.\n\nQuestion: What notice?"
    )


def test_passages_follow_each_other_as_in_their_documents():
    passages = [found("c", 2, document=LETTER), found("b", 7), found("a2", 1, start=50), found("a1", 1, start=4)]
    ordered = in_reading_order(passages, [LETTER, LEASE])
    assert [each.passage.text for each in ordered] == ["c", "a1", "a2", "b"]


def test_what_is_attached_counts_the_passages_of_each_document():
    passages = [found("a"), found("b", document=LETTER), found("c")]
    shown = attached(passages, {LEASE: "Lease.pdf", LETTER: "Letter.docx"})
    assert [(each.name, each.n_passages) for each in shown] == [("Lease.pdf", 2), ("Letter.docx", 1)]


def test_the_word_on_placeholders_joins_the_instruction_or_becomes_one():
    (system, user) = with_word_on_placeholders(compose("Who is [Person 1]?", []))
    assert system.text.endswith(ABOUT_PLACEHOLDERS) and user.text == "Who is [Person 1]?"
    alone = with_word_on_placeholders([PromptMessage("user", "x")])
    assert [each.role for each in alone] == ["system", "user"]


def test_the_digest_tells_prompts_apart_by_role_and_text():
    a, b = PromptMessage("system", "x"), PromptMessage("user", "x")
    assert len({prompt_sha256(each) for each in ([a], [b], [a, b], [b, a], [PromptMessage("user", "y")])}) == 5
    assert prompt_sha256([a, b]) == prompt_sha256((a, PromptMessage("user", "x")))


@given(st.text(st.characters(exclude_categories=())))
def test_halves_of_characters_are_replaced_and_nothing_else_is(text):
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert len(cleaned) == len(text)
    assert all(new == old or "\ud800" <= old <= "\udfff" for new, old in zip(cleaned, text, strict=True))
    source(1, found(text, heading=text)).encode("utf-8")


counts = st.lists(st.integers(1, 900), min_size=2, max_size=12).map(tuple)


@given(st.integers(2, 12).flatmap(lambda n: st.lists(st.tuples(*[st.integers(1, 900)] * n), max_size=3)), st.integers(512, 8192))
def test_what_is_chosen_fits_into_every_local_model(all_counts, n_ctx):
    rooms = [LocalRoom(n_ctx, each, 500.0) for each in all_counts]
    n_sources = len(all_counts[0]) - 2 if all_counts else 10
    try:
        n_passages, max_tokens = n_that_fit(rooms, 512, n_sources)
    except PromptTooLong as error:
        assert error.n_prompt_tokens + SMALLEST_ANSWER > n_ctx
        return
    assert n_passages <= n_sources and max_tokens <= 512
    for each in all_counts:
        assert sum(each[: 2 + n_passages]) + max_tokens <= n_ctx


def test_the_smallest_local_model_decides_for_all():
    counts = (60, 20, *[200] * 10)
    alone = n_that_fit([LocalRoom(8192, counts, 1000.0)], 512, 10)
    beside_a_small_one = n_that_fit([LocalRoom(8192, counts, 1000.0), LocalRoom(1024, counts, 1000.0)], 512, 10)
    assert alone == (10, 512)
    assert beside_a_small_one[0] < 10 and beside_a_small_one[1] < 512


def test_without_a_local_model_all_that_was_found_is_given():
    assert n_that_fit([], 512, 10) == (10, 512)


def test_a_question_that_fills_a_model_says_by_how_much():
    with pytest.raises(PromptTooLong):
        n_that_fit([LocalRoom(4096, (60, 5000))], 512, 0)
