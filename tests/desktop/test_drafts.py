"""Drafts: what is being written survives also the quickest end of the program."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.drafts import Drafts
from engine.intents import KeepDraft
from engine.records import MatterId
from tests.desktop.recording import RecordingBridge


def test_what_was_typed_right_before_quitting_is_kept(qapp: QCoreApplication):
    bridge = RecordingBridge()
    drafts = Drafts(bridge)
    drafts.write((MatterId("m1"), None), "What notice?")
    assert bridge.wished(KeepDraft) == []
    qapp.aboutToQuit.emit()
    assert [wish.text for wish in bridge.wished(KeepDraft)] == ["What notice?"]
