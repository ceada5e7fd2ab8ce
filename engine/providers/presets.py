"""Providers that can be added with one choice, and what an address must be to become one. Opens no connection.

Nothing is said here about what a provider does with texts: `terms` is for the user to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from engine.errors import ProviderUnfit
from engine.policy import DEFAULT_PORT, Origin, is_loopback, named, origin_of
from engine.provider_records import DIALECTS, Dialect, Provider, ProviderId, Quirk

MAX_NAME, MAX_MODEL, MAX_MODELS = 100, 200, 200
_ENDPOINTS = ("/chat/completions", "/messages", "/models")  # what manuals show, instead of what they begin with


def checked(provider: Provider) -> Provider:
    """The provider with its address in one spelling and `host` taken from it. Raises ProviderUnfit."""
    name = " ".join(provider.name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise ProviderUnfit(name[:MAX_NAME], "no_name")
    origin, base_url = _address(name, provider.base_url)
    models = tuple(dict.fromkeys(each.strip() for each in provider.models if each.strip()))
    if not 0 < len(models) <= MAX_MODELS or not all(len(each) <= MAX_MODEL and each.isprintable() for each in models):
        raise ProviderUnfit(name, "no_models")
    if provider.dialect not in DIALECTS:
        raise ProviderUnfit(name, "bad_address")
    return replace(provider, name=name, base_url=base_url, models=models, host=named(origin), fee_ppm=max(0, provider.fee_ppm))


def own_server(
    name: str,
    base_url: str,
    models: Iterable[str],
    *,
    dialect: Dialect = "openai",
    needs_key: bool = False,
    quirks: tuple[Quirk, ...] = (),
) -> Provider:
    """A server of the user's organisation. Raises ProviderUnfit."""
    return checked(
        Provider(ProviderId(""), name, dialect, base_url, tuple(models), "", is_own=True, needs_key=needs_key, quirks=quirks)
    )


def _address(name: str, entered: str) -> tuple[Origin, str]:
    text = entered.strip()
    try:
        origin, parts = origin_of(text), urlsplit(text)
    except ValueError:
        raise ProviderUnfit(name, "bad_address") from None
    if "?" in text or "#" in text:
        raise ProviderUnfit(name, "bad_address")
    scheme, host, port = origin
    if scheme != "https" and not is_loopback(host):
        raise ProviderUnfit(name, "not_https")
    path = parts.path.rstrip("/")
    for endpoint in _ENDPOINTS:
        path = path.removesuffix(endpoint).rstrip("/")
    shown = f"[{host}]" if ":" in host else host
    return origin, f"{scheme}://{shown}{'' if port == DEFAULT_PORT[scheme] else f':{port}'}{path}"


def _preset(name: str, base_url: str, models: str, dialect: Dialect = "openai", *quirks: Quirk) -> Provider:
    id = name.lower().replace(" ", "-")
    prices = "google" if "Google" in name else id
    return checked(Provider(ProviderId(id), name, dialect, base_url, tuple(models.split()), "", prices=prices, quirks=quirks))


PRESETS: tuple[Provider, ...] = (
    _preset("OpenAI", "https://api.openai.com/v1", "gpt-6.1-sol gpt-6-luna gpt-6-astra", "openai", "max_completion_tokens"),
    _preset(
        "Anthropic",
        "https://api.anthropic.com/v1",
        "claude-opus-5-5 claude-sonnet-5-5 claude-haiku-5-5",
        "anthropic",
        "no_temperature",
    ),
    _preset(
        "Google Gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "gemini-4-argon gemini-3.8-flash gemini-3.5-flash-lite",
    ),
    _preset(
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        "anthropic/claude-sonnet-5.5 openai/gpt-6.1-sol google/gemini-3.8-flash mistralai/mistral-large-4-0 "
        "deepseek/deepseek-v4-pro",
        "openai",
        "no_stream_options",
    ),
    _preset(
        "Mistral",
        "https://api.mistral.ai/v1",
        "mistral-large-4-0 mistral-medium-latest mistral-small-latest",
        "openai",
        "no_stream_options",
    ),
    _preset("DeepSeek", "https://api.deepseek.com", "deepseek-v4-pro deepseek-v4-flash"),
)
