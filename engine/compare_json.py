"""The JSON shapes of the verbs about comparing: records in, plain values out. The field names are a contract with scripts.

Money stands twice: in US dollars, for people, and in whole nano-dollars, which is exact. null means not known, never nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from engine.compare_events import EvaluationPrepared
from engine.compare_records import HiddenDetail, LocalChoice, PaneAnswer, Preview, Receiver
from engine.errors import error_from
from engine.provider_records import Provider, ProviderCheck
from engine.vote_records import Evaluation

Json = dict[str, Any]

NANO = 1_000_000_000


def usd(nano: int | None) -> float | None:
    """Nano-dollars in dollars."""
    return None if nano is None else nano / NANO


def provider_json(provider: Provider) -> Json:
    """A provider, and where its key is kept; never the key."""
    return {
        "id": provider.id,
        "name": provider.name,
        "dialect": provider.dialect,
        "base_url": provider.base_url,
        "host": provider.host,
        "models": list(provider.models),
        "own_server": provider.is_own,
        "needs_key": provider.needs_key,
        "terms": provider.terms,
        "key": provider.key,
    }


def check_json(check: ProviderCheck) -> Json:
    """What a provider said when it was asked for its models."""
    return dataclasses.asdict(check)


def approval_bytes(receivers: Sequence[Receiver]) -> bytes:
    """What an approval is the SHA-256 of: the body that would be sent, or all of them, a line break between two."""
    return b"\n".join(each.body for each in receivers)


def preview_json(preview: Preview, sha256: str) -> Json:
    """Exactly what would be sent, where to, and what it can cost at most. `sha256` is that of `bytes` in UTF-8."""
    return {
        "bytes": approval_bytes(preview.receivers).decode("utf-8"),
        "sha256": sha256,
        "hosts": list(preview.hosts),
        "max_cost": usd(preview.max_cost),
        "max_cost_nano_usd": preview.max_cost,
        "bodies": [receiver_json(each) for each in preview.receivers],
        "hidden": [detail_json(each) for each in preview.details if each.is_hidden],
        "seen": [detail_json(each) for each in preview.details if not each.is_hidden],
        "leaks": [dataclasses.asdict(each) for each in preview.leaks],
        "passages_left_out": preview.n_passages_left_out,
    }


def batch_json(prepared: EvaluationPrepared) -> Json:
    """Everything that a run of a set would send; `sha256` is that of `bytes` in UTF-8."""
    details = {each.placeholder: each for preview in prepared.previews for each in preview.details}
    return {
        "n": len(prepared.previews),
        "bytes": approval_bytes(prepared.receivers).decode("utf-8"),
        "sha256": prepared.sha256,
        "hosts": list(dict.fromkeys(each.host for each in prepared.receivers)),
        "max_cost": usd(prepared.max_cost),
        "max_cost_nano_usd": prepared.max_cost,
        "bodies": [receiver_json(each) for each in prepared.receivers],
        "hidden": [detail_json(each) for each in details.values() if each.is_hidden],
        "seen": [detail_json(each) for each in details.values() if not each.is_hidden],
        "leaks": [dataclasses.asdict(leak) for preview in prepared.previews for leak in preview.leaks],
    }


def receiver_json(receiver: Receiver) -> Json:
    """One request that waits for approval."""
    return {
        "provider": receiver.provider,
        "model": receiver.model,
        "host": receiver.host,
        "url": receiver.url,
        "bytes": receiver.body.decode("utf-8"),
        "sha256": receiver.sha256,
        "prompt_tokens_at_most": receiver.n_tokens,
        "max_tokens": receiver.max_tokens,
        "max_cost": usd(receiver.max_cost),
        "max_cost_nano_usd": receiver.max_cost,
        "differs": list(receiver.differs),
    }


def detail_json(detail: HiddenDetail) -> Json:
    """A detail that is hidden, with what it stands for: this stays on this computer."""
    return {"placeholder": detail.placeholder, "kind": detail.kind, "original": detail.original, "times": detail.n_times}


def pane_json(answer: PaneAnswer, sentence_for: Any) -> Json:
    """One answer with what it took. `sentence_for` puts an error into words."""
    tokens, timings, cost = answer.tokens, answer.timings, answer.cost
    problem = None
    if answer.problem:
        facts = dict(answer.problem_facts or {})
        message = sentence_for(error_from(answer.problem, facts))
        problem = {"kind": answer.problem, "message": message, "facts": facts}
    return {
        "name": answer.name,
        "local": isinstance(answer.choice, LocalChoice),
        "host": answer.host,
        "text": answer.text,
        "sent_back": answer.sent_back,
        "reasoning": answer.reasoning,
        "answered_by": answer.answered_by,
        "stop_reason": answer.stop_reason,
        "usage": None
        if tokens is None
        else {
            "prompt_tokens": tokens.prompt,
            "cached_tokens": tokens.cached,
            "generated_tokens": tokens.generated,
            "reasoning_tokens": tokens.reasoning,
        },
        "timings": dataclasses.asdict(timings) if timings else None,
        "cost": usd(cost.nano_usd) if cost else None,
        "cost_nano_usd": cost.nano_usd if cost else None,
        "cost_source": cost.source if cost else "unknown",
        "problem": problem,
    }


def evaluation_json(evaluation: Evaluation) -> Json:
    """A finished run with its test and verdict."""
    return {
        "set": evaluation.set,
        "local": evaluation.local,
        "remote": evaluation.remote,
        "scorer": evaluation.scorer,
        "n": evaluation.n,
        "table": list(evaluation.table),
        "estimate": evaluation.estimate,
        "interval": list(evaluation.interval) if evaluation.interval else None,
        "test": evaluation.test,
        "p_value": evaluation.p_value,
        "verdict": evaluation.verdict,
        "n_more": evaluation.n_more,
        "agreement_only": evaluation.is_agreement,
        "recall": [{"label": label, "local": local, "remote": remote} for label, local, remote in evaluation.recall],
        "notes": list(evaluation.notes),
    }
