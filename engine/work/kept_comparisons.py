"""Comparisons as they are kept: which were judged, and who stands where when one of them is judged later."""

from __future__ import annotations

from engine.compare_records import Comparison, ComparisonId
from engine.evaluation.sides import order_of
from engine.records import MatterId
from engine.store.store import Store
from engine.vote_records import PERSON


def kept_comparisons(store: Store, matter: MatterId) -> tuple[tuple[Comparison, ...], tuple[ComparisonId, ...]]:
    """All of a matter, newest first, and those that a person has voted on. Raises StoreError."""
    kept = tuple(store.matter(matter).comparisons.list())
    sets = {each.vote_set for each in kept if each.vote_set is not None} & {each.id for each in store.votes.sets()}
    voted = {vote.comparison for each in sets for vote in store.votes.votes(each) if vote.by == PERSON}
    return kept, tuple(each.id for each in kept if each.id in voted)


def kept_comparison(store: Store, matter: MatterId, comparison: ComparisonId) -> tuple[Comparison, tuple[int, ...]]:
    """One comparison, and its places in blind mode: the same each time, balanced over its set. Raises StoreError."""
    kept = store.matter(matter).comparisons.get(comparison)
    seeds = {each.id: each.seed for each in store.votes.sets()}
    if kept.vote_set not in seeds:
        return kept, ()
    oldest_first = [each.id for each in reversed(store.matter(matter).comparisons.list(kept.vote_set))]
    return kept, order_of(seeds[kept.vote_set], oldest_first.index(comparison), len(kept.answers))
