"""The Ask view-model without a window: asking, answers on their way, drafts, what may be asked, what is kept on failure."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.ask import AskModel
from engine import events
from engine.errors import DiskFull, WorkerDied
from engine.intents import AskQuestion, ChooseModel, KeepDraft, RenderPage, StopReply
from engine.records import ConversationId, DocumentId, MatterId, ModelId, ModelState
from engine.settings import Settings
from tests.desktop import ask_stage as stage
from tests.desktop.recording import RecordingBridge


@pytest.fixture
def bridge(qapp: QCoreApplication) -> RecordingBridge:
    return RecordingBridge()


@pytest.fixture
def model(bridge: RecordingBridge) -> AskModel:
    model = AskModel(bridge)
    stage.open_matter(bridge)
    return model


def ask(model: AskModel, text: str = "What notice?") -> None:
    model.write(text)
    model.ask()


# ---------------------------------------------------------------- what may be asked
def test_each_reason_not_to_ask_is_said(bridge):
    model = AskModel(bridge)
    assert "matter" in model.why_not_ask
    stage.open_matter(bridge)
    assert "Write a question" in model.why_not_ask
    model.write("  \n ")
    assert "Write a question" in model.why_not_ask
    model.write("What notice?")
    assert model.why_not_ask == ""
    bridge.send(
        events.ModelStateChanged(ModelState("failed", ModelId("q"), "Qwen3 8B", problem="model_damaged", problem_facts={}))
    )
    assert "Qwen3 8B" in model.why_not_ask
    stage_ready = stage.ready_model()
    bridge.send(stage_ready)
    model.ask()
    assert "Stop it" in model.why_not_ask


def test_nothing_is_asked_that_may_not_be(model, bridge):
    model.ask()
    assert bridge.wished(AskQuestion) == []


# ---------------------------------------------------------------- an answer from start to end
def test_an_answer_from_question_to_last_word(model, bridge):
    seen: list[str] = []
    model.answer_changed.connect(lambda exchange: seen.append(exchange.text))
    ask(model, "What notice? ")
    exchange = model.exchanges[0]
    wish = stage.begin_answer(bridge)
    assert (wish.text, wish.matter, wish.conversation, wish.documents) == ("What notice?", stage.MATTER.id, None, None)
    assert model.draft == "" and model.running is exchange
    bridge.send(events.AnswerProgress(wish.request, "reading", 1, 4, stage.Reading(4, 9)))
    assert exchange.progress.share == 0.25
    bridge.send(events.AnswerGrew(wish.request, "Six "), events.AnswerGrew(wish.request, "months."))
    bridge.send(events.SentenceChecked(wish.request, stage.sentence("Six months.", "Six months.", stage.evidence())))
    assert exchange.text == "Six months." and [each.number for each in exchange.citations.sources] == [1]
    bridge.send(events.Finished(wish.request, stage.answered()))
    assert not exchange.is_running and exchange.text == stage.ANSWER and model.running is None
    assert seen[-1] == stage.ANSWER
    assert model.conversation == stage.CONVERSATION


def test_a_new_conversation_has_a_name_as_soon_as_its_question_is_stored(model, bridge):
    ask(model)
    wish = bridge.wished(AskQuestion)[-1]
    bridge.send(events.AnswerStarted(wish.request, ConversationId("c9"), stage.asked(text="What notice?")))
    assert (model.title, model.conversation.id) == ("What notice?", "c9")
    bridge.send(events.Finished(wish.request, stage.answered()))
    ask(model, "And when?")
    assert bridge.wished(AskQuestion)[-1].conversation == "c9"


def test_stop_names_the_request_that_is_running(model, bridge):
    model.stop()
    assert bridge.wished(StopReply) == []
    ask(model)
    model.stop()
    assert bridge.wished(StopReply)[-1].request == bridge.wished(AskQuestion)[-1].request


def test_an_answer_goes_on_behind_another_conversation_and_is_found_again(model, bridge):
    ask(model)
    wish = stage.begin_answer(bridge)
    running = model.exchanges[0]
    model.new_conversation()
    assert model.exchanges == [] and model.running is None
    bridge.send(events.AnswerGrew(wish.request, "Six months."))
    stage.open_conversation(bridge, stage.asked(f"q-{wish.request}"))
    assert model.exchanges == [running] and running.text == "Six months." and model.running is running
    bridge.send(events.Finished(wish.request, stage.answered()))
    assert running.text == stage.ANSWER


def test_events_of_unknown_requests_change_nothing(model, bridge):
    bridge.send(events.AnswerGrew("elsewhere", "words"), events.Finished("elsewhere", stage.answered()))
    assert model.exchanges == []


def test_ask_again_replaces_the_kept_answer(model, bridge):
    stage.open_conversation(bridge)
    exchange = model.exchanges[0]
    model.ask_again(exchange)
    wish = bridge.wished(AskQuestion)[-1]
    assert (wish.replaces, wish.text, wish.conversation) == ("a1", stage.QUESTION, "c1")
    assert exchange.is_running and exchange.text == "" and model.exchanges == [exchange]


def test_asking_again_without_a_kept_answer_asks_anew(model, bridge):
    stage.open_conversation(bridge, stage.asked())
    model.ask_again(model.exchanges[0])
    assert bridge.wished(AskQuestion)[-1].replaces is None
    assert [each.is_running for each in model.exchanges] == [True]


def test_sentences_are_announced_only_if_wished_and_shown(model, bridge):
    heard: list[str] = []
    model.announced.connect(heard.append)
    ask(model)
    wish = stage.begin_answer(bridge)
    checked = events.SentenceChecked(wish.request, stage.sentence("Six months.", "Six months."))
    bridge.send(checked)
    bridge.send(events.SettingsChanged(Settings(announce_answers=False)), checked)
    assert heard == ["Six months."]


# ---------------------------------------------------------------- failure loses nothing
def test_a_question_that_could_not_be_stored_returns_to_the_composer(model, bridge):
    ask(model, "What notice?")
    model.write("typed since")
    bridge.send(events.Failed(bridge.wished(AskQuestion)[-1].request, DiskFull(0)))
    assert model.draft == "What notice?\ntyped since"
    assert model.exchanges[0].problem[0] == "disk_full"


def test_what_was_written_before_a_failure_stays(model, bridge):
    ask(model)
    wish = stage.begin_answer(bridge)
    bridge.send(events.AnswerGrew(wish.request, "Six mo"), events.Failed(wish.request, WorkerDied("chat", -9, True)))
    exchange = model.exchanges[0]
    assert (exchange.text, exchange.problem[0], model.draft) == ("Six mo", "worker_died", "")


def test_a_stored_failure_shows_its_problem_again(model, bridge):
    stage.open_conversation(
        bridge, stage.asked(), stage.answered(problem="worker_died", problem_facts={"worker": "chat", "exit_code": -9})
    )
    assert model.exchanges[0].problem == ("worker_died", {"worker": "chat", "exit_code": -9})


# ---------------------------------------------------------------- drafts
def test_a_draft_is_kept_after_a_pause_and_given_up_when_its_question_is_stored(model, bridge, qtbot):
    model.write("What")
    model.write("What notice?")
    assert bridge.wished(KeepDraft) == []
    qtbot.waitUntil(lambda: bool(bridge.wished(KeepDraft)))
    assert [wish.text for wish in bridge.wished(KeepDraft)] == ["What notice?"]
    model.ask()
    assert [wish.text for wish in bridge.wished(KeepDraft)] == ["What notice?"]
    stage.begin_answer(bridge)
    assert [wish.text for wish in bridge.wished(KeepDraft)] == ["What notice?", ""]


def test_drafts_belong_to_their_conversations(model, bridge):
    model.write("for the next one")
    stage.open_conversation(bridge)
    assert model.draft == ""
    model.write("for this one")
    model.new_conversation()
    assert model.draft == "for the next one"
    assert (bridge.wished(KeepDraft)[-1].conversation, bridge.wished(KeepDraft)[-1].text) == ("c1", "for this one")


def test_stored_drafts_come_back(bridge):
    model = AskModel(bridge)
    shown: list[str] = []
    model.draft_replaced.connect(lambda: shown.append(model.draft))
    stage.open_matter(bridge, draft="half a question")
    assert shown[-1] == "half a question"


# ---------------------------------------------------------------- documents and models
def test_the_scope_goes_with_the_question(model, bridge):
    model.choose_documents(DocumentId("lease"), included=True)
    assert model.scope.label == "Lease, Unit 4.pdf"
    model.choose_documents(DocumentId("notice"), included=True)
    assert model.scope.label == "2 of 14 documents"
    bridge.send(events.DocumentRemoved(stage.MATTER.id, DocumentId("notice")))
    ask(model)
    assert bridge.wished(AskQuestion)[-1].documents == ("lease",)
    model.choose_documents(None, included=True)
    assert model.scope.documents is None and model.scope.label == "13 documents"


def test_documents_of_other_matters_do_not_come_in(model, bridge):
    foreign = stage.document(DocumentId("x"), "x.pdf")
    bridge.send(events.DocumentChanged(type(foreign)(**{**foreign.__dict__, "matter": MatterId("m2")})))
    assert model.scope.n_all == 14


def test_that_documents_are_still_being_read_is_said(model, bridge):
    bridge.send(events.DocumentChanged(stage.document(DocumentId("new"), "new.pdf", status="reading")))
    assert model.still_reading == ""
    bridge.send(events.ReadingProgress(stage.MATTER.id, 14, 15))
    assert "14 of 15" in model.still_reading
    bridge.send(events.ReadingProgress(stage.MATTER.id, 0, 0))
    assert model.still_reading == ""


def test_examples_are_about_documents_that_can_be_asked(bridge):
    model = AskModel(bridge)
    documents = (stage.document(DocumentId("a"), "A.pdf", status="failed"), stage.document(DocumentId("b"), "B.pdf"))
    bridge.send(events.MatterOpened(stage.MATTER, documents, ()))
    assert [document for document, _ in model.scope.examples] == ["b"]
    model.suggest(*model.scope.examples[0])
    assert "B.pdf" in model.draft and model.scope.documents == ("b",)


def test_another_model_can_be_chosen(model, bridge):
    assert [each.name for each in model.chat_models] == ["Qwen3 8B", "SmolLM2 135M"]
    model.choose_model(ModelId("smol"))
    assert bridge.wished(ChooseModel)[-1].model == "smol"


def test_a_deleted_matter_or_conversation_leaves_the_screen(model, bridge):
    stage.open_conversation(bridge)
    bridge.send(events.ConversationsChanged(stage.MATTER.id, ()))
    assert model.conversation is None and model.exchanges == []
    bridge.send(events.MattersChanged(()))
    assert model.matter is None and model.draft == ""


def test_a_citation_opens_its_page_and_an_unsupported_one_opens_nothing(model, bridge):
    stage.open_conversation(bridge)
    model.viewer.set_width(900)
    assert model.open_citation(model.exchanges[0], 1) and not model.open_citation(model.exchanges[0], 5)
    wish = bridge.wished(RenderPage)[-1]
    assert (wish.document, wish.page, wish.width, wish.spans) == ("lease", 7, 900, ((120, 120 + len(stage.QUOTE)),))
