"""Budgets: which of them no request may pass, and how far each has been used up.

Pure. A budget is for a local month. A hard one whose currency has no rate lets nothing out: what it allows cannot be said, and
a wall that is gone because a rate is missing would be none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.ledger.money import exactly, to_usd
from engine.ledger_records import Ceiling, Month, WorkloadId
from engine.ledger_settings import Budget, LedgerSettings
from engine.price_records import Currency
from engine.provider_records import ProviderId
from engine.statement_records import BudgetState

EVERYTHING = ""
PROVIDER, WORKLOAD = "provider:", "workload:"


def scopes(provider: str, workload: str) -> tuple[str, str, str]:
    """The scopes that a request belongs to."""
    return (EVERYTHING, f"{PROVIDER}{provider}", f"{WORKLOAD}{workload}")


def on_bills(scope: str, billed_as: Mapping[str, str]) -> str:
    """A scope as bills name it. What a bill says counts within that of every account of the company: it does not say of which."""
    provider = scope.removeprefix(PROVIDER)
    return scope if provider == scope else f"{PROVIDER}{billed_as.get(provider, provider)}"


def ceilings(
    settings: LedgerSettings, month: Month, provider_id: ProviderId | str, workload: WorkloadId | str
) -> tuple[Ceiling, ...]:
    """The hard budgets that a request of this provider and workload has to keep within, in nano-dollars."""
    concerned = scopes(provider_id, workload)
    return tuple(
        Ceiling(each.scope, month, to_usd(each.limit, each.currency, settings, month.last) or 0)
        for each in settings.budgets
        if each.is_hard and each.scope in concerned
    )


def is_scope(scope: str) -> bool:
    """Whether a budget can be for this: all, a provider or a workload."""
    what, separator, id = scope.partition(":")
    return scope == EVERYTHING or (f"{what}{separator}" in (PROVIDER, WORKLOAD) and bool(id))


def shown(settings: LedgerSettings, month: Month, currency: Currency) -> tuple[Budget, ...]:
    """The budgets that have a state: those of a scope that there can be, in a currency with a rate unless they are hard."""
    return tuple(
        each
        for each in settings.budgets
        if is_scope(each.scope)
        and (each.is_hard or exactly(each.limit, each.currency, currency, settings, month.last) is not None)
    )


def states(
    settings: LedgerSettings, month: Month, currency: Currency, spent: Mapping[str, int], names: Mapping[str, str]
) -> tuple[BudgetState, ...]:
    """Each `shown` budget with what is spent of it, in the month's currency. `spent` is by scope, in that currency already;
    `names` are those of scopes.
    """
    return tuple(
        _state(each, settings, month, currency, spent.get(each.scope, 0), names) for each in shown(settings, month, currency)
    )


def _state(
    budget: Budget, settings: LedgerSettings, month: Month, currency: Currency, spent: int, names: Mapping[str, str]
) -> BudgetState:
    limit = round(exactly(budget.limit, budget.currency, currency, settings, month.last) or 0)
    return BudgetState(
        scope=budget.scope,
        name=names.get(budget.scope, ""),
        limit=limit,
        spent=spent,
        is_hard=budget.is_hard,
        warned=highest_threshold(spent, limit, budget.warn_percent),
        is_reached=spent >= limit,
    )


def highest_threshold(spent: int, limit: int, thresholds: Iterable[int]) -> int:
    """The highest threshold in per cent that was reached; 0 for none, and as long as nothing was spent."""
    if spent <= 0:
        return 0
    return max((each for each in thresholds if spent * 100 >= limit * each), default=0)


def lack_rates(settings: LedgerSettings, month: Month, currency: Currency) -> bool:
    """Whether a budget is in a currency that cannot be converted."""
    return any(exactly(each.limit, each.currency, currency, settings, month.last) is None for each in settings.budgets)
