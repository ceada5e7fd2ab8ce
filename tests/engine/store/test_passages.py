from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.documents.passages import cut
from engine.errors import NotFound
from engine.records import Document, DocumentId, Page
from engine.store.matter_store import MatterStore

PutText = Callable[..., list[int]]


def rows(n: int, dimensions: int = 8) -> np.ndarray:
    return np.random.default_rng(n).normal(size=(n, dimensions)).astype(np.float32)


# ---------------------------------------------------------------- text
def test_a_passage_is_its_stretch_of_the_page(matter: MatterStore, document: Document) -> None:
    text = "1 Delivery\n\n" + "Goods are delivered ex works\x00 by the seller. " * 60
    page = Page(document.id, 4, text, "text", width=595.0, height=842.0)
    matter.documents.put_pages(document.id, [page])
    made = cut([page])
    ids = matter.passages.put(document.id, made)
    stored = matter.passages.get(ids)
    assert len(stored) == len(made) > 1
    for passage, new in zip(stored, made, strict=True):
        assert (passage.document, passage.page, passage.start, passage.end) == (document.id, 4, new.start, new.end)
        assert passage.heading == new.heading
        assert passage.text == text[new.start : new.end] == new.text


def test_passages_come_in_the_order_asked_for(matter: MatterStore, document: Document, put_text: PutText) -> None:
    first, second, third = put_text(document.id, "one", "two", "three")
    assert [passage.text for passage in matter.passages.get([third, 999, first])] == ["three", "one"]
    assert matter.passages.count() == matter.passages.count(document.id) == 3
    assert matter.passages.count(DocumentId("0" * 32)) == 0
    assert second not in {passage.id for passage in matter.passages.get([first, third])}


def test_numbers_are_never_used_again(matter: MatterStore, document: Document, put_text: PutText) -> None:
    before = put_text(document.id, "one", "two")
    matter.documents.clear_pages(document.id)
    assert min(put_text(document.id, "three")) > max(before)


def test_passages_of_an_unknown_document_are_refused(matter: MatterStore) -> None:
    with pytest.raises(NotFound):
        matter.passages.put(DocumentId("0" * 32), [])


# ---------------------------------------------------------------- words
def test_words_find_their_passage_without_accents_or_case(matter: MatterStore, document: Document, put_text: PutText) -> None:
    german, french, other = put_text(document.id, "Die Haftung für Mängel", "La clause pénale", "Unrelated words")
    assert [number for number, _ in matter.passages.search_words("MANGEL")] == [german]
    assert [number for number, _ in matter.passages.search_words("pe\u0301nale")] == [french]
    assert [number for number, _ in matter.passages.search_words("unrelated, penale?")] in ([other, french], [french, other])


def test_the_rarer_word_counts_more(matter: MatterStore, document: Document, put_text: PutText) -> None:
    *_, rare = put_text(document.id, *["the seller delivers"] * 5, "the seller indemnifies")
    found = matter.passages.search_words("does the seller indemnifies")
    assert found[0][0] == rare
    assert len(found) == 6
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[0][1] > 0


def test_the_name_of_a_document_is_a_word_of_its_passages(matter: MatterStore, put_text: PutText) -> None:
    lease, _ = matter.documents.add("Lease Hamburg.pdf", "application/pdf", b"1")
    ids = put_text(lease.id, "The rent is due monthly.")
    assert [number for number, _ in matter.passages.search_words("Hamburg")] == ids


def test_search_can_be_kept_to_some_documents(matter: MatterStore, document: Document, put_text: PutText) -> None:
    other, _ = matter.documents.add("other.pdf", "application/pdf", b"other")
    here, there = put_text(document.id, "penalty clause"), put_text(other.id, "penalty clause")
    search = matter.passages.search_words
    assert {number for number, _ in search("penalty")} == {*here, *there}
    assert [number for number, _ in search("penalty", [other.id])] == there
    assert search("penalty", []) == []
    assert len(search("penalty", None, 1)) == 1
    assert search("penalty", None, 0) == []


def test_a_removed_documents_words_leave_the_index(matter: MatterStore, document: Document, put_text: PutText) -> None:
    other, _ = matter.documents.add("other.pdf", "application/pdf", b"other")
    put_text(document.id, "zanzibarclause")
    put_text(other.id, "something else")

    def words_in_index() -> bytes:
        with matter._database.read() as session:
            blocks = session.connection().exec_driver_sql("SELECT block FROM passage_words_data").scalars().all()
        return b"".join(blocks)

    assert b"zanzibar" in words_in_index()
    matter.documents.remove(document.id)
    assert b"zanzibar" not in words_in_index()


ODD = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=200),
    st.lists(st.sampled_from(['"', "'", "*", "OR", "AND", "NOT", "NEAR(", ")", "^", ":", "words:", "-", "\x00", "a"])).map(
        " ".join
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=ODD)
def test_any_text_can_be_searched_for(matter: MatterStore, query: str) -> None:
    assert matter.passages.search_words(query) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=[]), min_size=1, max_size=300))
def test_any_page_text_can_be_stored_and_read_again(
    matter: MatterStore, document: Document, put_text: PutText, text: str
) -> None:
    (number,) = put_text(document.id, text)
    storable = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    assert matter.passages.get([number])[0].text == storable


def test_a_pasted_page_is_searched_by_its_first_words(matter: MatterStore, document: Document, put_text: PutText) -> None:
    (number,) = put_text(document.id, "word7 is here")
    pasted = " ".join(f"word{n}" for n in range(20_000))
    assert [found for found, _ in matter.passages.search_words(pasted)] == [number]


# ---------------------------------------------------------------- vectors
def test_vectors_come_back_in_half_precision_with_their_documents(
    matter: MatterStore, document: Document, put_text: PutText
) -> None:
    other, _ = matter.documents.add("other.pdf", "application/pdf", b"other")
    mine, others, vectors = put_text(document.id, "one", "two"), put_text(other.id, "three"), rows(3)
    matter.passages.put_vectors([*mine, *others], vectors)
    ids, documents, matrix = matter.passages.vectors()
    assert ids == [*mine, *others]
    assert documents == [document.id, document.id, other.id]
    assert matrix.dtype == np.float32
    assert np.array_equal(matrix, vectors.astype(np.float16).astype(np.float32))
    assert matter.passages.vectors([other.id])[0] == others


def test_passages_without_a_vector_are_handed_out_oldest_first(
    matter: MatterStore, document: Document, put_text: PutText
) -> None:
    first, second, third = put_text(document.id, "one", "two", "three")
    assert [passage.id for passage in matter.passages.without_vector(2)] == [first, second]
    matter.passages.put_vectors([first], rows(1))
    assert [(passage.id, passage.text) for passage in matter.passages.without_vector(9)] == [(second, "two"), (third, "three")]
    assert matter.documents.get(document.id).n_indexed == 1
    matter.passages.put_vectors([first, second, third], rows(3))
    assert matter.passages.without_vector(9) == []
    assert matter.documents.get(document.id).n_indexed == 3


def test_a_vector_for_a_passage_that_is_gone_is_dropped(matter: MatterStore, document: Document, put_text: PutText) -> None:
    gone = put_text(document.id, "old")
    matter.documents.clear_pages(document.id)
    kept = put_text(document.id, "new")
    matter.passages.put_vectors([*gone, *kept], rows(2))
    assert matter.passages.vectors()[0] == kept
    matter.passages.put_vectors(gone, rows(1))
    assert matter.passages.vectors()[0] == kept


def test_vectors_go_with_their_document(matter: MatterStore, document: Document, put_text: PutText) -> None:
    matter.passages.put_vectors(put_text(document.id, "one"), rows(1))
    matter.documents.remove(document.id)
    ids, documents, matrix = matter.passages.vectors()
    assert (ids, documents, len(matrix)) == ([], [], 0)


def test_vectors_of_another_model_are_refused(matter: MatterStore, document: Document, put_text: PutText) -> None:
    first, second = put_text(document.id, "one", "two")
    matter.passages.put_vectors([first], rows(1, dimensions=8))
    with pytest.raises(ValueError, match="different models"):
        matter.passages.put_vectors([second], rows(1, dimensions=16))
    with pytest.raises(ValueError, match="one row"):
        matter.passages.put_vectors([first, second], rows(1))


@dataclass(frozen=True)
class Nameless:
    """A passage whose index text cannot be made."""

    page: int = 1
    start: int = 0
    end: int = 1
    heading: str = ""

    def indexed_text(self, document_name: str) -> str:
        raise RuntimeError


def test_passages_that_cannot_be_indexed_are_not_stored_either(
    matter: MatterStore, document: Document, put_text: PutText
) -> None:
    put_text(document.id, "one")
    with pytest.raises(RuntimeError):
        matter.passages.put(document.id, [Nameless()])
    assert matter.passages.count() == 1
