"""The verbs' results and errors as plain text for a terminal. The window's words are in desktop/wording.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.errors import StrongroomError

Json = dict[str, Any]
# Controls of terminals, reversed writing, halves of characters: what documents and models say must not act on a terminal.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

SENTENCES: dict[str, str] = {
    "model_missing": "There is no model {model!r} on this computer. `strongroom models list` shows those there are.",
    "model_damaged": "The model {model} cannot be opened: its file is damaged ({reason}). "
    "Nothing else is affected. Put a whole copy in its place.",
    "model_unsupported": "The model {model} cannot be used for this ({reason}). {detail} Choose another model.",
    "out_of_memory": "The model {model} with room for {n_ctx} tokens does not fit into memory. "
    "Close other programs or choose a smaller context.",
    "prompt_too_long": "The text is too long for the model by {over} tokens ({n_prompt_tokens} where {n_ctx} fit). "
    "Nothing was cut and nothing was asked.",
    "worker_died": "The {worker} process ended unexpectedly (exit code {exit_code}). What was written is kept. Try again.",
    "document_encrypted": "{name} needs a password. The other documents are not affected.",
    "document_unreadable": "{name} cannot be read ({reason}). {detail}",
    "document_too_large": "{name} is {n_bytes} bytes; Strongroom reads files up to {limit}. It was not added.",
    "original_missing": "The file {name} is no longer where it was, or has changed. The encrypted copy is kept.",
    "store_in_use": "Another Strongroom (process {pid}) has this store open. Close it, or use another --profile.",
    "disk_full": "The disk is full ({free} bytes free). What was stored before is untouched. Make room and try again.",
    "not_found": "There is no {what} {name!r}.",
    "not_sealed": "This system did not seal the worker (network: {network}, files: {files}), so it was given nothing.",
    "unexpected": "Strongroom has a fault at {where} ({what}). What was stored is kept.",
}
LOCKED: dict[str, str] = {
    "no_keyring": "This computer has no secure keyring. "
    "Give a passphrase with --passphrase-fd N, or use --memory to keep nothing.",
    "keyring_locked": "The keyring is locked. Unlock it and try again; nothing was changed.",
    "key_missing": "The store's key is no longer in the keyring. The store is untouched; restore the keyring entry.",
    "needs_passphrase": "The store is protected by a passphrase. Give it with --passphrase-fd N or at the prompt.",
    "wrong_passphrase": "That is not the store's passphrase. Nothing was changed.",
}
STORE_DAMAGED: dict[str, str] = {
    "not_readable": "The store file {file} cannot be opened with its key. It was not changed.",
    "newer_version": "The store file {file} was written by a newer Strongroom. It was not changed; update first.",
    "migration_failed": "The store file {file} could not be brought up to date and is as it was before.",
}


def sentence_for(error: StrongroomError) -> str:
    """What happened, what was kept, what to do: one line."""
    facts: dict[str, Any] = {name: "unknown" if value is None else value for name, value in error.facts.items()}
    if error.kind == "store_locked":
        return LOCKED[facts["reason"]]
    if error.kind == "store_damaged":
        return STORE_DAMAGED[facts["reason"]].format(**facts)
    if error.kind == "prompt_too_long":
        facts["over"] = max(1, facts["n_prompt_tokens"] - facts["n_ctx"])
    return _shown(" ".join(SENTENCES[error.kind].format(**facts).split()))


def as_text(verb: str, result: Json) -> str:
    """The result of a verb for people."""
    return _shown(_RENDERERS[verb](result))


def _shown(text: str) -> str:
    return _ACTING.sub("\ufffd", text)


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


def _models(result: Json) -> str:
    rows = []
    for model in result["models"]:
        size = f"{model['bytes'] / 1e6:.0f} MB"
        rows.append(
            f"{model['id']}\n  {model['name']}, {size}, {model['licence'] or 'licence not stated'}, {model['fit']['verdict']}"
        )
    return "\n".join(rows) or "No models."


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
}
