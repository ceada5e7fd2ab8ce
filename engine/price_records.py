"""What is paid to providers elsewhere, what models cost, and the currency that amounts are shown in. Frozen values.

Bills are counted by the day of UTC, as providers do. None is not known, never nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.ledger_records import NO_WORKLOAD, WorkloadId
from engine.provider_records import CostSource


# ---------------------------------------------------------------- what is paid elsewhere
@dataclass(frozen=True)
class BillLine:
    """What one provider charged on one day (UTC) for one model, as its own export says. `cost` None: it names no money."""

    day: date
    provider: str
    model: str
    n_requests: int
    prompt: int
    generated: int
    cached: int = 0
    cost: int | None = None


@dataclass(frozen=True)
class Bill:
    """An export of a provider that was read. `cost_source`: the provider's own money, or computed from its tokens.

    `workload`: the work that it was for, '' for none in particular. `includes_ours`: what Strongroom asked of that provider
    on those days is part of it, so that it is not counted twice.
    """

    id: str
    provider: str
    file_name: str
    first: date
    last: date
    n_lines: int
    n_requests: int
    prompt: int
    generated: int
    cost: int | None
    cost_source: CostSource
    imported: datetime
    workload: WorkloadId = NO_WORKLOAD
    includes_ours: bool = True
    n_skipped: int = 0


@dataclass(frozen=True)
class BillDay:
    """The lines of an import for one day and provider, all models together.

    `cost` is of those whose cost is known, None: of none. `n_unpriced` lines have no known cost.
    """

    day: date
    provider: str
    workload: WorkloadId
    includes_ours: bool
    n_requests: int
    prompt: int
    generated: int
    cost: int | None
    n_unpriced: int = 0


# ---------------------------------------------------------------- prices
PriceSource = Literal["own", "imported", "bundled"]


@dataclass(frozen=True)
class ListedPrice:
    """What a model costs, in pico-dollars a token. `model` is `PROVIDER/MODEL`; `first` and `last` are days, None: open.

    `checked` is when somebody compared it with the provider's page, '' if that is not known.
    """

    model: str
    prompt: int
    generated: int
    cached: int | None = None
    cache_write: int | None = None
    first: date | None = None
    last: date | None = None
    source: PriceSource = "bundled"
    url: str = ""
    checked: str = ""
    note: str = ""
    has_steps: bool = False  # longer prompts cost more; these are the prices of short ones


@dataclass(frozen=True)
class Currency:
    """What amounts are shown in. `per_usd` is how many nano-units one dollar is, as the user entered it for `as_of`."""

    code: str = "USD"
    per_usd: int = 1_000_000_000
    as_of: date | None = None
