"""Sections stand in for pages where a format has none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.documents.sections import MAX_CHARACTERS, Block, pages_of, pieces


def test_each_heading_starts_a_page_with_its_path_as_label() -> None:
    pages = pages_of(
        [
            Block("Preamble"),
            Block("Lease", 1),
            Block("Parties.", 0),
            Block("Rent", 2),
            Block("500 a month."),
            Block("End", 1),
            Block("May."),
        ]
    )
    assert [(page.number, page.label, page.text) for page in pages] == [
        (1, "", "Preamble"),
        (2, "Lease", "Lease\n\nParties."),
        (3, "Lease \u203a Rent", "Rent\n\n500 a month."),
        (4, "End", "End\n\nMay."),
    ]


def test_headings_in_a_row_stay_with_the_text_under_them() -> None:
    (page,) = pages_of([Block("Lease", 1), Block("Rent", 2), Block("500 a month.")])
    assert page.text == "Lease\n\nRent\n\n500 a month."
    assert page.label == "Lease \u203a Rent"


def test_a_part_that_could_not_be_read_is_a_failed_page_and_not_a_gap() -> None:
    pages = pages_of([Block("Hello", part="Mail"), Block("", part="sheet.xlsx", source="failed"), Block("Bye", part="note.txt")])
    assert [(page.number, page.label, page.source) for page in pages] == [
        (1, "Mail", "text"),
        (2, "sheet.xlsx", "failed"),
        (3, "note.txt", "text"),
    ]


def test_a_long_section_goes_on_under_the_same_label() -> None:
    pages = pages_of([Block("Lease", 1)] + [Block("The tenant shall keep the garden. " * 8)] * 60)
    assert len(pages) > 2
    assert {page.label for page in pages} == {"Lease"}
    assert all(page.text.endswith("garden. \n\n") for page in pages[:-1])


@given(st.text(alphabet="ab .\n", max_size=4000), st.integers(min_value=50, max_value=400))
def test_pieces_join_to_the_text_and_keep_the_limit(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert "".join(found) == (text if text.strip() else "")
    assert all(piece.strip() for piece in found[-1:])
    assert all(len(piece) <= limit for piece in found[:-1])


@given(st.lists(st.builds(Block, st.text(max_size=200), st.integers(0, 3), st.sampled_from(["", "a", "b"])), max_size=30))
def test_no_word_of_any_block_is_lost(blocks: list[Block]) -> None:
    pages = pages_of(blocks)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert all(len(page.text) <= MAX_CHARACTERS for page in pages)
    kept = " ".join(page.text for page in pages).split()
    assert [word for block in blocks for word in block.text.split()] == kept
