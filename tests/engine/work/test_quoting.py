"""What a small model may choose its answer from: whole sentences, the closest ones, in their order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.records import DocumentId, FoundPassage, Passage
from engine.work.quoting import LONGEST, MOST_CHOICES, SHORTEST, closest, is_whole, sentences_of


def found(text: str) -> FoundPassage:
    return FoundPassage(Passage(1, DocumentId("d"), 1, 0, len(text), "", text), 1.0)


def test_parts_of_sentences_and_repeated_ones_are_left_out():
    first = found("and so on, as agreed. The Tenant shall give six months' written notice.\nThe rent is 12,400 euros a\nyear.")
    second = found("The rent is 12,400 euros a year. Notice shall be served at the registered")
    notice, rent = "The Tenant shall give six months' written notice.", "The rent is 12,400 euros a year."
    assert sentences_of([first, second]) == [notice, rent]


def test_running_titles_and_headings_stay_out_of_the_sentence_after_them():
    page = found("Policy Manual, Release 4.6\n12.5 Copyright information\nEvery package must be accompanied by its licence.")
    assert sentences_of([page]) == ["Every package must be accompanied by its licence."]


@given(st.text(max_size=1200))
def test_every_sentence_stands_in_the_passage_up_to_line_breaks_and_split_words(text):
    flat = " ".join(text.replace("\u00ad", "").split())
    for sentence in sentences_of([found(text)]):
        assert sentence in flat
        assert SHORTEST <= len(sentence) <= LONGEST and is_whole(sentence)


def test_the_closest_sentences_are_kept_in_their_own_order():
    sentences = [f"Sentence number {number}." for number in range(20)]
    angles = np.linspace(0, np.pi / 4, 20)
    vectors = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    assert closest(sentences, np.array([0.0, 1.0]), vectors) == sentences[:MOST_CHOICES]


def test_what_is_far_behind_the_best_is_no_choice():
    vectors = np.array([[0.9, 0.1], [0.3, 0.1], [0.8, 0.2]])
    assert closest(["near", "far", "nearly"], np.array([1.0, 0.0]), vectors) == ["near", "nearly"]
