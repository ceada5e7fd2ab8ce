"""Whether a seal holds: really try what it should refuse, from inside, and report what was possible after all.

Platform-neutral on purpose: it asks the operating system, not the code that set the seal up. The root folder and
the sockets always exist, so that at least one question of each kind has a meaning. Leaves nothing behind.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def network_holes(*, sockets_themselves: bool) -> list[str]:
    """Ways to the network that are open. `sockets_themselves`: even making a socket must be refused."""
    try:
        import _socket
    except ImportError:
        return []
    families = [(name, getattr(_socket, name, None)) for name in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")]
    kinds = [("stream", _socket.SOCK_STREAM), ("datagram", _socket.SOCK_DGRAM)]
    return [
        f"{name} {kind}"
        for name, family in families
        if family is not None
        for kind, number in kinds
        if _socket_works(family, number, making_is_enough=sockets_themselves)
    ]


def _socket_works(family: int, kind: int, *, making_is_enough: bool) -> bool:
    import _socket

    try:
        end = _socket.socket(family, kind)
    except OSError as refusal:
        return not isinstance(refusal, PermissionError) and making_is_enough and not _is_unknown(refusal)
    try:
        if making_is_enough or family not in (_socket.AF_INET, _socket.AF_INET6):
            return making_is_enough
        end.connect(("127.0.0.1" if family == _socket.AF_INET else "::1", 9))
    except PermissionError:
        return False
    except OSError:
        return True  # nobody answered, so it was let through
    finally:
        end.close()
    return True


def _is_unknown(refusal: OSError) -> bool:
    """The system has no such family or kind at all, sealed or not."""
    import errno

    return refusal.errno in (errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT)


def file_holes(readable: Sequence[Path]) -> list[str]:
    """Places that can be read or written although nothing in `readable` covers them."""
    home = Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or os.sep)
    outside = [place for place in (Path(os.sep), home) if not _is_covered(place, readable)]
    holes = [f"reading {place}" for place in outside if _can_list(place)]
    shared = [Path(place) for place in ("/tmp", "/var/tmp", "/dev/shm", os.environ.get("TEMP", "/tmp"))]
    return holes + [f"writing {place}" for place in dict.fromkeys((home, *shared)) if _can_write(place)]


def _is_covered(place: Path, readable: Sequence[Path]) -> bool:
    # The root is never covered: a seal that lets everything be read is none.
    return place != Path(os.sep) and any(place.is_relative_to(allowed) for allowed in readable if allowed != Path(os.sep))


def _can_list(place: Path) -> bool:
    try:
        os.listdir(place)
    except (PermissionError, FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it failed for another reason than being refused
    return True


def _can_write(folder: Path) -> bool:
    trial = folder / f".strongroom-seal-{os.urandom(8).hex()}"
    try:
        os.close(os.open(trial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        return False
    os.unlink(trial)
    return True
