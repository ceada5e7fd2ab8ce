"""The text stream: whole characters only, and not one letter of a stop word."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from engine.inference.text_stream import TextStream


def feed(stream: TextStream, *pieces: bytes) -> list[str]:
    return [stream.feed(piece) for piece in pieces]


def test_a_character_that_arrives_in_pieces_is_shown_once_it_is_whole():
    flag = "🏴".encode()
    assert feed(TextStream(), flag[:1], flag[1:3], flag[3:] + b"!") == ["", "", "🏴!"]


def test_an_unfinished_character_is_left_out_at_the_end():
    stream = TextStream()
    assert stream.feed(b"caf\xc3") == "caf"
    assert stream.finish() == ""


def test_bytes_that_are_no_text_do_not_stop_the_stream():
    assert "".join(feed(TextStream(), b"a\xff", b"b")) == "a�b"


def test_a_stop_word_in_pieces_is_never_shown():
    stream = TextStream(["\nUser:"])
    assert feed(stream, b"Yes.\nUs", b"er: more") == ["Yes.", ""]
    assert stream.stopped
    assert stream.finish() == ""


def test_what_only_looked_like_a_stop_word_is_shown_after_all():
    stream = TextStream(["</end>"])
    assert feed(stream, b"a </e", b"lse>") == ["a ", "</else>"]


def test_held_back_text_comes_out_at_the_end():
    stream = TextStream(["STOP"])
    assert stream.feed(b"well ST") == "well "
    assert stream.finish() == "ST"


def test_the_earliest_of_several_stop_words_counts():
    stream = TextStream(["two", "one"])
    assert stream.feed(b"zero one two") == "zero "


def test_an_empty_stop_word_stops_nothing():
    assert TextStream([""]).feed(b"text") == "text"


@given(text=st.text(), cuts=st.lists(st.integers(0, 60), max_size=12))
def test_any_text_in_any_pieces_comes_out_unchanged(text, cuts):
    raw = text.encode()
    places = sorted({min(cut, len(raw)) for cut in cuts} | {0, len(raw)})
    stream = TextStream()
    pieces = [stream.feed(raw[start:end]) for start, end in itertools.pairwise(places)]
    assert "".join([*pieces, stream.finish()]) == text


@given(
    text=st.text("abc", max_size=40), words=st.lists(st.text("abc", min_size=1, max_size=4), max_size=3), size=st.integers(1, 5)
)
def test_the_text_ends_where_the_first_stop_word_begins(text, words, size):
    stream = TextStream(words)
    pieces = [stream.feed(text[start : start + size].encode()) for start in range(0, len(text), size)]
    shown = "".join([*pieces, stream.finish()])
    found = [text.find(word) for word in words if word in text]
    assert stream.stopped == bool(found)
    if not found:
        assert shown == text
    else:
        # A longer word that begins earlier may still be incomplete when a shorter one is found, never the reverse.
        assert text.startswith(shown)
        assert not any(word in shown for word in words)
