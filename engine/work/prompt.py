"""What the model is asked to read: which earlier turns and which passages fit, and in which words.

Pure: texts and token counts in, messages out. Knows nothing of stores, workers or search. Nothing is cut in
the middle: a passage or a turn is given whole or left out, and what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import PromptTooLong
from engine.records import FoundPassage

INSTRUCTION = (
    "You answer questions about the user's documents. Use only the passages you are given. "
    "Keep to their words, names and numbers. Answer in a few short sentences. "
    "If the passages do not contain the answer, reply: The documents do not answer this."
)
INSTRUCTION_TO_QUOTE = "You are a careful clerk. You answer questions with sentences copied from the text."
INSTRUCTION_WITHOUT_DOCUMENTS = "You are a careful assistant. Answer briefly. Say so when you do not know."

TOKENS_AROUND_A_MESSAGE = 12  # role marks and line breaks of a chat template; the worker counts exactly
TOKENS_AROUND_A_PASSAGE = 8
SMALLEST_ANSWER = 64


@dataclass(frozen=True)
class Turn:
    """An earlier question with its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Line:
    """One message for the chat template."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Room:
    """How many tokens there are: the context, what the answer may take of it, what may be read from documents."""

    n_ctx: int
    max_answer_tokens: int
    max_source_tokens: int


@dataclass(frozen=True)
class Costs:
    """Token counts of the parts, in the order in which the parts are given."""

    instruction: int
    question: int
    turns: tuple[int, ...]
    passages: tuple[int, ...]


@dataclass(frozen=True)
class Choice:
    """How many of the newest turns and of the best passages fit, and how long the answer may get (tokens)."""

    n_turns: int
    n_passages: int
    max_answer_tokens: int


def choose(costs: Costs, room: Room) -> Choice:
    """Fill the context: question first, then at least one passage, then earlier turns (a quarter of the rest), then passages.

    Raises PromptTooLong when the question alone leaves no room for an answer.
    """
    fixed = costs.instruction + costs.question + 3 * TOKENS_AROUND_A_MESSAGE
    if fixed + SMALLEST_ANSWER > room.n_ctx:
        raise PromptTooLong(n_prompt_tokens=fixed, n_ctx=room.n_ctx)
    answer = min(room.max_answer_tokens, max(SMALLEST_ANSWER, (room.n_ctx - fixed) // 3))
    left = room.n_ctx - fixed - answer
    first = _whole(costs.passages[:1], TOKENS_AROUND_A_PASSAGE, left)
    reserved = sum(costs.passages[:first]) + TOKENS_AROUND_A_PASSAGE * first
    newest_first = tuple(reversed(costs.turns))
    n_turns = _whole(newest_first, 2 * TOKENS_AROUND_A_MESSAGE, min(left - reserved, max(left // 4, 0)))
    left -= sum(newest_first[:n_turns]) + 2 * TOKENS_AROUND_A_MESSAGE * n_turns
    n_passages = max(first, _whole(costs.passages, TOKENS_AROUND_A_PASSAGE, min(left, room.max_source_tokens)))
    return Choice(n_turns=n_turns, n_passages=n_passages, max_answer_tokens=answer)


def messages(question: str, turns: Sequence[Turn], passages: Sequence[FoundPassage], names: dict[str, str]) -> list[Line]:
    """The conversation as the chat template takes it; `names` gives each document's name."""
    lines = [Line("system", INSTRUCTION if passages else INSTRUCTION_WITHOUT_DOCUMENTS)]
    for turn in turns:
        lines += [Line("user", turn.question), Line("assistant", turn.answer)]
    sources = "\n\n".join(source(place, found, names) for place, found in enumerate(passages, start=1))
    lines.append(Line("user", f"Passages:\n\n{sources}\n\nQuestion: {question}" if passages else question))
    return lines


def quoting_messages(question: str, quotes: Sequence[str]) -> list[Line]:
    """The question for a model that can only choose among `quotes`. Earlier turns would only confuse it."""
    sentences = "\n".join(quotes)
    request = "Copy the sentences from the text that answer the question."
    return [Line("system", INSTRUCTION_TO_QUOTE), Line("user", f"{sentences}\n\nQuestion: {question}\n{request}")]


def source(place: int, found: FoundPassage, names: dict[str, str]) -> str:
    """One passage as the model sees it."""
    passage = found.passage
    heading = f", {passage.heading}" if passage.heading else ""
    return f"[{place}] {names.get(passage.document, '')}, page {passage.page}{heading}\n{passage.text.strip()}"


def _whole(costs: Sequence[int], around: int, room: int) -> int:
    """How many of the first parts fit into `room` tokens."""
    used = n = 0
    for cost in costs:
        used += cost + around
        if used > room:
            break
        n += 1
    return n
