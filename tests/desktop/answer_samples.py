"""Answers with sentences and evidence for the tests of the Ask view; also a strategy for random ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import strategies as st

from engine.records import ConversationId, DocumentId, Evidence, Message, MessageId, Sentence, Verdict

LEASE = DocumentId("lease")
NOTICE = DocumentId("notice")
NAMES = {LEASE: "Lease, Unit 4.pdf", NOTICE: "Break notice, proof of delivery.pdf"}


def evidence(
    start: int = 0, page: int = 7, verdict: Verdict = "exact", document: DocumentId = LEASE, quote: str = "quoted"
) -> Evidence:
    return Evidence(
        document, NAMES[document], page, start, start + len(quote), quote, verdict, 100.0 if verdict == "exact" else 95.0
    )


def sentence(answer: str, words: str, *found: Evidence, supported: bool | None = None, text: str | None = None) -> Sentence:
    """The sentence that reads `words` in `answer`."""
    start = answer.index(words)
    carried = any(each.verdict in ("exact", "near") for each in found) if supported is None else supported
    return Sentence(start, start + len(words), text if text is not None else words, found, carried)


def answer(text: str, *sentences: Sentence, **more: object) -> Message:
    return Message(MessageId("a1"), ConversationId("c1"), "assistant", text, datetime.now(UTC), sentences, **more)  # type: ignore[arg-type]


def split(text: str) -> list[tuple[int, int]]:
    """Where sentences of a plain text start and end; enough for tests."""
    return [match.span() for match in re.finditer(r"[^\s.][^.]*\.", text)]


@st.composite
def checked_answers(draw: st.DrawFn) -> tuple[str, tuple[Sentence, ...]]:
    """Markdown with sentences in paragraphs, lists, tables and code, each with or without evidence."""
    words = st.sampled_from(["notice", "**six** months", "`rent`", "6.1", "the *tenant*", "29 March", "A & B", "x_y_z", "§ 4"])
    line = st.lists(words, min_size=1, max_size=6).map(lambda each: " ".join(each) + ".")
    lines = st.lists(line, min_size=1, max_size=3).map(" ".join)
    block = st.one_of(
        lines,
        st.lists(lines, min_size=1, max_size=3).map(lambda each: "\n".join(f"- {item}" for item in each)),
        st.lists(lines, min_size=1, max_size=3).map(lambda each: "\n".join(f"{n}. {item}" for n, item in enumerate(each, 1))),
        lines.map(lambda each: f"# {each}"),
        lines.map(lambda each: f"> {each}"),
        lines.map(lambda each: f"```\n{each}\n```"),
        st.tuples(line, line).map(lambda each: f"| {each[0]} | b |\n|---|---|\n| {each[1]} | d |"),
    )
    text = "\n\n".join(draw(st.lists(block, min_size=1, max_size=5)))
    sentences = []
    for start, end in split(text):
        spans = draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["exact", "near", "altered"])), max_size=2))
        found = tuple(evidence(start=place * 10, verdict=verdict) for place, verdict in spans)
        supported = any(each.verdict != "altered" for each in found)
        sentences.append(Sentence(start, end, text[start:end], found, supported, checkable=draw(st.booleans()) or bool(found)))
    return text, tuple(sentences)
