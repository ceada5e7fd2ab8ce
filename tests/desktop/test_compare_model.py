"""The Compare screen's model without a window: what is wished for, what waits, what is hidden, what a vote says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.compare import CompareModel
from engine import compare_events as happened
from engine import compare_intents as wishes
from engine import events
from engine.compare_records import Comparison, ComparisonId, LocalChoice, RemoteChoice
from engine.errors import KeyRefused, MatterConfidential
from engine.records import ModelId
from engine.vote_records import Prompt
from tests.desktop import compare_samples as samples
from tests.desktop.compare_samples import CLAUDE, GPT, GRIEVANCE, QUESTION, QWEN, SUMMARIES
from tests.desktop.recording import HARLOW, RecordingBridge, documents


class Stage:
    """A model over a recording bridge, in an open matter with providers."""

    def __init__(self) -> None:
        self.bridge = RecordingBridge()
        self.model = CompareModel(self.bridge)
        self.bridge.send(*samples.a_day_of_comparing())
        self.announced: list[str] = []
        self.model.announced.connect(lambda words, _urgent: self.announced.append(words))
        self.bridge.wishes.clear()

    def ask(self, *choices: object, blind: bool = False, voting: bool = True) -> wishes.PrepareComparison:
        model = self.model
        if voting:
            model.votes.choose(SUMMARIES)
        model.set_number(len(choices))
        for place, choice in enumerate(choices):
            model.choose(place, choice)  # type: ignore[arg-type]
        model.set_blind(blind)
        model.write(QUESTION)
        model.compare()
        return samples.last_wish(self.bridge)

    @property
    def run(self):  # type: ignore[no-untyped-def]
        assert self.model.run is not None
        return self.model.run


@pytest.fixture
def stage(qapp: QCoreApplication) -> Stage:
    return Stage()


# ---------------------------------------------------------------- who is asked
def test_the_model_in_use_and_one_of_a_provider_are_chosen_first(stage: Stage) -> None:
    assert [each.choice for each in stage.model.setup.panes if each] == [LocalChoice(ModelId("q")), GPT]
    stage.model.set_number(3)
    assert stage.model.setup.panes[2].choice == CLAUDE, "another provider before another model of the same one"


def test_a_model_that_goes_away_leaves_its_pane_to_another(stage: Stage) -> None:
    stage.model.choose(1, CLAUDE)
    stage.bridge.send(happened.ProvidersListed(samples.providers()[:1], ()))
    assert stage.model.setup.panes[1].choice == GPT


def test_what_was_chosen_by_hand_stays_while_lists_come_again(stage: Stage) -> None:
    stage.model.choose(1, RemoteChoice(samples.OPENAI, "gpt-5.2-mini"))
    stage.bridge.send(happened.ProvidersListed((*reversed(samples.providers()), samples.own_server()), ()))
    stage.bridge.send(events.ModelsListed(samples.more_models()))
    assert stage.model.setup.panes[1].choice == RemoteChoice(samples.OPENAI, "gpt-5.2-mini")


def test_an_own_server_is_another_computer_too(stage: Stage) -> None:
    stage.bridge.send(happened.ProvidersListed((samples.own_server(),), ()))
    candidate = stage.model.setup.panes[1]
    assert candidate.is_remote and candidate.host == "llm.council.example" and not candidate.why_not


def test_two_panes_with_one_model_are_not_compared(stage: Stage) -> None:
    stage.model.write(QUESTION)
    stage.model.choose(1, QWEN)
    assert "different models" in stage.model.why_not_compare
    stage.model.compare()
    assert stage.bridge.wished(wishes.PrepareComparison) == []


def test_without_a_key_no_remote_model_is_chosen(stage: Stage) -> None:
    stage.bridge.send(happened.ProvidersListed(samples.providers(key="none"), ()))
    assert not stage.model.setup.can_ask_remote
    assert all(not each.is_remote for each in stage.model.setup.panes if each)
    stage.model.choose(1, GPT)
    stage.model.write(QUESTION)
    assert stage.model.why_not_compare == "Add an API key of OpenAI first"


def test_nothing_of_a_confidential_matter_can_be_put_to_another_computer(stage: Stage) -> None:
    stage.bridge.send(*samples.a_day_of_comparing(confidential=True)[5:6])
    stage.model.choose(1, GPT)
    stage.model.write(QUESTION)
    assert "confidential" in stage.model.why_not_compare
    stage.model.compare()
    assert stage.bridge.wished(wishes.PrepareComparison) == []


# ---------------------------------------------------------------- asking
def test_comparing_wishes_for_exactly_what_was_written(stage: Stage) -> None:
    stage.model.attach(samples.COMPLAINT, included=True)
    wish = stage.ask(QWEN, GPT, CLAUDE)
    assert (wish.matter, wish.text, wish.panes) == (GRIEVANCE.id, QUESTION, (QWEN, GPT, CLAUDE))
    assert (wish.documents, wish.vote_set, wish.hides, wish.is_blind) == ((samples.COMPLAINT,), SUMMARIES, True, False)
    assert stage.model.prompt.text == ""


def test_the_model_itself_never_wishes_for_sending(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    stage.model.vote_for(0)
    stage.model.next()
    assert stage.bridge.wished(wishes.SendComparison) == []


def test_remote_answers_wait_and_local_ones_begin(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    stage.bridge.send(happened.PaneGrew(wish.request, 0, "Dated "), happened.PaneGrew(wish.request, 0, "12 September."))
    assert [pane.stage for pane in stage.run.panes] == ["writing", "unsent"]
    assert stage.run.panes[0].text == "Dated 12 September."
    assert [pane.number for pane in stage.run.unsent] == [1] and stage.run.approved is None and stage.run.n_hidden == 6


def test_an_approved_answer_says_when_it_was_approved(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    assert stage.run.approved is None
    stage.bridge.send(samples.started(wish, 1, "sending"))
    assert stage.run.approved is not None and not stage.run.unsent


def test_a_pane_that_starts_again_forgets_what_it_had_shown(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), happened.PaneGrew(wish.request, 0, "Old"))
    stage.bridge.send(samples.started(wish, 0), happened.PaneGrew(wish.request, 0, "New"))
    assert stage.run.panes[0].text == "New"


def test_a_prompt_that_could_not_be_prepared_comes_back(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.model.write("never mind")
    stage.bridge.send(happened.ComparisonRefused(wish.request, MatterConfidential("Grievance 2291")))
    assert stage.model.run is None
    assert stage.model.prompt.text == f"{QUESTION}\nnever mind"
    assert stage.model.refusal is not None and stage.model.refusal.kind == "matter_confidential"


def test_a_later_refusal_leaves_the_comparison_as_it_was(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), happened.ComparisonRefused(wish.request, KeyRefused("OpenAI", "h", 401)))
    assert stage.run.refusal is not None and len(stage.run.unsent) == 1


def test_stopping_and_trying_again_name_the_pane(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0))
    stage.model.stop(stage.run.panes[0])
    stage.model.stop()
    stage.bridge.send(*samples.ended(wish, samples.failed(1, GPT)))
    stage.model.try_again(stage.run.panes[1])
    assert stage.bridge.wishes[-3:] == [
        wishes.StopPane(wish.request, 0),
        wishes.StopPane(wish.request, None),
        wishes.TryPaneAgain(wish.request, 1),
    ]
    stage.bridge.send(samples.prepared(wish))
    assert stage.run.panes[1].stage == "unsent" and stage.run.panes[1].answer is None


def test_leaving_closes_the_comparison_and_editing_brings_the_words_back(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.model.edit()
    assert stage.bridge.wishes[-1] == wishes.CloseComparison(wish.request)
    assert stage.model.run is None and stage.model.prompt.text == QUESTION
    stage.bridge.send(samples.prepared(wish))
    assert stage.model.run is None, "what is said of a closed comparison changes nothing"


def test_another_matter_has_comparisons_of_its_own(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(events.MatterOpened(HARLOW, documents(), ()))
    assert stage.model.run is None
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), happened.PaneGrew(wish.request, 0, "Meanwhile"))
    stage.bridge.send(events.MatterOpened(GRIEVANCE, (samples.complaint(),), ()))
    assert stage.run.panes[0].text == "Meanwhile"
    assert stage.bridge.wished(wishes.CloseComparison) == []


def test_a_comparison_without_a_matter_stays_when_one_is_made_for_it(qapp: QCoreApplication) -> None:
    bridge = RecordingBridge()
    model = CompareModel(bridge)
    bridge.send(events.ModelsListed(samples.more_models()))
    model.write(QUESTION)
    model.compare()
    wish = samples.last_wish(bridge)
    assert wish.matter is None
    new = samples.prepared(wish)
    from dataclasses import replace

    matter = replace(GRIEVANCE, id=new.preview.matter)
    bridge.send(events.MatterOpened(matter, (), ()), new)
    assert model.run is not None and model.run.request == wish.request


# ---------------------------------------------------------------- names hidden
def test_blind_answers_are_shown_only_when_all_are_there_and_in_the_engines_order(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, CLAUDE, blind=True)
    assert wish.is_blind
    stage.bridge.send(samples.prepared(wish, order=(2, 0, 1)), *(samples.started(wish, at) for at in range(3)))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "A"), samples.answer(1, GPT, "B")))
    assert stage.run.names_hidden and not stage.run.shows_answers
    stage.bridge.send(*samples.ended(wish, samples.claude_answer(2)))
    assert stage.run.shows_answers and [pane.number for pane in stage.run.in_order] == [2, 0, 1]
    assert all("Qwen" not in words and "gpt" not in words for words in stage.announced)


def test_an_order_that_is_none_is_not_used(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, blind=True)
    stage.bridge.send(samples.prepared(wish, order=(0, 0)))
    assert stage.run.order == (0, 1)


def test_a_blind_vote_names_the_pane_and_says_how_it_was_cast(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, CLAUDE, blind=True)
    samples.everything_answered(stage.bridge, order=(2, 0, 1))
    stage.model.recognise(True)
    stage.model.vote_for(0)
    expected = wishes.CastVote(
        GRIEVANCE.id, ComparisonId(f"c-{wish.request}"), SUMMARIES, "best", 2, (2, 0, 1), is_blind=True, recognised=True
    )
    assert stage.bridge.wished(wishes.CastVote) == [expected]
    assert not stage.run.names_hidden


def test_a_blind_vote_stands_once_the_names_are_seen(stage: Stage) -> None:
    stage.ask(QWEN, GPT, blind=True)
    samples.everything_answered(stage.bridge)
    stage.model.vote("all_equal")
    stage.model.vote_for(1)
    assert len(stage.bridge.wished(wishes.CastVote)) == 1 and "stands" in stage.model.why_not_vote


def test_a_vote_after_the_names_were_shown_is_not_blind(stage: Stage) -> None:
    stage.ask(QWEN, GPT, blind=True)
    samples.everything_answered(stage.bridge)
    stage.model.set_blind(False)
    assert not stage.run.names_hidden
    stage.model.vote_for(0)
    assert not stage.bridge.wished(wishes.CastVote)[0].is_blind


def test_while_names_are_hidden_the_measure_is_the_left_answer_not_the_quickest(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT, blind=True)
    samples.everything_answered(stage.bridge, order=(1, 0))
    assert stage.run.measure.number == 1
    stage.model.vote_for(0)
    assert stage.run.measure.number == 0, wish


def test_what_tells_the_model_is_masked_until_the_vote(stage: Stage) -> None:
    stage.ask(QWEN, CLAUDE, blind=True)
    samples.everything_answered(stage.bridge)
    pane = stage.run.panes[1]
    kinds = {mark.kind for mark in stage.run.marks(pane, with_differences=False)}
    assert kinds == {"masked", "restored", "placeholder"}
    stage.model.vote("none_usable")
    assert "masked" not in {mark.kind for mark in stage.run.marks(pane, with_differences=False)}


def test_the_tally_is_hidden_while_names_are(stage: Stage) -> None:
    stage.ask(QWEN, GPT, blind=True)
    assert not stage.model.shows_tally
    stage.model.set_blind(False)
    assert stage.model.shows_tally


# ---------------------------------------------------------------- voting
def test_no_vote_before_every_answer_is_finished(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), *samples.ended(wish, samples.answer(0, QWEN, "A")))
    stage.model.vote_for(0)
    assert stage.bridge.wished(wishes.CastVote) == [] and "finished" in stage.model.why_not_vote


def test_no_vote_where_an_answer_failed(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "A"), samples.failed(1, GPT)))
    stage.model.vote_for(0)
    assert stage.bridge.wished(wishes.CastVote) == [] and "Try the others again" in stage.model.why_not_vote


def test_no_vote_without_a_set(stage: Stage) -> None:
    stage.ask(QWEN, GPT, voting=False)
    samples.everything_answered(stage.bridge)
    stage.model.vote_for(0)
    assert stage.bridge.wished(wishes.CastVote) == [] and "vote set" in stage.model.why_not_vote


def test_an_open_vote_can_be_changed_but_not_cast_twice(stage: Stage) -> None:
    stage.ask(QWEN, GPT)
    samples.everything_answered(stage.bridge)
    for place in (0, 0, 1):
        stage.model.vote_for(place)
    stage.model.vote_for(3)
    assert [wish.best for wish in stage.bridge.wished(wishes.CastVote)] == [0, 1]


def test_answers_to_different_texts_are_not_fair(stage: Stage) -> None:
    wish = stage.ask(QWEN, GPT)
    stage.bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    stage.bridge.send(*samples.ended(wish, samples.answer(0, QWEN, "A"), samples.answer(1, GPT, "B", prompt_sha256="b" * 64)))
    assert not stage.run.is_fair


# ---------------------------------------------------------------- sets and prompts
def test_choosing_a_set_asks_for_its_tally_and_its_prompts(stage: Stage) -> None:
    stage.model.votes.choose(SUMMARIES)
    assert stage.bridge.wishes == [
        wishes.ShowTally(SUMMARIES),
        wishes.ListPrompts(GRIEVANCE.id, SUMMARIES),
        wishes.ListComparisons(GRIEVANCE.id),
    ]
    stage.bridge.send(happened.Tallied(samples.tally()))
    assert stage.model.votes.n_votes == 48


def test_a_new_set_is_chosen_and_a_deleted_one_no_longer(stage: Stage) -> None:
    stage.bridge.send(happened.VoteSetsListed(samples.vote_sets(), created=SUMMARIES))
    assert stage.model.votes.vote_set is not None
    stage.bridge.send(happened.VoteSetsListed(()))
    assert stage.model.votes.vote_set is None


def test_the_next_prompt_is_the_sets_next_one_and_goes_by_its_number(stage: Stage) -> None:
    stage.model.votes.choose(SUMMARIES)
    stage.bridge.send(happened.PromptsListed(GRIEVANCE.id, SUMMARIES, samples.prompts()))
    stage.model.write(samples.prompts()[0].text)
    stage.model.compare()
    assert samples.last_wish(stage.bridge).prompt == 1
    stage.model.next()
    assert stage.model.prompt.text == samples.prompts()[1].text
    stage.model.write("Something of my own")
    stage.model.compare()
    assert samples.last_wish(stage.bridge).prompt is None


def test_prompts_that_were_compared_before_are_passed_over(stage: Stage) -> None:
    stage.model.votes.choose(SUMMARIES)
    old = Comparison(ComparisonId("old"), GRIEVANCE.id, samples.NOW, "x", (), SUMMARIES, prompt=1)
    stage.bridge.send(happened.PromptsListed(GRIEVANCE.id, SUMMARIES, samples.prompts()))
    stage.bridge.send(happened.ComparisonsListed(GRIEVANCE.id, (old,)))
    assert stage.model.votes.next_prompt == Prompt(2, "Summarise complaint 2.")


# ---------------------------------------------------------------- kept ones
def test_a_kept_comparison_is_shown_and_can_be_judged_but_not_run(stage: Stage) -> None:
    stage.model.votes.choose(SUMMARIES)
    answers = (samples.answer(0, QWEN, "A"), samples.answer(1, GPT, "B"))
    old = Comparison(ComparisonId("old"), GRIEVANCE.id, samples.NOW, QUESTION, answers, SUMMARIES)
    stage.bridge.send(happened.ComparisonOpened(old))
    stage.bridge.wishes.clear()
    stage.model.stop()
    stage.model.try_again(stage.run.panes[0])
    stage.model.vote_for(1)
    assert stage.bridge.wishes == [wishes.CastVote(GRIEVANCE.id, ComparisonId("old"), SUMMARIES, "best", 1, (0, 1))]


def test_exporting_writes_the_chosen_set(stage: Stage, tmp_path: Path) -> None:
    told: list[str] = []
    stage.model.told.connect(told.append)
    stage.model.votes.choose(SUMMARIES)
    stage.model.export(tmp_path / "a.csv")
    assert stage.bridge.wishes[-1] == wishes.ExportComparisons(GRIEVANCE.id, tmp_path / "a.csv", SUMMARIES)
    stage.bridge.send(happened.ComparisonsExported(tmp_path / "a.csv"))
    assert told == ["Exported to a.csv. The file is not encrypted."]
