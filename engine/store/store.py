"""The encrypted store of a profile, as one object. Knows what exists and how it is protected, not what is in it.

Writes are meant for one thread, reads may come from a few others. `Store.open` and `Store.close` may block on the
system keyring or on a passphrase being stretched, so they belong on the writer's thread as well.

How a store comes into being, so that it can be interrupted anywhere: a header that says `complete: false`, the key
into the keyring, the main database, the header that says `complete: true`. Only a store that was never completed is
started over; it has nothing in it. Whatever else is missing is an error and nothing is put in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from engine.errors import StoreDamaged, StoreLocked
from engine.paths import Profile
from engine.records import MatterId, Protection
from engine.store.bills import StoredBills
from engine.store.connections import StoredConnections
from engine.store.database import Database, remove_files
from engine.store.evaluations import StoredEvaluations
from engine.store.foreign_errors import foreign_errors
from engine.store.header import Header, read_header, settle_folder, write_header
from engine.store.keys import derived
from engine.store.ledger import StoredLedger
from engine.store.main_key import change_passphrase, forget_main_key, keep_main_key, main_key, new_main_key
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.matter_store import MatterStore
from engine.store.matters import StoredMatters
from engine.store.measurements import StoredMeasurements
from engine.store.migrations import create_database, open_database
from engine.store.model_loads import StoredModelLoads
from engine.store.price_lists import StoredPriceLists
from engine.store.profile_lock import ProfileLock
from engine.store.providers import StoredProviders
from engine.store.remote_calls import StoredRemoteCalls
from engine.store.settings import StoredSettings
from engine.store.votes import StoredVotes
from engine.store.workloads import StoredWorkloads

OnDisk = Literal["keyring", "passphrase"]
MAIN_STORE, MATTER_KEYS = "main store", "matter keys"  # what keys are derived for; part of the file format


class Store:
    """An open store. Make one with `open`."""

    def __init__(self, main: Database, matters: StoredMatters, place: _Place | None) -> None:
        self._main = main
        self._place = place
        self.settings = StoredSettings(main)
        self.ledger = StoredLedger(main)
        self.workloads = StoredWorkloads(main)
        self.bills = StoredBills(main)
        self.price_lists = StoredPriceLists(main)
        self.connections = StoredConnections(main)
        self.model_loads = StoredModelLoads(main)
        self.measurements = StoredMeasurements(main)
        self.matters = matters
        self.providers = StoredProviders(main)
        self.remote_calls = StoredRemoteCalls(main)
        self.votes = StoredVotes(main, matters.forget_vote_set)
        self.evaluations = StoredEvaluations(main)

    @staticmethod
    def state(profile: Profile) -> OnDisk | None:
        """How the existing store is protected, None when there is none yet. Raises StoreDamaged for a broken header."""
        header = read_header(profile.header)
        return header.protection if header is not None and header.complete else None

    @classmethod
    def open(cls, profile: Profile, *, protection: Protection, passphrase: str | None = None) -> Store:
        """Open the store of a profile, or make one where there is none.

        `protection` must be that of an existing store, and is that of a new one; `memory` leaves the disk alone
        altogether. Raises StoreInUse, StoreLocked, StoreDamaged, DiskFull; then nothing has changed.
        """
        if protection == "memory":
            main = create_database(None, None, MAIN_SCHEMA)
            return cls(main, StoredMatters(main, None, None), None)
        with foreign_errors(profile.root):
            profile.matters.mkdir(mode=0o700, parents=True, exist_ok=True)
            profile.root.chmod(0o700)
        lock = ProfileLock(profile.lock)
        try:
            return cls._open_on_disk(profile, protection, passphrase, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_on_disk(cls, profile: Profile, protection: OnDisk, passphrase: str | None, lock: ProfileLock) -> Store:
        header = read_header(profile.header)
        if header is None or not header.complete:
            header, key = _create(profile, protection, passphrase, unfinished=header)
        elif header.protection != protection:
            raise StoreLocked("needs_passphrase" if header.protection == "passphrase" else "wrong_passphrase")
        else:
            key = main_key(header, passphrase)
        main = open_database(profile.store, derived(key, MAIN_STORE), MAIN_SCHEMA)
        try:
            main.checkpoint()
            matters = StoredMatters(main, profile.matters, derived(key, MATTER_KEYS))
            matters.finish_interrupted()
        except BaseException:
            main.close()
            raise
        return cls(main, matters, _Place(profile.header, header, lock))

    @property
    def protection(self) -> Protection:
        return "memory" if self._place is None else self._place.header.protection

    def matter(self, matter: MatterId) -> MatterStore:
        """What a matter holds. Raises NotFound, StoreDamaged (the other matters are not affected)."""
        return self.matters.open(matter)

    def change_passphrase(self, current: str, new: str) -> None:
        """Open with `new` instead of `current` from now on; nothing is encrypted anew.

        Raises StoreLocked: wrong_passphrase for `current`, or where no passphrase protects the store;
        needs_passphrase for an empty one. Copies of the profile made earlier still open with the old one.
        """
        if self._place is None or self._place.header.protection != "passphrase":
            raise StoreLocked("wrong_passphrase")
        with foreign_errors(self._place.file):
            self._place.header = change_passphrase(self._place.file, self._place.header, current, new)

    def close(self) -> None:
        """Close all files and let go of the profile. Safe to call twice."""
        self.matters.close()
        self._main.close()
        if self._place is not None:
            self._place.lock.release()


class _Place:
    """Where an open store lies on disk, and the lock on it."""

    def __init__(self, file: Path, header: Header, lock: ProfileLock) -> None:
        self.file = file
        self.header = header
        self.lock = lock


def _create(profile: Profile, protection: OnDisk, passphrase: str | None, *, unfinished: Header | None) -> tuple[Header, bytes]:
    """Make a store; see the module's beginning for the order. Raises StoreDamaged over anything that may hold data."""
    header, key = new_main_key(protection, passphrase)
    complete = header.model_copy(update={"complete": True})
    with foreign_errors(profile.store):
        if unfinished is not None:
            _abandon(profile, unfinished)
        elif profile.store.exists() or any(profile.matters.glob("*.db")):
            raise StoreDamaged(profile.header.name, "not_readable", "missing")
        try:
            write_header(profile.header, header)
            keep_main_key(header, key)
            create_database(profile.store, derived(key, MAIN_STORE), MAIN_SCHEMA).close()
            settle_folder(profile.root)
            write_header(profile.header, complete)
        except Exception:
            _abandon(profile, header)
            raise
    return complete, key


def _abandon(profile: Profile, unfinished: Header) -> None:
    """Clear away a store whose header does not say that it is complete: nothing was ever put into it."""
    forget_main_key(unfinished)
    remove_files(profile.store)
    profile.header.unlink(missing_ok=True)
