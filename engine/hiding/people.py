"""The names of people in running text: by titles, given names, initials, and by the words around them.

Pure. Prefers to take a name too many over one too few, but a word that is only an ordinary one with a capital needs a
reason: a title, a given name before it, a salutation, a label.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.capitals import Capital
from engine.hiding.name_cues import ends_like_name, named_before, opens_like_name
from engine.hiding.name_lists import INSIDE, WEAK
from engine.hiding.patterns import later
from engine.hiding.spans import Found

_MOST_WORDS = 5
_PARTICLES = frozenset("el al ben abu van de von di la le du da del della dos den der ter ten mac mc st bin ibn ait".split())
_GERMAN = frozenset(
    "der die das und ist nicht ich wir sie mit für auf den dem ein eine einer wurde haben zu zum zur im bitte von vom seit "
    "nach bei sich".split()
)
_OTHERS = frozenset(
    "the and of to is was for with that by from le la les des et du une que pour dans el los una por il che di per het een "
    "van niet na się".split()
)
_ANY_WORD = later(r"\p{L}+")


def is_german(text: str) -> bool:
    """Whether nouns are written with capitals here, so that a capital says little."""
    words = [word.lower() for word in _ANY_WORD.findall(text[:20_000])]
    german, others = (sum(word in each for word in words) for each in (_GERMAN, _OTHERS))
    return german > others and german * 25 > len(words)


def people(text: str, runs: list[list[Capital]]) -> Iterator[Found]:
    """The names of people, with the titles before them."""
    paragraphs = _Languages(text)
    for run in runs:
        capitals_mean_little = paragraphs.is_german(run[0].start)
        at = 0
        while at < len(run):
            size = _name_at(text, run, at, capitals_mean_little)
            if size:
                yield Found(run[at].start, run[at + size - 1].end, "person")
            at += size or 1


class _Languages:
    """Whether a part of a text is German, judged for a few thousand characters at once."""

    _SIZE = 2_000

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, bool] = {}

    def is_german(self, place: int) -> bool:
        block = place // self._SIZE
        if block not in self._known:
            self._known[block] = is_german(self._text[max(0, (block - 1) * self._SIZE) : (block + 1) * self._SIZE])
        return self._known[block]


def _name_at(text: str, run: list[Capital], at: int, is_german: bool) -> int:
    """How many words of the run from `at` on are a person's name; 0 if none."""
    word = run[at]
    if word.is_title:
        return _titled(text, run, at)
    rest = run[at:]
    if word.is_initial:
        return _with_initials(text, rest)
    following = rest[1] if len(rest) > 1 else None
    if word.is_given and not word.is_ordinary and not (word.is_place and following is None):
        return _from_given(rest, is_german)
    if (
        word.is_given
        and following is not None
        and _is_family(following, is_german)
        and not _is_heading(text, run)
        and _may_open(word, following)
    ):
        return 1 + _taken(rest[1:], is_german)
    if following is not None and _may_be_full_name(rest, is_german):
        return min(1 + _taken(rest[1:], is_german), _MOST_WORDS)
    return _by_its_place(text, run, at, is_german)


def _titled(text: str, run: list[Capital], at: int) -> int:
    """Titles and the name after them; whatever follows a title is a name."""
    size = 1
    while at + size < len(run) and run[at + size].is_title:
        size += 1
    n_titles = size
    while at + size < len(run) and size - n_titles < _MOST_WORDS:
        word = run[at + size]
        is_first = size == n_titles
        if not (is_first or word.is_unknown or word.is_initial or word.is_surname or word.is_given):
            break
        if is_first and _POLITE.fullmatch(text, run[at + size - 1].end, word.start):
            return 0
        if is_first and (word.lower in ("and", "und", "et", "the", "or") or (word.lower in _AFTER_TITLES)):
            break
        size += 1
    # A title that is also an ordinary word ("Sister", "Justice", "Nurse") needs a name after it.
    return size if size > n_titles else 0


_POLITE = later(r"[ ](?:la|le|les|l')[ ]?")  # "Madame la Présidente"
_AFTER_TITLES = frozenset("president chair chairman speaker ministry service services sir madam director".split())


def _with_initials(text: str, rest: list[Capital]) -> int:
    """ "A. Harlow", "J. R. Smith"."""
    size = 0
    while size < len(rest) and rest[size].is_initial and size < 3:
        size += 1
    if size == len(rest):
        return 0
    family = rest[size]
    has_stop = text[rest[size - 1].end : rest[size - 1].end + 1] == "."
    if not has_stop and (rest[0].text in ("A", "I", "O", "Y", "E") or len(rest[0].text) > 1 or not family.is_surname):
        return 0
    if family.is_unknown or (family.is_surname and not family.opens and family.lower not in WEAK and has_stop):
        return size + 1 + _further(rest[size + 1 :])
    return 0


def _from_given(rest: list[Capital], is_german: bool) -> int:
    size = 1
    while size < len(rest) and size < _MOST_WORDS:
        word = rest[size]
        if (word.is_initial or _is_particle(word)) and size + 1 < len(rest) and rest[size + 1].is_unknown:
            size += 2
        elif _is_family(word, is_german) and not (word.is_ordinary and size > 1 and not rest[size - 1].is_given):
            size += 1
        else:
            break
    return size if size > 1 or rest[0].text.istitle() else 0


def _taken(rest: list[Capital], is_german: bool) -> int:
    size = 0
    while size < len(rest) and size < _MOST_WORDS - 1:
        if not (_is_family(rest[size], is_german) or rest[size].is_initial or _is_particle(rest[size])):
            break
        size += 1
    while size and (rest[size - 1].is_initial or _is_particle(rest[size - 1])):
        size -= 1
    return size


def _further(rest: list[Capital]) -> int:
    return 1 if rest and rest[0].is_unknown and rest[0].is_surname else 0


def _is_family(word: Capital, is_german: bool) -> bool:
    """Whether a word can follow a given name as the family name."""
    if word.is_title or word.is_acronym:
        return False
    if word.is_surname:
        return not (word.is_ordinary and word.lower in WEAK)
    return word.is_unknown and not (is_german and word.is_noun)


def _may_be_full_name(rest: list[Capital], is_german: bool) -> bool:
    """Two words that are no ordinary ones, side by side."""
    first, second = rest[0], rest[1]
    if _is_particle(second) and len(rest) > 2:
        second = rest[2]
    if not (first.is_unknown and (second.is_unknown or (second.is_surname and not second.is_ordinary))):
        return False
    if first.text.isupper() != second.text.isupper() and not (
        first.is_surname or first.is_given or second.is_surname or second.is_given
    ):
        return False
    known = sum(each.is_surname or each.is_given for each in (first, second))
    if first.text.isupper():
        return known == 2 or (known == 1 and second.is_surname)
    if is_german:
        if second.is_given and not (first.is_given or first.is_surname):
            return False  # "Nachbarin Heike": the name begins later
        return known == 2 or (not (first.is_noun or second.is_noun) and (second.is_surname or not first.opens))
    return True


def _may_open(word: Capital, following: Capital) -> bool:
    """Whether a given name that is a small word too ("Les", "An", "Will") is one at the start of a sentence."""
    return not (word.lower in WEAK and word.opens) or (word.lower in INSIDE and following.is_surname)


def _is_particle(word: Capital) -> bool:
    """Whether a word with a capital is one that stands inside of names: "Driss El Amrani"."""
    return word.lower in _PARTICLES and word.text.istitle() and not word.opens


def _is_heading(text: str, run: list[Capital]) -> bool:
    """Whether the run is all of its line, and ordinary words only."""
    before = text[text.rfind("\n", 0, run[0].start) + 1 : run[0].start].strip(" \t#*>")
    end = text.find("\n", run[-1].end)
    after = text[run[-1].end : end if end >= 0 else len(text)].strip(" \t#*:")
    return not before and not after and all(word.is_ordinary for word in run)


def _by_its_place(text: str, run: list[Capital], at: int, is_german: bool) -> int:
    """A lone word that is a name because of what stands around it."""
    word = run[at]
    if len(word.text) < 2 or word.is_acronym or word.lower in _NOBODY:
        return 0
    could_be = word.is_unknown or word.is_given or (word.is_surname and not word.is_ordinary)
    if could_be and (word.lower not in WEAK or word.lower in INSIDE) and named_before(text, word.start):
        return 1
    if word.is_given and word.is_ordinary and len(run) == 1 and not is_german and _stands_like_name(text, word):
        return 1
    if not word.is_unknown:
        return 0
    is_last = at + 1 == len(run)
    if is_last and (not is_german or word.is_surname) and ends_like_name(text, word.end):
        return 1
    if at == 0 and opens_like_name(text, word.start) and not (is_german and word.is_noun):
        return 1
    # In the middle of a sentence a known family name is one; where all nouns have capitals that says nothing.
    return int(word.is_surname and not word.is_place and not word.opens and not is_german and not word.text.isupper())


def _stands_like_name(text: str, word: Capital) -> bool:
    """Whether a word that is a given name and an ordinary one is the name: with a capital, in a sentence, without an article."""
    if word.opens or not word.text.istitle() or (word.lower in WEAK and word.lower not in ("will", "mark", "art")):
        return False
    return _DETERMINED.search(text, max(0, word.start - 12), word.start) is None


_DETERMINED = later(
    r"(?<!\p{L})(?:the|an?|this|that|any|each|such|said|our|your|their|its|no|every|of|per|le|la|les|l'|un|une|el|los|las"
    r"|il|lo|de|het|een|\d+)[ ]$",
    regex.IGNORECASE,
)
_NOBODY = frozenset(
    "sir madam team all everyone colleagues colleague customer client tenant damen herren kolleginnen kollegen kunde "
    "kundin zusammen madame monsieur"
    " tous toutes friend friends neighbour member support hr landlord manager resident parent parents applicant".split()
)
