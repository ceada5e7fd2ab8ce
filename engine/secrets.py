"""The one door to the system keyring. Knows what a secret is called, not what it is for.

Only backends known to encrypt are used, chosen from an allow-list. `keyring.get_keyring()` is never asked: the
environment, a configuration file or an installed package can make it a plain-text file, or one that forgets.
Any call may block while the operating system asks the user, so none belongs on the window's thread.
"""

from __future__ import annotations

import base64
import binascii
import importlib
import logging
import secrets as randomness
from collections.abc import Iterator
from contextlib import contextmanager

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError

from engine.errors import StoreLocked

log = logging.getLogger(__name__)

SERVICE = "Strongroom"
PROBE_SERVICE = "Strongroom probe"

ENCRYPTING = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
)


def secure_keyring() -> KeyringBackend:
    """The encrypting keyring of this computer, after a trial write, read and delete.

    Raises StoreLocked: `no_keyring` when there is none, `keyring_locked` when it does not keep what it is given.
    """
    backend = _backend()
    name, trial = randomness.token_hex(8), randomness.token_hex(8)
    with _foreign_errors():
        backend.set_password(PROBE_SERVICE, name, trial)
        kept = backend.get_password(PROBE_SERVICE, name)
        backend.delete_password(PROBE_SERVICE, name)
    if kept != trial:
        raise StoreLocked("keyring_locked")
    return backend


def read_secret(name: str) -> bytes | None:
    """The secret called `name`; None when the keyring does not have it. Raises StoreLocked as `secure_keyring`."""
    backend = _backend()
    with _foreign_errors():
        stored = backend.get_password(SERVICE, name)
    if stored is None:
        return None
    try:
        return base64.b64decode(stored, validate=True)
    except binascii.Error:
        return None  # somebody else's entry under our name is not our secret


def write_secret(name: str, secret: bytes) -> None:
    """Keep a secret, replacing what had this name, and make sure that it was kept. Raises StoreLocked."""
    backend = secure_keyring()
    stored = base64.b64encode(secret).decode("ascii")
    with _foreign_errors():
        backend.set_password(SERVICE, name, stored)
        kept = backend.get_password(SERVICE, name)
    if kept != stored:
        raise StoreLocked("keyring_locked")


def delete_secret(name: str) -> None:
    """Forget a secret; one that is not there is forgotten already. Raises StoreLocked."""
    backend = _backend()
    with _foreign_errors():
        try:
            backend.delete_password(SERVICE, name)
        except PasswordDeleteError:
            if backend.get_password(SERVICE, name) is not None:
                raise


def _backend() -> KeyringBackend:
    """The best backend of the allow-list that works here. Loads no backend that is not on the list."""
    usable = []
    for module, name in ENCRYPTING:
        try:
            kind = getattr(importlib.import_module(module), name)
            usable.append((float(kind.priority), kind))
        except Exception:  # the way a backend says that it cannot work here differs from one to the next
            continue
    if not usable:
        raise StoreLocked("no_keyring")
    _, best = max(usable, key=lambda each: each[0])
    backend: KeyringBackend = best()
    return backend


@contextmanager
def _foreign_errors() -> Iterator[None]:
    """Anything that goes wrong inside a backend means that the keyring cannot be used now; its text is not passed on."""
    try:
        yield
    except NoKeyringError:
        raise StoreLocked("no_keyring") from None
    except KeyringError as error:
        log.info("the keyring refused: %s", type(error).__name__)
        raise StoreLocked("keyring_locked") from None
    except Exception as error:  # D-Bus libraries have a dozen kinds for a bus that went away
        log.info("the keyring is out of reach: %s", type(error).__name__)
        raise StoreLocked("no_keyring") from None
