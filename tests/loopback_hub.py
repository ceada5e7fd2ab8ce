"""A model hub on this computer's own loopback address, for tests: the endpoints that Strongroom uses, and faults on demand.

Two servers, like the real one: the *hub* answers questions and redirects each large file to the *cdn*, which is another
origin and serves bytes. Every request is kept in `requests`. It never looks further than 127.0.0.1.

    with LoopbackHub() as hub:
        hub.add("acme/tiny-GGUF", {"tiny.Q4_K_M.gguf": (50_000_000, 7)})       # 50 MB that follow from seed 7
        hub.fault("acme/tiny-GGUF/tiny.Q4_K_M.gguf", Fault(drop_after=9_000_000, times=2))
        ...
        assert hub.bytes_served("acme/tiny-GGUF/tiny.Q4_K_M.gguf") == ...
"""

from __future__ import annotations

import gzip
import hashlib
import ssl
import threading
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from urllib.parse import parse_qs, quote

from tests.loopback_answers import (
    Answer,
    Fault,
    Repository,
    as_json,
    commits_json,
    found_json,
    refusal,
    repository_json,
    tree_json,
)
from tests.loopback_files import Content, OnDisk, Synthetic, served
from tests.loopback_server import LoopbackServer, Request

__all__ = ["Fault", "LoopbackHub", "Repository", "Request", "Synthetic"]

TREE_PAGE = 1000  # entries of a listing for each page, as on the real hub


class LoopbackHub:
    """The two servers. `token`: what opens gated repositories; `tls`: serve https as `localhost` with this context."""

    def __init__(self, *, token: str = "hf_loopback", tls: ssl.SSLContext | None = None, uses_cdn: bool = True) -> None:
        self.token = token
        self.repositories: dict[str, Repository] = {}
        self.renamed: dict[str, str] = {}
        self.requests: list[Request] = []
        self._faults: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()
        self._uses_cdn = uses_cdn
        self._cdn = LoopbackServer("cdn", self._answer_cdn, self.requests, tls)
        self._hub = LoopbackServer("hub", self._answer_hub, self.requests, tls)
        self.url, self.cdn_url = self._hub.url, self._cdn.url

    def __enter__(self) -> LoopbackHub:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop both servers. Raises what went wrong in the stub itself, which is never part of a test."""
        for server in (self._hub, self._cdn):
            server.close()

    # ------------------------------------------------------------ what a test prepares
    def add(
        self,
        repository: str,
        files: Mapping[str, Content],
        *,
        revision: str | None = None,
        licence: str | None = "apache-2.0",
        gated: str | bool = False,
        private: bool = False,
        not_lfs: tuple[str, ...] = (),
    ) -> Repository:
        """Publish a repository, or its next version. GGUF files are kept in LFS, others and those in `not_lfs` are not."""
        old = self.repositories.get(repository)
        commit = revision or hashlib.sha1(f"{repository}{sorted(files)}{old and old.revision}".encode()).hexdigest()
        self.repositories[repository] = Repository(
            id=repository,
            files={path: served(content) for path, content in files.items()},
            revision=commit,
            licence=licence,
            gated=gated,
            private=private,
            not_lfs=frozenset(not_lfs),
            older={**old.older, old.revision: old} if old else {},
        )
        return self.repositories[repository]

    def rename(self, old: str, new: str) -> None:
        """Give a repository another name; the old one redirects, as on the real hub."""
        moved = self.repositories.pop(old)
        older = {revision: replace(version, id=new) for revision, version in moved.older.items()}
        self.repositories[new] = replace(moved, id=new, older=older)
        self.renamed[old] = new

    def fault(self, path: str, *faults: Fault) -> None:
        """What goes wrong from now on, one after the other.

        `path`: a path of the hub such as `/api/models`, or `owner/name/file` where that file's bytes are served.
        """
        with self._lock:
            self._faults[path] = list(faults)

    def heal(self) -> None:
        """No faults any more."""
        with self._lock:
            self._faults.clear()

    # ------------------------------------------------------------ what a test looks at
    def requests_for(self, file: str) -> list[Request]:
        """The requests whose answers were (or would have been) the bytes of `owner/name/file`."""
        return [request for request in self.requests if request.file == file]

    def bytes_served(self, file: str) -> int:
        """Bytes of bodies that were handed to the system for `owner/name/file`."""
        return sum(request.n_sent for request in self.requests_for(file))

    # ------------------------------------------------------------ answering
    def _answer_hub(self, request: Request) -> Answer:
        if fault := self._next_fault(request.path):
            if answer := self._faulty_answer(fault, request):
                return answer
            return _with_fault(self._sound_answer(request), fault, request)
        return self._sound_answer(request)

    def _sound_answer(self, request: Request) -> Answer:
        if request.path == "/api/models":
            return self._search(request)
        if request.path.startswith("/api/models/"):
            return self._api(request, request.path.removeprefix("/api/models/"))
        if "/resolve/" in request.path:
            return self._resolve(request, *request.path.strip("/").split("/resolve/", 1))
        return refusal(404, "", "Not found")

    def _search(self, request: Request) -> Answer:
        asked = parse_qs(request.query)
        words = asked.get("search", [""])[0].lower()
        wanted = set(asked.get("filter", ()))
        found = [
            found_json(repository, asked.get("expand", []))
            for repository in self.repositories.values()
            if words in repository.id.lower() and wanted <= set(repository.tags) and not repository.private
        ]
        limit = int(asked.get("limit", ["1000"])[0])
        headers = {"link": f'<{self.url}/api/models?cursor=next&{request.query}>; rel="next"'} if len(found) > limit else {}
        return as_json(found[:limit], headers)

    def _api(self, request: Request, rest: str) -> Answer:
        owner, name, *deeper = rest.split("/")
        if new := self.renamed.get(f"{owner}/{name}"):
            return _redirect(307, "/".join(["/api/models", new, *deeper]) + (f"?{request.query}" if request.query else ""))
        repository = self.repositories.get(f"{owner}/{name}")
        if repository is None or (repository.private and not self._has_token(request)):
            return refusal(404 if self._has_token(request) else 401, "RepoNotFound", "Repository not found")
        asked = parse_qs(request.query)
        if deeper[:1] in (["revision"], ["tree"]):
            at_revision = _at_revision(repository, deeper[1])
            if at_revision is None:
                return refusal(404, "RevisionNotFound", "Invalid rev id: " + deeper[1])
            repository = at_revision
        if deeper[:1] == ["tree"]:
            return self._tree(request, repository, int(asked.get("cursor", ["0"])[0]))
        if deeper[:1] == ["commits"]:
            return as_json(commits_json(repository))
        if deeper and deeper[0] != "revision":
            return refusal(404, "", "Not found")
        return as_json(
            repository_json(repository, with_files=True, with_sizes=asked.get("blobs", [""])[0].lower() in ("true", "1"))
        )

    def _tree(self, request: Request, repository: Repository, start: int) -> Answer:
        entries, end = tree_json(repository), start + TREE_PAGE
        headers = {"link": f'<{self.url}{request.path}?cursor={end}>; rel="next"'} if len(entries) > end else {}
        return as_json(entries[start:end], headers)

    def _resolve(self, request: Request, repository_id: str, rest: str) -> Answer:
        revision, _, path = rest.partition("/")
        if new := self.renamed.get(repository_id):
            return _redirect(307, f"/{new}/resolve/{revision}/{quote(path)}")
        repository = self.repositories.get(repository_id)
        if repository is None:
            return refusal(401, "RepoNotFound", "Repository not found")
        if repository.gated and not self._has_token(request):
            said = bool(request.headers.get("authorization"))
            return refusal(403 if said else 401, "GatedRepo", "Access to this model is restricted")
        version = _at_revision(repository, revision)
        if version is None:
            return refusal(404, "RevisionNotFound", "Invalid rev id")
        if path not in version.files:
            return refusal(404, "EntryNotFound", "Entry not found")
        commit, content, file = version.revision, version.files[path], f"{repository.id}/{path}"
        linked = {"x-repo-commit": commit, "x-linked-size": str(content.n_bytes), "x-linked-etag": f'"{content.sha256}"'}
        if path in version.not_lfs or not self._uses_cdn:
            return replace(self._bytes_of(request, file, content), headers={"x-repo-commit": commit})
        return replace(_redirect(302, f"{self.cdn_url}/{quote(file)}?at={commit}"), headers=linked)

    def _answer_cdn(self, request: Request) -> Answer:
        owner, name, path = request.path.strip("/").split("/", 2)
        repository = self.repositories.get(f"{owner}/{name}")
        version = repository and _at_revision(repository, parse_qs(request.query).get("at", ["main"])[0])
        if version is None or path not in version.files:
            return refusal(404, "", "Not found")
        return self._bytes_of(request, f"{owner}/{name}/{path}", version.files[path])

    def _bytes_of(self, request: Request, file: str, content: Synthetic | OnDisk) -> Answer:
        request.file = file
        fault = self._next_fault(file)
        if fault and (answer := self._faulty_answer(fault, request)):
            return answer
        if fault and fault.content is not None:
            content = served(fault.content)
        answer = Answer(200, content=content, etag=f'"{content.sha256}"', takes_ranges=not (fault and fault.no_ranges))
        return _with_fault(answer, fault, request) if fault else answer

    def _faulty_answer(self, fault: Fault, request: Request) -> Answer | None:
        if fault.redirect_to is not None:
            return _redirect(302, fault.redirect_to + (request.path.lstrip("/") if fault.redirect_to.endswith("/") else ""))
        if fault.status is None and fault.body is None:
            return None
        body = fault.body if fault.body is not None else b'{"error":"made up"}'
        headers = {"content-type": "application/json", **fault.headers}
        if fault.retry_after is not None:
            headers["retry-after"] = fault.retry_after
        answer = Answer(fault.status or 200, content=served(body), headers=headers, takes_ranges=False)
        return _with_fault(answer, fault, request)

    def _next_fault(self, path: str) -> Fault | None:
        """The fault that this request meets; counts it."""
        with self._lock:
            faults = self._faults.get(path, [])
            if not faults:
                return None
            first = faults[0]
            if first.skip:
                faults[0] = replace(first, skip=first.skip - 1)
                return None
            if first.times is not None:
                faults[0] = replace(first, times=first.times - 1)
                if first.times <= 1:
                    faults.pop(0)
            return first

    def _has_token(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.token}"


def _at_revision(repository: Repository, revision: str) -> Repository | None:
    return repository if revision in ("main", repository.revision) else repository.older.get(revision)


def _redirect(status: int, location: str) -> Answer:
    return Answer(status, content=served(b""), location=location, takes_ranges=False)


def _with_fault(answer: Answer, fault: Fault, request: Request) -> Answer:
    if fault.gzip and answer.content is not None:
        packed = gzip.compress(b"".join(answer.content.read(0, answer.content.n_bytes)), compresslevel=1)
        answer = replace(answer, content=served(packed), takes_ranges=False, headers={"content-encoding": "gzip"})
    return replace(
        answer,
        headers={**answer.headers, **fault.headers},
        takes_ranges=answer.takes_ranges and not fault.no_ranges,
        wrong_range=fault.wrong_range,
        wrong_length=fault.wrong_length,
        bytes_per_s=fault.bytes_per_s,
        stall_after=0 if fault.stall_before_answer else fault.stall_after,
        stalls_before_answer=fault.stall_before_answer,
        truncate_at=fault.truncate_at,
        drop_after=fault.drop_after,
    )
