"""The one door to the internet. Every request, and every hop of a redirect, is judged, written down, and only then sent.

What may pass is a NetworkPolicy, which can be replaced at any time; what it no longer allows ends at once. Each request
has a connection of its own that nothing else ever uses, so a closed lock leaves nothing open that could be used again.
No cookies, no compression, no headers but those that are named. What an HTTP status means is for the caller to say.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx2

from engine.errors import NetworkFailed, NetworkRefused
from engine.network_exchange import ConnectionLog, Exchange, Interrupted, Interruption, new_connection
from engine.network_records import PURPOSES, Connection, NetworkState, Purpose, WhyRefused
from engine.network_request import Answer, Patience, said, send
from engine.policy import HUB, NetworkPolicy, Origin, origin_of
from engine.proxies import proxy_for
from engine.tripwire import Attempt

__all__ = ["Answer", "ConnectionLog", "Interrupted", "Interruption", "NetworkDoor"]

logger = logging.getLogger(__name__)

CONNECT_S, STALL_S = 10.0, 30.0
MAX_REDIRECTS = 5
MAX_CLIENT_ANSWER = 32 * 1024 * 1024
CLIENT_PATIENCE = 4
_CAME_FROM = "strongroom.came_from"


class NetworkDoor:
    """Lets requests out. Safe to use from any thread; what opens a connection blocks the thread that asks for it."""

    def __init__(
        self,
        log: ConnectionLog,
        *,
        publish: Callable[[Connection], None] = lambda _: None,
        connect_s: float = CONNECT_S,
        stall_s: float = STALL_S,
        version: str = "",
    ) -> None:
        """`publish` hears of every entry of the log, when it begins and when it ends, on the thread of the request."""
        self._log = log
        self._publish = publish
        self._patience = Patience(connect_s, stall_s)
        self._user_agent = f"Strongroom/{version}" if version else "Strongroom"
        self._turn = threading.Lock()
        self._policy = NetworkPolicy()
        self._for_this_run: frozenset[Purpose] = frozenset()
        self._proxy = "none"
        self._running: set[Exchange] = set()

    # ------------------------------------------------------------ what may pass
    def use(self, policy: NetworkPolicy, proxy: str) -> None:
        """Hold to this policy and this proxy setting from now on; what runs and is no longer allowed ends at once."""
        with self._turn:
            self._policy, self._proxy = policy, proxy
            ended = [(each, self._judge(each.purpose, each.origin)) for each in self._running]
        for exchange, why in ended:
            if why is not None:
                exchange.stop(NetworkRefused(exchange.purpose or "", exchange.host, why))

    def allow_once(self, purpose: Purpose) -> None:
        """Open a purpose for as long as this door exists; nothing of that is kept."""
        with self._turn:
            self._for_this_run |= {purpose}

    def state(self) -> NetworkState:
        """What is open and what is going on. When that last changed is for the caller to add."""
        with self._turn:
            policy, setting = self._policy, self._proxy
            opened = policy.open | self._for_this_run
        return NetworkState(
            open_purposes=tuple(each for each in PURPOSES if each in opened),
            hosts=tuple((each, _in_order(policy.hosts[each])) for each in PURPOSES if each in policy.hosts),
            busy_with=self.busy_with(),
            proxy=_shown(setting),
        )

    def busy_with(self) -> tuple[Purpose, ...]:
        """The purposes that have a request running."""
        with self._turn:
            busy = {each.purpose for each in self._running}
        return tuple(each for each in PURPOSES if each in busy)

    # ------------------------------------------------------------ requests
    def client(self, purpose: Purpose, about: str, *, timeout_s: float) -> httpx2.Client:
        """An HTTP client for questions with short answers, at most 32 MB each; the log says that they are about `about`.

        `timeout_s` is how long an answer may be silent; all of it may take four times that. Its requests raise
        NetworkRefused and NetworkFailed.
        """
        patience = replace(self._patience, stall_s=timeout_s, whole_s=CLIENT_PATIENCE * timeout_s)
        transport = _Transport(self, purpose, about, patience)
        return httpx2.Client(transport=transport, timeout=timeout_s, follow_redirects=True, trust_env=False)

    @contextmanager
    def fetch(
        self,
        purpose: Purpose,
        url: str,
        *,
        about: str,
        headers: Mapping[str, str] | None = None,
        interruption: Interruption | None = None,
    ) -> Iterator[Answer]:
        """GET `url`, following up to five redirects, each of them judged; the content is read from the Answer.

        An `authorization` stays behind when a redirect leads to another origin. Raises NetworkRefused, NetworkFailed,
        Interrupted, what the log raises when it cannot be written, and ValueError for a header that cannot be sent.
        """
        spoken, came_from = said(headers or {}), None
        for _ in range(MAX_REDIRECTS + 1):
            answer = self.send(purpose, "GET", url, spoken, about=about, interruption=interruption, came_from=came_from)
            with _hung_up(answer):
                target = answer.redirect()
                if target is None:
                    answer.require_plain()
                    yield answer
                    return
            came_from = answer.origin
            if _origin(target) != came_from:
                spoken.pop("authorization", None)
            url = target
        raise NetworkFailed(answer.host, "bad_answer", f"more than {MAX_REDIRECTS} redirects")

    def send(
        self,
        purpose: Purpose | None,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Iterable[bytes] = (),
        *,
        about: str,
        interruption: Interruption | None = None,
        came_from: Origin | None = None,
        patience: Patience | None = None,
    ) -> Answer:
        """Judge, write down and send one request, which `came_from` redirected here. Whoever asks closes the answer.

        Raises as `fetch` does.
        """
        patience = patience or self._patience
        spoken = said(headers)
        with self._turn:
            setting = self._proxy
            why = self._judge(purpose, url, came_from)
        if why is not None:
            raise self._refused(purpose, about, method, url, why)
        origin = origin_of(url)
        proxy = proxy_for(origin, setting)
        exchange = Exchange(
            new_connection(purpose, about, method, origin, proxy.shown if proxy else ""),
            origin,
            interruption=interruption,
            overdue_at=time.monotonic() + patience.head_s,
            ended=self._ended,
        )
        self._admit(exchange)
        answer = send(exchange, proxy, url, spoken.items(), content, user_agent=self._user_agent, patience=patience)
        if patience.whole_s is None:
            exchange.overdue_at = None  # from here on only silence is a fault
        return answer

    def _admit(self, exchange: Exchange) -> None:
        """Write it down; from then on closing its purpose ends it. Raises what the log raises, and then nothing is sent."""
        exchange.connection = replace(exchange.connection, id=self._log.begin(exchange.connection))
        with self._turn:
            self._running.add(exchange)
            why = self._judge(exchange.purpose, exchange.origin)
        if why is not None:  # closed while the entry was being written
            exchange.stop(NetworkRefused(exchange.purpose or "", exchange.host, why))
        self._publish(exchange.connection)

    def _ended(self, exchange: Exchange) -> None:
        with self._turn:
            self._running.discard(exchange)
        try:
            self._log.end(exchange.connection)
        except Exception as problem:  # the entry stays open, which says that its end is not known
            logger.error("the end of a connection was not written down: %s", type(problem).__name__)
        self._publish(exchange.connection)

    # ------------------------------------------------------------ what may not pass
    def _judge(self, purpose: Purpose | None, place: str | Origin, came_from: Origin | None = None) -> WhyRefused | None:
        url = place if isinstance(place, str) else _url(place)
        policy = replace(self._policy, open=self._policy.open | self._for_this_run)
        why = policy.judge(purpose, url)
        if why is None and came_from is not None and came_from[0] == "https" and origin_of(url)[0] != "https":
            return "not_https"
        return why

    def _refused(self, purpose: Purpose | None, about: str, method: str, url: str, why: WhyRefused) -> NetworkRefused:
        origin = _origin(url) or ("", urlsplit(f"//{_printable(url).partition('://')[2]}").netloc[:200], 0)
        self._keep_refused(new_connection(purpose, about, method, origin), why)
        return NetworkRefused(purpose or "", origin[1], why)

    def report_bypass(self, attempt: Attempt) -> None:
        """Write down what the tripwire stopped. Returns at once, since it may have been the window's thread."""
        connection = new_connection(None, attempt.what, "", ("", attempt.host, attempt.port))
        threading.Thread(target=self._keep_refused, args=(connection, "bypass"), name="bypass", daemon=True).start()

    def _keep_refused(self, connection: Connection, why: WhyRefused) -> None:
        connection = replace(connection, outcome="refused", reason=why)
        try:
            connection = replace(connection, id=self._log.begin(connection))
        except Exception as problem:  # it stays refused all the same
            logger.error("a refused connection was not written down: %s", type(problem).__name__)
        self._publish(connection)


class _Transport(httpx2.BaseTransport):
    """What stands under a client: each of its requests, and each redirect it follows, goes through the door."""

    def __init__(self, door: NetworkDoor, purpose: Purpose, about: str, patience: Patience) -> None:
        self._door = door
        self._purpose = purpose
        self._about = about
        self._patience = patience

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        came_from: tuple[Origin, ...] = request.extensions.get(_CAME_FROM, ())
        headers = dict(request.headers)
        if came_from and _origin(str(request.url)) != came_from[-1]:
            headers.pop("authorization", None)
        if len(came_from) > MAX_REDIRECTS:
            raise NetworkFailed(came_from[-1][1], "bad_answer", f"more than {MAX_REDIRECTS} redirects")
        answer = self._door.send(
            self._purpose,
            request.method,
            str(request.url),
            headers,
            request.stream,  # type: ignore[arg-type]  # a client that is not asynchronous gives bytes
            about=self._about,
            came_from=came_from[-1] if came_from else None,
            patience=self._patience,
        )
        with _hung_up(answer, only_on_errors=True):
            if request.method != "HEAD":
                answer.require_plain()
        request.extensions = {**request.extensions, _CAME_FROM: (*came_from, answer.origin)}
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer))


class _Body(httpx2.SyncByteStream):
    """An answer's content for a client, up to a size that no short answer has."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        room = MAX_CLIENT_ANSWER
        for piece in self._answer.chunks(64 * 1024):
            room -= len(piece)
            if room < 0:
                error = NetworkFailed(self._answer.host, "bad_answer", "the answer is larger than 32 MB")
                self._answer.close(error)
                raise error
            yield piece

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _hung_up(answer: Answer, *, only_on_errors: bool = False) -> Iterator[None]:
    """Close the answer at the end, or if anything goes wrong on the way."""
    try:
        yield
    except BaseException as error:
        answer.close(error if isinstance(error, NetworkFailed) else None)
        raise
    if not only_on_errors:
        answer.close()


def _url(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def _origin(url: str) -> Origin | None:
    try:
        return origin_of(url)
    except ValueError:
        return None


def _printable(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in text)


def _in_order(hosts: Iterable[str]) -> tuple[str, ...]:
    """Hosts as they are shown: the hub's own first, then those with the shortest names."""
    return tuple(sorted(hosts, key=lambda host: (host != HUB, host.count("."), host)))


def _shown(setting: str) -> str:
    """The proxy's address without a password."""
    try:
        proxy = proxy_for(("https", HUB, 443), setting)
    except NetworkFailed:
        return ""
    return proxy.shown if proxy else ""
