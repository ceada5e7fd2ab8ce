"""Text as it may be looked at: what cannot be seen is written out, and places are found again."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from desktop.viewmodels.shown_text import ShownText

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("ab \n\t\u200b\u202e\u2066\U0001f600\U000e0041\ufe0f\r")))


def units(text: str) -> int:
    """Length as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_what_cannot_be_seen_is_written_out_by_its_number() -> None:
    shown = ShownText("Pay\u202e 05 to\u200b me\x07\U000e0041")
    assert shown.text == "Pay<U+202E> 05 to<U+200B> me<U+0007><U+E0041>"
    assert shown.kinds["<U+202E>"] == "right-to-left override"
    assert len(shown.unseen) == 4


def test_every_control_and_format_character_is_written_out() -> None:
    hidden = [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    silent = [character for character in hidden if character not in "\n\t" and not ShownText(character).unseen]
    assert silent == []
    for character in "\u115f\u3164\u2800\u034f\ufe0f\ufffc\ufdd0":  # blanks, shapes, and what Qt takes for its own
        assert ShownText(character).unseen, hex(ord(character))


def test_ordinary_text_stays_as_it_is() -> None:
    text = "Zoë pays 5 €\n\n\tשש, 漢字, 😀 quoted’"
    shown = ShownText(text)
    assert shown.text == text and not shown.unseen


@given(TEXTS)
def test_nothing_is_left_out_and_every_place_is_found_again(text: str) -> None:
    shown = ShownText(text)
    kept = re.sub(r"<U\+[0-9A-F]{4,6}>", "", shown.text)
    assert [one for one in text if not ShownText(one).unseen] == list(kept) or "<" in text
    for place in range(len(text) + 1):
        assert shown.shown(place) == units(ShownText(text[:place]).text)
        assert shown.found(shown.shown(place)) == place


@given(TEXTS)
def test_a_place_inside_of_what_is_written_out_is_that_character(text: str) -> None:
    shown = ShownText(text)
    for place in range(len(text)):
        assert all(shown.found(unit) == place for unit in range(shown.shown(place), shown.shown(place + 1)))


def test_spans_outside_of_the_text_are_left_out() -> None:
    shown = ShownText("ab\u200bcd")
    assert [(mark.start, mark.end) for mark in shown.marked([(0, 2), (3, 5), (4, 9), (-1, 2), (2, 2)], "outbound")] == [
        (0, 2),
        (10, 12),
    ]
