"""What must hold before text may leave: the box, the hashes of what is shown, leaks, changes, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop.viewmodels.batch_consent import BatchConsentModel
from desktop.viewmodels.consent import ConsentModel
from desktop.wordings import consent
from engine import compare_events, compare_intents
from engine.compare_records import Leak, LocalChoice, Preview, RemoteChoice
from engine.errors import MatterConfidential, NotApproved
from engine.provider_records import ProviderId
from engine.records import ModelId, RequestId
from tests.desktop import consent_samples as samples
from tests.desktop.recording import RecordingBridge


@pytest.fixture
def bridge(qapp: QApplication) -> RecordingBridge:
    return RecordingBridge()


def model_of(bridge: RecordingBridge, preview: Preview | None = None) -> ConsentModel:
    return ConsentModel(bridge, preview or samples.preview())


def prepared(preview: Preview) -> compare_events.ComparisonPrepared:
    return compare_events.ComparisonPrepared(preview)


# ---------------------------------------------------------------- sending
def test_nothing_is_sent_before_the_box_is_ticked(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.send()
    assert bridge.wishes == [] and model.why_not_send
    model.say_read(True)
    model.send()
    approved = tuple(each.sha256 for each in samples.preview().receivers)
    assert bridge.wishes == [compare_intents.SendComparison(samples.REQUEST, approved)]


def test_send_works_once(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    model.send()
    model.send()
    assert len(bridge.wishes) == 1


def test_what_is_approved_is_what_was_shown_even_if_something_else_was_prepared_elsewhere(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    shown = [each.sha256 for each in model.to_send]
    bridge.send(prepared(replace(samples.preview("Another text"), request=RequestId("other"))))
    model.say_read(True)
    model.send()
    assert list(bridge.wishes[0].approved) == shown


def test_another_preview_unticks_the_box_and_says_so(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    bridge.send(prepared(samples.shown(samples.preview(), "[Person 3]")))
    assert not model.is_read and "text has changed" in model.change_words
    model.send()
    assert bridge.wishes == []
    model.say_read(True)
    assert model.change_words == "" and not model.why_not_send
    model.send()
    assert list(bridge.wishes[0].approved) == [each.sha256 for each in model.preview.receivers]


def test_another_receiver_or_price_unticks_the_box_too(bridge: RecordingBridge) -> None:
    for other in (samples.preview(providers=[samples.OPENAI, samples.OWN]), samples.preview(costs={"openai": 9_000_000})):
        model = model_of(bridge)
        model.say_read(True)
        bridge.send(prepared(other))
        assert not model.is_read and model.change_words


def test_the_same_preview_again_changes_nothing(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    bridge.send(prepared(samples.preview()))
    assert model.is_read and model.change_words == ""


def test_a_hash_that_does_not_belong_to_its_body_is_never_approved(bridge: RecordingBridge) -> None:
    preview = samples.preview()
    wrong = replace(preview.receivers[0], body=preview.receivers[0].body + b" ")
    model = model_of(bridge, replace(preview, receivers=(wrong, preview.receivers[1])))
    model.say_read(True)
    model.send()
    assert not model.is_read and bridge.wishes == []


def test_leaks_forbid_sending_and_are_listed_with_their_form_and_place(bridge: RecordingBridge) -> None:
    model = model_of(bridge, samples.leaking())
    model.say_read(True)
    model.send()
    assert bridge.wishes == [] and "Hidden details" in model.why_not_send
    assert [row.words for row in model.leaks] == ["[Person 1], written backwards", "[Person 1], letter by letter"]
    shown, marks = model.shown
    danger = [shown.text[mark.start : mark.end] for mark in marks if mark.tone == "danger"]
    assert danger == ["wolraH annA", "A N N A  H A R L O W"]


def test_a_leak_outside_of_the_text_forbids_sending_too(bridge: RecordingBridge) -> None:
    leak = Leak("[Person 1]", "person", "encoded", 0, 0)
    model = model_of(bridge, samples.preview(leaks=[leak]))
    model.say_read(True)
    model.send()
    assert bridge.wishes == []
    assert [(row.words, row.start) for row in model.leaks] == [
        ("[Person 1], in another encoding, in the request around the text", None)
    ]


def test_nothing_can_be_approved_where_nothing_waits(bridge: RecordingBridge) -> None:
    model = model_of(bridge, replace(samples.preview(), receivers=()))
    model.say_read(True)
    model.send()
    assert bridge.wishes == []


def test_a_refusal_says_why_and_wants_the_text_read_again(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    model.send()
    bridge.send(compare_events.ComparisonRefused(RequestId("other"), NotApproved("changed")))
    assert model.is_sending
    bridge.send(compare_events.ComparisonRefused(samples.REQUEST, MatterConfidential("Harlow")))
    assert model.problem is not None and not model.is_sending and not model.is_read


def test_it_is_over_when_a_remote_pane_begins_and_not_before(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    told: list[bool] = []
    model.sent.connect(lambda: told.append(True))
    remote = compare_events.PaneStarted(
        samples.REQUEST, 1, RemoteChoice(ProviderId("openai"), "gpt-5.2"), "gpt-5.2", "api.openai.com"
    )
    bridge.send(remote)
    assert told == [], "nothing was approved here"
    model.say_read(True)
    model.send()
    bridge.send(compare_events.PaneStarted(samples.REQUEST, 0, LocalChoice(ModelId("q")), "Qwen3 8B"))
    assert told == []
    bridge.send(remote, replace(remote, pane=2))
    assert told == [True]


# ---------------------------------------------------------------- hiding
def test_words_are_hidden_on_wish_and_the_text_cannot_be_sent_meanwhile(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    assert model.hide(" apology ", "term") == ""
    assert bridge.wishes == [compare_intents.ReviseHidden(samples.REQUEST, hide=("apology",), kind="term")]
    assert model.why_not_send and not model.is_read
    model.send()
    assert len(bridge.wishes) == 1
    bridge.send(prepared(samples.preview(samples.COMPLAINT.replace("apology", "[Term 1]"))))
    model.say_read(True)
    assert model.why_not_send == ""


@pytest.mark.parametrize("words", ["", "  ", "Dear [Person 2]", "nowhere in it"])
def test_words_that_cannot_be_hidden_are_explained(bridge: RecordingBridge, words: str) -> None:
    assert model_of(bridge).hide(words) and bridge.wishes == []


def test_details_are_let_be_seen_and_hidden_again(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.let_be_seen("[Person 3]")
    bridge.send(prepared(samples.shown(samples.preview(), "[Person 3]")))
    seen = [row for row in model.details if not row.is_hidden]
    assert [row.original for row in seen] == ["Jean-Luc Dubois"] and model.n_hidden == 5
    assert "One detail is sent as it is." in model.hidden_words
    shown, marks = model.shown
    assert [shown.text[mark.start : mark.end] for mark in marks if mark.tone == "caution"] == ["Jean-Luc Dubois"]
    model.hide_again("[Person 3]")
    assert bridge.wishes == [
        compare_intents.ReviseHidden(samples.REQUEST, show=("[Person 3]",)),
        compare_intents.ReviseHidden(samples.REQUEST, hide_again=("[Person 3]",)),
    ]


def test_a_selection_is_what_would_be_sent_also_behind_written_out_characters(bridge: RecordingBridge) -> None:
    model = model_of(bridge, samples.preview("A\u200b\U0001f600 Brent Estates [Person 1]"))
    shown, _marks = model.shown
    start = shown.text.encode("utf-16-le").index("Brent".encode("utf-16-le")) // 2
    assert model.selected(start, start + len("Brent Estates")) == "Brent Estates"


def test_originals_are_for_this_screen_and_nothing_is_approved_while_they_are_shown(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.say_read(True)
    model.show_originals(True)
    shown, marks = model.shown
    assert "Flat 7, 14 Brent Road" in shown.text and "[Person 1]" not in shown.text
    assert {mark.tone for mark in marks} == {"local"} and len(marks) == 6
    model.send()
    assert bridge.wishes == [], "what is seen is not what is sent"
    model.show_originals(False)
    assert model.shown[0].source == model.preview.text
    model.send()
    assert len(bridge.wishes) == 1


def test_originals_go_away_with_a_changed_text(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.show_originals(True)
    bridge.send(prepared(samples.preview("Another text of [Person 1]")))
    assert not model.shows_originals and model.shown[0].text == "Another text of [Person 1]"


def test_the_request_is_shown_byte_for_byte_with_its_hash(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    model.show_bodies(True)
    for place, receiver in enumerate(samples.preview().receivers):
        model.choose_body(place)
        assert model.shown[0].source.encode() == receiver.body
        assert model.bodies[place].sha256 == receiver.sha256


@given(st.text(max_size=300))
def test_every_character_of_the_text_is_shown(text: str) -> None:
    model = ConsentModel(RecordingBridge(), samples.preview(text))
    assert model.shown[0].source == text


# ---------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("providers", "title"),
    [
        ([samples.OPENAI, samples.ANTHROPIC], "Send this text to two companies?"),
        ([samples.OPENAI], "Send this text to one company?"),
        ([samples.OWN], "Send this text to one server of your organisation?"),
        ([samples.OPENAI, samples.OWN], "Send this text to one company and one server of your organisation?"),
        ([samples.OPENAI, samples.OPENAI], "Send this text to one company?"),
    ],
)
def test_the_title_names_how_many_receive_it(bridge: RecordingBridge, providers: list[object], title: str) -> None:
    assert model_of(bridge, samples.preview(providers=providers)).title == title  # type: ignore[arg-type]


def test_a_cost_is_a_limit_and_unknown_is_never_nothing(bridge: RecordingBridge) -> None:
    assert model_of(bridge).cost_words == "At most $0.009"
    some = model_of(bridge, samples.preview(costs={"anthropic": None}))
    assert some.cost_words == "At most $0.004, and 1 request whose cost is not known"
    assert [row.cost for row in some.rows] == ["$0.004", "Cost not known"]
    none = model_of(bridge, samples.preview(costs={"openai": None, "anthropic": None}))
    assert none.cost_words == "Cost not known"


@given(st.integers(0, 10**13))
def test_a_shown_limit_is_never_below_the_limit(nano: int) -> None:
    shown = float(consent.at_most(nano).removeprefix("$").replace(",", ""))
    assert nano / 1e9 <= shown + 1e-9 <= nano / 1e9 + 0.0101


def test_terms_are_only_what_was_recorded(bridge: RecordingBridge) -> None:
    first, second = model_of(bridge).rows
    assert (first.terms, first.terms_note) == ("Kept up to 30 days", "As you recorded it")
    assert (second.terms, second.terms_note) == ("How long it is kept is not recorded", "")


def test_counts_and_kinds(bridge: RecordingBridge) -> None:
    model = model_of(bridge)
    assert model.amount_words == f"{len(model.preview.text)} characters, at most 131 tokens"
    assert (model.n_hidden, model.hidden_words) == (6, "3 people, 1 address, 1 phone number, 1 reference")
    assert model.send_words == "Send to 2 hosts"
    assert "not sent" in model_of(bridge, samples.with_passages()).attached_words


def test_nothing_is_called_anonymous() -> None:
    words = " ".join([consent.risk(), consent.hidden(3), consent.stays(has_documents=True, has_hidden=True)])
    assert "anonym" not in words.lower() and "not perfect" in words


# ---------------------------------------------------------------- a batch
def test_a_batch_is_approved_as_a_whole_and_each_text_can_be_read(bridge: RecordingBridge) -> None:
    batch = samples.batch(120)
    model = BatchConsentModel(bridge, batch)
    assert model.title == "Send these 120 texts to one company?"
    assert model.place_words == "Text 1 of 120" and model.cost_words == "At most $0.252"
    for place, preview in enumerate(batch.previews):
        model.show_text(place)
        assert model.shown[0].source == preview.text
    model.show_text(500)
    assert model.place == 119
    model.send()
    assert bridge.wishes == []
    model.say_read(True)
    model.send()
    assert bridge.wishes == [compare_intents.RunEvaluation(samples.REQUEST, batch.sha256)]


def test_one_leak_holds_back_the_whole_batch(bridge: RecordingBridge) -> None:
    model = BatchConsentModel(bridge, samples.batch(20, leak_in=16))
    model.say_read(True)
    model.send()
    assert bridge.wishes == [] and model.first_leaking == 16 and model.leaks == []


def test_a_batch_that_would_send_more_than_it_shows_is_not_approved(bridge: RecordingBridge) -> None:
    batch = samples.batch(3)
    model = BatchConsentModel(bridge, replace(batch, previews=batch.previews[:2]))
    model.say_read(True)
    model.send()
    assert bridge.wishes == []


def test_an_approval_that_is_not_of_the_shown_texts_is_not_given(bridge: RecordingBridge) -> None:
    model = BatchConsentModel(bridge, replace(samples.batch(3), sha256=samples.batch(4).sha256))
    model.say_read(True)
    model.send()
    assert bridge.wishes == []


def test_a_batch_prepared_anew_is_read_again_and_progress_ends_it(bridge: RecordingBridge) -> None:
    model = BatchConsentModel(bridge, samples.batch(3))
    model.say_read(True)
    newer = samples.batch(4)
    bridge.send(newer)
    assert not model.is_read and model.change_words
    model.say_read(True)
    model.send()
    assert bridge.wishes[0].approved == newer.sha256
    told: list[bool] = []
    model.sent.connect(lambda: told.append(True))
    bridge.send(compare_events.EvaluationProgress(samples.REQUEST, 0, 4))
    assert told == [True]


def test_a_batch_that_failed_says_why(bridge: RecordingBridge) -> None:
    model = BatchConsentModel(bridge, samples.batch(3))
    model.say_read(True)
    model.send()
    bridge.send(compare_events.EvaluationFailed(samples.REQUEST, NotApproved("changed")))
    assert model.problem is not None and not model.is_read
