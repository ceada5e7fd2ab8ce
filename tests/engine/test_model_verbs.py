"""The verbs about models and the network as a script meets them, against a hub on the loopback address.

Without a passphrase they run in processes of their own, else in this one: it has imported the program already.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import command_line
from tests.engine.cheap_passphrases import make_store
from tests.loopback_hub import Fault, LoopbackHub
from tests.model_shapes import SHAPES
from tests.random_models import write_random_model

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PASSPHRASE = "correct horse battery staple"
REPOSITORY, FILE = "acme/tiny-GGUF", "tiny.Q4_K_M.gguf"


@dataclass(frozen=True)
class Ran:
    """What a verb said."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """Runs verbs on one profile with a passphrase, as on a server without a keyring."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def ask(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a verb by somebody who gives no passphrase, in a process of its own."""
        command = [sys.executable, str(CHECKOUT / "main.py"), "--profile", str(self.profile), *map(str, arguments), "--json"]
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        return subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)

    def run(self, *arguments: str | Path) -> Ran:
        """Run a verb by somebody who gives the passphrase, in this process."""
        read, write = os.pipe()  # its reader closes it
        os.write(write, PASSPHRASE.encode() + b"\n")
        os.close(write)
        out, err = io.StringIO(), io.StringIO()
        given = ["--profile", str(self.profile), *map(str, arguments), "--json", "--passphrase-fd", str(read)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = command_line.main(given)
        return Ran(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str | Path) -> Any:
        """The one document on standard output of a verb that is done."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    def refused(self, *arguments: str | Path, code: int = 1) -> dict[str, Any]:
        """The error of a verb that fails with this exit code."""
        done = self.run(*arguments)
        assert done.returncode == code, done.stderr + done.stdout
        error: dict[str, Any] = json.loads(done.stdout)["error"]
        assert error["message"] and error["message"] in done.stderr
        return error


@pytest.fixture
def shell(tmp_path: Path, starter_model: Path, embedding_model: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return Shell(tmp_path / "profile")


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """Its store is there already."""
    make_store(shell.profile, PASSPHRASE)
    return shell


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_model(SHAPES[1], tmp_path_factory.mktemp("models") / FILE)


@pytest.fixture
def hub(model_file: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: model_file, "README.md": b"# tiny"})
        yield hub


def of(hub: LoopbackHub) -> list[str]:
    return ["--hub", hub.url, "--hub-host", hub.cdn_url]


# ---------------------------------------------------------------- the lock
def test_what_needs_the_network_is_refused_while_the_lock_is_closed_and_nothing_is_sent(kept: Shell, hub: LoopbackHub):
    for verb in (["search", "tiny"], ["show", REPOSITORY]):
        error = kept.refused("models", *verb, *of(hub), code=3)
        assert error["kind"] == "network_refused" and error["facts"]["reason"] == "offline"
    assert hub.requests == []


def test_the_host_that_nothing_was_sent_to_is_named_also_without_a_store(shell: Shell):
    done = shell.ask("models", "show", REPOSITORY)
    assert done.returncode == 3 and json.loads(done.stdout)["error"]["facts"]["host"] == "huggingface.co"


def test_a_hub_without_encryption_is_only_spoken_to_on_this_computer(shell: Shell):
    error = shell.refused("models", "search", "tiny", "--hub", "http://models.example", "--allow", "models", code=3)
    assert error["facts"]["reason"] == "not_https"


def test_what_may_be_done_without_a_store_makes_none_and_says_what_it_could_not_look_up(shell: Shell):
    done = shell.ask("models", "list")
    assert done.returncode == 0 and json.loads(done.stdout)["models"] and done.stderr == ""
    shell.json("models", "list")
    assert not list(shell.profile.glob("*.db"))
    shell.json("privacy", "lock")
    assert list(shell.profile.glob("*.db"))
    done = shell.ask("models", "list")
    assert done.returncode == 0 and json.loads(done.stdout)["models"] and "passphrase" in done.stderr


def test_who_allows_a_connection_hears_that_the_store_is_what_is_missing(shell: Shell, hub: LoopbackHub):
    done = shell.ask("models", "show", REPOSITORY, "--allow", "models", *of(hub))
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (1, "store_locked")
    assert hub.requests == []


def test_a_purpose_stays_open_until_it_is_locked_again_and_the_log_tells_it(kept: Shell, hub: LoopbackHub, tmp_path: Path):
    assert kept.json("privacy", "unlock")["network"]["open_purposes"] == ["models"]
    assert [each["id"] for each in kept.json("models", "search", "tiny", *of(hub))["models"]] == [REPOSITORY]
    closed = kept.json("privacy", "lock")["network"]
    assert closed["closed"] and closed["since"]
    kept.refused("models", "search", "tiny", *of(hub), code=3)
    file = tmp_path / "log.csv"
    (connection,) = kept.json("privacy", "log", "--export", file)["connections"]
    assert (connection["purpose"], connection["outcome"]) == ("models", "done")
    assert connection["received"] > 0 and len(hub.requests) == 1
    with file.open(newline="", encoding="utf-8-sig") as stream:
        assert len(list(csv.reader(stream))) == 2


# ---------------------------------------------------------------- from search to answer
def test_a_model_is_found_judged_fetched_mended_used_and_removed(kept: Shell, hub: LoopbackHub, model_file: Path):
    opened = ["--allow", "models", *of(hub)]
    done = kept.run("models", "search", "tiny", *opened)
    assert done.returncode == 0 and hub.url.removeprefix("http://").split(":")[0] in done.stderr
    (found,) = json.loads(done.stdout)["models"]
    assert (found["id"], found["licence"], found["at_work"], found["gated"]) == (REPOSITORY, "Apache-2.0", "yes", False)

    (fits,) = kept.json("models", "fit", REPOSITORY, *opened)["models"]
    (size,) = fits["sizes"]
    assert size["sha256"] == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert size["fit"]["verdict"] == "fits_well" and size["fit"]["needed_bytes"] == sum(size["fit"]["sum"].values())
    assert hub.bytes_served(f"{REPOSITORY}/{FILE}") < model_file.stat().st_size

    (model,) = kept.json("models", "download", f"{REPOSITORY}:{FILE}", *opened)["models"]
    assert model["sha256"] == size["sha256"] and model["verified"] and Path(model["file"]).read_bytes() == model_file.read_bytes()
    assert model["fit"]["is_measured"] and model["fit"]["tokens_per_s_low"] > 0

    assert kept.json("models", "verify", model["id"])["check"]["is_sound"]
    _damage(Path(model["file"]))
    before = hub.bytes_served(f"{REPOSITORY}/{FILE}")
    error = kept.refused("models", "verify", model["id"])
    assert (error["kind"], error["facts"]["reason"]) == ("model_damaged", "wrong_checksum")
    kept.json("models", "repair", model["id"], *opened)
    assert Path(model["file"]).read_bytes() == model_file.read_bytes()
    assert hub.bytes_served(f"{REPOSITORY}/{FILE}") - before <= 8 * 1024 * 1024

    assert kept.json("chat", "Hello", "--model", model["id"])["usage"]["generated_tokens"] > 0
    assert kept.json("models", "remove", model["id"])["removed"]["id"] == model["id"]
    assert not Path(model["file"]).exists()


def _damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_file_that_is_not_the_published_one_never_enters_the_library(kept: Shell, hub: LoopbackHub):
    hub.fault(f"{REPOSITORY}/{FILE}", Fault(content=(hub.repositories[REPOSITORY].files[FILE].n_bytes, 5)))
    done = kept.run("models", "download", REPOSITORY, "--allow", "models", *of(hub))
    assert done.returncode == 1 and json.loads(done.stdout)["error"]["kind"] in ("checksum_wrong", "file_changed")
    assert not list((kept.profile / "models").glob("*.gguf"))


# ---------------------------------------------------------------- without a network
def test_the_catalogue_needs_no_network_and_says_what_fits(kept: Shell):
    shown = kept.json("models", "catalogue")
    assert len(shown["models"]) >= 25 and len(shown["first_choices"]) == 3
    named = {each["id"]: each for each in shown["models"]}
    for choice in shown["first_choices"]:
        sizes = {size["quantisation"]: size for size in named[choice]["sizes"]}
        assert sizes[named[choice]["advised"]]["fit"]["verdict"] in ("fits_well", "tight", "slow")
    assert kept.json("models", "show", shown["first_choices"][0])["models"][0]["id"] == shown["first_choices"][0]


def test_the_starter_model_cannot_be_removed(shell: Shell):
    error = shell.refused("models", "remove", "SmolLM2-135M-Instruct.Q4_1", "--even-if-used")
    assert (error["kind"], error["facts"]["reason"]) == ("file_unfit", "needs_confirmation")


def test_what_is_enforced_is_attested(shell: Shell):
    told = shell.json("privacy", "attest")["attestation"]
    assert told["statement"]["network"]["closed"] and told["unsigned"] == "no_keyring"


def test_models_move_to_another_disk_and_to_another_computer(kept: Shell, model_file: Path, tmp_path: Path):
    (model,) = kept.json("models", "import", model_file)["models"]
    assert Path(model["file"]).parent == kept.profile / "models" and model_file.exists()
    moved = kept.json("models", "move", tmp_path / "large disk")["models"]
    assert Path(next(each["file"] for each in moved if each["id"] == model["id"])).parent == tmp_path / "large disk"
    stick = tmp_path / "stick"
    kept.json("models", "export", stick, model["id"])
    (taken,) = Shell(tmp_path / "other profile").json("models", "import", stick)["models"]
    assert taken["sha256"] == model["sha256"]


def test_a_file_can_be_used_where_it_is(kept: Shell, model_file: Path):
    (model,) = kept.json("models", "import", model_file, "--in-place")["models"]
    assert (model["file"], model["in_place"]) == (str(model_file), True)
    kept.json("models", "remove", model["id"])
    assert model_file.exists()
