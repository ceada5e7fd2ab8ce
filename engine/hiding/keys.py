"""The spellings under which a hidden detail is looked for.

Pure. A key is the letters of a spelling and the rule by which a place in a text is one: where blanks may stand in it,
whether it may be part of a longer word, whether it must begin with a capital. The rules prefer to find too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from engine.compare_records import DetailKind, HiddenDetail
from engine.hiding.calendar import date_spellings
from engine.hiding.letters import fold, spellings
from engine.hiding.name_lists import INSIDE, WEAK, is_ordinary, is_place
from engine.hiding.patterns import later
from engine.hiding.person_names import Name, name_of
from engine.hiding.placeholders import is_placeholder

Case = Literal["any", "capital", "inside"]
#: Letters from which on a spelling is looked for inside of longer words too.
SOLID = 9
_LEGAL = later(
    r"[\s,]+(?:ltd|limited|plc|llp|llc|inc|corp|gmbh|ag|kg|ohg|ug|mbh|e\.?\s?v|se|sas|sarl|sa|eurl|sci|srl|spa|s\.r\.l"
    r"|s\.p\.a|s\.l|sl|bv|b\.v|nv|n\.v"
    r"|sp\. z o\.\s?o|oy|ab|a/s|&\s*co\.?(?:\s*kg)?)\.?\s*$",
    regex.IGNORECASE,
)
_STREET_SHORT = (
    (later(r"\b(?i:road)\b"), "Rd"), (later(r"\b(?i:rd)\b\.?"), "Road"),
    (later(r"\b(?i:street)\b"), "St"),
    (later(r"\b(?i:avenue)\b"), "Ave"), (later(r"\b(?i:ave)\b\.?"), "Avenue"),
    (later(r"(?i:stra(?:ß|ss)e)\b"), "str."), (later(r"(?i:str)\.(?=\s|$)"), "straße"),
)  # fmt: skip
_POSTCODE = later(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|\d{4}\s?[A-Z]{2}|\d{2}-\d{3}|[A-Z]{2}\s\d{5}(?:-\d{4})?)\b")
_STREET_NAME = later(r"\b\d+\s?[a-zA-Z]?\b(?:\s?[-/]\s?\d+\s?[a-zA-Z]?\b)?")
_BETWEEN = later(r"[^\p{L}\p{M}\p{N}\p{Cf}'’]+")
_COMMON_HOSTS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk yahoo.com yahoo.co.uk icloud.com live.com aol.com proton.me"
    " protonmail.com gmx.de gmx.net gmx.at web.de t-online.de freenet.de mail.com orange.fr free.fr wanadoo.fr laposte.net sfr.fr"
    " libero.it wp.pl onet.pl interia.pl ziggo.nl kpnmail.nl example.com".split()
)


@dataclass(frozen=True, slots=True)
class Key:
    """Letters to be found. `breaks`: where blanks and punctuation may stand in them, by number of letters before.

    `rule` "words": nothing else may stand in between; "code": separators may stand anywhere. `is_part`: of the detail.
    `case` "capital": only where one begins it; "inside": and not at the start of a sentence.
    `is_loose`: what stands before it does not matter.
    """

    text: str
    breaks: frozenset[int] = frozenset()
    rule: Literal["words", "code"] = "words"
    is_part: bool = False
    case: Case = "any"
    is_loose: bool = False
    has_stops: bool = True  # a full stop with a blank after it may stand at a break


def keys_of(detail: HiddenDetail) -> list[Key]:
    """All keys of a detail, those of its own spellings first."""
    own = tuple(dict.fromkeys((detail.original, *detail.forms)))
    if detail.kind == "term" and is_placeholder(detail.original):
        return []
    keys: dict[str, Key] = {}
    for key in (
        *(key for text in own for key in _whole(detail.kind, text)),
        *(key for text in own for key in _derived(detail.kind, text)),
    ):
        if key.text:
            keys.setdefault(key.text, key)
    return list(keys.values())


def _whole(kind: DetailKind, text: str) -> Iterator[Key]:
    """The keys of a spelling as it stands."""
    if kind == "person":
        yield from _name_keys(text)
    elif kind in ("organisation", "address", "term"):
        yield from _words(text, is_loose=kind == "term" and len(fold(text)) >= SOLID)
    elif kind == "birth_date":
        yield from (Key(fold(each), rule="code") for each in (text, *date_spellings(text)))
    else:
        yield Key(fold(text), rule="code")


def _derived(kind: DetailKind, text: str) -> Iterator[Key]:
    """The keys of what a spelling gives away besides: its parts and its other ways of writing."""
    match kind:
        case "person":
            yield from _name_parts(name_of(text))
        case "organisation":
            yield from _organisation_parts(text)
        case "address":
            yield from _address_parts(text)
        case "email":
            yield from _email_parts(text)
        case "phone" | "account" | "reference":
            yield from _number_parts(kind, text)
        case "web":
            host = regex.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", text.lower()).partition("/")[0]
            if "." in host and host not in _COMMON_HOSTS:
                yield Key(fold(host), rule="code", is_part=True)


def _words(
    text: str, *, is_part: bool = False, is_loose: bool = False, case: Case = "any", has_stops: bool = True
) -> Iterator[Key]:
    """Keys of a text of words, one for each way to write its umlauts."""
    words = [word for word in _BETWEEN.split(text) if fold(word)]
    for variants in zip(*(_as_many(spellings(word)) for word in words), strict=False):
        breaks, letters = set(), ""
        for word in variants:
            letters += word
            breaks.add(len(letters))
        yield Key(letters, frozenset(breaks - {len(letters)}), "words", is_part, case, is_loose, has_stops)


def _as_many(variants: tuple[str, ...]) -> tuple[str, str, str]:
    return (variants[0], variants[min(1, len(variants) - 1)], variants[-1])


def _name_keys(text: str) -> Iterator[Key]:
    name = name_of(text)
    words = name.words
    is_lone = len(words) == 1
    if name.titles:
        yield from _words(text)
    if len(words) > 1:
        yield from _words(" ".join(words), has_stops=False)
        yield from _words(" ".join((*name.family, *name.given)), has_stops=False)
    elif is_lone:
        yield from _word(words[0], is_part=False)


def _name_parts(name: Name) -> Iterator[Key]:
    if name.given and name.family:
        first, family = name.given[0], " ".join(name.family)
        yield from _words(f"{first} {family}", has_stops=False)
        yield from _words(f"{family} {first}", has_stops=False)
        for initials in dict.fromkeys(
            (first[0], "".join(each[0] for each in name.given), " ".join(each[0] for each in name.given))
        ):
            yield from _words(f"{initials} {family}", is_part=True, has_stops=False)
            yield from _words(f"{family} {initials}", is_part=True, has_stops=False)
    parts = [*name.family, *name.given, *(half for word in name.words if "-" in word for half in word.split("-"))]
    if len(name.family) > 1:
        yield from _words(" ".join(name.family), is_part=True)
    for part in parts:
        yield from _word(part, is_part=True)


def _word(word: str, *, is_part: bool) -> Iterator[Key]:
    """The keys of a lone name: none if it means too much else, and with a capital if it means something else."""
    lower = word.casefold()
    if lower in INSIDE:
        yield from _words(word, is_part=is_part, case="inside")
    elif len(fold(word)) >= 2 and lower not in WEAK and not (len(fold(word)) == 2 and is_ordinary(word)):
        is_clear = len(fold(word)) > 2 and not is_ordinary(word)
        yield from _words(word, is_part=is_part, case="any" if is_clear else "capital", has_stops=False)


def _organisation_parts(text: str) -> Iterator[Key]:
    short = text
    while _LEGAL.search(short):
        short = _LEGAL.sub("", short)
    words = regex.findall(r"[\p{L}\p{M}'’-]+", short)
    names = [word for word in words if not (is_ordinary(word) or is_place(word)) and len(fold(word)) >= 4]
    if short != text and (names or len(words) > 1):
        yield from _words(short, is_part=True, case="any" if names else "capital")
    for name in names[:1]:
        if name.casefold() not in WEAK and name[:1].isupper():
            yield from _words(name, is_part=True, has_stops=False)


def _address_parts(text: str) -> Iterator[Key]:
    for code in _POSTCODE.findall(text):
        yield Key(fold(code), rule="code", is_part=True)
    lines = [line.strip() for line in regex.split(r"[,\n]", text) if line.strip()]
    for line in lines:
        for spelling in (line, *(short.sub(to, line) for short, to in _STREET_SHORT)):
            street = _STREET_NAME.sub("", spelling).strip(" .,-")
            has_number = street != spelling.strip(" .,-")
            if has_number and len(fold(street)) >= 5:
                yield from _words(spelling, is_part=True)
            is_street = has_number or spelling != line
            if is_street and len(fold(street)) >= 8 and not (is_place(street) or _POSTCODE.search(line)):
                yield from _words(street, is_part=True, case="capital")


def _email_parts(text: str) -> Iterator[Key]:
    local, _, host = text.casefold().rpartition("@")
    yield Key(fold(f"{local} at {host.replace('.', ' dot ')}"), rule="code")
    if host not in _COMMON_HOSTS and "." in host:
        yield Key(fold(host), rule="code", is_part=True)


def _number_parts(kind: DetailKind, text: str) -> Iterator[Key]:
    letters = fold(text)
    digits = regex.sub(r"\D", "", letters)
    if kind == "phone":
        tail = regex.sub(r"^0+", "", digits)
        tail = tail[-9:] if len(tail) > 9 else tail
        if len(tail) >= 6:
            yield Key(tail, rule="code", is_part=True, is_loose=True)
        return
    if len(letters) >= 15 and letters[:2].isalpha():  # an IBAN holds the number of the account
        yield Key(letters[-8:], rule="code", is_part=True, is_loose=True)
        bare = letters[12:].lstrip("0")
        if len(bare) >= 6:
            yield Key(bare, rule="code", is_part=True, is_loose=True)
    runs = regex.findall(r"\d{6,}", regex.sub(r"(?<=\d)[\s.-](?=\d)", "", text))
    for run in runs:
        yield Key(run, rule="code", is_part=True)
