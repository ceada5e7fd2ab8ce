"""One document in detail: the steps of its reading, the pages without text, and what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop import figures, wording
from desktop.wordings.words import Words
from engine.records import Document, PageCoverage

translate = QCoreApplication.translate
_SURE = 0.8  # recognised pages below this are worth a person's look


@dataclass(frozen=True)
class Step:
    """A step of reading a document; `share` of 0 to 1 while it runs and its length is known."""

    state: Literal["done", "working", "not_started", "needs_you", "failed"]
    title: str
    note: str
    share: float | None = None


@dataclass(frozen=True)
class PagesToCheck:
    """Pages that an answer cannot rely on; `places` are page ranges with what is the matter with them."""

    title: str
    note: str
    places: tuple[tuple[str, str], ...]


def headline(document: Document) -> str:
    """`118 pages, 84.1 MB, added today at 13:40`."""
    parts = [figures.pages(document.n_pages)] if document.n_pages else []
    added = translate("documents", "added {moment}").format(moment=figures.day_and_time(document.added))
    return ", ".join([*parts, figures.size(document.n_bytes), added])


def steps_of(document: Document, seconds_left: float | None = None) -> list[Step]:
    """What was done with the document and what comes next."""
    copied = Step(
        "done", translate("documents", "Copied and encrypted"), translate("documents", "The original was left where it was")
    )
    return [copied, _text_step(document, seconds_left), _index_step(document)]


def _text_step(document: Document, seconds_left: float | None) -> Step:
    title = translate("documents", "Text extracted")
    match document.status:
        case "waiting":
            return Step("not_started", title, translate("documents", "Waits for its turn"))
        case "reading":
            return _reading_step(document, seconds_left)
        case "ready" | "indexing":
            return Step("done", title, _extracted(document))
        case "cancelled":
            return Step("not_started", title, translate("documents", "Reading was cancelled"))
    state: Literal["failed", "needs_you"] = "failed" if document.status == "failed" else "needs_you"
    return Step(state, title, wording.document_status(document.status).text)


def _reading_step(document: Document, seconds_left: float | None) -> Step:
    title = translate("documents", "Reading pages")
    if not document.n_pages:
        return Step("working", title, translate("documents", "Counting its pages"))
    note = translate("documents", "Page {n} of {all}").format(
        n=figures.number(document.n_pages_read), all=figures.number(document.n_pages)
    )
    if seconds_left is not None:
        left = figures.time_left(seconds_left)
        note = f"{note}, {left[:1].lower()}{left[1:]}"
    return Step("working", title, note, document.n_pages_read / document.n_pages)


def _extracted(document: Document) -> str:
    if not document.n_pages_without_text:
        return translate("documents", "{pages}, all with text").format(pages=figures.pages(document.n_pages))
    return translate("documents", "{n} of {pages} have text").format(
        n=figures.number(document.n_pages - document.n_pages_without_text), pages=figures.pages(document.n_pages)
    )


def _index_step(document: Document) -> Step:
    title = translate("documents", "Index for questions")
    if document.status not in ("ready", "indexing"):
        under_way = document.status in ("waiting", "reading")
        starts, needs = translate("documents", "Starts when reading ends"), translate("documents", "Needs the text first")
        return Step("not_started", title, starts if under_way else needs)
    if document.n_indexed >= document.n_passages:
        return Step("done", title, translate("documents", "Found by words and by meaning"))
    note = translate("documents", "Found by words already; by meaning {n} of {all}").format(
        n=figures.number(document.n_indexed), all=figures.number(document.n_passages)
    )
    return Step("working", title, note, document.n_indexed / document.n_passages)


def problem_of(document: Document) -> Words | None:
    """What stopped the document, in words; None when nothing did."""
    if document.problem is None:
        return None
    return wording.words_for_kind(document.problem, {"name": document.name, **(document.problem_facts or {})})


def pages_to_check(coverage: Iterable[PageCoverage]) -> PagesToCheck | None:
    """Pages without text or with doubtful text, as ranges; None when there are none."""
    reasons: dict[str, list[int]] = {}
    for page in coverage:
        reason = _reason(page)
        if reason:
            reasons.setdefault(reason, []).append(page.number)
    if not reasons:
        return None
    places = tuple((span, reason) for reason, numbers in reasons.items() for span in ranges(numbers))
    return PagesToCheck(
        translate("documents", "Pages to check"),
        translate("documents", "Answers cannot draw on pages without text. A scan needs its text recognised first."),
        places,
    )


def _reason(page: PageCoverage) -> str:
    if page.source == "failed":
        return translate("documents", "Can’t be read")
    if page.source == "empty":
        return translate("documents", "No text")
    if page.confidence is not None and page.confidence < _SURE:
        return translate("documents", "{n}% sure").format(n=round(page.confidence * 100))
    return ""


def ranges(numbers: Iterable[int]) -> list[str]:
    """`[3, 4, 5, 9]` → `["Pages 3 to 5", "Page 9"]`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    one, many = translate("documents", "Page {n}"), translate("documents", "Pages {first} to {last}")
    return [one.format(n=first) if first == last else many.format(first=first, last=last) for first, last in spans]
