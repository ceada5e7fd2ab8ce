from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.approvals import Approvals

URL = "https://api.example/v1/chat/completions"
MODELS = "https://api.example/v1/models"


def approved(*texts: bytes) -> Approvals:
    approvals = Approvals()
    for text in texts:
        approvals.approve(URL, hashlib.sha256(text).hexdigest())
    return approvals


def test_what_was_approved_passes_once() -> None:
    approvals = approved(b"text")
    assert approvals.take(URL, b"text")
    assert not approvals.take(URL, b"text")


def test_what_was_approved_for_two_panes_passes_twice() -> None:
    approvals = approved(b"text", b"text")
    assert [approvals.take(URL, b"text") for _ in range(3)] == [True, True, False]


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_no_other_bytes_pass(one: bytes, other: bytes) -> None:
    assert approved(one).take(URL, other) == (one == other)


@pytest.mark.parametrize("url", [URL + "/", URL.upper(), URL + "?x=1", "http://api.example/v1/chat/completions", ""])
def test_no_other_address_passes(url: str) -> None:
    assert not approved(b"text").take(url, b"text")


def test_nothing_passes_once_all_was_cleared() -> None:
    approvals = approved(b"a", b"b")
    approvals.clear()
    assert not approvals.take(URL, b"a") and not approvals.take(URL, b"b")


def test_an_approval_can_be_taken_back_as_long_as_it_waits() -> None:
    approvals, sha256 = approved(b"text"), hashlib.sha256(b"text").hexdigest()
    assert approvals.withdraw(URL, sha256)
    assert not approvals.withdraw(URL, sha256) and not approvals.take(URL, b"text")


def test_only_whole_texts_can_be_compared_with_what_was_approved() -> None:
    for content in ([b"text"], bytearray(b"text"), iter([b"text"]), "text", (), None):
        assert not approved(b"text").let_pass("POST", URL, content)
    assert approved(b"text").let_pass("POST", URL, b"text")
    assert not approved(b"").let_pass("POST", URL, ())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_question_without_content_needs_no_approval_and_has_none(method: str) -> None:
    approvals = approved(b"text")
    assert approvals.let_pass(method, MODELS, ()) and approvals.let_pass(method, MODELS + "?limit=1000", b"")
    assert not approvals.let_pass(method, MODELS, b"text") and not approvals.let_pass(method, MODELS, [b"text"])


@pytest.mark.parametrize("said", ["?q=Mrs+Harlow", "?limit=1000&q=x", "#x", "/x", "?limit=", "?limit=12345", "?", "\n"])
def test_an_address_that_could_say_something_is_not_asked(said: str) -> None:
    assert not Approvals().let_pass("GET", MODELS + said, ())
    assert not Approvals().let_pass("GET", f"https://api.example/v1?{said}/models", ())


class Disguised(bytes):
    """Says one thing to whoever compares it, and another to whoever sends it."""

    def __len__(self) -> int:
        return 2


def test_only_plain_bytes_pass_and_only_in_a_post() -> None:
    assert not approved(b"text").let_pass("POST", URL, Disguised(b"text"))
    for method in ("get", "post", "PUT", "DELETE", "TEXT"):
        assert not approved(b"text").let_pass(method, URL, b"text")


def test_many_threads_share_each_approval_among_them() -> None:
    approvals, start, taken = approved(*[b"text"] * 50), threading.Barrier(8), []

    def take() -> None:
        start.wait()
        taken.extend(approvals.take(URL, b"text") for _ in range(20))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 50


def test_a_text_is_not_kept() -> None:
    approvals = approved(b"a very confidential text")
    assert "confidential" not in repr(vars(approvals))
