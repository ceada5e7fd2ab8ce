from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import DocumentUnreadable, NotFound
from engine.records import Document, DocumentId, Page, PageCoverage
from engine.store.matter_store import MatterStore
from engine.store.originals import PIECE_BYTES
from engine.store.store import Store

NOWHERE = DocumentId("0" * 32)
PutText = Callable[..., list[int]]
MakePage = Callable[..., Page]


# ---------------------------------------------------------------- adding
def test_a_document_comes_back_as_it_was_added(matter: MatterStore) -> None:
    content = os.urandom(3 * PIECE_BYTES + 17)
    document, is_new = matter.documents.add("Vertrag ü.pdf", "application/pdf", content, "/home/u/Vertrag ü.pdf")
    assert is_new
    assert matter.documents.original(document.id) == content
    assert (document.n_bytes, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (document.name, document.status, document.n_pages) == ("Vertrag ü.pdf", "waiting", 0)
    assert document.original_path == "/home/u/Vertrag ü.pdf"
    assert matter.documents.list() == [document]


def test_pieces_are_of_equal_size_however_the_bytes_come(matter: MatterStore) -> None:
    parts = [b"a" * 700_000] * 4
    document, _ = matter.documents.add("a.bin", "application/octet-stream", iter(parts))
    sizes = [len(piece) for piece in matter.documents.original_chunks(document.id)]
    assert sizes == [PIECE_BYTES, PIECE_BYTES, 2_800_000 - 2 * PIECE_BYTES]


def test_an_empty_document_is_kept_too(matter: MatterStore) -> None:
    document, _ = matter.documents.add("empty.txt", "text/plain", b"")
    assert matter.documents.original(document.id) == b""
    assert document.n_bytes == 0


def test_the_same_bytes_are_there_once(matter: MatterStore) -> None:
    first, _ = matter.documents.add("a.pdf", "application/pdf", b"same")
    again, is_new = matter.documents.add("copy of a.pdf", "application/pdf", b"same")
    assert not is_new
    assert again == first
    assert matter.documents.list() == [first]
    assert matter.documents.with_hash(first.sha256) == first
    assert matter.documents.with_hash("0" * 64) is None


def test_a_file_is_copied_with_its_path(matter: MatterStore, tmp_path: Path) -> None:
    file = tmp_path / "brief.txt"
    file.write_bytes(b"Dear Sir")
    document, is_new = matter.documents.add_file(file)
    assert is_new and document.media_type == "text/plain"
    assert document.original_path == str(file)
    assert matter.documents.add_file(file) == (document, False)
    file.unlink()
    assert matter.documents.original(document.id) == b"Dear Sir"


@pytest.mark.skipif(os.name != "posix", reason="file names of other systems are Unicode")
def test_a_file_name_that_is_not_unicode_keeps_its_path(matter: MatterStore, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"br\xefef.txt")
    file.write_bytes(b"Dear Sir")
    document, _ = matter.documents.add_file(file)
    assert document.name == "br\ufffdef.txt"
    assert document.original_path == str(file) and Path(document.original_path).is_file()


def test_a_file_that_cannot_be_read_leaves_no_trace(matter: MatterStore, tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreadable) as refused:
        matter.documents.add_file(tmp_path / "gone.pdf")
    assert refused.value.reason == "unreachable"
    assert matter.documents.list() == []


def test_bytes_that_break_off_leave_no_trace(matter: MatterStore) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x" * (2 * PIECE_BYTES)
        raise DocumentUnreadable("a.pdf", "unreachable")

    with pytest.raises(DocumentUnreadable):
        matter.documents.add("a.pdf", "application/pdf", breaking())
    assert matter.documents.list() == []
    again, is_new = matter.documents.add("a.pdf", "application/pdf", b"x" * (2 * PIECE_BYTES))
    assert is_new and matter.documents.list() == [again]


def test_a_large_document_never_lies_in_memory_as_a_whole(open_store: Callable[..., Store], tmp_path: Path) -> None:
    store = open_store()
    matter = store.matter(store.matters.create("Large").id)
    file, size = tmp_path / "large.bin", 48 * PIECE_BYTES
    with file.open("wb") as out:
        for _ in range(48):
            out.write(os.urandom(PIECE_BYTES))
    tracemalloc.start()
    document, _ = matter.documents.add_file(file)
    digest = hashlib.sha256()
    for piece in matter.documents.original_chunks(document.id):
        digest.update(piece)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert digest.hexdigest() == document.sha256
    assert most < size / 4


# ---------------------------------------------------------------- reading
def test_progress_is_counted_from_what_is_there(
    matter: MatterStore, document: Document, make_page: MakePage, put_text: PutText
) -> None:
    matter.documents.opened(document.id, n_pages=5, media_type="application/x-other")
    put_text(document.id, "one", "two", "three")
    matter.documents.put_pages(document.id, [make_page(document.id, 4, "", "empty"), make_page(document.id, 5, "", "failed")])
    now = matter.documents.get(document.id)
    assert (now.n_pages, now.n_pages_read, now.n_pages_without_text) == (5, 5, 2)
    assert (now.n_passages, now.n_indexed) == (3, 0)
    assert now.media_type == "application/x-other"
    assert matter.documents.list() == [now]


def test_pages_come_back_with_every_character(matter: MatterStore, document: Document) -> None:
    text = "Zeile 1\nNUL \x00 after, \U0001f512 \u00ad\ufb01 e\u0301"
    stored = Page(document.id, 7, text, "ocr", "Annex > B", 595.3, 841.9)
    matter.documents.put_pages(document.id, [stored], [0.75])
    assert matter.documents.page(document.id, 7) == stored
    assert matter.documents.coverage(document.id) == [PageCoverage(7, "ocr", len(text), 0.75)]


def test_half_a_character_is_replaced_without_moving_the_others(matter: MatterStore, document: Document) -> None:
    matter.documents.put_pages(document.id, [Page(document.id, 1, "a\ud800b\udfffc", "text")])
    assert matter.documents.page(document.id, 1).text == "a\ufffdb\ufffdc"


def test_pages_are_listed_by_number(matter: MatterStore, document: Document, make_page: MakePage) -> None:
    for number in (3, 1, 2):
        matter.documents.put_pages(document.id, [make_page(document.id, number, f"page {number}")])
    assert [page.number for page in matter.documents.pages(document.id)] == [1, 2, 3]


def test_a_page_read_again_replaces_the_old_one_and_its_passages(
    matter: MatterStore, document: Document, make_page: MakePage, put_text: PutText
) -> None:
    first, second = put_text(document.id, "the old clause", "the other clause")
    matter.documents.put_pages(document.id, [make_page(document.id, 1, "the new clause")])
    assert [page.text for page in matter.documents.pages(document.id)] == ["the new clause", "the other clause"]
    assert [passage.id for passage in matter.passages.get([first, second])] == [second]
    assert matter.passages.search_words("old") == []


def test_reading_again_starts_from_nothing_but_the_original(matter: MatterStore, document: Document, put_text: PutText) -> None:
    matter.documents.opened(document.id, n_pages=2, media_type="application/pdf")
    put_text(document.id, "one clause", "two clauses")
    matter.documents.clear_pages(document.id)
    now = matter.documents.get(document.id)
    assert (now.n_pages, now.n_pages_read, now.n_passages) == (0, 0, 0)
    assert matter.passages.search_words("clause") == []
    assert matter.documents.original(document.id) == b"%PDF-1.7 the bytes"


def test_a_problem_is_kept_with_its_facts_and_cleared(matter: MatterStore, document: Document) -> None:
    facts = {"name": "contract.pdf", "tried": True, "limit": 3}
    matter.documents.set_status(document.id, "needs_password", "document_encrypted", facts)
    now = matter.documents.get(document.id)
    assert (now.status, now.problem, now.problem_facts) == ("needs_password", "document_encrypted", facts)
    matter.documents.set_status(document.id, "ready")
    now = matter.documents.get(document.id)
    assert (now.status, now.problem, now.problem_facts) == ("ready", None, None)


# ---------------------------------------------------------------- removing
def test_a_removed_document_is_gone_with_all_its_parts(matter: MatterStore, document: Document, put_text: PutText) -> None:
    other, _ = matter.documents.add("other.pdf", "application/pdf", b"other")
    ids = put_text(document.id, "indemnity of the seller")
    kept = put_text(other.id, "indemnity of the buyer")
    matter.documents.remove(document.id)
    assert [each.id for each in matter.documents.list()] == [other.id]
    assert matter.passages.get(ids) == []
    assert [number for number, _ in matter.passages.search_words("indemnity")] == kept
    with pytest.raises(NotFound):
        matter.documents.original(document.id)


def test_a_removed_document_frees_its_space(open_store: Callable[..., Store], profile) -> None:
    store = open_store()
    matter = store.matters.create("Space")
    documents = store.matter(matter.id).documents
    file = profile.matters / f"{matter.id}.db"
    before = file.stat().st_size
    document, _ = documents.add("large.bin", "application/octet-stream", os.urandom(20 * PIECE_BYTES))
    assert file.stat().st_size > 20 * PIECE_BYTES
    documents.remove(document.id)
    assert file.stat().st_size < before + PIECE_BYTES


@pytest.mark.parametrize(
    "call",
    [
        lambda documents: documents.get(NOWHERE),
        lambda documents: documents.original(NOWHERE),
        lambda documents: documents.original_chunks(NOWHERE),
        lambda documents: documents.remove(NOWHERE),
        lambda documents: documents.set_status(NOWHERE, "ready"),
        lambda documents: documents.opened(NOWHERE, n_pages=1, media_type=""),
        lambda documents: documents.clear_pages(NOWHERE),
        lambda documents: documents.put_pages(NOWHERE, []),
        lambda documents: documents.pages(NOWHERE),
        lambda documents: documents.page(NOWHERE, 1),
        lambda documents: documents.coverage(NOWHERE),
    ],
)
def test_a_document_that_is_not_there_is_said(matter: MatterStore, call: Callable[[object], object]) -> None:
    with pytest.raises(NotFound) as missing:
        call(matter.documents)
    assert (missing.value.what, missing.value.name) == ("document", NOWHERE)


def test_a_page_that_is_not_there_is_said(matter: MatterStore, document: Document) -> None:
    with pytest.raises(NotFound) as missing:
        matter.documents.page(document.id, 3)
    assert (missing.value.what, missing.value.name) == ("page", "3")
