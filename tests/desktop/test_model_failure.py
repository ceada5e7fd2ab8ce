"""A model that cannot be opened: what is said, what can be done, and what becomes of what was being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.model_failure import ModelFailure
from desktop.viewmodels.model_rows import OWN_SOURCE
from engine import events, intents, model_events, model_intents
from engine.errors import ChecksumWrong
from engine.records import ConversationId, Message, MessageId
from engine.settings import Settings
from tests.desktop import shell_samples as samples
from tests.desktop.recording import NOW, RecordingBridge, a_day_at_work, conversations, model_ready, models


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def failure(bridge: RecordingBridge) -> ModelFailure:
    failure = ModelFailure(bridge)
    bridge.send(*samples.damaged_model())
    return failure


def keys(failure: ModelFailure) -> list[str]:
    return [remedy.key for remedy in failure.remedies]


def test_a_file_that_can_be_mended_is_looked_through_once(failure: ModelFailure, bridge: RecordingBridge) -> None:
    bridge.send(*samples.damaged_model())
    assert bridge.wishes == [model_intents.VerifyModel(samples.DAMAGED)]
    (repair, _) = failure.remedies
    assert repair.why_not and failure.progress_words == "Looking for the damaged parts"
    bridge.send(model_events.LibraryProgress("verify", "Qwen3 8B", 1_000_000_000, 5_000_000_000))
    assert failure.progress_words == "Looking for the damaged parts: 1.0 of 5.0 GB" and failure.progress_share == 0.2


def test_the_card_names_the_model_the_damage_and_what_mending_takes(failure: ModelFailure, bridge: RecordingBridge) -> None:
    assert failure.words.title == "Qwen3 8B can’t be opened", "not the name of its file"
    bridge.send(samples.check())
    assert failure.words.happened.startswith("2 parts of the file do not match the publisher’s checksum.")
    assert "38.0 MB of 5.0 GB, from huggingface.co" in failure.words.to_do and "starter model" in failure.words.to_do
    assert [(remedy.verb, remedy.why_not) for remedy in failure.remedies] == [("Repair, 38.0 MB", ""), ("Use starter model", "")]


def test_mending_asks_for_the_lock_and_the_model_is_opened_again_afterwards(
    failure: ModelFailure, bridge: RecordingBridge
) -> None:
    bridge.send(samples.check(1, 8_000_000))
    bridge.wishes.clear()
    asked: list = []
    failure.gate.asked.connect(asked.append)
    failure.act("repair")
    assert bridge.wishes == [] and len(asked) == 1
    failure.gate.open()
    bridge.send(model_events.NetworkChanged(samples.OPEN))
    assert bridge.wishes == [model_intents.OpenNetwork("models"), model_intents.RepairModel(samples.DAMAGED)]
    bridge.send(samples.repair("downloading"))
    assert failure.progress_words == "Repairing: 12.0 of 38.0 MB" and keys(failure) == ["pause", "starter"]
    failure.act("pause")
    bridge.send(samples.repair("paused"))
    assert isinstance(bridge.wishes[-1], model_intents.PauseDownload) and keys(failure) == ["resume", "starter"]
    failure.act("resume")
    assert isinstance(bridge.wishes[-1], model_intents.ResumeDownload)
    bridge.send(samples.repair("done"))
    assert bridge.wishes[-1] == intents.ChooseModel(samples.DAMAGED)


def test_a_repair_that_failed_says_why_and_can_be_tried_again(failure: ModelFailure, bridge: RecordingBridge) -> None:
    bridge.send(samples.check())
    wrong = ChecksumWrong("Qwen3-8B-Q4_K_M.gguf", "huggingface.co", "a" * 64, "b" * 64)
    failed = replace(samples.repair("failed").download, problem=wrong.kind, problem_facts=wrong.facts)
    bridge.send(model_events.DownloadChanged(failed))
    assert failure.progress_words == "" and keys(failure)[0] == "repair"
    assert "checksum" in failure.words.to_do.lower() or "published" in failure.words.to_do.lower(), failure.words.to_do


def test_the_repair_of_another_model_is_not_shown_here(failure: ModelFailure, bridge: RecordingBridge) -> None:
    other = replace(samples.repair("downloading").download, file="Gemma.gguf")
    bridge.send(samples.check(), model_events.DownloadChanged(other))
    assert failure.repair_download is None and keys(failure) == ["repair", "starter"]


def test_the_starter_model_answers_meanwhile(failure: ModelFailure, bridge: RecordingBridge) -> None:
    failure.act("starter")
    assert bridge.wished(intents.ChangeSettings)[-1].settings.model is None
    bridge.send(events.ModelStateChanged(model_ready()))
    assert not failure.is_shown


def test_what_cannot_be_mended_offers_other_ways_and_reads_no_file(bridge: RecordingBridge) -> None:
    failure = ModelFailure(bridge)
    settings, listed, state = samples.damaged_model()
    assert isinstance(listed, events.ModelsListed)
    bridge.send(settings, events.ModelsListed((listed.models[0], replace(listed.models[1], can_repair=False))), state)
    assert bridge.wishes == [] and keys(failure) == ["starter", "again"]
    failure.act("again")
    assert bridge.wishes == [intents.ChooseModel(samples.DAMAGED)]


def test_a_damaged_starter_model_is_not_offered_in_its_own_place(bridge: RecordingBridge) -> None:
    failure = ModelFailure(bridge)
    starter = replace(models()[0], source=OWN_SOURCE)
    facts: dict[str, object] = {"model": "a.gguf", "reason": "truncated"}
    state = replace(model_ready(), phase="failed", problem="model_damaged", problem_facts=facts)
    bridge.send(events.SettingsChanged(Settings()), events.ModelsListed((starter, models()[1])), events.ModelStateChanged(state))
    assert keys(failure) == ["again", "choose_model"]


# ---------------------------------------------------------------- in the window
@pytest.fixture
def window(qtbot, qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    theme = Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    bridge.send(*a_day_at_work())
    window.ask.composer.text.setPlainText("Does clause 14.2\nallow notice by email?")
    bridge.send(*samples.damaged_model(), samples.check())
    QApplication.processEvents()
    bridge.wishes.clear()
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


def test_the_card_takes_the_place_and_the_draft_is_in_view(window: MainWindow, bridge: RecordingBridge) -> None:
    failure = window.ask.failure
    assert failure.card.isVisible() and not window.ask.composer.isVisible()
    assert failure.draft._draft.text() == "Does clause 14.2 allow notice by email?"
    assert not failure.draft.ask.isEnabled() and failure.draft.ask.toolTip()
    window.compose()
    assert QApplication.focusWidget() is failure.card.button("repair")
    bridge.send(events.ModelStateChanged(model_ready()))
    assert window.ask.composer.isVisible() and "email" in window.ask.composer.text.toPlainText()


def test_the_status_bar_names_the_model_that_is_damaged(window: MainWindow) -> None:
    assert window.status_bar.model_part.words == "Qwen3 8B not loaded: its file on this computer is damaged"


def test_a_conversation_can_be_read_all_the_same(window: MainWindow, bridge: RecordingBridge) -> None:
    conversation = conversations()[0]
    question = Message(MessageId("q"), ConversationId(conversation.id), "user", "When does the lease end?", NOW)
    bridge.send(events.ConversationOpened(conversation, (question,)))
    assert window.ask.failure.card.isVisible()
    window.ask.failure.card.button("read").click()
    assert window.ask.conversation.isVisible() and not window.ask.failure.card.isVisible()
    bridge.send(*samples.damaged_model())
    assert window.ask.conversation.isVisible(), "it stays until the model can be used again"


def test_other_models_are_looked_for_on_their_screen(window: MainWindow, bridge: RecordingBridge) -> None:
    window.ask.failure.card.acted.emit("choose_model")
    assert window.screen_name == "models"
