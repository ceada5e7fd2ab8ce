from __future__ import annotations

from datetime import date

import pytest

from engine.ledger.budgets import ceilings, highest_threshold, lack_rates, scopes, states
from engine.ledger.money import DOLLARS, currency_at
from engine.ledger_records import Ceiling, Month
from engine.ledger_settings import LedgerSettings
from tests.engine.ledger.month_stage import DOLLAR, budget, rate

NOVEMBER = Month(2026, 11)


def test_a_request_keeps_within_every_hard_budget_that_it_belongs_to() -> None:
    settings = LedgerSettings(
        rates=(rate("EUR", date(2026, 11, 1), "0.8"),),
        budgets=(
            budget("50", is_hard=True),
            budget("8", "provider:openai", currency="EUR", is_hard=True),
            budget("5", "provider:anthropic", is_hard=True),
            budget("2", "workload:tickets", is_hard=True),
            budget("1", "workload:tickets"),  # only warns
        ),
    )
    assert ceilings(settings, NOVEMBER, "openai", "tickets") == (
        Ceiling("", NOVEMBER, 50 * DOLLAR),
        Ceiling("provider:openai", NOVEMBER, 10 * DOLLAR),
        Ceiling("workload:tickets", NOVEMBER, 2 * DOLLAR),
    )
    assert [each.scope for each in ceilings(settings, NOVEMBER, "mistral", "ask")] == [""]


def test_a_hard_budget_without_a_rate_lets_nothing_out() -> None:
    settings = LedgerSettings(budgets=(budget("50", currency="CHF", is_hard=True),))
    assert [each.limit for each in ceilings(settings, NOVEMBER, "openai", "ask")] == [0]
    (state,) = states(settings, NOVEMBER, DOLLARS, {}, {})
    assert (state.limit, state.is_reached) == (0, True)
    assert lack_rates(settings, NOVEMBER, DOLLARS)


def test_a_soft_budget_without_a_rate_says_nothing() -> None:
    settings = LedgerSettings(budgets=(budget("50", currency="CHF"),))
    assert states(settings, NOVEMBER, DOLLARS, {"": DOLLAR}, {}) == ()


def test_a_budget_in_the_shown_currency_is_what_was_typed() -> None:
    settings = LedgerSettings(
        currency="EUR", rates=(rate("EUR", date(2026, 11, 1), "0.91"),), budgets=(budget("20", currency="EUR"),)
    )
    (state,) = states(settings, NOVEMBER, currency_at(settings, NOVEMBER), {"": 17 * DOLLAR}, {"": "Everything"})
    assert (state.limit, state.spent, state.warned, state.name, state.is_reached) == (
        20 * DOLLAR,
        17 * DOLLAR,
        80,
        "Everything",
        False,
    )


@pytest.mark.parametrize(
    ("spent", "limit", "warned"),
    [
        (0, 100, 0),
        (49, 100, 0),
        (50, 100, 50),
        (79, 100, 50),
        (99, 100, 80),
        (100, 100, 100),
        (10**30, 100, 100),
        (0, 0, 0),
        (1, 0, 100),
    ],
)
def test_the_highest_threshold_that_was_reached_is_the_one_that_is_told(spent: int, limit: int, warned: int) -> None:
    assert highest_threshold(spent, limit, (100, 50, 80)) == warned


def test_a_budget_of_nothing_is_reached_before_anything_is_spent() -> None:
    (state,) = states(LedgerSettings(budgets=(budget("0", is_hard=True),)), NOVEMBER, DOLLARS, {}, {})
    assert state.is_reached and not state.warned


def test_a_budget_of_a_scope_that_there_cannot_be_is_none() -> None:
    settings = LedgerSettings(
        budgets=tuple(budget("5", scope) for scope in ("", "openai", "provider:", "provider:openai", "model:x"))
    )
    assert [each.scope for each in states(settings, NOVEMBER, DOLLARS, {}, {})] == ["", "provider:openai"]


def test_scopes_are_those_that_budgets_name() -> None:
    assert scopes("openai", "ask") == ("", "provider:openai", "workload:ask")
