"""The table stays right under any order of events, and quick with thousands of rows."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from desktop.cells import CELL, StatusCell
from desktop.viewmodels.document_rows import COLUMNS, group_of, sort_key
from desktop.viewmodels.document_table import DocumentTable
from desktop.viewmodels.sorted_rows import SortedRows
from engine.records import DocumentId
from tests.desktop.recording import document, documents

statuses = st.sampled_from(["waiting", "reading", "indexing", "ready", "needs_password", "no_text", "failed", "cancelled"])
gestures = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 9), statuses, st.integers(0, 50), st.sampled_from(["Lease", "lease b", "Note"])),
        st.tuples(st.just("drop"), st.integers(0, 9)),
        st.tuples(st.just("group"), st.sampled_from(["all", "ready", "in_progress", "needs_you"])),
        st.tuples(st.just("typed"), st.sampled_from(["", "lease", "LEASE b", "x"])),
        st.tuples(
            st.just("sort"), st.integers(-1, 4), st.sampled_from([Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
        ),
    ),
    max_size=40,
)


@given(gestures)
def test_rows_are_always_what_a_slow_and_simple_table_would_show(played: list[tuple[Any, ...]]) -> None:
    table, watched = DocumentTable(), Watcher()
    watched.watch(table)
    known: dict[str, Any] = {}
    arrival: dict[str, int] = {}
    group, typed, column, descending = "all", "", -1, False
    for kind, *facts in played:
        if kind == "put":
            key, status, pages, name = f"d{facts[0]}", *facts[1:]
            known[key] = document(key, name, status, pages=pages)
            arrival.setdefault(key, len(arrival))
            table.put(known[key])
        elif kind == "drop":
            known.pop(f"d{facts[0]}", None)
            table.drop(DocumentId(f"d{facts[0]}"))
        elif kind == "group":
            group = facts[0]
            table.show_group(group)
        elif kind == "typed":
            typed = facts[0].casefold()
            table.show_names_with(facts[0])
        else:
            column, descending = facts[0], facts[1] == Qt.SortOrder.DescendingOrder and facts[0] >= 0
            table.sort(*facts)
        name = COLUMNS[column] if column >= 0 else "added"
        fits = [
            one
            for one in known.values()
            if group in ("all", group_of(one)) and all(p in one.name.casefold() for p in typed.split())
        ]
        expected = [one.id for one in sorted(fits, key=lambda one: sort_key(one, name, arrival[one.id]), reverse=descending)]
        assert [table.document_at(row) for row in range(table.rowCount())] == expected
        assert all(table.row_of(key) == row for row, key in enumerate(expected))
        assert watched.n_rows == len(expected), "a view that only listens to signals has lost count"
        assert sum(table.groups.values()) == table.n_documents == len(known)
        assert table.n_pages == sum(one.n_pages for one in known.values())


class Watcher:
    """Counts rows by the model's signals alone, as a view does."""

    n_rows = 0

    def watch(self, table: DocumentTable) -> None:
        table.rowsInserted.connect(self._inserted)
        table.rowsRemoved.connect(self._removed)
        table.modelReset.connect(lambda: setattr(self, "n_rows", table.rowCount()))

    def _inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.n_rows += last - first + 1

    def _removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.n_rows -= last - first + 1


def test_a_document_that_gets_further_touches_its_own_row_only() -> None:
    table = DocumentTable()
    table.fill(document(f"d{n}", f"{n:05}.pdf", "waiting") for n in range(5_000))
    table.show_group("in_progress")
    touched: list[tuple[int, int]] = []
    resets: list[None] = []
    table.dataChanged.connect(lambda first, last, _roles=None: touched.append((first.row(), last.row())))
    table.modelReset.connect(lambda: resets.append(None))
    table.put(document("d3000", "03000.pdf", "reading", n_pages_read=4))
    assert touched == [(3000, 3000)]
    assert resets == []


def test_cells_carry_words_for_screen_readers() -> None:
    table = DocumentTable()
    table.fill(documents())
    status = COLUMNS.index("status")
    spoken = {table.index(row, 0).data(): table.index(row, status).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(14)}
    assert spoken["Exhibit bundle A, scanned.pdf"] == "Page 41 of 118"
    assert spoken["Surveyor report, sealed.pdf"] == "Needs a password"
    assert spoken["Schedule of dilapidations.pdf"] == "Ready, 3 pages without text"
    cell = table.index(3, status).data(CELL)
    assert isinstance(cell, StatusCell) and cell.share == 41 / 118


def test_equal_names_keep_the_order_in_which_they_came() -> None:
    rows = SortedRows()
    rows.fill([("b", ("same", 2)), ("a", ("same", 1))])
    assert [rows[0], rows[1]] == ["a", "b"]
    rows.descending = True
    assert [rows[0], rows[1]] == ["b", "a"]
    assert [rows.place("a"), rows.place("b")] == [1, 0]


def test_indexing_progress_is_drawn_as_a_bar() -> None:
    table = DocumentTable()
    one = document("d1", "a.pdf", "indexing", n_passages=100, n_indexed=25)
    table.fill([one])
    assert table.index(0, 2).data(CELL).share == 0.25
    table.put(dataclasses.replace(one, status="ready", n_indexed=100))
    assert table.index(0, 2).data(CELL).share is None
