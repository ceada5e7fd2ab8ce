"""What the index offers: whole words, hinted places first, sentences as the layout shows them, the best windows."""

from __future__ import annotations

import pytest

from engine.documents.normalise import normalise
from engine.documents.source_index import SourceIndex, region_of
from engine.documents.words import words_of
from engine.records import DocumentId


def index(*texts: str) -> SourceIndex:
    return SourceIndex([region_of(DocumentId(str(n)), str(n), 1, 0, text) for n, text in enumerate(texts)])


def places(found: SourceIndex, text: str, first: tuple[int, ...] = ()) -> list[int]:
    return [region for region, _, _ in found.exact(text, first)]


@pytest.mark.parametrize("text", ["the rent", "rent is due", "it is 5.", "5"])
def test_whole_words_are_found(text):
    assert places(index("The rent is due. It is 5."), text) == [0]


@pytest.mark.parametrize("text", ["he rent", "rent is du", "rent", "land", "lord", "1", "000", "config"])
def test_parts_of_words_and_numbers_are_not(text):
    assert places(index("The tenant's parents; the landlord's 1,000 config_files."), text) == []


def test_hinted_regions_come_first():
    texts = index("The rent.", "The rent.", "The rent.")
    assert places(texts, "rent") == [0, 1, 2]
    assert places(texts, "rent", (2,)) == [2, 0, 1]


def test_sentences_begin_after_full_stops_bullets_and_on_capital_lines():
    text = "HEADING\nThe rent is due, e.g. in\nMay or\nJune. It is 5 EUR.3 That is all:\n• one item\n• another\nand its end"
    (region,) = index(text).regions
    assert [region.words[first].text for first, _ in region.stretches] == [
        "heading",
        "the",
        "may",
        "june",
        "it",
        "that",
        "one",
        "another",
    ]
    assert region.stretches[0][0] == 0
    assert region.stretches[-1][1] == len(region.words)


def test_the_window_with_most_of_the_telling_words_is_first():
    texts = index("The rent is due in May. The deposit is held by the bank.", "The bank holds the deposit in a separate account.")
    claim = words_of(normalise("The deposit is held in a separate account by the bank").text)
    best, *others = texts.best_windows(claim, (), 5)
    assert best.region == 1
    assert best.coverage > max(other.coverage for other in others if other.region == 0)


def test_two_sentences_together_cover_what_neither_covers():
    texts = index("The rent is due in May. The deposit is held by the bank. The garden is large.")
    claim = words_of(normalise("The rent and the deposit are due in May to the bank").text)
    best = texts.best_windows(claim, (), 5)[0]
    (region,) = texts.regions
    assert [word.text for word in region.words[best.first : best.last]][-1] == "bank"
    assert region.words[best.first].text == "the"


def test_a_page_without_full_stops_is_cut():
    (region,) = index("word " * 1_000).regions
    assert max(last - first for first, last in region.stretches) <= 90
