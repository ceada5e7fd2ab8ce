"""What tests of sending stand on: a real encrypted store, the door, and a loopback provider with what it does wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine import secrets
from engine.compare_records import PromptMessage, Receiver
from engine.errors import StrongroomError
from engine.events import Event
from engine.provider_records import Provider, Rates
from engine.providers.presets import own_server
from engine.providers.provider import Grew, Piece, Wish, body_for
from engine.records import RequestId
from engine.service import Service, open_service
from engine.session import Session
from engine.store.keys import Stretching
from engine.store.remote_calls import RemoteCall
from engine.work.remote_access import RemoteAccess
from engine.work.sending import Sending, Sent
from tests.loopback_provider import Fault, LoopbackProvider

PASSPHRASE = "correct horse battery staple"
SECRET = "The tenant is Mrs Ferrous-Wheel."
RATES = Rates(2_000_000, 8_000_000, 500_000, 2_500_000, "0" * 16, "2026-11-09")
ENDS = {  # fault: what became of the call, what was raised
    Fault.NONE: ("settled", ""),
    Fault.COMMENTS: ("settled", ""),
    Fault.PLAIN: ("settled", ""),
    Fault.TOKEN_LIMIT: ("settled", ""),
    Fault.FILTERED: ("settled", ""),
    Fault.OTHER_MODEL: ("settled", ""),
    Fault.NO_USAGE: ("estimated", ""),
    Fault.KEY_REFUSED: ("refused", "key_refused"),
    Fault.FORBIDDEN: ("refused", "key_refused"),
    Fault.NO_CREDIT: ("refused", "out_of_credit"),
    Fault.NO_QUOTA: ("refused", "out_of_credit"),
    Fault.RATE_LIMITED: ("refused", "rate_limited"),
    Fault.MODEL_UNKNOWN: ("refused", "provider_failed"),
    Fault.TOO_LONG: ("refused", "provider_failed"),
    Fault.SERVER_ERROR: ("refused", "provider_failed"),
    Fault.OVERLOADED: ("refused", "provider_failed"),
    Fault.REDIRECT: ("refused", "provider_failed"),
    Fault.DROPPED: ("unknown", "outcome_unknown"),
    Fault.GZIP: ("unknown", "provider_failed"),
    Fault.PAGE: ("unknown", "provider_failed"),
    Fault.HALF: ("estimated", "outcome_unknown"),
    Fault.SHORT: ("estimated", "outcome_unknown"),
    Fault.ERROR_EVENT: ("estimated", "provider_failed"),
    Fault.MALFORMED: ("estimated", "provider_failed"),
    Fault.HUGE_EVENT: ("estimated", "provider_failed"),
}


class List:
    """A price list with one price."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        return RATES if model.startswith("test-") else None

    def as_of(self) -> str:
        return RATES.as_of


@dataclass
class Stage:
    """What a test sends with, and what came of it."""

    session: Session
    remote: RemoteAccess
    sending: Sending

    async def provider(self, server: LoopbackProvider, dialect: str = "openai", name: str = "Own", **more: Any) -> Provider:
        return await self.remote.keep(replace(own_server(name, server.url_for(dialect), ["test-large"]), dialect=dialect, **more))

    def begin(self, provider: Provider, **more: Any) -> Going:
        going = Going()
        going.task = asyncio.create_task(going.listen(self.send(provider, **more)))
        return going

    def send(self, provider: Provider, receiver: Receiver | None = None, *, request: str = "r1", **more: Any) -> Any:
        about = more.pop("about", "a comparison with Own")
        receiver = receiver or receiver_for(provider, **more)
        return self.sending.send(receiver, provider, request=RequestId(request), workload="w", n_hidden=3, about=about)

    async def calls(self) -> list[RemoteCall]:
        return await self.session.access.read(lambda store: store.remote_calls.list())


@dataclass
class Going:
    """A text on its way, and all that was heard of it."""

    pieces: list[Piece] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    error: StrongroomError | None = None
    task: Any = None

    async def listen(self, items: Any) -> None:
        try:
            async for item in items:
                assert not self.sent, "nothing follows the last word"
                (self.sent if isinstance(item, Sent) else self.pieces).append(item)
        except StrongroomError as error:
            self.error = error

    async def end(self) -> Going:
        await asyncio.wait_for(self.task, 20)
        return self

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Grew))

    @property
    def kind(self) -> str:
        return self.error.kind if self.error is not None else ""


def receiver_for(provider: Provider, *, model: str = "test-large", pane: int = 1) -> Receiver:
    body = body_for(provider, Wish((PromptMessage("system", "Be brief."), PromptMessage("user", SECRET)), model, 100))
    known = pane, provider.id, provider.name, model, provider.host
    return Receiver(*known, body.url, body.content, body.sha256, 1000, 100, 10**9, differs=body.differs)


Work = Callable[[Stage], Awaitable[Any]]


@contextmanager
def unlocked(folder: Path, publish: Callable[[Event], None] = lambda _: None) -> Iterator[Service]:
    """A service with a store on the disk that is open; its passphrase costs next to nothing."""
    service = open_service(str(folder), publish)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))
        service.start(with_window=False)
        service.call(lambda session: session.unlock("passphrase", PASSPHRASE, go_on=False))
    try:
        yield service
    finally:
        service.close()


def keyring_in_memory(patched: pytest.MonkeyPatch) -> None:
    """A keyring that keeps what it is given; the real one is tested with remote access."""
    kept: dict[str, bytes] = {}
    patched.setattr(secrets, "read_secret", kept.get)
    patched.setattr(secrets, "write_secret", kept.__setitem__)
    patched.setattr(secrets, "delete_secret", lambda name: kept.pop(name, None))


def done(service: Service, work: Work) -> Any:
    async def do(session: Session) -> Any:
        prices: Any = List()
        remote = RemoteAccess(session.access, session.network, session.profile.root, session.publish, prices)
        stage = Stage(session, remote, Sending(session.access, session.network, remote, prices))
        try:
            return await work(stage)
        finally:
            await stage.sending.close()
            assert all(each.status != "reserved" for each in await stage.calls()) or stage.sending._unsettled

    return service.call(do)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def until_settled(stage: Stage) -> list[RemoteCall]:
    await until(lambda: not stage.sending._running)
    return await stage.calls()
