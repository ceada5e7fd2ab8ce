"""Taking files into the library: shared where the disk allows, whole or not at all, never twice, and the source untouched."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileUnfit, FolderUnwritable, ModelDamaged, NoRoom
from engine.models import bringing, provenance
from engine.models.checksums import Checksums
from engine.models.file_names import clean_name, names_of_model, numbered, split_name
from engine.models.importing import Imported, import_file
from engine.models.library import Library
from engine.models.library_names import plain_name
from engine.models.meter import Stopped
from engine.models.model_files import models_in
from engine.models.provenance import Provenance
from engine.models.staging import PREFIX, Staging, tidy
from tests.engine.models.gguf_files import gguf
from tests.engine.models.model_folders import put, put_ollama, put_split, sha256_of

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def left_in(library: Path) -> set[str]:
    return {each.name for each in library.iterdir()} if library.exists() else set()


def copied(path: Path, library: Path) -> Imported:
    return import_file(path, library, ways=("copied",))


# ---------------------------------------------------------------- clone, link, copy
def test_a_file_is_linked_where_the_disk_cannot_clone_and_nobody_else_writes_to_it(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "downloads", "tiny.gguf")
    mine.chmod(0o644)
    taken = import_file(mine, library, ways=("linked", "copied"))
    assert (taken.how, taken.file, taken.sha256) == ("linked", library / "tiny.gguf", sha256_of(mine))
    assert os.path.samefile(mine, taken.file)
    mine.unlink()
    assert sha256_of(taken.file) == taken.sha256


@pytest.mark.parametrize("mode", [0o646, 0o666])
def test_a_file_that_others_may_write_to_is_copied(tmp_path: Path, library: Path, mode: int) -> None:
    mine = put(tmp_path / "downloads", "tiny.gguf")
    mine.chmod(mode)
    taken = import_file(mine, library, ways=("linked", "copied"))
    assert taken.how == "copied" and not os.path.samefile(mine, taken.file)


async def test_a_linked_file_that_the_other_program_changes_is_found_damaged(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "downloads", "tiny.gguf")
    mine.chmod(0o644)
    import_file(mine, library, ways=("linked",))
    shown = Library([library])
    (before,) = await shown.installed()
    with mine.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\1")
    os.utime(mine, ns=(1, 1))
    (at_once,), (after,) = await shown.installed(at_once=True), await shown.installed()
    assert before.problem is None
    assert at_once.sha256 is None
    assert (after.problem, (after.problem_facts or {})["reason"]) == ("model_damaged", "wrong_checksum")


def test_where_the_disk_clones_the_clone_is_taken_and_hashed(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most test machines cannot clone, so here the kernel's answer is made up: the target gets the source's content."""
    mine = put(tmp_path / "downloads", "tiny.gguf")

    def share(target: int, request: int, source: int) -> int:
        assert request == 0x40049409
        os.pwrite(target, os.pread(source, 1 << 20, 0), 0)
        return 0

    monkeypatch.setattr(fcntl, "ioctl", share)
    taken = import_file(mine, library)
    assert (taken.how, sha256_of(taken.file)) == ("cloned", sha256_of(mine))
    assert not os.path.samefile(mine, taken.file)


def test_the_kernel_knows_the_request_to_clone(tmp_path: Path) -> None:
    """Whatever this disk answers, it is not that there is no such request."""
    mine = put(tmp_path, "tiny.gguf")
    with mine.open("rb") as source, (tmp_path / "clone").open("wb") as target:
        try:
            fcntl.ioctl(target.fileno(), bringing._FICLONE, source.fileno())
        except OSError as error:
            assert error.errno in (errno.EOPNOTSUPP, errno.EINVAL, errno.EXDEV)
        else:
            assert sha256_of(mine) == sha256_of(tmp_path / "clone")


def test_a_copy_has_a_record_and_the_source_is_as_it_was(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "downloads", "tiny.gguf")
    before = mine.stat()
    told: list[tuple[int, int]] = []
    taken = import_file(mine, library, ways=("copied",), progress=lambda *amounts: told.append(amounts))
    known = provenance.read(taken.file)
    assert known is not None and known.verified and known.is_of(taken.file)
    assert (known.name, known.source, known.sha256, known.publisher_checksum) == ("tiny", "", sha256_of(mine), False)
    assert list(known.part_sha256) == provenance.part_hashes(mine)[1]
    assert (mine.stat().st_mtime_ns, mine.stat().st_ino, mine.stat().st_nlink) == (before.st_mtime_ns, before.st_ino, 1)
    assert told[0] == (0, before.st_size) and told[-1] == (before.st_size, before.st_size)
    assert left_in(library) == {"tiny.gguf", "tiny.gguf.strongroom.json"}


# ---------------------------------------------------------------- the same again
def test_the_same_file_is_recognised_by_its_checksum_whatever_its_name(tmp_path: Path, library: Path) -> None:
    first, again = put(tmp_path / "a", "tiny.gguf"), put(tmp_path / "b", "renamed.gguf")
    other = put(tmp_path / "c", "other.gguf", gguf()[:-1] + b"\1")  # as large, but not the same
    assert copied(first, library).how == "copied"
    assert copied(again, library) == Imported(library / "tiny.gguf", sha256_of(first), None)
    assert copied(other, library).file == library / "other.gguf"
    assert [model.first.name for model in models_in(library)] == ["other.gguf", "tiny.gguf"]


def test_names_that_differ_by_case_only_become_different_files(tmp_path: Path, library: Path) -> None:
    put(library, "Model.gguf")
    taken = copied(put(tmp_path / "a", "model.GGUF", gguf(weight_bytes=41_000)), library)
    assert taken.file.name == "model-2.gguf"
    assert sha256_of(library / "Model.gguf") != taken.sha256


def test_a_name_that_is_taken_in_the_last_moment_is_not_written_over(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "a", "tiny.gguf", gguf(weight_bytes=41_000))
    other = gguf(weight_bytes=50_000)
    with Staging(library) as staging:
        put(staging.folder, "tiny.gguf", mine.read_bytes())
        are_free = sys.modules["engine.models.staging"].are_free
        calls = iter([lambda: put(library, "tiny.gguf", other)])

        def free_until_looked_at(names: list[str], taken: list[str]) -> bool:
            answer = are_free(names, taken)
            for act in calls:
                act()
                break
            return bool(answer)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("engine.models.staging.are_free", free_until_looked_at)
            (file,) = staging.commit(["tiny.gguf"], {})
    assert file.name == "tiny-2.gguf" and file.read_bytes() == mine.read_bytes()
    assert (library / "tiny.gguf").read_bytes() == other


# ---------------------------------------------------------------- split models
def test_any_part_brings_the_whole_model(tmp_path: Path, library: Path) -> None:
    parts = put_split(tmp_path / "a")
    taken = copied(parts[1], library)
    assert taken.file == library / parts[0].name
    assert [sha256_of(library / part.name) for part in parts] == [sha256_of(part) for part in parts]
    known = [provenance.read(library / part.name) for part in parts]
    assert [each.belongs_to for each in known if each] == [None, parts[0].name, parts[0].name]
    assert all(each and each.split == tuple(part.name for part in parts) for each in known)
    assert copied(parts[2], library).how is None


def test_a_split_model_gets_another_name_as_a_whole(tmp_path: Path, library: Path) -> None:
    put(library, "big-00002-of-00003.gguf", b"GGUF something else")
    taken = copied(put_split(tmp_path / "a")[0], library)
    assert taken.file.name == "big-2-00001-of-00003.gguf"
    assert set(names_of_model(taken.file.name)) < left_in(library)


def test_a_missing_part_is_named_and_nothing_is_taken(tmp_path: Path, library: Path) -> None:
    parts = put_split(tmp_path / "a")
    parts[1].unlink()
    with pytest.raises(FileUnfit) as problem:
        copied(parts[0], library)
    assert (problem.value.reason, problem.value.detail) == ("incomplete_split", parts[1].name)
    assert left_in(library) == set()


# ---------------------------------------------------------------- what is no model
def unfit(folder: Path) -> Iterator[tuple[Path, str]]:
    yield put(folder, "picture.gguf", b"\x89PNG" + bytes(100)), "not_a_gguf"
    yield put(folder, "empty.gguf", b""), "not_a_gguf"
    yield put(folder, "mmproj-model.gguf"), "not_a_gguf"
    yield folder / "gone.gguf", "missing"
    yield folder / ("x" * 300 + ".gguf"), "unreadable"
    os.mkfifo(folder / "pipe.gguf")
    yield folder / "pipe.gguf", "unreadable"
    (folder / "zero.gguf").symlink_to("/dev/zero")
    yield folder / "zero.gguf", "unreadable"
    (folder / "dangling.gguf").symlink_to(folder / "nowhere")
    yield folder / "dangling.gguf", "missing"
    (folder / "loop.gguf").symlink_to(folder / "loop.gguf")
    yield folder / "loop.gguf", "unreadable"
    (folder / "folder.gguf").mkdir()
    yield folder / "folder.gguf", "not_a_gguf"


def test_what_is_no_model_file_is_refused_at_once(tmp_path: Path, library: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    found = {}
    for path, reason in unfit(folder):
        with pytest.raises(FileUnfit) as problem:
            import_file(path, library)
        found[path.name] = (problem.value.reason, reason)
    assert len(found) == 10 and all(is_so == should_be for is_so, should_be in found.values()), found
    assert left_in(library) == set()


def test_a_link_to_a_model_is_followed(tmp_path: Path, library: Path) -> None:
    real = put(tmp_path / "a", "real.gguf")
    (tmp_path / "short.gguf").symlink_to(real)
    taken = import_file(tmp_path / "short.gguf", library)
    assert taken.file.name == "short.gguf" and not taken.file.is_symlink()
    assert sha256_of(taken.file) == sha256_of(real)


# ---------------------------------------------------------------- bad luck
def test_a_file_that_changes_meanwhile_is_not_taken(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "a", "tiny.gguf", gguf(weight_bytes=3 << 20))

    def grow(n_done: int, n_bytes: int) -> None:
        with mine.open("ab") as file:
            file.write(b"more")

    with pytest.raises(FileUnfit, match="changed while it was read"):
        import_file(mine, library, ways=("copied",), progress=grow)
    assert left_in(library) == set()


def test_a_file_whose_name_goes_away_meanwhile_is_still_whole(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "a", "tiny.gguf", gguf(weight_bytes=3 << 20))
    checksum = sha256_of(mine)
    taken = import_file(
        mine, library, ways=("copied",), progress=lambda n_done, _: mine.unlink(missing_ok=True) if n_done else None
    )
    assert not mine.exists() and sha256_of(taken.file) == checksum


def test_stopping_leaves_nothing(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "a", "tiny.gguf", gguf(weight_bytes=3 << 20))
    stop = threading.Event()
    with pytest.raises(Stopped):
        import_file(mine, library, ways=("copied",), stop=stop, progress=lambda n_done, _: stop.set() if n_done else None)
    assert left_in(library) == set() and mine.exists()


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, NoRoom), (errno.EDQUOT, NoRoom), (errno.EROFS, FolderUnwritable), (errno.EFBIG, FileUnfit)],
)
def test_a_disk_that_refuses_in_the_middle_leaves_nothing(
    tmp_path: Path, library: Path, number: int, error: type[Exception]
) -> None:
    mine = put(tmp_path / "a", "tiny.gguf", gguf(weight_bytes=3 << 20))

    def refuse(n_done: int, n_bytes: int) -> None:
        if n_done:  # raised where the copy writes its next piece
            raise OSError(number, os.strerror(number))

    with pytest.raises(error) as problem:
        import_file(mine, library, ways=("copied",), progress=refuse)
    assert left_in(library) == set()
    assert getattr(problem.value, "folder", str(library)) == str(library)


def test_a_full_disk_is_told_before_anything_is_copied(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.disk_errors.free_bytes", lambda folder: 1000)
    mine = put(tmp_path / "a", "tiny.gguf")
    with pytest.raises(NoRoom) as problem:
        copied(mine, library)
    assert (problem.value.free, problem.value.folder, problem.value.kept) == (1000, str(library), False)
    assert problem.value.needed > mine.stat().st_size
    assert left_in(library) == set()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    mine = put(tmp_path, "tiny.gguf")
    for folder in (Path("/proc/models"), mine / "library"):
        with pytest.raises(FolderUnwritable) as problem:
            import_file(mine, folder)
        assert problem.value.folder == str(folder)


# ---------------------------------------------------------------- what is known of it
def test_a_blob_that_is_not_what_its_name_says_is_refused(tmp_path: Path, library: Path) -> None:
    blob = put_ollama(tmp_path / "ollama", "llama3.2", "3b")
    taken = import_file(blob, library)
    known = provenance.read(taken.file)
    assert known is not None and (taken.file.name, known.source) == ("llama3.2-3b.gguf", "Ollama")
    lying = put(tmp_path / "ollama/blobs", f"sha256-{'0' * 64}", gguf(weight_bytes=41_000))
    with pytest.raises(ModelDamaged, match="wrong_checksum"):
        import_file(lying, library)
    assert left_in(library) == {"llama3.2-3b.gguf", "llama3.2-3b.gguf.strongroom.json"}


async def test_a_published_file_is_verified_and_can_be_repaired(tmp_path: Path, library: Path) -> None:
    mine = put(tmp_path / "a", "tiny.gguf")
    published = Provenance(
        "Tiny 1B", sha256_of(mine), 0, 0, source="huggingface.co", repository="o/tiny", revision="c" * 40, path="tiny.gguf",
        licence="Apache-2.0",
    )  # fmt: skip
    import_file(mine, library, recognise=lambda sha256: published if sha256 == published.sha256 else None)
    (model,) = await Library([library]).installed()
    assert (model.name, model.licence, model.source) == ("Tiny 1B", "Apache-2.0", f"o/tiny@{'c' * 40}")
    assert (model.is_verified, model.can_repair, model.is_in_place) == (True, True, False)


def test_what_was_hashed_before_is_not_hashed_again(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Checksums()
    mine, there = put(tmp_path / "a", "mine.gguf"), put(library, "there.gguf")
    known.remember(mine, sha256_of(mine))
    known.remember(there, sha256_of(there))
    monkeypatch.setattr("engine.models.checksums._hashed", lambda *_: pytest.fail("hashed again"))
    assert import_file(mine, library, checksums=known).how is None


# ---------------------------------------------------------------- killed
@pytest.fixture
def memory_folder() -> Iterator[Path]:
    """Hundreds of runs with everything flushed to the disk: in memory where there is such a folder."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize(("work", "at_least"), [("import", 40), ("move", 80), ("export", 60), ("take_in", 60)])
def test_a_kill_at_any_step_leaves_whole_models_and_can_be_made_up_for(memory_folder: Path, work: str, at_least: int) -> None:
    command = [sys.executable, "-m", "tests.engine.models.kill_points", work, str(memory_folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > at_least


def test_what_somebody_alive_is_at_is_left_alone(tmp_path: Path, library: Path) -> None:
    with Staging(library) as staging:
        put(staging.folder, "tiny.gguf")
        tidy(library)
        assert (staging.folder / "tiny.gguf").exists()
    put(library / f"{PREFIX}dead", "tiny.gguf")
    tidy(library)
    assert left_in(library) == set()


@pytest.mark.parametrize(
    "plan", [b"[", b"{}", b'[["a"]]', b'[["tiny.gguf", "../../outside.gguf"]]', b'[["../x", "y"]]', b"[" * 100_000]
)
def test_a_plan_that_nobody_here_wrote_is_not_carried_out(tmp_path: Path, library: Path, plan: bytes) -> None:
    put(library / f"{PREFIX}dead", "tiny.gguf")
    put(library / f"{PREFIX}dead", "plan.json", plan)
    tidy(library)
    assert left_in(library) == set() and [each.name for each in tmp_path.iterdir()] == ["library"]


# ---------------------------------------------------------------- names
@given(st.text())
def test_any_text_becomes_a_name_that_every_system_takes(text: str) -> None:
    name = clean_name(text)
    assert plain_name(name) == name
    assert all(plain_name(each) for each in numbered([name], 12))


@given(st.integers(1, 1000), st.data())
def test_the_parts_of_a_model_name_each_other(of: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, of))
    names = names_of_model(f"a-{at:05d}-of-{of:05d}.gguf")
    assert len(names) == of and names[at - 1] == f"a-{at:05d}-of-{of:05d}.gguf"
    assert [split.at for name in numbered(names, 3) if (split := split_name(name))] == list(range(1, of + 1))


@pytest.mark.parametrize("name", ["a-00000-of-00003.gguf", "a-00004-of-00003.gguf", "a-00001-of-99999.gguf", "a-1-of-3.gguf"])
def test_other_names_are_single_files(name: str) -> None:
    assert names_of_model(name) == (name,)
