"""The documents screen's state: the open matter's table, what is being read, and the document looked at.

QtCore only. It turns gestures into intents and events into rows and words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import figures
from desktop.viewmodels import document_detail
from desktop.viewmodels.document_table import DocumentTable
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import Words
from engine import events, intents
from engine.records import Document, DocumentId, Matter, PageCoverage

translate = QCoreApplication.translate
ENDINGS = ("pdf", "docx", "txt", "md", "html", "eml")
FORMATS = "PDF, DOCX, TXT, MD, HTML, EML"


class DocumentsModel(QObject):
    """`counts_changed`: totals and filters; `progress_changed`: the card; `detail_changed`: the panel."""

    matter_changed = Signal()
    counts_changed = Signal()
    progress_changed = Signal()
    detail_changed = Signal()

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.table = DocumentTable()
        self.matter: Matter | None = None
        self.progress: events.ReadingProgress | None = None
        self.selected: DocumentId | None = None
        self._coverage: tuple[PageCoverage, ...] = ()
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def add(self, paths: Sequence[Path]) -> None:
        """Add files or folders; without an open matter the engine starts one named after the first."""
        if paths:
            self._bridge.submit(intents.AddDocuments(self.matter.id if self.matter else None, tuple(paths)))

    def pause_or_resume(self) -> None:
        if self.matter and self.progress:
            wish = intents.ResumeReading if self.progress.paused else intents.PauseReading
            self._bridge.submit(wish(self.matter.id))

    def cancel(self) -> None:
        if self.matter:
            self._bridge.submit(intents.CancelReading(self.matter.id))

    def select(self, document: DocumentId | None) -> None:
        """Look at a document; asks how its pages were read when some lack text."""
        if document == self.selected:
            return
        self.selected, self._coverage = document, ()
        self._ask_coverage()
        self.detail_changed.emit()

    def read_again(self, password: str = "") -> None:
        """Read the document once more; the password is used once."""
        if self.matter and self.selected:
            self._bridge.submit(intents.ReadAgain(self.matter.id, self.selected, password or None))

    def remove(self, document: DocumentId) -> None:
        if self.matter:
            self._bridge.submit(intents.RemoveDocument(self.matter.id, document))

    def _ask_coverage(self) -> None:
        document = self.document
        if self.matter and document and document.n_pages_without_text:
            self._bridge.submit(intents.ShowCoverage(self.matter.id, document.id))

    # ------------------------------------------------------------ ready to show
    @property
    def document(self) -> Document | None:
        """The document looked at."""
        return self.table.get(self.selected) if self.selected else None

    @property
    def title(self) -> str:
        return self.matter.name if self.matter else translate("documents", "Documents")

    @property
    def summary(self) -> str:
        """`14 documents, 612 pages, 1.2 GB encrypted`; empty without documents."""
        if not self.table.n_documents:
            return ""
        words = translate("documents", "{documents}, {pages}, {size} encrypted")
        return words.format(
            documents=figures.documents(self.table.n_documents),
            pages=figures.pages(self.table.n_pages),
            size=figures.size(self.table.n_bytes),
        )

    @property
    def is_reading(self) -> bool:
        return self.progress is not None

    @property
    def progress_title(self) -> str:
        """`Reading 3 documents`, or that it is paused."""
        if self.progress is None:
            return ""
        left = max(1, self.progress.n_total - self.progress.n_done)
        words = translate("documents", "Paused, {n} left") if self.progress.paused else translate("documents", "Reading {n}")
        return words.format(n=figures.documents(left))

    @property
    def progress_page(self) -> str:
        if self.progress is None or not self.progress.n_pages:
            return ""
        page, pages = figures.number(self.progress.page), figures.number(self.progress.n_pages)
        return translate("documents", "Page {n} of {all}").format(n=page, all=pages)

    @property
    def progress_time(self) -> str:
        if self.progress is None or self.progress.paused or self.progress.seconds_left is None:
            return ""
        return figures.time_left(self.progress.seconds_left)

    @property
    def progress_share(self) -> float | None:
        """Documents done, and the part of the one that is being read."""
        if self.progress is None or not self.progress.n_total:
            return None
        part = self.progress.page / self.progress.n_pages if self.progress.n_pages else 0.0
        return min(1.0, (self.progress.n_done + part) / self.progress.n_total)

    @property
    def steps(self) -> list[document_detail.Step]:
        left = self.progress.seconds_left if self.progress and self.progress.n_total - self.progress.n_done == 1 else None
        return document_detail.steps_of(self.document, left) if self.document else []

    @property
    def problem(self) -> Words | None:
        return document_detail.problem_of(self.document) if self.document else None

    @property
    def pages_to_check(self) -> document_detail.PagesToCheck | None:
        return document_detail.pages_to_check(self._coverage)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.MatterOpened():
                self._open(event)
            case events.MattersChanged():
                self._take_matters(event.matters)
            case events.DocumentChanged() if self.matter and event.document.matter == self.matter.id:
                self._take_document(event.document)
            case events.DocumentRemoved() if self.matter and event.matter == self.matter.id:
                self._forget(event.document)
            case events.ReadingProgress() if self.matter and event.matter == self.matter.id:
                self.progress = event if event.n_total else None
                self.progress_changed.emit()
            case events.CoverageShown() if event.document == self.selected:
                self._coverage = event.pages
                self.detail_changed.emit()

    def _open(self, event: events.MatterOpened) -> None:
        is_other = self.matter is None or self.matter.id != event.matter.id
        self.matter = event.matter
        self.table.fill(event.documents)
        if is_other:
            self.progress, self.selected, self._coverage = None, None, ()
            self.progress_changed.emit()
        self.matter_changed.emit()
        self.counts_changed.emit()
        self.detail_changed.emit()

    def _take_matters(self, matters: tuple[Matter, ...]) -> None:
        if self.matter is None:
            return
        still = next((matter for matter in matters if matter.id == self.matter.id), None)
        self.matter = still
        if still is None:
            self.table.fill(())
            self.progress, self.selected, self._coverage = None, None, ()
            self.progress_changed.emit()
            self.counts_changed.emit()
            self.detail_changed.emit()
        self.matter_changed.emit()

    def _take_document(self, document: Document) -> None:
        self.table.put(document)
        self.counts_changed.emit()
        if document.id == self.selected:
            if document.status == "ready" and not self._coverage:
                self._ask_coverage()
            self.detail_changed.emit()

    def _forget(self, document: DocumentId) -> None:
        self.table.drop(document)
        if document == self.selected:
            self.select(None)
        self.counts_changed.emit()
