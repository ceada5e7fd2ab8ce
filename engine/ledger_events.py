"""Happenings of the ledger. Like those of `events`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.advice_records import Advice
from engine.compare_records import Preview, Receiver
from engine.errors import StrongroomError
from engine.events import Event
from engine.ledger_records import LedgerCheck, Month, OpenCall, Spread, WorkloadId
from engine.price_records import Bill, Currency, ListedPrice
from engine.records import RequestId
from engine.statement_records import BudgetState, Calculation, LedgerPage


@dataclass(frozen=True)
class LedgerShown(Event):
    page: LedgerPage


@dataclass(frozen=True)
class LedgerRefused(Event):
    """A wish about the ledger could not be carried out; nothing was changed. `wish` is its name, such as `ImportPrices`."""

    wish: str
    error: StrongroomError
    request: RequestId | None = None


@dataclass(frozen=True)
class MonthSaved(Event):
    """What the running month has saved so far, for the status bar; after each entry, but not more than once a second.

    `net` None: not known, as with no work yet. `n_items` counts what was answered here.
    """

    month: Month
    currency: Currency
    net: Spread | None
    n_items: int = 0


@dataclass(frozen=True)
class LedgerChecked(Event):
    check: LedgerCheck


@dataclass(frozen=True)
class LedgerExported(Event):
    file: Path


@dataclass(frozen=True)
class OpenCallsListed(Event):
    calls: tuple[OpenCall, ...]


@dataclass(frozen=True)
class BudgetWarned(Event):
    """What was paid has reached a threshold of a budget; once for each threshold and month."""

    budget: BudgetState
    currency: Currency


@dataclass(frozen=True)
class PricesListed(Event):
    """`n_found` have the text that was looked for; `prices` are the first of them. `imported`: from which file, '' for none."""

    text: str
    prices: tuple[ListedPrice, ...]
    n_found: int
    as_of: str
    age_days: int
    imported: str = ""


@dataclass(frozen=True)
class BillRead(Event):
    """What a file holds, before it is kept. `n_replaced` lines of earlier imports would be replaced."""

    request: RequestId
    bill: Bill
    n_replaced: int = 0


@dataclass(frozen=True)
class BillsListed(Event):
    bills: tuple[Bill, ...]


@dataclass(frozen=True)
class Calculated(Event):
    request: RequestId
    calculation: Calculation


@dataclass(frozen=True)
class AdviceShown(Event):
    """One for each workload, the most worthwhile first; what always runs here is not among them."""

    advice: tuple[Advice, ...]
    currency: Currency


@dataclass(frozen=True)
class WorkPrepared(Event):
    """What a run by the route would do: `n_local` prompts are answered here, `n_remote` by the remote model, `n_sample` by both
    where the remote answer is only a sample. `previews` and `receivers` are what would be sent, `sha256` approves all of it
    ('' where nothing is).
    """

    request: RequestId
    workload: WorkloadId
    n_local: int
    n_remote: int
    n_sample: int
    previews: tuple[Preview, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    sha256: str = ""
    max_cost: int | None = 0


@dataclass(frozen=True)
class WorkFinished(Event):
    """`n_done` prompts have their answer; the answers are comparisons of the set in its matter. `spent` in nano-dollars."""

    request: RequestId
    workload: WorkloadId
    n_done: int
    n_failed: int
    n_local: int
    n_remote: int
    spent: int | None
