"""The keyring door against real keyrings, in processes of their own; none of them is that of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from engine import secrets
from engine.errors import StoreLocked

CHECKOUT = Path(__file__).parents[2]
SECRET_SERVICE = CHECKOUT / "tests/secret_service.sh"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus and the Secret Service are Linux's")


def said(program: str, home: Path, *around: str, environment: dict[str, str] | None = None) -> str:
    """What `program` prints, started in `home` with no session bus but the one that `around` brings."""
    forget = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "PYTHON_KEYRING_BACKEND")
    scrubbed = {name: value for name, value in os.environ.items() if name not in forget}
    scrubbed |= {"HOME": str(home), "PYTHONPATH": str(CHECKOUT), "XDG_RUNTIME_DIR": str(home), **(environment or {})}
    command = [*around, sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, env=scrubbed, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


REASON = """
from engine import secrets
from engine.errors import StoreLocked
for call in (secrets.secure_keyring, lambda: secrets.write_secret("n", b"x")):
    try:
        print(type(call()).__module__)
    except StoreLocked as error:
        print(error.reason)
"""


# ---------------------------------------------------------------- a real Secret Service
@LINUX
def test_a_secret_is_kept_replaced_and_forgotten(tmp_path: Path) -> None:
    program = """
from engine import secrets
print(type(secrets.secure_keyring()).__module__, secrets.read_secret("store 1"))
secrets.write_secret("store 1", bytes(range(256)))
secrets.write_secret("store 2", b"two")
print(secrets.read_secret("store 1") == bytes(range(256)), secrets.read_secret("store 2"))
secrets.write_secret("store 1", b"")
secrets.delete_secret("store 2")
secrets.delete_secret("store 2")
print(secrets.read_secret("store 1"), secrets.read_secret("store 2"))
"""
    lines = said(program, tmp_path, "sh", str(SECRET_SERVICE)).splitlines()
    assert lines == ["keyring.backends.SecretService None", "True b'two'", "b'' None"]


@LINUX
def test_the_trial_leaves_nothing_in_the_keyring(tmp_path: Path) -> None:
    program = """
import secretstorage
from engine import secrets
secrets.secure_keyring()
connection = secretstorage.dbus_init()
print([item.get_label() for item in secretstorage.get_default_collection(connection).get_all_items()])
"""
    assert said(program, tmp_path, "sh", str(SECRET_SERVICE)) == "[]"


@LINUX
def test_a_store_keeps_its_key_there(tmp_path: Path) -> None:
    program = """
import json
from pathlib import Path
from engine import secrets
from engine.errors import StoreLocked
from engine.paths import Profile
from engine.store.store import Store
profile = Profile(Path.home() / "profile")
store = Store.open(profile, protection="keyring")
store.matters.create("Northwind")
store.close()
store = Store.open(profile, protection="keyring")
print([matter.name for matter in store.matters.list()])
store.close()
secrets.delete_secret("store " + json.loads(profile.header.read_text())["store"])
try:
    Store.open(profile, protection="keyring")
except StoreLocked as error:
    print(error.reason)
"""
    assert said(program, tmp_path, "sh", str(SECRET_SERVICE)).splitlines() == ["['Northwind']", "key_missing"]


@LINUX
def test_a_keyring_that_stays_locked_is_said(tmp_path: Path) -> None:
    """A keyring daemon that was never unlocked, on a session without a display to ask on."""
    session = 'gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 & exec "$@"'
    around = ("dbus-run-session", "--", "sh", "-c", session, "sh", "sh", "-c", 'sleep 0.5; exec "$@"', "sh")
    assert said(REASON, tmp_path, *around).splitlines() == ["keyring_locked"] * 2


BARE_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


@LINUX
def test_a_session_without_a_keyring_is_said(tmp_path: Path) -> None:
    (tmp_path / "bus.conf").write_text(BARE_BUS)  # starts no service on demand
    around = ("dbus-run-session", f"--config-file={tmp_path / 'bus.conf'}", "--")
    assert said(REASON, tmp_path, *around).splitlines() == ["no_keyring"] * 2


# ---------------------------------------------------------------- nothing that writes in clear
@LINUX
def test_without_a_bus_there_is_no_keyring(tmp_path: Path) -> None:
    assert said(REASON, tmp_path).splitlines() == ["no_keyring"] * 2


PLAIN = """
from pathlib import Path
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 99
    def set_password(self, service, name, password): Path({file!r}).write_text(password)
    def get_password(self, service, name): return Path({file!r}).read_text()
    def delete_password(self, service, name): Path({file!r}).unlink()
"""


@LINUX
@pytest.mark.parametrize("forced", ["environment", "configuration", "installed"])
def test_a_plain_text_keyring_is_refused_however_it_is_chosen(tmp_path: Path, forced: str) -> None:
    leaked = tmp_path / "in clear"
    packages, configuration = tmp_path / "packages", tmp_path / "config/python_keyring"
    configuration.mkdir(parents=True)
    (packages / "plain-1.0.dist-info").mkdir(parents=True)
    (packages / "plain.py").write_text(PLAIN.format(file=str(leaked)))
    environment = {"PYTHONPATH": f"{CHECKOUT}{os.pathsep}{packages}", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    if forced == "environment":
        environment["PYTHON_KEYRING_BACKEND"] = "plain.Keyring"
    elif forced == "configuration":
        (configuration / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=plain.Keyring\n")
    else:
        (packages / "plain-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: plain\nVersion: 1.0\n")
        (packages / "plain-1.0.dist-info/entry_points.txt").write_text("[keyring.backends]\nplain = plain\n")
    control = "import keyring; print(keyring.get_keyring().__class__.__module__)"
    assert said(control, tmp_path, environment=environment) == "plain", "the control: keyring itself would take it"
    assert said(REASON, tmp_path, environment=environment).splitlines() == ["no_keyring"] * 2
    assert not leaked.exists()


# ---------------------------------------------------------------- backends that misbehave
class Backend(KeyringBackend):
    """A backend on the allow-list that does what a test wants."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.raises: Exception | None = None
        self.forgets = False

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.raises is not None:
            raise self.raises
        if not self.forgets:
            self.entries[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        if self.raises is not None:
            raise self.raises
        return self.entries.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None and not self.forgets:
            raise PasswordDeleteError("no such password")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Backend:
    listed = Backend()
    monkeypatch.setattr(secrets, "_backend", lambda: listed)
    return listed


def reasons(calls: Sequence) -> set[str]:
    found = set()
    for call in calls:
        with pytest.raises(StoreLocked) as refused:
            call()
        found.add(refused.value.reason)
    return found


def test_a_keyring_that_forgets_is_not_trusted(backend: Backend) -> None:
    backend.forgets = True
    assert reasons([secrets.secure_keyring, lambda: secrets.write_secret("n", b"x")]) == {"keyring_locked"}


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (KeyringLocked("Failed to unlock the collection!"), "keyring_locked"),
        (KeyringError("Prompt dismissed"), "keyring_locked"),
        (NoKeyringError("none"), "no_keyring"),
        (ConnectionResetError("the bus went away"), "no_keyring"),
    ],
)
def test_what_a_backend_raises_becomes_one_of_two_reasons(backend: Backend, raised: Exception, reason: str) -> None:
    backend.raises = raised
    calls = [secrets.secure_keyring, lambda: secrets.read_secret("n"), lambda: secrets.write_secret("n", b"x")]
    assert reasons(calls) == {reason}


def test_an_entry_of_somebody_else_is_not_our_secret(backend: Backend) -> None:
    backend.entries[secrets.SERVICE, "n"] = "not base64!"
    assert secrets.read_secret("n") is None


def test_a_secret_that_will_not_go_is_said(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.write_secret("n", b"x")

    def refuse(service: str, username: str) -> None:
        raise PasswordDeleteError("denied")

    monkeypatch.setattr(backend, "delete_password", refuse)
    assert reasons([lambda: secrets.delete_secret("n")]) == {"keyring_locked"}
