"""What frames every screen, ready to show: matters, conversations, model, memory, speed, and what went wrong.

QtCore only: no widgets, no threads. It knows the engine by its intents and events.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop import figures, money, wording
from desktop.viewmodels.failed_model import failed_model
from desktop.viewmodels.matter_rows import MatterRows, rows_of
from desktop.wordings import ledger
from desktop.wordings.words import StatusWords, Words
from engine import compare_intents, events, intents, model_events, model_intents
from engine.ledger_events import MonthSaved
from engine.records import Conversation, ConversationId, Document, DocumentId, Matter, MatterId, Model, ModelState
from engine.settings import Settings


class EngineBridge(Protocol):
    """The two members of the bridge that view-models use."""

    happened: SignalInstance

    def submit(self, intent: intents.Intent) -> None: ...


class WindowModel(QObject):
    """`matter_changed`: another matter is shown, or none. `troubled` carries Words of a failure without a better place."""

    matters_changed = Signal()
    matter_changed = Signal()
    conversation_changed = Signal()
    status_changed = Signal()
    settings_changed = Signal(object)
    troubled = Signal(object)
    told = Signal(object)  # events that deserve a line, such as a finished export

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.matters: tuple[Matter, ...] = ()
        self.matter: Matter | None = None
        self.conversations: tuple[Conversation, ...] = ()
        self.conversation: ConversationId | None = None
        self.documents: dict[DocumentId, Document] = {}
        self.model_state = ModelState("none")
        self.memory = (0, 0)
        self.tokens_per_s: float | None = None
        self.saved: MonthSaved | None = None
        self.settings = Settings()
        self._models: tuple[Model, ...] = ()
        self.rows = MatterRows()
        self._asked_to_open: MatterId | None = None
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ wishes
    def create_matter(self, name: str) -> None:
        self._bridge.submit(intents.CreateMatter(name.strip()))

    def rename_matter(self, matter: MatterId, name: str) -> None:
        self._bridge.submit(intents.RenameMatter(matter, name.strip()))

    def delete_matter(self, matter: MatterId) -> None:
        self._bridge.submit(intents.DeleteMatter(matter))

    def mark_confidential(self, matter: MatterId, *, is_confidential: bool) -> None:
        """Let nothing of a matter be sent, or let it be again."""
        self._bridge.submit(compare_intents.MarkConfidential(matter, is_confidential))

    def open_matter(self, matter: MatterId) -> None:
        self._asked_to_open = matter
        self._bridge.submit(intents.OpenMatter(matter))

    def open_conversation(self, matter: MatterId, conversation: ConversationId) -> None:
        self._bridge.submit(intents.OpenConversation(matter, conversation))

    def rename_conversation(self, matter: MatterId, conversation: ConversationId, title: str) -> None:
        self._bridge.submit(intents.RenameConversation(matter, conversation, title.strip()))

    def delete_conversation(self, matter: MatterId, conversation: ConversationId) -> None:
        self._bridge.submit(intents.DeleteConversation(matter, conversation))

    def leave_conversation(self) -> None:
        """A new conversation is being written: none of the stored ones is current."""
        self.conversation = None
        self._refresh_rows()
        self.conversation_changed.emit()

    def change_text_size(self, per_cent: int) -> None:
        """Set the text size; values outside 90 to 200 go to the nearest end."""
        size = max(90, min(200, per_cent))
        if size != self.settings.text_size:
            self._bridge.submit(intents.ChangeSettings(self.settings.model_copy(update={"text_size": size})))

    def add_models(self, files: Iterable[Path]) -> None:
        """Take GGUF files into the library."""
        for file in files:
            self._bridge.submit(model_intents.AddModelFile(file))

    # ------------------------------------------------------------ ready to show
    @property
    def model_words(self) -> StatusWords:
        state = self.model_state
        if state.phase == "failed" and (model := failed_model(state, self.settings, self._models)) is not None:
            state = replace(state, name=model.name)
        return wording.model_state(state)

    @property
    def memory_words(self) -> str:
        used, total = self.memory
        return figures.memory(used, total) if total else ""

    @property
    def memory_share(self) -> float:
        used, total = self.memory
        return used / total if total else 0.0

    @property
    def speed_words(self) -> str:
        return figures.speed(self.tokens_per_s) if self.tokens_per_s else ""

    @property
    def saved_words(self) -> tuple[str, str]:
        """`Saved in November` and `€3.12`, or what the month cost beyond the API; empty until something is known."""
        saved = self.saved
        if saved is None or saved.net is None or not saved.n_items:
            return "", ""
        return ledger.in_status_bar(saved.net, saved.month), money.amount(abs(saved.net.mid), saved.currency)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.MattersChanged():
                self._take_matters(event.matters)
            case events.MatterOpened():
                self._take_matter(event)
            case events.ConversationsChanged() | events.ConversationOpened() | events.AnswerStarted():
                self._take_conversation(event)
            case events.DocumentChanged() if self.matter and event.document.matter == self.matter.id:
                self.documents[event.document.id] = event.document
            case events.DocumentRemoved():
                self.documents.pop(event.document, None)
            case events.SettingsChanged():
                self.settings = event.settings
                self.settings_changed.emit(event.settings)
            case events.Trouble():
                self.troubled.emit(_about(event))
            case events.ConversationExported() | model_events.ConnectionsExported():
                self.told.emit(event)
            case _:
                self._take_status(event)

    def _take_status(self, event: events.Event) -> None:
        match event:
            case events.ModelStateChanged():
                self.model_state = event.state
                self.tokens_per_s = event.state.tokens_per_s or self.tokens_per_s
            case events.ModelsListed():
                self._models = event.models
            case events.MemoryMeasured():
                self.memory = (event.used, event.total)
            case MonthSaved():
                self.saved = event
            case events.Finished() if event.answer.timings and event.answer.timings.decode_tokens_per_s:
                self.tokens_per_s = event.answer.timings.decode_tokens_per_s
            case _:
                return
        self.status_changed.emit()

    def _take_matters(self, matters: tuple[Matter, ...]) -> None:
        self.matters = matters
        known = {matter.id: matter for matter in matters}
        if self.matter is not None:
            still = known.get(self.matter.id)
            if still is None:
                self._forget_matter()
            elif still != self.matter:
                self.matter = still
                self.matter_changed.emit()
        if self.matter is None and matters and self._asked_to_open not in known:
            self.open_matter(matters[0].id)
        self._refresh_rows()

    def _take_matter(self, event: events.MatterOpened) -> None:
        self._asked_to_open = None
        self.matter = event.matter
        self.conversations = event.conversations
        self.conversation = None
        self.documents = {document.id: document for document in event.documents}
        self._refresh_rows()
        self.matter_changed.emit()
        self.conversation_changed.emit()

    def _take_conversation(self, event: events.Event) -> None:
        match event:
            case events.ConversationsChanged() if self.matter and event.matter == self.matter.id:
                self.conversations = event.conversations
            case events.ConversationOpened():
                self.conversation = event.conversation.id
            case events.AnswerStarted() if self.conversation in (None, event.conversation):  # else it was left meanwhile
                self.conversation = event.conversation
        self._refresh_rows()
        self.conversation_changed.emit()

    def _forget_matter(self) -> None:
        self.matter, self.conversation, self._asked_to_open = None, None, None
        self.conversations, self.documents = (), {}
        self.matter_changed.emit()

    def _refresh_rows(self) -> None:
        opened = self.matter.id if self.matter else None
        self.rows.show_rows(rows_of(self.matters, opened, self.conversations, self.conversation))
        self.matters_changed.emit()


def _about(event: events.Trouble) -> Words:
    words = wording.words_for(event.error)
    if event.about and event.about not in words.title:
        return replace(words, title=f"{event.about}: {words.title}")
    return words
