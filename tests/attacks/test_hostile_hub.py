"""A hub that lies, breaks, or wants more than it should have. Nothing but Strongroom's own errors comes out."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import (
    FileChanged,
    FileUnfit,
    HubRefused,
    ModelDamaged,
    NetworkError,
    NetworkFailed,
    NetworkRefused,
    StrongroomError,
)
from engine.model_records import ModelSize, RemoteFile
from engine.models import gguf as parser
from engine.models import inspect_worker
from engine.models.hub import Hub
from engine.models.hub_listing import HubListing
from tests.engine.models.gguf_files import ARRAY, LLAMA, TEXT, gguf, text, value
from tests.loopback_answers import found_json, repository_json
from tests.loopback_hub import Fault, LoopbackHub, Synthetic
from tests.open_door import open_door

NAME, FILE = "acme/tiny-GGUF", "tiny.Q4_K_M.gguf"
SEARCH, LOOK = "/api/models", f"/api/models/{NAME}"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackHub]:
    with LoopbackHub() as loopback:
        yield loopback


@pytest.fixture
def loopback(server: LoopbackHub) -> LoopbackHub:
    server.heal()
    server.repositories.clear()
    server.requests.clear()
    server.add(NAME, {FILE: gguf(), "README.md": b"#"})
    return server


@pytest.fixture
def hub(loopback: LoopbackHub) -> Hub:
    door, _ = open_door(loopback.url, loopback.cdn_url, connect_s=2, stall_s=0.5)
    return Hub(door, loopback.url, lambda: None, timeout_s=0.5)


@pytest.fixture(autouse=True)
def only_the_worker_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed_here(*_: object) -> None:
        raise AssertionError("a header was parsed outside the sealed worker")

    monkeypatch.setattr(parser, "read_header", parsed_here)
    monkeypatch.setattr(inspect_worker, "read_header", parsed_here)


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Iterator[None]:
    def folders() -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("strongroom-header-*"))

    before = folders()
    yield
    assert folders() <= before


def size(loopback: LoopbackHub, name: str = NAME, n_bytes: int | None = None) -> ModelSize:
    return ModelSize("Q4_K_M", "smaller", name, loopback.repositories[name].revision, (RemoteFile(FILE, n_bytes),))


# ---------------------------------------------------------------- answers that are none
NONSENSE = [
    b"", b"null", b"{}", b"[1, 2]", b'"text"', b"<html>Sign in to the hotel</html>", b"\x00\xff\xfe", b'{"id": 5}', b"[[[[]]]]",
    b"[" * 200_000, b'{"a":' * 200_000, b'{"id":' + b"9" * 5000 + b"}", b'[{"id": null}]',
    b'[{"id": "a/b", "lastModified": "soon"}]',
    b'{"id": "acme/tiny-GGUF"}', b'{"id": "acme/tiny-GGUF", "sha": "main", "siblings": []}', b'[{"id": "a/b", "self": 1}]',
    b'{"id": "acme/tiny-GGUF", "sha": "%s", "siblings": [null]}' % (b"a" * 40),
    b'{"id": "acme/tiny-GGUF", "sha": "%s", "siblings": {"a": 1}}' % (b"a" * 40),
    b'{"id": "acme/tiny-GGUF", "sha": "%s", "siblings": [{"rfilename": "a.gguf", "lfs": "x"}]}' % (b"a" * 40),
    b'{"id": "acme/tiny-GGUF", "sha": "%s", "cardData": {"model-index": [1]}, "siblings": []}x' % (b"a" * 40),
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_a_bad_answer(loopback: LoopbackHub, hub: Hub, body: bytes) -> None:
    loopback.fault(SEARCH, Fault(body=body, headers=JSON))
    loopback.fault(LOOK, Fault(body=body, headers=JSON))
    try:
        assert hub.search("tiny") == []
    except NetworkFailed as error:
        assert error.reason == "bad_answer"
    with pytest.raises(NetworkFailed) as failed:
        hub.repository(NAME)
    assert failed.value.reason == "bad_answer" and len(loopback.requests) == 2


def test_a_web_page_is_a_bad_answer(loopback: LoopbackHub, hub: Hub) -> None:
    loopback.fault(LOOK, Fault(body=b"{}", headers={"content-type": "text/html"}))
    with pytest.raises(NetworkFailed):
        hub.repository(NAME)


def test_an_answer_without_an_end_is_cut_off(loopback: LoopbackHub, hub: Hub) -> None:
    loopback.fault(SEARCH, Fault(body=b"[" + b" " * (40 << 20) + b"]", headers=JSON))
    with pytest.raises(NetworkFailed) as failed:
        hub.search("tiny")
    assert failed.value.reason == "bad_answer"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | st.just("x" * 5000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def spoiled(draw: st.DrawFn, original: Any) -> Any:
    """The answer of a sound hub with junk in one to three places."""
    answer = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = answer
        while True:
            key = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            place[key] = draw(JUNK)
            break
        if not isinstance(answer, dict | list) or not answer:
            break
    return answer


def sound_answers() -> tuple[Any, Any]:
    with LoopbackHub() as made:
        repository = made.add(NAME, {FILE: b"x", "mmproj-F16.gguf": b"y", "README.md": b"#"}, gated="auto")
        repository.gguf = {"total": 5, "architecture": "llama", "context_length": 4096}
        repository.card = {"language": ["en"], "license": "other", "license_name": "gemma", "model-index": []}
        return [found_json(repository, [])], repository_json(repository, with_files=True, with_sizes=True)


FOUND, LOOKED_AT = sound_answers()


@settings(max_examples=60)
@given(st.data())
def test_any_junk_in_an_answer_is_left_out_or_told(server: LoopbackHub, data: st.DataObject) -> None:
    door, _ = open_door(server.url)
    hub = Hub(door, server.url, lambda: None, timeout_s=5)
    server.add(NAME, {FILE: b"x"})
    for path, original, ask in ((SEARCH, FOUND, hub.search), (LOOK, LOOKED_AT, hub.repository)):
        body = json.dumps(data.draw(spoiled(original))).encode()
        server.fault(path, Fault(body=body, headers=JSON))
        try:
            said: Any = ask("tiny" if path == SEARCH else NAME)
        except NetworkFailed as error:
            assert error.reason == "bad_answer"
            continue
        if isinstance(said, HubListing):
            for offered in said.sizes:
                assert offered.n_bytes is None or 0 < offered.n_bytes < 1 << 50
                assert all(file.sha256 is None or len(file.sha256) == 64 for file in offered.files)
            said = [said]
        for each in said:
            assert isinstance(each.gated, bool) and each.n_downloads >= 0 and all(tag.isprintable() for tag in each.tags)
    server.heal()


def test_sizes_and_checksums_that_are_none_are_unknown(loopback: LoopbackHub, hub: Hub) -> None:
    wrong = [("a", -5, "z" * 64), ("b", 1 << 60, "A" * 64), ("c", True, "0" * 63), ("d", 1.5, 7), ("e", None, None)]
    siblings = [
        {"rfilename": f"{name}-Q4_0.gguf", "size": n_bytes, "lfs": {"size": n_bytes, "sha256": sha256, "pointerSize": 1}}
        for name, n_bytes, sha256 in wrong
    ]
    loopback.fault(LOOK, Fault(body=json.dumps({**LOOKED_AT, "siblings": siblings}).encode(), headers=JSON))
    sizes = hub.repository(NAME).sizes
    assert len(sizes) == 5
    assert all(offered.files[0] == RemoteFile(offered.files[0].path) and not offered.is_confirmed for offered in sizes)


def test_hostile_names_take_no_part(loopback: LoopbackHub, hub: Hub) -> None:
    names = [
        "../x-Q4_0.gguf",
        "/x-Q4_0.gguf",
        "C:\\x-Q4_0.gguf",
        "x-Q4_0\x1b[2J.gguf",
        "CON.gguf",
        "n" * 300 + ".gguf",
        "sound-Q8_0.gguf",
    ]
    siblings = [{"rfilename": name, "size": 5} for name in names]
    tags = ["gguf", "\x1b]0;owned\x07", "license:mit", 5, "y" * 5000]
    loopback.fault(LOOK, Fault(body=json.dumps({**LOOKED_AT, "siblings": siblings, "tags": tags}).encode(), headers=JSON))
    said = hub.repository(NAME)
    assert [offered.key for offered in said.sizes] == ["Q8_0"]
    assert said.tags == ("gguf", "license:mit")


def test_repositories_with_hostile_names_are_not_found(loopback: LoopbackHub, hub: Hub) -> None:
    found = [{"id": name, "tags": []} for name in ["../../etc", "a/b/c", "\x1b[2J/x", "a b", "sound/one", 5, "x" * 500]]
    loopback.fault(SEARCH, Fault(body=json.dumps(found).encode(), headers=JSON))
    assert [each.id for each in hub.search("x")] == ["sound/one"]


# ---------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("fault", "reason", "retry_after_s"),
    [
        (Fault(status=401, headers={"x-error-code": "GatedRepo"}), "gated", None),
        (Fault(status=401, headers={"x-error-code": "RepoNotFound"}), "not_found", None),
        (Fault(status=401), "gated", None),
        (Fault(status=403), "gated", None),
        (Fault(status=403, headers={"x-error-message": "Access to this resource is disabled."}), "gated", None),
        (Fault(status=404), "not_found", None),
        (Fault(status=404, headers={"x-error-code": "RevisionNotFound"}), "not_found", None),
        (Fault(status=429, retry_after="17"), "rate_limited", 17.0),
        (Fault(status=429, retry_after="Sun, 06 Nov 1994 08:49:37 GMT"), "rate_limited", 0.0),
        (Fault(status=429, retry_after="whenever"), "rate_limited", None),
        (Fault(status=429), "rate_limited", None),
        (Fault(status=500), "server_error", None),
        (Fault(status=503, retry_after="3"), "rate_limited", 3.0),
        (Fault(status=504, body=b"x" * 100_000), "server_error", None),
        (Fault(status=400), "unexpected", None),
        (Fault(status=418), "unexpected", None),
    ],
)
def test_a_refusal_is_told_at_once_and_not_repeated(
    loopback: LoopbackHub, hub: Hub, fault: Fault, reason: str, retry_after_s: float | None
) -> None:
    for path, ask in ((SEARCH, lambda: hub.search("tiny")), (LOOK, lambda: hub.repository(NAME))):
        loopback.requests.clear()
        loopback.fault(path, fault)
        with pytest.raises(HubRefused) as refused:
            ask()
        assert (refused.value.reason, refused.value.status, refused.value.retry_after_s) == (reason, fault.status, retry_after_s)
        assert refused.value.host == "127.0.0.1" and len(loopback.requests) == 1


def test_a_refused_token_is_told(loopback: LoopbackHub) -> None:
    door, _ = open_door(loopback.url)
    hub = Hub(door, loopback.url, lambda: "hf_wrong")
    loopback.fault(LOOK, Fault(status=401))
    with pytest.raises(HubRefused) as refused:
        hub.repository(NAME)
    assert refused.value.reason == "token_refused" and len(loopback.requests) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault(drop_after=3),
        Fault(truncate_at=3),
        Fault(wrong_length=5),
        Fault(stall_after=3),
        Fault(stall_before_answer=True),
        Fault(gzip=True),
    ],
)
def test_a_broken_connection_is_told_and_not_repeated(loopback: LoopbackHub, hub: Hub, fault: Fault) -> None:
    loopback.fault(LOOK, fault)
    with pytest.raises(NetworkFailed):
        hub.repository(NAME)
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304])
def test_a_status_that_is_no_answer_is_a_bad_answer(loopback: LoopbackHub, hub: Hub, status: int) -> None:
    loopback.fault(LOOK, Fault(status=status, body=b""))
    with pytest.raises(NetworkError):
        hub.repository(NAME)


# ---------------------------------------------------------------- other hosts
def test_a_redirect_to_another_host_is_refused_by_the_door(loopback: LoopbackHub, hub: Hub) -> None:
    with LoopbackHub() as elsewhere:
        loopback.fault(LOOK, Fault(redirect_to=f"{elsewhere.url}/"))
        with pytest.raises(NetworkRefused) as refused:
            hub.repository(NAME)
        assert refused.value.reason == "host_not_allowed" and elsewhere.requests == []


def test_what_the_host_of_the_files_says_of_a_repository_does_not_count(loopback: LoopbackHub) -> None:
    door, _ = open_door(loopback.url, loopback.cdn_url)
    hub = Hub(door, loopback.url, lambda: loopback.token)
    loopback.add("api/models", {NAME: json.dumps(LOOKED_AT).encode()})
    loopback.fault(f"api/models/{NAME}", Fault(headers=JSON))
    loopback.fault(LOOK, Fault(status=401, times=1), Fault(redirect_to=f"{loopback.cdn_url}/"))
    with pytest.raises(NetworkFailed) as failed:
        hub.repository(NAME)
    assert failed.value.reason == "bad_answer"
    assert [request.server for request in loopback.requests if "authorization" in request.headers] == ["hub"]
    assert loopback.requests[-1].server == "cdn" and loopback.requests[-1].status == 200


def test_redirects_in_a_circle_end(loopback: LoopbackHub, hub: Hub) -> None:
    loopback.fault(LOOK, Fault(redirect_to=f"{loopback.url}{LOOK}"))
    with pytest.raises(NetworkFailed):
        hub.repository(NAME)
    assert len(loopback.requests) < 10


def test_nothing_that_could_recognize_somebody_is_sent_back(
    loopback: LoopbackHub, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    marks = {**JSON, "set-cookie": "who=you; Path=/", "etag": '"you"', "x-request-id": "you", "x-hf-warning": "update; now!"}
    loopback.fault(SEARCH, Fault(headers=marks))
    with caplog.at_level(logging.WARNING):
        hub.search("tiny")
        hub.search("tiny")
    first, second = (request.headers for request in loopback.requests)
    assert first == second and "you" not in str(second)
    assert caplog.records == []


def test_what_a_hub_says_is_not_printed(loopback: LoopbackHub, hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    """In its own words the library would warn of a card like this one, with all its content."""
    card = {"model-index": [{"name": "\x1b[2Jowned", "results": 5}], "license": "\x1b[2J", "eval_results": "\x1b[2J"}
    loopback.fault(LOOK, Fault(body=json.dumps({**LOOKED_AT, "cardData": card}).encode(), headers=JSON))
    assert hub.repository(NAME).id == NAME
    out, err = capfd.readouterr()
    assert out == "" and "owned" not in err and "\x1b" not in err


# ---------------------------------------------------------------- headers
HOSTILE_HEADERS = {
    "more keys than anybody has": gguf(n_keys=1 << 60),
    "more tensors than anybody has": gguf(n_tensors=1 << 60),
    "a text as long as memory": gguf({**LLAMA, "general.name": b"\x08\x00\x00\x00" + (1 << 62).to_bytes(8, "little")}),
    "a list as long as memory": gguf({**LLAMA, "x": b"\x09\x00\x00\x00\x04\x00\x00\x00" + (1 << 62).to_bytes(8, "little")}),
    "lists in lists": gguf({**LLAMA, "x": b"\x09\x00\x00\x00" + b"\x09\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" * 5000}),
    "a tensor beyond numbers": gguf(tensors=[("a", (1 << 62, 1 << 62), 0)]),
    "not a model": b"MZ" + bytes(5000),
    "another version": gguf(version=99),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE_HEADERS.values(), ids=HOSTILE_HEADERS.keys())
async def test_a_hostile_header_is_a_damaged_model(loopback: LoopbackHub, hub: Hub, content: bytes) -> None:
    loopback.add("acme/evil", {FILE: content})
    with pytest.raises(ModelDamaged):
        await hub.read_header(size(loopback, "acme/evil"))


async def test_a_header_without_an_end_is_given_up(loopback: LoopbackHub, hub: Hub) -> None:
    """A list of eight million texts, which says at every point that there is more to come."""
    endless = gguf({"a": value(TEXT, "b")}, n_keys=2)[: 24 + len(text("a") + value(TEXT, "b"))] + text("words")
    endless += b"\x09\x00\x00\x00\x08\x00\x00\x00" + (8 << 20).to_bytes(8, "little") + text("a word of some length ") * (3 << 20)
    loopback.add("acme/endless", {FILE: Synthetic(5_000_000_000, head=endless, claimed_sha256="a" * 64)})
    with pytest.raises(FileUnfit) as unfit:
        await hub.read_header(size(loopback, "acme/endless", 5_000_000_000))
    assert unfit.value.reason == "too_large"
    assert loopback.bytes_served(f"acme/endless/{FILE}") <= 64 << 20


async def test_tensors_beyond_the_end_of_the_file_are_told_from_its_beginning(loopback: LoopbackHub, hub: Hub) -> None:
    loopback.add("acme/short", {FILE: Synthetic(20 << 20, head=gguf(tensors=[("a", (1 << 30,), 0)]))})
    with pytest.raises(ModelDamaged) as damaged:
        await hub.read_header(size(loopback, "acme/short", 20 << 20))
    assert damaged.value.reason == "truncated" and loopback.bytes_served(f"acme/short/{FILE}") <= 1 << 20


async def test_a_server_without_ranges_does_not_make_us_fetch_gigabytes(loopback: LoopbackHub, hub: Hub) -> None:
    words = value(ARRAY, (TEXT, ["a word of some length"] * 1_500_000))
    loopback.add("acme/words", {FILE: Synthetic(5_000_000_000, head=gguf({**LLAMA, "x": words}), claimed_sha256="a" * 64)})
    loopback.fault(f"acme/words/{FILE}", Fault(no_ranges=True))
    with pytest.raises(NetworkFailed) as failed:
        await hub.read_header(size(loopback, "acme/words", 5_000_000_000))
    assert failed.value.reason == "bad_answer" and len(loopback.requests_for(f"acme/words/{FILE}")) == 2
    assert loopback.bytes_served(f"acme/words/{FILE}") < 80 << 20


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(wrong_range=7), NetworkFailed),
        (Fault(gzip=True), NetworkFailed),
        (Fault(truncate_at=100), NetworkFailed),
        (Fault(drop_after=100), NetworkFailed),
        (Fault(stall_after=100), NetworkFailed),
        (Fault(body=b"", headers={"content-type": "text/html"}), NetworkFailed),
        (Fault(body=b"<html>", headers={"content-type": "text/html"}), NetworkFailed),
        (Fault(content=b"GGUF" + bytes(10)), FileChanged),
        (Fault(status=503), HubRefused),
        (Fault(status=403), HubRefused),
        (Fault(redirect_to="http://127.0.0.1:9/"), NetworkRefused),
    ],
)
async def test_a_header_that_does_not_come_is_told(
    loopback: LoopbackHub, hub: Hub, fault: Fault, error: type[StrongroomError]
) -> None:
    chosen = size(loopback, n_bytes=len(gguf()))
    loopback.fault(f"{NAME}/{FILE}", fault)
    with pytest.raises(error):
        await hub.read_header(chosen)


async def test_a_header_that_breaks_its_worker_is_a_damaged_model(
    loopback: LoopbackHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a million texts that are kept take more memory than the worker gets, when it gets very little."""
    monkeypatch.setattr("engine.models.inspection.MEMORY_LIMIT", 40 << 20)
    keys = {f"key number {number}": value(TEXT, "x" * 900) for number in range(60_000)}
    loopback.add("acme/big", {FILE: gguf(keys)})
    with pytest.raises(StrongroomError) as error:
        await hub.read_header(size(loopback, "acme/big"))
    assert error.value.kind in ("model_damaged", "worker_died")


async def test_many_headers_at_once(loopback: LoopbackHub, hub: Hub) -> None:
    facts = await asyncio.gather(*(hub.read_header(size(loopback)) for _ in range(4)))
    assert {fact.architecture for fact in facts} == {"llama"}
