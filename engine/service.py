"""Take an intent, hand it to its one owner, publish events. Owns the background thread and its event loop.

The window calls `start`, `submit` and `close` from Qt's thread; none of them waits for work. The command line
uses `call` as well. Events are published on the engine's thread, in order.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from engine import compare_handlers, ledger_handlers, model_handlers
from engine.errors import StrongroomError
from engine.events import Event, Trouble
from engine.handlers import HANDLERS
from engine.intents import Intent
from engine.paths import Profile, default_profile
from engine.session import Session
from engine.work.faults import translated

log = logging.getLogger(__name__)

assert (
    model_handlers.HANDLERS is compare_handlers.HANDLERS is ledger_handlers.HANDLERS is HANDLERS
)  # importing them registers what they take

Result = TypeVar("Result")
Publish = Callable[[Event], None]

LONGEST_CLOSING_S = 20.0


def open_service(profile: str | None, publish: Publish) -> Service:
    """A service for the profile in the folder `profile`, None for the user's own; not started yet."""
    return Service(Profile(Path(profile)) if profile else default_profile(), publish)


class Service:
    """The engine as the window and the command line see it. `publish` is called on the engine's thread."""

    def __init__(self, profile: Profile, publish: Publish) -> None:
        self._profile = profile
        self._publish = publish
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="store-reader")
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: Session | None = None
        self._closing = False

    # ------------------------------------------------------------ for callers on other threads
    def start(self, *, with_window: bool = True) -> None:
        """Start the engine's thread; with a window also open the store and load the model, without waiting for either."""
        self._thread.start()
        self.call(self._create_session)
        if with_window:
            self._loop.call_soon_threadsafe(self._spawn, self._bring_up(), "start")

    def submit(self, intent: Intent) -> None:
        """Hand in a wish; returns at once. Wishes handed in after `close` are dropped."""
        if not self._closing:
            self._loop.call_soon_threadsafe(self._accept, intent)

    def call(self, work: Callable[[Session], Coroutine[Any, Any, Result]]) -> Result:
        """Run `work` on the engine's loop and wait for it; raises what it raises. Not for the window's thread."""
        future: Future[Result] = asyncio.run_coroutine_threadsafe(work(self._session), self._loop)  # type: ignore[arg-type]
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop answers (what was written is kept), close the store, end every worker, end the thread."""
        if self._closing:
            return
        self._closing = True
        try:
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(LONGEST_CLOSING_S)
        except TimeoutError:
            log.error("closing took longer than %s s", LONGEST_CLOSING_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=2)
        self._writer.shutdown(wait=False)
        self._readers.shutdown(wait=False)

    # ------------------------------------------------------------ on the engine's thread
    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _create_session(self, _: object) -> None:
        self._session = Session(self._profile, self._publish, self._writer, self._readers)

    async def _bring_up(self) -> None:
        session = self._opened_session()
        self._spawn(session.watch_memory(), "watch memory")
        await session.open_at_start()
        await session.bring_up_models()

    def _accept(self, intent: Intent) -> None:
        handler = HANDLERS[type(intent)]
        self._spawn(handler(self._opened_session(), intent), type(intent).__name__)

    def _spawn(self, work: Awaitable[None], name: str) -> None:
        task = self._loop.create_task(self._guarded(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None], name: str) -> None:
        """Nothing that a wish runs into may end the engine: it becomes Trouble."""
        try:
            with translated(name):
                await work
        except StrongroomError as error:
            self._publish(Trouble(error))

    async def _close(self) -> None:
        session = self._opened_session()
        await session.asking.end()
        others = [task for task in self._tasks if not task.done()]
        for task in others:
            task.cancel()
        if others:  # not without an end: a wish that is deaf to its cancellation must not keep the store open
            await asyncio.wait(others, timeout=LONGEST_CLOSING_S / 4)
        await session.close()

    def _opened_session(self) -> Session:
        if self._session is None:
            raise RuntimeError("the service was not started")
        return self._session
