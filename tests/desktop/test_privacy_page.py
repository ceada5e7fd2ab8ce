"""The Privacy page, the lock in the status bar, and where models come from: what they say, and what a gesture leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QScrollArea

from desktop.cells import CELL, StatusCell
from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.viewmodels.connection_table import ConnectionTable
from desktop.viewmodels.lock import LockModel
from desktop.viewmodels.privacy import PrivacyModel
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.sources import SourcesModel
from desktop.views.hosts_sheet import HostsSheet
from desktop.views.open_lock import OpenLockSheet
from desktop.views.settings_privacy import PrivacySettings
from desktop.views.settings_sources import SourceSettings
from desktop.wordings import connections, lock
from engine import events, intents, model_events, model_intents
from engine.errors import FolderUnwritable, NetworkRefused
from engine.network_records import NetworkState
from engine.settings import HUGGING_FACE, Settings
from tests.desktop import shell_samples as samples
from tests.desktop.recording import NOW, RecordingBridge, a_day_at_work

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def privacy(bridge: RecordingBridge) -> PrivacyModel:
    return PrivacyModel(bridge, LockModel(bridge))


@pytest.fixture
def window(qtbot, qapp: QApplication, bridge: RecordingBridge) -> Iterator[MainWindow]:
    theme = Theme(qapp, "light")
    window = MainWindow(bridge, theme)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    bridge.send(*a_day_at_work(), model_events.NetworkChanged(samples.CLOSED))
    window._show_settings_part("privacy")
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7, 1_600))
    QApplication.processEvents()
    bridge.wishes.clear()
    yield window
    window.close()
    shiboken6.delete(window)
    shiboken6.delete(theme)


def page_of(window: MainWindow) -> PrivacySettings:
    return window.settings.findChild(PrivacySettings)


def sources_of(window: MainWindow) -> SourceSettings:
    return window.settings.findChild(SourceSettings)


# ---------------------------------------------------------------- the lock
def test_since_when_the_lock_is_as_it_is() -> None:
    now = datetime(2026, 9, 2, 14, 0, tzinfo=UTC)
    closed = NetworkState((), now - timedelta(hours=3, minutes=12))
    assert lock.since(closed, now) == "Closed for 3 h 12 min"
    assert lock.since(replace(closed, open_purposes=("models",), since=now - timedelta(seconds=20)), now) == (
        "Open for less than a minute"
    )
    assert lock.since(NetworkState(), now) == "", "nobody knows since when"


def test_closing_is_immediate_and_shows_when_it_happened(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(model_events.NetworkChanged(samples.OPEN))
    card = page_of(window).lock
    assert not card.switch.isChecked() and card.tone is None
    QTest.keyClick(card.switch, Qt.Key.Key_Space)
    assert bridge.wishes == [model_intents.CloseNetwork()]
    assert not card.switch.isChecked(), "it is closed when the engine says so"
    bridge.send(model_events.NetworkChanged(samples.CLOSED))
    assert card.switch.isChecked() and card.tone == "local"


def test_opening_asks_first_and_names_the_hosts(window: MainWindow, bridge: RecordingBridge) -> None:
    card = page_of(window).lock
    card.switch.click()
    (sheet,) = window.area.findChildren(OpenLockSheet)
    assert bridge.wishes == [] and card.switch.isChecked()
    assert QApplication.focusWidget() is sheet.cancel
    sheet.cancel.click()
    assert bridge.wishes == []
    card.switch.click()
    next(one for one in window.area.findChildren(OpenLockSheet) if one.isVisible()).go.click()
    assert bridge.wishes == [model_intents.OpenNetwork("models")]


def test_opening_names_the_proxy_and_the_token_too(window: MainWindow, bridge: RecordingBridge) -> None:
    bridge.send(model_events.NetworkChanged(replace(samples.CLOSED, proxy="proxy.example:3128")))
    page_of(window).lock.switch.click()
    (sheet,) = window.area.findChildren(OpenLockSheet)
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "through the proxy proxy.example:3128" in said and "access token" in said
    assert all(host in said for host in dict(samples.CLOSED.hosts)["models"])
    sheet.cancel.click()


def test_the_lock_closes_from_anywhere_also_over_a_sheet(window: MainWindow, bridge: RecordingBridge) -> None:
    window.open_help()
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_L, CONTROL | SHIFT)
    assert bridge.wishes == [model_intents.CloseNetwork()]


def test_the_status_bar_follows_the_lock_and_its_downloads(window: MainWindow, bridge: RecordingBridge) -> None:
    part = window.status_bar.lock
    assert part.words == "Offline. Nothing leaves this computer"
    bridge.send(model_events.NetworkChanged(samples.OPEN))
    assert part.words == "Downloads allowed. Your documents stay here"
    bridge.send(samples.repair("downloading"))
    assert part.words == "Downloading a model. Your documents stay here" == part.accessibleName()
    bridge.send(samples.repair("paused"))
    assert part.words == "Downloads allowed. Your documents stay here"
    bridge.send(samples.repair("connecting"), model_events.NetworkChanged(samples.CLOSED))
    assert part.words == "Offline. Nothing leaves this computer"


def test_the_lock_state_in_the_status_bar_leads_here(window: MainWindow) -> None:
    window.show_screen("ask")
    window.status_bar.lock.click()
    assert window.screen_name == "settings" and page_of(window).isVisible()


# ---------------------------------------------------------------- hosts and token
def test_hosts_are_named_and_all_of_them_can_be_seen(window: MainWindow, bridge: RecordingBridge) -> None:
    page = page_of(window)
    assert page._hosts_row.note.text() == (
        "Models: huggingface.co and 4 hosts that it sends files from.\nEverything else is blocked."
    )
    page.all_hosts.click()
    (sheet,) = window.area.findChildren(HostsSheet)
    shown = " ".join(text.text() for text in sheet.findChildren(type(page._hosts_row.note)))
    assert all(host in shown for host in dict(samples.HOSTS)["models"])


def test_few_hosts_are_named_in_the_row(privacy: PrivacyModel, bridge: RecordingBridge) -> None:
    assert privacy.hosts_words == "None. Every connection is blocked."
    bridge.send(model_events.NetworkChanged(NetworkState(hosts=(("models", ("hub.example.org",)),))))
    assert privacy.hosts_words == "Models: hub.example.org.\nEverything else is blocked."


def test_a_token_goes_to_the_keyring_and_out_of_the_field(window: MainWindow, bridge: RecordingBridge) -> None:
    token = page_of(window).token
    assert not token.keep.isEnabled()
    token.field.setFocus()
    QTest.keyClicks(token.field, " hf_secret ")
    QTest.keyClick(token.field, Qt.Key.Key_Return)
    assert bridge.wishes == [model_intents.KeepHubToken("hf_secret")] and token.field.text() == ""
    bridge.send(model_events.HubTokenChanged(True))
    assert token.field.isHidden() and not token.forget.isHidden()
    token.forget.click()
    assert bridge.wishes[-1] == model_intents.ForgetHubToken()
    bridge.send(model_events.HubTokenChanged(False))
    assert not token.field.isHidden()


# ---------------------------------------------------------------- the log
def column(table: ConnectionTable, name: str) -> list[str]:
    place = ["time", "host", "purpose", "sent", "received", "result"].index(name)
    return [table.data(table.index(row, place)) for row in range(table.rowCount())]  # type: ignore[misc]


def test_the_log_is_read_when_the_page_is_looked_at(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("general")
    window._show_settings_part("privacy")
    assert bridge.wishes == [model_intents.ListConnections(7)]


def test_rows_say_where_what_for_how_much_and_how_it_ended(privacy: PrivacyModel, bridge: RecordingBridge) -> None:
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7))
    log = privacy.log
    assert column(log, "host")[:3] == ["cas-bridge.xethub.hf.co", "huggingface.co", "api.example.org"]
    assert column(log, "result")[:4] == ["Open", "Allowed", "Allowed", "Blocked"]
    assert "Models, Gemma 3 4B, lock was closed" in column(log, "purpose")
    assert "5.0 GB" in column(log, "received") and "0 B" in column(log, "sent")


def test_copper_is_for_text_that_left_and_nothing_else(privacy: PrivacyModel, bridge: RecordingBridge) -> None:
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7))
    for row in range(privacy.log.rowCount()):
        connection = privacy.log.connection_at(row)
        cell = privacy.log.data(privacy.log.index(row, 5), CELL)
        assert connection is not None and isinstance(cell, StatusCell)
        assert (cell.status.tone == "outbound") == (connection.purpose == "compare")
        assert (cell.status.icon == "arrow-up-right") == (connection.purpose == "compare")


def test_the_tooltip_tells_everything_about_a_connection() -> None:
    failed = next(one for one in samples.connections() if one.outcome == "failed")
    told = connections.details(replace(failed, via="proxy.example:8080"))
    assert "GET cdn-lfs.hf.co:443" in told and "broken off" in told and "proxy.example:8080" in told and "206" in told


def test_a_host_that_is_markup_is_shown_letter_for_letter(privacy: PrivacyModel, bridge: RecordingBridge) -> None:
    hostile = replace(samples.connections()[0], host="<img src=x>")
    bridge.send(model_events.ConnectionsListed((hostile,), 7))
    tip = privacy.log.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip and "&lt;img src=x&gt;" in tip
    assert "<img src=x>" in privacy.log.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_a_connection_that_ends_changes_its_row_and_a_new_one_comes_on_top(
    privacy: PrivacyModel, bridge: RecordingBridge, qtbot
) -> None:
    first = samples.connections()[0]
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7))
    n_rows = privacy.log.rowCount()
    with qtbot.waitSignal(privacy.log.dataChanged):
        bridge.send(model_events.ConnectionLogged(replace(first, outcome="done", received=5_000_000)))
    assert privacy.log.rowCount() == n_rows and column(privacy.log, "received")[0] == "5.0 MB"
    bridge.send(model_events.ConnectionLogged(replace(first, id=99, time=NOW + timedelta(minutes=1), host="new.example.org")))
    assert privacy.log.rowCount() == n_rows + 1 and column(privacy.log, "host")[0] == "new.example.org"


@pytest.mark.parametrize("place", range(6))
def test_columns_sort_both_ways_and_back_to_the_newest_first(privacy: PrivacyModel, bridge: RecordingBridge, place: int) -> None:
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7))
    log, ids = privacy.log, lambda: [privacy.log.connection_at(row).id for row in range(privacy.log.rowCount())]  # type: ignore[union-attr]
    newest_first = ids()
    log.sort(place, Qt.SortOrder.AscendingOrder)
    upwards = ids()
    log.sort(place, Qt.SortOrder.DescendingOrder)
    assert ids() == upwards[::-1] and sorted(upwards) == sorted(newest_first)
    log.sort(-1)
    assert ids() == newest_first == sorted(newest_first, reverse=True)


def test_another_period_is_asked_for_and_late_answers_about_the_last_one_are_not_shown(
    privacy: PrivacyModel, bridge: RecordingBridge
) -> None:
    privacy.choose_period(30)
    assert bridge.wishes == [model_intents.ListConnections(30)]
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7, 99))
    assert privacy.log.rowCount() == 0
    bridge.send(model_events.ConnectionsListed(samples.connections()[:2], 30, 0))
    assert privacy.log.rowCount() == 2 and privacy.left_words == (
        "In the last 30 days, no text of your documents or conversations left this computer."
    )


def test_text_that_left_is_summed_by_the_engine(privacy: PrivacyModel, bridge: RecordingBridge) -> None:
    assert privacy.left_words == "", "nothing is claimed before the log was read"
    bridge.send(model_events.ConnectionsListed(samples.connections(), 7, 3_400))
    assert privacy.left_words == "In the last 7 days, 3.4 KB of text left this computer, all of it approved by you."
    sent = next(one for one in samples.connections() if one.purpose == "compare")
    bridge.send(model_events.ConnectionLogged(replace(sent, id=77)))
    assert bridge.wishes == [model_intents.ListConnections(7)]


def test_an_empty_log_says_so(window: MainWindow, bridge: RecordingBridge) -> None:
    log = page_of(window).log
    bridge.send(model_events.ConnectionsListed((), 7))
    assert log.table.isHidden() and log._nothing.text() == "No connection has been opened in this period."
    assert not log.export.isEnabled() and log.export.toolTip()
    window.settings.findChild(PrivacySettings)._privacy.choose_period(None)
    bridge.send(model_events.ConnectionsListed((), None))
    assert log._nothing.text() == "No connection has been opened."


def test_the_log_is_exported_to_the_chosen_file(
    window: MainWindow, bridge: RecordingBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "log.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page_of(window).log.export.click()
    assert bridge.wishes == [model_intents.ExportConnections(file, 7)]
    bridge.send(model_events.ConnectionsExported(file))
    assert window.notice.words == "Exported to log.csv. The file is not encrypted."


# ---------------------------------------------------------------- where models come from
@pytest.fixture
def sources(bridge: RecordingBridge) -> SourcesModel:
    settings = SettingsModel(bridge)
    model = SourcesModel(bridge, settings)
    bridge.send(events.SettingsChanged(Settings()))
    return model


def changes(bridge: RecordingBridge) -> list[Settings]:
    return [wish.settings for wish in bridge.wished(intents.ChangeSettings)]


def test_a_hub_that_the_engine_refuses_is_put_back_with_the_reason(sources: SourcesModel, bridge: RecordingBridge) -> None:
    sources.use_hub(" http://hub.example.org ")
    assert changes(bridge)[-1].hub == "http://hub.example.org"
    bridge.send(events.Trouble(NetworkRefused("models", "hub.example.org", "not_https")))
    assert sources.hub == HUGGING_FACE and "encryption" in sources.problems["hub"]
    sources.use_hub("https://hub.example.org")
    assert sources.problems == {} and changes(bridge)[-1].hub == "https://hub.example.org"


def test_trouble_of_a_download_is_no_refusal_of_the_address(sources: SourcesModel, bridge: RecordingBridge) -> None:
    sources.use_hub("https://hub.example.org")
    bridge.send(events.Trouble(NetworkRefused("models", "hub.example.org", "offline")))
    assert sources.problems == {} and sources.hub == "https://hub.example.org"


def test_nothing_typed_means_hugging_face_and_hosts_come_apart_by_commas(sources: SourcesModel, bridge: RecordingBridge) -> None:
    sources.use_hub("https://hub.example.org")
    sources.use_hub("  ")
    sources.use_hosts("files.example.org, cdn.example.org files.example.org")
    assert changes(bridge)[-1].hub == HUGGING_FACE
    assert changes(bridge)[-1].hub_hosts == ("files.example.org", "cdn.example.org")


def test_the_limit_and_the_proxy_are_kept(sources: SourcesModel, bridge: RecordingBridge) -> None:
    sources.limit_to(2_000_000)
    sources.use_proxy("http://proxy.example:3128")
    assert (changes(bridge)[-1].download_limit, changes(bridge)[-1].proxy) == (2_000_000, "http://proxy.example:3128")
    assert sources.limit_words(2_000_000) == "2.0 MB/s" and sources.limit_words(None) == "No limit"


def test_a_library_that_moves_tells_how_far_it_is_and_what_went_wrong(sources: SourcesModel, bridge: RecordingBridge) -> None:
    sources.move_library(Path("/mnt/models"))
    assert bridge.wishes == [model_intents.MoveLibrary(Path("/mnt/models"))]
    bridge.send(model_events.LibraryProgress("move", "Qwen3 8B", 1_000_000_000, 4_000_000_000))
    assert sources.moving_words == "Moving: 1.0 of 4.0 GB" and sources.moving_share == 0.25
    sources.stop_moving()
    assert bridge.wishes[-1] == model_intents.StopLibraryWork()
    bridge.send(model_events.LibraryProgress("move", "", is_done=True, error=FolderUnwritable("/mnt/models")))
    assert sources.moving is None and sources.move_problem


def test_addresses_count_when_they_are_confirmed(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("models")
    hub = sources_of(window).hub
    assert hub.field.text() == HUGGING_FACE and hub.use.isHidden()
    hub.field.setFocus()
    hub.field.selectAll()
    QTest.keyClicks(hub.field, "https://hub.example.org")
    assert bridge.wishes == [] and not hub.use.isHidden()
    bridge.send(events.SettingsChanged(Settings(text_size=110)))
    assert hub.field.text() == "https://hub.example.org", "what is being typed stays"
    hub.use.click()
    assert changes(bridge)[-1].hub == "https://hub.example.org" and hub.use.isHidden()


def test_the_field_of_the_proxy_appears_for_an_address(window: MainWindow, bridge: RecordingBridge) -> None:
    window._show_settings_part("models")
    proxy = sources_of(window).proxy
    assert proxy.address.isHidden()
    proxy.choice._segments["address"].click()
    assert not proxy.address.isHidden() and bridge.wishes == []
    QTest.keyClicks(proxy.address.field, "http://proxy:8080")
    QTest.keyClick(proxy.address.field, Qt.Key.Key_Return)
    assert changes(bridge)[-1].proxy == "http://proxy:8080"
    proxy.choice._segments["none"].click()
    assert changes(bridge)[-1].proxy == "none" and proxy.address.isHidden()


@pytest.mark.parametrize("part", ["privacy", "models"])
@pytest.mark.parametrize("text_size", [100, 150, 200])
def test_nothing_is_cut_on_the_smallest_screen(window: MainWindow, bridge: RecordingBridge, part: str, text_size: int) -> None:
    bridge.send(events.SettingsChanged(Settings(text_size=text_size)))
    bridge.send(model_events.LibraryProgress("move", "Qwen3 8B", 1_000_000_000, 4_000_000_000))
    window._show_settings_part(part)
    window.resize(1024, 640)
    QTest.qWait(20)
    shown = next(one for one in window.settings.findChildren(QScrollArea) if one.isVisible())
    assert window.width() == 1024
    assert shown.widget().width() <= shown.viewport().width()
