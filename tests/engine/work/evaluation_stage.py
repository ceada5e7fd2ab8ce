"""What tests of whole sets stand on: a real store, the real door and a loopback provider; only the local model is played."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from engine.compare_events import EvaluationPrepared
from engine.compare_intents import PrepareEvaluation, RunEvaluation
from engine.compare_records import Comparison, Leak, LocalChoice, Preview, RemoteChoice, VoteSetId
from engine.errors import StrongroomError
from engine.events import Event
from engine.inference.supervisor import ChatMessage, Ended, Grew
from engine.ledger.prices import Prices
from engine.ledger_records import Ceiling, LedgerEvent, local_day
from engine.power.power import Power
from engine.power.worker_time import WorkerTime
from engine.provider_records import Dialect, Provider, ProviderId
from engine.providers.presets import own_server
from engine.records import MatterId, ModelId, ModelState, RequestId, Timings, Usage
from engine.service import Service
from engine.session import Session
from engine.vote_records import Evaluation, Prompt, Scorer
from engine.work.bookkeeping import Bookkeeping
from engine.work.evaluating import Evaluating
from engine.work.hidden_tables import HiddenTables
from engine.work.judging import Judging
from engine.work.panes import Panes
from engine.work.previewing import Previewing
from engine.work.price_desk import PriceDesk
from engine.work.remote_access import RemoteAccess
from engine.work.sending import Sending
from engine.work.vote_sets import VoteSets
from tests.engine.work.remote_stage import List, until
from tests.loopback_provider import LoopbackProvider, Post

Result = TypeVar("Result")
Kind = TypeVar("Kind", bound=Event)

LOCAL_MODEL = ModelId("tiny-local")
LEAKY = "LEAKS"  # a prompt with this word is said to leak, as if something had been overlooked


class PlayedChat:
    """Answers with what `answer` makes of the last message; an error that it gives is raised."""

    def __init__(self, answer: Callable[[str], str | StrongroomError], may_answer: asyncio.Event) -> None:
        self.state = ModelState("ready", LOCAL_MODEL, "Tiny", 4096)
        self.prefill_tokens_per_s = None
        self._answer, self._may_answer = answer, may_answer
        self._stopped: dict[RequestId, asyncio.Event] = {}
        self.asked: list[tuple[ChatMessage, ...]] = []

    async def generate(self, request: RequestId, messages: Sequence[ChatMessage], **_: Any) -> AsyncIterator[Any]:
        stopped = self._stopped[request] = asyncio.Event()
        self.asked.append(tuple(messages))
        answer = self._answer(messages[-1].content)
        if isinstance(answer, StrongroomError):
            raise answer
        waits = [asyncio.ensure_future(each.wait()) for each in (self._may_answer, stopped)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        if not stopped.is_set() and answer:
            yield Grew(answer)
        yield Ended("cancelled" if stopped.is_set() else "end_of_text", Usage(9, 0, 3), Timings(0.1, 10.0, 10.0, 0.2))

    def stop(self, request: RequestId) -> None:
        self._stopped[request].set()


class PlayedLocal:
    """Stands where LocalModels would. `missing` says why no model can be had."""

    def __init__(self) -> None:
        self.answer: Callable[[str], str | StrongroomError] = lambda text: text.split()[-1]
        self.missing: StrongroomError | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.chat = PlayedChat(lambda text: self.answer(text), self.may_answer)

    @contextlib.asynccontextmanager
    async def borrowed(self, model: ModelId | None = None) -> AsyncIterator[Any]:
        if self.missing is not None:
            raise self.missing
        yield self.chat


class Idle(WorkerTime):
    """Nobody looks at processes in these tests; there are many of them."""

    def used(self) -> int | None:
        return None


class LeakyPreviewing(Previewing):
    """Finds a leak where a test wants one."""

    def preview(self, *known: Any, **more: Any) -> Preview:
        preview = super().preview(*known, **more)
        leaks = (Leak("[Person 1]", "person", "reversed", 0, 0),) if LEAKY in preview.text else ()
        return replace(preview, leaks=preview.leaks + leaks)


@dataclass
class Stage:
    """A matter with a set of prompts, a provider, and who runs and judges the set."""

    session: Session
    server: LoopbackProvider
    events: list[Event] = field(default_factory=list)

    async def bring_up(self, dialect: Dialect = "openai") -> None:
        prices: Any = List()
        session, access, network = self.session, self.session.access, self.session.network
        self.local: Any = PlayedLocal()
        self.remote = RemoteAccess(access, network, session.profile.root, self.hear, prices)
        self.ceilings: list[Ceiling] = []
        self.n_recorded = 0
        self.books = Bookkeeping(
            access, PriceDesk(access, self.hear, Prices()), lambda: session.settings, self.recorded, power=Power(workers=Idle())
        )
        self.sending = Sending(access, network, self.remote, prices, ceilings=lambda *_: self.ceilings, recorded=self.recorded)
        self.tables, self.votes = HiddenTables(access), VoteSets(access, self.hear)
        self.evaluating = Evaluating(
            access, network, self.remote, self.tables, LeakyPreviewing(prices),
            Panes(self.local, self.sending, bookkeeping=self.books),
            lambda: session.settings, self.hear,
        )  # fmt: skip
        self.judging = Judging(access, self.local, self.votes, self.hear, bookkeeping=self.books)
        self.provider = await self.kept(dialect)
        self.matter: MatterId = (await access.write(lambda store: store.matters.create("Harlow v Brent"))).id
        self.set: VoteSetId = (await access.write(lambda store: store.votes.create("Tickets", "classify"))).id
        self.server.posts.clear()

    async def kept(self, dialect: Dialect, path: str = "") -> Provider:
        server = own_server("Own", self.server.url_for(dialect) + path, ["test-large"], dialect=dialect, needs_key=False)
        return await self.remote.keep(replace(server, id=ProviderId("own")))

    def recorded(self) -> None:
        self.n_recorded += 1

    async def entries(self, workload: str | None = None) -> list[LedgerEvent]:
        """What the books have of this set, or of another workload, once nothing is being written any more."""
        await self.books.close()
        day = local_day(datetime.now(UTC))
        found = await self.session.access.read(lambda store: store.ledger.events(day - timedelta(1), day))
        return [each for each in found if each.workload == (self.set if workload is None else workload)]

    def hear(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [each for each in self.events if isinstance(each, kind)]

    async def fill(self, *prompts: str | tuple[str, str]) -> None:
        filled = [Prompt(n, *((each, None) if isinstance(each, str) else each)) for n, each in enumerate(prompts, 1)]
        await self.session.access.write(lambda store: store.matter(self.matter).prompts.replace(self.set, filled))

    def wish(self, scorer: Scorer = "exact", request: str = "", **more: Any) -> PrepareEvaluation:
        remote = RemoteChoice(self.provider.id, "test-large")
        return PrepareEvaluation(
            RequestId(request or uuid.uuid4().hex), self.matter, self.set, LOCAL_MODEL, remote, scorer, **more
        )

    async def prepared(self, *prompts: str | tuple[str, str], **more: Any) -> EvaluationPrepared:
        await self.fill(*prompts)
        prepared = await self.evaluating.prepare(self.wish(**more))
        assert prepared is not None, self.events
        return prepared

    async def run(self, prepared: EvaluationPrepared) -> Evaluation | None:
        return await self.evaluating.run(RunEvaluation(prepared.request, prepared.sha256))

    def begin(self, prepared: EvaluationPrepared) -> asyncio.Task[Evaluation | None]:
        return asyncio.create_task(self.run(prepared))

    async def posts(self, n: int) -> list[Post]:
        """The requests at the provider, as soon as there are `n`."""
        await until(lambda: len(self.server.posts) >= n)
        return list(self.server.posts)

    async def comparisons(self) -> list[Comparison]:
        """Those of the set, oldest first."""
        kept = await self.session.access.read(lambda store: store.matter(self.matter).comparisons.list(self.set))
        return list(kept)[::-1]

    async def evaluations(self) -> list[Evaluation]:
        return list(await self.session.access.read(lambda store: store.evaluations.list(self.set)))

    def choices(self) -> tuple[LocalChoice, RemoteChoice]:
        return LocalChoice(LOCAL_MODEL), RemoteChoice(self.provider.id, "test-large")


def staged(service: Service, server: LoopbackProvider, work: Callable[[Stage], Awaitable[Result]], **more: Any) -> Result:
    """Do `work` on the engine's loop, on a new matter."""

    async def do(session: Session) -> Result:
        stage = Stage(session, server)
        await stage.bring_up(**more)
        try:
            async with asyncio.timeout(60):
                return await work(stage)
        finally:
            server.may_go_on.set()
            stage.local.may_answer.set()
            await stage.evaluating.end()
            await stage.judging.end()
            await stage.sending.close()
            await stage.books.close()
            await session.access.write(lambda store: store.matters.set_confidential(stage.matter, False))

    return service.call(do)
