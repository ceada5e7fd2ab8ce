"""The original bytes of documents, encrypted in pieces, so that a large file never lies in memory as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.errors import DocumentUnreadable
from engine.store.database import Database
from engine.store.matter_tables import OriginalRow

PIECE_BYTES = 1 << 20


def pieces(content: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """`content` in pieces of PIECE_BYTES, the last one shorter."""
    rest = bytearray()
    for part in [content] if isinstance(content, bytes) else content:
        rest += part
        while len(rest) >= PIECE_BYTES:
            yield bytes(rest[:PIECE_BYTES])
            del rest[:PIECE_BYTES]
    if rest:
        yield bytes(rest)


def pieces_of_file(file: Path) -> Iterator[bytes]:
    """A file's bytes in pieces. Raises DocumentUnreadable when it cannot be read to its end."""
    try:
        with file.open("rb") as opened:
            while piece := opened.read(PIECE_BYTES):
                yield piece
    except OSError:  # the disk it lies on, not the store's
        raise DocumentUnreadable(file.name, "unreachable") from None


def sha256_of(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def keep_original(session: Session, document: str, parts: Iterable[bytes]) -> tuple[int, str]:
    """Store the pieces of a document; the number of bytes and the SHA-256 of what was stored."""
    digest, n_bytes = hashlib.sha256(), 0
    for place, piece in enumerate(parts):
        session.execute(insert(OriginalRow), [{"document": document, "place": place, "content": piece}])
        digest.update(piece)
        n_bytes += len(piece)
    return n_bytes, digest.hexdigest()


def original_pieces(database: Database, document: str) -> Iterator[bytes]:
    """The stored pieces in order. Each is read by itself, so that a slow reader does not hold up the write-ahead log."""
    place = 0
    while True:
        with database.read() as session:
            wanted = select(OriginalRow.content).where(OriginalRow.document == document, OriginalRow.place == place)
            piece = session.scalar(wanted)
        if piece is None:
            return
        yield piece
        place += 1
