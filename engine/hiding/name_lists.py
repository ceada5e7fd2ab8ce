"""What is known of single words: given names, family names, places, and ordinary words.

Reads the lists of resources/names once. Words are asked for in any case. Knows nothing of sentences.
"""

from __future__ import annotations

from functools import lru_cache

from engine.hiding.letters import fold
from engine.paths import resources

_ENDINGS = (
    ("'s", ""), ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
    ("ly", ""), ("er", ""), ("er", "e"), ("est", ""), ("ness", ""), ("d", ""), ("e", ""), ("en", ""),
    ("n", ""), ("em", ""), ("ern", ""),
)  # fmt: skip
# Endings of German and French nouns that hardly any name has.
_NOUN_ENDINGS = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "tät", "nis", "nisse",
    "ismus", "ierung",
    "tions", "ments", "ment", "ité", "ités", "ence", "ance", "ción", "ciones", "zione", "zioni",
    "dad", "tà", "heid", "ość", "anie", "enie",
)  # fmt: skip
_SHORTEST_COMPOUND = 9
# Ordinary words in the first place, which are read as names inside of sentences when somebody is called so.
INSIDE = frozenset("will mark art long son sun so mac ben gene so young may".split()) - {"may", "so"}
# Words that no rule may take for a name by themselves: they mean too much else.
WEAK = frozenset(
    "will may can an in do so my am as at be by go he if is it me no of on or to up us we art mark van von de del der den "
    "des di da du la"
    " le les bin ibn al el ter ten zu zur zum vom am im und et and y e i san st ste saint mac mc ben sen sun sat mon long son"
    " january february march april june july august september october november december januar februar märz mai juni juli oktober"
    " dezember janvier février mars avril juin juillet août septembre octobre novembre décembre monday tuesday wednesday thursday"
    " friday saturday sunday easter christmas ramadan passover person organisation address email phone account reference "
    "birth date web term".split()
)


@lru_cache(maxsize=8)
def _words(name: str) -> frozenset[str]:
    text = (resources() / "names" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=2)
def _names(name: str) -> frozenset[str]:
    """The letters of the names; "Jörg" is found as "jorg"."""
    return frozenset(fold(part) for word in _words(name) for part in (word, *word.split("-")) if len(part) > 1)


def is_given(word: str) -> bool:
    """Whether people are called so; each half of a double name is."""
    names = _names("given")
    return fold(word) in names or ("-" in word and all(fold(half) in names for half in word.split("-") if half))


def is_surname(word: str) -> bool:
    names = _names("surnames")
    return fold(word) in names or ("-" in word and any(fold(half) in names for half in word.split("-") if half))


def is_place(word: str) -> bool:
    return word.lower() in _words("places")


@lru_cache(maxsize=50_000)
def is_ordinary(word: str) -> bool:
    """Whether the word, or what it is inflected from, is an ordinary one of some language, however often it is also a name."""
    word = word.lower()
    if word in _words("words") or word in _words("english"):
        return True
    if "-" in word:
        return all(is_ordinary(half) for half in word.split("-") if half)
    if is_given(word):
        return False
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(stem) > 2 and (stem in _words("english") or stem in _words("words")):
            return True
    return False


@lru_cache(maxsize=50_000)
def is_noun(word: str) -> bool:
    """Whether an unknown word looks like a noun where nouns are written with capitals: by its ending, or as a compound."""
    word = word.lower()
    if is_ordinary(word) or word.endswith(_NOUN_ENDINGS):
        return True
    if len(word) < _SHORTEST_COMPOUND or is_surname(word) or is_given(word):
        return False
    return any(word[cut:] in _words("words") or is_stem(word[cut:]) for cut in range(3, len(word) - 3))


def is_stem(word: str) -> bool:
    return any(
        word.endswith(ending) and word.removesuffix(ending) in _words("words") for ending in ("e", "en", "es", "s", "n", "er")
    )
