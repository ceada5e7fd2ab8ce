"""A long real document: its own sentences are found word for word, falsified ones are not, and another reader agrees."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from engine.documents.evidence import AnswerChecker, GivenPassage
from engine.documents.normalise import normalise
from engine.documents.pdf_text import open_pdf, read_pages
from engine.records import DocumentId, Sentence
from tests.bench import labelled_quotes as change

DOCUMENT = DocumentId("policy")
END_OF_ANSWER = "\n\n" + "-" * 70 + "\n"


@pytest.fixture(scope="module")
def pages(policy_pdf: Path) -> dict[int, str]:
    return {page.number: page.text for page in read_pages(open_pdf(policy_pdf.name, policy_pdf.read_bytes()))}


@pytest.fixture(scope="module")
def pages_by_poppler(policy_pdf: Path) -> list[str]:
    """The same document read by a program that shares no code with the one under test."""
    run = subprocess.run(["pdftotext", "-raw", str(policy_pdf), "-"], capture_output=True, check=True, timeout=60)
    return [normalise(page).text for page in run.stdout.decode().split("\f")]


@pytest.fixture(scope="module")
def sentences(pages: dict[int, str]) -> list[tuple[int, str]]:
    """300 sentences of 30 pages, with the number of their page."""
    chance = random.Random(7)
    found = [(number, list(change.sentences_of(text))) for number, text in pages.items()]
    chosen = chance.sample([(number, each) for number, each in found if len(each) >= 5], 60)
    everything = [(number, sentence) for number, each in chosen for sentence in each]
    return chance.sample(everything, 300)


@pytest.fixture(scope="module")
def checker(pages: dict[int, str], sentences: list[tuple[int, str]]) -> AnswerChecker:
    given = [
        GivenPassage(DOCUMENT, "policy.pdf", n, 200, 900, pages[n][200:900]) for n in sorted({number for number, _ in sentences})
    ]
    return AnswerChecker(given, lambda _, number: pages[number])


def checked(checker: AnswerChecker, claim: str) -> list[Sentence]:
    return [sentence for sentence in checker.feed(claim + END_OF_ANSWER) if sentence.checkable]


def test_every_sentence_of_the_document_is_exact_at_its_place(checker, pages, sentences, pages_by_poppler):
    for _, text in sentences:
        found = checked(checker, text)
        assert all(sentence.evidence[0].verdict == "exact" for sentence in found)
        assert [normalise(sentence.evidence[0].quote).text for sentence in found] == [normalise(s.text).text for s in found]
        for evidence in (sentence.evidence[0] for sentence in found):
            assert pages[evidence.page][evidence.start : evidence.end] == evidence.quote
            assert normalise(evidence.quote).text in pages_by_poppler[evidence.page - 1]


@pytest.mark.parametrize("variant", [change.reflowed, change.marked_up, change.quoted_part])
def test_typography_and_marks_do_not_cost_a_sentence_its_support(checker, sentences, variant):
    chance = random.Random(8)
    claims = [claim for _, text in sentences if (claim := variant(text, chance))]
    assert len(claims) > 200
    assert all(sentence.supported for claim in claims for sentence in checked(checker, claim))


@pytest.mark.parametrize(
    "falsify",
    [
        change.number_changed,
        change.negation_inserted,
        change.negation_removed,
        change.modal_exchanged,
        change.opposite,
        change.two_words_exchanged,
        change.condition_dropped,
    ],
)
def test_no_falsified_sentence_is_supported(checker, sentences, falsify):
    chance = random.Random(9)
    claims = [claim for _, text in sentences if (claim := falsify(text, chance)) and claim != text]
    assert len(claims) >= 15
    wrong = [claim for claim in claims if all(sentence.supported for sentence in checked(checker, claim))]
    assert wrong == []


def test_no_sentence_of_other_pages_is_supported(checker, pages, sentences):
    given = {number for number, _ in sentences}
    here = " ".join(normalise(pages[number]).text for number in given)
    others = [
        s for n, text in pages.items() if n not in given for s in change.sentences_of(text) if normalise(s).text[:-1] not in here
    ]
    chosen = random.Random(10).sample(others, 200)
    assert [text for text in chosen if any(sentence.supported for sentence in checked(checker, text))] == []
