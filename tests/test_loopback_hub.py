"""The hub that other tests are shown is itself right: it serves what it was given, and its faults are what they say."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.loopback_files import served, sha256_of
from tests.loopback_hub import Fault, LoopbackHub

NAME, FILE = "acme/tiny", "tiny-Q4_0.gguf"
KEY = f"{NAME}/{FILE}"
N_BYTES = 3_000_000
CONTENT = b"".join(served((N_BYTES, 7)).read(0, N_BYTES))


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as loopback:
        loopback.add(NAME, {FILE: (N_BYTES, 7)})
        yield loopback


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request; redirects are followed to wherever they lead."""
    place = urlsplit(url)
    with closing(http.client.HTTPConnection(place.netloc, timeout=1)) as connection:
        connection.request("GET", f"{place.path}?{place.query}", headers=headers)
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
    return get(said["location"], **headers) if answer.status in (302, 307) else (answer.status, said, body)


def file_url(hub: LoopbackHub, revision: str = "main") -> str:
    return f"{hub.url}/{NAME}/resolve/{revision}/{FILE}"


def test_a_file_comes_from_the_other_server_and_is_the_published_one(hub: LoopbackHub) -> None:
    status, said, body = get(file_url(hub))
    assert (status, body) == (200, CONTENT) and said["etag"] == f'"{sha256_of(CONTENT)}"'
    assert [request.server for request in hub.requests] == ["hub", "cdn"]
    assert hub.bytes_served(KEY) == N_BYTES


def test_any_stretch_is_the_same_bytes(hub: LoopbackHub) -> None:
    for start, end in [(0, 1), (5, 1_500_000), (1_048_570, 1_048_590), (2_999_999, 3_000_000)]:
        status, said, body = get(file_url(hub), Range=f"bytes={start}-{end - 1}")
        assert (status, body) == (206, CONTENT[start:end]) and said["content-range"] == f"bytes {start}-{end - 1}/{N_BYTES}"
    assert get(file_url(hub), Range=f"bytes={N_BYTES}-")[0] == 416
    assert get(file_url(hub), **{"Range": "bytes=5-", "If-Range": '"another"'})[0] == 200


def test_an_older_commit_keeps_its_files(hub: LoopbackHub) -> None:
    old = hub.repositories[NAME].revision
    hub.add(NAME, {FILE: b"new"})
    assert get(file_url(hub, old))[2] == CONTENT and get(file_url(hub))[2] == b"new"
    assert get(file_url(hub, "f" * 40))[0] == 404


def test_faults_are_what_they_say_and_end_when_they_say(hub: LoopbackHub) -> None:
    hub.fault(KEY, Fault(no_ranges=True, times=1), Fault(wrong_range=7, times=1, skip=1), Fault(content=b"another", times=1))
    assert get(file_url(hub), Range="bytes=5-")[0] == 200
    assert get(file_url(hub), Range="bytes=5-")[1]["content-range"].startswith("bytes 5-")
    assert get(file_url(hub), Range="bytes=5-")[1]["content-range"].startswith("bytes 12-")
    assert get(file_url(hub))[2] == b"another"
    assert get(file_url(hub))[2] == CONTENT
    hub.fault(KEY, Fault(status=429, retry_after="9", times=1), Fault(gzip=True))
    assert get(file_url(hub))[1]["retry-after"] == "9"
    assert get(file_url(hub))[1]["content-encoding"] == "gzip"
    hub.heal()
    assert get(file_url(hub))[2] == CONTENT


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        (Fault(truncate_at=9), http.client.IncompleteRead),
        (Fault(wrong_length=9), http.client.IncompleteRead),
        (Fault(drop_after=9), ConnectionResetError),
        (Fault(stall_after=9), TimeoutError),
        (Fault(stall_before_answer=True), TimeoutError),
    ],
)
def test_broken_answers_are_broken_as_they_say(hub: LoopbackHub, fault: Fault, broken: type[Exception]) -> None:
    hub.fault(KEY, fault)
    if fault.drop_after is not None:  # enough that the reset overtakes what was read ahead
        hub.fault(KEY, Fault(drop_after=2_000_000))
    with pytest.raises((broken, http.client.IncompleteRead) if broken is ConnectionResetError else broken):
        get(file_url(hub))


def test_gated_and_private_repositories_want_the_token(hub: LoopbackHub) -> None:
    hub.add(NAME, {FILE: b"x"}, gated="auto")
    assert get(file_url(hub))[0] == 401
    assert get(file_url(hub), Authorization="Bearer wrong")[0] == 403
    assert get(file_url(hub), Authorization=f"Bearer {hub.token}")[2] == b"x"
    assert get(f"{hub.url}/api/models/{NAME}")[0] == 200


def test_closing_ends_connections_that_wait() -> None:
    with LoopbackHub() as other:
        other.fault("/", Fault(stall_before_answer=True))
        waiting = socket.create_connection(("127.0.0.1", urlsplit(other.url).port or 0), timeout=5)
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        while not other.requests:
            time.sleep(0.001)
    with waiting:
        assert waiting.recv(1) == b""
