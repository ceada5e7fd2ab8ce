"""Search or jump to: matters, conversations, documents and screens whose name fits what is typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.window_model import WindowModel

translate = QCoreApplication.translate
_MOST = 12


@dataclass(frozen=True)
class JumpTarget:
    """A place to go to; `detail` says what kind of place it is."""

    kind: Literal["screen", "settings", "matter", "conversation", "document"]
    key: str
    title: str
    detail: str
    icon: str


def screens() -> list[JumpTarget]:
    """The screens there are."""
    screen = translate("jump", "Screen")
    return [
        JumpTarget("screen", "ask", translate("jump", "Ask"), screen, "message-square-text"),
        JumpTarget("screen", "documents", translate("jump", "Documents"), screen, "files"),
        JumpTarget("screen", "compare", translate("jump", "Compare"), screen, "columns-2"),
        JumpTarget("screen", "ledger", translate("jump", "Ledger"), screen, "receipt-text"),
        JumpTarget("screen", "models", translate("jump", "Models"), screen, "cpu"),
        JumpTarget("screen", "settings", translate("jump", "Settings"), screen, "settings"),
        JumpTarget("settings", "privacy", translate("jump", "Privacy"), translate("jump", "Settings"), "shield-check"),
        JumpTarget("settings", "providers", translate("jump", "Other companies"), translate("jump", "Settings"), "building-2"),
        JumpTarget("settings", "costs", translate("jump", "Costs"), translate("jump", "Settings"), "receipt-text"),
        JumpTarget("settings", "costs:prices", translate("jump", "Prices"), translate("jump", "Settings"), "receipt-text"),
        JumpTarget("settings", "costs:budgets", translate("jump", "Budgets"), translate("jump", "Settings"), "receipt-text"),
        JumpTarget("screen", "help", translate("jump", "Help"), screen, "circle-help"),
    ]


def jump_targets(model: WindowModel, typed: str) -> list[JumpTarget]:
    """At most twelve places, best first: names that start with what was typed, then words that do, then the rest."""
    wanted = typed.strip().casefold()
    if not wanted:
        return [*_matters(model), *_conversations(model), *screens()][:_MOST]
    ranked = [
        (rank, place, target)
        for place, target in enumerate(_all(model))
        if (rank := _rank(target.title.casefold(), wanted)) is not None
    ]
    return [target for _, _, target in sorted(ranked, key=lambda one: one[:2])[:_MOST]]


def _rank(title: str, wanted: str) -> int | None:
    if title.startswith(wanted):
        return 0
    if any(word.startswith(wanted) for word in title.split()):
        return 1
    return 2 if all(part in title for part in wanted.split()) else None


def _all(model: WindowModel) -> Iterable[JumpTarget]:
    yield from _matters(model)
    yield from _conversations(model)
    document = translate("jump", "Document")
    yield from (JumpTarget("document", one.id, one.name, document, "file-text") for one in model.documents.values())
    yield from screens()


def _matters(model: WindowModel) -> list[JumpTarget]:
    return [JumpTarget("matter", one.id, one.name, translate("jump", "Matter"), "folder") for one in model.matters]


def _conversations(model: WindowModel) -> list[JumpTarget]:
    words = translate("jump", "Conversation")
    return [JumpTarget("conversation", one.id, one.title, words, "message-square-text") for one in model.conversations]
