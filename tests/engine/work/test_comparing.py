"""A comparison from the wish to what is kept: nothing leaves unapproved, each approval counts once, nothing written is lost.

The models are played, the store is a real one in memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from engine.advice_records import Traits
from engine.compare_events import (
    ComparisonKept,
    ComparisonOpened,
    ComparisonPrepared,
    ComparisonRefused,
    ComparisonsListed,
    PaneEnded,
    PaneGrew,
    PaneProgress,
    PaneStarted,
)
from engine.compare_intents import ReviseHidden, SendComparison, TryPaneAgain
from engine.compare_records import LocalChoice, RemoteChoice
from engine.errors import (
    DiskFull,
    HiddenDetailLeaks,
    MatterConfidential,
    NetworkRefused,
    NotFound,
    OutcomeUnknown,
    Unexpected,
    WorkerDied,
)
from engine.events import Trouble
from engine.ledger_records import WorkloadId
from engine.provider_records import FREE, Cost, ProviderId
from engine.records import MatterId, ModelId, RequestId
from engine.work import comparing
from tests.engine.work.played_models import ACME, AT_ACME, AT_BORG, BORG, LOCAL, OTHER, Stage, settled, stage

R = RequestId("r")


def refusal(played: Stage) -> object:
    return played.of(ComparisonRefused)[-1].error


def shas(played: Stage) -> tuple[str, ...]:
    return tuple(each.sha256 for each in played.newest().receivers)


# ---------------------------------------------------------------- preparing
async def test_local_panes_begin_at_once_and_nothing_is_sent():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, AT_ACME, AT_BORG))
        assert [each.pane for each in played.of(PaneStarted)] == [0]
        assert played.sending.sent == []
        assert [(each.pane, each.host) for each in preview.receivers] == [(1, ACME.host), (2, BORG.host)]
        assert preview.receivers[0].terms == "Kept 30 days" and preview.receivers[1].is_own


async def test_what_is_shown_is_what_the_bodies_hold():
    async with stage() as played:
        preview = await played.prepared("Write to Anna Harlow.\n\nBe kind.", panes=(AT_ACME, AT_BORG))
        assert "Harlow" not in preview.text and "[Person 1]" in preview.text
        for receiver in preview.receivers:
            assert b"Harlow" not in receiver.body and b"[Person 1]" in receiver.body
        for place in preview.places:
            assert preview.text[place.start : place.end] == place.placeholder
        (detail,) = preview.details
        assert (detail.placeholder, detail.original, detail.n_times) == ("[Person 1]", "Anna Harlow", 1)


async def test_all_panes_read_the_same_words():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, OTHER, AT_ACME))
        read = [[(each.role, each.content) for each in script.about] for script in played.local.scripts]
        assert read == [[(each.role, each.text) for each in preview.messages]] * 2
        assert "Anna Harlow" not in str(read)


async def test_where_nothing_can_leave_nothing_is_hidden():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, OTHER))
        assert preview.receivers == preview.places == preview.details == ()
        assert "Anna Harlow" in played.local.scripts[0].about[-1].content


async def test_names_are_sent_as_they_are_where_that_is_wished():
    async with stage() as played:
        preview = await played.prepared(hides=False)
        assert "Anna Harlow" in preview.text and preview.leaks == ()


async def test_one_receiver_without_a_known_price_leaves_the_sum_unknown():
    async with stage() as played:
        known = await played.prepared(panes=(LOCAL, AT_ACME))
        assert known.max_cost is not None and known.max_cost > 0
        assert (await played.prepared(panes=(AT_BORG, AT_ACME))).max_cost is None


async def test_the_same_wish_gives_the_same_bytes():
    async with stage() as played:
        first = await played.prepared(panes=(AT_ACME, AT_BORG))
        again = await played.prepared(panes=(AT_ACME, AT_BORG))
        assert [each.body for each in first.receivers] == [each.body for each in again.receivers]


async def test_a_comparison_without_a_matter_starts_one():
    async with stage() as played:
        preview = await played.prepared("Compare these two letters", matter=None)
        matters = await played.access.read(lambda store: store.matters.list())
        assert {each.name for each in matters} == {"Harlow v Brent", "Comparisons"}  # no word of the prompt
        assert preview.matter in {each.id for each in matters} - {played.matter.id}


async def test_what_cannot_be_prepared_is_refused_and_nothing_runs():
    async with stage() as played:
        await played.set_confidential()
        assert await played.comparing.prepare(played.wish()) is None
        assert isinstance(refusal(played), MatterConfidential)
        assert refusal(played).facts == {"matter": "Harlow v Brent"}  # its name, as a person knows it
        assert await played.comparing.prepare(played.wish(panes=(LOCAL, RemoteChoice(ProviderId("nobody"), "x")))) is None
        assert refusal(played).facts == NotFound("provider", "nobody").facts
        assert await played.comparing.prepare(played.wish(matter=MatterId("gone"), panes=(LOCAL, OTHER))) is None
        assert refusal(played).facts == NotFound("matter", "gone").facts
        assert played.of(PaneStarted) == played.of(ComparisonPrepared) == []


async def test_confidential_work_is_compared_on_this_computer_only():
    async with stage() as played:
        tickets = await played.access.write(lambda store: store.votes.create("Tickets", "classify"))
        preview = await played.prepared(panes=(LOCAL, AT_ACME), vote_set=tickets.id)
        workload, traits = WorkloadId(tickets.id), Traits("confidential")
        await played.access.write(lambda store: store.workloads.put_traits(workload, traits))
        await played.send(preview)
        assert played.sending.sent == [] and refusal(played).facts["reason"] == "confidential"
        assert await played.comparing.prepare(played.wish(panes=(LOCAL, AT_ACME), vote_set=tickets.id)) is None
        assert await played.comparing.prepare(played.wish(panes=(LOCAL, OTHER), vote_set=tickets.id)) is not None


async def test_a_confidential_matter_is_compared_on_this_computer():
    async with stage() as played:
        await played.set_confidential()
        await played.prepared(panes=(LOCAL, OTHER))
        assert len(played.of(PaneStarted)) == 2


async def test_one_pane_is_no_comparison(caplog):
    async with stage() as played:
        assert await played.comparing.prepare(played.wish(panes=(LOCAL,))) is None
        assert isinstance(refusal(played), Unexpected)


async def test_a_wish_that_is_left_while_it_is_prepared_shows_nothing():
    async with stage() as played:
        preparing = asyncio.create_task(played.comparing.prepare(played.wish()))
        await asyncio.sleep(0)
        await played.comparing.leave(R)
        assert await preparing is None
        assert played.events == []


async def test_preparing_anew_ends_what_ran():
    async with stage() as played:
        first = await played.prepared()
        second = await played.prepared("Another question")
        assert first.comparison != second.comparison
        assert played.answer(0).stop_reason == "cancelled"
        assert len(played.of(PaneStarted)) == 2 and len(played.of(PaneEnded)) == 1


async def test_what_is_prepared_anew_waits_for_the_last_words_of_what_was_before(monkeypatch):
    monkeypatch.setattr("engine.work.panes.STOPPING_PATIENCE_S", 0.05)
    async with stage() as played:
        await played.prepared()
        played.local.chats[LOCAL.model].is_deaf = True
        await played.prepared("Another question")
        kinds = (ComparisonPrepared, PaneStarted, PaneEnded)
        told = [type(each) for each in played.events if isinstance(each, kinds)]
        assert told == [ComparisonPrepared, PaneStarted, PaneEnded, ComparisonPrepared, PaneStarted]


async def test_a_pane_that_runs_again_has_ended_before(monkeypatch):
    monkeypatch.setattr("engine.work.panes.STOPPING_PATIENCE_S", 0.05)
    async with stage() as played:
        await played.prepared("Where is Thornfield?")
        await played.comparing.revise(ReviseHidden(R, hide=("Thornfield",)))
        played.local.chats[LOCAL.model].is_deaf = True
        await played.send(played.newest())
        await played.until(PaneStarted, 3)
        words = [each for each in played.events if isinstance(each, PaneStarted | PaneEnded)]
        of_first = [each for each in words if isinstance(each, PaneEnded) or each.pane == 0]
        assert [type(each) for each in of_first] == [PaneStarted, PaneEnded, PaneStarted]


async def test_in_blind_mode_the_sides_are_chosen_and_balanced_over_votes():
    async with stage() as played:
        await played.prepared()
        assert played.newest().order == ()
        vote_set = await played.access.write(lambda store: store.votes.create("Summaries", "draft"))
        preview = await played.prepared(is_blind=True, vote_set=vote_set.id)
        assert sorted(preview.order) == [0, 1]
        assert (await played.prepared(is_blind=True, vote_set=vote_set.id)).order == preview.order
        assert len((await played.prepared(is_blind=True, panes=(LOCAL, AT_ACME, AT_BORG))).order) == 3


# ---------------------------------------------------------------- answers
async def test_an_answer_is_shown_with_the_names_and_kept_as_it_came():
    async with stage() as played:
        await played.prepared()
        script = played.local.scripts[0]
        script.read(10, 20)
        for part in ("Dear [Per", "son 1], all ", "is well."):
            script.say(part)
        script.finish()
        await played.until(ComparisonKept)
        shown = "".join(each.text for each in played.of(PaneGrew))
        answer = played.answer(0)
        assert shown == answer.text == "Dear Anna Harlow, all is well."
        assert answer.sent_back == "Dear [Person 1], all is well."
        assert [answer.text[each.start : each.end] for each in answer.restored] == ["Anna Harlow"]
        assert (answer.cost, answer.host, answer.stop_reason, answer.is_usable) == (FREE, "", "end_of_text", True)
        assert answer.tokens is not None and (answer.tokens.prompt, answer.tokens.generated) == (20, 7)
        told = [(each.stage, each.n_read) for each in played.of(PaneProgress)]
        assert told == [("reading", 0), ("reading", 10), ("writing", 0)]


async def test_what_was_approved_is_sent_as_it_was_shown_and_kept_with_its_cost():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, AT_ACME, AT_BORG))
        played.local.scripts[0].finish()
        await played.send(preview)
        assert [each for each, _ in played.sending.sent] == list(preview.receivers)
        assert {more["n_hidden"] for _, more in played.sending.sent} == {1}
        acme, borg = played.sending.scripts
        acme.think("Hm.")
        acme.say("Fine, [Person 1].")
        acme.finish()
        borg.fail(OutcomeUnknown("Borg", BORG.host, "broken_off"))
        await played.until(ComparisonKept, 3)
        kept = played.of(ComparisonKept)[-1]
        assert kept.is_done and [each.is_done for each in played.of(ComparisonKept)] == [False, False, True]
        first, second, third = kept.comparison.answers
        assert (first.pane, second.text, second.reasoning, second.answered_by) == (0, "Fine, Anna Harlow.", "Hm.", "large-2026")
        assert second.cost == Cost(1_000, "computed") and second.host == ACME.host
        assert (third.problem, third.is_usable, third.cost) == ("outcome_unknown", False, Cost(None, "unknown", 2_000))
        assert len({each.prompt_sha256 for each in kept.comparison.answers}) == 1
        assert kept.comparison.n_hidden == 1 and kept.comparison.approved is not None
        stored = await played.access.read(lambda store: store.matter(played.matter.id).comparisons.get(preview.comparison))
        assert stored == kept.comparison


async def test_where_an_answer_tells_who_wrote_it_is_marked_for_blind_comparisons():
    async with stage() as played:
        await played.prepared(panes=(LOCAL, OTHER), is_blind=True)
        played.local.scripts[0].say("As ChatGPT, an AI made by OpenAI, I would wait.")
        played.local.scripts[0].finish()
        await played.until(ComparisonKept)
        answer = played.answer(0)
        masked = [answer.text[start:end] for start, end in answer.masked]
        assert any("ChatGPT" in each for each in masked) and any("OpenAI" in each for each in masked)
        assert "wait" not in "".join(masked)


async def test_a_model_that_cannot_be_had_fails_its_pane_alone():
    async with stage() as played:
        played.local.missing[OTHER.model] = WorkerDied("chat", -9)
        await played.prepared(panes=(LOCAL, OTHER))
        assert played.answer(1).problem == "worker_died"
        played.local.scripts[0].finish()
        await played.until(ComparisonKept, 2)
        assert played.of(ComparisonKept)[-1].is_done


# ---------------------------------------------------------------- approving
async def test_a_second_click_on_send_sends_nothing():
    async with stage() as played:
        preview = await played.prepared()
        wish = SendComparison(R, shas(played))
        await asyncio.gather(played.comparing.send(wish), played.comparing.send(wish))
        await settled()
        assert len(played.sending.sent) == 1
        assert [each.error.facts for each in played.of(ComparisonRefused)] == [{"reason": "already_sent"}]
        played.sending.scripts[0].finish()
        await played.until(ComparisonKept)
        await played.send(preview)
        assert len(played.sending.sent) == 1 and refusal(played).facts == {"reason": "already_sent"}


async def test_only_exactly_what_waits_can_be_approved():
    async with stage() as played:
        await played.prepared(panes=(AT_ACME, AT_BORG))
        first, second = shas(played)
        for approved in ((), (first,), (first, first), (first, "0" * 64), (first, second, "0" * 64)):
            await played.comparing.send(SendComparison(R, approved))
            assert refusal(played).facts == {"reason": "changed"}
        await played.comparing.send(SendComparison(RequestId("another"), (first, second)))
        assert refusal(played).facts == {"reason": "nothing_waits"}
        await settled()
        assert played.sending.sent == []


async def test_with_local_panes_only_nothing_waits():
    async with stage() as played:
        await played.prepared(panes=(LOCAL, OTHER))
        await played.comparing.send(SendComparison(R, ()))
        assert refusal(played).facts == {"reason": "nothing_waits"}


async def test_a_matter_that_became_confidential_is_not_sent():
    async with stage() as played:
        preview = await played.prepared()
        await played.set_confidential()
        await played.send(preview)
        assert isinstance(refusal(played), MatterConfidential) and played.sending.sent == []
        await played.set_confidential(False)
        await played.send(preview)
        assert len(played.sending.sent) == 1, "what was prepared before still stood"


async def test_a_provider_that_has_moved_is_not_sent_what_was_approved_for_another_address():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, AT_ACME))
        played.move(ACME)
        await asyncio.gather(played.send(preview), played.send(preview))
        await played.send(preview)
        assert {each.error.facts["reason"] for each in played.of(ComparisonRefused)} <= {"changed", "nothing_waits"}
        assert played.sending.sent == [] and played.newest().receivers == ()
        assert (played.answer(1).problem, played.answer(1).host) == ("not_approved", ACME.host)
        await played.comparing.try_again(TryPaneAgain(R, 1))
        assert played.newest().hosts == ("elsewhere.example",)
        assert shas(played) == tuple(each.sha256 for each in preview.receivers), "only the address has changed"
        await played.send(played.newest())
        assert [each.host for each, _ in played.sending.sent] == ["elsewhere.example"]


async def test_an_address_that_changes_while_a_text_is_revised_needs_a_wish_of_its_own():
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        played.move(ACME)
        await played.comparing.revise(ReviseHidden(R))
        await played.send(preview)
        assert refusal(played).facts == {"reason": "changed"} and played.sending.sent == []
        await played.send(played.newest())
        assert [each.host for each, _ in played.sending.sent] == [BORG.host]


async def test_an_approval_that_comes_while_it_is_prepared_counts_for_nothing():
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        anew = asyncio.create_task(played.comparing.prepare(played.wish(panes=(AT_ACME, AT_BORG))))
        await asyncio.sleep(0)
        await played.send(preview)
        await anew
        await settled()
        assert refusal(played).facts == {"reason": "nothing_waits"} and played.sending.sent == []


async def test_two_panes_with_the_same_text_are_approved_one_by_one():
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_ACME))
        await played.comparing.send(SendComparison(R, (preview.receivers[0].sha256,)))
        assert refusal(played).facts == {"reason": "changed"} and played.sending.sent == []
        await played.send(preview)
        assert len(played.sending.sent) == 2


async def test_a_provider_that_was_removed_is_not_sent_to():
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        del played.providers.kept[BORG.id]
        await played.send(preview)
        assert refusal(played).facts == {"reason": "changed"} and played.sending.sent == []
        assert played.newest().hosts == (ACME.host,)
        assert played.answer(1).problem_facts == {"what": "provider", "name": "borg"}
        await played.send(played.newest())
        assert [each.host for each, _ in played.sending.sent] == [ACME.host]


async def test_what_another_comparison_of_the_matter_hides_changes_this_one():
    async with stage() as played:
        preview = await played.prepared("Where is Thornfield?")
        await played.comparing.tables.learned(played.matter.id, [], [("Thornfield", "term")])
        await played.send(preview)
        assert refusal(played).facts == {"reason": "changed"} and played.sending.sent == []
        assert "Thornfield" not in played.newest().text


async def test_nothing_that_leaks_is_sent(monkeypatch):
    async with stage() as played:
        monkeypatch.setattr("engine.work.previewing.hidden", lambda messages, table: (tuple(messages), ()))
        assert (await played.prepared()).leaks
        await played.send(played.newest())
        error = refusal(played)
        assert isinstance(error, HiddenDetailLeaks) and error.n_leaks >= 1 and "Harlow" not in str(error)
        assert played.sending.sent == []


# ---------------------------------------------------------------- revising
async def test_what_is_hidden_later_is_hidden_in_what_is_sent_and_local_panes_read_it_again():
    async with stage() as played:
        first = await played.prepared("Where is Thornfield?")
        await played.comparing.revise(ReviseHidden(R, hide=("Thornfield",)))
        second = played.newest()
        assert "Thornfield" in first.text and "Thornfield" not in second.text
        await played.send(first)
        assert refusal(played).facts == {"reason": "changed"}, "only the newest can be approved"
        played.local.scripts[0].say("It is in")
        await settled()
        await played.send(second)
        assert b"Thornfield" not in played.sending.sent[0][0].body
        assert [each.pane for each in played.of(PaneStarted)] == [0, 1, 0]
        assert "Thornfield" not in str(played.local.scripts[1].about)
        for script in (*played.local.scripts[1:], *played.sending.scripts):
            script.say("In the north.")
            script.finish()
        await played.until(ComparisonKept, 2)
        kept = played.of(ComparisonKept)[-1].comparison
        assert [each.text for each in kept.answers] == ["In the north."] * 2
        assert len({each.prompt_sha256 for each in kept.answers}) == 1
        details = await played.access.read(lambda store: store.matter(played.matter.id).hidden.list())
        assert [each.original for each in details if each.is_own] == ["Thornfield"], "it is remembered for the matter"


async def test_a_local_pane_that_has_read_what_is_sent_does_not_run_again():
    async with stage() as played:
        preview = await played.prepared()
        played.local.scripts[0].finish()
        await settled()
        await played.send(preview)
        assert [each.pane for each in played.of(PaneStarted)] == [0, 1]


async def test_what_was_left_while_a_pane_waited_to_begin_again_begins_nothing():
    async with stage() as played:
        await played.prepared()
        played.local.scripts[0].finish()
        await played.until(ComparisonKept, 1)
        (opened,) = played.comparing._open.values()
        async with opened.turn:  # something else is being done with it
            again = asyncio.create_task(played.comparing.try_again(TryPaneAgain(R, 0)))
            await settled()
            await played.comparing.leave(R)
        await again
        await settled()
        assert len(played.of(PaneStarted)) == 1


async def test_a_model_that_is_about_to_be_closed_ends_its_answer_and_no_other():
    async with stage() as played:
        preview = await played.prepared()
        await played.send(preview)
        await settled()
        played.local.scripts[0].say("Half of")
        await settled()
        await played.comparing.stop_local(ModelId("another"))
        assert played.of(PaneEnded) == []
        await played.comparing.stop_local(LOCAL.model)
        (ended,) = played.of(PaneEnded)
        assert (ended.answer.text, ended.answer.stop_reason, ended.answer.problem) == ("Half of", "cancelled", None)
        played.sending.scripts[0].say("All of it.")
        played.sending.scripts[0].finish()
        await played.until(ComparisonKept, 2)
        assert played.answer(1).is_usable


async def test_a_detail_can_be_let_seen_and_hidden_again():
    async with stage() as played:
        await played.prepared()
        await played.comparing.revise(ReviseHidden(R, show=("[Person 1]",)))
        shown = played.newest()
        assert "Anna Harlow" in shown.text and shown.leaks == ()
        assert [(each.is_hidden, each.n_times) for each in shown.details] == [(False, 1)]
        await played.comparing.revise(ReviseHidden(R, hide_again=("[Person 1]",)))
        assert "Anna Harlow" not in played.newest().text


async def test_nothing_can_be_revised_once_it_was_sent():
    async with stage() as played:
        await played.send(await played.prepared())
        assert await played.comparing.revise(ReviseHidden(R, hide=("Thornfield",))) is None
        assert refusal(played).facts == {"reason": "nothing_waits"}
        assert await played.comparing.revise(ReviseHidden(RequestId("another"))) is None
        assert refusal(played).facts == {"reason": "nothing_waits"}


async def test_own_terms_are_hidden_in_every_comparison():
    async with stage() as played:
        played.settings = played.settings.model_copy(update={"own_hidden_terms": ("Thornfield",)})
        preview = await played.prepared("Where is Thornfield?")
        assert "Thornfield" not in preview.text
        assert [each.original for each in preview.details] == ["Thornfield"]


# ---------------------------------------------------------------- trying again
async def test_a_failed_remote_pane_waits_for_a_new_approval():
    async with stage() as played:
        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        await played.send(preview)
        acme, borg = played.sending.scripts
        acme.finish()
        borg.fail(NetworkRefused("compare", BORG.host, "offline"))
        await played.until(ComparisonKept, 2)
        await played.comparing.try_again(TryPaneAgain(R, 1))
        shown = played.newest()
        assert [each.pane for each in shown.receivers] == [1] and len(played.sending.sent) == 2
        await played.send(preview)
        assert refusal(played).facts == {"reason": "changed"} and len(played.sending.sent) == 2
        await played.send(shown)
        played.sending.scripts[2].say("Now.")
        played.sending.scripts[2].finish()
        await played.until(ComparisonKept, 3)
        assert played.answer(1).text == "Now." and played.of(ComparisonKept)[-1].is_done
        assert played.sending.sent[2][0].sha256 == played.sending.sent[1][0].sha256


async def test_a_failed_local_pane_begins_again_at_once():
    async with stage() as played:
        await played.prepared()
        played.local.scripts[0].fail(WorkerDied("chat", -9))
        await settled()
        await played.comparing.try_again(TryPaneAgain(R, 0))
        await settled()
        assert [each.pane for each in played.of(PaneStarted)] == [0, 0]
        played.local.scripts[1].say("Now.")
        played.local.scripts[1].finish()
        await played.until(ComparisonKept, 2)
        assert played.answer(0).text == "Now."


async def test_a_pane_that_runs_or_waits_is_not_tried_again():
    async with stage() as played:
        await played.prepared()
        for pane in (0, 1, 7):
            await played.comparing.try_again(TryPaneAgain(R, pane))
        await settled()
        assert len(played.of(PaneStarted)) == 1 and len(played.of(ComparisonPrepared)) == 1
        await played.comparing.try_again(TryPaneAgain(RequestId("another"), 0))
        assert refusal(played).facts == {"reason": "nothing_waits"}


# ---------------------------------------------------------------- stopping, leaving, losing the store
async def test_stopping_one_answer_keeps_it_and_lets_the_others_write():
    async with stage() as played:
        await played.send(await played.prepared(panes=(LOCAL, AT_ACME, AT_BORG)))
        for script in (*played.local.scripts, *played.sending.scripts):
            script.say("Some words")
        await settled()
        played.comparing.stop(R, 1)
        await played.until(ComparisonKept)
        assert (played.answer(1).text, played.answer(1).stop_reason) == ("Some words", "cancelled")
        assert played.answer(1).cost == Cost(700, "estimated", 2_000), "what was used of it is known"
        assert len(played.of(PaneEnded)) == 1
        played.comparing.stop(R)
        await played.until(ComparisonKept, 3)
        assert {each.answer.stop_reason for each in played.of(PaneEnded)} == {"cancelled"}
        assert played.of(ComparisonKept)[-1].is_done


async def test_a_pane_is_stopped_while_its_model_is_loading():
    async with stage() as played:
        played.local.is_loading.clear()
        await played.prepared()
        played.comparing.stop(R, 0)
        await played.until(ComparisonKept)
        assert (played.answer(0).stop_reason, played.answer(0).problem) == ("cancelled", None)


async def test_a_stop_right_after_send_sends_nothing():
    async with stage() as played:
        preview = await played.prepared()
        await played.comparing.send(SendComparison(R, tuple(each.sha256 for each in preview.receivers)))
        played.comparing.stop(R, 1)
        await settled()
        assert played.sending.sent == []
        assert played.answer(1).stop_reason == "cancelled"


async def test_a_model_that_is_deaf_to_stopping_is_left(monkeypatch):
    monkeypatch.setattr("engine.work.panes.STOPPING_PATIENCE_S", 0.01)
    async with stage() as played:
        await played.prepared()
        played.local.scripts[0].say("Some words")
        await settled()
        played.local.chats[ModelId("starter")].is_deaf = True
        played.comparing.stop(R)
        await played.until(ComparisonKept)
        assert (played.answer(0).text, played.answer(0).stop_reason) == ("Some words", "cancelled")


async def test_what_waits_is_dropped_when_the_comparison_is_left():
    async with stage() as played:
        preview = await played.prepared()
        played.local.scripts[0].say("Some words")
        await settled()
        await played.comparing.leave(R)
        await played.until(ComparisonKept)
        kept = played.of(ComparisonKept)[-1]
        assert kept.is_done and [each.text for each in kept.comparison.answers] == ["Some words"]
        await played.send(preview)
        assert refusal(played).facts == {"reason": "nothing_waits"} and played.sending.sent == []


async def test_leaving_while_it_is_being_sent_sends_nothing():
    async with stage() as played:
        preview = await played.prepared()
        sending = asyncio.create_task(played.comparing.send(SendComparison(R, tuple(each.sha256 for each in preview.receivers))))
        await asyncio.sleep(0)
        await played.comparing.leave(R)
        await sending
        assert played.sending.sent == [] and refusal(played).facts == {"reason": "nothing_waits"}


async def test_leaving_at_the_last_moment_sends_nothing(monkeypatch):
    async with stage() as played:
        real = comparing.allowed_matter

        async def and_leave(*of: Any) -> Any:
            await played.comparing.leave(R)
            return await real(*of)

        preview = await played.prepared(panes=(AT_ACME, AT_BORG))
        monkeypatch.setattr(comparing, "allowed_matter", and_leave)
        await played.send(preview)
        assert played.sending.sent == [] and refusal(played).facts == {"reason": "nothing_waits"}


async def test_an_answer_that_cannot_be_kept_is_shown_all_the_same():
    async with stage() as played:
        await played.prepared(panes=(LOCAL, OTHER))
        played.access.is_full = True
        played.local.scripts[0].say("Some words")
        played.local.scripts[0].finish()
        await played.until(Trouble)
        assert played.answer(0).text == "Some words"
        assert isinstance(played.of(Trouble)[0].error, DiskFull) and played.of(ComparisonKept) == []
        played.access.is_full = False
        played.local.scripts[1].finish()
        await played.until(ComparisonKept)
        assert [each.text for each in played.of(ComparisonKept)[0].comparison.answers] == ["Some words", ""]


async def test_nothing_is_prepared_that_could_not_be_numbered_again():
    async with stage() as played:
        played.access.is_full = True
        assert await played.comparing.prepare(played.wish()) is None
        assert isinstance(refusal(played), DiskFull)


async def test_a_matter_that_is_deleted_ends_its_comparisons_and_no_others():
    async with stage() as played:
        other = await played.access.write(lambda store: store.matters.create("Another"))
        await played.prepared(panes=(LOCAL, OTHER))
        elsewhere = replace(played.wish(matter=other.id, panes=(LOCAL, OTHER)), request=RequestId("elsewhere"))
        await played.comparing.prepare(elsewhere)
        await settled()
        await played.comparing.end(played.matter.id)
        assert {each.request for each in played.of(PaneEnded)} == {"r"} and len(played.of(PaneEnded)) == 2
        await played.access.write(lambda store: store.matters.delete(played.matter.id))
        assert await played.comparing.revise(ReviseHidden(R)) is None


async def test_an_answer_of_a_matter_that_is_gone_is_not_kept_and_is_no_fault():
    async with stage() as played:
        await played.prepared(panes=(LOCAL, OTHER))
        await played.access.write(lambda store: store.matters.delete(played.matter.id))
        for script in played.local.scripts:
            script.finish()
        await played.until(PaneEnded, 2)
        await played.comparing.end()
        assert played.of(Trouble) == played.of(ComparisonKept) == []


async def test_the_end_of_the_program_keeps_what_was_written():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, AT_ACME, AT_BORG))
        await played.send(preview)
        for script in (*played.local.scripts, *played.sending.scripts):
            script.say("Some words")
        await settled()
        await played.comparing.end()
        stored = await played.access.read(lambda store: store.matter(played.matter.id).comparisons.get(preview.comparison))
        assert [each.text for each in stored.answers] == ["Some words"] * 3
        assert len(played.of(PaneEnded)) == 3


async def test_the_end_does_not_wait_for_ever_and_still_keeps_what_was_written(monkeypatch):
    monkeypatch.setattr("engine.work.comparison_runs.ENDING_PATIENCE_S", 0.05)
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, OTHER))
        for chat in played.local.chats.values():
            chat.is_deaf = True
        played.local.scripts[0].say("Some words")
        await settled()
        await played.comparing.end()
        assert len(played.of(PaneEnded)) == 2
        stored = await played.access.read(lambda store: store.matter(played.matter.id).comparisons.get(preview.comparison))
        assert stored.answers[0].text == "Some words"


async def test_a_lock_that_closes_ends_remote_panes_alone():
    async with stage() as played:
        await played.send(await played.prepared())
        played.sending.scripts[0].say("Some")
        played.sending.scripts[0].fail(NetworkRefused("compare", ACME.host, "offline"))
        await played.until(ComparisonKept)
        assert (played.answer(1).text, played.answer(1).problem) == ("Some", "network_refused")
        assert len(played.of(PaneEnded)) == 1


async def test_sending_of_a_matter_can_be_stopped_without_its_local_panes():
    async with stage() as played:
        await played.send(await played.prepared())
        played.comparing.stop_sending(played.matter.id)
        await played.until(ComparisonKept)
        assert [each.answer.pane for each in played.of(PaneEnded)] == [1]


# ---------------------------------------------------------------- what was kept
async def test_comparisons_are_listed_opened_and_deleted():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, OTHER))
        for script in played.local.scripts:
            script.finish()
        await played.until(ComparisonKept, 2)
        await played.comparing.publish_list(played.matter.id)
        assert [each.id for each in played.of(ComparisonsListed)[-1].comparisons] == [preview.comparison]
        await played.comparing.show(played.matter.id, preview.comparison)
        assert played.of(ComparisonOpened)[-1].comparison == played.of(ComparisonKept)[-1].comparison
        await played.comparing.delete(played.matter.id, preview.comparison)
        assert played.of(ComparisonsListed)[-1].comparisons == ()


async def test_a_comparison_that_is_deleted_while_it_runs_stays_deleted():
    async with stage() as played:
        preview = await played.prepared(panes=(LOCAL, LocalChoice(ModelId("other"))))
        played.local.scripts[0].finish()
        await played.until(ComparisonKept)
        await played.comparing.delete(played.matter.id, preview.comparison)
        await played.until(PaneEnded, 2)
        await played.comparing.end()
        await played.comparing.publish_list(played.matter.id)
        assert played.of(ComparisonsListed)[-1].comparisons == ()
