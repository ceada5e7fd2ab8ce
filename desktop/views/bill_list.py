"""The imports that are kept, newest first, each with what is in it and a way to remove it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.bills import BillsModel
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card, Divider
from desktop.widgets.text import Text
from desktop.wordings import bills
from engine.price_records import Bill

translate = QCoreApplication.translate
_AT_ONCE = 6


class BillList(Card):
    """`removal_wanted` carries the Bill."""

    removal_wanted = Signal(object)

    def __init__(self, theme: Theme, model: BillsModel) -> None:
        super().__init__(theme)
        self._model = model
        self._shown: tuple[Bill, ...] | None = None
        self._n = _AT_ONCE
        self.removals: dict[str, IconButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 4, 1, 4)
        self._column.setSpacing(0)
        self.setAccessibleName(translate("Bills", "Imported bills"))

    def refresh(self) -> None:
        """Show the imports that are kept now; hidden without any."""
        kept = self._model.kept or ()
        self.setVisible(bool(kept))
        if kept == self._shown:
            return
        self._shown = kept
        self._fill()

    def _fill(self) -> None:
        had_focus = any(button.hasFocus() for button in self.removals.values())
        self.removals = {}
        while (taken := self._column.takeAt(0)) is not None:
            taken.widget().hide()
            taken.widget().deleteLater()
        kept = self._shown or ()
        for place, bill in enumerate(kept[: self._n]):
            if place:
                self._column.addWidget(Divider(self.theme))
            self._column.addWidget(self._row(bill))
        if len(kept) > self._n:
            more = Button(self.theme, translate("Bills", "Show all {n}").format(n=figures.number(len(kept))), kind="ghost")
            more.clicked.connect(self._show_all)
            self._column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        first = next(iter(self.removals.values()), None)
        if had_focus and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_all(self) -> None:
        self._n = len(self._shown or ())
        self._fill()

    def _row(self, bill: Bill) -> QWidget:
        line = QWidget(self)
        title = f"{bills.provider(bill.provider)}, {bills.days(bill)}"
        line.setAccessibleName(title)
        row = QHBoxLayout(line)
        row.setContentsMargins(15, 8, 8, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Text(self.theme, title, "bodym", wrap=True))
        words.addWidget(Text(self.theme, self._model.line(bill), "small", color="text2", wrap=True))
        row.addLayout(words, 1)
        remove = IconButton(self.theme, "trash-2", translate("Bills", "Remove {bill}").format(bill=title))
        remove.clicked.connect(lambda: self.removal_wanted.emit(bill))
        self.removals[bill.id] = remove
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        return line
