"""The consent for what the work of a set would send: each text can be read, one approval covers exactly these. QtCore only."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import work_run
from engine import compare_events, events, ledger_intents
from engine.intents import Intent
from engine.ledger_events import LedgerRefused, WorkFinished, WorkPrepared


class WorkConsentModel(BatchConsentModel):
    """`emptied`: it was prepared anew, and nothing of it would be sent any more."""

    emptied = Signal()

    def __init__(self, bridge: EngineBridge, prepared: WorkPrepared) -> None:
        super().__init__(bridge, prepared)
        self.only_samples = work_run.only_samples(prepared)

    def _approval(self) -> Intent:
        return ledger_intents.RunWork(self._prepared.request, self._prepared.sha256)

    def _take(self, event: events.Event) -> None:
        request = self._prepared.request
        match event:
            case WorkPrepared() if event.request == request and not event.previews:
                self.emptied.emit()
            case WorkPrepared() if event.request == request:
                self.only_samples = work_run.only_samples(event)
                self._take_prepared(event)
            case compare_events.EvaluationFailed() | LedgerRefused() if event.request == request:
                self._refused(event.error)
            case compare_events.EvaluationProgress() | WorkFinished() if event.request == request:
                self._begun()
