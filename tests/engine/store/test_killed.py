"""A process that is killed at any step leaves what was there before, or what it was about to make, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KEPT = {"kept": ["kept bytes"]}
CHECKOUT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks")


def after_kills(action: str, tmp_path: Path, kind: str = "passphrase") -> list[dict[str, Any]]:
    """What was found after each kill; every finding opened, and the last run came to its end."""
    command = [sys.executable, str(Path(__file__).with_name("killed.py")), action, str(tmp_path), kind]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=110)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, ended.stderr
    assert [line for line in lines if line["looked"] != 0] == [], ended.stderr
    assert [line["code"] for line in lines] == [137] * (len(lines) - 1) + [0]
    assert len(lines) >= 10, "there are many steps to be killed at"
    return [line["found"] for line in lines]


def files_of(found: dict[str, Any]) -> set[str]:
    return {"store.db", "store.json", "store.lock", *(f"matters/{matter}.db" for matter in found["ids"])}


@pytest.mark.parametrize("kind", ["passphrase", "keyring"])
def test_creating_a_store_leaves_none_or_one_that_opens(tmp_path: Path, kind: str) -> None:
    findings = after_kills("create", tmp_path, kind)
    assert {found["state"] for found in findings} == {None, kind}
    for found in findings:
        assert found["matters"] == {}
        assert set(found["files"]) == files_of(found)
    assert len(list((tmp_path / "keys").iterdir())) == (1 if kind == "keyring" else 0)


def test_creating_a_matter_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    findings = after_kills("create_matter", tmp_path)
    assert {tuple(found["matters"]) for found in findings} == {("kept",), ("kept", "new")}
    for found in findings:
        assert found["matters"] in (KEPT, {**KEPT, "new": []})
        assert set(found["files"]) == files_of(found)


def test_deleting_a_matter_leaves_it_whole_or_nothing(tmp_path: Path) -> None:
    findings = after_kills("delete_matter", tmp_path)
    assert {tuple(found["matters"]) for found in findings} == {("kept",), ()}
    for found in findings:
        assert found["matters"] in (KEPT, {})
        assert set(found["files"]) == files_of(found)


def test_deleting_a_vote_set_leaves_it_whole_or_nothing(tmp_path: Path) -> None:
    findings = after_kills("delete_vote_set", tmp_path)
    assert {(*found["sets"], *found["prompts"]) for found in findings} == {("set", 1, 1), (0, 0)}


def test_settling_a_call_leaves_it_unknown_or_with_its_cost_and_once_in_the_books(tmp_path: Path) -> None:
    findings = after_kills("settle_call", tmp_path)
    assert {tuple(found["books"]) for found in findings} == {(None,), (5,)}
    assert all(found["sound"] for found in findings)


def test_changing_the_passphrase_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    findings = after_kills("change_passphrase", tmp_path)
    assert {found["passphrase"] for found in findings} == {"old passphrase", "new passphrase"}
    assert all(found["matters"] == KEPT for found in findings)


def test_a_migration_leaves_everything_that_was_stored(tmp_path: Path) -> None:
    for found in after_kills("migrate", tmp_path):
        assert found["matters"] == KEPT
        assert set(found["files"]) == files_of(found)
