"""Which documents of the matter a question is about, and how many of them can be asked.

Pure state: records in, words and counts out. Knows no bridge and no widgets.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from engine.records import Document, DocumentId

translate = QCoreApplication.translate
_READABLE = ("ready", "indexing")
_EXAMPLES = 3


class Scope:
    """All documents, or those that were chosen. `documents` is what an intent takes: None for all."""

    def __init__(self) -> None:
        self._known: dict[DocumentId, Document] = {}
        self._chosen: set[DocumentId] = set()

    # ------------------------------------------------------------ choosing
    def choose_all(self) -> None:
        self._chosen.clear()

    def choose(self, document: DocumentId, *, included: bool) -> None:
        """Include a document or leave it out; with none left the question is about all again."""
        if included:
            self._chosen.add(document)
        else:
            self._chosen.discard(document)

    def only(self, document: DocumentId) -> None:
        self._chosen = {document}

    @property
    def documents(self) -> tuple[DocumentId, ...] | None:
        """The chosen documents in the matter's order, None for all of them."""
        return tuple(each for each in self._known if each in self._chosen) if self._chosen else None

    def includes(self, document: DocumentId) -> bool:
        return document in self._chosen

    # ------------------------------------------------------------ what there is
    @property
    def all(self) -> tuple[Document, ...]:
        return tuple(self._known.values())

    @property
    def n_all(self) -> int:
        return len(self._known)

    @property
    def n_ready(self) -> int:
        """Documents that an answer can use."""
        return sum(document.status in _READABLE for document in self._known.values())

    @property
    def n_asked(self) -> int:
        """Documents that the next question is about."""
        return len(self._chosen) or self.n_all

    def record(self, document: DocumentId) -> Document | None:
        return self._known.get(document)

    @property
    def by_id(self) -> dict[DocumentId, Document]:
        return dict(self._known)

    # ------------------------------------------------------------ words
    @property
    def label(self) -> str:
        """`14 documents`, `3 of 14 documents`, or the name of the only one chosen."""
        if not self._chosen:
            return figures.documents(self.n_all)
        if len(self._chosen) == 1:
            only = self._known[next(iter(self._chosen))]
            return only.name
        text = translate("scope", "{n} of {documents}")
        return text.format(n=figures.number(len(self._chosen)), documents=figures.documents(self.n_all))

    @property
    def examples(self) -> list[tuple[DocumentId, str]]:
        """Questions that can honestly be suggested: about documents that are read, by their names."""
        text = translate("scope", "What is “{name}” about?")
        ready = [document for document in self._known.values() if document.status in _READABLE]
        return [(document.id, text.format(name=document.name)) for document in ready[:_EXAMPLES]]

    # ------------------------------------------------------------ happenings
    def show(self, documents: Iterable[Document], *, keep_choice: bool) -> None:
        """Another matter's documents, or the same matter's once more."""
        self._known = {document.id: document for document in documents}
        self._chosen = self._chosen & set(self._known) if keep_choice else set()

    def take(self, document: Document) -> None:
        self._known[document.id] = document

    def remove(self, document: DocumentId) -> None:
        self._known.pop(document, None)
        self._chosen.discard(document)
