"""Postal addresses: streets with or without a number, flats, post boxes and postcodes, and the town behind them.

Pure. A town alone is no address.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from engine.hiding.name_lists import is_ordinary, is_place
from engine.hiding.patterns import later
from engine.hiding.spans import Found

_CAP = r"\p{Lu}[\p{L}\p{M}'’.-]{0,30}"
_NO = r"\d{1,5}[ ]?[a-zA-Z]?(?![\p{L}])(?:[ ]?[-/][ ]?\d{1,5}[ ]?[a-zA-Z]?(?![\p{L}]))?"
_FLAT = (
    r"(?:(?:Flat|Apartment|Apt\.?|Unit|Suite|Room|Floor|Block|House"
    r"|Studio)[ ]\p{L}?\d{0,4}\p{L}?,?[ \n](?:\p{Lu}\p{L}+(?:[ ]\p{Lu}\p{L}+){0,2},[ ]?\n?)?)?"
)
_WAY = (
    r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Crescent|Gardens?|Grove|Terrace|Place|Square|Way|Hill"
    r"|Mews|Row|Walk|Park|Parade|Rise"
    r"|View|Green|Boulevard|Blvd|Highway|Parkway|Quay|Wharf|Buildings|Mansions|Embankment|Circus|Yard|Vale|Mount|Bank"
    r"|Approach|Broadway|End|Heights)"
)
_BARE_WAY = r"(?:Road|Street|Avenue|Lane|Drive|Close|Crescent|Gardens|Grove|Terrace|Mews|Boulevard|Parade)"
_UK = r"[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}"
_TOWN_WORD = r"(?:St\.|Bad|\p{Lu}[\p{L}\p{M}'’-]{1,30})"
_TOWN = rf"{_TOWN_WORD}(?:[ ](?:{_TOWN_WORD}|upon|on|am|an|der|im|bei|la|le|sur|de|del|en|sous)){{0,3}}"
_POSTCODE = (
    rf"(?:(?:[A-Z]{{1,3}}-)?\d{{4,5}}(?:[ ]?[A-Z]{{2}}(?![A-Za-z]))?[ ]{_TOWN}(?:[ ]\([A-Z]{{2}}\))?|\d\d-\d{{3}}[ ]{_TOWN}"
    rf"|(?:{_TOWN}[ ,]{{1,2}})?{_UK}|(?:{_TOWN},?[ ])?[A-Z]{{2}}[ ]\d{{5}}(?:-\d{{4}})?)"
)
_REST = rf"(?:(?:,?[ ]|,?[ ]?\n[ >|]{{0,4}})(?:{_TOWN}(?:,[ ]|[ ]?\n)){{0,2}}{_POSTCODE}(?![\p{{L}}\d]))?"
_ENGLISH = later(
    rf"(?<![\p{{L}}\p{{N}}.,£$€]){_FLAT}(?:{_NO},?[ ]|\p{{Lu}}\p{{Ll}}{{2,20}}[ ](?:House|Cottage|Lodge|Court|Farm)(?:,[ ]"
    rf"|[ ]?\n))(?:{_CAP}[ ]){{1,4}}?{_WAY}\b\.?(?:[ ](?:North|South|East|West|[NSEW]\.?))?{_REST}"
)
_NAMED = later(
    rf"(?<![\p{{L}}\p{{N}}])(?:\p{{Lu}}[\p{{L}}.-]{{1,30}}[ ]){{1,3}}{_NO}(?:,[ ]"
    rf"|[ ]?\n[ ]{{0,4}})\d{{5}}[ ]{_TOWN}(?![\p{{L}}\d])"
)
_HOUSE = later(
    rf"(?<![\p{{L}}\p{{N}}])(?:\p{{Lu}}[\p{{L}}'’]+[ ]){{0,3}}\p{{Lu}}[\p{{L}}'’]+,[ ]?\n?"
    rf"(?:\p{{Lu}}[\p{{L}}'’]+[ ]){{1,3}}{_WAY},?[ \n](?:{_TOWN},?[ \n])?{_UK}"
)
_STREETS = later(rf"(?<![\p{{L}}\p{{N}}])(?:{_CAP}[ ]){{1,2}}{_BARE_WAY}\b{_REST}")
_GERMAN_WAY = (
    r"(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|pfad|stieg|graben|markt|straat|laan|plein"
    r"|gracht|kade|singel|dijk|hof|steeg|dreef)"
)
_GERMAN = later(
    rf"(?<![\p{{L}}\p{{N}}])(?:(?:\p{{Lu}}[\p{{L}}.-]{{1,30}}[ -]){{0,3}}(?:\p{{Lu}}[\p{{L}}-]{{1,40}}?{_GERMAN_WAY}"
    rf"|(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Straat|Laan|Plein))"
    rf"|(?:Am|An[ ]der|An[ ]den|Im|In[ ]der|Auf[ ]der|Auf[ ]dem|Zum|Zur|Unter[ ]den"
    rf"|Hinter[ ]der)[ ](?:{_CAP}[ ]?){{1,3}}?)[ ]{_NO}(?:[ ]?\([^()\n]{{1,20}}\))?{_REST}"
)
_GERMAN_BARE = later(
    r"(?<![\p{L}\p{N}])(?:\p{Lu}[\p{L}.-]{1,30}[ -]){0,2}\p{Lu}[\p{L}-]{2,40}?(?:straße|strasse|straat|gracht|gasse|allee"
    r"|chaussee)(?!\p{L})"
)
_ROMANCE_WAY = (
    r"(?i:rue|avenue|av\.|boulevard|bd\.?|place|allée|allee|chemin|impasse|quai|cours|route|passage|square|calle|c/|avda\.?"
    r"|avenida|paseo|plaza|via|viale|v\.le|piazza|corso|largo|vicolo|strada|ulica|ul\.|al\.|aleja|pl\.|os\.)"
)
_NAME = (
    r"(?:(?:della|delle|dei|del|des|de|du|di|da|les|la|le|los|las|el|en|et)[ ]|[ld]['’]|\d{1,2}(?:er|°)?[ ](?=\p{Lu})"
    r"|\p{Lu}[\p{L}'’.-]{0,30}[ ]?){1,6}"
)
_ROMANCE = later(
    rf"(?<![\p{{L}}\p{{N}}])(?:{_NO}(?:[ ](?:bis|ter))?,?[ ]{_ROMANCE_WAY}[ ]?{_NAME}(?<=[\p{{L}}\p{{N}}])"
    rf"|{_ROMANCE_WAY}[ ]?{_NAME}(?<![ ]),?[ ](?:n[.°º]?[ ]?)?{_NO}(?:,[ ]?(?:\d{{1,2}}[ºª°][ ]?\p{{L}}?|m\.[ ]?\d+"
    rf"|int\.[ ]?\d+|scala[ ]\p{{L}}))?)"
    rf"(?:(?:,?[ ]|,?[ ]?\n[ >|]{{0,4}}){_POSTCODE}(?![\p{{L}}\d]))?"
)
_BOX = later(
    rf"(?<!\p{{L}})(?:P\.?[ ]?O\.?[ ]Box|Postfach|Postbus|BP|Boîte[ ]postale|Apartado)[ ]\d{{1,8}}(?:[ ]\d{{1,4}}){{0,3}}{_REST}"
)
_LONE_UK = later(rf"(?<![\p{{L}}\p{{N}}]){_UK}(?![\p{{L}}\p{{N}}])")
_LONE_TOWN = later(rf"(?m)^[ \t>|]{{0,6}}((?:[A-Z]{{1,3}}-)?(?:\d{{5}}|\d{{4}}[ ][A-Z]{{2}}|\d\d-\d{{3}})[ ]{_TOWN})[ \t|]*$")
_GENERIC = frozenset(
    "high main one two first second the this that our your their my his her each every same no any some side back front "
    "dead".split()
)


def addresses(text: str) -> Iterator[Found]:
    """Everything that says where somebody lives or works, to the street."""
    for pattern in (_ENGLISH, _HOUSE, _GERMAN, _NAMED, _ROMANCE, _BOX, _LONE_UK):
        for match in pattern.finditer(text):
            start = _past_ordinary(match) if pattern is _GERMAN else match.start()
            if _is_named(match[0]):
                yield Found(start, match.end(), "address")
    for match in _LONE_TOWN.finditer(text):
        yield Found(match.start(1), match.end(1), "address")
    for match in _STREETS.finditer(text):
        start = match.start()
        words = match[0].split(" ")
        while len(words) > 1 and words[0].lower() in _GENERIC | {
            "in",
            "on",
            "at",
            "to",
            "from",
            "near",
            "of",
            "and",
            "dear",
            "i",
        }:
            start += len(words.pop(0)) + 1
        if len(words) > 1 and not words[1][:1].islower():
            yield Found(start, match.end(), "address")
    for match in _GERMAN_BARE.finditer(text):
        start = match.start()
        words = match[0].split(" ")
        while len(words) > 1 and is_ordinary(words[0].strip(".")):
            start += len(words.pop(0)) + 1
        if not is_ordinary(words[0]):
            yield Found(start, match.end(), "address")


def _past_ordinary(match: regex.Match[str]) -> int:
    """Where the street's own name begins: "Wohnung" before "Bahrenfelder Straße 119" does not belong to it."""
    start = match.start()
    words = match[0].split(" ")
    while len(words) > 2 and words[0][:1].isupper() and is_ordinary(words[0]) and words[1][:1].isupper() and len(words[0]) > 4:
        start += len(words.pop(0)) + 1
    return start


def _is_named(found: str) -> bool:
    """Whether there is more to it than generic words: "1 Place", "3 High"."""
    words = regex.findall(r"\p{L}+", found)
    return any(len(word) > 2 and word.lower() not in _GENERIC for word in words) and not (len(words) == 1 and is_place(words[0]))
