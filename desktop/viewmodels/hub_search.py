"""Looking for models on the hub: only after somebody asked, only while the lock is open, only with the words typed.

QtCore only. What came back stays until something else is searched for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath, PurePosixPath
from urllib.parse import urlsplit
from uuid import uuid4

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop import wording
from desktop.viewmodels.lock_gate import LockGate
from desktop.viewmodels.window_model import EngineBridge
from desktop.wordings.words import Words
from engine import events
from engine.intents import Intent
from engine.model_events import HubSearched, RepositoryShown
from engine.model_intents import LookAtRepository, SearchHub
from engine.model_records import FoundRepository, Offer, OfferedSize
from engine.records import Model, ModelId, RequestId
from engine.settings import HUGGING_FACE

translate = QCoreApplication.translate
_SHORTEST = 2  # characters worth asking a hub for


class HubSearch(QObject):
    """`changed`: the search or what it found; `looked`: a repository was looked at, or could not be (its name)."""

    changed = Signal()
    looked = Signal(str)

    def __init__(self, bridge: EngineBridge, gate: LockGate) -> None:
        super().__init__()
        self._gate = gate
        self._hub = HUGGING_FACE
        self._request: RequestId | None = None
        self._looking: dict[RequestId, str] = {}
        self.text = ""  # what was searched for
        self.is_searching = False
        self.is_answered = False
        self.found: tuple[FoundRepository, ...] = ()
        self.problem: Words | None = None
        self.offers: dict[str, Offer] = {}  # repositories that were looked at
        self.problems: dict[str, Words] = {}
        gate.sent.connect(self._note)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def search(self, typed: str) -> None:
        """Ask the hub for `typed`; the gate asks first where the lock is closed."""
        text = " ".join(typed.split())
        if len(text) >= _SHORTEST:
            sends = translate("models", "Only the words that you typed: “{text}”.").format(text=text)
            self._gate.wish(SearchHub(RequestId(uuid4().hex), text), sends)

    def look_at(self, repository: str) -> None:
        """Ask which sizes a repository has, and read the start of one file to know whether it fits."""
        sends = translate("models", "The name “{name}”, and a request for the first part of one of its files.")
        self._gate.wish(LookAtRepository(RequestId(uuid4().hex), repository), sends.format(name=repository))

    def _note(self, wish: Intent) -> None:
        """A wish went out, at once or after the lock was opened for it."""
        match wish:
            case SearchHub():
                self._request, self.text = wish.request, wish.text
                self.is_searching, self.is_answered, self.found, self.problem = True, False, (), None
                self.changed.emit()
            case LookAtRepository():
                self._looking[wish.request] = wish.repository
                self.problems.pop(wish.repository, None)
                self.looked.emit(wish.repository)

    # ------------------------------------------------------------ ready to show
    @property
    def host(self) -> str:
        """The host that would be asked."""
        return urlsplit(self._hub).netloc or self._hub

    @property
    def name(self) -> str:
        """`Hugging Face`, or the host of another hub."""
        return "Hugging Face" if self._hub == HUGGING_FACE else self.host

    def can_search(self, typed: str) -> bool:
        """Whether there is something to ask for that was not answered yet."""
        text = " ".join(typed.split())
        return len(text) >= _SHORTEST and not self.shows(typed)

    def shows(self, typed: str) -> bool:
        """Whether what was found, or is being looked for, answers to what stands in the field now."""
        return (self.is_searching or self.is_answered) and " ".join(typed.split()) == self.text

    def is_looking_at(self, repository: str) -> bool:
        return repository in self._looking.values()

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case HubSearched() if event.request == self._request:
                self._take_search(event)
            case RepositoryShown() if event.request in self._looking:
                self._take_repository(event)
            case events.ModelsListed():
                self.offers = {name: _as_here(offer, event.models) for name, offer in self.offers.items()}
            case events.SettingsChanged() if event.settings.hub != self._hub:
                self._hub = event.settings.hub
                self.changed.emit()

    def _take_search(self, event: HubSearched) -> None:
        self.is_searching = False
        if not self._gate.was_refused(event.error):
            self.is_answered = True
            self.found = event.repositories
            self.problem = wording.words_for(event.error) if event.error else None
        self.changed.emit()

    def _take_repository(self, event: RepositoryShown) -> None:
        del self._looking[event.request]
        if event.offer is not None:
            self.offers[event.repository] = event.offer
        elif event.error is not None and not self._gate.was_refused(event.error):
            self.problems[event.repository] = wording.words_for(event.error)
        self.looked.emit(event.repository)


def _as_here(offer: Offer, models: Iterable[Model]) -> Offer:
    """The same offer with the sizes marked that are on this computer now; the hub is not asked again for that.

    A size is here by its published checksum, or by where it came from and its name, though it was damaged since.
    """
    here: dict[tuple[str, str], ModelId] = {}
    for model in models:
        here[model.source.partition("@")[0].casefold(), PurePath(model.file).name] = model.id
        here["", model.sha256 or "?"] = model.id

    def held(size: OfferedSize) -> ModelId | None:
        first, repository = size.size.files[0], size.size.repository.casefold()
        return here.get(("", first.sha256 or "")) or here.get((repository, PurePosixPath(first.path).name))

    return replace(offer, sizes=tuple(replace(size, installed=held(size)) for size in offer.sizes))
