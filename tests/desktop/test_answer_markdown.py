"""Markdown of an answer: what is shown, where each character comes from, and that growing changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.viewmodels.answer_markdown import blocks_of, cleaned
from desktop.viewmodels.growing_answer import GrowingAnswer

PIECES = st.one_of(
    st.sampled_from(
        ["word", "Clause 6.1", " ", "\n", "\n\n", "- ", "1. ", "2) ", "> ", "# ", "## ", "**", "*", "_", "`", "```\n", "~~"]
    ),
    st.sampled_from(
        ["| a | b |\n", "|---|:-:|\n", "    ", "\t", "[S1]", "[x](http://h/p)", "![i](file:///etc/passwd)", "&amp;", "\\*"]
    ),
    st.sampled_from(
        ["<b>", "\r\n", "\r", "\x00", "=\n", ". ", "é", "𝄞", "[a]: /u\n", "#", "\u2029", "&nope;", "`` ` ``", "---\n"]
    ),
)
MARKDOWN = st.lists(PIECES, max_size=40).map("".join)


def shown(raw: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks_of(raw)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Six **months** notice", [("paragraph", "Six months notice")]),
        ("# Title\ntext\nmore", [("heading", "Title"), ("paragraph", "text more")]),
        ("- a\n- b\n  - c", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("```py\nx = 1\ny\n```\nend", [("code", "x = 1\ny"), ("paragraph", "end")]),
        ("|a|b|\n|-|-|\n|1|2|", [("table", "ab12")]),
        ("a <b>b</b> <img src=x>", [("paragraph", "a <b>b</b> <img src=x>")]),
        ("see [the lease](http://evil/x)", [("paragraph", "see the lease (http://evil/x)")]),
        ("![a picture](file:///etc/passwd)", [("paragraph", "a picture")]),
        ("![](http://evil/x)", [("paragraph", "")]),
        ("![x][1]\n\n[1]: file:///etc/passwd", [("paragraph", "![x][1]"), ("paragraph", "[1]: file:///etc/passwd")]),
    ],
)
def test_what_is_shown(raw, expected):
    assert shown(raw) == expected


def test_list_items_know_their_list_and_number():
    first, second, third, last = blocks_of("3. a\n4. b\n   - c\n\nd")
    assert (first.marker.number, second.marker.number, third.marker.ordered) == (3, 4, False)
    assert first.marker.list_id == second.marker.list_id != third.marker.list_id
    assert (first.depth, third.depth, last.depth, last.marker) == (1, 2, 0, None)


@pytest.mark.parametrize(
    "raw",
    [
        "Six **months** notice *was* given.",
        "- one `x`\n- two\n\n> quote\n> goes on",
        "| a | b |\n|---|---|\n| c d | e |",
        "    code\n    more",
    ],
)
def test_each_character_knows_its_place(raw):
    for block in blocks_of(raw):
        for character, place in zip(block.text, block.places, strict=True):
            assert raw[place] == character or (character, raw[place]) == (" ", "\n")


def test_entities_and_escapes_keep_the_places_behind_them():
    raw = r"A &amp; B \* C &copy; D **end**"
    block = blocks_of(raw)[0]
    assert block.text == "A & B * C © D end"
    assert raw[block.places[block.text.index("D")]] == "D"
    assert block.places[-1] == raw.index("end") + 2


@given(MARKDOWN)
@settings(max_examples=300, deadline=None)
def test_places_never_fall_and_stay_inside(raw):
    assert len(cleaned(raw)) == len(raw)
    places = [place for block in blocks_of(raw) for place in block.places]
    assert places == sorted(places)
    assert all(0 <= place <= len(raw) for place in places)


@given(MARKDOWN, st.data())
@settings(max_examples=300, deadline=None)
def test_growing_in_any_steps_ends_in_the_same_blocks(raw, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=12)))
    growing = GrowingAnswer()
    for cut in cuts:
        assert growing.show(raw[:cut]) == blocks_of(raw[:cut])
    assert growing.show(raw) == blocks_of(raw)


def test_a_different_answer_starts_over():
    growing = GrowingAnswer()
    growing.show("one\n\ntwo\n\nthree")
    assert growing.show("other\n\ntext") == blocks_of("other\n\ntext")
