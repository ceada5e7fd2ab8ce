from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.records import (
    ConversationId,
    Document,
    DocumentId,
    Evidence,
    Message,
    MessageId,
    Reading,
    Sentence,
    Timings,
    Usage,
)
from engine.store.matter_store import MatterStore

NOWHERE = ConversationId("0" * 32)


def answer_to(conversation: ConversationId, text: str = "Two per cent. Capped at ten.") -> Message:
    evidence = Evidence(DocumentId("d" * 32), "contract.pdf", 12, 30, 44, "two per cent", "exact", 100.0)
    near = replace(evidence, verdict="near", similarity=93.5, quote="ten\x00 percent")
    return Message(
        id=MessageId(f"answer to {conversation}"),
        conversation=conversation,
        role="assistant",
        text=text,
        created=datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC),
        sentences=(
            Sentence(0, 13, "Two per cent.", (evidence, near), supported=True),
            Sentence(14, 28, "Capped at ten.", (), checkable=True, unsupported_parts=("ten", "capped")),
            Sentence(28, 28, "", (), checkable=False),
        ),
        model="SmolLM2-135M-Instruct",
        stop_reason="end_of_text",
        usage=Usage(812, 300, 17),
        timings=Timings(0.81, 237.5, 92.25, 1.5),
        reading=Reading(2, 9, 1, 3),
    )


def test_a_conversation_keeps_its_messages_in_order(matter: MatterStore) -> None:
    conversation = matter.conversations.create("What is the penalty?")
    question = matter.conversations.add_question(conversation.id, "What is the penalty?")
    answer = answer_to(conversation.id)
    matter.conversations.put_answer(answer)
    second = matter.conversations.add_question(conversation.id, "And its cap?")
    assert matter.conversations.messages(conversation.id) == [question, answer, second]
    assert (question.role, question.text) == ("user", "What is the penalty?")


def test_an_answer_that_failed_keeps_why(matter: MatterStore) -> None:
    conversation = matter.conversations.create("t")
    failed = Message(
        MessageId("m"),
        conversation.id,
        "assistant",
        "Two per",
        datetime.now(UTC),
        problem="worker_died",
        problem_facts={"worker": "chat", "exit_code": -9, "restarting": True},
    )
    matter.conversations.put_answer(failed)
    assert matter.conversations.messages(conversation.id) == [failed]


def test_an_answer_stored_again_replaces_itself_where_it_stands(matter: MatterStore) -> None:
    conversation = matter.conversations.create("t")
    matter.conversations.put_answer(answer_to(conversation.id))
    later = matter.conversations.add_question(conversation.id, "And?")
    grown = replace(answer_to(conversation.id, "Three."), sentences=(Sentence(0, 6, "Three."),))
    matter.conversations.put_answer(grown)
    assert matter.conversations.messages(conversation.id) == [grown, later]


def test_an_answer_put_aside_is_not_shown(matter: MatterStore) -> None:
    conversation = matter.conversations.create("t")
    question = matter.conversations.add_question(conversation.id, "?")
    matter.conversations.put_answer(answer_to(conversation.id))
    matter.conversations.put_aside(answer_to(conversation.id).id)
    assert matter.conversations.messages(conversation.id) == [question]
    with pytest.raises(NotFound) as missing:
        matter.conversations.put_aside(MessageId("nowhere"))
    assert missing.value.what == "message"


def test_an_answer_outlives_the_document_it_stands_on(matter: MatterStore, document: Document) -> None:
    conversation = matter.conversations.create("t")
    answer = answer_to(conversation.id)
    matter.conversations.put_answer(answer)
    matter.documents.remove(document.id)
    assert matter.conversations.messages(conversation.id) == [answer]


# ---------------------------------------------------------------- the list
def test_the_conversation_written_to_last_comes_first(matter: MatterStore) -> None:
    older, newer = matter.conversations.create("older"), matter.conversations.create("newer")
    assert [each.id for each in matter.conversations.list()] == [newer.id, older.id]
    matter.conversations.add_question(older.id, "?")
    assert [each.id for each in matter.conversations.list()] == [older.id, newer.id]


def test_a_conversation_can_be_renamed(matter: MatterStore) -> None:
    conversation = matter.conversations.create("t")
    matter.conversations.rename(conversation.id, "Pönale \ud83d")
    assert matter.conversations.get(conversation.id) == replace(conversation, title="Pönale \ufffd")


def test_a_deleted_conversation_is_gone_with_its_messages(matter: MatterStore) -> None:
    gone, kept = matter.conversations.create("gone"), matter.conversations.create("kept")
    matter.conversations.put_answer(answer_to(gone.id))
    matter.conversations.put_answer(answer_to(kept.id))
    matter.conversations.delete(gone.id)
    assert matter.conversations.list()[0].title == "kept"
    assert matter.conversations.messages(kept.id) == [answer_to(kept.id)]
    with matter._database.read() as session:
        counts = [
            session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("messages", "sentences", "evidence")
        ]
    assert counts == [1, 3, 2]


# ---------------------------------------------------------------- drafts
def test_drafts_are_kept_for_each_conversation_and_for_the_next(matter: MatterStore) -> None:
    conversation = matter.conversations.create("t")
    assert matter.conversations.draft() == "" == matter.conversations.draft(conversation.id)
    matter.conversations.set_draft(None, "a new on")
    matter.conversations.set_draft(None, "a new one")
    matter.conversations.set_draft(conversation.id, "and the cap")
    assert matter.conversations.draft() == "a new one"
    assert matter.conversations.draft(conversation.id) == "and the cap"
    assert matter.conversations.list()[0].draft == "and the cap"


@pytest.mark.parametrize(
    "call",
    [
        lambda conversations: conversations.get(NOWHERE),
        lambda conversations: conversations.rename(NOWHERE, "t"),
        lambda conversations: conversations.delete(NOWHERE),
        lambda conversations: conversations.messages(NOWHERE),
        lambda conversations: conversations.add_question(NOWHERE, "?"),
        lambda conversations: conversations.put_answer(answer_to(NOWHERE)),
        lambda conversations: conversations.draft(NOWHERE),
        lambda conversations: conversations.set_draft(NOWHERE, "t"),
    ],
)
def test_a_conversation_that_is_not_there_is_said(matter: MatterStore, call: Callable[[object], object]) -> None:
    with pytest.raises(NotFound) as missing:
        call(matter.conversations)
    assert (missing.value.what, missing.value.name) == ("conversation", NOWHERE)


# ---------------------------------------------------------------- any answer at all
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FLOAT = st.floats(0, 1e6)
EVIDENCE = st.builds(
    Evidence,
    TEXT.map(DocumentId),
    TEXT,
    st.integers(1, 9999),
    st.integers(0, 9999),
    st.integers(0, 9999),
    TEXT,
    st.sampled_from(["exact", "near", "altered", "not_found"]),
    FLOAT,
)
SENTENCE = st.builds(
    Sentence,
    st.integers(0, 9999),
    st.integers(0, 9999),
    TEXT,
    st.lists(EVIDENCE, max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
    st.lists(TEXT, max_size=3).map(tuple),
)
COUNT = st.integers(0, 2**40)
ANSWER = st.builds(
    Message,
    id=st.uuids().map(lambda number: MessageId(number.hex)),
    conversation=st.just(NOWHERE),
    role=st.just("assistant"),
    text=TEXT,
    created=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    sentences=st.lists(SENTENCE, max_size=4).map(tuple),
    model=TEXT,
    stop_reason=st.sampled_from([None, "end_of_text", "stop_word", "token_limit", "cancelled"]),
    usage=st.none() | st.builds(Usage, COUNT, COUNT, COUNT),
    timings=st.none() | st.builds(Timings, FLOAT, FLOAT, FLOAT, FLOAT),
    reading=st.none() | st.builds(Reading, COUNT, COUNT, COUNT, COUNT),
    problem=st.none() | TEXT,
    problem_facts=st.none() | st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | TEXT, max_size=3),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANSWER)
def test_every_answer_comes_back_as_it_was(matter: MatterStore, answer: Message) -> None:
    conversation = matter.conversations.create("t")
    stored = replace(answer, conversation=conversation.id)
    matter.conversations.put_answer(stored)
    assert matter.conversations.messages(conversation.id) == [stored]
