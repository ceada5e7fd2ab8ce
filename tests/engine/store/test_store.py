from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StoreDamaged, StoreInUse, StoreLocked
from engine.paths import Profile
from engine.settings import Settings
from engine.store.store import Store

Opening = Callable[..., Store]


def files_under(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def contents_under(folder: Path) -> dict[str, bytes]:
    """All files that hold data; the lock is touched by whoever looks whether the store is free."""
    return {name: (folder / name).read_bytes() for name in files_under(folder) if name != "store.lock"}


def reason_of(opening: Callable[[], object]) -> str:
    with pytest.raises((StoreLocked, StoreDamaged)) as refused:
        opening()
    return refused.value.reason


# ---------------------------------------------------------------- coming into being
def test_a_profile_without_a_store_says_so_and_stays_untouched(profile: Profile) -> None:
    assert Store.state(profile) is None
    assert not profile.root.exists()


@pytest.mark.parametrize("protection", ["keyring", "passphrase"])
def test_what_was_stored_is_there_again(profile: Profile, open_store: Opening, keyring: Any, protection: str) -> None:
    first = open_store(protection)
    first.settings.write(Settings(theme="dark"))
    matter = first.matters.create("Northwind")
    first.close()
    assert Store.state(profile) == protection
    again = open_store(protection)
    assert again.protection == protection
    assert again.settings.read().theme == "dark"
    assert again.matters.list() == [matter]


def test_a_store_in_memory_touches_no_disk(profile: Profile, open_store: Opening, tmp_path: Path) -> None:
    store = open_store("memory")
    matter = store.matter(store.matters.create("Northwind").id)
    added, _ = matter.documents.add("a.txt", "text/plain", b"bytes")
    assert matter.documents.original(added.id) == b"bytes"
    assert store.protection == "memory"
    assert list(tmp_path.iterdir()) == []
    assert Store.state(profile) is None


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_user_can_read_the_files(profile: Profile, open_store: Opening) -> None:
    store = open_store()
    store.matter(store.matters.create("Northwind").id).documents.add("a.txt", "text/plain", b"bytes")
    assert profile.root.stat().st_mode & 0o077 == 0
    for name in files_under(profile.root):
        assert (profile.root / name).stat().st_mode & 0o077 == 0, name


# ---------------------------------------------------------------- passphrases
def test_a_new_store_behind_a_passphrase_needs_one(profile: Profile, open_store: Opening) -> None:
    for nothing in (None, ""):
        assert reason_of(lambda nothing=nothing: open_store("passphrase", nothing)) == "needs_passphrase"
    assert Store.state(profile) is None


def test_a_wrong_passphrase_is_told_apart_and_changes_nothing(profile: Profile, open_store: Opening) -> None:
    open_store().close()
    before = contents_under(profile.root)
    assert reason_of(lambda: open_store("passphrase", "another")) == "wrong_passphrase"
    assert reason_of(lambda: open_store("passphrase", None)) == "needs_passphrase"
    assert contents_under(profile.root) == before


def test_accents_typed_differently_are_the_same_passphrase(open_store: Opening) -> None:
    open_store("passphrase", "M\u00fcller").close()
    assert open_store("passphrase", "Mu\u0308ller").protection == "passphrase"


def test_the_passphrase_can_be_changed(open_store: Opening) -> None:
    store = open_store("passphrase", "old")
    matter = store.matters.create("Northwind")
    assert reason_of(lambda: store.change_passphrase("not it", "new")) == "wrong_passphrase"
    assert reason_of(lambda: store.change_passphrase("old", "")) == "needs_passphrase"
    store.change_passphrase("old", "new")
    store.close()
    assert reason_of(lambda: open_store("passphrase", "old")) == "wrong_passphrase"
    again = open_store("passphrase", "new")
    assert again.matters.list() == [matter]
    assert again.matter(matter.id).documents.list() == []


# ---------------------------------------------------------------- the keyring
def test_a_keyring_that_lost_the_key_is_an_error_and_nothing_is_overwritten(
    profile: Profile, open_store: Opening, keyring: Any
) -> None:
    store = open_store("keyring")
    store.matters.create("Northwind")
    store.close()
    kept, before = dict(keyring.entries), contents_under(profile.root)
    keyring.entries.clear()
    assert reason_of(lambda: open_store("keyring")) == "key_missing"
    assert keyring.entries == {}
    keyring.entries.update({name: b"?" * 32 for name in kept})
    assert reason_of(lambda: open_store("keyring")) == "key_missing"
    assert contents_under(profile.root) == before
    keyring.entries.update(kept)
    assert [matter.name for matter in open_store("keyring").matters.list()] == ["Northwind"]


@pytest.mark.parametrize("problem", ["no_keyring", "keyring_locked"])
def test_a_keyring_that_cannot_be_used_leaves_no_store_behind(
    profile: Profile, open_store: Opening, keyring: Any, problem: str
) -> None:
    keyring.problem = problem
    assert reason_of(lambda: open_store("keyring")) == problem
    assert Store.state(profile) is None
    assert open_store("passphrase", "chosen instead").protection == "passphrase"


def test_two_profiles_share_no_key(tmp_path: Path, keyring: Any) -> None:
    for name in ("one", "two"):
        Store.open(Profile(tmp_path / name), protection="keyring").close()
    assert len(set(keyring.entries)) == len(set(keyring.entries.values())) == 2


def test_the_header_holds_no_key(profile: Profile, open_store: Opening, keyring: Any) -> None:
    open_store("keyring")
    (key,) = keyring.entries.values()
    header = json.loads(profile.header.read_text())
    assert set(header) == {"format", "store", "protection", "complete", "check", "passphrase"}
    assert key not in profile.header.read_bytes() and key.hex() not in profile.header.read_text()


def test_a_store_is_opened_by_what_protects_it_only(open_store: Opening, keyring: Any) -> None:
    open_store("passphrase").close()
    assert reason_of(lambda: open_store("keyring")) == "needs_passphrase"
    assert keyring.entries == {}


def test_a_passphrase_does_not_open_a_store_of_the_keyring(open_store: Opening, keyring: Any) -> None:
    open_store("keyring").close()
    assert reason_of(lambda: open_store("passphrase")) == "wrong_passphrase"


# ---------------------------------------------------------------- what is missing or damaged is never replaced
def test_a_lost_header_does_not_make_the_store_a_new_one(profile: Profile, open_store: Opening) -> None:
    open_store().close()
    saved = profile.header.read_bytes()
    profile.header.unlink()
    before = contents_under(profile.root)
    with pytest.raises(StoreDamaged) as refused:
        open_store()
    assert refused.value.file == "store.json"
    assert contents_under(profile.root) == before
    profile.header.write_bytes(saved)
    assert open_store().protection == "passphrase"


def test_matters_without_a_main_store_are_never_built_over(profile: Profile, open_store: Opening) -> None:
    store = open_store()
    store.matters.create("Northwind")
    store.close()
    profile.header.unlink()
    profile.store.unlink()
    before = contents_under(profile.root)
    assert reason_of(open_store) == "not_readable"
    assert contents_under(profile.root) == before


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"")])
def test_a_main_store_that_vanished_does_not_come_back_empty(
    profile: Profile, open_store: Opening, damage: Callable[[Path], object]
) -> None:
    open_store().close()
    damage(profile.store)
    with pytest.raises(StoreDamaged) as refused:
        open_store()
    assert (refused.value.file, refused.value.reason) == ("store.db", "not_readable")


def test_damage_is_told_apart_from_a_wrong_passphrase(profile: Profile, open_store: Opening) -> None:
    open_store().close()
    damaged = bytearray(profile.store.read_bytes())
    damaged[100] ^= 1
    profile.store.write_bytes(damaged)
    with pytest.raises(StoreDamaged) as refused:
        open_store()
    assert (refused.value.file, refused.value.reason) == ("store.db", "not_readable")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "not_readable"),
        ("{}", "not_readable"),
        ('{"format": 2}', "newer_version"),
        ('{"format": 1, "store": "../../etc", "protection": "keyring", "complete": true, "check": ""}', "not_readable"),
        ('{"format": 1, "store": "' + "0" * 32 + '", "protection": "passphrase", "complete": true, "check": ""}', "not_readable"),
    ],
)
def test_a_damaged_header_is_said(profile: Profile, open_store: Opening, header: str, reason: str) -> None:
    open_store().close()
    profile.header.write_text(header)
    assert reason_of(open_store) == reason
    assert reason_of(lambda: Store.state(profile)) == reason


def test_costs_in_the_header_are_bounded(profile: Profile, open_store: Opening) -> None:
    open_store().close()
    header = json.loads(profile.header.read_text())
    header["passphrase"]["memory_kib"] = 1 << 40
    profile.header.write_text(json.dumps(header))
    assert reason_of(open_store) == "not_readable"


# ---------------------------------------------------------------- one at a time
def test_a_store_is_open_once(open_store: Opening) -> None:
    first = open_store()
    with pytest.raises(StoreInUse) as refused:
        open_store()
    assert refused.value.pid == os.getpid()
    first.close()
    assert open_store().settings.read() == Settings()


def test_a_failed_opening_lets_go_of_the_profile(open_store: Opening) -> None:
    open_store().close()
    assert reason_of(lambda: open_store("passphrase", "another")) == "wrong_passphrase"
    assert open_store().settings.read() == Settings()


def test_closing_twice_is_harmless(open_store: Opening) -> None:
    store = open_store()
    store.close()
    store.close()


def test_a_closed_store_leaves_no_log_behind(profile: Profile, open_store: Opening) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    store.matter(matter.id).documents.add("a.txt", "text/plain", b"bytes")
    store.close()
    assert files_under(profile.root) == {"store.db", "store.json", "store.lock", f"matters/{matter.id}.db"}
