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
SHORT_LINE = 60  # characters; lines of running text are longer
MOST_SENTENCES = 40
LATER_COUNTS_LESS = 0.004  # of cosine, for each sentence before it: passages are ranked by more than meaning
FARTHEST_BEHIND = 0.25  # of cosine, behind the best: what is farther off is about something else
MOST_CHOICES = 8
MOST_QUOTES = 3


def sentences_of(passages: Sequence[FoundPassage]) -> list[str]:
    """Whole sentences of the passages, each once, in the order of the passages; parts of sentences are left out."""
    found: dict[str, None] = {}
    for each in passages:
        text = in_paragraphs(readable(each.passage.text))
        for stretch in split(text):
            sentence = " ".join(text[stretch.start : stretch.end].split())
            if is_whole(sentence):
                found.setdefault(sentence)
    return list(found)[:MOST_SENTENCES]


def in_paragraphs(text: str) -> str:
    """The lines of a page joined to paragraphs. A short line without an end, before a line that begins anew, stands apart.

    That keeps running titles and headings out of the sentences that follow them.
    """
    joined = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        stands_apart = len(line) < SHORT_LINE and line[-1] not in ".,;:-–" and not following[:1].islower()
        joined += line + ("\n\n" if stands_apart else " ")
    return joined


def is_whole(sentence: str) -> bool:
    """Whether this looks like a sentence from its beginning to its end, of a length that can stand alone."""
    first = sentence.lstrip("\"'“„«(§ ")[:1]
    return (first.isupper() or first.isdigit()) and sentence[-1:] in ".!?”\"')" and SHORTEST <= len(sentence) <= LONGEST


def closest(sentences: Sequence[str], question: NDArray[np.floating], vectors: NDArray[np.floating]) -> list[str]:
    """The sentences closest in meaning to the question, in their own order, which is that of the best passages.

    `question` has shape (dim,), `vectors` (sentences, dim); all of length 1.
    """
    nearness = vectors @ question - LATER_COUNTS_LESS * np.arange(len(sentences))
    nearest = np.argsort(-nearness, kind="stable")[:MOST_CHOICES]
    return [sentences[place] for place in sorted(nearest.tolist()) if nearness[place] >= nearness[nearest[0]] - FARTHEST_BEHIND]
