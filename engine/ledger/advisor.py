"""Whether a kind of work should run on this computer, on a remote model, or be tested further, and why.

Pure. Eleven rules in one order; the first that holds decides, and every one that holds is told with its figures. Savings are
reckoned at their low end: what the remote model costs at least, less what this computer costs at most. Nothing is taken for
granted that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.advice_records import RULES, Advice, Label, Quality, Reason, Rule, WorkFacts, Workload
from engine.ledger.advice_rules import HOLDS, Case, Costs, otherwise
from engine.ledger_records import NOTHING
from engine.ledger_settings import Thresholds

Alert = Literal["", "quality_dropped", "form_dropped"]

LABELS: dict[Rule, Label] = {
    "confidential_on_api": "migrate",
    "context": "stay",
    "capacity": "stay",
    "inferior": "stay",
    "reasoning": "stay",
    "no_saving": "stay",
    "low_volume": "stay",
    "quality_unknown": "test_more",
    "incomplete": "test_more",
    "reached": "migrate",
    "otherwise": "test_more",
}

#: How simple a kind of work is to move, in tenths; for the order of advice only.
SIMPLICITY = {"classify": 10, "extract": 10, "answer": 7, "draft": 7, "other": 4}
REASONING_SIMPLICITY = 2


def advise(
    workload: Workload,
    facts: WorkFacts,
    quality: Quality,
    thresholds: Thresholds,
    *,
    costs: Costs | None = None,
    since_move: Quality | None = None,
    corrected_p: float | None = None,
) -> Advice:
    """What is advised, with all reasons. `costs` refines the sums in `facts`, whose ends it must agree with.

    `since_move` is the quality by what was compared since the workload runs here; with an alert, it is what counts.
    `corrected_p` is the p-value of the quality as it was corrected for being one of several claims, None where it was not.
    """
    alert = _alert(workload, since_move, thresholds)
    if alert and since_move is not None:  # what it is like now outweighs what it was like when it was moved
        quality, corrected_p = since_move, None
    case = Case(workload, facts, quality, thresholds, costs or _exact(facts), corrected_p)
    holding = [(rule, figures) for rule in RULES if (figures := HOLDS[rule](case)) is not None]
    if not holding:
        holding = [("otherwise", otherwise(case))]
    reasons = tuple(Reason(rule, LABELS[rule], at == 0, figures) for at, (rule, figures) in enumerate(holding))
    return Advice(
        workload=workload,
        label=reasons[0].label,
        reasons=reasons,
        facts=facts,
        quality=quality,
        saving=case.costs.saving,
        test_cost=case.test_cost,
        alert=alert,
    )


def in_order(advice: Iterable[Advice]) -> tuple[Advice, ...]:
    """The most worthwhile first: what has to be looked at, then by the low end of the saving and how simple the work is."""
    return tuple(sorted(advice, key=lambda each: (not each.alert, -_worth(each), each.workload.name, each.workload.id)))


def _worth(advice: Advice) -> float:
    if advice.saving is None:
        return float("-inf")
    low, traits = advice.saving.low, advice.workload.traits
    tenths = REASONING_SIMPLICITY if traits.is_reasoning else SIMPLICITY[advice.workload.kind]
    return low * tenths if low > 0 else low


def _exact(facts: WorkFacts) -> Costs:
    api = None if facts.api_cost is None else NOTHING.shifted(facts.api_cost)
    return Costs(api, None if facts.local_cost is None else NOTHING.shifted(facts.local_cost))


# ---------------------------------------------------------------- after a move
def _alert(workload: Workload, since_move: Quality | None, thresholds: Thresholds) -> Alert:
    """Whether what runs here has got worse since. A form that is not kept is seen in few answers, quality only in many."""
    if since_move is None or workload.route.kind not in ("share", "local"):
        return ""
    local, remote, least = since_move.valid_local, since_move.valid_remote, thresholds.valid_percent * 10_000
    is_enough = since_move.n >= max(1, thresholds.least_sample)
    if since_move.status == "failing" or (is_enough and local is not None and remote is not None and local < least <= remote):
        return "form_dropped"
    return "quality_dropped" if since_move.status == "inferior" else ""
