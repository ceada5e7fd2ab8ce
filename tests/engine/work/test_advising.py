"""Advice from a real store: entries, bills, votes and evaluations of each kind of work, and what is published of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.advice_records import Advice, Move, Route, Traits
from engine.compare_records import RemoteChoice
from engine.errors import LedgerInputUnfit, MoveRefused, NotFound
from engine.evaluation.evaluation import Pair, evaluate
from engine.events import Event
from engine.ledger.prices import Prices
from engine.ledger_events import AdviceShown
from engine.ledger_records import ASK, Energy, LedgerEvent, Spread, WorkloadId, local_day
from engine.ledger_settings import ExchangeRate, LedgerSettings, Thresholds
from engine.models.known import STARTER_MODEL
from engine.models.library import Library
from engine.paths import resources
from engine.price_records import Bill, BillLine, ListedPrice
from engine.provider_records import ProviderId
from engine.settings import Settings
from engine.statement_records import CalculatorInput
from engine.store.remote_calls import new_call_id
from engine.store.store import Store
from engine.vote_records import Vote
from engine.work.advising import Advising
from engine.work.price_desk import PriceDesk
from tests.engine.work.compare_stage import a_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOLLAR = 10**9
LOCAL, REMOTE = f"local:{STARTER_MODEL.id}", "openai/gpt-4"
REACHED, WORSE = (380, 5, 5, 10), (300, 5, 75, 20)


@dataclass
class Stage:
    store: Store
    advising: Advising
    settings: list[Settings]
    events: list[Event] = field(default_factory=list)

    def workload(self, name: str = "Tickets", kind: Any = "classify") -> WorkloadId:
        return WorkloadId(self.store.votes.create(name, kind).id)

    def record(self, workload: WorkloadId, place: Any, n: int = 1, **more: Any) -> None:
        time = more.pop("time", NOW - timedelta(days=1))
        given: dict[str, Any] = {"prompt": 600, "generated": 200, "duration_us": 3_000_000, "stop_reason": "end_of_text"} | more
        if place == "api":
            given = {"provider": "openai", "cost": 30_000_000, "cost_source": "computed"} | given
        else:
            given = {"energy": Energy(Spread(200_000, 300_000, 400_000), "meter")} | given
        self.store.ledger.record_all(
            [LedgerEvent(new_call_id(), time, local_day(time), place, workload, "gpt-4", **given) for _ in range(n)]
        )

    def evaluated(self, workload: WorkloadId, table: Any = REACHED, **more: Any) -> None:
        a, b, c, d = table
        kinds = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
        found = evaluate(
            [Pair(*each, "yes") for each in kinds], "exact",
            vote_set=workload, time=NOW - timedelta(days=2), local=LOCAL, remote=REMOTE,
        )  # fmt: skip
        self.store.evaluations.record(replace(found, **more))

    def moved(self, workload: WorkloadId, kind: Any = "local", days_ago: int = 3, **more: Any) -> None:
        time = NOW - timedelta(days=days_ago)
        self.store.workloads.move(Move(workload, time, Route(), Route(kind, since=time, **more), "migrate", "{}"))

    async def advice(self, workload: WorkloadId) -> Advice:
        return {each.workload.id: each for each in await self.advising.list()}[workload]


@contextmanager
def stage(folder: Path, settings: Settings | None = None) -> Iterator[Stage]:
    """A real store in memory and the models that come with the program; a price for the reference."""
    with a_store(folder) as (access, store, _):
        library = Library((resources() / "models",))
        chosen, events = [settings or Settings(ledger=LedgerSettings(would_use="openai/gpt-4"))], list[Event]()
        prices = PriceDesk(access, events.append, Prices())
        desk: Any = SimpleNamespace(models=(), library=library)
        advising = Advising(access, prices, lambda: chosen[0], desk, events.append, now=lambda: NOW)
        yield Stage(store, advising, chosen, events)


def rule(advice: Advice) -> str:
    return next(each.rule for each in advice.reasons if each.decides)


async def test_work_that_is_paid_for_and_as_good_here_migrates(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        at.record(tickets, "api", 400)
        at.record(tickets, "local", 20, use="test")
        at.evaluated(tickets)
        advice = await at.advice(tickets)
    assert (advice.label, rule(advice), advice.alert, advice.obstacle) == ("migrate", "reached", "", "")
    assert (advice.facts.n_items, advice.facts.n_api, advice.facts.api_cost) == (400, 400, 12 * DOLLAR)
    assert advice.facts.local_cost == 400 * 80_000  # 0.4 Wh each, at the example price
    assert advice.saving == Spread(12 * DOLLAR - 32_000_000, 12 * DOLLAR - 24_000_000, 12 * DOLLAR - 16_000_000)
    assert advice.facts.most_items == 438_000  # three seconds each, half of all hours
    assert (advice.facts.prompt_95, advice.facts.n_ctx, advice.facts.wait_95_ms) == (600, 4096, 3000)
    assert (advice.quality.status, advice.quality.n, advice.facts.has_local_model) == ("reached", 400, True)


async def test_kinds_of_work_that_always_run_here_are_not_listed(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        at.record(ASK, "local", 5)
        assert await at.advising.list() == ()
        tickets = at.workload()
        assert [each.workload.id for each in await at.advising.list()] == [tickets]
        assert [(each.id, each.name) for each in await at.advising.workloads()] == [(tickets, "Tickets")]
        assert rule(await at.advice(tickets)) == "quality_unknown"


async def test_what_is_older_than_thirty_days_is_no_item_and_still_tells_the_speed(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        at.record(tickets, "api", 9, time=NOW - timedelta(days=30))
        at.record(tickets, "api", 1, time=NOW - timedelta(days=29))
        at.record(tickets, "local", 3, time=NOW - timedelta(days=200), duration_us=6_000_000)
        advice = await at.advice(tickets)
    assert (advice.facts.n_items, advice.facts.most_items) == (1, 219_000)


async def test_work_that_is_known_from_bills_only_is_advised_on(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        day = local_day(NOW) - timedelta(days=3)
        line = BillLine(day, "openai", "gpt-4", 2_000, 1_200_000, 400_000, cost=60 * DOLLAR)
        bill = Bill("b", "openai", "costs.csv", day, day, 1, 2_000, 1, 1, 60 * DOLLAR, "provider", NOW, tickets)
        at.store.bills.keep(bill, [line])
        advice = await at.advice(tickets)
    assert (advice.facts.n_items, advice.facts.api_cost) == (2_000, 60 * DOLLAR)
    assert (advice.label, rule(advice)) == ("test_more", "quality_unknown")
    assert advice.test_cost == 3 * DOLLAR  # a hundred at three cents


async def test_what_the_user_says_of_it_counts(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        at.record(tickets, "api", 3)
        await at.advising.describe(tickets, Traits("confidential", monthly_items=5_000))
        shown = at.events[-1]
        assert isinstance(shown, AdviceShown)
        advice = shown.advice[0]
        assert (advice.label, rule(advice)) == ("migrate", "confidential_on_api")
        assert (advice.facts.n_items, advice.facts.is_planned, advice.facts.api_cost) == (5_000, True, 150 * DOLLAR)
        assert advice.workload.traits.sensitivity == "confidential"


async def test_what_cannot_be_said_of_it_is_refused(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        for traits in (Traits(monthly_items=-1), Traits(monthly_items=10**9 + 1), Traits(longest_wait_s=-1)):
            with pytest.raises(LedgerInputUnfit):
                await at.advising.describe(tickets, traits)
        with pytest.raises(MoveRefused):
            await at.advising.describe(ASK, Traits())
        with pytest.raises(NotFound):
            await at.advising.describe(WorkloadId("gone"), Traits())
        assert at.store.workloads.all() == {}
        assert at.events == []


async def test_without_the_model_that_would_answer_nothing_moves(tmp_path: Path) -> None:
    with stage(tmp_path, Settings(model="not here")) as at:
        tickets = at.workload()
        at.evaluated(tickets)
        advice = await at.advice(tickets)
    assert (rule(advice), advice.obstacle) == ("capacity", "no_local_model")
    assert advice.quality.n == 0  # what was compared was another model
    assert (advice.quality.local, advice.quality.remote) == (LOCAL, REMOTE)


async def test_results_count_for_the_models_of_the_route(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        at.evaluated(tickets)
        at.moved(tickets, "api", remote=RemoteChoice(ProviderId("openai"), "gpt-6-luna"))
        assert (await at.advice(tickets)).quality.status == "unknown"
        at.moved(tickets, "api", remote=RemoteChoice(ProviderId("openai"), "gpt-4"))
        assert (await at.advice(tickets)).quality.status == "reached"


async def test_votes_of_persons_are_evidence(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        letters = at.workload("Letters", "draft")
        for i in range(100):
            best = {0: 0, 1: 1}.get(i)
            at.store.votes.record(
                Vote(
                    letters,
                    f"c{i}",
                    NOW - timedelta(days=2) + timedelta(minutes=i),
                    (LOCAL, REMOTE),
                    "all_equal" if best is None else "best",
                    best,
                    (0, 1),
                    (10, 10),
                    is_blind=True,
                )
            )
        quality = (await at.advice(letters)).quality
    assert (quality.source, quality.n, quality.table) == ("votes", 100, (98, 1, 1, 0))
    assert quality.p_value is not None and round(quality.p_value, 5) == 0.01894
    assert quality.status == "unknown"  # a planned look is held to a third of five per cent


async def test_several_claims_are_held_to_the_level_of_all_of_them(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        first, second = at.workload("One"), at.workload("Two")
        at.evaluated(first, (95, 0, 0, 5))  # p = 0.0127
        assert (await at.advice(first)).quality.status == "reached"
        at.evaluated(second, (95, 0, 0, 5))
        both = await at.advising.list()
    assert [each.quality.status for each in both] == ["unknown", "unknown"]
    facts = [dict(reason.facts) for each in both for reason in each.reasons if reason.rule == "quality_unknown"]
    assert [each["why"] for each in facts] == ["several", "several"]
    assert [round(float(each["corrected_p"] or 0), 4) for each in facts] == [0.0253, 0.0253]


async def test_work_whose_quality_dropped_since_it_runs_here_comes_first(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        good, bad = at.workload("Good"), at.workload("Bad")
        for each in (good, bad):
            at.record(each, "local", 20)
        at.record(good, "api", 400)
        at.moved(bad, days_ago=3)
        at.evaluated(good)
        at.evaluated(bad, WORSE)
        first, second = await at.advising.list()
        assert (first.workload.id, first.alert, second.alert) == (bad, "quality_dropped", "")
        assert (first.previous, first.workload.route.kind) == (Route(), "local")
        assert second.obstacle == "one_at_a_time"
        assert second.watched_until == NOW - timedelta(days=3) + timedelta(days=14)
        at.moved(bad, days_ago=1)  # later than what was compared
        assert {each.alert for each in await at.advising.list()} == {""}


async def test_enough_answers_end_the_watch_over_another_workload(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        moved, waiting = at.workload("Moved"), at.workload("Waiting")
        at.moved(moved)
        assert (await at.advice(waiting)).obstacle == "one_at_a_time"
        at.record(moved, "local", 200)
        assert (await at.advice(waiting)).obstacle == ""


async def test_advice_is_published_in_the_currency_of_the_settings(tmp_path: Path) -> None:
    rate = ExchangeRate(currency="EUR", day=local_day(NOW), per_usd=Decimal("0.9"))
    with stage(tmp_path, Settings(ledger=LedgerSettings(currency="EUR", rates=(rate,)))) as at:
        at.workload()
        await at.advising.publish_list()
    shown = at.events[-1]
    assert isinstance(shown, AdviceShown)
    assert (shown.currency.code, shown.currency.per_usd, len(shown.advice)) == ("EUR", 900_000_000, 1)


async def test_thresholds_that_were_changed_count_at_once(tmp_path: Path) -> None:
    with stage(tmp_path) as at:
        tickets = at.workload()
        at.record(tickets, "api", 400)
        at.record(tickets, "local", 20, use="test")
        at.evaluated(tickets)
        ledger = LedgerSettings(thresholds=Thresholds(least_saving=Decimal(12)))
        at.settings[0] = Settings(ledger=ledger)
        assert rule(await at.advice(tickets)) == "no_saving"


# ---------------------------------------------------------------- the calculator
async def test_a_plan_is_worked_out_with_the_prices_of_the_moment(tmp_path: Path) -> None:
    asked = CalculatorInput(100_000, 600, 200, "openai/gpt-4")
    with stage(tmp_path) as at:
        found = await at.advising.calculate(asked)
        assert (found.api, found.prices_as_of) == (3000 * DOLLAR, "2026-11-09")
        assert (await at.advising.calculate(replace(asked, model="nobody/nothing"))).api is None
        own = ListedPrice("openai/gpt-4", 1_000_000, 2_000_000, source="own")
        await at.advising._prices.keep(own)
        assert (await at.advising.calculate(asked)).api == 100 * DOLLAR


async def test_what_cannot_be_worked_out_is_refused(tmp_path: Path) -> None:
    with stage(tmp_path) as at, pytest.raises(LedgerInputUnfit) as refused:
        await at.advising.calculate(CalculatorInput(0, 600, 200, "openai/gpt-4"))
    assert refused.value.field == "n_items"
