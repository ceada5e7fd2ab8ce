"""The normal form levels typography only, and its map leads back to the source's own characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.normalise import normalise
from engine.documents.words import words_of

MESSY = st.text(
    st.sampled_from(
        "aAbeEfi\u0131\u0130ßxyZ09.,-'\"() \n\r\t"
        "\u00ad\ufffe\u0002\ufb01\u2019\u201c\u2013\u2011\u00a0\u200b\u0301\u00e9\u00bd\u2026"
    )
    | st.characters(codec="utf-8"),
    max_size=80,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("The  Tenant\r\n shall", "the tenant shall"),
        ("“Rent” – \u2018due’", "\"rent\" - 'due'"),
        ("con\ufb01guration \u2026", "configuration ..."),
        ("config-\nuration", "configuration"),
        ("config-\r\nuration", "configuration"),
        ("config\u00ad \nuration", "configuration"),  # pdfium's marker, as it is stored
        ("config\ufffeuration", "configuration"),
        ("config\u0002\r\nuration", "configuration"),
        ("non-free nonfree non\u2011free", "nonfree nonfree nonfree"),
        ("10-12 and -5", "10-12 and -5"),
        ("a - b", "a - b"),
        ("a -\nb", "a - b"),
        ("e\u0301te\u0301", "été"),
        ("STRASSE Straße", "strasse strasse"),
        ("zero\u200bwidth", "zerowidth"),
        ("1\u00a0000", "1 000"),
        ("", ""),
    ],
)
def test_typography_is_levelled(written, normal):
    assert normalise(written).text == normal


@pytest.mark.parametrize(
    ("one", "other"), [("5", "-5"), ("1.000", "1,000"), ("non-free", "free"), ("may", "may not"), ("a.b", "a b")]
)
def test_what_says_something_else_stays_apart(one, other):
    assert normalise(one).text != normalise(other).text


@given(MESSY)
def test_levelling_twice_is_levelling_once(text):
    once = normalise(text).text
    assert normalise(once).text == once


@given(MESSY)
def test_each_normal_character_stands_for_source_characters_in_order(text):
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert normal.starts == sorted(normal.starts)
    assert normal.ends == sorted(normal.ends)


@given(MESSY)
def test_a_found_word_leads_back_to_source_text_with_the_same_normal_form(text):
    normal = normalise(text)
    for word in words_of(normal.text):
        start, end = normal.source_span(word.start, word.end)
        assert normal.text[word.start : word.end] in normalise(text[start:end]).text
        if text[start:end].isalnum() and text[start:end].isascii():
            assert normalise(text[start:end]).text == normal.text[word.start : word.end]


@given(MESSY, st.data())
def test_a_found_span_leads_back_to_source_text_with_the_same_normal_form(text, data):
    normal = normalise(text)
    words = [w for w in words_of(normal.text) if _is_whole(normal, w.start, w.end)]
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = words[first].start, words[last].end
    source_start, source_end = normal.source_span(start, end)
    assert normalise(text[source_start:source_end]).text == normal.text[start:end]
    assert normal.normal_span(source_start, source_end) == (start, end)


def _is_whole(normal, start, end):
    """Whether the span does not begin or end inside one source character (as "½" is three)."""
    begins = start == 0 or normal.ends[start - 1] <= normal.starts[start]
    ends = end == len(normal.text) or normal.ends[end - 1] <= normal.starts[end]
    return begins and ends


@given(MESSY)
def test_source_spans_and_normal_spans_are_inverse(text):
    normal = normalise(text)
    for at in range(len(normal.text)):
        if _is_whole(normal, at, at + 1):
            assert normal.normal_span(*normal.source_span(at, at + 1)) == (at, at + 1)
