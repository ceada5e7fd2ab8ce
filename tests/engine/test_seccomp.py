"""The filter, run by a small machine of our own: both processors are tested wherever the tests run."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import seccomp
from engine.syscall_numbers import NEWEST_KNOWN, NUMBERS

ALLOWED, KILLED = "allowed", "killed"
ME = 4711
MACHINES = sorted(seccomp.PROCESSORS)
HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}


def answer(machine: str, number: int, *arguments: int, audit: int | None = None) -> str | int:
    """What the filter says to a call: allowed, killed, or the number of the error."""
    audit = seccomp.PROCESSORS[machine].audit if audit is None else audit
    padded = [value & 0xFFFFFFFFFFFFFFFF for value in (*arguments, *[0] * (6 - len(arguments)))]
    memory = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, audit, 0, *padded)
    program, at, word = seccomp.program(machine, ME), 0, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x20:  # load
            word = int.from_bytes(memory[operand : operand + 4], "little")
        elif code == 0x54:  # and
            word &= operand
        elif code == 0x06:  # return
            if operand == 0x80000000:
                return KILLED
            return ALLOWED if operand == 0x7FFF0000 else operand & 0xFFFF
        else:
            is_true = {0x15: word == operand, 0x35: word >= operand, 0x25: word > operand}[code]
            at += if_true if is_true else if_false


def number_of(machine: str, call: str) -> int | None:
    return NUMBERS[call][seccomp.PROCESSORS[machine].column]


@pytest.mark.parametrize("machine", MACHINES)
def test_every_refused_call_is_refused_whatever_its_arguments(machine: str) -> None:
    for call in seccomp.REFUSED:
        if (number := number_of(machine, call)) is not None:
            assert {answer(machine, number), answer(machine, number, *[0xFFFFFFFF] * 6)} == {errno.EACCES}, call


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(0, NEWEST_KNOWN))
def test_a_call_that_is_not_named_is_allowed(machine: str, number: int) -> None:
    column = seccomp.PROCESSORS[machine].column
    if number not in {numbers[column] for numbers in NUMBERS.values()}:
        assert answer(machine, number) == ALLOWED


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(NEWEST_KNOWN + 1, 0x3FFFFFFF))
def test_calls_newer_than_the_list_do_not_exist(machine: str, number: int) -> None:
    assert answer(machine, number) == errno.ENOSYS


@given(number=st.integers(0, 0xFFFFFFFF), audit=st.integers(0, 0xFFFFFFFF))
def test_another_numbering_of_calls_kills(number: int, audit: int) -> None:
    for machine in MACHINES:
        if audit != seccomp.PROCESSORS[machine].audit:
            assert answer(machine, number, audit=audit) == KILLED
    assert answer("x86_64", number | 0x40000000) == KILLED


CONDITIONAL = [
    ("openat", (0, 0, 0), ALLOWED),
    ("openat", (0, 0, 0o2000000), ALLOWED),  # close on exec
    ("openat", (0, 0, 0o1), errno.EACCES),
    ("openat", (0, 0, 0o2), errno.EACCES),
    ("openat", (0, 0, 0o100), errno.EACCES),
    ("openat", (0, 0, 0o1000), errno.EACCES),  # truncating needs no right to write, or so older kernels think
    ("openat", (0, 0, 0o20200000), errno.EACCES),
    ("open", (0, 0o1101), errno.EACCES),
    ("open", (0, 0), ALLOWED),
    ("clone", (0x003D0F00,), ALLOWED),  # a thread, as the C library makes it
    ("clone", (17,), errno.EACCES),
    ("clone", (0x4000 | 0x100,), errno.EACCES),
    ("clone3", (), errno.ENOSYS),
    ("openat2", (), errno.ENOSYS),
    ("socketpair", (1, 1 | 0o2000000), ALLOWED),
    ("socketpair", (1, 2), errno.EACCES),
    ("socketpair", (1, 5), errno.EACCES),
    ("socketpair", (2, 1), errno.EACCES),
    ("kill", (ME, 6), ALLOWED),
    ("kill", (1, 9), errno.EACCES),
    ("kill", (0, 9), errno.EACCES),
    ("kill", (-1, 9), errno.EACCES),
    ("tgkill", (ME, ME + 1, 6), ALLOWED),
    ("tgkill", (1, 1, 6), errno.EACCES),
    ("prlimit64", (0, 7), ALLOWED),
    ("prlimit64", (ME, 7), ALLOWED),
    ("prlimit64", (1, 7), errno.EACCES),
    ("setpriority", (0, 0, 10), ALLOWED),
    ("setpriority", (0, ME, 10), ALLOWED),
    ("setpriority", (0, 1, 10), errno.EACCES),
    ("setpriority", (1, 0, 10), errno.EACCES),
]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("call", "arguments", "expected"), CONDITIONAL)
def test_calls_that_depend_on_their_arguments(machine: str, call: str, arguments: tuple[int, ...], expected: str | int) -> None:
    if (number := number_of(machine, call)) is not None:
        assert answer(machine, number, *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_the_upper_half_of_an_argument_changes_nothing(machine: str) -> None:
    """The kernel takes these arguments as 32-bit numbers, so the filter must not look at more than that."""
    number = number_of(machine, "openat")
    assert number is not None
    assert answer(machine, number, 0, 0, 1 | 1 << 40) == errno.EACCES
    assert answer(machine, number, 0, 0, 1 << 40) == ALLOWED


@pytest.mark.parametrize("machine", MACHINES)
def test_every_jump_lands_inside_the_program(machine: str) -> None:
    program = seccomp.program(machine, ME)
    assert len(program) <= 4096
    for at, (_, if_true, if_false, _) in enumerate(program):
        assert 0 <= if_true <= 255 and 0 <= if_false <= 255
        assert at + 1 + max(if_true, if_false) < len(program) or program[at][0] == 0x06


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernel_headers(machine: str) -> None:
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"{header} is not installed (Debian: linux-libc-dev)")
    defined = {name: int(value) for name, value in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())}
    newest_in_header = max(defined.values())
    for call, numbers in NUMBERS.items():
        number = numbers[seccomp.PROCESSORS[machine].column]
        if number is None or number <= newest_in_header:
            assert number == defined.get(call), call


def test_every_rule_has_a_number() -> None:
    assert {rule.call for rule in seccomp.rules(ME)} == set(NUMBERS)
