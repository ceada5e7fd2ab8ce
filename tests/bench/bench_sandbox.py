"""What sealing costs: in one process, in starting a worker, and in every system call afterwards.

Run on demand: `python tests/bench/bench_sandbox.py`. Prints `name value reference ratio`; the ratios are what counts, since
the reference is measured in the same run on the same computer.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from engine.models.facts import FromInspect, Inspect  # noqa: E402
from engine.sealed_process import SealedProcess  # noqa: E402

ROUNDS = 15

INSIDE = """
import os, sys, time
sys.path.insert(0, {checkout!r})
from engine import sandbox
def calls(act, n=200_000):
    started = time.perf_counter()
    for _ in range(n):
        act()
    return (time.perf_counter() - started) / n * 1e9
def opening():
    os.close(os.open("/dev/null", os.O_RDONLY))
before = calls(os.getppid), calls(opening, 20_000)
started = time.perf_counter()
seal = sandbox.seal()
sealing = time.perf_counter() - started
assert (seal.network, seal.files) == ("enforced", "enforced"), seal
print(sealing * 1e3, before[0], calls(os.getppid), before[1], calls(opening, 20_000))
"""

UNSEALED = """
import sys
sys.path.insert(0, {checkout!r})
from engine import records, sandbox, worker_main
sandbox.seal = lambda **settings: records.Seal("enforced", "enforced", "none, for comparison")
worker_main.run("inspect", [])
"""


def show(name: str, value: float, reference: float) -> None:
    print(f"{name:32} {value:10.2f} {reference:10.2f} {value / reference:8.2f}")


def inside() -> list[float]:
    """Medians of: sealing (ms), a call before and after (ns), opening a file before and after (ns)."""
    rounds = []
    for _ in range(5):
        script = INSIDE.format(checkout=str(CHECKOUT))
        said = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True).stdout
        rounds.append([float(word) for word in said.split()])
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


async def milliseconds(act: Callable[[], Awaitable[object]]) -> float:
    """Median time of `act`, after one round that does not count."""
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        await act()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times[1:])


async def bare_python() -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-I", "-c", "pass")
    await child.wait()


async def worker(command: list[str] | None = None) -> None:
    process: SealedProcess[Inspect, FromInspect] = await SealedProcess.start("inspect", FromInspect, command=command)
    await process.end()


async def main() -> None:
    print(f"{'name':32} {'value':>10} {'reference':>10} {'ratio':>8}")
    sealing, call_before, call_after, open_before, open_after = inside()
    unsealed = [sys.executable, "-I", "-B", "-X", "utf8", "-c", UNSEALED.format(checkout=str(CHECKOUT))]
    without, python = await milliseconds(lambda: worker(unsealed)), await milliseconds(bare_python)
    sealed = await milliseconds(worker)
    show("seal_ms_of_worker_start", sealing, sealed)
    show("worker_start_ms_vs_unsealed", sealed, without)
    show("worker_start_ms_vs_bare_python", sealed, python)
    show("getppid_ns_vs_unsealed", call_after, call_before)
    show("open_close_ns_vs_unsealed", open_after, open_before)


if __name__ == "__main__":
    asyncio.run(main())
