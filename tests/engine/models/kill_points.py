"""Work on model files that is killed at each of its steps in turn, and what must be true after every kill.

Run as a program of its own: it forks a child for each step, and the child ends itself with SIGKILL at that step. A step
is whatever touches the disk by name, and every piece that is copied. Prints how many steps there were.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from engine.models import bundle, provenance
from engine.models.checksums import Checksums, expected
from engine.models.importing import import_file
from engine.models.model_files import files_of, models_in
from engine.models.moving import finish, move_library, unfinished
from engine.models.provenance import Provenance
from engine.models.staging import PREFIX, tidy
from tests.engine.models.gguf_files import gguf

STEPS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir"}
PARTS = [gguf(weight_bytes=41_000 + number) for number in range(3)]
SINGLE = gguf(weight_bytes=50_000)
OTHER = gguf(weight_bytes=60_000)


def main() -> None:
    scenario = SCENARIOS[sys.argv[1]]
    top = Path(sys.argv[2])
    for number in itertools.count(1):
        place = top / str(number)
        place.mkdir()
        scenario.prepare(place)
        was_killed = killed_at(number, lambda place=place: scenario.work(place))
        scenario.check(place, was_killed)
        shutil.rmtree(place)
        if not was_killed:
            print(number)
            return


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Do the work in a child that kills itself at this step; False if it came to its end before."""
    child = os.fork()
    if child == 0:
        n_left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal n_left
            if event in STEPS:
                n_left -= 1
                if n_left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the work failed before it was killed"
    return os.WIFSIGNALED(status)


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def put_recorded(folder: Path, name: str, content: bytes, **facts: object) -> Path:
    file = put(folder, name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    known = Provenance(name=name, sha256=sha256, n_bytes=0, mtime_ns=0, **facts)  # type: ignore[arg-type]
    provenance.write(file, known.stamped(file))
    return file


def contents(folder: Path) -> dict[str, bytes]:
    """Complete models by the name of their first file, all parts one behind the other."""
    found = [model for model in models_in(folder) if not model.missing]
    assert [model.first.name for model in models_in(folder)] == [model.first.name for model in found], "half a model is shown"
    return {model.first.name: b"".join(file.read_bytes() for file in model.files) for model in found}


def nothing_is_left_over(folder: Path) -> None:
    tidy(folder)
    assert not [each.name for each in folder.iterdir() if each.name.startswith(PREFIX)]
    for each in folder.iterdir():
        if each.name.endswith(provenance.SUFFIX):
            file = each.with_name(each.name.removesuffix(provenance.SUFFIX))
            assert file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == expected(file), each.name


# ---------------------------------------------------------------- importing
SPLIT = "big-00001-of-00003.gguf"


class Importing:
    @staticmethod
    def prepare(place: Path) -> None:
        for number, part in enumerate(PARTS):
            put(place / "source", f"big-0000{number + 1}-of-00003.gguf", part)
        put(place / "library", "other.gguf", OTHER)

    @staticmethod
    def work(place: Path) -> None:
        import_file(place / "source" / SPLIT, place / "library", ways=("copied",))

    @classmethod
    def check(cls, place: Path, was_killed: bool) -> None:
        nothing_is_left_over(place / "library")
        complete = {"other.gguf": OTHER, SPLIT: b"".join(PARTS)}
        assert contents(place / "library") in ({"other.gguf": OTHER}, complete)
        cls.work(place)
        assert contents(place / "library") == complete
        assert contents(place / "source") == {SPLIT: b"".join(PARTS)}


# ---------------------------------------------------------------- moving
class Moving:
    @staticmethod
    def prepare(place: Path) -> None:
        for number, part in enumerate(PARTS):
            put_recorded(place / "old", f"big-0000{number + 1}-of-00003.gguf", part)
        put_recorded(place / "old", "seeing.gguf", SINGLE, vision="mmproj-seeing.gguf")
        put_recorded(place / "old", "mmproj-seeing.gguf", OTHER, belongs_to="seeing.gguf")
        put(place / "old" / ".downloads/1", "1.part", b"half")
        (place / "in_use").write_text("old")

    @staticmethod
    def work(place: Path) -> None:
        def switch() -> None:
            put(place, "in_use.new", b"new")
            os.replace(place / "in_use.new", place / "in_use")

        move_library(place / "old", place / "new", place / "profile/move.json", switch=switch)

    @classmethod
    def check(cls, place: Path, was_killed: bool) -> None:
        everything = {SPLIT: b"".join(PARTS), "seeing.gguf": SINGLE}
        in_use = place / (place / "in_use").read_text()
        assert contents(in_use) == everything, "a model is missing from the library that is in use"
        assert (in_use / "mmproj-seeing.gguf").read_bytes() == OTHER
        if in_use.name == "old":
            cls.work(place)
        else:
            finish(place / "profile/move.json", in_use=place / "new")
        assert unfinished(place / "profile/move.json") is None
        nothing_is_left_over(place / "new")
        assert contents(place / "new") == everything
        assert provenance.read(place / "new/seeing.gguf").vision == "mmproj-seeing.gguf"  # type: ignore[union-attr]
        assert (place / "new/.downloads/1/1.part").read_bytes() == b"half"
        assert list((place / "old").iterdir()) == []


# ---------------------------------------------------------------- bundles
class Exporting:
    @staticmethod
    def prepare(place: Path) -> None:
        Moving.prepare(place)
        put(place / "library", "other.gguf", OTHER)

    @staticmethod
    def work(place: Path) -> None:
        models = [bundle.ToExport(files_of(place / "old" / name), name) for name in (SPLIT, "seeing.gguf")]
        bundle.export(models, place / "stick")

    @classmethod
    def check(cls, place: Path, was_killed: bool) -> None:
        if (place / "stick" / bundle.MANIFEST).exists():  # whatever is listed is there
            bundle.import_bundle(place / "stick", place / "early", checksums=Checksums())
        cls.work(place)
        nothing_is_left_over(place / "stick")
        bundle.import_bundle(place / "stick", place / "library")
        assert contents(place / "library") == {"other.gguf": OTHER, SPLIT: b"".join(PARTS), "seeing.gguf": SINGLE}


class TakingIn:
    @staticmethod
    def prepare(place: Path) -> None:
        Exporting.prepare(place)
        Exporting.work(place)

    @staticmethod
    def work(place: Path) -> None:
        bundle.import_bundle(place / "stick", place / "library")

    @classmethod
    def check(cls, place: Path, was_killed: bool) -> None:
        nothing_is_left_over(place / "library")
        contents(place / "library")
        cls.work(place)
        assert contents(place / "library") == {"other.gguf": OTHER, SPLIT: b"".join(PARTS), "seeing.gguf": SINGLE}


SCENARIOS = {"import": Importing, "move": Moving, "export": Exporting, "take_in": TakingIn}

if __name__ == "__main__":
    main()
