"""The button that leads back to comparisons of this matter that were made earlier."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QMenu

from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.widgets.button import IconButton
from desktop.widgets.sheet import ConfirmSheet

translate = QCoreApplication.translate


class EarlierButton(IconButton):
    """Opens a menu of them, the newest first."""

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__(theme, "history", translate("EarlierButton", "Earlier comparisons"))
        self._model = model
        self.choices = QMenu(self)
        self.clicked.connect(self._open)
        model.history.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say whether there is one to open now."""
        run, is_there = self._model.run, bool(self._model.history.entries)
        why_not = "" if is_there else translate("EarlierButton", "Nothing was compared in this matter yet")
        if run is not None and run.is_live and run.is_running:
            why_not = translate("EarlierButton", "Wait until every answer is finished, or stop them")
        self.explain(why_not)

    def _ask_to_delete(self) -> None:
        title = translate("EarlierButton", "Delete this comparison?")
        lost = translate(
            "EarlierButton",
            "Its prompt and its answers are deleted. What was sent stays in the network log, and votes on it still count.",
        )
        over = getattr(self.window(), "area", self.window())
        sheet = ConfirmSheet(self.theme, over, title, lost, translate("EarlierButton", "Delete comparison"))
        sheet.confirmed.connect(self._model.delete_shown)
        sheet.ask()

    def _open(self) -> None:
        menu, history = self.choices, self._model.history
        menu.clear()
        shown = self._model.run.comparison if self._model.run else None
        for each in history.entries:
            action = menu.addAction(f"{each.words}\t{each.when}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(each.id == shown)
            action.triggered.connect(lambda _=False, key=each.id: history.open(key))
        if shown in {each.id for each in history.entries}:
            menu.addSeparator()
            delete = menu.addAction(self.theme.icon("trash-2", "danger_text"), translate("EarlierButton", "Delete this one"))
            delete.triggered.connect(self._ask_to_delete)
        menu.popup(self.mapToGlobal(self.rect().bottomRight()) - QPoint(menu.sizeHint().width(), 0))
