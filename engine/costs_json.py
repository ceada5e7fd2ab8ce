"""The JSON shape of what the ledger counts with. The field names are a contract with scripts; those of the settings are not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.ledger_settings import LedgerSettings
from engine.statement_records import Role

Json = dict[str, Any]


def costs_json(ledger: LedgerSettings, references: Sequence[tuple[Role, str, bool]]) -> Json:
    """All of it. `references` are the models compared with: role, model, and whether it is only suggested."""
    return {
        "currency": ledger.currency,
        "rates": [
            {"currency": each.currency, "as_of": each.day.isoformat(), "per_usd": float(each.per_usd)}
            for each in sorted(ledger.rates, key=lambda each: (each.currency, each.day))
        ],
        "electricity": [
            {"from": each.day.isoformat(), "currency": each.currency, "per_kwh": typed_json(each.per_kwh)}
            for each in sorted(ledger.tariffs, key=lambda each: each.day)
        ],
        "watts": None if ledger.watts is None else {"idle": ledger.watts.idle, "busy": ledger.watts.busy},
        "on_anyway": ledger.is_on_anyway,
        "hardware": _hardware(ledger),
        "co2_g_per_kwh": ledger.co2_g_per_kwh,
        "references": [{"role": role, "model": model, "is_default": is_default} for role, model, is_default in references],
        "would_use_batch": ledger.would_use_batch,
        "budgets": [
            {
                "scope": each.scope,
                "limit": typed_json(each.limit),
                "currency": each.currency,
                "hard": each.is_hard,
                "warn_percent": list(each.warn_percent),
            }
            for each in ledger.budgets
        ],
        "usable_percent": ledger.usable_percent,
        "keep_months": ledger.keep_months,
        "thresholds": {
            name: float(value) if isinstance(value, Decimal) else value for name, value in ledger.thresholds.model_dump().items()
        },
    }


def typed_json(amount: Decimal) -> Json:
    """An amount that the user typed, as a number and in whole nano-units."""
    return {"amount": float(amount), "nano": int(amount.scaleb(9))}


def _hardware(ledger: LedgerSettings) -> Json | None:
    if (computer := ledger.hardware) is None:
        return None
    return {
        "price": typed_json(computer.price),
        "currency": computer.currency,
        "bought": computer.bought.isoformat(),
        "months": computer.n_months,
        "share_percent": computer.share_percent,
    }
