"""The JSON shapes of the verbs about the ledger: records in, plain values out. The field names are a contract with scripts.

Money stands as a number in the currency that is named, for people, and in whole nano-units, which is exact. Energy is in
kilowatt-hours and in whole micro-watt-hours. null means not known, never nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from engine.compare_json import usd
from engine.ledger_events import PricesListed
from engine.ledger_records import LedgerCheck, OpenCall, Spread
from engine.price_records import Bill, Currency, ListedPrice
from engine.statement_records import BreakEven, BudgetState, LedgerPage, Statement, WorkloadLine

Json = dict[str, Any]
Shape = Callable[[int | None], Any]

MICRO_IN_KILO = 1_000_000_000  # micro-watt-hours in a kilowatt-hour
PICO_IN_DOLLAR_A_MILLION = 1_000_000


# ---------------------------------------------------------------- amounts
def spread_json(amount: Spread | None) -> Json | None:
    """An amount of money with its range."""
    if amount is None:
        return None
    named = {"low": usd(amount.low), "mid": usd(amount.mid), "high": usd(amount.high)}
    return {**named, "nano": [amount.low, amount.mid, amount.high]}


def money_json(nano: int | None) -> Json | None:
    """An amount of money that is known exactly."""
    return None if nano is None else {"amount": usd(nano), "nano": nano}


def _twice(name: str, nano: int | None) -> Json:
    """An amount as a number, and beside it exactly."""
    return {name: usd(nano), f"{name}_nano": nano}


def energy_json(amount: Spread) -> Json:
    low, mid, high = (each / MICRO_IN_KILO for each in (amount.low, amount.mid, amount.high))
    return {"low_kwh": low, "mid_kwh": mid, "high_kwh": high, "uwh": [amount.low, amount.mid, amount.high]}


def currency_json(currency: Currency) -> Json:
    return {
        "code": currency.code,
        "per_usd": currency.per_usd / 1_000_000_000,
        "as_of": currency.as_of.isoformat() if currency.as_of else None,
    }


# ---------------------------------------------------------------- months
def page_json(page: LedgerPage) -> Json:
    """A month with its chart and when the computer has paid for itself. `advice` is added by the verb."""
    return {
        **statement_json(page.statement),
        "months": [
            {
                "month": str(bar.month),
                "avoided": spread_json(bar.avoided),
                "local_cost": spread_json(bar.local),
                "paid": money_json(bar.paid),
                "items": bar.n_items,
            }
            for bar in page.bars
        ],
        "break_even": break_even_json(page.break_even),
    }


def statement_json(of: Statement) -> Json:
    """One month. `net` is `avoided` less `electricity` less `hardware`; `paid` is cash and stands for itself."""
    return {
        "month": str(of.month),
        "running": of.is_running,
        "currency": currency_json(of.currency),
        "reference": of.reference,
        "items": of.n_items,
        "avoided": spread_json(of.avoided),
        "electricity": spread_json(of.electricity),
        "hardware": {
            **(money_json(of.hardware.amount) or {}),
            **_twice("price", of.hardware.price),
            "months": of.hardware.n_months,
        },
        "net": spread_json(of.net),
        "paid": {
            **(money_json(of.paid) or {}),
            **_twice("elsewhere", of.paid_elsewhere),
            "calls": of.n_paid,
            "unknown_calls": of.n_unknown,
            **_twice("unknown_at_most", of.unknown_at_most),
            **_twice("forecast", of.forecast),
        },
        "energy": {
            **energy_json(of.energy.amount),
            "methods": {method: share / 1_000_000 for method, share in of.energy.methods},
            **_twice("per_kwh", of.energy.per_kwh),
            "is_example": of.energy.is_example,
            "hours": of.energy.duration_us / 3_600_000_000,
            "co2_g": None if of.energy.co2_g is None else dataclasses.asdict(of.energy.co2_g),
        },
        "workloads": [_workload(each) for each in of.lines],
        "references": [
            {
                "role": each.role,
                "model": each.reference,
                "is_default": each.is_default,
                "avoided": spread_json(each.avoided),
                "net": spread_json(each.net),
                "usd_per_million": None if each.prices is None else [usd(price) for price in each.prices],
                "token_ratio": [each.ratio.low / 1e6, each.ratio.mid / 1e6, each.ratio.high / 1e6],
                "ratio_source": each.ratio_source,
            }
            for each in of.references
        ],
        "left_out": [
            {"use": each.use, "n": each.n, "avoided": spread_json(each.avoided), "electricity": spread_json(each.electricity)}
            for each in of.left_out
        ],
        "budgets": [_budget(each) for each in of.budgets],
        "tokens": {"prompt": of.n_prompt_tokens, "generated": of.n_generated_tokens},
        "prices_as_of": of.prices_as_of,
        "prices_age_days": of.prices_age_days,
        "caveats": list(of.caveats),
    }


def _workload(line: WorkloadLine) -> Json:
    return {
        "id": line.workload,
        "name": line.name or line.workload,
        "items": line.n_items,
        "paid_items": line.n_paid,
        "avoided": spread_json(line.avoided),
        "electricity": spread_json(line.electricity),
        "saved": spread_json(line.saved),
        "paid": money_json(line.paid),
    }


def _budget(budget: BudgetState) -> Json:
    return {
        "scope": budget.scope,
        "name": budget.name,
        **_twice("limit", budget.limit),
        **_twice("spent", budget.spent),
        "hard": budget.is_hard,
        "warned_percent": budget.warned,
        "reached": budget.is_reached,
    }


def break_even_json(of: BreakEven) -> Json:
    """When the computer has paid for itself: the middle of the range, and its ends."""
    return {
        "state": of.state,
        **_twice("price", of.price),
        "reached": str(of.reached) if of.reached else None,
        "earliest": str(of.earliest) if of.earliest else None,
        "latest": str(of.latest) if of.latest else None,
        "saved_so_far": spread_json(of.past[-1][1]) if of.past else None,
    }


def check_json(check: LedgerCheck) -> Json:
    return {**dataclasses.asdict(check), "is_sound": check.is_sound}


def open_call_json(call: OpenCall) -> Json:
    return {
        "id": call.id,
        "time": call.time.isoformat(),
        "workload": call.workload,
        "model": f"{call.provider}/{call.model}",
        "at_most": usd(call.at_most),
        "at_most_nano_usd": call.at_most,
    }


# ---------------------------------------------------------------- prices and bills
def prices_json(listed: PricesListed) -> Json:
    return {
        "as_of": listed.as_of,
        "age_days": listed.age_days,
        "imported_from": listed.imported or None,
        "found": listed.n_found,
        "prices": [_price(each) for each in listed.prices],
    }


def _price(each: ListedPrice) -> Json:
    """In dollars for a million tokens."""

    def dollars(pico: int | None) -> float | None:
        return None if pico is None else pico / PICO_IN_DOLLAR_A_MILLION

    return {
        "model": each.model,
        "input": dollars(each.prompt),
        "output": dollars(each.generated),
        "cached_input": dollars(each.cached),
        "cache_write": dollars(each.cache_write),
        "from": each.first.isoformat() if each.first else None,
        "until": each.last.isoformat() if each.last else None,
        "source": each.source,
        "checked": each.checked or None,
        "has_steps": each.has_steps,
        "note": each.note or None,
    }


def bill_json(bill: Bill) -> Json:
    return {
        "id": bill.id,
        "provider": bill.provider,
        "file": bill.file_name,
        "first": bill.first.isoformat(),
        "last": bill.last.isoformat(),
        "requests": bill.n_requests,
        "prompt_tokens": bill.prompt,
        "generated_tokens": bill.generated,
        "cost": usd(bill.cost),
        "cost_nano_usd": bill.cost,
        "cost_source": bill.cost_source,
        "workload": bill.workload or None,
        "includes_ours": bill.includes_ours,
        "skipped_lines": bill.n_skipped,
    }
