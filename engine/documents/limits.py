"""What stands around words in their own sentence and limits them: conditions, negations, alternatives, whose they are.

Pure. A sentence of an answer that leaves such words out says more than its source, even if each of its words is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.documents.vocabulary import (
    ALTERNATIVES,
    BINDING_BEFORE,
    CONDITIONS,
    EXCEPTIONS,
    NEGATIONS,
    OPENING_CONDITIONS,
    QUANTITIES,
)
from engine.documents.words import Word

_FARTHEST_LIMIT = 60  # words from the end of what is covered in which a condition of the same sentence is looked for


def limits_before(source: Sequence[Word], first: int) -> list[Word]:
    """Words before place `first` on which the words from there on depend: "not", "if", "the guarantor of", "says that"."""
    found: list[Word] = []
    place = first
    while place > 0 and not source[place].opens and first - place < _FARTHEST_LIMIT:
        place -= 1
        word = source[place]
        is_near = first - place <= 3 and (word.text in NEGATIONS or word.text in EXCEPTIONS)
        binds = first - place == 1 and _binds(source, place)
        if is_near or binds or (word.opens and (word.text in OPENING_CONDITIONS or word.text in NEGATIONS)):
            found.append(word)
    return found


def _binds(source: Sequence[Word], place: int) -> bool:
    is_remark = place > 0 and source[place - 1].text.startswith("note")
    return source[place].text in BINDING_BEFORE and not (is_remark and source[place].text == "that")


def limits_after(source: Sequence[Word], last: int) -> list[Word]:
    """Words after place `last` that limit what was said up to there: "not" or "or" at once, "unless" in the same sentence."""
    found: list[Word] = []
    for distance, word in enumerate(source[last + 1 : last + _FARTHEST_LIMIT], start=1):
        if word.opens:
            break
        is_near = distance <= 2 and (word.text in NEGATIONS or word.text in EXCEPTIONS)
        goes_on = distance == 1 and (word.text in ALTERNATIVES or (source[last].is_number and word.text in QUANTITIES))
        if is_near or goes_on or word.text in CONDITIONS:
            found.append(word)
    return found
