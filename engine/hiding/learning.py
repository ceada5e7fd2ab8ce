"""Which of the found spellings mean the same detail, and which numbers new details get.

Pure. "Ms Anna Harlow", "Harlow, Anna", "A. Harlow", "Anna" and "Mrs Harlow" are one person as long as nobody else in
the table could be meant; if two could be, the spelling becomes a detail of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex

from engine.compare_records import DetailKind, HiddenDetail
from engine.hiding.details import found_details
from engine.hiding.keys import keys_of
from engine.hiding.letters import fold
from engine.hiding.person_names import Name, matches_initials, name_of
from engine.hiding.placeholders import ONE, WRITTEN, mentioned, number_of, parsed, placeholder

_MOST_FORMS = 40
_MOST_ALIKE = 24


@dataclass(eq=False)
class _Entry:
    """A detail while its spellings are being gathered. `place` is where it stands first, for its number."""

    kind: DetailKind
    place: tuple[int, int]
    forms: list[str]
    known: HiddenDetail | None = None
    is_own: bool = False
    names: list[Name] = field(default_factory=list)

    def add(self, form: str, place: tuple[int, int]) -> None:
        self.place = min(self.place, place)
        if form not in self.forms and len(self.forms) < _MOST_FORMS:
            self.forms.append(form)
            if self.kind == "person":
                self.names.append(name_of(form))

    @property
    def detail(self) -> HiddenDetail:
        if self.known is not None:
            return replace(self.known, forms=tuple(self.forms), is_own=self.known.is_own or self.is_own)
        original = _original(self.kind, self.forms)
        return HiddenDetail("", self.kind, original, tuple(dict.fromkeys((*self.forms, original))), is_own=self.is_own)


@dataclass(frozen=True)
class _Candidate:
    kind: DetailKind
    text: str
    place: tuple[int, int]
    is_own: bool = False


def learned(
    details: Sequence[HiddenDetail], texts: Sequence[str], own: Sequence[tuple[str, DetailKind]]
) -> tuple[HiddenDetail, ...]:
    """The details with the new spellings of each, and the new ones after them, numbered."""
    entries = [_known(each) for each in details]
    gathering = _Gathering(entries)
    for candidate in _in_turn([*_own_terms(own, texts), *_found(texts)]):
        gathering.take(candidate)
    for typed in _typed_placeholders(details, texts):
        gathering.take(typed)
    new = sorted((each for each in gathering.entries if each.known is None), key=lambda each: each.place)
    used = {number for detail in details if (number := number_of(detail.placeholder))}
    said = {number for text in texts for number in mentioned(text)}
    return (*(each.detail for each in gathering.entries if each.known), *_numbered(new, used, said))


class _Gathering:
    """Finds the detail that a spelling belongs to."""

    def __init__(self, entries: list[_Entry]) -> None:
        self.entries = entries
        self._whole: dict[str, _Entry] = {}
        self._parts: dict[tuple[DetailKind, str], _Entry] = {}
        self._people: dict[tuple[str, ...], list[_Entry]] = {}
        self._families: dict[str, list[_Entry]] = {}
        self._named: dict[str, list[_Entry]] = {}
        self._said: dict[tuple[DetailKind, str], _Entry] = {}
        for entry in entries:
            for form in entry.forms:
                self._index(entry, form)

    def take(self, candidate: _Candidate) -> None:
        said = (candidate.kind, candidate.text)
        entry = self._said.get(said)
        if entry is not None:
            entry.place = min(entry.place, candidate.place)
            entry.is_own = entry.is_own or candidate.is_own
            return
        entry = self._entry_of(candidate)
        if entry is None:
            entry = _Entry(candidate.kind, candidate.place, [])
            self.entries.append(entry)
        if entry.kind == candidate.kind:
            entry.add(candidate.text, candidate.place)
        entry.is_own = entry.is_own or candidate.is_own
        self._said[said] = entry
        self._index(entry, candidate.text)

    def _entry_of(self, candidate: _Candidate) -> _Entry | None:
        keys = keys_of(HiddenDetail("", candidate.kind, candidate.text))
        if not keys:
            return next((each for each in self.entries if candidate.text in each.forms), None)
        if candidate.kind == "person":
            person = self._person(name_of(candidate.text))
            return person or self._whole.get(fold(candidate.text))
        for key in keys:
            if not key.is_part and key.text in self._whole:
                return self._whole[key.text]
            if not key.is_part and (candidate.kind, key.text) in self._parts:
                return self._parts[candidate.kind, key.text]
        for key in keys:
            says_all = candidate.kind != "address" or any(map(str.isdigit, key.text))
            if candidate.kind == "phone" and (candidate.kind, key.text) in self._parts:
                return self._parts[candidate.kind, key.text]
            if says_all and key.text in self._whole and self._whole[key.text].kind == candidate.kind:
                return self._whole[key.text]
        return None

    def _person(self, name: Name) -> _Entry | None:
        words = [fold(word) for word in name.words]
        equal = self._people.get(tuple(sorted(words)), [])
        related = [
            *self._families.get(fold("".join(name.family)), []),
            *(each for word in words for each in self._named.get(word, [])),
        ]
        people = list({id(each): each for each in (*equal, *related) if _may_agree(each, name)}.values())
        for is_same in (_is_equal, _has_same_ends, _has_initials, _is_part):
            fitting = [each for each in people if any(is_same(name, other) for other in each.names)]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                return fitting[0] if is_same is _is_equal else None
        return None

    def _index(self, entry: _Entry, form: str) -> None:
        for key in keys_of(HiddenDetail("", entry.kind, form)):
            if not key.is_part:
                self._whole.setdefault(key.text, entry)
            self._parts.setdefault((entry.kind, key.text), entry)
        for name in (name_of(form),) if entry.kind == "person" else ():
            words = [fold(word) for word in name.words]
            _note(self._people.setdefault(tuple(sorted(words)), []), entry)
            _note(self._families.setdefault(fold("".join(name.family)), []), entry)
            for word in (*words, *(fold(half) for each in name.words if "-" in each for half in each.split("-"))):
                _note(self._named.setdefault(word, []), entry)


def _note(entries: list[_Entry], entry: _Entry) -> None:
    """Among many who share a name a short form means nobody, so a few are enough to know."""
    if len(entries) < _MOST_ALIKE and entry not in entries:
        entries.append(entry)


def _may_agree(entry: _Entry, name: Name) -> bool:
    genders = {each.gender for each in entry.names} - {None}
    return name.gender is None or not genders or name.gender in genders


def _is_equal(name: Name, other: Name) -> bool:
    return sorted(map(fold, name.words)) == sorted(map(fold, other.words))


def _has_same_ends(name: Name, other: Name) -> bool:
    if not (name.given and name.family and other.given and other.family):
        return False
    return fold(name.given[0]) == fold(other.given[0]) and fold("".join(name.family)) == fold("".join(other.family))


def _has_initials(name: Name, other: Name) -> bool:
    return matches_initials(name, other) or matches_initials(other, name)


def _is_part(name: Name, other: Name) -> bool:
    """Whether one of the two is a lone word of the other's, and not one that both stand alone with."""
    short, full = (name, other) if len(name.words) == 1 else (other, name)
    if len(short.words) != 1 or len(full.words) < 2:
        return False
    word = fold(short.words[0])
    if short.titles and short.gender:  # nobody is called "Mr Daniel", as far as letters go
        return word in (fold(full.family[-1]), fold("".join(full.family))) if full.family else False
    return word in {fold(each) for each in (*full.words, *(half for each in full.words for half in each.split("-")))}


def _in_turn(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Full names first, then those with initials, then lone ones, so that these find whom they mean."""

    def turn(candidate: _Candidate) -> tuple[int, int, tuple[int, int]]:
        if candidate.kind != "person":
            return (not candidate.is_own, 0, candidate.place)
        words = name_of(candidate.text).words
        is_short = len(words) < 2 or any(len(fold(word)) < 2 for word in words)
        return (not candidate.is_own, 3 - min(len(words), 2) + is_short, candidate.place)

    return sorted(candidates, key=turn)


def _known(detail: HiddenDetail) -> _Entry:
    forms = list(dict.fromkeys((*detail.forms, detail.original)))
    names = [name_of(form) for form in forms] if detail.kind == "person" else []
    return _Entry(detail.kind, (0, 0), forms, detail, names=names)


def _found(texts: Sequence[str]) -> Iterator[_Candidate]:
    for number, text in enumerate(texts):
        for found in found_details(text):
            spelling = regex.sub(r"\s+", " ", text[found.start : found.end]).strip()
            yield _Candidate(found.kind, spelling, (number, found.start))


def _own_terms(own: Sequence[tuple[str, DetailKind]], texts: Sequence[str]) -> Iterator[_Candidate]:
    for order, (term, kind) in enumerate(own):
        term = regex.sub(r"\s+", " ", term).strip()
        places = [(number, at) for number, text in enumerate(texts) if (at := text.casefold().find(term.casefold())) >= 0]
        if term:
            yield _Candidate(kind, term, min(places, default=(len(texts), order)), is_own=True)


def _typed_placeholders(details: Sequence[HiddenDetail], texts: Sequence[str]) -> Iterator[_Candidate]:
    """What somebody typed that reads like a placeholder which stands for something else already."""
    given = {number_of(each.placeholder) for each in details}
    for number, text in enumerate(texts):
        for written in WRITTEN.finditer(text):
            if any(parsed(one) in given for one in ONE.finditer(written[0])):
                yield _Candidate("term", written[0], (number, written.start()))


def _numbered(
    new: Sequence[_Entry], used: set[tuple[DetailKind, int]], said: set[tuple[DetailKind, int]]
) -> Iterator[HiddenDetail]:
    highest: dict[DetailKind, int] = {}
    for kind, number in used:
        highest[kind] = max(highest.get(kind, 0), number)
    for entry in new:
        number = highest.get(entry.kind, 0) + 1
        while (entry.kind, number) in said:
            number += 1
        highest[entry.kind] = number
        yield replace(entry.detail, placeholder=placeholder(entry.kind, number))


def _original(kind: DetailKind, forms: Sequence[str]) -> str:
    """The spelling that a placeholder is restored to: the fullest one, without titles where it can do without."""
    if kind != "person":
        return forms[0]
    best = max(
        forms,
        key=lambda form: (len([word for word in name_of(form).words if len(word) > 1]), not form.isupper(), "," not in form),
    )
    name = name_of(best)
    return best[len(name.titles) :].strip() if len(name.words) > 1 and best.startswith(name.titles) else best
