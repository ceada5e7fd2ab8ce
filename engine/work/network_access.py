"""The door to the network as a running program uses it: opened by the settings, written down in the store.

What may be reached follows from the settings alone, looked at anew whenever they change. The log is the store's, so
without an open store nothing can be written down and the door lets nothing out. Opens no connection itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from engine import tripwire
from engine.errors import StoreError
from engine.events import Event
from engine.model_events import ConnectionLogged, NetworkChanged
from engine.network import NetworkDoor
from engine.network_records import Connection, NetworkState, Purpose
from engine.policy import NetworkPolicy, check_hub_url, hosts_of_hub
from engine.settings import Settings
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

MOST_SHOWN = 5000  # entries of the log in the window
ALL = 1_000_000_000
LONGEST_CLOSING_S = 3.0


class NetworkAccess:
    """Owns the door. Create and use it on the engine's loop; the door itself is used from threads."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None]) -> None:
        self._access = access
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._for_this_run: frozenset[Purpose] = frozenset()
        self._hub_for_this_run: tuple[str, tuple[str, ...]] | None = None
        self._since: datetime | None = None
        self._is_closing = False
        self.door = NetworkDoor(_StoreLog(access), publish=self._tell)
        self.door.use(self._policy(Settings()), Settings().proxy)  # closed, but whoever asks hears for which hosts
        tripwire.report_to(self.door.report_bypass)

    def apply(self, settings: Settings) -> None:
        """Let out what these settings allow, from now on; what they no longer allow ends at once."""
        if self._is_closing:
            return
        self._since = settings.lock_changed
        self.door.use(self._policy(settings), settings.proxy)
        self._publish(NetworkChanged(self.state()))

    def allow_for_this_run(self, purposes: frozenset[Purpose], settings: Settings) -> None:
        """Open a purpose without keeping it in the settings, as a script asks for with `--allow`."""
        self._for_this_run = purposes
        self.apply(settings)

    def use_hub_for_this_run(self, url: str, hosts: tuple[str, ...], settings: Settings) -> None:
        """Another hub, and the hosts that it sends files from, without keeping either. Raises NetworkRefused (not_https)."""
        check_hub_url(url)
        self._hub_for_this_run = url, hosts
        self.apply(settings)

    def hub_url(self, settings: Settings) -> str:
        """The hub that is asked."""
        return self._hub_for_this_run[0] if self._hub_for_this_run else settings.hub

    async def close(self) -> None:
        """Let nothing out any more: the program ends. What runs ends at once, and is waited for while it is written down."""
        self._is_closing = True
        self.door.use(NetworkPolicy(), "none")
        until = time.monotonic() + LONGEST_CLOSING_S
        while self.door.busy_with() and time.monotonic() < until:
            await asyncio.sleep(0.01)

    def state(self) -> NetworkState:
        """What is open and what is going on."""
        return replace(self.door.state(), since=self._since)

    def hosts(self, purpose: Purpose) -> tuple[str, ...]:
        """The hosts that may be reached for a purpose, whether it is open or not."""
        return dict(self.door.state().hosts).get(purpose, ())

    def first_host(self, purpose: Purpose) -> str:
        """The host that a purpose talks to first, '' where the settings name none that may be talked to."""
        return next(iter(self.hosts(purpose)), "")

    async def forget_old_connections(self) -> None:
        """Remove what is older than the log is kept; what cannot be removed now is tried at the next start."""
        try:
            await self._access.write(lambda store: store.connections.prune())
        except StoreError as error:  # such as a full disk, which must keep nobody from the models
            log.info("old connections were not removed: %s", error.kind)

    async def connections(self, days: int | None, *, limit: int = MOST_SHOWN) -> tuple[Connection, ...]:
        """The log, newest first. Raises StoreError."""
        return tuple(await self._access.read(lambda store: store.connections.list(days, limit)))

    def _policy(self, settings: Settings) -> NetworkPolicy:
        return NetworkPolicy(
            open=frozenset(settings.open_purposes) | self._for_this_run,
            hosts={"models": hosts_of_hub(*(self._hub_for_this_run or (settings.hub, settings.hub_hosts)))},
        )

    def _tell(self, connection: Connection) -> None:
        """Called by the door on any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell_on_the_loop, connection)

    def _tell_on_the_loop(self, connection: Connection) -> None:
        self._publish(ConnectionLogged(connection))
        self._publish(NetworkChanged(self.state()))


class _StoreLog:
    """The door's log in the encrypted store; called on the threads that open connections."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access

    def begin(self, connection: Connection) -> int:
        return self._access.write_from_a_thread(lambda store: store.connections.begin(connection))

    def end(self, connection: Connection) -> None:
        try:
            self._access.write_from_a_thread(lambda store: store.connections.end(connection))
        except (StoreError, RuntimeError) as problem:  # the entry stays open, which says that its end is not known
            log.error("the end of a connection was not written down: %s", type(problem).__name__)


def opened(settings: Settings, purpose: Purpose) -> Settings:
    """The settings with a purpose open."""
    return _with(settings, tuple(dict.fromkeys((*settings.open_purposes, purpose))))


def closed(settings: Settings) -> Settings:
    """The settings with the offline lock closed."""
    return _with(settings, ())


def as_closed_as(wished: Settings, settings: Settings) -> Settings:
    """`settings` without the purposes that `wished` closes."""
    return _with(settings, tuple(each for each in settings.open_purposes if each in wished.open_purposes))


def _with(settings: Settings, purposes: tuple[Purpose, ...]) -> Settings:
    changed = datetime.now(UTC) if purposes != settings.open_purposes else settings.lock_changed
    return settings.model_copy(update={"open_purposes": purposes, "lock_changed": changed})


def sent_for_compare(connections: Iterable[Connection]) -> int:
    """Bytes that left this computer with text that the user approved."""
    return sum(each.sent for each in connections if each.purpose == "compare" and each.outcome != "refused")
