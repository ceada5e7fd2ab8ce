"""From a wish for a comparison to its plan: which passages are part of it, what fits, who stands where.

Reads the store and asks the local models how long texts are to them; sends, keeps and publishes nothing.
"""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Callable, Sequence

from engine.compare_intents import PrepareComparison
from engine.compare_records import MAX_PANES, MIN_PANES, ComparisonId, LocalChoice, PaneChoice, RemoteChoice, VoteSetId
from engine.errors import MatterConfidential, ModelError, MoveRefused, NotFound, NotSealed
from engine.evaluation.sides import order_of
from engine.ledger_records import WorkloadId
from engine.records import DocumentId, FoundPassage, Matter, MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.store.store import Store
from engine.work.comparison_prompt import (
    ABOUT_PLACEHOLDERS,
    INSTRUCTION_FOR_PASSAGES,
    LocalRoom,
    attached,
    clean,
    compose,
    in_reading_order,
    n_that_fit,
    source,
)
from engine.work.hidden_tables import HiddenTables, OwnTerm
from engine.work.panes import Lender
from engine.work.preparation import BEST_PASSAGES
from engine.work.previewing import Plan
from engine.work.retrieval import Retrieval
from engine.work.store_access import StoreAccess


class Planning:
    """Makes plans for comparisons in matters. Use it on the engine's loop."""

    def __init__(
        self,
        access: StoreAccess,
        retrieval: Retrieval,
        local: Lender,
        tables: HiddenTables,
        settings: Callable[[], Settings],
    ) -> None:
        self._access, self._retrieval, self._local, self._tables, self._settings = access, retrieval, local, tables, settings

    async def plan(self, wish: PrepareComparison, matter: MatterId) -> Plan:
        """Find and choose. Raises PromptTooLong where the question leaves no room for an answer, and StoreError."""
        found = await self._found(wish, matter)
        n_passages, max_tokens = await self._that_fit(wish, matter, found)
        passages = in_reading_order(found[:n_passages], wish.documents)
        settings = self._settings()
        return Plan(
            wish.request, ComparisonId(uuid.uuid4().hex), matter, wish.text, compose(wish.text, passages), wish.panes,
            max_tokens, settings.temperature, attached(passages, await self._names(matter, passages)),
            len(found) - len(passages), await self._order(wish),
        )  # fmt: skip

    async def own(self, matter: MatterId, plan: Plan) -> list[OwnTerm]:
        """What is hidden in this plan whatever else is found: the user's own terms, and names of files. Raises StoreError."""
        return await self._own(matter, plan.texts)

    async def _own(self, matter: MatterId, texts: Sequence[str]) -> list[OwnTerm]:
        names = await named_files(self._access, matter, texts)
        return [(each, "term") for each in (*self._settings().own_hidden_terms, *names)]

    async def _found(self, wish: PrepareComparison, matter: MatterId) -> list[FoundPassage]:
        if not wish.documents:
            return []
        return await self._retrieval.search(matter, wish.text, wish.documents, limit=BEST_PASSAGES)

    async def _that_fit(self, wish: PrepareComparison, matter: MatterId, found: Sequence[FoundPassage]) -> tuple[int, int]:
        """How many passages every local model has room for, and how long answers may get."""
        models = dict.fromkeys(each.model for each in wish.panes if isinstance(each, LocalChoice))
        if not found:  # a question alone is measured by each model when it reads it
            return 0, self._settings().max_answer_tokens
        parts = [clean(wish.text), *(source(place, each) for place, each in enumerate(found, start=1))]
        if hides(wish):  # placeholders are longer than names
            table = await self._tables.tried(matter, parts, await self._own(matter, parts))
            parts = [table.hide(each).text for each in parts]
        texts = [f"{INSTRUCTION_FOR_PASSAGES} {ABOUT_PLACEHOLDERS}", *parts]
        rooms = [room for model in models if (room := await self._room(model, texts)) is not None]
        return n_that_fit(rooms, self._settings().max_answer_tokens, len(found))

    async def _room(self, model: ModelId, texts: Sequence[str]) -> LocalRoom | None:
        """None for a model that cannot be asked now; its pane will say why."""
        try:
            async with self._local.borrowed(model) as chat:
                counts = await chat.count_tokens(texts)
                return LocalRoom(chat.state.n_ctx, tuple(counts), chat.prefill_tokens_per_s)
        except (ModelError, NotSealed):
            return None

    async def _order(self, wish: PrepareComparison) -> tuple[int, ...]:
        """Who stands where, balanced over the votes of a set. Raises NotFound for a set that is gone."""
        vote_set = wish.vote_set
        if not wish.is_blind:
            return ()
        if vote_set is None:
            return order_of(secrets.randbits(31), 0, len(wish.panes))
        known = await self._access.read(lambda store: store.votes.get(vote_set))
        return order_of(known.seed, known.n_votes, len(wish.panes))

    async def _names(self, matter: MatterId, passages: Sequence[FoundPassage]) -> dict[DocumentId, str]:
        if not passages:
            return {}
        documents = await self._access.read(lambda store: store.matter(matter).documents.list())
        return {each.id: each.name for each in documents}


def plan_of(text: str, panes: Sequence[PaneChoice], settings: Settings) -> Plan:
    """The plan of a prompt without documents and without a matter, such as a line of a set or of a script."""
    return Plan(
        RequestId(uuid.uuid4().hex), ComparisonId(uuid.uuid4().hex), None, text, compose(text, ()), tuple(panes),
        settings.max_answer_tokens, settings.temperature,
    )  # fmt: skip


async def named_files(access: StoreAccess, matter: MatterId, texts: Sequence[str]) -> tuple[str, ...]:
    """Names of the matter's files that are written in these texts, in whichever form of Unicode. Raises StoreError."""
    documents = await access.read(lambda store: store.matter(matter).documents.list())
    written = _plain("\n".join(texts))
    return tuple(each.name for each in documents if "." in each.name and _plain(each.name) in written)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


async def allowed_matter(
    access: StoreAccess, matter: MatterId, panes: Sequence[PaneChoice], vote_set: VoteSetId | None = None
) -> Matter:
    """The matter, as it is kept now. Raises NotFound, and where these panes would send something of it MatterConfidential, or
    MoveRefused if it is the work of a set that is confidential.
    """
    matters = await access.read(lambda store: store.matters.list())
    known = next((each for each in matters if each.id == matter), None)
    if known is None:
        raise NotFound("matter", matter)
    if any(isinstance(each, RemoteChoice) for each in panes):
        if known.is_confidential:
            raise MatterConfidential(known.name)
        if vote_set is not None:
            await access.read(lambda store: _require_open(store, vote_set))
    return known


def _require_open(store: Store, vote_set: VoteSetId) -> None:
    traits, _ = store.workloads.all().get(WorkloadId(vote_set), (None, None))
    if traits is not None and traits.sensitivity == "confidential":
        name = next((each.name for each in store.votes.sets() if each.id == vote_set), vote_set)
        raise MoveRefused(name, "confidential")


def hides(wish: PrepareComparison) -> bool:
    """Whether details are hidden: all panes read the same words, so it is for all as soon as one of them is remote."""
    return wish.hides and any(isinstance(each, RemoteChoice) for each in wish.panes)


def require_panes(wish: PrepareComparison) -> None:
    """Raises ValueError for a wish that no screen makes."""
    if not MIN_PANES <= len(wish.panes) <= MAX_PANES or not wish.text.strip():
        raise ValueError("a comparison needs a question and two to four panes")
