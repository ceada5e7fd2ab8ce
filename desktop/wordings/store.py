"""Sentences about the encrypted store: keys, damage, space, and things that are not there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop import figures
from desktop.wordings.words import Words
from engine import errors

translate = QCoreApplication.translate


def _store_locked(error: errors.StoreLocked) -> Words:
    title, happened, to_do = {
        "no_keyring": (
            translate("wording", "This computer has no secure keyring"),
            translate(
                "wording", "The key that encrypts your data needs a safe place, and none that Strongroom trusts was found."
            ),
            translate("wording", "Choose a passphrase, or keep everything in memory until you close Strongroom."),
        ),
        "keyring_locked": (
            translate("wording", "The keyring is locked"),
            translate("wording", "The key that is needed here is in the system keyring, which is locked."),
            translate("wording", "Unlock the keyring, then try again."),
        ),
        "key_missing": (
            translate("wording", "The key to your data is missing"),
            translate("wording", "The encrypted files are here, but the system keyring has no key for them."),
            translate(
                "wording", "Log in as the user who set Strongroom up, or restore the keyring from a backup, then try again."
            ),
        ),
        "needs_passphrase": (
            translate("wording", "Enter your passphrase"),
            translate("wording", "Your data is protected by a passphrase, which is asked at each start."),
            translate("wording", "Enter the passphrase to open it."),
        ),
        "wrong_passphrase": (
            translate("wording", "That passphrase does not open your data"),
            translate("wording", "The passphrase is not the one your data was protected with."),
            translate("wording", "Check capital letters and keyboard language, then try again."),
        ),
    }[error.reason]
    return Words(
        title=title,
        summary=happened,
        happened=happened,
        kept=translate("wording", "Your documents and conversations are encrypted and unchanged."),
        to_do=to_do,
        icon="lock-keyhole",
        tone="caution",
        actions=("passphrase", "memory") if error.reason == "no_keyring" else ("try_again", "quit"),
    )


def _store_damaged(error: errors.StoreDamaged) -> Words:
    happened, to_do = {
        "not_readable": (
            translate("wording", "{file} does not open with its key. It was damaged, or replaced by another file."),
            translate("wording", "Restore the file from a backup, then start Strongroom again."),
        ),
        "newer_version": (
            translate("wording", "{file} was written by a newer version of Strongroom."),
            translate("wording", "Install the newer version, then start it again."),
        ),
        "migration_failed": (
            translate("wording", "{file} could not be brought up to this version. The attempt was undone."),
            translate("wording", "Start Strongroom again. If it happens again, use the version you had before."),
        ),
    }[error.reason]
    return Words(
        title=translate("wording", "Your data can’t be opened"),
        summary=happened.format(file=error.file),
        happened=happened.format(file=error.file),
        kept=translate("wording", "Nothing was written to the file. It is as it was found."),
        to_do=to_do,
        icon="file-warning",
        actions=("try_again", "quit"),
    )


def _store_in_use(error: errors.StoreInUse) -> Words:
    happened = translate("wording", "Another Strongroom of this user has your data open.")
    if error.pid is not None:
        happened = translate("wording", "Another Strongroom has your data open (process {pid}).").format(pid=error.pid)
    return Words(
        title=translate("wording", "Strongroom is already running"),
        summary=happened,
        happened=happened,
        kept=translate("wording", "Your data is unchanged. Two programs never write to it at once."),
        to_do=translate("wording", "Use the other window, or close it and try again."),
        icon="lock",
        tone="caution",
        actions=("try_again", "quit"),
    )


def _disk_full(error: errors.DiskFull) -> Words:
    return Words(
        title=translate("wording", "The disk is full"),
        summary=translate("wording", "{free} left on the disk.").format(free=figures.size(error.free)),
        happened=translate("wording", "There was no room to write. {free} are left on the disk that holds your data.").format(
            free=figures.size(error.free)
        ),
        kept=translate("wording", "What was stored before is unchanged. What you are writing stays in the window."),
        to_do=translate("wording", "Free some space, then try again."),
        icon="hard-drive",
        actions=("try_again",),
    )


def _not_found(error: errors.NotFound) -> Words:
    what = {
        "matter": translate("wording", "This matter is no longer there"),
        "document": translate("wording", "This document is no longer there"),
        "conversation": translate("wording", "This conversation is no longer there"),
        "message": translate("wording", "This answer is no longer there"),
        "page": translate("wording", "This page is not in the document"),
        "request": translate("wording", "This answer is no longer being written"),
        "download": translate("wording", "This download is no longer there"),
        "catalogue model": translate("wording", "This model is not in the catalogue"),
        "provider": translate("wording", "This provider is no longer there"),
        "vote set": translate("wording", "This vote set is no longer there"),
        "comparison": translate("wording", "This comparison is no longer there"),
        "workload": translate("wording", "This workload is no longer there"),
        "entry": translate("wording", "This entry is not in the ledger, or was taken back already"),
        "call": translate("wording", "The cost of this request is known already"),
        "bill": translate("wording", "This import is no longer there"),
        "price": translate("wording", "This price is no longer among yours"),
    }[error.what]
    return Words(
        title=what,
        summary=what,
        happened=translate("wording", "It was removed, or it never was in this store."),
        kept=translate("wording", "Everything else is unchanged."),
        to_do=translate("wording", "Choose another from the list."),
        icon="search",
        tone="neutral",
    )


WORDS: dict[str, Callable[..., Words]] = {
    "store_locked": _store_locked,
    "store_damaged": _store_damaged,
    "store_in_use": _store_in_use,
    "disk_full": _disk_full,
    "not_found": _not_found,
}
