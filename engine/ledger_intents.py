"""Wishes about the ledger: months, prices, bills, advice, routes. Like those of `intents`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.advice_records import Route, Traits
from engine.intents import Intent
from engine.ledger_records import NO_WORKLOAD, Month, WorkloadId
from engine.price_records import ListedPrice
from engine.records import MatterId, RequestId
from engine.statement_records import CalculatorInput


# ---------------------------------------------------------------- months
@dataclass(frozen=True)
class ShowLedger(Intent):
    """A month (None: the running one). Answered by LedgerShown, or LedgerRefused."""

    month: Month | None = None


@dataclass(frozen=True)
class CheckLedger(Intent):
    """Compare the sums with the entries; `rebuild` makes the sums anew. Answered by LedgerChecked."""

    rebuild: bool = False


@dataclass(frozen=True)
class ExportLedger(Intent):
    """Write a month to a file, by its ending: .csv, .xlsx or .pdf; `entries` writes every entry of it (.csv). Answered by
    LedgerExported, or LedgerRefused.
    """

    file: Path
    month: Month | None = None
    entries: bool = False


@dataclass(frozen=True)
class ListOpenCalls(Intent):
    """The requests whose cost is not known. Answered by OpenCallsListed."""


@dataclass(frozen=True)
class ResolveCall(Intent):
    """Say what a request with an unknown cost did cost, in nano-dollars, as the provider's invoice has it.

    The entry is taken back and a new one made. Answered by OpenCallsListed.
    """

    call: str
    cost: int


# ---------------------------------------------------------------- prices
@dataclass(frozen=True)
class ListPrices(Intent):
    """Prices whose `PROVIDER/MODEL` has the text in it, one's own first. Answered by PricesListed."""

    text: str = ""
    limit: int = 200


@dataclass(frozen=True)
class KeepPrice(Intent):
    """A price of one's own, which goes before the lists. Answered by PricesListed, or LedgerRefused."""

    price: ListedPrice


@dataclass(frozen=True)
class RemovePrice(Intent):
    """Forget a price of one's own, by its model and first day. Answered by PricesListed."""

    price: ListedPrice


@dataclass(frozen=True)
class ImportPrices(Intent):
    """Take a price list from a file in place of the one that was imported before. Answered by PricesListed, or LedgerRefused."""

    file: Path


# ---------------------------------------------------------------- bills
@dataclass(frozen=True)
class ReadBill(Intent):
    """Read a usage export of a provider; nothing is kept yet. Answered by BillRead, or LedgerRefused."""

    request: RequestId
    file: Path


@dataclass(frozen=True)
class KeepBill(Intent):
    """Keep what ReadBill found. A day of a provider takes the place of what was imported of that day before.

    Answered by BillsListed.
    """

    request: RequestId
    workload: WorkloadId = NO_WORKLOAD
    includes_ours: bool = True


@dataclass(frozen=True)
class ListBills(Intent):
    """Answered by BillsListed."""


@dataclass(frozen=True)
class RemoveBill(Intent):
    """Forget an import. Answered by BillsListed."""

    bill: str


# ---------------------------------------------------------------- the calculator
@dataclass(frozen=True)
class Calculate(Intent):
    """Answered by Calculated, or LedgerRefused."""

    request: RequestId
    asked: CalculatorInput


# ---------------------------------------------------------------- advice and routes
@dataclass(frozen=True)
class ShowAdvice(Intent):
    """What to move next. Answered by AdviceShown."""


@dataclass(frozen=True)
class DescribeWorkload(Intent):
    """What the user says of a workload. Answered by AdviceShown."""

    workload: WorkloadId
    traits: Traits


@dataclass(frozen=True)
class MoveWorkload(Intent):
    """Run a workload elsewhere from now on; `since` in the route does not count. Answered by AdviceShown, or LedgerRefused."""

    workload: WorkloadId
    route: Route


@dataclass(frozen=True)
class ReturnWorkload(Intent):
    """Run a workload where it ran before its last move. Answered by AdviceShown, or LedgerRefused."""

    workload: WorkloadId


@dataclass(frozen=True)
class PrepareWork(Intent):
    """Make ready to answer the prompts of a set by the route of its workload. Answered by WorkPrepared, or LedgerRefused.

    Nothing begins. `hides` False sends names and numbers as they are.
    """

    request: RequestId
    matter: MatterId
    workload: WorkloadId
    hides: bool = True


@dataclass(frozen=True)
class RunWork(Intent):
    """Begin what was prepared. `approved` is the SHA-256 of what the person read, '' where nothing would be sent, or to leave
    out what is only a sample. Progress by EvaluationProgress; ends in WorkFinished or EvaluationFailed. StopEvaluation ends it.
    """

    request: RequestId
    approved: str = ""
