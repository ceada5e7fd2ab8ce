"""Messages between their records and their rows. Rows in and out of a session that others open."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal, cast

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from engine.records import (
    ConversationId,
    DocumentId,
    Evidence,
    Message,
    MessageId,
    Reading,
    Sentence,
    StopReason,
    Timings,
    Usage,
    Verdict,
)
from engine.store.matter_tables import EvidenceRow, MessageRow, SentenceRow

OF_MESSAGES = text("message IN (SELECT value FROM json_each(:messages))")
USAGE = ("prompt_tokens", "cached_tokens", "generated_tokens")
TIMINGS = ("ttft_s", "prefill_tokens_per_s", "decode_tokens_per_s", "total_s")
READING = ("n_documents", "n_passages", "n_passages_left_out", "n_turns_left_out", "quotes_only")


def keep(session: Session, message: Message) -> None:
    """Store a message; one with the same id is replaced where it stands."""
    values = _values(message)
    position = session.scalar(select(MessageRow.position).where(MessageRow.id == message.id))
    if position is None:
        session.execute(insert(MessageRow), [values])
    else:
        session.execute(update(MessageRow).where(MessageRow.position == position).values(**values))
        session.execute(delete(SentenceRow).where(SentenceRow.message == message.id))
    sentences = [_sentence_values(message.id, place, each) for place, each in enumerate(message.sentences)]
    if sentences:
        session.execute(insert(SentenceRow), sentences)
    evidence = [
        _evidence_values(message.id, sentence, place, each)
        for sentence, carried in enumerate(message.sentences)
        for place, each in enumerate(carried.evidence)
    ]
    if evidence:
        session.execute(insert(EvidenceRow), evidence)


def of_conversation(session: Session, conversation: str) -> list[Message]:
    """The messages in order, without those put aside."""
    wanted = select(MessageRow).where(MessageRow.conversation == conversation, MessageRow.aside.is_(False))
    rows = list(session.scalars(wanted.order_by(MessageRow.position)))
    sentences = _sentences(session, [row.id for row in rows])
    return [_message(row, sentences[row.id]) for row in rows]


def _sentences(session: Session, messages: Sequence[str]) -> defaultdict[str, list[Sentence]]:
    among = OF_MESSAGES.bindparams(messages=json.dumps(list(messages)))
    carrying: defaultdict[tuple[str, int], list[Evidence]] = defaultdict(list)
    order = (EvidenceRow.message, EvidenceRow.sentence, EvidenceRow.place)
    for row in session.scalars(select(EvidenceRow).where(among).order_by(*order)):
        carrying[row.message, row.sentence].append(_evidence(row))
    sentences: defaultdict[str, list[Sentence]] = defaultdict(list)
    for each in session.scalars(select(SentenceRow).where(among).order_by(SentenceRow.message, SentenceRow.place)):
        sentences[each.message].append(_sentence(each, tuple(carrying[each.message, each.place])))
    return sentences


def _values(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "conversation": message.conversation,
        "role": message.role,
        "text": message.text,
        "created": message.created,
        "aside": False,
        "model": message.model,
        "stop_reason": message.stop_reason,
        **_parts(message.usage, USAGE),
        **_parts(message.timings, TIMINGS),
        **_parts(message.reading, READING),
        "problem": message.problem,
        "problem_facts": message.problem_facts,
    }


def _parts(record: Usage | Timings | Reading | None, names: Sequence[str]) -> dict[str, Any]:
    return {name: None if record is None else getattr(record, name) for name in names}


def _sentence_values(message: str, place: int, sentence: Sentence) -> dict[str, Any]:
    return {
        "message": message,
        "place": place,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "supported": sentence.supported,
        "checkable": sentence.checkable,
        "unsupported_parts": list(sentence.unsupported_parts),
    }


def _evidence_values(message: str, sentence: int, place: int, evidence: Evidence) -> dict[str, Any]:
    return {"message": message, "sentence": sentence, "place": place, **vars(evidence)}


def _message(row: MessageRow, sentences: Sequence[Sentence]) -> Message:
    return Message(
        id=MessageId(row.id),
        conversation=ConversationId(row.conversation),
        role=cast(Literal["user", "assistant"], row.role),
        text=row.text,
        created=row.created,
        sentences=tuple(sentences),
        model=row.model,
        stop_reason=cast("StopReason | None", row.stop_reason),
        usage=None if row.prompt_tokens is None else Usage(**_read(row, USAGE)),
        timings=None if row.ttft_s is None else Timings(**_read(row, TIMINGS)),
        reading=None if row.n_documents is None else Reading(**_read(row, READING)),
        problem=row.problem,
        problem_facts=row.problem_facts,
    )


def _read(row: MessageRow, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _sentence(row: SentenceRow, evidence: tuple[Evidence, ...]) -> Sentence:
    return Sentence(
        start=row.start,
        end=row.end,
        text=row.text,
        evidence=evidence,
        supported=row.supported,
        checkable=row.checkable,
        unsupported_parts=tuple(row.unsupported_parts),
    )


def _evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        document=DocumentId(row.document),
        document_name=row.document_name,
        page=row.page,
        start=row.start,
        end=row.end,
        quote=row.quote,
        verdict=cast(Verdict, row.verdict),
        similarity=row.similarity,
    )
