"""Real children: sealed before they work, believed in nothing, and gone when they should be."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from engine.errors import NotSealed, WorkerDied
from engine.sealed_process import SealedProcess
from engine.wire import MAX_FRAME

CHECKOUT = Path(__file__).resolve().parents[2]


class Say(msgspec.Struct, frozen=True, tag=True):
    text: str


class Heard(msgspec.Struct, frozen=True, tag=True):
    text: str
    pid: int


CHILD = """
import os, sys, time
sys.path.insert(0, {checkout!r})
import msgspec
from engine import worker_main

class Say(msgspec.Struct, frozen=True, tag=True):
    text: str

class Heard(msgspec.Struct, frozen=True, tag=True):
    text: str
    pid: int

class Behaviour:
    @staticmethod
    def main(channel, start, seal):
        channel = channel.expecting(Say)
{behaviour}

sys.modules["behaviour"] = Behaviour
worker_main.WORKERS["chat"] = "behaviour"
worker_main.run("chat", [])
"""

ECHO = """
        print("stray print")
        while (message := channel.receive()) is not None:
            channel.send(Heard(message.text, os.getpid()))
        return 0
"""


def child(behaviour: str) -> list[str]:
    """A command that becomes a real worker (pipe, seal, exit codes) whose work is `behaviour`."""
    return [sys.executable, "-I", "-B", "-c", CHILD.format(checkout=str(CHECKOUT), behaviour=behaviour)]


async def start(behaviour: str, **settings: object) -> SealedProcess[Say, Heard]:
    return await SealedProcess.start("chat", Heard, command=child(behaviour), **settings)  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie counts as one that somebody forgot, so as alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_is_sealed_answers_and_leaves_when_the_pipe_closes() -> None:
    process = await start(ECHO)
    assert (process.seal.network, process.seal.files) == ("enforced", "enforced"), process.seal
    await process.send(Say("ä" * 100_000))
    assert await process.receive() == Heard("ä" * 100_000, process.pid)
    assert await process.end(grace_s=5) == 0
    assert "stray print" in process.stderr_tail
    assert not is_alive(process.pid)


async def test_it_works_in_a_background_thread_and_reaps_there() -> None:
    async def one_round() -> int:
        async with await start(ECHO) as process:
            await process.send(Say("x"))
            assert isinstance(await process.receive(), Heard)
            return process.pid

    pids: list[int] = []
    thread = threading.Thread(target=lambda: pids.append(asyncio.run(one_round())))
    thread.start()
    await asyncio.to_thread(thread.join, 30)
    assert pids and not is_alive(pids[0])


async def test_a_killed_worker_is_the_end_of_the_messages_and_sending_says_how_it_died() -> None:
    process = await start(ECHO)
    os.kill(process.pid, signal.SIGKILL)
    assert await process.receive() is None
    assert await process.wait() == -signal.SIGKILL
    with pytest.raises(WorkerDied) as death:
        for _ in range(3):
            await process.send(Say("x" * 1_000_000))
    assert death.value.facts == {"worker": "chat", "exit_code": -signal.SIGKILL, "restarting": False}
    assert not is_alive(process.pid)


@pytest.mark.parametrize(
    "nonsense",
    [
        "os.write(channel._write_to, b'\\xff' * 64)",
        "os.write(channel._write_to, b'\\0\\0\\0\\0')",
        "os.write(channel._write_to, b'\\0\\0\\0\\5hello')",
        "os.write(channel._write_to, b'\\0\\0\\0\\5he'); os.close(channel._write_to)",
        "channel.send(Say('not what a worker says'))",
    ],
)
async def test_a_worker_that_talks_nonsense_is_ended(nonsense: str) -> None:
    process = await start(f"        {nonsense}\n        time.sleep(60)\n")
    with pytest.raises(WorkerDied):
        await process.receive()
    assert await process.wait() == -signal.SIGKILL
    assert not is_alive(process.pid)


async def test_a_frame_longer_than_allowed_is_refused_both_ways() -> None:
    process = await start("        channel.send(Heard('x' * 2000, 1))\n        time.sleep(60)\n", max_frame=1000)
    with pytest.raises(ValueError, match="longer than a frame"):
        await process.send(Say("x" * 2000))
    with pytest.raises(WorkerDied):
        await process.receive()
    assert await process.wait() == -signal.SIGKILL
    assert MAX_FRAME == 256 * 1024 * 1024


async def test_a_cancelled_receive_loses_nothing() -> None:
    half = "        head = b''.join(__import__('engine.wire', fromlist=['x']).encode_frame(Heard('whole', 1)))\n"
    half += "        os.write(channel._write_to, head[:6]); channel.receive(); os.write(channel._write_to, head[6:]); return 0\n"
    process = await start(half)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.receive(), 0.3)
    await process.send(Say("go on"))
    assert await process.receive() == Heard("whole", 1)
    await process.end()


async def test_a_worker_that_does_not_read_holds_its_sender_back_and_can_still_be_ended() -> None:
    process = await start("        time.sleep(60)\n")
    sending = asyncio.create_task(process.send(Say("x" * 10_000_000)))
    done, _ = await asyncio.wait([sending], timeout=0.5)
    assert not done
    process.kill()
    with pytest.raises(WorkerDied):
        await sending


async def test_messages_of_several_senders_arrive_whole() -> None:
    async with await start(ECHO) as process:
        texts = [str(n) * 50_000 for n in range(8)]
        senders = asyncio.gather(*(process.send(Say(text)) for text in texts))
        heard = {message.text for message in [await process.receive() for _ in texts] if message}
        await senders
        assert heard == set(texts)


async def test_a_fault_is_told_by_place_and_kind_but_never_by_its_text() -> None:
    process = await start("        raise ValueError('the secret sentence')\n")
    assert await process.receive() is None
    assert await process.wait() == 1
    assert "ValueError" in process.stderr_tail
    assert "secret" not in process.stderr_tail


async def test_too_much_memory_and_too_much_time_have_exit_codes_of_their_own() -> None:
    process = await start("        bytearray(1 << 30)\n", memory_limit=512 << 20)
    assert await process.wait() == 5
    process = await start("        while True: pass\n", cpu_limit_s=1)
    assert await process.wait() == -signal.SIGXCPU


async def test_an_unknown_kind_and_another_version_are_refused_before_anything_is_loaded() -> None:
    with pytest.raises(WorkerDied) as unknown:
        await SealedProcess.start("nonsense", Heard)  # type: ignore[arg-type]
    assert unknown.value.exit_code == 2
    main = [sys.executable, "-I", "-B", str(CHECKOUT / "main.py"), "--worker", "inspect"]
    newer = b"\x82\xa4type\xa5Start\xa7version\xcd\x03\xe7"
    answer = subprocess.run(main, input=len(newer).to_bytes(4, "big") + newer, capture_output=True, timeout=20)
    assert (answer.returncode, answer.stdout) == (3, b"")


async def test_an_unsealed_worker_is_ended_unless_the_caller_accepts_it() -> None:
    unsealed = child(ECHO)
    unsealed[-1] = unsealed[-1].replace(
        "from engine import worker_main",
        "from engine import worker_main, sandbox, records\n"
        "sandbox.seal = lambda **settings: records.Seal('enforced', 'not_enforced', 'test')",
    )
    with pytest.raises(NotSealed) as refusal:
        await SealedProcess.start("chat", Heard, command=unsealed)
    assert refusal.value.facts == {"network": "enforced", "files": "not_enforced"}
    async with await SealedProcess[Say, Heard].start("chat", Heard, command=unsealed, require_seal=False) as process:
        assert process.seal.files == "not_enforced"


async def test_a_child_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.sealed_process._START_S", 0.5)
    with pytest.raises(WorkerDied) as death:
        await SealedProcess.start("chat", Heard, command=[sys.executable, "-c", "import time; time.sleep(60)"])
    assert death.value.exit_code == -signal.SIGKILL


async def test_the_environment_holds_no_secrets_and_no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HTTPS_PROXY", "PYTHONPATH", "PATH", "LD_PRELOAD", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY"):
        monkeypatch.setenv(name, "x")
    tell = "        channel.send(Heard(','.join(os.environ), 0))\n        return 0\n"
    async with await start(tell, environment={"OMP_NUM_THREADS": "1"}) as process:
        told = await process.receive()
        assert told is not None
        names = set(told.text.split(","))
        assert "OMP_NUM_THREADS" in names
        assert not names & {"HF_TOKEN", "HTTPS_PROXY", "PYTHONPATH", "PATH", "LD_PRELOAD", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY"}


PARENT = """
import asyncio, sys
sys.path.insert(0, {checkout!r})
from engine.sealed_process import SealedProcess
import msgspec
class Heard(msgspec.Struct, frozen=True, tag=True):
    text: str
    pid: int
async def main():
    process = await SealedProcess.start("chat", Heard, command={command!r})
    print(process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("behaviour", ["        while True: pass\n", "        time.sleep(60)\n"])
def test_a_busy_child_dies_with_its_parent(behaviour: str) -> None:
    script = PARENT.format(checkout=str(CHECKOUT), command=child(behaviour))
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 1.0
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    """Like is_alive, but an orphan that only waits for its new parent to look at it is gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
