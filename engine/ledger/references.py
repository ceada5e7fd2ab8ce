"""Which remote models the work here is compared with. Pure.

A saving depends on what one would have used instead, so there are three: the one that would really be used, a strong one,
and the cheapest that would do. Whether a reference has a price is for the price book to say; one without is kept and counts
for nothing.
"""

from __future__ import annotations

from engine.ledger_settings import LedgerSettings
from engine.statement_records import ROLES, Role

#: What stands in for a choice that nobody made, in the order of the roles. From the price list of November 2026.
DEFAULTS: dict[Role, str] = {
    "would_use": "openai/gpt-6.1-sol",
    "strong": "anthropic/claude-opus-5-5",
    "cheapest": "openai/gpt-6-luna",
}


def references(settings: LedgerSettings) -> tuple[tuple[Role, str, bool], ...]:
    """Each role with its reference (`PROVIDER/MODEL`), and whether it is only the program's suggestion."""
    chosen: dict[Role, str] = {
        "would_use": settings.would_use.strip(),
        "strong": settings.strong.strip(),
        "cheapest": settings.cheapest.strip(),
    }
    return tuple((role, chosen[role] or DEFAULTS[role], not chosen[role]) for role in ROLES)
