"""What the Ask screen says about an answer: verdicts, places, progress, times, what was not read.

Pure functions from records to sentences in the user's locale. Errors are worded in desktop/wording.py.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from desktop import figures
from desktop.viewmodels.citations import Source
from desktop.viewmodels.cited_blocks import model_marks
from desktop.viewmodels.exchange import Exchange, Progress
from desktop.wordings.words import StatusWords
from engine.records import Document, DocumentId, Message, Reading, Verdict

translate = QCoreApplication.translate

_WITH_PAGES = ("application/pdf",)


def verdict(found: Verdict) -> StatusWords:
    """What comparing a sentence with the documents gave."""
    return {
        "exact": StatusWords(translate("answer", "Quote verified"), "local", "badge-check"),
        "near": StatusWords(translate("answer", "Close match"), "local", "badge-check"),
        "altered": StatusWords(translate("answer", "Wording differs, check"), "caution", "triangle-alert"),
        "not_found": StatusWords(translate("answer", "Not found in the documents"), "caution", "triangle-alert"),
    }[found]


def place(page: int, document: Document | None) -> str:
    """Where in a document: a page, or a numbered part of formats that have no pages."""
    if document is not None and document.media_type not in _WITH_PAGES:
        if document.n_pages <= 1:
            return ""
        return translate("answer", "part {n}").format(n=page)
    return translate("answer", "page {n}").format(n=page)


def title(source: Source) -> str:
    """The first words of a source's row."""
    return source.evidence.document_name if source.evidence else translate("answer", "No passage supports this sentence")


def spoken(source: Source, document: Document | None = None) -> str:
    """How a screen reader says a source: `Source 1, verified, Lease.pdf, page 7`."""
    number = translate("answer", "Source {n}").format(n=source.number)
    if source.evidence is None:
        return ", ".join((number, verdict("not_found").text, source.sentence.text))
    found = translate("answer", "verified") if source.verdict == "exact" else verdict(source.verdict).text
    parts = (number, found, source.evidence.document_name, place(source.evidence.page, document))
    return ", ".join(part for part in parts if part)


# ---------------------------------------------------------------- while an answer is on its way
def progress(of: Progress, n_documents: int, model_starts: str = "") -> str:
    """What is being done; `model_starts` says so when the model is not there yet."""
    reading = of.reading
    match of.stage:
        case "waiting":
            return model_starts or translate("answer", "Waiting for another answer to finish")
        case "searching":
            return translate("answer", "Looking through {documents}").format(documents=figures.documents(n_documents))
        case "reading":
            return _reading(of)
        case "writing" if reading is not None and reading.n_documents:
            text = translate("answer", "Writing. {n} of {documents} read")
            return text.format(n=figures.number(reading.n_documents), documents=figures.documents(n_documents))
        case "writing":
            return translate("answer", "Writing")
        case "checking":
            return translate("answer", "Checking")


def _reading(of: Progress) -> str:
    share = "" if of.share is None else f", {figures.number(round(of.share * 100))} %"
    if of.reading is None or not of.reading.n_passages:
        return translate("answer", "Reading the question") + share
    total = of.reading.n_passages + of.reading.n_passages_left_out
    passages = figures.amount(total, translate("answer", "passage"), translate("answer", "passages"))
    if of.reading.n_passages_left_out:
        text = translate("answer", "Reading {n} of {passages}")
        return text.format(n=figures.number(of.reading.n_passages), passages=passages) + share
    return translate("answer", "Reading {passages}").format(passages=passages) + share


def elapsed(seconds: float) -> str:
    """`11 s`, `2 min 5 s`; with one decimal below ten seconds only if it is not whole."""
    if seconds < 60:
        return translate("answer", "{n} s").format(n=figures.number(round(seconds)))
    minutes, rest = divmod(round(seconds), 60)
    return translate("answer", "{minutes} min {seconds} s").format(minutes=figures.number(minutes), seconds=rest)


# ---------------------------------------------------------------- under an answer
def pace(answer: Message) -> str:
    """`11 s · 18.6 tokens/s`; empty where nothing was measured."""
    if answer.timings is None:
        return ""
    parts = [elapsed(answer.timings.total_s)]
    if answer.timings.decode_tokens_per_s:
        parts.append(figures.speed(answer.timings.decode_tokens_per_s))
    return " · ".join(parts)


def left_out(reading: Reading | None) -> str:
    """What the model was not given for this answer, or not trusted with; empty if nothing is to be said."""
    if reading is None:
        return ""
    parts = []
    if reading.quotes_only:
        parts.append(
            translate("answer", "Chosen from your documents word for word, because this model is too small to reword them.")
        )
    if reading.n_passages_left_out:
        total = reading.n_passages + reading.n_passages_left_out
        text = translate("answer", "{n} of {total} matching passages read.")
        parts.append(text.format(n=figures.number(reading.n_passages), total=figures.number(total)))
    if reading.n_turns_left_out == 1:
        parts.append(translate("answer", "1 earlier question was left out."))
    elif reading.n_turns_left_out:
        text = translate("answer", "{n} earlier questions were left out.")
        parts.append(text.format(n=figures.number(reading.n_turns_left_out)))
    return " ".join(parts)


def with_sources(exchange: Exchange, documents: dict[DocumentId, Document]) -> str:
    """An answer to paste elsewhere: its Markdown with the numbers of its sources, and the list of them."""
    raw, citations = exchange.text, exchange.citations
    edits = [(start, end, "") for start, end in model_marks(raw, exchange.sentences)]
    edits += [(mark.end, mark.end, f" [{mark.number}]") for mark in citations.marks]
    parts, cursor = [], 0
    for start, end, text in sorted(edits, key=lambda each: each[:2]):
        parts += [raw[cursor:start], text] if start >= cursor else [text]
        cursor = max(cursor, end)
    text = "".join([*parts, raw[cursor:]]).strip()
    if not citations.sources:
        return text + "\n"
    lines = [f"[{source.number}] {_line(source, documents)}" for source in citations.sources]
    return "\n".join([text, "", translate("answer", "Sources"), *lines, ""])


def _line(source: Source, documents: dict[DocumentId, Document]) -> str:
    if source.evidence is None:
        return f"{title(source)}: {verdict('not_found').text}"
    where = place(source.evidence.page, documents.get(source.evidence.document))
    quote = " ".join(source.evidence.quote.split())
    head = ", ".join(part for part in (source.evidence.document_name, where) if part)
    return f"{head}: {verdict(source.verdict).text}. “{quote}”"


# ---------------------------------------------------------------- beside a page
def checked(source: Source, document: Document | None) -> str:
    """What was compared with the page that is shown."""
    if source.evidence is None:
        return ""
    where = place(source.evidence.page, document) or source.evidence.document_name
    length = figures.number(len(source.evidence.quote))
    if source.verdict == "exact":
        text = translate("answer", "Matches {place} word for word, {n} characters")
        return text.format(place=where, n=length)
    alike = QLocale().toString(source.evidence.similarity, "f", 0)
    if source.verdict == "near":
        return translate("answer", "Nearly the words of {place}, {n} % alike").format(place=where, n=alike)
    missing = ", ".join(source.sentence.unsupported_parts)
    if missing:
        return translate("answer", "Not in this passage of {place}: {parts}").format(place=where, parts=missing)
    return translate("answer", "The sentence says something else than {place}").format(place=where)
