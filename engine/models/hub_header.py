"""The header of a model that is still on the hub: the beginning of its files is fetched, a sealed worker reads it.

A header does not say how long it is, so twice as much is fetched each time that it turns out to be cut. This process
never looks into what came. Knows nothing of hubs beyond a file's address.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from engine.errors import FileUnfit, ModelDamaged, NetworkFailed
from engine.models.facts import Damaged, FromInspect, Inspect, ModelFacts
from engine.models.fetch import Wanted, opened
from engine.models.inspection import as_error, asked, worker_for
from engine.network import Interruption, NetworkDoor
from engine.sealed_process import SealedProcess

FIRST_BYTES = 1 << 20
OTHERS_BYTES = 128 << 10  # of the further parts of a split model, which say nothing but which tensors they hold
MOST_BYTES = 64 << 20  # of all parts of a model together; the longest vocabularies make headers of about 20 MB
MOST_WITHOUT_RANGES = 32 << 20  # where a server can only send a file from its start, this much is read once
_CHUNK = 256 * 1024

Result = TypeVar("Result")


class Beginning:
    """The beginning of a remote file, kept in `path`. Its methods block."""

    def __init__(self, wanted: Wanted, path: Path) -> None:
        self.wanted = wanted
        self.path = path
        self.n_here = 0
        self.n_bytes = wanted.n_bytes
        self._knows_ranges = True
        self._host = ""
        path.touch(mode=0o600)

    @property
    def is_whole(self) -> bool:
        return self.n_bytes is not None and self.n_here >= self.n_bytes

    def grow(self, door: NetworkDoor, to: int, interruption: Interruption) -> None:
        """Fetch until `to` bytes are here, or all of them. Raises as `fetch.opened`, and NetworkFailed if nothing comes."""
        if self.is_whole:
            return
        if not self._knows_ranges:
            raise NetworkFailed(self._host, "bad_answer", "the server cannot send a part of a file, and its start was not enough")
        if self.n_bytes is not None:
            to = min(to, self.n_bytes)
        before = self.n_here
        with opened(door, self.wanted, self.n_here, to, interruption) as body, self.path.open("r+b") as file:
            self._host = body.host
            self.n_bytes = body.total if body.total is not None else self.n_bytes
            if body.start != self.n_here:  # everything from the start; more than once would be fetching without an end
                self._knows_ranges, to = False, MOST_WITHOUT_RANGES
                self.n_here = 0
            file.seek(self.n_here)
            for chunk in body.chunks(_CHUNK):
                piece = chunk[: to - self.n_here]
                file.write(piece)
                self.n_here += len(piece)
                if self.n_here >= to:
                    break
        if self.n_here <= before:
            raise NetworkFailed(self._host, "bad_answer", "nothing came")


async def header_of(door: NetworkDoor, files: Sequence[Wanted], interruption: Interruption) -> ModelFacts:
    """What the files of one model say of themselves together.

    Raises NetworkRefused, NetworkFailed, HubRefused and FileChanged, ModelDamaged, FileUnfit for a header without an end,
    WorkerDied if no worker can start; Interrupted.
    """
    with tempfile.TemporaryDirectory(prefix="strongroom-header-", ignore_cleanup_errors=True) as folder:
        beginnings = [Beginning(wanted, Path(folder) / f"{number}.gguf") for number, wanted in enumerate(files)]
        for beginning in beginnings:
            most = FIRST_BYTES if beginning is beginnings[0] else OTHERS_BYTES
            await fetched(partial(beginning.grow, door, min(most, MOST_BYTES // len(files)), interruption), interruption)
        async with worker_for([beginning.path for beginning in beginnings]) as worker:
            while True:
                answer = await _read(worker, beginnings)
                if isinstance(answer, ModelFacts):
                    return answer
                short = _short(answer, beginnings)
                _check_room(beginnings, short)
                await fetched(partial(short.grow, door, 2 * short.n_here, interruption), interruption)


async def _read(worker: SealedProcess[Inspect, FromInspect], beginnings: Sequence[Beginning]) -> FromInspect:
    first, *others = beginnings
    question = Inspect(str(first.path), first.n_bytes, [(str(other.path), other.n_bytes) for other in others])
    answer = await asked(worker, question)
    if answer is None:
        raise ModelDamaged(first.wanted.file, "load_failed")
    return answer


def _short(damage: Damaged, beginnings: Sequence[Beginning]) -> Beginning:
    """The file of which more is needed. Raises ModelDamaged if more would not help."""
    about = next((each for each in beginnings if str(each.path) == damage.file), beginnings[0])
    if damage.reason != "cut" or about.is_whole:
        raise as_error(about.wanted.file, damage)
    return about


def _check_room(beginnings: Sequence[Beginning], short: Beginning) -> None:
    if sum(beginning.n_here for beginning in beginnings) + short.n_here > MOST_BYTES:
        raise FileUnfit(short.wanted.file, "too_large", "a header without an end")


async def fetched(fetch: Callable[[], Result], interruption: Interruption) -> Result:
    """Run `fetch` in a thread; if this task is cancelled, end it and wait for its end, since the folder goes next."""
    running = asyncio.ensure_future(asyncio.to_thread(fetch))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        interruption.interrupt()
        await asyncio.wait({running})
        running.cancelled() or running.exception()  # looked at, so that nobody is told of it later
        raise
