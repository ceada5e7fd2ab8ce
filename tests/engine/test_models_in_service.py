"""Wishes about models and the network, through the whole engine: a hub on the loopback address, real workers, the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import NetworkRefused
from engine.events import ModelsListed, ModelStateChanged, SettingsChanged, Trouble
from engine.intents import ChangeSettings, ChooseModel
from engine.model_events import (
    ConnectionsListed,
    DownloadChanged,
    HardwareShown,
    HubSearched,
    ModelInUse,
    NetworkChanged,
    OffersShown,
    RepositoryShown,
)
from engine.model_intents import (
    AddModelFile,
    CloseNetwork,
    DownloadModel,
    ListConnections,
    LookAtRepository,
    OpenNetwork,
    PauseDownload,
    RemoveModel,
    RepairModel,
    ResumeDownload,
    SearchHub,
    VerifyModel,
)
from engine.model_records import Download
from engine.records import RequestId
from engine.settings import Settings
from tests.engine.cheap_passphrases import cheap_passphrases
from tests.engine.listening import Listening
from tests.loopback_hub import Fault, LoopbackHub
from tests.model_shapes import SHAPES
from tests.random_models import write_random_model

REPOSITORY, FILE = "acme/tiny-GGUF", "tiny.Q4_0.gguf"


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_model(SHAPES[1], tmp_path_factory.mktemp("models") / FILE)


@pytest.fixture
def hub(model_file: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: model_file})
        yield hub


@pytest.fixture
def engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub, starter_model: Path, embedding_model: Path
) -> Iterator[Listening]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no keyring: the user decides
    listening = Listening(tmp_path / "profile")
    listening.unlock()
    listening.submit(ChangeSettings(_settings(listening).model_copy(update={"hub": hub.url, "hub_hosts": (hub.cdn_url,)})))
    listening.wait(SettingsChanged, lambda event: event.settings.hub == hub.url)
    yield listening
    listening.close()


def _settings(engine: Listening) -> Settings:
    return engine.of(SettingsChanged)[-1].settings


def _open(engine: Listening) -> None:
    after = len(engine.events)
    engine.submit(OpenNetwork("models"))
    engine.wait(NetworkChanged, lambda event: "models" in event.state.open_purposes, after=after)


def _seen(engine: Listening) -> None:
    engine.submit(LookAtRepository(RequestId("look"), REPOSITORY))
    assert engine.wait(RepositoryShown).error is None


def _download(engine: Listening, phase: str, *, after: int = 0) -> Download:
    return engine.wait(DownloadChanged, lambda event: event.download.phase == phase, after=after).download


def test_the_start_shows_the_computer_and_what_fits_and_opens_nothing(engine: Listening, hub: LoopbackHub):
    shown = engine.wait(OffersShown)
    assert len(shown.offers) > 20 and len(shown.first_choices) == 3
    assert engine.wait(HardwareShown).hardware.memory_total > 0
    assert engine.of(NetworkChanged)[-1].state.is_closed
    engine.submit(SearchHub(RequestId("1"), "tiny"))
    error = engine.wait(HubSearched).error
    assert isinstance(error, NetworkRefused) and error.reason == "offline"
    engine.submit(ListConnections())
    (connection,) = engine.wait(ConnectionsListed).connections
    assert (connection.outcome, connection.reason) == ("refused", "offline")
    assert hub.requests == []


def test_a_model_is_fetched_measured_chosen_and_removed(engine: Listening):
    _open(engine)
    _seen(engine)
    engine.submit(DownloadModel(REPOSITORY, "Q4_0"))
    done = _download(engine, "done")
    phases = [event.download.phase for event in engine.of(DownloadChanged)]
    assert "measuring" in phases and done.installed is not None
    listed = {model.id: model for model in engine.of(ModelsListed)[-1].models}
    model = listed[done.installed]
    assert model.is_verified and model.fit.is_measured
    engine.submit(ChooseModel(model.id))
    engine.wait(ModelStateChanged, lambda event: event.state.phase == "ready" and event.state.model == model.id)
    engine.submit(RemoveModel(model.id))
    asked = engine.wait(ModelInUse)
    assert asked.needed_by == ("chosen_for_answers",) and asked.is_loaded
    after = len(engine.events)
    engine.submit(RemoveModel(model.id, even_if_used=True))
    gone = engine.wait(ModelsListed, lambda event: model.id not in {each.id for each in event.models}, after=after)
    assert gone and not Path(model.file).exists()
    assert _settings(engine).model is None


def test_closing_the_lock_pauses_what_runs_and_opening_it_lets_it_go_on(engine: Listening, hub: LoopbackHub):
    hub.fault(f"{REPOSITORY}/{FILE}", Fault(bytes_per_s=4_000_000))
    _open(engine)
    _seen(engine)
    engine.submit(DownloadModel(REPOSITORY, "Q4_0"))
    engine.wait(DownloadChanged, lambda event: event.download.n_done > 1_000_000)
    engine.submit(CloseNetwork())
    paused = _download(engine, "paused")
    assert 0 < paused.n_done < (paused.n_bytes or 0)
    after = len(engine.events)
    engine.submit(ResumeDownload(paused.id))
    refused = engine.wait(Trouble, after=after).error
    assert isinstance(refused, NetworkRefused)
    hub.heal()
    _open(engine)
    engine.submit(ResumeDownload(paused.id))
    _download(engine, "done", after=after)


def test_an_unfinished_download_waits_for_the_next_start(tmp_path: Path, engine: Listening, hub: LoopbackHub):
    hub.fault(f"{REPOSITORY}/{FILE}", Fault(bytes_per_s=4_000_000))
    _open(engine)
    _seen(engine)
    engine.submit(DownloadModel(REPOSITORY, "Q4_0"))
    started = engine.wait(DownloadChanged, lambda event: event.download.n_done > 1_000_000).download
    engine.submit(PauseDownload(started.id))
    _download(engine, "paused")
    engine.close()
    again = Listening(tmp_path / "profile")
    try:
        again.unlock()
        assert _download(again, "paused").id == started.id
    finally:
        again.close()


def test_a_hub_that_would_be_spoken_to_in_clear_is_not_kept(engine: Listening):
    before = _settings(engine)
    engine.submit(ChangeSettings(before.model_copy(update={"hub": "http://models.example"})))
    error = engine.wait(Trouble).error
    assert isinstance(error, NetworkRefused) and error.reason == "not_https"
    assert _settings(engine).hub == before.hub


def test_a_change_of_settings_that_was_on_its_way_does_not_open_the_lock_again(engine: Listening):
    _open(engine)
    before = _settings(engine)
    engine.submit(CloseNetwork())
    engine.submit(ChangeSettings(before.model_copy(update={"theme": "dark"})))
    changed = engine.wait(SettingsChanged, lambda event: event.settings.theme == "dark")
    assert changed.settings.open_purposes == ()
    assert engine.of(NetworkChanged)[-1].state.is_closed


def test_the_model_in_use_is_not_used_on_when_its_file_is_damaged_and_comes_back_mended(engine: Listening, hub: LoopbackHub):
    _open(engine)
    _seen(engine)
    engine.submit(DownloadModel(REPOSITORY, "Q4_0"))
    model = _download(engine, "done").installed
    assert model is not None
    engine.submit(ChooseModel(model))
    engine.wait(ModelStateChanged, lambda event: event.state.phase == "ready" and event.state.model == model)
    file = Path(next(each.file for each in engine.of(ModelsListed)[-1].models if each.id == model))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    after = len(engine.events)
    engine.submit(VerifyModel(model))
    failed = engine.wait(ModelStateChanged, lambda event: event.state.phase == "failed", after=after).state
    assert (failed.model, failed.problem) == (model, "model_damaged")
    after = len(engine.events)
    engine.submit(RepairModel(model))
    engine.wait(ModelStateChanged, lambda event: event.state.phase == "ready" and event.state.model == model, after=after)
    assert hub.bytes_served(f"{REPOSITORY}/{FILE}") < file.stat().st_size + 12 * 1024 * 1024


def test_what_the_store_says_of_models_is_shown_once_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model_file: Path, starter_model: Path, embedding_model: Path
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    for is_first in (True, False):
        engine = Listening(tmp_path / "profile")
        try:
            _wait_until_all_is_shown(engine)
            with cheap_passphrases():
                engine.unlock("passphrase", "correct horse battery staple")
            if is_first:
                engine.submit(AddModelFile(model_file, "in_place"))
            engine.wait(ModelsListed, lambda event: str(model_file) in {model.file for model in event.models})
        finally:
            engine.close()


def _wait_until_all_is_shown(engine: Listening) -> None:
    """Until a start without a store has said what it knows: offers before and after new files were read."""
    engine.wait(OffersShown, lambda _: len(engine.of(OffersShown)) == 2)
