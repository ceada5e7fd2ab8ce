"""The JSON shapes of plans, advice, routes and of work done by a route: records in, plain values out. A contract with scripts.

In dollars a month; money as in `ledger_json`. null means not known, never nothing.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from engine.advice_records import Advice, Route
from engine.compare_json import receiver_json, usd
from engine.ledger_events import WorkFinished, WorkPrepared
from engine.ledger_json import money_json, spread_json
from engine.statement_records import Calculation, Plan

Json = dict[str, Any]


def calculation_json(made: Calculation) -> Json:
    """A plan in dollars a month."""
    return {
        "items": made.asked.n_items,
        "model": made.asked.model,
        "prices_as_of": made.prices_as_of,
        "api": money_json(made.api),
        "server": _plan(made.server),
        "computer": _plan(made.computer),
        "most_items": made.most_items,
        "seconds_per_item": made.item_ms / 1000,
        "watt_hours_per_item": [each / 1e6 for each in (made.item_uwh.low, made.item_uwh.mid, made.item_uwh.high)],
        "payback_months": None if made.payback_months is None else made.payback_months / 1000,
        "electricity_price_limit": usd(made.per_kwh_limit),
    }


def _plan(plan: Plan | None) -> Json | None:
    if plan is None:
        return None
    return {
        "cost": spread_json(plan.cost),
        "saves": spread_json(plan.saves),
        "break_even_items": plan.break_even,
        "feasible": plan.is_feasible,
    }


def advice_json(advice: Advice) -> Json:
    """What is advised for a workload, in dollars, with every rule that holds."""
    facts = advice.facts
    return {
        "workload": advice.workload.id,
        "name": advice.workload.name,
        "label": advice.label,
        "reasons": [{"rule": each.rule, "decides": each.decides, "facts": dict(each.facts)} for each in advice.reasons],
        "items_per_month": facts.n_items,
        "api_cost": money_json(facts.api_cost),
        "local_cost": money_json(facts.local_cost),
        "most_items": facts.most_items,
        "saving": spread_json(advice.saving),
        "quality": dataclasses.asdict(advice.quality) | {"time": advice.quality.time and advice.quality.time.isoformat()},
        "prompts_to_test": advice.quality.n_more,
        "test_cost": money_json(advice.test_cost),
        "alert": advice.alert or None,
        "obstacle": advice.obstacle or None,
        "route": route_json(advice.workload.route),
        "previous_route": route_json(advice.previous) if advice.previous else None,
    }


def route_json(route: Route) -> Json:
    return {
        "kind": route.kind,
        "local": route.local,
        "remote": f"{route.remote.provider}/{route.remote.model}" if route.remote else None,
        "share_percent": route.share_percent,
        "sample_percent": route.sample_percent,
        "since": route.since.isoformat() if route.since else None,
    }


def work_json(prepared: WorkPrepared) -> Json:
    """What a run by the route would do and send; `sha256` approves all of it."""
    return {
        "workload": prepared.workload,
        "local": prepared.n_local,
        "remote": prepared.n_remote,
        "sample": prepared.n_sample,
        "hosts": list(dict.fromkeys(each.host for each in prepared.receivers)),
        "bodies": [receiver_json(each) for each in prepared.receivers],
        "sha256": prepared.sha256 or None,
        "max_cost": usd(prepared.max_cost),
        "max_cost_nano_usd": prepared.max_cost,
        "leaks": [dataclasses.asdict(leak) for preview in prepared.previews for leak in preview.leaks],
    }


def finished_json(done: WorkFinished) -> Json:
    return {
        "done": done.n_done,
        "failed": done.n_failed,
        "local": done.n_local,
        "remote": done.n_remote,
        "spent": usd(done.spent),
        "spent_nano_usd": done.spent,
    }
