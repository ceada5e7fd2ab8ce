"""Text in the encodings that offices have left behind."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.text_encoding import decode

LETTER = "Sehr geehrte Frau Müller,\r\nder Mietzins beträgt 1.250 € – ab Mai „neu“.\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_letter_is_read_right_whatever_wrote_it(encoding: str) -> None:
    assert decode(LETTER.encode(encoding)) == LETTER.replace("\r\n", "\n")


def test_old_line_ends_become_new_ones() -> None:
    assert decode(b"one\rtwo\r\nthree\n") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 100, os.urandom(4000), bytes(range(256)) * 20])
def test_bytes_that_no_text_has_are_not_text(content: bytes) -> None:
    assert decode(content) is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode()) in (text, text.removeprefix("\ufeff"))


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    text = decode(content)
    assert text is None or "\0" not in text
