"""What to move next, ready to show: one item for each workload, with what can be done about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.wordings import ledger, ledger_advice, routes
from desktop.wordings.words import StatusWords
from engine.advice_records import Advice
from engine.price_records import Currency

translate = QCoreApplication.translate


@dataclass(frozen=True)
class AdviceItem:
    """`acts` are keys of its buttons, the first one drawn strongest: evidence, vote, move."""

    advice: Advice
    name: str
    chip: StatusWords
    sentence: str
    acts: tuple[str, ...]

    @property
    def is_alert(self) -> bool:
        return bool(self.advice.alert)


def items(advice: tuple[Advice, ...], currency: Currency) -> tuple[AdviceItem, ...]:
    """In the engine's order, with what has got worse on top."""
    found = [_item(one, currency) for one in advice if not one.workload.is_fixed]
    return tuple(sorted(found, key=lambda item: not item.is_alert))


def _item(of: Advice, currency: Currency) -> AdviceItem:
    name = ledger.workload(of.workload.id, of.workload.name)
    return AdviceItem(of, name, ledger_advice.chip(of), ledger_advice.sentence(of, currency), _acts(of))


def _acts(of: Advice) -> tuple[str, ...]:
    if of.alert:
        return ("move", "evidence")
    if of.label == "migrate" and not of.obstacle and of.workload.route.kind != "local":
        return ("evidence", "move")
    if _may_return(of):
        return ("evidence", "return")
    if of.label == "test_more":
        return ("vote", "evidence")
    return ("evidence",)


def _may_return(of: Advice) -> bool:
    """Whether it was moved here and may run again where it ran before."""
    before, workload = of.previous, of.workload
    if before is None or workload.route.kind not in ("share", "local"):
        return False
    return before.kind == "local" or workload.traits.sensitivity != "confidential"


def verb(act: str, of: Advice) -> str:
    """What its button says."""
    if act == "move":
        return translate("advice", "Move back") if of.alert else translate("advice", "Move")
    if act == "return" and of.previous is not None:
        return routes.back(of.previous)
    return {"evidence": translate("advice", "See evidence"), "vote": translate("advice", "Vote now")}[act]


def source(advice: tuple[Advice, ...]) -> str:
    """Where the advice comes from, beside the title."""
    sources = {one.quality.source for one in advice}
    if "votes" in sources or "evaluation" in sources:
        return translate("advice", "Based on your own votes")
    return ""
