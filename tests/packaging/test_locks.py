"""What is installed is what was locked: hashes for everything, nothing of one machine, notices up to date."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-test.lock", "packaging/pip.lock", "packaging/starter-model.lock"]


def entries(lock: str) -> dict[str, list[str]]:
    """Each `name==version` of a lock with its hashes."""
    found: dict[str, list[str]] = {}
    for line in (TOP / lock).read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"[a-z0-9][a-z0-9._-]*==[^\s;]+", line):
            hashes = found.setdefault(pin[0], [])
        elif hashed := re.match(r"\s+--hash=(sha256:[0-9a-f]{64})\b", line):
            hashes.append(hashed[1])
        else:
            assert not line.strip() or line.lstrip().startswith("#"), f"{lock} holds an unknown line: {line}"
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_with_a_hash(lock):
    assert entries(lock)
    assert [pin for pin, hashes in entries(lock).items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_and_no_place_of_one_machine_is_in_a_lock(lock):
    text = (TOP / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--index-url|--extra-index-url|--find-links|(?<!\S)/\w", text)


def test_tests_run_on_the_packages_that_users_get():
    assert entries("requirements.lock").items() <= entries("requirements-test.lock").items()


def test_everything_the_program_asks_for_is_locked():
    asked = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.match(r"[A-Za-z0-9._-]+", each)[0].lower() for each in asked}
    assert names - {pin.partition("==")[0] for pin in entries("requirements.lock")} == set()


def test_binary_packages_are_locked_for_all_three_systems():
    """A wheel has a hash of its own for each system, so a lock made for one system alone holds very few."""
    few = {"cryptography": 20, "numpy": 40, "pyside6-essentials": 5, "sqlcipher3": 40, "pypdfium2": 10}
    locked = {pin.partition("==")[0]: len(hashes) for pin, hashes in entries("requirements.lock").items()}
    assert {name for name, least in few.items() if locked[name] < least} == set()


def test_the_notices_name_what_the_lock_holds():
    notices = (TOP / "packaging" / "THIRD-PARTY-NOTICES.md").read_text(encoding="utf-8")
    for_a_browser = {"httpx2-jsfetch"}  # locked by httpx2 for a system that Strongroom does not run on
    names = {pin.partition("==")[0] for pin in entries("requirements.lock")} - for_a_browser
    assert {name for name in names if f"| {name} |" not in notices} == set(), "run `make notices`"
