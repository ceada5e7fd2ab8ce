"""Which budgets have to be warned of now, and which have been already. Each threshold is told once in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from engine.ledger.budgets import shown
from engine.ledger_settings import LedgerSettings
from engine.statement_records import BudgetState, Statement
from engine.store.measurements import Measured
from engine.work.store_access import StoreAccess

KEPT_AS = "ledger budget warnings"  # among the measurements: it is the newest of its name that counts

Warned = Mapping[str, int]


class BudgetWarnings:
    """Create and use it on the engine's loop. What was told is kept in the store before it is told."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    async def due(self, statement: Statement, settings: LedgerSettings) -> Sequence[BudgetState]:
        """Budgets that have reached a threshold that was not told in this month. Raises StoreError."""
        if not statement.budgets:
            return ()
        kept = await self._access.read(lambda store: store.measurements.get(KEPT_AS))
        month = str(statement.month)
        before = warned_in(month, None if kept is None else kept[1])
        names = keys(settings, statement)
        due, now = newly_reached(dict(zip(names, statement.budgets, strict=True)), before)
        if due:
            await self._access.write(lambda store: store.measurements.put(KEPT_AS, {"month": month, "warned": {**now}}))
        return due


def keys(settings: LedgerSettings, statement: Statement) -> list[str]:
    """Names that tell the budgets apart: with another limit it is another budget, and may be warned of again."""
    names: list[str] = []
    for each in shown(settings, statement.month, statement.currency):
        name = f"{each.scope} {each.limit.normalize()} {each.currency} {'hard' if each.is_hard else 'soft'}"
        names.append(f"{name} {names.count(name)}")
    return names


def warned_in(month: str, kept: Measured) -> Warned:
    """What was told in this month; nothing where it is of another one, or no such record."""
    if not isinstance(kept, dict) or kept.get("month") != month or not isinstance(kept.get("warned"), dict):
        return {}
    warned = cast(dict[str, Measured], kept["warned"])
    return {name: threshold for name, threshold in warned.items() if isinstance(threshold, int)}


def newly_reached(states: Mapping[str, BudgetState], before: Warned) -> tuple[tuple[BudgetState, ...], Warned]:
    """Budgets whose highest threshold is higher than what was told, and what has been told with them."""
    due = {name: state for name, state in states.items() if state.warned > before.get(name, 0)}
    return tuple(due.values()), {**before, **{name: state.warned for name, state in due.items()}}
