from __future__ import annotations

import time
from itertools import pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.providers.dialect import Unreadable
from engine.providers.event_stream import MAX_EVENT, MAX_STREAM, events_in


def events(raw: bytes) -> list[bytes]:
    return list(events_in([raw]))


def test_an_event_is_its_data() -> None:
    assert events(b"event: x\nid: 7\nretry: 3\ndata: {}\n\ndata:{1}\n\n") == [b"{}", b"{1}"]


def test_lines_of_data_belong_together() -> None:
    assert events(b"data: {\ndata: }\n\n") == [b"{\n}"]


def test_comments_and_events_without_data_are_none() -> None:
    assert events(b": OPENROUTER PROCESSING\n\n:\n\nevent: ping\n\ndata: \n\ndata:\n\ndata: 1\n\n") == [b"1"]


def test_half_an_event_is_none() -> None:
    assert events(b"data: 1\n\ndata: 2\n") == events(b"data: 1\n\ndata: 2") == [b"1"]


LINES = st.lists(st.sampled_from([b"data: a", b"data:b", "data: ü👩‍⚖️".encode(), b"", b"", b": c", b"event: d"]), max_size=12)


@given(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.lists(st.integers(0, 60), max_size=8))
def test_however_it_is_cut_it_says_the_same(lines: list[bytes], end: bytes, cuts: list[int]) -> None:
    raw = b"".join(line + end for line in [*lines, b""])
    places = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    chunks = [raw[start:stop] for start, stop in pairwise(places)]
    assert list(events_in(chunks)) == events(raw.replace(end, b"\n"))


def test_an_event_has_an_end() -> None:
    assert events(b"data: " + b"x" * (MAX_EVENT - 10) + b"\n\n")
    for endless in (b"x" * 50_000, b"data: x\n" * 5000):
        with pytest.raises(Unreadable):
            list(events_in(repeat(endless, 10_000)))


def test_a_line_in_crumbs_takes_no_longer_than_it_has_bytes() -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        list(events_in(repeat(b"x", 2 * MAX_EVENT)))
    assert time.process_time() - began < 20  # looked through anew with each crumb it took hours


def test_breaks_of_a_line_count_for_the_event_too() -> None:
    with pytest.raises(Unreadable):
        list(events_in([b"data:\n" * (MAX_EVENT + 2) + b"data: x\n\n"]))


def test_a_stream_has_an_end() -> None:
    piece, n_events = b"data: " + b"x" * 90_000 + b"\n\n", 0
    with pytest.raises(Unreadable):
        for _ in events_in(repeat(piece, MAX_STREAM)):
            n_events += 1
    assert n_events * len(piece) <= MAX_STREAM < (n_events + 2) * len(piece)
