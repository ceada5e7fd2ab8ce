"""From a wish to run a set to everything that would be sent. Reads the store; sends and publishes nothing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence

from engine.compare_intents import PrepareEvaluation
from engine.compare_records import ComparisonId, LocalChoice, PaneChoice, Preview, RemoteChoice
from engine.errors import NotFound, PromptsUnfit
from engine.hiding.table import Table
from engine.ledger_intents import PrepareWork
from engine.provider_records import Provider
from engine.settings import Settings
from engine.vote_records import Prompt
from engine.work.comparison_prompt import compose
from engine.work.evaluation_batch import Batch
from engine.work.hidden_tables import HiddenTables, OwnTerm
from engine.work.planning import allowed_matter, named_files
from engine.work.previewing import Plan, Previewing
from engine.work.remote_access import RemoteAccess
from engine.work.store_access import StoreAccess


class EvaluationPlanning:
    """Makes batches. One table for all prompts of a batch, so that a name that one of them tells is hidden in all."""

    def __init__(
        self,
        access: StoreAccess,
        remote: RemoteAccess,
        tables: HiddenTables,
        previewing: Previewing,
        settings: Callable[[], Settings],
    ) -> None:
        self._access, self._remote, self._tables, self._previewing = access, remote, tables, previewing
        self._settings = settings

    async def batch(
        self,
        wish: PrepareEvaluation,
        prompts: tuple[Prompt, ...],
        own: Sequence[str],
        panes: Sequence[tuple[PaneChoice, ...]] | None = None,
    ) -> Batch:
        """What a run would send; `own` is hidden too. `panes` are those of each prompt, None: the local and the remote model.

        Raises PromptsUnfit, MatterConfidential, MoveRefused for confidential work, NotFound, StoreError.
        """
        if not isinstance(wish.remote, RemoteChoice):
            raise NotFound("provider", "")
        if not prompts:
            raise PromptsUnfit("", "no_prompts")
        if wish.scorer in ("labels", "fields") and not any(each.expected for each in prompts):
            raise PromptsUnfit(prompts[0].source, "no_expected")
        await allowed_matter(self._access, wish.matter, (wish.remote,), wish.set)
        provider = await self._remote.known(wish.remote.provider)
        panes = panes or [(LocalChoice(wish.local), wish.remote)] * len(prompts)
        plans = tuple(self.plan(wish, each, asked) for each, asked in zip(prompts, panes, strict=True))
        terms, table = self._terms(own), None
        if wish.hides:
            texts = [text for plan in plans for text in plan.texts]
            files = await named_files(self._access, wish.matter, texts)
            wanted: list[OwnTerm] = [(each, "term") for each in (*terms, *files)]
            table = await self._tables.learned(wish.matter, texts, wanted)
        previews = await asyncio.to_thread(self._previews, plans, table, provider)
        return Batch(wish, provider, prompts, plans, previews, table, tuple(own), terms)

    async def newer(self, batch: Batch) -> Batch | None:
        """The batch as it would be sent if it was made now, where that is not what was shown; else None."""
        if batch.table is None:
            return None
        kept = await self._tables.of(batch.wish.matter)
        if batch.hides_as(kept, self._terms(batch.own)):
            return None
        after = await self.batch(batch.wish, batch.prompts, batch.own, [each.panes for each in batch.plans])
        return after if after.sha256 != batch.sha256 or after.n_leaks else None

    def _terms(self, own: Sequence[str]) -> tuple[str, ...]:
        return (*self._settings().own_hidden_terms, *own)

    def plan(self, wish: PrepareEvaluation | PrepareWork, prompt: Prompt, panes: tuple[PaneChoice, ...]) -> Plan:
        """One prompt for these panes, with nothing hidden yet."""
        settings = self._settings()
        return Plan(
            wish.request, ComparisonId(uuid.uuid4().hex), wish.matter, prompt.text, compose(prompt.text, ()), panes,
            settings.max_answer_tokens, settings.temperature,
        )  # fmt: skip

    def _previews(self, plans: Sequence[Plan], table: Table | None, provider: Provider) -> tuple[Preview, ...]:
        return tuple(self._previewing.preview(each, table, (provider,)) for each in plans)
