"""Ask the documents of a matter a question: search, read, write, check, keep.

One `Asking` serves all conversations. Each question ends in exactly one last word, Finished or Failed, and what
was written of an answer is kept whatever ends it. Knows no window, no process and no SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine.documents.evidence import AnswerChecker
from engine.errors import StrongroomError, Unexpected
from engine.events import (
    AnswerGrew,
    AnswerProgress,
    AnswerStarted,
    ConversationsChanged,
    Event,
    Failed,
    Finished,
    SentenceChecked,
)
from engine.inference.supervisor import ChatModel, Ended, Grew, Piece
from engine.inference.supervisor import Reading as PromptReading
from engine.intents import AskQuestion
from engine.ledger_records import ASK
from engine.records import (
    ConversationId,
    MatterId,
    Message,
    MessageId,
    Reading,
    RequestId,
    Sentence,
)
from engine.settings import Settings
from engine.work.bookkeeping import NO_BOOKS, Books
from engine.work.faults import translated
from engine.work.preparation import Preparation, Prompt, Question
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess
from engine.work.turns import store_answer, store_question

log = logging.getLogger(__name__)

Result = TypeVar("Result")

NOTHING_READ = Reading(n_documents=0, n_passages=0)
STOPPING_PATIENCE_S = 5.0


@dataclass(eq=False)
class Asked:
    """A question without its last word. `conversation` and `model` are known when it has got that far."""

    intent: AskQuestion
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    conversation: ConversationId | None = None
    model: ChatModel | None = None


@dataclass
class Answering:
    """An answer on its way. One that replaces another takes its id, and so its place after the question."""

    intent: AskQuestion
    conversation: ConversationId
    question: MessageId
    id: MessageId
    model: str = ""
    text: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    reading: Reading = NOTHING_READ
    last: Ended | None = None
    was_stopped: bool = False


class Asking:
    """Owner of questions. `model` gives the chat model of the moment or raises why there is none."""

    def __init__(
        self,
        access: StoreAccess,
        retrieval: Retrieval,
        model: Callable[[], Awaitable[ChatModel]],
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
        *,
        bookkeeping: Books = NO_BOOKS,
    ) -> None:
        self._access = access
        self.books = bookkeeping
        self._preparation = Preparation(access, retrieval, settings)
        self._model = model
        self._settings = settings
        self._publish = publish
        self._open: dict[RequestId, Asked] = {}

    def stop(self, request: RequestId) -> None:
        """End an answer where it is; what was written is kept. Unknown requests have already had their last word."""
        asked = self._open.get(request)
        if asked is None:
            return
        asked.stopped.set()
        if asked.model is not None:
            asked.model.stop(request)

    async def end(self, matter: MatterId | None = None, conversation: ConversationId | None = None) -> None:
        """Stop the answers of a matter or a conversation, or all, and wait for their last words, though not for ever."""
        ending = [
            asked
            for asked in self._open.values()
            if matter in (None, asked.intent.matter) and conversation in (None, asked.conversation)
        ]
        for asked in ending:
            self.stop(asked.intent.request)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOPPING_PATIENCE_S):
                for asked in ending:
                    await asked.ended.wait()

    async def ask(self, intent: AskQuestion) -> None:
        """Answer a question; publishes everything, the last word included, and raises nothing but its cancellation."""
        asked = self._open[intent.request] = Asked(intent)
        answering: Answering | None = None
        try:
            with translated("ask"):
                answering = await self._begin(asked)
                await self._write(asked, answering)
                answer = await self._keep(answering, None)
            self._publish(Finished(intent.request, answer))
        except StrongroomError as error:
            answer_kept = await self._keep_after(answering, error)
            self._publish(Failed(intent.request, error, answer_kept))
        except asyncio.CancelledError:  # the program ends and could not wait for the model
            self._publish(await self._cut_off(intent, answering))
            raise
        finally:
            del self._open[intent.request]
            asked.ended.set()

    # ------------------------------------------------------------ the steps
    async def _begin(self, asked: Asked) -> Answering:
        """Store the question before anything can go wrong with its answer."""
        intent = asked.intent
        conversation, question = await self._access.write(lambda store: store_question(store, intent))
        asked.conversation = conversation.id
        self._publish(AnswerStarted(intent.request, conversation.id, question))
        conversations = await self._access.read(lambda store: tuple(store.matter(intent.matter).conversations.list()))
        self._publish(ConversationsChanged(intent.matter, conversations))
        return Answering(intent, conversation.id, question.id, intent.replaces or MessageId(uuid.uuid4().hex))

    async def _write(self, asked: Asked, answering: Answering) -> None:
        intent = asked.intent
        prompt = await _unless_stopped(asked, self._prepare(asked, answering))
        # From here to the model's own ear for stopping nothing waits.
        if prompt is None or asked.model is None or asked.stopped.is_set():
            answering.was_stopped = True
            return
        self._publish(AnswerProgress(intent.request, "reading", reading=answering.reading))
        try:
            async with self.books.generation(ASK, answering.model, use="again" if intent.replaces else "work") as noted:
                async for piece in self._generated(asked.model, intent, prompt):
                    if isinstance(piece, PromptReading):
                        self._publish(AnswerProgress(intent.request, "reading", piece.n_read, piece.n_to_read, answering.reading))
                    elif isinstance(piece, Grew):
                        self._grow(answering, prompt.checker, piece.text)
                    else:
                        answering.last = piece
                        noted.ended(piece.usage, piece.timings, piece.stop_reason)
        finally:  # also the last words of an answer that broke off are compared with the documents
            self._check(answering, prompt.checker.finish())

    def _generated(self, model: ChatModel, intent: AskQuestion, prompt: Prompt) -> AsyncIterator[Piece]:
        return model.generate(
            intent.request,
            prompt.lines,
            max_tokens=prompt.max_answer_tokens,
            temperature=self._settings().temperature,
            choices=prompt.choices,
        )

    async def _prepare(self, asked: Asked, answering: Answering) -> Prompt:
        """Wait for the model, then find out what it is to read."""
        asked.model = await self._model()
        self._publish(AnswerProgress(asked.intent.request, "searching"))
        question = Question(asked.intent, answering.conversation, answering.question)
        prompt = await self._preparation.prepare(question, asked.model)
        answering.model, answering.reading = asked.model.state.name, prompt.reading
        return prompt

    def _grow(self, answering: Answering, checker: AnswerChecker, text: str) -> None:
        if not answering.text:
            self._publish(AnswerProgress(answering.intent.request, "writing", reading=answering.reading))
        answering.text += text
        self._publish(AnswerGrew(answering.intent.request, text))
        self._check(answering, checker.feed(text))

    def _check(self, answering: Answering, sentences: Sequence[Sentence]) -> None:
        for sentence in sentences:
            answering.sentences.append(sentence)
            self._publish(SentenceChecked(answering.intent.request, sentence))

    # ------------------------------------------------------------ keeping what was written
    async def _keep(self, answering: Answering, error: StrongroomError | None) -> Message:
        answer = _answer(answering, error)
        await self._access.write(lambda store: store_answer(store, answering.intent, answer))
        return answer

    async def _keep_after(self, answering: Answering | None, error: StrongroomError) -> Message | None:
        """Keep what there is of a failed answer; a store that fails as well only costs this answer's text on disk."""
        if answering is None:
            return None
        try:
            with translated("keep an answer"):
                return await self._keep(answering, error)
        except StrongroomError as second:
            log.error("a failed answer could not be kept: %s", second.kind)
            return None

    async def _cut_off(self, intent: AskQuestion, answering: Answering | None) -> Finished | Failed:
        """The last word of a question whose task is being cancelled; what was written of its answer is kept."""
        fault = Unexpected("ask", "CancelledError")
        if answering is None:
            return Failed(intent.request, fault)
        answering.was_stopped = True
        try:
            with translated("keep an answer"):
                return Finished(intent.request, await self._keep(answering, None))
        except StrongroomError as error:
            log.error("an answer that was cut off could not be kept: %s", error.kind)
            return Failed(intent.request, error)


async def _unless_stopped(asked: Asked, work: Coroutine[Any, Any, Result]) -> Result | None:
    """The result of `work`; None when the question is stopped before it is there."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(asked.stopped.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for waiting in (working, stopping):
            waiting.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def _answer(answering: Answering, error: StrongroomError | None) -> Message:
    last = answering.last
    answer = Message(
        id=answering.id,
        conversation=answering.conversation,
        role="assistant",
        text=answering.text,
        created=datetime.now(UTC),
        sentences=tuple(answering.sentences),
        model=answering.model,
        reading=answering.reading,
        stop_reason="cancelled" if answering.was_stopped else None,
    )
    if last is not None:
        answer = replace(answer, stop_reason=last.stop_reason, usage=last.usage, timings=last.timings)
    if error is not None:
        answer = replace(answer, problem=error.kind, problem_facts=error.facts)
    return answer
