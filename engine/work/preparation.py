"""Everything that is found out between a question and the model's first look at it.

Searches, decides how much fits, and builds the prompt and the checker of the answer to come. What was left out is
counted in the Reading, never silently dropped. Publishes nothing and writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.documents.evidence import AnswerChecker, GivenPassage
from engine.inference.protocol import ChatMessage
from engine.inference.supervisor import ChatModel
from engine.intents import AskQuestion
from engine.records import ConversationId, DocumentId, FoundPassage, MatterId, MessageId, Reading
from engine.settings import Settings
from engine.store.store import Store
from engine.work.prompt import INSTRUCTION, Choice, Costs, Line, Room, Turn, choose, messages, quoting_messages, source
from engine.work.quoting import TRUSTED_WITH_WORDS
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess
from engine.work.turns import earlier_turns

BEST_PASSAGES = 10
SHORTEST_READING = 1200  # tokens of passages that are read however slow the computer is
READING_PATIENCE_S = 8.0  # a faster computer reads more passages in this time


@dataclass(frozen=True)
class Prompt:
    """What the model is asked. With `choices` its answer is made of these sentences and nothing else."""

    lines: list[ChatMessage]
    choices: list[str]
    max_answer_tokens: int
    reading: Reading
    checker: AnswerChecker


@dataclass(frozen=True)
class Question:
    """The question that is prepared, with its place in the store."""

    intent: AskQuestion
    conversation: ConversationId
    question: MessageId


class Preparation:
    """Prepares questions of any matter."""

    def __init__(self, access: StoreAccess, retrieval: Retrieval, settings: Callable[[], Settings]) -> None:
        self._access = access
        self._retrieval = retrieval
        self._settings = settings

    async def prepare(self, asked: Question, model: ChatModel) -> Prompt:
        """Search and choose. Raises PromptTooLong when the question alone leaves no room for an answer."""
        intent = asked.intent
        found = await self._retrieval.search(intent.matter, intent.text, intent.documents, limit=BEST_PASSAGES)
        if found and (model.n_parameters or TRUSTED_WITH_WORDS) < TRUSTED_WITH_WORDS:
            quotes = await self._retrieval.closest_sentences(intent.text, found)
            if quotes:
                return await self._to_quote(intent, model, found, quotes)
        return await self._to_word(asked, model, found)

    async def _to_word(self, asked: Question, model: ChatModel, found: Sequence[FoundPassage]) -> Prompt:
        """The model answers in its own words, from passages and earlier turns as they fit."""
        matter = asked.intent.matter
        names = await self._document_names(matter)
        turns = await self._access.read(lambda store: earlier_turns(store, matter, asked.conversation, asked.question))
        sources = [source(place, each, names) for place, each in enumerate(found, start=1)]
        choice = await self._choose(model, asked.intent.text, turns, sources)
        given = list(found[: choice.n_passages])
        kept_turns = turns[len(turns) - choice.n_turns :]
        reading = Reading(
            n_documents=len({each.passage.document for each in given}),
            n_passages=len(given),
            n_passages_left_out=len(found) - len(given),
            n_turns_left_out=len(turns) - len(kept_turns),
        )
        lines = messages(asked.intent.text, kept_turns, given, names)
        return Prompt(_chat(lines), [], choice.max_answer_tokens, reading, await self._checker(matter, given, names))

    async def _to_quote(
        self, intent: AskQuestion, model: ChatModel, found: Sequence[FoundPassage], quotes: Sequence[str]
    ) -> Prompt:
        """The model chooses among sentences; all passages that were found have been looked at for them."""
        choice = await self._choose(model, intent.text, [], quotes)
        kept = list(quotes[: choice.n_passages])
        reading = Reading(n_documents=len({each.passage.document for each in found}), n_passages=len(found), quotes_only=True)
        names = await self._document_names(intent.matter)
        checker = await self._checker(intent.matter, found, names)
        return Prompt(_chat(quoting_messages(intent.text, kept)), kept, choice.max_answer_tokens, reading, checker)

    async def _choose(self, model: ChatModel, question: str, turns: Sequence[Turn], sources: Sequence[str]) -> Choice:
        earlier = [turn.question + turn.answer for turn in turns]
        counts = await model.count_tokens([INSTRUCTION, question, *earlier, *sources])
        costs = Costs(counts[0], counts[1], tuple(counts[2 : 2 + len(turns)]), tuple(counts[2 + len(turns) :]))
        n_ctx = model.state.n_ctx
        return choose(costs, Room(n_ctx, self._settings().max_answer_tokens, _reading_room(model, n_ctx)))

    async def _document_names(self, matter: MatterId) -> dict[str, str]:
        documents = await self._access.read(lambda store: store.matter(matter).documents.list())
        return {document.id: document.name for document in documents}

    async def _checker(self, matter: MatterId, given: Sequence[FoundPassage], names: dict[str, str]) -> AnswerChecker:
        """Compares the answer with the passages and the rest of their pages; built aside, since whole pages take a while."""
        pages = await self._page_texts(matter, given)
        passages = [_given(each, names) for each in given]
        return await asyncio.to_thread(AnswerChecker, passages, lambda document, page: pages[document, page])

    async def _page_texts(self, matter: MatterId, given: Sequence[FoundPassage]) -> dict[tuple[DocumentId, int], str]:
        places = {(each.passage.document, each.passage.page) for each in given}

        def read(store: Store) -> dict[tuple[DocumentId, int], str]:
            documents = store.matter(matter).documents
            return {(document, page): documents.page(document, page).text for document, page in places}

        return await self._access.read(read)


def _reading_room(model: ChatModel, n_ctx: int) -> int:
    """Tokens of passages that are read before the first word, by the speed measured so far."""
    measured = model.prefill_tokens_per_s
    by_speed = int(measured * READING_PATIENCE_S) if measured else SHORTEST_READING
    return min(max(by_speed, SHORTEST_READING), n_ctx)


def _chat(lines: Sequence[Line]) -> list[ChatMessage]:
    return [ChatMessage(line.role, line.content) for line in lines]


def _given(found: FoundPassage, names: dict[str, str]) -> GivenPassage:
    passage = found.passage
    return GivenPassage(passage.document, names.get(passage.document, ""), passage.page, passage.start, passage.end, passage.text)
