"""The comparisons of a matter with their votes, for a spreadsheet, for a script or for reading. Pure but for reading the store.

Everything is in it: what was asked, what each model answered and what it cost, how it was judged, what was hidden how often.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.compare_records import Comparison, ComparisonId, PaneAnswer, VoteSetId
from engine.csv_cells import table
from engine.records import MatterId
from engine.store.store import Store
from engine.vote_records import Vote
from engine.work.export import harmless as without_pictures
from engine.work.vote_sets import model_name

COLUMNS = (
    "comparison", "created_utc", "approved_utc", "prompt", "model", "host", "answered_by", "answer", "stop_reason", "problem",
    "prompt_tokens", "cached_tokens", "generated_tokens", "reasoning_tokens", "first_word_s", "total_s", "tokens_per_s",
    "cost_usd", "cost_source", "hidden_details", "judgement", "is_best", "blind", "recognised", "voter",
)  # fmt: skip
Judged = dict[ComparisonId, list[Vote]]
_LINK = re.compile(r"(\])(?=[(\[:])")  # a blank behind the bracket and it is text


def written(store: Store, matter: MatterId, vote_set: VoteSetId | None, ending: str) -> str:
    """The comparisons of a set (None: all) as `.csv`, `.json`, or else as Markdown, oldest first. Raises NotFound."""
    comparisons = tuple(reversed(store.matter(matter).comparisons.list(vote_set)))
    judged: Judged = {}
    for each in {each.vote_set for each in comparisons if each.vote_set is not None}:
        for vote in store.votes.votes(each):
            judged.setdefault(vote.comparison, []).append(vote)
    match ending.casefold():
        case ".csv":
            return table(COLUMNS, _rows(comparisons, judged), lines=True)
        case ".json":
            return json.dumps({"format": 1, "comparisons": [_shape(each, judged) for each in comparisons]}, indent=2)
    return "\n".join(_markdown(each, judged) for each in comparisons)


# ---------------------------------------------------------------- a line for each answer
def _rows(comparisons: Sequence[Comparison], judged: Judged) -> list[tuple[object, ...]]:
    rows = []
    for comparison in comparisons:
        votes: list[Vote | None] = [*judged.get(comparison.id, [])] or [None]
        rows += [_row(comparison, at, answer, vote) for at, answer in enumerate(comparison.answers) for vote in votes]
    return rows


def _row(comparison: Comparison, at: int, answer: PaneAnswer, vote: Vote | None) -> tuple[object, ...]:
    tokens, timings, cost = answer.tokens, answer.timings, answer.cost
    return (
        comparison.id, comparison.created.isoformat(), comparison.approved.isoformat() if comparison.approved else None,
        comparison.question, model_name(answer.choice), answer.host, answer.answered_by, answer.text, answer.stop_reason,
        answer.problem, *((tokens.prompt, tokens.cached, tokens.generated, tokens.reasoning) if tokens else (None,) * 4),
        *((timings.ttft_s, timings.total_s, timings.tokens_per_s) if timings else (None,) * 3),
        decimal_usd(cost.nano_usd) if cost else None, cost.source if cost else None, comparison.n_hidden,
        vote.judgement if vote else None, vote.best == at if vote and vote.judgement == "best" else None,
        vote.is_blind if vote else None, vote.recognised if vote else None, vote.by if vote else None,
    )  # fmt: skip


def decimal_usd(nano: int | None) -> str | None:
    """Nano-dollars as dollars with all nine places; None is not known."""
    if nano is None:
        return None
    sign, amount = ("-" if nano < 0 else ""), abs(nano)
    return f"{sign}{amount // 1_000_000_000}.{amount % 1_000_000_000:09d}"


# ---------------------------------------------------------------- everything, for a script
def _shape(comparison: Comparison, judged: Judged) -> dict[str, object]:
    return {
        "id": comparison.id,
        "created": comparison.created.isoformat(),
        "approved": comparison.approved.isoformat() if comparison.approved else None,
        "vote_set": comparison.vote_set,
        "prompt": comparison.question,
        "prompt_number": comparison.prompt,
        "hidden_details": comparison.n_hidden,
        "answers": [_answer_shape(each) for each in comparison.answers],
        "votes": [_vote_shape(each) for each in judged.get(comparison.id, [])],
    }


def _answer_shape(answer: PaneAnswer) -> dict[str, object]:
    tokens, timings, cost = answer.tokens, answer.timings, answer.cost
    return {
        "model": model_name(answer.choice),
        "name": answer.name,
        "host": answer.host,
        "answered_by": answer.answered_by,
        "text": answer.text,
        "sent_back": answer.sent_back,
        "reasoning": answer.reasoning,
        "stop_reason": answer.stop_reason,
        "problem": answer.problem,
        "tokens": vars(tokens) if tokens else None,
        "timings": vars(timings) if timings else None,
        "cost_nano_usd": cost.nano_usd if cost else None,
        "cost_source": cost.source if cost else None,
        "prompt_sha256": answer.prompt_sha256,
    }


def _vote_shape(vote: Vote) -> dict[str, object]:
    return {
        "time": vote.time.isoformat(),
        "judgement": vote.judgement,
        "best": vote.models[vote.best] if vote.best is not None else None,
        "blind": vote.is_blind,
        "order": list(vote.order),
        "recognised": vote.recognised,
        "by": vote.by,
    }


# ---------------------------------------------------------------- for reading
def harmless(text: str) -> str:
    """As for conversations, and no links either: an answer from elsewhere may have put a restored name into an address."""
    return _LINK.sub(r"\1 ", without_pictures(text))


def _markdown(comparison: Comparison, judged: Judged) -> str:
    parts = [f"# {harmless(' '.join(comparison.question.split()))}\n"]
    for answer in comparison.answers:
        place = answer.host or "this computer"
        parts.append(f"## {harmless(answer.name)} ({place})\n\n{harmless(answer.text.strip())}\n")
    for vote in judged.get(comparison.id, []):
        told = vote.models[vote.best] if vote.best is not None else vote.judgement.replace("_", " ")
        parts.append(f"*Judged by {harmless(vote.by)}: {harmless(told)}*\n")
    return "\n".join(parts)
