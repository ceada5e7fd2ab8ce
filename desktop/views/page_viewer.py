"""The page viewer: a page of a document with the quoted passage marked, beside the conversation or over it.

Draws the model of the viewer. Pictures come from a sealed process through the engine; this window parses no document.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.viewer import ViewerModel
from desktop.views.page_canvas import PageCanvas
from desktop.views.page_footer import PageFooter
from desktop.views.page_header import PageHeader
from desktop.widgets.card import Panel
from desktop.widgets.text import Text

_AROUND = 40  # the page's margins on the desk, both together
_SCROLL_BAR = 12
_ABOVE = 0.28  # the passage comes to rest this far down the viewer


class PageViewer(Panel):
    """A panel that the Ask view shows and hides."""

    def __init__(self, theme: Theme, model: ViewerModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "desk", edge="left", parent=parent)
        self._model = model
        self.canvas = PageCanvas(theme)
        self._desk = _Desk(self.canvas)
        self._problem = Text(theme, "", color="text", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.header = PageHeader(theme, model)
        self.footer = PageFooter(theme, model)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._problem)
        column.addWidget(self._desk, 1)
        column.addWidget(self.footer)
        self._problem.setContentsMargins(24, 24, 24, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._desk.viewport().installEventFilter(self)
        model.changed.connect(self.refresh)
        model.page_arrived.connect(self._arrived)
        model.original_found.connect(_open)
        self.refresh()

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show where the viewer is."""
        model = self._model
        self.canvas.setAccessibleName(self._spoken())
        self._problem.setText(f"{model.problem.title}\n{model.problem.to_do}" if model.problem else "")
        self._problem.setVisible(model.problem is not None)
        self._desk.setVisible(model.problem is None)
        if not model.is_current:
            self.canvas.show_page(None)
        self._fit()

    def _arrived(self) -> None:
        self.canvas.show_page(self._model.shown)
        self._fit()
        marked = self.canvas.marked
        top = marked.top() - self._desk.viewport().height() * _ABOVE if marked is not None else 0
        self._desk.verticalScrollBar().setValue(max(0, round(top)))

    def _spoken(self) -> str:
        where = answer_words.place(self._model.page, self._model.record)
        return ", ".join(part for part in (self._model.name, where) if part)

    def _fit(self) -> None:
        room = self._desk.width() - _SCROLL_BAR - _AROUND  # with or without a bar: the page must not jump when it comes
        width = max(120, round(room * self._model.zoom))
        self.canvas.set_page_width(width)
        if self.isVisible():
            self._model.set_width(round(width * self.devicePixelRatioF()))

    # ------------------------------------------------------------ events
    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
                self._model.zoom_by(1 if event.angleDelta().y() > 0 else -1)
                return True
        elif event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps:
            self._model.go_to(self._model.page + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class _Desk(QScrollArea):
    """Where the page lies; it scrolls both ways when the page is larger."""

    def __init__(self, canvas: PageCanvas) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(canvas)
        canvas.setAutoFillBackground(False)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
