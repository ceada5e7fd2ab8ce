"""store.json: how a store is protected, in clear beside it. Holds nothing secret and no key; knows no database.

`complete` is False from the first step of creating a store until its last one, so that a store whose making was
interrupted is told apart from one that has lost a part.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from engine.errors import StoreDamaged
from engine.store.keys import Stretching

FORMAT: Final = 1


class PassphraseLock(BaseModel):
    """The main key, wrapped under a key that argon2id makes of a passphrase. Costs are bounded: the file is not trusted."""

    model_config = ConfigDict(frozen=True)

    salt: Base64Bytes = Field(min_length=16, max_length=64)
    memory_kib: int = Field(ge=8, le=4 * 1024 * 1024)
    passes: int = Field(ge=1, le=64)
    lanes: int = Field(ge=1, le=64)
    wrapped_key: Base64Bytes = Field(max_length=256)

    def stretching(self) -> Stretching:
        return Stretching(self.salt, self.memory_kib, self.passes, self.lanes)


class Header(BaseModel):
    """`store` names the entry in the keyring; `check` tells the right main key from a wrong one without the database."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = FORMAT
    store: str = Field(pattern=r"^[0-9a-f]{32}$")
    protection: Literal["keyring", "passphrase"]
    complete: bool
    check: Base64Bytes = Field(max_length=64)
    passphrase: PassphraseLock | None = None


class _Format(BaseModel):
    format: int


def read_header(file: Path) -> Header | None:
    """The header, None when there is no such file. Raises StoreDamaged."""
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        raise StoreDamaged(file.name, "not_readable", "unreadable") from None
    try:
        found = _Format.model_validate_json(text).format
        if found > FORMAT:
            raise StoreDamaged(file.name, "newer_version", f"format {found}")
        header = Header.model_validate_json(text)
    except ValidationError:
        raise StoreDamaged(file.name, "not_readable", "not a header") from None
    if header.protection == "passphrase" and header.passphrase is None:
        raise StoreDamaged(file.name, "not_readable", "no passphrase lock")
    return header


def write_header(file: Path, header: Header) -> None:
    """Put the header in place whole or not at all, also when the power fails. Raises OSError."""
    partial = file.with_name(file.name + ".part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(header.model_dump_json(indent=2).encode("ascii"))
        out.flush()
        os.fsync(out.fileno())
    os.replace(partial, file)
    settle_folder(file.parent)


def settle_folder(folder: Path) -> None:
    """Make names that were created or replaced in a folder outlast a power cut, where the system offers that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
