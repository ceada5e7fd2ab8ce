"""What can go wrong in the ledger. Part of the tree of engine.errors; import them from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.strongroom_error import StrongroomError


class LedgerError(StrongroomError):
    """Something about money or routes could not be done as it was asked for."""


@dataclass(eq=False)
class BudgetReached(LedgerError):
    """A request was not sent: it could pass a budget that the user made a hard one. Money in nano-dollars.

    `spent` counts requests under way at their highest cost. `price_unknown`: what it costs at most is not known.
    """

    scope: str
    month: str
    limit: int
    spent: int
    wanted: int | None
    reason: Literal["reached", "price_unknown"] = "reached"


@dataclass(eq=False)
class BillUnfit(LedgerError):
    """A file with usage cannot be read as an export of a provider; nothing was taken from it. `line` counts from 1."""

    file: str
    reason: Literal["not_text", "unknown_columns", "no_rows", "too_large", "bad_number", "bad_day", "mixed", "cannot_read"]
    line: int | None = None


@dataclass(eq=False)
class PricesUnfit(LedgerError):
    """Prices that cannot be taken; those from before hold. `line` counts from 1 in a file; `detail` names the field."""

    reason: Literal["not_text", "unknown_columns", "no_rows", "too_large", "bad_number", "bad_day", "bad_model", "cannot_read"]
    file: str = ""
    line: int | None = None
    detail: str = ""


@dataclass(eq=False)
class MoveRefused(LedgerError):
    """A workload stays where it runs. `until` is a date where another one is still being watched."""

    workload: str
    reason: Literal["one_at_a_time", "fixed", "no_local_model", "no_remote_model", "confidential", "not_moved"]
    other: str = ""
    until: str = ""


@dataclass(eq=False)
class LedgerInputUnfit(LedgerError):
    """A figure that nothing can be worked out with. `field` names it; nothing was changed."""

    field: str
    reason: Literal["negative", "too_large", "not_a_number", "unknown_model", "unknown_month", "unknown_ending", "no_rate"]
