"""The providers of remote models that the user added, and their keys.

A key lies in the system keyring, or in memory until the program ends where no keyring can keep it, under a name that holds
the address it was given for: no other address is ever told it. Sends no text; a check asks for the names of models.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from engine import secrets
from engine.compare_events import ProvidersListed
from engine.errors import KeyMissing, NotFound, ProviderUnfit, StoreLocked
from engine.events import Event
from engine.network_exchange import Interruption
from engine.provider_records import KeyPlace, Provider, ProviderCheck, ProviderId
from engine.providers.asking import list_models
from engine.providers.presets import PRESETS, checked
from engine.work.network_access import NetworkAccess
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

LONGEST_KEY = 2000  # characters
MODELS_SHOWN = 2000
_KEY = re.compile(r"[\x21-\x7e]+")


class DatedPrices(Protocol):
    """A price list that says how old it is."""

    def as_of(self) -> str: ...


class RemoteAccess:
    """Create and use it on the engine's loop. `profile` keeps the keys of different profiles apart."""

    def __init__(
        self, access: StoreAccess, network: NetworkAccess, profile: Path, publish: Callable[[Event], None], prices: DatedPrices
    ) -> None:
        self._access, self._network, self._publish, self._prices = access, network, publish, prices
        self._profile = hashlib.sha256(str(profile.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._in_memory: dict[str, str] = {}
        self._turn = threading.Lock()
        self._changing = asyncio.Lock()

    # ------------------------------------------------------------ providers
    async def bring_up(self) -> None:
        """After the store was opened: let the network know the hosts. Asks no keyring. Raises StoreError."""
        await self.added()

    async def list(self) -> tuple[Provider, ...]:
        """The providers as they are kept, with the place of each key; the network then knows their hosts. Raises StoreError."""
        kept = await self.added()
        return await asyncio.to_thread(self._with_places, kept)

    async def get(self, provider: ProviderId) -> Provider:
        """One provider, with the place of its key. Raises NotFound, StoreError."""
        return (await asyncio.to_thread(self._with_places, (await self.known(provider),)))[0]

    async def publish_list(self) -> None:
        """Tell the providers, and the presets that are not among them."""
        kept = await self.list()
        ids = {each.id for each in kept}
        presets = tuple(each for each in PRESETS if each.id not in ids)
        self._publish(ProvidersListed(kept, presets, await asyncio.to_thread(self._prices.as_of)))

    async def keep(self, provider: Provider) -> Provider:
        """Add a provider, or change the one with its id; gives it as it is kept. Raises ProviderUnfit, StoreError.

        A key that was given for another address is forgotten with that address.
        """
        async with self._changing:
            before = await self.added()
            provider = _named_apart(checked(provider), before)
            await self._access.write(lambda store: store.providers.put(provider))
            await self.added()
        for old in before:
            if old.id == provider.id and self._secret(old) != self._secret(provider):
                with suppress(StoreLocked):  # nobody asks for it any more
                    await asyncio.to_thread(self._forget, old)
        return (await asyncio.to_thread(self._with_places, (provider,)))[0]

    async def remove(self, provider: ProviderId) -> None:
        """Forget a provider and its key; what it is sending us ends. Raises NotFound, StoreError.

        Where the keyring is locked the provider goes and its key stays there, which StoreLocked says.
        """
        async with self._changing:
            known = next((each for each in await self.added() if each.id == provider), None)
            if known is None:
                raise NotFound("provider", provider)
            await self._access.write(lambda store: store.providers.remove(provider))
            await self.added()
        await asyncio.to_thread(self._forget, known)

    async def check(self, provider: ProviderId) -> ProviderCheck:
        """Ask the provider which models it has: sends the key and nothing else.

        Raises NotFound, KeyMissing, ProviderError, NetworkError, StoreError.
        """
        known = await self.known(provider)
        interruption, began = Interruption(), time.monotonic()
        async with self._network.open_for_send(known.host) as opening:
            key = await asyncio.to_thread(self.key_of, known)
            if key is None and known.needs_key:
                raise KeyMissing(known.name)
            opening.require()  # asking the keyring can take a person's time
            about = f"the models of {known.name}"
            try:
                models = await asyncio.to_thread(
                    list_models, self._network.door, known, key, about=about, interruption=interruption
                )
            finally:
                interruption.interrupt()
        return ProviderCheck(known.id, tuple(models)[:MODELS_SHOWN], time.monotonic() - began)

    # ------------------------------------------------------------ keys
    async def keep_key(self, provider: ProviderId, key: str) -> KeyPlace:
        """Keep a key for the address that the provider has now, in the keyring or else in memory; gives where.

        Raises NotFound, ProviderUnfit (bad_key), StoreError.
        """
        known = await self.known(provider)
        key = _usable(known, key)
        store = self._access.store
        if store is not None and store.protection == "memory":  # nothing is kept of this profile, and so no key of it
            return self._keep_in_memory(self._secret(known), key)
        return await asyncio.to_thread(self._keep_key, self._secret(known), key)

    def use_key(self, provider: Provider, key: str) -> None:
        """Use a key until the program ends, before any other and without keeping it. Raises ProviderUnfit (bad_key)."""
        self._keep_in_memory(self._secret(provider), _usable(provider, key))

    async def forget_key(self, provider: ProviderId) -> None:
        """Raises NotFound, StoreError; StoreLocked where the keyring is locked, and a key may still be in it."""
        await asyncio.to_thread(self._forget, await self.known(provider))

    def key_of(self, provider: Provider) -> str | None:
        """The key for the address of this provider; None if none is kept. For threads: the keyring may ask the user.

        Raises StoreLocked where the keyring cannot be asked now; a computer without one keeps none.
        """
        name = self._secret(provider)
        with self._turn:
            if name in self._in_memory:
                return self._in_memory[name]
        try:
            kept = secrets.read_secret(name)
        except StoreLocked as error:
            if error.reason == "no_keyring":
                return None
            raise
        key = kept.decode("ascii", "replace") if kept else ""
        return key if _KEY.fullmatch(key) else None

    def _keep_key(self, name: str, key: str) -> KeyPlace:
        try:
            secrets.write_secret(name, key.encode())
        except StoreLocked as error:
            log.info("a key is kept in memory only: %s", error.reason)
            return self._keep_in_memory(name, key)
        with self._turn:
            self._in_memory.pop(name, None)
        return "keyring"

    def _keep_in_memory(self, name: str, key: str) -> KeyPlace:
        with self._turn:
            self._in_memory[name] = key
        return "session"

    def _forget(self, provider: Provider) -> None:
        name = self._secret(provider)
        with self._turn:
            self._in_memory.pop(name, None)
        try:
            secrets.delete_secret(name)
        except StoreLocked as error:
            if error.reason != "no_keyring":  # what has no keyring keeps nothing
                raise

    def _with_places(self, providers: Iterable[Provider]) -> tuple[Provider, ...]:
        return tuple(replace(each, key=self._place(each)) for each in providers)

    def _place(self, provider: Provider) -> KeyPlace:
        with self._turn:
            if self._secret(provider) in self._in_memory:
                return "session"
        try:
            return "none" if self.key_of(provider) is None else "keyring"
        except StoreLocked:  # nobody can say whether one is there
            return "none"

    def _secret(self, provider: Provider) -> str:
        return f"provider key {provider.id} {provider.base_url} {self._profile}"

    # ------------------------------------------------------------ what is kept
    async def added(self) -> tuple[Provider, ...]:
        """As the store has them, nobody being asked for a key; from now on texts can be approved for their hosts and no others.

        Raises StoreError.
        """
        if not self._access.is_open:
            raise StoreLocked("needs_passphrase")
        kept = tuple(await self._access.read(lambda store: store.providers.list()))
        self._network.use_providers(kept)
        return kept

    async def known(self, provider: ProviderId) -> Provider:
        """One provider as it is kept; nobody is asked for its key. Raises NotFound, StoreError."""
        for each in await self.added():
            if each.id == provider:
                return each
        raise NotFound("provider", provider)


def _usable(provider: Provider, key: str) -> str:
    """What was typed, as a key. Raises ProviderUnfit (bad_key)."""
    key = key.strip()
    if len(key) > LONGEST_KEY or _KEY.fullmatch(key) is None:
        raise ProviderUnfit(provider.name, "bad_key")
    return key


def _named_apart(provider: Provider, kept: Iterable[Provider]) -> Provider:
    """The provider with the id that it has, or gets by its name. Raises ProviderUnfit for a name that another one has."""
    others = [each for each in kept if each.id != provider.id]
    if any(_same(each.name, provider.name) for each in others):
        raise ProviderUnfit(provider.name, "name_taken")
    presets = {each.id for each in PRESETS}
    if provider.id in {each.id for each in kept} | presets:
        return provider
    wanted = "-".join(re.findall("[a-z0-9]+", _plain(provider.name)))[:40].strip("-") or "provider"
    taken, number, chosen = {each.id for each in others} | presets, 1, wanted
    while chosen in taken:
        number += 1
        chosen = f"{wanted}-{number}"
    return replace(provider, id=ProviderId(chosen))


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one).casefold() == unicodedata.normalize("NFKC", other).casefold()


def _plain(name: str) -> str:
    """A name without accents, in lower case."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
