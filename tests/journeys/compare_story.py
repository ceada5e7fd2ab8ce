"""A person's first comparison: add servers, write a prompt about a letter, look at what would leave, send it, vote.

Usage: compare_story.py PROFILE PICTURES THEME WIDTHxHEIGHT PART LETTER (PART is first or second: before or after
quitting). What the servers are told and asked goes over the standard streams, see `comparer`.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop.views.add_provider import ServerSheet
from desktop.views.compare_setup import SetupPane
from desktop.views.consent_sheet import ConsentSheet
from desktop.views.settings_privacy import PrivacySettings
from desktop.views.vote_set_sheet import VoteSetSheet
from engine.compare_events import ProvidersListed
from engine.events import DocumentChanged, MatterOpened, ModelStateChanged, StoreOpened
from engine.intents import ChangeSettings
from engine.model_events import OffersShown
from tests.journeys.comparer import CONTROL, OFFLINE, SHIFT, Backstage, Comparer, Server

PROMPT = "Summarise this complaint in five short lines for the case file. Keep every date."
SECOND = "What does the tenant ask for in this complaint?"
THIRD = "Write a short and friendly answer to this complaint."
FOURTH = "List the dates of this complaint with what happened on each."
FIFTH = "Who has to do what next after this complaint?"
WRITTEN = (PROMPT, SECOND, THIRD, FOURTH, FIFTH)
SENDER, TERM, SET = "Priya Raman", "Kestrel", "Complaint summaries"


def main() -> None:
    profile, pictures, theme, size, part, letter = sys.argv[1:7]
    width, height = (int(number) for number in size.split("x"))
    person = Comparer(Path(profile), Path(pictures), (width, height), Backstage())
    person.wait(lambda: person.saw(StoreOpened), "the store")
    if part == "first":
        start(person, theme)
        add_letter(person, Path(letter))
        add_servers(person)
        prepare(person)
        look_and_cancel(person)
        hide_one_more(person)
        send(person)
        vote(person)
        vote_without_names(person)
        stop_one_and_repeat_one(person)
        close_the_lock(person)
        mark_as_confidential(person)
        read_the_log(person)
    else:
        find_them_again(person)
    person.quit()


# ---------------------------------------------------------------- before anything is compared
def start(person: Comparer, theme: str) -> None:
    first_run = person.window.first_run
    person.wait(lambda: first_run.view is not None, "the first start")
    settings = person.window.model.settings.model_copy(update={"theme": theme, "max_answer_tokens": 80})
    person.bridge.submit(ChangeSettings(settings))
    view = first_run.view
    assert view is not None
    person.wait(lambda: view.hardware.is_filled and person.saw(OffersShown), "what this computer is")
    person.wait(lambda: any(event.state.phase == "ready" for event in person.saw(ModelStateChanged)), "the starter model")
    person.press(view.start)
    person.wait(person.window.shell.isVisible, "the conversation")


def add_letter(person: Comparer, letter: Path) -> None:
    person.choose_files(lambda: person.keys(Qt.Key.Key_O, CONTROL), letter)
    person.wait(lambda: any(each.document.status == "ready" for each in person.saw(DocumentChanged)), "the letter, read")
    person.snap("letter")


def add_servers(person: Comparer) -> None:
    """Each is added and tested; a test sends the key and no text."""
    person.keys(Qt.Key.Key_Comma, CONTROL)
    person.press(person.window.settings.parts["providers"])
    person.snap("nobody-yet")
    for server in person.backstage.servers:
        add_server(person, server)
    person.snap("tested")
    assert person.backstage.sent() == []
    assert len(person.backstage.asked()) == len(person.backstage.servers)
    person.wait_for_lock(OFFLINE)


def add_server(person: Comparer, server: Server) -> None:
    page = person.providers
    person.press(page.add_server)
    sheet = person.sheet(ServerSheet)
    person.fill(sheet.name, server.name)
    person.fill(sheet.address, server.url)
    person.fill(sheet.models, server.model)
    person.fill(sheet.terms, "Kept up to 30 days")
    if not server.is_own:
        person.press(sheet.is_own)
    person.press(sheet.needs_key)
    person.fill(sheet.key, server.key)
    person.press(sheet.fold)
    person.press(sheet.dialect._segments[server.dialect])
    person.snap("server")
    person.press(sheet.keep)
    person.wait(lambda: any(row.provider.name == server.name for row in page.rows.values()), "the server in the list")
    row = next(row for row in page.rows.values() if row.provider.name == server.name)
    person.wait(lambda: row.provider.key == "keyring", "its key in the keyring")
    person.press(row.test)
    person.wait(lambda: (test := page._model.test_of(row.provider.id)) and test.check, "what the test found")


# ---------------------------------------------------------------- the first comparison
def prepare(person: Comparer) -> None:
    """Choose who answers, write, attach the letter: the model of this computer begins, nothing is sent."""
    person.keys(Qt.Key.Key_3, CONTROL)
    view, backstage = person.view, person.backstage
    person.wait(lambda: person.saw(ProvidersListed) and view.isVisible(), "the Compare screen")
    person.snap("empty")
    person.press(view.toolbar.number._segments["3"])
    for place, server in enumerate(backstage.servers, start=1):
        pane = view.strip.panes[place]
        assert isinstance(pane, SetupPane)
        view.strip.bring(place)
        person.press(pane.chooser)
        person.pick(pane.chooser.choices, server.name, server.model)
    person.press(view.composer.documents)
    person.pick(view.composer.documents.choices, "Complaint")
    person.close(view.composer.documents.choices)
    person.press(view.composer.text)
    person.write(PROMPT)
    person.snap("ready")
    person.compare()
    person.wait(lambda: person.pane_of(None).pane.stage == "writing", "the first words of this computer")
    assert all(person.pane_of(server).pane.stage == "unsent" for server in backstage.servers)
    person.snap("waiting")
    assert backstage.sent() == []


def look_and_cancel(person: Comparer) -> None:
    sheet = person.review()
    person.snap("sheet")
    assert SENDER not in sheet.model.preview.text and "[Person" in sheet.model.preview.text
    assert TERM in sheet.model.preview.text
    person.keys(Qt.Key.Key_Escape)
    person.wait(lambda: not person.has_sheet(), "a closed sheet")
    person.wait_for_lock(OFFLINE)
    assert person.backstage.sent() == [], "something was sent that nobody approved"


def hide_one_more(person: Comparer) -> None:
    sheet = person.review()
    person.press(sheet.text.more)
    assert sheet.text.hide_more is not None
    person.wait(lambda: person.has_focus(sheet.text.hide_more.field), "the keyboard in the field")
    person.type(TERM)
    person.keys(Qt.Key.Key_Return)
    person.wait(lambda: TERM not in sheet.model.preview.text, "a text without the term")
    person.wait(lambda: person._is_uncovered(sheet.text.hide_more.field), "the field in sight")
    person.snap("hidden-more")
    person.press(sheet.text.originals)
    person.wait(lambda: sheet.model.shows_originals, "the originals")
    assert not sheet.agree.isEnabled()
    person.snap("originals")
    person.press(sheet.text.as_sent)
    person.wait(lambda: sheet.model.shows_bodies, "the request")
    person.snap("as-it-is-sent")
    person.press(sheet.text.as_sent)
    person.press(sheet.agree)
    person.snap("ticked")
    assert person.backstage.sent() == []
    person.press(sheet.agree)


def send(person: Comparer) -> None:
    backstage, sheet = person.backstage, person.sheet(ConsentSheet)
    backstage.hold()
    shown = person.send(sheet)
    person.wait_for_lock("Sending to 2 hosts for this comparison")
    person.wait(lambda: all(person.pane_of(each).pane.text.strip() for each in backstage.servers), "the first words of both")
    person.snap("sending")
    backstage.go_on()
    person.wait_for_answers()
    person.snap("answered")
    person.require_sent(shown, [])
    for server in backstage.servers:
        pane = person.pane_of(server).pane
        assert pane.answer is not None and pane.answer.restored, "nothing was put back"
        assert SENDER in pane.text and TERM in pane.text
        assert SENDER not in pane.answer.sent_back
    assert person.run.is_fair, "the model of this computer has to have read the same words"


def vote(person: Comparer) -> None:
    view = person.view
    person.press(view.votes.choose_set)
    sheet = person.sheet(VoteSetSheet)
    person.type(SET)
    person.snap("vote-set")
    person.press(sheet.go)
    person.wait(lambda: view.model.votes.vote_set is not None, "the set")
    person.keys(Qt.Key.Key_2)
    person.wait(lambda: person.run.choice is not None, "the vote")
    person.wait(lambda: view.model.votes.n_votes == 1, "a tally with it")
    person.bring_into_view(view.tally)
    person.snap("voted")


# ---------------------------------------------------------------- further ones
def vote_without_names(person: Comparer) -> None:
    view, backstage = person.view, person.backstage
    before = backstage.sent()
    person.press(view.toolbar.blind)
    person.press(view.prompt.next)
    person.write(SECOND)
    person.compare()
    backstage.hold()
    shown = person.send(person.review())
    person.wait(lambda: len(backstage.sent()) == len(before) + 2, "both requests at the servers")
    person.snap("blind-waiting")
    backstage.go_on()
    person.wait_for_answers()
    person.require_sent(shown, before)
    person.snap("blind-answers")
    names = [pane.name for pane in person.run.panes]
    for pane in view.strip.panes:
        said = pane.text.shown_text + pane.accessibleName()
        assert not any(name in said for name in names), "a name is told while names are hidden"
    person.press(view.strip.panes[0].vote)
    person.wait(lambda: person.run.choice is not None and not person.run.names_hidden, "the names")
    person.snap("blind-voted")
    person.press(view.toolbar.blind)
    person.wait(lambda: view.model.votes.n_votes == 2, "a tally with it")
    person.bring_into_view(view.tally)
    person.snap("tally")


def stop_one_and_repeat_one(person: Comparer) -> None:
    """One server says that it is too much, the other takes its time: others go on, and nothing is sent again unasked."""
    view, backstage = person.view, person.backstage
    busy, slow = backstage.servers
    person.press(view.prompt.next)
    person.write(THIRD)
    person.compare()
    before = backstage.sent()
    backstage.fail(busy, "RATE_LIMITED")
    backstage.hold()
    shown = person.send(person.review())
    person.wait(lambda: person.pane_of(busy).problem.isVisible(), "what kept the busy server")
    person.wait(lambda: person.pane_of(slow).pane.text.strip(), "the first words of the slow one")
    person.snap("too-busy")
    view.strip.bring(person.pane_of(slow).place)
    person.press(person.pane_of(slow).stop)
    person.wait(lambda: person.pane_of(slow).pane.has_ended, "the end of the slow answer")
    backstage.go_on()
    person.wait_for_answers()
    person.snap("stopped")
    person.require_sent(shown, before)
    backstage.fail(busy, "NONE")
    before = backstage.sent()
    view.strip.bring(person.pane_of(busy).place)
    person.press(person.pane_of(busy).problem.again)
    person.wait(lambda: person.pane_of(busy).pane.stage == "unsent", "a pane that waits")
    person.snap("try-again")
    assert backstage.sent() == before, "it was sent again without a new approval"
    sheet = person.review()
    assert [each.host for each in sheet.model.to_send] == [busy.host]
    shown = person.send(sheet)
    person.wait_for_answers()
    person.require_sent(shown, before)
    assert person.pane_of(busy).pane.is_usable


def close_the_lock(person: Comparer) -> None:
    view, backstage = person.view, person.backstage
    person.press(view.prompt.next)
    person.write(FOURTH)
    person.compare()
    before = backstage.sent()
    backstage.hold()
    shown = person.send(person.review())
    person.wait(lambda: all(person.pane_of(each).pane.text.strip() for each in backstage.servers), "the first words")
    person.keys(Qt.Key.Key_L, CONTROL | SHIFT)
    person.wait_for_lock(OFFLINE)
    person.wait(lambda: all(person.pane_of(each).pane.has_ended for each in backstage.servers), "the end of what was sent")
    backstage.go_on()
    person.wait_for_answers()
    person.snap("lock-closed")
    person.require_sent(shown, before)


def mark_as_confidential(person: Comparer) -> None:
    """What already waits cannot be sent any more, and no remote model can be chosen."""
    view = person.view
    person.press(view.prompt.next)
    person.write(FIFTH)
    person.compare()
    before = person.backstage.sent()
    width, height = person.window.width(), person.window.height()
    person.window.resize(max(width, 1200), height)  # matters are listed beside a wide page only
    matters = person.window.sidebar.matters
    person.wait(matters.isVisible, "the matters")
    place = matters.visualRect(matters.model().index(0, 0)).center()
    _right_click(matters.viewport(), place)
    person.wait(lambda: QApplication.activePopupWidget(), "the menu of the matter")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    person.pick(menu, "Mark as confidential")
    person.wait(lambda: view.model.matter is not None and view.model.matter.is_confidential, "a confidential matter")
    person.window.resize(width, height)
    person.snap("confidential")
    assert not view.prompt.review.isEnabled()
    person.click(view.prompt.review)
    assert not person.has_sheet()
    assert person.backstage.sent() == before
    person.press(view.prompt.edit)
    person.wait(view.composer.isVisible, "the prompt")
    assert not view.composer.compare.isEnabled()
    person.snap("confidential-setup")


def read_the_log(person: Comparer) -> None:
    person.press(person.window.status_bar.lock)
    page = person.window.settings.findChild(PrivacySettings)
    n = len(person.backstage.sent()) + len(person.backstage.asked())
    person.wait(lambda: page.log.table.model().rowCount() == n, "a row for each connection")
    person.snap("privacy")
    person.bring_into_view(page.log)
    person.snap("log")
    assert page._privacy._sent_for_compare >= person.backstage.n_bytes(), "more text left than the log says"


# ---------------------------------------------------------------- after starting again
def find_them_again(person: Comparer) -> None:
    person.wait(lambda: person.saw(MatterOpened), "the matter")
    person.keys(Qt.Key.Key_3, CONTROL)
    view = person.view
    person.wait(lambda: view.isVisible() and view.model.votes.vote_set, "the set in which votes were counted")
    assert view.model.votes.vote_set is not None and view.model.votes.vote_set.name == SET
    person.wait(lambda: view.model.setup.panes[0], "the model of this computer")
    person.snap("started-again")
    person.press(view.toolbar.earlier)
    person.wait(view.toolbar.earlier.choices.isVisible, "the earlier comparisons")
    person.snap("earlier")
    listed = [action.text().partition("\t")[0].rstrip("…") for action in view.toolbar.earlier.choices.actions()]
    assert len(listed) == len(WRITTEN)
    assert all(written.startswith(line) for written, line in zip(reversed(WRITTEN), listed, strict=True))
    person.pick(view.toolbar.earlier.choices, PROMPT[:30])
    person.wait(lambda: view.model.run is not None, "the first comparison")
    assert person.run.question == PROMPT
    for server in person.backstage.servers:
        assert SENDER in person.pane_of(server).pane.text
    person.wait(lambda: "that vote stands" in view.model.why_not_vote, "the vote from before")
    person.snap("opened-again")


def _right_click(widget, place: QPoint) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.postEvent(widget, event)


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()  # the program's own hook keeps silent about what a journey did wrong
        os._exit(1)
