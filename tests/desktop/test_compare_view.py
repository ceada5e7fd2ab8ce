"""The Compare screen as a person uses it: keys, buttons, what is shown and hidden, sizes, what screen readers find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QTextBlockFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.compare import CompareView
from desktop.views.compare_pane import PaneView
from desktop.views.compare_setup import SetupPane
from desktop.views.consent_sheet import ConsentSheet
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.errors import KeyRefused
from engine.settings import Settings
from tests.desktop import compare_samples as samples
from tests.desktop.compare_samples import CLAUDE, GPT, QUESTION, QWEN, SUMMARIES
from tests.desktop.recording import RecordingBridge

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


class Stage:
    """The compare screen in the window, over a recording bridge."""

    def __init__(self, application: QApplication) -> None:
        self.bridge = RecordingBridge()
        self.theme = Theme(application, "light")
        self.window = MainWindow(self.bridge, self.theme)
        self.window.resize(1440, 900)
        self.window.show()
        self.bridge.send(*samples.a_day_of_comparing())
        self.window.show_screen("compare")
        QTest.qWaitForWindowActive(self.window)
        QApplication.processEvents()
        self.bridge.wishes.clear()

    @property
    def view(self) -> CompareView:
        return self.window.compare

    @property
    def panes(self) -> list[PaneView]:
        return self.view.strip.panes  # type: ignore[return-value]

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def ask(self, *choices: object, blind: bool = False) -> wishes.PrepareComparison:
        view = self.view
        view.model.votes.choose(SUMMARIES)
        view.model.set_number(len(choices))
        for place, choice in enumerate(choices):
            view.model.choose(place, choice)  # type: ignore[arg-type]
        if blind:
            view.toolbar.blind.click()
        view.composer.text.setPlainText(QUESTION)
        view.composer.text.setFocus()
        self.key(Qt.Key.Key_Return, CTRL)
        return samples.last_wish(self.bridge)

    def use(self, **settings: object) -> None:
        self.bridge.send(events.SettingsChanged(Settings.model_validate({"first_run_done": True} | settings)))
        QApplication.processEvents()


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def texts(root: QWidget) -> str:
    """All words that can be seen in a part of the window."""
    words = [label.text() for label in root.findChildren(QLabel) if label.isVisibleTo(root)]
    words += [pane.text.shown_text for pane in [root] if isinstance(pane, PaneView) and pane.text.isVisibleTo(root)]
    return "\n".join(words)


def spoken(root: QWidget) -> str:
    """Everything that screen readers and tooltips say of a part of the window, hidden parts left out."""
    parts = [root, *(one for one in root.findChildren(QWidget) if one.isVisibleTo(root))]
    return "\n".join(" ".join((one.accessibleName(), one.accessibleDescription(), one.toolTip())) for one in parts)


# ---------------------------------------------------------------- writing and asking
def test_the_screen_has_a_key_an_entry_and_can_be_jumped_to(stage: Stage) -> None:
    stage.key(Qt.Key.Key_1, CTRL)
    stage.key(Qt.Key.Key_3, CTRL)
    assert stage.window.screen_name == "compare" and stage.window.sidebar.items["compare"].isChecked()
    stage.key(Qt.Key.Key_1, CTRL)
    stage.key(Qt.Key.Key_K, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "compare")
    stage.key(Qt.Key.Key_Return)
    assert stage.window.screen_name == "compare"


def test_enter_starts_a_line_and_ctrl_enter_compares(stage: Stage) -> None:
    text = stage.view.composer.text
    text.setFocus()
    QTest.keyClicks(text, "One")
    stage.key(Qt.Key.Key_Return)
    QTest.keyClicks(text, "Two")
    assert stage.bridge.wished(wishes.PrepareComparison) == [] and text.toPlainText() == "One\nTwo"
    stage.key(Qt.Key.Key_Return, CTRL)
    assert samples.last_wish(stage.bridge).text == "One\nTwo"


def test_without_a_key_one_is_asked_for_and_settings_are_a_press_away(stage: Stage) -> None:
    stage.bridge.send(happened.ProvidersListed((), ()), events.ModelsListed(samples.more_models()[1:]))
    pane = stage.view.strip.panes[1]
    assert isinstance(pane, SetupPane) and "Add an API key to compare" in texts(pane)
    pane.settings.click()
    assert stage.window.screen_name == "settings" and stage.window.settings.parts["providers"].isChecked()


def test_the_chooser_says_where_each_model_answers(stage: Stage) -> None:
    pane = stage.view.strip.panes[1]
    assert isinstance(pane, SetupPane)
    assert "api.openai.com" in texts(pane) and "approval" in texts(pane)
    menus = [action.menu() for action in pane.chooser.choices.actions() if action.menu()]
    assert [menu.title() for menu in menus] == ["OpenAI", "Anthropic"]
    next(action for action in menus[1].actions() if action.text() == "claude-opus-4-5").trigger()
    assert stage.view.model.setup.panes[1].name == "claude-opus-4-5"  # type: ignore[union-attr]
    assert "api.anthropic.com" in texts(pane)


# ---------------------------------------------------------------- what waits, runs and fails
def test_what_waits_for_approval_says_that_nothing_was_sent(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    assert "Waiting for your approval. Nothing has been sent." in texts(stage.panes[1])
    assert "Not sent" in texts(stage.panes[1]) and "nothing has been sent" in stage.panes[1].accessibleName()
    assert stage.view.prompt.review.isVisible() and "1 host" in stage.view.prompt.review.accessibleName()
    wanted: list[object] = []
    stage.view.consent_wanted.connect(wanted.append)
    stage.view.prompt.review.click()
    assert wanted == [stage.view.model.run.preview]  # type: ignore[union-attr]
    sheet = stage.window.area.findChild(ConsentSheet)
    assert sheet is not None and sheet.isVisible() and QApplication.focusWidget() is sheet.cancel
    assert "6 details hidden before sending" in texts(stage.view.prompt)
    assert stage.bridge.wished(wishes.SendComparison) == []


def test_the_newest_preview_is_the_one_that_is_reviewed(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.prepared(wish, n_passages_left_out=3))
    wanted: list = []
    stage.view.consent_wanted.connect(wanted.append)
    stage.view.review()
    assert wanted[0].n_passages_left_out == 3


def test_no_local_comparison_has_a_copper_button(stage: Stage) -> None:
    wish = stage.ask(QWEN, samples.LocalChoice(samples.more_models()[0].id))
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    assert not stage.view.prompt.review.isVisible() and not stage.view.prompt.hidden.isVisible()
    assert "Everything stays on this computer." in texts(stage.view.prompt)


def test_an_answer_is_drawn_as_it_comes_and_html_in_it_is_only_text(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    hostile = '<img src="https://evil.example/x.png"> [click](https://evil.example) **late**'
    stage.bridge.send(happened.PaneGrew(wish.request, 0, hostile))
    pane = stage.panes[0]
    pane.text.show_now()
    assert pane.text.shown_text == '<img src="https://evil.example/x.png"> click (https://evil.example) late'
    assert not pane.text.openLinks() and pane.text.document().baseUrl().isEmpty()
    assert all(not mark.format.isAnchor() for mark in pane.text.extraSelections())


def test_figures_are_shown_at_the_end_and_free_is_told_from_unknown(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    wish = samples.last_wish(stage.bridge)
    unknown = samples.answer(1, GPT, "Yes.", cost=samples.Cost(None, "unknown", 5_000_000))
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "Yes."), unknown))
    here, there = (pane.figures for pane in stage.panes)
    assert [here.first_word.value, here.speed.value, here.tokens.value, here.cost.value] == ["0.62 s", "18.6/s", "96", "$0.0000"]
    assert there.cost.value == "Not known" and "at most $0.0050" in texts(stage.panes[1])
    assert "64 of them kept from before" in texts(stage.panes[1])


def test_a_failed_answer_says_why_and_can_be_tried_again_while_others_go_on(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    stage.bridge.send(*samples.ended(wish, samples.failed(1, GPT)))
    pane = stage.panes[1]
    assert pane.problem.isVisible() and "OpenAI" in texts(pane.problem)
    assert stage.panes[0].stop.isVisible()
    pane.problem.again.click()
    assert stage.bridge.wishes[-1] == wishes.TryPaneAgain(wish.request, 1)


def test_each_answer_can_be_stopped_and_escape_stops_all(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.key(Qt.Key.Key_Escape)
    stage.bridge.wishes.clear()
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    assert stage.panes[0].stop.accessibleName() == "Stop Qwen3 8B"
    stage.panes[0].stop.click()
    stage.key(Qt.Key.Key_Escape)
    assert stage.bridge.wished(wishes.StopPane) == [wishes.StopPane(wish.request, 0), wishes.StopPane(wish.request, None)]


def test_a_refusal_is_told_once_above_the_prompt(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(
        samples.prepared(wish), happened.ComparisonRefused(wish.request, KeyRefused("OpenAI", "api.openai.com", 401))
    )
    assert "OpenAI" in stage.view.notice.words
    stage.view.notice.hide()
    stage.bridge.send(samples.started(wish, 0))
    assert stage.view.notice.words == ""


def test_another_model_and_other_settings_are_said(stage: Stage) -> None:
    wish = stage.ask(QWEN, CLAUDE)
    stage.bridge.send(samples.prepared(wish, receivers=(samples.receiver(1, CLAUDE, differs=("temperature",)),)))
    stage.bridge.send(samples.started(wish, 1), *samples.ended(wish, samples.claude_answer(1, answered_by="claude-haiku-4-5")))
    words = texts(stage.panes[1])
    assert "decides itself how much its words vary" in words and "claude-haiku-4-5 answered" in words


def test_differences_are_underlined_and_counted_in_words(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    before = len(stage.panes[1].text.extraSelections())
    stage.view.votes.differs.click()
    marks = stage.panes[1].text.extraSelections()
    assert len(marks) > before == 0
    assert all(mark.format.fontUnderline() for mark in marks)
    assert "words that Qwen3 8B does not have" in texts(stage.panes[1])
    stage.view.votes.differs.click()
    assert stage.panes[1].text.extraSelections() == []


# ---------------------------------------------------------------- names hidden
TELLING = ("Qwen", "gpt", "claude", "Claude", "openai", "anthropic", "18.6", "74.1", "0.0014", "0.88", "Stays here", "5.8 s")


def test_nothing_on_a_blind_pane_tells_the_model(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, CLAUDE, blind=True)
    steps = [
        [samples.prepared(wish, order=(2, 0, 1))],
        [samples.started(wish, 0), happened.PaneGrew(wish.request, 0, "I am Qwen")],
        samples.ended(wish, samples.answer(0, QWEN, samples.QWEN_SAYS)),
        [samples.started(wish, 1, "sending"), samples.started(wish, 2, "sending")],
        samples.ended(wish, samples.answer(1, GPT, samples.GPT_SAYS)),
        samples.ended(wish, samples.claude_answer(2)),
    ]
    for step in steps:
        stage.bridge.send(*step)
        QApplication.processEvents()
        for pane in stage.panes:
            said = f"{texts(pane)}\n{spoken(pane)}"
            assert not [word for word in TELLING if word in said], said
    assert [pane.pane.number for pane in stage.panes] == [2, 0, 1]


def test_blind_panes_look_the_same_until_all_are_finished(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, blind=True)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, samples.QWEN_SAYS)))
    seen = {texts(pane).replace("Answer A", "").replace("Answer B", "") for pane in stage.panes}
    assert len(seen) == 1 and "appear together" in seen.pop()


def test_marks_have_the_same_colours_on_every_blind_pane(stage: Stage) -> None:
    stage.ask(QWEN, CLAUDE, blind=True)
    samples.everything_answered(stage.bridge)
    copper = {stage.theme.color(name).name() for name in ("outbound", "outbound_bg", "outbound_text")}

    def colours() -> set[str]:
        marks = stage.panes[1].text.extraSelections()  # their formats live as long as they do
        used = [(one.format.underlineColor(), one.format.background(), one.format.foreground()) for one in marks]
        return {name for line, ground, words in used for name in (line.name(), ground.color().name(), words.color().name())}

    assert colours() and not colours() & copper
    stage.panes[1].vote.click()
    assert colours() & copper


def test_a_failure_on_a_blind_pane_names_nobody(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, blind=True)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "Yes."), samples.failed(1, GPT)))
    pane = stage.panes[1]
    pane.problem._fold.click()
    said = f"{texts(pane)}\n{spoken(pane)}"
    assert pane.problem.isVisible() and not [word for word in (*TELLING, "OpenAI") if word in said], said
    stage.view.toolbar.blind.click()
    assert "OpenAI" in texts(stage.panes[1])


def test_words_that_were_put_back_say_how_they_were_sent(stage: Stage) -> None:
    stage.ask(QWEN, CLAUDE)
    samples.everything_answered(stage.bridge)
    QApplication.processEvents()
    text = stage.panes[1].text
    cursor = text.document().find("Harlow")
    assert text.hint_at(text.cursorRect(cursor).center()) == "Sent as [Person 1]"
    assert text.hint_at(text.cursorRect(text.document().find("first reported")).center()) == ""
    assert text.accessibleDescription() == "1 hidden detail is put back here, on this computer."


def test_names_appear_after_the_vote(stage: Stage) -> None:
    stage.ask(QWEN, GPT, blind=True)
    samples.everything_answered(stage.bridge, order=(1, 0))
    stage.bridge.send(happened.Tallied(samples.tally()))
    assert "Answer A" in texts(stage.panes[0]) and "The tally is hidden while names are hidden" in texts(stage.view.tally)
    assert not stage.view.tally.chart.isVisible()
    stage.panes[0].vote.click()
    assert "gpt-5.2" in texts(stage.panes[0]) and "Your choice" in stage.panes[0].vote.text()
    assert stage.bridge.wished(wishes.CastVote)[0].best == 1
    assert not stage.view.tally.chart.isVisible(), "the switch is still on: the next vote must not follow the tally"
    stage.view.toolbar.blind.click()
    assert stage.view.tally.chart.isVisible()


def test_recognising_one_is_said_with_the_vote(stage: Stage) -> None:
    stage.ask(QWEN, GPT, blind=True)
    samples.everything_answered(stage.bridge)
    assert stage.view.votes.recognised.isVisible()
    stage.view.votes.recognised.click()
    stage.view.votes.equal.click()
    assert stage.bridge.wished(wishes.CastVote)[0].recognised


def test_an_open_comparison_asks_nobody_what_was_recognised(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    assert not stage.view.votes.recognised.isVisible()


# ---------------------------------------------------------------- votes
@pytest.mark.parametrize(
    ("key", "judgement", "best"),
    [
        (Qt.Key.Key_1, "best", 0),
        (Qt.Key.Key_2, "best", 1),
        (Qt.Key.Key_0, "all_equal", None),
        (Qt.Key.Key_X, "none_usable", None),
    ],
)
def test_votes_by_key_wherever_the_focus_is_on_the_page(stage: Stage, key: Qt.Key, judgement: str, best: int | None) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    stage.panes[1].text.setFocus()
    stage.key(key)
    cast = stage.bridge.wished(wishes.CastVote)
    assert [(wish.judgement, wish.best) for wish in cast] == [(judgement, best)]


def test_digits_in_the_prompt_are_only_digits(stage: Stage) -> None:
    stage.view.composer.text.setFocus()
    QTest.keyClicks(stage.view.composer.text, "2 lines, 0 names")
    assert stage.view.composer.text.toPlainText() == "2 lines, 0 names" and stage.bridge.wished(wishes.CastVote) == []


def test_no_vote_can_be_pressed_before_all_have_ended_and_the_reason_is_said(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), *samples.ended(wish, samples.answer(0, QWEN, "A")))
    buttons = [stage.panes[0].vote, stage.panes[1].vote, stage.view.votes.equal, stage.view.votes.none]
    assert all(not button.isEnabled() and "finished" in button.accessibleDescription() for button in buttons)
    stage.panes[0].text.setFocus()
    stage.key(Qt.Key.Key_1)
    assert stage.bridge.wished(wishes.CastVote) == []


def test_without_a_set_one_can_be_chosen_where_the_vote_is(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    stage.view.model.votes.choose(None)
    samples.everything_answered(stage.bridge)
    assert stage.view.votes.choose_set.isVisible()
    stage.bridge.send(happened.VoteSetsListed(()))
    wanted: list[bool] = []
    stage.view.new_set_wanted.connect(lambda: wanted.append(True))
    stage.view.votes.choose_set.click()
    assert wanted == [True]


def test_the_chooser_of_sets_leads_to_new_ones_and_to_managing(stage: Stage) -> None:
    sets = stage.view.toolbar.sets
    sets._fill()
    actions = {action.text(): action for action in sets.choices.actions()}
    assert not actions["Manage prompts and results…"].isEnabled()
    actions["Complaint summaries"].trigger()
    assert stage.view.model.votes.vote_set is not None
    sets._fill()
    managed: list = []
    stage.view.manage_set_wanted.connect(managed.append)
    next(action for action in sets.choices.actions() if action.text() == "Manage prompts and results…").trigger()
    assert managed == [samples.vote_sets()[0]]


def test_the_tally_is_a_chart_a_sentence_and_a_table(stage: Stage) -> None:
    stage.view.model.votes.choose(SUMMARIES)
    stage.bridge.send(happened.Tallied(samples.tally()))
    card = stage.view.tally
    assert card.chart.isVisible() and "Qwen3 8B 40%, range 27 to 54%" in card.chart.accessibleDescription()
    assert "could still be equal" in texts(card)
    card.as_table.click()
    assert card.table.isVisible() and not card.chart.isVisible()
    assert QAccessible.queryAccessibleInterface(card.table).role() == QAccessible.Role.Table
    assert card.table.model().index(0, 1).data() == "40%"


# ---------------------------------------------------------------- names, sizes, themes
def controls(root: QWidget) -> list[QWidget]:
    return [one for one in root.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisibleTo(root)]


@pytest.mark.parametrize("scene", ["setup", "waiting", "answered", "blind"])
def test_every_control_has_a_name_for_screen_readers(stage: Stage, scene: str) -> None:
    if scene != "setup":
        wish = stage.ask(QWEN, GPT, blind=scene == "blind")
        stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    if scene in ("answered", "blind"):
        samples.everything_answered(stage.bridge)
    nameless = []
    for control in controls(stage.window):
        found = QAccessible.queryAccessibleInterface(control)
        if found is not None and not found.text(QAccessible.Text.Name).strip():
            nameless.append((type(control).__name__, type(control.parentWidget()).__name__))
    assert nameless == []


def test_panes_say_where_their_answer_came_from(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    names = [pane.accessibleName() for pane in stage.panes]
    assert names == ["Answer from Qwen3 8B, stays on this computer", "Answer from gpt-5.2, left this computer"]


@pytest.mark.parametrize("text_size", [100, 200])
@pytest.mark.parametrize("scene", ["setup", "answered", "failed"])
def test_the_screen_fits_the_smallest_window(stage: Stage, scene: str, text_size: int) -> None:
    stage.use(text_size=text_size)
    stage.window.resize(1024, 640)
    if scene != "setup":
        wish = stage.ask(QWEN, GPT, CLAUDE)
        samples.everything_answered(stage.bridge)
        if scene == "failed":
            stage.bridge.send(*samples.ended(wish, samples.failed(1, GPT)))
    QApplication.processEvents()
    smallest = stage.window.minimumSizeHint()
    assert smallest.width() <= 1024 and smallest.height() <= 640, smallest
    content = stage.view._scroll.widget()
    assert content.width() <= stage.view._scroll.viewport().width()


def test_below_1120_two_answers_are_seen_and_the_others_scrolled_to(stage: Stage) -> None:
    stage.ask(QWEN, GPT, CLAUDE)
    samples.everything_answered(stage.bridge)
    assert stage.view.strip.n_beside == 3
    stage.window.resize(1024, 640)
    QApplication.processEvents()
    strip = stage.view.strip
    assert strip.n_beside == 2 and strip.horizontalScrollBar().maximum() > 0
    assert strip.panes[0].width() + strip.panes[1].width() <= strip.viewport().width()


@pytest.mark.parametrize("text_size", [100, 200])
def test_no_pane_is_cut_off_below(stage: Stage, text_size: int) -> None:
    stage.use(text_size=text_size)
    stage.window.resize(1024, 640)
    wish = stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    stage.bridge.send(*samples.ended(wish, samples.failed(1, GPT)))
    QApplication.processEvents()
    strip = stage.view.strip
    for pane in strip.panes:
        assert isinstance(pane, PaneView)
        bottom = pane.vote.mapTo(strip.viewport(), pane.vote.rect().bottomLeft()).y()
        assert bottom < strip.viewport().height(), "the vote lies below the edge"


def test_the_type_of_an_answer_follows_size_and_theme(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    block = stage.panes[0].text.document().firstBlock()
    assert block.blockFormat().lineHeight() == 20 and block.charFormat().font().pixelSize() == 13
    assert block.blockFormat().lineHeightType() == QTextBlockFormat.LineHeightTypes.FixedHeight.value
    stage.use(theme="dark", text_size=200)
    block = stage.panes[0].text.document().firstBlock()
    assert block.blockFormat().lineHeight() == 40
    assert block.begin().fragment().charFormat().foreground().color() == stage.theme.color("text")


class _Windows(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_no_part_opens_a_window_of_its_own_while_it_is_made(stage: Stage, qapp: QApplication) -> None:
    """Not even for a moment: it would take the keyboard away and flash by."""
    windows = _Windows()
    qapp.installEventFilter(windows)
    try:
        stage.ask(QWEN, GPT)
        samples.everything_answered(stage.bridge)
        stage.view.model.next()
    finally:
        qapp.removeEventFilter(windows)
    assert windows.shown == []


def test_a_prompt_that_is_long_is_folded(stage: Stage) -> None:
    stage.view.composer.text.setPlainText("word " * 200)
    stage.view.composer.compare.click()
    card = stage.view.prompt
    assert len(card.question.text()) < 300
    card._all.click()
    assert card.question.text() == ("word " * 200).strip()


def test_a_confidential_matter_says_so_instead_of_asking_for_a_key(stage: Stage) -> None:
    stage.view.model.set_number(3)
    matter = replace(samples.GRIEVANCE, is_confidential=True)
    stage.bridge.send(events.MattersChanged((matter,)))
    words = "\n".join(texts(pane) for pane in stage.view.strip.panes)
    assert "marked as confidential" in words and "Add an API key" not in words
