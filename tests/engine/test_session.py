"""The lock and the settings of a session, where wishes, failures and the end of the program cross each other."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import secrets
from engine.compare_events import ProvidersListed
from engine.compare_intents import PrepareComparison, RemoveProvider
from engine.compare_records import RemoteChoice
from engine.errors import DiskFull, ModelMissing, StoreDamaged, StoreLocked
from engine.events import Event, MattersChanged, Trouble
from engine.handlers import HANDLERS
from engine.model_events import NetworkChanged
from engine.model_intents import SearchHub
from engine.provider_records import Provider
from engine.providers.presets import PRESETS
from engine.records import ModelId, RequestId
from engine.service import Service, open_service
from engine.session import Session
from engine.store.providers import StoredProviders
from engine.work.chat_in_use import ChatInUse
from tests.engine.cheap_passphrases import cheap_passphrases

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    with cheap_passphrases():
        yield


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def service(tmp_path: Path, events: list[Event]) -> Iterator[Service]:
    service = open_service(str(tmp_path / "profile"), events.append)
    service.start(with_window=False)
    yield service
    service.close()


async def _unlocked(session: Session) -> Session:
    await session.unlock("passphrase", PASSPHRASE, go_on=False)
    return session


def test_a_lock_that_is_closed_stays_so_when_an_older_change_is_written_late(service: Service, events: list[Event]) -> None:
    disk_goes_on = threading.Event()

    async def crossing(session: Session) -> int:
        await (await _unlocked(session)).open_network("models")
        session.access._writer.submit(disk_goes_on.wait)
        older = asyncio.ensure_future(session.change_settings(session.settings.model_copy(update={"theme": "dark"})))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(session.close_network())
        await asyncio.sleep(0)
        n_before = len(events)
        disk_goes_on.set()
        await asyncio.gather(older, closing)
        assert session.settings.theme == "dark"
        return n_before

    after = events[service.call(crossing) :]
    assert after and all(event.state.is_closed for event in after if isinstance(event, NetworkChanged))


def test_a_lock_that_cannot_be_kept_closed_stays_closed_for_this_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def closing_on_a_full_disk(session: Session) -> None:
        await (await _unlocked(session)).open_network("models")

        async def full(_: Any) -> None:
            raise DiskFull(0)

        with monkeypatch.context() as patched:
            patched.setattr(session.access, "write", full)
            with pytest.raises(DiskFull):
                await session.close_network()
        await session.change_settings(session.settings.model_copy(update={"theme": "dark"}))
        assert session.network.state().is_closed and session.settings.theme == "dark"

    service.call(closing_on_a_full_disk)


def test_a_lock_that_cannot_be_kept_open_is_not_opened(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def opening_on_a_full_disk(session: Session) -> None:
        await _unlocked(session)

        async def full(_: Any) -> None:
            raise DiskFull(0)

        monkeypatch.setattr(session.access, "write", full)
        with pytest.raises(DiskFull):
            await session.open_network("models")
        assert session.network.state().is_closed and session.settings.open_purposes == ()

    service.call(opening_on_a_full_disk)


def test_a_wish_while_the_store_opens_does_not_replace_the_settings_in_it(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep(session: Session) -> None:
        await _unlocked(session)
        await session.change_settings(session.settings.model_copy(update={"n_ctx": 8192}))

    async def wish_meanwhile(session: Session) -> None:
        read = session.access.read

        async def interrupted(call: Any) -> Any:
            await session.close_network()
            return await read(call)

        with monkeypatch.context() as patched:
            patched.setattr(session.access, "read", interrupted)
            await _unlocked(session)
        assert session.settings.n_ctx == 8192
        assert (await session.access.read(lambda store: store.settings.read())).n_ctx == 8192

    service.call(keep)
    service.close()
    later = open_service(str(tmp_path / "profile"), lambda _: None)
    later.start(with_window=False)
    try:
        later.call(wish_meanwhile)
    finally:
        later.close()


def test_providers_that_cannot_be_read_keep_nobody_from_their_matters(
    service: Service, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: Any) -> list[Provider]:
        raise StoreDamaged("store.db", "not_readable")

    monkeypatch.setattr(StoredProviders, "list", damaged)
    service.call(_unlocked)
    assert any(isinstance(event, MattersChanged) for event in events)
    assert [event.error.kind for event in events if isinstance(event, Trouble)] == ["store_damaged"]


def test_a_provider_whose_key_stays_in_a_locked_keyring_is_gone_from_the_list_all_the_same(
    service: Service, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: str) -> None:
        raise StoreLocked("keyring_locked")

    monkeypatch.setattr(secrets, "delete_secret", locked)
    monkeypatch.setattr(secrets, "read_secret", locked)

    async def removing(session: Session) -> None:
        await _unlocked(session)
        await session.compare.remote.keep(PRESETS[0])
        with pytest.raises(StoreLocked):
            await HANDLERS[RemoveProvider](session, RemoveProvider(PRESETS[0].id))

    service.call(removing)
    listed = [event for event in events if isinstance(event, ProvidersListed)]
    assert [event.providers for event in listed] == [()]


def test_nobody_is_asked_for_a_key_before_something_is_to_be_sent(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []  # a locked keyring asks a person each time, and what runs here would wait for that
    monkeypatch.setattr(secrets, "read_secret", asked.append)

    async def preparing(session: Session) -> None:
        await _unlocked(session)
        for preset in PRESETS[:2]:
            await session.compare.remote.keep(preset)
        asked.clear()
        panes = tuple(RemoteChoice(preset.id, preset.models[0]) for preset in PRESETS[:2])
        preview = await session.compare.comparing.prepare(PrepareComparison(RequestId("r"), None, "Sum it up.", panes))
        assert preview is not None and len(preview.receivers) == 2 and asked == []

    service.call(preparing)


def test_before_the_model_in_use_is_exchanged_what_it_answers_in_a_comparison_ends(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def exchanging(session: Session) -> None:
        ended: list[ModelId] = []

        async def stop_local(model: ModelId) -> None:
            ended.append(model)

        monkeypatch.setattr(session.compare.comparing, "stop_local", stop_local)
        monkeypatch.setattr(ChatInUse, "model_id", ModelId("old"))
        with pytest.raises(ModelMissing):
            await session.chat.load("nowhere.gguf")
        assert ended == ["old"]

    service.call(exchanging)


def test_closing_the_program_ends_what_runs_and_writes_its_end_down(service: Service, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stalling:

        async def ready(session: Session) -> None:
            await _unlocked(session)
            session.network.use_hub_for_this_run(f"http://127.0.0.1:{stalling.getsockname()[1]}", (), session.settings)
            await session.open_network("models")

        service.call(ready)
        service.submit(SearchHub(RequestId("1"), "tiny"))
        visitor, _ = stalling.accept()
        with visitor:
            visitor.settimeout(20)
            assert visitor.recv(100).startswith(b"GET ")
            started = time.monotonic()
            service.close()
            while visitor.recv(4096):
                pass
            assert time.monotonic() - started < 5

    later = open_service(str(tmp_path / "profile"), lambda _: None)
    later.start(with_window=False)
    try:
        (entry,) = later.call(lambda session: _log(session))
    finally:
        later.close()
    assert entry.outcome == "failed"


async def _log(session: Session) -> Any:
    return await (await _unlocked(session)).network.connections(None)
