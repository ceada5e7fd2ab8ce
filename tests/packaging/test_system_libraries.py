"""Set-up names what the system lacks in one command to copy, and is silent when nothing is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "packaging" / "system_libraries.sh"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring these libraries themselves")


def stub(folder: Path, name: str, body: str) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\n{body}\n")
    command.chmod(0o755)


def ask(folder: Path, purpose: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "PYTHON": sys.executable}
    return subprocess.run(["sh", str(SCRIPT), purpose], env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_a_prepared_machine_hears_nothing(tmp_path, purpose):
    answer = ask(tmp_path, purpose)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_an_ordinary_user_gets_one_command_with_what_is_missing_and_nothing_is_installed(tmp_path):
    stub(tmp_path, "ldconfig", "/sbin/ldconfig -p | grep -v libEGL.so.1")
    stub(tmp_path, "id", "echo 1000")
    stub(tmp_path, "apt-get", f"touch {tmp_path}/was-called")
    answer = ask(tmp_path, "run")
    command = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1"
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[1:] == [command]
    assert not (tmp_path / "was-called").exists()


def test_root_has_it_installed(tmp_path):
    stub(tmp_path, "ldconfig", "/sbin/ldconfig -p | grep -v libEGL.so.1")
    stub(tmp_path, "id", "echo 0")
    stub(tmp_path, "apt-get", f'echo "$@" >>{tmp_path}/calls')
    assert ask(tmp_path, "run").returncode == 0
    assert (tmp_path / "calls").read_text().splitlines() == ["-q update", "install -y --no-install-recommends libegl1"]


def test_an_unknown_purpose_is_refused(tmp_path):
    assert ask(tmp_path, "everything").returncode == 2
