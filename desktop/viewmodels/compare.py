"""The Compare screen, ready to show: the prompt being written, who is asked, the comparison on the screen, the vote.

QtCore only: no widgets, no threads, and nothing of the engine beyond intents and events. Nothing here sends a text to
another computer: that takes the consent sheet, which is opened with the newest preview.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.compare_ballot import vote_of, why_not_vote
from desktop.viewmodels.compare_draft import PromptDraft
from desktop.viewmodels.compare_history import CompareHistory
from desktop.viewmodels.compare_pane import Pane
from desktop.viewmodels.compare_run import Choice, ComparisonRun, stored_run
from desktop.viewmodels.compare_setup import CompareSetup
from desktop.viewmodels.compare_votes import CompareVotes
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import compare as words
from engine import compare_events, compare_intents, events
from engine.compare_records import PaneChoice
from engine.errors import StrongroomError
from engine.records import DocumentId, Matter, MatterId, RequestId
from engine.settings import Settings
from engine.vote_records import Judgement


class CompareModel(QObject):
    """`opened`: another comparison is shown, or none. `pane_changed` carries the Pane that got further.

    `announced` carries words for screen readers and whether they are urgent, `told` a line about a finished export.
    """

    changed = Signal()
    opened = Signal()
    pane_changed = Signal(object)
    draft_replaced = Signal()
    announced = Signal(str, bool)
    told = Signal(str)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.matter: Matter | None = None
        self.prompt = PromptDraft()
        self.setup = CompareSetup()
        self.votes = CompareVotes(bridge, self)
        self.history = CompareHistory(bridge, self)
        self.settings = Settings()
        self.is_blind = False
        self.shows_differences = False
        self.recognised = False
        self.refusal: StrongroomError | None = None  # why the last prompt could not be compared at all
        self._shown: dict[MatterId | None, ComparisonRun] = {}
        self._live: dict[RequestId, ComparisonRun] = {}
        self.votes.changed.connect(self.changed)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ what is open
    @property
    def _place(self) -> MatterId | None:
        return self.matter.id if self.matter else None

    @property
    def run(self) -> ComparisonRun | None:
        """The comparison on the screen; None while the next one is being written."""
        return self._shown.get(self._place)

    def ask_for_lists(self) -> None:
        """Learn which providers and sets there are now."""
        self._bridge.submit(compare_intents.ListProviders())
        self.votes.ask(self._place)
        self.ask_for_history()

    def ask_for_history(self) -> None:
        """Learn what was compared in this matter before, unless that is known."""
        self.history.ask(self._place)

    # ------------------------------------------------------------ writing
    def write(self, text: str) -> None:
        """Note what is written."""
        if text != self.prompt.text:
            self.prompt.write(text)
            self.changed.emit()

    def attach(self, document: DocumentId, *, included: bool) -> None:
        """Let passages of a document be part of the prompt, or no longer."""
        self.prompt.attach(document, included=included)
        self.changed.emit()

    def choose(self, pane: int, choice: PaneChoice) -> None:
        self.setup.choose(pane, choice)
        self.changed.emit()

    def set_number(self, n: int) -> None:
        """Ask two to four models from the next prompt on."""
        self.setup.set_number(n)
        self.changed.emit()

    def set_hides(self, hides: bool) -> None:
        self.prompt.hides = hides
        self.changed.emit()

    def set_blind(self, is_blind: bool) -> None:
        """Hide names from the next prompt on, or show them at once; a vote after that is not blind."""
        self.is_blind = is_blind
        run = self.run
        if run is not None and not is_blind and run.names_hidden:
            run.was_revealed = True
            self.opened.emit()
        self.changed.emit()

    def show_differences(self, shown: bool) -> None:
        self.shows_differences = shown
        self.changed.emit()

    @property
    def why_not_compare(self) -> str:
        """Why the written prompt cannot be compared now; empty if it can."""
        if not self.prompt.text.strip():
            return self.tr("Write a prompt first")
        return self.setup.why_not_compare

    def compare(self) -> None:
        """Put the draft to the chosen models. Local ones begin; for remote ones nothing is sent."""
        chosen = [each for each in self.setup.panes if each is not None]
        if self.run is not None or self.why_not_compare:
            return
        text, vote_set = self.prompt.text.strip(), self.votes.vote_set
        number = self.votes.number_of(text)
        panes = [Pane(at, each.choice, each.name, each.host) for at, each in enumerate(chosen)]
        run = ComparisonRun(
            RequestId(uuid.uuid4().hex), self._place, text, panes, documents=self.prompt.attached, prompt=number,
            vote_set=vote_set.id if vote_set else None, is_blind=self.is_blind, hides=self.prompt.hides,
        )  # fmt: skip
        self._live[run.request] = self._shown[self._place] = run
        self.prompt.write("")
        self.refusal, self.recognised = None, False
        choices = tuple(each.choice for each in chosen)
        wish = compare_intents.PrepareComparison(
            run.request, run.matter, text, choices, run.documents, run.vote_set, run.hides, run.is_blind, number
        )
        self._bridge.submit(wish)
        self._show()

    # ------------------------------------------------------------ the comparison on the screen
    def stop(self, pane: Pane | None = None) -> None:
        """End one answer, or all; what is written stays."""
        run = self.run
        if run is not None and run.is_live and run.is_running:
            self._bridge.submit(compare_intents.StopPane(run.request, None if pane is None else pane.number))

    def try_again(self, pane: Pane) -> None:
        """Answer once more; a remote model waits for a new approval."""
        run = self.run
        if run is not None and run.is_live and pane.has_ended:
            self._bridge.submit(compare_intents.TryPaneAgain(run.request, pane.number))

    def edit(self) -> None:
        """Leave the comparison and write its prompt anew; what was answered is kept in the matter."""
        if (run := self.run) is not None:
            self.prompt.attach_only(run.documents)
            self._leave(run.question)

    def next(self) -> None:
        """Leave for the next one: while names are hidden a pair of the set that nobody judged, else its next prompt."""
        run, matter = self.run, self.matter
        if run is not None:
            self.votes.note_compared(run.prompt)
            self.votes.note_judged(run.comparison if run.choice else None)
        waits = self.votes.next_to_judge(run.comparison if run else None) if self.is_blind else None
        if waits is not None and matter is not None:
            self._bridge.submit(compare_intents.OpenComparison(matter.id, waits))
            return
        prompt = self.votes.next_prompt
        self.begin(prompt.text if prompt else "")

    def begin(self, text: str) -> None:
        """Write this prompt, which is to be compared next; what is shown is left."""
        if self.run is not None:
            self._leave(text)
        elif text:
            self.prompt.write(text)
            self.draft_replaced.emit()
            self.changed.emit()

    def _leave(self, draft: str) -> None:
        run = self._shown.pop(self._place)
        if run.is_live:
            self._live.pop(run.request, None)
            self._bridge.submit(compare_intents.CloseComparison(run.request))
        self.prompt.write(draft)
        self._show()
        self.draft_replaced.emit()

    def delete_shown(self) -> None:
        """Remove the comparison that is shown; its prompt is kept to be written on. To be called only after a question."""
        if self.run is not None and self.run.comparison is not None:
            key, prompt = self.run.comparison, self.run.question
            self._leave(prompt)
            self.history.delete(key)

    def export(self, file: Path) -> None:
        """Write the comparisons and votes of the chosen set, or of all, to a file."""
        if self.matter is not None:
            vote_set = self.votes.vote_set
            wish = compare_intents.ExportComparisons(self.matter.id, file, vote_set.id if vote_set else None)
            self._bridge.submit(wish)

    # ------------------------------------------------------------ voting
    @property
    def why_not_vote(self) -> str:
        """Why no judgement can be given now; empty if one can."""
        return why_not_vote(self.run, self.votes.vote_set)

    def vote(self, judgement: Judgement, best: int | None = None) -> None:
        """Judge; `best` is a pane's number. The names are shown afterwards."""
        run, vote_set = self.run, self.votes.vote_set
        if run is None or vote_set is None or self.why_not_vote or run.choice == Choice(judgement, best):
            return
        was_hidden = run.names_hidden
        self._bridge.submit(vote_of(run, vote_set, judgement, best, recognised=self.recognised))
        run.choice = Choice(judgement, best)
        self.opened.emit() if was_hidden else self.changed.emit()

    def vote_for(self, place: int) -> None:
        """The answer at this place, from the left, is the best one."""
        run = self.run
        if run is not None and 0 <= place < len(run.order):
            self.vote("best", run.order[place])

    def recognise(self, recognised: bool) -> None:
        self.recognised = recognised

    @property
    def shows_tally(self) -> bool:
        """While names are hidden, so is how they stand."""
        return not self.is_blind and (self.run is None or not self.run.names_hidden)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        request: RequestId | None = getattr(event, "request", None) or getattr(getattr(event, "preview", None), "request", None)
        if request is not None and request in self._live:
            self._take_of_run(self._live[request], event)
            return
        match event:
            case events.MatterOpened() | events.MattersChanged():
                self._take_matter(event)
            case events.DocumentChanged() | events.DocumentRemoved():
                self._take_document(event)
            case events.SettingsChanged():
                self.settings = event.settings
            case compare_events.ComparisonOpened():
                self._open_stored(event)
            case compare_events.ComparisonsExported():
                self.told.emit(self.tr("Exported to {file}. The file is not encrypted.").format(file=event.file.name))
            case _:
                self._take_setup(event)
                self.votes.take(event)

    def _take_setup(self, event: events.Event) -> None:
        match event:
            case events.ModelsListed():
                self.setup.show_models(event.models)
            case events.ModelStateChanged():
                self.setup.show_in_use(event.state.model)
            case compare_events.ProvidersListed():
                self.setup.show_providers(event.providers)
            case _:
                return
        self.changed.emit()

    def _take_matter(self, event: events.MatterOpened | events.MattersChanged) -> None:
        before = self._place
        if isinstance(event, events.MattersChanged):
            now = next((each for each in event.matters if each.id == before), None)
            if self.matter is None or now == self.matter:
                return
            self.matter = now
            if now is None:
                self.prompt.open(None, ())
        else:
            self.matter = event.matter
            self.prompt.open(event.matter.id, event.documents)
        self.setup.show_confidential(self.matter is not None and self.matter.is_confidential)
        if self._place == before:
            self.changed.emit()
            return
        self.votes.ask(self._place)
        self._show()
        self.draft_replaced.emit()

    def _take_document(self, event: events.DocumentChanged | events.DocumentRemoved) -> None:
        if isinstance(event, events.DocumentRemoved):
            is_ours = self.prompt.remove(event.matter, event.document)
        else:
            is_ours = self.prompt.take(event.document)
        if is_ours:
            self.changed.emit()

    def _open_stored(self, event: compare_events.ComparisonOpened) -> None:
        run = stored_run(event.comparison)
        run.was_judged = self.votes.is_judged(run.comparison)
        if self.is_blind and self.votes.is_to_judge(run.comparison):
            run.is_blind, run.order, self.recognised = True, event.order, False
        if (before := self._shown.get(event.comparison.matter)) is not None and before.is_live:
            self._live.pop(before.request, None)
            self._bridge.submit(compare_intents.CloseComparison(before.request))
        self._shown[event.comparison.matter] = run
        self._show()

    # ------------------------------------------------------------ what happens to a comparison
    def _take_of_run(self, run: ComparisonRun, event: events.Event) -> None:
        before, was_done = run.matter, run.is_done
        pane = run.take(event)
        if isinstance(event, compare_events.ComparisonRefused) and run.preview is None:
            self._give_back(run, event.error)
            return
        if run.matter != before:  # the engine started a matter for it
            if self._shown.get(before) is run:
                del self._shown[before]
            self._shown[run.matter] = run
            self._show()
        if run is not self.run:
            return
        if pane is not None:
            self.pane_changed.emit(pane)
        if not isinstance(event, compare_events.PaneGrew | compare_events.PaneProgress):
            self.changed.emit()
        self._announce(run, event, pane, was_done=was_done)

    def _give_back(self, run: ComparisonRun, why: StrongroomError) -> None:
        """It could not even be prepared: its words return to where they were written, before anything written since."""
        del self._live[run.request]
        if self._shown.get(run.matter) is run:
            del self._shown[run.matter]
        self.prompt.give_back(run.matter, run.question)
        self.refusal = why
        self._show()
        self.draft_replaced.emit()

    def _announce(self, run: ComparisonRun, event: events.Event, pane: Pane | None, *, was_done: bool) -> None:
        if isinstance(event, compare_events.PaneEnded) and pane is not None and not run.names_hidden:
            text = f"{pane.name}: {words.end(event.answer).text}"
            self.announced.emit(text, event.answer.problem is not None)
        if run.is_done and not was_done:
            self.announced.emit(
                self.tr("Every answer is there. Choose the best one with 1 to {n}").format(n=len(run.panes)), False
            )

    def _show(self) -> None:
        self.opened.emit()
        self.changed.emit()
