"""What the engine shows of the network: what is open, for what, and every connection that was tried.

Frozen values. Times are UTC, amounts are bytes. No connection is opened here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: What a connection may be for. `models`: look for models and download them. `compare`: send text that the user has
#: seen and approved. `server`: answer programs on this computer.
Purpose = Literal["models", "compare", "server"]
PURPOSES: tuple[Purpose, ...] = ("models", "compare", "server")

#: Why a connection was not opened. `bypass`: something in the program tried to get past the door. `not_approved`: nobody
#: has approved exactly this text for this address.
WhyRefused = Literal["offline", "no_purpose", "host_not_allowed", "not_https", "bypass", "not_approved"]


@dataclass(frozen=True)
class Connection:
    """One request that was tried, or one hop of it: written before its first byte, completed when it ended.

    `about` says in plain words what it was for (such as the name of a model) and never holds text of a document.
    `via` is the proxy it went through, '' for none. `outcome` is `open` while it runs, and stays so if the program died.
    """

    id: int
    time: datetime
    purpose: Purpose | None
    about: str
    method: str
    host: str
    port: int
    sent: int = 0
    received: int = 0
    status: int | None = None  # of HTTP, once there is an answer
    outcome: Literal["open", "done", "failed", "refused"] = "open"
    reason: str = ""  # a WhyRefused, or how it failed
    via: str = ""
    duration_s: float | None = None


@dataclass(frozen=True)
class NetworkState:
    """The offline lock. It is closed while `open_purposes` is empty; `since` is when that last changed.

    `hosts` are those that may be reached, for each purpose, whether it is open or not. `busy_with` are the purposes
    that have a connection open at this moment, `sending_to` the hosts that an approved text is with. `proxy` is the
    proxy's address without a password, '' for none.
    """

    open_purposes: tuple[Purpose, ...] = ()
    since: datetime | None = None
    hosts: tuple[tuple[Purpose, tuple[str, ...]], ...] = ()
    busy_with: tuple[Purpose, ...] = ()
    sending_to: tuple[str, ...] = ()
    proxy: str = ""

    @property
    def is_closed(self) -> bool:
        return not self.open_purposes
