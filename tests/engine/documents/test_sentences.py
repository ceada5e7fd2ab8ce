"""Where an answer is cut, and that the cuts do not depend on how it arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.sentences import LONGEST_SENTENCE, Splitter, split


def cut(text: str) -> list[str]:
    return [text[stretch.start : stretch.end] for stretch in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The rent is due.", "It is 500 EUR."],
        ["See Art. 5 and No. 7 of the act.", "Then stop."],
        ["The answer is no.", "The rent stays."],
        ["It costs 1,000.50 EUR.", "That is all."],
        ["Dr. Meier and J. R. Smith sign.", "So does Mr. Wu."],
        ["This is so, e.g. in May.", "And i.e. in June."],
        ["Das gilt z. B. nach § 5 Abs. 2 bzw. Nr. 7.", "Mehr nicht."],
        ["Er beginnt am 29. September 2025.", "Er endet im Mai."],
        ["Voir p. ex. M. Dupont.", "C'est tout."],
        ["Is it due?", "Yes!", "Good…", "Fine."],
        ['He said "It is due."', "She agreed."],
        ["The U.S. Army came.", "It left."],
        ["Use python3.11.", "Or www.example.com now."],
        ["In 2024.", "Then."],
        ["租金是五百。", "到期了。"],
        ["It went on ... and on.", "Then it stopped."],
        ["The rent is due. [1]", "It is 500 EUR [S2].", "Text.[3][4]", "More (p. 12).", "End. (Source 2, page 3)"],
    ],
)
def test_sentences_end_where_they_end(sentences):
    assert cut(" ".join(sentences)) == sentences


def test_markdown_is_cut_by_its_blocks():
    text = (
        "# Costs\nThe rent\nis due.\n\n- The first item. It has two sentences.\n- second item\n  1. nested\n> quoted words\n"
        "| Rent | Due |\n|---|---|\n| 500 | May |\n```\nmake test\n\nrm -r x\n```\n\n---\nEnd"
    )
    found = [(stretch.kind, text[stretch.start : stretch.end]) for stretch in split(text)]
    assert found == [
        ("heading", "# Costs"),
        ("prose", "The rent\nis due."),
        ("item", "The first item."),
        ("item", "It has two sentences."),
        ("item", "second item"),
        ("item", "nested"),
        ("item", "quoted words"),
        ("header_row", "| Rent | Due |"),
        ("row", "| 500 | May |"),
        ("code", "make test"),
        ("code", "rm -r x"),
        ("prose", "End"),
    ]


def test_a_wrapped_line_goes_on_and_a_short_one_ends():
    wrapped = "The landlord shall repair the roof of the house in which the\nTenant lives."
    assert cut(wrapped) == [wrapped]
    assert cut("Rent: 500 EUR\nDeposit: 900 EUR") == ["Rent: 500 EUR", "Deposit: 900 EUR"]


PIECES = st.sampled_from(
    [
        *(
            "The rent is due. ",
            "No. 5. ",
            "e.g. ",
            "Dr. ",
            "[1]",
            " (p. 3) ",
            "\n",
            "\n\n",
            "- ",
            "# Title\n",
            "```\n",
            "| a | b |\n",
        ),
        *("|---|---|\n", "1. ", "x" * 70, "Why? ", "...", ' "So." ', "**bold** ", "3. Mai ", "。", "\t", " ", "a"),
    ]
)
ANSWERS = st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join)


@given(ANSWERS, st.data())
def test_the_cuts_do_not_depend_on_how_the_text_arrives(text, data):
    splitter, found, at = Splitter(), [], 0
    while at < len(text):
        size = data.draw(st.integers(1, 40))
        found += splitter.feed(text[at : at + size])
        at += size
    assert found + splitter.finish() == split(text)


@given(ANSWERS)
def test_nothing_that_could_be_a_claim_is_lost(text):
    stretches = split(text)
    ends = [0] + [edge for stretch in stretches for edge in (stretch.start, stretch.end)] + [len(text)]
    assert ends == sorted(ends)
    between = "".join(text[end:start] for end, start in zip(ends[::2], ends[1::2], strict=True))
    assert not {word for word in ("rent", "bold", "Why", "So", "Mai", "x" * 70) if word in between}


def test_a_closed_sentence_is_handed_out_before_the_answer_ends():
    splitter = Splitter()
    assert splitter.feed("The rent is due. ") == []
    found = splitter.feed("The deposit is due as well, but it is held by the bank")
    assert [(stretch.start, stretch.end) for stretch in found] == [(0, 16)]


@pytest.mark.parametrize(
    "hostile", ["[" * 10_000, "a." * 5_000, "x" * 10_000, "- " * 5_000, "\n" * 10_000, "`" * 10_000, "| " * 5_000]
)
def test_hostile_text_is_cut_into_bounded_pieces(hostile):
    assert all(stretch.end - stretch.start <= LONGEST_SENTENCE for stretch in split(hostile))


def test_a_sentence_without_end_is_cut_between_words():
    pieces = cut("word " * 1_000)
    assert len(pieces) > 1
    assert all(set(piece.split()) == {"word"} for piece in pieces)
