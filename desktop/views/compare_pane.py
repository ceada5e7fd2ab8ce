"""One answer of a comparison: where it comes from, its text, how far it is, its figures, and the vote for it.

Draws a pane of the model. While names are hidden it shows a letter, and nothing that would tell the model.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import wording
from desktop.theme import Theme
from desktop.viewmodels.cited_blocks import CitedBlock
from desktop.viewmodels.compare import CompareModel
from desktop.viewmodels.compare_marks import marked
from desktop.viewmodels.compare_pane import Pane
from desktop.viewmodels.compare_run import ComparisonRun
from desktop.views.compare_answer import PaneText
from desktop.views.compare_figures import Figures
from desktop.views.compare_problem import PaneProblem
from desktop.views.compare_progress import PaneBar
from desktop.views.compare_votes import VoteButton
from desktop.widgets.button import IconButton
from desktop.widgets.card import Card, Divider
from desktop.widgets.chip import Chip
from desktop.widgets.mark import Mark
from desktop.widgets.painting import tooltip_of
from desktop.widgets.text import Text
from desktop.wordings import compare
from engine.compare_records import PaneAnswer, RemoteChoice

translate = QCoreApplication.translate


_SHORTEST_HOST = 72  # what a host may shrink to beside the name of its model


class PaneView(Card):
    """`place` counts from the left. `acted` carries stop, try_again or vote."""

    acted = Signal(str)

    def __init__(self, theme: Theme, model: CompareModel, run: ComparisonRun, place: int) -> None:
        super().__init__(theme)
        self._model = model
        self._run = run
        self.place = place
        self._mark = Mark(theme, "lock", size=16, color="primary")
        self._title = Text(theme, "", "subtitle", elide=True)
        self._chip = Chip(theme)
        self._chip.setMinimumWidth(_SHORTEST_HOST)
        self._name_hidden = Text(theme, translate("PaneView", "Name hidden"), "small", color="text2")
        self.text = PaneText(theme, self._blocks, self._sent_as)
        self._waits = Text(theme, "", color="text2", wrap=True)
        self.problem = PaneProblem(theme)
        self._bar = PaneBar(theme, translate("PaneView", "Progress of the answer"))
        self._bar.setFixedWidth(64)
        self._end_mark = Mark(theme, "check")
        self._stage = Text(theme, "", "small", color="text2", elide=True)
        self.stop = IconButton(theme, "square", translate("PaneView", "Stop this answer"), size="s")
        self.again = IconButton(theme, "rotate-ccw", translate("PaneView", "Try again"), size="s")
        self._note = Text(theme, "", "small", color="text2", wrap=True)
        self.figures = Figures(theme)
        self._hidden = QWidget()
        self.vote = VoteButton(theme)
        self._lay_out()
        self.stop.clicked.connect(lambda: self.acted.emit("stop"))
        for again in (self.problem.again, self.again):
            again.clicked.connect(lambda: self.acted.emit("try_again"))
        self.vote.clicked.connect(lambda: self.acted.emit("vote"))
        self.refresh()

    @property
    def pane(self) -> Pane:
        return self._run.in_order[self.place]

    # ------------------------------------------------------------ building
    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(15, 12, 11, 12)
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        head.addWidget(self._chip)
        head.addWidget(self._name_hidden)
        column.addLayout(head)
        column.addWidget(Divider(self.theme))
        column.addLayout(self._make_body(), 1)
        column.addWidget(Divider(self.theme))
        column.addWidget(self.figures)
        self._make_hidden()
        column.addWidget(self._hidden)
        column.addWidget(Divider(self.theme))
        foot = QHBoxLayout()
        foot.setContentsMargins(11, 10, 11, 10)
        foot.addWidget(self.vote)
        column.addLayout(foot)

    def _make_body(self) -> QVBoxLayout:
        body = QVBoxLayout()
        body.setContentsMargins(15, 12, 11, 12)
        body.setSpacing(8)
        body.addWidget(self._waits, 0, Qt.AlignmentFlag.AlignTop)
        body.addWidget(self.text, 1)
        body.addWidget(self.problem)
        body.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._bar)
        row.addWidget(self._end_mark)
        row.addWidget(self._stage, 1)
        row.addWidget(self.stop)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignRight)
        body.addLayout(row)
        body.addWidget(self._note)
        return body

    def _make_hidden(self) -> None:
        row = QHBoxLayout(self._hidden)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(10)
        row.addWidget(Mark(self.theme, "eye-off"))
        words = translate("PaneView", "Name, speed and cost appear after you vote")
        row.addWidget(Text(self.theme, words, "small", color="text2", wrap=True), 1)

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """Show the pane as it is now."""
        hidden = self._run.names_hidden
        self._show_head(hidden=hidden)
        self._show_body()
        self._show_progress(hidden=hidden)
        self._show_note(hidden=hidden)
        self.figures.setVisible(not hidden)
        self._hidden.setVisible(hidden)
        if not hidden:
            self.figures.show_pane(self.pane)
        self._show_vote()

    def grow(self) -> None:
        """More of the answer is there."""
        if self._run.shows_answers and self.pane.text.strip():
            self.text.setVisible(True)
            self._waits.hide()
            self.text.show_caret(self._caret)
            self.text.show_soon()
        self._show_progress(hidden=self._run.names_hidden)

    def _blocks(self) -> tuple[CitedBlock, ...]:
        marks = self._run.marks(self.pane, with_differences=self._model.shows_differences)
        return marked(self.pane.blocks, marks, translate("PaneView", "[name hidden]"))

    def _sent_as(self, words: str) -> str:
        """What stood for these words in what the model wrote."""
        pane = self.pane
        for place in pane.answer.restored if pane.answer is not None else ():
            if words in pane.text[place.start : place.end]:
                return translate("PaneView", "Sent as {placeholder}").format(placeholder=place.placeholder)
        return ""

    def _show_head(self, *, hidden: bool) -> None:
        pane = self.pane
        name = compare.place_name(self.place) if hidden else pane.name
        self._title.setText(name)
        self._mark.setVisible(not hidden)
        self._chip.setVisible(not hidden)
        self._chip.setToolTip("")
        self._name_hidden.setVisible(hidden)
        if hidden:
            words = translate("PaneView", "{answer}, name hidden").format(answer=name)
        elif pane.is_remote:
            self._mark.show_icon("arrow-up-right", "outbound_text")
            self._chip.show_status(pane.host, "outbound", "")
            self._chip.setToolTip(tooltip_of(pane.host))
            words = translate("PaneView", "Answer from {model}, left this computer").format(model=name)
            if pane.stage in ("preparing", "unsent"):
                words = translate("PaneView", "Answer from {model}, nothing has been sent").format(model=name)
                if pane.was_sent:
                    words = translate("PaneView", "Answer from {model}, not sent again").format(model=name)
        else:
            self._mark.show_icon("lock", "primary")
            self._chip.show_status(translate("PaneView", "Stays here"), "local", "")
            self._chip.setToolTip("")
            words = translate("PaneView", "Answer from {model}, stays on this computer").format(model=name)
        self.setAccessibleName(words)
        self.text.setAccessibleName(words)

    def _show_body(self) -> None:
        pane, shows = self.pane, self._run.shows_answers
        waits = self._waiting_words()
        self._waits.setText(waits)
        self._waits.setVisible(bool(waits))
        self.text.setVisible(shows and bool(pane.text.strip()))
        self.text.show_caret(self._caret)
        # While names are hidden every answer has the same look.
        self.text.use_copper(pane.is_remote and not self._run.names_hidden)
        if shows:
            self.text.show_now()
            self.text.setAccessibleDescription(compare.restored(len(pane.answer.restored) if pane.answer else 0))
        problem = pane.problem if shows else None
        if problem is None:
            self.problem.hide()
        else:
            words = compare.hidden_problem() if self._run.names_hidden else wording.words_for_kind(*problem)
            self.problem.show_words(words, "" if self._run.is_live else translate("PaneView", "This comparison was kept earlier"))

    @property
    def _caret(self) -> str:
        """The colour of the caret: where what is being written comes from; empty when nothing is."""
        pane = self.pane
        if not self._run.shows_answers or pane.stage != "writing":
            return ""
        return "outbound" if pane.is_remote else "primary"

    def _waiting_words(self) -> str:
        """What is said where there is no answer to read yet."""
        pane, run = self.pane, self._run
        if not run.shows_answers:
            return translate("PaneView", "Answers appear together when all are finished.")
        if pane.stage == "unsent" and self._model.setup.is_confidential:
            return translate("PaneView", "The matter is marked as confidential: nothing of it leaves this computer.")
        if pane.stage == "unsent" and pane.was_sent:
            return translate("PaneView", "Waiting for your approval. Nothing is sent again before that.")
        if pane.stage == "unsent":
            return translate("PaneView", "Waiting for your approval. Nothing has been sent.")
        if pane.has_ended and pane.problem is None and not pane.text.strip():
            return translate("PaneView", "The model wrote nothing.")
        return ""

    def _show_progress(self, *, hidden: bool) -> None:
        """While names are hidden every pane says the same: what is quick, and what leaves, would tell them apart."""
        pane = self.pane
        ended = pane.has_ended
        answer = pane.answer
        self._bar.setVisible(not hidden and not ended)
        self._end_mark.setVisible(not hidden and ended)
        self._stage.setVisible(not hidden)
        self.stop.setVisible(not hidden and pane.is_running)
        self.again.setVisible(self._run.shows_answers and self._run.is_live and pane.is_unfinished)
        self.again.set_name(translate("PaneView", "Try again: {answer}").format(answer=self._title.text()))
        if hidden:
            return
        if ended and answer is not None:
            words = compare.end(answer)
            color = "text2" if words.tone == "neutral" else f"{words.tone}_text"
            self._end_mark.show_icon(words.icon, color)
            self._stage.setText(words.text)
            return
        self._bar.set_tone("outbound" if pane.is_remote else "local")
        self._bar.set_share(0.0 if pane.stage == "unsent" else pane.share)
        is_repeat = pane.stage == "unsent" and pane.was_sent
        stage = compare.stage(pane.stage, pane.n_read, pane.n_to_read)
        self._stage.setText(translate("PaneView", "Not sent again") if is_repeat else stage)
        self.stop.set_name(translate("PaneView", "Stop {model}").format(model=pane.name))

    def _show_note(self, *, hidden: bool) -> None:
        pane, parts = self.pane, []
        if not hidden and isinstance(pane.choice, RemoteChoice):
            parts += [compare.difference(each) for each in (pane.receiver.differs if pane.receiver else ())]
            parts += _notes(pane.choice, pane.answer if pane.has_ended else None)
        if self._model.shows_differences:
            parts.append(self._differences())
        note = " ".join(part for part in parts if part)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _differences(self) -> str:
        run, measure = self._run, self._run.measure
        found = run.differences(self.pane)
        if measure is self.pane:
            return translate("PaneView", "The others are compared with this answer.")
        if found is None or measure is None:
            return ""
        name = compare.place_name(run.order.index(measure.number)) if run.names_hidden else measure.name
        if not found.is_compared:
            return translate("PaneView", "Too long to be compared word by word.")
        words = compare.words(found.n_words)
        return translate("PaneView", "Underlined: {words} that {answer} does not have.").format(words=words, answer=name)

    def _show_vote(self) -> None:
        run, pane = self._run, self.pane
        chosen = run.choice is not None and run.choice.best == pane.number
        name = compare.place_name(self.place) if run.names_hidden else pane.name
        self.vote.show_vote(name, self.place, chosen=chosen, why_not="" if chosen else self._model.why_not_vote)


def _notes(asked: RemoteChoice, answer: PaneAnswer | None) -> list[str]:
    """What the figures of a remote answer do not say."""
    if answer is None:
        return []
    found = answer.tokens
    says_more = found is not None and bool(found.cached or found.reasoning)
    return [
        compare.answered_by(asked.model, answer.answered_by),
        compare.tokens_note(found) if says_more else "",
        compare.cost_note(answer.cost, found),
    ]
