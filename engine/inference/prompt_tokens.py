"""From a rendered conversation to tokens, so that control tokens come from the template only.

A message may contain the very characters of a control token (`<|im_end|>` in a pasted log, or in a document made to
mislead). Tokenised as a whole it would end its turn. Here the text is cut inside every such place and the pieces are
tokenised apart: each character still reaches the model, but as plain text. Text without such a place, which is nearly
every text, is tokenised in one go, exactly as the model's authors did.
Pure but for the tokeniser that is handed in. Knows nothing of llama.cpp and of templates' languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from engine.inference.chat_template import Rendered

Tokenise = Callable[[str], list[int]]


class ControlMarkup:
    """The written forms of a vocabulary's control tokens, ready to be searched for."""

    def __init__(self, specials: Iterable[str]) -> None:
        self._words = {word for word in specials if len(word) > 1}
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)
        # Some vocabularies have thousands of such tokens; looking at their few first letters spares most of the text.
        firsts = "".join(map(re.escape, sorted({word[0] for word in self._words})))
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def places(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of every occurrence, overlapping ones too; of those that begin together the longest."""
        if self._first is None:
            return []
        ends = ((found.start(), self._end(text, found.start())) for found in self._first.finditer(text))
        return [(start, end) for start, end in ends if end is not None]

    def _end(self, text: str, start: int) -> int | None:
        pieces = (text[start : start + length] for length in self._lengths)
        return next((start + len(piece) for piece in pieces if piece in self._words), None)

    def disarmed(self, text: str) -> str:
        """The text with a zero-width space inside every occurrence; what it looks like does not change."""
        pieces, start = [], 0
        for place, _ in self.places(text):
            pieces.append(text[start : place + 1])
            start = place + 1
        return "\u200b".join([*pieces, text[start:]])


def prompt_tokens(rendered: Rendered, markup: ControlMarkup, tokenise: Tokenise) -> list[int]:
    """Tokens of a prompt. `tokenise` turns the text of control tokens into them and adds nothing."""
    tokens: list[int] = []
    start = 0
    for cut in [*_cuts(rendered, markup), len(rendered.text)]:
        if cut > start:
            tokens += tokenise(rendered.text[start:cut])
        start = cut
    return tokens


def _cuts(rendered: Rendered, markup: ControlMarkup) -> list[int]:
    """Where to cut: inside each occurrence that is not wholly the template's own, after its first character."""
    return sorted({start + 1 for start, end in markup.places(rendered.text) if _touches(rendered.spans, start, end)})


def _touches(spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    return any(start < span_end and span_start < end for span_start, span_end in spans)
