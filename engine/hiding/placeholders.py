"""Placeholders: how they are written, and how they are recognised when somebody else wrote them.

Pure. `[Person 1]` is how it is written here. Models write `(Person 1)`, `**[Person 1]**`, `[Personne 1]` or
`[Person 1, Person 2]` and mean the same.
"""

from __future__ import annotations

import regex

from engine.compare_records import DetailKind
from engine.hiding.patterns import later

LABELS: dict[DetailKind, str] = {
    "person": "Person", "organisation": "Organisation", "address": "Address", "email": "Email", "phone": "Phone",
    "account": "Account", "reference": "Reference", "birth_date": "Birth date", "web": "Web", "term": "Term",
}  # fmt: skip
_ALIASES: dict[DetailKind, str] = {
    "person": "personne|persona|persoon|osoba|people",
    "organisation": "organization|organización|organizzazione|organisatie|organizacja|company",
    "address": "adresse|dirección|direccion|indirizzo|adres",
    "email": "e-mail|mail|courriel|correo",
    "phone": "telefon|téléphone|telephone|teléfono|telefono|telefoon",
    "account": "konto|compte|cuenta|conto|rekening",
    "reference": "referenz|référence|referencia|riferimento|referentie|referencja|ref",
    "birth_date": (
        "birthdate|date of birth|geburtsdatum|date de naissance|fecha de nacimiento|data di nascita|geboortedatum|data urodzenia"
    ),
    "web": "website|url",
    "term": "begriff|terme|término|termine|termijn|termin",
}
_KINDS = {label.casefold(): kind for kind, label in LABELS.items()} | {
    alias: kind for kind, aliases in _ALIASES.items() for alias in aliases.split("|")
}
_LABEL = "|".join(regex.escape(each).replace(r"\ ", r"[\s_-]{1,2}") for each in sorted(_KINDS, key=len, reverse=True))
_ONE = rf"[*_`]{{0,3}}(?:{_LABEL})(?:[\s_]{{0,2}}|\s?-)[#№]?\d{{1,6}}[*_`]{{0,3}}"
_AND = r"\s{0,2}(?:[,;/&+]|and|und|et|y|e|en|i|or|oder|ou)\s{1,2}|[,;/&+]"
_LIST = rf"\s{{0,2}}{_ONE}(?:(?:{_AND}){_ONE}){{0,7}}\s{{0,2}}"
_BRACKETS = (
    (r"\[\[", r"\]\]"), (r"\\\[", r"\\\]"), (r"\[", r"\]"), (r"\(", r"\)"), (r"\{\{", r"\}\}"), (r"\{", r"\}"),
    ("<<", ">>"), ("<", ">"), ("&lt;", "&gt;"), ("【", "】"), ("\uff3b", "\uff3d"), ("「", "」"), ("«", "»"),
    ("⟨", "⟩"), ("〈", "〉"),
)  # fmt: skip
#: A placeholder in any bracket, or a list of them.
WRITTEN = later("|".join(f"{left}{_LIST}{right}" for left, right in _BRACKETS), regex.IGNORECASE)
OPENING = later(r"[\[(\\{<&【\uff3b「«⟨〈]")
#: One of a list; its groups are the label and the number.
ONE = later(rf"[*_`]{{0,3}}({_LABEL})(?:[\s_]{{0,2}}|\s?-)[#№]?(\d{{1,6}})[*_`]{{0,3}}", regex.IGNORECASE)


def placeholder(kind: DetailKind, number: int) -> str:
    return f"[{LABELS[kind]} {number}]"


def parsed(one: regex.Match[str]) -> tuple[DetailKind, int]:
    """The kind and the number that a match of ONE means."""
    label = regex.sub(r"[\s_-]+", " ", one[1]).casefold()
    return _KINDS.get(label) or _KINDS[label.replace(" ", "-")], int(one[2])


def number_of(written: str) -> tuple[DetailKind, int] | None:
    """The kind and the number of a placeholder in our own way of writing; None if it is none."""
    one = ONE.fullmatch(written[1:-1]) if written[:1] == "[" and written[-1:] == "]" else None
    return parsed(one) if one else None


def is_placeholder(text: str) -> bool:
    """Whether a text is nothing but a placeholder or a list of them, in some bracket."""
    return WRITTEN.fullmatch(text) is not None


def mentioned(text: str) -> set[tuple[DetailKind, int]]:
    """All placeholders that a text already holds in some bracket, whoever wrote them."""
    return {parsed(one) for match in WRITTEN.finditer(text) for one in ONE.finditer(match[0])}
