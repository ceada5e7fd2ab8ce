"""A user's words as a safe full-text query. Pure.

Whatever is typed becomes quoted words joined by OR: no operator, column or quotation mark of the query language can
come from outside.
"""

from __future__ import annotations

import re
import unicodedata

from engine.store.stop_words import STOP_WORDS

MOST_WORDS = 64  # of a pasted page the first so many different words are looked for
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The different words of `text` in order, without those that every text has, unless there are no others."""
    composed = unicodedata.normalize("NFC", text)
    words = list(dict.fromkeys(match.group().lower() for match in _WORD.finditer(composed)))
    idle = _idle_words(words)
    return ([word for word in words if _plain(word) not in idle] or words)[:MOST_WORDS]


def full_text_query(text: str) -> str | None:
    """The FTS5 query for `text`; None when it has no words."""
    return " OR ".join(f'"{word}"' for word in words_of(text)) or None


def _idle_words(words: list[str]) -> frozenset[str]:
    """The stop words of the language that the words seem to be in: "war" is idle in German and telling in English."""
    plain = {_plain(word) for word in words}
    counts = [len(plain & language) for language in STOP_WORDS]
    return frozenset().union(*(language for language, n in zip(STOP_WORDS, counts, strict=True) if n == max(counts)))


def _plain(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
