"""Both dialects against a real llama.cpp server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.errors import OutcomeUnknown, ProviderFailed
from engine.network import Interrupted, Interruption
from engine.provider_records import DIALECTS, Dialect
from engine.providers.asking import answer, list_models
from engine.providers.provider import Ended, Grew, body_for
from tests.open_door import open_door
from tests.real_provider import real_provider
from tests.sending_stage import approved, asked, provider_at, wish


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_provider(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_and_what_it_used(url: str, dialect: Dialect) -> None:
    door, log = open_door(url, purpose="compare")
    for question in ("How are you?", "How are you?"):  # the second time, the prompt is in its cache
        pieces = asked(door, provider_at(url, dialect), wish(question, max_tokens=12), key=None)
        *grown, last = pieces
        assert isinstance(last, Ended) and last.stop_reason == "token_limit" and last.answered_by
        assert all(isinstance(each, Grew) for each in grown) and len(grown) >= 5, "it came bit by bit"
        assert last.tokens is not None and (last.tokens.prompt, last.tokens.generated) == (31, 12)
    assert last.tokens.cached > 0 and last.request_id
    assert [each.outcome for each in log.ended.values()] == ["done", "done"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_prompt_that_is_too_long(url: str, dialect: Dialect) -> None:
    door, _ = open_door(url, purpose="compare")
    with pytest.raises(ProviderFailed) as failed:
        asked(door, provider_at(url, dialect), wish("word " * 5000), key=None)
    assert (failed.value.reason, failed.value.status) == ("too_long", 400)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_is_ended(url: str, dialect: Dialect) -> None:
    door, _ = open_door(url, purpose="compare")
    provider, interruption = provider_at(url, dialect), Interruption()
    body = approved(door, body_for(provider, wish("How are you?", max_tokens=900)))
    pieces = answer(door, provider, body, None, about="x", interruption=interruption)
    next(pieces)
    interruption.interrupt()
    with pytest.raises((Interrupted, OutcomeUnknown)):
        list(pieces)


def test_its_models(url: str) -> None:
    door, _ = open_door(url, purpose="compare")
    for dialect in DIALECTS:
        assert len(list_models(door, provider_at(url, dialect), None, about="models")) == 1
