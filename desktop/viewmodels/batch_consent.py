"""The consent for a whole set of prompts: each text can be read, one approval covers exactly these. QtCore only."""

from __future__ import annotations

from hashlib import sha256

from desktop import figures
from desktop.viewmodels.approval import Approval
from desktop.viewmodels.window_model import EngineBridge
from engine import compare_events, compare_intents, events
from engine.intents import Intent
from engine.ledger_events import WorkPrepared

#: What was made ready to be sent: a run of a set on two models, or the work of a set by its route.
Prepared = compare_events.EvaluationPrepared | WorkPrepared


class BatchConsentModel(Approval):
    """It holds the approval of the batch as it was prepared, and goes through its texts one by one."""

    def __init__(self, bridge: EngineBridge, prepared: Prepared) -> None:
        self._prepared = prepared
        super().__init__(bridge, prepared.previews, prepared.receivers)
        self._check_approval()

    def _check_approval(self) -> None:
        """The approval of the batch must be that of the bodies that are shown, a line break between two."""
        bodies = b"\n".join(each.body for each in self.to_send)
        self._is_sound = self._is_sound and sha256(bodies).hexdigest() == self._prepared.sha256

    @property
    def place_words(self) -> str:
        """`Text 3 of 120`."""
        here, n = figures.number(self.place + 1), figures.number(len(self.previews))
        return self.tr("Text {here} of {n}").format(here=here, n=n)

    def _approval(self) -> Intent:
        return compare_intents.RunEvaluation(self._prepared.request, self._prepared.sha256)

    def _take(self, event: events.Event) -> None:
        request = self._prepared.request
        match event:
            case compare_events.EvaluationPrepared() if event.request == request:
                self._take_prepared(event)
            case compare_events.EvaluationFailed() | compare_events.ComparisonRefused() if event.request == request:
                self._refused(event.error)
            case compare_events.EvaluationProgress() | compare_events.EvaluationFinished() if event.request == request:
                self._begun()

    def _begun(self) -> None:
        if self.is_sending:
            self.is_sending = False
            self.sent.emit()

    def _take_prepared(self, prepared: Prepared) -> None:
        if prepared == self._prepared:
            return
        self.is_read, self.shows_originals = False, False
        self.change_words = self.tr("What is sent has changed. Read the texts again before you send them.")
        self._prepared = prepared
        self._use(prepared.previews, prepared.receivers)
        self._check_approval()
        self._show_again()
