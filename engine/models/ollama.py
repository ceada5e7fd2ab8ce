"""What Ollama keeps: manifests that name blobs by their checksum. Reads only; believes no manifest beyond its names.

A manifest may say anything: a blob that is not there, has another size, or is no GGUF is passed over, and a digest that
is not one never becomes a path. Whether a blob holds what its name says is found out when it is hashed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.models.model_files import has_magic, is_regular, size_of

MODEL = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_LARGEST_MANIFEST = 1 << 20  # bytes; real ones have about a thousand
_MOST_MANIFESTS = 5000
_OWN_REGISTRY = ("registry.ollama.ai", "library")


class _Layer(msgspec.Struct):
    media_type: str = msgspec.field(name="mediaType", default="")
    digest: str = ""
    size: int = -1


class _Manifest(msgspec.Struct):
    layers: list[_Layer] = []


@dataclass(frozen=True)
class OllamaModel:
    """A model as Ollama lists it, such as `llama3.2:3b`, and the blob that holds it."""

    name: str
    blob: Path
    n_bytes: int
    sha256: str


def models_of(root: Path) -> Iterator[OllamaModel]:
    """The models of a folder of Ollama's, in the order of their names; those that are not sound are left out."""
    for manifest, name in _manifests(root):
        for layer in _layers(manifest):
            found = _DIGEST.fullmatch(layer.digest)
            if layer.media_type != MODEL or found is None:
                continue
            blob = root / "blobs" / f"sha256-{found[1]}"
            if is_regular(blob) and size_of(blob) == layer.size and has_magic(blob):
                yield OllamaModel(name, blob, layer.size, found[1])


def name_of(blob: Path) -> str | None:
    """What Ollama calls the model whose blob this is; None if no manifest names it."""
    digest = blob.name.replace("sha256-", "sha256:", 1)
    for manifest, name in _manifests(blob.parent.parent):
        if any(layer.digest == digest and layer.media_type == MODEL for layer in _layers(manifest)):
            return name
    return None


def _manifests(root: Path) -> Iterator[tuple[Path, str]]:
    """Files of the form manifests/registry/owner/model/tag with the name that the user knows; no links are followed."""
    n_left = _MOST_MANIFESTS
    for registry in _names(root / "manifests"):
        for owner in _names(root / "manifests" / registry):
            for model in _names(root / "manifests" / registry / owner):
                folder = root / "manifests" / registry / owner / model
                for tag in _names(folder):
                    n_left -= 1
                    if n_left < 0:
                        return
                    prefix = [part for part, own in zip((registry, owner), _OWN_REGISTRY, strict=True) if part != own]
                    yield folder / tag, "/".join([*prefix, f"{model}:{tag}"])


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.is_symlink() and not entry.name.startswith("."))
    except OSError:
        return []


def _layers(manifest: Path) -> list[_Layer]:
    try:
        if not manifest.is_file() or manifest.stat().st_size > _LARGEST_MANIFEST:
            return []
        return msgspec.json.decode(manifest.read_bytes(), type=_Manifest).layers
    except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return []
