"""What the user reads when something fails, and the names of states: kinds and facts become sentences.

A failure says in this order what happened, what was kept, what to do; details are folded. The sentences for
each kind live in desktop/wordings/; this file picks them. No widgets, no document content, no logs.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop.wordings import documents, fetch, ledger_errors, lock, models, network, providers, store
from desktop.wordings.words import StatusWords, Words
from engine import errors
from engine.errors import StrongroomError
from engine.network_records import NetworkState
from engine.records import DocumentStatus, ModelState, Protection, Seal, StopReason

__all__ = ["StatusWords", "Words", "document_status", "lock_state", "model_state", "protection", "seal", "stop_reason"]

translate = QCoreApplication.translate

_BY_KIND: dict[str, Callable[..., Words]] = {
    **models.WORDS,
    **documents.WORDS,
    **store.WORDS,
    **network.WORDS,
    **fetch.WORDS,
    **providers.WORDS,
    **ledger_errors.WORDS,
}


def words_for(error: StrongroomError) -> Words:
    """The sentences for an error; every kind has some, which a test makes sure of."""
    words = _BY_KIND[error.kind](error) if error.kind in _BY_KIND else _general(error)
    return words.with_details(error.kind, error.facts)


def words_for_kind(kind: str, facts: dict[str, object] | None) -> Words:
    """The sentences for an error that was stored as kind and facts; an unreadable record still says something true."""
    error = errors.error_from(kind, dict(facts or {}))
    if error.kind != kind:  # a record of another version: its own kind and facts say more than what stands in for them
        return _general(StrongroomError()).with_details(kind, dict(facts or {}))
    return words_for(error)


def _general(error: StrongroomError) -> Words:
    if isinstance(error, errors.ModelError):
        title = translate("wording", "The model could not do this")
    elif isinstance(error, errors.DocumentError):
        title = translate("wording", "This document can’t be read")
    elif isinstance(error, errors.StoreError):
        title = translate("wording", "Your data could not be reached")
    elif isinstance(error, errors.NetworkError):
        title = translate("wording", "The connection brought nothing")
    elif isinstance(error, errors.ProviderError):
        title = translate("wording", "The other model did not answer")
    elif isinstance(error, errors.CompareError):
        title = translate("wording", "The comparison was not sent")
    elif isinstance(error, errors.LedgerError):
        title = translate("wording", "The ledger could not do this")
    elif isinstance(error, errors.FetchError):
        title = translate("wording", "The model could not be added")
    else:
        title = translate("wording", "This could not be finished")
    return Words(
        title=title,
        happened=translate("wording", "Strongroom stopped before it was done. The details name the place."),
        kept=translate("wording", "What was stored before is unchanged."),
        to_do=translate("wording", "Try again. If it happens again, copy the details into a report."),
        icon="circle-alert",
    )


def document_status(status: DocumentStatus) -> StatusWords:
    """Chip of a document's state."""
    return documents.status(status)


def stop_reason(reason: StopReason) -> str:
    """Why an answer ended, where that is worth saying; empty for a normal end."""
    return {
        "end_of_text": "",
        "stop_word": "",
        "token_limit": translate("wording", "The answer reached its longest length and was cut there."),
        "cancelled": translate("wording", "You stopped this answer. What was written is kept."),
    }[reason]


def lock_state(network: NetworkState, n_downloads: int = 0) -> StatusWords:
    """The state of the offline lock and of what runs through it."""
    return lock.state(network, n_downloads)


def model_state(state: ModelState) -> StatusWords:
    """The chat model as the status bar shows it."""
    name = state.name or translate("wording", "Model")
    match state.phase:
        case "ready":
            return StatusWords(name, "local", "cpu")
        case "loading":
            return StatusWords(translate("wording", "Opening {model}").format(model=name), "neutral", "clock")
        case "restarting":
            return StatusWords(translate("wording", "Starting {model} again").format(model=name), "caution", "rotate-ccw")
        case "failed":
            why = words_for_kind(state.problem, state.problem_facts).summary if state.problem else ""
            text = translate("wording", "{model} not loaded").format(model=name)
            return StatusWords(f"{text}: {why[:1].lower()}{why[1:].rstrip('.')}" if why else text, "danger", "circle-alert")
    return StatusWords(translate("wording", "No model"), "neutral", "cpu")


def protection(kind: Protection) -> tuple[str, str]:
    """Title and sentence about how the store is protected."""
    return {
        "keyring": (
            translate("wording", "On"),
            translate("wording", "Documents and conversations: AES-256. Key in the system keyring, unlocked when you log in."),
        ),
        "passphrase": (
            translate("wording", "On"),
            translate(
                "wording", "Documents and conversations: AES-256. The key comes from your passphrase, asked at each start."
            ),
        ),
        "memory": (
            translate("wording", "In memory"),
            translate("wording", "Nothing is written to this computer. Everything is gone when you close Strongroom."),
        ),
    }[kind]


def seal(found: Seal | None) -> StatusWords:
    """What the operating system enforces on the process that holds the model."""
    if found is None:
        return StatusWords(translate("wording", "No model process is running"), "neutral", "clock")
    if found.network == "enforced" and found.files == "enforced":
        return StatusWords(translate("wording", "Enforced by the system"), "local", "shield-check")
    if found.network == "enforced":
        return StatusWords(translate("wording", "Network blocked, files not restricted"), "caution", "triangle-alert")
    return StatusWords(translate("wording", "Not enforced on this system"), "caution", "triangle-alert")
