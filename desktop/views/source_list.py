"""The sources under an answer: a row each with number, document, place and verdict. Arrow keys move, Enter opens.

Knows citations and words; nothing of pages or of how an answer is written.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels import answer_words
from desktop.viewmodels.citations import Source
from desktop.widgets.card import Card
from desktop.widgets.painting import KeyboardFocus, Themed, fill_round, focus_ring, is_hovered, painter_for, tooltip_of
from engine.records import Document, DocumentId

_ROW = 36
_INSET = 4
_ICONS = {"application/pdf": "file-text", "message/rfc822": "mail", "text/html": "file-code"}


class SourceRow(KeyboardFocus, Themed, QAbstractButton):
    """One source. A row without a passage can have the focus, but opens nothing."""

    hovered = Signal(int)

    def __init__(self, theme: Theme, source: Source, document: Document | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._document = document
        self._selected = False
        self._pointed_at = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if source.evidence is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.use_theme(theme, "bodym")
        self.show_source(source, document)

    def show_source(self, source: Source, document: Document | None) -> None:
        """Show another source in this row."""
        self.source, self._document = source, document
        self.setAccessibleName(answer_words.spoken(source, document))
        self.setAccessibleDescription("" if source.evidence is None else self.tr("Opens the page"))
        self.setToolTip(tooltip_of(source.sentence.text if source.evidence is None else source.evidence.document_name))
        self.update()

    def set_selected(self, selected: bool) -> None:
        if selected != self._selected:
            self._selected = selected
            self.update()

    def set_pointed_at(self, pointed_at: bool) -> None:
        """Look as if the pointer were here: it is on this source's citation in the text."""
        if pointed_at != self._pointed_at:
            self._pointed_at = pointed_at
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), self.theme.px(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(200), self.theme.px(_ROW))

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, rect = painter_for(self), self.theme, QRectF(self.rect())
        radius = theme.radius("control")
        if self._selected:
            fill_round(painter, rect, radius, theme.color("row_selected"))
        elif self._pointed_at or (is_hovered(self) and self.source.evidence is not None):
            fill_round(painter, rect, radius, theme.color("sunken"))
        left = self._paint_number(painter, rect)
        right = self._paint_verdict(painter, rect)
        self._paint_title(painter, QRectF(left, 0, right - left, rect.height()))
        if self.shows_focus:
            focus_ring(painter, rect, radius, theme.color("primary"))

    def _paint_number(self, painter: QPainter, rect: QRectF) -> float:
        theme, side = self.theme, self.theme.px(18)
        tone = theme.tone("local" if self.source.is_verified else "caution")
        fill, words = tone.background, tone.text
        if self._selected:
            fill, words = (
                (theme.color("primary"), theme.color("on_primary"))
                if self.source.is_verified
                else (words, theme.color("surface"))
            )
        number = str(self.source.number)
        width = max(side, round(theme.metrics("smallb").horizontalAdvance(number)) + 8)
        box = QRectF(8, round(rect.center().y() - side / 2), width, side)
        fill_round(painter, box, theme.radius("citation"), fill, tone.solid if theme.high_contrast else None)
        painter.setFont(theme.font("smallb"))
        painter.setPen(words)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
        return box.right() + 10

    def _paint_verdict(self, painter: QPainter, rect: QRectF) -> float:
        theme = self.theme
        status = answer_words.verdict(self.source.verdict)
        color = theme.tone(status.tone).text
        width = theme.metrics("smallm").horizontalAdvance(status.text)
        left = rect.right() - 10 - width
        painter.setFont(theme.font("smallm"))
        painter.setPen(color)
        painter.drawText(QRectF(left, 0, width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, status.text)
        side = theme.px(16)
        icon = QPointF(left - 5 - side, round(rect.center().y() - side / 2))
        paint_icon(painter, QRectF(icon.x(), icon.y(), side, side), status.icon, color)
        return icon.x() - 10

    def _paint_title(self, painter: QPainter, room: QRectF) -> None:
        theme, evidence = self.theme, self.source.evidence
        left = room.left()
        if evidence is not None:
            side = theme.px(16)
            icon = _ICONS.get(self._document.media_type, "file") if self._document else "file-text"
            paint_icon(painter, QRectF(left, round(room.center().y() - side / 2), side, side), icon, theme.color("text2"))
            left += side + 8
        where = answer_words.place(evidence.page, self._document) if evidence else ""
        gap = theme.metrics("small").horizontalAdvance(where) + 10 if where else 0
        metrics = theme.metrics("bodym")
        title = metrics.elidedText(
            answer_words.title(self.source), Qt.TextElideMode.ElideMiddle, max(0, room.right() - left - gap)
        )
        painter.setFont(theme.font("bodym"))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(left, 0, room.right() - left, room.height()), Qt.AlignmentFlag.AlignVCenter, title)
        if where:
            left += metrics.horizontalAdvance(title) + 10
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text3"))
            painter.drawText(QRectF(left, 0, gap + 2, room.height()), Qt.AlignmentFlag.AlignVCenter, where)

    # ------------------------------------------------------------ pointer and keys
    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self.source.number)
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self.hovered.emit(0)
        super().leaveEvent(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class SourceList(Card):
    """`opened` carries the number of the row that was chosen, `hovered` the one under the pointer (0 for none)."""

    opened = Signal(int)
    hovered = Signal(int)

    def __init__(self, theme: Theme, document_of: Callable[[DocumentId], Document | None], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._document_of = document_of
        self._rows: list[SourceRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Sources"))
        self.hide()

    def show_sources(self, sources: tuple[Source, ...]) -> None:
        """Show these sources; rows that are there already stay the widgets that they are, and keep the focus."""
        for row, source in zip(self._rows, sources, strict=False):
            if row.source != source:
                row.show_source(source, self._document(source))
        for source in sources[len(self._rows) :]:
            self._add(source)
        for row in self._rows[len(sources) :]:
            row.deleteLater()
            self._column.removeWidget(row)
        del self._rows[len(sources) :]
        self.setVisible(bool(sources))

    def _add(self, source: Source) -> None:
        row = SourceRow(self.theme, source, self._document(source), self)
        row.clicked.connect(lambda _=False, row=row: self.opened.emit(row.source.number))
        row.hovered.connect(self.hovered)
        self._rows.append(row)
        self._column.addWidget(row)

    def _document(self, source: Source) -> Document | None:
        return self._document_of(source.evidence.document) if source.evidence else None

    def select(self, number: int) -> None:
        """Mark the row whose page is open; 0 marks none."""
        for row in self._rows:
            row.set_selected(row.source.number == number)

    def select_hovered(self, number: int) -> None:
        """Tint the row of the citation under the pointer; 0 tints none."""
        for row in self._rows:
            row.set_pointed_at(row.source.number == number)

    def row(self, number: int) -> SourceRow | None:
        return next((row for row in self._rows if row.source.number == number), None)
