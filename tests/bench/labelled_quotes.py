"""Sentences of a real document, true and falsified in known ways, to measure whether checking tells them apart.

Every falsification changes what the sentence says; every true variant keeps it. Random, but the same for the same seed.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Change = Callable[[str, random.Random], str | None]

_MODALS = {
    "must": "may",
    "may": "must",
    "should": "must",
    "shall": "may",
    "can": "must",
    "cannot": "can",
    "will": "may",
    "might": "must",
}
_OPPOSITES = {
    "before": "after", "after": "before", "all": "some", "any": "no", "always": "never", "never": "always", "source": "binary",
    "binary": "source", "required": "optional", "optional": "required", "first": "last", "last": "first", "include": "exclude",
    "installed": "removed", "install": "remove", "removed": "installed", "above": "below", "below": "above",
    "upstream": "downstream",
    "more": "less", "less": "more", "same": "different", "different": "same", "only": "also", "from": "to",
    "user": "administrator",
    "old": "new", "new": "old", "succeed": "fail", "fail": "succeed", "most": "few", "increase": "decrease", "maximum": "minimum",
    "public": "private", "private": "public", "static": "shared", "shared": "static", "and": "or", "or": "and",
    "maintainer": "user",
}  # fmt: skip
_STOPS = frozenset(
    """
    the a an of to in on for and or is are be it this that with as by at from which not must may should shall can will these those
    they their them there thus then also such here where when into have been has had does were being itself who hence additionally
    accordingly moreover furthermore however therefore having whose whom both
    """.split()
)


@dataclass(frozen=True)
class Quote:
    """A sentence of a page as an answer might have it."""

    page: int
    text: str


def sentences_of(page: str) -> Iterator[str]:
    """Complete sentences of a page, 60 to 300 characters, as they stand there."""
    for found in re.finditer(r"(?:(?<=[.!?] )|(?<=[.!?] \n)|(?<=[.!?]\n))[A-Z][^.!?•]{58,298}[.](?=\s+(?:[A-Z\d•]|$))", page):
        if len(found[0].split()) >= 8 and not re.search(r"\n\S{0,3}\d+(\.\d+)* |\. \.|\n[A-Z@*]|\n\d+\.$", found[0]):
            yield found[0]


def unchanged(text: str, _: random.Random) -> str:
    return text


def reflowed(text: str, chance: random.Random) -> str:
    """Other line breaks, words broken at line ends, typographic quotation marks, apostrophes and hyphens, ligatures."""
    words = " ".join(text.replace("\u00ad \n", "").split())
    typographic = words.replace("'", "’").replace('"', "“").replace("fi", "ﬁ").replace("-", "\u2011")
    lines = textwrap.wrap(typographic, chance.randint(62, 90), break_on_hyphens=False)
    return chance.choice(["\n", " \r\n", "\u00a0\n  "]).join(lines)


def marked_up(text: str, chance: random.Random) -> str:
    """Markdown and citation marks around and in it."""
    words = " ".join(text.split()).split(" ")
    at = chance.randrange(len(words))
    words[at] = f"**{words[at]}**"
    return "According to the document, " + " ".join(words) + chance.choice([" [1]", " [S2, S3]", " (p. 12)", "[1][2]"])


def quoted_part(text: str, chance: random.Random) -> str | None:
    """Eight or more words out of the middle, in quotation marks."""
    words = text.split()
    if len(words) < 12:
        return None
    first = chance.randrange(len(words) - 9)
    return '"' + " ".join(words[first : first + chance.randint(8, len(words) - first)]) + '"'


def misread(text: str, chance: random.Random) -> str | None:
    """1.5 % of the letters replaced, as a bad scan does."""
    letters = [chance.choice("abcdefghijklmnopqrstuvwxyz") if c.isalpha() and chance.random() < 0.015 else c for c in text]
    return "".join(letters) if letters != list(text) else None


def aside_dropped(text: str, _: random.Random) -> str | None:
    """A parenthesis that states no number or negation is left out."""
    shorter = re.sub(r"\s*\((?![^)]*(?:\d|\bnot\b|\bno\b|\bonly\b|\bif\b|\bexcept\b|\bor\b))[^()]{4,80}\)", "", text)
    return shorter if shorter != text else None


def clause_moved(text: str, _: random.Random) -> str | None:
    """ "If X, Y." becomes "Y if X." """
    found = re.fullmatch(
        r"(If|When|In|For|On|At|Unless|Because|As|After|Before) ([^,]{12,}), ([^,]{20,})\.", " ".join(text.split())
    )
    return f"{found[3][0].upper()}{found[3][1:]} {found[1].lower()} {found[2]}." if found else None


def number_changed(text: str, chance: random.Random) -> str | None:
    places = [found.span() for found in re.finditer(r"\d+", text)]
    if not places:
        return None
    start, end = chance.choice(places)
    return text[:start] + str(int(text[start:end]) + chance.choice([1, 2, 10, 100])) + text[end:]


def negation_inserted(text: str, chance: random.Random) -> str | None:
    places = [found.end() for found in re.finditer(r"\b(?:must|may|should|shall|can|will|is|are|does|do|be)\b(?! not)", text)]
    return text[: (at := chance.choice(places))] + " not" + text[at:] if places else None


def negation_removed(text: str, _: random.Random) -> str | None:
    without = re.sub(r"\b(?:not|never)\s+|(?<=can)not\b|\bno\s+", "", text, count=1)
    return without if without != text else None


def modal_exchanged(text: str, chance: random.Random) -> str | None:
    return _exchanged(text, _MODALS, chance)


def opposite(text: str, chance: random.Random) -> str | None:
    return _exchanged(text, _OPPOSITES, chance)


def _exchanged(text: str, pairs: dict[str, str], chance: random.Random) -> str | None:
    places = [found for found in re.finditer(r"\b[a-z]+\b", text) if found[0] in pairs]
    if not places:
        return None
    found = chance.choice(places)
    return text[: found.start()] + pairs[found[0]] + text[found.end() :]


def two_words_exchanged(text: str, chance: random.Random) -> str | None:
    """Two telling words swap places, as in "A shall pay B" and "B shall pay A"."""
    places = [found for found in re.finditer(r"\b[A-Za-z]{4,}\b", text) if found[0].lower() not in _STOPS]
    pairs = [(a, b) for a in places for b in places if a.end() + 3 < b.start() and a[0].lower()[:4] != b[0].lower()[:4]]
    if not pairs:
        return None
    a, b = chance.choice(pairs)
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def word_replaced(vocabulary: Sequence[str]) -> Change:
    """One telling word becomes another one of the same document."""

    def change(text: str, chance: random.Random) -> str | None:
        places = [found for found in re.finditer(r"\b[a-z]{4,}\b", text) if found[0] not in _STOPS]
        if not places:
            return None
        found = chance.choice(places)
        others = [word for word in chance.sample(vocabulary, 20) if word[:4] != found[0][:4]]
        return text[: found.start()] + others[0] + text[found.end() :]

    return change


def word_inserted(vocabulary: Sequence[str]) -> Change:
    """A telling word of the same document is added."""

    def change(text: str, chance: random.Random) -> str | None:
        words = text.split()
        words.insert(chance.randrange(1, len(words) - 1), chance.choice(vocabulary))
        return " ".join(words)

    return change


def condition_dropped(text: str, _: random.Random) -> str | None:
    """What follows "unless", "except" or "if" is left out."""
    found = re.match(r"(.{30,}?[^:;]),?\s(?:unless|except|only if|if|provided)\s", text, re.DOTALL)
    return found[1] + "." if found and found[1].rstrip()[-1] not in ":;" else None


def spliced(others: Sequence[str]) -> Change:
    """The first half of one sentence with the second half of another."""

    def change(text: str, chance: random.Random) -> str | None:
        other = chance.choice(others).split()
        words = text.split()
        return None if other[0] == words[0] else " ".join([*words[: len(words) // 2], *other[len(other) // 2 :]])

    return change


def vocabulary_of(pages: Sequence[str]) -> list[str]:
    """Telling words of the document, each once."""
    return sorted({word for page in pages for word in re.findall(r"\b[a-z]{5,12}\b", page)} - _STOPS)
