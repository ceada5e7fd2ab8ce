from __future__ import annotations

import string
from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import NetworkRefused
from engine.network_records import PURPOSES, Purpose
from engine.policy import (
    HUGGING_FACE_HOSTS,
    MAX_URL,
    NetworkPolicy,
    address_of,
    check_hub_url,
    hosts_of_hub,
    is_loopback,
    named,
    origin_of,
)
from engine.settings import HUGGING_FACE

ALLOWED = frozenset({"huggingface.co", "http://127.0.0.1:8080", "https://[::1]:8443", "https://hub.example:444", "10.0.0.7"})
POLICY = NetworkPolicy(frozenset({"models"}), {"models": ALLOWED, "compare": frozenset({"api.example"})})


def test_at_first_everything_is_closed() -> None:
    for purpose in PURPOSES:
        assert NetworkPolicy().judge(purpose, HUGGING_FACE) == "offline"


def test_each_reason_has_its_case() -> None:
    assert POLICY.judge("models", "https://huggingface.co/api/models?search=x") is None
    assert POLICY.judge(None, "https://huggingface.co/") == "no_purpose"
    assert POLICY.judge("compare", "https://api.example/") == "offline"
    assert POLICY.judge("models", "https://api.example/") == "host_not_allowed", "hosts are those of the purpose"
    assert POLICY.judge("models", "http://huggingface.co/") == "not_https"
    assert POLICY.judge("models", "http://127.0.0.1:8080/x") is None
    assert POLICY.judge("models", "http://127.0.0.1:8081/x") == "host_not_allowed"
    assert POLICY.judge("models", "https://[::1]:8443/") is None
    assert POLICY.judge("models", "https://hub.example:444/") is None
    assert POLICY.judge("models", "https://hub.example/") == "host_not_allowed"


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co.evil.example/",
        "https://huggingface.co@evil.example/",
        "https://huggingface.co:443@evil.example/",
        "https://user:password@huggingface.co/",
        "https://evil.example\\@huggingface.co/",
        "https://evil.example#@huggingface.co/",
        "https://huggingface.co\\.evil.example/",
        "https://huggingface.co./",
        "https://huggingface.co%2eevil.example/",
        "https://huggingface%2eco/",
        "https://huggingface。co/",
        "https://\uff48uggingface.co/",
        "https://huggingface.co\n.evil.example/",
        "https:// huggingface.co/",
        " https://huggingface.co/",
        "https:/huggingface.co/",
        "https:huggingface.co",
        "//huggingface.co/",
        "https://huggingface.co:0443x/",
        "https://huggingface.co:99999/",
        "https://huggingface.co:0/",
        "https://huggingface.co:/",
        "https://10.0.0.07/",
        "https://167772167/",
        "https://0xa000007/",
        "https://012.0.0.7/",
        "https://10.7/",
        "https://[::ffff:10.0.0.7]/",
        "https://[fe80::1%25eth0]/",
        "https://[huggingface.co]/",
        "ftp://huggingface.co/",
        "file:///etc/passwd",
        "https://",
        "",
        "https://huggingface.co/" + "a" * MAX_URL,
        "https://huggingface.co/a b",
        "https://huggingface.co/a\r\nHost: evil.example",
        "https://huggingface.co/\x00",
        "https://huggingface.co/ä",
    ],
)
def test_a_spelling_that_can_be_read_in_two_ways_is_not_read(url: str) -> None:
    assert POLICY.judge("models", url) == "host_not_allowed"


@pytest.mark.parametrize(
    "url", ["HTTPS://HuggingFace.CO/a", "https://huggingface.co:443/", "https://huggingface.co?x", "https://huggingface.co"]
)
def test_a_plain_spelling_may_differ_in_what_means_nothing(url: str) -> None:
    assert POLICY.judge("models", url) is None


BITS = st.one_of(
    st.sampled_from(
        ["huggingface.co", "evil.example", "127.0.0.1", "[::1]", "10.0.0.7", "https", "http", "://", ":", "@", "/", "\\"]
    ),
    st.sampled_from(
        [".", "%2e", "%40", "#", "?", "443", "8080", "0x7f.1", "\t", "\n", "。", "\uff0f", "xn--", "[", "]", "%00", "user:pw@"]
    ),
    st.text(string.printable + "äß。@\uff0f", max_size=3),
)


@given(st.lists(BITS, max_size=9).map("".join), st.sampled_from(["", "https://", "http://", "https://huggingface.co"]))
@example("@evil.example/", "https://huggingface.co")
def test_what_is_let_out_goes_where_every_reader_says_it_goes(end: str, beginning: str) -> None:
    """Two libraries that read addresses by other rules come to the same host, whatever was let out."""
    url = beginning + end
    if POLICY.judge("models", url) is not None:
        return
    origin = origin_of(url)
    assert named(origin) in ALLOWED
    strict, loose = httpx2.URL(url), urlsplit(url)
    for scheme, host, port in (
        (strict.scheme, strict.host, strict.port),
        (loose.scheme, loose.hostname, loose.port),
    ):
        assert (scheme, host, port or {"https": 443, "http": 80}[scheme]) == origin
    assert not strict.userinfo and loose.username is None


@given(st.text(max_size=60), st.sampled_from([None, *PURPOSES]), st.sets(st.sampled_from(PURPOSES)))
def test_nothing_passes_a_purpose_that_is_closed(rest: str, purpose: Purpose | None, opened: set[Purpose]) -> None:
    policy = NetworkPolicy(frozenset(opened), dict.fromkeys(PURPOSES, frozenset({"huggingface.co"})))
    why = policy.judge(purpose, "https://huggingface.co/" + rest)
    assert why == "no_purpose" if purpose is None else (why == "offline") == (purpose not in opened)


@given(st.ip_addresses(), st.integers(1, 65_535), st.sampled_from(["http", "https"]))
def test_an_address_of_a_number_comes_back_as_it_went(address: object, port: int, scheme: str) -> None:
    origin = (scheme, str(address), port)
    try:
        assert origin_of(address_of(origin)) == origin
    except ValueError:
        assert "ffff" in str(address) or "." in str(address), "only an IPv4 address in disguise is not read"


@given(st.ip_addresses())
def test_in_clear_only_to_this_computer(address: object) -> None:
    host = str(address)
    policy = NetworkPolicy(
        frozenset({"models"}), {"models": hosts_of_hub(f"https://[{host}]" if ":" in host else f"https://{host}")}
    )
    if not is_loopback(host):
        assert policy.judge("models", address_of(("http", host, 80))) in ("not_https", "host_not_allowed")


def test_names_that_mean_this_computer() -> None:
    assert [host for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1") if not is_loopback(host)] == []
    assert [host for host in ("localhost.evil.example", "128.0.0.1", "::2", "127.1", "0.0.0.0", "") if is_loopback(host)] == []


def test_the_hub_brings_its_hosts_one_by_one() -> None:
    assert hosts_of_hub(HUGGING_FACE) == HUGGING_FACE_HOSTS == hosts_of_hub("https://HUGGINGFACE.co:443/")
    assert {"huggingface.co", "cdn-lfs.hf.co", "us.aws.cdn.hf.co", "cas-bridge.xethub.hf.co"} < HUGGING_FACE_HOSTS
    assert [host for host in HUGGING_FACE_HOSTS if "*" in host or named(origin_of(f"https://{host}/")) != host] == []


def test_a_hub_of_ones_own_brings_itself_and_what_is_named_with_it() -> None:
    further = ["CDN.example", "https://b.example:444/x", "c.example:5", "not a host", ""]
    expected = {"https://models.example:8443", "cdn.example", "https://b.example:444", "https://c.example:5"}
    assert hosts_of_hub("https://models.example:8443/hub", further) == expected
    assert hosts_of_hub("http://127.0.0.1:9", ["http://127.0.0.1:10"]) == {"http://127.0.0.1:9", "http://127.0.0.1:10"}


@pytest.mark.parametrize(
    "hub", ["http://huggingface.co", "ftp://huggingface.co", "huggingface.co", "", "https://a b", "http://127.0.0.1.evil.example"]
)
def test_a_hub_must_be_encrypted_or_on_this_computer(hub: str) -> None:
    with pytest.raises(NetworkRefused) as refused:
        check_hub_url(hub)
    assert refused.value.reason == "not_https"
    assert hosts_of_hub(hub, ["cdn.example"]) == frozenset(), "a setting that is wrong opens nothing and stops no start"
