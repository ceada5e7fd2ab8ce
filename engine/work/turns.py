"""Questions and earlier turns in the store, as asking needs them. Runs on the store's threads."""

from __future__ import annotations

import uuid
from dataclasses import replace

from engine.errors import NotFound
from engine.intents import AskQuestion
from engine.records import Conversation, ConversationId, MatterId, Message, MessageId
from engine.store.store import Store
from engine.work.prompt import Turn


def store_question(store: Store, intent: AskQuestion) -> tuple[Conversation, Message]:
    """Keep a question before it is answered; a conversation is started where there is none. Raises NotFound."""
    conversations = store.matter(intent.matter).conversations
    if intent.conversation is None:
        conversation = conversations.create(title_of(intent.text))
    else:
        conversation = conversations.get(intent.conversation)
    if intent.replaces is not None:
        return conversation, _question_before(store, intent, conversation.id)
    return conversation, conversations.add_question(conversation.id, intent.text)


def store_answer(store: Store, intent: AskQuestion, answer: Message) -> None:
    """Keep an answer. One that replaces another has its id and stands in its place; the other is put aside only now."""
    conversations = store.matter(intent.matter).conversations
    for message in conversations.messages(answer.conversation):
        if message.id == intent.replaces:
            aside = replace(message, id=MessageId(uuid.uuid4().hex))
            conversations.put_answer(aside)
            conversations.put_aside(aside.id)
    conversations.put_answer(answer)


def _question_before(store: Store, intent: AskQuestion, conversation: ConversationId) -> Message:
    """The question that the answer to be replaced belongs to."""
    asked: Message | None = None
    for message in store.matter(intent.matter).conversations.messages(conversation):
        if message.id == intent.replaces and asked is not None:
            return asked
        if message.role == "user":
            asked = message
    raise NotFound("message", str(intent.replaces))


def earlier_turns(store: Store, matter: MatterId, conversation: ConversationId, question: MessageId) -> list[Turn]:
    """Complete question and answer pairs before the question that is being answered, oldest first."""
    turns: list[Turn] = []
    asked: str | None = None
    for message in store.matter(matter).conversations.messages(conversation):
        if message.id == question:
            break
        if message.role == "user":
            asked = message.text
        elif asked is not None and message.text and message.problem is None:
            turns.append(Turn(asked, message.text))
            asked = None
    return turns


def title_of(question: str) -> str:
    """A conversation's first title: the beginning of its first question, cut between words."""
    line = " ".join(question.split())
    if len(line) <= 60:
        return line
    return line[:60].rsplit(" ", 1)[0] + "…"
