"""Where a workload runs, in words: the four ways and what each means, and how confidential it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import StatusWords
from engine.advice_records import Route, RouteKind, Sensitivity

translate = QCoreApplication.translate

#: In the order in which work moves towards this computer.
KINDS: tuple[RouteKind, ...] = ("api", "shadow", "share", "local")


@dataclass(frozen=True)
class Names:
    """What the two models of a route are called, and who offers the remote one; '' where there is none."""

    local: str = ""
    remote: str = ""
    host: str = ""

    @property
    def here(self) -> str:
        return self.local or translate("routes", "the model of this computer")

    @property
    def away(self) -> str:
        return self.remote or translate("routes", "the remote model")


# ---------------------------------------------------------------- the four ways
def name(kind: RouteKind) -> str:
    return {
        "api": translate("routes", "With the API"),
        "shadow": translate("routes", "With the API, compared here"),
        "share": translate("routes", "A part on this computer"),
        "local": translate("routes", "On this computer"),
    }[kind]


def about(kind: RouteKind) -> str:
    """What a way means, in a sentence."""
    return {
        "api": translate("routes", "The remote model answers every item. You approve each run before anything leaves."),
        "shadow": translate(
            "routes",
            "The remote model answers every item, and the local one answers it too, only to be compared. You approve each run.",
        ),
        "share": translate(
            "routes", "The local model answers a part of the items, the remote one the others. You approve what leaves."
        ),
        "local": translate(
            "routes", "The local model answers every item. Nothing leaves but the quality samples that you approve."
        ),
    }[kind]


def chip(kind: RouteKind) -> StatusWords:
    """Whether the text leaves."""
    if kind == "local":
        return StatusWords(translate("routes", "Stays here"), "local", "lock")
    if kind == "share":
        return StatusWords(translate("routes", "A part leaves"), "outbound", "arrow-up-right")
    return StatusWords(translate("routes", "Leaves"), "outbound", "arrow-up-right")


def summary(route: Route, names: Names) -> str:
    """Where it runs, by name: `GPT-5.2 answers, at api.openai.com.`"""
    text = {
        "api": translate("routes", "{remote} answers{host}."),
        "shadow": translate("routes", "{remote} answers{host}; {local} answers too, to be compared."),
        "share": translate("routes", "{local} answers {n}% on this computer, {remote} the others{host}."),
        "local": translate("routes", "{local} answers on this computer."),
    }[route.kind]
    host = translate("routes", ", at {host}").format(host=names.host) if names.host else ""
    n = figures.number(route.share_percent)
    words = text.format(remote=names.away, local=names.here, host=host, n=n)
    return words[:1].upper() + words[1:]


def back(route: Route) -> str:
    """`Return to the API`."""
    if route.kind == "share":
        return translate("routes", "Return to {n}% here").format(n=figures.number(route.share_percent))
    return {
        "api": translate("routes", "Return to the API"),
        "shadow": translate("routes", "Return to comparing"),
        "local": translate("routes", "Return to this computer"),
    }[route.kind]


# ---------------------------------------------------------------- what the user says of a workload
def sensitivity(of: Sensitivity) -> tuple[str, str]:
    """Its name, and what follows from it."""
    return {
        "public": (
            translate("routes", "Public"),
            translate("routes", "Anybody may read it. Small savings are not worth a move."),
        ),
        "internal": (translate("routes", "Internal"), translate("routes", "It may leave this computer, with your approval.")),
        "confidential": (
            translate("routes", "Confidential"),
            translate("routes", "It may run on this computer only, and no sample of it is sent."),
        ),
    }[of]
