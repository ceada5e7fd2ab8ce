from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreDamaged, StoreInUse
from engine.store.profile_lock import ProfileLock

CHECKOUT = Path(__file__).parents[3]
HOLDER = """
import sys, time
from pathlib import Path
from engine.store.profile_lock import ProfileLock
lock = ProfileLock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "store.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_holds_it_is_said(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    for _ in range(2):  # looking must not make the holder forget its name
        with pytest.raises(StoreInUse) as refused:
            ProfileLock(tmp_path / "store.lock")
        assert refused.value.pid == holder.pid


def test_a_dead_process_is_no_obstacle(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    holder.wait(timeout=10)
    ProfileLock(tmp_path / "store.lock").release()


@pytest.mark.parametrize("left", ["", "4194304", "not a number", "1" * 5000])
def test_what_an_older_run_left_in_the_file_is_no_obstacle(tmp_path: Path, left: str) -> None:
    (tmp_path / "store.lock").write_text(left)
    lock = ProfileLock(tmp_path / "store.lock")
    assert (tmp_path / "store.lock").read_text() == str(os.getpid())
    lock.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(3):
        ProfileLock(tmp_path / "store.lock").release()


def test_a_file_where_a_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "profile").touch()
    with pytest.raises(StoreDamaged):
        ProfileLock(tmp_path / "profile" / "store.lock")
