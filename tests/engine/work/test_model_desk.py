"""Wishes about models that cross each other, and what of the user's may never be lost by them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DiskFull, ModelDamaged
from engine.events import Event, ModelsListed
from engine.inference.load_report import LoadReport
from engine.inference.protocol import ChatMessage
from engine.model_events import ModelChecked
from engine.model_intents import VerifyModel
from engine.models import catalogue, provenance
from engine.models.checksums import Checksums
from engine.records import RequestId
from engine.service import Service, open_service
from engine.session import Session
from engine.work import model_desk
from tests.loopback_hub import Fault, LoopbackHub
from tests.model_shapes import SHAPES
from tests.random_models import write_random_model

REPOSITORY, FILE = "acme/tiny-GGUF", "tiny.Q4_0.gguf"


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_model(SHAPES[1], tmp_path_factory.mktemp("models") / FILE)


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def service(tmp_path: Path, events: list[Event]) -> Iterator[Service]:
    service = open_service(str(tmp_path / "profile"), events.append)
    service.start(with_window=False)
    service.call(lambda session: session.unlock("memory", go_on=False))
    yield service
    service.close()


@pytest.fixture
def hub(model_file: Path) -> Iterator[LoopbackHub]:
    with LoopbackHub() as hub:
        hub.add(REPOSITORY, {FILE: model_file})
        yield hub


async def _downloading(session: Session, hub: LoopbackHub, n_bytes: int) -> Any:
    """A download whose server says nothing more after so many bytes, once."""
    session.network.use_hub_for_this_run(hub.url, (hub.cdn_url,), session.settings)
    await session.open_network("models")
    await session.desk.finding.repository(REPOSITORY)
    if n_bytes:
        hub.fault(f"{REPOSITORY}/{FILE}", Fault(times=1, stall_after=n_bytes))
    begun = await session.desk.download(REPOSITORY)
    await _until(lambda: session.desk.downloads._all[begun.id].progress.n_done >= n_bytes)
    return begun


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_file_that_is_used_where_it_is_stays_even_if_its_model_is_loaded(service: Service, model_file: Path):
    async def removed(session: Session) -> None:
        model = await session.desk.add(model_file, "in_place")
        asked = await session.desk.remove(model, is_loaded=True, even_if_used=False)
        assert asked is not None and asked.is_loaded
        assert await session.desk.remove(model, is_loaded=True, even_if_used=True) is None
        assert session.settings.models_in_place == () and model not in {each.id for each in session.models}

    service.call(removed)
    assert model_file.exists()


def test_the_chosen_model_is_asked_about_also_where_it_is_used_in_place(service: Service, model_file: Path):
    async def removed(session: Session) -> None:
        model = await session.desk.add(model_file, "in_place")
        await session.choose_model(model)
        asked = await session.remove_model(model, even_if_used=False)
        assert asked is not None and asked.needed_by == ("chosen_for_answers",)
        assert await session.remove_model(model, even_if_used=True) is None
        assert (session.settings.model, session.settings.models_in_place) == (None, ())

    service.call(removed)


def test_the_chosen_model_stays_the_chosen_file_when_another_takes_its_name(service: Service, model_file: Path, tmp_path: Path):
    async def crossing(session: Session) -> None:
        model = await session.desk.add(model_file, "in_place")
        await session.choose_model(model)
        (tmp_path / "other").mkdir()
        other = write_random_model(SHAPES[0], tmp_path / "other" / FILE)
        assert await session.desk.add(other, "import") == model
        chosen = session.settings.model
        assert chosen != model and session.desk.library.chat_file(chosen)[0] == model_file
        await session.remove_model(model, even_if_used=False)
        assert session.desk.library.chat_file(session.settings.model)[0] == model_file

    service.call(crossing)


def test_a_model_in_use_is_removed_also_where_the_starter_model_cannot_take_its_place(
    service: Service, model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    async def removed(session: Session) -> None:
        model = await session.desk.add(model_file, "import")
        await session.choose_model(model)
        await session.load_chat_model()
        file = Path(session.desk.library.named(model).file)

        async def damaged(_: Any) -> Any:
            raise ModelDamaged("starter", "load_failed")

        monkeypatch.setattr(session.chat, "_opened", damaged)
        assert await session.remove_model(model, even_if_used=True) is None
        assert not file.exists() and session.settings.model is None

    service.call(removed)


def test_the_library_moves_while_a_download_runs_which_goes_on_there(service: Service, hub: LoopbackHub, tmp_path: Path):
    async def moved(session: Session) -> Path:
        begun = await _downloading(session, hub, 9_000_000)
        await session.desk.move(tmp_path / "large disk")
        done = await session.desk.downloads.finished(begun.id)
        assert done.phase == "done", done
        return Path(next(each.file for each in session.models if each.id == done.installed))

    file = service.call(moved)
    assert file.parent == tmp_path / "large disk" and provenance.read(file) is not None
    assert hub.bytes_served(f"{REPOSITORY}/{FILE}") < file.stat().st_size + 4_000_000  # the header was looked at before


def test_a_paused_download_can_be_resumed_after_the_library_has_moved(service: Service, hub: LoopbackHub, tmp_path: Path):
    async def moved(session: Session) -> str:
        begun = await _downloading(session, hub, 2_000_000)
        await session.desk.downloads.pause(begun.id)
        await session.desk.downloads.finished(begun.id)
        await session.desk.move(tmp_path / "large disk")
        assert [each.phase for each in session.desk.downloads.list()] == ["paused"]
        await session.desk.downloads.resume(begun.id)
        return (await session.desk.downloads.finished(begun.id)).phase

    assert service.call(moved) == "done"
    assert (tmp_path / "large disk" / FILE).exists()


def test_a_wish_to_download_waits_until_the_library_has_moved(
    service: Service, hub: LoopbackHub, tmp_path: Path, model_file: Path
):
    async def crossing(session: Session) -> None:
        session.network.use_hub_for_this_run(hub.url, (hub.cdn_url,), session.settings)
        await session.open_network("models")
        await session.desk.add(model_file, "import")
        await session.remove_model((await session.list_models())[-1].id, even_if_used=True)
        moving = asyncio.create_task(session.desk.move(tmp_path / "large disk"))
        await asyncio.sleep(0)
        begun = await session.desk.download(REPOSITORY)
        await moving
        assert (await session.desk.downloads.finished(begun.id)).phase == "done"

    service.call(crossing)
    assert (tmp_path / "large disk" / FILE).exists()


def test_a_model_that_is_removed_while_it_is_repaired_does_not_come_back(service: Service, hub: LoopbackHub):
    async def removed(session: Session) -> Path:
        begun = await _downloading(session, hub, 0)
        done = await session.desk.downloads.finished(begun.id)
        model = session.desk.library.named(done.installed)  # type: ignore[arg-type]
        file = Path(model.file)
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
        hub.fault(f"{REPOSITORY}/{FILE}", Fault(bytes_per_s=100_000))
        await session.desk.repair(model.id)
        assert await session.remove_model(model.id, even_if_used=False) is None
        assert not any(each.is_repair for each in session.desk.downloads.list())
        return file

    file = service.call(removed)
    assert not file.exists() and provenance.read(file) is None


def test_verifying_that_was_stopped_finds_nothing(
    service: Service, events: list[Event], model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    async def stopped(session: Session) -> None:
        from engine.handlers import HANDLERS
        from engine.models import verifying

        model = await session.desk.add(model_file, "in_place")
        hashed = verifying._hashed

        def slowly(*arguments: Any) -> Any:
            session.desk.keeping.stop()
            return hashed(*arguments)

        monkeypatch.setattr(verifying, "_hashed", slowly)
        await HANDLERS[VerifyModel](session, VerifyModel(model))

    service.call(stopped)
    assert not [each for each in events if isinstance(each, ModelChecked)]


# ---------------------------------------------------------------- what is told and learned
def test_models_are_listed_on_a_full_disk_where_somebody_looks_for_one_to_remove(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    async def on_a_full_disk(session: Session) -> None:
        async def full(_: Any) -> None:
            raise DiskFull(0)

        monkeypatch.setattr(session.access, "write", full)
        assert await session.list_models()
        assert (await session.desk.advice.look()).bytes_per_s

    service.call(on_a_full_disk)


def test_a_list_that_was_begun_before_a_removal_does_not_bring_the_model_back(
    service: Service, model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    async def crossing(session: Session) -> None:
        model = await session.desk.add(model_file, "import")
        judge = session.desk.advice.judge
        goes_on = asyncio.Event()

        async def late(**options: Any) -> Any:
            monkeypatch.setattr(session.desk.advice, "judge", judge)
            judged = await judge(**options)
            asyncio.get_running_loop().call_later(0.2, goes_on.set)
            await goes_on.wait()
            return judged

        monkeypatch.setattr(session.desk.advice, "judge", late)
        older = asyncio.create_task(session.list_models())
        await asyncio.sleep(0.05)
        await session.remove_model(model, even_if_used=True)
        await older
        assert model not in {each.id for each in session.models}

    service.call(crossing)


def test_a_large_model_is_listed_before_all_of_it_was_read(
    service: Service, events: list[Event], model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    told_before: list[bool] = []
    of = Checksums.of

    def read(self: Checksums, file: Path, *more: Any) -> str | None:
        if file == model_file and self.known(file) is None:
            lists = [each for each in events if isinstance(each, ModelsListed)]
            told_before.append(any(model.file == str(model_file) for model in lists[-1].models))
        return of(self, file, *more)

    monkeypatch.setattr(Checksums, "of", read)
    model = service.call(lambda session: session.desk.add(model_file, "in_place"))
    last = [each for each in events if isinstance(each, ModelsListed)][-1]
    assert told_before == [True]
    assert next(each for each in last.models if each.id == model).sha256


def test_a_published_file_is_recognised_before_anybody_looked_at_the_catalogue(
    service: Service, model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    known = provenance.Provenance("Tiny", "", 0, 0, repository=REPOSITORY, revision="c" * 40, path=FILE, publisher_checksum=True)
    assert catalogue.load().offers

    async def added(session: Session) -> str:
        from engine.work import finding_models

        def published(_: catalogue.Catalogue) -> Any:
            import hashlib

            return {hashlib.sha256(model_file.read_bytes()).hexdigest(): known}

        monkeypatch.setattr(finding_models, "published", published)
        model = await session.desk.add(model_file, "import")
        return session.desk.library.named(model).source

    assert service.call(added) == f"{REPOSITORY}@{'c' * 40}"


def test_a_new_model_is_only_tried_where_it_fits_beside_the_one_in_use(
    service: Service, model_file: Path, monkeypatch: pytest.MonkeyPatch
):
    tried: list[str] = []

    async def tries(_: Any, model: str, **__: Any) -> None:
        tried.append(model)

    monkeypatch.setattr(model_desk, "measure_speed", tries)

    async def tested(session: Session) -> None:
        model = await session.desk.add(model_file, "import")
        file = Path(session.desk.library.named(model).file)
        known = provenance.read(file)
        assert known is not None
        session.desk.advice.loaded(LoadReport("llama", 4096, measured=1 << 50, weights=1 << 50))
        await session.desk._after_download(file, known)
        assert tried == []
        session.desk.advice.loaded(None)
        await session.desk._after_download(file, known)
        assert tried == [model]

    service.call(tested)


def test_a_model_that_was_closed_gives_its_memory_back_once(service: Service, embedding_model: Path):
    async def closed(session: Session) -> None:
        chat = await session.load_chat_model()
        async for _ in chat.generate(RequestId("1"), [ChatMessage("user", "Hello")], max_tokens=4, temperature=0.0):
            pass
        assert session.desk.advice._loaded is not None
        await session.chat.close()
        assert session.desk.advice._loaded is None

    service.call(closed)
