"""A real llama.cpp server as a child process on 127.0.0.1, which speaks both dialects with a tiny model of random weights.

It answers nonsense, but with the real events, stop reasons and counts of tokens. Used as a program it is the server itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
READY = "listening at "


@contextmanager
def real_provider(folder: Path) -> Iterator[str]:
    """The base address that both dialects are spoken under. `folder` is for the model, and for what the server says."""
    from tests.model_shapes import SHAPES
    from tests.random_models import write_random_model

    model = write_random_model(SHAPES[0], folder / "random.gguf")
    command = [sys.executable, "-m", "tests.real_provider", str(model)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        assert server.stdin is not None and server.stdout is not None
        try:
            url = next((line.removeprefix(READY).strip() for line in server.stdout if line.startswith(READY)), "")
            assert url, (folder / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:]
            yield f"{url}/v1"
        finally:
            server.stdin.close()  # it ends when nobody holds the other end
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            server.stdout.close()


def _serve(model: str) -> None:
    import xllamacpp

    from engine.inference.threads import most_threads

    wished = xllamacpp.CommonParams()
    wished.model.path = model
    wished.hostnames = ["127.0.0.1"]
    wished.port = 0
    wished.n_ctx = 2048
    wished.n_parallel = 2
    wished.n_gpu_layers = 0
    wished.warmup = False
    wished.cpuparams.n_threads = most_threads()
    server = xllamacpp.Server(wished)
    print(f"{READY}{server.listening_address}", flush=True)
    sys.stdin.read()  # until the test is over, or gone


if __name__ == "__main__":
    _serve(sys.argv[1])
    sys.stdout.flush()
    import os

    os._exit(0)  # its own threads would be waited for
