"""A person's first hour: start, add a long PDF, ask, stop, ask again, open a source, quit, start again, find it.

Usage: first_light.py PROFILE PICTURES PDF THEME WIDTHxHEIGHT PART (PART is first or second: before or after quitting).
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import Qt

from desktop.viewmodels.exchange import Exchange
from engine.events import (
    AnswerGrew,
    ConversationOpened,
    DocumentChanged,
    Finished,
    MatterOpened,
    ModelStateChanged,
    PageShown,
    StoreOpened,
)
from engine.intents import ChangeSettings
from engine.model_events import OffersShown
from engine.records import Document
from tests.journeys.person import Person

CONTROL = Qt.KeyboardModifier.ControlModifier
LONG_QUESTION = "Explain in detail what a package has to contain and how it is built."
QUESTION = "What must the copyright file of a package contain?"


def main() -> None:
    profile, pictures, pdf, theme, size, part = sys.argv[1:7]
    width, height = (int(number) for number in size.split("x"))
    person = Person(Path(profile), Path(pictures), (width, height))
    person.wait(lambda: person.saw(StoreOpened), "the store")
    person.wait(lambda: any(event.state.phase == "ready" for event in person.saw(ModelStateChanged)), "the model")
    if part == "first":
        start_asking(person, theme)
        before_quitting(person, Path(pdf))
    else:
        assert person.window.first_run.view is None, "the choice of the first start was not kept"
        after_starting_again(person)
    person.quit()


def start_asking(person: Person, theme: str) -> None:
    """The first start: what this computer is, and the one button that leads on."""
    person.wait(lambda: person.window.first_run.view is not None, "the first start")
    person.bridge.submit(ChangeSettings(person.window.model.settings.model_copy(update={"theme": theme})))
    view = person.window.first_run.view
    assert view is not None
    person.wait(lambda: view.hardware.is_filled, "what this computer is")
    person.wait(lambda: person.saw(OffersShown), "the models that fit")
    person.picture("0-first-start")
    person.click(view.start)
    person.wait(lambda: person.window.shell.isVisible(), "the conversation")


def before_quitting(person: Person, pdf: Path) -> None:
    person.picture("1-started")
    person.choose_files(lambda: person.keys(Qt.Key.Key_O, CONTROL), pdf)
    person.keys(Qt.Key.Key_2, CONTROL)
    person.wait(
        lambda: any(0 < each.document.n_pages_read < each.document.n_pages for each in person.saw(DocumentChanged)), "reading"
    )
    person.picture("2-reading")
    person.wait(
        lambda: any(each.document.status in ("indexing", "ready") for each in person.saw(DocumentChanged)), "a read document"
    )
    person.picture("3-read")

    ask(person, LONG_QUESTION)
    person.wait(lambda: len(person.saw(AnswerGrew)) >= 3, "the first words")
    person.picture("4-writing")
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: person.saw(Finished), "the end of the stopped answer")
    assert person.saw(Finished)[0].answer.stop_reason == "cancelled"
    person.picture("5-stopped")

    ask(person, QUESTION)
    person.wait(lambda: len(person.saw(Finished)) == 2, "the second answer")
    person.picture("6-answered")
    number = first_source(person)
    person.keys(Qt.Key(int(Qt.Key.Key_0) + number), Qt.KeyboardModifier.AltModifier)
    person.wait(lambda: person.saw(PageShown), "the cited page")
    shown = person.saw(PageShown)[-1]
    assert shown.picture is not None and shown.picture.quads, "the passage is not marked"
    person.picture("7-source")


def after_starting_again(person: Person) -> None:
    """The conversation is found with Ctrl K and opens with both questions."""
    person.wait(lambda: person.saw(MatterOpened), "the matter")
    person.keys(Qt.Key.Key_K, CONTROL)
    person.type(LONG_QUESTION[:12])
    person.picture("8-jump")
    person.keys(Qt.Key.Key_Return)
    person.wait(lambda: person.saw(ConversationOpened), "the conversation")
    messages = person.saw(ConversationOpened)[-1].messages
    assert [message.text for message in messages if message.role == "user"] == [LONG_QUESTION, QUESTION]
    assert len(messages) == 4
    person.picture("9-found-again")


def documents(person: Person) -> list[Document]:
    return [event.document for event in person.saw(DocumentChanged)]


def ask(person: Person, question: str) -> None:
    person.keys(Qt.Key.Key_1, CONTROL)
    person.keys(Qt.Key.Key_L, CONTROL)
    person.type(question)
    person.keys(Qt.Key.Key_Return)


def first_source(person: Person) -> int:
    """The number of the last answer's first source that has a place."""
    exchange: Exchange = person.window.ask.model.exchanges[-1]
    return next(source.number for source in exchange.citations.sources if source.evidence is not None)


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()  # the program's own hook keeps silent about what a journey did wrong
        os._exit(1)
