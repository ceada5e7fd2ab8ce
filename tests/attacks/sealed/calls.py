"""What every attack needs: system calls by number, and errors as exceptions. Standard library only."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
libc.shmat.restype = ctypes.c_void_p

X86_64, AARCH64 = 0, 1
MACHINE = {"x86_64": X86_64, "aarch64": AARCH64}[platform.machine()]


def checked(result: int) -> int:
    """The result of a C call, or the OSError it stands for."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def call(numbers: tuple[int, int], *arguments: object) -> int:
    """A raw system call, past every wrapper; `numbers` are those of x86-64 and aarch64."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    return checked(libc.syscall(ctypes.c_long(numbers[MACHINE]), *words))


def run_machine_code(code: bytes) -> int:
    """Run a few instructions that return an integer; a stranger's code would bring its own."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return int(ctypes.CFUNCTYPE(ctypes.c_long)(address)())
