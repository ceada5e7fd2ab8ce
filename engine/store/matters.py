"""The matters of a profile: their names and wrapped keys in the main store, a file of its own for each.

A matter's file can be read with its own random key only, and that key lies nowhere but wrapped in the main store.
Deleting a matter first destroys the wrapped key, then removes the file, so that a copy of the file made earlier (by a
backup program, say) is worth nothing. Copies of the main store made earlier still hold the key.
"""

from __future__ import annotations

import logging
import threading
import uuid
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine.compare_records import VoteSetId
from engine.errors import DiskFull, NotFound, StoreDamaged, StoreError
from engine.records import Matter, MatterId
from engine.store.database import Database, remove_files
from engine.store.foreign_errors import foreign_errors
from engine.store.header import settle_folder
from engine.store.keys import WrongKey, new_key, unwrap, wrap
from engine.store.main_tables import MatterRow
from engine.store.matter_schema import MATTER_SCHEMA
from engine.store.matter_store import MatterStore
from engine.store.migrations import copy_of, create_database, open_database
from engine.store.votes import deleted_sets

log = logging.getLogger(__name__)


class StoredMatters:
    """Creates, names, opens and deletes matters. `folder` and `wrapping_key` are None for a store in memory."""

    def __init__(self, main: Database, folder: Path | None, wrapping_key: bytes | None) -> None:
        self._main = main
        self._folder = folder
        self._wrapping_key = wrapping_key
        self._open: dict[MatterId, MatterStore] = {}
        self._opening = threading.Lock()

    def list(self) -> list[Matter]:
        """All matters, the oldest first."""
        with self._main.read() as session:
            wanted = select(MatterRow).where(MatterRow.state == "ready").order_by(MatterRow.created, MatterRow.id)
            return [_record(row) for row in session.scalars(wanted)]

    def get(self, matter: MatterId) -> Matter:
        """One matter. Raises NotFound."""
        with self._main.read() as session:
            return _record(_existing(session, matter))

    def create(self, name: str) -> Matter:
        """Start a matter with an empty file and a key of its own. Raises DiskFull; then there is no trace of it."""
        matter, key = MatterId(uuid.uuid4().hex), new_key()
        with self._main.write() as session:
            session.execute(insert(MatterRow), [self._new_row(matter, name, key)])
        try:
            if self._folder is None:
                self._open[matter] = self._opened(matter, create_database(None, None, MATTER_SCHEMA))
            else:
                create_database(self._file(matter), key, MATTER_SCHEMA).close()
                with foreign_errors(self._file(matter)):
                    settle_folder(self._folder)
            with self._main.write() as session:
                session.execute(update(MatterRow).where(MatterRow.id == matter).values(state="ready"))
        except BaseException:
            self._erase(matter)
            raise
        return self.get(matter)

    def rename(self, matter: MatterId, name: str) -> None:
        """Give a matter another name. Raises NotFound."""
        with self._main.write() as session:
            _existing(session, matter).name = name

    def set_confidential(self, matter: MatterId, is_confidential: bool) -> None:
        """Whether nothing of a matter may be sent, whatever is approved. Raises NotFound."""
        with self._main.write() as session:
            _existing(session, matter).confidential = is_confidential

    def delete(self, matter: MatterId) -> None:
        """Destroy the matter's key and remove its file. Cannot be undone. Raises NotFound."""
        with self._opening:
            with self._main.write() as session:
                row = _existing(session, matter)
                row.state, row.wrapped_key, row.name, row.n_documents = "deleting", b"", "", 0
            self._main.checkpoint()
            if opened := self._open.pop(matter, None):
                opened.close()
        self._erase(matter)
        if not self._main.checkpoint():
            log.info("the log of the main store is emptied when its readers are done")

    def open(self, matter: MatterId) -> MatterStore:
        """The matter's content; its file stays open until `close`. Raises NotFound, StoreDamaged, DiskFull."""
        with self._opening:
            if matter not in self._open:
                opened = self._open_file(matter)
                with suppress(DiskFull):  # what is left of deleted sets can wait, the matter cannot
                    self._forget_deleted_sets(opened)
                self._open[matter] = opened
            return self._open[matter]

    def forget_vote_set(self, vote_set: VoteSetId) -> bool:
        """Remove the prompts of a deleted set from all matters and let its comparisons go.

        False when a matter could not be read; what it holds of the set goes when it is next opened.
        """
        is_done = True
        for matter in self.list():
            try:
                with self._opening:
                    if matter.id in self._open:
                        self._open[matter.id].prompts.forget_set(vote_set)
                    else:
                        with closing(self._open_file(matter.id)) as opened:
                            opened.prompts.forget_set(vote_set)
            except StoreError as error:
                log.warning("a matter still holds prompts of a deleted set: %s", error.kind)
                is_done = False
        return is_done

    def finish_interrupted(self) -> None:
        """Remove what is left of matters whose creation or deletion was cut short."""
        with self._main.read() as session:
            unfinished = list(session.scalars(select(MatterRow.id).where(MatterRow.state != "ready")))
        for matter in unfinished:
            self._erase(MatterId(matter))

    def close(self) -> None:
        """Close the files of all matters."""
        with self._opening:
            for opened in self._open.values():
                opened.close()
            self._open.clear()

    # ------------------------------------------------------------ files and keys
    def _open_file(self, matter: MatterId) -> MatterStore:
        with self._main.read() as session:
            row = _existing(session, matter)
            wrapped, counted = row.wrapped_key, row.n_documents
        if self._wrapping_key is None:
            raise NotFound("matter", matter)  # a matter in memory is open as long as it exists
        file = self._file(matter)
        try:
            key = unwrap(wrapped, under=self._wrapping_key, belongs_to=matter)
        except WrongKey:
            raise StoreDamaged(file.name, "not_readable", "the wrapped key is damaged") from None
        opened = self._opened(matter, open_database(file, key, MATTER_SCHEMA))
        if (n := opened.documents.count()) != counted:  # the program ended between a document and its count
            self._count(matter, n)
        return opened

    def _forget_deleted_sets(self, opened: MatterStore) -> None:
        with self._main.read() as session:
            deleted = deleted_sets(session)
        for vote_set in deleted:
            opened.prompts.forget_set(vote_set)

    def _opened(self, matter: MatterId, database: Database) -> MatterStore:
        return MatterStore(database, matter, lambda n: self._count(matter, n))

    def _count(self, matter: MatterId, n_documents: int) -> None:
        with self._main.write() as session:
            session.execute(update(MatterRow).where(MatterRow.id == matter).values(n_documents=n_documents))

    def _erase(self, matter: MatterId) -> None:
        """Remove a matter's files, then its row. What cannot be removed now is removed at the next start."""
        self._open.pop(matter, None)
        if self._folder is not None:
            file = self._file(matter)
            try:
                remove_files(file)
                remove_files(copy_of(file))
            except OSError as error:
                log.warning("a deleted matter's file could not be removed yet: %s", type(error).__name__)
                return
        with self._main.write() as session:
            session.execute(delete(MatterRow).where(MatterRow.id == matter))

    def _file(self, matter: MatterId) -> Path:
        if self._folder is None:
            raise NotFound("matter", matter)
        return self._folder / f"{matter}.db"

    def _new_row(self, matter: MatterId, name: str, key: bytes) -> dict[str, object]:
        wrapped = b"" if self._wrapping_key is None else wrap(key, under=self._wrapping_key, belongs_to=matter)
        return {
            "id": matter,
            "name": name,
            "created": datetime.now(UTC),
            "state": "creating",
            "wrapped_key": wrapped,
            "n_documents": 0,
            "confidential": False,
        }


def _existing(session: Session, matter: str) -> MatterRow:
    row = session.get(MatterRow, matter)
    if row is None or row.state != "ready":
        raise NotFound("matter", matter)
    return row


def _record(row: MatterRow) -> Matter:
    return Matter(MatterId(row.id), row.name, row.created, row.n_documents, row.confidential)
