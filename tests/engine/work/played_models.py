"""Models that answer what a test makes them answer, where comparing would find the real ones. The store is a real one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from engine.compare_events import ComparisonPrepared, PaneEnded
from engine.compare_intents import PrepareComparison, SendComparison
from engine.compare_records import LocalChoice, PaneAnswer, PaneStopReason, PaneTimings, Preview, Receiver, RemoteChoice
from engine.errors import DiskFull, StrongroomError
from engine.events import Event
from engine.inference import supervisor
from engine.paths import Profile
from engine.provider_records import Cost, Provider, ProviderId, Rates, TokenCounts
from engine.providers import provider as remote
from engine.records import Matter, ModelId, ModelState, RequestId, Timings, Usage
from engine.settings import Settings
from engine.store.store import Store
from engine.work.bookkeeping import NO_BOOKS, Books
from engine.work.call_costs import Sent
from engine.work.comparing import Comparing
from engine.work.store_access import StoreAccess

Result = TypeVar("Result")

LOCAL, OTHER = LocalChoice(ModelId("starter")), LocalChoice(ModelId("other"))
ACME = Provider(
    ProviderId("acme"), "Acme", "openai", "https://api.acme.example/v1", ("large",), "api.acme.example", terms="Kept 30 days"
)
BORG = Provider(ProviderId("borg"), "Borg", "anthropic", "https://borg.example", ("swift",), "borg.example", is_own=True)
AT_ACME, AT_BORG = RemoteChoice(ACME.id, "large"), RemoteChoice(BORG.id, "swift")


class Script:
    """One answer, as a test plays it: what is put in comes out of the model."""

    def __init__(self, about: Any) -> None:
        self.about = about
        self.inbox: asyncio.Queue[Any] = asyncio.Queue()
        self.is_open = True

    def say(self, text: str) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def fail(self, error: StrongroomError) -> None:
        self.inbox.put_nowait(error)

    async def pieces(self, is_last: Callable[[Any], bool]) -> AsyncIterator[Any]:
        try:
            while True:
                piece = await self.inbox.get()
                if isinstance(piece, StrongroomError):
                    raise piece
                yield piece
                if is_last(piece):
                    return
        finally:
            self.is_open = False


class LocalScript(Script):
    """An answer of a local model. `about` are the messages that it was given."""

    def say(self, text: str) -> None:
        self.inbox.put_nowait(supervisor.Grew(text))

    def read(self, n_read: int, n_to_read: int) -> None:
        self.inbox.put_nowait(supervisor.Reading(n_read, n_to_read))

    def finish(self) -> None:
        self.inbox.put_nowait(supervisor.Ended("end_of_text", Usage(20, 5, 7), Timings(0.5, 40.0, 14.0, 1.0)))

    def stop(self) -> None:
        self.inbox.put_nowait(supervisor.Ended("cancelled", Usage(20, 5, 2), Timings(0.5, 40.0, 14.0, 0.6)))


class RemoteScript(Script):
    """An answer of a remote model. `about` is the receiver."""

    def say(self, text: str) -> None:
        self.inbox.put_nowait(remote.Grew(text))

    def think(self, text: str) -> None:
        self.inbox.put_nowait(remote.Thought(text))

    def finish(self) -> None:
        self.inbox.put_nowait(remote.Ended("end_of_text", "large-2026", TokenCounts(30, 9), None, "req_1"))
        self._sent("end_of_text", Cost(1_000, "computed"))

    def stop(self) -> None:
        self._sent("cancelled", Cost(700, "estimated", 2_000))

    def fail(self, error: StrongroomError) -> None:
        self.inbox.put_nowait(Sent("call", "unknown", None, Cost(None, "unknown", 2_000)))
        super().fail(error)

    def _sent(self, reason: PaneStopReason, cost: Cost) -> None:
        timings = PaneTimings(0.2, 1.5, 8.0)
        self.inbox.put_nowait(Sent("call", "settled", TokenCounts(30, 9), cost, "large-2026", timings, reason))


class PlayedChat:
    """Stands where a ChatModel would."""

    def __init__(self, model: ModelId, n_ctx: int = 4096) -> None:
        self.state = ModelState("ready", model, str(model), n_ctx)
        self.prefill_tokens_per_s: float | None = 1000.0
        self.scripts: dict[RequestId, LocalScript] = {}
        self.is_deaf = False

    def generate(self, request: RequestId, messages: Sequence[Any], **how: Any) -> AsyncIterator[Any]:
        script = self.scripts[request] = LocalScript(list(messages))
        return script.pieces(lambda piece: isinstance(piece, supervisor.Ended))

    def stop(self, request: RequestId) -> None:
        if not self.is_deaf:
            self.scripts[request].stop()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(each.split()) for each in texts]


class PlayedLocal:
    """Stands where LocalModels would. `missing` says why a model cannot be had."""

    def __init__(self) -> None:
        self.chats: dict[ModelId, PlayedChat] = {}
        self.missing: dict[ModelId, StrongroomError] = {}
        self.is_loading = asyncio.Event()
        self.is_loading.set()

    @contextlib.asynccontextmanager
    async def borrowed(self, model: ModelId | None = None) -> AsyncIterator[Any]:
        assert model is not None
        await self.is_loading.wait()
        if model in self.missing:
            raise self.missing[model]
        yield self.chats.setdefault(model, PlayedChat(model))

    @property
    def scripts(self) -> list[LocalScript]:
        return [each for chat in self.chats.values() for each in chat.scripts.values()]


class PlayedSending:
    """Stands where Sending would; keeps everything that it was asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[Receiver, dict[str, Any]]] = []
        self.scripts: list[RemoteScript] = []
        self.keys: list[tuple[RequestId, int]] = []
        self.about_to_send: Callable[[Receiver], None] = lambda _: None

    def send(self, receiver: Receiver, provider: Provider, *, request: RequestId, **more: Any) -> AsyncIterator[Any]:
        self.about_to_send(receiver)
        assert provider.id == receiver.provider
        self.sent.append((receiver, more))
        self.keys.append((request, receiver.pane))
        self.scripts.append(RemoteScript(receiver))
        return self.scripts[-1].pieces(lambda piece: isinstance(piece, Sent) and piece.status != "unknown")

    def stop(self, request: RequestId, pane: int | None = None) -> None:
        for key, script in zip(self.keys, self.scripts, strict=True):
            if key[0] == request and pane in (None, key[1]) and script.is_open:
                script.stop()


class PlayedProviders:
    """Stands where RemoteAccess would."""

    def __init__(self) -> None:
        self.kept: dict[ProviderId, Provider] = {ACME.id: ACME, BORG.id: BORG}

    async def added(self) -> tuple[Provider, ...]:
        await asyncio.sleep(0)
        return tuple(self.kept.values())


class PlayedPrices:
    """Acme's prices are known, nobody else's."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        return Rates(1_000_000, 2_000_000, 0, 0, "0" * 16, "2026-11-01") if provider.id == ACME.id else None


class FragileAccess(StoreAccess):
    """A store whose disk fills up when a test says so."""

    is_full = False

    async def write(self, call: Callable[[Store], Result]) -> Result:
        if self.is_full:
            await asyncio.sleep(0)
            raise DiskFull(0)
        return await super().write(call)


@dataclass
class Stage:
    """Comparing with everything around it, and what it said."""

    access: FragileAccess
    matter: Matter
    local: PlayedLocal = field(default_factory=PlayedLocal)
    sending: PlayedSending = field(default_factory=PlayedSending)
    providers: PlayedProviders = field(default_factory=PlayedProviders)
    settings: Settings = field(default_factory=Settings)
    events: list[Event] = field(default_factory=list)
    retrieval: Any = None
    bookkeeping: Books = NO_BOOKS

    def __post_init__(self) -> None:
        self.comparing = Comparing(
            self.access, self.retrieval, self.local, self.providers, self.sending, PlayedPrices(), lambda: self.settings,
            self.events.append, bookkeeping=self.bookkeeping,
        )  # fmt: skip

    def of(self, kind: type[Result]) -> list[Result]:
        return [each for each in self.events if isinstance(each, kind)]

    def wish(self, text: str = "Who is Anna Harlow?", **more: Any) -> PrepareComparison:
        fields: dict[str, Any] = {"matter": self.matter.id, "panes": (LOCAL, AT_ACME), **more}
        return PrepareComparison(RequestId("r"), text=text, **fields)

    async def prepared(self, text: str = "Who is Anna Harlow?", **more: Any) -> Preview:
        preview = await self.comparing.prepare(self.wish(text, **more))
        assert preview is not None
        await settled()
        return preview

    async def send(self, preview: Preview) -> None:
        await self.comparing.send(SendComparison(preview.request, tuple(each.sha256 for each in preview.receivers)))
        await settled()

    def newest(self) -> Preview:
        return self.of(ComparisonPrepared)[-1].preview

    def answer(self, pane: int) -> PaneAnswer:
        """The newest last word of a pane."""
        return [each.answer for each in self.of(PaneEnded) if each.answer.pane == pane][-1]

    async def until(self, kind: type[Event], n: int = 1) -> None:
        async with asyncio.timeout(20):
            while len(self.of(kind)) < n:
                await asyncio.sleep(0.001)

    async def set_confidential(self, is_confidential: bool = True) -> None:
        matter = self.matter.id
        await self.access.write(lambda store: store.matters.set_confidential(matter, is_confidential))

    def move(self, provider: Provider) -> None:
        """The provider gets another address; the texts that would be sent stay the same."""
        self.providers.kept[provider.id] = replace(provider, base_url="https://elsewhere.example/v1", host="elsewhere.example")


async def settled() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def stage(**more: Any) -> AsyncIterator[Stage]:
    """A stage with a store in memory and a matter in it."""
    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(1) as readers:
        access = FragileAccess(writer, readers)
        await access.open(lambda: Store.open(Profile(Path("/nowhere")), protection="memory"))
        matter = await access.write(lambda store: store.matters.create("Harlow v Brent"))
        played = Stage(access, matter, **more)
        try:
            yield played
        finally:
            access.is_full = False
            await played.comparing.end()
            await access.close()
