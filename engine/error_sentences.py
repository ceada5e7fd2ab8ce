"""Each kind of error as one line for a terminal. The window's sentences are in desktop/wordings/."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.errors import StrongroomError
from engine.terminal import shown

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
    "key_missing": "No key for {provider} is kept, so nothing was sent. `strongroom keys set` keeps one.",
    "key_refused": "{host} does not accept the key of {provider}, or not for this model (status {status}). Nothing was charged.",
    "rate_limited": "{provider} takes no more requests for now{wait}. Nothing was charged.",
    "out_of_credit": "The account at {provider} has no credit left, or has reached its limit. No answer was charged.",
    "matter_confidential": "{matter} is marked as confidential, so nothing of it is sent. Nothing was sent.",
    "hidden_detail_leaks": "{n_leaks} details that shall be hidden would still be sent ({forms}). Nothing was sent. "
    "Hide them with --hide, or change the text.",
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
    "not_approved": "What would have been sent to {host} is not, byte for byte, what was approved. Nothing was sent.",
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

PROVIDER_FAILED: dict[str, str] = {
    "overloaded": "{host} has too much to do at the moment (status {status}). Try again later.",
    "server_error": "{host} has a fault of its own (status {status}). Try again later.",
    "model_unknown": "{host} has no model of this name, or not for this key. {detail}",
    "too_long": "The text is too long for this model of {provider}. Nothing was cut.",
    "bad_request": "{host} does not take the request as it is (status {status}). {detail}",
    "filtered": "{provider} refused to answer this text. {detail}",
    "redirected": "{host} wanted to send the text on to another place (status {status}). That was not done.",
    "bad_answer": "{host} sent something that is no answer (status {status}). It may have been charged.",
}
OUTCOME_UNKNOWN: dict[str, str] = {
    "timed_out": "The text was sent and {host} fell silent. It may have been charged. It is not sent again by itself.",
    "broken_off": "The text was sent and the answer of {host} broke off. It may be charged. It is not sent again by itself.",
    "lock_closed": "The offline lock was closed while {host} was answering, which ended it. What was read may be charged.",
}
PROVIDER_UNFIT: dict[str, str] = {
    "no_name": "A provider needs a name of letters or digits. Nothing was kept.",
    "bad_address": "{name}: the base URL cannot be used. It looks like https://api.example.com/v1. Nothing was kept.",
    "not_https": "{name}: without https, an address on this computer only. Nothing was kept.",
    "no_models": "{name}: name at least one model with --models. Nothing was kept.",
    "name_taken": "There is another provider {name} already. Nothing was changed.",
    "bad_key": "That is no key for {name}: it is empty, or holds spaces or other characters that no key has. Nothing was kept.",
}
NOT_APPROVED: dict[str, str] = {
    "changed": "The hash is not that of what would be sent now. Nothing was sent. Look at the text again and approve that.",
    "already_sent": "This text was sent already. An approval is for one time. Nothing was sent again.",
    "nothing_waits": "Nothing waits for an approval. Nothing was sent.",
}
PROMPTS_UNFIT: dict[str, str] = {
    "missing": "{file} is not there. Nothing was taken in.",
    "unreadable": "{file} cannot be read as CSV. {detail} Nothing was taken in.",
    "too_large": "{file} is too large for a set of prompts. {detail} Nothing was taken in.",
    "no_prompts": "{file} holds no prompts. Nothing was taken in.",
    "no_such_column": "{file} has no column with the prompts: it should be called prompt. {detail} Nothing was taken in.",
    "too_many": "{file} holds more prompts than a set takes. {detail} Nothing was taken in.",
    "no_expected": "{file} has no right answers in a column called expected, which this kind of scoring needs.",
}
JUDGE_UNFIT: dict[str, str] = {
    "contestant": "{model} wrote one of the answers, so it cannot judge them. Choose another model.",
    "family": "{model} is of the family of a model that wrote an answer, so it would judge its own kind. Choose another model.",
}
BUDGET_REACHED: dict[str, str] = {
    "reached": "This could pass your budget for {month}: ${spent_usd} of ${limit_usd} are spent or under way. Nothing was sent.",
    "price_unknown": "Nothing was sent: it has no known price, and your budget for {month} lets nothing out that could pass it. "
    "Enter a price with `strongroom ledger prices --set`.",
}
BILL_UNFIT: dict[str, str] = {
    "not_text": "{file} is not a table in text. Nothing was taken from it.",
    "unknown_columns": "The columns of {file} are those of no usage export that is known here. Nothing was taken from it.",
    "no_rows": "{file} names no usage. Nothing was taken from it.",
    "too_large": "{file} is larger than any usage export should be. Nothing was taken from it.",
    "bad_number": "{file}, line {line}: a figure cannot be right. Nothing was taken from it.",
    "bad_day": "{file}, line {line}: a day cannot be right. Nothing was taken from it.",
    "mixed": "{file}, line {line}: exports of several kinds are mixed. Nothing was taken from it.",
    "cannot_read": "{file} cannot be opened. Nothing was changed.",
}
PRICES_UNFIT: dict[str, str] = {
    "not_text": "{file} is not text. The prices from before hold.",
    "unknown_columns": "{file} lacks columns for model, input or output. The prices from before hold.",
    "no_rows": "{file} names no model. The prices from before hold.",
    "too_large": "{file} is too large. The prices from before hold.",
    "bad_number": "A price cannot be right ({detail}{at_line}). The prices from before hold.",
    "bad_day": "A day cannot be right ({detail}{at_line}). The prices from before hold.",
    "bad_model": "A model is written as provider/model ({detail}{at_line}). The prices from before hold.",
    "cannot_read": "{file} cannot be opened. The prices from before hold.",
}
MOVE_REFUSED: dict[str, str] = {
    "one_at_a_time": "{workload} was not moved: {other} was moved a short while ago and is still being watched until {until}.",
    "fixed": "{workload} always runs on this computer.",
    "no_local_model": "{workload} was not moved: no model on this computer could take it over.",
    "no_remote_model": "{workload} was not moved: it has no remote model to run on. Name one with --with PROVIDER/MODEL.",
    "confidential": "{workload} was not moved: it is marked as confidential, so nothing of it may leave this computer.",
    "not_moved": "{workload} was never moved, so there is nowhere to return it to.",
}
LEDGER_INPUT_UNFIT: dict[str, str] = {
    "negative": "{field} is too small. Nothing was changed.",
    "too_large": "{field} is larger than anything that can be worked with. Nothing was changed.",
    "not_a_number": "{field} is not a number. Nothing was changed.",
    "unknown_model": "There is no known price for {field}. `strongroom ledger prices TEXT` shows those there are.",
    "unknown_month": "There is no such month in this ledger: it ends with the running one.",
    "unknown_ending": "The ledger is not written to files of this kind. Use .csv, .xlsx or .pdf; single entries take .csv.",
    "no_rate": "There is no exchange rate for {field} yet. `strongroom ledger costs --currency {field} --rate N` enters one.",
}
#: Figures of plans and costs by what a person calls them.
FIELDS: dict[str, str] = {
    "n_items": "The number of items",
    "prompt": "The number of tokens read",
    "generated": "The number of tokens written",
    "prompt_speed": "The speed of reading",
    "generate_speed": "The speed of writing",
    "server": "The rent of the server",
    "computer": "The price of the computer",
    "months": "The number of months",
    "per_kwh": "The price of a kilowatt-hour",
    "power": "The number of watts",
    "cost": "The cost",
}

_BY_REASON = {
    "network_refused": NETWORK_REFUSED,
    "hub_refused": HUB_REFUSED,
    "file_unfit": FILE_UNFIT,
    "provider_failed": PROVIDER_FAILED,
    "outcome_unknown": OUTCOME_UNKNOWN,
    "provider_unfit": PROVIDER_UNFIT,
    "not_approved": NOT_APPROVED,
    "prompts_unfit": PROMPTS_UNFIT,
    "judge_unfit": JUDGE_UNFIT,
    "budget_reached": BUDGET_REACHED,
    "bill_unfit": BILL_UNFIT,
    "prices_unfit": PRICES_UNFIT,
    "move_refused": MOVE_REFUSED,
    "ledger_input_unfit": LEDGER_INPUT_UNFIT,
}


def sentence_for(error: StrongroomError) -> str:
    """What happened, what was kept, what to do: one line."""
    facts: dict[str, Any] = {name: "unknown" if value is None else value for name, value in error.facts.items()}
    if error.kind == "store_locked":
        return LOCKED[facts["reason"]]
    if error.kind == "store_damaged":
        return STORE_DAMAGED[facts["reason"]].format(**facts)
    for name in ("spent", "limit"):
        nano = facts.get(name)
        facts[f"{name}_usd"] = f"{Decimal(nano).scaleb(-9):,.2f}" if isinstance(nano, int) else nano
    if error.kind == "ledger_input_unfit":
        facts["field"] = FIELDS.get(facts["field"], facts["field"])
    facts["at_line"] = f", line {facts['line']}" if error.facts.get("line") is not None else ""
    seconds = facts.get("retry_after_s")
    wait = f" {seconds:.0f} s" if isinstance(seconds, float) else ""
    if error.kind in _BY_REASON:
        return shown(" ".join(_BY_REASON[error.kind][facts["reason"]].format(**facts, wait=wait).split()))
    if error.kind == "prompt_too_long":
        facts["over"] = max(1, facts["n_prompt_tokens"] - facts["n_ctx"])
    return shown(" ".join(SENTENCES[error.kind].format(**facts, wait=f"; it asks to wait{wait}" if wait else "").split()))
