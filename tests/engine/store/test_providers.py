from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.errors import NotFound
from engine.provider_records import Provider, ProviderId
from engine.store.store import Store

OPENAI = Provider(
    ProviderId("openai"), "OpenAI", "openai", "https://api.openai.com/v1", ("gpt-4o", "gpt-5.1"), "api.openai.com",
    prices="openai", fee_ppm=55_000, quirks=("max_completion_tokens",), terms="Not used for training, says the contract.",
)  # fmt: skip
OWN = Provider(ProviderId("own"), "Büro", "anthropic", "http://127.0.0.1:8080/v1", (), "127.0.0.1", is_own=True, needs_key=False)


def test_providers_come_back_as_they_were_in_the_order_they_came(store: Store) -> None:
    for provider in (OPENAI, OWN):
        store.providers.put(provider)
    assert store.providers.list() == [OPENAI, OWN]
    assert store.providers.get(OWN.id) == OWN


def test_a_changed_provider_keeps_its_place(store: Store) -> None:
    for provider in (OPENAI, OWN, replace(OPENAI, name="OpenAI EU", models=())):
        store.providers.put(provider)
    assert [each.name for each in store.providers.list()] == ["OpenAI EU", "Büro"]


def test_bills_name_the_company_and_not_the_account(store: Store) -> None:
    for provider in (OPENAI, OWN, replace(OPENAI, id=ProviderId("work-openai"))):
        store.providers.put(provider)
    assert store.providers.names_on_bills() == {"openai": "openai", "own": "own", "work-openai": "openai"}


def test_where_a_key_is_kept_is_not_known_here(store: Store) -> None:
    store.providers.put(replace(OPENAI, key="keyring"))
    assert store.providers.get(OPENAI.id).key == "none"


def test_a_removed_provider_is_gone(store: Store) -> None:
    store.providers.put(OPENAI)
    store.providers.remove(OPENAI.id)
    assert store.providers.list() == []
    for call in (store.providers.get, store.providers.remove):
        with pytest.raises(NotFound) as missing:
            call(OPENAI.id)
        assert (missing.value.what, missing.value.name) == ("provider", "openai")


def test_halves_of_characters_do_not_stop_it(store: Store) -> None:
    store.providers.put(replace(OPENAI, terms="a\ud800b"))
    assert store.providers.get(OPENAI.id).terms == "a\ufffdb"


def test_providers_outlive_a_restart(open_store: Callable[..., Store]) -> None:
    store = open_store()
    store.providers.put(OPENAI)
    store.close()
    assert open_store().providers.list() == [OPENAI]
