"""What ends an approved text before its own end: a stop, the lock, the end of the program, a store that fails."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import secrets
from engine.errors import DiskFull, StoreLocked
from engine.events import Event
from engine.providers.presets import own_server
from engine.providers.provider import Grew, Piece
from engine.records import RequestId
from engine.service import Service, open_service
from engine.session import Session
from engine.settings import Settings
from engine.store.remote_calls import RemoteCall, StoredRemoteCalls
from engine.work.network_access import closed
from engine.work.remote_access import RemoteAccess
from engine.work.sending import Sending
from tests.engine.work.remote_stage import (
    Going,
    List,
    Stage,
    done,
    keyring_in_memory,
    unlocked,
    until,
    until_settled,
)
from tests.loopback_provider import Fault, LoopbackProvider

KEY = "sk-one-two-three"


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring_in_memory(monkeypatch)


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def service(tmp_path: Path, events: list[Event]) -> Iterator[Service]:
    with unlocked(tmp_path / "profile", events.append) as service:
        yield service


@pytest.fixture
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


# ---------------------------------------------------------------- what ends it here
@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.STALLED])
def test_a_stop_ends_one_pane_at_once_and_no_other(service: Service, server: LoopbackProvider, fault: Fault) -> None:
    server.faults = {"test-large": fault}
    server.may_go_on.clear()

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        stuck, fine = stage.begin(provider, pane=0), stage.begin(provider, pane=1, model="test-small")
        await until(lambda: len(server.posts) == 2 and fine.pieces and (fault is Fault.SILENT or stuck.pieces))
        assert stage.session.network.state().sending_to == (provider.host,)
        began = time.monotonic()
        stage.sending.stop(RequestId("another"))
        stage.sending.stop(RequestId("r1"), 0)
        await stuck.end()
        assert time.monotonic() - began < 5  # the answer would be waited for for two minutes
        assert stuck.error is None and stuck.sent[0].stop_reason == "cancelled"
        assert stuck.sent[0].status == ("unknown" if fault is Fault.SILENT else "estimated")
        assert not fine.task.done()
        server.may_go_on.set()
        assert (await fine.end()).sent[0].status == "settled"

    done(service, sending)


@pytest.mark.parametrize("how", ["cancel", "leave"])
def test_a_text_that_nobody_listens_to_any_more_is_ended_and_accounted_for(
    service: Service, server: LoopbackProvider, how: str
) -> None:
    server.fault = Fault.STALLED

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        if how == "cancel":
            going = stage.begin(provider)
            await until(lambda: going.pieces)
            going.task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await going.task
        else:
            items = stage.send(provider)
            await anext(items)
            await items.aclose()
        [call] = await until_settled(stage)
        assert (call.status, call.stop_reason, call.cost_source) == ("estimated", "cancelled", "estimated")
        await until(lambda: not stage.session.network.door.busy_with())

    done(service, sending)
    assert len(server.posts) == 1


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.STALLED])
def test_closing_the_lock_ends_what_is_on_its_way_and_does_not_call_it_unsent(
    service: Service, server: LoopbackProvider, fault: Fault
) -> None:
    server.fault = fault

    async def sending(stage: Stage) -> None:
        going = stage.begin(await stage.provider(server))
        await until(lambda: server.posts and (fault is Fault.SILENT or going.pieces))
        await stage.session.close_network()
        await going.end()
        assert going.kind == "outcome_unknown" and going.error.reason == "lock_closed"  # type: ignore[union-attr]
        [call] = await stage.calls()
        assert call.status == going.sent[0].status == ("unknown" if fault is Fault.SILENT else "estimated")
        assert stage.session.network.state().is_closed

    done(service, sending)


def test_a_lock_that_is_closed_while_the_keyring_asks_lets_nothing_out_later(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = threading.Event(), threading.Event()

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server, needs_key=True)
        read = secrets.read_secret

        def asks(name: str) -> bytes | None:
            asked.set()
            answers.wait(20)
            return read(name)

        await stage.remote.keep_key(provider.id, KEY)
        monkeypatch.setattr(secrets, "read_secret", asks)
        going = stage.begin(provider)
        await until(asked.is_set)
        await stage.session.close_network()
        await going.end()  # before the keyring has answered
        assert going.kind == "network_refused" and not going.sent and await stage.calls() == []
        answers.set()
        monkeypatch.setattr(secrets, "read_secret", read)
        assert (await stage.begin(provider).end()).error is None  # a new wish goes out

    done(service, sending)
    assert len(server.posts) == 1


@pytest.mark.parametrize("how", ["lock", "stop"])
def test_what_is_ended_while_it_is_being_reserved_is_never_sent(service: Service, server: LoopbackProvider, how: str) -> None:
    disk_goes_on = threading.Event()

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        writer, is_stuck = stage.session.access._writer, threading.Event()
        writer.submit(lambda: (is_stuck.set(), disk_goes_on.wait(20)))
        await until(is_stuck.is_set)
        going = stage.begin(provider)
        await until(writer._work_queue.qsize)  # the reservation waits for the disk
        if how == "lock":
            stage.session.network.apply(closed(Settings()))
            async with stage.session.network.open_for_send():  # opened again by another wish: no help to this one
                disk_goes_on.set()
                await going.end()
        else:
            stage.sending.stop(RequestId("r1"))
            disk_goes_on.set()
            await going.end()
        assert going.kind == ("network_refused" if how == "lock" else "")
        assert [each.status for each in await stage.calls()] == [going.sent[0].status] == ["not_sent"]
        assert await stage.session.access.read(lambda store: store.connections.list(None, 10)) == []  # nor was it tried

    done(service, sending)
    assert server.posts == []


def test_a_lock_that_closes_right_before_the_request_takes_its_approval_back(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread is about to ask the door; the lock closes, and opens again for another text."""
    from engine.work import sending as module

    async def sending(stage: Stage) -> None:
        provider, network = await stage.provider(server), stage.session.network
        at_the_door, may_go_on, answer = threading.Event(), threading.Event(), module.answer

        def late(*arguments: Any, **more: Any) -> Any:
            at_the_door.set()
            may_go_on.wait(10)
            return answer(*arguments, **(more | {"interruption": None}))  # deaf to the stop as well

        monkeypatch.setattr(module, "answer", late)
        going = stage.begin(provider)
        await until(at_the_door.is_set)
        network.apply(closed(Settings()))
        async with network.open_for_send():
            may_go_on.set()
            await going.end()
        assert going.kind == "network_refused" and going.sent[0].status == "not_sent"

    done(service, sending)
    assert server.posts == []


def test_the_end_of_the_program_ends_everything_and_accounts_for_it(service: Service, server: LoopbackProvider) -> None:
    server.faults = {"test-large": Fault.SILENT, "test-small": Fault.STALLED}

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        runs = [stage.begin(provider, model=model) for model in ("test-large", "test-small")]
        await until(lambda: len(server.posts) == 2 and runs[1].pieces)
        began = time.monotonic()
        await stage.sending.close()
        assert time.monotonic() - began < 5
        assert sorted(each.status for each in await stage.calls()) == ["estimated", "unknown"]
        for run in runs:
            assert (await run.end()).error is None and run.sent[0].stop_reason == "cancelled"
        late = await stage.begin(provider).end()
        assert late.sent == [] and late.error is None

    done(service, sending)
    assert len(server.posts) == 2


def test_a_thread_that_is_deaf_does_not_keep_the_program_from_ending(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.work import sending as module

    goes_on = threading.Event()

    def deaf(*_: Any, leaving: Callable[[], None], **__: Any) -> Iterator[Piece]:
        leaving()
        goes_on.wait(60)
        yield Grew("Too late.")

    monkeypatch.setattr(module, "answer", deaf)
    monkeypatch.setattr(module, "LONGEST_CLOSING_S", 0.2)

    async def sending(stage: Stage) -> None:
        going = stage.begin(await stage.provider(server))
        await until(lambda: any(run.heard.has_left for run in stage.sending._running.values()))
        await stage.sending.close()
        await going.end()
        assert [each.status for each in await stage.calls()] == ["unknown"]

    try:
        done(service, sending)
    finally:
        goes_on.set()


# ---------------------------------------------------------------- faults of the store
def test_without_a_reservation_nothing_is_sent(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise DiskFull(0)

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        monkeypatch.setattr(StoredRemoteCalls, "reserve", full)
        going = await stage.begin(provider).end()
        assert (going.kind, going.sent, await stage.calls()) == ("disk_full", [], [])

    done(service, sending)
    assert server.posts == []


def test_what_the_store_could_not_take_is_settled_once_it_can(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settle, is_full = StoredRemoteCalls.settle, True

    def sometimes(self: StoredRemoteCalls, call: RemoteCall) -> RemoteCall:
        if is_full:
            raise DiskFull(0)
        return settle(self, call)

    monkeypatch.setattr(StoredRemoteCalls, "settle", sometimes)

    async def sending(stage: Stage) -> None:
        nonlocal is_full
        provider = await stage.provider(server)
        lost = [await stage.begin(provider, request=f"r{number}").end() for number in range(3)]
        assert [each.sent[0].status for each in lost] == ["settled"] * 3 and not any(each.error for each in lost)
        assert [each.status for each in await stage.calls()] == ["reserved"] * 3
        is_full = False
        await asyncio.gather(*(stage.begin(provider, request=f"s{number}").end() for number in range(3)))
        assert [(each.status, each.cost_source) for each in await stage.calls()] == [("settled", "computed")] * 6
        is_full = True
        await stage.begin(provider).end()
        is_full = False
        await stage.sending.close()
        assert (await stage.calls())[-1].status == "settled"

    done(service, sending)
    assert "disk_full" in caplog.text and "before" not in caplog.text
    assert len(server.posts) == 7


def test_a_price_list_that_fails_costs_only_the_price(
    service: Service, server: LoopbackProvider, caplog: pytest.LogCaptureFixture
) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        stage.sending._prices = None  # type: ignore[assignment]
        going = await stage.begin(provider).end()
        assert (going.sent[0].status, going.sent[0].cost.source) == ("settled", "unknown")
        assert [each.status for each in await stage.calls()] == ["settled"]

    done(service, sending)


def test_without_an_open_store_nothing_is_sent(tmp_path: Path, server: LoopbackProvider) -> None:
    service = open_service(str(tmp_path / "profile"), lambda _: None)
    service.start(with_window=False)

    async def sending(session: Session) -> None:
        prices: Any = List()
        remote = RemoteAccess(session.access, session.network, session.profile.root, session.publish, prices)
        stage = Stage(session, remote, Sending(session.access, session.network, remote, prices))
        provider = own_server("Own", server.url_for("openai"), ["test-large"])
        going = await stage.begin(provider).end()
        assert isinstance(going.error, StoreLocked) and not going.sent
        await stage.sending.close()

    try:
        service.call(sending)
    finally:
        service.close()
    assert server.posts == []


# ---------------------------------------------------------------- everything at once
FAULTS, ENDINGS = st.sampled_from(sorted(Fault, key=str)), st.sampled_from(["stop", "cancel", "lock", "wait"])


@settings(max_examples=15)
@given(st.lists(st.tuples(FAULTS, ENDINGS, st.integers(0, 40)), min_size=1, max_size=6))
def test_whatever_crosses_whatever_there_is_one_request_and_one_account_each(wishes: list[tuple[Fault, str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patched, LoopbackProvider() as server, TemporaryDirectory() as folder:
        patched.setattr(secrets, "read_secret", lambda _: None)
        service = open_service(folder, lambda _: None)
        service.start(with_window=False)
        service.call(lambda session: session.unlock("memory", go_on=False))

        async def sending(stage: Stage) -> None:
            provider = await stage.provider(server)
            runs = []
            for number, (fault, ending, ms) in enumerate(wishes):
                server.faults[f"test-{number}"] = fault
                runs.append((stage.begin(provider, request=f"r{number}", model=f"test-{number}"), ending, ms))
            await asyncio.gather(*(_ended(stage, number, *run) for number, run in enumerate(runs)))
            calls = {call.consent: call for call in await until_settled(stage)}
            assert all(call.status != "reserved" for call in calls.values())
            whole = [post for post in server.posts if post.body]  # a stop can come between the head and the text
            server.own_faults[:] = [fault for fault in server.own_faults if not isinstance(fault, ValueError)]
            for number, (going, ending, _) in enumerate(runs):
                posts = [post for post in whole if post.asked["model"] == f"test-{number}"]
                call = calls.get(f"r{number}")
                assert len(posts) <= 1
                assert call is not None or not posts
                assert call is None or call.status != "not_sent" or not posts
                assert len(going.sent) == (call is not None) or ending == "cancel"

        try:
            done(service, sending)
        finally:
            service.close()


async def _ended(stage: Stage, number: int, going: Going, ending: str, ms: int) -> None:
    await asyncio.sleep(ms / 1000)
    if ending == "stop":
        stage.sending.stop(RequestId(f"r{number}"))
    elif ending == "cancel":
        going.task.cancel()
    elif ending == "lock":
        await stage.session.close_network()
    else:
        asyncio.get_running_loop().call_later(1.0, stage.sending.stop, RequestId(f"r{number}"))  # silence has no other end
    await asyncio.wait({going.task}, timeout=20)
    assert going.task.done()
