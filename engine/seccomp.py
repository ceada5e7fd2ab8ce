"""The system calls a sealed worker is refused, as a filter that the kernel runs for every thread of the process.

A list of refusals, not of permissions: numpy, llama.cpp and the document libraries use a wide and moving set of harmless
calls. What a newer kernel adds later than this list is answered "no such call", so that it is no way round. Building the
filter is pure; `install` is the only function that touches the process. Linux on x86-64 and aarch64.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
from dataclasses import dataclass

from engine import linux
from engine.syscall_numbers import NEWEST_KNOWN, NUMBERS

# fmt: off
REFUSED = (
    # Making, naming or using a socket. The wire is a pipe; nothing else has a peer.
    "socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
    "setsockopt",
    # A second door to nearly every other call, unseen by the filter.
    "io_uring_setup", "io_uring_enter", "io_uring_register",
    # Another process's memory, files or fate.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "kcmp", "move_pages", "migrate_pages", "tkill",
    # Becoming another program or another process.
    "execve", "execveat", "fork", "vfork",
    # Kernel machinery, keys and handles that go around paths.
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "open_by_handle_at",
    # Mounts, namespaces and the machine itself.
    "mount", "umount2", "mount_setattr", "unshare", "setns", "open_tree", "open_tree_attr", "move_mount", "fsopen",
    "fsconfig", "fsmount", "fspick", "pivot_root", "chroot", "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "swapon", "swapoff", "syslog", "acct", "quotactl", "quotactl_fd", "settimeofday",
    "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt",
    "lookup_dcookie",
    # Changing the file system by name. Landlock refuses most of these too, the marks on a file (mode, times) not at all.
    "creat", "truncate", "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "link",
    "linkat", "symlink", "symlinkat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown",
    "lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat",
    "removexattr", "lremovexattr", "fremovexattr", "removexattrat", "file_setattr",
    # Watching what happens to files that may not be opened.
    "inotify_add_watch", "fanotify_init", "fanotify_mark",
    # Shared memory and queues with other programs of the same user, the picture of a window among them.
    "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget", "semop", "semtimedop", "semctl",
    "mq_open", "mq_unlink",
)
# fmt: on

# Their arguments lie behind a pointer, where a filter cannot look; the C library falls back to the older call.
ANSWERED_AS_UNKNOWN = ("clone3", "openat2")

_WRITE_CREATE_OR_TRUNCATE = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000  # of open(2); the last is the bit of O_TMPFILE
_CLONE_THREAD = 0x10000
_AF_UNIX, _SOCK_STREAM, _SOCKET_TYPE_BITS = 1, 1, 0xF
_PRIO_PROCESS = 0
_EVERY_BIT = 0xFFFFFFFF


@dataclass(frozen=True)
class Condition:
    """Holds when the lower half of an argument, masked, is one of `values`."""

    argument: int
    values: tuple[int, ...]
    mask: int = _EVERY_BIT


@dataclass(frozen=True)
class Rule:
    """A call that is answered with the error number `refusal` unless every condition holds (with none: always)."""

    call: str
    refusal: int = errno.EACCES
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Processor:
    """What the filter must know of a processor: its audit number and its column in the table of call numbers."""

    audit: int
    column: int
    has_x32: bool


PROCESSORS = {"x86_64": Processor(0xC000003E, 0, has_x32=True), "aarch64": Processor(0xC00000B7, 1, has_x32=False)}


def rules(process: int) -> list[Rule]:
    """Everything that is refused to the process with the id `process`."""
    only_itself = (Condition(0, (process,)),)
    # The kernel remembers for each call that it is always allowed, or always refused, and runs the filter only for those
    # that depend on arguments; so these come first, and opening a file first of all.
    conditional = [
        Rule("openat", unless=(Condition(2, (0,), _WRITE_CREATE_OR_TRUNCATE),)),
        Rule("open", unless=(Condition(1, (0,), _WRITE_CREATE_OR_TRUNCATE),)),
        Rule("clone", unless=(Condition(0, (_CLONE_THREAD,), _CLONE_THREAD),)),
        # A connected pair stays inside the process; a datagram pair could still be pointed at somebody's socket.
        Rule("socketpair", unless=(Condition(0, (_AF_UNIX,)), Condition(1, (_SOCK_STREAM,), _SOCKET_TYPE_BITS))),
        Rule("kill", unless=only_itself),
        Rule("tgkill", unless=only_itself),
        Rule("rt_sigqueueinfo", unless=only_itself),
        Rule("rt_tgsigqueueinfo", unless=only_itself),
        # Limits may be changed for a whole other process: the window's, for instance.
        Rule("prlimit64", unless=(Condition(0, (0, process)),)),
        # A worker may step back behind other programs, but not push others back.
        Rule("setpriority", unless=(Condition(0, (_PRIO_PROCESS,)), Condition(1, (0, process)))),
    ]
    unknown = [Rule(call, errno.ENOSYS) for call in ANSWERED_AS_UNKNOWN]
    return conditional + unknown + [Rule(call) for call in REFUSED]


# ---------------------------------------------------------------- the filter's machine code (classic BPF)
_LOAD, _AND, _EQUAL, _AT_LEAST, _ABOVE, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x25, 0x06
_KILL, _ALLOW, _ERROR = 0x80000000, 0x7FFF0000, 0x00050000
_CALL_NUMBER, _AUDIT_NUMBER, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data; both processors are little-endian
_X32_BIT = 0x40000000

Instruction = tuple[int, int, int, int]  # code, steps to skip if true, steps to skip if false, operand


def program(machine: str, process: int) -> list[Instruction]:
    """The filter for a processor (`x86_64`, `aarch64`) and process id. Raises KeyError for another processor."""
    processor = PROCESSORS[machine]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _AUDIT_NUMBER),
        (_EQUAL, 1, 0, processor.audit),
        (_RETURN, 0, 0, _KILL),  # a call by another processor's numbering, such as int 0x80
        (_LOAD, 0, 0, _CALL_NUMBER),
    ]
    if processor.has_x32:
        code += [(_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL)]
    code += [(_ABOVE, 0, 1, NEWEST_KNOWN), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    for rule in rules(process):
        number = NUMBERS[rule.call][processor.column]
        if number is not None:
            body = _body(rule)
            code += [(_EQUAL, 0, len(body), number), *body]
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _body(rule: Rule) -> list[Instruction]:
    refuse = (_RETURN, 0, 0, _ERROR | rule.refusal)
    if not rule.unless:
        return [refuse]
    code: list[Instruction] = []
    for condition in rule.unless:
        n_values = len(condition.values)
        code += [(_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * condition.argument), (_AND, 0, 0, condition.mask)]
        code += [(_EQUAL, n_values - at, 0, value) for at, value in enumerate(condition.values)]
        code.append(refuse)
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def is_known_processor() -> bool:
    """Whether there is a filter for this computer's processor."""
    return platform.machine() in PROCESSORS and struct.calcsize("P") == 8


def install() -> int:
    """Put the filter on every thread of this process, for good; return its length in instructions.

    Raises OSError when the kernel refuses, KeyError for a processor without a table.
    """
    code = program(platform.machine(), os.getpid())
    address, keep_alive = linux.address_of(b"".join(struct.pack("=HBBI", *step) for step in code))
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    set_mode_filter, on_every_thread = 1, 1
    seccomp = {"x86_64": 317, "aarch64": 277}[platform.machine()]
    linux.syscall(seccomp, set_mode_filter, on_every_thread, struct.pack("@HP", len(code), address))
    del keep_alive
    return len(code)
