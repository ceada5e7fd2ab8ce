"""Which proxy a request goes through: none, one that the user named, or the one that the system is set to.

Only the setting `system` looks at the environment (and on macOS and Windows at the system's own settings). Opens no
connection and resolves no name; a configuration script (PAC) is not run.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from engine.errors import NetworkFailed
from engine.policy import Origin, is_loopback, origin_of

DEFAULT_PROXY_PORT = 8080


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy. `name` and `password` are what it asks for, '' for nothing."""

    host: str
    port: int
    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """Its address as it may be shown and written down."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def proxy_for(origin: Origin, setting: str) -> Proxy | None:
    """The proxy on the way to `origin` under this setting: `system`, `none` or an address. This computer needs none.

    Raises NetworkFailed, reason `proxy`, when the address is not that of a proxy which can be used.
    """
    if setting == "none" or is_loopback(origin[1]):
        return None
    if setting == "system":
        address = system_proxy_for(origin)
        return parsed(address) if address else None
    return parsed(setting)


def system_proxy_for(origin: Origin) -> str | None:
    """The address of the proxy that the system is set to for this origin, as it is written there."""
    scheme, host, port = origin
    proxies = _of_environment() or _of_system()
    address = proxies.get(scheme) or proxies.get("all")
    exceptions = [proxies.get("no", ""), *_system_exceptions()]
    return None if not address or is_excepted(host, port, exceptions) else address


def parsed(address: str) -> Proxy:
    """Read `host`, `host:port` or `http://name:password@host:port`. Raises NetworkFailed, reason `proxy`."""
    text = address.strip()
    if "://" not in text:
        text = f"http://{text}"
    scheme, _, rest = text.partition("://")
    if scheme.lower() != "http":
        raise NetworkFailed("", "proxy", f"a proxy of the kind {scheme.lower()[:20]} cannot be used")
    userinfo, _, place = rest.rpartition("@")
    try:
        _, host, _ = origin_of(f"http://{place}")
        port = urlsplit(f"http://{place}").port or DEFAULT_PROXY_PORT
    except ValueError:
        raise NetworkFailed("", "proxy", "this is not the address of a proxy") from None
    name, _, password = userinfo.partition(":")
    return Proxy(host, port, unquote(name), unquote(password))


def is_excepted(host: str, port: int, exceptions: Iterable[str]) -> bool:
    """Whether a list of exceptions names this host.

    Understands what systems write: names that hold for what is below them, `*` as a wildcard, `<local>` for names
    without a dot, a port behind a colon, addresses with the length of a network.
    """
    entries = (entry.lower() for text in exceptions for entry in re.split(r"[\s,;]+", text) if entry)
    return any(_matches(host, port, entry) for entry in entries)


def _matches(host: str, port: int, entry: str) -> bool:
    if entry in ("*", host):
        return True
    if entry == "<local>":
        return "." not in host and ":" not in host
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        pass
    name, colon, wanted_port = entry.rpartition(":")
    if colon and wanted_port.isdigit() and ":" not in name:
        if int(wanted_port) != port:
            return False
        entry = name
    if "*" in entry:
        return fnmatchcase(host, entry)
    return host == entry.lstrip(".") or host.endswith(f".{entry.lstrip('.')}")


def _of_environment() -> dict[str, str]:
    """The variables that programs on Linux agree on, by scheme; spelled in lower case they count more."""
    named = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy") and value}
    return {name.lower().removesuffix("_proxy"): named[name] for name in sorted(named)}


def _of_system() -> dict[str, str]:
    if sys.platform == "win32" or sys.platform == "darwin":
        from urllib.request import getproxies  # an import of 40 ms that is needed only here

        return getproxies()
    return {}


def _system_exceptions() -> list[str]:
    """What the system's own settings except. The standard library would look names up for that, which nothing may."""
    try:
        if sys.platform == "win32":
            import winreg

            place = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as settings:
                return [str(winreg.QueryValueEx(settings, "ProxyOverride")[0])]
        if sys.platform == "darwin":
            from _scproxy import _get_proxy_settings

            found = _get_proxy_settings()
            return [*found.get("exceptions", ()), *(["<local>"] if found.get("exclude_simple") else [])]
    except (ImportError, OSError):
        return []
    return []
