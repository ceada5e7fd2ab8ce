"""Bytes of one file from the hub, from a given place on: one request, judged before a byte of it is used.

Says what is wrong with an answer; whether to try again, and where the bytes go, is decided by the caller
(engine/models/transfer.py, engine/models/repair.py). Knows nothing of disks.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from engine.errors import FileChanged, HubRefused, NetworkFailed, StrongroomError
from engine.models.refusals import refusal
from engine.network import Answer, Interruption, NetworkDoor

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
#: What may be gone a moment later. A proxy or a certificate that is wrong stays wrong, and is said at once.
_PASSING = frozenset({"no_address", "no_connection", "timed_out", "broken_off", "bad_answer"})


@dataclass(frozen=True)
class Wanted:
    """A file of a repository at a commit. `n_bytes` and `sha256` are None where the hub has not named them."""

    url: str
    about: str  # in plain words, for the log of connections
    file: str
    revision: str
    headers: Mapping[str, str]
    n_bytes: int | None = None
    sha256: str | None = None
    etag: str = ""  # of what is there already


@dataclass(frozen=True)
class Body:
    """Bytes that are about to come, beginning at `start` of a file of `total` bytes (None: the server does not say)."""

    start: int
    total: int | None
    etag: str
    host: str
    answer: Answer

    def chunks(self, n_bytes: int) -> Iterator[bytes]:
        return self.answer.chunks(n_bytes)


@contextmanager
def opened(door: NetworkDoor, wanted: Wanted, start: int, end: int | None, interruption: Interruption) -> Iterator[Body]:
    """Ask for the bytes from `start` to `end` (exclusive; None: to the last one).

    `Body.start` is 0 instead where the server knows no ranges. Raises NetworkRefused, NetworkFailed, HubRefused,
    FileChanged; Interrupted.
    """
    headers = dict(wanted.headers)
    if start or end is not None:
        headers["Range"] = f"bytes={start}-{'' if end is None else end - 1}"
        # Where the publisher names a checksum, commit and checksum say more than a tag, which changes when the hub
        # moves its files from one store to another.
        if start and wanted.etag and wanted.sha256 is None:
            headers["If-Range"] = wanted.etag
    with door.fetch("models", wanted.url, about=wanted.about, headers=headers, interruption=interruption) as answer:
        yield _judged(answer, wanted, start)


def _judged(answer: Answer, wanted: Wanted, start: int) -> Body:
    said = answer.headers
    if answer.status not in (200, 206, 416):
        with_token = any(name.lower() == "authorization" for name in wanted.headers)
        raise refusal(answer.host, answer.status, said, with_token=with_token, now=time.time())
    commit, etag = said.get("x-repo-commit", ""), said.get("etag", "")
    if commit and wanted.revision and commit != wanted.revision:
        raise FileChanged(file=wanted.file, host=answer.host)
    if answer.status == 200:
        # A page of a proxy or of a hotel comes with 200 as well; nothing that is there is given up for it.
        if said.get("content-type", "").startswith("text/html"):
            raise NetworkFailed(host=answer.host, reason="bad_answer", detail="a web page instead of a file")
        body = Body(0, _number(said.get("content-length")), etag, answer.host, answer)
    else:
        body = _ranged(answer, start, etag)
    if body.total is not None and wanted.n_bytes is not None and body.total != wanted.n_bytes:
        raise FileChanged(file=wanted.file, host=answer.host)
    if answer.status == 416:
        raise NetworkFailed(host=answer.host, reason="bad_answer", detail="no such range")
    if body.start and wanted.sha256 is None and wanted.etag and etag and etag != wanted.etag:
        raise FileChanged(file=wanted.file, host=answer.host)
    return body


def _ranged(answer: Answer, start: int, etag: str) -> Body:
    said = answer.headers.get("content-range", "")
    if answer.status == 416:
        return Body(start, _number(said.removeprefix("bytes */")), etag, answer.host, answer)
    stretch = _RANGE.fullmatch(said)
    if stretch is None or int(stretch[1]) != start:
        raise NetworkFailed(host=answer.host, reason="bad_answer", detail="another range than the one asked for")
    return Body(start, _number(stretch[3]), etag, answer.host, answer)


@dataclass(frozen=True)
class Patience:
    """How often, and after how long, something that may pass is tried again. A server may ask for more than `longest_s`."""

    tries: int = 6  # in a row without any progress
    first_s: float = 1.0
    longest_s: float = 30.0
    longest_asked_s: float = 600.0

    def wait_s(self, error: StrongroomError, n_failed: int) -> float | None:
        """Seconds until the next try after `n_failed` (from 1) in a row; None: it is no use."""
        if n_failed >= self.tries or not may_pass(error):
            return None
        asked = error.retry_after_s if isinstance(error, HubRefused) else None
        if asked is not None and asked > self.longest_asked_s:
            return None
        return max(asked or 0.0, min(self.longest_s, self.first_s * 2 ** (n_failed - 1)))


def may_pass(error: StrongroomError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, NetworkFailed):
        return error.reason in _PASSING
    return isinstance(error, HubRefused) and error.reason in ("rate_limited", "server_error")


def _number(said: str | None) -> int | None:
    return int(said) if said is not None and re.fullmatch(r"\d{1,18}", said) else None
