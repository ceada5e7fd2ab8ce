"""Checksums of a file as a whole and of its parts, computed while the bytes flow.

A part is a stretch of PART_BYTES; the last one is shorter. Part checksums are what lets a damaged file be repaired
without fetching all of it, and what a resumed download is compared with. Knows nothing of where bytes come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

#: Eight mebibytes: the most that is fetched again after a kill, and the least that a repair fetches.
PART_BYTES = 8 << 20
READ_BYTES = 1 << 20  # enough that hashing, which runs without the interpreter's lock, outweighs the call


class PartHasher:
    """SHA-256 of everything that was fed and of each part of it."""

    def __init__(self, part_bytes: int = PART_BYTES) -> None:
        self.part_bytes = part_bytes
        self.n_bytes = 0
        self.parts: list[str] = []  # of the parts that are complete
        self._whole = hashlib.sha256()
        self._part = hashlib.sha256()

    def feed(self, chunk: bytes | memoryview) -> list[str]:
        """Take in more bytes; returns the checksums of the parts that became complete with them."""
        view, before = memoryview(chunk), len(self.parts)
        self._whole.update(view)
        while view:
            piece = view[: self.part_bytes - self.n_bytes % self.part_bytes]
            self._part.update(piece)
            self.n_bytes += len(piece)
            if self.n_bytes % self.part_bytes == 0:
                self.parts.append(self._part.hexdigest())
                self._part = hashlib.sha256()
            view = view[len(piece) :]
        return self.parts[before:]

    def copy(self) -> PartHasher:
        """Another that has taken in the same, to go on from here twice."""
        other = PartHasher(self.part_bytes)
        other.n_bytes, other.parts = self.n_bytes, list(self.parts)
        other._whole, other._part = self._whole.copy(), self._part.copy()
        return other

    @property
    def begun(self) -> str | None:
        """The checksum of the part that is not complete yet; None between two parts."""
        return self._part.hexdigest() if self.n_bytes % self.part_bytes else None

    @property
    def all_parts(self) -> list[str]:
        """The checksum of each part, the last and shorter one included."""
        return [*self.parts, self.begun] if self.begun else list(self.parts)

    @property
    def whole(self) -> str:
        return self._whole.hexdigest()


def read_in_pieces(file: Path, look: Callable[[], None] = lambda: None, *, n_bytes: int = READ_BYTES) -> Iterator[bytes]:
    """A file from its beginning to its end. `look` is called before each piece and may raise to end it. Raises OSError."""
    with file.open("rb", buffering=0) as stream:
        while True:
            look()
            if not (piece := stream.read(n_bytes)):
                return
            yield piece


def part_hashes(
    file: Path, look: Callable[[int], None] = lambda _: None, *, part_bytes: int = PART_BYTES
) -> tuple[str, list[str]]:
    """The checksum of a file and of each part. `look` gets the bytes read so far and may raise to stop. Raises OSError."""
    hasher = PartHasher(part_bytes)
    for piece in read_in_pieces(file, lambda: look(hasher.n_bytes)):
        hasher.feed(piece)
    return hasher.whole, hasher.all_parts


def damaged_parts(expected: Sequence[str], found: Sequence[str]) -> list[int]:
    """The numbers of the parts, counted from 0, whose checksums are not the expected ones or are missing."""
    return [number for number, checksum in enumerate(expected) if number >= len(found) or found[number] != checksum]
