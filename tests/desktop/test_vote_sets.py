"""Vote sets as a person manages them: making and deleting, prompts from files, pairs that wait, what screen readers find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.prompt_table import PromptTable
from desktop.views.name_sheet import NameSheet
from desktop.views.prompts_sheet import PromptsSheet
from desktop.views.results_sheet import ResultsSheet
from desktop.views.run_set_sheet import RunSetSheet
from desktop.views.vote_gestures import VoteGestures
from desktop.views.vote_set_sheet import VoteSetSheet
from desktop.widgets.button import Button
from desktop.widgets.sheet import ConfirmSheet, Sheet
from desktop.wordings import votes as words
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.errors import PromptsUnfit
from engine.records import MatterId
from engine.settings import Settings
from engine.vote_records import Prompt
from tests.desktop import compare_samples as samples
from tests.desktop import vote_samples as votes
from tests.desktop.compare_samples import GRIEVANCE, SUMMARIES
from tests.desktop.recording import RecordingBridge
from tests.desktop.vote_samples import LABELS

SheetKind = TypeVar("SheetKind", bound=Sheet)


class Stage:
    """The compare screen in the window, with two vote sets, over a recording bridge."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = MainWindow(self.bridge, self.theme)
        self.window.resize(1440, 900)
        self.window.show()
        self.bridge.send(*samples.a_day_of_comparing(), happened.VoteSetsListed(votes.vote_sets()))
        self.window.show_screen("compare")
        QTest.qWaitForWindowActive(self.window)
        QApplication.processEvents()
        self.bridge.wishes.clear()

    @property
    def gestures(self) -> VoteGestures:
        return self.window.compare.findChild(VoteGestures)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def sheet(self, kind: type[SheetKind]) -> SheetKind:
        QApplication.processEvents()
        return next(one for one in self.window.area.findChildren(kind) if not one.isHidden())

    @property
    def has_sheet(self) -> bool:
        return any(not one.isHidden() for one in self.window.area.findChildren(Sheet))

    def choose(self, n: int = 120, *, with_expected: bool = True) -> None:
        """Choose the set of labels, with so many prompts."""
        self.window.compare.model.votes.choose(LABELS)
        self.list_prompts(n, with_expected=with_expected)

    def list_prompts(self, n: int, skipped: int = 0, *, with_expected: bool = True) -> None:
        self.bridge.send(happened.PromptsListed(GRIEVANCE.id, LABELS, votes.prompts(n, with_expected=with_expected), skipped))

    def prompts(self) -> PromptsSheet:
        self.gestures.show_prompts()
        return self.sheet(PromptsSheet)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def texts(root: QWidget) -> str:
    """All words that can be seen in a part of the window."""
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root))


# ---------------------------------------------------------------- sets
def test_the_menu_of_sets_leads_to_a_new_set_by_keyboard(stage: Stage) -> None:
    toolbar = stage.window.compare.toolbar
    toolbar.sets.setFocus()
    toolbar.sets.choices.aboutToShow.emit()
    next(one for one in toolbar.sets.choices.actions() if one.text().startswith("New set")).trigger()
    sheet = stage.sheet(VoteSetSheet)
    assert QApplication.focusWidget() is sheet.field and not sheet.go.isEnabled()
    QTest.keyClicks(sheet.field, "  Clinic letters ")
    stage.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is sheet.kinds.options["draft"]
    stage.key(Qt.Key.Key_Up)
    stage.key(Qt.Key.Key_Up)
    assert sheet.kinds.key == "extract"
    sheet.field.setFocus()
    stage.key(Qt.Key.Key_Return)
    assert stage.bridge.wished(wishes.CreateVoteSet) == [wishes.CreateVoteSet("Clinic letters", "extract")]
    assert not stage.has_sheet


def test_a_set_that_was_made_is_chosen(stage: Stage) -> None:
    stage.bridge.send(happened.VoteSetsListed(votes.vote_sets(), created=LABELS))
    assert stage.window.compare.model.votes.vote_set == votes.vote_sets()[1]


def test_two_sets_of_one_name_are_not_made(stage: Stage) -> None:
    stage.gestures.create()
    sheet = stage.sheet(VoteSetSheet)
    sheet.field.setText(" letter LABELS ")
    stage.key(Qt.Key.Key_Return)
    assert stage.bridge.wished(wishes.CreateVoteSet) == [] and "already" in texts(sheet)
    assert "already" in sheet.go.accessibleDescription() and "already" in sheet.field.accessibleDescription()


def test_deleting_says_what_is_lost_and_asks_first(stage: Stage) -> None:
    stage.window.compare.model.votes.choose(SUMMARIES)
    stage.prompts().delete.click()
    sheet = stage.sheet(ConfirmSheet)
    assert QApplication.focusWidget() is sheet.cancel
    assert "48 votes" in texts(sheet) and "every matter" in texts(sheet) and "stay in their matters" in texts(sheet)
    sheet.cancel.click()
    assert stage.bridge.wished(wishes.DeleteVoteSet) == []
    stage.prompts().delete.click()
    stage.sheet(ConfirmSheet).confirm.click()
    assert stage.bridge.wished(wishes.DeleteVoteSet) == [wishes.DeleteVoteSet(SUMMARIES)]


def test_renaming_takes_the_old_name_to_begin_with(stage: Stage) -> None:
    stage.choose()
    stage.prompts().rename.click()
    sheet = stage.sheet(NameSheet)
    assert sheet.field.text() == "Letter labels"
    sheet.field.setText("Department of letters")
    stage.key(Qt.Key.Key_Return)
    assert stage.bridge.wished(wishes.RenameVoteSet) == [wishes.RenameVoteSet(LABELS, "Department of letters")]


def test_a_sheet_of_a_set_that_is_deleted_elsewhere_closes(stage: Stage) -> None:
    stage.choose()
    stage.prompts()
    stage.bridge.send(happened.VoteSetsListed(votes.vote_sets()[:1]))
    assert not stage.has_sheet


def test_every_kind_of_work_and_way_of_judging_has_words() -> None:
    assert all(all(words.kind(each)) for each in words.KINDS) and all(all(words.scorer(each)) for each in words.SCORERS)


# ---------------------------------------------------------------- prompts
def test_prompts_come_from_a_file_that_was_chosen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.choose(0)
    sheet = stage.prompts()
    assert (
        QApplication.focusWidget() is sheet.add
        and not sheet.run.isEnabled()
        and "no prompts" in sheet.run.accessibleDescription()
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/home/anna/Letters.csv", ""))
    sheet.add.click()
    assert stage.bridge.wished(wishes.ImportPrompts) == [
        wishes.ImportPrompts(GRIEVANCE.id, LABELS, Path("/home/anna/Letters.csv"))
    ]
    assert not sheet.add.isEnabled() and not sheet.take.isEnabled()
    stage.list_prompts(100, 3)
    assert "100 prompts added. 3 rows without a prompt were skipped." in texts(sheet)
    assert sheet.add.isEnabled() and sheet.run.isEnabled() and "100 prompts in Grievance 2291" in texts(sheet)


def test_a_file_can_be_dropped_on_the_sheet_and_only_tables_are_taken(stage: Stage) -> None:
    stage.choose(4)
    sheet = stage.prompts()

    def drop(name: str) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(f"/home/anna/{name}")])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(sheet, enter)
        assert enter.isAccepted() and "Release" in texts(sheet)
        QApplication.sendEvent(sheet, QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, data, buttons, keys))

    drop("Lease.pdf")
    assert stage.bridge.wished(wishes.ImportPrompts) == [] and "saved as CSV" in texts(sheet)
    drop("Letters.CSV")
    assert [wish.file.name for wish in stage.bridge.wished(wishes.ImportPrompts)] == ["Letters.CSV"]
    assert "Release" not in texts(sheet)


def test_what_a_file_lacks_is_said_in_the_sheet_and_another_can_be_tried(stage: Stage) -> None:
    stage.choose(0)
    sheet = stage.prompts()
    stage.gestures.sets.import_files([Path("Letters.csv")])
    stage.bridge.send(events.Trouble(PromptsUnfit("Letters.csv", "no_such_column", "It has: letter.")))
    assert "has no column with prompts" in texts(sheet) and sheet.add.isEnabled()


def test_questions_of_the_matter_are_taken_and_doubles_are_said(stage: Stage) -> None:
    stage.choose(5)
    sheet = stage.prompts()
    sheet.take.click()
    assert stage.bridge.wished(wishes.TakePrompts) == [wishes.TakePrompts(GRIEVANCE.id, LABELS)]
    stage.list_prompts(5)
    assert "all of them were in the set already" in texts(sheet)


def test_prompts_of_another_set_or_matter_are_not_shown(stage: Stage) -> None:
    stage.choose(5)
    sheet = stage.prompts()
    stage.bridge.send(happened.PromptsListed(GRIEVANCE.id, SUMMARIES, votes.prompts(7)))
    stage.bridge.send(happened.PromptsListed(MatterId("m1"), LABELS, votes.prompts(8)))
    assert sheet.table.model().rowCount() == 5
    stage.window.compare.model.votes.choose(SUMMARIES)
    assert sheet.table.model().rowCount() == 0


def test_a_prompt_of_the_table_can_be_compared_by_keyboard(stage: Stage) -> None:
    stage.choose()
    sheet = stage.prompts()
    sheet.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert not sheet.one.isEnabled()
    stage.key(Qt.Key.Key_Down)
    assert sheet.one.isEnabled()
    sheet.one.click()
    assert not stage.has_sheet and stage.window.compare.composer.text.toPlainText() == votes.prompts()[1].text


def test_the_table_sorts_by_every_column_and_reads_prompts_whole() -> None:
    table = PromptTable()
    long = "word " * 200
    table.show_prompts([Prompt(1, "b\nb", "x", "one"), Prompt(2, long, None, "two"), Prompt(3, "a", "a", "three")])

    def order() -> list[str]:
        return [str(table.data(table.index(row, 0))) for row in range(3)]

    assert table.data(table.index(0, 1)) == "b b"
    assert table.data(table.index(1, 1), Qt.ItemDataRole.AccessibleTextRole) == long.strip()
    assert table.data(table.index(1, 2), Qt.ItemDataRole.AccessibleTextRole) == "Not known"
    table.sort(1)
    assert order() == ["3", "1", "2"]
    table.sort(2)
    assert order() == ["3", "1", "2"]
    table.sort(3, Qt.SortOrder.DescendingOrder)
    assert order() == ["2", "3", "1"]
    table.sort(-1)
    assert order() == ["1", "2", "3"]


def test_without_a_matter_no_prompts_can_be_taken_in(stage: Stage) -> None:
    stage.bridge.send(events.MattersChanged(()))
    stage.window.compare.model.votes.choose(LABELS)
    sheet = stage.prompts()
    assert not sheet.add.isEnabled() and "matter" in sheet.add.accessibleDescription()
    stage.gestures.sets.take_questions()
    assert stage.bridge.wished(wishes.TakePrompts) == []


# ---------------------------------------------------------------- pairs that wait
def test_next_in_blind_mode_opens_the_pairs_that_nobody_judged_and_then_new_prompts(stage: Stage) -> None:
    model = stage.window.compare.model
    model.votes.choose(SUMMARIES)
    pairs = votes.pairs(2)
    prompts = tuple(Prompt(n, f"Summarise complaint {n}.") for n in (1, 2, 3))
    stage.bridge.send(happened.PromptsListed(GRIEVANCE.id, SUMMARIES, prompts), happened.ComparisonsListed(GRIEVANCE.id, pairs))
    stage.gestures.vote_on_next()
    assert stage.bridge.wished(wishes.OpenComparison) == [wishes.OpenComparison(GRIEVANCE.id, pairs[1].id)]  # the oldest
    stage.bridge.send(happened.ComparisonOpened(pairs[1]))
    assert model.run is not None and model.run.names_hidden
    assert "Qwen3 8B" not in texts(stage.window.compare.strip) and "gpt-5.2" not in texts(stage.window.compare.strip)
    model.vote_for(0)
    vote = stage.bridge.wished(wishes.CastVote)[-1]
    assert vote.is_blind and vote.best == vote.order[0] and vote.comparison == pairs[1].id and not model.run.names_hidden
    stage.window.compare.prompt.next.click()
    assert stage.bridge.wished(wishes.OpenComparison)[-1].comparison == pairs[0].id
    stage.bridge.send(happened.ComparisonOpened(pairs[0]))
    model.vote("all_equal")
    stage.window.compare.prompt.next.click()
    assert len(stage.bridge.wished(wishes.OpenComparison)) == 2  # both are judged
    assert model.run is None and model.prompt.text == "Summarise complaint 3."


def test_a_pair_that_is_passed_over_comes_again_later(stage: Stage) -> None:
    model = stage.window.compare.model
    model.votes.choose(SUMMARIES)
    pairs = votes.pairs(3)
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, pairs))
    stage.gestures.vote_on_next()
    for _ in range(3):
        wanted = stage.bridge.wished(wishes.OpenComparison)[-1].comparison
        stage.bridge.send(happened.ComparisonOpened(next(each for each in pairs if each.id == wanted)))
        model.next()
    opened = [wish.comparison for wish in stage.bridge.wished(wishes.OpenComparison)]
    assert opened == ["p1", "p2", "p3", "p1"]


def test_what_was_judged_before_the_program_started_does_not_come_again_and_places_are_the_engines(stage: Stage) -> None:
    model = stage.window.compare.model
    model.votes.choose(SUMMARIES)
    pairs = votes.pairs(2)  # newest first
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, pairs, judged=(pairs[1].id,)))
    assert model.votes.n_to_judge == 1
    stage.gestures.vote_on_next()
    assert stage.bridge.wished(wishes.OpenComparison) == [wishes.OpenComparison(GRIEVANCE.id, pairs[0].id)]
    stage.bridge.send(happened.ComparisonOpened(pairs[0], order=(1, 0)))
    assert model.run is not None and model.run.order == (1, 0)


# ---------------------------------------------------------------- everything
def test_every_control_of_the_sheets_has_a_name_and_can_be_reached(stage: Stage) -> None:
    stage.choose()
    gestures = stage.gestures
    for open_one, kind in (
        (gestures.create, VoteSetSheet),
        (gestures.show_prompts, PromptsSheet),
        (gestures.choose_run, RunSetSheet),
        (gestures.show_results, ResultsSheet),
    ):
        open_one()
        sheet = stage.sheet(kind)
        controls = sheet._controls()
        assert [one for one in controls if not one.accessibleName()] == []
        buttons = [one for one in sheet.findChildren(Button) if one.isVisibleTo(sheet)]
        assert all(one in controls or one.accessibleDescription() for one in buttons)
        stage.key(Qt.Key.Key_Escape)
        assert not stage.has_sheet


def test_no_sheet_is_wider_than_the_smallest_window_at_any_text_size(stage: Stage) -> None:
    stage.choose()
    gestures = stage.gestures
    stage.window.resize(1024, 640)
    for size in (100, 150, 200):
        stage.bridge.send(events.SettingsChanged(Settings(text_size=size, first_run_done=True)))
        opened = ((gestures.create, VoteSetSheet), (gestures.show_prompts, PromptsSheet), (gestures.choose_run, RunSetSheet))
        for open_one, kind in (*opened, (gestures.show_results, ResultsSheet)):
            open_one()
            sheet = stage.sheet(kind)
            QTest.qWait(1)
            room = sheet.panel.width()
            assert sheet._content.minimumSizeHint().width() <= room and sheet.panel.minimumSizeHint().width() <= room, (
                kind,
                size,
            )
            sheet.close_sheet()
