"""The bar over a page: document, previous, page number to type into, next, zoom, close."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QIntValidator, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.viewer import ZOOMS, ViewerModel
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Panel
from desktop.widgets.mark import Mark
from desktop.widgets.painting import Themed, fill_round, focus_ring, painter_for
from desktop.widgets.text import Text

_HEIGHT = 48


class _PageNumber(Themed, QLineEdit):
    """A number that looks like text until the pointer or the focus is on it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setFrame(False)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setValidator(QIntValidator(1, 1_000_000, self))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.use_theme(theme)

    def restyle(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = painter_for(self), QRectF(self.rect())
        if self.hasFocus() or self.underMouse():
            fill_round(painter, rect, self.theme.radius("control"), self.theme.color("hover"))
        if self.hasFocus():
            focus_ring(painter, rect, self.theme.radius("control"), self.theme.color("primary"))
        painter.end()
        super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()


class PageHeader(Panel):
    """Passes its gestures straight to the model of the viewer."""

    def __init__(self, theme: Theme, model: ViewerModel, parent: QWidget | None = None) -> None:
        self._model = model
        super().__init__(theme, "surface", edge="bottom", parent=parent)
        self._name = Text(theme, "", "bodym", elide=True)
        self._previous = IconButton(theme, "chevron-left", self.tr("Previous page"), size="s")
        self._next = IconButton(theme, "chevron-right", self.tr("Next page"), size="s")
        self._number = _PageNumber(theme, self.tr("Page number"))
        self._of = Text(theme, "", color="text2")
        self._smaller = IconButton(theme, "zoom-out", self.tr("Zoom out"), size="s")
        self._larger = IconButton(theme, "zoom-in", self.tr("Zoom in"), size="s")
        self._fit = Button(theme, self.tr("Fit"), kind="ghost", size="s")
        self._fit.set_hint(self.tr("Fit to the width"))
        self._close = IconButton(theme, "x", self.tr("Close page"), size="s")
        self._lay_out(theme)
        self._connect()
        self.refresh()

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 10, 0)
        row.setSpacing(4)
        row.addWidget(Mark(theme, "file-text"))
        row.addSpacing(4)
        row.addWidget(self._name, 1)
        for part in (self._previous, self._number, self._of, self._next):
            row.addWidget(part)
        row.addSpacing(8)
        row.addWidget(self._smaller)
        row.addWidget(self._fit)
        row.addWidget(self._larger)
        row.addSpacing(8)
        row.addWidget(self._close)

    def _connect(self) -> None:
        self._previous.clicked.connect(lambda: self._model.go_to(self._model.page - 1))
        self._next.clicked.connect(lambda: self._model.go_to(self._model.page + 1))
        self._number.returnPressed.connect(self._jump)
        self._number.editingFinished.connect(self.refresh)
        self._smaller.clicked.connect(lambda: self._model.zoom_by(-1))
        self._larger.clicked.connect(lambda: self._model.zoom_by(1))
        self._fit.clicked.connect(self._model.fit)
        self._close.clicked.connect(self._model.close)
        self._model.changed.connect(self.refresh)

    def _jump(self) -> None:
        if self._number.text().isdigit():
            self._model.go_to(int(self._number.text()))

    def restyle(self) -> None:
        super().restyle()
        self.setFixedHeight(self.theme.px(_HEIGHT))
        if hasattr(self, "_number"):
            self._fit_number()

    def _fit_number(self) -> None:
        digits = "8" * max(2, len(str(self._model.n_pages)))
        self._number.setFixedSize(self._number.fontMetrics().horizontalAdvance(digits) + 14, self.theme.px(28))

    def refresh(self) -> None:
        """Show where the viewer is."""
        model = self._model
        self._name.setText(model.name)
        self._number.setText(str(model.page))
        self._fit_number()
        self._of.setText(self.tr("of {n}").format(n=figures.number(model.n_pages)) if model.n_pages else "")
        self._previous.explain("" if model.page > 1 else self.tr("This is the first page"))
        self._next.explain("" if not model.n_pages or model.page < model.n_pages else self.tr("This is the last page"))
        self._smaller.explain("" if model.zoom > ZOOMS[0] else self.tr("It cannot be smaller"))
        self._larger.explain("" if model.zoom < ZOOMS[-1] else self.tr("It cannot be larger"))
        self._fit.setVisible(model.zoom != 1.0)
