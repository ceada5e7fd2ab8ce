"""The toolbar of the ledger: the month, how it is worked out, export, and what else belongs to money."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, QTimer
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QWidget

from desktop.theme import Theme
from desktop.viewmodels.ledger import LedgerModel
from desktop.views.file_dialogs import leaving_no_trace
from desktop.widgets.button import Button, IconButton
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.text import Text
from desktop.wordings import ledger
from engine.ledger_records import Month

translate = QCoreApplication.translate
_SHOWS_WORDS = 720  # design width from which "How this is worked out" is written out
_PATIENCE_MS = 400  # an answer that comes sooner is not announced as work


class LedgerToolbar(QWidget):
    """Gestures go to the view-model; only the file dialog is its own."""

    def __init__(self, theme: Theme, model: LedgerModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self._months: tuple[Month, ...] = ()
        self.month = MenuButton(theme, ledger.month(Month.of(date.today())), icon="clock", kind="secondary")
        self._updating = Text(theme, translate("LedgerToolbar", "Updating"), "small", color="text2", elide=True)
        how = translate("LedgerToolbar", "How this is worked out")
        self.explain = Button(theme, how, icon="info", kind="ghost")
        self.explain_short = IconButton(theme, "info", how)
        self.export = MenuButton(theme, translate("LedgerToolbar", "Export"), icon="download", kind="secondary")
        self.more = IconButton(theme, "ellipsis", translate("LedgerToolbar", "More about the ledger"))
        self.menu = QMenu(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(theme, translate("LedgerToolbar", "Ledger"), "subtitle"))
        row.addSpacing(8)
        row.addWidget(self.month)
        row.addWidget(self._updating)
        row.addStretch(1)
        for part in (self.explain, self.explain_short, self.export, self.more):
            row.addWidget(part)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_updating)
        self._updating.hide()
        self.explain.hide()  # until the room is known: a toolbar that is too wide would make the window wider
        self._fill_menus()
        self._connect()
        self.refresh()

    def _fill_menus(self) -> None:
        for words, ending, entries in (
            (translate("LedgerToolbar", "This month as a table (CSV)…"), "csv", False),
            (translate("LedgerToolbar", "This month as a workbook (XLSX)…"), "xlsx", False),
            (translate("LedgerToolbar", "A page for a manager (PDF)…"), "pdf", False),
            (translate("LedgerToolbar", "Every single entry (CSV)…"), "csv", True),
        ):
            if entries:
                self.export.choices.addSeparator()
            action = self.export.choices.addAction(words)
            action.triggered.connect(lambda _=False, ending=ending, entries=entries: self._choose_file(ending, entries))
        model = self._model
        for words, icon, signal in (
            (translate("LedgerToolbar", "Import a bill…"), "receipt-text", model.bill_wanted),
            (translate("LedgerToolbar", "Calculator…"), "scale", model.calculator_wanted),
        ):
            action = QAction(words, self.menu)
            action.setData(icon)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit())
            self.menu.addAction(action)
        self.menu.addSeparator()
        costs = QAction(translate("LedgerToolbar", "Electricity, hardware and budgets"), self.menu)
        costs.setData("settings")
        costs.triggered.connect(lambda: model.settings_wanted.emit("costs"))
        self.menu.addAction(costs)

    def _connect(self) -> None:
        model = self._model
        self.explain.clicked.connect(model.explain_wanted)
        self.explain_short.clicked.connect(model.explain_wanted)
        self.more.clicked.connect(self._open_menu)
        model.changed.connect(self.refresh)
        self._theme.changed.connect(self._fit)

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        page = self._model.page
        has_page = page is not None
        nothing = "" if has_page else translate("LedgerToolbar", "The ledger is being read")
        for part in (self.month, self.explain, self.explain_short, self.export):
            part.explain(nothing)
        if page is not None:
            words = ledger.month(page.statement.month)
            self.month.setText(words)
            self.month.setAccessibleName(translate("LedgerToolbar", "Month: {month}").format(month=words))
            self._fill_months(page.months, page.statement.month)
        if not self._model.is_updating:
            self._patience.stop()
            self._updating.hide()
        elif not self._patience.isActive() and self._updating.isHidden():
            self._patience.start()

    def _fill_months(self, months: tuple[Month, ...], shown: Month) -> None:
        if months != self._months:
            self._months = months
            self.month.choices.clear()
            group = QActionGroup(self.month.choices)
            for month in months:
                action = QAction(ledger.month(month), group)
                action.setCheckable(True)
                action.triggered.connect(lambda _=False, month=month: self._model.choose_month(month))
                self.month.choices.addAction(action)
        for month, action in zip(months, self.month.choices.actions(), strict=True):
            action.setChecked(month == shown)

    def _show_updating(self) -> None:
        self._updating.setVisible(self._model.is_updating)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        has_room = self.width() >= self._theme.px(_SHOWS_WORDS)
        self.explain.setVisible(has_room)
        self.explain_short.setVisible(not has_room)

    # ------------------------------------------------------------ gestures
    def _open_menu(self) -> None:
        for action in self.menu.actions():
            if action.data():
                action.setIcon(self._theme.icon(str(action.data())))
        width = self.menu.sizeHint().width()
        self.menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - width, self.more.height())))

    def _choose_file(self, ending: str, entries: bool) -> None:
        page = self._model.page
        if page is None:
            return
        kinds = {
            "csv": translate("LedgerToolbar", "Table (*.csv)"),
            "xlsx": translate("LedgerToolbar", "Workbook (*.xlsx)"),
            "pdf": translate("LedgerToolbar", "Document (*.pdf)"),
        }
        name = "ledger-entries" if entries else "ledger"
        start = str(Path.home() / f"{name}-{page.statement.month}.{ending}")
        title = translate("LedgerToolbar", "Export the ledger")
        with leaving_no_trace():
            file, _ = QFileDialog.getSaveFileName(self.window(), title, start, kinds[ending])
        if file:
            path = Path(file)
            self._model.export(
                path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}"), entries=entries
            )
