"""One document at the right of the table: its steps, its problem, its pages to check, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels import document_rows
from desktop.viewmodels.document_detail import PagesToCheck, Step, headline
from desktop.viewmodels.documents import DocumentsModel
from desktop.views.problem_card import ProblemCard
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Divider, Panel
from desktop.widgets.mark import Mark
from desktop.widgets.progress import ProgressBar
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_MARKS = {
    "done": ("circle-check", "primary"),
    "working": ("loader-circle", "primary"),
    "not_started": ("circle-dashed", "text3"),
    "needs_you": ("triangle-alert", "caution_text"),
    "failed": ("circle-alert", "danger"),
}


class DocumentPanel(Panel):
    """Signals say what is wanted: to ask about the document, to remove it, to close the panel."""

    ask_wanted = Signal()
    remove_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, theme: Theme, model: DocumentsModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "canvas", edge="left", parent=parent)
        self._model = model
        self.setAccessibleName(translate("DocumentPanel", "Details"))
        self._icon = Mark(theme, "file-text", size=20)
        self._name = Text(theme, "", "bodyb", wrap=True)
        self._headline = Text(theme, "", "small", color="text2", wrap=True)
        self._steps = [_StepRow(theme) for _ in range(3)]
        self.problem = ProblemCard(theme)
        self._pages = _PagesToCheck(theme)
        self.close_button = IconButton(theme, "x", translate("DocumentPanel", "Close details"), size="s")
        self.ask = Button(theme, translate("DocumentPanel", "Ask about this"), icon="message-square-text")
        self.remove = IconButton(theme, "trash-2", translate("DocumentPanel", "Remove this document"))
        self._lay_out(theme)
        self.close_button.clicked.connect(self.close_wanted)
        self.ask.clicked.connect(self.ask_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.problem.read_again.connect(model.read_again)
        model.detail_changed.connect(self._show)
        model.progress_changed.connect(self._show)
        self._show()

    def _lay_out(self, theme: Theme) -> None:
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(20, 18, 20, 12)
        inside.setSpacing(14)
        head = QHBoxLayout()
        head.setSpacing(9)
        self._icon.setContentsMargins(0, 4, 0, 0)  # as high as the button that closes the panel
        self._name.setContentsMargins(0, 4, 0, 4)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        top = QVBoxLayout()
        top.setSpacing(4)
        top.addLayout(head)
        top.addWidget(self._headline)
        inside.addLayout(top)
        for step in self._steps:
            inside.addWidget(step)
        inside.addWidget(self.problem)
        inside.addWidget(self._pages)
        inside.addStretch()
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 16)
        foot.addWidget(self.ask)
        foot.addStretch()
        foot.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(ScrollArea(content), 1)
        column.addWidget(Divider(theme))
        column.addLayout(foot)

    def _show(self) -> None:
        document = self._model.document
        if document is None:
            return
        icon, color = document_rows.icon_of(document)
        self._icon.show_icon(icon, color)
        self._name.setText(document.name)
        self._headline.setText(headline(document))
        for row, step in zip(self._steps, self._model.steps, strict=True):
            row.show_step(step)
        self.problem.show_words(self._model.problem)
        self._pages.show_pages(self._model.pages_to_check)
        can_ask = document.n_passages > 0
        self.ask.explain("" if can_ask else translate("DocumentPanel", "No text of this document can be found yet"))


class _StepRow(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = Mark(theme, "circle-dashed", size=18)
        self._title = Text(theme, "", "bodym")
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self._bar = ProgressBar(theme, "")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._title)
        lines.addWidget(self._note)
        words = QVBoxLayout()
        words.setSpacing(5)
        words.addLayout(lines)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(11)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_step(self, step: Step) -> None:
        self._mark.show_icon(*_MARKS[step.state])
        self._title.setText(step.title)
        self._title.set_color("text3" if step.state == "not_started" else "text")
        self._note.setText(step.note)
        self._bar.setVisible(step.share is not None)
        self._bar.setAccessibleName(step.title)
        self._bar.set_share(step.share or 0.0)


class _PagesToCheck(QWidget):
    _MOST = 40  # ranges written out; a scan of a thousand pages is one range

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: PagesToCheck | None = None
        self._title = Text(theme, "", "bodyb")
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self._places = QVBoxLayout()
        self._places.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Divider(theme))
        column.addSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addSpacing(6)
        column.addLayout(self._places)
        self.hide()

    def show_pages(self, pages: PagesToCheck | None) -> None:
        self.setVisible(pages is not None)
        if pages is None or pages == self._shown:
            self._shown = pages
            return
        self._shown = pages
        self._title.setText(pages.title)
        self._note.setText(pages.note)
        while (item := self._places.takeAt(0)) is not None:
            item.widget().deleteLater()
        for span, reason in pages.places[: self._MOST]:
            self._places.addWidget(self._place(span, reason))
        left = len(pages.places) - self._MOST
        if left > 0:
            self._places.addWidget(self._place(translate("DocumentPanel", "And {n} more").format(n=left), ""))

    def _place(self, span: str, reason: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Text(self._theme, span, "bodym"))
        line.addStretch()
        line.addWidget(Text(self._theme, reason, "small", color="caution_text"))
        return row
