"""The main key of a profile: made with a new store, had again by the keyring or the passphrase. Knows no database.

Nothing here replaces a key that protects something: a key that cannot be had is an error, never a reason for another.
"""

from __future__ import annotations

import hmac
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Literal

from engine import secrets
from engine.errors import StoreDamaged, StoreLocked
from engine.store.header import Header, PassphraseLock, write_header
from engine.store.keys import Stretching, WrongKey, derived, new_key, unwrap, wrap

CHECK_BYTES = 16


def new_main_key(protection: Literal["keyring", "passphrase"], passphrase: str | None) -> tuple[Header, bytes]:
    """A main key and the header of the store that it is for, not written yet. Raises StoreLocked(needs_passphrase)."""
    store, main_key = uuid.uuid4().hex, new_key()
    lock = None
    if protection == "passphrase":
        lock = _locked(main_key, _given(passphrase), store)
    header = Header.model_construct(store=store, protection=protection, complete=False, check=_check(main_key), passphrase=lock)
    return header, main_key


def keep_main_key(header: Header, main_key: bytes) -> None:
    """Give the main key to the keyring, where it is the keyring that protects it. Raises StoreLocked."""
    if header.protection == "keyring":
        secrets.write_secret(_entry(header), main_key)


def forget_main_key(header: Header) -> None:
    """Take the key of a store that never came to be out of the keyring; where that cannot be, it is a key to nothing."""
    if header.protection == "keyring":
        with suppress(StoreLocked):
            secrets.delete_secret(_entry(header))


def main_key(header: Header, passphrase: str | None) -> bytes:
    """The main key of an existing store.

    Raises StoreLocked: needs_passphrase, wrong_passphrase, key_missing when the keyring no longer has it (or has
    another), no_keyring, keyring_locked.
    """
    if header.protection == "keyring":
        key = secrets.read_secret(_entry(header))
        if key is None or not _is_right(header, key):
            raise StoreLocked("key_missing")
        return key
    if header.passphrase is None:
        raise StoreDamaged("store.json", "not_readable", "no passphrase lock")
    under = header.passphrase.stretching().key(_given(passphrase))
    try:
        key = unwrap(header.passphrase.wrapped_key, under=under, belongs_to=header.store)
    except WrongKey:
        raise StoreLocked("wrong_passphrase") from None
    if not _is_right(header, key):
        raise StoreDamaged("store.json", "not_readable", "another store's key")
    return key


def change_passphrase(file: Path, header: Header, current: str, new: str) -> Header:
    """Wrap the same main key under another passphrase and write the header at once; no data is encrypted anew.

    Raises StoreLocked (wrong_passphrase for `current`, needs_passphrase for an empty `new`) and OSError.
    """
    key = main_key(header, current)
    changed = header.model_copy(update={"passphrase": _locked(key, _given(new), header.store)})
    write_header(file, changed)
    return changed


def _locked(key: bytes, passphrase: str, store: str) -> PassphraseLock:
    stretching = Stretching.today()
    wrapped = wrap(key, under=stretching.key(passphrase), belongs_to=store)
    return PassphraseLock.model_construct(
        salt=stretching.salt,
        memory_kib=stretching.memory_kib,
        passes=stretching.passes,
        lanes=stretching.lanes,
        wrapped_key=wrapped,
    )


def _given(passphrase: str | None) -> str:
    if not passphrase:
        raise StoreLocked("needs_passphrase")
    return passphrase


def _entry(header: Header) -> str:
    return f"store {header.store}"


def _check(key: bytes) -> bytes:
    return derived(key, "check")[:CHECK_BYTES]


def _is_right(header: Header, key: bytes) -> bool:
    return hmac.compare_digest(_check(key), header.check)
