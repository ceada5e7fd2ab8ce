"""The words of a text as they are compared: numbers, dates and amounts by their value, words by their stem.

Pure. A word keeps its place in the normal form it was read from. Two words with equal keys say the same, apart from
inflection; keys of numbers begin with '#', of dates with '@'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.documents.vocabulary import CONTRACTIONS, CURRENCIES, GUARDED, IRREGULAR, LIGHT, MONTHS, NUMBER_WORDS, PERCENT

_WORD = re.compile(r"[$€£¥%§]|(?:(?<![\w).-])-(?=\d))?[^\W_](?:[\w]|[.,:@/'+&-](?=[^\W_])){0,60}|_+[\w]{1,60}")
_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3})+)(\.\d+)?\Z")
_DOTTED_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+(?=,))(?:,(\d+))?\Z")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_DOTTED_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\Z")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?\.?\Z")
_YEAR = re.compile(r"\d{4}\Z")
_FOOTNOTE = re.compile(r"([^\W\d]{2,})[.,]\d{1,2}\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its normal form (`start`, `end` in the normal text) and the key it is compared by."""

    text: str
    key: str
    start: int
    end: int
    opens: bool = False  # the first word of a sentence, as far as the source's layout tells

    @property
    def is_number(self) -> bool:
        return self.key[0] in "#@"

    @property
    def is_guarded(self) -> bool:
        return self.key[0] in "#@" or self.text in GUARDED or self.key in GUARDED

    @property
    def is_light(self) -> bool:
        return self.text in LIGHT


def words_of(normal_text: str) -> list[Word]:
    """The words of a text that `normalise` has levelled, in order."""
    plain: list[Word] = []
    for found in _WORD.finditer(normal_text):
        plain += _words_at(found[0], found.start())
    return _merged(plain)


def _words_at(text: str, start: int) -> list[Word]:
    """The words that one run of characters stands for: "don't" is two, "file.3" is a word with a footnote mark."""
    footnote = _FOOTNOTE.match(text)
    if footnote:
        text = footnote[1]
    end = start + len(text)
    if text in CONTRACTIONS or text.endswith("n't"):
        parts = CONTRACTIONS.get(text) or (text[:-3], "not")
        return [Word(part, part, start, end) for part in parts]
    if "." in text and not text.replace(".", "").isdigit() and "@" not in text and not any(map(str.isdigit, text)):
        return _parts(text, ".", start) if max(map(len, text.split("."))) > 3 else [Word(text, text.replace(".", ""), start, end)]
    return [Word(text, _key(text), start, end)]


def _parts(text: str, separator: str, start: int) -> list[Word]:
    found = []
    for part in text.split(separator):
        if part:
            found.append(Word(part, _key(part), start, start + len(part)))
        start += len(part) + len(separator)
    return found


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    if text in NUMBER_WORDS:
        return f"#{NUMBER_WORDS[text]}"
    if any(map(str.isdigit, text)):
        return _number_key(text)
    return _stem(text)


def _number_key(text: str) -> str:
    iso = _ISO_DATE.match(text)
    if iso:
        return _date(int(iso[3]), int(iso[2]), iso[1])
    dotted = _DOTTED_DATE.match(text)
    if dotted and (int(dotted[1]) > 12 or "." in text):
        return _date(int(dotted[1]), int(dotted[2]), dotted[3])
    sign, bare = ("-", text[1:]) if text[0] == "-" else ("", text)
    thousands = _THOUSANDS.match(bare)
    if thousands:
        bare = thousands[1].replace(",", "") + (thousands[2] or "")
    dotted_thousands = _DOTTED_THOUSANDS.match(bare)
    if dotted_thousands:
        bare = dotted_thousands[1].replace(".", "") + (f".{dotted_thousands[2]}" if dotted_thousands[2] else "")
    return "#" + sign + bare.replace(",", ".").removesuffix(".00")


def _date(day: int, month: int, year: str) -> str:
    return f"@{year}-{month:02}-{day:02}"


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """Take off the endings of English inflection, and those endings that German and French share with it."""
    word = word.removesuffix("'s").removesuffix("'")
    word = IRREGULAR.get(word, word)
    if len(word) < 4 or word in GUARDED or word in LIGHT:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and any(vowel in word[: -len(ending)] for vowel in "aeiouyäöüéè")
        ):
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "lsez":
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return word[:-1] + "y" if word.endswith("i") and len(word) > 3 else word


def _merged(words: list[Word]) -> list[Word]:
    """Join what is written as several words but means one value: dates, percentages, amounts, "six (6)"."""
    out: list[Word] = []
    at = 0
    while at < len(words):
        size, key = _value_at(words, at)
        joined = (
            words[at]
            if size == 1
            else Word(" ".join(w.text for w in words[at : at + size]), key, words[at].start, words[at + size - 1].end)
        )
        if joined.is_number and out and out[-1].key == joined.key and joined.start - out[-1].end <= 2:
            joined = Word(out[-1].text, joined.key, out.pop().start, joined.end)
        if joined.text not in "$€£¥%":
            out.append(joined)
        at += size
    return out


def _value_at(words: list[Word], at: int) -> tuple[int, str]:
    """How many words from `at` on make one value, and its key; (1, its own key) for an ordinary word."""
    texts = [word.text for word in words[at : at + 5]]
    size, key = _date_at(texts)
    if size:
        return size, key
    key = words[at].key
    following = texts[1] if len(texts) > 1 else ""
    if key[0] == "#":
        if following in PERCENT:
            return 2, key + "%"
        if texts[1:3] in (["per", "cent"], ["pour", "cent"]):
            return 3, key + "%"
        if following in CURRENCIES:
            return 2, key + CURRENCIES[following]
    if texts[0] in CURRENCIES and len(texts) > 1 and words[at + 1].key[0] == "#" and words[at + 1].start - words[at].end <= 1:
        return 2, words[at + 1].key + CURRENCIES[texts[0]]
    return 1, key


def _date_at(texts: list[str]) -> tuple[int, str]:
    """A date written with the month's name: "29 September 2025", "29th of September", "September 29, 2025"."""
    rest = texts[:1] + texts[2:] if texts[1:2] in (["of"], ["de"]) else texts
    extra = len(texts) - len(rest)
    if len(rest) < 2:
        return 0, ""
    day, month = _DAY.match(rest[0]), MONTHS.get(rest[1])
    if not (day and month):
        day, month, extra, rest = _DAY.match(texts[1]), MONTHS.get(texts[0]), 0, texts
    if not (day and month) or not 1 <= int(day[1]) <= 31:
        return 0, ""
    if len(rest) > 2 and _YEAR.match(rest[2]):
        return 3 + extra, _date(int(day[1]), month, rest[2])
    return 2 + extra, _date(int(day[1]), month, "")
