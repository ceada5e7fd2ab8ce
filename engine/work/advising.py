"""What to move next: for each kind of work what the books, the votes and the evaluations say, and what follows from them.

Also the calculator, which needs prices. What is advised is decided in ledger/advisor; nothing is moved here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.advice_records import Advice, Quality, Traits, Workload
from engine.compare_records import RemoteChoice
from engine.errors import LedgerInputUnfit, ModelError, MoveRefused
from engine.evaluation.counting import LOCAL
from engine.evaluation.quality import Wanted, corrected, quality_of
from engine.events import Event
from engine.ledger import moves
from engine.ledger.advisor import advise, in_order
from engine.ledger.calculator import calculate, check
from engine.ledger.money import currency_at
from engine.ledger.terms import Terms
from engine.ledger.work_facts import work_facts
from engine.ledger_events import AdviceShown
from engine.ledger_records import Month, WorkloadId, local_day
from engine.ledger_settings import Thresholds
from engine.models.library import STARTER_MODEL
from engine.records import ModelId
from engine.settings import Settings
from engine.statement_records import Calculation, CalculatorInput
from engine.store.store import Store
from engine.work.model_desk import ModelDesk
from engine.work.price_desk import PriceDesk
from engine.work.store_access import StoreAccess
from engine.work.workload_books import AllBooks, WorkloadBooks, read_books
from engine.work.workload_moves import workload_of, workloads_of

MOST_ITEMS, LONGEST_WAIT_S = 10**9, 86_400


@dataclass(frozen=True)
class _Circumstances:
    """What holds for all workloads at this moment. `models` are the local ones by the workload that they would answer."""

    now: datetime
    terms: Terms
    n_ctx: int
    models: dict[WorkloadId, ModelId]
    available: frozenset[ModelId]

    @property
    def thresholds(self) -> Thresholds:
        return self.terms.settings.thresholds


class Advising:
    """Create and use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        prices: PriceDesk,
        settings: Callable[[], Settings],
        desk: ModelDesk,
        publish: Callable[[Event], None],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._access, self._prices, self._settings, self._desk = access, prices, settings, desk
        self._publish, self._now = publish, now

    async def list(self) -> tuple[Advice, ...]:
        """Advice for each workload that could run elsewhere, the most worthwhile first. Raises StoreError."""
        now = self._now()
        books = await self._access.read(lambda store: read_books(store, now))
        circumstances = await self._circumstances(now, books)
        return await asyncio.to_thread(_advised, books, circumstances)

    async def workloads(self) -> tuple[Workload, ...]:
        """The workloads that could run elsewhere, the oldest first. Raises StoreError."""
        return await self._access.read(lambda store: tuple(each for each in workloads_of(store) if not each.is_fixed))

    async def publish_list(self) -> None:
        """Tell what is advised. Raises StoreError."""
        advice = await self.list()
        self._publish(AdviceShown(advice, currency_at(self._settings().ledger, Month.of(local_day(self._now())))))

    async def describe(self, workload: WorkloadId, traits: Traits) -> None:
        """Keep what the user says of a workload and tell what is advised then.

        Raises NotFound, MoveRefused for what always runs here, LedgerInputUnfit, StoreError; then nothing was changed.
        """
        _check_traits(traits)

        def keep(store: Store) -> None:
            if (known := workload_of(store, workload)).is_fixed:
                raise MoveRefused(moves.called(known), "fixed")
            store.workloads.put_traits(workload, traits)

        await self._access.write(keep)
        await self.publish_list()

    async def calculate(self, asked: CalculatorInput) -> Calculation:
        """Work out a plan with the prices of this moment. Raises LedgerInputUnfit."""
        check(asked)
        book, now = self._prices.book, self._now()

        def work_out() -> Calculation:
            return calculate(asked, book.rates_of(asked.model, asked.prompt, now), book.as_of())

        return await asyncio.to_thread(work_out)

    # ------------------------------------------------------------ what holds for all
    async def _circumstances(self, now: datetime, books: AllBooks) -> _Circumstances:
        settings = self._settings()
        terms = Terms(settings.ledger, self._prices.book, await self._prices.ratios(), local_day(now))
        models = {each.workload.id: self._model_of(each.workload.route.local) for each in books.workloads}
        available = [model for model in set(models.values()) if await self._has(model)]
        return _Circumstances(now, terms, settings.n_ctx, models, frozenset(available))

    def _model_of(self, chosen: ModelId | None) -> ModelId:
        """The local model that would answer: that of the route, or the one that is chosen in the settings."""
        wanted = chosen or self._settings().model or STARTER_MODEL.id
        return next((each.id for each in self._desk.models if wanted in (each.id, each.file)), ModelId(wanted))

    async def _has(self, model: ModelId) -> bool:
        try:
            await asyncio.to_thread(self._desk.library.parts, model)
        except ModelError:
            return False
        return True


def _check_traits(traits: Traits) -> None:
    for name, figure, most in (
        ("monthly_items", traits.monthly_items, MOST_ITEMS),
        ("longest_wait_s", traits.longest_wait_s, LONGEST_WAIT_S),
    ):
        if figure is not None and not 0 <= figure <= most:
            raise LedgerInputUnfit(name, "negative" if figure < 0 else "too_large")


# ---------------------------------------------------------------- putting it together
def _advised(books: AllBooks, at: _Circumstances) -> tuple[Advice, ...]:
    found = corrected({each.workload.id: _quality(each, at) for each in books.workloads})
    return in_order(_advice(each, books, at, *found[each.workload.id]) for each in books.workloads)


def _advice(of: WorkloadBooks, books: AllBooks, at: _Circumstances, quality: Quality, corrected_p: float | None) -> Advice:
    workload, model = of.workload, at.models[of.workload.id]
    has_model = model in at.available
    facts, costs = work_facts(workload, books.days, of.measured, at.terms, n_ctx=at.n_ctx, has_local_model=has_model)
    advice = advise(workload, facts, quality, at.thresholds, costs=costs, since_move=_since_move(of, at), corrected_p=corrected_p)
    others = [each.workload for each in books.workloads if each.workload.id != workload.id]
    here = replace(workload.route, kind="local")
    obstacle, until = moves.obstacle(
        workload, others, books.moves, facts, at.now, at.thresholds, route=here, n_watched=of.n_watched
    )
    return replace(advice, obstacle=obstacle, watched_until=until, previous=moves.previous(of.moves))


def _quality(of: WorkloadBooks, at: _Circumstances) -> Quality:
    """The quality of the models that would answer. Where only others were compared, they are named and nothing is known."""
    found = _quality_of(of, _wanted(of.workload, at), at)
    if found.n == 0 and (other := _quality_of(of, Wanted(), at)).n > 0:
        return replace(found, local=other.local, remote=other.remote, time=other.time)
    return found


def _since_move(of: WorkloadBooks, at: _Circumstances) -> Quality | None:
    since = of.workload.route.since
    return None if since is None else _quality_of(of, replace(_wanted(of.workload, at), since=since), at)


def _quality_of(of: WorkloadBooks, wanted: Wanted, at: _Circumstances) -> Quality:
    return quality_of(of.vote_set, of.votes, of.evaluations, at.thresholds, wanted)


def _wanted(workload: Workload, at: _Circumstances) -> Wanted:
    return Wanted(f"{LOCAL}{at.models[workload.id]}", _named(workload.route.remote))


def _named(remote: RemoteChoice | None) -> str | None:
    """As votes and evaluations name a remote model."""
    return None if remote is None else f"{remote.provider}/{remote.model}"
