"""Every kind of worker, started for real and looked into: sealed, and with no way out even in its memory."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from engine.sealed_process import Kind, SealedProcess
from engine.worker_main import WORKERS

CHECKOUT = Path(__file__).resolve().parents[2]

NOT_IN_A_WORKER = {
    # ways to the network
    "httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp", "anyio", "h11", "ssl", "http.client",
    "urllib.request", "ftplib", "smtplib", "huggingface_hub", "hf_xet", "openai", "anthropic", "engine.network",
    # the store, its keys, and the window
    "keyring", "secretstorage", "jeepney", "sqlalchemy", "sqlmodel", "sqlcipher3", "engine.store", "engine.secrets",
    "PySide6", "shiboken6", "desktop", "engine.service", "engine.session",
}  # fmt: skip


class Loaded(msgspec.Struct, frozen=True, tag=True):
    modules: list[str]
    seal: str


# The start of a worker as it is; where the work would begin, it tells what it has loaded instead.
CHILD = """
import importlib, sys
sys.path.insert(0, {checkout!r})
import msgspec
from engine import worker_main

class Loaded(msgspec.Struct, frozen=True, tag=True):
    modules: list[str]
    seal: str

class Teller:
    @staticmethod
    def main(channel, start, seal):
        importlib.import_module({module!r})
        channel.send(Loaded(sorted(sys.modules), seal.network + " " + seal.files))
        return 0

sys.modules["teller"] = Teller
worker_main.WORKERS[{kind!r}] = "teller"
worker_main.run({kind!r}, [])
"""


@pytest.mark.parametrize("kind", sorted(WORKERS))
async def test_a_worker_holds_no_network_client_no_keyring_no_database_and_no_window(kind: Kind) -> None:
    script = CHILD.format(checkout=str(CHECKOUT), kind=kind, module=WORKERS[kind])
    command = [sys.executable, "-I", "-B", "-c", script]
    process: SealedProcess[Loaded, Loaded] = await SealedProcess.start(kind, Loaded, command=command)
    async with process:
        told = await process.receive()
        assert told is not None, process.stderr_tail
    assert told.seal == "enforced enforced"
    assert WORKERS[kind] in told.modules
    assert NOT_IN_A_WORKER & set(told.modules) == set()
