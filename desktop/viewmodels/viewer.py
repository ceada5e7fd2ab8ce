"""The page beside an answer: which page, how large, what is marked on it and what was compared with it.

QtCore only. It asks the engine for pictures of pages and never touches a document itself.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop import wording
from desktop.viewmodels import answer_words
from desktop.viewmodels.citations import Source
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import StatusWords, Words
from engine.errors import ModelError, OriginalMissing, WorkerDied
from engine.events import DocumentRemoved, Event, MatterOpened, OriginalFound, PageShown, Trouble
from engine.intents import OpenOriginal, RenderPage
from engine.records import Document, DocumentId, MatterId

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_REST_MS = 120
_WIDEST = 4000  # device pixels; a wider picture costs memory and shows nothing more


class ViewerModel(QObject):
    """One page of one document. `width` is set by the view in device pixels and asks for a new picture when it grows."""

    changed = Signal()
    page_arrived = Signal()
    original_found = Signal(object)  # Path

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.is_open = False
        self.matter: MatterId | None = None
        self.document: DocumentId | None = None
        self.name = ""
        self.record: Document | None = None
        self.page = 1
        self.n_pages = 0
        self.zoom = 1.0
        self.source: Source | None = None
        self.shown: PageShown | None = None
        self.problem: Words | None = None
        self._width = 0
        self._asked: RenderPage | None = None
        self._wants_original = False
        self._resized = QTimer(self, interval=_REST_MS, singleShot=True)
        self._resized.timeout.connect(self._ask)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def open_source(self, matter: MatterId, source: Source, document: Document | None) -> None:
        """Show the page on which a source stands; a source without a passage has no page and changes nothing."""
        if source.evidence is None:
            return
        same = self.document == source.evidence.document and self.matter == matter
        self.matter, self.document = matter, source.evidence.document
        self.name, self.record = source.evidence.document_name, document
        self.page, self.source, self.is_open = source.evidence.page, source, True
        self.n_pages = (document.n_pages if document else 0) or (self.n_pages if same else 0)
        if not same:
            self.shown = None
        self._ask()
        self.changed.emit()

    def show_again(self) -> None:
        """Open the viewer at the page it showed last, if there was one."""
        if self.document is not None:
            self.is_open = True
            self._ask()
            self.changed.emit()

    def close(self) -> None:
        """Hide the page; it comes back as it was."""
        self.is_open = False
        self.changed.emit()

    def go_to(self, page: int) -> None:
        """Show another page; numbers outside the document go to its nearest end."""
        page = max(1, min(page, self.n_pages or page))
        if page != self.page:
            self.page = page
            self._ask()
            self.changed.emit()

    def zoom_by(self, steps: int) -> None:
        """Larger (1) or smaller (-1)."""
        at = min(range(len(ZOOMS)), key=lambda each: abs(ZOOMS[each] - self.zoom))
        self._zoom_to(ZOOMS[max(0, min(len(ZOOMS) - 1, at + steps))])

    def fit(self) -> None:
        """As wide as there is room."""
        self._zoom_to(1.0)

    def _zoom_to(self, zoom: float) -> None:
        if zoom != self.zoom:
            self.zoom = zoom
            self.changed.emit()

    def set_width(self, pixels: int) -> None:
        """How wide the page is on the screen, in device pixels. A page that is shown is drawn anew when this rests."""
        width = max(1, min(pixels, _WIDEST))
        if width == self._width:
            return
        self._width = width
        if self._asked is None:
            self._ask()
        else:
            self._resized.start()

    def open_original(self) -> None:
        """Ask where the file that was added is; `original_found` tells."""
        if self.matter is not None and self.document is not None:
            self._wants_original = True
            self._bridge.submit(OpenOriginal(self.matter, self.document))

    def _ask(self) -> None:
        if not (self.is_open and self._width and self.matter and self.document):
            return
        wish = RenderPage(self.matter, self.document, self.page, self._width, self._spans())
        if wish != self._asked:
            self._asked, self.problem = wish, None
            self._bridge.submit(wish)

    def _spans(self) -> tuple[tuple[int, int], ...]:
        evidence = self.source.evidence if self.source else None
        if evidence is None or not self.is_at_source:
            return ()
        return ((evidence.start, evidence.end),)

    # ------------------------------------------------------------ ready to show
    @property
    def is_at_source(self) -> bool:
        """Whether the page with the quoted passage is the one that is shown."""
        evidence = self.source.evidence if self.source else None
        return evidence is not None and (evidence.document, evidence.page) == (self.document, self.page)

    @property
    def is_current(self) -> bool:
        """Whether the page that arrived last is the one that is wanted."""
        return self.shown is not None and (self.shown.page.document, self.shown.page.number) == (self.document, self.page)

    @property
    def verdict(self) -> StatusWords | None:
        return answer_words.verdict(self.source.verdict) if self.source else None

    @property
    def checked(self) -> str:
        """What the footer says about the passage."""
        if self.source is None or self.source.evidence is None:
            return ""
        if self.is_at_source:
            return answer_words.checked(self.source, self.record)
        where = answer_words.place(self.source.evidence.page, self.record)
        return self.tr("The passage is on {place}").format(place=where) if where else ""

    @property
    def both_texts(self) -> tuple[str, str] | None:
        """The answer's sentence and the page's own words, where a person should compare them."""
        if self.source is None or self.source.evidence is None or self.source.verdict != "altered":
            return None
        return self.source.sentence.text, " ".join(self.source.evidence.quote.split())

    # ------------------------------------------------------------ happenings
    def _take(self, event: Event) -> None:
        match event:
            case PageShown() if self._is_wanted(event):
                self.shown, self.problem = event, None
                self.n_pages = event.n_pages
                self.page_arrived.emit()
                self.changed.emit()
            case OriginalFound() if self._wants_original:
                self._wants_original = False
                self.original_found.emit(event.path)
            case Trouble():
                self._take_trouble(event)
            case DocumentRemoved() if event.document == self.document:
                self._forget()
            case MatterOpened() if event.matter.id != self.matter:
                self._forget()

    def _is_wanted(self, event: PageShown) -> bool:
        return (event.page.document, event.page.number) == (self.document, self.page)

    def _take_trouble(self, event: Trouble) -> None:
        if isinstance(event.error, OriginalMissing):
            self._wants_original = False
        elif self._asked is not None and not self.is_current and _concerns_a_page(event, self.name):
            self.problem = wording.words_for(event.error)
            self._asked = None  # so that asking again is possible
            self.changed.emit()

    def _forget(self) -> None:
        self.is_open, self.document, self.matter, self.source = False, None, None, None
        self.shown, self.problem, self._asked, self.record = None, None, None, None
        self.changed.emit()


def _concerns_a_page(event: Trouble, name: str) -> bool:
    error = event.error
    if isinstance(error, WorkerDied):
        return error.worker == "render"
    return not isinstance(error, ModelError) and event.about in ("", name)
