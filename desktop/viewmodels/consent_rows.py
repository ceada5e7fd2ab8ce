"""The rows of the consent sheet: receivers, details and leaks of one text, ready to show. Pure.

Nothing here decides what is sent; it says what the engine prepared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.viewmodels.shown_text import Marked, ShownText
from desktop.wordings import consent
from engine.compare_records import DetailKind, HiddenDetail, Leak, Preview, Receiver


@dataclass(frozen=True)
class ReceiverRow:
    """Where requests go. `terms_note` says whose word the terms are, `note` what else is to be known."""

    name: str
    model: str
    host: str
    terms: str
    terms_note: str
    cost: str
    note: str
    is_own: bool


@dataclass(frozen=True)
class DetailRow:
    """A detail of the text. `is_hidden` False: it is sent as it is."""

    placeholder: str
    original: str
    kind: str
    times: str
    is_hidden: bool


@dataclass(frozen=True)
class LeakRow:
    """A hidden detail that would still be sent. `start` and `end` are its characters in the text, None where it has none."""

    words: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Body:
    """One request as it would go out; `sha256` is what an approval names."""

    label: str
    url: str
    sha256: str
    content: bytes

    @property
    def text(self) -> str:
        """The bytes as text; those that are none are shown by their numbers."""
        return self.content.decode("utf-8", "backslashreplace")


def receiver_rows(receivers: Sequence[Receiver]) -> list[ReceiverRow]:
    """One row for each model that is asked, however often it is asked."""
    together: dict[tuple[str, str, str], list[Receiver]] = {}
    for each in receivers:
        together.setdefault((each.provider, each.model, each.host), []).append(each)
    return [_receiver_row(same) for same in together.values()]


def _receiver_row(same: Sequence[Receiver]) -> ReceiverRow:
    first = same[0]
    known = [each.max_cost for each in same if each.max_cost is not None]
    terms, whose = consent.terms(first.terms)
    notes = [consent.requests(len(same)) if len(same) > 1 else "", consent.differences(first.differs)]
    cost = consent.cost_of_row(known, len(same) - len(known))
    return ReceiverRow(
        first.provider_name, first.model, first.host, terms, whose, cost, ". ".join(filter(None, notes)), first.is_own
    )


def bodies(preview: Preview) -> list[Body]:
    return [Body(f"{each.provider_name}, {each.model}", each.url, each.sha256, each.body) for each in preview.receivers]


def detail_rows(preview: Preview) -> list[DetailRow]:
    """The details that stand in the text, hidden or not; those that only other texts hold are left out."""
    hidden = Counter(place.placeholder for place in preview.places)
    rows = []
    for detail in preview.details:
        n = hidden[detail.placeholder] if detail.is_hidden else sum(1 for _ in _spellings(preview.text, (detail,)))
        if n:
            kind = consent.kind(detail.kind)
            rows.append(DetailRow(detail.placeholder, detail.original, kind, consent.times(n), detail.is_hidden))
    return rows


def n_by_kind(preview: Preview) -> dict[DetailKind, int]:
    """How many different details of each kind are hidden in the text."""
    standing = {place.placeholder for place in preview.places}
    return Counter(detail.kind for detail in preview.details if detail.is_hidden and detail.placeholder in standing)


def leak_rows(preview: Preview) -> list[LeakRow]:
    return [_leak_row(leak, len(preview.text)) for leak in preview.leaks]


def _leak_row(leak: Leak, length: int) -> LeakRow:
    inside = 0 <= leak.start < leak.end <= length
    place = (leak.start, leak.end) if inside else (None, None)
    return LeakRow(consent.leak(leak.placeholder, leak.form, has_place=inside), *place)


def marks_of(preview: Preview, shown: ShownText) -> list[Marked]:
    """What stands out in the text: placeholders, details that are sent as they are, leaks, unseen characters."""
    kinds = {detail.placeholder: consent.kind(detail.kind) for detail in preview.details}
    marks = [*shown.unseen]
    for place in preview.places:
        marks += shown.marked([(place.start, place.end)], "outbound", kinds.get(place.placeholder, ""))
    seen = [detail for detail in preview.details if not detail.is_hidden]
    marks += shown.marked(list(_spellings(preview.text, seen)), "caution", consent.as_it_is())
    for leak in preview.leaks:
        marks += shown.marked([(leak.start, leak.end)], "danger", consent.leak(leak.placeholder, leak.form))
    return marks


def with_originals(preview: Preview) -> tuple[ShownText, list[Marked]]:
    """The text with the hidden details in their places again; for this screen only."""
    originals = {detail.placeholder: detail.original for detail in preview.details}
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    end = length = 0
    for place in preview.places:
        before, original = preview.text[end : place.start], originals.get(place.placeholder, place.placeholder)
        pieces += [before, original]
        length += len(before)
        spans.append((length, length + len(original)))
        length, end = length + len(original), place.end
    shown = ShownText("".join([*pieces, preview.text[end:]]))
    return shown, [*shown.unseen, *shown.marked(spans, "local", consent.stays_here())]


def _spellings(text: str, details: Sequence[HiddenDetail]) -> Iterator[tuple[int, int]]:
    """Where the details stand in the text in one of their known spellings."""
    forms = {form for detail in details for form in (detail.original, *detail.forms) if form.strip()}
    if forms:
        longest_first = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        for match in re.finditer(rf"(?<!\w)(?:{longest_first})(?!\w)", text):
            yield match.span()
