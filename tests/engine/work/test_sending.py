"""Approved texts on their way: each is sent once, written down before it leaves, to whom it was shown for."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import NetworkFailed, NetworkRefused, NotFound
from engine.events import Event
from engine.network import NetworkDoor
from engine.paths import Profile
from engine.provider_records import Cost, Provider
from engine.providers.presets import own_server
from engine.providers.provider import Body, Thought
from engine.service import Service, open_service
from engine.store.remote_calls import RemoteCall
from engine.store.store import Store
from engine.work import sending as sending_module
from tests.engine.work.remote_stage import (
    ENDS,
    PASSPHRASE,
    RATES,
    Stage,
    done,
    keyring_in_memory,
    receiver_for,
    unlocked,
    until,
)
from tests.loopback_provider import Fault, LoopbackProvider
from tests.real_provider import real_provider

CHECKOUT = Path(__file__).parents[3]
KEY = "sk-one-two-three"
DIALECTS = ("openai", "anthropic")


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


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_provider(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture
def other() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


# ---------------------------------------------------------------- what is sent and kept
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_approved_text_is_sent_once_byte_for_byte_and_accounted_for(
    service: Service, server: LoopbackProvider, dialect: str
) -> None:
    server.thinks = "Let me think."

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server, dialect, needs_key=True)
        await stage.remote.keep_key(provider.id, KEY)
        server.keys = {KEY}
        receiver = receiver_for(provider)
        going = await stage.begin(provider, receiver=receiver).end()
        assert going.error is None and going.text.startswith("This is test-large")
        assert "".join(each.text for each in going.pieces if isinstance(each, Thought)) == server.thinks
        [sent], [call], [post] = going.sent, await stage.calls(), server.posts
        assert post.body == receiver.body and f"http://{post.headers['host']}{post.path}" == receiver.url
        assert (sent.call, sent.status, sent.stop_reason) == (call.id, "settled", "end_of_text")
        assert sent.tokens is not None and sent.cost == Cost(sent.tokens.prompt * 2000 + sent.tokens.generated * 8000, "computed")
        assert sent.timings.ttft_s is not None and 0 < sent.timings.ttft_s <= sent.timings.total_s
        assert (call.status, call.provider, call.model, call.host) == ("settled", "own", "test-large", provider.host)
        assert (call.sha256, call.n_hidden, call.consent, call.workload) == (receiver.sha256, 3, "r1", "w")
        assert (call.reserved_nano, call.cost_nano, call.tokens, call.rates) == (10**9, sent.cost.nano_usd, sent.tokens, RATES)
        assert stage.session.network.state().is_closed
        [entry] = await stage.session.access.read(lambda store: store.connections.list(None, 10))
        assert (entry.method, entry.purpose, entry.about) == ("POST", "compare", "a comparison with Own")

    done(service, sending)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_real_server_counts_the_tokens_that_are_accounted_for(service: Service, real_server: str, dialect: str) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.remote.keep(replace(own_server("Real", real_server, ["test-random"]), dialect=dialect))
        going = await stage.begin(provider, model="test-random").end()
        [sent], [call] = going.sent, await stage.calls()
        assert going.error is None and going.text and sent.status == "settled"
        assert sent.tokens is not None and 0 < sent.tokens.generated <= 100 and sent.tokens.prompt > 5
        assert call.tokens == sent.tokens and (sent.priced_as, sent.cost.source) == ("test-random", "computed")

    done(service, sending)


def test_the_reservation_is_there_before_the_first_byte_leaves(service: Service, server: LoopbackProvider) -> None:
    seen: list[RemoteCall] = []

    async def sending(stage: Stage) -> None:
        def look(_: dict[str, Any]) -> str:
            store = stage.session.access.store
            assert store is not None
            seen.extend(stage.session.access._readers.submit(store.remote_calls.list).result())
            return "Yes."

        server.answer_with = look
        going = await stage.begin(await stage.provider(server)).end()
        assert [(each.id, each.status, each.reserved_nano) for each in seen] == [(going.sent[0].call, "reserved", 10**9)]

    done(service, sending)


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.engine.work import remote_stage as t
from engine.service import open_service
from engine.work.remote_access import RemoteAccess
from engine.work import sending as sending_module
from engine.work.sending import Sending
from engine.store.keys import Stretching

Stretching.today = lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1)

async def send(session):
    await session.unlock("passphrase", t.PASSPHRASE, go_on=False)
    remote = RemoteAccess(session.access, session.network, session.profile.root, session.publish, t.List())
    provider = await remote.keep(t.own_server("Own", sys.argv[2], ["test-large"]))
    sending = Sending(session.access, session.network, remote, t.List())
    async for _ in t.Stage(session, remote, sending).send(provider):
        pass

service = open_service(sys.argv[1], lambda _: None)
service.start(with_window=False)
service.call(send)
"""


def test_a_call_survives_a_program_that_is_killed_and_is_given_up_in_the_next_run(
    tmp_path: Path, server: LoopbackProvider
) -> None:
    server.fault = Fault.SILENT
    command = [sys.executable, "-c", KILLED, str(tmp_path / "profile"), server.url_for("openai")]
    child = subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE)
    try:
        until_then = time.monotonic() + 60
        while not server.posts:
            assert child.poll() is None and time.monotonic() < until_then, child.stderr and child.stderr.read()
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    store = Store.open(Profile(tmp_path / "profile"), protection="passphrase", passphrase=PASSPHRASE)
    [call] = store.remote_calls.list()
    store.close()
    assert call.status == "reserved"
    service = open_service(str(tmp_path / "profile"), lambda _: None)
    service.start(with_window=False)

    async def next_run(stage: Stage) -> None:
        await stage.session.unlock("passphrase", PASSPHRASE, go_on=False)
        await stage.sending.bring_up()
        [call] = await stage.calls()
        assert (call.status, call.cost_nano, call.counted_nano) == ("unknown", None, 10**9)

    try:
        done(service, next_run)
    finally:
        service.close()
    assert len(server.posts) == 1


# ---------------------------------------------------------------- faults of the other side
def test_every_fault_but_silence_has_an_expected_end() -> None:
    assert set(Fault) - set(ENDS) == {Fault.SILENT, Fault.STALLED}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_fault_costs_one_request_and_ends_in_one_account(service: Service, server: LoopbackProvider, dialect: str) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server, dialect)
        for number, (fault, (status, kind)) in enumerate(ENDS.items(), start=1):
            server.fault = fault
            going = await stage.begin(provider, request=f"r{number}").end()
            call = (await stage.calls())[-1]
            assert (call.status, going.kind, call.consent) == (status, kind, f"r{number}"), fault
            [sent] = going.sent
            assert (sent.call, sent.status, sent.cost.nano_usd) == (call.id, call.status, call.cost_nano), fault
            assert sent.cost.at_most == (10**9 if status in ("estimated", "unknown") else None), fault
            assert len(server.posts) == number == len(await stage.calls()), fault
            if fault is Fault.OTHER_MODEL:
                assert (sent.answered_by, sent.priced_as, sent.cost.source) == ("another-model-1", "test-large", "computed")

    done(service, sending)
    assert server.gets == []


def test_a_server_that_is_not_there_is_sent_nothing(service: Service, server: LoopbackProvider) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        server.close()
        going = await stage.begin(provider).end()
        assert (going.kind, going.sent[0].status, going.sent[0].cost.nano_usd) == ("network_failed", "not_sent", 0)
        assert [each.status for each in await stage.calls()] == ["not_sent"]

    done(service, sending)


# ---------------------------------------------------------------- whom it goes to
def test_two_texts_are_with_two_hosts_at_the_same_time(
    service: Service, server: LoopbackProvider, other: LoopbackProvider
) -> None:
    server.may_go_on.clear(), other.may_go_on.clear()

    async def sending(stage: Stage) -> None:
        providers = [await stage.provider(server, name="One"), await stage.provider(other, "anthropic", "Two")]
        runs = [stage.begin(each, pane=pane) for pane, each in enumerate(providers)]
        await until(lambda: all(run.pieces for run in runs))
        assert set(stage.session.network.state().sending_to) == {server.origin, other.origin}
        other.may_go_on.set()
        await runs[1].end()
        assert stage.session.network.state().sending_to == (server.origin,) and not runs[0].task.done()
        server.may_go_on.set()
        await runs[0].end()
        assert [run.sent[0].status for run in runs] == ["settled", "settled"]
        assert stage.session.network.state().is_closed

    done(service, sending)
    assert (len(server.posts), len(other.posts)) == (1, 1)


def test_the_same_text_for_two_panes_is_sent_twice_and_for_one_once(service: Service, server: LoopbackProvider) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        await asyncio.gather(*(stage.begin(provider, pane=pane).end() for pane in (0, 1)))
        assert len(server.posts) == len(await stage.calls()) == 2 and server.posts[0].body == server.posts[1].body
        assert not +stage.session.network.door.approvals._waiting

    done(service, sending)


def test_a_text_that_fails_leaves_the_approval_of_its_twin_alone(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, both = sending_module.answer, threading.Barrier(2, timeout=10)
    first_is_over = threading.Event()

    def crossing(door: NetworkDoor, provider: Provider, body: Body, key: str | None, **more: Any) -> Any:
        both.wait()  # each was approved
        if more["about"] == "the first":
            assert door.approvals.take(body.url, body.content)
            raise NetworkFailed(provider.host, "no_connection")
        first_is_over.wait(10)
        return answer(door, provider, body, key, **more)

    monkeypatch.setattr(sending_module, "answer", crossing)

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        first, second = stage.begin(provider, about="the first"), stage.begin(provider, about="the second")
        await first.end()
        first_is_over.set()
        await second.end()
        assert (first.kind, second.kind) == ("network_failed", "")

    done(service, sending)
    assert len(server.posts) == 1


def test_an_approval_that_was_of_no_use_does_not_stay(
    service: Service, server: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise NetworkRefused("compare", "", "host_not_allowed")

    async def sending(stage: Stage) -> None:
        await stage.session.open_network("compare")  # else the end of the last text clears them
        monkeypatch.setattr(sending_module, "answer", refused)
        going = await stage.begin(await stage.provider(server)).end()
        assert (going.kind, going.sent[0].status) == ("network_refused", "not_sent")
        assert not +stage.session.network.door.approvals._waiting

    done(service, sending)


def test_without_a_key_that_is_needed_nothing_is_sent(service: Service, server: LoopbackProvider) -> None:
    async def sending(stage: Stage) -> None:
        going = await stage.begin(await stage.provider(server, needs_key=True)).end()
        assert (going.kind, going.sent, await stage.calls()) == ("key_missing", [], [])

    done(service, sending)
    assert server.posts == []


def test_what_is_not_what_was_shown_is_not_sent(service: Service, server: LoopbackProvider, other: LoopbackProvider) -> None:
    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server, needs_key=True)
        elsewhere = await stage.provider(other, name="Elsewhere")
        await stage.remote.keep_key(provider.id, KEY)
        good = receiver_for(provider)
        changed = {
            "body": replace(good, body=good.body.replace(b"tenant", b"lessee")),
            "url of another": replace(good, url=receiver_for(elsewhere).url),
            "url beside the address": replace(good, url=good.url.replace("/openai/v1/", "/openai/v2/")),
            "host": replace(good, host=elsewhere.host),
            "provider": replace(good, provider=elsewhere.id),
        }
        for what, receiver in changed.items():
            going = await stage.begin(provider, receiver=receiver).end()
            assert going.kind == "not_approved" and not going.sent, what
        await stage.remote.keep(replace(provider, dialect="anthropic"))
        assert (await stage.begin(provider, receiver=good).end()).kind == "not_approved"  # it speaks in another way now
        moved = await stage.remote.keep(replace(provider, base_url=other.url_for("openai")))
        assert (await stage.begin(provider, receiver=good).end()).kind == "not_approved"  # it has another address now
        assert (await stage.begin(moved, receiver=receiver_for(moved)).end()).kind == "key_missing"  # which was given no key
        await stage.remote.remove(provider.id)
        assert isinstance((await stage.begin(provider, receiver=good).end()).error, NotFound)
        assert await stage.calls() == []

    done(service, sending)
    assert server.posts == other.posts == []


def test_a_provider_that_is_removed_hears_no_more(service: Service, server: LoopbackProvider) -> None:
    server.fault = Fault.STALLED

    async def sending(stage: Stage) -> None:
        provider = await stage.provider(server)
        going = stage.begin(provider)
        await until(lambda: going.pieces)
        await stage.remote.remove(provider.id)
        await going.end()
        assert going.kind == "outcome_unknown" and going.sent[0].status == "estimated"

    done(service, sending)


def test_neither_key_nor_text_is_in_logs_events_or_what_is_kept(
    service: Service, server: LoopbackProvider, events: list[Event], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async def sending(stage: Stage) -> list[str]:
        provider = await stage.provider(server, needs_key=True)
        await stage.remote.keep_key(provider.id, KEY)
        shown = []
        for fault in ENDS:
            server.fault = fault
            going = await stage.begin(provider).end()
            shown.append(repr((going.sent, going.error, str(going.error))))
        return [*shown, repr(await stage.calls()), repr(stage.send(provider)), repr(receiver_for(provider))]

    with caplog.at_level(logging.DEBUG):
        shown = done(service, sending)
    for each in (*shown, caplog.text, repr(events)):
        assert KEY not in each and "Ferrous" not in each
