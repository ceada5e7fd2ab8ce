"""Sentences of the documents that a small model may choose its answer from.

A model of a few hundred million parameters writes fluently and wrongly. It still reads well enough to choose, so it
is given the sentences closest to the question and can write nothing but them. Pure but for the vectors it is handed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.documents.passages import readable
from engine.documents.sentences import split
from engine.records import FoundPassage

TRUSTED_WITH_WORDS = 1_000_000_000  # parameters from which a model answers in its own words
SHORTEST, LONGEST = 30, 420  # characters of a sentence that says something by itself
MOST_SENTENCES = 60
MOST_CHOICES = 8
MOST_QUOTES = 3


def sentences_of(passages: Sequence[FoundPassage]) -> list[str]:
    """Whole sentences of the passages, each once, in the order of the passages; parts of sentences are left out."""
    found: dict[str, None] = {}
    for each in passages:
        text = " ".join(readable(each.passage.text).split())
        for stretch in split(text):
            sentence = text[stretch.start : stretch.end].strip()
            if is_whole(sentence):
                found.setdefault(sentence)
    return list(found)[:MOST_SENTENCES]


def is_whole(sentence: str) -> bool:
    """Whether this looks like a sentence from its beginning to its end, of a length that can stand alone."""
    first = sentence.lstrip("\"'“„«(§ ")[:1]
    return (first.isupper() or first.isdigit()) and sentence[-1:] in ".!?”\"')" and SHORTEST <= len(sentence) <= LONGEST


def closest(sentences: Sequence[str], question: NDArray[np.floating], vectors: NDArray[np.floating]) -> list[str]:
    """The sentences closest in meaning to the question, in their own order.

    `question` has shape (dim,), `vectors` (sentences, dim); all of length 1.
    """
    nearest = np.argsort(-(vectors @ question), kind="stable")[:MOST_CHOICES]
    return [sentences[place] for place in sorted(nearest.tolist())]
