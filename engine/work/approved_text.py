"""One text that a person has approved, on its way to a provider: what ends it, and what its end means.

Opens no connection and keeps nothing; work/sending does both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.compare_records import Receiver
from engine.errors import NetworkRefused, OutcomeUnknown, StrongroomError
from engine.ledger_records import Use, WorkloadId
from engine.network_exchange import Interruption
from engine.provider_records import Provider
from engine.providers.provider import Piece
from engine.records import RequestId
from engine.store.remote_calls import RemoteCall
from engine.work.call_costs import Heard, Sent

Result = TypeVar("Result")


@dataclass(frozen=True)
class Over:
    """Nothing more follows; `error` is what ended it, if it was neither its own end nor a stop."""

    error: StrongroomError | None


class Halted(Exception):
    """It was stopped while nothing of it had left."""


@dataclass(eq=False)
class ApprovedText:
    """An approved text from the wish to its last word. Used on the engine's loop, but for what is heard of it."""

    receiver: Receiver
    provider: Provider
    request: RequestId
    workload: WorkloadId
    n_hidden: int
    about: str
    use: Use = "test"
    pair: str = ""
    inbox: asyncio.Queue[Piece | Sent | Over] = field(default_factory=asyncio.Queue)
    interruption: Interruption = field(default_factory=Interruption)
    halted: asyncio.Event = field(default_factory=asyncio.Event)
    heard: Heard = field(default_factory=Heard)
    call: RemoteCall | None = None  # once it is reserved
    was_stopped: bool = False  # by those who sent it
    lock_was_closed: bool = False

    def stop(self) -> None:
        """Nobody wants it any more."""
        self.was_stopped = self.was_stopped or not self.halted.is_set()
        self.halt()

    def halt(self) -> None:
        """End it where it is."""
        self.halted.set()
        self.interruption.interrupt()

    def meaning(self, error: StrongroomError | None) -> StrongroomError | None:
        """What is told of how it ended, None if that was its own end or a stop.

        A text that has left is not said to be refused, whoever closed the door behind it.
        """
        if self.heard.ended is not None or self.was_stopped:
            return None
        if not self.heard.has_left:
            was_closed = error is None and self.lock_was_closed
            return NetworkRefused("compare", self.provider.host, "offline") if was_closed else error
        if isinstance(error, NetworkRefused) or (error is None and self.lock_was_closed):
            return OutcomeUnknown(self.provider.name, self.provider.host, "lock_closed")
        return error

    async def unless_halted(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`; raises Halted when the run is ended before it is there."""
        working, halting = asyncio.ensure_future(work), asyncio.ensure_future(self.halted.wait())
        try:
            await asyncio.wait({working, halting}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Halted
            return working.result()
        finally:
            working.cancel()
            halting.cancel()

    async def to_its_end(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, which a cancellation does not take back: it ends the run, and this waits on."""
        working = asyncio.ensure_future(work)
        while not working.done():
            try:
                await asyncio.wait({working})
            except asyncio.CancelledError:
                self.stop()
        return working.result()
