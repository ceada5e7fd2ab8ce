"""The table of a matter: which placeholder stands for which detail.

Pure, and never changed in place: each change gives a new table. A placeholder, once given, stands for the same detail
for ever. The table itself never leaves this computer.

`hide` and `restore` are not exact opposites where a text names a detail in several ways: "Mrs Harlow" and "Anna" become
the same placeholder, and that is restored as the table's original, "Anna Harlow". `Hidden.original` gives back a hidden
text exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import regex

from engine.compare_records import DetailKind, HiddenDetail, Leak, Place
from engine.hiding.leaks import body_leaks, found_leaks, placeholder_spans
from engine.hiding.learning import learned
from engine.hiding.letters import fold
from engine.hiding.matching import Match, Wanted, covered, matches
from engine.hiding.patterns import later
from engine.hiding.person_names import TITLES_BEFORE
from engine.hiding.placeholders import is_placeholder
from engine.hiding.restoring import Restored, Restoring

_ROUNDS = 6
# What stands between two spans of one person that are read as one: "Anna M. Harlow", "Harlow, Anna".
_WITHIN_NAME = later(r"(?:[ \t\u00a0]*|, ?|-)(?:\p{Lu}\.?[ ]){0,2}")


@dataclass(frozen=True)
class Hidden:
    """A text with placeholders at `places`; `originals` are what stood there."""

    text: str
    places: tuple[Place, ...]
    originals: tuple[str, ...] = ()

    @property
    def original(self) -> str:
        """The text as it was, character for character."""
        parts, done = [], 0
        for place, original in zip(self.places, self.originals, strict=True):
            parts += [self.text[done : place.start], original]
            done = place.end
        return "".join(parts) + self.text[done:]


class Table:
    """The details of a matter, in the order in which they were learned."""

    def __init__(self, details: Sequence[HiddenDetail] = ()) -> None:
        self.details = tuple(details)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.details == other.details

    def __hash__(self) -> int:
        return hash(self.details)

    @cached_property
    def _wanted(self) -> Wanted:
        return Wanted(self.details)

    def learn(self, texts: Sequence[str], own: Sequence[tuple[str, DetailKind]] = ()) -> Table:
        """Take in what is found in the texts as they are before hiding, and the user's own terms.

        New details are numbered in the order of their first place, per kind; nothing is ever numbered anew, and no number
        is given that a text already holds. `n_times` becomes how often each detail stands in these texts.
        """
        table = Table(learned(self.details, texts, own))
        times: dict[str, int] = {}
        for text in texts:
            for match in table._spans(text):
                times[match.detail.placeholder] = times.get(match.detail.placeholder, 0) + 1
        return Table([replace(each, n_times=times.get(each.placeholder, 0)) for each in table.details])

    def show(self, placeholders: Collection[str]) -> Table:
        """Let these details be seen."""
        return self._with(placeholders, is_hidden=False)

    @cached_property
    def with_all_hidden(self) -> Table:
        """The table as if nothing of it were let be seen."""
        seen = [each.placeholder for each in self.details if not each.is_hidden]
        return self.hide_again(seen) if seen else self

    def hide_again(self, placeholders: Collection[str]) -> Table:
        return self._with(placeholders, is_hidden=True)

    def hide(self, text: str) -> Hidden:
        """Put placeholders in all places where a hidden detail can be read. No leak is left afterwards."""
        parts: list[str] = []
        places: list[Place] = []
        done = length = 0
        spans = self._spans(text)
        for span in spans:
            before = text[done : span.start]
            length += len(before)
            places.append(Place(length, length + len(span.detail.placeholder), span.detail.placeholder))
            parts += [before, span.detail.placeholder]
            length += len(span.detail.placeholder)
            done = span.end
        return Hidden("".join(parts) + text[done:], tuple(places), tuple(text[span.start : span.end] for span in spans))

    def leaks(self, text: str) -> tuple[Leak, ...]:
        """As `leaks.leaks`, with this table's details."""
        return found_leaks(text, self._wanted, self.details)

    def body_leaks(self, body: bytes, besides: Sequence[str] = ()) -> tuple[Leak, ...]:
        """As `leaks.body_leaks`, with this table's details."""
        return body_leaks(body, self.details, besides, self._wanted)

    def restore(self, text: str) -> Restored:
        """Put the originals in the places of their placeholders, also where these are written a little differently."""
        restoring = self.restoring()
        return Restored(restoring.feed(text) + restoring.finish(), restoring.places)

    def restoring(self) -> Restoring:
        """For a text that arrives in pieces."""
        return Restoring(self.details)

    def placeholder_of(self, term: str) -> str | None:
        """The placeholder of the detail that `term` is a spelling of, hidden or not; None if there is none."""
        shown = Table([replace(each, is_hidden=True) for each in self.details])._spans(term)
        return shown[0].detail.placeholder if len(shown) == 1 and shown[0].end - shown[0].start == len(term) else None

    def _with(self, placeholders: Collection[str], *, is_hidden: bool) -> Table:
        return Table([replace(each, is_hidden=is_hidden) if each.placeholder in placeholders else each for each in self.details])

    def _spans(self, text: str) -> list[Match]:
        """The spans to hide, in order and apart from each other."""
        spans: list[Match] = self._typed(text)
        blanked = covered(text, [(span.start, span.end) for span in spans] + placeholder_spans(text, self.details))
        for _ in range(_ROUNDS):
            found = matches(blanked, self._wanted)
            if not found:
                break
            spans = _apart(text, blanked, [*spans, *found])
            blanked = covered(blanked, [(span.start, span.end) for span in spans])
        return spans

    def _typed(self, text: str) -> list[Match]:
        """Where the user's own words look like one of our placeholders."""
        typed = [each for each in self.details if each.kind == "term" and each.is_hidden and is_placeholder(each.original)]
        return [
            Match(found.start(), found.end(), detail, "as_is")
            for detail in typed
            for found in regex.finditer(regex.escape(detail.original), text)
        ]


def _apart(text: str, blanked: str, spans: list[Match]) -> list[Match]:
    """Spans in order that do not touch the same characters. Where two overlap, the longer one gives its name to both."""
    apart: list[Match] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        span = _widened(text, blanked, span)
        last = apart[-1] if apart else None
        if last is None or (span.start >= last.end and not _belongs_to(text, last, span)):
            apart.append(span)
            continue
        if span.detail.placeholder == last.detail.placeholder and span.start < last.end:
            continue  # what is left of it is found in the next round
        longer = span if span.end - span.start > last.end - last.start else last
        apart[-1] = replace(longer, start=min(last.start, span.start), end=max(last.end, span.end))
    return apart


def _signs_around(form: str) -> tuple[str, str]:
    """What stands before the first and after the last letter or digit of a spelling."""
    places = [at for at, character in enumerate(form) if character.isalnum()]
    return (form[: places[0]], form[places[-1] + 1 :].rstrip(".,;:!?")) if places else ("", "")


def _belongs_to(text: str, last: Match, span: Match) -> bool:
    return (
        last.detail.kind == "person"
        and last.detail.placeholder == span.detail.placeholder
        and fold(text[span.start : span.end]) not in fold(text[last.start : last.end])
        and _WITHIN_NAME.fullmatch(text, last.end, span.start) is not None
    )


def _widened(text: str, blanked: str, span: Match) -> Match:
    """A span with what belongs to it besides letters and digits: the "+" of a number, the titles of a person.

    Titles say whether it is a man or a woman, or what they are.
    """
    if span.detail.kind != "person":
        for form in (span.detail.original, *span.detail.forms):
            before, after = _signs_around(form)
            if blanked.endswith(before, 0, span.start) and blanked.startswith(after, span.end) and before + after:
                return replace(span, start=span.start - len(before), end=span.end + len(after))
        return span
    titles = TITLES_BEFORE.search(blanked, max(0, span.start - 48), span.start)
    return replace(span, start=titles.start()) if titles and not text[titles.start() : span.start].count("\n\n") else span
