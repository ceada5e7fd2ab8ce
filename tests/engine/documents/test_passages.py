"""Passages cover everything, keep their size, and never cross a page or a heading."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.headings import headings_of
from engine.documents.passages import MAX_CHARACTERS, MIN_CHARACTERS, Cutter, NewPassage, cut, indexed_text, spans
from engine.documents.pdf_text import open_pdf, read_pages
from engine.records import DocumentId, Page

WORDS = [
    "the",
    "tenant",
    "pays",
    "rent.",
    "Landlord",
    "heats!",
    "\n",
    "\n\n",
    " ",
    "1.2 Duties",
    "x" * 1200,
    "ä",
    "of\u00adfice",
    "\t",
]
texts = st.lists(st.sampled_from(WORDS), max_size=400).map(" ".join) | st.text(max_size=3000)


def page(text: str, number: int = 1, *, width: float | None = 612.0, label: str = "") -> Page:
    return Page(DocumentId("d"), number, text, "text", label, width, width)


@pytest.fixture(scope="module")
def policy_pages(policy_pdf: Path) -> list[Page]:
    return [each.of(DocumentId("d")) for each in read_pages(open_pdf("policy.pdf", policy_pdf.read_bytes()))]


def uncovered(text: str, passages: list[NewPassage]) -> str:
    covered = [False] * len(text)
    for passage in passages:
        covered[passage.start : passage.end] = [True] * (passage.end - passage.start)
    return "".join(character for character, is_covered in zip(text, covered, strict=True) if not is_covered)


@given(texts, st.sampled_from([612.0, None]))
def test_every_character_that_is_not_blank_is_in_a_passage(text: str, width: float | None) -> None:
    passages = cut([page(text, width=width)])
    assert not uncovered(text, passages).strip()
    for passage in passages:
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert 0 < len(passage.text) <= MAX_CHARACTERS


@given(texts)
def test_passages_go_forward_and_overlap_by_no_more_than_they_should(text: str) -> None:
    found = list(spans(text, 0, len(text)))
    for (start, end), (next_start, next_end) in itertools.pairwise(found):
        assert start < next_start
        assert end < next_end
        assert end - next_start <= 0.15 * MAX_CHARACTERS


def test_real_passages_have_the_size_they_should_and_start_at_sentences(policy_pages: list[Page]) -> None:
    n_long = n_at_sentence = 0
    for each in policy_pages:
        passages = cut([each])
        assert not uncovered(each.text, passages).strip()
        for passage, following in itertools.pairwise(passages):
            if following.start < passage.end:  # the same stretch goes on
                n_long += 1
                n_at_sentence += passage.text[-1] in ".!?:;)”"
                assert len(passage.text) >= MIN_CHARACTERS
                assert passage.end - following.start <= 0.16 * len(passage.text)
    assert n_long > 200
    assert n_at_sentence / n_long > 0.8


def test_no_passage_crosses_a_heading(policy_pages: list[Page]) -> None:
    n_headings = 0
    for each in policy_pages:
        for heading in headings_of(each.text):
            n_headings += 1
            for passage in cut([each]):
                if passage.start < heading.line.start < passage.end:
                    above = each.text[passage.start : heading.line.start]
                    # Only other headings, or the running title of the page, may stand above a heading.
                    assert len(above) < 200, above
    assert n_headings > 100


def test_a_page_begins_under_the_heading_of_the_page_before_it() -> None:
    cutter = Cutter()
    body = "A sentence that says something.\n"
    cutter.cut([page(f"{body}4.2 Duties\n{body}", 1)])
    assert cutter.cut([page(body, 2)])[0].heading == "4.2 Duties"
    assert cutter.cut([page(f"{body}4.2.1 Rent\n{body}", 3)])[-1].heading == "4.2 Duties \u203a 4.2.1 Rent"


def test_sections_of_other_formats_bring_their_own_heading() -> None:
    (passage,) = cut([page("1.1 Rent\nThe rent is 500.", width=None, label="Lease \u203a Rent")])
    assert passage.heading == "Lease \u203a Rent"


def test_what_is_indexed_names_the_document_and_joins_split_words() -> None:
    assert indexed_text("lease.pdf", "4 Rent", "The of\u00adfice \nis let.") == "lease.pdf: 4 Rent\nThe office\nis let."
    assert NewPassage(1, 0, 3, "", "Let").indexed_text("lease.pdf") == "lease.pdf\nLet"
