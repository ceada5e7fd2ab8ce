"""The verbs' results and errors as plain text for a terminal. The window's words are in desktop/wording.py."""

from __future__ import annotations

import json
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
    "network_failed": "{host} could not be reached ({reason}). {detail} What was fetched before is kept; try again.",
    "file_changed": "{host} no longer has the file {file} that was chosen, but another under its name. Nothing was added.",
    "checksum_wrong": "{file} from {host} is not the published file: checksum {found} instead of {expected}. Nothing was added.",
    "no_room": "{folder} has {free} bytes free and needs {needed}. Make room and try again; what was fetched is kept.",
    "folder_unwritable": "Nothing can be written into {folder}. Choose another folder or ask for the right to write there.",
    "already_running": "Another Strongroom (process {pid}) is fetching {file} into the same folder. Let it finish.",
    "name_refused": "The file name {name!r} is not used: it points out of its folder, or is no name here. Nothing was added.",
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
NETWORK_REFUSED: dict[str, str] = {
    "offline": "The offline lock is closed, so nothing was sent to {host}. "
    "Open it for this call with --allow {purpose}, or for good with `strongroom privacy unlock {purpose}`.",
    "no_purpose": "A connection to {host} that nobody asked for was not opened.",
    "host_not_allowed": "{host} is not among the hosts that may be reached, so nothing was sent to it.",
    "not_https": "{host} would be spoken to without encryption, which is only done on this computer. Nothing was sent.",
    "bypass": "Something tried to reach {host} past the network door. Nothing was sent.",
}
HUB_REFUSED: dict[str, str] = {
    "not_found": "{host} does not have it.",
    "gated": "The publisher wants you to sign in at {host} and agree to the terms first. Then keep a token in the settings.",
    "token_refused": "{host} did not accept the token. Nothing was fetched; make a new one there and keep it in the settings.",
    "rate_limited": "{host} asks to wait{wait}. What was fetched is kept.",
    "server_error": "{host} has a fault of its own (status {status}). What was fetched is kept; try again later.",
    "unexpected": "{host} gave an answer that makes no sense here (status {status}). Nothing was added.",
}
FILE_UNFIT: dict[str, str] = {
    "not_a_catalogue": "{file} is no catalogue of models ({detail}). The one in use stays.",
    "older_catalogue": "{file} is older than the catalogue in use, which stays.",
    "newer_format": "{file} was written for a newer Strongroom. Nothing was changed; update first.",
    "not_a_bundle": "{file} is no bundle of models that can be used ({detail}). Nothing was added.",
    "not_a_gguf": "{file} is no GGUF model file. Nothing was added.",
    "incomplete_split": "{file} is one part of several, and not all are there ({detail}). Nothing was added.",
    "missing": "{file} is not there.",
    "unreadable": "{file} cannot be read. {detail}",
    "too_large": "{file} is too large for what it should be. Nothing was added.",
    "no_gguf_here": "{file} offers no GGUF file. {detail}",
    "needs_confirmation": "{file} is needed ({detail}). It was not removed; --even-if-used removes it all the same.",
}

_BY_REASON = {"network_refused": NETWORK_REFUSED, "hub_refused": HUB_REFUSED, "file_unfit": FILE_UNFIT}


def sentence_for(error: StrongroomError) -> str:
    """What happened, what was kept, what to do: one line."""
    facts: dict[str, Any] = {name: "unknown" if value is None else value for name, value in error.facts.items()}
    if error.kind == "store_locked":
        return LOCKED[facts["reason"]]
    if error.kind == "store_damaged":
        return STORE_DAMAGED[facts["reason"]].format(**facts)
    if error.kind in _BY_REASON:
        wait = f" {facts['retry_after_s']:.0f} s" if isinstance(facts.get("retry_after_s"), float) else ""
        return shown(" ".join(_BY_REASON[error.kind][facts["reason"]].format(**facts, wait=wait).split()))
    if error.kind == "prompt_too_long":
        facts["over"] = max(1, facts["n_prompt_tokens"] - facts["n_ctx"])
    return shown(" ".join(SENTENCES[error.kind].format(**facts).split()))


def as_text(verb: str, result: Json) -> str:
    """The result of a verb for people."""
    return shown(_RENDERERS[verb](result))


def json_text(value: Any) -> str:
    """A value as JSON that a terminal can show: what would act on it is written as an escape, which means the same."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=2))


def shown(text: str) -> str:
    """`text` without what would act on a terminal."""
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
}
