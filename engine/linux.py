"""The few Linux calls that Python has no words for, through the C library. Nothing here decides anything.

Importable on Linux only. Every function raises OSError with the kernel's own number when it is refused.
"""

from __future__ import annotations

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_DUMPABLE = 3
PR_GET_SECCOMP = 21
PR_SET_NO_NEW_PRIVS = 38


def prctl(option: int, value: int = 0) -> int:
    """Change or read a property of this process."""
    result: int = _libc.prctl(*(ctypes.c_ulong(word) for word in (option, value, 0, 0, 0)))
    return _checked(result)


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """Make a system call by its number; bytes are passed by address, None as a null pointer."""
    words = (ctypes.c_long(argument) if isinstance(argument, int) else ctypes.c_char_p(argument) for argument in arguments)
    result: int = _libc.syscall(ctypes.c_long(number), *words)
    return _checked(result)


def address_of(block: bytes) -> tuple[int, object]:
    """Where `block` lies, and the object that keeps it there; the caller holds on to the second."""
    buffer = ctypes.create_string_buffer(block, len(block))
    return ctypes.addressof(buffer), buffer


def drop_capabilities(*, keep: int = 0) -> None:
    """Give up every privilege of the superuser except the bits in `keep`. Does nothing for ordinary users."""
    version_3, this_process = 0x20080522, 0
    header = bytearray(version_3.to_bytes(4, "little") + this_process.to_bytes(4, "little"))
    held = ctypes.create_string_buffer(24)
    _checked(_libc.capget(bytes(header), held))
    words = [int.from_bytes(held.raw[at : at + 4], "little") for at in range(0, 24, 4)]
    low, high = keep & 0xFFFFFFFF, keep >> 32
    masks = (low, low, 0, high, high, 0)  # effective, permitted, inheritable; the low half, then the high one
    kept = b"".join((word & mask).to_bytes(4, "little") for word, mask in zip(words, masks, strict=True))
    _checked(_libc.capset(bytes(header), kept))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
