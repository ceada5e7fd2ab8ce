"""The hub of the settings, and the token for repositories whose publisher wants to know who downloads.

The token lies in the system keyring and is read only when a repository asks for one. Opens no connection itself.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine import secrets
from engine.errors import StoreLocked
from engine.models.hub import Hub
from engine.network import NetworkDoor


class HubAccess:
    """Makes clients for the hub that the settings name now. `profile` keeps tokens of different profiles apart."""

    def __init__(self, door: NetworkDoor, url: Callable[[], str], profile: Path) -> None:
        self._door = door
        self._url = url
        self._profile = hashlib.sha256(str(profile.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._made: tuple[str, Hub] | None = None

    def client(self) -> Hub:
        """The client for the hub of the settings."""
        url = self._url()
        if self._made is None or self._made[0] != url:
            # Bound to its address: a download that still speaks with the hub from before must not tell it this one's token.
            self._made = url, Hub(self._door, url, partial(self._token, url))
        return self._made[1]

    async def keep_token(self, token: str | None) -> None:
        """Keep a token for this hub, None to forget it. Raises StoreLocked where no keyring can keep it."""
        if token is None:
            await asyncio.to_thread(secrets.delete_secret, self._name(self._url()))
        else:
            await asyncio.to_thread(secrets.write_secret, self._name(self._url()), token.strip().encode())

    async def has_token(self) -> bool:
        """Whether a token is kept; False also where the keyring cannot be asked now."""
        return await asyncio.to_thread(self._token, self._url()) is not None

    def _name(self, hub: str) -> str:
        return f"hub token {hub} {self._profile}"

    def _token(self, hub: str) -> str | None:
        try:
            kept = secrets.read_secret(self._name(hub))
        except StoreLocked:
            return None
        return kept.decode("ascii", "ignore") if kept else None
