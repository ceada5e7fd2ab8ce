"""A network door for tests that is open to loopback servers, with a log that tests can read."""

from __future__ import annotations

import threading

from engine.network import NetworkDoor
from engine.network_records import Connection, Purpose
from engine.policy import NetworkPolicy, named, origin_of


class MemoryLog:
    """Keeps connections in a list, as they were begun, and by id, as they ended."""

    def __init__(self) -> None:
        self.begun: list[Connection] = []
        self.ended: dict[int, Connection] = {}
        self._lock = threading.Lock()

    def begin(self, connection: Connection) -> int:
        with self._lock:
            self.begun.append(connection)
            return len(self.begun)

    def end(self, connection: Connection) -> None:
        with self._lock:
            self.ended[connection.id] = connection


def open_door(
    *urls: str, purpose: Purpose = "models", connect_s: float = 5.0, stall_s: float = 5.0
) -> tuple[NetworkDoor, MemoryLog]:
    """A door that lets this purpose out to the servers at `urls` and nowhere else."""
    log = MemoryLog()
    door = NetworkDoor(log, connect_s=connect_s, stall_s=stall_s)
    door.use(NetworkPolicy(frozenset({purpose}), {purpose: frozenset(named(origin_of(url)) for url in urls)}), "none")
    return door, log
