"""What is done with model files of this computer: take in, verify, remove, move, carry to another computer.

One piece of long work at a time, in a thread, with progress and an end that the user can bring about. What the files go
through is in models/importing, verifying, moving, removing and bundle; here is which model is meant and what is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from engine.errors import StrongroomError
from engine.events import Event
from engine.model_events import LibraryProgress, ModelInUse
from engine.model_records import FoundModel, ModelCheck
from engine.models import bundle, elsewhere, importing, moving, removing, verifying
from engine.models.library import Library
from engine.models.meter import Progress, Stopped
from engine.models.model_files import files_of
from engine.records import Model, ModelId

Work = Literal["import", "move", "export", "verify", "find"]
Result = TypeVar("Result")


class KeepingModels:
    """Works on the library for one wish after the other."""

    def __init__(
        self,
        library: Library,
        *,
        folder: Callable[[], Path],
        journal: Path,
        bundled: Path,
        recognise: importing.Recognise,
        publish: Callable[[Event], None],
    ) -> None:
        """`folder` is the library's, `journal` where an unfinished move is remembered, `bundled` the program's own models."""
        self._library = library
        self._folder = folder
        self._journal = journal
        self._bundled = bundled
        self._recognise = recognise
        self._publish = publish
        self._turn = asyncio.Lock()
        self._stop = threading.Event()
        self.told: StrongroomError | None = None  # the newest error that was published with the work's last word

    def stop(self) -> None:
        """End the work that runs; what was complete stays."""
        self._stop.set()

    async def close(self) -> None:
        """Stop and wait for the thread, which must not outlive the program's store."""
        self.stop()
        async with self._turn:
            pass

    # ------------------------------------------------------------ wishes
    async def find(self, folder: Path | None = None) -> tuple[FoundModel, ...]:
        """Model files of other programs, or in a folder. Raises FileUnfit if that is none."""

        def look(stop: threading.Event, progress: Progress) -> tuple[FoundModel, ...]:
            return tuple(elsewhere.find(folder, installed=self._library.known(), stop=stop, progress=progress))

        return await self._work("find", folder.name if folder else "", look, otherwise=())

    async def add(self, path: Path) -> ModelId:
        """Take a model's file, all its parts, into the library; the id that it has there. Raises FetchError, ModelDamaged."""

        def take_in(stop: threading.Event, progress: Progress) -> ModelId:
            taken = importing.import_file(
                path,
                self._folder(),
                checksums=self._library.checksums,
                recognise=self._recognise,
                stop=stop,
                progress=progress,
            )
            return self._library.id_of(taken.file)

        return await self._work("import", path.name, take_in, otherwise=ModelId(path.stem))

    async def import_bundle(self, folder: Path) -> list[ModelId]:
        """Take in what was exported on another computer. Raises FetchError, ModelDamaged; complete models stay."""

        def take_in(stop: threading.Event, progress: Progress) -> list[ModelId]:
            taken = bundle.import_bundle(
                folder,
                self._folder(),
                checksums=self._library.checksums,
                recognise=self._recognise,
                stop=stop,
                progress=progress,
            )
            return [self._library.id_of(each.file) for each in taken]

        nothing: list[ModelId] = []
        return await self._work("import", folder.name, take_in, otherwise=nothing)

    async def export(self, models: Sequence[Model], folder: Path) -> None:
        """Write models and their checksums into a folder. Raises FetchError, ModelDamaged; complete models stay listed."""
        chosen = [bundle.ToExport(files_of(Path(each.file)), each.name, each.licence or "") for each in models]

        def write(stop: threading.Event, progress: Progress) -> None:
            bundle.export(chosen, folder, stop=stop, progress=progress)

        await self._work("export", folder.name, write, otherwise=None)

    async def verify(self, model: Model) -> ModelCheck | None:
        """Read a model's files and compare their checksums; None where the user stopped it. Raises FetchError."""

        def look(stop: threading.Event, progress: Progress) -> ModelCheck | None:
            return verifying.verify(model.id, files_of(Path(model.file)), self._library.checksums, stop=stop, progress=progress)

        return await self._work("verify", model.name, look, otherwise=None)

    def in_use(self, model: Model, *, chosen: ModelId | str | None, is_loaded: bool, even_if_used: bool) -> ModelInUse | None:
        """What keeps a model from being removed, if something does; `even_if_used`: only what the program itself needs."""
        needs = removing.depends_on(model, chosen=chosen, bundled=self._bundled)
        if (needs or is_loaded) and not (even_if_used and removing.can_be_removed(needs)):
            return ModelInUse(model.id, needs, is_loaded)
        return None

    async def remove(self, model: Model) -> None:
        """Delete the files of a model of the library. Raises FolderUnwritable."""
        if model.is_in_place:
            raise ValueError("a file that is used where it is belongs to somebody else")
        async with self._turn:
            await asyncio.to_thread(removing.remove, files_of(Path(model.file)), bundled=self._bundled)

    async def move(self, folder: Path, switch: Callable[[], None]) -> None:
        """Bring the library into another folder; `switch` makes that the library for good, on the thread of the work."""

        def bring(stop: threading.Event, progress: Progress) -> None:
            moving.move_library(
                self._folder(),
                folder,
                self._journal,
                switch=switch,
                checksums=self._library.checksums,
                stop=stop,
                progress=progress,
            )

        await self._work("move", folder.name, bring, otherwise=None)

    async def finish_earlier_move(self) -> None:
        """Empty the folder that an earlier run moved out of, if it could not."""
        await asyncio.to_thread(moving.finish, self._journal, in_use=self._folder())

    # ------------------------------------------------------------ one piece of work
    async def _work(
        self, work: Work, about: str, call: Callable[[threading.Event, Progress], Result], *, otherwise: Result
    ) -> Result:
        """Run `call` in a thread when its turn comes; `otherwise` is the result where the user stopped it."""
        async with self._turn:
            self._stop.clear()
            with self._telling(work, about) as progress, contextlib.suppress(Stopped):
                running = asyncio.create_task(asyncio.to_thread(call, self._stop, progress))
                try:
                    return await asyncio.shield(running)
                except asyncio.CancelledError:  # the program closes: end the thread before the store goes
                    self._stop.set()
                    await asyncio.wait([running])
                    raise
        return otherwise

    @contextlib.contextmanager
    def _telling(self, work: Work, about: str) -> Iterator[Progress]:
        """Publish how far it is, and one last word whatever happens."""
        loop = asyncio.get_running_loop()

        def progress(n_done: int, n_bytes: int) -> None:
            loop.call_soon_threadsafe(self._publish, LibraryProgress(work, about, n_done, n_bytes))

        error: StrongroomError | None = None
        try:
            yield progress
        except StrongroomError as problem:
            error = self.told = problem
            raise
        finally:
            loop.call_soon(self._publish, LibraryProgress(work, about, is_done=True, error=error))
