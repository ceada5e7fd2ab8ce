"""Checking while the answer is written gives the same as checking it at the end, and stays fast on hostile text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents import support
from engine.documents.evidence import AnswerChecker, GivenPassage, check
from engine.records import DocumentId

PAGE = """The tenant shall pay a rent of EUR 1,000 per month. The landlord shall repair the roof within 10 days, unless the
tenant has damaged it. Pets are not allowed. The lease begins on 29 September 2025."""
GIVEN = [GivenPassage(DocumentId("d"), "lease.pdf", 1, 0, len(PAGE), PAGE)]

PIECES = st.sampled_from(
    [
        *("The tenant shall pay a rent of EUR 1,000 per month. ", "Pets are allowed. ", "[S1] ", "\n- ", "\n\n", "However, "),
        *("The lease begins on 29. September 2025 ", "| rent | 5 |\n", "```\n", "Why? ", "(p. 1). ", "“Pets are not allowed.” "),
        *("e.g. ", "**x** "),
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join), st.data())
def test_an_answer_checked_piece_by_piece_is_the_answer_checked_at_once(answer, data):
    checker, found, at = AnswerChecker(GIVEN), [], 0
    while at < len(answer):
        size = data.draw(st.integers(1, 60))
        found += checker.feed(answer[at : at + size])
        at += size
    found += checker.finish()
    assert found == check(answer, GIVEN)
    assert all(answer[sentence.start : sentence.end] == sentence.text for sentence in found)
    assert all(PAGE[e.start : e.end] == e.quote for sentence in found for e in sentence.evidence)


def test_a_sentence_is_checked_as_soon_as_it_is_closed():
    checker = AnswerChecker(GIVEN)
    assert checker.feed("Pets are not allowed. ") == []
    (sentence,) = checker.feed("The landlord shall repair the roof within ten days, unless")
    assert sentence.supported


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 10_000,
        "[1]" * 5_000,
        '"' * 10_000,
        "the tenant shall pay rent " * 800,
        "1,000 " * 3_000,
        "if " * 4_000,
        "is paid by the tenant " * 700,
        "and " * 4_000,
        "a." * 6_000,
        "(p. " * 3_000,
        "\u0301" * 6_000,
        "\ufdfa" * 1_000,
        "The documents do not mention " * 400,
    ],
)
def test_hostile_answers_cost_a_bounded_number_of_comparisons(hostile, monkeypatch):
    compared = []
    real = support.compare
    monkeypatch.setattr(
        support, "compare", lambda claim, source, *rest: compared.append(len(claim)) or real(claim, source, *rest)
    )
    sentences = check(hostile, GIVEN)
    assert sum(sentence.end - sentence.start for sentence in sentences) <= len(hostile)
    assert len(compared) <= 120 * max(1, len(sentences))
    assert all(n_words <= 2_000 for n_words in compared)


@pytest.mark.parametrize(
    "page", ["the tenant pays rent " * 2_000, "1" * 20_000, ". " * 10_000, "(" * 20_000, "if " * 8_000, "\u00ad" * 20_000]
)
def test_hostile_pages_are_searched(page):
    (sentence,) = check(
        "The tenant pays rent to the owner if it is due.", [GivenPassage(DocumentId("d"), "d", 1, 0, len(page), page)]
    )
    assert not sentence.supported
    assert all(evidence.end - evidence.start < 3_000 for evidence in sentence.evidence)
