"""One request of a download: what an answer means, and whether it is any use to ask again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileChanged, HubRefused, NetworkFailed, NetworkRefused, StrongroomError
from engine.models.fetch import Patience, Wanted, may_pass, opened
from engine.network import Interrupted, Interruption, NetworkDoor
from tests.engine.models.downloading import MIB, REPOSITORY, open_door
from tests.loopback_hub import Fault, LoopbackHub

FILE = "tiny.gguf"
SERVED = f"{REPOSITORY}/{FILE}"


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: (MIB, 7)})
        yield hub


def wanted(hub: LoopbackHub, **known: object) -> Wanted:
    stands = hub.repositories[REPOSITORY]
    url = f"{hub.url}/{REPOSITORY}/resolve/{stands.revision}/{FILE}"
    told = Wanted(url, "Tiny", FILE, stands.revision, {}, MIB, stands.files[FILE].sha256)
    return replace(told, **known)  # type: ignore[arg-type]


def read(hub: LoopbackHub, start: int = 0, end: int | None = None, *, door: NetworkDoor | None = None, **known: object) -> bytes:
    with opened(door or open_door(hub), wanted(hub, **known), start, end, Interruption()) as body:
        return b"".join(body.chunks(1000))


def test_the_bytes_that_were_asked_for(hub: LoopbackHub):
    whole = read(hub)
    assert len(whole) == MIB
    assert read(hub, 1000) == whole[1000:] and read(hub, 1000, 5000) == whole[1000:5000]
    assert read(hub, n_bytes=None) == whole


def test_another_length_in_a_range_or_beyond_its_end_is_another_file(hub: LoopbackHub):
    for start in (0, 1000, MIB):
        with pytest.raises(FileChanged):
            read(hub, start, n_bytes=MIB + 1)
    with pytest.raises(NetworkFailed, match="no such range"):
        read(hub, MIB)


def test_another_commit_is_another_file(hub: LoopbackHub):
    hub.fault(SERVED, Fault(headers={"x-repo-commit": "f" * 40}))
    with pytest.raises(FileChanged):
        read(hub)
    hub.fault(SERVED, Fault(headers={"x-repo-commit": hub.repositories[REPOSITORY].revision}))
    assert len(read(hub)) == MIB


def test_without_a_checksum_the_tag_tells_versions_apart(hub: LoopbackHub):
    tag = f'"{hub.repositories[REPOSITORY].files[FILE].sha256}"'
    assert len(read(hub, 1000, sha256=None, etag=tag)) == MIB - 1000
    assert hub.requests[-1].headers["if-range"] == tag
    with opened(open_door(hub), wanted(hub, sha256=None, etag='"of before"'), 1000, None, Interruption()) as body:
        assert body.start == 0  # the server found that out and sends everything
    hub.fault(SERVED, Fault(headers={"etag": '"new"'}))
    with pytest.raises(FileChanged):
        read(hub, 1000, sha256=None, etag=tag)
    read(hub, 1000, etag=tag)  # with a checksum nobody depends on tags, which change with the store behind them
    assert "if-range" not in hub.requests[-1].headers


@pytest.mark.parametrize("said", ["", "bytes 0-5", "bytes x-y/z", "bytes 0-99/100", "pages 1000-2000/3000"])
def test_a_range_that_is_none_is_not_believed(hub: LoopbackHub, said: str):
    hub.fault(SERVED, Fault(headers={"content-range": said}, status=206, body=b"x" * 100))
    with pytest.raises(NetworkFailed, match="another range"):
        read(hub, 1000)


@pytest.mark.parametrize(
    ("fault", "reason", "passes"),
    [
        (Fault(status=401), "gated", False),
        (Fault(status=401, headers={"x-error-code": "GatedRepo"}), "gated", False),
        (Fault(status=403), "gated", False),
        (Fault(status=404), "not_found", False),
        (Fault(status=418), "unexpected", False),
        (Fault(status=429, retry_after="7"), "rate_limited", True),
        (Fault(status=500), "server_error", True),
        (Fault(status=503, retry_after="7"), "rate_limited", True),
    ],
)
def test_what_a_status_means(hub: LoopbackHub, fault: Fault, reason: str, passes: bool):
    hub.fault(SERVED, fault)
    with pytest.raises(HubRefused) as refused:
        read(hub)
    assert (refused.value.reason, refused.value.status) == (reason, fault.status)
    assert may_pass(refused.value) == passes
    assert refused.value.retry_after_s == (7 if fault.retry_after else None)


def test_a_stalled_answer_is_left_at_once_when_somebody_asks_for_it(hub: LoopbackHub):
    hub.fault(SERVED, Fault(stall_after=1000))
    interruption = Interruption()
    threading.Timer(0.1, interruption.interrupt).start()
    with pytest.raises(Interrupted), opened(open_door(hub), wanted(hub), 0, None, interruption) as body:
        for _ in body.chunks(1000):
            pass


@given(st.integers(1, 20), st.one_of(st.none(), st.floats(0, 700)))
def test_waiting_grows_and_has_an_end(n_failed, asked):
    patience = Patience()
    error = HubRefused("hub", "rate_limited", 429, retry_after_s=asked)
    wait = patience.wait_s(error, n_failed)
    if n_failed >= patience.tries or (asked or 0) > patience.longest_asked_s:
        assert wait is None
    else:
        assert wait is not None and wait >= (asked or 0)
        assert wait <= max(patience.longest_s, asked or 0)


@pytest.mark.parametrize(
    "error",
    [
        NetworkRefused("models", "hub", "offline"),
        NetworkFailed("hub", "tls"),
        NetworkFailed("hub", "proxy"),
        FileChanged("x.gguf", "hub"),
    ],
)
def test_what_cannot_pass_is_not_tried_again(error: StrongroomError):
    assert Patience().wait_s(error, 1) is None
