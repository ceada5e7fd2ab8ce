"""Rows kept in order under insertions, changes and removals, each in logarithmic time. Pure.

A row is an id with a sort key. Keys end in the order of arrival, so that no two are equal.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable
from typing import Any

Key = tuple[Any, ...]


class SortedRows:
    """`place` is where a row is shown; with `descending` the order is turned round."""

    def __init__(self, *, descending: bool = False) -> None:
        self.descending = descending
        self._rows: list[tuple[Key, Hashable]] = []
        self._keys: dict[Hashable, Key] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: Hashable) -> bool:
        return row in self._keys

    def __getitem__(self, place: int) -> Hashable:
        return self._rows[self._turned(place)][1]

    def fill(self, rows: Iterable[tuple[Hashable, Key]]) -> None:
        """Hold these rows and no others."""
        self._keys = dict(rows)
        self._rows = sorted(((key, row) for row, key in self._keys.items()), key=lambda one: one[0])

    def key(self, row: Hashable) -> Key:
        return self._keys[row]

    def place(self, row: Hashable) -> int:
        """Where a row is; raises KeyError when it is not there."""
        return self._turned(bisect_left(self._rows, self._keys[row], key=lambda one: one[0]))

    def place_for(self, key: Key) -> int:
        """Where a row with this key would go."""
        place = bisect_left(self._rows, key, key=lambda one: one[0])
        return len(self._rows) - place if self.descending else place

    def insert(self, row: Hashable, key: Key) -> None:
        self._keys[row] = key
        insort(self._rows, (key, row), key=lambda one: one[0])

    def remove(self, row: Hashable) -> None:
        del self._rows[bisect_left(self._rows, self._keys.pop(row), key=lambda one: one[0])]

    def _turned(self, place: int) -> int:
        return len(self._rows) - 1 - place if self.descending else place
