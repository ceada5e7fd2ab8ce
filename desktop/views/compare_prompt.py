"""The prompt that was put to the models: its words, its documents, what was hidden, when it was approved, and what is next."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTime, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.compare_run import ComparisonRun
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.chip import Chip
from desktop.widgets.text import Text
from desktop.wordings import compare

translate = QCoreApplication.translate
_SHORT = 280  # characters of a prompt that are shown before it is opened
_LONGEST_NAME = 32
_NOTE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CHIPS = 2  # documents that are named


class PromptCard(Card):
    """`review_wanted`: the text that waits for approval is to be looked at."""

    review_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__(theme)
        self._model = model
        self._shows_all = False
        self._shown: object = None
        self.question = Text(theme, "", "subtitle", wrap=True)
        self._all = Button(theme, "", kind="ghost", size="s")
        self._chips = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._documents = [Chip(theme, icon="file-text") for _ in range(_CHIPS)]
        self._more = Chip(theme)
        self.hidden = Chip(theme, tone="outbound", icon="eraser")
        self.note = Text(theme, "", "small", color="text2", wrap=True, align=_NOTE)
        self.edit = Button(theme, translate("PromptCard", "Edit"), icon="pencil", kind="ghost")
        self.stop = Button(theme, translate("PromptCard", "Stop"), icon="square")
        self.next = Button(theme, translate("PromptCard", "Next prompt"), icon="chevron-right")
        self.review = Button(theme, translate("PromptCard", "Review and send"), icon="arrow-up-right", kind="outbound")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.question)
        words.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self._chips.setSpacing(8)
        for chip in (*self._documents, self._more, self.hidden):
            self._chips.addWidget(chip)
        self._chips.addWidget(self.note, 1)
        words.addLayout(self._chips)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.edit, self.stop, self.next, self.review):
            row.addWidget(button)
        self._row.setContentsMargins(16, 12, 12, 12)
        self._row.setSpacing(16)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._buttons, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self._all.clicked.connect(self._toggle)
        self.edit.clicked.connect(self._model.edit)
        self.stop.clicked.connect(lambda: self._model.stop())
        self.next.clicked.connect(self._model.next)
        self.review.clicked.connect(self.review_wanted)
        self.edit.set_hint(translate("PromptCard", "Write the prompt anew. What was answered is kept"))
        self.stop.set_hint(translate("PromptCard", "Stop every answer. What is written is kept (Esc)"))

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show the comparison as it is now."""
        run = self._model.run
        if run is None:
            return
        if run is not self._shown:
            self._shown, self._shows_all = run, False
        self._show_question(run.question)
        self._show_chips(run)
        self.note.setText(self._note(run))
        waits = bool(run.unsent)
        self.edit.setVisible(not run.is_running)
        self.stop.setVisible(run.is_running and run.is_live)
        self.next.setVisible(run.is_done)
        self.review.setVisible(waits and run.preview is not None)
        n = len(run.preview.hosts) if run.preview else 0
        self.review.set_hint(translate("PromptCard", "Look at the text that would go to {hosts}").format(hosts=compare.hosts(n)))
        self.review.setAccessibleName(f"{self.review.text()}: {compare.hosts(n)}")
        stays = self._model.setup.is_confidential
        self.review.explain(translate("PromptCard", "The matter is marked as confidential") if stays else "")
        self._fit_chips()

    def _show_question(self, question: str) -> None:
        is_long = len(question) > _SHORT or question.count("\n") > 3
        short = "\n".join(question[:_SHORT].rstrip().split("\n")[:4])
        self.question.setText(question if self._shows_all or not is_long else f"{short} …")
        self._all.setVisible(is_long)
        self._all.setText(translate("PromptCard", "Show less") if self._shows_all else translate("PromptCard", "Show all of it"))

    def _toggle(self) -> None:
        self._shows_all = not self._shows_all
        self.refresh()

    def _show_chips(self, run: ComparisonRun) -> None:
        names = [self._model.prompt.name_of(each) or translate("PromptCard", "Removed document") for each in run.documents]
        if run.preview is not None and run.preview.attached:
            names = [each.name for each in run.preview.attached]
        for at, chip in enumerate(self._documents):
            chip.setVisible(at < len(names))
            if at < len(names):
                chip.setText(_shortened(names[at]))
        rest = len(names) - _CHIPS
        self._more.setVisible(rest > 0)
        self._more.setText(translate("PromptCard", "and {n} more").format(n=figures.number(rest)))
        has_remote = any(pane.is_remote for pane in run.panes)
        self.hidden.setVisible(has_remote and (run.n_hidden > 0 or not run.hides))
        words = compare.hidden_details(run.n_hidden) if run.hides else translate("PromptCard", "Names and numbers are not hidden")
        self.hidden.show_status(words, "outbound", "eraser" if run.hides else "eye")

    def _note(self, run: ComparisonRun) -> str:
        parts = [self._approval(run)]
        if run.preview is not None and run.preview.leaks:
            parts.append(translate("PromptCard", "Some hidden details would still be sent. Review the text."))
        if run.preview is not None and run.preview.n_passages_left_out:
            read = sum(each.n_passages for each in run.preview.attached)
            text = translate("PromptCard", "{n} of {all} matching passages fit.")
            every = read + run.preview.n_passages_left_out
            parts.append(text.format(n=figures.number(read), all=figures.number(every)))
        if run.names_hidden and not run.is_done and not run.unsent:
            n_done = sum(pane.has_ended for pane in run.panes)
            text = translate("PromptCard", "{n} of {all} answers are finished.")
            parts.append(text.format(n=figures.number(n_done), all=figures.number(len(run.panes))))
        said = [part for part in parts if part]
        return said[0] if len(said) == 1 else " ".join(f"{part.removesuffix('.')}." for part in said)

    def _approval(self, run: ComparisonRun) -> str:
        if run.unsent and self._model.setup.is_confidential:
            return translate("PromptCard", "The matter is marked as confidential, so nothing of it can be sent.")
        if run.unsent and run.approved is None:
            return translate("PromptCard", "Nothing has been sent. The text waits for your approval.")
        if run.unsent:
            return translate("PromptCard", "An answer waits for your approval.")
        if run.approved is not None:
            local = run.approved.astimezone()
            if run.is_live:
                time = QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
                return translate("PromptCard", "You approved this text at {time}").format(time=time)
            return translate("PromptCard", "You approved this text {time}").format(time=figures.day_and_time(local))
        if not any(pane.is_remote for pane in run.panes):
            return translate("PromptCard", "Everything stays on this computer.")
        return ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self._buttons.sizeHint().width() + self.theme.px(360) <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)
        self._fit_chips()

    def _fit_chips(self) -> None:
        """Chips and the note stand below each other where there is no room beside."""
        shown = [chip for chip in (*self._documents, self._more, self.hidden) if chip.isVisibleTo(self)]
        room = self.width() - 28 - (self._buttons.sizeHint().width() + 16 if self._is_beside else 0)
        needed = sum(chip.sizeHint().width() + 8 for chip in shown) + self.theme.px(160)
        direction = QBoxLayout.Direction.LeftToRight if needed <= room else QBoxLayout.Direction.TopToBottom
        if self._chips.direction() != direction:
            self._chips.setDirection(direction)

    @property
    def _is_beside(self) -> bool:
        return self._row.direction() == QBoxLayout.Direction.LeftToRight


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
