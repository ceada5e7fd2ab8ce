"""The supervisor: every request hears exactly one last word, whatever the worker does or dies of.

The worker is played by a script in this process, so that thousands of orders of events can be tried.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PromptTooLong, StrongroomError, WorkerDied
from engine.inference import worker_life
from engine.inference.protocol import (
    Counted,
    CountTokens,
    End,
    Generate,
    Growth,
    Load,
    LoadFailed,
    Ready,
    Refusal,
    SetThreads,
    Step,
    Stop,
)
from engine.inference.supervisor import ChatMessage, ChatModel, Ended, Grew
from engine.records import ModelId, RequestId, Seal, Timings, Usage

READY = Ready("played", "llama", "Q4", 1, 512, 512, 8, 4, 1, 1, 0.0, True, False, "")
USAGE, TIMINGS = Usage(3, 0, 1), Timings(0.1, 100.0, 50.0, 0.2)


class PlayedWorker:
    """Stands where a SealedProcess would: takes messages, says what the script makes it say, dies on cue."""

    alive: list[PlayedWorker] = []  # noqa: RUF012 (the script's handle on whichever worker is running)
    loads: list[str] = []  # noqa: RUF012 (how the next workers fare when they load: ready, die, fail)

    pid = 2**22 + 1  # no process has it
    seal = Seal("enforced", "enforced", "played")

    def __init__(self) -> None:
        self.said: asyncio.Queue[Any] = asyncio.Queue()
        self.open: list[str] = []
        self.exit_code: int | None = None
        PlayedWorker.alive = [self]

    @classmethod
    async def start(cls, *_: Any, **__: Any) -> PlayedWorker:
        await asyncio.sleep(0)
        return cls()

    async def send(self, message: Any) -> None:
        if self.exit_code is not None:
            raise WorkerDied("chat", self.exit_code)
        match message:
            case Load():
                self._load()
            case Generate(request):
                self.open.append(request)
            case Stop(request) if request in self.open:
                self.open.remove(request)
                self.say(Step(ended=[End(request, "cancelled", USAGE, TIMINGS)]))
            case CountTokens(request, texts):
                self.say(Counted(request, [1] * len(texts)))
            case SetThreads():
                pass

    def _load(self) -> None:
        match PlayedWorker.loads.pop() if PlayedWorker.loads else "ready":
            case "ready":
                self.say(READY)
            case "fail":
                self.say(LoadFailed("model_damaged", {"model": "m", "reason": "load_failed"}))
            case "die":
                self.die(-6)

    def say(self, message: Any) -> None:
        self.said.put_nowait(message)

    def die(self, exit_code: int) -> None:
        if self.exit_code is None:
            self.exit_code = exit_code
            self.say(None)

    async def receive(self) -> Any:
        return await self.said.get()

    async def __aiter__(self):
        while (message := await self.receive()) is not None:
            yield message

    async def wait(self) -> int:
        return self.exit_code if self.exit_code is not None else 0

    async def end(self, *, grace_s: float = 0.0) -> int:
        self.die(0)
        return await self.wait()


@pytest.fixture(autouse=True)
def played_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_life, "SealedProcess", PlayedWorker)
    monkeypatch.setattr(worker_life, "WAITS_S", (0.0,) * worker_life.MOST_DEATHS)
    monkeypatch.setattr(Path, "is_file", lambda self: True)


async def hear(model: ChatModel, request: str, words: list[tuple[str, object]]) -> None:
    """Ask, and write down every last word."""
    try:
        async for piece in model.generate(RequestId(request), [ChatMessage("user", "x")], max_tokens=5):
            if isinstance(piece, Ended):
                words.append((request, piece.stop_reason))
    except StrongroomError as error:
        words.append((request, error.kind))


async def settle() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


DEEDS = st.lists(
    st.sampled_from(["ask", "ask", "grow", "end", "refuse", "stop", "die", "stray", "settle", "settle", "leave", "count"]),
    max_size=30,
)
LOADS = st.lists(st.sampled_from(["ready", "ready", "die", "fail"]), max_size=4)


@settings(max_examples=200, deadline=None)
@given(deeds=DEEDS, loads=LOADS, seed=st.integers(0, 2**16))
def test_every_request_ends_in_exactly_one_last_word(deeds, loads, seed):
    asyncio.run(_play(deeds, list(loads), random.Random(seed)))


async def _play(deeds: list[str], loads: list[str], choice: random.Random) -> None:
    PlayedWorker.alive, PlayedWorker.loads = [], loads
    model = ChatModel(Path("played.gguf"), ModelId("played"), n_threads=1)
    words: list[tuple[str, object]] = []
    asked: dict[str, asyncio.Task[None]] = {}
    left: set[str] = set()
    start = asyncio.ensure_future(model.start())
    counts: list[asyncio.Task[Any]] = []
    for deed in deeds:
        worker = PlayedWorker.alive[0] if PlayedWorker.alive else None
        request = choice.choice(worker.open) if worker and worker.open else None
        if deed == "ask":
            name = f"request {len(asked)}"
            asked[name] = asyncio.create_task(hear(model, name, words))
        elif deed == "settle":
            await settle()
        elif deed == "stop" and asked:
            model.stop(RequestId(choice.choice(list(asked))))
        elif deed == "leave" and asked:
            name = choice.choice(list(asked))
            if not asked[name].done():
                asked[name].cancel()
                left.add(name)
        elif deed == "count":
            counts.append(asyncio.create_task(model.count_tokens(["a", "b"])))
        elif deed == "stray" and worker:
            worker.say(Step(grew=[Growth("nobody", "x")], ended=[End("nobody", "end_of_text", USAGE, TIMINGS)]))
        elif deed == "die" and worker:
            worker.die(-9)
        elif worker and request:
            _say(worker, deed, request)
    await settle()
    await model.close()
    await asyncio.gather(start, *counts, *asked.values(), return_exceptions=True)
    heard = Counter(request for request, _ in words)
    for name in asked:
        assert heard[name] == (0 if name in left and not heard[name] else 1)
    assert not model._open
    assert not model._counting


def _say(worker: PlayedWorker, deed: str, request: str) -> None:
    if deed == "grow":
        worker.say(Step(grew=[Growth(request, "word")]))
    elif deed == "end":
        worker.open.remove(request)
        worker.say(Step(grew=[Growth(request, "last")], ended=[End(request, "end_of_text", USAGE, TIMINGS)]))
    elif deed == "refuse":
        worker.open.remove(request)
        worker.say(Step(refused=[Refusal(request, "prompt_too_long", {"n_prompt_tokens": 9, "n_ctx": 8})]))


async def test_a_refusal_is_raised_with_its_facts():
    PlayedWorker.loads = []
    model = ChatModel(Path("played.gguf"), ModelId("played"), n_threads=1)
    await model.start()
    answer = asyncio.ensure_future(anext(model.generate(RequestId("a"), [ChatMessage("user", "x")], max_tokens=5)))
    await settle()
    _say(PlayedWorker.alive[0], "refuse", "a")
    with pytest.raises(PromptTooLong) as refused:
        await answer
    assert refused.value.facts == {"n_prompt_tokens": 9, "n_ctx": 8}
    await model.close()


async def test_a_request_id_in_use_is_refused():
    PlayedWorker.loads = []
    model = ChatModel(Path("played.gguf"), ModelId("played"), n_threads=1)
    await model.start()
    first = model.generate(RequestId("a"), [ChatMessage("user", "x")], max_tokens=5)
    waiting = asyncio.ensure_future(anext(first))
    await settle()
    with pytest.raises(ValueError, match="already open"):
        await anext(model.generate(RequestId("a"), [ChatMessage("user", "x")], max_tokens=5))
    _say(PlayedWorker.alive[0], "grow", "a")
    assert await waiting == Grew("word")
    await first.aclose()
    await settle()
    assert PlayedWorker.alive[0].open == [], "leaving an answer stops it in the worker"
    await model.close()


async def test_what_was_measured_is_shown():
    PlayedWorker.loads = []
    states = []
    model = ChatModel(Path("played.gguf"), ModelId("played"), n_threads=1, on_state=states.append)
    await model.start()
    words: list[tuple[str, object]] = []
    answer = asyncio.create_task(hear(model, "a", words))
    await settle()
    PlayedWorker.alive[0].say(Step(ended=[End("a", "end_of_text", Usage(200, 0, 9), TIMINGS)]))
    await answer
    assert [state.phase for state in states] == ["loading", "ready", "ready"]
    assert (model.state.tokens_per_s, model.prefill_tokens_per_s, model.state.n_ctx) == (50.0, 100.0, 512)
    await model.close()
    assert model.state.phase == "none"
