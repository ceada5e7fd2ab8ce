from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import genai_prices
import pytest

from engine.errors import ProviderUnfit
from engine.policy import NetworkPolicy
from engine.provider_records import Provider
from engine.providers.presets import PRESETS, checked, own_server
from engine.providers.provider import dialect_of
from tests.sending_stage import provider_at

BY_ID = {preset.id: preset for preset in PRESETS}


def test_the_presets() -> None:
    assert {each.name: each.host for each in PRESETS} == {
        "OpenAI": "api.openai.com",
        "Anthropic": "api.anthropic.com",
        "Google Gemini": "generativelanguage.googleapis.com",
        "OpenRouter": "openrouter.ai",
        "Mistral": "api.mistral.ai",
        "DeepSeek": "api.deepseek.com",
    }
    assert len({each.id for each in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        assert checked(preset) == preset
        assert preset.terms == "" and preset.key == "none" and preset.needs_key and not preset.is_own and preset.fee_ppm == 0


def test_where_each_preset_is_asked() -> None:
    assert {each.name: dialect_of(each).url(each) for each in PRESETS} == {
        "OpenAI": "https://api.openai.com/v1/chat/completions",
        "Anthropic": "https://api.anthropic.com/v1/messages",
        "Google Gemini": "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        "OpenRouter": "https://openrouter.ai/api/v1/chat/completions",
        "Mistral": "https://api.mistral.ai/v1/chat/completions",
        "DeepSeek": "https://api.deepseek.com/chat/completions",
    }
    for each in PRESETS:
        policy = NetworkPolicy(frozenset({"compare"}), {"compare": frozenset({each.host})})
        assert policy.judge("compare", dialect_of(each).url(each)) is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_the_price_list_knows_each_model_of_a_preset(preset: Provider) -> None:
    assert len(preset.models) >= 2
    for model in preset.models:
        priced = genai_prices.calc_price(
            genai_prices.Usage(input_tokens=1000, output_tokens=1000), model, provider_id=preset.prices,
            genai_request_timestamp=datetime(2026, 11, 21, 12, tzinfo=UTC),
        )  # fmt: skip
        assert priced.total_price > 0 and priced.provider.id == preset.prices


def test_what_accounts_cannot_do() -> None:
    assert {each.name: each.quirks for each in PRESETS if each.quirks} == {
        "OpenAI": ("max_completion_tokens",),
        "Anthropic": ("no_temperature",),
        "OpenRouter": ("no_stream_options",),
        "Mistral": ("no_stream_options",),
    }


# ---------------------------------------------------------------- what is entered
@pytest.mark.parametrize(
    ("entered", "kept", "host"),
    [
        ("https://API.Example/v1/", "https://api.example/v1", "api.example"),
        ("  https://api.example:443//  ", "https://api.example", "api.example"),
        ("https://api.example:8443/v1", "https://api.example:8443/v1", "https://api.example:8443"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://localhost/v1", "http://localhost/v1", "http://localhost:80"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1", "http://[::1]:8080"),
        ("https://api.example/v1/chat/completions", "https://api.example/v1", "api.example"),
        ("https://api.example/v1/messages/", "https://api.example/v1", "api.example"),
    ],
)
def test_an_address_has_one_spelling(entered: str, kept: str, host: str) -> None:
    found = own_server("Ours", entered, ["m"])
    assert (found.base_url, found.host) == (kept, host) and checked(found) == found
    url = dialect_of(found).url(found)
    assert NetworkPolicy(frozenset({"compare"}), {"compare": frozenset({host})}).judge("compare", url) is None


@pytest.mark.parametrize(
    ("entered", "reason"),
    [
        ("", "bad_address"), ("api.example/v1", "bad_address"), ("https://", "bad_address"), ("ftp://api.example", "bad_address"),
        ("https://me:secret@api.example/v1", "bad_address"), ("https://api.example/v1?key=1", "bad_address"),
        ("https://api.example/v1#x", "bad_address"), ("https://api.example/a b", "bad_address"),
        ("https://api.example\\@evil.example", "bad_address"), ("https://api.exämple", "bad_address"),
        ("https://127.1/v1", "bad_address"), ("https://api.example/\r\nx: y", "bad_address"),
        ("http://api.example/v1", "not_https"), ("http://10.0.0.5:8000/v1", "not_https"), ("http://0.0.0.0:8000", "not_https"),
    ],
)  # fmt: skip
def test_an_address_that_is_none(entered: str, reason: str) -> None:
    with pytest.raises(ProviderUnfit) as unfit:
        own_server("Ours", entered, ["m"])
    assert (unfit.value.name, unfit.value.reason) == ("Ours", reason) and "secret" not in str(unfit.value)


def test_a_name_and_models_are_needed() -> None:
    good = provider_at("https://api.example/v1")
    assert checked(replace(good, name="  Our \n server ", models=(" a ", "b", "a", ""))).models == ("a", "b")
    assert checked(replace(good, name="  Our \n server ")).name == "Our server"
    for name in ("", "  ", "x" * 101, "a\u202eb", "a\x00"):
        with pytest.raises(ProviderUnfit, match="no_name"):
            checked(replace(good, name=name))
    for models in ((), ("",), ("a\nb",), ("x" * 201,), tuple(map(str, range(201)))):
        with pytest.raises(ProviderUnfit, match="no_models"):
            checked(replace(good, models=models))


def test_an_own_server_is_said_to_be_one() -> None:
    ours = own_server("Ours", "http://127.0.0.1:8080/v1", ["m"])
    assert ours.is_own and not ours.needs_key and ours.prices == ""
