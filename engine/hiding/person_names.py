"""The parts of a person's name: titles, given names, family names.

Pure. Reads one name that was found ("Ms Anna Harlow", "Harlow, Anna", "DUPONT Marie", "Dr. A. van den Berg"); knows
nothing of the text around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from engine.hiding.letters import fold
from engine.hiding.name_lists import is_given
from engine.hiding.patterns import later

MALE = (
    "mr|mister|herr|herrn|hr|monsieur|m|señor|sr|don|signor|sig|signore|meneer|dhr|heer|de heer|pan|pana|panu|panie|panem"
    "|sir|lord"
    "|father|brother|master|kollege|herr kollege"
)
FEMALE = (
    "mrs|ms|miss|frau|fr|fräulein|madame|mme|mlle|mademoiselle|señora|sra|señorita|srta|doña|signora|sig\\.ra|signorina"
    "|mevrouw|mevr|mw"
    "|pani|panią|kollegin|frau kollegin|lady|dame|sister|madam"
)
OTHER = (
    "mx|dr|doctor|prof|professor|professeur|docteur|rev|reverend|maître|me|mag|ing|dipl\\.-ing|dipl|med|jur|phil|rer|nat"
    "|h\\.c|phd|judge"
    "|justice|rabbi|imam|captain|sergeant|pc|dc|det|sgt|insp|inspector|councillor|cllr|hon|the hon|dott|dott\\.ssa|dottor"
    "|dottoressa|avv"
    "|avvocato|ing|geom|rag|arch|lic|ldo|lda|abg|mec|drs|mr\\.dr|inż|mgr|nurse|ra|rain|rechtsanwalt|rechtsanwältin|familie"
    "|family|eheleute"
)
_TITLE = rf"(?:{MALE}|{FEMALE}|{OTHER})"
TITLES = frozenset(each.replace("\\", "").replace(".", "") for group in (MALE, FEMALE, OTHER) for each in group.split("|"))
PARTICLES = (
    "van|von|der|den|de|del|della|di|da|dos|das|du|des|d'|la|le|el|al|bin|ibn|bint|ter|ten|te|zu|zum|zur|vom|af|av|y|e|'t"
    "|op|in|san|abu|ben|lo"
)
_PARTICLE = frozenset(PARTICLES.split("|"))
# Those that are also written small inside of sentences.
_SMALL = (
    "señora|señor|señorita|doña|don|signora|signor|sig\\.ra|sig|dott|monsieur|madame|mevrouw|meneer|dhr|mevr|pani|pan|panu"
    "|panią|familie"
)
#: Titles that stand right before a place in a text; searched for at the end of a piece.
TITLES_BEFORE = later(
    rf"(?<![\p{{L}}'’])(?:(?:(?=\p{{Lu}})(?i:{_TITLE})|{_SMALL})\.?(?:[ \t\u00a0]+|[ \t]*\n[ \t]*|(?<=\.)|[ \t]*/[ \t]*)"
    r"(?:(?:and|und|et|&)[ \t]+)?){1,5}$"
)
_LEADING = later(rf"^(?:{_TITLE}\b\.?[\s/]*(?:(?:and|und|et)\s+)?)+(?=\S)", regex.IGNORECASE)
_UNSEEN, _BLANKS, _BETWEEN = later(r"\p{Cf}+"), later(r"\s+"), later(r"[\s.]+(?=\S)")
Gender = Literal["male", "female"]
_MALE, _FEMALE = (frozenset(group.replace("\\", "").split("|")) for group in (MALE, FEMALE))


@lru_cache(maxsize=2_000)
def _gender(titles: str) -> Gender | None:
    said = {word.strip(".") for word in titles.casefold().split()}
    male, female = said & _MALE, said & _FEMALE
    return None if bool(male) == bool(female) else "male" if male else "female"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in its parts; a lone name is its family name if a title stands before it, else its given name."""

    titles: str
    given: tuple[str, ...]
    family: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.given, *self.family)

    @property
    def gender(self) -> Gender | None:
        return _gender(self.titles)


@lru_cache(maxsize=5_000)
def name_of(text: str) -> Name:
    """Take a name apart."""
    text = _UNSEEN.sub("", _BLANKS.sub(" ", text)).strip()
    titled = _LEADING.match(text)
    titles = titled[0].strip() if titled and titled[0].strip() != text else ""
    bare = text[titled.end() :] if titled and titles else text
    family, comma, given = bare.partition(",")
    if comma and given.strip():
        return Name(titles, _split(given), _split(family))
    words = _split(bare)
    if len(words) < 2:
        return Name(titles, (), words) if titles or not (words and is_given(words[0])) else Name(titles, words, ())
    if words[0].isupper() and len(words[0]) > 2 and not words[-1].isupper() and "." not in words[0]:
        shouted = [word for word in words if word.isupper() and len(word) > 1]  # DUPONT Marie
        return Name(titles, tuple(word for word in words if word not in shouted), tuple(shouted))
    cut = next((at for at, word in enumerate(words[1:], 1) if word.casefold() in _PARTICLE), len(words) - 1)
    return Name(titles, words[:cut], words[cut:])


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip(".") for word in _BETWEEN.split(text.strip()) if fold(word))


def matches_initials(short: Name, full: Name) -> bool:
    """Whether `short` ("A. Harlow") can stand for `full` ("Anna Harlow")."""
    if fold("".join(short.family)) != fold("".join(full.family)) or not (short.given and full.given):
        return False
    pairs = zip(short.given, full.given, strict=False)
    return all(fold(a) == fold(b) or (min(len(fold(a)), len(fold(b))) == 1 and fold(a)[:1] == fold(b)[:1]) for a, b in pairs)
