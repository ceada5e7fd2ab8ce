"""What frames every screen, played by events, without a window."""

from __future__ import annotations

import dataclasses

import pytest

from desktop.viewmodels.jump import jump_targets
from desktop.viewmodels.window_model import WindowModel
from desktop.wordings.words import Words
from engine import events, intents
from engine.errors import DiskFull
from engine.records import ConversationId, MatterId, Message, MessageId, ModelState, RequestId, Timings
from engine.settings import Settings
from tests.desktop.recording import HARLOW, NOW, RecordingBridge, a_day_at_work, document, matters, model_ready


@pytest.fixture
def bridge(qapp) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> WindowModel:
    model = WindowModel(bridge)
    bridge.send(*a_day_at_work())
    bridge.wishes.clear()
    return model


def rows(model: WindowModel) -> list[tuple[str, str]]:
    return [(row.kind, row.title) for row in model.rows.rows]


def test_the_first_matter_is_opened_once(bridge: RecordingBridge) -> None:
    _model = WindowModel(bridge)
    bridge.send(events.MattersChanged(matters()), events.MattersChanged(matters()))
    assert bridge.wishes == [intents.OpenMatter(HARLOW.id)]


def test_conversations_stand_under_the_open_matter_newest_first(model: WindowModel) -> None:
    assert rows(model)[:4] == [
        ("matter", "Harlow v Brent Estates"),
        ("conversation", "Break clause notice"),
        ("conversation", "Rent arrears timeline"),
        ("conversation", "Witness statements"),
    ]
    assert len(rows(model)) == 8
    assert model.rows.rows[0].spoken == "Matter Harlow v Brent Estates, 14 documents, open"


def test_counts_change_without_a_reset(model: WindowModel, bridge: RecordingBridge) -> None:
    resets: list[None] = []
    model.rows.modelReset.connect(lambda: resets.append(None))
    bridge.send(events.MattersChanged((dataclasses.replace(HARLOW, n_documents=15), *matters()[1:])))
    assert resets == []
    assert model.rows.rows[0].count == 15


def test_a_deleted_matter_gives_way_to_the_next(model: WindowModel, bridge: RecordingBridge) -> None:
    bridge.send(events.MattersChanged(matters()[1:]))
    assert model.matter is None
    assert bridge.wishes == [intents.OpenMatter(matters()[1].id)]


def test_without_matters_nothing_is_opened(model: WindowModel, bridge: RecordingBridge) -> None:
    bridge.send(events.MattersChanged(()))
    assert bridge.wishes == [] and rows(model) == []


def test_the_conversation_that_is_answered_is_the_current_one(model: WindowModel, bridge: RecordingBridge) -> None:
    question = Message(MessageId("q"), ConversationId("c1"), "user", "Why", NOW)
    bridge.send(events.AnswerStarted(RequestId("r"), ConversationId("c1"), question))
    assert [row.title for row in model.rows.rows if row.is_current] == ["Rent arrears timeline"]
    model.leave_conversation()
    assert not any(row.is_current for row in model.rows.rows)


def test_the_status_bar_has_words_for_model_memory_and_speed(model: WindowModel, bridge: RecordingBridge) -> None:
    assert (model.model_words.text, model.memory_words, model.speed_words) == ("SmolLM2 135M", "9.1 of 32 GB", "18.6 tokens/s")
    timings = Timings(0.5, 200, 21.25, 4)
    answer = Message(MessageId("a"), ConversationId("c1"), "assistant", "Yes.", NOW, timings=timings)
    bridge.send(events.Finished(RequestId("r"), answer))
    assert model.speed_words in ("21.2 tokens/s", "21.3 tokens/s")
    bridge.send(events.ModelStateChanged(ModelState("restarting", name="SmolLM2 135M")))
    assert model.model_words.tone == "caution"


def test_trouble_is_told_with_what_it_is_about(model: WindowModel, bridge: RecordingBridge) -> None:
    told: list[Words] = []
    model.troubled.connect(told.append)
    bridge.send(events.Trouble(DiskFull(1_000_000), "Lease, Unit 4.pdf"))
    assert told[0].line == "Lease, Unit 4.pdf: The disk is full. Free some space, then try again."


@pytest.mark.parametrize(("wanted", "got"), [(130, 130), (500, 200), (10, 90)])
def test_text_size_stays_within_its_range(model: WindowModel, bridge: RecordingBridge, wanted: int, got: int) -> None:
    model.change_text_size(wanted)
    assert bridge.wishes == [intents.ChangeSettings(Settings(theme="light", text_size=got))]


def test_names_lose_the_blanks_around_them(model: WindowModel, bridge: RecordingBridge) -> None:
    model.create_matter("  Harlow  ")
    model.rename_matter(HARLOW.id, " Brent ")
    assert bridge.wishes == [intents.CreateMatter("Harlow"), intents.RenameMatter(HARLOW.id, "Brent")]


def test_jump_finds_matters_conversations_documents_and_screens(model: WindowModel) -> None:
    assert [target.title for target in jump_targets(model, "br")][:2] == [
        "Break clause notice",
        "Break notice, proof of delivery.pdf",
    ]
    assert jump_targets(model, "harlow")[0].kind == "matter"
    assert jump_targets(model, "unit lease")[0].title == "Lease, Unit 4.pdf"
    assert jump_targets(model, "sett")[0].key == "settings"
    assert jump_targets(model, "nothing like it") == []
    assert [target.kind for target in jump_targets(model, "")][:1] == ["matter"]


def test_jump_knows_documents_that_came_and_went(model: WindowModel, bridge: RecordingBridge) -> None:
    bridge.send(events.DocumentChanged(document("new", "Zoning plan.pdf")))
    assert jump_targets(model, "zoning")[0].key == "new"
    bridge.send(events.DocumentRemoved(HARLOW.id, document("new", "").id))
    assert jump_targets(model, "zoning") == []


def test_documents_of_another_matter_are_not_listed(model: WindowModel, bridge: RecordingBridge) -> None:
    foreign = dataclasses.replace(document("f", "Foreign.pdf"), matter=MatterId("m9"))
    bridge.send(events.DocumentChanged(foreign))
    assert jump_targets(model, "foreign") == []


def test_the_last_measured_speed_stays_while_the_model_rests(model: WindowModel, bridge: RecordingBridge) -> None:
    bridge.send(events.ModelStateChanged(dataclasses.replace(model_ready(), tokens_per_s=None)))
    assert model.speed_words == "18.6 tokens/s"
