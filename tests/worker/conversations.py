"""Short ways to talk to a real chat worker in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.inference.supervisor import ChatMessage, ChatModel, Ended, Grew, Reading
from engine.records import RequestId


@dataclass
class Heard:
    """Everything that an answer said."""

    readings: list[Reading] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ends: list[Ended] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def end(self) -> Ended:
        (end,) = self.ends
        return end


def user(text: str) -> list[ChatMessage]:
    return [ChatMessage("user", text)]


async def listen(
    model: ChatModel,
    request: str,
    messages: Sequence[ChatMessage],
    max_tokens: int = 40,
    heard: Heard | None = None,
    **options: Any,
) -> Heard:
    """Ask and hear the answer out. Errors are raised, what was heard before stays in `heard`."""
    heard = heard if heard is not None else Heard()
    async for piece in model.generate(RequestId(request), messages, max_tokens=max_tokens, **options):
        match piece:
            case Reading():
                heard.readings.append(piece)
            case Grew(text):
                heard.texts.append(text)
            case Ended():
                heard.ends.append(piece)
    return heard


async def until(condition: Any, seconds: float = 30.0) -> None:
    """Wait until something has happened; fails after `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def worker_pid(model: Any) -> int:
    """The process that does the work for a ChatModel or an EmbeddingModel."""
    running = model._life.running
    assert running is not None
    return int(running.process.pid)
