"""What tests of sending stand on: a provider at a loopback address, a text for it, and a door where it was approved."""

from __future__ import annotations

from typing import Any

from engine.compare_records import PromptMessage
from engine.network import NetworkDoor
from engine.network_messages import Patience
from engine.provider_records import Dialect, Provider, ProviderId, Quirk
from engine.providers.asking import answer
from engine.providers.presets import checked
from engine.providers.provider import Body, Piece, Wish, body_for

QUICK = Patience(5.0, 5.0)


def provider_at(base_url: str, dialect: Dialect = "openai", *quirks: Quirk, prices: str = "", name: str = "Test") -> Provider:
    return checked(
        Provider(ProviderId("test"), name, dialect, base_url, ("test-large",), "", prices=prices, quirks=quirks)
    )  # fmt: skip


def wish(*texts: str, system: str = "Be brief.", max_tokens: int = 50, temperature: float | None = 0.0) -> Wish:
    messages = (PromptMessage("system", system), *(PromptMessage("user", text) for text in texts or ("How are you?",)))
    return Wish(messages, "test-large", max_tokens, temperature)


def approved(door: NetworkDoor, body: Body) -> Body:
    door.approvals.approve(body.url, body.sha256)
    return body


def asked(door: NetworkDoor, provider: Provider, wished: Wish | None = None, **options: Any) -> list[Piece]:
    """The whole answer to a text that is approved here."""
    body = approved(door, body_for(provider, wished or wish()))
    options = {"about": "test-large", "patience": QUICK, "key": "sk-test", **options}
    return list(answer(door, provider, body, options.pop("key"), **options))
