"""Votes for tests, as short as they can be written."""

from datetime import UTC, datetime, timedelta

from engine.vote_records import Vote, VoteSet

START = datetime(2026, 11, 1, tzinfo=UTC)
LOCAL, REMOTE, THIRD = "local:qwen", "harbour/large", "quayside/pro"
SET = VoteSet("set", "Tickets", "answer", START)


def vote(at, best="=", models=(LOCAL, REMOTE), **other):
    """A blind vote of a person on comparison `at`, cast at minute `at`; `best` is a model, '=' or 'none'."""
    judgement = {"=": "all_equal", "none": "none_usable"}.get(best, "best")
    given = {
        "set": "set",
        "comparison": f"comparison-{at}",
        "time": START + timedelta(minutes=at),
        "models": models,
        "judgement": judgement,
        "best": models.index(best) if judgement == "best" else None,
        "order": tuple(range(len(models))),
        "lengths": (100,) * len(models),
        "is_blind": True,
    }
    return Vote(**given | other)


def votes(wins=0, losses=0, ties=0, none=0, **other):
    """Votes on a local and a remote model, the kinds spread evenly over time."""
    kinds = [(LOCAL, wins), (REMOTE, losses), ("=", ties), ("none", none)]
    spread = sorted(((i + 0.5) / n, best) for best, n in kinds for i in range(n))
    return [vote(at, best, **other) for at, (_, best) in enumerate(spread)]
