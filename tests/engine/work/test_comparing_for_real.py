"""Comparing with its real parts: the starter model in its worker, a provider on the loopback, the door, the encrypted store."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from engine.compare_events import ComparisonKept, ComparisonRefused, PaneEnded, PaneGrew, PaneStarted
from engine.compare_intents import PrepareComparison, SendComparison
from engine.compare_records import LocalChoice, PaneAnswer, Preview, RemoteChoice
from engine.errors import NotApproved
from engine.events import Event
from engine.inference.supervisor import ChatModel
from engine.paths import Profile
from engine.provider_records import FREE, Provider
from engine.providers.presets import own_server
from engine.records import MatterId, ModelId, RequestId
from engine.settings import Settings
from engine.store.store import Store
from engine.work.comparing import Comparing
from engine.work.network_access import NetworkAccess, closed
from engine.work.remote_access import RemoteAccess
from engine.work.retrieval import Retrieval
from engine.work.sending import Sending
from engine.work.store_access import StoreAccess
from tests.engine.work.remote_stage import List, keyring_in_memory
from tests.loopback_provider import Fault, LoopbackProvider

R = RequestId("r")
HERE = LocalChoice(ModelId("starter"))
FAULTS = [Fault.SERVER_ERROR, Fault.HALF, Fault.DROPPED]  # all of them are tried where a text is sent
QUESTION = "Write a short letter to Mrs Anna Harlow about the repair."


class OneModel:
    """Lends the starter model."""

    def __init__(self, chat: ChatModel) -> None:
        self.chat = chat

    @contextlib.asynccontextmanager
    async def borrowed(self, model: ModelId | None = None) -> AsyncIterator[ChatModel]:
        yield self.chat


@dataclass
class Real:
    comparing: Comparing
    access: StoreAccess
    network: NetworkAccess
    matter: MatterId
    providers: tuple[Provider, ...]
    chat: ChatModel
    settings: dict[str, Settings]
    events: list[Event] = field(default_factory=list)

    async def prepared(self, **more: Any) -> Preview:
        remote = tuple(RemoteChoice(each.id, "test-large") for each in self.providers)
        fields: dict[str, Any] = {"panes": (HERE, *remote), **more}
        preview = await self.comparing.prepare(PrepareComparison(R, self.matter, QUESTION, **fields))
        assert preview is not None
        return preview

    async def send(self, preview: Preview) -> None:
        await self.comparing.send(SendComparison(R, tuple(each.sha256 for each in preview.receivers)))

    async def until_done(self) -> ComparisonKept:
        async with asyncio.timeout(60):
            while not (kept := [each for each in self.events if isinstance(each, ComparisonKept) and each.is_done]):
                await asyncio.sleep(0.01)
        return kept[-1]

    async def until_grew(self, pane: int) -> None:
        async with asyncio.timeout(60):
            while not any(isinstance(each, PaneGrew) and each.pane == pane for each in self.events):
                await asyncio.sleep(0.005)

    def ended(self) -> list[PaneAnswer]:
        return [each.answer for each in self.events if isinstance(each, PaneEnded)]


@pytest.fixture
def server() -> Any:
    with LoopbackProvider() as server:
        yield server


@pytest.fixture
async def real(
    tmp_path: Path, server: LoopbackProvider, starter_model: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Real]:
    keyring_in_memory(monkeypatch)
    events: list[Event] = []
    settings = {"now": Settings(max_answer_tokens=16)}
    with ThreadPoolExecutor(1) as writer, ThreadPoolExecutor(2) as readers:
        access = StoreAccess(writer, readers)
        await access.open(lambda: Store.open(Profile(tmp_path), protection="memory"))
        matter = (await access.write(lambda store: store.matters.create("Harlow"))).id
        network, prices = NetworkAccess(access, events.append), List()
        remote = RemoteAccess(access, network, tmp_path, events.append, prices)  # type: ignore[arg-type]
        sending = Sending(access, network, remote, prices)  # type: ignore[arg-type]
        chat = ChatModel(starter_model, HERE.model, n_ctx=1024)
        await chat.start()
        wished = [replace(own_server(name, server.url_for(name.lower()), ["test-large"]), dialect=name.lower())
                  for name in ("OpenAI", "Anthropic")]  # fmt: skip
        providers = tuple([await remote.keep(replace(each, name=f"Own {each.name}")) for each in wished])
        comparing = Comparing(
            access, Retrieval(access, None), OneModel(chat), remote, sending, prices, lambda: settings["now"], events.append  # type: ignore[arg-type]
        )  # fmt: skip
        try:
            yield Real(comparing, access, network, matter, providers, chat, settings, events)
        finally:
            await comparing.end()
            await sending.close()
            await network.close()
            await chat.close()
            await access.close()


async def test_a_local_and_two_remote_models_answer_the_same_words(real: Real, server: LoopbackProvider) -> None:
    server.answer_with = lambda asked: "Dear **[Person 1]**, it is done."
    preview = await real.prepared()
    assert server.posts == [] and real.network.state().is_closed
    await real.send(preview)
    kept = await real.until_done()
    assert sorted(each.body for each in server.posts) == sorted(each.body for each in preview.receivers)
    assert all(b"Harlow" not in each.body for each in server.posts)
    here, one, other = kept.comparison.answers
    assert here.tokens is not None and here.tokens.generated > 0 and here.cost == FREE
    for answer in (one, other):
        assert "Anna Harlow" in answer.text and "[Person 1]" in answer.sent_back
        assert answer.cost is not None and answer.cost.nano_usd and answer.cost.source == "computed"
        assert answer.is_usable and answer.host in {each.host for each in preview.receivers}
    assert len({each.prompt_sha256 for each in kept.comparison.answers}) == 1
    assert kept.comparison.n_hidden >= 1 and kept.comparison.approved is not None
    calls = await real.access.read(lambda store: store.remote_calls.list())
    assert [each.status for each in calls] == ["settled"] * 2
    assert {each.sha256 for each in calls} == {each.sha256 for each in preview.receivers}
    assert {each.n_hidden for each in calls} == {kept.comparison.n_hidden}
    assert real.network.state().is_closed


async def test_what_is_sent_is_written_down_as_a_comparison(real: Real, server: LoopbackProvider) -> None:
    await real.send(await real.prepared())
    await real.until_done()
    log = await real.network.connections(None)
    assert {each.about for each in log} == {"Own OpenAI", "Own Anthropic"}
    assert {(each.purpose, each.method) for each in log} == {("compare", "POST")}


async def test_clicking_send_twice_posts_each_body_once(real: Real, server: LoopbackProvider) -> None:
    preview = await real.prepared()
    await asyncio.gather(real.send(preview), real.send(preview))
    await real.until_done()
    assert len(server.posts) == 2
    assert [each.error.facts for each in real.events if isinstance(each, ComparisonRefused)] == [
        NotApproved("already_sent").facts
    ]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_provider_that_fails_ends_its_pane_alone_and_is_asked_once(
    real: Real, server: LoopbackProvider, fault: Fault
) -> None:
    server.fault = fault
    await real.send(await real.prepared())
    kept = await real.until_done()
    here, one, other = kept.comparison.answers
    assert here.problem is None and one.problem is not None and other.problem is not None
    assert len(server.posts) == 2 and len(real.ended()) == 3
    assert one.cost is not None


async def test_a_stop_in_the_middle_keeps_what_came_and_its_cost(real: Real, server: LoopbackProvider) -> None:
    server.fault = Fault.STALLED
    await real.send(await real.prepared())
    await real.until_grew(1)
    await real.until_grew(2)
    real.comparing.stop(R)
    kept = await real.until_done()
    for answer in kept.comparison.answers[1:]:
        assert answer.stop_reason == "cancelled" and answer.problem is None and answer.text
        assert answer.cost is not None and answer.cost.source == "estimated"


async def test_a_lock_that_is_closed_ends_what_is_being_sent(real: Real, server: LoopbackProvider) -> None:
    server.fault = Fault.STALLED
    await real.send(await real.prepared())
    await real.until_grew(1)
    real.network.apply(closed(Settings()))
    kept = await real.until_done()
    assert all(each.problem for each in kept.comparison.answers[1:]) and kept.comparison.answers[0].problem is None
    assert len([each for each in real.events if isinstance(each, PaneStarted)]) == len(real.ended()) == 3


async def test_a_worker_that_dies_ends_the_local_pane_alone(real: Real, server: LoopbackProvider) -> None:
    real.settings["now"] = Settings(max_answer_tokens=700)
    preview = await real.prepared()
    await real.until_grew(0)
    worker = real.chat._life.running
    assert worker is not None
    os.kill(worker.process.pid, signal.SIGKILL)
    await real.send(preview)
    kept = await real.until_done()
    assert kept.comparison.answers[0].problem == "worker_died" and kept.comparison.answers[0].text
    assert all(each.is_usable for each in kept.comparison.answers[1:])
