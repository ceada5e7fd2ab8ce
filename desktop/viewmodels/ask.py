"""The open conversation, ready to show: questions, answers on their way, the draft, what may be asked and why not.

QtCore only: no widgets, no threads, and nothing of the engine beyond intents and events.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop import wording
from desktop.viewmodels.answers import Answers
from desktop.viewmodels.drafts import Drafts, Place
from desktop.viewmodels.exchange import Exchange, exchanges_of
from desktop.viewmodels.scope import Scope
from desktop.viewmodels.viewer import ViewerModel
from desktop.viewmodels.window_model import EngineBridge
from engine import events, intents
from engine.records import Conversation, DocumentId, Matter, Model, ModelId, ModelState
from engine.settings import Settings


class AskModel(QObject):
    """`opened`: other exchanges are shown. `answer_changed` carries the Exchange that got further."""

    changed = Signal()
    opened = Signal()
    draft_replaced = Signal()
    exchange_added = Signal(object)
    exchange_removed = Signal(object)
    answer_changed = Signal(object)
    announced = Signal(str)

    def __init__(self, bridge: EngineBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.matter: Matter | None = None
        self.conversation: Conversation | None = None
        self.exchanges: list[Exchange] = []
        self.scope = Scope()
        self.models: tuple[Model, ...] = ()
        self.model_state = ModelState("none")
        self.settings = Settings()
        self.reading: events.ReadingProgress | None = None
        self.viewer = ViewerModel(bridge)
        self._drafts = Drafts(bridge, self)
        self._answers = Answers(bridge, self)
        self._conversations: tuple[Conversation, ...] = ()
        self._answers.started.connect(self._start)
        self._answers.ended.connect(self._end)
        self._answers.got_further.connect(self._show_further)
        self._answers.sentence_checked.connect(self._announce)
        bridge.happened.connect(self._take)

    # ------------------------------------------------------------ asking
    @property
    def running(self) -> Exchange | None:
        """The exchange of this conversation that is being answered."""
        return next((each for each in self.exchanges if each.is_running), None)

    @property
    def why_not_ask(self) -> str:
        """Why the written question cannot be asked now; empty if it can."""
        if self.matter is None:
            return self.tr("Open a matter or add documents first")
        if self.running is not None:
            return self.tr("An answer is being written. Stop it, or wait until it is finished")
        if self.model_state.phase in ("none", "failed"):
            return self.model_problem or self.tr("No model is ready yet")
        if not self.draft.strip():
            return self.tr("Write a question first")
        return ""

    @property
    def model_problem(self) -> str:
        """Why the chosen model cannot answer, in one line; empty if it can or will."""
        state = self.model_state
        if state.phase != "failed":
            return ""
        return wording.model_state(state).text

    def ask(self) -> None:
        """Ask the draft about the chosen documents."""
        if self.why_not_ask or self.matter is None:
            return
        text = self.draft.strip()
        exchange = Exchange(self.matter.id, text, self.conversation.id if self.conversation else None)
        self._answers.ask(exchange, self.scope.documents, None)
        self._drafts.show_empty(self._place)
        self.exchanges.append(exchange)
        self.exchange_added.emit(exchange)
        self.draft_replaced.emit()
        self.changed.emit()

    def ask_again(self, exchange: Exchange) -> None:
        """Answer a question once more; the answer that was kept is put aside by the engine."""
        if self.running is not None or self.model_state.phase in ("none", "failed"):
            return
        replaces = exchange.answer.id if exchange.answer else None
        if replaces is None:  # nothing was kept that could be replaced: the question is asked as a new one
            self.exchanges.remove(exchange)
            self.exchange_removed.emit(exchange)
            exchange = Exchange(exchange.matter, exchange.question, exchange.conversation)
            self.exchanges.append(exchange)
            self._answers.ask(exchange, self.scope.documents, None)
            self.exchange_added.emit(exchange)
        else:
            self._answers.ask(exchange, self.scope.documents, replaces)
            self.answer_changed.emit(exchange)
        self.changed.emit()

    def stop(self) -> None:
        """Stop the answer of this conversation; what is written stays."""
        if self.running is not None:
            self._answers.stop(self.running)

    # ------------------------------------------------------------ the draft
    @property
    def _place(self) -> Place:
        assert self.matter is not None
        return self.matter.id, self.conversation.id if self.conversation else None

    @property
    def draft(self) -> str:
        return self._drafts.text(self._place) if self.matter else ""

    def write(self, text: str) -> None:
        """Note what the composer holds."""
        if self.matter is not None:
            self._drafts.write(self._place, text)
            self.changed.emit()

    def suggest(self, document: DocumentId, question: str) -> None:
        """Put a question about one document into the composer without asking it."""
        self.scope.only(document)
        self.write(question)
        self.draft_replaced.emit()

    # ------------------------------------------------------------ other wishes
    def new_conversation(self) -> None:
        """Leave the conversation; its answer goes on being written behind it."""
        self._drafts.flush()
        self._show(None, [])

    def choose_model(self, model: ModelId) -> None:
        self._bridge.submit(intents.ChooseModel(model))

    def choose_documents(self, document: DocumentId | None, *, included: bool) -> None:
        """Ask about this document too, or no longer; None asks about all."""
        if document is None:
            self.scope.choose_all()
        else:
            self.scope.choose(document, included=included)
        self.changed.emit()

    def export(self, file: Path) -> None:
        """Write the conversation with its sources to a file."""
        if self.matter is not None and self.conversation is not None:
            self._bridge.submit(intents.ExportConversation(self.matter.id, self.conversation.id, file))

    def open_citation(self, exchange: Exchange, number: int) -> bool:
        """Open the page of a source; False where the number has none."""
        source = exchange.citations.source(number)
        if source is None or source.evidence is None:
            return False
        self.viewer.open_source(exchange.matter, source, self.scope.record(source.evidence.document))
        return True

    # ------------------------------------------------------------ ready to show
    @property
    def title(self) -> str:
        return self.conversation.title if self.conversation else self.tr("New conversation")

    @property
    def chat_models(self) -> list[Model]:
        return [model for model in self.models if model.purpose != "embedding"]

    @property
    def model_name(self) -> str:
        return self.model_state.name or self.tr("No model")

    @property
    def model_starts(self) -> str:
        """What is said while an answer waits for its model; empty when it is there."""
        if self.model_state.phase in ("loading", "restarting"):
            return wording.model_state(self.model_state).text
        return ""

    @property
    def still_reading(self) -> str:
        """That answers do not know all documents yet; empty when they do."""
        n_ready, n_all = self.scope.n_ready, self.scope.n_all
        if self.reading is None or self.reading.n_total == 0 or n_ready >= n_all:
            return ""
        text = self.tr("Documents are still being read. Answers use what has been read so far: {n} of {total}.")
        return text.format(n=n_ready, total=n_all)

    # ------------------------------------------------------------ happenings
    def _take(self, event: events.Event) -> None:
        match event:
            case events.MatterOpened():
                self._open_matter(event)
            case events.MattersChanged():
                self._take_matters(event)
            case events.ConversationOpened() if self.matter and event.conversation.matter == self.matter.id:
                self._open_conversation(event)
            case events.ConversationsChanged() if self.matter and event.matter == self.matter.id:
                self._take_conversations(event.conversations)
            case events.SettingsChanged():
                self.settings = event.settings
            case events.ModelsListed():
                self.models = event.models
                self.changed.emit()
            case events.ModelStateChanged():
                self.model_state = event.state
                self.changed.emit()
            case _:
                self._take_documents(event)
                self._answers.take(event)

    def _open_matter(self, event: events.MatterOpened) -> None:
        same = self.matter is not None and self.matter.id == event.matter.id
        self._drafts.flush()
        self.matter = event.matter
        self.scope.show(event.documents, keep_choice=same)
        self._conversations = event.conversations
        self._drafts.learn((event.matter.id, None), event.draft)
        self.reading = self.reading if same else None
        self._show(None, [])

    def _take_matters(self, event: events.MattersChanged) -> None:
        if self.matter is None:
            return
        now = next((each for each in event.matters if each.id == self.matter.id), None)
        if now is None:
            self.matter = None
            self.scope.show((), keep_choice=False)
            self._show(None, [])
        elif now != self.matter:
            self.matter = now
            self.changed.emit()

    def _open_conversation(self, event: events.ConversationOpened) -> None:
        self._drafts.flush()
        conversation = event.conversation
        self._drafts.learn((conversation.matter, conversation.id), conversation.draft)
        exchanges = exchanges_of(conversation.matter, event.messages)
        self._answers.put_back(conversation.id, exchanges)
        self._show(conversation, exchanges)

    def _take_conversations(self, conversations: tuple[Conversation, ...]) -> None:
        self._conversations = conversations
        if self.conversation is None:
            return
        now = next((each for each in conversations if each.id == self.conversation.id), None)
        if now is None:
            self._show(None, [])
        else:
            self.conversation = now
            self.changed.emit()

    def _show(self, conversation: Conversation | None, exchanges: list[Exchange]) -> None:
        self.conversation = conversation
        self.exchanges = exchanges
        self.opened.emit()
        self.draft_replaced.emit()
        self.changed.emit()

    def _take_documents(self, event: events.Event) -> None:
        match event:
            case events.DocumentChanged() if self.matter and event.document.matter == self.matter.id:
                self.scope.take(event.document)
            case events.DocumentRemoved() if self.matter and event.matter == self.matter.id:
                self.scope.remove(event.document)
            case events.ReadingProgress() if self.matter and event.matter == self.matter.id:
                self.reading = event
            case _:
                return
        self.changed.emit()

    # ------------------------------------------------------------ answers
    def _show_further(self, exchange: Exchange) -> None:
        if exchange in self.exchanges:
            self.answer_changed.emit(exchange)

    def _start(self, started: tuple[Exchange, events.AnswerStarted]) -> None:
        """The question is stored: its draft is done with, and a new conversation has a name."""
        exchange, event = started
        written_as = exchange.conversation
        exchange.conversation, exchange.question_message = event.conversation, event.question
        self._drafts.drop((exchange.matter, written_as))
        if written_as is None and exchange in self.exchanges and self.conversation is None:
            now = event.question.created
            known = next((each for each in self._conversations if each.id == event.conversation), None)
            self.conversation = known or Conversation(event.conversation, exchange.matter, exchange.question, now, now)
            self.changed.emit()

    def _end(self, exchange: Exchange) -> None:
        if exchange.problem is not None and exchange.question_message is None:
            self._give_back(exchange)
        self.changed.emit()

    def _give_back(self, exchange: Exchange) -> None:
        """The question could not even be stored: its words return to the composer, before anything written since."""
        place = (exchange.matter, exchange.conversation)
        written = self._drafts.text(place)
        self._drafts.write(place, f"{exchange.question}\n{written}" if written else exchange.question)
        if self.matter is not None and place == self._place:
            self.draft_replaced.emit()

    def _announce(self, exchange: Exchange, text: str) -> None:
        if self.settings.announce_answers and exchange in self.exchanges:
            self.announced.emit(text)
