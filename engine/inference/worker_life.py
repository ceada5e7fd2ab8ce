"""The life of one model worker: started, loaded, listened to, started again after a death, closed.

Deaths are expected: llama.cpp may abort, the system may run out of memory, somebody may kill a process. A worker is
started again after a short wait, at most MOST_DEATHS times in a minute; then it has failed until `start` is called.
An answer of the worker that it cannot load the model is no death: trying again would not help.
Knows nothing of requests; whoever owns the life is told of messages, deaths and phases.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import ModelMissing, OutOfMemory, StrongroomError, WorkerDied, error_from
from engine.inference.protocol import Load, LoadFailed, Ready
from engine.sealed_process import SealedProcess

log = logging.getLogger(__name__)

Phase = Literal["none", "loading", "ready", "restarting", "failed"]

MOST_DEATHS = 3
DEATHS_WINDOW_S = 60.0
WAITS_S = (0.1, 1.0, 3.0)
KILLED, WORKER_OUT_OF_MEMORY = -9, 5  # exit codes; the system's way to free memory is to kill


@dataclass(frozen=True)
class Running:
    """A worker with its model loaded."""

    process: SealedProcess[Any, Any]
    ready: Ready


@dataclass(frozen=True)
class Plan:
    """What to start: `receives` is the union of messages that this kind of worker sends.

    `parts`: further files of a model that comes in several; llama.cpp opens them beside the first.
    """

    kind: Literal["chat", "embedding"]
    receives: Any
    load: Load
    allow_unsealed: bool = False
    parts: tuple[Path, ...] = ()


class WorkerLife:
    """Owns the process. `on_message`, `on_death` and `on_phase` are called in the loop that runs it."""

    def __init__(
        self,
        plan: Plan,
        *,
        on_message: Callable[[Any], None],
        on_death: Callable[[StrongroomError], None],
        on_phase: Callable[[], None],
    ) -> None:
        self.phase: Phase = "none"
        self.running: Running | None = None
        self.problem: StrongroomError | None = None
        self._plan = plan
        self._on_message, self._on_death, self._on_phase = on_message, on_death, on_phase
        self._task: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()  # set while `running` or `problem` can answer for good
        self._deaths: list[float] = []

    async def start(self) -> Running:
        """Start if it is not running, and wait until it is. Raises what keeps it from running."""
        if self._task is None or self._task.done():
            self._deaths.clear()
            self._enter("loading")
            self._task = asyncio.create_task(self._live(), name=f"{self._plan.kind} worker")
        return await self.ready()

    async def ready(self) -> Running:
        """The running worker, waiting for a start or restart under way. Raises what keeps it from running."""
        await self._settled.wait()
        if self.running is not None:
            return self.running
        raise self.problem or WorkerDied(self._plan.kind, None)

    async def close(self) -> None:
        """End the worker. Whoever still waits is told that it died."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._enter("none")

    # ------------------------------------------------------------ living
    async def _live(self) -> None:
        while True:
            death = await self._one_life()
            if not isinstance(death, WorkerDied) or not self._may_try_again():
                self._fail(death)
                return
            self._enter("restarting")
            self._on_death(WorkerDied(death.worker, death.exit_code, restarting=True))
            await asyncio.sleep(WAITS_S[len(self._deaths) - 1])

    async def _one_life(self) -> StrongroomError:
        """Start, load, listen; returns what ended it."""
        process: SealedProcess[Any, Any] | None = None
        try:
            process = await self._start_process()
            ready = await self._load(process)
            self.running = Running(process, ready)
            self._enter("ready")
            async for message in process:
                self._on_message(message)
            return WorkerDied(self._plan.kind, await process.wait())
        except StrongroomError as error:
            return error
        except OSError as error:
            log.warning("a %s worker could not be started: %s", self._plan.kind, type(error).__name__)
            return WorkerDied(self._plan.kind, None)
        finally:
            self.running = None
            if process is not None:
                await asyncio.shield(process.end())

    async def _start_process(self) -> SealedProcess[Any, Any]:
        file = Path(self._plan.load.path)
        if not file.is_file():
            raise ModelMissing(file.name)
        return await SealedProcess.start(
            self._plan.kind,
            self._plan.receives,
            readable=[file, *self._plan.parts],
            require_seal=not self._plan.allow_unsealed,
        )

    async def _load(self, process: SealedProcess[Any, Any]) -> Ready:
        load = self._plan.load
        await process.send(load)
        answer = await process.receive()
        if isinstance(answer, Ready):
            return answer
        if isinstance(answer, LoadFailed):
            error = error_from(answer.kind, answer.facts)
            # While it reads the weights a worker does not know yet what context they were meant for.
            raise OutOfMemory(error.model, load.n_ctx) if isinstance(error, OutOfMemory) else error
        exit_code = await process.wait() if answer is None else None
        if exit_code in (KILLED, WORKER_OUT_OF_MEMORY):
            raise OutOfMemory(Path(load.path).name, load.n_ctx)
        raise WorkerDied(self._plan.kind, exit_code)

    def _may_try_again(self) -> bool:
        now = time.monotonic()
        self._deaths = [*(at for at in self._deaths if now - at < DEATHS_WINDOW_S), now]
        return len(self._deaths) <= MOST_DEATHS

    def _fail(self, error: StrongroomError) -> None:
        self.problem = error
        self._enter("failed")
        self._on_death(error)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        if phase != "failed":
            self.problem = None
        if phase in ("loading", "restarting"):
            self._settled.clear()
        else:
            self._settled.set()
        self._on_phase()
