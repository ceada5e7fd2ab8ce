"""A set is run once for one approval, of exactly what was shown; whatever ends it, what was answered is kept and counts."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import Sensitivity, Traits
from engine.compare_events import EvaluationFailed, EvaluationFinished, EvaluationPrepared, EvaluationProgress
from engine.compare_intents import RunEvaluation
from engine.compare_records import PaneAnswer, RemoteChoice
from engine.errors import ModelMissing, PromptTooLong
from engine.ledger_records import WorkloadId
from engine.provider_records import Cost, ProviderId
from engine.records import RequestId
from engine.service import Service
from engine.vote_records import Prompt
from engine.work import patience
from engine.work.evaluation_batch import Course, pair_of
from tests.engine.work.evaluation_stage import LEAKY, LOCAL_MODEL, Stage, staged
from tests.engine.work.remote_stage import keyring_in_memory, unlocked, until
from tests.loopback_provider import Fault, LoopbackProvider

ANSWERS = [("Say yes", "yes"), ("Say no", "no"), ("Say maybe", "never")]


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
    """The provider, well behaved: its models say the last word of what they are asked."""
    provider.answer_with = lambda asked: asked["messages"][-1]["content"].split()[-1]
    provider.posts.clear()
    yield provider
    provider.fault, provider.usage = Fault.NONE, None
    provider.may_go_on.set()


def failures(stage: Stage) -> list[str]:
    return [each.error.kind for each in stage.of(EvaluationFailed)]


# ---------------------------------------------------------------- from the set to its result
def test_everybody_is_asked_everything_once_and_the_answers_are_judged(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        assert server.posts == []
        assert prepared.sha256 == hashlib.sha256(b"\n".join(each.body for each in prepared.receivers)).hexdigest()
        stage.local.answer = lambda text: "yes" if "yes" in text else "never"
        evaluation = await stage.run(prepared)
        assert evaluation is not None and (evaluation.n, evaluation.table) == (3, (1, 1, 1, 0))
        assert (evaluation.local, evaluation.remote) == (f"local:{LOCAL_MODEL}", "own/test-large")
        assert [post.body for post in server.posts] == [each.body for each in prepared.receivers]
        assert await stage.evaluations() == [evaluation]
        kept = await stage.comparisons()
        assert [each.prompt for each in kept] == [1, 2, 3] and {each.vote_set for each in kept} == {stage.set}
        assert all(each.approved and each.approved <= each.created for each in kept)
        assert [[answer.text for answer in each.answers] for each in kept] == [["yes"] * 2, ["never", "no"], ["never", "maybe"]]
        progress = stage.of(EvaluationProgress)
        assert [(each.n_done, each.n, each.n_failed) for each in progress] == [(0, 3, 0), (1, 3, 0), (2, 3, 0), (3, 3, 0)]
        costs = [each.answers[1].cost.nano_usd for each in kept if each.answers[1].cost]
        assert progress[-1].spent == sum(each or 0 for each in costs) > 0
        assert [each.evaluation for each in stage.of(EvaluationFinished)] == [evaluation] and failures(stage) == []

    staged(service, server, work)


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_names_are_hidden_in_all_that_is_sent_and_stand_in_the_answers_again(
    service: Service, server: LoopbackProvider, dialect: str
) -> None:
    async def work(stage: Stage) -> None:
        letters = [f"Please write to {name}, and do it soon." for name in ("Ms Anna Harlow", "Mr Peter Brent")]
        server.answer_with = lambda asked: "I wrote to " + asked["messages"][-1]["content"].split("write to ")[1]
        prepared = await stage.prepared(*letters)
        await stage.run(prepared)
        sent = b"".join(post.body for post in server.posts)
        assert len(server.posts) == 2 and b"Harlow" not in sent and b"Brent" not in sent
        kept = await stage.comparisons()
        assert [each.n_hidden for each in kept] == [1, 1]
        assert ["Anna Harlow" in kept[0].answers[1].text, "Peter Brent" in kept[1].answers[1].text] == [True, True]
        assert "Harlow" not in kept[0].answers[1].sent_back

    staged(service, server, work, dialect=dialect)


def test_what_tells_who_answered_is_masked_for_whoever_judges_the_pairs_later(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        server.answer_with = lambda _: "As ChatGPT I say yes."
        await stage.run(await stage.prepared("Say yes"))
        (kept,) = await stage.comparisons()
        answer = kept.answers[1]
        assert any("ChatGPT" in answer.text[start:end] for start, end in answer.masked)

    staged(service, server, work)


# ---------------------------------------------------------------- approval
def test_only_exactly_what_was_shown_is_sent(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        older = await stage.prepared("Say yes", request="again")
        prepared = await stage.prepared("Say no", request="again")
        for request, approved in ((prepared.request, older.sha256), (prepared.request, ""), ("other", prepared.sha256)):
            assert await stage.evaluating.run(RunEvaluation(RequestId(request), approved)) is None
        assert failures(stage) == ["not_approved"] * 3 and server.posts == []
        assert await stage.run(prepared) is not None

    staged(service, server, work)


def test_two_wishes_to_send_at_the_same_moment_send_everything_once(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        server.may_go_on.clear()
        first, second = stage.begin(prepared), stage.begin(prepared)
        await stage.posts(1)
        (done,), _ = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED)
        assert done.result() is None
        ending = asyncio.create_task(stage.evaluating.end())
        server.may_go_on.set()
        await ending  # whose run goes on is still known, and waited for
        assert first.done() and second.done()
        assert failures(stage) == ["not_approved"] and len(stage.of(EvaluationFinished)) == 1
        assert await stage.evaluating.run(RunEvaluation(prepared.request, prepared.sha256)) is None
        assert len({post.body for post in server.posts}) == len(server.posts) <= 3

    staged(service, server, work)


def test_a_text_that_would_still_tell_something_is_not_sent(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        assert await stage.run(await stage.prepared("Say yes", f"This {LEAKY}")) is None
        assert failures(stage) == ["hidden_detail_leaks"] and server.posts == []

    staged(service, server, work)


def test_what_shall_be_hidden_since_it_was_shown_must_be_approved_again(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Explain the Bluebird project to me")
        assert b"Bluebird" in prepared.receivers[0].body
        await stage.tables.changed(stage.matter, lambda table: table.learn(["Bluebird"], [("Bluebird", "term")]))
        assert await stage.run(prepared) is None
        assert failures(stage) == ["not_approved"] and server.posts == []
        newer = stage.of(EvaluationPrepared)[-1]
        assert newer.request == prepared.request and b"Bluebird" not in newer.receivers[0].body
        assert await stage.run(newer) is not None
        assert [post.body for post in server.posts] == [newer.receivers[0].body]

    staged(service, server, work)


def test_what_was_learned_elsewhere_in_the_matter_and_changes_no_byte_asks_for_nothing(
    service: Service, server: LoopbackProvider
) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Say yes to Ms Anna Harlow")
        await stage.tables.learned(stage.matter, ["Mr Peter Brent lives here"])
        assert await stage.run(prepared) is not None and len(server.posts) == 1

    staged(service, server, work)


def test_nothing_goes_to_a_provider_that_has_moved_since(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Say yes")
        await stage.kept("openai", "/elsewhere")
        assert await stage.run(prepared) is None
        assert failures(stage) == ["not_approved"] and server.posts == [] and stage.local.chat.asked == []

    staged(service, server, work)


def test_what_nobody_waits_for_any_more_is_dropped(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Say yes")
        stage.evaluating.stop(prepared.request)
        assert await stage.run(prepared) is None
        wish, may_plan, plan = stage.wish(), asyncio.Event(), stage.evaluating._planning.batch

        async def slowly(*known: Any) -> Any:
            await may_plan.wait()
            return await plan(*known)

        monkeypatch.setattr(stage.evaluating._planning, "batch", slowly)
        preparing = asyncio.create_task(stage.evaluating.prepare(wish))
        await until(lambda: stage.evaluating._preparing)
        stage.evaluating.stop(wish.request)  # while it is being prepared
        may_plan.set()
        assert await preparing is None and stage.evaluating._batches == {}
        assert failures(stage) == ["not_approved"] and server.posts == []

    staged(service, server, work)


@pytest.mark.parametrize(
    ("prompts", "scorer", "kind"),
    [((), "exact", "prompts_unfit"), (("Say yes",), "labels", "prompts_unfit"), (("Say yes",), "fields", "prompts_unfit")],
)
def test_a_set_that_cannot_be_judged_is_not_run(
    service: Service, server: LoopbackProvider, prompts: tuple[str, ...], scorer: str, kind: str
) -> None:
    async def work(stage: Stage) -> None:
        await stage.fill(*prompts)
        assert await stage.evaluating.prepare(stage.wish(scorer)) is None  # type: ignore[arg-type]
        assert failures(stage) == [kind]

    staged(service, server, work)


# ---------------------------------------------------------------- a confidential matter
def test_nothing_of_a_confidential_matter_is_prepared_or_sent(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared("Say yes")
        await stage.session.access.write(lambda store: store.matters.set_confidential(stage.matter, True))
        assert await stage.run(prepared) is None
        assert await stage.evaluating.prepare(stage.wish()) is None
        assert failures(stage) == ["matter_confidential"] * 2 and server.posts == []

    staged(service, server, work)


def test_a_matter_that_becomes_confidential_in_the_middle_sends_nothing_more(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        def mark(text: str) -> str:
            if "no" in text:
                session = stage.session
                writing = session.access.write(lambda store: store.matters.set_confidential(stage.matter, True))
                stage.errand = asyncio.ensure_future(writing)  # type: ignore[attr-defined]
            return "yes"

        stage.local.answer = mark
        await stage.run(await stage.prepared(*ANSWERS))
        assert failures(stage) == ["matter_confidential"] and len(server.posts) == 2
        assert [each.n for each in await stage.evaluations()] == [2]

    staged(service, server, work)


def test_nothing_of_confidential_work_is_prepared_or_sent(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        async def mark(how: Sensitivity) -> None:
            traits, workload = Traits(how), WorkloadId(stage.set)
            await stage.session.access.write(lambda store: store.workloads.put_traits(workload, traits))

        prepared = await stage.prepared("Say yes")
        await mark("confidential")
        assert await stage.run(prepared) is None
        assert await stage.evaluating.prepare(stage.wish()) is None
        assert failures(stage) == ["move_refused"] * 2 and server.posts == []
        await mark("internal")
        stage.local.answer = lambda _: asyncio.ensure_future(mark("confidential")) and "yes"
        await stage.run(await stage.prepared(*ANSWERS))
        assert failures(stage) == ["move_refused"] * 3 and len(server.posts) == 1

    staged(service, server, work)


# ---------------------------------------------------------------- the lock, a stop, the end
def test_a_lock_that_is_closed_in_the_middle_is_not_opened_again(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        stage.local.answer = lambda text: (server.may_go_on.clear() if "no" in text else None) or "a very long answer"
        server.answer_with = lambda _: "one two three four five six seven"
        running = stage.begin(prepared)
        await stage.posts(2)
        await stage.session.close_network()
        assert await running is None
        assert failures(stage) == ["network_refused"] and len(server.posts) == 2
        assert "compare" not in stage.session.network.state().open_purposes
        assert [each.n for each in await stage.evaluations()] == [1], "what was answered before counts"
        assert [each.prompt for each in await stage.comparisons()] == [1, 2]

    staged(service, server, work)


def test_a_stop_ends_what_runs_and_what_was_answered_counts(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        stage.local.answer = lambda text: (stage.local.may_answer.clear() if "no" in text else None) or "yes"
        running = stage.begin(prepared)
        await stage.posts(2)
        stage.evaluating.stop(prepared.request)
        evaluation = await running
        assert evaluation is not None and evaluation.n == 1 and failures(stage) == []
        assert len(server.posts) == 2 and stage.of(EvaluationProgress)[-1].n_done == 1

    staged(service, server, work)


def test_a_stop_before_anything_was_answered_leaves_nothing_behind(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        stage.local.may_answer.clear()
        running = stage.begin(prepared)
        await until(lambda: stage.local.chat.asked)
        assert [each.n_done for each in stage.of(EvaluationProgress)] == [0], "that it has begun is said before the first answers"
        stage.evaluating.stop(prepared.request)
        evaluation = await running
        assert evaluation is not None and evaluation.n == 0
        assert server.posts == [] and await stage.comparisons() == [] and await stage.evaluations() == []
        assert stage.of(EvaluationProgress)[-1].spent == 0

    staged(service, server, work)


def test_the_end_of_the_program_keeps_what_was_paid_for(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        prepared = await stage.prepared(*ANSWERS)
        stage.local.answer = lambda text: (stage.local.may_answer.clear() if "no" in text else None) or "yes"
        running = stage.begin(prepared)
        await stage.posts(2)
        await until(lambda: not stage.sending._running)  # the remote answer is there, the local one is not
        running.cancel()  # as all wishes are when the program ends
        await asyncio.gather(running, return_exceptions=True)
        await stage.evaluating.end()
        kept = await stage.comparisons()
        assert [[each.text for each in comparison.answers] for comparison in kept] == [["yes", "yes"], ["", "no"]]
        assert [each.n for each in await stage.evaluations()] == [1] and len(server.posts) == 2

    staged(service, server, work)


# ---------------------------------------------------------------- faults
def test_a_local_model_that_cannot_be_had_costs_nothing(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        stage.local.missing = ModelMissing("tiny-local")
        assert await stage.run(await stage.prepared(*ANSWERS)) is None
        assert failures(stage) == ["model_missing"] and server.posts == []

    staged(service, server, work)


@pytest.mark.parametrize(
    ("fault", "kind", "n_posts"),
    [
        (Fault.KEY_REFUSED, "key_refused", 1),
        (Fault.NO_CREDIT, "out_of_credit", 1),
        (Fault.SERVER_ERROR, "provider_failed", 3),
        (Fault.DROPPED, "outcome_unknown", 3),
    ],
)
def test_where_nothing_would_be_answered_nothing_more_is_sent(
    service: Service, server: LoopbackProvider, fault: Fault, kind: str, n_posts: int
) -> None:
    async def work(stage: Stage) -> None:
        server.fault = fault
        assert await stage.run(await stage.prepared(*(f"Say {n}" for n in range(5)))) is None
        assert failures(stage) == [kind] and len(server.posts) == n_posts
        assert await stage.evaluations() == [] and len(await stage.comparisons()) == n_posts

    staged(service, server, work)


def test_a_provider_that_takes_no_more_for_now_is_left_alone_for_a_while(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(stage: Stage) -> None:
        pauses: list[float] = []
        real = asyncio.wait_for

        async def waited(work: object, timeout: float) -> object:
            pauses.append(timeout)
            server.fault = Fault.NONE
            return await real(work, 0)  # type: ignore[arg-type]

        prepared = await stage.prepared(*ANSWERS)
        server.fault = Fault.RATE_LIMITED
        monkeypatch.setattr(patience.asyncio, "wait_for", waited)
        evaluation = await stage.run(prepared)
        assert evaluation is not None and (evaluation.n, pauses) == (2, [7.0])
        assert len(server.posts) == 3, "what was refused is not sent again: its approval is used up"

    staged(service, server, work)


def test_a_prompt_that_is_too_long_for_the_local_model_counts_against_it_and_ends_nothing(
    service: Service, server: LoopbackProvider
) -> None:
    async def work(stage: Stage) -> None:
        stage.local.answer = lambda text: PromptTooLong(9000, 4096)
        evaluation = await stage.run(await stage.prepared(*(("Say yes", "yes"),) * 4))
        assert evaluation is not None and (evaluation.n, evaluation.table) == (4, (0, 0, 4, 0))
        assert "unanswered" in evaluation.notes and failures(stage) == []
        assert [each.n_failed for each in stage.of(EvaluationProgress)] == [0, 1, 2, 3, 4]

    staged(service, server, work)


FAULTS = [
    Fault.NONE, Fault.SERVER_ERROR, Fault.HALF, Fault.NO_USAGE, Fault.FILTERED, Fault.RATE_LIMITED, Fault.NO_CREDIT, Fault.PAGE,
]  # fmt: skip


@settings(max_examples=12)
@given(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=6))
def test_whatever_happens_each_body_leaves_at_most_once_and_there_is_one_last_word(
    service: Service, provider: LoopbackProvider, faults: list[Fault]
) -> None:
    async def work(stage: Stage) -> None:
        def answer(text: str) -> str:
            provider.fault = faults[int(text.split()[-1])]
            return "yes"

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(patience, "LONGEST_PAUSE_S", 0.0)
            stage.local.answer = answer
            prepared = await stage.prepared(*(f"Say {n}" for n in range(len(faults))))
            evaluation = await stage.run(prepared)
        assert len(stage.of(EvaluationFinished)) + len(stage.of(EvaluationFailed)) == 1
        assert (evaluation is None) == bool(failures(stage))
        bodies = [each.body for each in prepared.receivers]
        assert Counter(post.body for post in provider.posts) <= Counter(bodies)
        assert len(await stage.comparisons()) == len(provider.posts) == len(stage.of(EvaluationProgress)) - 1
        if evaluation is not None:
            assert len(provider.posts) == len(faults)

    try:
        staged(service, provider, work)
    finally:
        provider.fault = Fault.NONE


# ---------------------------------------------------------------- what an answer counts for
def told(text: str = "", stop: str | None = "end_of_text", problem: str | None = None, cost: Cost | None = None) -> PaneAnswer:
    choice = RemoteChoice(ProviderId("p"), "m")
    return PaneAnswer(0, choice, "m", text=text, stop_reason=stop, problem=problem, cost=cost)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("local", "remote", "texts"),
    [
        (told("a"), told("b"), ("a", "b")),
        (told(" "), told("b"), (None, "b")),
        (told("a", "token_limit"), told("b", "filtered"), ("a", "b")),
        (told(problem="prompt_too_long", stop=None), told("b"), (None, "b")),
        (told("half", "cancelled"), told("b"), None),
        (told("half", None, "worker_died"), told("b"), None),
        (told("a"), told("half", None, "outcome_unknown"), None),
        (told(problem="out_of_memory", stop=None), told("b"), None),
    ],
)
def test_what_is_a_models_own_doing_counts_and_what_is_not_does_not(
    local: PaneAnswer, remote: PaneAnswer, texts: tuple[str | None, str | None] | None
) -> None:
    pair = pair_of(local, remote, Prompt(1, "?"))
    assert texts == (None if pair is None else (pair.local, pair.remote))


def test_a_cost_that_is_not_known_is_never_counted_as_nothing() -> None:
    course = Course()
    for cost, spent in ((Cost(5, "computed"), 5), (None, 5), (Cost(None, "unknown", 9), None), (Cost(7, "computed"), None)):
        course.spend(told("a", cost=cost))
        assert course.spent == spent
