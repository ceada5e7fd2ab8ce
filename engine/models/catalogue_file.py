"""What a catalogue file may hold, checked strictly: it can come from a stick, so it is read as a stranger's.

Shapes and limits only. Names of repositories and files that could lead anywhere else than to a file of the hub are
refused here. What the entries mean to the rest of the program is for engine/models/catalogue.py.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.errors import NameRefused
from engine.models.library_names import plain_name

FORMAT = 1
LARGEST_FILE = 4 * 1024 * 1024

_PATH = re.compile(r"\w[\w.+-]*(/\w[\w.+-]*)*\.gguf", re.ASCII)


def _plain_text(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("control characters, or space around the text")
    return text


def _safe_path(path: str) -> str:
    """A relative path of plain names to a GGUF file. Stricter than a hub may be: a catalogue has no need of more."""
    if not _PATH.fullmatch(path):
        raise ValueError("not a safe relative path")
    try:
        plain_name(path)
    except NameRefused as refused:
        raise ValueError("not a name on every system") from refused
    return path


def _safe_repository(name: str) -> str:
    if any(part.startswith((".", "-")) or part.endswith(".") or ".." in part for part in name.split("/")):
        raise ValueError("not a repository's name")
    return name


_Text = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_plain_text)]
_Sentences = Annotated[str, Field(max_length=400), AfterValidator(_plain_text)]
_Path = Annotated[str, Field(max_length=200), AfterValidator(_safe_path)]
_Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}$"), AfterValidator(_safe_repository)]
_Language = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|\d{2,4}\+)$")]  # BCP 47, or only how many
_Bytes = Annotated[int, Field(gt=0, le=1 << 42)]
_Count = Annotated[int, Field(gt=0, le=1 << 32)]
_Parameters = Annotated[int, Field(ge=1_000_000, le=1 << 43)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class File(_Strict):
    """A file of a repository. None: not known when the catalogue was written; the hub tells it at the download."""

    path: _Path
    n_bytes: _Bytes | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Size(_Strict):
    """A size of a model. `revision` is a full commit; `revision_hint` the beginning of one, as its source names it.

    `listed_bytes` is a rounded figure of a public list, never used to check anything.
    """

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
    kind: Literal["smallest", "smaller", "balanced", "closest", "original"]
    repository: _Repository
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = None
    revision_hint: Annotated[str, Field(pattern=r"^[0-9a-f]{7,39}$")] | None = None
    files: Annotated[list[File], Field(min_length=1, max_length=100)]
    vision: File | None = None
    listed_bytes: _Bytes | None = None

    @model_validator(mode="after")
    def _files_differ(self) -> Self:
        paths = [file.path.lower() for file in (*self.files, *([self.vision] if self.vision else []))]
        if len(set(paths)) < len(paths):
            raise ValueError("a file is named twice")
        return self


class Sliding(_Strict):
    """Layers that look back over `window` tokens only; every `full_every`-th looks at everything.

    The lengths and heads are those of the layers that slide, where they differ from the others.
    """

    window: _Count
    full_every: Annotated[int, Field(ge=2, le=64)]
    key_length: _Count | None = None
    value_length: _Count | None = None
    n_heads_kv: _Count | None = None


class Experts(_Strict):
    """Parts of a layer of which `n_used` of `n` compute each token, and perhaps a part that always does."""

    n: _Count
    n_used: _Count
    n_feed_forward: _Count
    n_feed_forward_always: _Count | None = None


class Recurrent(_Strict):
    """Layers that keep a state of fixed size instead of a cache; every `full_every`-th layer keeps a cache."""

    full_every: Annotated[int, Field(ge=2, le=64)]
    n_key_heads: _Count
    n_value_heads: _Count
    head_length: _Count
    kernel: _Count


class Shape(_Strict):
    """A model's dimensions as its publisher's configuration states them, found at `source`.

    `n_feed_forward` is None where all of it is experts. `n_layers_borrowing`: the last ones, which use the cache of
    earlier layers; `n_feed_forward_borrowing` is theirs, if it differs. `n_beside_embedding`: of the values that each
    layer looks up for each token.
    """

    source: Annotated[str, Field(min_length=8, max_length=300), AfterValidator(_plain_text)]
    n_layers: Annotated[int, Field(gt=0, le=256)]
    n_embedding: _Count
    n_feed_forward: _Count | None
    n_heads: _Count
    n_heads_kv: _Count
    key_length: _Count
    value_length: _Count
    n_vocabulary: _Count
    shares_embedding: bool  # the table of words is also the last layer
    sliding: Sliding | None = None
    experts: Experts | None = None
    recurrent: Recurrent | None = None
    n_layers_borrowing: Annotated[int, Field(ge=0, le=256)] = 0
    n_feed_forward_borrowing: _Count | None = None
    n_beside_embedding: _Count | None = None
    n_matrices_feed_forward: Annotated[int, Field(ge=2, le=3)] = 3
    gates_attention: bool = False
    keys_are_values: bool = False


class Entry(_Strict):
    """A model. Numbers are its publisher's statements, rounded as it rounds them."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
    name: _Text
    publisher: _Text
    purpose: Literal["chat", "embedding", "vision"]
    good_for: _Text
    licence: _Text
    languages: Annotated[
        list[Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|\d{2,4}\+)$")]], Field(max_length=200)
    ]
    n_parameters: _Parameters | None
    n_active_parameters: _Parameters | None = None
    architecture: Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,40}$")] | None
    context_length: Annotated[int, Field(ge=128, le=1 << 30)] | None
    released: Annotated[str, Field(pattern=r"^(\d{4}-(0[1-9]|1[0-2])|)$")]
    thinks: Literal["no", "switchable", "always", "unknown"]
    uses_tools: bool | None
    gated: bool = False
    note: _Sentences = ""
    shape: Shape | None = None
    sizes: Annotated[list[Size], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _sizes_differ(self) -> Self:
        if len({size.key.lower() for size in self.sizes}) < len(self.sizes):
            raise ValueError("two sizes have the same key")
        return self


class CatalogueFile(_Strict):
    """A whole catalogue. `edition` is the day on which it was written; a later one replaces an earlier one."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    edition: Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    models: Annotated[list[Entry], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _models_differ(self) -> Self:
        if len({entry.id for entry in self.models}) < len(self.models):
            raise ValueError("two models have the same id")
        return self


class _AnyFormat(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    format: int
    edition: str


def format_of(content: bytes) -> int | None:
    """The format that a file says it has; None if it is no catalogue of any format."""
    try:
        return _AnyFormat.model_validate_json(content).format
    except ValidationError:
        return None
