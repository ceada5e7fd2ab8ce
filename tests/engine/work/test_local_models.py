"""Models that are borrowed by name, as real workers: the one in use, and others beside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.errors import ModelMissing, OutOfMemory, WorkerDied
from engine.events import Event
from engine.inference import worker_life
from engine.inference.load_report import LoadReport
from engine.inference.protocol import ChatMessage
from engine.inference.supervisor import ChatModel, Ended
from engine.models.library import STARTER_MODEL
from engine.records import ModelId, RequestId
from engine.service import Service, open_service
from engine.session import Session
from engine.work.local_models import LocalModels
from tests.model_shapes import SHAPES
from tests.random_models import write_random_model

Work = Callable[[Session, LocalModels], Awaitable[Any]]


@pytest.fixture(scope="module")
def other_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_model(SHAPES[1], tmp_path_factory.mktemp("models") / "other.gguf")


@pytest.fixture(scope="module")
def third_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random_model(SHAPES[0], tmp_path_factory.mktemp("models") / "third.gguf")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    events: list[Event] = []
    service = open_service(str(tmp_path / "profile"), events.append)
    service.start(with_window=False)
    service.call(lambda session: session.unlock("memory", go_on=False))
    yield service
    service.close()


def done(service: Service, work: Work, *, kept_s: float = 60.0) -> Any:
    """What `work` does with a session and its models, which are closed at the end: no process outlives them."""

    async def do(session: Session) -> Any:
        models = LocalModels(session.desk, session.chat, lambda: session.settings, kept_s=kept_s)
        await session.change_settings(session.settings.model_copy(update={"n_ctx": 1024}))
        try:
            return await work(session, models)
        finally:
            await models.close()

    return service.call(do)


async def said(chat: ChatModel, request: str, n: int = 3) -> Ended:
    pieces = chat.generate(RequestId(request), [ChatMessage("user", "Say something.")], max_tokens=n)
    return [piece async for piece in pieces if isinstance(piece, Ended)][-1]


def pid_of(chat: ChatModel) -> int:
    assert chat._life.running is not None
    return chat._life.running.process.pid


async def gone(pid: int) -> None:
    async with asyncio.timeout(20):
        while psutil.pid_exists(pid):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("wanted", [None, STARTER_MODEL.id])
def test_the_model_in_use_is_borrowed_itself(service: Service, starter_model: Path, wanted: ModelId | None) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        loading = asyncio.create_task(session.load_chat_model())
        await asyncio.sleep(0)  # the load has begun: who comes now waits for it
        async with models.borrowed(wanted) as chat:
            assert chat is await loading
        await models.close()
        assert (await said(chat, "1")).usage.generated_tokens  # closing the others is not closing this one

    done(service, borrowing)


def test_another_model_answers_at_the_same_time_in_a_process_of_its_own(
    service: Service, starter_model: Path, other_file: Path
) -> None:
    async def borrowing(session: Session, models: LocalModels) -> list[int]:
        in_use = await session.load_chat_model()
        other = await session.desk.add(other_file, "in_place")
        async with models.borrowed(None) as one, models.borrowed(other) as two:
            assert one is in_use and two is not one and two.state.model == other
            assert two.state.n_ctx == one.state.n_ctx == 1024
            ends = await asyncio.gather(said(one, "1"), said(two, "2"))
            assert all(end.usage.generated_tokens == 3 for end in ends)
            return [pid_of(one), pid_of(two)]

    pids = done(service, borrowing)
    assert len(set(pids)) == 2 and psutil.pid_exists(pids[0]) and not psutil.pid_exists(pids[1])


def test_borrowers_share_one_process_also_while_it_is_loading_and_soon_after(service: Service, other_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")

        async def borrow(request: str) -> int:
            async with models.borrowed(other) as chat:
                await said(chat, request)
                return pid_of(chat)

        at_once = await asyncio.gather(*(borrow(str(number)) for number in range(3)))
        assert {*at_once, await borrow("later")} == {at_once[0]}

    done(service, borrowing)


def test_a_model_that_nobody_wants_any_more_goes_by_itself(service: Service, other_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")
        async with models.borrowed(other) as chat:
            pid = pid_of(chat)
            async with models.borrowed(other):
                pass
            await asyncio.sleep(0.2)  # longer than it is kept: it is still borrowed
            await said(chat, "1")
        await gone(pid)
        async with models.borrowed(other) as chat:
            assert pid_of(chat) != pid

    done(service, borrowing, kept_s=0.05)


def test_a_model_that_is_about_to_go_stays_for_who_was_faster(service: Service, other_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")
        async with models.borrowed(other) as chat:
            pid, beside = pid_of(chat), models._beside[other]
        leaving = beside.until
        assert leaving is not None and not leaving.cancelled()

        async def borrow() -> int:
            async with models.borrowed(other) as chat:
                for _ in range(3):
                    await said(chat, "1")
                return pid_of(chat)

        async with models._changing:
            again = asyncio.create_task(borrow())
            await asyncio.sleep(0)  # it waits for its turn
            models._close_soon(beside)
            await asyncio.sleep(0)
        assert await again == pid and leaving.cancelled()

    done(service, borrowing)


def test_what_nobody_uses_makes_room_when_asked(service: Service, other_file: Path, third_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other, third = [await session.desk.add(each, "in_place") for each in (other_file, third_file)]
        async with models.borrowed(other) as idle, models.borrowed(third) as used:
            pids = pid_of(idle), pid_of(used)
        async with models.borrowed(third) as used:
            await models.make_room()
            await gone(pids[0])
            await said(used, "1")
            assert pid_of(used) == pids[1]

    done(service, borrowing)


def test_a_model_that_does_not_fit_beside_the_others_is_not_loaded(
    service: Service, other_file: Path, third_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other, third = [await session.desk.add(each, "in_place") for each in (other_file, third_file)]
        async with models.borrowed(other) as chat:
            idle = pid_of(chat)
        session.desk.advice.loaded(LoadReport("llama", 4096, measured=1 << 50, weights=1 << 50))  # takes all there is
        with pytest.raises(OutOfMemory) as refused:
            async with models.borrowed(third):
                pass
        assert refused.value.model == third
        await gone(idle)  # what nobody used made way first
        session.desk.advice.loaded(None)
        async with models.borrowed(third) as chat:
            assert chat.load_report is not None
            monkeypatch.setattr(chat, "load_report", LoadReport("llama", 4096, measured=1 << 50, weights=1 << 50))
            with pytest.raises(OutOfMemory):  # nor are weights of another one beside it free
                async with models.borrowed(other):
                    pass
            await said(chat, "1")

    done(service, borrowing)


def test_a_changed_file_or_context_is_loaded_anew(service: Service, other_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")
        async with models.borrowed(other) as chat:
            first = pid_of(chat)
        await session.change_settings(session.settings.model_copy(update={"n_ctx": 2048}))
        async with models.borrowed(other) as chat:
            second = pid_of(chat)
            assert second != first and chat.state.n_ctx == 2048
        status = other_file.stat()
        os.utime(other_file, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
        async with models.borrowed(other) as chat:
            assert pid_of(chat) not in (first, second)
        assert not psutil.pid_exists(first) and not psutil.pid_exists(second)

    done(service, borrowing)


def test_a_borrower_that_gives_up_while_it_is_loading_leaves_no_disorder(service: Service, other_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")

        async def borrow() -> None:
            async with models.borrowed(other):
                pass

        for n_steps in (1, 5, 50):
            giving_up = asyncio.create_task(borrow())
            for _ in range(n_steps):
                await asyncio.sleep(0.001)
            giving_up.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await giving_up
        assert all(each.n_borrowers == 0 for each in models._beside.values())
        async with models.borrowed(other) as chat:
            await said(chat, "1")

    done(service, borrowing)


def test_a_model_that_died_is_started_again_for_the_next_borrower(
    service: Service, other_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_life, "MOST_DEATHS", 0)  # it is not started again by itself

    async def borrowing(session: Session, models: LocalModels) -> None:
        other = await session.desk.add(other_file, "in_place")
        async with models.borrowed(other) as chat:
            psutil.Process(pid_of(chat)).kill()
            async with asyncio.timeout(20):
                while chat.state.phase != "failed":
                    await asyncio.sleep(0.01)
        async with models.borrowed(other) as chat:
            await said(chat, "1")

    done(service, borrowing)


def test_closing_tells_who_has_borrowed_and_who_still_waits(service: Service, other_file: Path, third_file: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        other, third = [await session.desk.add(each, "in_place") for each in (other_file, third_file)]

        async def long_answer() -> None:
            async with models.borrowed(other) as chat:
                await said(chat, "1", 100_000)

        answering = asyncio.create_task(long_answer())
        async with asyncio.timeout(20):
            while not (other in models._beside and models._beside[other].chat._open):
                await asyncio.sleep(0.01)

        async def borrow() -> None:
            async with models.borrowed(third):
                pytest.fail("nothing is lent any more")

        waiting = asyncio.create_task(borrow())
        await asyncio.sleep(0.01)
        await models.close()
        ends = await asyncio.gather(answering, waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [WorkerDied, WorkerDied]

    done(service, borrowing)


def test_closing_the_model_in_use_ends_the_answer_of_a_borrower(service: Service, starter_model: Path) -> None:
    async def borrowing(session: Session, models: LocalModels) -> None:
        await session.load_chat_model()

        async def long_answer() -> None:
            async with models.borrowed() as chat:
                await said(chat, "1", 100_000)

        answering = asyncio.create_task(long_answer())
        chat = await session.chat.model()
        async with asyncio.timeout(20):
            while not chat._open:
                await asyncio.sleep(0.01)
        await session.chat.close()
        with pytest.raises(WorkerDied):
            await answering

    done(service, borrowing)


def test_a_model_that_is_not_there_is_missing(service: Service) -> None:
    async def borrowing(_: Session, models: LocalModels) -> None:
        with pytest.raises(ModelMissing):
            async with models.borrowed(ModelId("no such model")):
                pass

    done(service, borrowing)
