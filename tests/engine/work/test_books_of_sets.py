"""Whole sets in the books: pairs, judges, and budgets that let nothing more out in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.compare_events import EvaluationFailed
from engine.errors import BudgetReached
from engine.ledger_records import NO_WORKLOAD, Ceiling, Month, WorkloadId, local_day
from engine.service import Service
from engine.store.remote_calls import RemoteCall, new_call_id
from engine.work.sending import Sending
from tests.engine.work import remote_stage
from tests.engine.work.evaluation_stage import Stage, staged
from tests.engine.work.remote_stage import List, keyring_in_memory, receiver_for, unlocked
from tests.engine.work.test_judging import judged, keep, prefers
from tests.loopback_provider import LoopbackProvider

MONTH = Month.of(local_day(datetime.now(UTC)))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patched, unlocked(tmp_path_factory.mktemp("profile")) as service:
        keyring_in_memory(patched)
        yield service


@pytest.fixture
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


def test_the_answers_to_a_prompt_are_a_pair_of_tests(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await stage.run(await stage.prepared("Say one", "Say two", scorer="agreement"))
        entries = await stage.entries()
        assert stage.n_recorded == len(entries) == 4
        assert {each.use for each in entries} == {"test"}
        local = {each.pair: each for each in entries if each.place == "local"}
        remote = {each.pair: each for each in entries if each.place == "api"}
        assert local.keys() == remote.keys() == {each.id for each in await stage.comparisons()}
        assert {each.model for each in local.values()} == {"Tiny"}
        assert {(each.provider, each.model) for each in remote.values()} == {("own", "test-large")}
        pairs = await stage.session.access.read(lambda store: store.ledger.pairs())
        assert [each for each in pairs if each.workload == stage.set and each.local_prompt == 9] == pairs[:2]

    staged(service, server, work)


def test_a_judge_writes_tests_and_nothing_of_the_set_itself(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("bad", "good")])
        stage.local.answer = prefers("good")
        await judged(stage)
        entries = await stage.entries(NO_WORKLOAD)
        assert [(each.use, each.place, each.prompt, each.pair) for each in entries] == [("test", "local", 9, "")] * 4
        assert await stage.entries() == []

    staged(service, server, work)


def test_a_hard_budget_lets_nothing_more_out_in_the_middle_of_a_run(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Say one", "Say two", "Say three")
        most = max(each.max_cost or 0 for each in prepared.receivers)
        stage.ceilings = [Ceiling(f"workload:{stage.set}", MONTH, most)]  # room for one at its highest
        assert await stage.run(prepared) is None
        (failed,) = stage.of(EvaluationFailed)
        assert isinstance(failed.error, BudgetReached)
        assert (failed.error.limit, failed.error.reason, failed.error.month) == (most, "reached", str(MONTH))
        assert 0 < failed.error.spent < most
        assert len(server.posts) == 1
        assert not +stage.session.network.door.approvals._waiting
        kept = await stage.comparisons()
        assert [each.answers[1].problem for each in kept] == [None, "budget_reached"]
        assert [each.answers[1].cost for each in kept][1] is None, "what was not sent has no cost"
        entries = await stage.entries()
        assert sorted(each.place for each in entries) == ["api", "local", "local"]

    staged(service, server, work)


@pytest.mark.parametrize(("limit", "reason"), [(10**9 - 1, "reached"), (10**15, "price_unknown")])
def test_what_could_pass_a_budget_is_not_sent_and_leaves_nothing_open(
    service: Service, server: LoopbackProvider, limit: int, reason: str
) -> None:
    asked: list[tuple[str, str]] = []
    counted: list[None] = []

    def ceilings(provider: Any, workload: WorkloadId) -> list[Ceiling]:
        asked.append((provider.id, workload))
        return [Ceiling("workload:w", MONTH, limit)]

    async def work(stage: remote_stage.Stage) -> None:
        prices: Any = List()
        sending = Sending(
            stage.session.access, stage.session.network, stage.remote, prices, ceilings=ceilings,
            recorded=lambda: counted.append(None),
        )  # fmt: skip
        stage.sending = sending
        provider = await stage.provider(server, name=f"Own {reason}")
        n_before = len(await stage.calls())
        receiver = receiver_for(provider)
        if reason == "price_unknown":
            receiver = type(receiver)(**{**vars(receiver), "max_cost": None})
        going = await stage.begin(provider, receiver=receiver).end()
        assert isinstance(going.error, BudgetReached) and going.error.reason == reason
        assert going.sent == [] and server.posts == [] and len(await stage.calls()) == n_before
        assert asked == [(provider.id, "w")] and counted == []
        assert not +stage.session.network.door.approvals._waiting
        assert stage.session.network.state().is_closed

    remote_stage.done(service, work)


def test_within_its_budget_a_request_is_sent_and_counted(service: Service, server: LoopbackProvider) -> None:
    counted: list[None] = []

    async def work(stage: remote_stage.Stage) -> None:
        prices: Any = List()
        stage.sending = Sending(
            stage.session.access, stage.session.network, stage.remote, prices,
            ceilings=lambda *_: [Ceiling("workload:w", MONTH, 10**9)], recorded=lambda: counted.append(None),
        )  # fmt: skip
        going = await stage.begin(await stage.provider(server, name="Own in budget")).end()
        (sent,) = going.sent
        assert counted == [None]
        entry = await stage.session.access.read(lambda store: store.ledger.get(sent.call))
        assert (entry.place, entry.use, entry.workload, entry.cost) == ("api", "test", "w", sent.cost.nano_usd)

    remote_stage.done(service, work)


def test_what_an_earlier_run_left_behind_is_counted_once(service: Service) -> None:
    counted: list[None] = []

    async def work(stage: remote_stage.Stage) -> None:
        prices: Any = List()
        lost = RemoteCall(new_call_id(), datetime.now(UTC) - timedelta(1), "w", "own", "m", "h", "0" * 64, reserved_nano=7)
        await stage.session.access.write(lambda store: store.remote_calls.reserve(lost))
        sending = Sending(
            stage.session.access, stage.session.network, stage.remote, prices, recorded=lambda: counted.append(None)
        )
        await sending.bring_up()
        await sending.bring_up()
        await sending.close()
        entry = await stage.session.access.read(lambda store: store.ledger.get(lost.id))
        assert (entry.cost, entry.at_most) == (None, 7) and counted == [None]

    remote_stage.done(service, work)
