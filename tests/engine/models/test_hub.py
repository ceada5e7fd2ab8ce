"""The hub, asked through the real library and the real door, answered by the hub on the loopback address."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from engine.errors import FileChanged, HubRefused, ModelDamaged, NameRefused, NetworkFailed, NetworkRefused
from engine.model_records import ModelSize, RemoteFile
from engine.models.facts import ModelFacts
from engine.models.hub import Hub
from engine.models.hub_listing import offered
from engine.models.inspection import inspect
from engine.network import Interrupted, Interruption, NetworkDoor
from engine.policy import NetworkPolicy
from tests.engine.models.gguf_files import ARRAY, LLAMA, TENSORS, TEXT, gguf, value
from tests.loopback_files import sha256_of
from tests.loopback_hub import Fault, LoopbackHub, Synthetic
from tests.open_door import MemoryLog, open_door

NAME, FILE = "acme/tiny-GGUF", "tiny.Q4_K_M.gguf"
SMALL = gguf()
TOKEN = "hf_loopback"


class Asked:
    """A hub with a repository, a door that is open to it, and our side of it."""

    def __init__(self, loopback: LoopbackHub) -> None:
        self.loopback = loopback
        self.door, self.log = open_door(loopback.url, loopback.cdn_url, stall_s=3)
        self.kept_token: str | None = None
        self.hub = Hub(self.door, loopback.url, lambda: self.kept_token)

    @property
    def sent(self) -> list[tuple[str, str, str]]:
        return [(request.server, request.method, request.path) for request in self.loopback.requests]

    @property
    def authorized(self) -> list[str]:
        """The servers that saw a token, once for each request that had one."""
        return [request.server for request in self.loopback.requests if "authorization" in request.headers]

    def size(self, name: str = NAME, path: str = FILE) -> ModelSize:
        return next(size for size in self.hub.repository(name).sizes if size.files[0].path == path)


@pytest.fixture
def asked() -> Iterator[Asked]:
    with LoopbackHub(token=TOKEN) as loopback:
        loopback.add(NAME, {FILE: SMALL, "README.md": b"# Tiny"})
        yield Asked(loopback)


@pytest.fixture
def header_folders() -> Iterator[set[Path]]:
    """Whatever happens, no partial header stays behind."""
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("strongroom-header-*"))
    yield before
    assert set(folder.glob("strongroom-header-*")) <= before


# ---------------------------------------------------------------- searching
def test_a_search_is_one_request_with_the_text_and_nothing_else(asked: Asked) -> None:
    asked.loopback.add("acme/other-GGUF", {FILE: SMALL}, licence=None, gated="auto")
    asked.hub.search("  tiny \n model & co ")
    (request,) = asked.loopback.requests
    assert (request.method, request.path) == ("GET", "/api/models")
    assert parse_qs(request.query) == {
        "search": ["tiny model & co"],
        "filter": ["gguf"],
        "sort": ["downloads"],
        "limit": ["40"],
        "expand": ["downloads", "gated", "lastModified", "tags"],
    }
    assert set(request.headers) <= {"host", "accept", "accept-encoding", "user-agent", "connection"}
    assert "python" not in request.headers["user-agent"].lower() and "hf_hub" not in request.headers["user-agent"]


def test_what_a_search_finds_can_be_read(asked: Asked) -> None:
    repository = asked.loopback.add("acme/tiny-gated-GGUF", {FILE: SMALL}, licence="mit", gated="manual")
    repository.n_downloads = 77
    first, second = asked.hub.search("tiny")
    assert first.id == NAME and not first.gated and first.licence is not None and first.licence.id == "Apache-2.0"
    assert second.id == "acme/tiny-gated-GGUF" and second.gated and second.n_downloads == 77
    assert second.licence is not None and second.licence.id == "MIT"
    assert second.updated == datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert asked.hub.search("nothing of the kind") == []


def test_no_more_pages_are_asked_for(asked: Asked) -> None:
    for number in range(5):
        asked.loopback.add(f"acme/tiny-{number}", {FILE: SMALL})
    asked.loopback.fault("/api/models", Fault(headers={"link": f'<{asked.loopback.url}/api/models?cursor=1>; rel="next"'}))
    assert len(asked.hub.search("tiny", limit=3)) == 3
    assert len(asked.hub.search("tiny-1", limit=3)) == 1
    assert len(asked.loopback.requests) == 2


def test_a_text_that_is_too_long_is_cut_and_one_that_is_no_text_is_sent_as_far_as_it_is(asked: Asked) -> None:
    asked.hub.search("x" * 100_000)
    asked.hub.search("\ud800tiny\x00")
    asked.hub.search("   ")
    said = [parse_qs(request.query).get("search", [""])[0] for request in asked.loopback.requests]
    assert said == ["x" * 200, "tiny\x00", ""]


# ---------------------------------------------------------------- looking at a repository
def test_a_repository_is_one_request_and_says_what_can_be_downloaded(asked: Asked) -> None:
    parts = {f"big-Q8_0-{part:05}-of-00002.gguf": bytes([part]) * 100 for part in (1, 2)}
    files = {FILE: SMALL, "mmproj-F16.gguf": b"sees", "imatrix.gguf": b"?", "README.md": b"#", **parts}
    repository = asked.loopback.add(NAME, files, licence="gemma")
    repository.gguf = {"total": 12_345, "architecture": "llama", "context_length": 4096}
    repository.card = {"language": ["en", "de"], "license": "other", "license_name": "gemma"}
    said = asked.hub.repository(NAME)
    assert asked.sent == [("hub", "GET", f"/api/models/{NAME}")]
    assert (said.id, said.commit, said.gated, said.n_files) == (NAME, repository.revision, False, 6)
    assert (said.n_parameters, said.architecture, said.context_length) == (12_345, "llama", 4096)
    assert said.licence is not None and "emma" in said.licence.name and said.languages == ("en", "de")
    assert {size.key: (size.kind, len(size.files), size.n_bytes) for size in said.sizes} == {
        "Q4_K_M": ("smaller", 1, len(SMALL)),
        "Q8_0": ("closest", 2, 200),
    }
    assert all(size.is_confirmed and size.vision and size.vision.sha256 == sha256_of(b"sees") for size in said.sizes)
    assert said.sizes[0].revision == repository.revision
    model = offered(said)
    assert (model.id, model.name, model.publisher, model.sees) == (NAME, "tiny", "acme", True)


def test_four_thousand_files(asked: Asked) -> None:
    asked.loopback.add("acme/many", {f"m{n:04}-Q4_0.gguf": bytes(8) for n in range(4000)})
    assert len(asked.hub.repository("acme/many").sizes) == 4000


def test_a_renamed_repository_is_found_under_its_new_name(asked: Asked) -> None:
    asked.loopback.rename(NAME, "acme/renamed-GGUF")
    said = asked.hub.repository(NAME)
    assert said.id == "acme/renamed-GGUF"
    assert said.sizes[0].repository == "acme/renamed-GGUF"


def test_a_file_that_is_not_kept_as_a_large_file_has_no_checksum(asked: Asked) -> None:
    asked.loopback.add(NAME, {FILE: SMALL}, not_lfs=(FILE,))
    (size,) = asked.hub.repository(NAME).sizes
    assert size.n_bytes == len(SMALL) and size.files[0].sha256 is None and not size.is_confirmed


@pytest.mark.parametrize("name", ["../up", "a/b/c", "a b/c", "a/b?x=1", "a/b#c", "", "/b", "a/", "a/..", "a/b\n", "a\\b", "ä/b"])
def test_a_name_that_is_no_repository_is_not_sent(asked: Asked, name: str) -> None:
    with pytest.raises(NameRefused):
        asked.hub.repository(name)
    with pytest.raises(NameRefused):
        asked.hub.file_url(name, "main", FILE)
    assert asked.loopback.requests == []


def test_a_file_has_its_address_at_the_commit(asked: Asked) -> None:
    url = asked.hub.file_url(NAME, "c" * 40, "a folder/tiny #1.gguf")
    assert url == f"{asked.loopback.url}/{NAME}/resolve/{'c' * 40}/a%20folder/tiny%20%231.gguf"
    for revision, path in [("a/../b", FILE), ("", FILE), ("c" * 40, "../x.gguf"), ("c" * 40, "x\n.gguf")]:
        with pytest.raises(NameRefused):
            asked.hub.file_url(NAME, revision, path)


# ---------------------------------------------------------------- pinning
def test_a_size_of_which_nothing_is_known_gets_commit_length_and_checksum(asked: Asked) -> None:
    size = ModelSize("Q4_K_M", "smaller", NAME, None, (RemoteFile(FILE),))
    found = asked.hub.resolve(size)
    assert found.is_confirmed and found.revision == asked.loopback.repositories[NAME].revision
    assert found.files == (RemoteFile(FILE, len(SMALL), sha256_of(SMALL)),)


def test_a_pinned_commit_is_asked_for_and_not_the_newest_one(asked: Asked) -> None:
    old = asked.size()
    asked.loopback.add(NAME, {FILE: gguf(weight_bytes=50_000)})
    asked.loopback.requests.clear()
    assert asked.hub.resolve(old) == old != asked.size()
    assert asked.sent[0] == ("hub", "GET", f"/api/models/{NAME}/revision/{old.revision}")


def test_a_hub_that_answers_for_another_commit_is_not_believed(asked: Asked) -> None:
    old = asked.size()
    repository = asked.loopback.add(NAME, {FILE: SMALL, "NEWS.md": b"new"})
    repository.older = {str(old.revision): repository}
    with pytest.raises(NetworkFailed) as failed:
        asked.hub.resolve(old)
    assert failed.value.reason == "bad_answer"


@pytest.mark.parametrize(
    "wrong", [RemoteFile(FILE, len(SMALL), "0" * 64), RemoteFile(FILE, 5, None), RemoteFile(FILE, 5, sha256_of(SMALL))]
)
def test_a_file_that_is_not_the_chosen_one_is_told(asked: Asked, wrong: RemoteFile) -> None:
    with pytest.raises(FileChanged) as changed:
        asked.hub.resolve(ModelSize("Q4_K_M", "smaller", NAME, None, (wrong,)))
    assert changed.value.file == FILE
    with pytest.raises(FileChanged):
        asked.hub.resolve(replace(asked.size(), vision=wrong))


def test_a_file_that_is_gone_is_told(asked: Asked) -> None:
    with pytest.raises(HubRefused) as refused:
        asked.hub.resolve(ModelSize("Q8_0", "closest", NAME, None, (RemoteFile("gone.gguf"),)))
    assert refused.value.reason == "not_found"


# ---------------------------------------------------------------- tokens
def test_no_token_is_sent_where_none_is_wanted(asked: Asked) -> None:
    asked.kept_token = TOKEN
    asked.hub.search("tiny")
    asked.hub.resolve(asked.size())
    assert asked.hub.headers(NAME) == {}
    assert asked.authorized == []


def test_a_gated_repository_is_looked_at_without_a_token_and_fetched_with_it(asked: Asked) -> None:
    asked.loopback.add("acme/gated", {FILE: SMALL}, gated="manual")
    assert asked.hub.repository("acme/gated").gated and asked.hub.headers("acme/gated") == {}
    asked.kept_token = TOKEN
    assert asked.hub.headers("acme/gated") == {"authorization": f"Bearer {TOKEN}"}
    assert asked.hub.headers(NAME) == {}
    assert asked.authorized == []


def test_a_private_repository_is_asked_for_again_with_the_token(asked: Asked) -> None:
    asked.loopback.add("acme/private", {FILE: SMALL}, private=True)
    with pytest.raises(HubRefused) as refused:
        asked.hub.repository("acme/private")
    assert refused.value.reason == "not_found"
    asked.kept_token = TOKEN
    assert asked.hub.repository("acme/private").id == "acme/private"
    assert asked.authorized == ["hub"]
    assert asked.hub.headers("acme/private")


def test_after_a_week_the_hub_is_asked_whether_the_token_is_wanted(asked: Asked) -> None:
    asked.loopback.add("acme/gated", {FILE: SMALL}, gated="auto")
    asked.kept_token = TOKEN
    assert asked.hub.headers("acme/gated") and not asked.hub.headers(NAME)
    assert len(asked.loopback.requests) == 2


async def test_the_token_never_reaches_the_host_that_sends_the_files(asked: Asked) -> None:
    asked.loopback.add("acme/gated", {FILE: SMALL}, gated="auto")
    size = await asyncio.to_thread(asked.size, "acme/gated")
    with pytest.raises(HubRefused) as refused:
        await asked.hub.read_header(size)
    assert refused.value.reason == "gated"
    asked.kept_token = TOKEN
    assert isinstance(await asked.hub.read_header(size), ModelFacts)
    assert asked.authorized == ["hub"]
    assert asked.loopback.requests[-1].server == "cdn"


@pytest.mark.parametrize("token", ["", "two\nlines", "hf_ü", "a b", "x" * 5000])
def test_a_token_that_cannot_be_sent_counts_as_none(asked: Asked, token: str) -> None:
    asked.loopback.add("acme/private", {FILE: SMALL}, private=True)
    asked.loopback.add("acme/gated", {FILE: SMALL}, gated="auto")
    asked.kept_token = token
    with pytest.raises(HubRefused):
        asked.hub.repository("acme/private")
    assert asked.hub.repository("acme/gated").gated and asked.hub.headers("acme/gated") == {}
    assert asked.authorized == []


def test_a_token_of_the_environment_or_of_a_file_is_not_used(asked: Asked, tmp_path: Path) -> None:
    """In a process of its own, because the library looks once, at its import."""
    (tmp_path / "token").write_text("hf_from_a_file")
    program = f"""
import sys, threading
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from engine.models.hub import Hub
from tests.open_door import open_door
door, _ = open_door({asked.loopback.url!r})
hub = Hub(door, {asked.loopback.url!r}, lambda: None)
assert hub.search("tiny") and hub.repository({NAME!r}).sizes
assert "hf_xet" not in sys.modules
from huggingface_hub import constants, is_offline_mode
assert constants.HF_HUB_DISABLE_TELEMETRY and constants.HF_HUB_DISABLE_UPDATE_CHECK and constants.HF_HUB_DISABLE_XET
assert constants.HF_HUB_DISABLE_IMPLICIT_TOKEN and not is_offline_mode()
"""
    environment = {**os.environ, "HF_TOKEN": "hf_of_the_environment", "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    environment |= {"HF_ENDPOINT": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "HF_HUB_USER_AGENT_ORIGIN": "spy"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert asked.sent == [("hub", "GET", "/api/models"), ("hub", "GET", f"/api/models/{NAME}")]
    assert asked.authorized == [] and "spy" not in str(asked.loopback.requests)
    assert [path.name for path in tmp_path.iterdir()] == ["token"]  # it keeps nothing on the disk either


# ---------------------------------------------------------------- the lock
def test_a_closed_lock_lets_nothing_out(asked: Asked) -> None:
    asked.door.use(NetworkPolicy(), "none")
    for question in (lambda: asked.hub.search("tiny"), lambda: asked.hub.repository(NAME)):
        with pytest.raises(NetworkRefused) as refused:
            question()
        assert refused.value.reason == "offline"
    assert asked.loopback.requests == []


def test_each_request_is_in_the_log_with_what_it_was_for(asked: Asked) -> None:
    asked.hub.search("a secret plan")
    asked.hub.repository(NAME)
    assert [connection.about for connection in asked.log.begun] == ["search for models", NAME]
    assert "secret" not in str(asked.log.begun)
    assert {connection.outcome for connection in asked.log.ended.values()} == {"done"}


def test_the_library_alone_reaches_nothing(asked: Asked) -> None:
    asked.hub.search("tiny")
    import huggingface_hub

    with pytest.raises(NetworkRefused) as refused:
        huggingface_hub.HfApi(endpoint=asked.loopback.url).model_info(NAME)
    assert refused.value.reason == "no_purpose"
    assert len(asked.loopback.requests) == 1


def test_questions_of_several_threads_do_not_mix(asked: Asked) -> None:
    asked.loopback.add("acme/private", {FILE: SMALL}, private=True)
    asked.kept_token = TOKEN
    errors: list[BaseException] = []

    def ask(number: int) -> None:
        try:
            for _ in range(4):
                asked.hub.repository("acme/private") if number % 2 else asked.hub.search("tiny")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(request.path != "/api/models" for request in asked.loopback.requests if "authorization" in request.headers)


def test_another_hub_after_this_one(asked: Asked) -> None:
    asked.hub.search("tiny")
    with LoopbackHub() as second:
        second.add("other/one", {FILE: SMALL})
        door, _ = open_door(second.url)
        assert [found.id for found in Hub(door, second.url, lambda: None).search("one")] == ["other/one"]
    assert len(asked.loopback.requests) == 1


@pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.1", "huggingface.co", "file:///etc/passwd"])
def test_a_hub_that_is_neither_https_nor_here_is_refused(url: str) -> None:
    door = NetworkDoor(MemoryLog())
    with pytest.raises(NetworkRefused):
        Hub(door, url, lambda: None)


# ---------------------------------------------------------------- headers
async def test_the_header_says_the_same_as_that_of_the_whole_file(
    asked: Asked, tmp_path: Path, starter_model: Path, header_folders: set[Path]
) -> None:
    asked.loopback.add("acme/starter", {FILE: starter_model})
    size = await asyncio.to_thread(asked.size, "acme/starter")
    facts = await asked.hub.read_header(size)
    assert facts == (await inspect([starter_model]))[starter_model]
    assert asked.loopback.bytes_served(f"acme/starter/{FILE}") < 8 << 20 < starter_model.stat().st_size


def long_header(n_words: int) -> bytes:
    words = value(ARRAY, (TEXT, [f"token number {number:09}" for number in range(n_words)]))
    return gguf({**LLAMA, "tokenizer.ggml.tokens": words}, weight_bytes=0)


async def test_a_long_vocabulary_is_fetched_in_growing_steps_without_fetching_twice(
    asked: Asked, header_folders: set[Path]
) -> None:
    header = long_header(250_000)
    n_bytes = 6_000_000_000
    asked.loopback.add("acme/words", {FILE: Synthetic(n_bytes, 3, header, claimed_sha256="a" * 64)})
    size = await asyncio.to_thread(asked.size, "acme/words")
    facts = await asked.hub.read_header(size)
    assert isinstance(facts, ModelFacts) and facts.architecture == "llama" and facts.n_layers == 2
    ranges = [request.range for request in asked.loopback.requests_for(f"acme/words/{FILE}")]
    assert ranges == ["bytes=0-1048575", "bytes=1048576-2097151", "bytes=2097152-4194303", "bytes=4194304-8388607"]
    assert len(header) > 4 << 20


async def test_a_server_without_ranges_is_asked_twice_at_most(asked: Asked, header_folders: set[Path]) -> None:
    asked.loopback.add("acme/words", {FILE: Synthetic(3_000_000_000, 3, long_header(100_000), claimed_sha256="a" * 64)})
    asked.loopback.fault(f"acme/words/{FILE}", Fault(no_ranges=True))
    size = await asyncio.to_thread(asked.size, "acme/words")
    assert isinstance(await asked.hub.read_header(size), ModelFacts)
    assert len(asked.loopback.requests_for(f"acme/words/{FILE}")) == 2
    assert asked.loopback.bytes_served(f"acme/words/{FILE}") < 60 << 20


async def test_the_parts_of_a_split_model_are_read_together(asked: Asked, header_folders: set[Path]) -> None:
    whole = gguf()
    first = gguf(tensors=TENSORS[:1])
    second = gguf({"split.no": value(4, 1)}, [(TENSORS[1][0], TENSORS[1][1], TENSORS[1][2])])
    asked.loopback.add("acme/split", {"t-F16-00001-of-00002.gguf": first, "t-F16-00002-of-00002.gguf": second, FILE: whole})
    together = await asked.hub.read_header(await asyncio.to_thread(asked.size, "acme/split", "t-F16-00001-of-00002.gguf"))
    assert together == await asked.hub.read_header(await asyncio.to_thread(asked.size, "acme/split"))
    assert together.n_parameters == 64 * 3 + 64 * 128


async def test_the_header_of_a_catalogue_size_without_a_commit(asked: Asked) -> None:
    facts = await asked.hub.read_header(ModelSize("Q4_K_M", "smaller", NAME, None, (RemoteFile(FILE),)))
    assert facts.architecture == "llama"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"<html>" * 1000, "not_a_gguf"), (gguf(weight_bytes=5), "truncated"), (gguf()[:100], "truncated"), (b"", "truncated")],
)
async def test_a_file_that_is_no_sound_model_is_told(
    asked: Asked, content: bytes, reason: str, header_folders: set[Path]
) -> None:
    asked.loopback.add("acme/broken", {FILE: content})
    size = ModelSize("Q4_K_M", "smaller", "acme/broken", asked.loopback.repositories["acme/broken"].revision, (RemoteFile(FILE),))
    if not content:
        with pytest.raises(NetworkFailed):
            await asked.hub.read_header(size)
        return
    with pytest.raises(ModelDamaged) as damaged:
        await asked.hub.read_header(size)
    assert damaged.value.reason == reason and damaged.value.model == FILE


async def test_reading_a_header_can_be_stopped(asked: Asked, header_folders: set[Path]) -> None:
    size = await asyncio.to_thread(asked.size)
    asked.loopback.fault(f"{NAME}/{FILE}", Fault(stall_after=10))
    interruption = Interruption()
    reading = asyncio.create_task(asked.hub.read_header(size, interruption))
    while not asked.loopback.requests_for(f"{NAME}/{FILE}"):
        await asyncio.sleep(0.01)
    interruption.interrupt()
    with pytest.raises(Interrupted):
        await reading


async def test_a_cancelled_reading_leaves_nothing_behind(asked: Asked, header_folders: set[Path]) -> None:
    size = await asyncio.to_thread(asked.size)
    asked.loopback.fault(f"{NAME}/{FILE}", Fault(stall_after=10))
    reading = asyncio.create_task(asked.hub.read_header(size))
    while not asked.loopback.requests_for(f"{NAME}/{FILE}"):
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert set(Path(tempfile.gettempdir()).glob("strongroom-header-*")) <= header_folders
    assert "timed_out" not in {connection.reason for connection in asked.log.ended.values()}  # it was ended, not waited for
