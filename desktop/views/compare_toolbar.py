"""The toolbar of the Compare screen: matter, blind mode, number of answers, the vote set, export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop.icons import paint_icon
from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.views.compare_earlier import EarlierButton
from desktop.views.file_dialogs import leaving_no_trace
from desktop.widgets.button import IconButton
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from engine.compare_records import MAX_PANES, MIN_PANES

translate = QCoreApplication.translate
_SHORTEST = 80  # what names may shrink to where the room is short
_SHOWS_LABEL = 760  # design pixels of the toolbar from which the words of the switch stand beside it


class SetChooser(MenuButton):
    """Which set votes count in. `chosen` carries a set or None; `new_wanted`, `manage_wanted`, `work_wanted` lead to sheets."""

    chosen = Signal(object)
    new_wanted = Signal()
    manage_wanted = Signal()
    work_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__(theme, kind="secondary")
        self._model = model
        self._prefix = translate("SetChooser", "Vote set")
        self.choices.aboutToShow.connect(self._fill)

    def refresh(self) -> None:
        """Show the chosen set."""
        chosen = self._model.votes.vote_set
        name = chosen.name if chosen else translate("SetChooser", "None")
        self.setText(f"{self._prefix}  {name}")
        self.setAccessibleName(f"{self._prefix}: {name}")
        self.set_hint(translate("SetChooser", "The kind of work that votes count for"))

    def _fill(self) -> None:
        menu, votes = self.choices, self._model.votes
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for each in votes.sets:
            action = menu.addAction(each.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(votes.vote_set is not None and each.id == votes.vote_set.id)
            action.triggered.connect(lambda _=False, key=each.id: self.chosen.emit(key))
            group.addAction(action)
        none = menu.addAction(translate("SetChooser", "None, do not count votes"))
        none.setCheckable(True)
        none.setChecked(votes.vote_set is None)
        none.triggered.connect(lambda: self.chosen.emit(None))
        group.addAction(none)
        menu.addSeparator()
        menu.addAction(self.theme.icon("plus"), translate("SetChooser", "New set…")).triggered.connect(self.new_wanted)
        manage = menu.addAction(self.theme.icon("list-checks"), translate("SetChooser", "Manage prompts and results…"))
        manage.setEnabled(votes.vote_set is not None)
        manage.triggered.connect(self.manage_wanted)
        work = menu.addAction(self.theme.icon("layers"), translate("SetChooser", "Do the work…"))
        work.setEnabled(votes.vote_set is not None)
        work.triggered.connect(self.work_wanted)

    def _paint_content(self, painter: QPainter, rect: QRectF, color: QColor) -> None:
        """The name of the set stands out from the words before it, which go first where the room is short."""
        side, middle = self.theme.px(14), int(Qt.AlignmentFlag.AlignVCenter)
        left, end = 10.0, rect.right() - 10 - side
        before = self.theme.metrics("body").horizontalAdvance(self._prefix)
        if before + self.theme.px(48) < end - left:
            painter.setFont(self.theme.font("body"))
            painter.setPen(self.theme.color("text2"))
            painter.drawText(QRectF(left, rect.top(), before + 2, rect.height()), middle, self._prefix)
            left += before + 6
        painter.setFont(self.font())
        painter.setPen(color)
        name = self._label.removeprefix(self._prefix).strip()
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, max(0, round(end - 8 - left)))
        painter.drawText(QRectF(left, rect.top(), end - left, rect.height()), middle, shown)
        paint_icon(painter, QRectF(end, round(rect.center().y() - side / 2), side, side), "chevron-down", color)


class CompareToolbar(QWidget):
    """`new_set_wanted`, `manage_set_wanted` (with the VoteSet) and `work_wanted` lead to sheets."""

    new_set_wanted = Signal()
    manage_set_wanted = Signal(object)
    work_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self._matter = Chip(theme, icon="folder")
        words = translate("CompareToolbar", "Hide model names")
        self._blind_label = Text(theme, words, color="text2", elide=True)
        self._blind_mark = Mark(theme, "eye-off")  # where there is no room for the words
        self.blind = Switch(theme, words)
        numbers = [Choice(str(n), str(n)) for n in range(MIN_PANES, MAX_PANES + 1)]
        self.number = Segmented(theme, translate("CompareToolbar", "Number of answers"), numbers)
        self.sets = SetChooser(theme, model)
        self.earlier = EarlierButton(theme, model)
        self.export = IconButton(theme, "download", translate("CompareToolbar", "Export comparisons and votes"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._matter.setMinimumWidth(_SHORTEST)
        self.sets.setMinimumWidth(_SHORTEST)
        row.addWidget(Text(theme, translate("CompareToolbar", "Compare"), "subtitle"))
        row.addWidget(self._matter)
        row.addStretch(1)
        row.addWidget(self._blind_label)
        row.addWidget(self._blind_mark)
        row.addWidget(self.blind)
        row.addWidget(self.number)
        row.addWidget(self.sets)
        row.addWidget(self.earlier)
        row.addWidget(self.export)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        model = self._model
        self.blind.toggled.connect(model.set_blind)
        self.number.chosen.connect(lambda key: model.set_number(int(key)))
        self.sets.chosen.connect(model.votes.choose)
        self.sets.new_wanted.connect(self.new_set_wanted)
        self.sets.manage_wanted.connect(lambda: self.manage_set_wanted.emit(model.votes.vote_set))
        self.sets.work_wanted.connect(self.work_wanted)
        self.export.clicked.connect(self._choose_file)
        model.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show how the next prompt is compared."""
        model, run = self._model, self._model.run
        self._matter.setVisible(model.matter is not None)
        is_confidential = model.matter is not None and model.matter.is_confidential
        name = model.matter.name if model.matter else ""
        self._matter.show_status(name if len(name) <= 32 else f"{name[:31]}…", "neutral", "lock" if is_confidential else "folder")
        if self.blind.isChecked() != model.is_blind:
            self.blind.setChecked(model.is_blind)
        hint = translate("CompareToolbar", "Answers are shuffled and shown without names until you vote")
        self.blind.setToolTip(hint)
        self.blind.setAccessibleDescription(hint)
        shown = len(run.panes) if run is not None else model.setup.n_panes
        if shown >= MIN_PANES and self.number.key != str(shown):  # work by a route has one answer
            self.number.choose(str(shown))
        self.number.setEnabled(run is None)
        why_not = "" if run is None else translate("CompareToolbar", "The number can be changed for the next prompt")
        self.number.setToolTip(why_not)
        self.number.setAccessibleDescription(why_not)
        self.sets.refresh()
        self.earlier.refresh()
        self.export.explain("" if model.matter else translate("CompareToolbar", "Open a matter first"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.width() >= self._theme.px(_SHOWS_LABEL)
        self._blind_label.setVisible(has_room)
        self._blind_mark.setVisible(not has_room)

    def _choose_file(self) -> None:
        chosen = self._model.votes.vote_set
        suggested = chosen.name if chosen else translate("CompareToolbar", "Comparisons")
        name = "".join(character if character.isalnum() or character in " -_" else " " for character in suggested)
        start = str(Path.home() / f"{' '.join(name.split())[:80]}.csv")
        title = translate("CompareToolbar", "Export comparisons and votes")
        kinds = translate("CompareToolbar", "Table (*.csv);;JSON (*.json);;Markdown (*.md)")
        with leaving_no_trace():
            file, _ = QFileDialog.getSaveFileName(self.window(), title, start, kinds)
        if file:
            self._model.export(Path(file))
