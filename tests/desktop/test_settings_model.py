"""Settings and unlocking, without a window."""

from __future__ import annotations

import pytest

from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.unlock import UnlockModel
from engine import events, intents
from engine.errors import StoreDamaged, StoreInUse, StoreLocked
from engine.records import ComputerReport
from engine.settings import Settings
from tests.desktop.recording import RecordingBridge, a_day_at_work, models


@pytest.fixture
def bridge(qapp) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> SettingsModel:
    model = SettingsModel(bridge)
    bridge.send(*a_day_at_work())
    return model


def test_a_change_shows_at_once_and_is_wished_for(model: SettingsModel, bridge: RecordingBridge) -> None:
    model.change(theme="dark", n_ctx=8192)
    assert bridge.wishes == [intents.ChangeSettings(Settings(theme="dark", n_ctx=8192))]
    assert model.settings.theme == "dark"


def test_what_is_out_of_range_changes_nothing(model: SettingsModel, bridge: RecordingBridge) -> None:
    model.change(text_size=900)
    model.change(theme="light")
    assert bridge.wishes == []
    assert model.settings.text_size == 100


def test_models_are_told_with_size_and_licence(model: SettingsModel, bridge: RecordingBridge) -> None:
    assert model.model_line(models()[0]) == "SmolLM2 135M, 98.4 MB, Q4_1, Apache-2.0"
    assert model.model_in_use == "SmolLM2 135M"
    assert model.longest_context == 8192
    model.choose_model(models()[1])
    assert bridge.wishes == [intents.ChooseModel(models()[1].id)]


def test_the_report_can_be_copied_as_text(model: SettingsModel, bridge: RecordingBridge) -> None:
    model.check_computer()
    assert model.is_checking
    report = ComputerReport({"cpu": "x86_64", "cores": 8}, {}, {"landlock": 4}, {}, {}, {"llama.cpp": "b1"}, ("No keyring",))
    bridge.send(events.ComputerChecked(report))
    assert not model.is_checking
    assert "  cores: 8" in model.report_text and "  No keyring" in model.report_text


@pytest.mark.parametrize(
    ("error", "is_new", "question"),
    [
        (StoreLocked("no_keyring"), True, "choose"),
        (StoreLocked("keyring_locked"), True, "choose"),
        (StoreLocked("keyring_locked"), False, "retry"),
        (StoreLocked("key_missing"), False, "retry"),
        (StoreLocked("needs_passphrase"), False, "passphrase"),
        (StoreLocked("wrong_passphrase"), False, "passphrase"),
        (StoreDamaged("main.db", "not_readable"), False, "retry"),
        (StoreInUse(12), False, "retry"),
    ],
)
def test_the_right_question_is_asked(bridge: RecordingBridge, error, is_new: bool, question: str) -> None:
    unlock = UnlockModel(bridge)
    bridge.send(events.StoreNeedsKey(error, is_new))
    assert unlock.question == question


def test_a_store_that_exists_is_never_replaced_by_a_new_one(bridge: RecordingBridge) -> None:
    unlock = UnlockModel(bridge)
    bridge.send(events.StoreNeedsKey(StoreLocked("key_missing"), False))
    unlock.try_again()
    assert bridge.wishes == [intents.UnlockStore("keyring")]


def test_a_new_passphrase_must_be_long_and_typed_twice(bridge: RecordingBridge) -> None:
    unlock = UnlockModel(bridge)
    assert "10 characters" in unlock.why_not("short", "short")
    assert unlock.why_not("long enough", "long enuogh") == "The two entries differ."
    assert unlock.why_not("long enough", "long enough") == ""


def test_a_wrong_passphrase_is_told_and_can_be_tried_again(bridge: RecordingBridge) -> None:
    unlock = UnlockModel(bridge)
    bridge.send(events.StoreNeedsKey(StoreLocked("needs_passphrase"), False))
    unlock.use_passphrase("correct horse")
    assert unlock.is_busy
    bridge.send(events.StoreNeedsKey(StoreLocked("wrong_passphrase"), False))
    assert unlock.was_refused and not unlock.is_busy
    unlock.use_passphrase("battery staple")
    bridge.send(events.StoreOpened("passphrase"))
    assert unlock.question == "none"
    assert "correct horse" not in str(vars(unlock)) and "battery staple" not in str(vars(unlock))
