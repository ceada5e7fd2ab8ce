"""The prompt that is being written: its words, the documents that go with it, and whether details are hidden.

Pure state, kept for each matter while the program runs. Knows no bridge and no widgets.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.records import Document, DocumentId, MatterId

_READABLE = ("ready", "indexing")


class PromptDraft:
    """What is written in the matter that is open; None where there is none yet."""

    def __init__(self) -> None:
        self.matter: MatterId | None = None
        self.documents: dict[DocumentId, Document] = {}
        self.hides = True
        self._texts: dict[MatterId | None, str] = {}
        self._attached: dict[MatterId | None, tuple[DocumentId, ...]] = {}

    @property
    def text(self) -> str:
        return self._texts.get(self.matter, "")

    def write(self, text: str) -> None:
        self._texts[self.matter] = text

    def give_back(self, matter: MatterId | None, text: str) -> None:
        """Put words back before anything that was written since."""
        written = self._texts.get(matter, "")
        self._texts[matter] = f"{text}\n{written}" if written else text

    # ------------------------------------------------------------ documents
    @property
    def readable(self) -> list[Document]:
        """Documents that passages can be taken from."""
        return [each for each in self.documents.values() if each.status in _READABLE]

    @property
    def attached(self) -> tuple[DocumentId, ...]:
        return tuple(each for each in self._attached.get(self.matter, ()) if each in self.documents)

    def attach(self, document: DocumentId, *, included: bool) -> None:
        """Let passages of a document be part of the prompt, or no longer."""
        rest = tuple(each for each in self.attached if each != document)
        self._attached[self.matter] = (*rest, document) if included else rest

    def attach_only(self, documents: Iterable[DocumentId]) -> None:
        self._attached[self.matter] = tuple(documents)

    def name_of(self, document: DocumentId) -> str:
        """A document's name; empty for one that is gone."""
        found = self.documents.get(document)
        return found.name if found else ""

    # ------------------------------------------------------------ happenings
    def open(self, matter: MatterId | None, documents: Iterable[Document]) -> None:
        """Another matter, or the same one again. Details are hidden again in another one."""
        if matter != self.matter:
            self.hides = True
        self.matter = matter
        self.documents = {document.id: document for document in documents}

    def take(self, document: Document) -> bool:
        """A document that got further; False if it belongs elsewhere."""
        if document.matter == self.matter:
            self.documents[document.id] = document
        return document.matter == self.matter

    def remove(self, matter: MatterId, document: DocumentId) -> bool:
        return matter == self.matter and self.documents.pop(document, None) is not None
