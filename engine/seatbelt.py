"""macOS: start a worker under a profile that gives it no network, no writing and no look into the home folder.

The profile can only be put on from outside, by `sandbox-exec`, before the worker runs. It allows and then takes away,
rather than the other way round, so that an update of the system cannot keep a worker from starting; what it achieves is
measured inside the worker (engine/seal_proof.py). Written from Apple's and Chromium's descriptions.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_SANDBOX_EXEC = Path("/usr/bin/sandbox-exec")


def is_available() -> bool:
    """Whether this system has the tool that puts a profile on a program."""
    return os.access(_SANDBOX_EXEC, os.X_OK)


def wrapped(command: Sequence[str], readable: Sequence[Path], *, home: Path) -> list[str]:
    """The command that runs `command` under the profile; `readable` are the files and folders left open in `home`."""
    if not is_available():
        return list(command)
    return [str(_SANDBOX_EXEC), "-p", profile(readable, home=home, program=Path(command[0])), *command]


def profile(readable: Sequence[Path], *, home: Path, program: Path) -> str:
    """The rules in Apple's profile language; where several match, the last one counts."""
    places = dict.fromkeys(path for place in readable for path in (place.absolute(), place.resolve()))
    programs = dict.fromkeys((program.absolute(), program.resolve()))
    return "\n".join(
        [
            "(version 1)",
            "(allow default)",
            "(deny network*)",
            "(deny file-write*)",
            '(allow file-write* (literal "/dev/null"))',
            "(deny process-exec*)",
            *(f"(allow process-exec* (literal {_quoted(path)}))" for path in programs),
            '(deny file-read-data (literal "/"))',
            f"(deny file-read-data (subpath {_quoted(home)}) (subpath {_quoted(home.resolve())}))",
            '(deny file-read-data (subpath "/Volumes") (subpath "/private/etc") (subpath "/private/tmp"))',
            *(f"(allow file-read* (subpath {_quoted(path)}))" for path in places),
        ]
    )


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
