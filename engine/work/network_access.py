"""The door to the network as a running program uses it: opened by the settings, written down in the store.

What may be reached follows from the settings, looked at anew whenever they change, and from the texts that a person has
approved: the door is open for these while they are on their way, and closing the lock ends them. The log is the store's,
so without an open store nothing can be written down and the door lets nothing out. Opens no connection itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from engine import tripwire
from engine.errors import NetworkRefused, StoreError
from engine.events import Event
from engine.model_events import ConnectionLogged, NetworkChanged
from engine.network import NetworkDoor
from engine.network_records import Connection, NetworkState, Purpose
from engine.policy import NetworkPolicy, check_hub_url, hosts_of_hub
from engine.provider_records import Provider
from engine.settings import Settings
from engine.work.store_access import StoreAccess

log = logging.getLogger(__name__)

MOST_SHOWN = 5000  # entries of the log in the window
ALL = 1_000_000_000
LONGEST_CLOSING_S = 3.0
CLOCK_S = 0.1  # two clocks tell the age of a wish; what began this shortly after it is ended as well


class Opening:
    """What is open for an approved text. `ended` is set when it is closed from outside: nothing passes for it any more."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.began = time.perf_counter()
        self.ended = asyncio.Event()

    def require(self) -> None:
        """Raises NetworkRefused once it was closed from outside."""
        if self.ended.is_set():
            raise NetworkRefused("compare", self.host, "offline")


class NetworkAccess:
    """Owns the door. Create and use it on the engine's loop; the door itself is used from threads."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None]) -> None:
        self._access = access
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._for_this_run: frozenset[Purpose] = frozenset()
        self._hub_for_this_run: tuple[str, tuple[str, ...]] | None = None
        self._settings = Settings()
        self._provider_hosts: frozenset[str] = frozenset()
        self._openings: set[Opening] = set()
        self._openings_changed: datetime | None = None
        self._is_closing = False
        self.door = NetworkDoor(_StoreLog(access), publish=self._tell)
        self._use()  # closed, but whoever asks hears for which hosts
        tripwire.report_to(self.door.report_bypass)

    def apply(self, settings: Settings) -> None:
        """Let out what these settings allow, from now on; what they no longer allow ends at once.

        A lock that they close ends also what was open for approved texts before it was closed.
        """
        if self._is_closing:
            return
        before, self._settings = self._settings, settings
        if not settings.open_purposes or ("compare" in before.open_purposes and "compare" not in settings.open_purposes):
            self._end([each for each in self._openings if _is_older(each, settings.lock_changed)])
        self._use()
        self._publish(NetworkChanged(self.state()))

    def use_providers(self, providers: Iterable[Provider]) -> None:
        """Approved texts may be sent to the hosts of these providers and to no other."""
        hosts = frozenset(each.host for each in providers)
        if hosts != self._provider_hosts and not self._is_closing:
            self._provider_hosts = hosts
            self._use()
            self._publish(NetworkChanged(self.state()))

    @contextlib.asynccontextmanager
    async def open_for_send(self, host: str = "") -> AsyncIterator[Opening]:
        """Let approved texts out while this lasts, whatever the settings say; `host` is where they go.

        Whoever waits in it before sending asks the Opening again. Raises NetworkRefused where the program is closing.
        """
        opening = Opening(host)
        if self._is_closing:
            opening.ended.set()
        opening.require()
        self._openings.add(opening)
        self._openings_differ(had_some=len(self._openings) > 1)
        try:
            yield opening
        finally:
            if opening in self._openings:
                self._openings.remove(opening)
                self._openings_differ(had_some=True)

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
        self._end(list(self._openings))
        self.door.use(NetworkPolicy(), "none")
        until = time.monotonic() + LONGEST_CLOSING_S
        while self.door.busy_with() and time.monotonic() < until:
            await asyncio.sleep(0.01)

    def state(self) -> NetworkState:
        """What is open and what is going on."""
        times = [each for each in (_aware(self._settings.lock_changed), self._openings_changed) if each is not None]
        return replace(self.door.state(), since=max(times, default=None))

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

    def _use(self) -> None:
        settings = self._settings
        hosts: dict[Purpose, frozenset[str]] = {
            "models": hosts_of_hub(*(self._hub_for_this_run or (settings.hub, settings.hub_hosts)))
        }
        if self._provider_hosts:
            hosts["compare"] = self._provider_hosts
        for_texts: frozenset[Purpose] = frozenset({"compare"}) if self._openings else frozenset()
        self.door.use(NetworkPolicy(frozenset(settings.open_purposes) | self._for_this_run | for_texts, hosts), settings.proxy)

    def _openings_differ(self, *, had_some: bool) -> None:
        """The door hears of the first opening and of the last one's end; those between them change nothing."""
        if had_some == bool(self._openings) or self._is_closing:
            return
        if "compare" not in frozenset(self._settings.open_purposes) | self._for_this_run:
            self._openings_changed = datetime.now(UTC)
        self._use()
        self._publish(NetworkChanged(self.state()))

    def _end(self, openings: Iterable[Opening]) -> None:
        for each in openings:
            self._openings.remove(each)
            each.ended.set()

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
    """The settings with the offline lock closed, now: they need not have held it open for a text to be on its way."""
    return settings.model_copy(update={"open_purposes": (), "lock_changed": datetime.now(UTC)})


def as_closed_as(wished: Settings, settings: Settings) -> Settings:
    """`settings` without the purposes that `wished` closes."""
    return _with(settings, tuple(each for each in settings.open_purposes if each in wished.open_purposes))


def _with(settings: Settings, purposes: tuple[Purpose, ...]) -> Settings:
    changed = datetime.now(UTC) if purposes != settings.open_purposes else settings.lock_changed
    return settings.model_copy(update={"open_purposes": purposes, "lock_changed": changed})


def _is_older(opening: Opening, wish: datetime | None) -> bool:
    """Whether it was there when the lock was closed. Ages are compared: settings can be put to work long after the wish."""
    if (wished := _aware(wish)) is None:
        return False
    age_of_wish = (datetime.now(UTC) - wished).total_seconds()
    return time.perf_counter() - opening.began + CLOCK_S >= age_of_wish


def _aware(time_read: datetime | None) -> datetime | None:
    """A stored time that tells no zone is meant as UTC."""
    return time_read.replace(tzinfo=UTC) if time_read is not None and time_read.tzinfo is None else time_read


def sent_for_compare(connections: Iterable[Connection]) -> int:
    """Bytes that left this computer with text that the user approved."""
    return sum(each.sent for each in connections if each.purpose == "compare" and each.outcome != "refused")
