"""A judge on this computer sees each pair both ways round, never replaces a person's vote, and is heard only where it may."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.compare_events import EvaluationFailed, EvaluationFinished, EvaluationProgress, Tallied
from engine.compare_intents import CastVote, JudgeSet
from engine.compare_records import Comparison, ComparisonId, LocalChoice, PaneAnswer, RemoteChoice
from engine.errors import PromptTooLong, StrongroomError, WorkerDied
from engine.provider_records import ProviderId
from engine.records import ModelId, RequestId
from engine.service import Service
from engine.vote_records import Evaluation, Judgement
from tests.engine.work.evaluation_stage import Stage, staged
from tests.engine.work.remote_stage import unlocked, until
from tests.loopback_provider import LoopbackProvider

JUDGE = ModelId("starling-judge")
LOCAL, REMOTE = LocalChoice(ModelId("tiny-local")), RemoteChoice(ProviderId("own"), "gpt-6.1")
BEGAN = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with unlocked(tmp_path_factory.mktemp("profile")) as service:
        yield service


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


def better(quality: Callable[[str], float]) -> Callable[[str], str]:
    """A judge that says which of the two answers it was shown has more quality."""

    def said(prompt: str) -> str:
        first, second = re.split(r"=+ SECOND ANSWER =+", prompt.split("FIRST ANSWER", 1)[1])
        one, other = quality(first), quality(second.split("END")[0])
        return "FIRST" if one > other else "SECOND" if other > one else "EQUAL"

    return said


def prefers(word: str) -> Callable[[str], str]:
    return better(lambda text: float(word in text))


def answer(pane: int, choice: LocalChoice | RemoteChoice, text: str) -> PaneAnswer:
    return PaneAnswer(pane, choice, "name", text=text, stop_reason="end_of_text")


async def keep(stage: Stage, texts: Sequence[tuple[str, str]], *, remote: RemoteChoice = REMOTE, after: int = 0) -> None:
    """Comparisons c1, c2 … of the set: a remote answer in the first pane and a local one in the second."""

    def put(store: object) -> None:
        for n, (local, other) in enumerate(texts, start=after + 1):
            answers = (answer(0, remote, other), answer(1, LOCAL, local))
            made = Comparison(
                ComparisonId(f"c{n}{stage.set}"), stage.matter, BEGAN + timedelta(n), "Sum it up.", answers, stage.set
            )
            store.matter(stage.matter).comparisons.put(made)  # type: ignore[attr-defined]

    await stage.session.access.write(put)


async def vote(stage: Stage, n: int, judgement: Judgement, best: int | None = None, **more: bool) -> None:
    await stage.votes.vote(CastVote(stage.matter, ComparisonId(f"c{n}{stage.set}"), stage.set, judgement, best, **more))


async def judged(stage: Stage, judge: str = JUDGE) -> Evaluation | None:
    return await stage.judging.judge(JudgeSet(RequestId("j"), stage.matter, stage.set, ModelId(judge)))


def failures(stage: Stage) -> list[str]:
    return [each.error.kind for each in stage.of(EvaluationFailed)]


# ---------------------------------------------------------------- what it says
def test_each_pair_is_seen_both_ways_round_and_the_votes_name_the_pane(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("bad", "good"), ("same", "same")])
        stage.local.answer = prefers("good")
        evaluation = await judged(stage)
        assert evaluation is not None and (evaluation.scorer, evaluation.n) == ("judge", 3)
        assert evaluation.table == (1, 1, 1, 0) and evaluation.verdict == "more"
        assert {"judge_only", "judge_too_few"} <= set(evaluation.notes)
        votes = await stage.session.access.read(lambda store: store.votes.votes(stage.set))
        assert [(each.judgement, each.best, each.by) for each in votes] == [
            ("best", 1, JUDGE), ("best", 0, JUDGE), ("all_equal", None, JUDGE),
        ]  # fmt: skip
        shown = [each[-1].content for each in stage.local.chat.asked]
        assert len(shown) == 6 and [text.index("good") < text.index("bad") for text in shown[:2]] == [True, False]
        assert [(each.n_done, each.n_failed) for each in stage.of(EvaluationProgress)] == [(1, 0), (2, 0), (3, 0)]
        assert await stage.evaluations() == [evaluation] and stage.of(Tallied)[-1].tally.set == stage.set
        assert server.posts == []

    staged(service, server, work)


def test_a_judge_that_likes_a_place_says_nothing(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad")])
        stage.local.answer = lambda _: "FIRST"
        evaluation = await judged(stage)
        assert evaluation is not None and evaluation.table == (1, 0, 0, 0)

    staged(service, server, work)


@pytest.mark.parametrize("said", ["I cannot say.", "", PromptTooLong(9000, 4096)])
def test_a_pair_that_it_cannot_judge_keeps_it_from_no_other(
    service: Service, server: LoopbackProvider, said: str | StrongroomError
) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("odd", "bad"), ("good", "bad")])
        stage.local.answer = lambda text: said if "odd" in text else prefers("good")(text)
        evaluation = await judged(stage)
        assert evaluation is not None and (evaluation.n, evaluation.table) == (2, (0, 2, 0, 0))
        assert stage.of(EvaluationProgress)[-1].n_failed == 1 and failures(stage) == []

    staged(service, server, work)


def test_a_persons_vote_is_never_replaced_and_a_judges_own_is(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad")])
        await vote(stage, 1, "best", 0)
        for word in ("good", "bad"):
            stage.local.answer = prefers(word)
            await judged(stage)
        votes = await stage.session.access.read(lambda store: store.votes.votes(stage.set))
        assert sorted((each.by, each.best) for each in votes) == [("person", 0), (JUDGE, 0)]
        tally = stage.of(Tallied)[-1].tally
        assert (tally.n_votes, {each.model: each.wins for each in tally.shares}["own/gpt-6.1"]) == (1, 1)

    staged(service, server, work)


# ---------------------------------------------------------------- whether it may be heard
@pytest.mark.parametrize(("n", "agrees", "note"), [(29, 29, "judge_too_few"), (30, 30, ""), (30, 20, "judge_disagrees")])
def test_a_judge_counts_where_it_agreed_with_persons(
    service: Service, server: LoopbackProvider, n: int, agrees: int, note: str
) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("bad", "good")] * 20)
        for number in range(1, n + 1):
            right = 1 if number % 2 else 0
            await vote(stage, number, "best", right if number <= agrees else 1 - right)
        stage.local.answer = prefers("good")
        evaluation = await judged(stage)
        assert evaluation is not None and evaluation.n == 40
        assert [each for each in evaluation.notes if each.startswith("judge_") and each != "judge_only"] == (
            [note] if note else []
        )

    staged(service, server, work)


def test_a_vote_of_somebody_who_knew_the_model_tells_nothing_about_the_judge(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("bad", "good")] * 15)
        for number in range(1, 31):
            await vote(stage, number, "best", number % 2, is_blind=True, recognised=number == 1)
        stage.local.answer = prefers("good")
        evaluation = await judged(stage)
        assert evaluation is not None and "judge_too_few" in evaluation.notes

    staged(service, server, work)


@pytest.mark.parametrize(("judge", "reason"), [("tiny-local", "contestant"), ("gpt-oss-20b", "family")])
def test_nobody_judges_themselves_or_their_family(service: Service, server: LoopbackProvider, judge: str, reason: str) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad")])
        assert await judged(stage, judge) is None
        (failed,) = stage.of(EvaluationFailed)
        assert (failed.error.kind, failed.error.facts["reason"]) == ("judge_unfit", reason)
        assert stage.local.chat.asked == [] and await stage.evaluations() == []

    staged(service, server, work)


def test_what_cannot_be_compared_is_left_out_and_the_newest_models_count(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad")] * 3, remote=replace(REMOTE, model="older"))
        await keep(stage, [("good", "bad"), ("good", "")], after=3)
        stage.local.answer = prefers("good")
        evaluation = await judged(stage)
        assert evaluation is not None and (evaluation.n, evaluation.remote) == (1, "own/gpt-6.1")

    staged(service, server, work)


def test_a_set_without_pairs_is_not_judged(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        assert await judged(stage) is None and failures(stage) == ["prompts_unfit"]

    staged(service, server, work)


# ---------------------------------------------------------------- what ends it
@pytest.mark.parametrize("how", ["stop", "end", "cancel"])
def test_a_judge_is_ended_in_the_middle_of_its_word_and_what_it_said_counts(
    service: Service, server: LoopbackProvider, how: str
) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("held", "bad"), ("good", "bad")])

        def said(text: str) -> str:
            if "held" in text:
                stage.local.may_answer.clear()  # for ever: only a stop ends it
            return prefers("good")(text)

        stage.local.answer = said
        judging = asyncio.create_task(judged(stage))
        await until(lambda: not stage.local.may_answer.is_set())
        if how == "stop":
            stage.judging.stop(RequestId("j"))
        elif how == "cancel":
            judging.cancel()
            await asyncio.gather(judging, return_exceptions=True)
        if how != "stop":
            await stage.judging.end(stage.matter)
        await until(lambda: stage.of(EvaluationFinished))
        assert stage.of(EvaluationFinished)[0].evaluation.n == 1 and len(await stage.evaluations()) == 1
        await asyncio.gather(judging, return_exceptions=True)

    staged(service, server, work)


def test_a_judge_that_dies_has_said_what_it_said(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad"), ("deadly", "bad")])
        stage.local.answer = lambda text: WorkerDied("chat", -9) if "deadly" in text else prefers("good")(text)
        assert await judged(stage) is None and failures(stage) == ["worker_died"]
        assert [each.n for each in await stage.evaluations()] == [1]
        assert len(await stage.session.access.read(lambda store: store.votes.votes(stage.set))) == 1

    staged(service, server, work)


def test_a_set_that_is_deleted_meanwhile_is_told(service: Service, server: LoopbackProvider) -> None:
    async def work(stage: Stage) -> None:
        await keep(stage, [("good", "bad")])
        stage.local.may_answer.clear()
        judging = asyncio.create_task(judged(stage))
        await until(lambda: stage.local.chat.asked)
        await stage.session.access.write(lambda store: store.votes.delete(stage.set))
        stage.local.may_answer.set()
        assert await judging is None and failures(stage) == ["not_found"]

    staged(service, server, work)
