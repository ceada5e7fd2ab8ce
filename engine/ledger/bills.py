"""What one pays today, from the usage exports that providers offer: a line for each day (UTC), provider and model. Pure.

Of a file only days, models, counts and money are kept; names of keys, projects, work spaces and people are never read.
Where an export names no money, it is worked out from the tokens with list prices, and where that would leave a part out
(searches, sound, a service at another price) it is not known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from engine.errors import BillUnfit
from engine.ledger.bill_table import BillTable, Usage
from engine.ledger.costs import cost_of
from engine.price_records import Bill, BillLine
from engine.provider_records import Rates, TokenCounts

#: `PROVIDER/MODEL`, tokens of one prompt, a moment: what a token costs then. None: not known.
PriceOf = Callable[[str, int, datetime], Rates | None]

MOST_SUMMED = 9_000_000_000_000_000_000  # what a column of the store holds
NANO = Decimal(1_000_000_000)
EXACT = Context(prec=80)
LONGEST_FILE_NAME = 200
BATCH_DISCOUNT_PPM = -500_000
HOUR_WRITES_COUNT = 2  # a token kept for an hour costs twice a read one, at Anthropic, the only one to sell that

Key = tuple[date, str]
_STEP = re.compile(r"(≤|<=?|>=?)\s*([0-9]{1,6})\s*k", re.IGNORECASE)


@dataclass
class _Tokens:
    """Tokens of rows that are priced alike."""

    n_requests: int = 0
    prompt: int = 0
    generated: int = 0
    cached: int = 0
    cache_write: int = 0
    hour_write: int = 0

    def add(self, row: Usage) -> None:
        self.n_requests += row.n_requests
        self.prompt += row.prompt
        self.generated += row.generated
        self.cached += row.cached
        self.cache_write += row.cache_write
        self.hour_write += row.hour_write

    @property
    def is_too_much(self) -> bool:
        return max(self.n_requests, self.prompt, self.generated) > MOST_SUMMED


def read_bill(
    content: bytes, file_name: str, *, price: PriceOf | None = None, now: datetime | None = None
) -> tuple[Bill, list[BillLine]]:
    """Read an export of OpenAI, Anthropic or OpenRouter. Raises BillUnfit; then nothing of it is taken.

    `Bill.id` is of the content: the same usage has the same id, however the file was saved. The cost is None where that of
    any line is not known.
    """
    imported = now or datetime.now(UTC)
    name = file_name[:LONGEST_FILE_NAME]
    table = BillTable(content, name, (imported + timedelta(days=1)).astimezone(UTC).date())
    tokens, money = _added_up(table, name)
    provider = table.layout.provider
    lines = [
        _line(provider, key, kinds, _nano(money[key]) if table.layout.has_money else _cost(provider, key, kinds, price))
        for key, kinds in sorted(tokens.items(), key=lambda each: each[0])
    ]
    lines = [each for each in lines if each.n_requests or each.prompt or each.generated or each.cost]
    if not lines:
        raise BillUnfit(name, "no_rows")
    if sum(each.cost or 0 for each in lines) > MOST_SUMMED:
        raise BillUnfit(name, "bad_number", table.n_lines)
    return _bill(table, name, lines, imported), lines


def _added_up(table: BillTable, file: str) -> tuple[dict[Key, dict[tuple[str, str], _Tokens]], dict[Key, Decimal | None]]:
    """By day and model: tokens by how they are priced, and the provider's money (None: a row names none)."""
    tokens: dict[Key, dict[tuple[str, str], _Tokens]] = {}
    money: dict[Key, Decimal | None] = {}
    in_all, dollars = _Tokens(), Decimal(0)
    for row in table.usage():
        key = (row.day, row.model)
        tokens.setdefault(key, {}).setdefault((row.service, row.steps), _Tokens()).add(row)
        before = money.setdefault(key, Decimal(0))
        money[key] = None if before is None or row.money is None else EXACT.add(before, row.money)
        in_all.add(row)
        dollars = EXACT.add(dollars, row.money or Decimal(0))
        if in_all.is_too_much or dollars * NANO > MOST_SUMMED:
            raise BillUnfit(file, "bad_number", row.line)
    return tokens, money


def _nano(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(EXACT.multiply(dollars, NANO).to_integral_value(ROUND_HALF_EVEN))


def _line(provider: str, key: Key, kinds: dict[tuple[str, str], _Tokens], cost: int | None) -> BillLine:
    day, model = key
    each = kinds.values()
    return BillLine(
        day, provider, model, sum(k.n_requests for k in each), sum(k.prompt for k in each), sum(k.generated for k in each),
        sum(k.cached for k in each), cost,
    )  # fmt: skip


# ---------------------------------------------------------------- what tokens cost where no money is named
def _cost(provider: str, key: Key, kinds: dict[tuple[str, str], _Tokens], price: PriceOf | None) -> int | None:
    """What the tokens of a day and model cost at list prices, in nano-dollars; None as soon as one part is not known.

    Where longer prompts cost more and the export does not tell them apart, all are taken to be as long as their mean.
    """
    day, model = key
    total = 0
    for (service, steps), tokens in kinds.items():
        rates = None
        if price is not None and model and service != "other":
            # Prices change with a day; that of its middle stands for all of it.
            rates = price(f"{provider}/{model}", _prompt_size(tokens, steps), datetime.combine(day, time(12), UTC))
        if rates is None:
            return None
        hours = tokens.hour_write * (HOUR_WRITES_COUNT - 1)
        counts = TokenCounts(tokens.prompt + hours, tokens.generated, tokens.cached, tokens.cache_write)
        total += cost_of(counts, rates, BATCH_DISCOUNT_PPM if service == "batch" else 0)
    return total


def _prompt_size(tokens: _Tokens, steps: str) -> int:
    """How long a prompt was, for prices with steps: what the export says of it, else the mean, else a short one."""
    if told := _STEP.search(steps):
        return int(told[2]) * 1000 + 1 if told[1].startswith(">") else 0
    return tokens.prompt // tokens.n_requests if tokens.n_requests else 0


# ---------------------------------------------------------------- the whole
def _bill(table: BillTable, file: str, lines: list[BillLine], imported: datetime) -> Bill:
    costs = [each.cost for each in lines]
    known = [each for each in costs if each is not None]
    return Bill(
        id=_id(lines, has_money=table.layout.has_money), provider=table.layout.provider, file_name=file,
        first=min(each.day for each in lines), last=max(each.day for each in lines), n_lines=len(lines),
        n_requests=sum(each.n_requests for each in lines), prompt=sum(each.prompt for each in lines),
        generated=sum(each.generated for each in lines), cost=sum(known) if len(known) == len(costs) else None,
        cost_source="provider" if table.layout.has_money else "computed", imported=imported, n_skipped=table.n_skipped,
    )  # fmt: skip


def _id(lines: list[BillLine], *, has_money: bool) -> str:
    """What was computed is no part of it: with newer prices it is still the same usage."""
    told = [
        (each.day.isoformat(), each.provider, each.model, each.n_requests, each.prompt, each.generated, each.cached,
         each.cost if has_money else None)
        for each in lines
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
