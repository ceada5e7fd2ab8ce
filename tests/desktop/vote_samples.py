"""Prompts, runs and results of vote sets as an engine in use would send them. For tests and pictures only."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from engine.compare_events import EvaluationPrepared
from engine.compare_intents import PrepareEvaluation
from engine.compare_records import Comparison, ComparisonId, RemoteChoice, VoteSetId
from engine.vote_records import Evaluation, Prompt, VoteSet
from tests.desktop import compare_samples as samples
from tests.desktop import consent_samples
from tests.desktop.compare_samples import GPT, GRIEVANCE, QWEN, SUMMARIES
from tests.desktop.recording import NOW

LABELS = VoteSetId("v2")
NAMES = ("housing repairs", "rent arrears", "noise", "parking")


def vote_sets() -> tuple[VoteSet, ...]:
    return (
        VoteSet(SUMMARIES, "Complaint summaries", "draft", NOW, 48, 120),
        VoteSet(LABELS, "Letter labels", "classify", NOW, 0, 120),
    )


def prompts(n: int = 120, *, with_expected: bool = True) -> tuple[Prompt, ...]:
    letter = (
        "Which department does this letter go to? Dear sir or madam, I write about flat {n}, where since {n} May nothing works."
    )
    return tuple(
        Prompt(at, letter.format(n=at), NAMES[at % 4] if with_expected and at % 6 else None, "Letters 2025.csv")
        for at in range(1, n + 1)
    )


def evaluation(**more: Any) -> Evaluation:
    """A run over labels that shows the local model to be as good."""
    facts: dict[str, Any] = {
        "set": LABELS, "time": NOW - timedelta(hours=2), "local": "local:q", "remote": "openai/gpt-5.2", "scorer": "labels",
        "n": 400, "table": (380, 5, 5, 10), "estimate": 1.0, "interval": (0.984, 1.017), "test": "nam_blackwelder",
        "p_value": 0.00004, "verdict": "reached", "n_more": 0,
        "recall": (("housing repairs", 0.98, 0.97), ("rent arrears", 0.95, 0.99), ("noise", 0.96, 0.94), ("parking", 0.91, 0.93)),
        "notes": (),
    }  # fmt: skip
    return Evaluation(**(facts | more))


def not_settled(**more: Any) -> Evaluation:
    facts: dict[str, Any] = {
        "n": 100, "table": (85, 4, 6, 5), "estimate": 0.978, "interval": (0.912, 1.048), "p_value": 0.21534, "verdict": "more",
        "n_more": 120, "time": NOW - timedelta(days=3), "notes": ("unanswered",),
    }  # fmt: skip
    return evaluation(**(facts | more))


def agreement(**more: Any) -> Evaluation:
    facts: dict[str, Any] = {
        "scorer": "exact", "n": 24, "table": (20, 0, 4, 0), "estimate": 0.833, "interval": (0.64, 0.93), "test": "agreement",
        "p_value": None, "verdict": "more", "n_more": None, "is_agreement": True, "recall": (),
        "notes": ("agreement_not_quality", "few_prompts", "unanswered"),
    }  # fmt: skip
    return evaluation(**(facts | more))


def judged(**more: Any) -> Evaluation:
    facts: dict[str, Any] = {
        "scorer": "judge", "n": 118, "table": (70, 14, 30, 4), "estimate": -0.14, "interval": (-0.25, -0.03), "test": "tango",
        "p_value": 0.94, "verdict": "more", "n_more": None, "recall": (), "notes": ("judge_only",),
    }  # fmt: skip
    return evaluation(**(facts | more))


def voted_later(**more: Any) -> Evaluation:
    """A run that only gathered answers: people judge them afterwards."""
    facts: dict[str, Any] = {
        "scorer": "votes", "n": 0, "table": (0, 0, 0, 0), "estimate": None, "interval": None, "test": "", "p_value": None,
        "verdict": "none", "n_more": 100, "recall": (), "notes": (),
    }  # fmt: skip
    return evaluation(**(facts | more))


def prepared(wish: PrepareEvaluation, n: int = 120) -> EvaluationPrepared:
    """What the engine answers to a wish for a run."""
    assert isinstance(wish.remote, RemoteChoice)
    batch = consent_samples.batch(n)
    digest = hashlib.sha256(b"\n".join(each.body for each in batch.receivers)).hexdigest()
    return EvaluationPrepared(
        wish.request, wish.set, wish.scorer, batch.previews, batch.receivers, digest, batch.max_cost
    )  # fmt: skip


def pairs(n: int = 3, vote_set: VoteSetId = SUMMARIES) -> tuple[Comparison, ...]:
    """Stored comparisons of a set whose answers can be judged, newest first as the engine lists them."""
    found = [
        Comparison(
            ComparisonId(f"p{at}"), GRIEVANCE.id, NOW - timedelta(minutes=60 - at), f"Summarise complaint {at}.",
            (samples.answer(0, QWEN, samples.QWEN_SAYS), samples.answer(1, GPT, samples.GPT_SAYS)), vote_set,
            n_hidden=2, approved=NOW, prompt=at,
        )
        for at in range(1, n + 1)
    ]  # fmt: skip
    return tuple(reversed(found))
