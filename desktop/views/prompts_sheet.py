"""The prompts of a vote set in the matter that is open: taken from a file or from one's own questions, and run from here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.prompt_table import PromptTable
from desktop.viewmodels.vote_sets import VoteSetsModel
from desktop.views.dropping import FileDrop
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.told import Told
from desktop.widgets.announce import announce
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.sheet import Sheet
from desktop.widgets.table import Table
from desktop.widgets.text import Text
from engine.vote_records import Prompt

translate = QCoreApplication.translate
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_MOST_ROWS, _LEAST_ROWS = 9, 3


class PromptsSheet(Sheet):
    """`run_wanted`, `results_wanted`, `rename_wanted` and `delete_wanted` are emitted after it closed. It deletes itself."""

    run_wanted = Signal()
    results_wanted = Signal()
    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, theme: Theme, over: QWidget, model: VoteSetsModel) -> None:
        super().__init__(theme, over, model.vote_set.name if model.vote_set else "", width=860)
        self._model = model
        self._wanted: object = None
        self._summary = Text(theme, "", color="text2", wrap=True)
        self.rename = IconButton(theme, "pencil", translate("Prompts", "Rename this set"))
        self.delete = IconButton(theme, "trash-2", translate("Prompts", "Delete this set"))
        self.add = Button(theme, translate("Prompts", "Import a CSV file"), icon="upload")
        self.take = Button(theme, translate("Prompts", "Take the questions of this matter"), icon="message-square-text")
        self.one = Button(theme, translate("Prompts", "Compare this prompt"), icon="columns-2")
        self._problem = Told(theme, "caution", "triangle-alert")
        self._note = Text(theme, "", "smallm", wrap=True)
        title = translate("Prompts", "Drop a CSV file here")
        hint = translate("Prompts", "With a heading row, and a column called prompt.")
        self.zone = DropZone(theme, title, hint)
        answers = translate("Prompts", "A further column called expected holds the right answers, where they are known.")
        self._about_answers = Text(theme, answers, "small", color="text2", wrap=True)
        self._rows = PromptTable(self)
        self.table = Table(
            theme, translate("Prompts", "Prompts"), self._rows, widths=(64, 190, 150), right=frozenset({0}),
            keep=(0, 2), stretch=1,
        )  # fmt: skip
        self._card = Card(theme)
        self.results = Button(theme, translate("Prompts", "Results"), icon="scale", size="m")
        self.run = Button(theme, translate("Prompts", "Run the set"), kind="primary", size="m")
        self._tools = QBoxLayout(_BESIDE)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        head = self.panel.layout().itemAt(0).layout()
        for place, icon in enumerate((self.rename, self.delete), start=1):
            head.insertWidget(place, icon, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(1, 6, 1, 6)
        inside.addWidget(self.table)
        self._tools.setSpacing(8)
        for button in (self.add, self.take, self.one):
            self._tools.addWidget(button)
        self._tools.addStretch(1)
        self.body.addWidget(self._summary)
        self.body.addLayout(self._tools)
        for part in (self._problem, self._note, self.zone, self._about_answers, self._card):
            self.body.addWidget(part)
        close = Button(self.theme, translate("Prompts", "Close"), size="m")
        close.clicked.connect(self.close_sheet)
        self.buttons.addWidget(self.results)
        self.buttons.addStretch()
        self.buttons.addWidget(close)
        self.buttons.addWidget(self.run)

    def _connect(self) -> None:
        model = self._model
        self.add.clicked.connect(self._choose_file)
        self.take.clicked.connect(model.take_questions)
        self.one.clicked.connect(self._compare_chosen)
        self.table.activated.connect(lambda _index: self._compare_chosen())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_tools())
        self._rows.modelReset.connect(self._show_tools)
        for button, wanted in (
            (self.run, self.run_wanted), (self.results, self.results_wanted),
            (self.rename, self.rename_wanted), (self.delete, self.delete_wanted),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, wanted=wanted: self._leave_for(wanted))
        self._drop = FileDrop(self)
        self._drop.hovering.connect(self._hover)
        self._drop.dropped.connect(model.import_files)
        model.changed.connect(self._show)
        model.told.connect(lambda words: announce(self, words))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Look at the set as it is now, and open."""
        self._model.look()
        self.open_sheet(self.run if self.run.isEnabled() else self.add)

    # ------------------------------------------------------------ gestures
    def _leave_for(self, wanted: object) -> None:
        self.close_sheet()
        wanted.emit()  # type: ignore[attr-defined]

    def _choose_file(self) -> None:
        kinds = translate("Prompts", "Tables (*.csv *.tsv *.txt)")
        with leaving_no_trace():
            file, _ = QFileDialog.getOpenFileName(self.window(), translate("Prompts", "Import a CSV file"), "", kinds)
        if file:
            self._model.import_files([Path(file)])

    def _hover(self, files: list[Path]) -> None:
        self.zone.show_files_over(translate("Prompts", "Release to import the prompts") if files else "")
        self.zone.setVisible(bool(files) or not self._model.prompts)

    @property
    def _chosen(self) -> Prompt | None:
        """The prompt whose row is chosen; a row may have the focus and not be."""
        rows = self.table.selectionModel().selectedRows()
        return self._rows.prompt_at(rows[0].row()) if rows else None

    def _compare_chosen(self) -> None:
        prompt = self._chosen
        if prompt is not None and self.one.isEnabled():
            self.close_sheet()
            self._model.compare_prompt(prompt)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model, vote_set = self._model, self._model.vote_set
        if vote_set is None:  # it was deleted elsewhere
            self.close_sheet()
            return
        self.title.setText(vote_set.name)
        self.setAccessibleName(vote_set.name)
        self._summary.setText(model.summary)
        self._problem.say(f"{model.problem.happened} {model.problem.to_do}" if model.problem else "")
        self._note.setText(model.note)
        self._note.setVisible(bool(model.note))
        self._rows.show_prompts(model.prompts)
        has_prompts = bool(model.prompts)
        self._card.setVisible(has_prompts)
        self.zone.setVisible(not has_prompts)
        self._about_answers.setVisible(not has_prompts)
        for button in (self.add, self.take):
            button.explain(model.why_not_fill)
        self.run.explain("" if has_prompts else translate("Prompts", "The set has no prompts in this matter yet"))
        self._show_tools()
        self._fit()
        if not self.isHidden():
            self.body.activate()
            self._place()

    def _show_tools(self) -> None:
        self.one.setVisible(bool(self._model.prompts))
        self.one.explain("" if self._chosen else translate("Prompts", "Choose a prompt in the table first"))

    def _fit(self) -> None:
        """As many rows as there are, as far as the window has room for them; the table scrolls the others."""
        row = self.theme.size("row")
        room = (self.parentWidget().height() - self.theme.px(330)) // row
        rows = max(_LEAST_ROWS, min(_MOST_ROWS, room, len(self._model.prompts)))
        self.table.setFixedHeight(self.theme.px(36) + row * rows + 2)
        needed = sum(button.sizeHint().width() + 8 for button in (self.add, self.take, self.one))
        width = min(self.theme.px(860), self.parentWidget().width() - 48) - 48
        self._tools.setDirection(_BESIDE if needed <= width else _BELOW)

    def _place(self) -> None:
        self._fit()
        super()._place()
