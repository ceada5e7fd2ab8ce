"""Let a model on this computer judge the pairs of a set: which one, what that is worth, how far it is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from desktop.theme import Theme
from desktop.viewmodels.judging import JudgingModel
from desktop.views.told import Told
from desktop.widgets.announce import announce
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.progress import ProgressBar
from desktop.widgets.text import Text
from desktop.wordings import votes
from engine.compare_records import LocalChoice

translate = QCoreApplication.translate


class JudgeCard(Card):
    """A judge is a model of this computer; nothing is sent."""

    def __init__(self, theme: Theme, model: JudgingModel) -> None:
        super().__init__(theme)
        self._model = model
        title = translate("Judge", "Let a model on this computer judge")
        self._problem = Told(theme, "caution", "triangle-alert")
        self.choice = MenuButton(theme, "", icon="lock", icon_color="primary", kind="secondary")
        self.start = Button(theme, translate("Judge", "Judge"), icon="scale")
        self.stop = Button(theme, translate("Judge", "Stop"), icon="square")
        self._note = Text(theme, "", "smallm", wrap=True)
        self._bar = ProgressBar(theme, title)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        for button in (self.choice, self.start, self.stop):
            self._row.addWidget(button)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(Text(theme, title, "bodyb", wrap=True))
        column.addWidget(Text(theme, votes.judge_rules(), "small", color="text2", wrap=True))
        column.addWidget(self._problem)
        column.addLayout(self._row)
        column.addWidget(self._note)
        column.addWidget(self._bar)
        self.choice.choices.aboutToShow.connect(self._fill)
        self.start.clicked.connect(model.start)
        self.stop.clicked.connect(model.stop)
        model.changed.connect(self.refresh)
        model.announced.connect(lambda words, urgent: announce(self, words, urgent=urgent))
        self.refresh()

    def refresh(self) -> None:
        """Show who would judge, and how far it is."""
        model, judge = self._model, self._model.judge
        name = judge.name if judge else translate("Judge", "No model can judge")
        self.choice.setText(name)
        self.choice.setAccessibleName(translate("Judge", "Model that judges: {name}").format(name=name))
        self.choice.explain(translate("Judge", "A model is judging") if model.is_at_work else "")
        self.start.explain(model.why_not_judge)
        had_focus = self.start.hasFocus() or self.stop.hasFocus()
        self.start.setVisible(not model.is_at_work)
        self.stop.setVisible(model.is_at_work)
        if had_focus:
            (self.stop if model.is_at_work else self.start).setFocus()
        self._bar.setVisible(model.is_at_work)
        self._bar.set_share(model.share if model.is_at_work else 0.0)
        words = model.words if model.is_at_work else model.note or model.why_not_judge
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._problem.say(f"{model.problem.happened} {model.problem.to_do}" if model.problem else "")

    def _fill(self) -> None:
        menu = self.choice.choices
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for each in self._model.candidates:
            words = f"{each.name}: {each.why_not}" if each.why_not else each.name
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(each == self._model.judge)
            action.setEnabled(not each.why_not)
            if isinstance(each.choice, LocalChoice):
                action.triggered.connect(lambda _=False, key=each.choice.model: self._model.choose(key))
            group.addAction(action)
