"""The one door to the internet. Every request, and every hop of a redirect, is judged, written down, and only then sent.

What may pass is a NetworkPolicy, which can be replaced at any time; what it no longer allows ends at once. Each request
has a connection of its own that nothing else ever uses, so a closed lock leaves nothing open that could be used again.
No cookies, no compression, no headers but those that are named. What an HTTP status means is for the caller to say.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from engine.approvals import Approvals
from engine.errors import NetworkFailed, NetworkRefused
from engine.network_exchange import ConnectionLog, Exchange, Interrupted, Interruption, new_connection
from engine.network_messages import SECRETS, Answer, Patience, framing, leaving_at_last, said, said_to_be_the_host, user_agent
from engine.network_records import PURPOSES, Connection, NetworkState, Purpose, WhyRefused
from engine.policy import HUB, NetworkPolicy, Origin, address_of, named, origin_of
from engine.proxies import proxy_for
from engine.tripwire import Attempt

if TYPE_CHECKING:
    import httpx2

__all__ = ["Answer", "ConnectionLog", "Interrupted", "Interruption", "NetworkDoor"]

logger = logging.getLogger(__name__)

CONNECT_S, STALL_S = 10.0, 30.0
MAX_REDIRECTS = 5
CLIENT_PATIENCE = 4
BYPASSES_AT_ONCE = 20
MAX_UNWRITTEN = 100


class NetworkDoor:
    """Lets requests out. Safe to use from any thread; what opens a connection blocks the thread that asks for it.

    `approvals` are the texts that may be sent for the purpose `compare`; nothing else passes there. Closing that purpose
    clears them.
    """

    def __init__(
        self,
        log: ConnectionLog,
        *,
        publish: Callable[[Connection], None] = lambda _: None,
        connect_s: float = CONNECT_S,
        stall_s: float = STALL_S,
    ) -> None:
        """`publish` hears of every entry of the log, when it begins and when it ends, on the thread of the request."""
        self.approvals = Approvals()
        self._log = log
        self._publish = publish
        self._patience = Patience(connect_s, stall_s)
        self._turn = threading.Lock()
        self._policy = NetworkPolicy()
        self._proxy = "none"
        self._running: set[Exchange] = set()
        self._bypasses = threading.BoundedSemaphore(BYPASSES_AT_ONCE)
        self._unwritten: deque[Connection] = deque(maxlen=MAX_UNWRITTEN)

    # ------------------------------------------------------------ what may pass
    def use(self, policy: NetworkPolicy, proxy: str) -> None:
        """Hold to this policy and this proxy setting from now on; what runs and is no longer allowed ends at once."""
        with self._turn:
            self._policy, self._proxy = policy, proxy
            if "compare" not in policy.open:
                self.approvals.clear()
            judged = [(each, self._judge(each.purpose, address_of(each.origin))) for each in self._running]
        for exchange, why in judged:
            if why is not None:
                exchange.stop(NetworkRefused(exchange.purpose or "", exchange.host, why))
        if self._unwritten:  # a policy often comes with the store that the log is in
            threading.Thread(target=self._write_refused_again, name="refused", daemon=True).start()

    def state(self) -> NetworkState:
        """What is open and what is going on. When that last changed is for the caller to add."""
        with self._turn:
            policy, setting = self._policy, self._proxy
            sending = {named(each.origin) for each in self._running if each.is_sending}
        return NetworkState(
            open_purposes=tuple(each for each in PURPOSES if each in policy.open),
            hosts=tuple((each, _in_order(policy.hosts[each])) for each in PURPOSES if each in policy.hosts),
            busy_with=self.busy_with(),
            sending_to=_in_order(sending),
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

        `timeout_s` is how long an answer may be silent; all of it may take four times that. Its requests raise as those
        of `fetch`.
        """
        from engine import network_client  # the HTTP libraries cost a tenth of a second, and most runs need none

        patience = replace(self._patience, stall_s=timeout_s, whole_s=CLIENT_PATIENCE * timeout_s)
        send = partial(self.send, purpose, about=about, patience=patience)
        return network_client.client(send, max_redirects=MAX_REDIRECTS, timeout_s=timeout_s)

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

        A key stays behind when a redirect leads to another origin. Raises NetworkRefused, NetworkFailed,
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
                spoken = {name: value for name, value in spoken.items() if name not in SECRETS}
            url = target
        raise NetworkFailed(answer.host, "bad_answer", f"more than {MAX_REDIRECTS} redirects")

    def send(
        self,
        purpose: Purpose | None,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | Iterable[bytes] = (),
        *,
        about: str,
        interruption: Interruption | None = None,
        came_from: Origin | None = None,
        patience: Patience | None = None,
        leaving: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Judge, write down and send one request, which `came_from` redirected here. Whoever asks closes the answer.

        For `compare`, `content` is an approved text as bytes, whose approval this uses up. `leaving` is called right before
        the first byte of the content is handed to the connection: as long as it was not, nothing of it has left. Raises as
        `fetch` does.
        """
        from engine import network_request

        patience, spoken = patience or self._patience, said(headers)
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
        if (why := self._let_in(exchange, url, content)) is not None:
            raise self._refused(purpose, about, method, url, why)
        self._begin(exchange)
        spoken |= framing(content) | {"user-agent": user_agent()}
        answer = network_request.send(exchange, proxy, url, spoken, leaving_at_last(content, leaving), patience)
        if patience.whole_s is None:
            exchange.overdue_at = None  # from here on only silence is a fault
        return answer

    def _let_in(self, exchange: Exchange, url: str, content: bytes | Iterable[bytes]) -> WhyRefused | None:
        """Why it may not pass after all; if it may, closing its purpose ends it from here on.

        In one turn with the policy: an approval is either used up and its request known, or cleared by a lock that closes.
        """
        with self._turn:
            why = self._judge(exchange.purpose, url)
            if why is None and exchange.purpose == "compare":
                why = None if self.approvals.let_pass(exchange.connection.method, url, content) else "not_approved"
            if why is None:
                self._running.add(exchange)
        return why

    def _begin(self, exchange: Exchange) -> None:
        """Write it down. Raises what the log raises, and then nothing is sent."""
        try:
            exchange.connection = replace(exchange.connection, id=self._log.begin(exchange.connection))
        except BaseException:
            with self._turn:
                self._running.discard(exchange)
            raise
        self._tell(exchange.connection)

    def _ended(self, exchange: Exchange) -> None:
        try:
            self._log.end(exchange.connection)
        except Exception as problem:  # the entry stays open, which says that its end is not known
            logger.error("the end of a connection was not written down: %s", type(problem).__name__)
        with self._turn:  # not before: who waits until nothing runs may close the log then
            self._running.discard(exchange)
        self._tell(exchange.connection)

    def _tell(self, connection: Connection) -> None:
        try:
            self._publish(connection)
        except Exception as problem:  # who watches may not change what happens
            logger.error("a connection could not be shown: %s", type(problem).__name__)

    # ------------------------------------------------------------ what may not pass
    def _judge(self, purpose: Purpose | None, url: str, came_from: Origin | None = None) -> WhyRefused | None:
        policy = self._policy
        why = policy.judge(purpose, url)
        if why is None and came_from is not None and came_from[0] == "https" and origin_of(url)[0] != "https":
            return "not_https"
        return why

    def _refused(self, purpose: Purpose | None, about: str, method: str, url: str, why: WhyRefused) -> NetworkRefused:
        origin = _origin(url) or ("", said_to_be_the_host(url), 0)
        self._keep_refused(new_connection(purpose, about, method, origin), why)
        return NetworkRefused(purpose or "", origin[1], why)

    def report_bypass(self, attempt: Attempt) -> None:
        """Write down what the tripwire stopped. Returns at once, since it may have been the window's thread."""
        if not self._bypasses.acquire(blocking=False):
            logger.warning("more attempts to get past the door than can be written down: %s", attempt.what)
            return
        connection = new_connection(None, attempt.what, "", ("", attempt.host, attempt.port))

        def keep() -> None:
            self._keep_refused(connection, "bypass")
            self._bypasses.release()

        threading.Thread(target=keep, name="bypass", daemon=True).start()

    def _keep_refused(self, connection: Connection, why: WhyRefused) -> None:
        connection = replace(connection, outcome="refused", reason=why)
        try:
            connection = replace(connection, id=self._log.begin(connection))
        except Exception as problem:  # it stays refused all the same
            logger.info("a refused connection is not written down yet: %s", type(problem).__name__)
            self._unwritten.append(connection)
        else:
            self._tell(connection)

    def _write_refused_again(self) -> None:
        """Write down what was refused while the log could not be written, such as before the store was opened."""
        for _ in range(len(self._unwritten)):
            with suppress(IndexError):  # another thread was faster
                connection = self._unwritten.popleft()
                self._keep_refused(connection, cast(WhyRefused, connection.reason))


@contextmanager
def _hung_up(answer: Answer) -> Iterator[None]:
    """Close the answer at the end, whatever happens to those who read it."""
    try:
        yield
    except BaseException as error:
        answer.close(error if isinstance(error, NetworkFailed) else None)
        raise
    answer.close()


def _origin(url: str) -> Origin | None:
    try:
        return origin_of(url)
    except ValueError:
        return None


def _in_order(hosts: Iterable[str]) -> tuple[str, ...]:
    """Hosts as they are shown: the hub's own first, then those with the shortest names."""
    return tuple(sorted(hosts, key=lambda host: (host != HUB, host.count("."), host)))


def _shown(setting: str) -> str:
    """The proxy's address without a password."""
    with suppress(NetworkFailed):
        proxy = proxy_for(("https", HUB, 443), setting)
        return proxy.shown if proxy else ""
    return ""
