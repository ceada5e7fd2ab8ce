"""The hub: search it, look at a repository, say where a file is and what it must be.

Methods block, so they belong on a thread, but for `read_header`. Fetches no file, and knows no HTTP library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.errors import FileChanged, HubRefused, NetworkFailed, StrongroomError
from engine.model_records import FoundRepository, ModelSize, RemoteFile
from engine.models.facts import ModelFacts
from engine.models.fetch import Wanted
from engine.models.hub_header import fetched, header_of
from engine.models.hub_listing import (
    HubListing,
    NotAListing,
    checked_repository,
    checked_revision,
    found_repository,
    is_commit,
    listing,
)
from engine.models.library_names import plain_name
from engine.network import Interruption, NetworkDoor
from engine.policy import check_hub_url

if TYPE_CHECKING:
    from engine.models.hub_library import HfApi

TIMEOUT_S = 30.0
MAX_FOUND = 100
MAX_SEARCH = 200  # characters
#: Answers that may be different for somebody who says who he is.
_MAY_NEED_TOKEN = frozenset({401, 403})
_TOKEN = re.compile(r"[\x21-\x7e]{1,1000}")


class Hub:
    """A hub at `url`. Safe to use from several threads.

    `token` gives what is kept for gated repositories of this hub, None if nothing is; it may block. `timeout_s`: how
    long the hub may be silent when it is asked something. Raises NetworkRefused for a url that is neither https nor on
    this computer.
    """

    def __init__(self, door: NetworkDoor, url: str, token: Callable[[], str | None], *, timeout_s: float = TIMEOUT_S) -> None:
        self.origin = check_hub_url(url)
        self.url = url.rstrip("/")
        self._door = door
        self._token = token
        self._timeout_s = timeout_s
        self._wants_token: dict[str, bool] = {}  # by repository, as far as it has been looked at

    @property
    def host(self) -> str:
        return self.origin[1]

    # ------------------------------------------------------------ questions
    def search(self, text: str, limit: int = 40) -> list[FoundRepository]:
        """GGUF repositories for what the user typed, the most downloaded first.

        Nothing but the first MAX_SEARCH characters of the text leaves. Raises NetworkRefused, NetworkFailed, HubRefused.
        """
        words = " ".join(text.encode("utf-8", "ignore").decode().split())[:MAX_SEARCH]
        with self._asking("search for models") as hub:
            said = list(
                hub.list_models(
                    filter="gguf",
                    search=words or None,
                    sort="downloads",
                    limit=max(1, min(limit, MAX_FOUND)),
                    expand=["downloads", "gated", "lastModified", "tags"],
                )
            )
            found = [found_repository(each) for each in said]
        return [repository for repository in found if repository is not None]

    def repository(self, name: str, revision: str | None = None) -> HubListing:
        """A repository at a commit, by default its newest one.

        A kept token is sent only if the hub does not answer without. Raises NameRefused, NetworkRefused, NetworkFailed,
        HubRefused.
        """
        checked_repository(name)
        if revision is not None:
            checked_revision(revision)
        try:
            answer = self._look_at(name, revision, token=None)
            wants_token = answer.gated
        except HubRefused as error:
            token = self._kept_token() if error.status in _MAY_NEED_TOKEN else None
            if token is None:
                raise
            answer = self._look_at(name, revision, token=token)
            wants_token = True
        for known_as in (name, answer.id):
            self._wants_token[known_as] = wants_token
        return answer

    def resolve(self, size: ModelSize) -> ModelSize:
        """The same size with commit, exact length and checksum of each file, as the hub knows them now.

        A checksum stays None where neither the hub nor `size` names one. Raises FileChanged where the hub contradicts
        what `size` says, HubRefused (not_found) for a file that is not there, and as `repository`.
        """
        said = self.repository(size.repository, size.revision)
        if size.revision is not None and said.commit != size.revision:
            raise FileChanged(size.files[0].path, self.host)
        return replace(
            size,
            repository=said.id,
            revision=said.commit,
            files=tuple(self._confirmed(file, said) for file in size.files),
            vision=self._confirmed(size.vision, said) if size.vision is not None else None,
        )

    def commit_beginning(self, repository: str, beginning: str) -> str | None:
        """The full name of the commit that begins so, among the newest that the hub tells; None if none does.

        Raises as `repository`.
        """
        checked_repository(repository)
        token = self._kept_token() if self._wants_token.get(repository) else None
        with self._asking(repository, token) as hub:
            commits = [str(each.commit_id) for each in hub.list_repo_commits(repository)]
        return next((commit for commit in commits if commit.startswith(beginning) and is_commit(commit)), None)

    async def read_header(self, size: ModelSize, interruption: Interruption | None = None) -> ModelFacts:
        """What the model says of itself, from the beginning of its files; at most some tens of megabytes are fetched.

        Raises as `resolve`, and ModelDamaged, FileUnfit, WorkerDied, Interrupted.
        """
        interruption = interruption or Interruption()

        def wanted() -> list[Wanted]:
            known = size if size.revision is not None and size.n_bytes is not None else self.resolve(size)
            return [self.wanted(known, file) for file in known.files]

        return await header_of(self._door, await fetched(wanted, interruption), interruption)

    # ------------------------------------------------------------ where files are
    def wanted(self, size: ModelSize, file: RemoteFile) -> Wanted:
        """How to ask for a file of a size whose commit is known. Raises as `file_url` and `headers`."""
        revision = size.revision or ""
        return Wanted(
            url=self.file_url(size.repository, revision, file.path),
            about=f"{size.repository} {size.key}",
            file=file.path,
            revision=revision,
            headers=self.headers(size.repository),
            n_bytes=file.n_bytes,
            sha256=file.sha256,
        )

    def file_url(self, repository: str, revision: str, path: str) -> str:
        """The address of a file at a commit. Raises NameRefused for names that could lead elsewhere."""
        plain_name(path)
        return f"{self.url}/{checked_repository(repository)}/resolve/{checked_revision(revision)}/{quote(path)}"

    def headers(self, repository: str) -> dict[str, str]:
        """What a request for a file of this repository has to say: the token, if one is kept and the repository wants it.

        Where that is not known yet and a token is kept, the hub is asked first. Raises as `repository`.
        """
        if self._wants_token.get(repository) is False or not (token := self._kept_token()):
            return {}
        if repository not in self._wants_token:
            self.repository(repository)
        return {"authorization": f"Bearer {token}"} if self._wants_token[repository] else {}

    # ------------------------------------------------------------ inside
    def _kept_token(self) -> str | None:
        """The token, unless it cannot be sent at all: then the hub is asked as if there were none."""
        token = self._token()
        return token if token and _TOKEN.fullmatch(token) else None

    def _look_at(self, name: str, revision: str | None, *, token: str | None) -> HubListing:
        with self._asking(name, token) as hub:
            said = listing(hub.model_info(name, revision=revision, files_metadata=True))
        if revision is not None and len(revision) == 40 and said.commit != revision:
            raise NetworkFailed(self.host, "bad_answer", "another commit than the one asked for")
        return said

    def _confirmed(self, file: RemoteFile, said: HubListing) -> RemoteFile:
        found = said.files.get(file.path)
        if found is None:
            raise HubRefused(self.host, "not_found", 404)
        for expected, has in ((file.n_bytes, found.n_bytes), (file.sha256, found.sha256)):
            if expected is not None and has is not None and expected != has:
                raise FileChanged(file.path, self.host)
        return RemoteFile(file.path, found.n_bytes or file.n_bytes, found.sha256 or file.sha256)

    @contextmanager
    def _asking(self, about: str, token: str | None = None) -> Iterator[HfApi]:
        """The library, for one question. Whatever goes wrong in it becomes one of our errors."""
        from engine.models import hub_library  # half a second, which only those pay who ask the hub

        with self._door.client("models", about, timeout_s=self._timeout_s) as client:
            try:
                with hub_library.asking(client, self.origin, token) as api:
                    yield api(endpoint=self.url, token=False)
            except StrongroomError:
                raise
            except Exception as problem:
                # The library trusts what hubs send: nonsense makes it fail in any way that Python knows.
                detail = str(problem) if isinstance(problem, NotAListing) else type(problem).__name__
                raise NetworkFailed(self.host, "bad_answer", detail) from None
