"""Where answers are judged: a button under each, and the row below them for all equal, none usable, and differences.

While names are hidden a voter can say that a model was recognised; such votes are left out of the blind tally.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from desktop.theme import Theme
from desktop.viewmodels.compare import CompareModel
from desktop.widgets.button import Button
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.widgets.tick import Tick

translate = QCoreApplication.translate
KEY_EQUAL, KEY_NONE = "0", "X"
_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class VoteButton(Button):
    """The vote for one answer, filled once it is the person's choice."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, translate("VoteButton", "Best answer"), icon="thumbs-up")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_vote(self, name: str, place: int, *, chosen: bool, why_not: str) -> None:
        """Show whether this answer, of this name at this place, was chosen or can be."""
        self.kind, self.type_style = ("primary", "bodyb") if chosen else ("secondary", "bodym")
        self.setText(translate("VoteButton", "Your choice") if chosen else translate("VoteButton", "Best answer"))
        self.setAccessibleName(f"{self._label}: {name}")
        self.set_icon("check" if chosen else "thumbs-up")
        self.set_hint(translate("VoteButton", "The best answer ({key})").format(key=place + 1))
        self.explain(why_not)
        self.restyle()


class VoteRow(QWidget):
    """`set_wanted`: votes count in no set yet, and one is to be chosen."""

    set_wanted = Signal()

    def __init__(self, theme: Theme, model: CompareModel) -> None:
        super().__init__()
        self._model = model
        self._theme = theme
        self.differs = Switch(theme, translate("VoteRow", "Show differences"))
        self._differs_label = Text(theme, translate("VoteRow", "Show differences"), "small", color="text2")
        self.equal = Button(theme, translate("VoteRow", "All equal"), icon="scale", kind="ghost")
        self.none = Button(theme, translate("VoteRow", "None is usable"), icon="x", kind="ghost")
        self.recognised = Tick(theme, translate("VoteRow", "I recognised one"))
        self.choose_set = Button(theme, translate("VoteRow", "Choose a vote set"), icon="scale", size="s")
        self._hint = Text(theme, "", "small", color="text2", wrap=True, align=Qt.AlignmentFlag.AlignLeft)
        self._left, self._middle, self._right = QWidget(), QWidget(), QWidget()
        self._row = QBoxLayout(_BESIDE, self)
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for part, widgets in (
            (self._left, (self.differs, self._differs_label)),
            (self._middle, (self.equal, self.none)),
            (self._right, (self._hint, self.choose_set, self.recognised)),
        ):
            row = QBoxLayout(_BESIDE, part)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(4 if part is self._left else 8)
            if part is self._right:
                row.addStretch(1)
            for widget in widgets:
                row.addWidget(widget, 1 if widget is self._hint else 0)
            if part is self._left:
                row.addStretch(1)
            # The same weight at both sides keeps the votes in the middle.
            self._row.addWidget(part, 0 if part is self._middle else 1)
            part.setSizePolicy(
                QSizePolicy.Policy.Preferred if part is self._middle else QSizePolicy.Policy.Expanding,
                QSizePolicy.Policy.Preferred,
            )
        self.recognised.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.equal.setCheckable(True)
        self.none.setCheckable(True)

    def _connect(self) -> None:
        model = self._model
        self.differs.toggled.connect(model.show_differences)
        self.equal.clicked.connect(lambda: self._judge(is_equal=True))
        self.none.clicked.connect(lambda: self._judge(is_equal=False))
        self.recognised.toggled.connect(model.recognise)
        self.choose_set.clicked.connect(self.set_wanted)

    def _judge(self, *, is_equal: bool) -> None:
        self._model.vote("all_equal" if is_equal else "none_usable")
        self.refresh()  # a button that was pressed is checked only if the vote was given

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show what was judged or can be."""
        model, run = self._model, self._model.run
        self.setVisible(run is not None)
        if run is None:
            return
        why_not = model.why_not_vote
        judged = run.choice.judgement if run.choice else None
        self._show(self.equal, translate("VoteRow", "All equal"), "scale", KEY_EQUAL, why_not, chosen=judged == "all_equal")
        self._show(self.none, translate("VoteRow", "None is usable"), "x", KEY_NONE, why_not, chosen=judged == "none_usable")
        self.recognised.setVisible(run.names_hidden and run.is_done)
        if self.recognised.isChecked() != model.recognised:
            self.recognised.setChecked(model.recognised)
        self.differs.setEnabled(run.shows_answers)
        needs_set = run.can_be_judged and model.votes.vote_set is None and run.choice is None and not run.was_judged
        self.choose_set.setVisible(needs_set)
        hint = "" if run.is_fair else translate("VoteRow", "These answers are to different texts, so comparing them is not fair.")
        if run.is_done and (run.was_judged or not run.can_be_judged):
            hint = why_not + "."
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def _show(self, button: Button, words: str, icon: str, key: str, why_not: str, *, chosen: bool) -> None:
        text = translate("VoteRow", "Your choice: {choice}").format(choice=words[:1].lower() + words[1:]) if chosen else words
        button.setText(text)
        button.set_icon("check" if chosen else icon)
        button.setChecked(chosen)
        button.set_hint(f"{words} ({key})")
        button.explain("" if chosen else why_not)

    def fold(self, width: int) -> None:
        """Lay out for a width: below each other where there is no room beside."""
        needed = sum(part.sizeHint().width() for part in (self._left, self._middle, self._right)) + 16
        direction = _BESIDE if needed <= width else _BELOW
        if self._row.direction() != direction:
            self._row.setDirection(direction)
