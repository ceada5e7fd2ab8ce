"""Every way to fail has words, for each reason, and they keep the order: what happened, what was kept, what to do."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from desktop import wording
from engine import errors
from engine.errors import StrongroomError
from engine.network_records import PURPOSES, NetworkState
from engine.records import DocumentStatus, ModelState, Protection, Seal, StopReason

SAMPLES: dict[Any, Any] = {str: "Lease, Unit 4.pdf", int: 4096, float: 90.0, bool: False}
CATEGORIES = {
    "model_error",
    "document_error",
    "store_error",
    "network_error",
    "fetch_error",
    "provider_error",
    "compare_error",
    "ledger_error",
}


def occurrences() -> Iterator[StrongroomError]:
    """One error of each kind for every value of every fact that has few."""
    for kind, cls in errors.StrongroomError.kinds.items():
        if kind in CATEGORIES:
            yield cls()
            continue
        hints = get_type_hints(cls)
        facts = {field.name: values(hints[field.name]) for field in dataclasses.fields(cls)}
        plain = {name: options[0] for name, options in facts.items()}
        for name, options in facts.items():
            for option in options:
                yield cls(**(plain | {name: option}))


def values(hint: Any) -> list[Any]:
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    if hint is bool:
        return [False, True]
    if type(None) in get_args(hint):
        return [*values(next(one for one in get_args(hint) if one is not type(None))), None]
    return [SAMPLES[hint]]


@pytest.mark.parametrize("error", list(occurrences()), ids=str)
def test_every_error_says_four_things(error: StrongroomError) -> None:
    words = wording.words_for(error)
    for part in (words.title, words.happened, words.kept, words.to_do):
        assert part.strip(), error
    for sentence in (words.happened, words.kept, words.to_do):
        assert sentence.endswith("."), sentence
    everything = " ".join((words.title, words.summary, words.happened, words.kept, words.to_do))
    assert not re.search(r"[{}!]|please|oops|unknown error|inference|embedding|RAG", everything), everything
    assert words.details.startswith(error.kind)


@pytest.mark.parametrize("error", list(occurrences()), ids=str)
def test_stored_problems_get_the_same_words(error: StrongroomError) -> None:
    assert wording.words_for_kind(error.kind, error.facts) == wording.words_for(error)


def test_each_reason_of_an_error_is_told_in_its_own_words() -> None:
    with_reasons = [cls for cls in errors.StrongroomError.kinds.values() if "reason" in get_type_hints(cls)]
    assert len(with_reasons) >= 9
    for cls in with_reasons:
        reasons = get_args(get_type_hints(cls)["reason"])
        told = {wording.words_for(cls(**(_plain_facts(cls) | {"reason": reason}))).happened for reason in reasons}
        assert len(told) == len(reasons), cls


def _plain_facts(cls: type[StrongroomError]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: values(hints[field.name])[0] for field in dataclasses.fields(cls)}


def test_a_closed_lock_says_how_to_open_it_for_what_was_wanted() -> None:
    told = {purpose: wording.words_for(errors.NetworkRefused(purpose, "huggingface.co", "offline")) for purpose in PURPOSES}
    assert len({words.to_do for words in told.values()}) == len(PURPOSES)
    assert all("huggingface.co" in words.happened and words.tone == "neutral" for words in told.values())
    assert "open_lock" in told["models"].actions and "open_lock" not in told["compare"].actions


def test_a_hostile_file_name_cannot_turn_or_break_a_sentence() -> None:
    words = wording.words_for(errors.NameRefused("..\u202egpj.exe\nAll is well"))
    assert "\u202e" not in words.happened and "\n" not in words.happened


def test_a_record_that_cannot_be_read_still_says_something_true() -> None:
    words = wording.words_for_kind("from_the_future", {"what": "ever"})
    assert words.title and words.kept and "from_the_future" in words.details


def test_a_prompt_that_is_too_long_says_by_how_much() -> None:
    words = wording.words_for(errors.PromptTooLong(300, 256))
    assert "44" in words.summary
    assert "300" in words.happened and "256" in words.happened


def test_states_have_words() -> None:
    for status in get_args(DocumentStatus):
        assert wording.document_status(status).text
    for reason in get_args(StopReason):
        assert isinstance(wording.stop_reason(reason), str)
    for kind in get_args(Protection):
        assert all(wording.protection(kind))
    for network in ("enforced", "not_enforced"):
        for files in ("enforced", "not_enforced"):
            words = wording.seal(Seal(network, files, ""))  # type: ignore[arg-type]
            assert (words.tone == "local") == (network == files == "enforced")


def test_the_lock_state_is_green_and_says_that_nothing_leaves() -> None:
    words = wording.lock_state(NetworkState())
    assert (words.text, words.tone, words.icon) == ("Offline. Nothing leaves this computer", "local", "lock")


def test_an_open_lock_says_what_it_is_open_for_and_copper_is_kept_for_text() -> None:
    models = NetworkState(("models",))
    assert wording.lock_state(models).text == "Downloads allowed. Your documents stay here"
    assert wording.lock_state(models, 1).text == "Downloading a model. Your documents stay here"
    assert wording.lock_state(replace(models, busy_with=("models",))).text == "Looking for models. Your documents stay here"
    assert {wording.lock_state(models, n).tone for n in range(4)} == {"neutral"}
    sending = wording.lock_state(NetworkState(("models", "compare"), busy_with=("compare",)), 1)
    assert (sending.tone, sending.icon) == ("outbound", "arrow-up-right")
    assert wording.lock_state(NetworkState(("compare",))).tone == "local", "nothing leaves before Send"
    assert wording.lock_state(NetworkState(("server",))).tone == "neutral"
    assert wording.lock_state(NetworkState(busy_with=("models",)), 1).tone == "local", "closed is closed"


def test_a_failed_model_says_why_in_the_status_bar() -> None:
    state = ModelState(
        "failed", name="Qwen3 8B", problem="model_damaged", problem_facts={"model": "Qwen3 8B", "reason": "truncated"}
    )
    words = wording.model_state(state)
    assert words.text == "Qwen3 8B not loaded: its file on this computer is damaged"
    assert words.tone == "danger"


@pytest.mark.parametrize("phase", ["none", "loading", "ready", "restarting", "failed"])
def test_every_phase_of_the_model_has_words(phase: str) -> None:
    assert wording.model_state(ModelState(phase, name="Model")).text  # type: ignore[arg-type]
