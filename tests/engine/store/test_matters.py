from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from engine.errors import NotFound, StoreDamaged
from engine.paths import Profile
from engine.records import Matter, MatterId
from engine.store import matters as matters_module
from engine.store.header import read_header
from engine.store.keys import derived
from engine.store.main_key import main_key
from engine.store.matter_schema import MATTER_SCHEMA
from engine.store.migrations import open_database
from engine.store.store import MAIN_STORE, MATTER_KEYS, Store

Opening = Callable[..., Store]
PASSPHRASE = "ein Satz, den niemand rät"


class Killed(BaseException):
    """The process ends here."""


def matter_file(profile: Profile, matter: Matter) -> Path:
    return profile.matters / f"{matter.id}.db"


def keys_of(profile: Profile) -> tuple[bytes, bytes]:
    """The key of the main store and the one that wraps the keys of matters, as an attacker with the passphrase has them."""
    header = read_header(profile.header)
    assert header is not None
    key = main_key(header, PASSPHRASE)
    return derived(key, MAIN_STORE), derived(key, MATTER_KEYS)


def wrapped_key(store: Store, matter: Matter) -> bytes:
    with store._main.read() as session:
        statement = "SELECT wrapped_key FROM matters WHERE id = ?"
        return session.connection().exec_driver_sql(statement, (matter.id,)).scalar_one()


def decrypted_pages(file: Path, key: bytes) -> bytes:
    """Every page of a SQLCipher file in clear, free ones too. A page ends with its IV and its HMAC."""
    page_bytes, iv_bytes, reserve, salt = 4096, 16, 80, 16
    raw, clear = file.read_bytes(), b""
    for start in range(0, len(raw), page_bytes):
        page = raw[start : start + page_bytes]
        body = page[salt if start == 0 else 0 : page_bytes - reserve]
        iv = page[page_bytes - reserve : page_bytes - reserve + iv_bytes]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        clear += decryptor.update(body) + decryptor.finalize()
    return clear


# ---------------------------------------------------------------- living
def test_matters_are_listed_as_they_came(store: Store) -> None:
    first, second = store.matters.create("Northwind"), store.matters.create("Meridian \ud83d")
    assert [matter.name for matter in store.matters.list()] == ["Northwind", "Meridian \ufffd"]
    assert store.matters.get(second.id) == second
    assert first.created <= second.created


def test_a_matter_can_be_renamed(store: Store) -> None:
    matter = store.matters.create("Northwind")
    store.matters.rename(matter.id, "Northwind v. Meridian")
    assert store.matters.get(matter.id).name == "Northwind v. Meridian"


def test_a_matter_is_confidential_when_it_is_marked(store: Store) -> None:
    matter, other = store.matters.create("Northwind"), store.matters.create("Meridian")
    assert not matter.is_confidential
    store.matters.set_confidential(matter.id, True)
    assert store.matters.get(matter.id).is_confidential
    assert [each.is_confidential for each in store.matters.list()] == [True, False]
    store.matters.set_confidential(matter.id, False)
    assert store.matters.list() == [matter, other]


def test_a_confidential_matter_stays_so(open_store: Opening) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    store.matters.set_confidential(matter.id, True)
    store.close()
    assert open_store().matters.get(matter.id).is_confidential


def test_the_list_knows_how_many_documents_there_are(store: Store) -> None:
    matter = store.matters.create("Northwind")
    documents = store.matter(matter.id).documents
    first, _ = documents.add("a.txt", "text/plain", b"a")
    documents.add("b.txt", "text/plain", b"b")
    assert store.matters.get(matter.id).n_documents == 2
    documents.remove(first.id)
    assert [each.n_documents for each in store.matters.list()] == [1]


def test_a_count_that_was_not_written_is_put_right(open_store: Opening) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    store.matter(matter.id).documents.add("a.txt", "text/plain", b"a")
    store.matters._count(matter.id, 0)
    store.close()
    again = open_store()
    again.matter(matter.id)
    assert again.matters.get(matter.id).n_documents == 1


def test_matters_do_not_see_each_other(store: Store) -> None:
    one, two = (store.matter(store.matters.create(name).id) for name in ("one", "two"))
    document, _ = one.documents.add("a.txt", "text/plain", b"a")
    assert two.documents.list() == []
    with pytest.raises(NotFound):
        two.documents.get(document.id)


@pytest.mark.parametrize(
    "call",
    [
        lambda store, nowhere: store.matter(nowhere),
        lambda store, nowhere: store.matters.get(nowhere),
        lambda store, nowhere: store.matters.rename(nowhere, "t"),
        lambda store, nowhere: store.matters.set_confidential(nowhere, True),
        lambda store, nowhere: store.matters.delete(nowhere),
    ],
)
@pytest.mark.parametrize("nowhere", ["0" * 32, "../../etc/passwd", ""])
def test_a_matter_that_is_not_there_is_said(store: Store, call: Callable[..., object], nowhere: str) -> None:
    with pytest.raises(NotFound) as missing:
        call(store, MatterId(nowhere))
    assert missing.value.what == "matter"


def test_each_matter_has_a_key_of_its_own(open_store: Opening, profile: Profile) -> None:
    store = open_store()
    one, two = store.matters.create("one"), store.matters.create("two")
    store.close()
    shutil.copy(matter_file(profile, one), matter_file(profile, two))
    again = open_store()
    with pytest.raises(StoreDamaged):
        again.matter(two.id)
    assert again.matter(one.id).documents.list() == []


# ---------------------------------------------------------------- deleting
def test_a_deleted_matter_is_gone(store: Store) -> None:
    gone, kept = store.matters.create("gone"), store.matters.create("kept")
    store.matter(gone.id).documents.add("a.txt", "text/plain", b"a")
    store.matters.delete(gone.id)
    assert store.matters.list() == [kept]
    with pytest.raises(NotFound):
        store.matter(gone.id)


def test_a_copy_of_a_deleted_matters_file_opens_with_nothing_that_is_left(
    open_store: Opening, profile: Profile, tmp_path: Path
) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    store.matter(matter.id).documents.add("a.txt", "text/plain", b"a")
    store.close()
    copy = tmp_path / "backup.db"
    shutil.copy(matter_file(profile, matter), copy)

    store = open_store()
    wrapped, (main, wrapping) = wrapped_key(store, matter), keys_of(profile)
    store._main.checkpoint()
    assert wrapped in decrypted_pages(profile.store, main), "the control: before, the key is there"
    store.matters.delete(matter.id)

    assert not list(profile.matters.iterdir())
    remains = decrypted_pages(profile.store, main)
    assert wrapped not in remains and b"Northwind" not in remains
    assert profile.store.with_name("store.db-wal").stat().st_size == 0
    for key in (main, wrapping):
        with pytest.raises(StoreDamaged):
            open_database(copy, key, MATTER_SCHEMA)


def test_deleting_reaches_the_disk_before_the_store_is_closed(open_store: Opening, profile: Profile) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    opened = store.matter(matter.id)
    opened.conversations.create("t")
    store.matters.delete(matter.id)
    assert [file.name for file in profile.matters.iterdir()] == []
    with pytest.raises(Exception):  # noqa: B017 - whoever still holds the matter gets an error, not an empty new file
        opened.conversations.list()
    assert [file.name for file in profile.matters.iterdir()] == []


# ---------------------------------------------------------------- interrupted
def test_a_matter_whose_creation_was_cut_short_leaves_no_trace(
    open_store: Opening, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    kept = store.matters.create("kept")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(matters_module, "settle_folder", killed)
        patched.setattr(store.matters, "_erase", killed)
        with pytest.raises(Killed):
            store.matters.create("half")
    assert len(list(profile.matters.glob("*.db"))) == 2
    assert store.matters.list() == [kept]
    store.close()
    assert open_store().matters.list() == [kept]
    assert list(profile.matters.iterdir()) == [matter_file(profile, kept)]


def test_a_file_that_could_not_be_removed_goes_at_the_next_start(
    open_store: Opening, profile: Profile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")

    def busy(_: Path) -> None:
        raise PermissionError("another program has it open")

    with monkeypatch.context() as patched:
        patched.setattr(matters_module, "remove_files", busy)
        store.matters.delete(matter.id)
    assert store.matters.list() == [] and matter_file(profile, matter).exists()
    assert "Northwind" not in caplog.text
    store.close()
    open_store()
    assert not matter_file(profile, matter).exists()


def test_files_that_strongroom_did_not_make_stay(open_store: Opening, profile: Profile) -> None:
    open_store().close()
    stranger = profile.matters / ("f" * 32 + ".db")
    stranger.write_bytes(b"a matter restored from a backup, before its main store")
    open_store()
    assert stranger.exists()


# ---------------------------------------------------------------- damage
@pytest.mark.parametrize("damage", ["missing", "empty", "flipped", "garbage"])
def test_a_damaged_matter_is_said_and_the_others_live(open_store: Opening, profile: Profile, damage: str) -> None:
    store = open_store()
    broken, sound = store.matters.create("broken"), store.matters.create("sound")
    store.close()
    file = matter_file(profile, broken)
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(
            {"empty": b"", "garbage": b"?" * 8192, "flipped": whole[:90] + bytes([whole[90] ^ 1]) + whole[91:]}[damage]
        )
    again = open_store()
    with pytest.raises(StoreDamaged) as refused:
        again.matter(broken.id)
    assert (refused.value.file, refused.value.reason) == (file.name, "not_readable")
    assert file.exists() == (damage != "missing")
    assert again.matters.list() == [broken, sound]
    assert again.matter(sound.id).documents.list() == []
    again.matters.delete(broken.id)
    assert again.matters.list() == [sound]


def test_a_damaged_wrapped_key_is_said(open_store: Opening) -> None:
    store = open_store()
    matter = store.matters.create("Northwind")
    with store._main.write() as session:
        session.connection().exec_driver_sql("UPDATE matters SET wrapped_key = x'00'")
    with pytest.raises(StoreDamaged):
        store.matter(matter.id)


def test_a_wrapped_key_opens_its_own_matter_only(open_store: Opening) -> None:
    store = open_store()
    one, two = store.matters.create("one"), store.matters.create("two")
    with store._main.write() as session:
        swap = "UPDATE matters SET wrapped_key = (SELECT wrapped_key FROM matters WHERE id = ?) WHERE id = ?"
        session.connection().exec_driver_sql(swap, (one.id, two.id))
    with pytest.raises(StoreDamaged):
        store.matter(two.id)
