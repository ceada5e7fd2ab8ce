"""Model files and folders for tests: small GGUFs that differ, split ones, and what other programs keep."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from engine.models import provenance
from engine.models.provenance import Provenance
from tests.engine.models.gguf_files import gguf


def put(folder: Path, name: str, content: bytes | None = None) -> Path:
    """A file with its folders; a sound small model unless there is `content`."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gguf() if content is None else content)
    return file


def put_recorded(folder: Path, file_name: str, content: bytes | None = None, **facts: object) -> Path:
    """A file with the sidecar that the library would write; what is not in `facts` is true of the file."""
    file = put(folder, file_name, content)
    sha256, parts = provenance.part_hashes(file)
    known: dict[str, object] = {"name": file_name, "sha256": sha256, "part_sha256": tuple(parts), "n_bytes": 0, "mtime_ns": 0}
    provenance.write(file, Provenance(**(known | facts)).stamped(file))  # type: ignore[arg-type]
    return file


def put_split(folder: Path, stem: str = "big", n_parts: int = 3) -> list[Path]:
    names = [f"{stem}-{at:05d}-of-{n_parts:05d}.gguf" for at in range(1, n_parts + 1)]
    return [put(folder, name, gguf(weight_bytes=40_000 + at)) for at, name in enumerate(names)]


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def put_ollama(root: Path, name: str, tag: str, content: bytes | None = None, **lies: object) -> Path:
    """A model as Ollama keeps it; `lies` replace what the manifest says of its layer. Returns the blob."""
    content = gguf() if content is None else content
    digest = hashlib.sha256(content).hexdigest()
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}", "size": len(content)} | lies
    manifest = {"schemaVersion": 2, "config": {}, "layers": [{"mediaType": "text/plain", "digest": "x", "size": 1}, layer]}
    put(root / "manifests/registry.ollama.ai/library" / name, tag, json.dumps(manifest).encode())
    return put(root / "blobs", f"sha256-{digest}", content)


def put_cached(hub: Path, repository: str, name: str, content: bytes | None = None) -> Path:
    """A file in the cache of Hugging Face's libraries: a link in a snapshot to a blob. Returns the link."""
    content = gguf() if content is None else content
    folder = hub / f"models--{repository.replace('/', '--')}"
    blob = put(folder / "blobs", hashlib.sha256(content).hexdigest(), content)
    link = folder / "snapshots" / ("a" * 40) / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(Path("../../blobs") / blob.name)
    return link


class StopOnceThere(threading.Event):
    """A wish to stop that comes when a file has appeared, looked for whenever the work looks whether it should stop."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def is_set(self) -> bool:
        return self._file.exists()
