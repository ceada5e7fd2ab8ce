"""The prompts of vote sets: taken from a CSV file or from one's own conversations, kept in the matter they belong to."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.compare_events import PromptsListed
from engine.compare_intents import ImportPrompts, TakePrompts
from engine.compare_records import VoteSetId
from engine.errors import PromptsUnfit
from engine.events import Event
from engine.records import ConversationId, MatterId
from engine.store.store import Store
from engine.vote_records import Prompt
from engine.work.store_access import StoreAccess

MOST_PROMPTS = 10_000
LARGEST_FILE = 50_000_000  # bytes
LONGEST_PROMPT = 1_000_000  # characters
PROMPT_NAMES = ("prompt", "text", "question", "input")
EXPECTED_NAMES = ("expected", "label", "answer", "output", "gold")


@dataclass(frozen=True)
class ReadPrompts:
    """What a file holds; `n_skipped` rows had no prompt."""

    prompts: tuple[Prompt, ...]
    n_skipped: int = 0


class PromptSets:
    """Fills and shows the prompts of sets."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None]) -> None:
        self._access, self._publish = access, publish

    async def import_file(self, wish: ImportPrompts) -> None:
        """Put the prompts of a CSV file after those that the set has. Raises PromptsUnfit, NotFound; then nothing changed."""
        found = await asyncio.to_thread(read_prompts, wish.file)
        await self._add(wish.matter, wish.set, found.prompts, wish.file.name)
        await self.publish_list(wish.matter, wish.set, n_skipped=found.n_skipped)

    async def take(self, wish: TakePrompts) -> None:
        """Put the questions of conversations after the prompts that the set has, each question once."""
        prompts = await self._access.read(lambda store: questions(store, wish.matter, wish.conversations))
        await self._add(wish.matter, wish.set, prompts, "")
        await self.publish_list(wish.matter, wish.set)

    async def list(self, matter: MatterId, vote_set: VoteSetId) -> tuple[Prompt, ...]:
        """The prompts of a set in a matter, in order. Raises NotFound."""
        return tuple(await self._access.read(lambda store: store.matter(matter).prompts.list(vote_set)))

    async def publish_list(self, matter: MatterId, vote_set: VoteSetId, *, n_skipped: int = 0) -> None:
        self._publish(PromptsListed(matter, vote_set, await self.list(matter, vote_set), n_skipped))

    async def _add(self, matter: MatterId, vote_set: VoteSetId, prompts: Sequence[Prompt], file: str) -> None:
        def add(store: Store) -> None:
            store.votes.get(vote_set)  # one that was deleted meanwhile takes nothing in
            kept = store.matter(matter).prompts
            known = {(each.text, each.expected) for each in kept.list(vote_set)}
            new = [each for each in prompts if (each.text, each.expected) not in known]
            if len(known) + len(new) > MOST_PROMPTS:
                raise PromptsUnfit(file, "too_many", f"At most {MOST_PROMPTS}.")
            kept.add(vote_set, new)

        if not prompts:
            raise PromptsUnfit(file, "no_prompts")
        await self._access.write(add)


# ---------------------------------------------------------------- where they come from
def read_prompts(file: Path) -> ReadPrompts:
    """The prompts of a CSV file, by its header: UTF-8 (or what Excel writes), separated by commas, semicolons or tabs.

    Raises PromptsUnfit.
    """
    text = _text(file)
    # A prompt may run over many lines, but none is longer than a set takes.
    csv.field_size_limit(LONGEST_PROMPT)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        header = [each.strip().casefold() for each in next(rows, [])]
        place, expected_at = _column(header, PROMPT_NAMES), _column(header, EXPECTED_NAMES)
        if place is None:
            raise PromptsUnfit(file.name, "no_such_column", f"It has: {', '.join(header)[:200]}.")
        return _prompts(rows, place, expected_at, file.name)
    except csv.Error:
        raise PromptsUnfit(file.name, "unreadable") from None


def _prompts(rows: object, place: int, expected_at: int | None, file: str) -> ReadPrompts:
    prompts: list[Prompt] = []
    n_skipped = 0
    for row in rows:  # type: ignore[attr-defined]
        text = row[place].strip() if place < len(row) else ""
        if not text:
            n_skipped += any(each.strip() for each in row)
            continue
        expected = row[expected_at].strip() if expected_at is not None and expected_at < len(row) else ""
        prompts.append(Prompt(len(prompts) + 1, text, expected or None, file))
        if len(prompts) > MOST_PROMPTS:
            raise PromptsUnfit(file, "too_many", f"At most {MOST_PROMPTS}.")
    if not prompts:
        raise PromptsUnfit(file, "no_prompts")
    return ReadPrompts(tuple(prompts), n_skipped)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise PromptsUnfit(file.name, "too_large", f"At most {LARGEST_FILE // 1_000_000} MB.")
        content = file.read_bytes()
    except FileNotFoundError:
        raise PromptsUnfit(file.name, "missing") from None
    except OSError:
        raise PromptsUnfit(file.name, "unreadable") from None
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PromptsUnfit(file.name, "unreadable")


def _delimiter(text: str) -> str:
    """What separates the columns: what the header has most of."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def questions(store: Store, matter: MatterId, wanted: Sequence[ConversationId]) -> list[Prompt]:
    """The questions of conversations (none named: of all), each text once, oldest conversation first. Raises NotFound."""
    conversations = store.matter(matter).conversations
    found: dict[str, str] = {}
    for conversation in sorted(conversations.list(), key=lambda each: each.created):
        if wanted and conversation.id not in wanted:
            continue
        for message in conversations.messages(conversation.id):
            if message.role == "user" and message.text.strip():
                found.setdefault(message.text.strip(), conversation.title)
    return [Prompt(number, text, None, title) for number, (text, title) in enumerate(found.items(), start=1)]
