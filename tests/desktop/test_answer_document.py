"""The answer as a text document: nothing lost, citations in their places, growing and restyling change nothing, no resources."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from desktop.theme import Theme
from desktop.viewmodels.answer_markdown import blocks_of
from desktop.viewmodels.citations import number_sources
from desktop.viewmodels.cited_blocks import place_citations
from desktop.viewmodels.growing_answer import GrowingAnswer
from desktop.views.answer_document import AnswerDocument, without_citations
from desktop.views.citation import JOINER, OBJECT, STAND_IN
from tests.desktop.answer_samples import checked_answers, evidence, sentence
from tests.desktop.test_answer_markdown import MARKDOWN

SAME_THEME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def one_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    one_theme.choose("light", text_size=100, reduced_motion=False)
    return one_theme


def rendered(theme: Theme, text: str, sentences=()) -> AnswerDocument:
    document = AnswerDocument(theme)
    document.show(place_citations(blocks_of(text), sentences, number_sources(sentences)))
    return document


def fingerprint(document: QTextDocument) -> list[tuple]:
    """Everything that decides how a document looks: its blocks, lists and pieces of text with their formats."""
    result: list[tuple] = []
    block = document.begin()
    while block.isValid():
        shape, numbered = block.blockFormat(), block.textList()
        item = (numbered.format().style(), numbered.itemNumber(block), numbered.format().start()) if numbered else None
        result.append((shape.topMargin(), shape.indent(), shape.lineHeight(), shape.headingLevel(), item))
        fragments = block.begin()
        while not fragments.atEnd():
            piece = fragments.fragment()
            look = piece.charFormat()
            colors = (look.background().color().name(), look.foreground().color().name(), look.underlineStyle())
            result.append((piece.text(), look.font().key(), look.objectType(), colors))
            fragments += 1
        block = block.next()
    return result


def citations(document: QTextDocument) -> Iterator[tuple[str, int]]:
    """The words of its block before each citation, and its number."""
    block = document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            piece = fragments.fragment()
            if piece.charFormat().objectType() == OBJECT:
                for _ in range(piece.length()):
                    yield block.text()[: piece.position() - block.position()], piece.charFormat().intProperty(0x100001)
            fragments += 1
        block = block.next()


# ---------------------------------------------------------------- what is shown
@given(checked=checked_answers())
@SAME_THEME
def test_without_its_citations_an_answer_reads_as_plain_markdown(theme, checked):
    text, sentences = checked
    plain, cited = rendered(theme, text), rendered(theme, text, sentences)
    assert cited.plain_text() == plain.toPlainText().replace("\u2028", "\n")
    assert cited.toPlainText().count(STAND_IN) == len(number_sources(sentences).marks)


def test_a_citation_stands_right_behind_its_sentence_and_cannot_wrap_alone(theme):
    text = "It is **so.** Then\nit was. And so on"
    document = rendered(theme, text, (sentence(text, "It is **so.", evidence()), sentence(text, "Then\nit was.", evidence(50))))
    assert document.toPlainText() == f"It is so.{JOINER}{STAND_IN} Then it was.{JOINER}{STAND_IN} And so on"
    assert [without_citations(words) for words, _ in citations(document)] == ["It is so.", "It is so. Then it was."]
    assert [number for _, number in citations(document)] == [1, 2]


def test_lists_tables_and_code_keep_their_shape(theme):
    document = rendered(theme, "3. a\n4. b\n   - c\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n\n```\nif a:\n    b\n```\nend")
    items = [each for each in fingerprint(document) if len(each) == 5 and each[4]]
    assert [(item[4][1], item[4][2]) for item in items] == [(0, 3), (1, 3), (0, 1)]
    assert document.plain_text().splitlines()[-3:] == ["if a:", "    b", "end"]


def test_unsupported_sentences_are_tinted_and_underlined(theme):
    text = "It is so. It is not."
    document = rendered(theme, text, (sentence(text, "It is so.", evidence()), sentence(text, "It is not.")))
    tinted = [piece[0] for piece in fingerprint(document) if len(piece) == 4 and piece[3][0] == theme.color("caution_bg").name()]
    assert tinted == ["It is not."]
    assert [(each.numbers, each.supported) for each in document.stretches()] == [((1,), True), ((2,), False)]


# ---------------------------------------------------------------- growing
@given(checked=checked_answers(), data=st.data())
@SAME_THEME
def test_growing_in_any_steps_ends_in_the_same_document(theme, checked, data):
    text, sentences = checked
    document, growing, before = AnswerDocument(theme), GrowingAnswer(), ()
    for cut in sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)) | {len(text)}):
        known = [each for each in sentences if each.end <= cut - data.draw(st.integers(0, 5))]
        known = list(sentences) if cut == len(text) else known
        before = place_citations(growing.show(text[:cut]), known, number_sources(known), (), before)
        document.show(before)
    assert fingerprint(document) == fingerprint(rendered(theme, text, sentences))


@given(raw=MARKDOWN, data=st.data())
@SAME_THEME
def test_hostile_markdown_grows_into_the_same_document(theme, raw, data):
    document, growing = AnswerDocument(theme), GrowingAnswer()
    for cut in sorted(data.draw(st.sets(st.integers(0, len(raw)), max_size=8)) | {len(raw)}):
        document.show(place_citations(growing.show(raw[:cut]), (), number_sources(())))
    assert fingerprint(document) == fingerprint(rendered(theme, raw))


def test_blocks_that_are_finished_are_not_drawn_again(theme):
    document = AnswerDocument(theme)
    changes: list[int] = []
    document.contentsChange.connect(lambda position, _removed, _added: changes.append(position))
    text = "First paragraph.\n\nSecond one"
    document.show(place_citations(blocks_of(text), (), number_sources(())))
    changes.clear()
    document.show(place_citations(blocks_of(text + " grows"), (), number_sources(())))
    assert changes and min(changes) >= len("First paragraph.")


def test_the_other_theme_keeps_the_words(theme):
    text = "It is so.\n\n- a\n- b\n\n| x |\n|---|\n| 1 |"
    document = rendered(theme, text, (sentence(text, "It is so.", evidence()),))
    before, words = fingerprint(document), document.toPlainText()
    theme.choose("dark", text_size=150, reduced_motion=False)
    document.restyle()
    assert document.toPlainText() == words and fingerprint(document) != before


# ---------------------------------------------------------------- nothing is loaded
@pytest.mark.parametrize("kind", list(QTextDocument.ResourceType))
@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "data:image/png;base64,AAAA", "qrc:/x", "/etc/passwd"]
)
def test_no_resource_is_ever_loaded(theme, kind, address):
    document = AnswerDocument(theme)
    assert document.loadResource(kind.value, QUrl(address)) is None
    assert document.resource(kind.value, QUrl(address)) is None


@pytest.mark.parametrize(
    "text",
    [
        "![x](file:///etc/hostname)",
        "<img src='file:///etc/hostname'>",
        "[x](http://h/)",
        "<a href='http://h'>x</a>",
        "<http://h/>",
        "![a][b]\n\n[b]: /etc/hostname",
    ],
)
def test_no_image_and_no_link_comes_from_a_model(theme, text):
    assert not re.search(r"<img|<a\s|background-image", rendered(theme, text).toHtml())
