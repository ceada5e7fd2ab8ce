"""The JSON shapes of the command line: records in, plain values out. The field names are a contract with scripts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from engine.model_records import Download, FoundModel, FoundRepository, Offer, OfferedSize, RemoteFile
from engine.network_records import Connection, NetworkState
from engine.records import Document, Fit, FoundPassage, Message, Model, PageCoverage, Sentence, Timings, Usage

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
        "source": model.source,
        "in_place": model.is_in_place,
        "verified": model.is_verified,
        "fit": fit_json(model.fit),
    }


def fit_json(fit: Fit) -> Json:
    """A fit with the sum that it follows from, in bytes."""
    return dataclasses.asdict(fit) | {"sum": dataclasses.asdict(fit.sum) if fit.sum else None}


def offer_json(offer: Offer) -> Json:
    """A model that can be downloaded, with every size; `id` with `:` and a size's `quantisation` names one to download."""
    model, licence = offer.model, offer.model.licence
    return {
        "id": model.id,
        "name": model.name,
        "publisher": model.publisher,
        "purpose": model.purpose,
        "good_for": model.good_for,
        "parameters": model.n_parameters,
        "active_parameters": model.n_active_parameters,
        "architecture": model.architecture,
        "context_length": model.context_length,
        "languages": list(model.languages),
        "licence": licence.id if licence else None,
        "licence_plain": licence.plain if licence else None,
        "at_work": licence.at_work if licence else None,
        "released": model.released,
        "gated": model.gated,
        "note": model.note,
        "advised": offer.advised,
        "sizes": [size_json(size) for size in offer.sizes],
    }


def size_json(offered: OfferedSize) -> Json:
    """One size of an offered model, whether it fits and which files it is made of."""
    size = offered.size
    return {
        "quantisation": size.key,
        "kind": size.kind,
        "repository": size.repository,
        "revision": size.revision,
        "bytes": size.n_bytes,
        "listed_bytes": size.listed_bytes,
        "sha256": size.files[0].sha256 if len(size.files) == 1 else None,
        "confirmed": size.is_confirmed,
        "files": [file_json(file) for file in size.files],
        "vision": file_json(size.vision) if size.vision else None,
        "installed": offered.installed,
        "at_least_bytes": offered.at_least_bytes,
        "fit": fit_json(offered.fit),
    }


def file_json(file: RemoteFile) -> Json:
    """A file of a repository."""
    return {"path": file.path, "bytes": file.n_bytes, "sha256": file.sha256}


def repository_json(found: FoundRepository) -> Json:
    """A repository that the hub named."""
    return {
        "id": found.id,
        "downloads": found.n_downloads,
        "updated": found.updated.isoformat() if found.updated else None,
        "licence": found.licence.id if found.licence else None,
        "at_work": found.licence.at_work if found.licence else None,
        "gated": found.gated,
        "tags": list(found.tags),
    }


def download_json(download: Download) -> Json:
    """A download and how far it is."""
    return dataclasses.asdict(download)


def found_json(found: FoundModel) -> Json:
    """A model file that another program has, or a folder."""
    return {
        "file": found.path,
        "name": found.name,
        "bytes": found.n_bytes,
        "of": found.of,
        "sha256": found.sha256,
        "installed": found.installed,
    }


def connection_json(connection: Connection) -> Json:
    """A connection of the network log."""
    return dataclasses.asdict(connection) | {"time": connection.time.isoformat()}


def network_json(state: NetworkState) -> Json:
    """The offline lock."""
    return {
        "closed": state.is_closed,
        "open_purposes": list(state.open_purposes),
        "since": state.since.isoformat() if state.since else None,
        "hosts": {purpose: list(hosts) for purpose, hosts in state.hosts},
        "proxy": state.proxy,
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
