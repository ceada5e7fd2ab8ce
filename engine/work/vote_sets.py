"""Vote sets: named kinds of work, the votes on them, and what the votes say so far. Sums are made in evaluation/tally."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from engine.compare_events import Tallied, VoteSetsListed
from engine.compare_intents import CastVote, CreateVoteSet, DeleteVoteSet, RenameVoteSet
from engine.compare_records import Comparison, ComparisonId, LocalChoice, PaneChoice, VoteSetId
from engine.errors import NotFound
from engine.evaluation.caveats import caveats
from engine.evaluation.tally import tally
from engine.events import Event
from engine.records import MatterId
from engine.store.store import Store
from engine.vote_records import Tally, Vote, VoteSet
from engine.work.store_access import StoreAccess


class VoteSets:
    """The vote sets of a profile. Publishes; the votes themselves hold no text."""

    def __init__(self, access: StoreAccess, publish: Callable[[Event], None]) -> None:
        self._access, self._publish = access, publish
        self._matter: MatterId | None = None  # whose prompts were counted last

    # ------------------------------------------------------------ sets
    async def publish_list(self, matter: MatterId | None = None, created: VoteSetId | None = None) -> None:
        """Tell all sets, with the prompts that `matter` has of each (None: the matter of the last time)."""
        self._matter = matter or self._matter

        def read(store: Store) -> VoteSetsListed:
            counts = {}
            if self._matter is not None and any(each.id == self._matter for each in store.matters.list()):
                counts = store.matter(self._matter).prompts.counts()
            return VoteSetsListed(tuple(store.votes.sets(counts)), created)

        self._publish(await self._access.read(read))

    async def create(self, wish: CreateVoteSet) -> VoteSetId:
        """Start a set. Raises DiskFull."""
        made = await self._access.write(lambda store: store.votes.create(wish.name.strip(), wish.kind))
        await self.publish_list(created=made.id)
        return made.id

    async def rename(self, wish: RenameVoteSet) -> None:
        """Raises NotFound."""
        await self._access.write(lambda store: store.votes.rename(wish.set, wish.name.strip()))
        await self.publish_list()

    async def delete(self, wish: DeleteVoteSet) -> None:
        """Remove a set with its votes and prompts. Raises NotFound."""
        await self._access.write(lambda store: store.votes.delete(wish.set))
        await self.publish_list()

    # ------------------------------------------------------------ votes
    async def vote(self, wish: CastVote) -> None:
        """Keep a judgement and tell what the votes say now. Raises NotFound where the comparison or its set is gone."""

        def record(store: Store) -> None:
            comparison = store.matter(wish.matter).comparisons.get(wish.comparison)
            store.votes.record(vote_on(comparison, wish))

        await self._access.write(record)
        await self.publish_tally(wish.set, wish.comparison)
        await self.publish_list()

    async def tally(self, vote_set: VoteSetId) -> Tally:
        """What the votes of a set say. Raises NotFound."""
        known, votes = await self._access.read(lambda store: (store.votes.get(vote_set), store.votes.votes(vote_set)))
        return await asyncio.to_thread(_tallied, known, votes)

    async def publish_tally(self, vote_set: VoteSetId, comparison: ComparisonId | None = None) -> None:
        """Tell what the votes of a set say; `comparison` was just voted on."""
        self._publish(Tallied(await self.tally(vote_set), comparison))


def _tallied(vote_set: VoteSet, votes: Sequence[Vote]) -> Tally:
    return replace(tally(vote_set, votes), notes=tuple(caveats(vote_set, votes)))


def vote_on(comparison: Comparison, wish: CastVote) -> Vote:
    """The vote that a wish stands for. Raises NotFound for a pane that the comparison does not have."""
    n_panes = len(comparison.answers)
    best = wish.best if wish.judgement == "best" else None
    if wish.judgement == "best" and (best is None or not 0 <= best < n_panes):
        raise NotFound("comparison", comparison.id)
    order = wish.order if sorted(wish.order) == list(range(n_panes)) else tuple(range(n_panes))
    return Vote(
        set=wish.set,
        comparison=comparison.id,
        time=datetime.now(UTC),
        models=tuple(model_name(each.choice) for each in comparison.answers),
        judgement=wish.judgement,
        best=best,
        order=order,
        lengths=tuple(len(each.text) for each in comparison.answers),
        is_blind=wish.is_blind,
        recognised=wish.is_blind and wish.recognised,
    )


def model_name(choice: PaneChoice) -> str:
    """How votes name who answered."""
    if isinstance(choice, LocalChoice):
        return f"local:{choice.model}"
    return f"{choice.provider}/{choice.model}"
