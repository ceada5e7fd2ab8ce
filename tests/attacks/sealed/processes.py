"""Getting at other processes, becoming another one, or touching the machine. Returns when it worked, raises if refused.

The victim stands for the window: a process of the same user, with a secret in memory, a socket and a shared segment.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
from typing import Any

from calls import call, checked, libc, run_machine_code

PTRACE, VM_READ, VM_WRITE = (101, 117), (310, 270), (311, 271)
PIDFD_OPEN, PIDFD_GETFD, PIDFD_SIGNAL = (434, 434), (438, 438), (424, 424)


class Piece(ctypes.Structure):
    """struct iovec"""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


# ---------------------------------------------------------------- the victim
def ptrace_seize(plan: dict[str, Any]) -> None:
    seize, detach = 0x4206, 17
    call(PTRACE, seize, plan["victim"], 0, 0)
    libc.ptrace(detach, plan["victim"], 0, 0)


def _move_memory(numbers: tuple[int, int], plan: dict[str, Any]) -> bytes:
    here = ctypes.create_string_buffer(b"overwritten", 16)
    ours, theirs = Piece(ctypes.addressof(here), 16), Piece(plan["canary_at"], 16)
    call(numbers, plan["victim"], ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)
    return here.raw


def read_its_memory(plan: dict[str, Any]) -> None:
    assert _move_memory(VM_READ, plan).startswith(b"canary")


def read_its_memory_as_a_file(plan: dict[str, Any]) -> None:
    with open(f"/proc/{plan['victim']}/mem", "rb", buffering=0) as memory:
        memory.seek(plan["canary_at"])
        assert memory.read(6) == b"canary"


def write_its_memory(plan: dict[str, Any]) -> None:
    _move_memory(VM_WRITE, {**plan, "canary_at": plan["scratch_at"]})


def borrow_its_socket(plan: dict[str, Any]) -> None:
    handle = call(PIDFD_OPEN, plan["victim"], 0)
    borrowed = call(PIDFD_GETFD, handle, plan["victim_socket"], 0)
    os.write(borrowed, b"secret")


def map_its_shared_segment(plan: dict[str, Any]) -> None:
    at = libc.shmat(plan["segment"], None, 0o10000)
    checked(-1 if at in (None, ctypes.c_void_p(-1).value) else 0)
    assert ctypes.string_at(at, 6) == b"canary"


def signal_it(plan: dict[str, Any]) -> None:
    os.kill(plan["victim"], signal.SIGUSR1)


def signal_its_thread(plan: dict[str, Any]) -> None:
    call((234, 131), plan["victim"], plan["victim"], signal.SIGUSR1)


def signal_it_by_handle(plan: dict[str, Any]) -> None:
    call(PIDFD_SIGNAL, call(PIDFD_OPEN, plan["victim"], 0), signal.SIGUSR1, None, 0)


def find_out_whether_it_runs(plan: dict[str, Any]) -> None:
    os.kill(plan["victim"], 0)


def take_its_limits_away(plan: dict[str, Any]) -> None:
    resource.prlimit(plan["victim"], resource.RLIMIT_CORE, (0, 0))


def slow_it_down(plan: dict[str, Any]) -> None:
    os.setpriority(os.PRIO_PROCESS, plan["victim"], 1)


def compare_its_memory(plan: dict[str, Any]) -> None:
    call((312, 272), os.getpid(), plan["victim"], 1, 0, 0)


# ---------------------------------------------------------------- other programs
def run_a_program(plan: dict[str, Any]) -> None:
    subprocess.run(["/bin/true"], check=True, close_fds=False)


def fork_and_connect(plan: dict[str, Any]) -> None:
    child = os.fork()
    if child == 0:
        try:
            socket.create_connection(("127.0.0.1", plan["tcp"]), timeout=2).close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _leave_if_child(process: int) -> None:
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)


def clone_by_raw_call(plan: dict[str, Any]) -> None:
    _leave_if_child(call((56, 220), signal.SIGCHLD, 0, 0, 0, 0))


def clone3_by_raw_call(plan: dict[str, Any]) -> None:
    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    _leave_if_child(call((435, 435), arguments, ctypes.sizeof(arguments)))


# ---------------------------------------------------------------- the machine
def new_user_and_network_namespace(plan: dict[str, Any]) -> None:
    call((272, 97), 0x10000000 | 0x40000000)


def change_the_root(plan: dict[str, Any]) -> None:
    call((161, 51), ctypes.c_char_p(b"/"))


def mount_something(plan: dict[str, Any]) -> None:
    call((165, 40), ctypes.c_char_p(b"none"), ctypes.c_char_p(plan["home"].encode()), ctypes.c_char_p(b"tmpfs"), 0, None)
    call((166, 39), ctypes.c_char_p(plan["home"].encode()), 0)


def kernel_keyring(plan: dict[str, Any]) -> None:
    call((248, 217), ctypes.c_char_p(b"user"), ctypes.c_char_p(b"strongroom-test"), ctypes.c_char_p(b"x"), 1, -1)


def message_queue(plan: dict[str, Any]) -> None:
    name = ctypes.c_char_p(b"strongroom-attack")
    os.close(call((240, 180), name, os.O_CREAT | os.O_RDWR, 0o600, None))
    call((241, 181), name)


def new_shared_segment(plan: dict[str, Any]) -> None:
    segment = call((29, 194), 0, 4096, 0o600)
    call((31, 195), segment, 0, None)


def fault_handling_in_user_space(plan: dict[str, Any]) -> None:
    os.close(call((323, 282), 1))


def performance_counters(plan: dict[str, Any]) -> None:
    attributes = (ctypes.c_uint32 * 32)(1, 128, 1)  # software, size, task clock
    os.close(call((298, 241), attributes, 0, -1, -1, 0))


ATTACKS = [
    ptrace_seize, read_its_memory, read_its_memory_as_a_file, write_its_memory, borrow_its_socket, map_its_shared_segment,
    signal_it, signal_its_thread, signal_it_by_handle, find_out_whether_it_runs, take_its_limits_away, slow_it_down,
    compare_its_memory, run_a_program, fork_and_connect, clone_by_raw_call, clone3_by_raw_call, kernel_keyring,
    message_queue, new_shared_segment, fault_handling_in_user_space, performance_counters, change_the_root,
    mount_something, new_user_and_network_namespace,
]  # fmt: skip


# ---------------------------------------------------------------- attacks that end the process, one to a process
def become_another_program(plan: dict[str, Any]) -> None:
    os.execv("/bin/echo", ["echo", "became another program"])


def become_a_program_from_memory(plan: dict[str, Any]) -> None:
    place = os.memfd_create("program")
    with open("/bin/echo", "rb") as program:
        os.write(place, program.read())
    call((322, 281), place, ctypes.c_char_p(b""), (ctypes.c_char_p * 3)(b"echo", b"became another program"), None, 0x1000)


def call_by_the_old_numbers(plan: dict[str, Any]) -> None:
    """int 0x80: getpid by the 32-bit numbering, where 41 would not be socket."""
    print("got through" if run_machine_code(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3") > 0 else "refused")


def call_by_the_x32_numbers(plan: dict[str, Any]) -> None:
    call((0x40000000 + 39, 0))
    print("got through")


LAST_ATTACKS = [become_another_program, become_a_program_from_memory, call_by_the_old_numbers, call_by_the_x32_numbers]
