"""Other companies in the settings: nothing at first, added with one choice, keys typed once, tests that send no text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.providers import ProvidersModel
from desktop.views.add_provider import ServerSheet
from desktop.views.provider_sheets import ChooseModelsSheet, KeySheet
from desktop.views.settings_providers import ProviderSettings
from desktop.widgets.sheet import ConfirmSheet
from desktop.widgets.tick import Tick
from desktop.wordings import providers_page
from engine import compare_events, compare_intents, events
from engine.errors import DiskFull, KeyRefused, ProviderUnfit
from engine.provider_records import ProviderCheck
from engine.settings import Settings
from tests.desktop import consent_samples as samples
from tests.desktop.consent_samples import ANTHROPIC, OPENAI, OWN, listed
from tests.desktop.recording import RecordingBridge, a_day_at_work


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> ProvidersModel:
    return ProvidersModel(bridge)


@pytest.fixture
def window(qtbot, qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    theme = Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    bridge.send(*a_day_at_work())
    window._show_settings_part("providers")
    QApplication.processEvents()
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


def page_of(window: MainWindow) -> ProviderSettings:
    return window.settings.findChild(ProviderSettings)


def said(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def sheet_of(window: MainWindow, kind: type) -> object:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (sheet,) = window.area.findChildren(kind)
    return sheet


# ---------------------------------------------------------------- at first
def test_looking_at_the_page_asks_the_engine_alone(window: MainWindow, bridge: RecordingBridge) -> None:
    assert bridge.wished(compare_intents.ListProviders)
    assert not bridge.wished(compare_intents.CheckProvider) and not bridge.wished(compare_intents.KeepProvider)


def test_nothing_is_asked_of_the_keyring_before_the_page_is_looked_at(bridge: RecordingBridge, model: ProvidersModel) -> None:
    bridge.send(*a_day_at_work())
    assert bridge.wishes == []


def test_at_first_nobody_is_there_and_the_page_says_what_would_leave(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed(()))
    QApplication.processEvents()
    page = page_of(window)
    assert page.rows == {} and not page._kept.isVisible()
    words = said(page)
    assert "Nothing is sent before you choose Send" in words and "sends the key and no text" in words
    assert "api.openai.com" in words and "9 November 2026" in words


# ---------------------------------------------------------------- adding
def test_a_company_is_added_with_one_choice_and_then_asked_for_its_key(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed(()))
    page_of(window).add[OPENAI.id].click()
    (wish,) = bridge.wished(compare_intents.KeepProvider)
    assert wish.provider.id == OPENAI.id
    bridge.send(listed((replace(OPENAI, key="none"),)))
    sheet = sheet_of(window, KeySheet)
    assert sheet.field.echoMode() == QLineEdit.EchoMode.Password and QApplication.focusWidget() is sheet.field
    QTest.keyClicks(sheet.field, " sk-secret ")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert bridge.wishes[-1] == compare_intents.KeepKey(OPENAI.id, "sk-secret")
    assert sheet.field.text() == "" and sheet.isHidden()


def test_a_key_that_is_there_already_is_not_asked_for(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed(()))
    page_of(window).add[OPENAI.id].click()
    bridge.send(listed((OPENAI,)))
    assert window.area.findChildren(KeySheet) == []


def test_a_server_is_entered_with_all_that_it_needs(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    page_of(window).add_server.click()
    sheet = sheet_of(window, ServerSheet)
    assert not sheet.keep.isEnabled() and QApplication.focusWidget() is sheet.name
    sheet.name.setText("Northmoor models")
    sheet.address.setText("https://llm.northmoor.example/v1")
    sheet.models.setText("llama-3.3-70b, qwen3-32b,, ")
    sheet.terms.setText("Nothing is kept")
    sheet.needs_key.setChecked(True)
    sheet.key.setText("key-1")
    sheet.quirks["no_temperature"].setChecked(True)
    sheet.dialect.choose("anthropic")
    sheet.fee.setText("5.5")
    sheet.keep.click()
    (wish,) = bridge.wished(compare_intents.KeepProvider)
    kept = wish.provider
    assert (kept.id, kept.name, kept.base_url) == ("", "Northmoor models", "https://llm.northmoor.example/v1")
    assert kept.models == ("llama-3.3-70b", "qwen3-32b") and kept.is_own and kept.needs_key
    assert (kept.terms, kept.quirks, kept.dialect, kept.fee_ppm) == ("Nothing is kept", ("no_temperature",), "anthropic", 55_000)
    assert not sheet.isHidden(), "it stays until it was kept"
    bridge.send(listed((OPENAI, replace(kept, id="northmoor-models", host="llm.northmoor.example"))))  # type: ignore[arg-type]
    assert sheet.isHidden()
    assert bridge.wishes[-1] == compare_intents.KeepKey("northmoor-models", "key-1")  # type: ignore[arg-type]


def test_what_is_wrong_is_said_in_the_sheet_and_nothing_has_to_be_typed_again(
    window: MainWindow, bridge: RecordingBridge
) -> None:
    bridge.send(listed())
    page_of(window).add_server.click()
    sheet = sheet_of(window, ServerSheet)
    for field, text in ((sheet.name, "N"), (sheet.address, "http://n.example"), (sheet.models, "m")):
        field.setText(text)
    sheet.keep.click()
    assert not sheet.keep.isEnabled()
    bridge.send(events.Trouble(ProviderUnfit("N", "not_https")))
    assert "not encrypted" in said(sheet) and sheet.address.text() == "http://n.example" and sheet.keep.isEnabled()
    sheet.keep.click()
    bridge.send(events.Trouble(DiskFull(0)))
    assert not sheet.isHidden() and len(bridge.wished(compare_intents.KeepProvider)) == 2


@pytest.mark.parametrize(("entered", "allowed"), [("", True), ("5,5", True), ("x", False), ("-1", False), ("101", False)])
def test_a_fee_is_a_share(window: MainWindow, bridge: RecordingBridge, entered: str, allowed: bool) -> None:
    bridge.send(listed())
    page_of(window).rows[OWN.id].edit.click()
    sheet = sheet_of(window, ServerSheet)
    sheet.fee.setText(entered)
    assert sheet.keep.isEnabled() is allowed


def test_changing_a_server_keeps_what_was_not_touched(window: MainWindow, bridge: RecordingBridge) -> None:
    known = replace(OWN, fee_ppm=20_000, quirks=("no_stream_options",))
    bridge.send(listed((known,)))
    page_of(window).rows[OWN.id].edit.click()
    sheet = sheet_of(window, ServerSheet)
    sheet.terms.setText("Kept for a day")
    sheet.keep.click()
    (wish,) = bridge.wished(compare_intents.KeepProvider)
    assert wish.provider == replace(known, terms="Kept for a day", key="none")


# ---------------------------------------------------------------- keys, tests, removing
def test_where_a_key_is_kept_is_said(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    rows = page_of(window).rows
    assert "Key in the keyring" in said(rows[OPENAI.id])
    assert "No key yet" in said(rows[ANTHROPIC.id]) and "Nothing can be sent to api.anthropic.com" in said(rows[ANTHROPIC.id])
    assert "gone when Strongroom closes" in said(rows[OWN.id])
    assert "How long texts are kept there is not recorded." in said(rows[ANTHROPIC.id])
    assert providers_page.key_state(replace(OWN, key="none", needs_key=False)).text == "Works without a key"


def test_a_kept_key_can_be_forgotten(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    page_of(window).rows[OPENAI.id].key.click()
    sheet_of(window, KeySheet).forget.click()
    assert bridge.wishes[-1] == compare_intents.ForgetKey(OPENAI.id)


def test_a_test_sends_no_text_and_its_models_can_be_chosen(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    row = page_of(window).rows[OPENAI.id]
    row.test.click()
    (wish,) = bridge.wished(compare_intents.CheckProvider)
    assert not row.test.isEnabled() and "Asking api.openai.com" in said(row)
    row.test.click()
    assert len(bridge.wished(compare_intents.CheckProvider)) == 1
    check = ProviderCheck(OPENAI.id, ("gpt-5.2", "gpt-5-nano"), 0.4)
    bridge.send(compare_events.ProviderChecked(wish.request, OPENAI.id, check))
    assert "has 2 models. No text was sent. Not among them: gpt-5-mini." in said(row)
    row.choose.click()
    sheet = sheet_of(window, ChooseModelsSheet)
    ticks = {tick.accessibleName(): tick for tick in sheet.findChildren(Tick)}
    assert [name for name, tick in ticks.items() if tick.isChecked()] == ["gpt-5.2", "gpt-5-mini"]
    ticks["gpt-5-mini"].click()
    ticks["gpt-5-nano"].click()
    sheet.keep.click()
    (kept,) = bridge.wished(compare_intents.KeepProvider)
    assert kept.provider.models == ("gpt-5.2", "gpt-5-nano")


def test_two_thousand_models_are_found_by_their_name(window: MainWindow, bridge: RecordingBridge) -> None:
    sheet = ChooseModelsSheet(window.theme, window.area, OPENAI, [f"model-{n}" for n in range(2000)])
    sheet.ask()
    assert len(sheet.findChildren(Tick)) <= 40 and "1,962 more" in said(sheet).replace("1962", "1,962")
    sheet.field.setText("MODEL-1999")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert [tick.accessibleName() for tick in sheet.findChildren(Tick)] == ["model-1999"]
    sheet.close_sheet()


def test_a_test_that_failed_says_what_to_do(model: ProvidersModel, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    model.test(OPENAI.id)
    request = bridge.wishes[-1].request
    other = compare_events.ProviderChecked(samples.REQUEST, OPENAI.id, ProviderCheck(OPENAI.id, (), 1.0))
    bridge.send(other)
    assert model.test_of(OPENAI.id).is_running, "an answer to something else"  # type: ignore[union-attr]
    bridge.send(compare_events.ProviderChecked(request, OPENAI.id, error=KeyRefused("OpenAI", "api.openai.com", 401)))
    words = model.test_words(OPENAI)
    assert words is not None and "refused the key" in words.text


def test_a_test_does_not_outlive_its_address_or_key(model: ProvidersModel, bridge: RecordingBridge) -> None:
    for change in (lambda: bridge.send(listed((replace(OPENAI, base_url="https://other.example"),))),
                   lambda: model.keep_key(OPENAI.id, "sk-2")):  # fmt: skip
        bridge.send(listed())
        model.test(OPENAI.id)
        bridge.send(
            compare_events.ProviderChecked(bridge.wishes[-1].request, OPENAI.id, ProviderCheck(OPENAI.id, ("gpt-5.2",), 1.0))
        )
        assert model.test_words(OPENAI) is not None
        change()
        assert model.test_words(OPENAI) is None


def test_removing_is_asked_first(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    page_of(window).rows[OPENAI.id].remove.click()
    sheet = sheet_of(window, ConfirmSheet)
    assert QApplication.focusWidget() is sheet.cancel and not bridge.wished(compare_intents.RemoveProvider)
    sheet.confirm.click()
    assert bridge.wishes[-1] == compare_intents.RemoveProvider(OPENAI.id)


def test_a_price_list_without_a_date_is_said() -> None:
    assert "not known" in providers_page.prices("")


# ---------------------------------------------------------------- names and sizes
def test_every_control_has_a_name_for_screen_readers(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(listed())
    page_of(window).add_server.click()
    sheet = sheet_of(window, ServerSheet)
    sheet.fold.click()
    for root in (page_of(window), sheet):
        parts = [one for one in root.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible()]
        names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in parts]
        assert len(names) > 8 and all(names), names


@pytest.mark.parametrize("text_size", [100, 150, 200])
def test_the_page_never_asks_for_more_width_than_there_is(window: MainWindow, bridge: RecordingBridge, text_size: int) -> None:
    bridge.send(events.SettingsChanged(Settings(text_size=text_size)), listed())
    window.resize(1024, 640)
    QTest.qWait(30)
    page = page_of(window)
    for row in page.rows.values():
        for button in (row.test, row.key, row.edit, row.remove):
            right = button.mapTo(page, button.rect().bottomRight()).x()
            assert not button.isVisible() or right <= page.width(), (button.accessibleName(), right, page.width())
