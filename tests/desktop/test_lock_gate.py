from __future__ import annotations

import pytest

from desktop.viewmodels.lock_gate import LockGate
from engine import events, model_events, model_intents
from engine.network_records import NetworkState
from engine.records import RequestId
from engine.settings import Settings
from tests.desktop.recording import RecordingBridge

SEARCH = model_intents.SearchHub(RequestId("1"), "tiny")
OPEN = model_events.NetworkChanged(NetworkState(("models",)))
CLOSED = model_events.NetworkChanged(NetworkState())


@pytest.fixture
def bridge(qapp) -> RecordingBridge:
    return RecordingBridge()


def test_a_wish_waits_for_a_yes_and_is_sent_once(bridge: RecordingBridge) -> None:
    gate = LockGate(bridge)
    gate.wish(SEARCH, "the words")
    assert bridge.wishes == []
    gate.open()
    bridge.send(CLOSED, events.SettingsChanged(Settings(open_purposes=("models",))), OPEN, CLOSED, OPEN)
    assert bridge.wishes == [model_intents.OpenNetwork("models"), SEARCH]


def test_a_wish_does_not_leave_when_a_lock_that_could_not_be_opened_is_opened_later(bridge: RecordingBridge) -> None:
    gate = LockGate(bridge)
    gate.wish(SEARCH, "the words")
    gate.open()
    bridge.send(events.SettingsChanged(Settings()), CLOSED)  # as the engine tells that nothing could be kept
    bridge.send(events.SettingsChanged(Settings(open_purposes=("models",))), OPEN)
    assert bridge.wished(model_intents.SearchHub) == []
