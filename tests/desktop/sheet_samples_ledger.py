"""Advice with all its figures, plans, bills and work as an engine in use would send them. For tests and pictures only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.advice_records import Advice, Quality, Reason, Route, Traits, WorkFacts, Workload
from engine.ledger_events import AdviceShown, BillRead, BillsListed, Calculated, PricesListed, WorkPrepared
from engine.ledger_intents import Calculate, PrepareWork, ReadBill
from engine.ledger_records import Spread, WorkloadId
from engine.price_records import Bill, Currency, ListedPrice
from engine.statement_records import Calculation, Plan
from tests.desktop import consent_samples
from tests.desktop.compare_samples import GPT
from tests.desktop.ledger_samples import EURO

DOLLAR = 1_000_000_000
TRIAGE = WorkloadId("v2")  # the set of labels of the Compare samples
SOL_PRICE = ListedPrice("openai/gpt-6.1-sol", 2_000_000, 10_000_000, checked="2026-11-09")
LUNA_PRICE = ListedPrice("openai/gpt-6-luna", 100_000, 500_000, checked="2026-11-09")


# ---------------------------------------------------------------- advice
def quality(**more: Any) -> Quality:
    facts: dict[str, Any] = {
        "status": "reached", "n": 400, "source": "evaluation", "local": "local:q", "remote": "openai/gpt-5.2",
        "table": (380, 5, 5, 10), "estimate": 1.0, "interval": (0.984, 1.017), "test": "nam_blackwelder", "p_value": 0.00004,
        "valid_local": 996_000, "valid_remote": 1_000_000, "time": datetime(2026, 11, 20, 14, 2, tzinfo=UTC),
    }  # fmt: skip
    return Quality(**(facts | more))


def facts(**more: Any) -> WorkFacts:
    found: dict[str, Any] = {
        "n_items": 100_000, "n_api": 100_000, "api_cost": 320 * DOLLAR, "local_cost": 12_360_000_000, "most_items": 361_651,
        "prompt_95": 900, "n_ctx": 32_768, "wait_95_ms": 4_200,
    }  # fmt: skip
    return WorkFacts(**(found | more))


def workload(**more: Any) -> Workload:
    given: dict[str, Any] = {"traits": Traits(), "route": Route("api", None, GPT)}
    return Workload(TRIAGE, "Letter labels", "classify", **(given | more))


def migrate(**more: Any) -> Advice:
    """Golden case: as good, worth it, and it fits."""
    saving = Spread(307_640_000_000, 312_000_000_000, 316_000_000_000)
    reasons = (
        Reason(
            "reached", "migrate", True,
            (("saving_low", saving.low), ("saving", saving.mid), ("saving_high", saving.high), ("payback_thousandths", 9_101),
             ("n_items", 100_000), ("most_items", 361_651), ("status", "reached"), ("n", 400)),
        ),
    )  # fmt: skip
    given: dict[str, Any] = {
        "workload": workload(), "label": "migrate", "reasons": reasons, "facts": facts(), "quality": quality(), "saving": saving,
    }  # fmt: skip
    return Advice(**(given | more))


def stay() -> Advice:
    """Too much for this computer, and beside that not as good."""
    reasons = (
        Reason("capacity", "stay", True, (("why", "too_many"), ("n_items", 100_000), ("most_items", 43_800))),
        Reason("inferior", "stay", False, (("ratio_percent", 95), ("valid_local", 871_000), ("valid_percent", 98))),
        Reason("no_saving", "stay", False, (("saving", 1_200_000_000), ("least", 5 * DOLLAR), ("api_cost", 16 * DOLLAR))),
    )
    found = quality(
        status="inferior", table=(300, 4, 80, 16), estimate=0.8, interval=(0.76, 0.84), p_value=0.99, valid_local=871_000
    )
    few = facts(most_items=43_800, api_cost=16 * DOLLAR, local_cost=14_800_000_000)
    return Advice(workload(), "stay", reasons, few, found, saving=Spread(1_200_000_000, 2_000_000_000, 3_000_000_000))


def unknown() -> Advice:
    """Nothing was compared yet."""
    reasons = (Reason("quality_unknown", "test_more", True, (("why", "nothing"), ("n_more", 131), ("least_prompts", 100))),)
    nothing = facts(api_cost=None, local_cost=None, most_items=None, prompt_95=None, n_ctx=None, wait_95_ms=None, n_items=0)
    return Advice(workload(route=Route()), "test_more", reasons, nothing, Quality(n_more=131))


def dropped() -> Advice:
    """Moved here, and worse since."""
    worse = quality(status="inferior", table=(160, 2, 30, 8), n=200, estimate=0.85, interval=(0.8, 0.9), p_value=0.98)
    reasons = (Reason("inferior", "stay", True, (("ratio_percent", 95),)),)
    route = Route("local", None, GPT, since=datetime(2026, 11, 1, tzinfo=UTC))
    before = Route("api", None, GPT)
    return Advice(workload(route=route), "stay", reasons, facts(n_api=4), worse, alert="quality_dropped", previous=before)


def shown(*advice: Advice, currency: Currency = EURO) -> AdviceShown:
    return AdviceShown(advice, currency)


def at(advice: Advice, route: Route) -> Advice:
    """The same workload on another route."""
    return replace(advice, workload=replace(advice.workload, route=route))


# ---------------------------------------------------------------- plans
def prices(text: str = "") -> PricesListed:
    return PricesListed(text, (SOL_PRICE, LUNA_PRICE), 2_330, "2026-11-09", 13)


def plan(low: float, mid: float, high: float, api: float, break_even: int | None, *, is_feasible: bool = True) -> Plan:
    cost = Spread(*(round(each * DOLLAR) for each in (low, mid, high)))
    return Plan(cost, (-cost).shifted(round(api * DOLLAR)), break_even, is_feasible)


def calculated(wish: Calculate, **more: Any) -> Calculated:
    """100,000 tickets at a strong model: more than this computer can do."""
    facts: dict[str, Any] = {
        "asked": wish.asked, "api": 320 * DOLLAR, "server": plan(350, 350, 350, 320, 109_375),
        "computer": plan(15.9, 29.6, 54.6, 320, 1, is_feasible=False), "most_items": 43_800, "item_ms": 30_000,
        "item_uwh": Spread(291_000, 541_000, 1_000_000), "payback_months": None, "per_kwh_limit": 5_900_000_000,
        "prices_as_of": "2026-11-09",
    }  # fmt: skip
    return Calculated(wish.request, Calculation(**(facts | more)))


def fitting(wish: Calculate) -> Calculated:
    """40,000 of them on a workstation that has to be bought."""
    computer = plan(31.2, 36.9, 47.2, 128, 11_600)
    return calculated(
        wish, api=128 * DOLLAR, server=plan(350, 350, 350, 128, 109_375), computer=computer, payback_months=10_237,
        per_kwh_limit=4_860_000_000,
    )  # fmt: skip


def cheap(wish: Calculate) -> Calculated:
    """The cheapest model: nothing beats it."""
    dear = plan(20.1, 41.3, 66.8, 6.4, None)
    return calculated(wish, api=6_400_000_000, server=plan(350, 350, 350, 6.4, 2_187_500), computer=dear, per_kwh_limit=0)


# ---------------------------------------------------------------- bills
def bill(**more: Any) -> Bill:
    facts: dict[str, Any] = {
        "id": "b1", "provider": "openai", "file_name": "usage.csv", "first": date(2026, 10, 1), "last": date(2026, 10, 31),
        "n_lines": 61, "n_requests": 18_204, "prompt": 41_220_118, "generated": 6_031_442, "cost": 142_770_000_000,
        "cost_source": "provider", "imported": datetime(2026, 11, 2, tzinfo=UTC), "n_skipped": 4,
    }  # fmt: skip
    return Bill(**(facts | more))


def read(wish: ReadBill, **more: Any) -> BillRead:
    return BillRead(wish.request, bill(**more), 12)


def kept() -> BillsListed:
    september = {"id": "b0", "provider": "anthropic", "first": date(2026, 9, 1), "last": date(2026, 9, 30), "n_requests": 311}
    return BillsListed(
        (bill(), bill(**september, cost=9_120_000_000, cost_source="computed", workload=TRIAGE, includes_ours=False))
    )


# ---------------------------------------------------------------- work
def prepared(wish: PrepareWork, *, n_local: int = 0, n_remote: int = 0, n_sample: int = 0) -> WorkPrepared:
    """What the engine answers: `n_remote` and `n_sample` texts would be sent."""
    n = n_remote + n_sample
    if not n:
        return WorkPrepared(wish.request, wish.workload, n_local, 0, 0)
    batch = consent_samples.batch(n)
    digest = hashlib.sha256(b"\n".join(each.body for each in batch.receivers)).hexdigest()
    return WorkPrepared(
        wish.request, wish.workload, n_local, n_remote, n_sample, batch.previews, batch.receivers, digest, batch.max_cost
    )
