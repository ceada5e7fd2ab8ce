from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import proxies
from engine.errors import NetworkFailed
from engine.policy import Origin
from engine.proxies import Proxy, is_excepted, parsed, proxy_for, system_proxy_for

HUB: Origin = ("https", "huggingface.co", 443)
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(proxies, "_system_exceptions", list)


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("proxy.example", Proxy("proxy.example", 8080)),
        ("proxy.example:3128", Proxy("proxy.example", 3128)),
        (" http://Proxy.example:80/ ", Proxy("proxy.example", 80)),
        ("http://10.0.0.1", Proxy("10.0.0.1", 8080)),
        ("http://[::1]:9", Proxy("::1", 9)),
        ("http://me:s%40cr%3At@proxy.example:1", Proxy("proxy.example", 1, "me", "s@cr:t")),
        ("http://domain%5Cme:p@ss@proxy.example", Proxy("proxy.example", 8080, "domain\\me", "p@ss")),
    ],
)
def test_an_address_of_a_proxy_is_read(address: str, proxy: Proxy) -> None:
    assert parsed(address) == proxy


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://",
        "socks5://proxy.example",
        "https://proxy.example",
        "a b",
        "http://proxy.example:0",
        "ftp://x",
        "http://x\r\ny",
    ],
)
def test_what_is_no_proxy_is_told(address: str) -> None:
    with pytest.raises(NetworkFailed) as failed:
        parsed(address)
    assert failed.value.reason == "proxy"


@given(st.text(max_size=40))
def test_any_text_is_a_proxy_or_told(address: str) -> None:
    try:
        proxy = parsed(address)
    except NetworkFailed as error:
        assert error.reason == "proxy"
    else:
        assert 0 < proxy.port < 65_536 and proxy.host


def test_a_password_is_shown_nowhere() -> None:
    proxy = parsed("http://me:secret@[::1]:9")
    assert proxy.shown == "[::1]:9" and "secret" not in repr(proxy) and "me" not in repr(proxy)
    with pytest.raises(NetworkFailed) as failed:
        parsed("http://me:secret@a b")
    assert "secret" not in str(failed.value)


def test_the_setting_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://system.example:3128")
    assert proxy_for(HUB, "none") is None
    assert proxy_for(HUB, "system") == Proxy("system.example", 3128)
    assert proxy_for(HUB, "mine.example:1") == Proxy("mine.example", 1)


@pytest.mark.parametrize("setting", ["system", "mine.example:1"])
def test_this_computer_is_reached_without_one(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://system.example:3128")
    for origin in (("http", "127.0.0.1", 80), ("https", "localhost", 443), ("https", "::1", 443)):
        assert proxy_for(origin, setting) is None


def test_the_environment_names_one_for_each_scheme_or_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system_proxy_for(HUB) is None
    monkeypatch.setenv("all_proxy", "http://all.example")
    assert system_proxy_for(HUB) == "http://all.example"
    monkeypatch.setenv("https_proxy", "http://https.example")
    assert system_proxy_for(HUB) == "http://https.example"
    monkeypatch.setenv("HTTPS_PROXY", "http://loud.example")
    assert system_proxy_for(HUB) == "http://https.example"
    monkeypatch.delenv("https_proxy")
    assert system_proxy_for(HUB) == "http://loud.example"
    monkeypatch.setenv("no_proxy", "localhost, .co")
    assert system_proxy_for(HUB) is None


@pytest.mark.parametrize(
    "entry", ["huggingface.co", ".co", "co", "HUGGINGFACE.CO", "*.co", "*", "huggingface.co:443", "a;*face*", "x, co"]
)
def test_an_exception_holds_for_what_it_names(entry: str) -> None:
    assert is_excepted("huggingface.co", 443, [entry])


@pytest.mark.parametrize(
    "entry", ["face.co", "huggingface.com", "huggingface.co:80", "<local>", "10.0.0.0/8", "", "www.huggingface.co", "*.com"]
)
def test_an_exception_holds_for_nothing_else(entry: str) -> None:
    assert not is_excepted("huggingface.co", 443, [entry])


def test_exceptions_of_numbers_and_short_names() -> None:
    assert is_excepted("10.2.3.4", 443, ["10.0.0.0/8"]) and is_excepted("10.2.3.4", 443, ["10.*"])
    assert is_excepted("fd00::1", 443, ["fd00::/8"]) and not is_excepted("11.2.3.4", 443, ["10.0.0.0/8"])
    assert is_excepted("intranet", 443, ["<local>"]) and not is_excepted("fd00::1", 443, ["<local>"])


def test_the_systems_own_exceptions_are_asked_for_without_looking_names_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert isinstance(proxies._system_exceptions(), list)
    if sys.platform == "linux":
        assert proxies._system_exceptions() == []
