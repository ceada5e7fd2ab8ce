"""The engine as a whole: real store, real sealed workers, the starter model. Every question gets one last word."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.errors import PromptTooLong, WorkerDied
from engine.events import (
    AnswerGrew,
    AnswerStarted,
    ConversationOpened,
    DocumentAlreadyHere,
    DocumentChanged,
    DocumentRemoved,
    Failed,
    Finished,
    MatterOpened,
    MattersChanged,
    ModelStateChanged,
    PageShown,
    ReadingProgress,
    SentenceChecked,
    Trouble,
)
from engine.intents import (
    AddDocuments,
    CancelReading,
    ChooseModel,
    DeleteMatter,
    KeepDraft,
    OpenConversation,
    OpenMatter,
    PauseReading,
    RemoveDocument,
    RenderPage,
    StopReply,
)
from engine.records import ModelId
from tests.engine.cheap_passphrases import cheap_passphrases
from tests.engine.listening import Listening

LEASE = """6 Tenant's option to determine

The Tenant may determine this Lease on the Break Date by giving the Landlord not less than six months' prior written notice.
Time shall be of the essence in respect of the period of notice. The yearly rent is 12,400 euros.
"""


@pytest.fixture
def lease(tmp_path: Path) -> Path:
    file = tmp_path / "Lease, Unit 4.txt"
    file.write_text(LEASE, encoding="utf-8")
    return file


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter_model: Path, embedding_model: Path) -> Iterator[Listening]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no keyring: the user decides
    listening = Listening(tmp_path / "profile")
    yield listening
    listening.close()


def chat_worker() -> psutil.Process:
    for child in psutil.Process().children():
        if child.cmdline()[-2:] == ["--worker", "chat"] or "chat" in child.cmdline():
            return child
    raise AssertionError("no chat worker runs")


def test_a_question_about_a_document_ends_in_an_answer_with_checked_sentences(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    assert document.status == "ready"
    request = engine.ask(document.matter, "What notice must the tenant give?")
    finished = engine.last_word(request)
    assert isinstance(finished, Finished)
    answer = finished.answer
    assert answer.text == engine.words(request)
    assert answer.sentences == tuple(each.sentence for each in engine.of(SentenceChecked) if each.request == request)
    assert answer.usage is not None and answer.usage.generated_tokens > 0
    assert answer.reading is not None and answer.reading.n_passages >= 1
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        for evidence in sentence.evidence:
            assert evidence.quote in LEASE


def test_a_stopped_answer_is_kept_and_is_not_an_error(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    request = engine.ask(document.matter, "Write everything that you know about leases and rents, at length.")
    engine.wait(AnswerGrew, lambda event: event.request == request)
    engine.submit(StopReply(request))
    finished = engine.last_word(request)
    assert isinstance(finished, Finished)
    assert finished.answer.stop_reason == "cancelled"
    engine.submit(OpenConversation(document.matter, finished.answer.conversation))
    shown = engine.wait(ConversationOpened)
    assert [message.role for message in shown.messages] == ["user", "assistant"]
    assert shown.messages[1].text == finished.answer.text


def test_a_killed_worker_fails_the_answer_keeps_its_text_and_comes_back(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    request = engine.ask(document.matter, "Write everything that you know about leases and rents, at length.")
    engine.wait(AnswerGrew, lambda event: event.request == request)
    after = len(engine.events)
    os.kill(chat_worker().pid, signal.SIGKILL)
    failed = engine.last_word(request)
    assert isinstance(failed, Failed) and isinstance(failed.error, WorkerDied)
    assert failed.answer is not None and failed.answer.text == engine.words(request) != ""
    assert failed.answer.problem == "worker_died"
    engine.wait(ModelStateChanged, lambda event: event.state.phase == "ready", after=after)
    again = engine.ask(document.matter, "What is the yearly rent?", conversation=failed.answer.conversation)
    assert isinstance(engine.last_word(again), Finished)


def test_a_question_longer_than_the_context_says_by_how_much_and_keeps_the_question(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    request = engine.ask(document.matter, "tenant " * 6000)
    failed = engine.last_word(request)
    assert isinstance(failed, Failed) and isinstance(failed.error, PromptTooLong)
    assert failed.error.n_prompt_tokens > failed.error.n_ctx > 0
    assert engine.wait(AnswerStarted, lambda event: event.request == request).question.text.startswith("tenant tenant")


def test_broken_documents_become_worded_rows_and_the_others_are_read(engine: Listening, lease: Path, tmp_path: Path):
    engine.unlock()
    empty, garbage = tmp_path / "empty.pdf", tmp_path / "garbage.pdf"
    empty.write_bytes(b"")
    garbage.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 50)
    by_name = {each.name: each for each in engine.add(empty, garbage, lease)}
    assert by_name["empty.pdf"].problem == "document_unreadable"
    assert by_name["empty.pdf"].problem_facts == {"name": "empty.pdf", "reason": "empty", "detail": ""}
    assert by_name["garbage.pdf"].problem_facts is not None
    assert by_name["garbage.pdf"].problem_facts["reason"] == "damaged"
    assert by_name[lease.name].status == "ready"


def test_the_same_file_is_not_added_twice(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    engine.submit(AddDocuments(document.matter, (lease,)))
    assert engine.wait(DocumentAlreadyHere).document.id == document.id


def test_two_questions_at_once_both_get_their_last_word(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    requests = [engine.ask(document.matter, text) for text in ("What is the rent?", "What notice must be given?")]
    assert all(isinstance(engine.last_word(request), Finished) for request in requests)
    last_words = [event.request for event in engine.events if isinstance(event, Finished | Failed)]
    assert sorted(last_words) == sorted(requests)


def test_a_page_of_text_is_shown_as_text_and_a_page_of_a_pdf_as_a_picture(engine: Listening, lease: Path, policy_pdf: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    engine.submit(RenderPage(document.matter, document.id, 1, 600))
    shown = engine.wait(PageShown)
    assert shown.picture is None and "six months" in shown.page.text
    (manual,) = engine.add(policy_pdf, matter=document.matter, indexed=False)
    engine.submit(RenderPage(document.matter, manual.id, 30, 600, ((10, 60),)))
    shown = engine.wait(PageShown, lambda event: event.page.document == manual.id)
    assert shown.picture is not None
    assert len(shown.picture.rgb) == shown.picture.width * shown.picture.height * 3
    assert shown.picture.quads


def test_what_was_asked_is_there_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lease: Path):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    first = Listening(tmp_path / "profile")
    try:
        with cheap_passphrases():
            first.unlock("passphrase", "correct horse battery staple")
        (document,) = first.add(lease)
        finished = first.last_word(first.ask(document.matter, "What is the yearly rent?"))
        assert isinstance(finished, Finished)
    finally:
        first.close()
    second = Listening(tmp_path / "profile")
    try:
        second.unlock("passphrase", "correct horse battery staple")
        (matter,) = second.wait(MattersChanged).matters
        second.submit(OpenMatter(matter.id))
        opened = second.wait(MatterOpened)
        assert [each.name for each in opened.documents] == [lease.name]
        second.submit(OpenConversation(matter.id, opened.conversations[0].id))
        assert second.wait(ConversationOpened).messages[1] == finished.answer
    finally:
        second.close()


LONG_ANSWER = "Write everything that you know about leases and rents, at length."


def test_stopping_at_once_ends_the_question_without_a_word(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    request = engine.ask(document.matter, LONG_ANSWER)
    engine.wait(AnswerStarted, lambda event: event.request == request)
    engine.submit(StopReply(request))
    finished = engine.last_word(request)
    assert isinstance(finished, Finished) and finished.answer.stop_reason == "cancelled"


def test_choosing_another_model_ends_a_running_answer_with_what_was_written(engine: Listening, lease: Path, starter_model: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    request = engine.ask(document.matter, LONG_ANSWER)
    engine.wait(AnswerStarted, lambda event: event.request == request)
    after = len(engine.events)
    engine.submit(ChooseModel(ModelId(starter_model.stem)))
    finished = engine.last_word(request)
    assert isinstance(finished, Finished) and finished.answer.text == engine.words(request)
    at_once = engine.ask(document.matter, "What is the yearly rent?")
    assert isinstance(engine.last_word(at_once), Finished)  # it waits for the model that is being loaded
    engine.wait(ModelStateChanged, lambda event: event.state.phase == "ready", after=after)


def test_asking_again_puts_the_new_answer_in_the_place_of_the_old_one(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease)
    first = engine.last_word(engine.ask(document.matter, "What is the yearly rent?"))
    assert isinstance(first, Finished)
    conversation = first.answer.conversation
    second = engine.last_word(engine.ask(document.matter, "What notice must be given?", conversation=conversation))
    again = engine.ask(document.matter, "What is the yearly rent?", conversation=conversation, replaces=first.answer.id)
    renewed = engine.last_word(again)
    assert isinstance(second, Finished) and isinstance(renewed, Finished)
    assert renewed.answer.reading is not None and renewed.answer.reading.n_turns_left_out == 0
    engine.submit(OpenConversation(document.matter, conversation))
    shown = engine.wait(ConversationOpened).messages
    assert [each.role for each in shown] == ["user", "assistant", "user", "assistant"]
    assert (shown[1], shown[3]) == (renewed.answer, second.answer)


def test_deleting_a_matter_ends_its_questions_and_troubles_nobody(engine: Listening, lease: Path):
    engine.unlock()
    (document,) = engine.add(lease, indexed=False)
    request = engine.ask(document.matter, LONG_ANSWER)
    engine.wait(AnswerStarted, lambda event: event.request == request)
    engine.submit(DeleteMatter(document.matter))
    engine.wait(MattersChanged, lambda event: event.matters == (), after=len(engine.events) - 1)
    engine.last_word(request)
    engine.close()
    assert [event for event in engine.events if isinstance(event, Finished | Failed)] == [engine.last_word(request)]
    assert not engine.of(Trouble)


def test_closing_keeps_the_running_answer_and_every_wish_handed_in_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lease: Path
):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    first = Listening(tmp_path / "profile")
    try:
        with cheap_passphrases():
            first.unlock("passphrase", "correct horse battery staple")
        (document,) = first.add(lease)
        request = first.ask(document.matter, LONG_ANSWER)
        first.wait(AnswerStarted, lambda event: event.request == request)
        for number in range(20):
            first.submit(KeepDraft(document.matter, None, f"draft {number}"))
    finally:
        first.close()
    finished = first.last_word(request)
    assert isinstance(finished, Finished)
    second = Listening(tmp_path / "profile")
    try:
        second.unlock("passphrase", "correct horse battery staple")
        second.submit(OpenMatter(document.matter))
        assert second.wait(MatterOpened).draft == "draft 19"
        second.submit(OpenConversation(document.matter, finished.answer.conversation))
        assert second.wait(ConversationOpened).messages[1] == finished.answer
    finally:
        second.close()


def test_a_pause_holds_up_no_other_matter_and_is_shown_to_who_comes_back(engine: Listening, lease: Path, policy_pdf: Path):
    engine.unlock()
    engine.submit(AddDocuments(None, (policy_pdf,)))
    matter = engine.wait(MatterOpened).matter.id
    engine.wait(ReadingProgress, lambda event: event.page > 0)
    engine.submit(PauseReading(matter))
    engine.wait(ReadingProgress, lambda event: event.paused)
    (document,) = engine.add(lease)
    assert document.status == "ready" and document.matter != matter
    after = len(engine.events)
    engine.submit(OpenMatter(matter))
    assert engine.wait(ReadingProgress, after=after).paused


def test_cancelling_after_the_document_was_removed_ends_the_reading(engine: Listening, lease: Path, policy_pdf: Path):
    engine.unlock()
    engine.submit(AddDocuments(None, (policy_pdf, lease)))
    matter = engine.wait(MatterOpened).matter.id
    engine.wait(ReadingProgress, lambda event: event.page > 0 and event.n_total == 2)
    engine.submit(PauseReading(matter))
    engine.wait(ReadingProgress, lambda event: event.paused)
    current = engine.wait(DocumentChanged, lambda event: event.document.name == policy_pdf.name).document
    engine.submit(RemoveDocument(matter, current.id))
    engine.wait(DocumentRemoved)
    after = len(engine.events)
    engine.submit(CancelReading(matter))
    left = engine.wait(DocumentChanged, lambda event: event.document.status == "cancelled", after=after)
    assert left.document.name == lease.name
    engine.wait(ReadingProgress, lambda event: event.n_total == 0, after=after)
