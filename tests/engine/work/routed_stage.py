"""What tests of work by routes stand on: as for whole sets, with a workload that is given a route."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine.advice_records import Move, Route, RouteKind, Traits
from engine.compare_events import EvaluationFailed
from engine.compare_records import RemoteChoice
from engine.ledger_events import WorkFinished, WorkPrepared
from engine.ledger_intents import PrepareWork, RunWork
from engine.ledger_records import Ceiling, WorkloadId
from engine.ledger_settings import LedgerSettings, Thresholds
from engine.provider_records import Dialect
from engine.records import RequestId
from engine.service import Service
from engine.session import Session
from engine.settings import Settings
from engine.work.panes import Panes
from engine.work.routed_work import RoutedWork
from engine.work.sending import Sending
from tests.engine.work.evaluation_stage import LOCAL_MODEL, LeakyPreviewing, Stage
from tests.engine.work.remote_stage import List
from tests.loopback_provider import LoopbackProvider

Result = TypeVar("Result")
THRESHOLDS = Thresholds(least_sample=0)


class RoutedStage(Stage):
    """A matter with a workload, a provider, and who does the work. `used` is what each generation was for."""

    async def bring_up(self, dialect: Dialect = "openai") -> None:
        await super().bring_up(dialect)
        prices: Any = List()
        access, network = self.session.access, self.session.network
        self.ceilings: list[Ceiling] = []
        self.sending = Sending(access, network, self.remote, prices, ceilings=lambda *_: self.ceilings)
        self.settings = Settings(ledger=LedgerSettings(thresholds=THRESHOLDS))
        panes = Panes(self.local, self.sending)
        self.used: list[tuple[str, str, str]] = []
        run = panes.run

        async def noted(task: Any, **more: Any) -> Any:
            self.used.append(("local" if task.is_local else "remote", task.use, task.pair))
            return await run(task, **more)

        panes.run = noted  # type: ignore[method-assign]
        self.routed = RoutedWork(
            access, network, self.remote, self.tables, LeakyPreviewing(prices), panes, lambda: self.settings, self.hear
        )  # fmt: skip
        self.workload = WorkloadId(self.set)

    # ------------------------------------------------------------ the route
    async def go(self, kind: RouteKind, **more: Any) -> Route:
        """Give the workload a route."""
        remote = RemoteChoice(self.provider.id, "test-large")
        route = Route(kind, **{"local": LOCAL_MODEL, "remote": remote, "sample_percent": 0, **more})
        move = Move(self.workload, datetime.now(UTC), Route(), route, None, "{}")
        await self.session.access.write(lambda store: store.workloads.move(move))
        return route

    async def describe(self, traits: Traits) -> None:
        await self.session.access.write(lambda store: store.workloads.put_traits(self.workload, traits))

    def sample_at_least(self, n: int) -> None:
        self.settings = Settings(ledger=LedgerSettings(thresholds=Thresholds(least_sample=n)))

    # ------------------------------------------------------------ wishes
    async def planned(self, *prompts: str | tuple[str, str], request: str = "w1", **more: Any) -> WorkPrepared:
        """What a run of these prompts would do; without any, of those that the set has."""
        if prompts:
            await self.fill(*prompts)
        prepared = await self.routed.prepare(PrepareWork(RequestId(request), self.matter, self.workload, **more))
        assert prepared is not None, self.events
        return prepared

    async def do(self, prepared: WorkPrepared, approved: str | None = None) -> WorkFinished | None:
        """Run it with this approval (None: of everything that it would send)."""
        return await self.routed.run(RunWork(prepared.request, prepared.sha256 if approved is None else approved))

    def doing(self, prepared: WorkPrepared, approved: str | None = None) -> asyncio.Task[WorkFinished | None]:
        return asyncio.create_task(self.do(prepared, approved))

    @property
    def failures(self) -> list[str]:
        return [each.error.kind for each in self.of(EvaluationFailed)]

    async def texts(self) -> list[tuple[int | None, list[tuple[str, str]]]]:
        """Number of the prompt, and who answered what, oldest first."""
        return [
            (each.prompt, [("here" if not one.host else "there", one.text) for one in each.answers])
            for each in await self.comparisons()
        ]


def routed(service: Service, server: LoopbackProvider, work: Callable[[RoutedStage], Awaitable[Result]], **more: Any) -> Result:
    """Do `work` on the engine's loop, on a new matter and a new workload."""

    async def do(session: Session) -> Result:
        stage = RoutedStage(session, server)
        await stage.bring_up(**more)
        try:
            async with asyncio.timeout(60):
                return await work(stage)
        finally:
            server.may_go_on.set()
            stage.local.may_answer.set()
            await stage.routed.end()
            await stage.sending.close()
            await session.access.write(lambda store: store.matters.set_confidential(stage.matter, False))

    return service.call(do)
