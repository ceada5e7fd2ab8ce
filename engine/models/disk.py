"""The disk that a folder is on: how much room is left, and whether the system encrypts it.

Encryption is told on Linux only, from what the kernel shows of its volumes; a disk that encrypts itself does so unseen.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psutil

_ENCRYPTED = "CRYPT-"  # how the kernel's identifiers of encrypted volumes begin
_ENCRYPTED_FILE_SYSTEMS = ("ecryptfs",)
_DEEPEST = 8  # volumes on volumes; deeper nesting would be a loop

Answer = tuple[bool | None, str]


def disk_free(folder: Path) -> int | None:
    """Bytes that can still be written where `folder` is, or will be; None if that cannot be told."""
    place = _existing(folder)
    try:
        return None if place is None else int(psutil.disk_usage(str(place)).free)
    except OSError:
        return None


def disk_encrypted(folder: Path, root: Path = Path("/")) -> Answer:
    """Whether the system encrypts the disk that `folder` is on; where that is not known, None and why."""
    if sys.platform == "darwin":
        return None, "macOS tells it only to a program of its own"
    if sys.platform == "win32":
        return None, "Windows tells it only to administrators"
    mount = _mount_of(_existing(folder) or folder, root)
    if mount is None:
        return None, "the system does not say on which disk the folder is"
    number, file_system, source = mount
    if file_system in _ENCRYPTED_FILE_SYSTEMS:
        return True, ""
    volume = _volume(root, number, source)
    if volume is None:
        return None, f"the folder is on a file system without a disk of its own ({file_system})"
    return _is_encrypted(volume, root, _DEEPEST), ""


def _existing(folder: Path) -> Path | None:
    return next((place for place in (folder, *folder.parents) if place.exists()), None)


def _mount_of(folder: Path, root: Path) -> tuple[str, str, str] | None:
    """Device number, kind and source of the file system that holds `folder`."""
    try:
        lines = (root / "proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
        resolved = folder.resolve()
    except OSError:
        return None
    best: tuple[int, tuple[str, str, str]] | None = None
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, described = before.split(), after.split()
        if len(fields) < 5 or len(described) < 2:
            continue
        point = Path(fields[4].replace("\\040", " "))
        depth = len(point.parts)
        # Of two mounts on the same place the later one is seen.
        if resolved.is_relative_to(point) and (best is None or depth >= best[0]):
            best = depth, (fields[2], described[0], described[1])
    return best[1] if best else None


def _volume(root: Path, number: str, source: str) -> Path | None:
    """What the kernel shows of a block device; btrfs has a device number of its own, but names its disk."""
    by_number = root / "sys/dev/block" / number
    if by_number.exists():
        return by_number
    if not source.startswith("/dev/"):
        return None
    try:
        name = (root / source.removeprefix("/")).resolve().name
    except OSError:
        return None
    by_name = root / "sys/class/block" / name
    return by_name if by_name.exists() else None


def _is_encrypted(volume: Path, root: Path, deepest: int) -> bool:
    """It is encrypted itself, or all that it is made of is."""
    try:
        if (volume / "dm/uuid").read_text("ascii", "replace").startswith(_ENCRYPTED):
            return True
    except OSError:
        pass
    try:
        below = sorted(each.name for each in (volume / "slaves").iterdir())
    except OSError:
        return False
    if not below or not deepest:
        return False
    return all(_is_encrypted(root / "sys/class/block" / name, root, deepest - 1) for name in below)
