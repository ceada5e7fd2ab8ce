from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine import secrets
from engine.settings import Settings
from engine.work.hub_access import HubAccess
from tests.network_stage import Notes, open_door


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A keyring that keeps what it is given; the real one has tests of its own."""
    kept: dict[str, bytes] = {}
    monkeypatch.setattr(secrets, "read_secret", kept.get)
    monkeypatch.setattr(secrets, "write_secret", kept.__setitem__)
    monkeypatch.setattr(secrets, "delete_secret", lambda name: kept.pop(name, None))
    return kept


def test_a_hub_is_told_its_own_token_also_after_another_one_was_chosen(keyring: dict[str, bytes], tmp_path: Path) -> None:
    settings = Settings(hub="https://mirror.example")
    access = HubAccess(open_door(Notes()), lambda: settings.hub, tmp_path)
    mirror = access.client()
    settings = Settings(hub="https://huggingface.co")
    asyncio.run(access.keep_token("hf_secret"))
    assert mirror._kept_token() is None
    assert access.client()._kept_token() == "hf_secret"
    assert asyncio.run(access.has_token())
    asyncio.run(access.keep_token(None))
    assert not keyring and access.client()._kept_token() is None
