"""Places in the KV cache: which tokens each slot holds, which cells they share, who has to make room.

Pure integers. The cache is unified: all slots together have `n_cells` cells, one for each token, and a prefix
that several slots share takes its cells once. A running sequence has its whole possible length reserved from the
start, so a running answer can never find the cache full. What a finished sequence computed stays until its room is
needed (least recently used goes first), so that a follow-up computes only what is new.

Recurrent and hybrid models keep a state that cannot be cut (`can_cut=False`): there only a slot's whole content can
be continued or copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cut:
    """Forget what `slot` holds from position `start` on."""

    slot: int
    start: int


@dataclass(frozen=True)
class Copy:
    """Let `target`, which is empty, share the first `length` tokens of `source`."""

    source: int
    target: int
    length: int


Edit = Cut | Copy


@dataclass(frozen=True)
class Placement:
    """Where a sequence goes, how many of its tokens are there already, and what must be done to the cache first."""

    slot: int
    n_cached: int
    edits: tuple[Edit, ...]


@dataclass
class _Slot:
    tokens: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)  # cells[i] holds tokens[i]
    running: bool = False
    n_reserved: int = 0  # length it may grow to while running
    last_used: int = 0


class Slots:
    """The ledger of the KV cache; the caller applies every edit to the real one, in order."""

    def __init__(self, n_slots: int, n_cells: int, *, can_cut: bool = True) -> None:
        self.n_cells = n_cells
        self.can_cut = can_cut
        self._slots = [_Slot() for _ in range(n_slots)]
        self._n_holders: dict[int, int] = {}
        self._next_cell = 0
        self._clock = 0

    @property
    def n_used(self) -> int:
        """Cells that hold something."""
        return len(self._n_holders)

    @property
    def n_promised(self) -> int:
        """Cells that running sequences have reserved and not yet filled."""
        return sum(slot.n_reserved - len(slot.tokens) for slot in self._slots if slot.running)

    def held(self, slot: int) -> Sequence[int]:
        """The tokens that `slot` holds."""
        return self._slots[slot].tokens

    def longest_prefix(self, tokens: Sequence[int]) -> tuple[int, int]:
        """(slot, length) of the longest reusable prefix; at least the last token is always left to compute."""
        best, length = 0, 0
        for index, slot in enumerate(self._slots):
            common = min(common_prefix(slot.tokens, tokens), len(tokens) - 1)
            if not self.can_cut and common < len(slot.tokens):
                continue
            if common > length:
                best, length = index, common
        return best, length

    def place(self, tokens: Sequence[int], n_at_most: int) -> Placement | None:
        """Give a sequence a slot and reserve `n_at_most` cells; None, and nothing changed, while there is no room."""
        donor, length = self.longest_prefix(tokens)
        for takes_over in (False, True):
            target = self._target(donor, length, takes_over=takes_over)
            if target is None:
                continue
            victims = self._victims(donor, target, length, n_at_most)
            if victims is not None:
                return self._occupy(donor, target, length, n_at_most, victims)
        return None

    def extend(self, slot: int, tokens: Sequence[int]) -> None:
        """The cache now also holds `tokens` at the end of `slot`."""
        place = self._slots[slot]
        place.tokens.extend(tokens)
        for _ in tokens:
            place.cells.append(self._next_cell)
            self._n_holders[self._next_cell] = 1
            self._next_cell += 1

    def release(self, slot: int) -> None:
        """The sequence is over; what it computed stays for a follow-up."""
        place = self._slots[slot]
        place.running, place.n_reserved = False, 0
        self._clock += 1
        place.last_used = self._clock

    def forget(self, slot: int) -> None:
        """The cache lost what an idle slot held."""
        self._drop_from(self._slots[slot], 0)

    # ------------------------------------------------------------ choosing
    def _target(self, donor: int, length: int, *, takes_over: bool) -> int | None:
        """The slot to use: the donor itself when it loses little by it or must, else an empty or the oldest idle one."""
        source = self._slots[donor]
        donor_is_idle = length > 0 and not source.running
        if donor_is_idle and (takes_over or 2 * length >= len(source.tokens)):
            return donor
        idle = [index for index, slot in enumerate(self._slots) if not slot.running and not (donor_is_idle and index == donor)]
        return min(idle, key=lambda index: (bool(self._slots[index].tokens), self._slots[index].last_used), default=None)

    def _victims(self, donor: int, target: int, length: int, n_at_most: int) -> list[int] | None:
        """Idle slots to empty, oldest first, so that everything fits; None if even all of them would not do."""
        kept = {index for index, slot in enumerate(self._slots) if index != target and slot.tokens}
        idle = [index for index in kept if not self._slots[index].running and not (length and index == donor)]
        idle.sort(key=lambda index: self._slots[index].last_used, reverse=True)
        room = self.n_cells - self.n_promised - (n_at_most - length)
        victims: list[int] = []
        while self._n_cells_of(kept, donor, length) > room:
            if not idle:
                return None
            victims.append(idle.pop())
            kept.discard(victims[-1])
        return victims

    def _n_cells_of(self, kept: set[int], donor: int, length: int) -> int:
        """Distinct cells of the kept slots and of the donor's prefix."""
        if not kept:
            return length
        if len(kept) == 1 and not length:
            return len(self._slots[next(iter(kept))].cells)
        cells = set(self._slots[donor].cells[:length])
        return len(cells.union(*(self._slots[index].cells for index in kept)))

    def _occupy(self, donor: int, target: int, length: int, n_at_most: int, victims: list[int]) -> Placement:
        edits: list[Edit] = [Cut(victim, 0) for victim in victims]
        for victim in victims:
            self._drop_from(self._slots[victim], 0)
        place, keep = self._slots[target], length if target == donor else 0
        if len(place.tokens) > keep:
            edits.append(Cut(target, keep))
            self._drop_from(place, keep)
        if target != donor and length:
            edits.append(Copy(donor, target, length))
            self._share(self._slots[donor], place, length)
        place.running, place.n_reserved = True, n_at_most
        return Placement(target, length, tuple(edits))

    def _share(self, source: _Slot, target: _Slot, length: int) -> None:
        target.tokens = source.tokens[:length]
        target.cells = source.cells[:length]
        for cell in target.cells:
            self._n_holders[cell] += 1

    def _drop_from(self, slot: _Slot, start: int) -> None:
        for cell in slot.cells[start:]:
            self._n_holders[cell] -= 1
            if not self._n_holders[cell]:
                del self._n_holders[cell]
        del slot.cells[start:], slot.tokens[start:]


def common_prefix(one: Sequence[int], other: Sequence[int], stride: int = 64) -> int:
    """Length of the longest common beginning; compares `stride` tokens at a time, which runs at C speed."""
    end = min(len(one), len(other))
    start = 0
    while start < end and one[start : start + stride] == other[start : start + stride]:
        start += stride
    if start >= end:
        return end
    return next((index for index in range(start, end) if one[index] != other[index]), end)
