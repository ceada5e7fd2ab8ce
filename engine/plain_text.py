"""The verbs' results as plain text for a terminal. Errors are in error_sentences, the window's words in desktop/wordings/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.compare_text import COMPARE_RENDERERS
from engine.error_sentences import sentence_for
from engine.ledger_text import LEDGER_RENDERERS
from engine.terminal import json_text, shown

__all__ = ["as_text", "json_text", "sentence_for", "shown"]

Json = dict[str, Any]


def as_text(verb: str, result: Json) -> str:
    """The result of a verb for people."""
    return shown(_RENDERERS[verb](result))


def _doctor(report: Json) -> str:
    lines = []
    for part in ("hardware", "engine", "sandbox", "store", "keyring", "libraries"):
        lines.append(f"{part}:")
        lines += [f"  {name}: {_value(value)}" for name, value in report[part].items()]
    problems = report["problems"]
    lines += ["problems:", *(f"  {problem}" for problem in problems)] if problems else ["No problems found."]
    return "\n".join(lines)


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


FITS = {
    "fits_well": "fits well",
    "tight": "tight fit",
    "slow": "fits, slow",
    "does_not_fit": "does not fit",
    "unknown": "fit not known before its header is read",
}


def _models(result: Json) -> str:
    if "removed" in result:
        return f"Removed {result['removed']['id']}."
    if "check" in result:
        return f"{result['check']['model']} is sound: {result['check']['sha256']}"
    if "bundle" in result:
        return f"Written to {result['bundle']['folder']}."
    if "found" in result:
        lines = [f"{each['file']}\n  {each['name']}, {_size(each['bytes'])}, {each['of']}" for each in result["found"]]
        return "\n".join(lines) or "Nothing found."
    return "\n".join(_model(model) for model in result["models"]) or "No models."


def _model(model: Json) -> str:
    if "sizes" in model:
        about = f"{model['id']}\n  {model['name']}. {model['good_for']} {model['licence'] or 'Licence not stated'}."
        return "\n".join([about, *(_offered(model["id"], size) for size in model["sizes"])])
    if "downloads" in model:
        gated = ", sign in first" if model["gated"] else ""
        return f"{model['id']}\n  {model['downloads']} downloads, {model['licence'] or 'licence not stated'}{gated}"
    problem = f", {model['problem']['kind']}" if model["problem"] else ""
    licence = model["licence"] or "licence not stated"
    return f"{model['id']}\n  {model['name']}, {_size(model['bytes'])}, {licence}, {_fit(model['fit'])}{problem}"


def _offered(model: str, size: Json) -> str:
    confirmed = "" if size["confirmed"] else ", checksum comes from the hub"
    n_bytes = size["bytes"] or size["listed_bytes"]
    return f"  {model}:{size['quantisation']}  {_size(n_bytes)}, {_fit(size['fit'])}{confirmed}"


def _fit(fit: Json) -> str:
    needed = f" ({_size(fit['needed_bytes'])} of {_size(fit['free_bytes'])} free)" if fit["needed_bytes"] else ""
    return FITS[fit["verdict"]] + needed


def _size(n_bytes: int | None) -> str:
    if n_bytes is None:
        return "size not known"
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"


def _privacy(result: Json) -> str:
    if "attestation" in result:
        return json_text(result["attestation"])
    if "network" in result:
        purposes = ", ".join(result["network"]["open_purposes"])
        return f"Open for: {purposes}." if purposes else "The offline lock is closed. Nothing leaves this computer."
    lines = [_connection(each) for each in result["connections"]]
    return "\n".join(lines) or "No connection has been opened."


def _connection(each: Json) -> str:
    about = f"{each['purpose'] or 'no purpose'}: {each['about']}"
    amounts = f"{each['sent']} bytes sent, {each['received']} received"
    why = f" ({each['reason']})" if each["reason"] else ""
    return f"{each['time']}  {each['host']}  {about}  {amounts}  {each['outcome']}{why}"


def _documents(result: Json) -> str:
    if "passages" in result:
        return (
            "\n\n".join(f"{each['name']}, page {each['page']}\n{each['text'].strip()}" for each in result["passages"])
            or "Nothing found."
        )
    if "removed" in result:
        return f"Removed {result['removed']['name']}."
    if "matter" not in result:
        return "\n".join(_document(each) for each in result["documents"])
    lines = [_document_line(each) for each in result["documents"]]
    lines += [f"{each['name']}: not added ({each['error']['kind']})" for each in result.get("refused", [])]
    return "\n".join(lines) or "No documents."


def _document_line(document: Json) -> str:
    problem = f" ({document['problem']['kind']})" if document["problem"] else ""
    return f"{document['id']}  {document['name']}, {len(document['pages'])} pages, {document['status']}{problem}"


def _document(document: Json) -> str:
    pages = [f"  page {each['number']}: {each['source']}, {each['characters']} characters" for each in document["pages"]]
    return "\n".join([_document_line(document), *pages])


def _ask(result: Json) -> str:
    lines = [result["answer"].strip(), ""]
    for sentence in result["sentences"]:
        if not sentence["checkable"]:
            continue
        if not sentence["evidence"]:
            lines.append(f"[not found] {sentence['text'].strip()}")
        for each in sentence["evidence"]:
            lines.append(
                f"[{each['verdict'].replace('_', ' ')}] {each['name']}, page {each['page']}: “{' '.join(each['quote'].split())}”"
            )
    return "\n".join(lines)


def _chat(result: Json) -> str:
    return str(result["text"]).strip()


_RENDERERS: dict[str, Callable[[Json], str]] = {
    "doctor": _doctor,
    "models": _models,
    "documents": _documents,
    "ask": _ask,
    "chat": _chat,
    "privacy": _privacy,
    **COMPARE_RENDERERS,
    **LEDGER_RENDERERS,
}
