"""The ledger's state: the month that is shown, the advice, and the wishes about them.

QtCore only. Figures come ready from the engine; what is worked out here is only which of them are wanted, and when. While
newer ones are on their way the last ones stay.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop import wording
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings import ledger, ledger_notes
from engine import events, ledger_intents
from engine import ledger_events as happened
from engine.advice_records import Advice
from engine.ledger_records import LedgerCheck, Month, WorkloadId
from engine.price_records import Currency
from engine.statement_records import LedgerPage

translate = QCoreApplication.translate
_PAUSE_MS = 3_000  # between two looks while answers are being counted
_OWN = ("ShowLedger", "ExportLedger", "CheckLedger")


class LedgerModel(QObject):
    """`changed`: the month or what is known about it; `advice_changed`: the advice. `told` and `failed` are lines to be told.

    The signals that end in `_wanted` ask for a sheet or another screen: `evidence_wanted` and `move_wanted` carry an Advice,
    `vote_wanted` a workload ('' for none in particular), `settings_wanted` a part of the settings.
    """

    changed = Signal()
    advice_changed = Signal()
    told = Signal(str)
    warned = Signal(str)
    failed = Signal(object)  # Words
    evidence_wanted = Signal(object)
    move_wanted = Signal(object)
    explain_wanted = Signal()
    calculator_wanted = Signal()
    bill_wanted = Signal()
    settings_wanted = Signal(str)
    vote_wanted = Signal(str)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.page: LedgerPage | None = None  # None: not read yet
        self.month: Month | None = None  # None: the running one
        self.advice: tuple[Advice, ...] | None = None
        self.advice_currency = Currency()
        self.check: LedgerCheck | None = None
        self.is_updating = False
        self._returning: WorkloadId | None = None  # asked for by a press here and not answered yet
        self._is_watched = False
        self._has_checked = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look_if_watched)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def watch(self, is_watched: bool) -> None:
        """Somebody looks, or no longer does; while nobody does, nothing is asked for."""
        self._is_watched = is_watched
        if not is_watched:
            self._pause.stop()
            return
        self.look()
        if not self._has_checked:
            self._has_checked = True
            self._bridge.submit(ledger_intents.CheckLedger())

    def look(self) -> None:
        """Ask for the month and for advice."""
        self._ask_month()
        self._bridge.submit(ledger_intents.ShowAdvice())

    def choose_month(self, month: Month) -> None:
        """Show another month; the running one is followed when a new one begins."""
        newest = self.page.months[0] if self.page is not None and self.page.months else None
        wanted = None if month == newest else month
        if wanted != self.month:
            self.month = wanted
            self._ask_month()

    def step_month(self, n: int) -> None:
        """Show the month that is `n` later in the list of those there are; at an end nothing happens.

        Counted from the month that was asked for last, so that quick steps are not lost while it is on its way.
        """
        months = () if self.page is None else self.page.months
        wanted = self.month or next(iter(months), None)
        if wanted is None or wanted not in months:
            return
        at = months.index(wanted) - n  # newest first
        if 0 <= at < len(months):
            self.choose_month(months[at])

    def export(self, file: Path, *, entries: bool = False) -> None:
        """Write the month that is shown, or its single entries, to a file."""
        self._bridge.submit(ledger_intents.ExportLedger(file, self.month, entries))

    def rebuild(self) -> None:
        """Make the sums of all days anew from the entries."""
        self._bridge.submit(ledger_intents.CheckLedger(rebuild=True))

    def act(self, key: str) -> None:
        """Do what a note offers: `rebuild`, or the part of the settings to go to."""
        if key == "rebuild":
            self.rebuild()
        else:
            self.settings_wanted.emit(key)

    def vote(self, workload: WorkloadId) -> None:
        self.vote_wanted.emit(workload)

    def give_back(self, workload: WorkloadId) -> None:
        """Run a workload again where it ran before its last move."""
        self._returning = workload
        self._bridge.submit(ledger_intents.ReturnWorkload(workload))

    def _ask_month(self) -> None:
        self.is_updating = True
        self._bridge.submit(ledger_intents.ShowLedger(self.month))
        self.changed.emit()

    def _look_if_watched(self) -> None:
        if self._is_watched:
            self.look()

    # ------------------------------------------------------------ ready to show
    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever counted."""
        if self.page is None:
            return False
        shown = self.page.statement
        counted = shown.n_items or shown.n_paid or shown.paid or shown.left_out or shown.n_unknown
        return not counted and not any(bar.n_items or bar.paid or bar.local.high for bar in self.page.bars)

    @property
    def notes(self) -> list[ledger_notes.Note]:
        """What to know about the month, the urgent first."""
        if self.page is None:
            return []
        statement = self.page.statement
        keys = list(statement.caveats)
        if self.check is not None and not self.check.is_sound and "differs" not in keys:
            keys.append("differs")
        if self.check is not None and self.check.is_sound and "differs" in keys:
            keys.remove("differs")
        return sorted((ledger_notes.note(key, statement) for key in keys), key=lambda note: not note.is_urgent)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case happened.LedgerShown() if self._is_wanted(event.page):
                self.page, self.is_updating = event.page, False
                self.check = event.page.check or self.check
                self.changed.emit()
            case happened.AdviceShown():
                self._tell_return(event.advice)
                self.advice, self.advice_currency = event.advice, event.currency
                self.advice_changed.emit()
            case happened.MonthSaved() if self.month is None:
                self._look_soon()
            case happened.BillsListed() | happened.OpenCallsListed() | happened.PricesListed():
                self._look_soon()  # a sheet over the ledger may have changed what its figures follow from
            case events.StoreOpened():
                self._look_if_watched()
            case happened.LedgerChecked():
                self._take_check(event.check)
            case happened.LedgerExported():
                words = translate("ledger", "Exported to {file}. The file is not encrypted.")
                self.told.emit(words.format(file=event.file.name))
            case happened.BudgetWarned():
                self.warned.emit(ledger_notes.budget_warning(event.budget, event.currency))
            case happened.LedgerRefused() if event.wish == "ReturnWorkload" and self._returning is not None:
                self._returning = None
                self.failed.emit(wording.words_for(event.error))
            case happened.LedgerRefused() if event.wish in _OWN:
                self.is_updating = False
                self.failed.emit(wording.words_for(event.error))
                self.changed.emit()

    def _is_wanted(self, page: LedgerPage) -> bool:
        """Answers may come after another month was chosen."""
        if self.month is None:
            return page.statement.is_running
        return page.statement.month == self.month

    def _tell_return(self, now: tuple[Advice, ...]) -> None:
        """Advice may have been on its way before the wish: only another route says that it was carried out."""
        before, after = (
            next((one.workload for one in advice if one.workload.id == self._returning), None)
            for advice in (self.advice or (), now)
        )
        if before is not None and after is not None and before.route != after.route:
            self._returning = None
            words = translate("ledger", "{workload} runs again where it ran before.")
            self.told.emit(words.format(workload=ledger.workload(after.id, after.name)))

    def _look_soon(self) -> None:
        """The figures changed; they are looked at again after a moment, not with every entry."""
        if self._is_watched and not self._pause.isActive():
            self._pause.start()

    def _take_check(self, check: LedgerCheck) -> None:
        self.check = check
        if check.was_rebuilt and check.is_sound:
            self.told.emit(translate("ledger", "The sums were made anew from the entries."))
            self._look_if_watched()
        self.changed.emit()
