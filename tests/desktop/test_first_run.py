"""The first start: when it is shown, what it says of this computer, and the ways on from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.first_run import FirstRunModel
from desktop.views.first_run import FirstRunView
from desktop.views.open_lock import OpenLockSheet
from desktop.wordings import hardware as words
from engine import events, intents, model_events, model_intents
from engine.errors import DiskFull
from engine.model_records import Download, DownloadId
from engine.network_records import NetworkState
from engine.records import ModelId
from engine.settings import Settings
from tests.desktop import shell_samples as samples
from tests.desktop.recording import RecordingBridge, matters, model_ready


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> FirstRunModel:
    model = FirstRunModel(bridge)
    samples.start_first_run(bridge)
    return model


# ---------------------------------------------------------------- when it is wanted
def test_nothing_is_shown_before_it_is_known_whether_it_is_wanted(bridge: RecordingBridge) -> None:
    model = FirstRunModel(bridge)
    assert not model.is_wanted
    bridge.send(events.SettingsChanged(Settings()))
    assert not model.is_wanted, "a profile with matters would see it flash by"
    bridge.send(events.MattersChanged(()))
    assert model.is_wanted


@pytest.mark.parametrize("start", [(Settings(first_run_done=True), ()), (Settings(), matters())])
def test_later_starts_and_profiles_of_older_versions_never_see_it(bridge: RecordingBridge, start: tuple) -> None:
    model = FirstRunModel(bridge)
    bridge.send(events.SettingsChanged(start[0]), events.MattersChanged(start[1]))
    assert not model.is_wanted


def test_finishing_is_kept_once(model: FirstRunModel, bridge: RecordingBridge) -> None:
    model.finish("models")
    model.finish("ask")
    assert bridge.wishes == [intents.ChangeSettings(Settings(theme="light", first_run_done=True))]
    assert not model.is_wanted


# ---------------------------------------------------------------- what it says
def test_choices_come_in_the_engines_order_at_the_advised_size(model: FirstRunModel) -> None:
    assert [choice.name for choice in model.choices] == ["Qwen3 8B", "Gemma 3 4B", "Qwen3 30B A3B"]
    first, _, last = model.choices
    assert (first.memory, first.speed, first.download, first.reading) == (
        "6.3 of 32 GB", "16–20 tokens/s", "5.0 GB", "30 pages read in 1 min",
    )  # fmt: skip
    assert (first.fit.text, first.memory_tone, last.fit.text, last.memory_tone) == ("Fits well", "local", "Tight fit", "caution")
    assert model.n_models == 25
    assert model.licence_line == "Licences: Apache 2.0 (Qwen3 8B, Qwen3 30B A3B), Gemma terms (Gemma 3 4B)."


def test_what_is_not_known_is_not_shown(bridge: RecordingBridge) -> None:
    model = FirstRunModel(bridge)
    offers = samples.offers()
    size = offers.offers[0].sizes[0]
    unknown = replace(size.fit, verdict="unknown", needed_bytes=None, tokens_per_s_low=None, prompt_tokens_per_s=None)
    bare = replace(offers.offers[0], sizes=(replace(size, fit=unknown),))
    bridge.send(model_events.HardwareShown(samples.hardware()), replace(offers, offers=(bare,)))
    (choice,) = model.choices
    assert (choice.memory, choice.speed, choice.reading, choice.fit.text) == ("", "", "", "Fit not known")


def test_what_could_not_be_read_says_so_and_why() -> None:
    unread = (("graphics", "the driver did not answer"), ("disk", "permission denied"))
    rows = {
        row.key: row
        for row in words.rows(samples.hardware(processor=None, bytes_per_s=None, gpus=(), disk_free=None, unread=unread))
    }
    assert rows["processor"].is_unread and rows["graphics"].is_unread and rows["disk"].is_unread
    assert rows["graphics"].note == "The driver did not answer. Models will run on the processor."
    assert rows["disk"].note == "Permission denied."
    assert "not measured yet" in rows["memory"].note and not rows["memory"].is_unread


def test_a_computer_without_graphics_is_not_called_unread() -> None:
    row = next(row for row in words.rows(samples.hardware(gpus=())) if row.key == "graphics")
    assert (row.value, row.is_unread) == ("None found", False)


@pytest.mark.parametrize(
    ("extensions", "told"),
    [
        (("sse4_2", "avx", "avx2", "avx512f", "avx512_vnni"), "8 cores, computes with AVX-512."),
        (("avx", "avx2"), "8 cores, computes with AVX2."),
        (("asimd",), "8 cores, computes with NEON."),
        ((), "8 cores."),
    ],
)
def test_the_extension_that_helps_most_is_named(extensions: tuple[str, ...], told: str) -> None:
    assert words.rows(samples.hardware(vector_extensions=extensions))[0].note == told


def test_a_battery_is_mentioned_where_it_matters() -> None:
    processor = words.rows(samples.hardware(on_mains=False, battery_percent=61.0))[0]
    assert "On battery (61%)" in processor.note
    assert "battery" not in words.rows(samples.hardware())[0].note


@pytest.mark.parametrize(("encrypted", "value"), [(True, "On"), (False, "Off"), (None, "Could not be read")])
def test_disk_encryption_is_told_as_it_was_found(encrypted: bool | None, value: str) -> None:
    assert words.rows(samples.hardware(disk_encrypted=encrypted))[-1].value == value


# ---------------------------------------------------------------- downloading
def test_a_download_asks_for_the_lock_first_and_starts_once_it_is_open(model: FirstRunModel, bridge: RecordingBridge) -> None:
    asked: list = []
    model.gate.asked.connect(asked.append)
    model.download(model.choices[0])
    assert bridge.wishes == [] and "huggingface.co" in asked[0].hosts and "Qwen3 8B" in asked[0].sends
    model.gate.open()
    assert bridge.wishes == [model_intents.OpenNetwork("models")]
    bridge.send(model_events.NetworkChanged(NetworkState(("models",), None, samples.HOSTS)))  # type: ignore[arg-type]
    assert bridge.wishes[-1] == model_intents.DownloadModel("qwen3-8b", "Q4_K_M")
    assert model.is_wanted, "nothing runs yet"
    download = Download(DownloadId("d"), "Qwen3 8B", "qwen3-8b", "Q4_K_M", "qwen.gguf", "connecting", 5_000_000_000, 0)
    bridge.send(model_events.DownloadChanged(download))
    assert not model.is_wanted and model.leads_to == "models"


def test_a_download_of_an_earlier_run_does_not_end_it(model: FirstRunModel, bridge: RecordingBridge) -> None:
    download = Download(DownloadId("d"), "Qwen3 8B", "qwen3-8b", "Q4_K_M", "qwen.gguf", "paused", 5_000_000_000, 9)
    bridge.send(model_events.DownloadChanged(download))
    assert model.is_wanted


# ---------------------------------------------------------------- in the window
@pytest.fixture
def window(qtbot, qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    theme = Theme(qapp, "light", reduced_motion=True)
    window = MainWindow(bridge, theme)
    window.resize(1440, 900)
    window.show()
    QTest.qWaitForWindowActive(window)
    bridge.send(*samples.first_start(), events.SettingsChanged(Settings(theme="light", reduced_motion=True)))
    QApplication.processEvents()
    bridge.wishes.clear()
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


def view_of(window: MainWindow) -> FirstRunView:
    assert window.first_run.view is not None
    return window.first_run.view


def test_it_takes_the_place_of_the_shell_and_leaves_the_lock_in_view(window: MainWindow) -> None:
    assert view_of(window).isVisible() and not window.shell.isVisible()
    assert window.status_bar.lock.isVisible() and window.status_bar.lock.words.startswith("Offline")
    assert QApplication.focusWidget() is view_of(window).start


def test_start_asking_leads_to_the_composer_and_is_remembered(window: MainWindow, bridge: RecordingBridge) -> None:
    QTest.keyClick(view_of(window).start, Qt.Key.Key_Space)
    assert window.first_run.view is None and window.shell.isVisible() and window.screen_name == "ask"
    assert [wish.settings.first_run_done for wish in bridge.wished(intents.ChangeSettings)] == [True]


def test_all_models_are_a_click_away(window: MainWindow) -> None:
    assert view_of(window).all_models.text() == "See all 25 models"
    view_of(window).all_models.click()
    assert window.screen_name == "models" and window.shell.isVisible()


def test_the_sheet_names_the_hosts_before_anything_is_opened(window: MainWindow, bridge: RecordingBridge) -> None:
    rows = view_of(window).findChildren(QWidget, options=Qt.FindChildOption.FindChildrenRecursively)
    button = next(one for one in rows if one.accessibleName() == "Download Qwen3 8B")
    button.click()  # type: ignore[attr-defined]
    (sheet,) = window.area.findChildren(OpenLockSheet)
    assert sheet.isVisible() and window.status_bar.lock.isVisible()
    assert QApplication.focusWidget() is sheet.cancel and bridge.wishes == []
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert bridge.wishes == [] and view_of(window).isVisible()


def test_a_model_that_is_here_already_is_used_without_a_download(window: MainWindow, bridge: RecordingBridge) -> None:
    here = samples.offer("q", "Qwen3 8B", "Questions", "fits_well", 6.3, (16.0, 20.0), 5.0, installed=ModelId("qwen"))
    bridge.send(replace(samples.offers(), offers=(here,), first_choices=("q",)))
    view_of(window).choice_wanted.emit(window.first_run.model.choices[0])
    assert bridge.wished(intents.ChooseModel) == [intents.ChooseModel(ModelId("qwen"))]
    assert window.first_run.view is None


def test_trouble_is_told_where_it_can_be_seen(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(events.Trouble(DiskFull(10), "Qwen3 8B"))
    assert view_of(window).notice.isVisible() and "disk is full" in window.notice.words


def test_keys_of_the_shell_rest_but_the_lock_can_be_closed(window: MainWindow, bridge: RecordingBridge) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(view_of(window).start, Qt.Key.Key_2, control)
    assert window.screen_name == "ask" and view_of(window).isVisible()
    QTest.keyClick(view_of(window).start, Qt.Key.Key_L, control | shift)
    assert bridge.wishes == [model_intents.CloseNetwork()]


def test_rows_fill_one_by_one_and_at_once_with_reduced_motion(window: MainWindow, bridge: RecordingBridge, qtbot) -> None:
    assert view_of(window).hardware.is_filled
    window.theme.choose("light", text_size=100, reduced_motion=False)
    slow = FirstRunView(window.theme, window.first_run.model)
    qtbot.addWidget(slow)
    assert not slow.hardware.is_filled
    qtbot.waitUntil(lambda: slow.hardware.is_filled)


def test_a_starter_model_that_cannot_be_opened_says_so(window: MainWindow, bridge: RecordingBridge) -> None:
    facts: dict[str, object] = {"model": "SmolLM2 135M", "reason": "truncated"}
    bridge.send(events.ModelStateChanged(replace(model_ready(), phase="failed", problem="model_damaged", problem_facts=facts)))
    assert window.first_run.model.starter_state.tone == "danger"
    assert "damaged" in window.first_run.model.starter_line
    assert view_of(window).start.isEnabled(), "the Ask screen says what to do about it"


@pytest.mark.parametrize("text_size", [100, 150, 200])
@pytest.mark.parametrize("width", [1024, 1440])
def test_nothing_is_cut_at_the_sides(window: MainWindow, bridge: RecordingBridge, width: int, text_size: int) -> None:
    bridge.send(events.SettingsChanged(Settings(theme="light", text_size=text_size, reduced_motion=True)))
    window.resize(width, 640)
    QTest.qWait(20)
    view = view_of(window)
    assert window.width() == width
    cut = [
        (type(one).__name__, one.accessibleName())
        for one in view.findChildren(QWidget)
        if one.isVisible() and one.mapTo(view, one.rect().topRight()).x() > view.width()
    ]
    assert cut == []


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    controls = [
        one for one in view_of(window).findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible()
    ]
    names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in controls]
    assert len(names) >= 5 and all(names), names
