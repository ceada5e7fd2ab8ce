"""The program's side of a sealed worker: start it, talk to it, watch it, end it.

One object is one child process. What it sends is data from a stranger: a frame that is too long or does not decode ends
the child. Works in any thread that runs an asyncio loop. Knows nothing of what the kinds of workers do.

On Linux the kernel ends the child together with the thread that started it, so that thread has to be one that lives as
long as the program means to work: the engine's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, cast

import msgspec

from engine import sandbox
from engine.errors import NotSealed, WorkerDied
from engine.records import Seal
from engine.wire import (
    LENGTH_BYTES,
    MAX_FRAME,
    WIRE_VERSION,
    Sealed,
    Start,
    WireBroken,
    decode_message,
    encode_frame,
    frame_length,
)

Kind = Literal["chat", "embedding", "extract", "render", "inspect"]
Sent = TypeVar("Sent", bound=msgspec.Struct)
Received = TypeVar("Received")

_STDERR_TAIL = 4096  # bytes
_READ_AHEAD = 1024 * 1024  # bytes that may wait here before the child is held back
_START_S = 60.0  # a laptop that has just woken up, with a virus scanner, is slow


class SealedProcess(Generic[Sent, Received]):
    """A running, sealed worker. Made by `start`; `async with` ends it on the way out.

    One task at a time may receive; any number may send.
    """

    def __init__(
        self, kind: Kind, child: asyncio.subprocess.Process, transport: asyncio.SubprocessTransport, *, max_frame: int
    ) -> None:
        """For `start` only."""
        self.kind = kind
        self.seal = Seal(network="not_enforced", files="not_enforced", detail="not started")
        self._child = child
        self._transport = transport
        self._max_frame = max_frame
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(Sealed)
        self._expected: int | None = None  # length of the frame whose head has been read
        self._sending = asyncio.Lock()
        self._tail = bytearray()
        self._draining = asyncio.create_task(self._drain_stderr())

    @classmethod
    async def start(
        cls,
        kind: Kind,
        receives: Any,
        *,
        readable: Sequence[Path] = (),
        memory_limit: int | None = None,
        cpu_limit_s: int | None = None,
        resident_limit: int | None = None,
        options: Mapping[str, Any] | None = None,
        require_seal: bool = True,
        environment: Mapping[str, str] | None = None,
        max_frame: int = MAX_FRAME,
        command: Sequence[str] | None = None,
    ) -> SealedProcess[Sent, Received]:
        """Start a worker and wait until it has sealed itself.

        `receives` is the union of message types that the worker sends. `readable`, `memory_limit` (bytes of address
        space), `cpu_limit_s`, `resident_limit` (bytes of memory in use, beyond which the worker ends itself) and
        `options` go to the worker in its first message. `environment` adds to the almost empty environment of the
        worker. `command` replaces this program as the worker.

        Raises NotSealed if the operating system does not enforce the seal and `require_seal` is set, WorkerDied if
        the worker ended, sent nonsense or stayed silent.
        """
        first = Start(
            version=WIRE_VERSION,
            readable=[str(path.absolute()) for path in readable],
            memory_limit=memory_limit,
            cpu_limit_s=cpu_limit_s,
            resident_limit=resident_limit,
            options=dict(options or {}),
        )
        child, transport = await _started(_wrapped(command or _own_command(kind), readable), _environment(environment))
        process: SealedProcess[Sent, Received] = cls(kind, child, transport, max_frame=max_frame)
        try:
            await process._become_sealed(first, require_seal=require_seal)
        except BaseException:
            await process.end()
            raise
        process._decoder = msgspec.msgpack.Decoder(receives)
        return process

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """How the child ended; negative for a signal, None while it runs."""
        return self._child.returncode

    @property
    def stderr_tail(self) -> str:
        """The last few thousand characters the child wrote to standard error."""
        return self._tail.decode("utf-8", "replace")

    async def send(self, message: Sent) -> None:
        """Send a message, waiting while the child is behind. Raises WorkerDied if it is gone, ValueError if too long."""
        await self._write(message)

    async def receive(self) -> Received | None:
        """The next message; None when the child has closed the pipe. May be cancelled without losing anything.

        Raises WorkerDied after ending a child that sent something that is no message.
        """
        try:
            payload = await self._read_payload()
            return None if payload is None else cast(Received, decode_message(self._decoder, payload))
        except WireBroken:
            self.kill()
            raise await self._death() from None

    async def __aiter__(self) -> AsyncIterator[Received]:
        while (message := await self.receive()) is not None:
            yield message

    def kill(self) -> None:
        """End the child at once. It is reaped by `wait` or `end`, or in the background."""
        if self.exit_code is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._child.kill()
            else:
                # Not through subprocess, which first looks whether the child has ended and so takes its exit code away
                # from asyncio, which then makes one up.
                os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until the child has ended and its last words on standard error are here; returns its exit code."""
        code = await self._child.wait()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([self._draining], timeout=1)
        return code

    async def end(self, *, grace_s: float = 0.0) -> int:
        """Close the pipe, which asks the child to stop; after `grace_s` seconds end it. Returns its exit code."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            await asyncio.wait_for(self._child.wait(), grace_s) if grace_s else None
        except TimeoutError:
            pass
        finally:
            self.kill()
        code = await self.wait()
        self._transport.close()  # what the child may have left in the pipes is for nobody
        return code

    async def __aenter__(self) -> SealedProcess[Sent, Received]:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.end(grace_s=0.0 if error else 2.0)

    # ------------------------------------------------------------ the pipe
    async def _become_sealed(self, first: Start, *, require_seal: bool) -> None:
        try:
            async with asyncio.timeout(_START_S):
                await self._write(first)
                payload = await self._read_payload()
                answer = None if payload is None else decode_message(self._decoder, payload)
        except (WireBroken, TimeoutError):
            answer = None
        if not isinstance(answer, Sealed) or answer.version != WIRE_VERSION:
            self.kill()
            raise await self._death()
        self.seal = answer.seal
        if require_seal and "not_enforced" in (self.seal.network, self.seal.files):
            raise NotSealed(network=self.seal.network, files=self.seal.files)

    async def _write(self, message: msgspec.Struct) -> None:
        head, payload = encode_frame(message, max_frame=self._max_frame)
        pipe = self._child.stdin
        assert pipe is not None
        async with self._sending:
            try:
                pipe.write(head)
                pipe.write(payload)
                await pipe.drain()
            except (ConnectionError, RuntimeError):
                raise await self._death() from None

    async def _read_payload(self) -> bytes | None:
        pipe = self._child.stdout
        assert pipe is not None
        try:
            if self._expected is None:
                self._expected = frame_length(await pipe.readexactly(LENGTH_BYTES), max_frame=self._max_frame)
            payload = await pipe.readexactly(self._expected)
        except asyncio.IncompleteReadError as end:
            if end.partial or self._expected is not None:
                raise WireBroken("the pipe was closed inside a frame") from None
            return None
        self._expected = None
        return payload

    async def _death(self) -> WorkerDied:
        """The error for a child that is gone or as good as gone; a child that only closed its end is ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                return WorkerDied(worker=self.kind, exit_code=await self.wait())
        self.kill()
        return WorkerDied(worker=self.kind, exit_code=await self.wait())

    async def _drain_stderr(self) -> None:
        pipe = self._child.stderr
        assert pipe is not None
        while piece := await pipe.read(_STDERR_TAIL):
            self._tail += piece
            del self._tail[:-_STDERR_TAIL]


# ---------------------------------------------------------------- how a worker is started
async def _started(
    command: Sequence[str], environment: Mapping[str, str]
) -> tuple[asyncio.subprocess.Process, asyncio.SubprocessTransport]:
    """Like asyncio.create_subprocess_exec, which keeps the transport to itself, so that pipes could not be closed for sure."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: asyncio.subprocess.SubprocessStreamProtocol(limit=_READ_AHEAD, loop=loop),
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=os.sep,
        close_fds=True,
        **_apart_from_the_terminal(),
    )
    return asyncio.subprocess.Process(transport, protocol, loop), transport


def _own_command(kind: Kind) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", kind]
    program = Path(__file__).resolve().parent.parent / "main.py"
    # Isolated: no PYTHON… variables, no user site, no current folder on the path; and no byte code is written.
    return [sys.executable, "-I", "-B", "-X", "utf8", str(program), "--worker", kind]


def _wrapped(command: Sequence[str], readable: Sequence[Path]) -> list[str]:
    if sys.platform == "darwin":
        from engine import seatbelt

        return seatbelt.wrapped(command, [*sandbox.own_files(), *readable], home=Path.home())
    return list(command)


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """No search path, no proxies, no tokens: only what Python and the libraries cannot do without."""
    kept = {name: os.environ[name] for name in ("HOME", "USERPROFILE", "SYSTEMROOT", "TEMP") if name in os.environ}
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1", "GGML_NO_BACKTRACE": "1"}
    return {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **kept, **quiet, **(extra or {})}


def _apart_from_the_terminal() -> dict[str, Any]:
    """Ctrl-C in a terminal is for the program, which then decides what becomes of its workers."""
    if sys.platform == "win32":
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
