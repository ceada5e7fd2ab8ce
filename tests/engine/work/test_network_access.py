"""The lock while approved texts are on their way: what opens it, what closes it, and what may pass in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import NetworkRefused
from engine.events import Event
from engine.model_events import NetworkChanged
from engine.network_records import Purpose
from engine.provider_records import Provider, ProviderId
from engine.service import Service, open_service
from engine.session import Session
from engine.settings import Settings
from engine.work.network_access import NetworkAccess, closed, opened
from tests.network_stage import Server, Visit, server, silence

Work = Callable[[Session], Awaitable[Any]]


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
def silent() -> Iterator[Server]:
    with server(silence) as running:
        yield running


@pytest.fixture
def kind() -> Iterator[Server]:
    with server(Visit.answer) as running:
        yield running


def provider_at(url: str) -> Provider:
    return Provider(ProviderId("own"), "Own", "openai", url, ("m",), host=url)


async def fetched(network: NetworkAccess, url: str) -> str:
    """How a request for approved texts ends."""

    def fetch() -> str:
        try:
            with network.door.fetch("compare", f"{url}/models", about="a test") as answer:
                list(answer.chunks(1000))
        except NetworkRefused as refused:
            return refused.reason
        return "passed"

    return await asyncio.to_thread(fetch)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def states(events: list[Event]) -> list[tuple[Purpose, ...]]:
    """What was open, as it was told, without what was told twice."""
    told = [each.state.open_purposes for each in events if isinstance(each, NetworkChanged)]
    return [each for number, each in enumerate(told) if number == 0 or told[number - 1] != each]


def test_the_lock_is_open_for_as_long_as_a_text_is_on_its_way_and_says_so(
    service: Service, kind: Server, events: list[Event]
) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        network.use_providers([provider_at(kind.url)])
        assert await fetched(network, kind.url) == "offline"
        events.clear()
        began = datetime.now(UTC)
        async with network.open_for_send(), network.open_for_send():
            assert network.state().open_purposes == ("compare",) and network.state().since >= began  # type: ignore[operator]
            assert await fetched(network, kind.url) == "passed"
        assert network.state().is_closed and session.settings.open_purposes == ()
        assert await fetched(network, kind.url) == "offline"

    service.call(sent)
    assert states(events) == [("compare",), ()]


def test_one_text_that_has_arrived_does_not_close_the_door_to_another(service: Service, kind: Server) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        network.use_providers([provider_at(kind.url)])
        async with network.open_for_send():
            async with network.open_for_send():
                pass
            assert await fetched(network, kind.url) == "passed"

    service.call(sent)


def test_only_the_hosts_of_providers_that_are_kept_are_reached(service: Service, kind: Server, silent: Server) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        assert network.hosts("compare") == ()
        network.use_providers([provider_at(silent.url)])
        async with network.open_for_send():
            assert await fetched(network, kind.url) == "host_not_allowed"
            with pytest.raises(NetworkRefused):  # what is allowed for texts is not allowed for models
                await asyncio.to_thread(lambda: network.door.send("models", "GET", silent.url, {}, about="a test"))
            running = asyncio.create_task(fetched(network, silent.url))
            await until(lambda: silent.visits)
            network.use_providers([provider_at(kind.url)])  # a provider that was removed hears no more
            assert await running == "host_not_allowed" and network.hosts("compare") == (kind.url,)
            assert await fetched(network, kind.url) == "passed"

    service.call(sent)


@pytest.mark.parametrize("was_open", [(), ("models",), ("compare",)])
def test_closing_the_lock_ends_what_is_on_its_way_at_once(
    service: Service, silent: Server, kind: Server, was_open: tuple[Purpose, ...]
) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        network.use_providers([provider_at(silent.url), provider_at(kind.url)])
        for purpose in was_open:
            await session.open_network(purpose)
        async with network.open_for_send("a.example") as opening:
            running = asyncio.create_task(fetched(network, silent.url))
            await until(lambda: silent.visits)
            await session.close_network()
            assert await asyncio.wait_for(running, 5) == "offline"
            assert opening.ended.is_set() and network.state().is_closed
            with pytest.raises(NetworkRefused) as refused:
                opening.require()
            assert (refused.value.host, refused.value.reason) == ("a.example", "offline")
            assert await fetched(network, kind.url) == "offline"
            async with network.open_for_send() as another:  # a new wish of the person
                assert await fetched(network, kind.url) == "passed"
                assert not another.ended.is_set() and opening.ended.is_set()
        assert network.state().is_closed

    service.call(sent)


@pytest.mark.parametrize("change", [{"theme": "dark"}, {"n_threads": 3}])
def test_other_settings_end_nothing(service: Service, kind: Server, change: dict[str, Any]) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        network.use_providers([provider_at(kind.url)])
        await session.close_network()
        await asyncio.sleep(0.15)  # longer than the clocks may differ
        async with network.open_for_send() as opening:
            await session.change_settings(session.settings.model_copy(update=change))
            await session.open_network("models")  # another purpose
            await session.change_settings(session.settings.model_copy(update=change))
            assert not opening.ended.is_set() and await fetched(network, kind.url) == "passed"

    service.call(sent)


def test_a_lock_that_was_closed_earlier_and_is_kept_late_ends_nothing_that_began_since(service: Service) -> None:
    async def sent(session: Session) -> None:
        network, a_while_ago = session.network, datetime.now(UTC) - timedelta(seconds=3)
        async with network.open_for_send() as opening:
            network.apply(closed(Settings()).model_copy(update={"lock_changed": a_while_ago}))
            assert not opening.ended.is_set()
            network.apply(closed(Settings()).model_copy(update={"lock_changed": a_while_ago.replace(tzinfo=None)}))
            assert not opening.ended.is_set()
            network.apply(closed(Settings()))
            assert opening.ended.is_set()

    service.call(sent)


def test_taking_away_the_purpose_ends_what_was_open_for_it(service: Service) -> None:
    async def sent(session: Session) -> None:
        both = opened(opened(Settings(), "models"), "compare")
        session.network.apply(both)
        async with session.network.open_for_send() as opening:
            only_models = both.model_copy(update={"open_purposes": ("models",), "lock_changed": datetime.now(UTC)})
            session.network.apply(only_models)
            assert opening.ended.is_set() and session.network.state().open_purposes == ("models",)

    service.call(sent)


def test_a_program_that_closes_lets_nothing_begin(service: Service, silent: Server) -> None:
    async def sent(session: Session) -> None:
        network = session.network
        network.use_providers([provider_at(silent.url)])
        async with network.open_for_send() as opening:
            running = asyncio.create_task(fetched(network, silent.url))
            await until(lambda: silent.visits)
            await network.close()
            assert opening.ended.is_set() and await running == "offline"
            with pytest.raises(NetworkRefused):
                async with network.open_for_send():
                    pass

    service.call(sent)


def test_the_clock_does_not_keep_a_text_on_its_way(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that was set back says that the lock was closed before the text was sent."""

    async def sent(session: Session) -> None:
        async with session.network.open_for_send() as opening:
            from engine.work import network_access

            class Earlier(datetime):
                @classmethod
                def now(cls, tz: Any = None) -> datetime:
                    return datetime.now(tz) - timedelta(hours=5)

            monkeypatch.setattr(network_access, "datetime", Earlier)
            await session.close_network()
            assert opening.ended.is_set()

    service.call(sent)
