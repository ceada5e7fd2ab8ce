"""Importing a provider's own usage export: what was found in it, what it is for, and the imports that are kept. QtCore only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.window_model import EngineBridge
from desktop.viewmodels.work_places import WorkPlaces
from desktop.wordings import bills, ledger
from desktop.wordings.words import Words
from engine import events, ledger_intents
from engine.ledger_events import BillRead, BillsListed, LedgerRefused
from engine.ledger_records import NO_WORKLOAD, WorkloadId
from engine.price_records import Bill
from engine.records import RequestId


class BillsModel(QObject):
    """`changed` after anything of it did; `told` carries what came of keeping or removing an import."""

    changed = Signal()
    told = Signal(str)

    def __init__(self, bridge: EngineBridge, places: WorkPlaces) -> None:
        super().__init__()
        self._bridge = bridge
        self.places = places
        self.kept: tuple[Bill, ...] | None = None  # None: not listed yet
        self.found: BillRead | None = None
        self.problem: Words | None = None
        self.workload: WorkloadId = NO_WORKLOAD
        self.includes_ours = True
        self.is_reading = False
        self._request = RequestId("")
        self._awaited = ""  # what is told once the list has changed
        bridge.happened.connect(self._take)
        places.changed.connect(self.changed)

    # ------------------------------------------------------------ wishes
    def look(self) -> None:
        """Learn which imports are kept, and which workloads there are."""
        self._bridge.submit(ledger_intents.ListBills())
        self.places.ask()

    def read(self, files: Iterable[Path]) -> None:
        """Look into a file; nothing of it is kept yet. Of several, the first."""
        file = next(iter(files), None)
        if file is None or self.is_reading:
            return
        self._request = RequestId(uuid.uuid4().hex)
        self.found, self.problem, self.is_reading = None, None, True
        self._bridge.submit(ledger_intents.ReadBill(self._request, file))
        self.changed.emit()

    def choose_workload(self, workload: WorkloadId) -> None:
        """What the bill was for; '' for nothing in particular."""
        self.workload = workload
        self.changed.emit()

    def set_includes_ours(self, includes: bool) -> None:
        """Whether what was sent from here is part of the bill, and so not counted twice."""
        self.includes_ours = includes
        self.changed.emit()

    def keep(self) -> None:
        if self.found is None or self._awaited:
            return
        self._awaited = bills.kept(self.found.bill)
        self._bridge.submit(ledger_intents.KeepBill(self._request, self.workload, self.includes_ours))
        self.changed.emit()

    def remove(self, bill: Bill) -> None:
        """To be called only after that was confirmed."""
        self._awaited = bills.removed(bill)
        self._bridge.submit(ledger_intents.RemoveBill(bill.id))

    # ------------------------------------------------------------ ready to show
    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        return bills.rows(self.found.bill, self.found.n_replaced) if self.found else ()

    @property
    def note(self) -> str:
        return bills.skipped(self.found.bill) if self.found else ""

    @property
    def workloads(self) -> list[tuple[WorkloadId, str]]:
        """What a bill can be for, by name."""
        found = [(each.workload.id, self._named(each.workload.id)) for each in self.places.advice if not each.workload.is_fixed]
        return [(NO_WORKLOAD, self.tr("Nothing in particular")), *sorted(found, key=lambda pair: pair[1].casefold())]

    @property
    def workload_name(self) -> str:
        return dict(self.workloads).get(self.workload, self.tr("Nothing in particular"))

    def line(self, bill: Bill) -> str:
        """What is said of an earlier import."""
        return bills.line(bill, self._named(bill.workload) if bill.workload else "")

    def _named(self, workload: WorkloadId) -> str:
        advice = self.places.advice_on(workload)
        return ledger.workload(workload, advice.workload.name if advice else "")

    @property
    def why_not_keep(self) -> str:
        """Why nothing can be kept now; empty if it can."""
        if self._awaited:
            return self.tr("It is being kept")
        if self.is_reading:
            return self.tr("The file is being read")
        return "" if self.found else self.tr("Choose a file first")

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case BillRead() if event.request == self._request:
                self.found, self.is_reading = event, False
                self.changed.emit()
            case BillsListed():
                self._take_list(event.bills)
            case LedgerRefused() if event.wish in ("KeepBill", "RemoveBill") or event.request == self._request:
                self.is_reading, self._awaited = False, ""
                self.problem = wording.words_for(event.error)
                self.changed.emit()

    def _take_list(self, kept: tuple[Bill, ...]) -> None:
        has_changed = self.kept is not None and kept != self.kept
        self.kept = kept
        if self._awaited and has_changed:
            words, self._awaited = self._awaited, ""
            self.found, self.problem = None, None
            self.told.emit(words)
        self.changed.emit()
