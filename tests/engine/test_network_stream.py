"""Every stage of a connection can stall, fail or be made to lie; each is tried with a real server that does it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from engine import network_stream
from engine.errors import NetworkFailed, NetworkRefused
from engine.network import Interrupted, Interruption, NetworkDoor
from engine.policy import NetworkPolicy
from tests.network_stage import Authority, Notes, Visit, connect_proxy, open_door, server, silence

BODY = b"weights" * 50_000
PATIENCE_S = 60.0  # longer than any test may take: who comes back earlier was not waiting for it


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority is one of the system's, as an administrator would make it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def answer(visit: Visit) -> None:
    visit.answer(BODY)


def content(door: NetworkDoor, url: str, interruption: Interruption | None = None) -> bytes:
    with door.fetch("models", url, about="x", interruption=interruption) as found:
        return b"".join(found.chunks(10_000))


def failure(door: NetworkDoor, url: str) -> NetworkFailed:
    with pytest.raises(NetworkFailed) as failed:
        content(door, url)
    return failed.value


# ---------------------------------------------------------------- stalls
Stage = tuple[str, str, threading.Event]  # url, proxy setting, set once it stalls


@contextmanager
def stalled_look_up() -> Iterator[Stage]:
    """A name server that does not answer; the only stage that is made up, since none can be had here."""
    reached, done = threading.Event(), threading.Event()

    def never(*_: object, **__: object) -> list[object]:
        reached.set()
        done.wait(PATIENCE_S)
        raise OSError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_stream.socket, "getaddrinfo", never)
        yield "https://hub.example", "none", reached
        done.set()


@contextmanager
def stalled_connect() -> Iterator[Stage]:
    """A listener whose queue is full: the system lets further calls wait."""
    with ExitStack() as stack:
        listener = stack.enter_context(closing(socket.socket()))
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = stack.enter_context(closing(socket.socket()))
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        reached = threading.Event()
        reached.set()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", "none", reached


@contextmanager
def stalled_server(raw: bytes, *, scheme: str = "http") -> Iterator[Stage]:
    """A server that says this much and no more. For https it says it in place of its part of the handshake."""
    reached = threading.Event()
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

        def accept() -> None:
            connection = stack.enter_context(closing(listener.accept()[0]))
            connection.recv(1)
            connection.sendall(raw)
            reached.set()

        threading.Thread(target=accept, daemon=True).start()
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", "none", reached


@contextmanager
def stalled_proxy() -> Iterator[Stage]:
    with stalled_server(b"") as (url, _, reached):
        yield "https://hub.example", url, reached


STAGES: dict[str, Callable[[], Iterator[Stage]]] = {
    "look-up": stalled_look_up,
    "connect": stalled_connect,
    "handshake": lambda: stalled_server(b"", scheme="https"),
    "half a handshake": lambda: stalled_server(b"\x16\x03\x03\x00\x40\x02", scheme="https"),
    "first byte": lambda: stalled_server(b""),
    "head": lambda: stalled_server(b"HTTP/1.1 200 OK\r\ncontent-"),
    "body": lambda: stalled_server(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc"),
    "proxy": stalled_proxy,
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("by", ["pause", "lock"])
def test_every_stage_can_be_ended(notes: Notes, stage: str, by: str) -> None:
    with STAGES[stage]() as (url, proxy, reached):
        door = open_door(notes, url, proxy=proxy, connect_s=PATIENCE_S, stall_s=PATIENCE_S)
        interruption, ended = Interruption(), []

        def fetch() -> None:
            try:
                content(door, url, interruption)
            except (Interrupted, NetworkRefused) as error:
                ended.append(error)

        thread = threading.Thread(target=fetch)
        thread.start()
        assert reached.wait(10)
        time.sleep(0.05)  # into the stall
        assert thread.is_alive() and door.busy_with() == ("models",)
        interruption.interrupt() if by == "pause" else door.use(NetworkPolicy(), "none")
        thread.join(10)
        (error,) = ended
        assert isinstance(error, Interrupted) if by == "pause" else error.reason == "offline"
    notes.assert_complete()
    assert (notes.ended[0].outcome, notes.ended[0].reason) == (
        ("done", "interrupted") if by == "pause" else ("failed", "offline")
    )


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_lasts_for_ever(notes: Notes, stage: str) -> None:
    with STAGES[stage]() as (url, proxy, _):
        reason = failure(open_door(notes, url, proxy=proxy, connect_s=0.2, stall_s=0.2), url).reason
        assert reason == {"look-up": "no_address"}.get(stage, "timed_out")
    assert (notes.ended[0].outcome, notes.ended[0].reason) == ("failed", reason)


def test_a_head_that_drips_does_not_last_for_ever(notes: Notes) -> None:
    def drip(visit: Visit) -> None:
        visit.say(b"HTTP/1.1 200 OK\r\nx: ")
        while not notes.ended:
            visit.say(b"y")
            time.sleep(0.02)

    with server(drip) as running:
        assert failure(open_door(notes, running.url, connect_s=0.1, stall_s=0.1), running.url).reason == "timed_out"


def test_a_slow_body_may_take_its_time(notes: Notes) -> None:
    def slow(visit: Visit) -> None:
        visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n")
        for _ in range(20):
            time.sleep(0.05)
            visit.say(b"z")

    with server(slow) as running:
        assert content(open_door(notes, running.url, connect_s=0.1, stall_s=0.5), running.url) == b"z" * 20


def test_an_interruption_that_came_before_lets_nothing_out(notes: Notes) -> None:
    interruption = Interruption()
    interruption.interrupt()
    with server(answer) as running:
        with pytest.raises(Interrupted):
            content(open_door(notes, running.url), running.url, interruption)
        assert running.n_connections == 0 and interruption.is_set
    notes.assert_complete()


# ---------------------------------------------------------------- names and addresses
def test_nobody_at_home(notes: Notes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    failed = failure(open_door(notes, url), url)
    assert (failed.reason, failed.detail) == ("no_connection", "ECONNREFUSED")


def test_a_name_without_an_address(notes: Notes) -> None:
    assert failure(open_door(notes, "https://nowhere.invalid"), "https://nowhere.invalid/").reason == "no_address"


def test_an_address_that_does_not_answer_costs_little(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a dead address before the living one: the second is tried beside the first."""
    with server(answer) as running, stalled_connect() as (dead, _, _):
        places = [("127.0.0.1", 1), ("127.0.0.1", int(dead.rpartition(":")[2])), ("127.0.0.1", running.port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
        monkeypatch.setattr(network_stream.socket, "getaddrinfo", lambda *_, **__: found)
        url = f"http://localhost:{running.port}"
        assert content(open_door(notes, url, connect_s=PATIENCE_S), url) == BODY


def test_the_families_take_turns() -> None:
    six, four = (socket.AF_INET6, "6"), (socket.AF_INET, "4")
    assert network_stream._in_turn([six, six, six, four]) == [six, four, six, six]
    assert network_stream._in_turn([four, six, six]) == [four, six, six]


def test_localhost_that_is_elsewhere_is_not_spoken_to_in_clear(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]
    monkeypatch.setattr(network_stream.socket, "getaddrinfo", lambda *_, **__: elsewhere)
    assert failure(open_door(notes, "http://localhost:80"), "http://localhost:80/").reason == "no_address"


# ---------------------------------------------------------------- TLS
def test_a_certificate_of_the_systems_authorities_is_trusted(notes: Notes, trusted: Authority) -> None:
    with server(answer, tls=trusted.context("localhost")) as running:
        assert content(open_door(notes, running.url), running.url) == BODY
        with open_door(notes, running.url).client("models", "a search", timeout_s=10) as client:
            assert client.get(running.url).content == BODY
    assert notes.ended[0].sent == len(running.visits[0].head), "counted before it is encrypted"
    assert len(BODY) < notes.ended[0].received < len(BODY) + 200


def test_a_certificate_of_others_is_not_trusted_and_says_so(notes: Notes, authority: Authority) -> None:
    with server(answer, tls=authority.context("localhost")) as running:
        failed = failure(open_door(notes, running.url), running.url)
        assert failed.reason == "tls" and "certificate not trusted: unable to get local issuer certificate" in failed.detail
        assert running.visits == [], "nothing was said to it"
    assert (notes.ended[0].outcome, notes.ended[0].reason, notes.ended[0].sent) == ("failed", "tls", 0)


def test_a_certificate_for_another_host_is_not_trusted(notes: Notes, trusted: Authority) -> None:
    with server(answer, tls=trusted.context("other.example")) as running:
        failed = failure(open_door(notes, running.url), running.url)
        assert failed.reason == "tls" and "localhost" in failed.detail


def test_a_server_without_tls_is_not_spoken_to(notes: Notes) -> None:
    with server(silence) as running:
        url = f"https://localhost:{running.port}"
        threading.Timer(0.2, running.close).start()
        assert failure(open_door(notes, url), url).reason in ("tls", "broken_off")
        assert running.visits == []


def test_secrets_of_tls_are_not_written_down_for_anybody(
    notes: Notes, trusted: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    with server(answer, tls=trusted.context("localhost")) as running:
        content(open_door(notes, running.url), running.url)
    assert not (tmp_path / "keys").exists()


def test_a_redirect_into_the_clear_is_refused(notes: Notes, trusted: Authority) -> None:
    """Also to this computer, where a request in clear would have been allowed on its own."""
    with server(answer) as clear:
        leads_there = trusted.context("localhost")
        with server(lambda visit: visit.answer(status=302, location=clear.url), tls=leads_there) as running:
            door = open_door(notes, running.url, clear.url)
            assert content(door, clear.url) == BODY
            for ask in (
                lambda: content(door, running.url),
                lambda: door.client("models", "a search", timeout_s=9).get(running.url),
            ):
                with pytest.raises(NetworkRefused) as refused:
                    ask()
                assert refused.value.reason == "not_https"
        assert clear.n_connections == 1
    assert [each.reason for each in notes.refused] == ["not_https"] * 2


# ---------------------------------------------------------------- through a proxy
def test_a_proxy_leads_to_a_host_that_is_never_looked_up_here(notes: Notes, trusted: Authority) -> None:
    asked: list[str] = []

    def leads_to(target: str) -> tuple[str, int]:
        asked.append(target)
        return "127.0.0.1", hub.port

    with server(answer, tls=trusted.context("hub.invalid")) as hub, server(connect_proxy(leads_to)) as proxy:
        door = open_door(notes, "https://hub.invalid", proxy=f"http://127.0.0.1:{proxy.port}")
        assert content(door, "https://hub.invalid/file") == BODY
        with door.client("models", "a search", timeout_s=10) as client:
            assert client.get("https://hub.invalid/file").content == BODY
        assert asked == ["hub.invalid:443"] * 2 and door.state().proxy == f"127.0.0.1:{proxy.port}"
        assert b"Bearer" not in proxy.visits[0].head
    assert [(each.host, each.via) for each in notes.begun] == [("hub.invalid", f"127.0.0.1:{proxy.port}")] * 2
    assert len(notes.ended[0].via) and notes.ended[0].sent == len(proxy.visits[0].head) + len(hub.visits[0].head)


def test_a_proxy_is_told_a_password_and_the_log_is_not(notes: Notes, trusted: Authority) -> None:
    def leads_to(_: str) -> tuple[str, int]:
        return "127.0.0.1", hub.port

    behaviour = connect_proxy(leads_to, password="Basic bWU6YTpi")  # me:a:b
    with server(answer, tls=trusted.context("hub.invalid")) as hub, server(behaviour) as proxy:
        url = "https://hub.invalid/file"
        assert content(open_door(notes, url, proxy=f"http://me:a%3Ab@127.0.0.1:{proxy.port}"), url) == BODY
        assert "me" not in notes.begun[0].via and "proxy-authorization" not in hub.visits[0].headers
        failed = failure(open_door(notes, url, proxy=f"127.0.0.1:{proxy.port}"), url)
        assert (failed.reason, failed.host) == ("proxy", "hub.invalid") and "407" in failed.detail


def test_a_proxy_that_inspects_is_not_trusted_unless_the_system_trusts_it(
    notes: Notes, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leads_to(_: str) -> tuple[str, int]:
        return "127.0.0.1", inspection.port

    with server(answer, tls=authority.context("hub.invalid")) as inspection, server(connect_proxy(leads_to)) as proxy:
        door = open_door(notes, "https://hub.invalid", proxy=f"127.0.0.1:{proxy.port}")
        assert failure(door, "https://hub.invalid/").reason == "tls"
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert content(door, "https://hub.invalid/") == BODY


def test_a_proxy_that_is_not_there(notes: Notes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    door = open_door(notes, "https://hub.invalid", proxy=f"127.0.0.1:{port}")
    assert failure(door, "https://hub.invalid/").reason == "proxy"
    door = open_door(notes, "https://hub.invalid", proxy="nowhere.invalid:3128")
    assert failure(door, "https://hub.invalid/").reason == "proxy"


def test_the_systems_proxy_is_taken_only_where_that_is_chosen(
    notes: Notes, trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leads_to(_: str) -> tuple[str, int]:
        return "127.0.0.1", hub.port

    with server(answer, tls=trusted.context("hub.invalid")) as hub, server(connect_proxy(leads_to)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        assert content(open_door(notes, "https://hub.invalid", proxy="system"), "https://hub.invalid/") == BODY
        assert failure(open_door(notes, "https://hub.invalid", proxy="none"), "https://hub.invalid/").reason == "no_address"
        monkeypatch.setenv("no_proxy", ".invalid")
        assert failure(open_door(notes, "https://hub.invalid", proxy="system"), "https://hub.invalid/").reason == "no_address"
        assert proxy.n_connections == 1
