"""One matter's file, opened: its documents, passages, conversations, comparisons and what is hidden in them."""

from __future__ import annotations

from collections.abc import Callable

from engine.records import MatterId
from engine.store.comparisons import StoredComparisons
from engine.store.conversations import StoredConversations
from engine.store.database import Database
from engine.store.documents import StoredDocuments
from engine.store.hidden_details import StoredHiddenDetails
from engine.store.passages import StoredPassages
from engine.store.prompts import StoredPrompts


class MatterStore:
    """What a matter holds. `counted` is told the number of documents whenever it changes."""

    def __init__(self, database: Database, matter: MatterId, counted: Callable[[int], None]) -> None:
        self._database = database
        self.documents = StoredDocuments(database, matter, counted)
        self.passages = StoredPassages(database)
        self.conversations = StoredConversations(database, matter)
        self.hidden = StoredHiddenDetails(database)
        self.comparisons = StoredComparisons(database, matter)
        self.prompts = StoredPrompts(database)

    def close(self) -> None:
        self._database.close()
