"""HTML: every word that a browser shows, and no address is ever visited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.sections import Block
from engine.documents.web_text import blocks_of, read_web_page


def test_blocks_follow_the_structure_of_the_page() -> None:
    page = """<html><head><title>Lease</title><style>p{}</style><script>evil()</script></head><body><h1>Lease &amp; Rent</h1>
      <p>The <b>tenant</b>  pays\n rent.<br>Second line</p><h2>Deposit</h2><ul><li>one<li>two</ul><pre>a  b\n c</pre>
      <table><tr><th>A<th>B<tr><td>1</td><td>2</td></table></body></html>"""
    assert blocks_of(page) == [
        Block("Lease & Rent", 1),
        Block("The tenant pays rent.\nSecond line"),
        Block("Deposit", 2),
        Block("one"),
        Block("two"),
        Block("a  b\n c"),
        Block("A\tB"),
        Block("1\t2"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<div>one<div>two</div>three</div>",
        "<p>one<blockquote>two</blockquote>three",
        "<dl><dt>one<dd>two</dl>three",
        "<details><summary>one</summary>two</details><button>three</button>",
        "one<foo>two</foo>three",
        "<title>x<body>one two three",
    ],
)
def test_text_is_kept_in_whatever_it_is_wrapped(page: str) -> None:
    words = " ".join(block.text for block in blocks_of(page)).replace("onetwothree", "one two three").split()
    assert words == ["one", "two", "three"]


@pytest.mark.parametrize(
    "content",
    [
        '<meta charset="utf-8"><p>Größe €'.encode(),
        "<p>Größe €".encode(),
        '<meta charset="iso-8859-1"><p>Größe €'.encode("cp1252"),
        "<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'><p>Größe €".encode("cp1252"),
        '<meta charset="utf-16"><p>Größe €'.encode(),  # declared wrong
        '<meta charset="no-such-thing"><p>Größe €'.encode("cp1252"),
        "\ufeff<p>Größe €".encode("utf-16-le"),
    ],
)
def test_letters_are_right_in_every_declared_and_undeclared_encoding(content: bytes) -> None:
    assert read_web_page(content)[-1] == Block("Größe €")


@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<td>", "<pre>", "</pre>", "<br>", "<li>", "</body>", "<h2>", "<!--x-->", "word"]))
)
def test_no_word_is_lost_in_any_muddle_of_tags(parts: list[str]) -> None:
    shown = " ".join(block.text for block in blocks_of(" ".join(parts)))
    assert shown.count("word") == parts.count("word")
