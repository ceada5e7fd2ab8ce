"""Ask the documents of a matter a question: search, read, write, check, keep.

One `Asking` serves all conversations. Each question ends in exactly one last word, Finished or Failed, and what
was written of an answer is kept whatever ends it. Knows no window, no process and no SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine.documents.evidence import AnswerChecker, GivenPassage
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
from engine.inference.protocol import ChatMessage
from engine.inference.supervisor import ChatModel, Ended, Grew
from engine.inference.supervisor import Reading as PromptReading
from engine.intents import AskQuestion
from engine.records import (
    ConversationId,
    DocumentId,
    FoundPassage,
    MatterId,
    Message,
    MessageId,
    Reading,
    RequestId,
    Sentence,
)
from engine.settings import Settings
from engine.store.store import Store
from engine.store.usage import UsageEvent
from engine.work.faults import translated
from engine.work.prompt import INSTRUCTION, Costs, Room, choose, messages, source
from engine.work.quoting import TRUSTED_WITH_WORDS
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess
from engine.work.turns import earlier_turns, store_answer, store_question

log = logging.getLogger(__name__)

Result = TypeVar("Result")

BEST_PASSAGES = 10
SHORTEST_READING = 1200  # tokens of passages that are read however slow the computer is
READING_PATIENCE_S = 8.0  # a faster computer reads more passages in this time
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


@dataclass(frozen=True)
class Prompt:
    """Everything that is found out before the model begins to read."""

    model: ChatModel
    lines: list[ChatMessage]
    checker: AnswerChecker
    max_answer_tokens: int
    quotes: list[str]  # the only sentences that the model may choose from; empty where it may use its own words


class Asking:
    """Owner of questions. `model` gives the chat model of the moment or raises why there is none."""

    def __init__(
        self,
        access: StoreAccess,
        retrieval: Retrieval,
        model: Callable[[], Awaitable[ChatModel]],
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
    ) -> None:
        self._access = access
        self._retrieval = retrieval
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
        if prompt is None or asked.stopped.is_set():  # from here to the model's own ear for stopping nothing waits
            answering.was_stopped = True
            return
        self._publish(AnswerProgress(intent.request, "reading", reading=answering.reading))
        pieces = prompt.model.generate(
            intent.request,
            prompt.lines,
            max_tokens=prompt.max_answer_tokens,
            temperature=self._settings().temperature,
            choices=prompt.quotes,
        )
        try:
            async for piece in pieces:
                if isinstance(piece, PromptReading):
                    self._publish(AnswerProgress(intent.request, "reading", piece.n_read, piece.n_to_read, answering.reading))
                elif isinstance(piece, Grew):
                    self._grow(answering, prompt.checker, piece.text)
                else:
                    answering.last = piece
        finally:  # also the last words of an answer that broke off are compared with the documents
            self._check(answering, prompt.checker.finish())

    async def _prepare(self, asked: Asked, answering: Answering) -> Prompt:
        """Wait for the model, search, choose what fits."""
        intent, model = asked.intent, await self._model()
        asked.model = model
        self._publish(AnswerProgress(intent.request, "searching"))
        found = await self._retrieval.search(intent.matter, intent.text, intent.documents, limit=BEST_PASSAGES)
        names = await self._document_names(intent.matter)
        lines, given, n_answer, answering.reading = await self._prompt(answering, found, names, model)
        answering.model = model.state.name
        quotes = await self._quotes(intent, given) if answering.reading.quotes_only else []
        pages = await self._page_texts(intent.matter, given)
        checker = AnswerChecker([_given(each, names) for each in given], lambda document, page: pages[document, page])
        return Prompt(model, [ChatMessage(line.role, line.content) for line in lines], checker, n_answer, quotes)

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

    async def _prompt(
        self, answering: Answering, found: Sequence[FoundPassage], names: dict[str, str], model: ChatModel
    ) -> tuple[list, list[FoundPassage], int, Reading]:
        """The messages that fit, the passages among them, the longest answer in tokens, and what was left out."""
        intent, settings = answering.intent, self._settings()
        where = intent.matter, answering.conversation, answering.question
        turns = await self._access.read(lambda store: earlier_turns(store, *where))
        texts = [INSTRUCTION, intent.text, *(turn.question + turn.answer for turn in turns)]
        texts += [source(place, each, names) for place, each in enumerate(found, start=1)]
        counts = await model.count_tokens(texts)
        costs = Costs(counts[0], counts[1], tuple(counts[2 : 2 + len(turns)]), tuple(counts[2 + len(turns) :]))
        n_ctx = model.state.n_ctx
        choice = choose(costs, Room(n_ctx, settings.max_answer_tokens, _reading_room(model, n_ctx)))
        given = list(found[: choice.n_passages])
        kept_turns = turns[len(turns) - choice.n_turns :]
        reading = Reading(
            n_documents=len({each.passage.document for each in given}),
            n_passages=len(given),
            n_passages_left_out=len(found) - len(given),
            n_turns_left_out=len(turns) - len(kept_turns),
            quotes_only=bool(given) and (model.n_parameters or TRUSTED_WITH_WORDS) < TRUSTED_WITH_WORDS,
        )
        lines = messages(intent.text, kept_turns, given, names, quoting=reading.quotes_only)
        return lines, given, choice.max_answer_tokens, reading

    async def _quotes(self, intent: AskQuestion, given: Sequence[FoundPassage]) -> list[str]:
        """What a small model may choose from; without a whole sentence in the passages it writes freely."""
        return await self._retrieval.closest_sentences(intent.text, given)

    async def _document_names(self, matter: MatterId) -> dict[str, str]:
        documents = await self._access.read(lambda store: store.matter(matter).documents.list())
        return {document.id: document.name for document in documents}

    async def _page_texts(self, matter: MatterId, given: Sequence[FoundPassage]) -> dict[tuple[DocumentId, int], str]:
        places = {(each.passage.document, each.passage.page) for each in given}

        def read(store: Store) -> dict[tuple[DocumentId, int], str]:
            documents = store.matter(matter).documents
            return {(document, page): documents.page(document, page).text for document, page in places}

        return await self._access.read(read)

    # ------------------------------------------------------------ keeping what was written
    async def _keep(self, answering: Answering, error: StrongroomError | None) -> Message:
        answer = _answer(answering, error)
        await self._access.write(lambda store: store_answer(store, answering.intent, answer))
        if (event := _usage(answer)) is not None:
            await self._count(event)
        return answer

    async def _count(self, event: UsageEvent) -> None:
        """Note what the answer took; an answer that is kept does not fail for want of this note."""
        try:
            with translated("note the usage"):
                await self._access.write(lambda store: store.usage.record(event))
        except StrongroomError as error:
            log.error("the usage of an answer could not be noted: %s", error.kind)

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


def _reading_room(model: ChatModel, n_ctx: int) -> int:
    """Tokens of passages that are read before the first word, by the speed measured so far."""
    measured = model.prefill_tokens_per_s
    by_speed = int(measured * READING_PATIENCE_S) if measured else SHORTEST_READING
    return min(max(by_speed, SHORTEST_READING), n_ctx)


def _given(found: FoundPassage, names: dict[str, str]) -> GivenPassage:
    passage = found.passage
    return GivenPassage(passage.document, names.get(passage.document, ""), passage.page, passage.start, passage.end, passage.text)


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


def _usage(answer: Message) -> UsageEvent | None:
    if answer.usage is None or answer.timings is None:
        return None
    return UsageEvent.of("ask", answer.model, answer.usage, answer.timings, answer.stop_reason or "end_of_text")
