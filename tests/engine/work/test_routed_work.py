"""A workload's prompts go where its route says, once, and only what a person approved leaves."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import RouteKind, Traits
from engine.compare_events import EvaluationFailed, EvaluationProgress
from engine.compare_records import LocalChoice
from engine.errors import ModelMissing, PromptTooLong
from engine.events import Trouble
from engine.ledger.routing import is_here, item_keys, plan_all
from engine.ledger_events import LedgerRefused, WorkFinished, WorkPrepared
from engine.ledger_intents import PrepareWork, RunWork
from engine.ledger_records import Ceiling, Month
from engine.ledger_settings import Thresholds
from engine.records import MatterId, ModelId, RequestId
from engine.service import Service
from engine.vote_records import Prompt
from engine.work import patience
from engine.work.routed_batch import pairs_since
from tests.engine.work.compare_stage import LOCAL, REMOTE, WHEN, comparison
from tests.engine.work.evaluation_stage import LEAKY, LOCAL_MODEL
from tests.engine.work.remote_stage import keyring_in_memory, unlocked, until
from tests.engine.work.routed_stage import RoutedStage, routed
from tests.loopback_provider import Fault, LoopbackProvider

ANSWERS = [("Say yes", "yes"), ("Say no", "no"), ("Say maybe", "maybe")]
MANY = tuple(f"Say {n}" for n in range(10))
SHA_OF_NOTHING = hashlib.sha256(b"").hexdigest()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with pytest.MonkeyPatch.context() as patched, unlocked(tmp_path_factory.mktemp("profile")) as service:
        keyring_in_memory(patched)
        yield service


@pytest.fixture(scope="module")
def provider() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


@pytest.fixture
def server(provider: LoopbackProvider) -> Iterator[LoopbackProvider]:
    """The provider, well behaved: its models say the last word of what they are asked, loudly."""
    provider.answer_with = lambda asked: asked["messages"][-1]["content"].split()[-1].upper()
    provider.posts.clear()
    yield provider
    provider.fault, provider.usage = Fault.NONE, None
    provider.may_go_on.set()


def bodies(prepared: WorkPrepared) -> list[bytes]:
    return [each.body for each in prepared.receivers]


def sent(server: LoopbackProvider) -> list[bytes]:
    return [post.body for post in server.posts]


# ---------------------------------------------------------------- each route
def test_at_the_remote_model_everything_is_answered_there_and_kept(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        prepared = await stage.planned(*ANSWERS)
        assert (prepared.n_local, prepared.n_remote, prepared.n_sample, server.posts) == (0, 3, 0, [])
        assert prepared.sha256 == hashlib.sha256(b"\n".join(bodies(prepared))).hexdigest()
        assert prepared.max_cost == sum(each.max_cost or 0 for each in prepared.receivers) > 0
        finished = await stage.do(prepared)
        assert sent(server) == bodies(prepared) and stage.local.chat.asked == []
        assert await stage.texts() == [(1, [("there", "YES")]), (2, [("there", "NO")]), (3, [("there", "MAYBE")])]
        assert stage.used == [("remote", "work", "")] * 3
        kept = await stage.comparisons()
        assert all(each.approved and each.vote_set == stage.set for each in kept)
        spent = sum(each.answers[0].cost.nano_usd or 0 for each in kept if each.answers[0].cost)
        assert finished == WorkFinished(prepared.request, stage.workload, 3, 0, 0, 3, spent) and spent > 0
        assert [(each.n_done, each.n) for each in stage.of(EvaluationProgress)] == [(0, 3), (1, 3), (2, 3), (3, 3)]
        assert await stage.evaluations() == []

    routed(service, server, work)


def test_a_shadow_is_asked_the_same_words_and_only_compared(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("shadow")
        stage.local.answer = lambda text: "yes" if "yes" in text else "never"
        prepared = await stage.planned(*ANSWERS)
        assert (prepared.n_local, prepared.n_remote, prepared.n_sample) == (0, 3, 0)
        finished = await stage.do(prepared)
        assert finished is not None and (finished.n_done, finished.n_local, finished.n_remote) == (3, 0, 3)
        assert sent(server) == bodies(prepared) and len(stage.local.chat.asked) == 3
        kept = await stage.comparisons()
        assert {(place, use, pair) for place, use, pair in stage.used} == {
            (place, use, each.id) for each in kept for place, use in (("local", "test"), ("remote", "work"))
        }
        assert all(len({answer.prompt_sha256 for answer in each.answers}) == 1 for each in kept)
        (evaluation,) = await stage.evaluations()
        assert (evaluation.n, evaluation.table) == (3, (1, 0, 2, 0)) and evaluation.scorer == "labels"
        assert (evaluation.local, evaluation.remote) == (f"local:{LOCAL_MODEL}", "own/test-large")

    routed(service, server, work)


def test_a_share_is_answered_here_and_a_larger_one_takes_none_back(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        here: list[set[int | None]] = []
        for share in (0, 30, 100):
            await stage.go("share", share_percent=share)
            server.posts.clear()
            prepared = await stage.planned(*MANY)
            keys = item_keys(stage.workload, MANY)
            assert prepared.n_local == sum(is_here(key, share) for key in keys) and prepared.n_remote == 10 - prepared.n_local
            finished = await stage.do(prepared)
            assert finished is not None and (finished.n_local, finished.n_remote) == (prepared.n_local, prepared.n_remote)
            assert sent(server) == bodies(prepared)
            newest = (await stage.texts())[-10:]
            assert sorted(number or 0 for number, _ in newest) == list(range(1, 11))
            here.append({number for number, answers in newest if answers[0][0] == "here"})
        assert set() == here[0] <= here[1] <= here[2] == set(range(1, 11))
        assert {use for _, use, _ in stage.used} == {"work"}

    routed(service, server, work)


def test_a_workload_runs_here_without_any_provider(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", local=None, remote=None, sample_percent=50)
        stage.settings = stage.settings.model_copy(update={"model": LOCAL_MODEL})
        await stage.remote.remove(stage.provider.id)
        prepared = await stage.planned("Write to Ms Anna Harlow", "Say no")
        assert prepared == WorkPrepared(prepared.request, stage.workload, 2, 0, 0)
        assert (prepared.sha256, prepared.max_cost) == ("", 0)
        finished = await stage.do(prepared)
        assert finished == WorkFinished(prepared.request, stage.workload, 2, 0, 2, 0, 0)
        assert "Anna Harlow" in stage.local.chat.asked[0][-1].content, "what stays here is read as it is"
        assert [each.approved for each in await stage.comparisons()] == [None, None]
        assert await stage.texts() == [(1, [("here", "Harlow")]), (2, [("here", "no")])]
        assert stage.used == [("local", "work", "")] * 2 and server.posts == []

    routed(service, server, work)


def test_a_provider_that_is_gone_takes_only_the_samples_with_it(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        await stage.remote.remove(stage.provider.id)
        prepared = await stage.planned("Say yes")
        assert (prepared.n_sample, prepared.sha256) == (0, "") and await stage.do(prepared) is not None
        await stage.go("api")
        assert await stage.routed.prepare(PrepareWork(RequestId("w2"), stage.matter, stage.workload)) is None
        assert [each.error.kind for each in stage.of(LedgerRefused)] == ["not_found"]

    routed(service, server, work)


# ---------------------------------------------------------------- samples
def test_samples_are_put_to_both_and_the_answer_from_here_counts(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        route = await stage.go("local", sample_percent=1)
        stage.sample_at_least(4)
        prepared = await stage.planned(*((each, each.split()[-1]) for each in MANY))
        assert (prepared.n_local, prepared.n_remote, prepared.n_sample) == (10, 0, 4) and len(prepared.receivers) == 4
        finished = await stage.do(prepared)
        assert finished is not None and (finished.n_done, finished.n_local, finished.n_remote) == (10, 10, 0)
        assert (finished.spent or 0) > 0 and sent(server) == bodies(prepared)
        kept = await stage.comparisons()
        assert sorted(len(each.answers) for each in kept) == [1] * 6 + [2] * 4
        assert Counter((place, use, bool(pair)) for place, use, pair in stage.used) == {
            ("local", "work", False): 6, ("local", "test", True): 4, ("remote", "test", True): 4,
        }, "the remote model is paid for a sample, so answering it here saves nothing"  # fmt: skip
        (evaluation,) = await stage.evaluations()
        assert evaluation.n == 4 and evaluation.table == (4, 0, 0, 0), "labels are compared without regard to case"
        again = await stage.planned()
        by_percent = plan_all(route, item_keys(stage.workload, MANY), Thresholds(least_sample=0))
        assert again.n_sample == sum(each.is_sample for each in by_percent), "the month has as many as it needs at least"

    routed(service, server, work)


def test_samples_are_left_out_without_an_approval(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        prepared = await stage.planned(*ANSWERS, f"This {LEAKY}")
        assert prepared.n_sample == 4 and any(each.leaks for each in prepared.previews)
        finished = await stage.do(prepared, "")
        assert finished is not None and (finished.n_local, finished.spent) == (4, 0)
        assert server.posts == [] and {len(each.answers) for each in await stage.comparisons()} == {1}
        assert stage.used == [("local", "work", "")] * 4, "nobody else was asked"
        assert await stage.evaluations() == []

    routed(service, server, work)


def test_a_sample_of_what_could_not_be_answered_here_is_not_paid_for(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        stage.local.answer = lambda text: PromptTooLong(9000, 4096) if "no" in text else "yes"
        finished = await stage.do(await stage.planned(*ANSWERS))
        assert finished is not None and (finished.n_done, finished.n_failed) == (2, 1) and len(server.posts) == 2

    routed(service, server, work)


@pytest.mark.parametrize(("fault", "n_posts"), [(Fault.NO_CREDIT, 1), (Fault.SERVER_ERROR, 3)])
def test_samples_that_cannot_be_had_are_done_without(
    service: Service, server: LoopbackProvider, fault: Fault, n_posts: int
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        server.fault = fault
        finished = await stage.do(await stage.planned(*MANY[:5]))
        assert finished is not None and (finished.n_done, finished.n_failed) == (5, 0)
        assert len(server.posts) == n_posts and len(stage.of(Trouble)) == 1 and stage.failures == []

    routed(service, server, work)


def test_a_shadow_that_cannot_be_had_costs_no_answer(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("shadow")
        stage.local.missing = ModelMissing("tiny-local")
        finished = await stage.do(await stage.planned(*MANY[:5]))
        assert finished is not None and (finished.n_done, finished.n_remote) == (5, 5)
        assert [each.error.kind for each in stage.of(Trouble)] == ["model_missing"] and len(server.posts) == 5

    routed(service, server, work)


def test_what_was_seen_since_the_move_is_judged_together(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        server.answer_with = lambda asked: asked["messages"][-1]["content"].split()[-1]
        await stage.go("shadow")
        await stage.do(await stage.planned(*ANSWERS))
        stage.local.answer = lambda _: "never"
        await stage.do(await stage.planned())
        assert [(each.n, each.table) for each in await stage.evaluations()] == [(3, (0, 0, 3, 0)), (3, (3, 0, 0, 0))]
        await stage.fill(*ANSWERS[:1])
        await stage.do(await stage.planned())
        assert (await stage.evaluations())[0].n == 1, "answers to other prompts are another matter"

    routed(service, server, work)


def test_only_pairs_since_the_move_to_prompts_with_a_right_answer_are_judged() -> None:
    prompts = [Prompt(1, "Sum it up.", "2"), Prompt(2, "Sum it up.", None)]
    old, new = (
        replace(comparison(MatterId("m"), name), prompt=1, created=WHEN + timedelta(days=day))
        for name, day in (("old", 0), ("new", 2))
    )
    others = [replace(new, prompt=2), replace(new, question="Another."), replace(new, answers=new.answers[:1])]
    kept, models = [*others, new, old], (LOCAL, REMOTE)
    assert len(pairs_since(prompts, kept, models, None)) == 1
    for day, n in ((0, 1), (2, 1), (3, 0)):
        assert len(pairs_since(prompts, kept, models, WHEN + timedelta(days=day))) == n
    assert pairs_since(prompts, [*others, old], models, WHEN + timedelta(days=1)) == []
    assert pairs_since(prompts, kept, (LOCAL, LocalChoice(ModelId("other"))), None) == []


# ---------------------------------------------------------------- approval
@pytest.mark.parametrize(
    ("kind", "approved"), [("api", ""), ("shadow", ""), ("share", ""), ("api", "0" * 64), ("share", SHA_OF_NOTHING)]
)
def test_nothing_begins_without_the_approval_of_exactly_this(
    service: Service, server: LoopbackProvider, kind: RouteKind, approved: str
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go(kind, share_percent=10)
        prepared = await stage.planned(*MANY)
        assert await stage.do(prepared, approved) is None
        assert stage.failures == ["not_approved"] and server.posts == [] and stage.local.chat.asked == []
        assert await stage.do(prepared) is not None, "what was prepared still waits"

    routed(service, server, work)


def test_an_approval_for_what_would_send_nothing_is_a_mistake(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local")
        assert await stage.do(await stage.planned(*ANSWERS), SHA_OF_NOTHING) is None
        assert await stage.routed.run(RunWork(RequestId("other"))) is None
        assert stage.failures == ["not_approved"] * 2 and stage.local.chat.asked == []

    routed(service, server, work)


def test_two_wishes_at_the_same_moment_do_the_work_once(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        prepared = await stage.planned(*ANSWERS)
        await asyncio.gather(stage.do(prepared), stage.do(prepared))
        assert stage.failures == ["not_approved"] and len(stage.of(WorkFinished)) == 1
        assert await stage.do(prepared) is None and sent(server) == bodies(prepared)

    routed(service, server, work)


def test_a_text_that_would_still_tell_something_is_not_sent(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        assert await stage.do(await stage.planned("Say yes", f"This {LEAKY}")) is None
        assert stage.failures == ["hidden_detail_leaks"] and server.posts == []

    routed(service, server, work)


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_names_are_hidden_in_all_that_is_sent_and_stand_in_the_answers_again(
    service: Service, server: LoopbackProvider, dialect: str
) -> None:
    async def work(stage: RoutedStage) -> None:
        server.answer_with = lambda asked: "I wrote to " + asked["messages"][-1]["content"].split("write to ")[1]
        await stage.go("shadow")
        letters = [f"Please write to {name}, and do it soon." for name in ("Ms Anna Harlow", "Mr Peter Brent")]
        await stage.do(await stage.planned(*letters))
        read = b"".join(sent(server)) + "".join(each[-1].content for each in stage.local.chat.asked).encode()
        assert b"Harlow" not in read and b"Brent" not in read and len(server.posts) == 2
        kept = await stage.comparisons()
        assert ["Anna Harlow" in kept[0].answers[1].text, "Peter Brent" in kept[1].answers[1].text] == [True, True]
        assert [each.n_hidden for each in kept] == [1, 1]
        await stage.do(await stage.planned(hides=False))
        assert b"Harlow" in sent(server)[2]

    routed(service, server, work, dialect=dialect)


async def hide_more(stage: RoutedStage) -> None:
    await stage.tables.changed(stage.matter, lambda table: table.learn(["Bluebird"], [("Bluebird", "term")]))


async def move_the_provider(stage: RoutedStage) -> None:
    await stage.kept("openai", "/elsewhere")


async def move_the_workload(stage: RoutedStage) -> None:
    await stage.go("shadow")


async def write_other_prompts(stage: RoutedStage) -> None:
    await stage.fill("Explain the Blackbird project", "Say no")


@pytest.mark.parametrize("change", [hide_more, move_the_provider, move_the_workload, write_other_prompts])
def test_what_has_changed_since_it_was_shown_is_shown_again_and_not_sent(
    service: Service, server: LoopbackProvider, change: Any
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        prepared = await stage.planned("Explain the Bluebird project", "Say no")
        await change(stage)
        assert await stage.do(prepared) is None
        assert stage.failures == ["not_approved"] and server.posts == [] and stage.local.chat.asked == []
        newer = stage.of(WorkPrepared)[-1]
        assert newer is not prepared and newer.request == prepared.request
        assert await stage.do(newer) is not None and sent(server) == bodies(newer)

    routed(service, server, work)


def test_what_nobody_waits_for_any_more_is_dropped(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local")
        prepared = await stage.planned("Say yes")
        stage.routed.stop(prepared.request)
        assert await stage.do(prepared) is None
        may_plan, plan = asyncio.Event(), stage.routed._planning.batch

        async def slowly(*known: Any) -> Any:
            await may_plan.wait()
            return await plan(*known)

        monkeypatch.setattr(stage.routed._planning, "batch", slowly)
        wish = PrepareWork(RequestId("slow"), stage.matter, stage.workload)
        preparing = asyncio.create_task(stage.routed.prepare(wish))
        await until(lambda: stage.routed._preparing)
        stage.routed.stop(wish.request)
        may_plan.set()
        assert await preparing is None and stage.routed._batches == {} and stage.of(LedgerRefused) == []
        assert stage.failures == ["not_approved"] and stage.local.chat.asked == []

    routed(service, server, work)


# ---------------------------------------------------------------- what cannot be done
@pytest.mark.parametrize(
    ("kind", "more", "kind_of_error"),
    [("api", {"remote": None}, "move_refused"), ("share", {"remote": None, "share_percent": 30}, "move_refused")],
)
def test_a_route_that_leads_nowhere_is_refused(
    service: Service, server: LoopbackProvider, kind: RouteKind, more: dict[str, Any], kind_of_error: str
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go(kind, **more)
        await stage.fill("Say yes")
        wishes = [PrepareWork(RequestId(str(each)), stage.matter, each) for each in (stage.workload, "ask", "nobody")]  # type: ignore[arg-type]
        assert [await stage.routed.prepare(each) for each in wishes] == [None] * 3
        refused = stage.of(LedgerRefused)
        assert [each.error.kind for each in refused] == [kind_of_error, "move_refused", "not_found"]
        assert {each.wish for each in refused} == {"PrepareWork"} and refused[0].request == stage.workload

    routed(service, server, work)


def test_a_workload_without_prompts_has_nothing_to_do(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local")
        assert await stage.routed.prepare(PrepareWork(RequestId("w"), stage.matter, stage.workload)) is None
        assert [each.error.kind for each in stage.of(LedgerRefused)] == ["prompts_unfit"]

    routed(service, server, work)


# ---------------------------------------------------------------- confidential
@pytest.mark.parametrize(("kind", "what"), [("api", "matter"), ("api", "workload"), ("shadow", "matter"), ("share", "workload")])
def test_nothing_confidential_is_prepared_for_sending(
    service: Service, server: LoopbackProvider, kind: RouteKind, what: str
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go(kind, share_percent=50)
        prepared = await stage.planned(*ANSWERS)
        await mark(stage, what)
        assert await stage.do(prepared) is None
        assert await stage.routed.prepare(PrepareWork(RequestId("w2"), stage.matter, stage.workload)) is None
        error = {"matter": "matter_confidential", "workload": "move_refused"}[what]
        assert stage.failures == [error] and [each.error.kind for each in stage.of(LedgerRefused)] == [error]
        assert server.posts == [] and stage.local.chat.asked == [] and stage.of(EvaluationProgress) == []

    routed(service, server, work)


@pytest.mark.parametrize("what", ["matter", "workload"])
def test_what_is_confidential_is_done_here_without_samples(service: Service, server: LoopbackProvider, what: str) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        await mark(stage, what)
        prepared = await stage.planned(*ANSWERS)
        assert (prepared.n_local, prepared.n_sample, prepared.receivers) == (3, 0, ())
        finished = await stage.do(prepared)
        assert finished is not None and finished.n_done == 3 and server.posts == []

    routed(service, server, work)


@pytest.mark.parametrize("what", ["matter", "workload"])
@pytest.mark.parametrize("kind", ["local", "shadow"])
def test_what_becomes_confidential_in_the_middle_is_sent_no_further(
    service: Service, server: LoopbackProvider, kind: RouteKind, what: str
) -> None:
    async def work(stage: RoutedStage) -> None:
        def answer(text: str) -> str:
            if "no" in text:
                stage.errand = asyncio.ensure_future(mark(stage, what))  # type: ignore[attr-defined]
            return "yes"

        await stage.go(kind, sample_percent=100)
        stage.local.answer = answer
        finished = await stage.do(await stage.planned(*ANSWERS))
        assert len(server.posts) <= 2
        if kind == "local":
            assert finished is not None and finished.n_done == 3 and len(stage.local.chat.asked) == 3
        else:
            assert stage.failures == [{"matter": "matter_confidential", "workload": "move_refused"}[what]]
            assert [each.n for each in await stage.evaluations()] == [2]

    routed(service, server, work)


async def mark(stage: RoutedStage, what: str) -> None:
    if what == "matter":
        await stage.session.access.write(lambda store: store.matters.set_confidential(stage.matter, True))
    else:
        await stage.describe(Traits("confidential"))


# ---------------------------------------------------------------- the lock, a stop, going on
def test_a_lock_that_is_closed_in_the_middle_ends_what_needs_it(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        server.answer_with = lambda _: "one two three four five six seven"
        prepared = await stage.planned(*ANSWERS)
        server.may_go_on.clear()
        running = stage.doing(prepared)
        await stage.posts(1)
        await stage.session.close_network()
        assert await running is None
        assert stage.failures == ["network_refused"] and len(server.posts) == 1
        assert "compare" not in stage.session.network.state().open_purposes

    routed(service, server, work)


def test_a_lock_that_is_closed_takes_only_the_samples_from_what_runs_here(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        server.answer_with = lambda _: "one two three four five six seven"
        prepared = await stage.planned(*ANSWERS)
        server.may_go_on.clear()
        running = stage.doing(prepared)
        await stage.posts(1)
        await stage.session.close_network()
        finished = await running
        assert finished is not None and (finished.n_done, finished.n_failed) == (3, 0)
        assert len(server.posts) == 1 and stage.failures == [] and stage.of(Trouble) == []

    routed(service, server, work)


@pytest.mark.parametrize("kind", ["api", "local"])
def test_after_a_stop_the_next_run_goes_on_and_asks_nothing_twice(
    service: Service, server: LoopbackProvider, kind: RouteKind
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go(kind)
        prepared = await stage.planned(*ANSWERS)
        hold(stage, server, kind, "no")
        running = stage.doing(prepared)
        await until(lambda: len(server.posts) + len(stage.local.chat.asked) == 2)
        stage.routed.stop(prepared.request)
        finished = await running
        assert finished is not None and (finished.n_done, finished.n_failed) == (1, 0) and stage.failures == []
        assert stage.of(EvaluationProgress)[-1].n_done == 1
        hold(stage, server, kind, None)
        rest = await stage.planned()
        assert rest.n_local + rest.n_remote == 2, "the second answer was cut off, so it counts as none"
        finished = await stage.do(rest)
        assert finished is not None and finished.n_done == 2
        n_asked = len(server.posts) + len(stage.local.chat.asked)
        assert n_asked == 4
        whole = await stage.planned()
        assert whole.n_local + whole.n_remote == 3, "when all is answered everything can be done anew"

    routed(service, server, work)


def hold(stage: RoutedStage, server: LoopbackProvider, kind: RouteKind, word: str | None) -> None:
    """Let the answer to the prompt with this word wait, at whoever answers; None: none."""
    stage.local.may_answer.set()
    server.may_go_on.set()
    stage.local.answer = lambda text: (stage.local.may_answer.clear() if word and word in text else None) or "yes"

    def there(asked: dict[str, Any]) -> str:
        if word and word in asked["messages"][-1]["content"]:
            server.may_go_on.clear()
        return "one two three four five six seven"

    server.answer_with = there


def test_the_end_of_the_program_keeps_what_was_answered(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("shadow")
        prepared = await stage.planned(*ANSWERS)
        stage.local.answer = lambda text: (stage.local.may_answer.clear() if "no" in text else None) or "yes"
        running = stage.doing(prepared)
        await stage.posts(2)
        await until(lambda: not stage.sending._running)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await until(lambda: not stage.routed._batches)
        assert [len(each.answers) for each in await stage.comparisons()] == [2, 2] and len(server.posts) == 2
        (finished,) = stage.of(WorkFinished)
        assert finished.n_done == 2, "the answer that counts was there"

    routed(service, server, work)


# ---------------------------------------------------------------- budgets and faults
def test_a_hard_budget_ends_what_would_pass_it(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        prepared = await stage.planned(*ANSWERS)
        stage.ceilings = [Ceiling(f"workload:{stage.workload}", Month(2026, 1), 0)]
        assert await stage.do(prepared) is None
        assert stage.failures == ["budget_reached"] and server.posts == []

    routed(service, server, work)


def test_a_hard_budget_leaves_alone_what_runs_here(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        stage.ceilings = [Ceiling(f"workload:{stage.workload}", Month(2026, 1), 0)]
        finished = await stage.do(await stage.planned(*ANSWERS))
        assert finished is not None and (finished.n_done, finished.spent) == (3, 0) and server.posts == []
        assert [each.error.kind for each in stage.of(Trouble)] == ["budget_reached"]

    routed(service, server, work)


@pytest.mark.parametrize(
    ("fault", "kind", "n_posts"), [(Fault.KEY_REFUSED, "key_refused", 1), (Fault.DROPPED, "outcome_unknown", 3)]
)
def test_where_nothing_would_be_answered_nothing_more_is_sent(
    service: Service, server: LoopbackProvider, fault: Fault, kind: str, n_posts: int
) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("api")
        server.fault = fault
        assert await stage.do(await stage.planned(*MANY[:5])) is None
        assert stage.failures == [kind] and len(server.posts) == n_posts
        server.fault = Fault.NONE
        rest = await stage.planned()
        assert rest.n_remote == 5, "what was not answered is still to be done"

    routed(service, server, work)


def test_a_local_model_that_cannot_be_had_ends_what_it_would_answer(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: RoutedStage) -> None:
        await stage.go("local", sample_percent=100)
        stage.local.missing = ModelMissing("tiny-local")
        assert await stage.do(await stage.planned(*MANY)) is None
        assert stage.failures == ["model_missing"] and server.posts == [] and await stage.comparisons() == []

    routed(service, server, work)


FAULTS = [Fault.NONE, Fault.SERVER_ERROR, Fault.HALF, Fault.NO_USAGE, Fault.FILTERED, Fault.RATE_LIMITED, Fault.NO_CREDIT]


@settings(max_examples=12)
@given(
    kind=st.sampled_from(["api", "shadow", "share", "local"]),
    faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=5),
    approves=st.booleans(),
    ended_by=st.sampled_from(["", "", "stop", "lock", "confidential"]),
    at=st.integers(1, 4),
)
def test_whatever_happens_each_body_leaves_at_most_once_and_there_is_one_last_word(
    service: Service, provider: LoopbackProvider, kind: RouteKind, faults: list[Fault], approves: bool, ended_by: str, at: int
) -> None:
    async def work(stage: RoutedStage) -> None:
        def there(asked: dict[str, Any]) -> str:
            return "yes"

        provider.answer_with = there
        await stage.go(kind, share_percent=50, sample_percent=60)
        prepared = await stage.planned(*(f"Say {n}" for n in range(len(faults))))
        done = asyncio.Event()

        def hear(event: object) -> None:
            if isinstance(event, EvaluationProgress):
                provider.fault = faults[min(event.n_done, len(faults) - 1)]
                if event.n_done == at:
                    done.set()

        publish = stage.routed._publish
        stage.routed._publish = lambda event: (hear(event), publish(event))[1]  # type: ignore[func-returns-value]
        running = stage.doing(prepared, None if approves else "")
        ending = asyncio.create_task(_end(stage, ended_by, done, running, prepared))
        finished = await running
        ending.cancel()
        assert len(stage.of(WorkFinished)) + len(stage.of(EvaluationFailed)) == 1
        assert (finished is None) == bool(stage.failures)
        assert Counter(sent(provider)) <= Counter(bodies(prepared) if approves else [])
        kept = await stage.comparisons()
        assert len({each.prompt for each in kept}) == len(kept) <= len(faults)
        if finished is not None and not ended_by:
            assert finished.n_done + finished.n_failed == len(faults)

    provider.posts.clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patience, "LONGEST_PAUSE_S", 0.0)
        try:
            routed(service, provider, work)
        finally:
            provider.fault = Fault.NONE


async def _end(stage: RoutedStage, how: str, when: asyncio.Event, running: Any, prepared: WorkPrepared) -> None:
    await when.wait()
    if how == "stop":
        stage.routed.stop(prepared.request)
    elif how == "lock":
        await stage.session.close_network()
    elif how == "confidential":
        await mark(stage, "matter")
        stage.routed.stop_sending(stage.matter)
