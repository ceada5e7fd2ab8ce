"""The eleven rules by which a kind of work is moved, tested or left, each with the figures that it rests on.

Pure. What the rules lead to is in `advisor`. A rule whose figures are not known does not hold. Money is in nano-dollars,
`payback_thousandths` in thousandths of a month; `why` says in one word what a rule found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from engine.advice_records import Quality, Rule, WorkFacts, Workload
from engine.ledger.money import nano_of
from engine.ledger_records import Spread
from engine.ledger_settings import Thresholds

Figures = tuple[tuple[str, int | float | str | None], ...]


@dataclass(frozen=True)
class Costs:
    """What a workload costs in a month, where that is a range. None: not known.

    `item` is what one prompt costs at the remote model; `hardware` what falls on the workload of the computer's monthly
    share, `price` what the computer cost, 0 where it is owned already.
    """

    api: Spread | None = None
    electricity: Spread | None = None
    hardware: int = 0
    price: int = 0
    item: Fraction | None = None

    @property
    def saving(self) -> Spread | None:
        if self.api is None or self.electricity is None:
            return None
        return (self.api - self.electricity).shifted(-self.hardware)


# ---------------------------------------------------------------- what is known of one workload
@dataclass(frozen=True)
class Case:
    workload: Workload
    facts: WorkFacts
    quality: Quality
    thresholds: Thresholds
    costs: Costs
    corrected_p: float | None = None

    @property
    def saved_at_most(self) -> int | None:
        """The low end of the saving; where this computer's costs are not known, what it would be without any."""
        if self.facts.api_cost is None:
            return None
        return self.facts.api_cost - (self.facts.local_cost or 0)

    @property
    def test_cost(self) -> int | None:
        """What the prompts that are still needed cost; None where none are, where more do not help, or where none may be sent."""
        item = self.costs.item
        if item is None and self.facts.api_cost is not None and self.facts.n_items:
            item = Fraction(self.facts.api_cost, self.facts.n_items)
        if self.quality.status != "unknown" or self.workload.traits.sensitivity == "confidential":
            return None
        return None if item is None or self.quality.n_more is None else round(item * self.quality.n_more)

    @property
    def payback(self) -> int | None:
        """Thousandths of a month until this workload alone has paid for the computer; None: never, or nothing to pay."""
        api, electricity = self.costs.api, self.costs.electricity
        if api is None or electricity is None or not self.costs.price:
            return None
        saved = api.low - electricity.high
        return round(Fraction(self.costs.price * 1_000, saved)) if saved > 0 else None

    @property
    def shown(self) -> Figures:
        """What the quality rests on."""
        low, high = self.quality.interval or (None, None)
        return (
            ("status", self.quality.status),
            ("source", self.quality.source),
            ("n", self.quality.n),
            ("test", self.quality.test),
            ("estimate", self.quality.estimate),
            ("low", low),
            ("high", high),
            ("p_value", self.quality.p_value),
            ("corrected_p", self.corrected_p),
        )


# ---------------------------------------------------------------- the rules; None: it does not hold
def _confidential_on_api(case: Case) -> Figures | None:
    if case.workload.traits.sensitivity != "confidential" or case.facts.n_api <= 0:
        return None
    return (("n_api", case.facts.n_api), *case.shown)


def _context(case: Case) -> Figures | None:
    prompt, n_ctx, percent = case.facts.prompt_95, case.facts.n_ctx, case.thresholds.context_percent
    if prompt is None or n_ctx is None or prompt * 100 <= n_ctx * percent:
        return None
    return ("prompt_95", prompt), ("n_ctx", n_ctx), ("context_percent", percent)


def _capacity(case: Case) -> Figures | None:
    facts = case.facts
    is_too_much = facts.most_items is not None and facts.n_items > facts.most_items
    if facts.has_local_model and not is_too_much:
        return None
    why = "too_many" if facts.has_local_model else "no_local_model"
    return ("why", why), ("n_items", facts.n_items), ("most_items", facts.most_items)


def _inferior(case: Case) -> Figures | None:
    quality, thresholds = case.quality, case.thresholds
    if quality.status not in ("inferior", "failing"):
        return None
    return (
        *case.shown,
        ("ratio_percent", thresholds.ratio_percent),
        ("margin_percent", thresholds.margin_percent),
        ("valid_local", quality.valid_local),
        ("valid_remote", quality.valid_remote),
        ("valid_percent", thresholds.valid_percent),
    )


def _reasoning(case: Case) -> Figures | None:
    return case.shown if case.workload.traits.is_reasoning and case.quality.status != "reached" else None


def _no_saving(case: Case) -> Figures | None:
    saved, api = case.saved_at_most, case.facts.api_cost
    if saved is None or api is None:
        return None
    least = max(Fraction(nano_of(case.thresholds.least_saving)), Fraction(api * case.thresholds.least_saving_percent, 100))
    if saved >= least:
        return None
    return ("saving", saved), ("least", round(least)), ("api_cost", api), ("local_cost", case.facts.local_cost)


def _low_volume(case: Case) -> Figures | None:
    api, few, low = case.facts.api_cost, case.thresholds.few_items, nano_of(case.thresholds.low_cost)
    is_public = case.workload.traits.sensitivity == "public"
    if not is_public or case.facts.n_items >= few or api is None or api >= low:
        return None
    return ("n_items", case.facts.n_items), ("few_items", few), ("api_cost", api), ("low_cost", low)


def _quality_unknown(case: Case) -> Figures | None:
    if case.quality.status != "unknown":
        return None
    more = (("n_more", case.quality.n_more), ("test_cost", case.test_cost), ("least_prompts", case.thresholds.least_prompts))
    return ("why", _why_unknown(case)), *case.shown, *more


def _why_unknown(case: Case) -> str:
    """In one word: nothing, or only other models, were compared; agreement; too little; one of several claims; or it is open."""
    quality = case.quality
    if quality.n == 0:
        return "other_models" if quality.local else "nothing"
    if quality.test == "agreement":
        return "agreement"
    if quality.n < case.thresholds.least_prompts:
        return "few"
    if case.corrected_p is not None:
        return "several"
    return "open" if quality.n_more is not None else "hopeless"


def _incomplete(case: Case) -> Figures | None:
    wait, longest = case.facts.wait_95_ms, case.workload.traits.longest_wait_s
    is_judged = case.quality.source == "judge"
    is_slow = wait is not None and longest is not None and wait > longest * 1_000
    if case.quality.status != "reached" or not (is_judged or is_slow or not case.facts.has_ratio):
        return None
    missing = (("judge_only", int(is_judged)), ("no_ratio", int(not case.facts.has_ratio)), ("too_slow", int(is_slow)))
    return *missing, ("wait_95_ms", wait), ("longest_wait_s", longest)


def _reached(case: Case) -> Figures | None:
    facts, saving = case.facts, case.costs.saving
    if case.quality.status != "reached" or saving is None or saving.low <= 0 or not _has_room(case):
        return None
    return (
        ("saving_low", saving.low),
        ("saving", saving.mid),
        ("saving_high", saving.high),
        ("payback_thousandths", case.payback),
        ("n_items", facts.n_items),
        ("most_items", facts.most_items),
        *case.shown,
    )


def _has_room(case: Case) -> bool:
    most = case.facts.most_items
    return most is not None and case.facts.n_items * 100 <= case.thresholds.capacity_percent * most


def otherwise(case: Case) -> Figures:
    facts = case.facts
    if facts.n_items == 0:
        why = "no_items"
    elif facts.most_items is None or facts.local_cost is None:
        why = "no_speed"
    elif facts.api_cost is None:
        why = "no_price"
    else:
        why = "nearly_full" if not _has_room(case) else "no_gain"
    capacity = ("capacity_percent", case.thresholds.capacity_percent)
    return ("why", why), ("n_items", facts.n_items), ("most_items", facts.most_items), capacity


HOLDS: dict[Rule, Callable[[Case], Figures | None]] = {
    "confidential_on_api": _confidential_on_api,
    "context": _context,
    "capacity": _capacity,
    "inferior": _inferior,
    "reasoning": _reasoning,
    "no_saving": _no_saving,
    "low_volume": _low_volume,
    "quality_unknown": _quality_unknown,
    "incomplete": _incomplete,
    "reached": _reached,
    "otherwise": lambda _: None,  # only where no other one holds
}
