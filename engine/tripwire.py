"""A tripwire around the door: whatever in this process uses the network past it is stopped and told.

An audit hook of the interpreter. It sees every socket that Python opens, whoever wrote the code, but nothing of
libraries that call the operating system themselves; the one of those that would, hf_xet, is kept from being imported.
Unix sockets stay open, since keyrings and the window system are reached by them. It knows of no policy: the door says
beforehand, thread by thread and address by address, what it is about to do.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any

log = logging.getLogger(__name__)

ON_SOCKETS = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
ON_NAMES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
NATIVE = frozenset({"hf_xet"})
WATCHED = ON_SOCKETS | ON_NAMES | {"import"}


@dataclass(frozen=True)
class Attempt:
    """Something that was stopped: the interpreter's name for it, and where it wanted to go as far as that is known."""

    what: str
    host: str
    port: int


class Bypassed(PermissionError):
    """What the code that tried is told: the way libraries hear that a system does not let them."""


class _Expected(threading.local):
    what: tuple[str, Any] | None = None
    reporting: bool = False


_expected = _Expected()
_report: Callable[[Attempt], None] | None = None
_installing = threading.Lock()
_is_installed = False
_untold: deque[Attempt] = deque(maxlen=50)  # of a time when there was nobody to tell


def install(report: Callable[[Attempt], None] | None = None) -> None:
    """Stop everything that passes the door from now on, and tell `report`, on the thread that tried.

    Cannot be undone in this process. Called again it only changes who is told. What is stopped before there is somebody
    to tell is told later.
    """
    global _is_installed
    with _installing:
        is_new, _is_installed = not _is_installed, True
        if report is not None:
            report_to(report)
        if is_new:
            sys.addaudithook(_hook)


def report_to(report: Callable[[Attempt], None]) -> None:
    """Tell somebody else from now on; stops nothing where nothing was installed."""
    global _report
    _report = report
    while _untold:
        _tell(_untold.popleft())


@contextmanager
def expected(what: str, target: Any) -> Iterator[None]:
    """Within it this thread may do this one thing: a socket event with this address, or a look-up of this name."""
    _expected.what = (what, target)
    try:
        yield
    finally:
        _expected.what = None


def _hook(event: str, about: tuple[Any, ...]) -> None:
    if event not in WATCHED:
        return
    if event == "import":
        if about[0] in NATIVE:
            _tell(Attempt("import", str(about[0]), 0))
            raise ImportError(f"{about[0]} would open connections past the door")
        return
    target = about[1] if event in ON_SOCKETS else about[0]
    if _expected.what == (event, target) or _is_local(event, about):
        return
    host, port = _place(event, about)
    _tell(Attempt(event, host, port))
    raise Bypassed(f"{event} past the door")


def _is_local(event: str, about: tuple[Any, ...]) -> bool:
    """Unix sockets, and the pair of sockets that an event loop wakes itself with where there are none of those."""
    if event not in ON_SOCKETS:
        return False
    if about[0].family == getattr(socket, "AF_UNIX", None):
        return True
    return _PAIR is not None and sys._getframe(2).f_code is _PAIR


def _place(event: str, about: tuple[Any, ...]) -> tuple[str, int]:
    if event == "socket.getaddrinfo":
        host, port = about[0], about[1]
    elif event == "socket.gethostbyname" or event == "socket.gethostbyaddr":
        host, port = about[0], 0
    else:
        address = about[0] if event == "socket.getnameinfo" else about[1]
        host, port = address[:2] if isinstance(address, tuple) and len(address) >= 2 else (address, 0)
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    return str(host)[:253] if host else "", port if isinstance(port, int) else 0


def _tell(attempt: Attempt) -> None:
    if _expected.reporting:  # whoever is told may not set it off again
        return
    if _report is None:
        _untold.append(attempt)
        return
    _expected.reporting = True
    try:
        _report(attempt)
    except Exception as problem:  # being told must not change what is stopped
        log.error("an attempt past the door could not be told: %s", type(problem).__name__)
    finally:
        _expected.reporting = False


def _code_of_pair() -> CodeType | None:
    """The code by which Python makes a pair of sockets out of the loopback address, on systems without Unix sockets."""
    maker = getattr(socket, "_fallback_socketpair", None if hasattr(socket, "AF_UNIX") else socket.socketpair)
    return getattr(maker, "__code__", None)


_PAIR = _code_of_pair()
