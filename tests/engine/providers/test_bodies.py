from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compare_records import PromptMessage
from engine.errors import ProviderUnfit
from engine.provider_records import DIALECTS, Dialect
from engine.providers.provider import Wish, body_for, dialect_of, texts_of
from tests.sending_stage import provider_at, wish

URL = "https://api.example/v1"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)  # with halves of surrogate pairs


def sent(dialect: Dialect, *quirks: object, **options: object) -> dict[str, object]:
    return dict(json.loads(body_for(provider_at(URL, dialect, *quirks), wish("Q", **options)).content))  # type: ignore[arg-type]


def test_a_body_of_chat_completions() -> None:
    assert sent("openai") == {
        "model": "test-large",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Q"}],
        "max_tokens": 50,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert body_for(provider_at(URL), wish()).url == f"{URL}/chat/completions"


def test_a_body_of_messages() -> None:
    assert sent("anthropic") == {
        "model": "test-large",
        "max_tokens": 50,
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "Q"}],
        "stream": True,
        "temperature": 0.0,
    }
    assert body_for(provider_at(URL, "anthropic"), wish()).url == f"{URL}/messages"


def test_what_an_account_cannot_do_is_left_out_and_said() -> None:
    newer = provider_at(URL, "openai", "max_completion_tokens", "no_temperature", "no_stream_options")
    body = body_for(newer, wish())
    assert set(json.loads(body.content)) == {"model", "messages", "max_completion_tokens", "stream"}
    assert body.differs == ("max_tokens", "temperature")
    assert "temperature" not in sent("anthropic", "no_temperature")
    assert body_for(provider_at(URL, "anthropic", "no_temperature"), wish()).differs == ("temperature",)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_the_providers_own_is_said(dialect: Dialect) -> None:
    assert body_for(provider_at(URL, dialect), wish()).differs == ()
    assert body_for(provider_at(URL, dialect), wish(temperature=None)).differs == ("temperature",)
    assert "temperature" not in sent(dialect, temperature=None)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4), ANY_TEXT.filter(bool))
def test_what_is_shown_is_read_back_from_the_bytes(dialect: Dialect, texts: list[str], system: str) -> None:
    provider = provider_at(URL, dialect)
    body = body_for(provider, wish(*texts, system=system))
    expected = tuple(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in (system, *texts))
    assert texts_of(provider, body.content) == expected
    assert body.sha256 == hashlib.sha256(body.content).hexdigest()
    assert body == body_for(provider, wish(*texts, system=system))
    json.loads(body.content.decode("utf-8", "strict"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_letters_are_sent_as_they_are_written(dialect: Dialect) -> None:
    body = body_for(provider_at(URL, dialect), wish("Überprüfung 👩‍⚖️ \u2028 \ufeff"))
    assert "Überprüfung 👩‍⚖️ \u2028 \ufeff".encode() in body.content and b"\\u" not in body.content


def test_half_a_letter_is_replaced_where_it_is_shown_as_well() -> None:
    provider = provider_at(URL)
    body = body_for(provider, wish("a\ud83d b", "\ude00"))
    assert texts_of(provider, body.content) == ("Be brief.", "a\ufffd b", "\ufffd")


def test_the_system_texts_of_messages_stand_together() -> None:
    messages = (PromptMessage("system", "A"), PromptMessage("user", "Q"), PromptMessage("system", "B"))
    body = body_for(provider_at(URL, "anthropic"), Wish(messages, "m", 5))
    assert json.loads(body.content)["system"] == "A\n\nB"


def test_the_text_does_not_stand_in_what_is_logged() -> None:
    wished = wish("confidential")
    assert "confidential" not in repr(wished) + repr(body_for(provider_at(URL), wished))


def test_the_key_goes_where_each_dialect_wants_it() -> None:
    openai, anthropic = provider_at(URL), provider_at(URL, "anthropic")
    assert dialect_of(openai).headers(openai, "sk-1") == {"authorization": "Bearer sk-1"}
    assert dialect_of(openai).headers(openai, None) == {}
    assert dialect_of(anthropic).headers(anthropic, "sk-1") == {"anthropic-version": "2026-10-21", "x-api-key": "sk-1"}
    assert dialect_of(anthropic).headers(anthropic, None) == {"anthropic-version": "2026-10-21"}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("key", ["", "a b", "a\r\nx: y", "schlüssel", "a\x00", "x" * 2001])
def test_a_key_that_is_none_is_refused_and_not_told(dialect: Dialect, key: str) -> None:
    provider = provider_at(URL, dialect)
    with pytest.raises(ProviderUnfit) as unfit:
        dialect_of(provider).headers(provider, key)
    assert (unfit.value.name, unfit.value.reason) == ("Test", "bad_key")
    assert not key or key not in str(unfit.value)
