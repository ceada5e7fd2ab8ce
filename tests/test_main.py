"""The one entry: window, verb or worker, and none of them loads the other two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import main

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("argv", [[], ["--profile", "/data"], ["--profile=/data"]])
def test_without_a_verb_the_window_opens(argv: list[str]) -> None:
    assert main._wants_window(argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["doctor"],
        ["--profile", "/data", "doctor"],
        ["--profile=/data", "models", "list"],
        ["--help"],
        ["--profile", "doctor", "ask"],
    ],
)
def test_a_verb_or_another_option_is_for_the_command_line(argv: list[str]) -> None:
    assert not main._wants_window(argv)


def test_a_worker_of_no_kind_is_refused_without_loading_anything() -> None:
    script = "import runpy, sys; sys.argv = ['main.py', '--worker']; runpy.run_path('main.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", script], cwd=CHECKOUT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "engine.worker_main" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("PySide6", "keyring", "sqlalchemy", "desktop", "llama_cpp")}


def test_the_program_is_hardened_before_it_holds_anything() -> None:
    """Other programs of the same user cannot read its memory; the verb runs on after that."""
    script = (
        "import sys, main; from engine import command_line, linux\n"
        "command_line.main = lambda argv: print(argv, linux.prctl(linux.PR_GET_DUMPABLE)) or 0\n"
        "sys.argv = ['main.py', 'doctor']; main.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "['doctor'] 0", done.stderr
