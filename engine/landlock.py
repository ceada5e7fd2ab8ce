"""Landlock: which files a process may read. Everything else in the file system is refused, and nothing may be written or run.

Knows the kernel's interface up to version 7 and asks for as much of it as the running kernel has. Covers the calling
thread and the threads it starts afterwards, so it must come before any other thread. Knows nothing of sockets beyond
TCP, which is why engine/seccomp.py closes the network; the rules on TCP here are the second lock on the same door.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from engine import linux

# The same numbers on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_BENEATH_A_PATH = 1

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS_OF_VERSION_1 = (1 << 13) - 1
_FILE_RIGHTS_ADDED = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # moving between folders, truncating, commands to devices
_TCP_BIND_AND_CONNECT = 0b11  # since version 4
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # since version 6


def version() -> int:
    """The interface version of the running kernel, 0 if it has no Landlock or has it switched off."""
    try:
        return linux.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[Path]) -> int:
    """Let this thread read what lies in or under `readable` and nothing else; return the interface version used.

    Paths that do not exist are passed over. Raises OSError when the kernel refuses; then nothing is restricted.
    """
    known = version()
    if known < 1:
        raise OSError("this kernel has no Landlock")
    handled = linux.syscall(_CREATE_RULESET, *_ruleset(known), 0)
    try:
        for path in readable:
            _allow_reading(handled, path)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        linux.syscall(_RESTRICT_SELF, handled, 0)
    finally:
        os.close(handled)
    return known


def _ruleset(known: int) -> tuple[bytes, int]:
    """What shall be refused unless a rule allows it, in the form and size that kernel version expects."""
    files = _FILE_RIGHTS_OF_VERSION_1
    for since, right in _FILE_RIGHTS_ADDED.items():
        files |= right if known >= since else 0
    fields = [files]
    if known >= 4:
        fields.append(_TCP_BIND_AND_CONNECT)
    if known >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(fields)}Q", *fields), 8 * len(fields)


def _allow_reading(handled: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, or not ours to see: a rule for it would allow nothing
    try:
        rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        linux.syscall(_ADD_RULE, handled, _RULE_BENEATH_A_PATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
