"""Stores to test with: cheap to open, in memory and on disk, and a keyring that is a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import secrets
from engine.errors import StoreLocked
from engine.paths import Profile
from engine.records import Document, DocumentId, Page, Protection
from engine.store.keys import Stretching
from engine.store.matter_store import MatterStore
from engine.store.store import Store

PASSPHRASE = "ein Satz, den niemand rät"


@dataclass
class FakeKeyring:
    """A system keyring that tests can look into, lock and empty."""

    entries: dict[str, bytes]
    problem: str | None = None

    def read(self, name: str) -> bytes | None:
        self._complain()
        return self.entries.get(name)

    def write(self, name: str, secret: bytes) -> None:
        self._complain()
        self.entries[name] = secret

    def delete(self, name: str) -> None:
        self._complain()
        self.entries.pop(name, None)

    def _complain(self) -> None:
        if self.problem is not None:
            raise StoreLocked(self.problem)  # type: ignore[arg-type]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    fake = FakeKeyring({})
    monkeypatch.setattr(secrets, "read_secret", fake.read)
    monkeypatch.setattr(secrets, "write_secret", fake.write)
    monkeypatch.setattr(secrets, "delete_secret", fake.delete)
    return fake


@pytest.fixture(autouse=True)
def cheap_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """New passphrases cost next to nothing here; what they cost outside is a test of its own."""
    monkeypatch.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def open_store(profile: Profile) -> Iterator[Callable[..., Store]]:
    """Opens stores of the profile and closes them at the end."""
    opened: list[Store] = []

    def open_it(protection: Protection = "passphrase", passphrase: str | None = PASSPHRASE) -> Store:
        store = Store.open(profile, protection=protection, passphrase=passphrase if protection == "passphrase" else None)
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture(params=["passphrase", "memory"])
def store(request: pytest.FixtureRequest, open_store: Callable[..., Store]) -> Store:
    """An open store, once on disk and once in memory: both must behave alike."""
    return open_store(request.param)


@pytest.fixture
def matter(store: Store) -> MatterStore:
    return store.matter(store.matters.create("Northwind v. Meridian").id)


@pytest.fixture
def document(matter: MatterStore) -> Document:
    added, _ = matter.documents.add("contract.pdf", "application/pdf", b"%PDF-1.7 the bytes")
    return added


def page(document: DocumentId, number: int, text: str, source: str = "text") -> Page:
    return Page(document, number, text, source, width=595.0, height=842.0)  # type: ignore[arg-type]


@pytest.fixture
def make_page() -> Callable[..., Page]:
    return page


@dataclass(frozen=True)
class Cut:
    """A passage as the cutter would make it."""

    page: int
    start: int
    end: int
    text: str
    heading: str = ""

    def indexed_text(self, document_name: str) -> str:
        return f"{document_name}: {self.heading}\n{self.text}"


@pytest.fixture
def put_text(matter: MatterStore) -> Callable[..., list[int]]:
    """Stores each text as a page with one passage over all of it; the passages' ids."""

    def put(document: DocumentId, *texts: str, first_page: int = 1) -> list[int]:
        numbered = list(enumerate(texts, start=first_page))
        matter.documents.put_pages(document, [page(document, number, text) for number, text in numbered])
        return matter.passages.put(document, [Cut(number, 0, len(text), text) for number, text in numbered])

    return put
