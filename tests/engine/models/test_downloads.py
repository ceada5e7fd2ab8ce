"""Downloads from a loopback hub into a real folder: what arrives, what is kept, what is told, and what never happens."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import AlreadyRunning, FolderUnwritable, NameRefused, NetworkRefused, NoRoom, NotFound
from engine.model_events import DownloadRemoved
from engine.model_records import ModelSize, RemoteFile
from engine.models import disk_errors, durable, provenance
from engine.models.fetch import Patience
from engine.network_records import Purpose
from engine.policy import NetworkPolicy
from tests.engine.models.downloading import FILE, MIB, REPOSITORY, Stage, names, offer, size_of
from tests.loopback_hub import Fault, LoopbackHub

N_BYTES = 12 * MIB + 5
SERVED = f"{REPOSITORY}/{FILE}"
CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: (N_BYTES, 7), "other.gguf": (3 * MIB, 8), "third.gguf": (3 * MIB, 9)})
        yield hub


@pytest.fixture
async def stage(hub: LoopbackHub, tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(hub, tmp_path / "library")
    yield stage
    await stage.downloads.close()


def assert_sound(library: Path, name: str, sha256: str | None) -> None:
    assert hashlib.sha256((library / name).read_bytes()).hexdigest() == sha256


async def test_a_file_arrives_verified_with_its_origin_and_nothing_else_is_fetched(hub: LoopbackHub, stage: Stage):
    size = size_of(hub, FILE)
    done = await stage.fetched(size)
    assert (done.phase, done.n_done, done.installed) == ("done", N_BYTES, "tiny.Q4_K_M")
    assert names(stage.library) == [FILE, FILE + provenance.SUFFIX]
    assert_sound(stage.library, FILE, size.files[0].sha256)
    known = provenance.read(stage.library / FILE)
    assert known is not None and known.is_of(stage.library / FILE) and known.publisher_checksum and known.verified
    assert (known.repository, known.revision, known.path) == (REPOSITORY, size.revision, FILE)
    assert (known.licence, known.offer, known.size_key) == ("apache-2.0", "tiny", "Q4_K_M")
    assert list(known.part_sha256) == provenance.part_hashes(stage.library / FILE)[1] and len(known.part_sha256) == 2
    assert [request.method for request in hub.requests] == ["GET", "GET"]  # the hub sends it on to its cdn
    assert f"/resolve/{size.revision}/" in hub.requests[0].path
    assert hub.bytes_served(SERVED) == N_BYTES
    assert stage.phases(done.id) == ["waiting", "connecting", "downloading", "verifying", "measuring", "done"]


async def test_a_pause_keeps_every_byte_and_goes_on_behind_it(hub: LoopbackHub, stage: Stage):
    hub.fault(SERVED, Fault(times=1, stall_after=11 * MIB))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    await stage.until_there(begun.id, 11 * MIB)
    await stage.downloads.pause(begun.id)
    assert (await stage.downloads.finished(begun.id)).phase == "paused"
    assert names(stage.library) == []
    assert (await stage.downloads.resume(begun.id)).n_done == 11 * MIB
    assert (await stage.downloads.finished(begun.id)).phase == "done"
    assert [request.range for request in hub.requests_for(SERVED)] == [None, f"bytes={11 * MIB}-"]
    assert hub.bytes_served(SERVED) == N_BYTES


async def test_a_week_later_another_run_goes_on_even_if_the_commit_was_gone_in_between(hub: LoopbackHub, tmp_path: Path):
    hub.fault(SERVED, Fault(times=1, stall_after=11 * MIB))
    size, first = size_of(hub, FILE), Stage(hub, tmp_path)
    begun = await first.downloads.start(offer(), size)
    await first.until_there(begun.id, 11 * MIB)
    await first.downloads.close()
    assert first.told(begun.id)[-1].phase == "paused"

    published = hub.repositories.pop(REPOSITORY)
    second = Stage(hub, tmp_path)
    await second.downloads.restore()
    (kept,) = second.downloads.list()
    assert (kept.id, kept.phase, kept.n_done, kept.n_bytes) == (begun.id, "paused", 11 * MIB, N_BYTES)
    assert second.told(begun.id) == [kept]
    await second.downloads.resume(begun.id)
    failed = await second.downloads.finished(begun.id)
    assert (failed.phase, failed.problem) == ("failed", "hub_refused") and failed.n_done == 11 * MIB

    hub.repositories[REPOSITORY] = published
    await second.downloads.resume(begun.id)
    done = await second.downloads.finished(begun.id)
    assert done.phase == "done" and done.problem is None
    assert hub.bytes_served(SERVED) == N_BYTES
    assert_sound(tmp_path, FILE, size.files[0].sha256)
    await second.downloads.close()


PASSING = {
    "a connection that is cut": Fault(times=2, drop_after=5 * MIB),
    "an end that comes too early": Fault(times=2, truncate_at=5 * MIB),
    "silence in the middle": Fault(times=1, stall_after=5 * MIB),
    "silence at the beginning": Fault(times=1, stall_before_answer=True),
    "an overloaded server": Fault(times=3, status=503),
    "too many requests, with a time": Fault(times=2, status=429, retry_after="0.05"),
    "a web page instead of the file": Fault(times=1, body=b"<html>Sign in", headers={"content-type": "text/html"}),
    "compression": Fault(times=1, gzip=True),
    "more announced than comes": Fault(times=1, wrong_length=0, truncate_at=11 * MIB),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
async def test_what_passes_is_tried_again(hub: LoopbackHub, stage: Stage, fault: Fault):
    hub.fault(SERVED, fault)
    size = size_of(hub, FILE)
    done = await stage.fetched(size)
    assert done.phase == "done" and "retrying" in stage.phases(done.id)
    assert_sound(stage.library, FILE, size.files[0].sha256)


LASTING = {
    "refused": (Fault(status=403), "hub_refused", {"reason": "gated", "status": 403}),
    "gone": (Fault(status=410), "hub_refused", {"reason": "not_found"}),
    "overloaded for long": (Fault(status=500), "hub_refused", {"reason": "server_error"}),
    "an hour to wait": (Fault(status=429, retry_after="3600"), "hub_refused", {"retry_after_s": 3600.0}),
    "always a web page": (Fault(body=b"<", headers={"content-type": "text/html"}), "network_failed", {"reason": "bad_answer"}),
    "another length": (Fault(content=(12 * MIB, 7)), "file_changed", {"file": FILE}),
    "a wrong length": (Fault(wrong_length=17), "file_changed", {"file": FILE}),
    "other content": (Fault(content=(N_BYTES, 99)), "checksum_wrong", {"file": FILE, "host": "127.0.0.1"}),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "kind", "facts"), LASTING.values(), ids=LASTING.keys())
async def test_what_lasts_is_said_and_nothing_comes_into_the_library(hub, stage: Stage, fault, kind, facts):
    hub.fault(SERVED, fault)
    size = size_of(hub, FILE)
    failed = await stage.fetched(size)
    assert (failed.phase, failed.problem) == ("failed", kind)
    assert failed.problem_facts is not None and facts.items() <= failed.problem_facts.items()
    assert names(stage.library) == []
    hub.heal()
    await stage.downloads.resume(failed.id)
    assert (await stage.downloads.finished(failed.id)).phase == "done"
    assert_sound(stage.library, FILE, size.files[0].sha256)


async def test_a_server_that_forgets_ranges_begins_anew_and_one_that_mistakes_them_is_not_believed(hub, stage: Stage):
    size = size_of(hub, FILE)
    hub.fault(SERVED, Fault(times=1, drop_after=10 * MIB), Fault(times=1, no_ranges=True))
    done = await stage.fetched(size)
    assert done.phase == "done"
    assert any(after.n_done < before.n_done for before, after in itertools.pairwise(stage.told(done.id)))
    (stage.library / FILE).unlink()
    hub.fault(SERVED, Fault(times=1, drop_after=10 * MIB), Fault(times=1, wrong_range=512))
    assert (await stage.fetched(size)).phase == "done"
    assert_sound(stage.library, FILE, size.files[0].sha256)


async def test_a_redirect_to_a_host_that_was_not_shown_is_not_followed(hub: LoopbackHub, stage: Stage):
    with LoopbackHub() as stranger:
        hub.fault(f"/{REPOSITORY}/resolve/{size_of(hub, FILE).revision}/{FILE}", Fault(redirect_to=f"{stranger.url}/"))
        stopped = await stage.fetched(size_of(hub, FILE))
        assert (stopped.phase, stopped.problem) == ("failed", "network_refused")
        assert stopped.problem_facts is not None and stopped.problem_facts["reason"] == "host_not_allowed"
        assert stranger.requests == []


async def test_without_an_open_lock_nothing_begins_and_a_closed_one_pauses(hub: LoopbackHub, stage: Stage):
    opened: frozenset[Purpose] = frozenset({"models"})
    policy = NetworkPolicy(opened, stage.door._policy.hosts)
    stage.door.use(NetworkPolicy(), "none")
    with pytest.raises(NetworkRefused):
        await stage.downloads.start(offer(), size_of(hub, FILE))
    assert hub.requests == [] and not stage.library.exists()
    stage.door.use(policy, "none")
    hub.fault(SERVED, Fault(times=1, stall_after=9 * MIB))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    await stage.until_there(begun.id, 9 * MIB)
    stage.door.use(NetworkPolicy(), "none")
    stopped = await stage.downloads.finished(begun.id)
    assert (stopped.phase, stopped.problem) == ("paused", "network_refused")
    with pytest.raises(NetworkRefused):
        await stage.downloads.resume(begun.id)
    stage.door.use(policy, "none")
    await stage.downloads.resume(begun.id)
    assert (await stage.downloads.finished(begun.id)).phase == "done"
    assert hub.bytes_served(SERVED) == N_BYTES


async def test_a_lock_that_closes_between_two_tries_pauses_and_opening_it_does_not_go_on(hub: LoopbackHub, stage: Stage):
    stage.downloads._patience = Patience(first_s=30)
    policy = NetworkPolicy(frozenset({"models"}), stage.door._policy.hosts)
    hub.fault(SERVED, Fault(times=1, status=503))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    await stage.until(lambda: stage.downloads.list()[0].phase == "retrying")
    stage.door.use(NetworkPolicy(), "none")
    stopped = await asyncio.wait_for(stage.downloads.finished(begun.id), 5)
    assert (stopped.phase, stopped.problem) == ("paused", "network_refused")
    n_requests = len(hub.requests)
    stage.door.use(policy, "none")
    await asyncio.sleep(0.2)
    assert len(hub.requests) == n_requests and stage.downloads.list()[0].phase == "paused"


async def test_a_split_model_with_its_vision_file_comes_together_or_not_at_all(hub: LoopbackHub, stage: Stage):
    parts = ["Big-00001-of-00002.gguf", "Big-00002-of-00002.gguf"]
    hub.add("acme/big", {parts[0]: (2 * MIB, 1), f"sub/{parts[1]}": (2 * MIB, 2), "mmproj-F16.gguf": (MIB, 3)})
    size = size_of(hub, parts[0], f"sub/{parts[1]}", repository="acme/big", vision="mmproj-F16.gguf")
    hub.fault("acme/big/mmproj-F16.gguf", Fault(times=4, status=500))
    failed = await stage.fetched(size)
    assert failed.phase == "failed" and names(stage.library) == [] and failed.n_done == 4 * MIB
    await stage.downloads.resume(failed.id)
    done = await stage.downloads.finished(failed.id)
    files = [*parts, "mmproj-Big.gguf"]
    assert done.phase == "done" and done.n_bytes == 5 * MIB and done.file == parts[0]
    assert names(stage.library) == sorted([*files, *(name + provenance.SUFFIX for name in files)])
    first, second, vision = (provenance.read(stage.library / name) for name in files)
    assert first and second and vision
    assert (first.split, first.vision, first.belongs_to) == (tuple(parts), "mmproj-Big.gguf", None)
    assert (second.split, second.vision, second.belongs_to) == (tuple(parts), None, parts[0])
    assert (vision.split, vision.belongs_to) == ((), parts[0])
    assert hub.bytes_served(f"acme/big/sub/{parts[1]}") == 2 * MIB


async def test_a_gated_repository_hears_the_token_and_its_cdn_does_not(hub: LoopbackHub, tmp_path: Path):
    hub.add("acme/gated", {"g.gguf": (MIB, 1)}, gated="manual")
    size = size_of(hub, "g.gguf", repository="acme/gated")
    stage = Stage(hub, tmp_path, token=hub.token)
    assert (await stage.fetched(size)).phase == "done"
    asked = {request.server: request.headers.get("authorization") for request in hub.requests}
    assert asked == {"hub": f"Bearer {hub.token}", "cdn": None}
    without = Stage(hub, tmp_path / "without")
    assert (await without.fetched(size)).problem == "hub_refused"
    for each in (stage, without):
        await each.downloads.close()


TRICKS = ["../up.gguf", "/etc/x.gguf", "C:\\x.gguf", "a/../b.gguf", "con.gguf", "x\u202efugg.gguf", "x.exe", ".gguf"]


@pytest.mark.parametrize("path", [*TRICKS, "n" * 300 + ".gguf"])
async def test_names_that_are_tricks_are_refused_before_anything_happens(hub: LoopbackHub, stage: Stage, path: str):
    size = ModelSize("Q4", "smaller", REPOSITORY, "c" * 40, (RemoteFile(path, 10, "a" * 64),))
    with pytest.raises(NameRefused):
        await stage.downloads.start(offer(), size)
    assert hub.requests == [] and not stage.library.exists()


async def test_a_name_that_is_taken_gets_a_number_and_what_was_there_stays(hub: LoopbackHub, stage: Stage):
    stage.library.mkdir()
    taken = stage.library / FILE.upper().replace("GGUF", "gguf")  # the same name for a Mac and for Windows
    taken.write_bytes(b"theirs")
    done = await stage.fetched(size_of(hub, FILE))
    assert done.file == "tiny.Q4_K_M-2.gguf" and (stage.library / done.file).exists()
    assert taken.read_bytes() == b"theirs"


async def test_a_name_that_is_taken_while_it_comes_is_not_written_over(hub: LoopbackHub, stage: Stage):
    hub.fault(SERVED, Fault(times=1, stall_after=2 * MIB))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    await stage.until_there(begun.id, 2 * MIB)
    (stage.library / FILE).write_bytes(b"theirs")
    done = await stage.downloads.finished(begun.id)
    assert (done.phase, done.file) == ("done", "tiny.Q4_K_M-2.gguf")
    assert (stage.library / FILE).read_bytes() == b"theirs" and provenance.read(stage.library / FILE) is None


async def test_what_is_here_already_is_not_fetched_again(hub: LoopbackHub, stage: Stage):
    await stage.fetched(size_of(hub, FILE))
    n_requests = len(hub.requests)
    again = Stage(hub, stage.library)
    done = await again.fetched(size_of(hub, FILE))
    assert (done.phase, done.installed) == ("done", "tiny.Q4_K_M") and len(hub.requests) == n_requests
    (stage.library / FILE).write_bytes(b"no longer the same")
    assert (await again.fetched(size_of(hub, FILE))).file == "tiny.Q4_K_M-2.gguf"
    await again.downloads.close()


async def test_what_the_catalogue_does_not_know_is_asked_and_pinned_first(hub: LoopbackHub, stage: Stage):
    known = size_of(hub, FILE)
    done = await stage.fetched(replace(known, revision=None, files=(RemoteFile(FILE),)))
    assert done.phase == "done" and done.n_bytes == known.n_bytes
    kept = provenance.read(stage.library / FILE)
    assert kept is not None and kept.revision == known.revision and kept.publisher_checksum


async def test_without_room_nothing_begins(hub: LoopbackHub, stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk_errors, "free_bytes", lambda _: 100 * MIB)
    assert (await stage.fetched(size_of(hub, "other.gguf"))).phase == "done"
    hub.add("acme/large", {"large.gguf": (40 * MIB, 1)})
    with pytest.raises(NoRoom) as refused:
        await stage.downloads.start(offer("large"), size_of(hub, "large.gguf", repository="acme/large"))
    assert (refused.value.needed, refused.value.free, refused.value.kept) == (104 * MIB, 100 * MIB, False)
    assert len(stage.downloads.list()) == 1 and hub.bytes_served("acme/large/large.gguf") == 0
    assert not [each for each in (stage.library / ".downloads").iterdir() if each.is_dir()]


async def test_two_that_fit_alone_but_not_together(hub: LoopbackHub, stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk_errors, "free_bytes", lambda _: 78 * MIB)
    hub.fault(SERVED, Fault(stall_before_answer=True))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    with pytest.raises(NoRoom):
        await stage.downloads.start(offer("other"), size_of(hub, "other.gguf"))
    await stage.downloads.cancel(begun.id)
    assert (await stage.fetched(size_of(hub, "other.gguf"), offer("other"))).phase == "done"


async def test_a_disk_that_fills_up_stops_it_and_keeps_what_came(hub: LoopbackHub, stage: Stage, monkeypatch: pytest.MonkeyPatch):
    real, room = durable.write_at, [10 * MIB]

    def write_at(descriptor: int, content: bytes, place: int) -> None:
        room[0] -= len(content)
        if room[0] < 0:
            real(descriptor, content[: len(content) // 2], place)
            raise OSError(28, "No space left on device")
        real(descriptor, content, place)

    monkeypatch.setattr("engine.models.quarantine.write_at", write_at)
    failed = await stage.fetched(size_of(hub, FILE))
    assert (failed.phase, failed.problem) == ("failed", "no_room")
    assert failed.problem_facts is not None and failed.problem_facts["kept"] is True
    room[0] = 100 * MIB
    await stage.downloads.resume(failed.id)
    assert (await stage.downloads.finished(failed.id)).phase == "done"
    assert int((hub.requests_for(SERVED)[-1].range or "")[6:-1]) >= 8 * MIB


async def test_a_folder_that_takes_nothing_is_said_at_once(hub: LoopbackHub, stage: Stage, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    stage.library = tmp_path / "file" / "library"
    with pytest.raises(FolderUnwritable):
        await stage.downloads.start(offer(), size_of(hub, FILE))
    assert hub.requests == [] and stage.downloads.list() == ()


HOLDING = """
import sys
from pathlib import Path
from engine.models.download_journal import DownloadFolder
folder = DownloadFolder(Path(sys.argv[1]), sys.argv[2])
folder.hold("x.gguf")
print("held", flush=True)
sys.stdin.read()
"""


async def test_two_windows_do_not_fetch_the_same_file(hub: LoopbackHub, stage: Stage):
    hub.fault(SERVED, Fault(times=1, stall_after=9 * MIB))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    assert (await stage.downloads.start(offer(), size_of(hub, FILE))).id == begun.id  # in one window it is the same one
    await stage.until_there(begun.id, 9 * MIB)
    await stage.downloads.pause(begun.id)
    await stage.downloads.finished(begun.id)
    command = [sys.executable, "-c", HOLDING, str(stage.library), begun.id]
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdin and other.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning) as refused:
            await stage.downloads.resume(begun.id)
        assert refused.value.pid == other.pid and refused.value.file == FILE
        with pytest.raises(AlreadyRunning):
            await stage.downloads.cancel(begun.id)
        second = Stage(hub, stage.library)
        await second.downloads.restore()
        assert second.downloads.list() == ()
        await second.downloads.close()
        other.stdin.close()
        other.wait(10)
    await stage.downloads.resume(begun.id)
    assert (await stage.downloads.finished(begun.id)).phase == "done"
    assert hub.bytes_served(SERVED) == N_BYTES


async def test_a_cancelled_download_leaves_nothing_but_can_begin_anew(hub: LoopbackHub, stage: Stage):
    hub.fault(SERVED, Fault(times=1, stall_after=9 * MIB))
    begun = await stage.downloads.start(offer(), size_of(hub, FILE))
    await stage.until_there(begun.id, 9 * MIB)
    await stage.downloads.cancel(begun.id)
    assert stage.events[-1] == DownloadRemoved(begun.id) and stage.downloads.list() == ()
    assert not (stage.library / ".downloads" / begun.id).exists()
    for wish in (stage.downloads.pause, stage.downloads.resume, stage.downloads.cancel, stage.downloads.finished):
        with pytest.raises(NotFound):
            await wish(begun.id)
    assert (await stage.fetched(size_of(hub, FILE))).phase == "done"


async def test_two_at_once_and_the_others_wait_for_their_turn(hub: LoopbackHub, stage: Stage):
    for path in (FILE, "other.gguf"):
        hub.fault(f"{REPOSITORY}/{path}", Fault(times=1, stall_after=MIB))
    first, second, third = [
        (await stage.downloads.start(offer(path), size_of(hub, path))).id for path in (FILE, "other.gguf", "third.gguf")
    ]
    await stage.until_there(first, MIB)
    await stage.until_there(second, MIB)
    assert stage.phases(third) == ["waiting"] and hub.requests_for(f"{REPOSITORY}/third.gguf") == []
    await stage.downloads.pause(third)
    assert stage.told(third)[-1].phase == "paused"
    await stage.downloads.resume(third)
    await stage.downloads.pause(first)
    assert (await stage.downloads.finished(third)).phase == "done"
    await stage.downloads.resume(first)
    assert [(await stage.downloads.finished(each)).phase for each in (first, second)] == ["done", "done"]


async def test_progress_is_told_in_order_and_not_too_often(hub: LoopbackHub, stage: Stage):
    stage.limit = 10 * MIB
    done = await stage.fetched(size_of(hub, FILE))
    told = [each for each in stage.told(done.id) if each.phase == "downloading"]
    assert 2 <= len(told) <= 12  # about a second and a quarter at four a second; each changes something
    assert [each.n_done for each in told] == sorted(each.n_done for each in told)
    assert all(before != after for before, after in itertools.pairwise(told))


async def test_a_start_whose_caller_has_gone_holds_nothing(hub: LoopbackHub, stage: Stage):
    asking = asyncio.create_task(stage.downloads.start(offer(), size_of(hub, FILE)))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert (await stage.fetched(size_of(hub, FILE))).phase == "done"


async def test_what_is_left_of_a_broken_removal_is_cleared_away_and_nothing_else(hub: LoopbackHub, stage: Stage):
    place = stage.library / ".downloads"
    for name in ("orphan", "foreign"):
        (place / name).mkdir(parents=True)
    (place / "orphan" / "1.part").write_bytes(b"x")
    (place / "foreign" / "journal.json").write_bytes(b'{"format": 99}')  # of a newer version
    await stage.downloads.restore()
    assert stage.downloads.list() == () and not (place / "orphan").exists() and (place / "foreign" / "journal.json").exists()


async def test_a_library_that_moves_takes_its_downloads_along(hub: LoopbackHub, stage: Stage, tmp_path: Path):
    hub.fault(SERVED, Fault(times=1, stall_after=11 * MIB))
    hub.fault(f"{REPOSITORY}/other.gguf", Fault(times=1, stall_after=1 * MIB))
    waits, runs = offer("waits"), offer("runs")
    paused = await stage.downloads.start(waits, size_of(hub, "other.gguf"))
    await stage.until_there(paused.id, 1 * MIB)
    await stage.downloads.pause(paused.id)
    running = await stage.downloads.start(runs, size_of(hub, FILE))
    await stage.until_there(running.id, 11 * MIB)
    async with stage.downloads.standing_still():
        assert {each.phase for each in stage.downloads.list()} == {"paused"}
        late = asyncio.create_task(stage.downloads.start(offer("late"), size_of(hub, "third.gguf")))
        await asyncio.sleep(0.05)
        assert not late.done()
        stage.library = stage.library.rename(tmp_path / "moved")
    assert (await stage.downloads.finished(running.id)).phase == "done"
    assert (await stage.downloads.finished((await late).id)).phase == "done"
    assert names(stage.library) == sorted(f"{name}{end}" for name in (FILE, "third.gguf") for end in ("", provenance.SUFFIX))
    assert [each.phase for each in stage.downloads.list() if each.id == paused.id] == ["paused"]
    await stage.downloads.resume(paused.id)
    assert (await stage.downloads.finished(paused.id)).phase == "done"
    assert hub.bytes_served(SERVED) == N_BYTES
    assert not (tmp_path / "library").exists()
