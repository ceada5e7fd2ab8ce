"""By which figures advice is given, how much of its time the computer can work, and how long single entries stay. QtCore only."""

from __future__ import annotations

from decimal import Decimal

from desktop.viewmodels import costs_entry as entry
from desktop.viewmodels.costs import CostsModel
from desktop.wordings import costs
from engine.ledger_settings import LedgerSettings, Thresholds

NAMES: tuple[str, ...] = (
    "margin_percent", "ratio_percent", "least_prompts", "valid_percent", "context_percent", "capacity_percent", "least_saving",
    "least_saving_percent", "few_items", "low_cost", "sample_percent", "least_sample", "watch_days", "watch_items",
)  # fmt: skip
_MONEY = ("least_saving", "low_cost")
_MOST = 1_000_000


class ThresholdsModel:
    """What is typed becomes a threshold, or a sentence that says why it does not."""

    def __init__(self, costs_model: CostsModel) -> None:
        self.costs = costs_model

    def value(self, name: str) -> str:
        """A threshold as it can be typed."""
        return costs.plain_number(Decimal(getattr(self.costs.ledger.thresholds, name)))

    def use(self, name: str, typed: str) -> str:
        """Decide advice by another figure; else why not."""
        least, most = _bounds(Thresholds, name)
        figure = entry.number(_bare(typed), least=least, most=most, places=2 if name in _MONEY else 0)
        if figure.value is None:
            return figure.problem
        value: object = figure.value if name in _MONEY else int(figure.value)
        self.costs.change(thresholds={**self.costs.ledger.thresholds.model_dump(), name: value})
        return ""

    @property
    def are_own(self) -> bool:
        return self.costs.ledger.thresholds != Thresholds()

    def reset(self) -> None:
        """Back to what the program comes with."""
        self.costs.change(thresholds=Thresholds().model_dump())

    def use_whole(self, name: str, typed: str) -> str:
        """Change `keep_months` or `usable_percent`; else why not."""
        least, most = _bounds(LedgerSettings, name)
        value, problem = entry.whole(_bare(typed), least=least, most=most)
        if value is not None:
            self.costs.change(**{name: value})
        return problem


def _bare(typed: str) -> str:
    return typed.strip().removesuffix("%").strip()


def _bounds(model: type[LedgerSettings] | type[Thresholds], name: str) -> tuple[int, int]:
    """The range of a figure, as the settings declare it."""
    least, most = 0, _MOST
    for rule in model.model_fields[name].metadata:
        least, most = getattr(rule, "ge", least), getattr(rule, "le", most)
    return int(least), min(int(most), _MOST)
