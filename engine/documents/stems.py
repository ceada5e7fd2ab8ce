"""Light stemming, so that inflected forms of a word compare equal.

Pure. Takes off the endings of English inflection and those that German and French share with it; leaves derivation
alone ("landlord" and "land", "lessor" and "lessee" stay apart).
"""

from __future__ import annotations

from functools import lru_cache

from engine.documents.vocabulary import GUARDED, IRREGULAR, LIGHT, SAME_WORDS


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a normalised word; words of the guarded and light vocabulary stay as they are."""
    word = word.removesuffix("'s").removesuffix("'")
    word = SAME_WORDS.get(word) or IRREGULAR.get(word, word)
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
