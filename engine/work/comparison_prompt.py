"""What the models of a comparison are asked: the same words for each, from a question and passages of documents.

Pure: texts in, messages out. A passage is given whole or left out. The names of documents are never part of it: a source
is known by its number and its page, because what is written here may leave the computer once a person has approved it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from engine.compare_records import Attached, PromptMessage
from engine.records import DocumentId, FoundPassage
from engine.work.preparation import READING_PATIENCE_S, SHORTEST_READING
from engine.work.prompt import TOKENS_AROUND_A_MESSAGE, Choice, Costs, Room, choose

# Always one, since some chat templates bring words of their own where there is none, and then not all would read the same.
INSTRUCTION = "You are a careful assistant. Say so when you do not know."
INSTRUCTION_FOR_PASSAGES = (
    "You are a careful assistant. Work only with the passages that you are given and keep to their words, names and numbers. "
    "Say so where they do not hold what is asked for."
)
ABOUT_PLACEHOLDERS = "Words in square brackets stand for names and numbers. Write them exactly as they are."
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class LocalRoom:
    """What a local model has room for, and how many tokens the parts of the prompt are to it: instruction, question, sources.

    `prefill_tokens_per_s` is how fast it reads, None while that is not known.
    """

    n_ctx: int
    counts: tuple[int, ...]
    prefill_tokens_per_s: float | None = None


def compose(question: str, passages: Sequence[FoundPassage]) -> tuple[PromptMessage, ...]:
    """The messages as they are before anything is hidden."""
    if not passages:
        return PromptMessage("system", INSTRUCTION), PromptMessage("user", clean(question))
    sources = "\n\n".join(source(place, each) for place, each in enumerate(passages, start=1))
    asked = f"Passages:\n\n{sources}\n\nQuestion: {clean(question)}"
    return PromptMessage("system", INSTRUCTION_FOR_PASSAGES), PromptMessage("user", asked)


def with_word_on_placeholders(messages: Sequence[PromptMessage]) -> tuple[PromptMessage, ...]:
    """The same messages, told what the square brackets in them are."""
    if messages and messages[0].role == "system":
        first = PromptMessage("system", f"{messages[0].text} {ABOUT_PLACEHOLDERS}")
        return first, *messages[1:]
    return PromptMessage("system", ABOUT_PLACEHOLDERS), *messages


def source(place: int, found: FoundPassage) -> str:
    """One passage as the models see it."""
    passage = found.passage
    heading = f", {clean(passage.heading)}" if passage.heading else ""
    return f"[{place}] page {passage.page}{heading}\n{clean(passage.text.strip())}"


def n_that_fit(rooms: Sequence[LocalRoom], max_answer_tokens: int, n_passages: int) -> tuple[int, int]:
    """How many of the best passages every local model has room for, and how long all answers may get (tokens).

    Raises PromptTooLong where the question alone leaves no room for an answer in one of them.
    """
    choices = [_choice(each, max_answer_tokens) for each in rooms]
    fitting = min((each.n_passages for each in choices), default=n_passages)
    return fitting, min((each.max_answer_tokens for each in choices), default=max_answer_tokens)


def in_reading_order(passages: Sequence[FoundPassage], documents: Sequence[DocumentId]) -> tuple[FoundPassage, ...]:
    """Passages as they follow each other in their documents."""
    rank = {document: place for place, document in enumerate(documents)}

    def place(found: FoundPassage) -> tuple[int, int, int]:
        passage = found.passage
        return rank.get(passage.document, len(rank)), passage.page, passage.start

    return tuple(sorted(passages, key=place))


def attached(passages: Sequence[FoundPassage], names: dict[DocumentId, str]) -> tuple[Attached, ...]:
    """Which documents have a part in the prompt, for the person who approves it."""
    documents = [each.passage.document for each in passages]
    return tuple(Attached(each, names.get(each, ""), documents.count(each)) for each in dict.fromkeys(documents))


def prompt_sha256(messages: Sequence[PromptMessage]) -> str:
    """Tells prompts apart: the same for panes that read the same words."""
    words = json.dumps([[each.role, each.text] for each in messages], ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def clean(text: str) -> str:
    """The text without halves of characters, which no request can carry and a badly decoded document may hold."""
    return "".join(REPLACEMENT if "\ud800" <= each <= "\udfff" else each for each in text)


def _choice(room: LocalRoom, max_answer_tokens: int) -> Choice:
    instruction, question, *sources = room.counts
    by_speed = int((room.prefill_tokens_per_s or 0.0) * READING_PATIENCE_S)
    costs = Costs(instruction + TOKENS_AROUND_A_MESSAGE, question, (), tuple(sources))
    return choose(costs, Room(room.n_ctx, max_answer_tokens, min(max(by_speed, SHORTEST_READING), room.n_ctx)))
