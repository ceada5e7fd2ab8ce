"""What a request may say and what an answer is, whichever library carries them. Sends nothing, judges nothing."""

from __future__ import annotations

import email.utils
import importlib.metadata
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from engine.errors import NetworkFailed
from engine.network_exchange import Exchange
from engine.policy import Origin

#: What a request may say beside its address. Everything else that a library would add stays on this computer.
SAID = frozenset(
    "accept anthropic-version authorization content-length content-type if-match if-none-match if-range range "
    "transfer-encoding x-api-key".split()
)
SECRETS = frozenset({"authorization", "x-api-key"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VALUE = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: to connect, in silence, and for the whole answer (None: as long as it flows)."""

    connect_s: float
    stall_s: float
    whole_s: float | None = None

    @property
    def head_s(self) -> float:
        """For everything up to the answer's headers, however slowly they come."""
        return self.whole_s if self.whole_s is not None else 2 * self.connect_s + self.stall_s


class Answer:
    """The head of an answer, and its content as it comes. `headers` have names in lower case."""

    def __init__(
        self,
        url: str,
        status: int,
        headers: Mapping[str, str],
        exchange: Exchange,
        pieces: Callable[[], Iterator[bytes]],
        hang_up: Callable[[], None],
    ) -> None:
        """`pieces` reads the content, `hang_up` closes the connection; both belong to the library that carries it."""
        self.url = url
        self.status = status
        self.headers = headers
        self._exchange = exchange
        self._pieces = pieces
        self._hang_up = hang_up

    @property
    def host(self) -> str:
        return self._exchange.host

    @property
    def origin(self) -> Origin:
        return self._exchange.origin

    def chunks(self, n_bytes: int) -> Iterator[bytes]:
        """The content's bytes as they arrive, no piece larger than `n_bytes`. May be asked for once.

        Raises NetworkFailed, NetworkRefused when the purpose is closed meanwhile, and Interrupted.
        """
        for piece in self._pieces():
            for start in range(0, len(piece), n_bytes):
                self._exchange.check()
                yield piece[start : start + n_bytes]

    def redirect(self) -> str | None:
        """Where this answer leads instead; None if it is the answer itself. Raises NetworkFailed for a place that is none."""
        place = self.headers.get("location")
        if self.status not in REDIRECTS or place is None:
            return None
        spelled = quote(place.strip().encode("latin-1"), safe=string.punctuation)
        try:
            return urljoin(self.url, spelled).partition("#")[0]
        except ValueError:
            raise NetworkFailed(self.host, "bad_answer", "redirected to no address") from None

    def require_plain(self) -> None:
        """Raises NetworkFailed when the content is encoded although that was not asked for, and so has other bytes."""
        if self.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise NetworkFailed(self.host, "bad_answer", "content-encoding")

    def close(self, error: BaseException | None = None) -> None:
        """Hang up and complete the log's entry; what was not read stays unread. Safe to call twice."""
        self._hang_up()
        self._exchange.finish(error or self._exchange.ended_by)


def said(headers: Mapping[str, str]) -> dict[str, str]:
    """Those of the headers that are sent, in lower case. Raises ValueError for a value that would break out of its line."""
    kept = {name.lower(): value for name, value in headers.items() if name.lower() in SAID}
    for name, value in kept.items():
        if _VALUE.fullmatch(value) is None:
            raise ValueError(f"the header {name} holds what no header may hold")
    return kept


def readable(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as text. Cookies are left out: nothing here keeps them."""
    kept: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in ("set-cookie", "set-cookie2"):
            kept[name] = f"{kept[name]}, {value}" if name in kept else value
    return kept


def framing(content: bytes | Iterable[bytes]) -> dict[str, str]:
    """What says how long content of a known length is; whoever sends content in pieces says so itself."""
    return {"content-length": str(len(content))} if isinstance(content, bytes) and content else {}


def leaving_at_last(content: bytes | Iterable[bytes], leaving: Callable[[], None]) -> Iterator[bytes]:
    """The content, once. `leaving` is called when the first of it is asked for."""
    pieces = (content,) if isinstance(content, bytes) else content
    for number, piece in enumerate(each for each in pieces if each):
        if number == 0:
            leaving()
        yield piece


def said_to_be_the_host(url: str) -> str:
    """What stands where the host should, of an address that cannot be read, to be shown and nothing else."""
    shown = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in url[:2000])
    return re.split(r"[/?#]", shown.partition("://")[2] or shown)[0].rpartition("@")[2][:200]


def user_agent() -> str:
    """What this program calls itself: nothing about the computer, the system or the user."""
    try:
        return f"Strongroom/{importlib.metadata.version('strongroom')}"
    except importlib.metadata.PackageNotFoundError:  # a checkout
        return "Strongroom"


def retry_after(asked: str | None, now: float) -> float | None:
    """Seconds to wait, from a number or from a date; None if it is neither. `now` in seconds since 1970."""
    if asked is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", asked.strip()):
        return float(asked)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asked).timestamp() - now)
    except (ValueError, OverflowError):
        return None
