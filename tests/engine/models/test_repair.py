"""Damaged files of the library: what is wrong is found by part, fetched alone, and the rest stays as it is."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.models import provenance
from engine.models.line import Progress
from engine.models.repair import runs
from tests.engine.models.downloading import FILE, MIB, REPOSITORY, Stage, names, size_of
from tests.loopback_hub import Fault, LoopbackHub

SERVED = f"{REPOSITORY}/{FILE}"
PART = 8 * MIB
N_BYTES = 3 * PART + 5


@pytest.fixture
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: (N_BYTES, 7)})
        yield hub


@pytest.fixture
async def stage(hub: LoopbackHub, tmp_path: Path) -> AsyncIterator[Stage]:
    """A library with one sound model, and nothing asked of the hub yet."""
    stage = Stage(hub, tmp_path)
    await stage.fetched(size_of(hub, FILE))
    hub.requests.clear()
    yield stage
    await stage.downloads.close()


def damage(file: Path, *places: int) -> None:
    with file.open("r+b") as stream:
        for place in places:
            stream.seek(place)
            stream.write(b"damage")


async def repaired(stage: Stage, file: Path) -> object:
    begun = await stage.downloads.repair(file)
    assert begun.is_repair and begun.file == file.name
    return (await asyncio.wait_for(stage.downloads.finished(begun.id), 20)).problem or "done"


def assert_sound(hub: LoopbackHub, stage: Stage) -> None:
    file, size = stage.library / FILE, size_of(hub, FILE)
    assert names(stage.library) == [FILE, FILE + provenance.SUFFIX]
    known = provenance.read(file)
    assert known is not None and known.is_of(file) and known.publisher_checksum and known.offer == "tiny"
    assert provenance.part_hashes(file) == (size.files[0].sha256, list(known.part_sha256))
    assert not [each for each in (stage.library / ".downloads").iterdir() if each.is_dir()]


async def test_a_file_that_is_removed_before_its_repair_begins_is_missed_and_nothing_is_fetched(
    hub: LoopbackHub, stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    damage(stage.library / FILE, 3)
    say = Progress.say

    def removed(self: Progress, phase: Any) -> None:
        (stage.library / FILE).unlink(missing_ok=True)
        say(self, phase)

    monkeypatch.setattr(Progress, "say", removed)
    assert await repaired(stage, stage.library / FILE) == "file_unfit"
    assert hub.requests == [] and not (stage.library / FILE).exists()


@pytest.mark.parametrize(
    ("places", "ranges"),
    [
        ([PART + 3], [f"bytes={PART}-{2 * PART - 1}"]),
        ([0, 3 * PART], [f"bytes=0-{PART - 1}", f"bytes={3 * PART}-{N_BYTES - 1}"]),
        ([PART, 2 * PART], [f"bytes={PART}-{3 * PART - 1}"]),
    ],
)
async def test_only_what_is_damaged_is_fetched(hub: LoopbackHub, stage: Stage, places: list[int], ranges: list[str]):
    damage(stage.library / FILE, *places)
    before = (stage.library / FILE).stat().st_ino
    assert await repaired(stage, stage.library / FILE) == "done"
    assert [request.range for request in hub.requests_for(SERVED)] == ranges
    assert (stage.library / FILE).stat().st_ino != before  # put in its place, not written into
    assert_sound(hub, stage)


async def test_a_file_that_lost_its_end_or_grew(hub: LoopbackHub, stage: Stage):
    os.truncate(stage.library / FILE, PART + 100)
    assert await repaired(stage, stage.library / FILE) == "done"
    assert_sound(hub, stage)
    with (stage.library / FILE).open("ab") as stream:
        stream.write(b"more than there should be")
    hub.requests.clear()
    assert await repaired(stage, stage.library / FILE) == "done"
    assert hub.bytes_served(SERVED) == 5  # the last part looked longer than it is; the others are sound
    assert_sound(hub, stage)


async def test_a_sound_file_is_left_alone_and_one_that_is_gone_comes_whole(hub: LoopbackHub, stage: Stage):
    os.utime(stage.library / FILE, ns=(1, 1))
    before = (stage.library / FILE).stat().st_ino
    assert await repaired(stage, stage.library / FILE) == "done"
    assert hub.requests == [] and (stage.library / FILE).stat().st_ino == before
    assert_sound(hub, stage)
    (stage.library / FILE).unlink()
    assert await repaired(stage, stage.library / FILE) == "done"
    assert hub.bytes_served(SERVED) == N_BYTES
    assert_sound(hub, stage)


FAULTS = {
    "no ranges": Fault(no_ranges=True),
    "cut off once": Fault(times=1, drop_after=PART // 2),
    "cut off after a part": Fault(times=1, truncate_at=PART + 100),
    "other bytes than asked for, once": Fault(times=1, wrong_range=512),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_faults_of_the_server_cost_time_only(hub: LoopbackHub, stage: Stage, fault: Fault):
    damage(stage.library / FILE, PART + 3, 2 * PART + 3)
    hub.fault(SERVED, fault)
    assert await repaired(stage, stage.library / FILE) == "done"
    assert_sound(hub, stage)


async def test_what_is_not_what_was_recorded_does_not_come_in(hub: LoopbackHub, stage: Stage):
    damage(stage.library / FILE, 3)
    damaged = (stage.library / FILE).read_bytes()
    hub.fault(SERVED, Fault(content=(N_BYTES, 99)))
    assert await repaired(stage, stage.library / FILE) == "checksum_wrong"
    assert (stage.library / FILE).read_bytes() == damaged
    hub.fault(SERVED, Fault(content=(N_BYTES + 1, 7)))
    assert await repaired(stage, stage.library / FILE) == "file_changed"
    hub.heal()
    assert await repaired(stage, stage.library / FILE) == "done"
    assert_sound(hub, stage)


async def test_a_repair_that_was_stopped_goes_on_in_another_run(hub: LoopbackHub, stage: Stage):
    damage(stage.library / FILE, 3, 2 * PART)
    hub.fault(SERVED, Fault(times=1, skip=1, stall_after=100))
    begun = await stage.downloads.repair(stage.library / FILE)
    await stage.until(lambda: len(hub.requests_for(SERVED)) == 2)
    await stage.downloads.close()
    hub.requests.clear()
    later = Stage(hub, stage.library)
    await later.downloads.restore()
    assert [(each.id, each.is_repair, each.phase) for each in later.downloads.list()] == [(begun.id, True, "paused")]
    await later.downloads.resume(begun.id)
    assert (await later.downloads.finished(begun.id)).phase == "done"
    assert [request.range for request in hub.requests_for(SERVED)] == [f"bytes={2 * PART}-{3 * PART - 1}"]
    assert_sound(hub, later)
    await later.downloads.close()


async def test_a_split_model_is_mended_where_it_is_damaged(hub: LoopbackHub, tmp_path: Path):
    parts = ["Big-00001-of-00002.gguf", "Big-00002-of-00002.gguf"]
    hub.add("acme/big", {parts[0]: (2 * MIB, 1), parts[1]: (2 * MIB, 2), "mmproj-F16.gguf": (MIB, 3)})
    stage = Stage(hub, tmp_path)
    await stage.fetched(size_of(hub, *parts, repository="acme/big", vision="mmproj-F16.gguf"))
    before = {name: provenance.read(tmp_path / name) for name in (*parts, "mmproj-Big.gguf")}
    hub.requests.clear()
    damage(tmp_path / parts[1], 5)
    assert await repaired(stage, tmp_path / parts[0]) == "done"
    assert [request.path for request in hub.requests if request.server == "cdn"] == [f"/acme/big/{parts[1]}"]
    for name, known in before.items():
        now = provenance.read(tmp_path / name)
        assert known and now and now.is_of(tmp_path / name)
        assert (now.split, now.vision, now.belongs_to, now.part_sha256) == (
            known.split, known.vision, known.belongs_to, known.part_sha256,
        )  # fmt: skip
    await stage.downloads.close()


async def test_a_file_of_unknown_origin_cannot_be_fetched_again(stage: Stage):
    foreign = stage.library / "foreign.gguf"
    foreign.write_bytes(b"GGUF")
    with pytest.raises(NotFound):
        await stage.downloads.repair(foreign)


@given(st.sets(st.integers(0, 40)))
def test_neighbours_are_fetched_together(numbers):
    found = list(runs(sorted(numbers)))
    assert [number for first, last in found for number in range(first, last + 1)] == sorted(numbers)
    assert all(after[0] > before[1] + 1 for before, after in itertools.pairwise(found))
