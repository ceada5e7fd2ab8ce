"""Everything about comparing: remote models and their keys, what is sent, comparisons, votes, whole sets.

One object for the session. Puts the parts together; each wish is worked on in one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.errors import StrongroomError
from engine.events import Event, Trouble
from engine.models.library import STARTER_MODEL
from engine.records import MatterId, ModelId
from engine.settings import Settings
from engine.work.chat_in_use import ChatInUse
from engine.work.compare_once import CompareOnce
from engine.work.comparing import Comparing
from engine.work.evaluating import Evaluating
from engine.work.faults import translated
from engine.work.judging import Judging
from engine.work.ledger_desk import LedgerDesk
from engine.work.local_models import LocalModels
from engine.work.model_desk import ModelDesk
from engine.work.network_access import NetworkAccess
from engine.work.prompt_sets import PromptSets
from engine.work.remote_access import RemoteAccess
from engine.work.retrieval import Retrieval
from engine.work.routed_work import RoutedWork
from engine.work.sending import Sending
from engine.work.store_access import StoreAccess
from engine.work.vote_sets import VoteSets


class CompareDesk:
    """Create and use it on the engine's loop."""

    def __init__(
        self,
        profile: Path,
        access: StoreAccess,
        network: NetworkAccess,
        retrieval: Retrieval,
        desk: ModelDesk,
        chat: ChatInUse,
        ledger: LedgerDesk,
        settings: Callable[[], Settings],
        publish: Callable[[Event], None],
    ) -> None:
        self._desk, self._publish = desk, publish
        prices, books = ledger.prices, ledger.books
        self.remote = RemoteAccess(access, network, profile, publish, prices)
        self.sending = Sending(access, network, self.remote, prices, ceilings=ledger.ceilings, recorded=ledger.noticed)
        self.local = LocalModels(desk, chat, settings)
        self.comparing = Comparing(
            access, retrieval, self.local, self.remote, self.sending, prices, settings, publish, name_of=self._name_of,
            bookkeeping=books,
        )  # fmt: skip
        self.votes = VoteSets(access, publish)
        self.prompts = PromptSets(access, publish)
        parts = self.comparing
        self.evaluating = Evaluating(
            access, network, self.remote, parts.tables, parts.previewing, parts.panes, settings, publish, name_of=self._name_of
        )
        self.judging = Judging(access, self.local, self.votes, publish, bookkeeping=books)
        self.routed = RoutedWork(
            access, network, self.remote, parts.tables, parts.previewing, parts.panes, settings, publish, name_of=self._name_of
        )
        self.once = CompareOnce(
            access, self.remote, parts.planning, parts.tables, parts.previewing, parts.panes, settings, self._name_of
        )

    async def bring_up(self) -> None:
        """After the store was opened: know whom texts may be sent to, and give up what nobody will ever hear of.

        What cannot be read of the providers is told, and keeps nobody from their matters.
        """
        try:
            with translated("bring up the providers"):
                await self.sending.bring_up()
                await self.remote.bring_up()
        except StrongroomError as error:
            self._publish(Trouble(error))

    async def make_way(self, model: ModelId | None) -> None:
        """Before the model in use is closed: end what it answers, and give back the memory of idle models beside it."""
        if model is not None:
            await self.comparing.stop_local(model)
        await self.local.make_room()

    async def end(self, matter: MatterId | None = None) -> None:
        """End what runs for a matter, or all of it; what was written is kept."""
        await self.comparing.end(matter)
        await self.evaluating.end(matter)
        await self.routed.end(matter)
        await self.judging.end(matter)

    def stop_sending(self, matter: MatterId) -> None:
        """End what is on its way to remote models from a matter, such as one that was just marked as confidential."""
        self.comparing.stop_sending(matter)
        self.evaluating.stop_sending(matter)
        self.routed.stop_sending(matter)

    async def close(self) -> None:
        """End everything, and account for what was sent."""
        await self.end()
        await self.sending.close()
        await self.local.close()

    def _name_of(self, model: ModelId) -> str:
        """The name under which the library has a model."""
        known = {STARTER_MODEL.id: STARTER_MODEL.name} | {each.id: each.name for each in self._desk.models}
        return known.get(model, model)
