"""A service that is listened to: wishes in, the happenings of its thread kept in order and waited for."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.events import (
    AnswerGrew,
    DocumentChanged,
    Event,
    Failed,
    Finished,
    MatterOpened,
    ModelStateChanged,
    StoreNeedsKey,
    StoreOpened,
)
from engine.intents import AddDocuments, AskQuestion, Intent, UnlockStore
from engine.records import Document, MatterId, RequestId
from engine.service import Service, open_service

Kind = TypeVar("Kind", bound=Event)
LONG = 90.0  # seconds; other work on the machine slows a model down, a real fault ends the wait at once
SETTLED = ("ready", "needs_password", "no_text", "failed", "cancelled")


class Listening:
    """Starts a service on a profile and keeps everything it says."""

    def __init__(self, profile: Path) -> None:
        self.events: list[Event] = []
        self._came = threading.Condition()
        self.service: Service = open_service(str(profile), self._hear)
        self.service.start()

    def _hear(self, event: Event) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def submit(self, intent: Intent) -> None:
        self.service.submit(intent)

    def wait(self, kind: type[Kind], where: Callable[[Kind], bool] = lambda _: True, *, after: int = 0) -> Kind:
        """The first event of a kind from the `after`-th on; fails the test when it does not come."""
        end = time.monotonic() + LONG
        with self._came:
            while True:
                for event in self.events[after:]:
                    if isinstance(event, kind) and where(event):
                        return event
                left = end - time.monotonic()
                assert left > 0, f"no {kind.__name__} among {[type(each).__name__ for each in self.events[after:]]}"
                self._came.wait(left)

    def of(self, kind: type[Kind]) -> list[Kind]:
        with self._came:
            return [event for event in self.events if isinstance(event, kind)]

    def unlock(self, protection: str = "memory", passphrase: str = "") -> None:
        """Open the store, whatever the start could do by itself, and wait for the model."""
        self.wait(StoreNeedsKey)
        self.submit(UnlockStore(protection, passphrase))  # type: ignore[arg-type]
        self.wait(StoreOpened)
        self.wait(ModelStateChanged, lambda event: event.state.phase == "ready")

    def add(self, *paths: Path, matter: MatterId | None = None, indexed: bool = True) -> list[Document]:
        """Add files and wait until each is settled, or with `indexed` False at least read; their documents as they are then."""
        enough = SETTLED if indexed else (*SETTLED, "indexing")
        after = len(self.events)
        self.submit(AddDocuments(matter, paths))
        if matter is None:
            matter = self.wait(MatterOpened, after=after).matter.id
        documents = []
        for path in paths:
            changed = self.wait(
                DocumentChanged,
                lambda each, p=path: each.document.name == p.name and each.document.status in enough,
                after=after,
            )
            documents.append(changed.document)
        return documents

    def ask(self, matter: MatterId, text: str, **more: object) -> RequestId:
        request = RequestId(uuid.uuid4().hex)
        self.submit(AskQuestion(request, matter, text, **more))  # type: ignore[arg-type]
        return request

    def last_word(self, request: RequestId) -> Finished | Failed:
        return self.wait(Finished | Failed, lambda event: event.request == request)  # type: ignore[arg-type]

    def words(self, request: RequestId) -> str:
        return "".join(event.text for event in self.of(AnswerGrew) if event.request == request)

    def close(self) -> None:
        self.service.close()
