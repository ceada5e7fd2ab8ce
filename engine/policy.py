"""What may be reached, and for what: a decision about a purpose and an address. Opens no connection, resolves no name.

A host is allowed by its exact name, never by a pattern, and an address that can be read in two ways is not read at all:
user names, escapes, backslashes, other alphabets and unusual spellings of numbers are refused rather than interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from engine.errors import NetworkRefused
from engine.network_records import Purpose, WhyRefused

Origin = tuple[str, str, int]  # scheme, host, port

HUB = "huggingface.co"
#: Where Hugging Face sends large files to, as https://huggingface.co/.well-known/meta.json names them, and the older
#: hosts that still serve files which were uploaded before they moved.
HUGGING_FACE_HOSTS = frozenset(
    {
        HUB,
        "cdn-lfs.hf.co",
        "cdn-lfs-us-1.hf.co",
        "cdn-lfs-eu-1.hf.co",
        "cdn-lfs.huggingface.co",
        "cdn-lfs-us-1.huggingface.co",
        "cdn-lfs-eu-1.huggingface.co",
        "cas-bridge.xethub.hf.co",
        "transfer.xethub.hf.co",
        "transfer.xethub-eu.hf.co",
        "aws.cdn.hf.co",
        "us.aws.cdn.hf.co",
        "eu.aws.cdn.hf.co",
        "us-east-1.aws.cdn.hf.co",
        "us-west-2.aws.cdn.hf.co",
        "eu-west-3.aws.cdn.hf.co",
        "ap-southeast-1.aws.cdn.hf.co",
        "us.gcp.cdn.hf.co",
        "us-east1.us.gcp.cdn.hf.co",
        "us-central1.us.gcp.cdn.hf.co",
        "us-west4.us.gcp.cdn.hf.co",
        "europe-west4.us.gcp.cdn.hf.co",
        "asia-southeast1.us.gcp.cdn.hf.co",
    }
)

DEFAULT_PORT = {"https": 443, "http": 80}
MAX_URL = 8000
_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_URL = re.compile(r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?(?=[/?#]|\Z)", re.IGNORECASE)
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


@dataclass(frozen=True)
class NetworkPolicy:
    """Which purposes are open, and which hosts each of them may reach. Everything is closed unless it says otherwise.

    A host is a name, meaning https on port 443, or `scheme://host:port`; `named` gives the spelling that counts.
    """

    open: frozenset[Purpose] = frozenset()
    hosts: Mapping[Purpose, frozenset[str]] = field(default_factory=dict)

    def judge(self, purpose: Purpose | None, url: str) -> WhyRefused | None:
        """Why a request to `url` may not be sent for this purpose; None when it may."""
        if purpose is None:
            return "no_purpose"
        if purpose not in self.open:
            return "offline"
        try:
            origin = origin_of(url)
        except ValueError:
            return "host_not_allowed"
        if origin[0] != "https" and not is_loopback(origin[1]):
            return "not_https"
        return None if named(origin) in self.hosts.get(purpose, frozenset()) else "host_not_allowed"


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an address, in lower case. Raises ValueError for anything that is not plainly one.

    An IPv6 address comes without its brackets, in its shortest spelling.
    """
    found = _URL.match(url)
    if found is None or len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("not an address that may be read in one way only")
    scheme, host = found[1].lower(), _host(found[2].lower())
    port = int(found[3]) if found[3] else DEFAULT_PORT[scheme]
    if not 0 < port < 65_536:
        raise ValueError("no such port")
    return scheme, host, port


def named(origin: Origin) -> str:
    """How an origin is spelled in a list of hosts, and shown: the bare name for https on its usual port."""
    scheme, host, port = origin
    if scheme == "https" and port == DEFAULT_PORT["https"] and ":" not in host:
        return host
    return address_of(origin).removesuffix("/")


def address_of(origin: Origin) -> str:
    """An address that leads to this origin, with its port."""
    scheme, host, port = origin
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether a host is this computer itself by its spelling: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_hub_url(url: str) -> Origin:
    """The origin of the address of a hub. Raises NetworkRefused for one that is neither https nor on this computer."""
    try:
        origin = origin_of(url)
    except ValueError:
        raise NetworkRefused("models", url[:200], "not_https") from None
    if origin[0] != "https" and not is_loopback(origin[1]):
        raise NetworkRefused("models", origin[1], "not_https")
    return origin


def hosts_of_hub(hub: str, extra: Sequence[str] = ()) -> frozenset[str]:
    """The hosts that a hub is reached at: its own, those it is known to send files from, and the `extra` ones.

    A hub that `check_hub_url` would not take has none, so nothing can be fetched from it. An extra host that cannot be
    read is left out, as it could never be reached anyway.
    """
    try:
        origin = check_hub_url(hub)
    except NetworkRefused:
        return frozenset()
    own = HUGGING_FACE_HOSTS if origin == ("https", HUB, 443) else frozenset({named(origin)})
    further = set()
    for host in extra:
        with suppress(ValueError):
            further.add(named(origin_of(host if "://" in host else f"https://{host}")))
    return own | further


def _host(text: str) -> str:
    if text.startswith("["):
        address = IPv6Address(text[1:-1])
        if address.ipv4_mapped is not None or address.scope_id is not None:
            raise ValueError("an IPv4 address in disguise")
        return str(address)
    if _NAME.fullmatch(text) is None:
        raise ValueError("not a name of a host")
    if _NUMBER.fullmatch(text.rpartition(".")[2]):
        return str(ip_address(text))  # only the plain spelling; 127.1, 0x7f000001 and 010.0.0.1 are refused
    return text
