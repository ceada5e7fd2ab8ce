"""Contents for the loopback hub: given bytes, files on disk, and large made-up files that nobody has to store."""

from __future__ import annotations

import functools
import hashlib
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1024 * 1024  # bytes that are made at a time
_PAGE = 4096  # each page starts with its own number, so that no two stretches of a file are alike


@functools.lru_cache(maxsize=8)
def _noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(_BLOCK)


@dataclass(frozen=True)
class Synthetic:
    """`n_bytes` bytes that follow from `seed` and begin with `head`; the same at every reading, in any order.

    `claimed_sha256` is for files so large that hashing them would take the test's time.
    """

    n_bytes: int
    seed: int = 0
    head: bytes = b""
    claimed_sha256: str | None = None

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end` (exclusive), in pieces."""
        if start < len(self.head):
            yield self.head[start : min(end, len(self.head))]
            start = min(end, len(self.head))
        while start < end:
            number, skipped = divmod(start, _BLOCK)
            piece = self._block(number)[skipped : skipped + end - start]
            yield piece
            start += len(piece)

    def _block(self, number: int) -> bytes:
        block = bytearray(_noise(self.seed))
        for page in range(_BLOCK // _PAGE):
            struct.pack_into("<Q", block, page * _PAGE, number * (_BLOCK // _PAGE) + page)
        return bytes(block)

    @functools.cached_property
    def sha256(self) -> str:
        if self.claimed_sha256 is not None:
            return self.claimed_sha256
        digest = hashlib.sha256()
        for piece in self.read(0, self.n_bytes):
            digest.update(piece)
        return digest.hexdigest()


@dataclass(frozen=True)
class OnDisk:
    """A file of this computer, served as it is."""

    path: Path

    @property
    def n_bytes(self) -> int:
        return self.path.stat().st_size

    def read(self, start: int, end: int) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(_BLOCK, end - start))):
                yield piece
                start += len(piece)

    @functools.cached_property
    def sha256(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


Content = bytes | Path | tuple[int, int] | Synthetic


def served(content: Content) -> Synthetic | OnDisk:
    """What a test named as the content of a file: bytes, a path, (size, seed) or a Synthetic."""
    if isinstance(content, bytes):
        return Synthetic(len(content), head=content)
    if isinstance(content, Path):
        return OnDisk(content)
    if isinstance(content, tuple):
        return Synthetic(*content)
    return content


def sha256_of(content: Content) -> str:
    """The checksum of a content, as the hub names it."""
    return served(content).sha256
