"""The model of the page viewer: which page is asked for, what is marked, what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.citations import Source
from desktop.viewmodels.viewer import ViewerModel
from engine import events
from engine.errors import DocumentUnreadable, OriginalMissing, WorkerDied
from engine.intents import OpenOriginal, RenderPage
from engine.records import DocumentId
from tests.desktop import ask_stage as stage
from tests.desktop.answer_samples import LEASE, evidence, sentence
from tests.desktop.recording import RecordingBridge

TEXT = "Six months' notice on 3 May."


@pytest.fixture
def bridge(qapp: QCoreApplication) -> RecordingBridge:
    return RecordingBridge()


def source(verdict: str = "exact", page: int = 7, parts: tuple[str, ...] = ()) -> Source:
    found = evidence(10, page=page, verdict=verdict, quote="Six\nmonths' notice")  # type: ignore[arg-type]
    said = sentence(TEXT, TEXT, found)
    return Source(1, found.verdict, type(said)(**{**said.__dict__, "unsupported_parts": parts}), found)


@pytest.fixture
def viewer(bridge: RecordingBridge) -> ViewerModel:
    viewer = ViewerModel(bridge)
    viewer.set_width(800)
    viewer.open_source(stage.MATTER.id, source(), stage.document(LEASE, "Lease.pdf"))
    return viewer


def test_a_page_is_asked_for_once(viewer, bridge):
    viewer.set_width(800)
    viewer.open_source(stage.MATTER.id, viewer.source, None)
    assert [(wish.page, wish.width, wish.spans) for wish in bridge.wished(RenderPage)] == [(7, 800, ((10, 28),))]


def test_other_pages_have_no_marks_and_the_way_back_is_known(viewer, bridge):
    viewer.go_to(8)
    assert bridge.wished(RenderPage)[-1].spans == () and not viewer.is_at_source and "page 7" in viewer.checked
    viewer.go_to(99)
    assert viewer.page == 32
    viewer.go_to(0)
    assert viewer.page == 1
    viewer.go_to(7)
    assert bridge.wished(RenderPage)[-1].spans == ((10, 28),)


def test_only_the_wanted_page_is_shown(viewer, bridge):
    late = bridge.wished(RenderPage)[-1]
    viewer.go_to(8)
    bridge.send(stage.page_shown(late))
    assert not viewer.is_current
    bridge.send(stage.page_shown(bridge.wished(RenderPage)[-1]))
    assert viewer.is_current and viewer.shown.page.number == 8


def test_a_page_being_resized_is_drawn_once_it_rests(viewer, bridge, qtbot):
    for width in range(810, 900, 10):
        viewer.set_width(width)
    assert len(bridge.wished(RenderPage)) == 1
    qtbot.waitUntil(lambda: len(bridge.wished(RenderPage)) == 2)
    assert bridge.wished(RenderPage)[-1].width == 890


def test_nothing_is_asked_for_while_the_viewer_is_closed(viewer, bridge):
    viewer.close()
    n_asked = len(bridge.wished(RenderPage))
    viewer.set_width(1200)
    assert len(bridge.wished(RenderPage)) == n_asked
    viewer.show_again()
    assert bridge.wished(RenderPage)[-1].width == 1200


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (source(), "Matches page 7 word for word, 18 characters"),
        (source("near"), "95 % alike"),
        (source("altered", parts=("3 May",)), "Not in this passage of page 7: 3 May"),
        (source("altered"), "something else"),
    ],
)
def test_the_footer_says_what_was_compared(viewer, found, words):
    viewer.open_source(stage.MATTER.id, found, None)
    assert words in viewer.checked


def test_both_texts_are_shown_only_where_they_differ(viewer):
    assert viewer.both_texts is None
    viewer.open_source(stage.MATTER.id, source("altered"), None)
    assert viewer.both_texts == (TEXT, "Six months' notice")


def test_zoom_stays_in_its_range(viewer):
    for _ in range(20):
        viewer.zoom_by(1)
    assert viewer.zoom == 3.0
    viewer.fit()
    assert viewer.zoom == 1.0
    for _ in range(20):
        viewer.zoom_by(-1)
    assert viewer.zoom == 0.5


@pytest.mark.parametrize("error", [WorkerDied("render", -9), DocumentUnreadable("Lease, Unit 4.pdf", "damaged")])
def test_a_page_that_cannot_be_shown_says_so_and_can_be_asked_for_again(viewer, bridge, error):
    bridge.send(events.Trouble(error, about="" if isinstance(error, WorkerDied) else "Lease, Unit 4.pdf"))
    assert viewer.problem is not None
    viewer.go_to(8)
    viewer.go_to(7)
    assert viewer.problem is None and bridge.wished(RenderPage)[-1].page == 7


def test_trouble_elsewhere_is_not_the_viewers(viewer, bridge):
    bridge.send(
        events.Trouble(DocumentUnreadable("Other.pdf", "damaged"), about="Other.pdf"), events.Trouble(WorkerDied("chat", 1))
    )
    assert viewer.problem is None


def test_the_original_opens_only_for_who_asked(viewer, bridge):
    found: list[Path] = []
    viewer.original_found.connect(found.append)
    bridge.send(events.OriginalFound(Path("/a")))
    viewer.open_original()
    assert bridge.wished(OpenOriginal)[-1].document == LEASE
    bridge.send(events.Trouble(OriginalMissing("Lease.pdf", changed=False)), events.OriginalFound(Path("/b")))
    viewer.open_original()
    bridge.send(events.OriginalFound(Path("/c")))
    assert found == [Path("/c")]


def test_a_removed_document_and_another_matter_close_the_page(viewer, bridge):
    bridge.send(events.DocumentRemoved(stage.MATTER.id, DocumentId("other")))
    assert viewer.is_open
    bridge.send(events.DocumentRemoved(stage.MATTER.id, LEASE))
    assert not viewer.is_open and viewer.document is None
