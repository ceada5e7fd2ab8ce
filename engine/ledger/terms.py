"""By what the months of the ledger are worked out: what the user entered, what models cost, how tokens compare, and the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.ledger.price_book import PriceBook
from engine.ledger.ratios import Ratio
from engine.ledger_records import WorkloadId
from engine.ledger_settings import LedgerSettings

#: The tokens of a reference for one of a local model, in a kind of work.
RatioOf = Callable[[str, str, WorkloadId], Ratio]


@dataclass(frozen=True)
class Terms:
    """`today` is the local day; no month after it is worked out."""

    settings: LedgerSettings
    book: PriceBook
    ratio: RatioOf
    today: date
