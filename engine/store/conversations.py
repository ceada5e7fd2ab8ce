"""The conversations of a matter: titles, questions, answers and what is being written."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.records import Conversation, ConversationId, MatterId, Message, MessageId
from engine.store import messages as message_rows
from engine.store.database import Database
from engine.store.matter_tables import ConversationRow, MessageRow, NextDraftRow

THE_ROW = 1


class StoredConversations:
    """The conversations of one matter."""

    def __init__(self, database: Database, matter: MatterId) -> None:
        self._database = database
        self._matter = matter

    def create(self, title: str) -> Conversation:
        """Start a conversation. Raises DiskFull."""
        now = datetime.now(UTC)
        conversation = ConversationId(uuid.uuid4().hex)
        with self._database.write() as session:
            session.add(ConversationRow(id=conversation, title=title, created=now, updated=now, draft=""))
        return self.get(conversation)

    def get(self, conversation: ConversationId) -> Conversation:
        """One conversation. Raises NotFound."""
        with self._database.read() as session:
            return self._record(_existing(session, conversation))

    def list(self) -> list[Conversation]:
        """All conversations, the one written to last first."""
        with self._database.read() as session:
            order = (ConversationRow.updated.desc(), ConversationRow.created.desc())
            return [self._record(row) for row in session.scalars(select(ConversationRow).order_by(*order))]

    def rename(self, conversation: ConversationId, title: str) -> None:
        """Give a conversation another title. Raises NotFound."""
        with self._database.write() as session:
            _existing(session, conversation).title = title

    def delete(self, conversation: ConversationId) -> None:
        """Remove a conversation with its messages. Raises NotFound."""
        with self._database.write() as session:
            _existing(session, conversation)
            session.execute(delete(ConversationRow).where(ConversationRow.id == conversation))
        self._database.checkpoint()

    # ------------------------------------------------------------ messages
    def messages(self, conversation: ConversationId) -> Sequence[Message]:
        """Questions and answers in order, without those put aside. Raises NotFound."""
        with self._database.read() as session:
            _existing(session, conversation)
            return message_rows.of_conversation(session, conversation)

    def add_question(self, conversation: ConversationId, text: str) -> Message:
        """Keep a question at the end of a conversation. Raises NotFound, DiskFull."""
        question = Message(MessageId(uuid.uuid4().hex), conversation, "user", text, datetime.now(UTC))
        self._keep(question)
        return question

    def put_answer(self, answer: Message) -> None:
        """Keep an answer with its sentences and their evidence, in place of one with the same id. Raises NotFound, DiskFull."""
        self._keep(answer)

    def put_aside(self, message: MessageId) -> None:
        """Hide an answer that another one replaces; it stays in the store. Raises NotFound."""
        with self._database.write() as session:
            if session.scalar(select(MessageRow.position).where(MessageRow.id == message)) is None:
                raise NotFound("message", message)
            session.execute(update(MessageRow).where(MessageRow.id == message).values(aside=True))

    # ------------------------------------------------------------ drafts
    def draft(self, conversation: ConversationId | None = None) -> str:
        """What is being written in a conversation, or for the next new one (None). Raises NotFound."""
        with self._database.read() as session:
            if conversation is not None:
                return _existing(session, conversation).draft
            row = session.get(NextDraftRow, THE_ROW)
            return "" if row is None else row.text

    def set_draft(self, conversation: ConversationId | None, text: str) -> None:
        """Remember what is being written, as in `draft`. Raises NotFound, DiskFull."""
        with self._database.write() as session:
            if conversation is None:
                session.merge(NextDraftRow(id=THE_ROW, text=text))
            else:
                _existing(session, conversation).draft = text

    def _keep(self, message: Message) -> None:
        with self._database.write() as session:
            row = _existing(session, message.conversation)
            message_rows.keep(session, message)
            row.updated = datetime.now(UTC)

    def _record(self, row: ConversationRow) -> Conversation:
        return Conversation(
            id=ConversationId(row.id),
            matter=self._matter,
            title=row.title,
            created=row.created,
            updated=row.updated,
            draft=row.draft,
        )


def _existing(session: Session, conversation: str) -> ConversationRow:
    row = session.get(ConversationRow, conversation)
    if row is None:
        raise NotFound("conversation", conversation)
    return row
