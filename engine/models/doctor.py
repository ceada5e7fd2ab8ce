"""What an administrator wants to know before trusting an installation, put together into one report.

Looks at the computer, the engine's files and the models, and starts a real sealed worker to see what its seal holds.
What concerns the store and the keyring is handed in. Opens no network, loads no model.
"""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine import sandbox
from engine.errors import StrongroomError
from engine.model_records import Hardware
from engine.models import hardware
from engine.models.backends import backends
from engine.models.facts import FromInspect, Inspect
from engine.models.known import KNOWN_MODELS
from engine.models.memory_speed import memory_bytes_per_s
from engine.records import ComputerReport, Model, Seal
from engine.sealed_process import SealedProcess

LITTLE_MEMORY = 1_500_000_000  # bytes; the starter model and the window need less, any useful model more
LITTLE_DISK = 1_000_000_000
_LIBRARIES = (
    "llama-cpp-python", "numpy", "msgspec", "pypdfium2", "xberg", "sqlmodel", "sqlcipher3", "cryptography", "argon2-cffi",
    "keyring", "PySide6-Essentials",
)  # fmt: skip


async def examine(
    *,
    store: Mapping[str, object],
    keyring: Mapping[str, object],
    models: Sequence[Model],
    engine: Mapping[str, object] | None = None,
    folder: Path | None = None,
) -> ComputerReport:
    """Look at everything. `engine` adds what a running model's worker told; `folder` is where the data is kept."""
    seal = await sealed_probe()
    expected = sandbox.expected_seal()
    seen = await asyncio.to_thread(hardware.look, folder or Path.home())
    computer = hardware_facts(dataclasses.replace(seen, bytes_per_s=await asyncio.to_thread(memory_bytes_per_s)))
    installed = {**engine_files(), "models": [model.id for model in models], **(engine or {})}
    return ComputerReport(
        hardware=computer,
        engine=installed,
        sandbox={
            "network": seal.network,
            "files": seal.files,
            "detail": seal.detail,
            "possible_here": {"network": expected.network, "files": expected.files, "detail": expected.detail},
        },
        store=dict(store),
        keyring=dict(keyring),
        libraries=libraries(),
        problems=tuple(problems(computer, installed, seal, keyring, models)),
    )


async def sealed_probe() -> Seal:
    """What the seal of a worker that was started just now enforces; nothing, if it could not be started."""
    try:
        worker: SealedProcess[Inspect, FromInspect] = await SealedProcess.start("inspect", FromInspect, require_seal=False)
    except (StrongroomError, OSError) as problem:
        return Seal("not_enforced", "not_enforced", f"no worker could be started: {problem}")
    async with worker:
        return worker.seal


def hardware_facts(seen: Hardware) -> dict[str, object]:
    """This computer as the report says it; plain values, ready for JSON."""
    return {
        "system": hardware.system(),
        "processor": seen.processor,
        "cores": seen.n_cores,
        "threads": seen.n_threads,
        "vector_extensions": list(seen.vector_extensions),
        "memory_total": seen.memory_total,
        "memory_free": seen.memory_free,
        "memory_bytes_per_s": seen.bytes_per_s,
        "gpus": [dataclasses.asdict(gpu) for gpu in seen.gpus],
        "disk_free": seen.disk_free,
        "disk_encrypted": seen.disk_encrypted,
        "on_mains": seen.on_mains,
        "battery_percent": seen.battery_percent,
        "unread": dict(seen.unread),
    }


def engine_files() -> dict[str, object]:
    """Which llama.cpp is installed and which backends it came with."""
    found = backends()
    return {"llama_cpp_python": _version("llama-cpp-python") if found else None, "backends": found}


def libraries() -> dict[str, str]:
    """Versions of what the program stands on."""
    return {"python": platform.python_version(), **{name: _version(name) or "missing" for name in _LIBRARIES}}


def problems(
    computer: Mapping[str, object],
    engine: Mapping[str, object],
    seal: Seal,
    keyring: Mapping[str, object],
    models: Sequence[Model],
) -> list[str]:
    """What should be put right, in plain words."""
    found = []
    if seal.network != "enforced":
        found.append(f"Workers are not kept from the network by the operating system ({seal.detail}).")
    if seal.files != "enforced":
        found.append(f"Workers are not kept from other files by the operating system ({seal.detail}).")
    if not engine.get("backends"):
        found.append("llama.cpp is not installed, or without a backend: no local model can run.")
    if not keyring.get("secure", True):
        found.append("There is no secure keyring: the store needs a passphrase, or keeps nothing.")
    found += [f"{Path(model.file).name} is damaged ({_reason(model)})." for model in models if model.problem]
    present = {Path(model.file).name for model in models}
    found += [f"{known.name} ({name}) is missing." for name, known in KNOWN_MODELS.items() if name not in present]
    if _less(computer.get("memory_free"), LITTLE_MEMORY):
        found.append("Less than 1.5 GB of memory is free.")
    if _less(computer.get("disk_free"), LITTLE_DISK):
        found.append("Less than 1 GB of disk space is free where the data is kept.")
    return found


def _reason(model: Model) -> object:
    return (model.problem_facts or {}).get("reason", model.problem)


def _less(amount: object, limit: int) -> bool:
    return isinstance(amount, int) and amount < limit


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
