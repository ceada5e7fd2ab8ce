"""The words of a text as they are compared: values by what they are worth, other words by their stem.

Pure. A word keeps its place in the normal form it was read from. Two words with equal keys say the same, apart from
inflection.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from engine.documents.stems import stem
from engine.documents.value_words import CURRENCIES, CURRENCY_SIGNS, MONTHS
from engine.documents.values import LONGEST_VALUE, number_key, value_at
from engine.documents.vocabulary import BE, CONTRACTIONS, GUARDED, LIGHT, NEGATIONS, PARTICIPLE_ENDINGS, PARTICIPLES

_WORD = re.compile(r"[$€£¥%§]|(?:(?<![\w).-])-(?=\d))?[^\W_](?:[\w]|[.,:@/'+&-](?=[^\W_])){0,60}|_+[\w]{1,60}")
_FOOTNOTE = re.compile(r"([^\W\d]{2,})[.,]\d{1,2}\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word in its normal form (`start`, `end` in the normal text) and the key it is compared by.

    A guarded word may not differ between a sentence and its source, a light one may. `is_passive`: a participle after
    a form of "to be". `opens`: the first word of a sentence, as far as the source's layout tells. `is_name`: written with a
    capital inside of a sentence.
    """

    text: str
    key: str
    start: int
    end: int
    is_number: bool
    is_guarded: bool
    is_light: bool
    is_passive: bool
    opens: bool
    is_name: bool
    after_comma: bool


class _Read(NamedTuple):
    text: str
    key: str
    start: int
    end: int


def words_of(
    normal_text: str,
    opens: Callable[[int, int], bool] = lambda _end, _start: False,
    is_capital: Callable[[int], bool] = lambda _start: False,
) -> list[Word]:
    """The words of a text that `normalise` has levelled, in order.

    `opens` tells from the end of a word and the start of the next one whether a sentence begins there; `is_capital`
    whether the source has a capital for the normal form's character.
    """
    plain: list[_Read] = []
    for found in _WORD.finditer(normal_text):
        plain += _read(found[0], found.start())
    words: list[Word] = []
    merged = _merged(plain)
    after_be = False
    for number, (text, key, start, end) in enumerate(merged):
        is_number, is_guarded, is_light, is_participle, keeps_be = _nature(text, key)
        begins = number == 0 or opens(merged[number - 1].end, start)
        words.append(
            Word(
                text,
                key,
                start,
                end,
                is_number,
                is_guarded,
                is_light,
                is_passive=after_be and is_participle,
                opens=begins,
                is_name=not begins and is_capital(start),
                after_comma=normal_text.startswith(",", max(0, start - 2)) and start >= 2,
            )
        )
        after_be = text in BE or (after_be and keeps_be)
    return words


@lru_cache(maxsize=50_000)
def _nature(text: str, key: str) -> tuple[bool, bool, bool, bool, bool]:
    """Whether a word is a number, guarded, light, a participle, and one that may stand between "is" and "paid"."""
    is_number = key[0] in "#@"
    is_participle = text in PARTICIPLES or (len(text) > 4 and text.endswith(PARTICIPLE_ENDINGS))
    is_guarded = is_number or text in GUARDED or key in GUARDED
    return is_number, is_guarded, text in LIGHT, is_participle, text in NEGATIONS or text.endswith("ly")


def _read(text: str, start: int) -> list[_Read]:
    """The words that one run of characters stands for: "don't" is two, "file.3" is a word with a footnote mark."""
    footnote = _FOOTNOTE.match(text)
    if footnote:
        text = footnote[1]
    end = start + len(text)
    if text in CONTRACTIONS or (text.endswith("n't") and len(text) > 3):
        return [_Read(part, part, start, end) for part in CONTRACTIONS.get(text) or (text[:-3], "not")]
    if "." not in text or "@" in text or any(map(str.isdigit, text)):
        return [_Read(text, _key(text), start, end)]
    parts = text.split(".")
    if max(map(len, parts)) <= 3:  # an abbreviation
        return [_Read(text, text.replace(".", ""), start, end)]
    found: list[_Read] = []
    for part in parts:
        if part:
            found.append(_Read(part, _key(part), start, start + len(part)))
        start += len(part) + 1
    return found


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    return number_key(text) or stem(text) or text


def _merged(words: list[_Read]) -> list[_Read]:
    """Join what is written as several words but is one value: dates, percentages, amounts, "six (6)"."""
    out: list[_Read] = []
    at = 0
    while at < len(words):
        word, size = _joined_at(words, at)
        at += size
        if word.key[0] in "#@" and out and out[-1].key == word.key and word.start - out[-1].end <= 2:
            out[-1] = out[-1]._replace(end=word.end)
        elif word.text not in CURRENCY_SIGNS:
            out.append(word)
    return out


def _joined_at(words: list[_Read], at: int) -> tuple[_Read, int]:
    """The word or value that begins at place `at` and how many words it takes."""
    word = words[at]
    if at + 1 == len(words) or not _may_begin_value(word.text, word.key):
        return word, 1
    following = words[at + 1]
    close = following.key if following.start - word.end <= 1 else None
    value = value_at([each.text for each in words[at : at + LONGEST_VALUE]], word.key, close)
    if value is None:
        return word, 1
    size, key = value
    parts = words[at : at + size]
    return _Read(" ".join(part.text for part in parts), key, word.start, parts[-1].end), size


@lru_cache(maxsize=50_000)
def _may_begin_value(text: str, key: str) -> bool:
    return key[0] == "#" or text in MONTHS or text in CURRENCIES
