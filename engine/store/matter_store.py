"""One matter's file, opened: its documents, passages and conversations."""

from __future__ import annotations

from collections.abc import Callable

from engine.records import MatterId
from engine.store.conversations import StoredConversations
from engine.store.database import Database
from engine.store.documents import StoredDocuments
from engine.store.passages import StoredPassages


class MatterStore:
    """What a matter holds. `counted` is told the number of documents whenever it changes."""

    def __init__(self, database: Database, matter: MatterId, counted: Callable[[int], None]) -> None:
        self._database = database
        self.documents = StoredDocuments(database, matter, counted)
        self.passages = StoredPassages(database)
        self.conversations = StoredConversations(database, matter)

    def close(self) -> None:
        self._database.close()
