"""Votes are about panes, whatever place they stood at, and the newest one on a comparison counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.compare_events import Tallied, VoteSetsListed
from engine.compare_intents import CastVote, CreateVoteSet, DeleteVoteSet, JudgeSet, RenameVoteSet
from engine.compare_records import ComparisonId
from engine.errors import NotFound
from engine.events import Event
from engine.records import ModelId, RequestId
from engine.vote_records import Prompt
from engine.work.judging import contests_of, vote_of
from engine.work.vote_sets import VoteSets, model_name, vote_on
from tests.engine.work.compare_stage import LOCAL, REMOTE, a_store, comparison


async def test_a_second_vote_takes_the_place_of_the_first(tmp_path: Path) -> None:
    events: list[Event] = []
    with a_store(tmp_path) as (access, store, matter):
        sets = VoteSets(access, events.append)
        made = await sets.create(CreateVoteSet("Complaint summaries", "answer"))
        for name in ("c1", "c2"):
            store.matter(matter).comparisons.put(comparison(matter, name, made))
        await sets.vote(CastVote(matter, ComparisonId("c1"), made, "best", 1))
        await sets.vote(CastVote(matter, ComparisonId("c1"), made, "best", 0))
        await sets.vote(CastVote(matter, ComparisonId("c2"), made, "all_equal"))
    tallied = [each for each in events if isinstance(each, Tallied)]
    assert [each.comparison for each in tallied] == ["c1", "c1", "c2"]
    tally = tallied[-1].tally
    assert (tally.n_votes, tally.n_equal) == (2, 1)
    assert {each.model: each.wins for each in tally.shares} == {model_name(LOCAL): 1, model_name(REMOTE): 0}
    assert [each for each in events if isinstance(each, VoteSetsListed)][-1].sets[0].n_votes == 2


async def test_sets_are_renamed_counted_and_deleted(tmp_path: Path) -> None:
    events: list[Event] = []
    with a_store(tmp_path) as (access, store, matter):
        sets = VoteSets(access, events.append)
        made = await sets.create(CreateVoteSet("  Tickets ", "classify"))
        store.matter(matter).prompts.add(made, [Prompt(1, "Where is it?")])
        await sets.publish_list(matter)
        await sets.rename(RenameVoteSet(made, "Tickets 2026"))
        listed = [each for each in events if isinstance(each, VoteSetsListed)]
        assert listed[0].created == made and listed[0].sets[0].name == "Tickets"
        assert (listed[-1].sets[0].name, listed[-1].sets[0].n_prompts) == ("Tickets 2026", 1)
        await sets.delete(DeleteVoteSet(made))
        assert [each for each in events if isinstance(each, VoteSetsListed)][-1].sets == ()
        with pytest.raises(NotFound):
            await sets.publish_tally(made)


def test_a_vote_names_models_and_never_holds_text(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("S", "answer")
        kept = comparison(matter, vote_set=made.id)
        wish = CastVote(matter, kept.id, made.id, "best", 1, (1, 0), is_blind=True, recognised=True)
        vote = vote_on(kept, wish)
        assert vote.models == ("local:qwen3", "openai/gpt-6.1-sol") and vote.order == (1, 0) and vote.recognised
        assert vote.lengths == tuple(len(each.text) for each in kept.answers)
        assert not any(answer.text in repr(vote) for answer in kept.answers)
        assert vote_on(kept, replace(wish, is_blind=False)).recognised is False  # who sees names recognises everybody
        assert vote_on(kept, replace(wish, order=(0, 0))).order == (0, 1)
        assert vote_on(kept, replace(wish, judgement="all_equal")).best is None
        for nobody in (None, 2, -1):
            with pytest.raises(NotFound):
                vote_on(kept, replace(wish, best=nobody))


def test_votes_count_the_answers_that_were_kept_also_where_a_pane_was_never_sent(tmp_path: Path) -> None:
    with a_store(tmp_path) as (_, store, matter):
        made = store.votes.create("S", "answer")
        whole = comparison(matter, vote_set=made.id)
        local, remote = whole.answers
        kept = replace(whole, answers=(remote, replace(local, pane=2)))  # the pane between them was never sent
        store.matter(matter).comparisons.put(kept)
        store.votes.record(vote_on(kept, CastVote(matter, kept.id, made.id, "best", 1)))
        wish = JudgeSet(RequestId("r"), matter, made.id, ModelId("judge"))
        (contest,) = contests_of(store, wish)
        assert contest.by_person == "local"
        vote = vote_of(wish, contest, "local")
        assert vote.best is not None and vote.models[vote.best] == model_name(LOCAL)
