"""Wishes about comparing, through the whole engine: a real local model, a provider of both dialects on loopback, the store."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.compare_events import (
    ComparisonKept,
    ComparisonOpened,
    ComparisonPrepared,
    ComparisonRefused,
    ComparisonsExported,
    ComparisonsListed,
    EvaluationFailed,
    EvaluationFinished,
    EvaluationPrepared,
    EvaluationsListed,
    PaneEnded,
    PaneGrew,
    PaneStarted,
    PromptsListed,
    ProviderChecked,
    ProvidersListed,
    Tallied,
    VoteSetsListed,
)
from engine.compare_intents import (
    CastVote,
    CheckProvider,
    CreateVoteSet,
    ExportComparisons,
    ImportPrompts,
    JudgeSet,
    KeepProvider,
    ListComparisons,
    ListProviders,
    MarkConfidential,
    OpenComparison,
    PrepareComparison,
    PrepareEvaluation,
    ReviseHidden,
    RunEvaluation,
    SendComparison,
    ShowEvaluations,
    ShowTally,
    StopPane,
)
from engine.compare_records import Comparison, LocalChoice, PaneAnswer, Preview, RemoteChoice, VoteSetId
from engine.events import MattersChanged, SettingsChanged, Trouble
from engine.intents import ChangeSettings, DeleteMatter
from engine.model_events import ConnectionsListed, NetworkChanged
from engine.model_intents import CloseNetwork, ListConnections
from engine.provider_records import ProviderId
from engine.providers.presets import own_server
from engine.records import MatterId, ModelId, RequestId
from tests.engine.listening import Listening
from tests.loopback_provider import LoopbackProvider

LETTER = "Ms Anna Harlow of 12 Mill Lane, Leeds LS6 2AB wants her deposit back. What would you answer?"
STARTER = LocalChoice(ModelId("SmolLM2-135M-Instruct.Q4_1"))
ACME, BORG = (RemoteChoice(ProviderId(each), "test-large") for each in ("acme", "borg"))
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProvider]:
    with LoopbackProvider() as server:
        yield server


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory, server: LoopbackProvider, starter_model: Path, embedding_model: Path
) -> Iterator[Listening]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no keyring: the user decides
        listening = Listening(tmp_path_factory.mktemp("compare") / "profile")
        listening.unlock()
        settings = listening.of(SettingsChanged)[-1].settings.model_copy(update={"max_answer_tokens": 16})
        listening.submit(ChangeSettings(settings))
        for name, dialect in (("Acme", "openai"), ("Borg", "anthropic")):
            provider = own_server(name, server.url_for(dialect), ["test-large"], dialect=dialect, needs_key=False)  # type: ignore[arg-type]
            listening.submit(KeepProvider(provider))
            listening.wait(ProvidersListed, lambda event, n=name: n in {each.name for each in event.providers})
        yield listening
        listening.close()


@pytest.fixture(autouse=True)
def behaved(server: LoopbackProvider) -> Iterator[None]:
    server.posts.clear()
    server.answer_with = lambda asked: (
        f"Dear {asked['messages'][-1]['content'].split(' of ')[0]}, yes. Kind regards from me to you."
    )
    yield
    server.may_go_on.set()


def new() -> RequestId:
    return RequestId(f"r{next(NUMBERS)}")


def prepared(engine: Listening, *panes: LocalChoice | RemoteChoice, text: str = LETTER, **more: object) -> Preview:
    """What would be sent; the matter is a new one where none is named."""
    request = new()
    engine.submit(PrepareComparison(request, more.pop("matter", None), text, panes, **more))  # type: ignore[arg-type]
    return engine.wait(ComparisonPrepared, lambda event: event.preview.request == request).preview


def approve(engine: Listening, preview: Preview) -> None:
    engine.submit(SendComparison(preview.request, tuple(each.sha256 for each in preview.receivers)))


def kept(engine: Listening, preview: Preview) -> Comparison:
    return engine.wait(ComparisonKept, lambda event: event.request == preview.request and event.is_done).comparison


def ended(engine: Listening, preview: Preview, pane: int) -> PaneAnswer:
    return engine.wait(PaneEnded, lambda event: event.request == preview.request and event.answer.pane == pane).answer


def refusal(engine: Listening, request: RequestId, after: int) -> str:
    return engine.wait(ComparisonRefused, lambda event: event.request == request, after=after).error.kind


# ---------------------------------------------------------------- one comparison
def test_two_providers_and_this_computer_answer_at_once_after_exactly_that_was_approved(
    engine: Listening, server: LoopbackProvider
) -> None:
    preview = prepared(engine, STARTER, ACME, BORG)
    assert ended(engine, preview, 0).text and server.posts == [], "the local model waits for nobody"
    assert not {"Harlow", "LS6"} & set(preview.text.replace(",", " ").split()) and len(preview.receivers) == 2
    approve(engine, preview)
    comparison = kept(engine, preview)
    assert sorted(post.body for post in server.posts) == sorted(each.body for each in preview.receivers)
    assert [each.pane for each in comparison.answers] == [0, 1, 2] and comparison.n_hidden >= 2
    for answer in comparison.answers[1:]:
        assert "Anna Harlow" in answer.text and "Harlow" not in answer.sent_back and answer.problem is None
        grown = [event.text for event in engine.of(PaneGrew) if (event.request, event.pane) == (preview.request, answer.pane)]
        assert "".join(grown) == answer.text
    assert len({each.prompt_sha256 for each in comparison.answers}) == 1, "all have read the same words"
    n_ended = [event.answer.pane for event in engine.of(PaneEnded) if event.request == preview.request]
    assert sorted(n_ended) == [0, 1, 2]
    assert engine.of(NetworkChanged)[-1].state.is_closed, "the lock closed behind it"
    after = len(engine.events)
    approve(engine, preview)
    assert refusal(engine, preview.request, after) == "not_approved" and len(server.posts) == 2
    engine.submit(OpenComparison(comparison.matter, comparison.id))
    assert engine.wait(ComparisonOpened).comparison == comparison
    engine.submit(ListConnections())
    sent = [each for each in engine.wait(ConnectionsListed, after=after).connections if each.purpose == "compare"]
    assert {each.outcome for each in sent} == {"done"} and not any("Harlow" in each.about for each in sent)


def test_what_is_revised_must_be_approved_anew(engine: Listening, server: LoopbackProvider) -> None:
    preview = prepared(engine, ACME, BORG)
    (address,) = [each.placeholder for each in preview.details if each.kind == "address"]
    after = len(engine.events)
    engine.submit(ReviseHidden(preview.request, hide=("deposit",), show=(address,)))
    revised = engine.wait(ComparisonPrepared, after=after).preview
    assert "deposit" not in revised.text and "LS6 2AB" in revised.text
    approve(engine, preview)
    assert refusal(engine, preview.request, after) == "not_approved" and server.posts == []
    approve(engine, revised)
    kept(engine, revised)
    assert {post.body for post in server.posts} == {each.body for each in revised.receivers}


def test_one_answer_is_stopped_and_the_other_comes_to_its_end(engine: Listening, server: LoopbackProvider) -> None:
    server.may_go_on.clear()
    preview = prepared(engine, ACME, BORG)
    approve(engine, preview)
    engine.wait(PaneGrew, lambda event: (event.request, event.pane) == (preview.request, 0))
    engine.submit(StopPane(preview.request, 0))
    stopped = ended(engine, preview, 0)
    assert stopped.stop_reason == "cancelled" and stopped.cost is not None
    server.may_go_on.set()
    assert ended(engine, preview, 1).stop_reason == "end_of_text"
    assert len(kept(engine, preview).answers) == 2


def test_closing_the_lock_ends_what_is_being_sent_and_says_so(engine: Listening, server: LoopbackProvider) -> None:
    server.may_go_on.clear()
    preview = prepared(engine, ACME, BORG)
    approve(engine, preview)
    for pane in (0, 1):
        engine.wait(PaneGrew, lambda event, p=pane: (event.request, event.pane) == (preview.request, p))
    engine.submit(CloseNetwork())
    answers = kept(engine, preview).answers
    assert [each.problem for each in answers] == ["outcome_unknown"] * 2, "it has left: that cannot be taken back"
    assert all(each.text for each in answers) and len(server.posts) == 2
    assert engine.of(NetworkChanged)[-1].state.is_closed


def test_a_matter_that_becomes_confidential_sends_nothing_any_more(engine: Listening, server: LoopbackProvider) -> None:
    server.may_go_on.clear()
    running = prepared(engine, ACME, BORG)
    assert running.matter is not None
    approve(engine, running)
    engine.wait(PaneGrew, lambda event: event.request == running.request)
    waiting = prepared(engine, ACME, BORG, matter=running.matter)
    after = len(engine.events)
    engine.submit(MarkConfidential(running.matter, True))
    marked = engine.wait(MattersChanged, after=after).matters
    assert [each.is_confidential for each in marked if each.id == running.matter] == [True]
    assert {each.stop_reason for each in kept(engine, running).answers} <= {"cancelled", None}
    approve(engine, waiting)
    assert refusal(engine, waiting.request, after) == "matter_confidential"
    engine.submit(PrepareComparison(request := new(), running.matter, LETTER, (STARTER, ACME)))
    assert refusal(engine, request, after) == "matter_confidential" and len(server.posts) == 2


def test_a_provider_is_tested_without_a_text(engine: Listening, server: LoopbackProvider) -> None:
    engine.submit(CheckProvider(request := new(), ACME.provider))
    checked = engine.wait(ProviderChecked, lambda event: event.request == request)
    assert checked.check is not None and checked.check.models == server.models and server.posts == []
    engine.submit(ListProviders())
    assert engine.wait(ProvidersListed).presets


# ---------------------------------------------------------------- a set, from its prompts to its results
@pytest.fixture(scope="module")
def vote_set(engine: Listening) -> VoteSetId:
    engine.submit(CreateVoteSet("Tickets", "classify"))
    made = engine.wait(VoteSetsListed, lambda event: event.created is not None).created
    assert made is not None
    return made


def test_a_set_is_filled_run_voted_on_judged_and_exported(
    engine: Listening, server: LoopbackProvider, vote_set: VoteSetId, tmp_path: Path
) -> None:
    matter = prepared(engine, ACME, BORG).matter
    assert matter is not None
    file = tmp_path / "tickets.csv"
    file.write_text("prompt,expected\nMr Peter Brent asks: is it an invoice?,yes\nIs it a letter?,no\n", encoding="utf-8")
    engine.submit(ImportPrompts(matter, vote_set, file))
    assert [each.expected for each in engine.wait(PromptsListed).prompts] == ["yes", "no"]
    engine.submit(PrepareEvaluation(request := new(), matter, vote_set, STARTER.model, ACME, "labels"))
    batch = engine.wait(EvaluationPrepared)
    assert server.posts == [] and b"Brent" not in batch.receivers[0].body
    server.answer_with = lambda asked: "yes" if "invoice" in asked["messages"][-1]["content"] else "no"
    engine.submit(RunEvaluation(request, "0" * 64))
    assert engine.wait(EvaluationFailed).error.kind == "not_approved" and server.posts == []
    for _ in range(2):  # pressed twice
        engine.submit(RunEvaluation(request, batch.sha256))
    finished = engine.wait(EvaluationFinished).evaluation
    assert (finished.n, finished.remote) == (2, "acme/test-large") and finished.table[0] + finished.table[2] == 2
    assert [post.body for post in server.posts] == [each.body for each in batch.receivers]
    engine.submit(ShowEvaluations(vote_set))
    listed = engine.wait(EvaluationsListed).evaluations
    assert [(each.n, each.table) for each in listed] == [(2, finished.table)]
    _voted(engine, matter, vote_set)
    _judged(engine, matter, vote_set)
    _exported(engine, matter, vote_set, tmp_path)


def _voted(engine: Listening, matter: MatterId, vote_set: VoteSetId) -> None:
    engine.submit(ListComparisons(matter))
    comparisons = engine.wait(ComparisonsListed, lambda event: event.matter == matter).comparisons
    pairs = [each for each in comparisons if each.vote_set == vote_set]
    assert sorted(each.prompt or 0 for each in pairs) == [1, 2]
    for pair in pairs:
        engine.submit(CastVote(matter, pair.id, vote_set, "best", 1, order=(1, 0), is_blind=True))
        tally = engine.wait(Tallied, lambda event, p=pair: event.comparison == p.id).tally
    assert (tally.n_votes, {each.model: each.wins for each in tally.shares}["acme/test-large"]) == (2, 2)
    engine.submit(ShowTally(vote_set))


def _judged(engine: Listening, matter: MatterId, vote_set: VoteSetId) -> None:
    engine.submit(JudgeSet(new(), matter, vote_set, STARTER.model))
    assert engine.wait(EvaluationFailed, lambda event: event.error.kind == "judge_unfit").error.facts["reason"] == "contestant"


def _exported(engine: Listening, matter: MatterId, vote_set: VoteSetId, folder: Path) -> None:
    for ending in ("csv", "json", "md"):
        file = folder / f"out.{ending}"
        engine.submit(ExportComparisons(matter, file, vote_set))
        engine.wait(ComparisonsExported, lambda event, f=file: event.file == f)
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))
    with (folder / "out.csv").open(newline="", encoding="utf-8-sig") as stream:
        assert len(list(csv.reader(stream))) > 2
    assert "is it an invoice?" in (folder / "out.md").read_text(encoding="utf-8")


def test_a_matter_that_is_deleted_takes_its_comparisons_along_and_ends_what_runs(
    engine: Listening, server: LoopbackProvider
) -> None:
    server.may_go_on.clear()
    running = prepared(engine, ACME, BORG)
    matter = running.matter
    assert matter is not None
    approve(engine, running)
    for pane in (0, 1):  # else one of them may be ended before it was sent
        engine.wait(PaneGrew, lambda event, n=pane: (event.request, event.pane) == (running.request, n))
    after = len(engine.events)
    engine.submit(DeleteMatter(matter))
    engine.wait(MattersChanged, lambda event: matter not in {each.id for each in event.matters}, after=after)
    assert {ended(engine, running, pane).stop_reason for pane in (0, 1)} <= {"cancelled", None}
    engine.submit(ListComparisons(matter))
    assert engine.wait(Trouble, after=after).error.kind == "not_found"
    assert not [each for each in engine.of(PaneStarted) if each.request == running.request and each.host == ""]
    assert len(server.posts) == 2
