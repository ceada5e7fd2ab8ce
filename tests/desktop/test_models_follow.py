"""The models screen after something was done: where the focus goes, what is here now, what is past, what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.viewmodels.model_rows import OWN_SOURCE
from desktop.widgets.sheet import ConfirmSheet
from engine import events, model_events, model_intents
from engine.model_records import Download, ModelCheck, Offer, OfferedSize, RemoteFile
from engine.records import Model, ModelId
from tests.desktop.model_samples import OPEN, download, fit, model, models, offers, repositories
from tests.desktop.test_models_view import Stage

CLERK, FILE = "unsloth/Ministral-3-8B-GGUF", "Ministral-3-8B-Q4_K_M.gguf"
OWN = model("own", "SmolLM2 135M", 0.1, fit("fits_well", 0.3), source=OWN_SOURCE)


@pytest.fixture
def stage(qtbot, qapp: QApplication) -> Iterator[Stage]:
    stage = Stage(qapp)
    yield stage
    stage.window.close()
    shiboken6.delete(stage.window)
    shiboken6.delete(stage.theme)


def press(button: QWidget) -> None:
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def found_offer() -> Offer:
    """What the hub says of a repository that was found."""
    first = offers()[0]
    size = first.sizes[0].size
    files = (RemoteFile(FILE, 5_000_000_000, "c" * 64),)
    offered = OfferedSize(replace(size, repository=CLERK, files=files), fit("fits_well", 6.0))
    return replace(first, model=replace(first.model, id=CLERK, name="Ministral 3 8B"), sizes=(offered,))


def look_at_found(stage: Stage) -> None:
    stage.bridge.send(model_events.NetworkChanged(OPEN))
    stage.view.filters.field.setText("ministral")
    stage.view.search.ask.setFocus(Qt.FocusReason.TabFocusReason)
    stage.view.search.ask.click()
    stage.bridge.send(model_events.HubSearched(stage.bridge.wishes[-1].request, "huggingface.co", repositories()))
    stage.view.list.row_of(("found", CLERK)).click()
    stage.view.details.look.click()
    stage.bridge.send(model_events.RepositoryShown(stage.bridge.wishes[-1].request, CLERK, found_offer()))


def arrived(**more: object) -> Model:
    facts = {"source": f"{CLERK}@{'1' * 40}", **more}
    return replace(model("m3", "Ministral 3 8B", 5.0, fit("fits_well", 6.0)), file=f"/models/{FILE}", **facts)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the focus
def test_the_next_press_after_pause_continues_and_never_cancels(stage: Stage) -> None:
    stage.view.list.row_of(("download", "d1")).click()
    footer = stage.view.details.footer
    press(footer.pause)
    stage.bridge.send(model_events.DownloadChanged(download("d1", "paused")))
    assert QApplication.focusWidget() is footer.resume
    stage.bridge.send(model_events.DownloadChanged(download("d1", "verifying", 1.0)))
    assert QApplication.focusWidget() is footer  # nothing can be done now, so nothing is pressed by chance
    done: Download = download("d1", "done", 1.0, installed=ModelId("q8"))
    own = model("q8", "Qwen3 8B", 5.0, fit("fits_well", 6.0))
    stage.bridge.send(events.ModelsListed((*models(), own)), model_events.DownloadChanged(done))
    assert QApplication.focusWidget() is footer.load


def test_a_row_keeps_the_focus_of_its_button_that_is_gone(stage: Stage) -> None:
    row = stage.view.list.row_of(("download", "d1"))
    pause = next(button for button in row.findChildren(QPushButton) if button.accessibleName() == "Pause the download")
    press(pause)
    stage.bridge.send(model_events.DownloadChanged(download("d1", "paused")))
    assert QApplication.focusWidget() is row


def test_the_focus_stays_with_the_search_when_its_row_goes(stage: Stage) -> None:
    look_at_found(stage)
    assert stage.view.search.isHidden()
    assert not stage.view.toolbar.isAncestorOf(QApplication.focusWidget())


# ---------------------------------------------------------------- what is here
def test_what_was_fetched_from_a_hub_is_shown_as_here(stage: Stage) -> None:
    look_at_found(stage)
    footer = stage.view.details.footer
    assert footer.download.isVisible()
    stage.bridge.send(events.ModelsListed((*models(), arrived(sha256="c" * 64))))
    assert footer.load.isVisible() and not footer.download.isVisible()
    row = stage.view.list.row_of(("found", CLERK)).row
    assert row.chip is not None and row.chip.text == "Installed"
    stage.bridge.send(events.ModelsListed(models()))
    assert footer.download.isVisible() and not footer.load.isVisible()


def test_its_repair_is_followed_from_there_as_well(stage: Stage) -> None:
    look_at_found(stage)
    facts = {"model": FILE, "reason": "wrong_checksum"}
    broken = arrived(sha256="d" * 64, problem="model_damaged", problem_facts=facts, can_repair=True)
    stage.bridge.send(events.ModelsListed((*models(), broken)))
    panel = stage.view.details
    assert "Ministral 3 8B is damaged" in stage.texts(panel.problem)
    QApplication.processEvents()
    verbs = [button.text() for button in panel.problem.findChildren(QPushButton) if button.isVisible()]
    assert "Repair" in verbs and "Try again" not in verbs  # the latter would ask the hub, which mends nothing
    repair = download("r1", "downloading", 0.3, model=CLERK, file=FILE, is_repair=True, name="Ministral 3 8B")
    stage.bridge.send(model_events.DownloadChanged(repair))
    assert panel.footer.pause.isVisible() and not panel.footer.verify.isVisible()
    assert "Fetching the damaged parts" in stage.texts(panel.steps)


def test_a_check_of_what_was_mended_since_is_past(stage: Stage) -> None:
    broken = model("g4", "Gemma 3 4B", 3.3, fit("fits_well", 4.4), problem="model_damaged", can_repair=True)
    stage.bridge.send(events.ModelsListed((broken,)))
    stage.bridge.send(model_events.ModelChecked(ModelCheck(broken.id, False, "e" * 64, "b" * 64, 1, 8_388_608, True)))
    stage.view.show_model(broken.id)
    assert "1 part is damaged" in stage.texts(stage.view.details)
    stage.bridge.send(events.ModelsListed((replace(broken, problem=None),)))
    assert "damaged" not in stage.texts(stage.view.details)


def test_where_a_model_came_from_is_told_without_the_length_of_a_commit(stage: Stage) -> None:
    stage.bridge.send(events.ModelsListed((arrived(),)))
    stage.view.show_model(ModelId("m3"))
    QApplication.processEvents()
    assert f"{CLERK}, version 11111111" in stage.texts(stage.view.details)
    assert "1" * 40 not in stage.texts(stage.view.details)


# ---------------------------------------------------------------- what stays
def test_what_the_program_needs_is_not_offered_for_removal(stage: Stage) -> None:
    stage.bridge.send(events.ModelsListed((OWN,)))
    row = stage.view.list.row_of(("model", OWN.id))
    assert "remove" not in row.row.acts
    stage.view.show_model(OWN.id)
    assert not stage.view.details.footer.remove.isVisible()
    row.setFocus(Qt.FocusReason.TabFocusReason)
    stage.key(Qt.Key.Key_Delete)
    assert stage.bridge.wishes == [model_intents.RemoveModel(OWN.id)]  # which the engine answers with the reason
    stage.bridge.send(model_events.ModelInUse(OWN.id, ("chosen_for_answers", "starter"), True))
    sheet = stage.sheet(ConfirmSheet)
    assert "came with Strongroom" in stage.texts(sheet) and not sheet.confirm.isVisible()
    assert "Without it" not in stage.texts(sheet)
    sheet.cancel.click()
    assert len(stage.bridge.wishes) == 1


@pytest.mark.parametrize(("can_repair", "promised"), [(True, True), (False, False)])
def test_only_what_can_be_fetched_again_is_said_to_be(stage: Stage, can_repair: bool, promised: bool) -> None:
    stage.bridge.send(events.ModelsListed((arrived(can_repair=can_repair),)))
    stage.view.show_model(ModelId("m3"))
    stage.press("Ministral 3 8B", "Remove this model")
    assert ("can be downloaded again" in stage.texts(stage.sheet(ConfirmSheet))) == promised
