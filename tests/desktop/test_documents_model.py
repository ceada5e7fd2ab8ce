"""The documents screen's state, played by events, without a window."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from desktop.viewmodels.document_detail import pages_to_check, ranges
from desktop.viewmodels.documents import DocumentsModel
from engine import events, intents
from engine.records import DocumentId, PageCoverage
from tests.desktop.recording import HARLOW, RecordingBridge, a_day_at_work, document, matters


@pytest.fixture
def bridge(qapp) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> DocumentsModel:
    model = DocumentsModel(bridge)
    bridge.send(*a_day_at_work())
    return model


def test_it_says_what_is_in_the_matter_and_what_is_being_read(model: DocumentsModel) -> None:
    assert model.title == "Harlow v Brent Estates"
    assert model.summary == "14 documents, 493 pages, 253 MB encrypted"
    assert model.progress_title == "Reading 3 documents"
    assert model.progress_page == "Page 241 of 388"
    assert model.progress_time == "About 4 minutes left"
    assert model.progress_share == pytest.approx((11 + 241 / 388) / 14)


def test_pause_and_resume_take_turns(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.pause_or_resume()
    bridge.send(events.ReadingProgress(HARLOW.id, 11, 14, 241, 388, paused=True))
    assert model.progress_title == "Paused, 3 documents left"
    assert model.progress_time == ""
    model.pause_or_resume()
    model.cancel()
    assert bridge.wishes == [intents.PauseReading(HARLOW.id), intents.ResumeReading(HARLOW.id), intents.CancelReading(HARLOW.id)]


def test_the_card_goes_when_nothing_is_left_to_read(model: DocumentsModel, bridge: RecordingBridge) -> None:
    bridge.send(events.ReadingProgress(HARLOW.id, 14, 0))
    assert not model.is_reading


def test_another_matters_events_change_nothing(model: DocumentsModel, bridge: RecordingBridge) -> None:
    other = dataclasses.replace(document("x", "Other.pdf"), matter=matters()[1].id)
    bridge.send(events.DocumentChanged(other), events.ReadingProgress(matters()[1].id, 0, 9))
    assert model.table.n_documents == 14
    assert model.progress is not None and model.progress.n_total == 14


def test_files_dropped_before_there_is_a_matter_start_one(bridge: RecordingBridge) -> None:
    DocumentsModel(bridge).add([Path("/tmp/Lease.pdf")])
    assert bridge.wishes == [intents.AddDocuments(None, (Path("/tmp/Lease.pdf"),))]


def test_adding_nothing_wishes_nothing(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.add([])
    assert bridge.wishes == []


def test_a_password_is_used_once_and_an_empty_one_is_none(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d7"))
    model.read_again("sesame")
    model.read_again()
    first, second = bridge.wished(intents.ReadAgain)
    assert (first.password, second.password) == ("sesame", None)
    assert "sesame" not in repr(first)


def test_looking_at_a_document_with_pages_without_text_asks_which(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d1"))
    assert bridge.wishes == []
    model.select(DocumentId("d10"))
    assert bridge.wishes == [intents.ShowCoverage(HARLOW.id, DocumentId("d10"))]
    pages = [PageCoverage(n, "empty" if n in (4, 5, 9) else "text", 0 if n in (4, 5, 9) else 800) for n in range(1, 28)]
    bridge.send(events.CoverageShown(DocumentId("d10"), tuple(pages)))
    assert model.pages_to_check is not None
    assert model.pages_to_check.places == (("Pages 4 to 5", "No text"), ("Page 9", "No text"))


def test_coverage_that_comes_too_late_is_not_shown_for_another_document(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d1"))
    bridge.send(events.CoverageShown(DocumentId("d10"), (PageCoverage(1, "empty", 0),)))
    assert model.pages_to_check is None


def test_doubtful_recognition_is_worth_a_look() -> None:
    found = pages_to_check([PageCoverage(1, "ocr", 90, 0.62), PageCoverage(2, "ocr", 90, 0.95), PageCoverage(3, "failed", 0)])
    assert found is not None and found.places == (("Page 1", "62% sure"), ("Page 3", "Can’t be read"))
    assert ranges([9, 3, 4, 5]) == ["Pages 3 to 5", "Page 9"]


def test_steps_tell_how_far_a_document_is(model: DocumentsModel) -> None:
    def told(key: str) -> list[tuple[str, str]]:
        model.select(DocumentId(key))
        return [(step.state, step.note) for step in model.steps]

    assert told("d1")[1:] == [("done", "32 pages, all with text"), ("done", "Found by words and by meaning")]
    assert told("d4")[1] == ("working", "Page 41 of 118")
    assert told("d5")[2] == ("working", "Found by words already; by meaning 570 of 618")
    assert told("d6")[1:] == [("not_started", "Waits for its turn"), ("not_started", "Starts when reading ends")]
    assert told("d7")[1] == ("needs_you", "Needs a password")
    assert told("d13")[1] == ("failed", "Can’t be read")


def test_a_document_that_cannot_be_read_says_what_to_do(model: DocumentsModel) -> None:
    model.select(DocumentId("d7"))
    assert model.problem is not None and "password" in model.problem.actions
    model.select(DocumentId("d13"))
    assert model.problem is not None and model.problem.title == "Plan, old.docx can’t be read"
    model.select(DocumentId("d1"))
    assert model.problem is None


def test_a_removed_document_is_no_longer_looked_at(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d1"))
    bridge.send(events.DocumentRemoved(HARLOW.id, DocumentId("d1")))
    assert model.document is None and model.selected is None
    assert model.table.n_documents == 13


def test_a_deleted_matter_leaves_nothing_behind(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d1"))
    bridge.send(events.MattersChanged(matters()[1:]))
    assert (model.matter, model.document, model.progress, model.table.n_documents) == (None, None, None, 0)


def test_reopening_the_matter_keeps_what_is_looked_at(model: DocumentsModel, bridge: RecordingBridge) -> None:
    model.select(DocumentId("d1"))
    bridge.send(events.MatterOpened(HARLOW, (document("d1", "Lease, Unit 4.pdf"),), ()))
    assert model.document is not None and model.is_reading
