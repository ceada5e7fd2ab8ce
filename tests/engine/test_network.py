from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import NetworkFailed, NetworkRefused
from engine.network import Interrupted, Interruption, NetworkDoor
from engine.network_records import Connection
from engine.policy import NetworkPolicy, named, origin_of
from engine.tripwire import Attempt
from tests.network_stage import MODELS, Notes, Server, Visit, open_door, policy_for, server, silence

BODY = bytes(range(256)) * 4000


def behave(visit: Visit) -> None:
    """A server of files: `/file`, `/to?URL` leads there, `/same` leads to a file by a relative address."""
    match visit.path.partition("?")[0]:
        case "/to":
            visit.answer(b"moved", 302, location=visit.path.partition("?")[2])
        case "/same":
            visit.answer(status=307, location="file")
        case _:
            visit.answer(BODY, set_cookie="a=b", x_thing="1")


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def files() -> Iterator[Server]:
    with server(behave) as running:
        yield running


def content(door: NetworkDoor, url: str, **headers: str) -> bytes:
    with door.fetch("models", url, about="a test", headers=headers) as answer:
        return b"".join(answer.chunks(70_000))


def refusal(door: NetworkDoor, url: str) -> str:
    with pytest.raises(NetworkRefused) as refused:
        content(door, url)
    return refused.value.reason


def failure(door: NetworkDoor, url: str) -> NetworkFailed:
    with pytest.raises(NetworkFailed) as failed:
        content(door, url)
    return failed.value


# ---------------------------------------------------------------- what passes
def test_a_file_comes_whole_and_its_connection_is_written_down(notes: Notes, files: Server) -> None:
    told: list[Connection] = []
    door = NetworkDoor(notes, publish=told.append)
    door.use(policy_for(files.url), "none")
    with door.fetch("models", f"{files.url}/file?x=1", about="Qwen3 8B", headers={"Range": "bytes=0-"}) as answer:
        assert (answer.status, answer.host, answer.url) == (200, "127.0.0.1", f"{files.url}/file?x=1")
        assert answer.headers == {"content-length": str(len(BODY)), "x-thing": "1"}, "names in lower case, no cookie"
        assert door.busy_with() == door.state().busy_with == ("models",)
        pieces = list(answer.chunks(10_000))
    assert b"".join(pieces) == BODY and max(map(len, pieces)) <= 10_000
    assert door.busy_with() == ()
    (begun,), (ended,) = notes.begun, notes.ended
    assert (begun.purpose, begun.about, begun.method, begun.host, begun.port) == (
        "models",
        "Qwen3 8B",
        "GET",
        "127.0.0.1",
        files.port,
    )
    assert (begun.outcome, begun.status, begun.sent, begun.received) == ("open", None, 0, 0)
    assert (ended.id, ended.outcome, ended.reason, ended.status, ended.via) == (1, "done", "", 200, "")
    assert ended.sent == len(files.visits[0].head), "what was sent, to the byte"
    assert len(BODY) < ended.received < len(BODY) + 300 and ended.duration_s
    assert [(each.id, each.outcome) for each in told] == [(1, "open"), (1, "done")]


def test_an_entry_is_kept_before_the_first_byte_leaves(notes: Notes) -> None:
    n_begun: list[int] = []

    def look(visit: Visit) -> None:
        n_begun.append(len(notes.begun))
        visit.answer(status=302, location="/again") if len(n_begun) < 3 else visit.answer(b"x")

    with server(look) as running:
        assert content(open_door(notes, running.url), f"{running.url}/") == b"x"
    assert n_begun == [1, 2, 3], "one for each hop, never late"
    notes.assert_complete()


def test_a_log_that_cannot_be_written_lets_nothing_out(notes: Notes, files: Server) -> None:
    door = open_door(notes, files.url)
    notes.fails = True
    with pytest.raises(OSError, match="no room"):
        content(door, f"{files.url}/file")
    with door.client("models", "a search", timeout_s=5) as client, pytest.raises(OSError, match="no room"):
        client.get(f"{files.url}/file")
    assert files.n_connections == 0 and door.busy_with() == ()


def test_who_watches_cannot_disturb(notes: Notes, files: Server, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Connection) -> None:
        raise RuntimeError("the window is gone")

    door = NetworkDoor(notes, publish=fail)
    door.use(policy_for(files.url), "none")
    assert content(door, f"{files.url}/file") == BODY
    assert "RuntimeError" in caplog.text
    notes.assert_complete()


def test_a_request_says_what_is_named_and_nothing_else(notes: Notes, files: Server) -> None:
    door = open_door(notes, files.url)
    content(door, f"{files.url}/file", Range="bytes=5-", Cookie="a=b", Host="evil.example", X_Id="me")
    with door.client("models", "a search", timeout_s=5) as client:
        client.get(
            f"{files.url}/file", headers={"user-agent": "lib/1 (Linux; python 3)", "x-amzn-trace-id": "me", "referer": "me"}
        )
        client.cookies.set("c", "d")
        client.get(f"{files.url}/file", extensions={"sni_hostname": "evil.example", "target": b"/evil"})
        assert dict(client.cookies) == {"c": "d"}, "none that a server set"
    first, second, third = (visit.headers for visit in files.visits)
    agent = first.pop("user-agent")
    assert agent.split("/")[0] == "Strongroom" and "(" not in agent
    assert first == {"host": f"127.0.0.1:{files.port}", "accept-encoding": "identity", "connection": "close", "range": "bytes=5-"}
    assert second == third and set(second) == {"host", "user-agent", "accept-encoding", "connection", "accept"}
    assert second["user-agent"] == agent and files.visits[2].path == "/file"


@pytest.mark.parametrize("value", ["a\r\nx: y", "a\nb", "a\x00", "é"])
def test_a_header_cannot_hold_another(notes: Notes, files: Server, value: str) -> None:
    with pytest.raises(ValueError, match="range"):
        content(open_door(notes, files.url), f"{files.url}/file", Range=value)
    assert files.n_connections == 0 and notes.begun == []


def test_the_environment_changes_nothing(notes: Notes, files: Server, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    door = open_door(notes, files.url)
    assert content(door, f"{files.url}/file") == BODY
    with door.client("models", "a search", timeout_s=5) as client:
        assert client.get(f"{files.url}/file").content == BODY
    assert [visit for visit in files.visits if "authorization" in visit.headers] == []


def test_an_address_of_ipv6_is_reached(notes: Notes) -> None:
    with server(behave, host="::1") as running:
        assert content(open_door(notes, running.url), f"{running.url}/file") == BODY
        assert running.visits[0].headers["host"] == f"[::1]:{running.port}"
    assert notes.begun[0].host == "::1"


def test_a_client_asks_and_follows(notes: Notes, files: Server) -> None:
    with open_door(notes, files.url).client("models", "search: qwen", timeout_s=5) as client:
        answer = client.get(f"{files.url}/to?/same", params=None)
        assert answer.content == BODY and [each.status_code for each in answer.history] == [302, 307]
        assert client.head(f"{files.url}/to?/file", follow_redirects=False).headers["location"] == "/file"
        posted = client.post(f"{files.url}/file", content=b"question")
    assert posted.status_code == 200
    assert [(each.method, each.about) for each in notes.begun] == [("GET", "search: qwen")] * 3 + [
        ("HEAD", "search: qwen"),
        ("POST", "search: qwen"),
    ]
    notes.assert_complete()


# ---------------------------------------------------------------- what does not
def test_a_closed_door_opens_nothing(notes: Notes, files: Server) -> None:
    door = NetworkDoor(notes)
    assert door.state().is_closed
    assert refusal(door, f"{files.url}/file") == "offline"
    with door.client("models", "a search", timeout_s=5) as client, pytest.raises(NetworkRefused):
        client.get(f"{files.url}/file")
    with pytest.raises(NetworkRefused) as refused:
        door.send(None, "GET", files.url, {}, about="")
    assert refused.value.reason == "no_purpose"
    assert files.n_connections == 0 and notes.ended == []
    assert [(each.outcome, each.reason, each.host) for each in notes.begun] == [
        ("refused", "offline", "127.0.0.1"), ("refused", "offline", "127.0.0.1"), ("refused", "no_purpose", "127.0.0.1"),
    ]  # fmt: skip


def test_a_refusal_stays_one_when_the_log_is_full_and_is_written_down_later(notes: Notes, files: Server) -> None:
    notes.fails = True
    door = NetworkDoor(notes)
    for _ in range(3):
        assert refusal(door, f"{files.url}/file") == "offline"
    door.use(NetworkPolicy(), "none")
    notes.fails = False
    door.use(NetworkPolicy(), "none")
    until(lambda: len(notes.refused) == 3)
    assert [each.reason for each in notes.begun] == ["offline"] * 3
    door.use(NetworkPolicy(), "none")
    assert len(notes.begun) == 3


@pytest.mark.parametrize(
    "url", ["https://u:p@127.0.0.1/", "https://evil.example\r\nx: y/", "https://[::1/", "nonsense", "", "https://127.1/"]
)
def test_an_address_that_is_none_is_refused_and_written_down(notes: Notes, url: str) -> None:
    door = open_door(notes, "https://127.0.0.1")
    assert refusal(door, url) == "host_not_allowed"
    (kept,) = notes.refused
    assert kept.host.isprintable() and "p@" not in kept.host and kept.port == 0


def test_the_state_tells_the_hubs_own_host_first(notes: Notes) -> None:
    door = open_door(notes, "https://huggingface.co")
    ((purpose, hosts),) = door.state().hosts
    assert purpose == "models" and hosts[0] == "huggingface.co" and "us.aws.cdn.hf.co" in hosts
    door.use(policy_for("https://huggingface.co"), "http://name:secret@proxy.example:3128")
    assert door.state().proxy == "proxy.example:3128"
    door.use(policy_for("https://huggingface.co"), "socks5://proxy.example")
    assert door.state().proxy == ""


def test_an_attempt_to_get_past_is_written_down_without_waiting(notes: Notes) -> None:
    told = threading.Event()
    door = NetworkDoor(notes, publish=lambda _: told.set())
    door.report_bypass(Attempt("socket.connect", "evil.example", 443))
    assert told.wait(10)
    (kept,) = notes.begun
    assert (kept.outcome, kept.reason, kept.purpose) == ("refused", "bypass", None)
    assert (kept.host, kept.port, kept.about) == ("evil.example", 443, "socket.connect")


# ---------------------------------------------------------------- redirects
def test_a_redirect_to_a_host_that_is_not_allowed_ends_there(notes: Notes, files: Server) -> None:
    with server(behave) as other:
        door = open_door(notes, files.url)
        assert refusal(door, f"{files.url}/to?{other.url}/file") == "host_not_allowed"
        with door.client("models", "a search", timeout_s=5) as client, pytest.raises(NetworkRefused):
            client.get(f"{files.url}/to?{other.url}/file")
        assert other.n_connections == 0
    assert [each.port for each in notes.refused] == [other.port] * 2
    notes.assert_complete()


@pytest.mark.parametrize("through_client", [False, True])
def test_a_secret_stays_with_the_origin_it_was_meant_for(notes: Notes, files: Server, through_client: bool) -> None:
    with server(behave) as other:
        door = open_door(notes, files.url, other.url)
        way = f"{files.url}/to?{files.url}/to?{other.url}/to?{files.url}/file"
        if through_client:
            with door.client("models", "a search", timeout_s=5) as client:
                client.get(way, headers={"Authorization": "Bearer secret"})
        else:
            content(door, way, Authorization="Bearer secret", Range="bytes=0-")
        assert ["authorization" in visit.headers for visit in files.visits] == [True, True, False], "not even on the way back"
        assert ["authorization" in visit.headers for visit in other.visits] == [False]


def test_redirects_come_to_an_end(notes: Notes) -> None:
    with server(lambda visit: visit.answer(status=302, location=visit.path + "a")) as running:
        door = open_door(notes, running.url)
        assert failure(door, f"{running.url}/").reason == "bad_answer"
        assert running.n_connections == 6
        with door.client("models", "a search", timeout_s=5) as client, pytest.raises(NetworkFailed):
            client.get(f"{running.url}/")
    notes.assert_complete()


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("//evil.example/x", "not_https"), ("https://evil.example", "host_not_allowed"), ("http://evil.example", "not_https"),
        ("https://[::1", "bad_answer"), ("file:///etc/passwd", "host_not_allowed"), ("ftp://127.0.0.1/", "host_not_allowed"),
        ("http://[::ffff:127.0.0.1]/", "host_not_allowed"),
        ("\\\\evil.example/x", "host_not_allowed"), ("https://127.0.0.1@evil.example/", "host_not_allowed"),
    ],
)  # fmt: skip
def test_a_redirect_to_nowhere_good_sends_nothing(notes: Notes, place: str, reason: str) -> None:
    with server(lambda visit: visit.answer(status=302, location=place)) as running:
        with pytest.raises((NetworkRefused, NetworkFailed)) as told:
            content(open_door(notes, running.url), f"{running.url}/")
        assert told.value.reason == reason and running.n_connections == 1
    notes.assert_complete()


def test_a_place_that_is_spelled_in_another_alphabet_is_found(notes: Notes) -> None:
    def moved(visit: Visit) -> None:
        if visit.path == "/":
            visit.say("HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: /größe%20a\r\n\r\n".encode())
        else:
            visit.answer(visit.path.encode())

    with server(moved) as running:
        assert content(open_door(notes, running.url), f"{running.url}/") == b"/gr%C3%B6%C3%9Fe%20a"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_every_hop_is_judged_and_written_down(hops: list[int]) -> None:
    """Any way over three servers, of which the last is not allowed."""
    notes = Notes()
    with server(behave) as one, server(behave) as two, server(behave) as forbidden:
        places = (one, two, forbidden)
        door, url = open_door(notes, one.url, two.url), f"{places[hops[-1]].url}/file"
        for hop in reversed(hops[:-1]):
            url = f"{places[hop].url}/to?{url}"
        if 2 in hops:
            assert refusal(door, url) == "host_not_allowed"
        else:
            assert content(door, url, Authorization="secret") == BODY
        expected = hops[: hops.index(2) + 1] if 2 in hops else hops
        assert [each.port for each in notes.begun] == [places[hop].port for hop in expected]
        assert forbidden.n_connections == 0 and one.n_connections + two.n_connections == len(
            [hop for hop in expected if hop != 2]
        )
        seen = sum("authorization" in visit.headers for place in places for visit in place.visits)
        assert 2 in hops or seen == next((n for n, (a, b) in enumerate(pairwise(hops), 1) if a != b), len(hops))
    notes.assert_complete()


# ---------------------------------------------------------------- bad answers
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "broken_off"),
        (b"HTTP/1.1 200 OK\r\ncontent-le", "broken_off"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", "broken_off"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n", "broken_off"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabcde\r\n0\r\n\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc", "bad_answer"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200_000, "bad_answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000, "bad_answer"),
    ],
)
def test_an_answer_that_is_none_is_told_and_written_down(notes: Notes, raw: bytes, reason: str) -> None:
    def misbehave(visit: Visit) -> None:
        visit.say(raw)
        if b"gzip" in raw or b"zz" in raw:
            visit.wait_until_left()

    with server(misbehave) as running:
        assert failure(open_door(notes, running.url), f"{running.url}/").reason == reason
    (ended,) = notes.ended
    assert (ended.outcome, ended.reason, ended.received > 0) == ("failed", reason, bool(raw))


def test_a_status_is_for_the_caller(notes: Notes) -> None:
    with (
        server(lambda visit: visit.answer(b"slow down", 429, retry_after="7")) as running,
        open_door(notes, running.url).fetch("models", running.url, about="x") as answer,
    ):
        assert (answer.status, answer.headers["retry-after"], b"".join(answer.chunks(3))) == (429, "7", b"slow down")
    assert (notes.ended[0].outcome, notes.ended[0].status) == ("done", 429)


def test_an_answer_need_not_be_read(notes: Notes, files: Server) -> None:
    door = open_door(notes, files.url)
    with door.fetch("models", f"{files.url}/file", about="x") as answer:
        assert answer.status == 200
    with pytest.raises(ZeroDivisionError), door.fetch("models", f"{files.url}/file", about="x") as answer:
        next(answer.chunks(10))
        raise ZeroDivisionError
    notes.assert_complete()
    assert [each.outcome for each in notes.ended] == ["done", "done"] and door.busy_with() == ()


def test_a_client_takes_no_answer_without_an_end(notes: Notes) -> None:
    def flood(visit: Visit) -> None:
        visit.say(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(40):
            visit.say(bytes(1_000_000))

    with (
        server(flood) as running,
        open_door(notes, running.url).client("models", "a search", timeout_s=10) as client,
        pytest.raises(NetworkFailed) as failed,
    ):
        client.get(running.url)
    assert failed.value.reason == "bad_answer" and "32 MB" in failed.value.detail
    assert notes.ended[0].outcome == "failed" and notes.ended[0].received < 34 * 1024 * 1024


def test_a_client_takes_no_answer_that_drips(notes: Notes) -> None:
    def drip(visit: Visit) -> None:
        visit.say(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not visit.connection._closed and len(notes.ended) == 0:  # type: ignore[attr-defined]
            visit.say(b".")
            time.sleep(0.02)

    with (
        server(drip) as running,
        open_door(notes, running.url).client("models", "a search", timeout_s=0.2) as client,
        pytest.raises(NetworkFailed) as failed,
    ):
        client.get(running.url)
    assert failed.value.reason == "timed_out"


def test_a_pause_between_two_pieces_is_written_down_as_one(notes: Notes, files: Server) -> None:
    interruption = Interruption()
    door = open_door(notes, files.url)
    with pytest.raises(Interrupted), door.fetch("models", f"{files.url}/file", about="x", interruption=interruption) as answer:
        for _ in answer.chunks(10):
            interruption.interrupt()
    assert (notes.ended[0].outcome, notes.ended[0].reason) == ("done", "interrupted")


# ---------------------------------------------------------------- the lock closes
def test_closing_the_lock_ends_what_runs_and_nothing_is_used_again(notes: Notes) -> None:
    left = threading.Event()

    def endless(visit: Visit) -> None:
        if visit.path == "/short":
            return visit.answer(b"x", connection="keep-alive")
        visit.say(b"HTTP/1.1 200 OK\r\n\r\nfirst")
        if visit.wait_until_left():
            left.set()
        return None

    with server(endless) as running:
        door = open_door(notes, running.url)
        assert content(door, f"{running.url}/short") == b"x"
        with pytest.raises(NetworkRefused) as refused, door.fetch("models", running.url, about="x") as answer:
            chunks = answer.chunks(100)
            assert next(chunks) == b"first"
            door.use(NetworkPolicy(), "none")
            assert left.wait(10), "hung up at once, although nobody was reading"
            next(chunks)
        assert refused.value.reason == "offline" and door.busy_with() == ()
        n_connections = running.n_connections
        assert refusal(door, f"{running.url}/short") == "offline" and running.n_connections == n_connections == 2
    notes.assert_complete()
    assert [(each.outcome, each.reason) for each in notes.ended] == [("done", ""), ("failed", "offline")]


def test_taking_a_host_away_ends_what_it_was_sending(notes: Notes) -> None:
    with server(silence) as running, server(silence) as other:
        door, errors = open_door(notes, running.url, other.url), []

        def fetch(url: str) -> None:
            try:
                content(door, url)
            except (NetworkRefused, Interrupted) as error:
                errors.append(error)

        threads = [threading.Thread(target=fetch, args=(each.url,)) for each in (running, other)]
        for thread in threads:
            thread.start()
        until(lambda: len(running.visits) == len(other.visits) == 1)
        door.use(policy_for(other.url), "none")
        threads[0].join(10)
        assert [error.reason for error in errors] == ["host_not_allowed"] and threads[1].is_alive()
        door.use(NetworkPolicy(), "none")
        threads[1].join(10)
        assert [error.reason for error in errors] == ["host_not_allowed", "offline"]


def test_a_lock_that_closes_while_the_log_is_written_lets_nothing_out(files: Server) -> None:
    class Slow(Notes):
        def begin(self, connection: Connection) -> int:
            if connection.outcome == "open":
                door.use(NetworkPolicy(), "none")
            return super().begin(connection)

    notes = Slow()
    door = open_door(notes, files.url)
    assert refusal(door, f"{files.url}/file") == "offline"
    assert files.n_connections == 0
    notes.assert_complete()


def test_many_threads_and_a_lock_that_opens_and_closes(files: Server) -> None:
    notes, stop, results = Notes(), threading.Event(), []
    door = open_door(notes, files.url)

    def fetch() -> None:
        while not stop.is_set():
            interruption = Interruption()
            try:
                with door.fetch("models", f"{files.url}/same", about="x", interruption=interruption) as answer:
                    for n, piece in enumerate(answer.chunks(50_000)):
                        if n == 3 and len(results) % 5 == 0:
                            interruption.interrupt()
                        results.append(len(piece))
            except (NetworkRefused, NetworkFailed, Interrupted) as error:
                results.append(type(error).__name__)

    threads = [threading.Thread(target=fetch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(25):
        door.use(NetworkPolicy(MODELS, {}), "none")
        door.use(NetworkPolicy(), "none")
        door.use(policy_for(files.url), "none")
        time.sleep(0.03)
    stop.set()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads) and door.busy_with() == ()
    notes.assert_complete()
    assert {"NetworkRefused", "Interrupted"} <= set(results) and "NetworkFailed" not in results


def until(true: object, seconds: float = 10) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


# ---------------------------------------------------------------- texts that were approved
TEXT = '{"messages":"Überraschung 👩‍⚖️"}'.encode()


def for_comparing(notes: Notes, *urls: str) -> NetworkDoor:
    door = NetworkDoor(notes)
    door.use(NetworkPolicy(frozenset({"compare"}), {"compare": frozenset(named(origin_of(url)) for url in urls)}), "none")
    return door


def approve(door: NetworkDoor, url: str, content: bytes = TEXT) -> None:
    door.approvals.approve(url, hashlib.sha256(content).hexdigest())


def post(door: NetworkDoor, url: str, content: object = TEXT, **options: object) -> str:
    """`sent`, or why not."""
    try:
        door.send("compare", "POST", url, {}, content, about="a model", **options).close()  # type: ignore[arg-type]
    except NetworkRefused as refused:
        return refused.reason
    return "sent"


def test_an_approved_text_passes_once_and_byte_for_byte(notes: Notes, files: Server) -> None:
    door, url, left = for_comparing(notes, files.url), f"{files.url}/v1/chat", []
    approve(door, url)
    assert post(door, url, leaving=lambda: left.append(len(files.visits))) == "sent"
    assert [post(door, url), post(door, url)] == ["not_approved"] * 2
    (visit,) = files.visits
    assert visit.body == TEXT and visit.headers["content-length"] == str(len(TEXT))
    assert "transfer-encoding" not in visit.headers and left == [0], "told once, and before it arrived"
    assert [(each.outcome, each.reason, each.method) for each in notes.begun] == [
        ("open", "", "POST"), ("refused", "not_approved", "POST"), ("refused", "not_approved", "POST"),
    ]  # fmt: skip
    notes.assert_complete()


def test_nothing_else_passes_in_its_place(notes: Notes, files: Server) -> None:
    door, url = for_comparing(notes, files.url), f"{files.url}/v1/chat"
    approve(door, url)
    others = [TEXT + b" ", TEXT[:-1], b"", (), [TEXT], iter([TEXT]), bytearray(TEXT), TEXT.decode()]
    assert [post(door, url, other) for other in others] == ["not_approved"] * len(others)
    assert [post(door, files.url + path) for path in ("/v1/chat/", "/v1/chat?x", "/v1", "")] == ["not_approved"] * 4
    for method in ("PUT", "post", "DELETE", "PATCH"):
        with pytest.raises(NetworkRefused, match="not_approved"):
            door.send("compare", method, url, {}, b"other", about="x")
    for method in ("GET", "HEAD"):
        with pytest.raises(NetworkRefused, match="not_approved"):
            door.send("compare", method, url, {}, TEXT, about="x")
    assert files.n_connections == 0
    assert post(door, url) == "sent", "what was approved is still"


def test_a_client_cannot_send_texts(notes: Notes, files: Server) -> None:
    door, url = for_comparing(notes, files.url), f"{files.url}/v1/chat"
    approve(door, url)
    with door.client("compare", "a model", timeout_s=5) as client, pytest.raises(NetworkRefused):
        client.post(url, content=TEXT)
    assert files.n_connections == 0


def test_a_list_of_models_may_be_asked_for(notes: Notes, files: Server) -> None:
    door = for_comparing(notes, files.url)
    headers = {"x-api-key": "secret", "anthropic-version": "2026-10-21", "x-other": "me"}
    with closing(door.send("compare", "GET", f"{files.url}/models", headers, about="x")) as answer:
        assert answer.status == 200 and door.state().sending_to == () and door.busy_with() == ("compare",)
    said = files.visits[0].headers
    assert (said["x-api-key"], said["anthropic-version"], said.get("x-other")) == ("secret", "2026-10-21", None)


def test_a_redirect_takes_no_key_along(notes: Notes, files: Server) -> None:
    with server(behave) as other:
        door = open_door(notes, files.url, other.url)
        url, headers = f"{files.url}/to?{other.url}/file", {"X-Api-Key": "secret", "Authorization": "secret"}
        with door.fetch("models", url, about="x", headers=headers) as answer:
            assert answer.status == 200
        assert files.visits[0].headers["x-api-key"] == "secret"
        assert not {"x-api-key", "authorization"} & set(other.visits[0].headers)


def test_closing_the_lock_clears_what_was_approved(notes: Notes, files: Server) -> None:
    door, url = for_comparing(notes, files.url), f"{files.url}/v1/chat"
    opened = NetworkPolicy(frozenset({"compare"}), {"compare": frozenset({files.url})})
    approve(door, url)
    door.use(opened, "none")
    door.use(NetworkPolicy(MODELS, opened.hosts), "none")
    assert post(door, url) == "offline"
    door.use(opened, "none")
    assert post(door, url) == "not_approved"
    assert files.n_connections == 0


def test_the_state_tells_who_has_an_approved_text(notes: Notes) -> None:
    with server(silence) as running:
        door, ended = for_comparing(notes, running.url), []
        approve(door, f"{running.url}/chat")
        thread = threading.Thread(target=lambda: ended.append(post(door, f"{running.url}/chat")))
        thread.start()
        until(lambda: len(running.visits) == 1)
        assert door.state().sending_to == (running.url,) and door.state().busy_with == ("compare",)
        door.use(NetworkPolicy(), "none")
        thread.join(10)
        assert ended == ["offline"] and door.state().sending_to == ()


def test_a_lock_that_closes_and_opens_while_the_log_is_written_lets_no_text_out(files: Server) -> None:
    class Slow(Notes):
        def begin(self, connection: Connection) -> int:
            if connection.outcome == "open":
                door.use(NetworkPolicy(), "none")
                door.use(NetworkPolicy(frozenset({"compare"}), {"compare": frozenset({files.url})}), "none")
            return super().begin(connection)

    notes = Slow()
    door, left = for_comparing(notes, files.url), []
    approve(door, f"{files.url}/chat")
    assert post(door, f"{files.url}/chat", leaving=lambda: left.append(1)) == "offline"
    assert files.n_connections == 0 and left == [] and door.busy_with() == ()
    notes.assert_complete()


def test_a_log_that_cannot_be_written_lets_no_text_out(notes: Notes, files: Server) -> None:
    door = for_comparing(notes, files.url)
    approve(door, f"{files.url}/chat")
    notes.fails = True
    with pytest.raises(OSError, match="no room"):
        post(door, f"{files.url}/chat")
    assert files.n_connections == 0 and door.busy_with() == ()


def test_the_text_has_not_left_before_it_is_said_to(notes: Notes) -> None:
    """Nothing listens: the connection fails, and what was approved stayed here."""
    with server(behave) as running:
        url = running.url
    door, left = for_comparing(notes, url), []
    approve(door, url)
    with pytest.raises(NetworkFailed, match="no_connection"):
        post(door, url, leaving=lambda: left.append(1))
    assert left == []
