"""Let a model on this computer judge the pairs of a set: both ways round, for what it is worth.

Nothing leaves. Whether its word may count is found out first where persons judged too; its votes are kept under its own
name and never replace a person's. What follows from them is made in evaluation/.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.compare_events import EvaluationFailed, EvaluationFinished, EvaluationProgress
from engine.compare_intents import JudgeSet
from engine.compare_records import Comparison, LocalChoice, PaneAnswer
from engine.errors import JudgeUnfit, NotFound, PromptsUnfit, PromptTooLong, StrongroomError
from engine.evaluation.evaluation import Pair, Preference, evaluate
from engine.evaluation.judge import Standing, messages, preference, standing, word_of
from engine.events import Event
from engine.inference.supervisor import ChatMessage, ChatModel, Ended, Grew
from engine.ledger_records import NO_WORKLOAD
from engine.records import MatterId, RequestId
from engine.store.store import Store
from engine.vote_records import PERSON, Evaluation, Judgement, Vote
from engine.work.bookkeeping import NO_BOOKS, Books
from engine.work.faults import translated
from engine.work.local_models import LocalModels
from engine.work.store_access import StoreAccess
from engine.work.vote_sets import VoteSets, model_name

LONGEST_WORD = 512  # tokens; some models think before they say it


@dataclass(frozen=True)
class Contest:
    """Two usable answers to one question, the local one and the other, and how a person judged them, if one did."""

    comparison: Comparison
    local: PaneAnswer
    other: PaneAnswer
    by_person: Preference | None = None


@dataclass(eq=False)
class _Run:
    """A judge at work. `halt` ends the word that it is about to give."""

    wish: JudgeSet
    is_stopped: bool = False
    halt: Callable[[], None] | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        self.is_stopped = True
        if self.halt is not None:
            self.halt()


class Judging:
    """Runs judges. Use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        local: LocalModels,
        votes: VoteSets,
        publish: Callable[[Event], None],
        *,
        bookkeeping: Books = NO_BOOKS,
    ) -> None:
        self._access, self._local, self._votes, self._publish, self._books = access, local, votes, publish, bookkeeping
        self._runs: dict[RequestId, _Run] = {}

    async def judge(self, wish: JudgeSet) -> Evaluation | None:
        """Judge every pair of the set in this matter. None where that failed, which was published.

        A run has a task of its own: who stops waiting for it stops it, and what was judged counts all the same.
        """
        await self._drop([each for each in self._runs.values() if each.wish.request == wish.request])
        run = self._runs[wish.request] = _Run(wish)
        working = asyncio.create_task(self._to_its_end(run), name="judge a set")
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            run.stop()
            raise

    def stop(self, request: RequestId) -> None:
        """Judge no further pair; what was judged is kept."""
        if (run := self._runs.get(request)) is not None:
            run.stop()

    async def end(self, matter: MatterId | None = None) -> None:
        """Stop the runs of a matter, or all, and wait until they have ended."""
        await self._drop([each for each in self._runs.values() if matter in (None, each.wish.matter)])

    async def _drop(self, runs: Sequence[_Run]) -> None:
        for run in runs:
            run.stop()
        for run in runs:
            await run.ended.wait()

    # ------------------------------------------------------------ one run
    async def _to_its_end(self, run: _Run) -> Evaluation | None:
        wish = run.wish
        try:
            with translated("judge a set"):
                evaluation = await self._judge(run)
        except StrongroomError as error:
            self._publish(EvaluationFailed(wish.request, error))
            return None
        finally:
            if self._runs.get(wish.request) is run:
                del self._runs[wish.request]
            run.ended.set()
        self._publish(EvaluationFinished(wish.request, evaluation))
        with contextlib.suppress(NotFound):  # the set was deleted meanwhile
            await self._votes.publish_tally(wish.set)
        return evaluation

    async def _judge(self, run: _Run) -> Evaluation:
        wish = run.wish
        contests = await self._access.read(lambda store: contests_of(store, wish))
        if not contests:
            raise PromptsUnfit("", "no_prompts")
        name = model_name(LocalChoice(wish.judge))
        _require_outsider(name, contests)
        said: list[tuple[Contest, Preference]] = []
        try:
            async with self._local.borrowed(wish.judge) as chat:
                for number, contest in enumerate(contests, start=1):
                    word = await self._asked(run, chat, contest)
                    if run.is_stopped:
                        break
                    if word is not None:
                        await self._keep(wish, contest, word)
                        said.append((contest, word))
                    self._publish(EvaluationProgress(wish.request, number, len(contests), number - len(said), 0))
        except StrongroomError:
            with contextlib.suppress(StrongroomError):  # what it said before counts
                await self._result(wish, name, contests[0], said)
            raise
        return await self._result(wish, name, contests[0], said)

    async def _asked(self, run: _Run, chat: ChatModel, contest: Contest) -> Preference | None:
        """What a judge says both ways round; None where it says nothing that can be understood, or cannot read it all."""
        question, local, other = contest.comparison.question, contest.local.text, contest.other.text
        words = []
        for first, second in ((local, other), (other, local)):
            if run.is_stopped:
                return None
            try:
                words.append(word_of(await self._reply(run, chat, question, first, second)))
            except PromptTooLong:
                return None
        return preference(*words)

    async def _reply(self, run: _Run, chat: ChatModel, question: str, first: str, second: str) -> str:
        request = RequestId(uuid.uuid4().hex)
        lines = [ChatMessage(each.role, each.text) for each in messages(question, first, second)]
        pieces = chat.generate(request, lines, max_tokens=LONGEST_WORD, temperature=0.0, priority="batch")
        # Not for the set: what a judge reads and writes is nothing like the work, and says not how long that takes.
        books = self._books.generation(NO_WORKLOAD, chat.state.name, use="test")
        text = ""
        run.halt = lambda: chat.stop(request)
        try:
            async with books as noted, contextlib.aclosing(pieces):  # type: ignore[type-var]
                async for piece in pieces:
                    if isinstance(piece, Grew):
                        text += piece.text
                    elif isinstance(piece, Ended):
                        noted.ended(piece.usage, piece.timings, piece.stop_reason)
        finally:
            run.halt = None
        return text

    async def _keep(self, wish: JudgeSet, contest: Contest, word: Preference) -> None:
        vote = vote_of(wish, contest, word)
        await self._access.write(lambda store: store.votes.record(vote))

    async def _result(self, wish: JudgeSet, name: str, first: Contest, said: Sequence[tuple[Contest, Preference]]) -> Evaluation:
        local, other = model_name(first.local.choice), model_name(first.other.choice)
        labelled = [(contest.by_person, word) for contest, word in said if contest.by_person is not None]
        heard: Standing = standing(name, (local, other), labelled)
        pairs = [Pair(contest.local.text, contest.other.text, preferred=word) for contest, word in said]
        evaluation = await asyncio.to_thread(
            evaluate, pairs, "judge", vote_set=wish.set, time=datetime.now(UTC), local=local, remote=other
        )
        notes = (*evaluation.notes, *((f"judge_{heard.reason}",) if heard.reason else ()))
        evaluation = replace(evaluation, notes=notes)
        if said:
            await self._access.write(lambda store: store.evaluations.record(evaluation))
        return evaluation


def contests_of(store: Store, wish: JudgeSet) -> list[Contest]:
    """The pairs of a set in a matter that a judge can compare: one answer from here, one from elsewhere, oldest first.

    Where models changed within the set, the newest pair of models counts.
    """
    by_person = {each.comparison: each for each in store.votes.votes(wish.set) if each.by == PERSON}
    found: list[Contest] = []
    for comparison in store.matter(wish.matter).comparisons.list(wish.set):
        answers = comparison.answers
        if len(answers) != 2 or not all(each.is_usable for each in answers):
            continue
        here = [each for each in answers if isinstance(each.choice, LocalChoice)]
        local = here[0] if here else answers[0]
        other = next(each for each in answers if each is not local)
        if found and (local.choice, other.choice) != (found[0].local.choice, found[0].other.choice):
            continue
        found.append(Contest(comparison, local, other, _preferred(by_person.get(comparison.id), answers.index(local))))
    return found[::-1]


def vote_of(wish: JudgeSet, contest: Contest, word: Preference) -> Vote:
    """A judge's word as a vote, which counts the answers that were kept: a pane that was never sent has none."""
    answers = contest.comparison.answers
    best = {"local": answers.index(contest.local), "remote": answers.index(contest.other)}.get(word)
    judgement: Judgement = "best" if best is not None else "all_equal" if word == "equal" else "none_usable"
    return Vote(
        wish.set, contest.comparison.id, datetime.now(UTC), tuple(model_name(each.choice) for each in answers), judgement,
        best, tuple(range(len(answers))), tuple(len(each.text) for each in answers), is_blind=True, by=wish.judge,
    )  # fmt: skip


def _preferred(vote: Vote | None, place_of_local: int) -> Preference | None:
    if vote is None or vote.recognised:
        return None
    if vote.judgement == "best":
        return "local" if vote.best == place_of_local else "remote"
    return "equal" if vote.judgement == "all_equal" else "none"


def _require_outsider(judge: str, contests: Sequence[Contest]) -> None:
    """Raises JudgeUnfit for a judge that would judge itself, or one of its family."""
    contestants = {model_name(each.choice) for contest in contests for each in (contest.local, contest.other)}
    reason = standing(judge, contestants, ()).reason
    if reason in ("contestant", "family"):
        raise JudgeUnfit(judge.removeprefix("local:"), reason)
