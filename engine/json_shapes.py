"""The JSON shapes of the command line: records in, plain values out. The field names are a contract with scripts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from engine.records import Document, FoundPassage, Message, Model, PageCoverage, Sentence, Timings, Usage

Json = dict[str, Any]


def model_json(model: Model) -> Json:
    """A model file with whether it fits into the memory that is free now."""
    return {
        "id": model.id,
        "name": model.name,
        "file": model.file,
        "bytes": model.n_bytes,
        "sha256": model.sha256,
        "quantisation": model.quantisation,
        "parameters": model.n_parameters,
        "context_length": model.context_length,
        "licence": model.licence,
        "purpose": model.purpose,
        "note": model.note,
        "problem": {"kind": model.problem, "facts": model.problem_facts} if model.problem else None,
        "fit": dataclasses.asdict(model.fit),
    }


def document_json(document: Document, pages: Sequence[PageCoverage]) -> Json:
    """A document with how each of its pages was read."""
    problem = {"kind": document.problem, "facts": document.problem_facts} if document.problem else None
    return {
        "id": document.id,
        "name": document.name,
        "matter": document.matter,
        "media_type": document.media_type,
        "bytes": document.n_bytes,
        "sha256": document.sha256,
        "added": document.added.isoformat(),
        "status": document.status,
        "problem": problem,
        "n_passages": document.n_passages,
        "n_indexed": document.n_indexed,
        "pages": [page_json(each) for each in pages],
    }


def page_json(page: PageCoverage) -> Json:
    """How one page was read."""
    return {"number": page.number, "source": page.source, "characters": page.characters, "confidence": page.confidence}


def passage_json(found: FoundPassage, names: dict[str, str]) -> Json:
    """A found passage with its place."""
    passage = found.passage
    return {
        "document": passage.document,
        "name": names.get(passage.document, ""),
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "text": passage.text,
        "score": found.score,
    }


def answer_json(answer: Message) -> Json:
    """An answer with every sentence and its evidence."""
    return {
        "answer": answer.text,
        "sentences": [sentence_json(each) for each in answer.sentences],
        "conversation": answer.conversation,
        "model": answer.model,
        "stop_reason": answer.stop_reason,
        "reading": dataclasses.asdict(answer.reading) if answer.reading else None,
        "usage": usage_json(answer.usage),
        "timings": timings_json(answer.timings),
    }


def sentence_json(sentence: Sentence) -> Json:
    """A sentence and what carries it."""
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "checkable": sentence.checkable,
        "supported": sentence.supported,
        "unsupported_parts": list(sentence.unsupported_parts),
        "evidence": [
            {
                "document": each.document,
                "name": each.document_name,
                "page": each.page,
                "start": each.start,
                "end": each.end,
                "quote": each.quote,
                "verdict": each.verdict,
                "similarity": each.similarity,
            }
            for each in sentence.evidence
        ],
    }


def usage_json(usage: Usage | None) -> Json | None:
    """Token counts, or None."""
    return dataclasses.asdict(usage) if usage else None


def timings_json(timings: Timings | None) -> Json | None:
    """Seconds and rates, or None."""
    return dataclasses.asdict(timings) if timings else None
