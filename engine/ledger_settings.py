"""What the user told the ledger: currency, electricity, hardware, reference models, budgets, and the thresholds of advice.

Part of the settings. Amounts are decimal numbers as they were typed, in the currency that stands beside them; what is dated
holds from its day on, so that a later price does not change an earlier month.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1000000000"), max_digits=15, decimal_places=6)]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ExchangeRate(_Kept):
    """One dollar is `per_usd` units of `currency`, as the user looked it up on `day`."""

    currency: CurrencyCode
    day: date
    per_usd: Annotated[Decimal, Field(gt=0, le=Decimal("10000000"), max_digits=15, decimal_places=8)]


class Tariff(_Kept):
    """What a kilowatt-hour costs from `day` on."""

    day: date
    currency: CurrencyCode = "USD"
    per_kwh: Annotated[Decimal, Field(ge=0, le=Decimal("1000000"), max_digits=13, decimal_places=6)]


class MeterWatts(_Kept):
    """What a plug meter showed: watts while the computer idles and while it answers. `busy` is not below `idle`."""

    idle: int = Field(ge=0, le=100_000)
    busy: int = Field(ge=0, le=100_000)


class Hardware(_Kept):
    """What the computer cost, over how many months that is spread, and how much of it this work is."""

    price: Amount
    currency: CurrencyCode = "USD"
    bought: date
    n_months: int = Field(default=48, ge=1, le=240)
    share_percent: int = Field(default=100, ge=1, le=100)


class Budget(_Kept):
    """A limit for what is paid to remote models in a local month.

    `scope`: '' for everything, `provider:ID` or `workload:ID`. A hard one lets no request out that could pass it.
    """

    scope: str = Field(default="", max_length=200)
    limit: Amount
    currency: CurrencyCode = "USD"
    is_hard: bool = False
    warn_percent: tuple[Annotated[int, Field(ge=1, le=100)], ...] = (50, 80, 100)


class Thresholds(_Kept):
    """By which figures advice is given. Money in dollars."""

    margin_percent: int = Field(default=5, ge=1, le=20, description="By how much the local model may be worse.")
    ratio_percent: int = Field(default=95, ge=50, le=100, description="The part of the quality that it has to reach.")
    context_percent: int = Field(default=80, ge=10, le=100, description="Of the model's context that long prompts may fill.")
    capacity_percent: int = Field(default=80, ge=10, le=100, description="Of what the computer can do that may be needed.")
    least_saving: Amount = Decimal(5)
    least_saving_percent: int = Field(default=20, ge=0, le=100)
    few_items: int = Field(default=1000, ge=0)
    low_cost: Amount = Decimal(20)
    least_prompts: int = Field(default=100, ge=10)
    valid_percent: int = Field(default=98, ge=50, le=100)
    sample_percent: int = Field(default=2, ge=0, le=100)
    least_sample: int = Field(default=20, ge=0)
    watch_days: int = Field(default=14, ge=0)
    watch_items: int = Field(default=200, ge=0)


class LedgerSettings(_Kept):
    """All of it. An empty one counts in dollars, with an example price of electricity that is marked as one."""

    currency: CurrencyCode = "USD"
    rates: tuple[ExchangeRate, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    watts: MeterWatts | None = None
    is_on_anyway: bool = Field(default=True, description="The computer would be on in any case: idle watts do not count.")
    hardware: Hardware | None = None
    co2_g_per_kwh: int | None = Field(default=None, ge=0, le=5000)
    would_use: str = Field(default="", max_length=300, description="PROVIDER/MODEL; '' is the program's suggestion.")
    strong: str = Field(default="", max_length=300)
    cheapest: str = Field(default="", max_length=300)
    would_use_batch: bool = Field(default=False, description="The reference would have been asked in batches, at half the price.")
    budgets: tuple[Budget, ...] = Field(default=(), max_length=100)
    usable_percent: int = Field(default=50, ge=1, le=100, description="Part of all hours in which the computer can work.")
    keep_months: int = Field(default=25, ge=13, le=240, description="How long single entries are kept; sums stay.")
    thresholds: Thresholds = Thresholds()
