"""Answers on their way, whichever conversation is shown: each event goes to its exchange until the last word.

QtCore only. Knows exchanges and requests; nothing of drafts, of what is on the screen or of wording.
"""

from __future__ import annotations

import uuid

from PySide6.QtCore import QObject, Signal

from desktop.viewmodels.exchange import Exchange
from desktop.viewmodels.window_model import EngineBridge
from engine import events
from engine.intents import AskQuestion, StopReply
from engine.records import ConversationId, DocumentId, MessageId, RequestId


class Answers(QObject):
    """All signals carry the Exchange. `ended` comes once for each, `got_further` after every event of it."""

    started = Signal(object)
    got_further = Signal(object)
    ended = Signal(object)
    sentence_checked = Signal(object, str)

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._running: dict[RequestId, Exchange] = {}

    def ask(self, exchange: Exchange, documents: tuple[DocumentId, ...] | None, replaces: MessageId | None) -> None:
        """Have a question answered, about these documents or all; `replaces` is the answer to put aside."""
        request = RequestId(uuid.uuid4().hex)
        exchange.begin(request)
        self._running[request] = exchange
        wish = AskQuestion(request, exchange.matter, exchange.question, exchange.conversation, documents, replaces)
        self._bridge.submit(wish)

    def stop(self, exchange: Exchange) -> None:
        """End an answer where it is; what is written stays."""
        if exchange.request is not None:
            self._bridge.submit(StopReply(exchange.request))

    def put_back(self, conversation: ConversationId, exchanges: list[Exchange]) -> None:
        """Let answers that are still being written take the places of their stored questions."""
        for running in self._running.values():
            if running.conversation == conversation:
                _put_back(exchanges, running)

    def take(self, event: events.Event) -> None:
        """Pass an event on to the exchange that it belongs to; events of other requests change nothing."""
        request: RequestId | None = getattr(event, "request", None)
        exchange = self._running.get(request) if request is not None else None
        if exchange is None:
            return
        match event:
            case events.AnswerStarted():
                self.started.emit((exchange, event))
            case events.AnswerProgress():
                exchange.progress.take(event)
            case events.AnswerGrew():
                exchange.grow(event.text)
            case events.SentenceChecked():
                exchange.check(event.sentence)
                self.sentence_checked.emit(exchange, event.sentence.text)
            case events.Finished():
                self._end(exchange, event)
            case events.Failed():
                self._end(exchange, event)
        self.got_further.emit(exchange)

    def _end(self, exchange: Exchange, event: events.Finished | events.Failed) -> None:
        del self._running[event.request]
        if isinstance(event, events.Finished):
            exchange.end(event.answer)
        else:
            exchange.end(event.answer, (event.error.kind, event.error.facts))
        self.ended.emit(exchange)


def _put_back(exchanges: list[Exchange], running: Exchange) -> None:
    for at, exchange in enumerate(exchanges):
        stored, asked = exchange.question_message, running.question_message
        if stored is not None and asked is not None and stored.id == asked.id:
            exchanges[at] = running
            return
    exchanges.append(running)
