"""A new vote set: its name and the kind of work that it stands for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.views.option_list import OptionList
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.sheet import ConfirmSheet, Sheet
from desktop.widgets.text import Text
from desktop.wordings import votes
from engine.vote_records import VoteSet

translate = QCoreApplication.translate
_LONGEST = 200  # characters, as of other names


class VoteSetSheet(Sheet):
    """`wanted` carries the name, without blanks around it, and the kind. It deletes itself when closed."""

    wanted = Signal(str, str)

    def __init__(self, theme: Theme, over: QWidget, taken: frozenset[str] = frozenset()) -> None:
        super().__init__(theme, over, translate("VoteSet", "New vote set"), width=560)
        self._taken = frozenset(name.casefold() for name in taken)
        note = translate(
            "VoteSet",
            "A vote set stands for one kind of work. Votes that are given in it are counted together, and its prompts are "
            "kept in the matter that they come from.",
        )
        self.field = Field(theme, translate("VoteSet", "Name"), placeholder=translate("VoteSet", "Such as Complaint summaries"))
        self.field.setMaxLength(_LONGEST)
        kinds = translate("VoteSet", "Kind of work")
        self.kinds = OptionList(theme, kinds, [(kind, *votes.kind(kind)) for kind in votes.KINDS])
        self.kinds.choose("draft")
        self._doubled = Text(theme, "", "small", color="danger_text", wrap=True)
        self._doubled.hide()
        self.body.addWidget(Text(theme, note, color="text2", wrap=True))
        self.body.addWidget(Text(theme, translate("VoteSet", "Name"), "smallb", color="text2"))
        self.body.addWidget(self.field)
        self.body.addWidget(self._doubled)
        self.body.addWidget(Text(theme, kinds, "smallb", color="text2"))
        self.body.addWidget(self.kinds)
        cancel = Button(theme, translate("VoteSet", "Cancel"), size="m")
        self.go = Button(theme, translate("VoteSet", "Create set"), kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.go)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._accept)
        self.go.clicked.connect(self._accept)
        cancel.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        self._check()

    def ask(self) -> None:
        self.open_sheet(self.field)

    @property
    def _name(self) -> str:
        return self.field.text().strip()

    def _check(self) -> None:
        doubled = self._name.casefold() in self._taken
        words = translate("VoteSet", "There is a set of this name already.") if doubled else ""
        self._doubled.setText(words)
        self._doubled.setVisible(doubled)
        self.field.show_error(words)
        self.go.explain(words or ("" if self._name else translate("VoteSet", "Enter a name first")))

    def _accept(self) -> None:
        if self.go.isEnabled():
            name, kind = self._name, self.kinds.key
            self.close_sheet()
            self.wanted.emit(name, kind)


def deletion_sheet(theme: Theme, over: QWidget, vote_set: VoteSet) -> ConfirmSheet:
    """Say what goes with a set. The caller follows `confirmed`."""
    title = translate("VoteSet", "Delete the vote set {name}?").format(name=vote_set.name)
    return ConfirmSheet(theme, over, title, votes.lost_with(vote_set.n_votes), translate("VoteSet", "Delete set"))
