"""Import a provider's usage export: what was found, what it was for, and the earlier imports. Nothing is kept before Keep."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.viewmodels.bills import BillsModel
from desktop.views.bill_list import BillList
from desktop.views.dropping import FileDrop
from desktop.views.figure_rows import FigureCard
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.told import Told
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.progress import ProgressBar
from desktop.widgets.sheet import ConfirmSheet, Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import bills
from engine.price_records import Bill

translate = QCoreApplication.translate
_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class BillSheet(Sheet):
    """It deletes itself when closed."""

    def __init__(self, theme: Theme, over: QWidget, model: BillsModel) -> None:
        super().__init__(theme, over, translate("Bills", "Import a bill"), width=640)
        self.model = model
        self._over = over
        model.setParent(self)
        self._problem = Told(theme, "caution", "file-warning")
        self._told = Told(theme, "local", "check")
        title = translate("Bills", "Drop a usage export here")
        hint = translate("Bills", "A CSV file from OpenAI, Anthropic or OpenRouter, unchanged.")
        self.zone = DropZone(theme, title, hint)
        self.choose = Button(theme, translate("Bills", "Choose a file"), icon="upload")
        self._bar = ProgressBar(theme, translate("Bills", "Reading the file"))
        self.found = FigureCard(theme, translate("Bills", "What is in it"))
        self.workload = MenuButton(theme, "", icon="layers", kind="secondary")
        ours = translate("Bills", "It includes what Strongroom sent itself")
        self.ours = Switch(theme, ours)
        self._ours = QWidget()
        self._ours_note = Text(theme, "", "small", color="text2", wrap=True)
        self._for = Text(theme, translate("Bills", "What it was for"), "smallb", color="text2")
        self._list_title = Text(theme, translate("Bills", "Imported before"), "bodyb")
        self.list = BillList(theme, model)
        self.done = Button(theme, translate("Bills", "Close"), size="m")
        self.keep = Button(theme, translate("Bills", "Keep"), kind="primary", size="m")
        self._lay_out(ours)
        self._connect()
        self._show()

    def _lay_out(self, ours: str) -> None:
        theme, body = self.theme, self.body
        about = translate("Bills", "What other programs paid a provider then counts as spent in the ledger, day by day.")
        body.addWidget(Text(theme, about, color="text2", wrap=True))
        self.zone.body.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.workload.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self._ours)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.ours)
        row.addWidget(Text(theme, ours, wrap=True, align=_MIDDLE), 1)
        parts = (
            self._problem,
            self._told,
            self.zone,
            self._bar,
            self.found,
            self._for,
            self.workload,
            self._ours,
            self._ours_note,
        )
        for part in parts:
            body.addWidget(part)
        body.addWidget(Text(theme, bills.what_is_kept(), "small", color="text2", wrap=True))
        body.addWidget(self._list_title)
        body.addWidget(self.list)
        self.buttons.addStretch()
        self.buttons.addWidget(self.done)
        self.buttons.addWidget(self.keep)

    def _connect(self) -> None:
        model = self.model
        self.choose.clicked.connect(self._choose_file)
        self._drop = FileDrop(self)
        self._drop.hovering.connect(self._hover)
        self._drop.dropped.connect(model.read)
        self.workload.choices.aboutToShow.connect(self._fill_workloads)
        self.ours.toggled.connect(model.set_includes_ours)
        self.keep.clicked.connect(model.keep)
        self.done.clicked.connect(self.close_sheet)
        self.list.removal_wanted.connect(self._ask_removal)
        model.changed.connect(self._show)
        model.told.connect(self._tell)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.model.look()
        self.open_sheet(self.choose)

    # ------------------------------------------------------------ gestures
    def _choose_file(self) -> None:
        kinds = translate("Bills", "Tables (*.csv);;All files (*)")
        with leaving_no_trace():
            file, _ = QFileDialog.getOpenFileName(self.window(), translate("Bills", "Import a bill"), "", kinds)
        if file:
            self.model.read([Path(file)])

    def _hover(self, files: list[Path]) -> None:
        self.zone.show_files_over(translate("Bills", "Release to read this file") if files else "")

    def _fill_workloads(self) -> None:
        menu = self.workload.choices
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for key, name in self.model.workloads:
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == self.model.workload)
            action.triggered.connect(lambda _=False, key=key: self.model.choose_workload(key))
            group.addAction(action)

    def _ask_removal(self, bill: Bill) -> None:
        text = translate("Bills", "Remove the bill of {provider}, {days}?")
        title = text.format(provider=bills.provider(bill.provider), days=bills.days(bill))
        sheet = ConfirmSheet(self.theme, self._over, title, bills.lost_with(bill), translate("Bills", "Remove"))
        sheet.confirmed.connect(lambda: self.model.remove(bill))
        sheet.ask()

    # ------------------------------------------------------------ showing
    def _tell(self, words: str) -> None:
        self._told.say(words)
        announce(self, words)
        if not self.keep.isEnabled():
            self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        model = self.model
        has_found = model.found is not None
        problem = model.problem
        self._problem.say(
            f"{problem.happened} {problem.kept} {problem.to_do}" if problem else "", problem.title if problem else ""
        )
        if has_found or model.is_reading or problem:
            self._told.say("")
        self._bar.setVisible(model.is_reading)
        self._bar.set_share(None if model.is_reading else 0.0)
        self.choose.explain(translate("Bills", "The file is being read") if model.is_reading else "")
        for part in (self.found, self._for, self.workload, self._ours, self._ours_note):
            part.setVisible(has_found)
        self.found.show_rows(model.rows, model.note)
        self.workload.setText(model.workload_name)
        self.workload.setAccessibleName(f"{self._for.text()}: {model.workload_name}")
        self.ours.blockSignals(True)
        self.ours.setChecked(model.includes_ours)
        self.ours.blockSignals(False)
        both = translate("Bills", "On days with a bill, what was sent from here is not counted once more.")
        apart = translate("Bills", "What was sent from here is added to the bill of the day.")
        self._ours_note.setText(both if model.includes_ours else apart)
        self._list_title.setVisible(bool(model.kept))
        self.list.refresh()
        self.keep.setVisible(has_found)
        self.keep.explain(model.why_not_keep)
