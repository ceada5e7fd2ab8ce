"""A tiny unified KV cache to check the ledger against: it does what llama.cpp is documented to do, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.inference.slots import Copy, Cut, Edit


class ModelCache:
    """Cells of (position, token, the slots that share it)."""

    def __init__(self, n_cells: int) -> None:
        self.n_cells = n_cells
        self.cells: list[tuple[int, int, set[int]]] = []

    def apply(self, edits: Iterable[Edit]) -> None:
        for edit in edits:
            match edit:
                case Cut(slot, start):
                    self._remove(slot, start)
                case Copy(source, target, length):
                    assert not self.tokens(target), "only an empty slot may receive a copy"
                    for position, _, slots in self.cells:
                        if source in slots and position < length:
                            slots.add(target)

    def compute(self, slot: int, start: int, tokens: Sequence[int]) -> None:
        assert len(self.tokens(slot)) == start, "tokens must continue what the slot holds"
        self.cells += [(start + offset, token, {slot}) for offset, token in enumerate(tokens)]
        assert len(self.cells) <= self.n_cells, "the cache has overflowed"

    def tokens(self, slot: int) -> list[int]:
        held = sorted((position, token) for position, token, slots in self.cells if slot in slots)
        assert [position for position, _ in held] == list(range(len(held))), "a slot has a hole or a position twice"
        return [token for _, token in held]

    def _remove(self, slot: int, start: int) -> None:
        for position, _, slots in self.cells:
            if position >= start:
                slots.discard(slot)
        self.cells = [cell for cell in self.cells if cell[2]]
