"""Providers and their keys: what is kept, where, and to which address a key is ever told."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import secrets
from engine.compare_events import ProvidersListed
from engine.errors import (
    KeyMissing,
    KeyRefused,
    NetworkFailed,
    NetworkRefused,
    NotFound,
    OutcomeUnknown,
    ProviderUnfit,
    StoreLocked,
)  # fmt: skip
from engine.events import Event
from engine.provider_records import Provider, ProviderId, Rates
from engine.providers.presets import PRESETS, own_server
from engine.service import Service, open_service
from engine.session import Session
from engine.store.keys import Stretching
from engine.work.remote_access import RemoteAccess, _named_apart
from tests.loopback_provider import Fault, LoopbackProvider

CHECKOUT = Path(__file__).parents[3]
KEY = "sk-one-two-three"
PASSPHRASE = "correct horse battery staple"

Work = Callable[[Session, RemoteAccess], Awaitable[Any]]


class NoList:
    """A price list of no models."""

    def rates(self, provider: Provider, model: str, n_prompt_tokens: int, when: datetime) -> Rates | None:
        return None

    def as_of(self) -> str:
        return "2026-11-09"


class Keyring:
    """A keyring that keeps what it is given, or refuses for a reason."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.refuses: str | None = None
        self.answers = threading.Event()
        self.answers.set()

    def _ask(self) -> None:
        self.answers.wait(10)
        if self.refuses is not None:
            raise StoreLocked(self.refuses)  # type: ignore[arg-type]

    def read(self, name: str) -> bytes | None:
        self._ask()
        return self.kept.get(name)

    def write(self, name: str, secret: bytes) -> None:
        self._ask()
        self.kept[name] = secret

    def delete(self, name: str) -> None:
        self._ask()
        self.kept.pop(name, None)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """The real one has a test at the end."""
    keyring = Keyring()
    monkeypatch.setattr(secrets, "read_secret", keyring.read)
    monkeypatch.setattr(secrets, "write_secret", keyring.write)
    monkeypatch.setattr(secrets, "delete_secret", keyring.delete)
    return keyring


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def service(tmp_path: Path, events: list[Event]) -> Iterator[Service]:
    service = open_service(str(tmp_path / "profile"), events.append)
    service.start(with_window=False)
    service.call(lambda session: session.unlock("passphrase", PASSPHRASE, go_on=False))
    yield service
    service.close()


@pytest.fixture(autouse=True)
def cheap_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stretching, "today", lambda: Stretching(b"s" * 16, memory_kib=64, passes=1, lanes=1))


@pytest.fixture
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


def remote_of(session: Session) -> RemoteAccess:
    return RemoteAccess(session.access, session.network, session.profile.root, session.publish, NoList())  # type: ignore[arg-type]


def done(service: Service, work: Work) -> Any:
    async def do(session: Session) -> Any:
        return await work(session, remote_of(session))

    return service.call(do)


def own(url: str, name: str = "Own server", **more: Any) -> Provider:
    return replace(own_server(name, url, ["test-large"]), **more)


# ---------------------------------------------------------------- providers
def test_a_provider_is_kept_checked_with_an_id_and_its_host_may_be_reached(service: Service, keyring: Keyring) -> None:
    async def keeping(session: Session, remote: RemoteAccess) -> None:
        entered = Provider(ProviderId(""), "  Ours  GmbH ", "openai", "https://models.example/v1/ ", ("m", "m"), "evil.example")
        kept = await remote.keep(replace(entered, key="keyring"))
        assert (kept.id, kept.name, kept.base_url, kept.host) == (
            "ours-gmbh",
            "Ours GmbH",
            "https://models.example/v1",
            "models.example",
        )
        assert (kept.models, kept.key) == (("m",), "none")
        assert session.network.hosts("compare") == ("models.example",) and session.network.state().is_closed
        assert await remote.list() == (kept,) == (await remote.get(kept.id),)
        await remote.remove(kept.id)
        assert session.network.hosts("compare") == () and await remote.list() == ()
        for missing in (remote.get, remote.remove, remote.forget_key, remote.check):
            with pytest.raises(NotFound):
                await missing(kept.id)

    done(service, keeping)


@pytest.mark.parametrize("url", ["http://models.example/v1", "ftp://127.0.0.1/v1", "https://user@models.example/v1", "models"])
def test_an_address_that_would_be_spoken_to_in_clear_or_in_two_ways_is_no_provider(
    service: Service, keyring: Keyring, url: str
) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        with pytest.raises(ProviderUnfit):
            await remote.keep(replace(own("http://127.0.0.1:9/v1"), base_url=url))
        assert await remote.list() == ()

    done(service, keeping)


def test_names_are_unique_and_a_provider_may_change_all_but_its_id(service: Service, keyring: Keyring) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        first = await remote.keep(own("http://127.0.0.1:1/v1", "Änne's Server"))
        second = await remote.keep(own("http://127.0.0.1:2/v1", "Other"))
        assert first.id == "anne-s-server"
        for name in ("ÄNNE'S  Server", "änne's server"):
            with pytest.raises(ProviderUnfit) as unfit:
                await remote.keep(own("http://127.0.0.1:3/v1", name))
            assert unfit.value.reason == "name_taken"
        with pytest.raises(ProviderUnfit):
            await remote.keep(replace(second, name=first.name))
        changed = await remote.keep(replace(first, name="New name", models=("other",)))
        assert changed.id == first.id and [each.name for each in await remote.list()] == ["New name", "Other"]
        again = await remote.keep(own("http://127.0.0.1:1/v1", "Änne's server"))
        assert again.id == "anne-s-server-2"

    done(service, keeping)


def test_presets_keep_their_ids_and_are_offered_until_they_are_added(
    service: Service, keyring: Keyring, events: list[Event]
) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        await remote.publish_list()
        added = await remote.keep(PRESETS[0])
        assert added == PRESETS[0]
        impostor = await remote.keep(own("http://127.0.0.1:1/v1", f"{PRESETS[1].name}!"))
        assert impostor.id not in {each.id for each in PRESETS}
        await remote.publish_list()

    done(service, keeping)
    before, after = [each for each in events if isinstance(each, ProvidersListed)]
    assert (before.providers, before.presets, before.prices_as_of) == ((), PRESETS, "2026-11-09")
    assert [each.id for each in after.providers] == [PRESETS[0].id, f"{PRESETS[1].id}-2"]
    assert after.presets == PRESETS[1:]


@given(st.lists(st.text(min_size=1, max_size=60), max_size=12))
def test_whatever_providers_are_called_their_ids_differ_and_are_plain(names: list[str]) -> None:
    kept: list[Provider] = []
    for name in names:
        try:
            kept.append(_named_apart(Provider(ProviderId(""), name, "openai", "https://a.example", ("m",), "a.example"), kept))
        except ProviderUnfit:
            assert any(each.name.casefold() == name.casefold() for each in kept) or not name.isascii()
    ids = [each.id for each in kept]
    assert len(set(ids)) == len(ids) and not {each.id for each in PRESETS} & set(ids)
    assert all(id and set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and len(id) < 60 for id in ids)


def test_without_an_open_store_there_is_nothing_to_keep_providers_in(tmp_path: Path, keyring: Keyring) -> None:
    service = open_service(str(tmp_path / "profile"), lambda _: None)
    service.start(with_window=False)

    async def listing(_: Session, remote: RemoteAccess) -> None:
        with pytest.raises(StoreLocked):
            await remote.list()
        with pytest.raises(StoreLocked):
            await remote.keep(own("http://127.0.0.1:1/v1"))

    try:
        done(service, listing)
    finally:
        service.close()


# ---------------------------------------------------------------- keys
def test_a_key_is_kept_in_the_keyring_and_goes_with_its_provider(service: Service, keyring: Keyring) -> None:
    async def keeping(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        assert await remote.keep_key(kept.id, f" {KEY}\n") == "keyring"
        assert (await remote.list())[0].key == "keyring" and remote.key_of(kept) == KEY
        assert remote_of(session).key_of(kept) == KEY  # also after a restart
        elsewhere = RemoteAccess(session.access, session.network, session.profile.root / "x", session.publish, NoList())  # type: ignore[arg-type]
        assert elsewhere.key_of(kept) is None  # another profile
        await remote.forget_key(kept.id)
        assert (await remote.get(kept.id)).key == "none" and keyring.kept == {}
        await remote.keep_key(kept.id, KEY)
        await remote.remove(kept.id)
        assert keyring.kept == {}

    done(service, keeping)


def test_a_key_for_one_run_comes_before_the_kept_one_and_leaves_it_alone(service: Service, keyring: Keyring) -> None:
    async def using(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        await remote.keep_key(kept.id, KEY)
        remote.use_key(kept, " another\n")
        assert remote.key_of(kept) == "another" and remote_of(session).key_of(kept) == KEY
        with pytest.raises(ProviderUnfit):
            remote.use_key(kept, "two words")

    done(service, using)


def has_no_key(remote: RemoteAccess, provider: Provider, reason: str) -> bool:
    """None without a keyring; of a locked one nobody can say whether it has the key, and that is said."""
    if reason == "no_keyring":
        return remote.key_of(provider) is None
    with pytest.raises(StoreLocked):
        remote.key_of(provider)
    return True


@pytest.mark.parametrize("reason", ["no_keyring", "keyring_locked"])
def test_without_a_usable_keyring_the_key_lasts_for_the_session(service: Service, keyring: Keyring, reason: str) -> None:
    async def keeping(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        keyring.refuses = reason
        assert (await remote.get(kept.id)).key == "none" and has_no_key(remote, kept, reason)
        assert await remote.keep_key(kept.id, KEY) == "session"
        assert (await remote.get(kept.id)).key == "session" and remote.key_of(kept) == KEY
        assert has_no_key(remote_of(session), kept, reason) and keyring.kept == {}
        if reason == "no_keyring":
            await remote.forget_key(kept.id)
        else:
            with pytest.raises(StoreLocked):  # a key may still be in there
                await remote.forget_key(kept.id)
        assert has_no_key(remote, kept, reason)
        await remote.keep_key(kept.id, KEY)
        keyring.refuses = None
        assert await remote.keep_key(kept.id, "another") == "keyring" and remote.key_of(kept) == "another"

    done(service, keeping)


def test_a_provider_goes_also_where_the_keyring_does_not_give_its_key_away(service: Service, keyring: Keyring) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        await remote.keep_key(kept.id, KEY)
        keyring.refuses = "keyring_locked"
        with pytest.raises(StoreLocked):
            await remote.remove(kept.id)
        assert await remote.list() == ()

    done(service, keeping)


def test_a_store_that_keeps_nothing_leaves_no_key_behind(tmp_path: Path, keyring: Keyring) -> None:
    service = open_service(str(tmp_path / "profile"), lambda _: None)
    service.start(with_window=False)
    service.call(lambda session: session.unlock("memory", go_on=False))

    async def keeping(_: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        assert await remote.keep_key(kept.id, KEY) == "session" and remote.key_of(kept) == KEY

    try:
        done(service, keeping)
    finally:
        service.close()
    assert keyring.kept == {}


@pytest.mark.parametrize("key", ["", " ", "two words", "a\nb", "a\x00b", "schlüssel", "a\u200bb", "x" * 2001, "a\tb"])
def test_what_can_be_no_key_is_not_kept(service: Service, keyring: Keyring, key: str) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        with pytest.raises(ProviderUnfit) as unfit:
            await remote.keep_key(kept.id, key)
        assert unfit.value.facts == {"name": "Own server", "reason": "bad_key"} and keyring.kept == {}

    done(service, keeping)


@pytest.mark.parametrize("is_usable", [True, False])
def test_a_key_for_one_address_is_never_told_to_another(service: Service, keyring: Keyring, is_usable: bool) -> None:
    async def keeping(_: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own("http://127.0.0.1:1/v1"))
        keyring.refuses = None if is_usable else "no_keyring"
        await remote.keep_key(kept.id, KEY)
        moved = replace(kept, base_url="http://127.0.0.1:2/v1")
        assert remote.key_of(moved) is None
        moved = await remote.keep(moved)
        assert moved.key == "none" and keyring.kept == {} and remote.key_of(kept) is None  # the old one is forgotten
        assert (await remote.keep(kept)).key == "none"
        await remote.keep_key(kept.id, KEY)
        assert (await remote.keep(replace(kept, models=("other",)))).key != "none"  # the same address keeps its key

    done(service, keeping)


def test_keys_are_in_no_log_event_error_or_json(
    service: Service, keyring: Keyring, server: LoopbackProvider, events: list[Event], caplog: pytest.LogCaptureFixture
) -> None:
    async def keeping(session: Session, remote: RemoteAccess) -> list[str]:
        kept = await remote.keep(own(server.url_for("openai"), needs_key=True))
        errors = []
        for refuses in ("keyring_locked", None):
            keyring.refuses = refuses
            await remote.keep_key(kept.id, KEY)
        server.keys = {"another"}
        with pytest.raises(KeyRefused) as refused:
            await remote.check(kept.id)
        errors.append(repr(refused.value) + str(refused.value.facts))
        await remote.publish_list()
        entries = await session.access.read(lambda store: store.connections.list(None, 10))
        return [
            *errors,
            repr(await remote.list()),
            repr(vars(remote)),
            repr(entries),
            msgspec.json.encode(await remote.list()).decode(),
        ]

    with caplog.at_level(logging.DEBUG):
        seen = done(service, keeping)
    assert server.gets[-1].headers["authorization"] == f"Bearer {KEY}"
    for each in (*seen, caplog.text, repr(events)):
        assert KEY not in each


# ---------------------------------------------------------------- checks
@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_check_sends_the_key_and_no_text(service: Service, keyring: Keyring, server: LoopbackProvider, dialect: str) -> None:
    async def checking(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own(server.url_for(dialect), dialect=dialect, needs_key=True))
        with pytest.raises(KeyMissing):
            await remote.check(kept.id)
        assert server.gets == []
        await remote.keep_key(kept.id, KEY)
        server.keys = {KEY}
        check = await remote.check(kept.id)
        assert (check.provider, check.models) == (kept.id, ("test-large", "test-small")) and check.duration_s > 0
        assert session.network.state().is_closed and session.settings.open_purposes == ()
        [entry] = await session.access.read(lambda store: store.connections.list(None, 10))
        assert (entry.purpose, entry.method, entry.about) == ("compare", "GET", "the models of Own server")

    done(service, checking)
    assert server.posts == [] and [get.body for get in server.gets] == [b""]


@pytest.mark.parametrize(("fault", "kind"), [(Fault.DROPPED, (NetworkFailed, OutcomeUnknown)), (Fault.KEY_REFUSED, KeyRefused)])
def test_a_check_that_finds_nothing_says_why(
    service: Service, keyring: Keyring, server: LoopbackProvider, fault: Fault, kind: Any
) -> None:
    async def checking(_: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own(server.url_for("openai")))
        server.fault = fault
        with pytest.raises(kind):
            await remote.check(kept.id)

    done(service, checking)


def test_closing_the_lock_ends_a_check_also_while_the_keyring_asks(
    service: Service, keyring: Keyring, server: LoopbackProvider
) -> None:
    async def checking(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own(server.url_for("openai"), needs_key=True))
        await remote.keep_key(kept.id, KEY)
        server.fault = Fault.SILENT
        running = asyncio.create_task(remote.check(kept.id))
        await _until(lambda: server.gets)
        await session.close_network()
        with pytest.raises(NetworkRefused):
            await asyncio.wait_for(running, 5)
        keyring.answers.clear()  # it asks the user
        waiting = asyncio.create_task(remote.check(kept.id))
        await _until(lambda: session.network.state().open_purposes)
        await session.close_network()
        keyring.answers.set()
        with pytest.raises(NetworkRefused):
            await asyncio.wait_for(waiting, 5)

    done(service, checking)
    assert len(server.gets) == 1


def test_a_check_that_nobody_waits_for_ends(service: Service, keyring: Keyring, server: LoopbackProvider) -> None:
    async def checking(session: Session, remote: RemoteAccess) -> None:
        kept = await remote.keep(own(server.url_for("openai")))
        server.fault = Fault.SILENT
        running = asyncio.create_task(remote.check(kept.id))
        await _until(lambda: server.gets)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await _until(lambda: not session.network.door.busy_with())

    done(service, checking)


async def _until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


# ---------------------------------------------------------------- a real keyring
REAL = """
import asyncio, sys
from pathlib import Path
from engine.service import open_service
from engine.providers.presets import own_server
from engine.store.keys import Stretching
from engine.work.remote_access import RemoteAccess

async def keep(session):
    await session.unlock("passphrase", "correct horse battery", go_on=False)
    remote = RemoteAccess(session.access, session.network, Path(sys.argv[1]), lambda _: None, None)
    if sys.argv[2] == "write":
        await remote.keep(own_server("Own", "http://127.0.0.1:1/v1", ["m"]))
        print(await remote.keep_key("own", "sk-real"))
    kept = await remote.get("own")
    print((await remote.get(kept.id)).key, remote.key_of(kept))
    if sys.argv[2] == "forget":
        await remote.forget_key(kept.id)
        print((await remote.get(kept.id)).key, remote.key_of(kept))

service = open_service(sys.argv[1], lambda _: None)
service.start(with_window=False)
try:
    service.call(keep)
finally:
    service.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus and the Secret Service are Linux's")
def test_a_real_secret_service_keeps_the_key_for_the_next_run(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    environment |= {"PYTHONPATH": str(CHECKOUT), "HOME": str(tmp_path)}
    python, profile = f"'{sys.executable}' '{tmp_path / 'run.py'}'", tmp_path / "profile"
    (tmp_path / "run.py").write_text(REAL)
    runs = " && ".join(f"{python} '{profile}' {what}" for what in ("write", "read", "forget", "read"))
    with_keyring = ["sh", str(CHECKOUT / "tests/secret_service.sh"), "sh", "-c", runs]
    ended = subprocess.run(with_keyring, capture_output=True, text=True, env=environment, check=False, timeout=100)
    expected = ["keyring", "keyring sk-real", "keyring sk-real", "keyring sk-real", "none None", "none None"]
    assert ended.stdout.splitlines() == expected, ended.stderr
