"""What the loopback hub has and says: repositories, faults and answers as values, and JSON in the shape of the real hub's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.loopback_files import Content, OnDisk, Synthetic, served


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a path. Holds for `times` requests (None: for all), after `skip` that went well.

    Bytes are counted in the body of one answer.
    """

    times: int | None = None
    skip: int = 0
    status: int | None = None
    retry_after: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # added to the answer, or in place of its own
    body: bytes | None = None  # instead of the real one, with its own length
    redirect_to: str | None = None  # a URL; one that ends with / gets the path appended
    content: Content | None = None  # another file under the same name
    no_ranges: bool = False
    wrong_range: int = 0  # the answer's range starts so many bytes beside the one asked for
    wrong_length: int = 0  # added to the content-length that is announced
    gzip: bool = False
    bytes_per_s: float | None = None
    stall_after: int | None = None  # then silence, with the connection open
    truncate_at: int | None = None  # then the connection ends in good order
    drop_after: int | None = None  # then the connection is reset
    stall_before_answer: bool = False


@dataclass
class Repository:
    """A repository as it stands, and what it was before. Tests may change its fields while the hub runs."""

    id: str
    files: dict[str, Synthetic | OnDisk]
    revision: str
    licence: str | None
    gated: str | bool
    private: bool
    not_lfs: frozenset[str]
    n_downloads: int = 1234
    updated: str = "2026-04-01T12:00:00.000Z"
    tags: tuple[str, ...] = ("gguf",)
    card: dict[str, object] = field(default_factory=dict)
    gguf: dict[str, object] = field(default_factory=dict)
    older: Mapping[str, Repository] = field(default_factory=dict)  # by revision


@dataclass(frozen=True)
class Answer:
    """An answer, with what is to go wrong while it is sent (see `Fault`)."""

    status: int
    content: Synthetic | OnDisk | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    location: str | None = None
    etag: str | None = None
    takes_ranges: bool = True
    wrong_range: int = 0
    wrong_length: int = 0
    bytes_per_s: float | None = None
    stall_after: int | None = None
    stalls_before_answer: bool = False
    truncate_at: int | None = None
    drop_after: int | None = None


def as_json(said: Any, headers: Mapping[str, str] | None = None) -> Answer:
    content = served(json.dumps(said).encode())
    return Answer(200, content=content, headers={"content-type": "application/json", **(headers or {})}, takes_ranges=False)


def refusal(status: int, code: str, message: str) -> Answer:
    body = json.dumps({"error": message}).encode()
    headers = {"content-type": "application/json", "x-error-message": message}
    if code:
        headers["x-error-code"] = code
    return Answer(status, content=served(body), headers=headers, takes_ranges=False)


def found_json(repository: Repository, expand: list[str]) -> dict[str, Any]:
    """A repository as `/api/models` lists it: what was asked for by `expand`, else what it always says."""
    said = repository_json(repository, with_files=False, with_sizes=False)
    always = {"_id", "id", "modelId"}
    wanted = always | (set(expand) or {"likes", "private", "downloads", "tags", "createdAt"})
    return {name: value for name, value in said.items() if name in wanted}


def repository_json(repository: Repository, *, with_files: bool, with_sizes: bool) -> dict[str, Any]:
    """A repository as `/api/models/ID` describes it."""
    licence_tags = [f"license:{repository.licence}"] if repository.licence else []
    said: dict[str, Any] = {
        "_id": hashlib.md5(repository.id.encode(), usedforsecurity=False).hexdigest()[:24],
        "id": repository.id,
        "modelId": repository.id,
        "author": repository.id.partition("/")[0],
        "sha": repository.revision,
        "lastModified": repository.updated,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "private": repository.private,
        "gated": repository.gated,
        "downloads": repository.n_downloads,
        "likes": 12,
        "tags": [*repository.tags, *licence_tags],
    }
    if not with_files:
        return said
    said["cardData"] = {**({"license": repository.licence} if repository.licence else {}), **repository.card}
    said["gguf"] = repository.gguf
    said["siblings"] = [_sibling(repository, path, with_sizes=with_sizes) for path in sorted(repository.files)]
    return said


def commits_json(repository: Repository) -> list[dict[str, object]]:
    """The commits of a repository, the newest first, as the real hub lists them."""
    return [
        {"id": commit, "title": "upload", "message": "", "authors": [{"user": "acme"}], "date": "2026-04-01T12:00:00.000Z"}
        for commit in (repository.revision, *reversed(repository.older))
    ]


def tree_json(repository: Repository) -> list[dict[str, Any]]:
    """The files as `/api/models/ID/tree/REVISION?recursive=true` lists them."""
    entries = []
    for path in sorted(repository.files):
        sibling = _sibling(repository, path, with_sizes=True)
        entry = {"type": "file", "oid": sibling["blobId"], "size": sibling["size"], "path": path}
        if lfs := sibling.get("lfs"):
            entry["lfs"] = {"oid": lfs["sha256"], "size": lfs["size"], "pointerSize": lfs["pointerSize"]}
        entries.append(entry)
    return entries


def _sibling(repository: Repository, path: str, *, with_sizes: bool) -> dict[str, Any]:
    if not with_sizes:
        return {"rfilename": path}
    content = repository.files[path]
    said: dict[str, Any] = {"rfilename": path, "size": content.n_bytes, "blobId": hashlib.sha1(path.encode()).hexdigest()}
    if path.endswith(".gguf") and path not in repository.not_lfs:
        said["lfs"] = {"sha256": content.sha256, "size": content.n_bytes, "pointerSize": 135}
    return said
