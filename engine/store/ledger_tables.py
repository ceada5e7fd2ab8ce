"""The tables of the ledger in the main store, as this version has them; how they came about is in ledger_schema.

Money is in nano-dollars, energy in micro-watt-hours, ratios in parts of a million, times in microseconds.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from engine.store.columns import Day, ShortId, StoredText, UtcTime
from engine.store.main_tables import MainTable


class KindRow(MainTable, table=True):
    """What figures are of: everything that entries which are summed together agree in, but for their days."""

    __tablename__ = "ledger_kinds"

    id: int | None = Field(default=None, primary_key=True)
    place: str
    workload: str = Field(sa_type=StoredText)
    provider: str = Field(sa_type=StoredText)
    model: str = Field(sa_type=StoredText)
    use: str
    reference: str = Field(sa_type=StoredText)
    ratio_source: str
    energy_method: str


class RatesRow(MainTable, table=True):
    """Prices in pico-dollars a token that entries were reckoned with."""

    __tablename__ = "ledger_rates"

    id: int | None = Field(default=None, primary_key=True)
    prompt: int
    generated: int
    cached: int
    cache_write: int
    snapshot: str = Field(sa_type=StoredText)
    as_of: str = Field(sa_type=StoredText)


class EntryRow(MainTable, table=True):
    """One entry; rows are only ever added. An entry that `reverses` another has its figures, which count as taken off."""

    __tablename__ = "ledger_entries"

    time: datetime = Field(primary_key=True, sa_type=UtcTime)
    id: str = Field(primary_key=True, sa_type=ShortId)
    local_day: date = Field(sa_type=Day)
    utc_day: date = Field(sa_type=Day)
    kind: int
    prompt: int
    generated: int
    cached: int
    cache_write: int
    reasoning: int
    duration_us: int
    ttft_us: int | None
    stop_reason: str = Field(sa_type=StoredText)
    cost: int | None
    at_most: int | None
    cost_source: str
    rates: int | None
    avoided_low: int | None
    avoided_mid: int | None
    avoided_high: int | None
    ratio_low: int | None
    ratio_mid: int | None
    ratio_high: int | None
    avoided_rates: int | None
    energy_low: int | None
    energy_mid: int | None
    energy_high: int | None
    pair: str = Field(sa_type=StoredText)
    reverses: str | None = Field(sa_type=ShortId)


class DayRow(MainTable, table=True):
    """The sums of the entries of one day and kind."""

    __tablename__ = "ledger_days"

    local_day: date = Field(primary_key=True, sa_type=Day)
    utc_day: date = Field(primary_key=True, sa_type=Day)
    kind: int = Field(primary_key=True)
    n: int
    prompt: int
    generated: int
    cached: int
    longest_prompt: int
    duration_us: int
    cost: int
    n_unknown: int
    at_most: int
    n_unbounded: int
    avoided_low: int
    avoided_mid: int
    avoided_high: int
    energy_low: int
    energy_mid: int
    energy_high: int


class KeptRow(MainTable, table=True):
    """The one row that says from which day on every entry is kept."""

    __tablename__ = "ledger_kept"

    id: int = Field(primary_key=True)
    first_day: date = Field(sa_type=Day)


class WorkloadRow(MainTable, table=True):
    """What the user said of a workload and where it runs, as JSON."""

    __tablename__ = "workloads"

    id: str = Field(primary_key=True)
    traits: str = Field(sa_type=StoredText)
    route: str = Field(sa_type=StoredText)


class MoveRow(MainTable, table=True):
    """A change of a route, as JSON; rows are only ever added."""

    __tablename__ = "workload_moves"

    id: int | None = Field(default=None, primary_key=True)
    workload: str
    time: datetime = Field(sa_type=UtcTime)
    json_text: str = Field(sa_type=StoredText)


class BillRow(MainTable, table=True):
    """An export of a provider that was read, as JSON."""

    __tablename__ = "bills"

    id: str = Field(primary_key=True)
    imported: datetime = Field(sa_type=UtcTime)
    workload: str
    includes_ours: bool
    json_text: str = Field(sa_type=StoredText)


class BillLineRow(MainTable, table=True):
    """What a provider charged on one day (UTC) for one model."""

    __tablename__ = "bill_lines"

    bill: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    day: date = Field(sa_type=Day)
    provider: str = Field(sa_type=StoredText)
    model: str = Field(sa_type=StoredText)
    n_requests: int
    prompt: int
    generated: int
    cached: int
    cost: int | None


class OwnPriceRow(MainTable, table=True):
    """A price that the user entered, as JSON; `first_day` in ISO form, '' where it always held."""

    __tablename__ = "own_prices"

    model: str = Field(primary_key=True, sa_type=StoredText)
    first_day: str = Field(primary_key=True)
    json_text: str = Field(sa_type=StoredText)


class ImportedPricesRow(MainTable, table=True):
    """The one price list from a file, as JSON."""

    __tablename__ = "imported_prices"

    id: int = Field(primary_key=True)
    file_name: str = Field(sa_type=StoredText)
    json_text: str = Field(sa_type=StoredText)
