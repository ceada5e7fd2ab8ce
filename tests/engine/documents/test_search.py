"""Fusion of two rankings, and exact search in vectors that come and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.search import VectorIndex, fuse
from engine.records import DocumentId

ids = st.lists(st.integers(0, 80), unique=True, max_size=50)


def vectors(n: int, dimensions: int = 32, seed: int = 3) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(ids)
def test_words_alone_keep_their_order(by_words: list[int]) -> None:
    assert [passage for passage, _ in fuse(by_words, [])] == by_words


@given(ids, ids)
def test_everything_found_is_in_the_result_once_and_scores_fall(by_words: list[int], by_meaning: list[int]) -> None:
    fused = fuse(by_words, by_meaning)
    assert sorted(passage for passage, _ in fused) == sorted({*by_words, *by_meaning})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)


def test_meaning_counts_twice_and_agreement_wins() -> None:
    assert [passage for passage, _ in fuse([1, 2], [3, 2])] == [2, 3, 1]
    assert dict(fuse([1], [3])) == {1: 1 / 61, 3: 2 / 61}


def test_a_document_with_many_hits_gives_way_a_little() -> None:
    document_of = {passage: DocumentId("long" if passage < 10 else "short") for passage in range(12)}
    plain = [passage for passage, _ in fuse(list(range(12)), [])]
    diverse = [passage for passage, _ in fuse(list(range(12)), [], document_of)]
    assert diverse[0] == plain[0] == 0
    assert diverse.index(10) < plain.index(10)
    assert sorted(diverse) == sorted(plain)


def test_the_nearest_are_the_same_as_by_sorting_all_cosines() -> None:
    rows = vectors(500)
    index = VectorIndex.from_rows(range(500), [DocumentId(f"d{row % 7}") for row in range(500)], rows.astype(np.float16))
    question = vectors(1, seed=9)[0]
    cosines = rows @ question
    expected = np.argsort(-cosines)[:50].tolist()
    found = index.nearest(question * 17, 50)
    assert [passage for passage, _ in found[:20]] == expected[:20]
    assert found[0][1] == pytest.approx(cosines[expected[0]], abs=1e-3)


def test_only_the_documents_asked_for_are_searched() -> None:
    documents = [DocumentId(f"d{row % 5}") for row in range(100)]
    index = VectorIndex.from_rows(range(100), documents, vectors(100))
    found = index.nearest(vectors(1, seed=4)[0], 1000, [DocumentId("d1"), DocumentId("d3"), DocumentId("unknown")])
    assert sorted(passage for passage, _ in found) == [row for row in range(100) if row % 5 in (1, 3)]
    assert index.nearest(vectors(1)[0], 10, []) == []


@given(st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 5)), max_size=40))
def test_adding_and_removing_documents_leaves_exactly_what_is_there(steps: list[tuple[str, int]]) -> None:
    rows = vectors(60, dimensions=8)
    index = VectorIndex()
    present: set[int] = set()
    for step, document in steps:
        passages = range(document * 10, document * 10 + 10)
        if step == "add":
            index.add(list(passages), [DocumentId(str(document))] * 10, rows[list(passages)])
            present |= set(passages)
        else:
            index.remove_document(DocumentId(str(document)))
            present -= set(passages)
    assert len(index) == len(present)
    assert {passage for passage, _ in index.nearest(rows[0], 100)} == present
    for passage in present:
        assert index.nearest(rows[passage], 1)[0][0] == passage


def test_room_of_removed_documents_is_used_again() -> None:
    index = VectorIndex()
    for round_number in range(20):
        document = DocumentId(str(round_number))
        index.add(range(round_number * 100, round_number * 100 + 100), [document] * 100, vectors(100))
        index.remove_document(document)
    assert index.n_bytes <= 256 * 32 * 4


def test_an_empty_index_and_wrong_dimensions() -> None:
    index = VectorIndex.from_rows([], [], np.zeros((0, 0), dtype=np.float16))
    assert index.nearest(np.ones(8), 5) == []
    index.add([1], [DocumentId("d")], np.ones((1, 8)))
    with pytest.raises(ValueError, match="16 dimensions"):
        index.add([2], [DocumentId("d")], np.ones((1, 16)))
    assert len(index) == 1
