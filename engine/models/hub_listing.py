"""What a hub's answers mean: what it knows of repositories, taken from what a stranger sent.

Everything has the type and the size that it should have, or is left out. Opens no connection and knows no HTTP library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.errors import NameRefused
from engine.model_records import FoundRepository, Licence, ModelSize, OfferedModel, RemoteFile
from engine.models.hub_files import sizes_in
from engine.models.licences import licence_for

MAX_FILES = 20_000  # five times as many as the largest repositories have; each costs time that the window shares
MAX_TAGS = 200
_REPOSITORY = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LARGEST_FILE = 1 << 50  # bytes
_PURPOSES: dict[str, Literal["chat", "embedding", "vision"]] = {
    "text-generation": "chat",
    "conversational": "chat",
    "image-text-to-text": "vision",
    "feature-extraction": "embedding",
    "sentence-similarity": "embedding",
}


@dataclass(frozen=True)
class HubListing:
    """A repository at a commit. `files` are all of them; `sizes` what can be downloaded. None where the hub does not say.

    The hub takes `architecture`, `n_parameters` and `context_length` from one of the files.
    """

    id: str
    commit: str
    licence: Licence | None
    gated: bool
    sizes: tuple[ModelSize, ...]
    files: Mapping[str, RemoteFile]
    architecture: str | None = None
    n_parameters: int | None = None
    context_length: int | None = None
    purpose: Literal["chat", "embedding", "vision", "unknown"] = "unknown"
    languages: tuple[str, ...] = ()
    updated: datetime | None = None
    n_downloads: int = 0
    tags: tuple[str, ...] = ()

    @property
    def n_files(self) -> int:
        return len(self.files)


class NotAListing(Exception):
    """The hub's answer is not what it should be."""


def checked_repository(name: str) -> str:
    """The name of a repository as it was given, if it can be one. Raises NameRefused."""
    if not _REPOSITORY.fullmatch(name) or ".." in name or "--" in name or name.endswith((".git", ".", "-")):
        raise NameRefused("".join(character for character in name[:100] if character.isprintable()))
    return name


def is_commit(name: str) -> bool:
    """Whether this is the full name of a commit."""
    return _COMMIT.fullmatch(name) is not None


def checked_revision(revision: str) -> str:
    """A commit, or the name of a branch, as it was given. Raises NameRefused."""
    if not _REVISION.fullmatch(revision) or ".." in revision:
        raise NameRefused("".join(character for character in revision[:100] if character.isprintable()))
    return revision


def found_repository(said: Any) -> FoundRepository | None:
    """A repository that a search named; None for one whose name is no name. `said` is the library's description of it."""
    if not isinstance(said.id, str) or not _REPOSITORY.fullmatch(said.id):
        return None
    tags = _tags(said.tags)
    return FoundRepository(
        id=said.id,
        n_downloads=_count(said.downloads) or 0,
        updated=_time(said.last_modified),
        licence=_licence(tags, None),
        gated=bool(said.gated),
        tags=tags,
    )


def listing(said: Any) -> HubListing:
    """A repository with its files. `said` is the library's description of it. Raises NotAListing."""
    if not isinstance(said.id, str) or not _REPOSITORY.fullmatch(said.id):
        raise NotAListing("no name")
    if not isinstance(said.sha, str) or not _COMMIT.fullmatch(said.sha):
        raise NotAListing("no commit")
    siblings = said.siblings or ()
    if len(siblings) > MAX_FILES:
        raise NotAListing("too many files")
    files = {file.path: file for each in siblings if (file := _file(each)) is not None}
    facts, card = _mapping(getattr(said, "gguf", None)), _mapping(getattr(said.card_data, "__dict__", None))
    tags, n_parameters = _tags(said.tags), _count(facts.get("total"))
    return HubListing(
        id=said.id,
        commit=said.sha,
        licence=_licence(tags, card),
        gated=bool(said.gated),
        sizes=sizes_in(said.id, said.sha, files.values(), n_parameters=n_parameters),
        files=files,
        architecture=_text(facts.get("architecture")),
        n_parameters=n_parameters,
        context_length=_count(facts.get("context_length")),
        purpose=_PURPOSES.get(_text(said.pipeline_tag) or "", "unknown"),
        languages=_languages(card.get("language")),
        updated=_time(said.last_modified),
        n_downloads=_count(said.downloads) or 0,
        tags=tags,
    )


def offered(repository: HubListing) -> OfferedModel:
    """A repository as something that can be chosen, beside the models of the catalogue."""
    owner, _, name = repository.id.rpartition("/")
    return OfferedModel(
        id=repository.id,
        name=name.removesuffix("-GGUF").removesuffix("-gguf"),
        publisher=owner,
        purpose=repository.purpose,
        good_for="",
        licence=repository.licence,
        languages=repository.languages,
        n_parameters=repository.n_parameters,
        n_active_parameters=None,
        architecture=repository.architecture,
        context_length=repository.context_length,
        released=f"{repository.updated:%Y-%m}" if repository.updated else "",
        sees=True if any(size.vision for size in repository.sizes) else None,
        gated=repository.gated,
    )


def _file(said: Any) -> RemoteFile | None:
    """A file with its size and, where it is kept as a large file, its checksum; None if it has no name."""
    path = said.rfilename
    if not isinstance(path, str) or not 0 < len(path) <= 1024:
        return None
    large = said.lfs
    sha256 = large.sha256 if large is not None else None
    n_bytes = _count(large.size if large is not None else said.size)
    return RemoteFile(path, n_bytes, sha256 if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else None)


def _licence(tags: tuple[str, ...], card: Mapping[str, Any] | None) -> Licence | None:
    """The licence by its tag; where that only says `other`, by the name that the publisher gives it."""
    tag = next((tag for tag in tags if tag.startswith("license:")), None)
    named = card and (_text(card.get("license")) or tag)
    if card and named in ("other", "license:other"):
        return licence_for(_text(card.get("license_name")) or named)
    return licence_for(named or tag)


def _languages(said: Any) -> tuple[str, ...]:
    codes = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(dict.fromkeys(code for code in codes[:MAX_TAGS] if isinstance(code, str) and _LANGUAGE.fullmatch(code)))


def _tags(said: Any) -> tuple[str, ...]:
    tags = said[:MAX_TAGS] if isinstance(said, list) else []
    return tuple(text for tag in tags if (text := _text(tag)) is not None)


def _text(said: Any) -> str | None:
    return said if isinstance(said, str) and 0 < len(said) <= 100 and said.isprintable() else None


def _count(said: Any) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 < said < _LARGEST_FILE else None


def _time(said: Any) -> datetime | None:
    return said if isinstance(said, datetime) and said.tzinfo is not None else None


def _mapping(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}
